"""What a tab remembers comes back as it went, and nothing else comes with it."""

from __future__ import annotations

import json
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.explore.state.page_address import mark, query
from sim.explore.state.page_settings import Settings, unchanged
from sim.explore.state.tab_memory import STEPS, Recollection, recall, to_remember
from sim.explore.state.undo_history import LONGEST, History
from sim.scenario.loading.scenario_loader import load_scenario
from tests.examples import examples
from tests.explore.conftest import SCENARIOS
from tests.explore.settings_at_random import settings_of

BASE = load_scenario(SCENARIOS.parent / "tests" / "study" / "data" / "small.yaml")
START = unchanged(BASE)
address = partial(query, BASE)


def step(rapport: float) -> Settings:
    """Settings that differ in one number."""
    return START.put(["rapport"], rapport)


def remembered(history: History, pinned: tuple[Settings, int] | None = None, run: int = 0) -> str:
    """What a tab remembers."""
    return to_remember(BASE, address, history, pinned, run)


@settings(max_examples=examples(5), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(settings_of(BASE), max_size=3), st.lists(settings_of(BASE), max_size=2), settings_of(BASE))
def test_steps_pin_and_run_come_back(past, future, pinned):
    text = remembered(History(START, tuple(past), tuple(future)), (pinned, 800), 17)
    there = recall(BASE, text, "", START)
    assert there == Recollection(tuple(past), tuple(future), pinned, 800, 17, 0)


def test_a_link_that_was_followed_is_a_step_of_its_own():
    text = remembered(History(step(0.2), (step(0.1),), (step(0.3),)))
    there = recall(BASE, text, address(step(0.2)), step(0.4))
    assert (there.past, there.future) == ((step(0.1), step(0.2)), ())


def test_the_newest_steps_are_kept():
    many = tuple(step(n / 1000) for n in range(STEPS + 5))
    there = recall(BASE, remembered(History(START, many, many)), "", START)
    assert (there.past, there.future) == (many[5:], many[5:])


def test_what_is_of_another_scenario_is_lost_and_counted():
    text = remembered(History(START, (step(0.1), step(0.2)), (step(0.3),)), (step(0.4), 300))
    other = BASE.model_copy(update={"title": "Another", "rounds": type(BASE.rounds)(13)})
    assert recall(other, text, "", unchanged(other)) == Recollection(lost=4)


def test_an_empty_memory_loses_nothing():
    other = BASE.model_copy(update={"rounds": type(BASE.rounds)(13)})
    assert recall(other, remembered(History(START)), "", unchanged(other)).lost == 0


def test_settings_that_cannot_be_are_left_out_and_counted():
    tab = {
        "of": mark(BASE),
        "past": ["rapport=0.1", "rapport=7", "x"],
        "future": ["mediator=eu"],
        "pinned": "of=000000",
    }
    there = recall(BASE, json.dumps(tab), "", START)
    assert there == Recollection(past=(step(0.1),), lost=4)


UNREADABLE = [
    *("", "null", "[]", "{", '{"of": 3}', '{"past": ["x"], "more": 1}', '{"past": "abc"}', '{"run": -1}'),
    *('{"runs": 0}', '{"runs": 1e9}', f'{{"runs": {"9" * 5_000}}}', "[" * 200_000),
    *(
        f'{{"past": {json.dumps([""] * (STEPS + 1))}}}',
        f'{{"past": ["{"a" * 6_001}"]}}',
        f'{{"past": ["{"a" * 300_000}"]}}',
    ),
]


@pytest.mark.parametrize("text", UNREADABLE, ids=range(len(UNREADABLE)))
def test_whatever_stands_there_is_read_or_lost(text):
    assert recall(BASE, text, None, START) == Recollection(lost=1)


class TestStepsThatCameBack:
    def test_they_stand_before_what_was_done_since(self):
        done = History(START).put(step(0.5))
        back = done.with_steps((step(0.1),), (step(0.9),))
        assert (back.past, back.future) == ((step(0.1), START), ())

    def test_redo_comes_back_where_nothing_was_done(self):
        back = History(START).with_steps((step(0.1),), (step(0.9),))
        assert back.redo().present == step(0.9)
        assert back.undo().present == step(0.1)

    def test_there_are_never_too_many(self):
        many = tuple(step(n / 1000) for n in range(LONGEST))
        assert len(History(START, many).with_steps(many, ()).past) == LONGEST
