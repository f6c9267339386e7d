"""One run watched from within: the same run as in the ensemble, and as in the narrative."""

from __future__ import annotations

import re

import numpy as np
import pytest

from sim.negotiation.inspection.single_run import Witness, watch
from sim.negotiation.inspection.theoretical_predictions import analyse
from sim.output.tables.run_narrative import narrate_run
from sim.scenario.loading.assignment import assign, central
from sim.scenario.model.schema import Scenario
from tests.negotiation.cases import FULL, PIE, assert_same, outcomes, scenario


@pytest.fixture(scope="module")
def full() -> Scenario:
    """Every mechanism of the model at work."""
    return scenario(FULL)


@pytest.mark.parametrize("run", range(12))
@pytest.mark.parametrize("name", ["small", "full"])
def test_it_is_the_run_of_the_ensemble(name: str, run: int, request: pytest.FixtureRequest) -> None:
    case: Scenario = request.getfixturevalue(name)
    row = {column: values[run : run + 1] for column, values in outcomes(case, 12).items()}
    story = watch(case, run)
    assert_same({column: np.array([value], dtype=row[column].dtype) for column, value in story.ending.items()}, row)
    if story.ending["outcome"] == "settlement":
        last = story.tabled[-1]
        assert (last.week, last.author) == (story.ending["round"], story.ending["by"])
        assert {f"utility.{name}": worth for name, worth in last.worth.items()} == {
            column: value for column, value in story.ending.items() if column.startswith("utility.")
        }


@pytest.mark.parametrize("run", range(6))
def test_it_is_the_run_that_is_told(full: Scenario, run: int) -> None:
    story = watch(full, run)
    told = [
        (int(week), author)
        for week, author in re.findall(r"^Week (\d+)\. .*?(\w+) tabled", "\n".join(narrate_run(full, run)), re.M)
    ]
    assert told == [(text.week, text.author) for text in story.tabled]
    ending = {
        "settlement": "All have accepted: a settlement.",
        "walkout": "walked out.",
        "impasse": "The deadline passed without an agreement.",
        "overtaken": "Events overtook the talks",
    }
    assert [outcome for outcome, words in ending.items() if any(words in line for line in narrate_run(full, run))] == [
        story.ending["outcome"]
    ]


def test_weeks_go_up_and_end_with_the_run(full: Scenario) -> None:
    for run in range(8):
        story = watch(full, run)
        weeks = [text.week for text in story.tabled]
        assert weeks == sorted(set(weeks))
        assert not weeks or 1 <= weeks[0] <= weeks[-1] <= story.ending["round"]
        assert all(0 <= worth <= 1 for text in story.tabled for worth in text.worth.values())


def test_floors_are_those_of_theory_in_the_first_week(small: Scenario) -> None:
    """In a first week in which nothing has moved distrust yet, and with nothing left to chance."""
    middle = central(small)
    story = watch(middle, 0)
    theory = analyse(middle).floors
    assert story.opening == pytest.approx({name: np.inf if floor is None else floor for name, floor in theory.items()})


def test_in_the_textbook_nobody_signs_below_its_floor() -> None:
    """R = (m − D·s)/(1 − D) = .3/(1 − D), with s = 0 and the distrust of the pie, which nothing moves."""
    wary = assign(scenario(PIE), {"distrust": 0.2, "distrust.*.m": 0.0})
    for run in range(10):
        story = watch(wary, run)
        assert story.opening == story.closing == pytest.approx({"a": 0.375, "b": 0.375})
        assert story.ending["outcome"] == "settlement"
        assert all(worth >= 0.375 - 1e-9 for worth in story.tabled[-1].worth.values())


def test_a_floor_that_nothing_reaches_is_infinite() -> None:
    certain = assign(scenario(PIE), {"distrust": 1.0})
    assert set(watch(certain, 0).opening.values()) == {np.inf}
    assert watch(certain, 0).tabled == []


def test_tastes_are_those_of_the_run(small: Scenario) -> None:
    wide = assign(small, {"parties.first.aims.land": {"range": [0.1, 0.3]}, "parties.first.salience.land": 2})
    found = [watch(wide, run) for run in range(5)]
    assert len({story.aims["first"][0] for story in found}) == 5
    assert all(0.1 <= story.aims["first"][0] <= 0.3 for story in found)
    assert found[0].salience["first"] == pytest.approx([2 / 2.3, 0.3 / 2.3])  # issues by name: land, money


def test_what_moved_distrust_is_kept_apart(full: Scenario) -> None:
    """The world moves it by hostile acts and signals, the talks by offers and meeting."""
    witness = Witness(full, 0)
    seen = set()
    while witness.running:
        before = witness.beliefs
        witness.step()
        assert witness.before == before
        assert witness.by_talks == witness.beliefs
        seen |= {"world"} if witness.by_world != before else set()
        seen |= {"talks"} if witness.by_talks != witness.by_world else set()
    assert seen == {"world", "talks"}
