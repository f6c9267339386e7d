"""Time: a watch that changes nothing before it ends, each party's pace, deadlines, and talks that are overtaken."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.negotiation.model import Negotiation
from sim.scenario.model.parameters import parameters
from tests.examples import examples
from tests.negotiation.cases import FULL, PIE, assert_same, outcomes, scenario

pytestmark = pytest.mark.quick

MANY = 4000
ENDLESS = {key: value for key, value in FULL.items() if key != "deadline"}
"""The full case without a deadline."""


@pytest.fixture(scope="module")
def longest():
    return outcomes(scenario({**ENDLESS, "rounds": 80}), 300)


@given(rounds=st.integers(1, 79))
@settings(max_examples=examples(12), deadline=None)
def test_what_happens_by_a_week_is_the_same_however_long_the_talks_are_watched(longest, rounds):
    """Every column of a run that ends within the shorter watch, what becomes of its settlement included."""
    shorter = outcomes(scenario({**ENDLESS, "rounds": rounds}), 300)
    ended = longest["round"] <= rounds
    ended &= ~((longest["round"] == rounds) & (longest["outcome"] == "open"))
    assert ended.any()
    assert_same({name: column[ended] for name, column in shorter.items()},
                {name: column[ended] for name, column in longest.items()})  # fmt: skip
    assert set(shorter["outcome"][~ended]) <= {"open"}
    assert set(shorter["round"][~ended]) <= {rounds}


@pytest.mark.parametrize("rounds", [5, 30])
def test_beliefs_and_the_mediators_stay_are_the_same_too(rounds):
    short, long = (Negotiation(scenario({**ENDLESS, "rounds": watch}), 200) for watch in (30, 80))
    for _ in range(rounds):
        short.step()
        long.step()
    still = np.flatnonzero(short.record.columns["round"] == 0)
    if rounds < 30:
        assert (short.record.columns["round"] == long.record.columns["round"]).all()
        assert still.size
        assert_same(
            {f"{h}.{o}": short.learners[h].distrust[o] for h, o in short.pairs},
            {f"{h}.{o}": long.learners[h].distrust[o] for h, o in long.pairs},
        )
    assert (short.record.columns["mediator_left"] == long.record.columns["mediator_left"]).all()


def test_talks_that_outlast_the_watch_are_open():
    found = outcomes(scenario({**PIE, "deadline": 9, "parties": stubborn()}, rounds=8, deadline=9), 20)
    assert set(found["outcome"]) == {"open"}
    assert set(found["round"]) == {8}


@pytest.mark.parametrize(("deadline", "ends"), [(3, 3), (8, 8), (5.2, 6)])
def test_a_deadline_that_passes_is_an_impasse_in_its_week(deadline, ends):
    found = outcomes(scenario({**PIE, "parties": stubborn()}, rounds=8, deadline=deadline), 20)
    assert set(found["outcome"]) == {"impasse"}
    assert set(found["round"]) == {ends}


def stubborn():
    """The parties of the pie, each asking for more than there is."""
    return {name: {**party, "precondition": 2.0} for name, party in PIE["parties"].items()}


def test_a_deadline_that_is_a_range_ends_each_run_in_its_own_week():
    found = outcomes(scenario({**PIE, "parties": stubborn()}, rounds=40, deadline={"range": [2, 20]}), 300)
    assert set(found["outcome"]) == {"impasse"}
    assert set(found["round"]) == set(range(3, 21))


def test_nobody_plans_beyond_a_deadline():
    """With a pace of 100 weeks and a deadline at 10 the talks are those of a pace of 10, weeks after it apart."""
    slow, quick = (outcomes(scenario(ENDLESS, deadline=10, **{"parties.*.pace": pace}), 200) for pace in (100.0, 10.0))
    assert_same(slow, quick)


@pytest.mark.parametrize("rounds", [30, 60])
@pytest.mark.parametrize("pace", [10, 20, 29])
def test_nobody_settles_before_the_pace_allows_it_whatever_is_watched(pace, rounds):
    """Linear concessions close the pie's zone of .4 when φ_a + φ_b ≥ 1/.7: r = .3 each, φ ≥ .714 of the pace.

    What a party asks is q = r + .7·(1 − φ); the other offers 1 − q. An offer is accepted once 2·q ≤ 1.
    """
    need = 1 - 0.2 / 0.7
    case = scenario(PIE, rounds=rounds, deadline=10_000, mediator=None, **{"parties.*.concession": 1.0},
                    **{"parties.*.pace": pace, "parties.*.devaluation": 0.0})  # fmt: skip
    found = outcomes(case, 20)
    assert set(found["outcome"]) == {"settlement"}
    assert found["round"].min() == math.ceil(need * pace)


def test_the_default_pace_is_the_deadlines_or_a_year():
    assert parameters(scenario(PIE, deadline=8))["parties.a.pace"].value == 8
    assert parameters(scenario(PIE, deadline={"range": [4, 30]}))["parties.a.pace"].value == 30
    assert parameters(scenario(PIE, rounds=7, deadline=None))["parties.a.pace"].value == 52
    assert not parameters(scenario(PIE))["parties.a.pace"].given


def test_being_overtaken_has_a_constant_chance_a_week_among_runs_still_going():
    case = scenario({**PIE, "parties": stubborn()}, rounds=5, deadline=1000, overtaken=0.1)
    found = outcomes(case, MANY)
    for week in range(1, 6):
        share = 0.1 * 0.9 ** (week - 1)
        happened = (found["outcome"] == "overtaken") & (found["round"] == week)
        assert abs(happened.mean() - share) < 4 * math.sqrt(share * (1 - share) / MANY)
    assert set(found["outcome"]) == {"overtaken", "open"}
    assert set(found["by"]) == {""}


def test_a_walkout_in_the_same_week_wins_and_a_settlement_before_it():
    surely = {"overtaken": 1.0, "rounds": 8}
    assert set(outcomes(scenario(PIE, **surely), 20)["outcome"]) == {"settlement"}
    greedy = {"parties.*.impatience": 1e9, "parties.*.concession": 0.1, "mediator": None}
    found = outcomes(scenario(PIE, **surely, **greedy), 50)
    assert set(found["outcome"]) == {"walkout"}
    assert set(found["round"]) == {1}


def test_an_event_after_the_watch_is_no_error_and_not_reached():
    later = {**PIE, "events": [{"round": 9, "set": {"distrust": 1.0}}]}
    assert_same(outcomes(scenario(later), 30), outcomes(scenario(PIE), 30))
