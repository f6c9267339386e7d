"""Outcomes: all five occur, and what is said to be impossible does not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.negotiation.run_outcomes import OUTCOMES, possible_outcomes
from tests.examples import examples
from tests.negotiation.cases import FULL, outcomes, scenario

pytestmark = pytest.mark.quick

EVERY_WAY = {**FULL, "rounds": 20, "deadline": {"range": [12, 30]}, "overtaken": 0.02}
"""The full case, watched until some deadlines have passed and others have not."""


def test_runs_can_end_in_all_five_ways() -> None:
    found = outcomes(scenario(EVERY_WAY), 400)
    assert set(found["outcome"]) == set(OUTCOMES) == set(possible_outcomes(scenario(EVERY_WAY)))
    assert set(found["by"][(found["outcome"] == "impasse") | (found["outcome"] == "open")]) == {""}


@given(
    rounds=st.integers(1, 25),
    deadline=st.sampled_from([None, 1, 7, 7.5, 20, 25, {"range": [5, 9]}, {"range": [18, 40]}]),
    overtaken=st.sampled_from([0.0, 0.1]),
)
@settings(max_examples=examples(12), deadline=None)
def test_what_is_said_to_be_impossible_never_happens(rounds, deadline, overtaken) -> None:
    data = {key: value for key, value in FULL.items() if key != "deadline"}
    case = scenario(data | {"rounds": rounds, "overtaken": overtaken} | ({"deadline": deadline} if deadline else {}))
    possible = possible_outcomes(case)
    assert set(outcomes(case, 60)["outcome"]) <= set(possible)
    assert [outcome for outcome in OUTCOMES if outcome in possible] == list(possible)


@pytest.mark.parametrize(
    ("changes", "lacking"),
    [
        ({"deadline": 20}, {"open"}),
        ({"deadline": 21}, {"impasse"}),
        ({"deadline": None}, {"impasse"}),
        ({"overtaken": 0.0}, {"overtaken"}),
        ({"deadline": {"range": [19, 21]}}, set()),
    ],
)
def test_outcomes_that_a_scenario_cannot_have(changes, lacking) -> None:
    assert set(OUTCOMES) - set(possible_outcomes(scenario(EVERY_WAY, **changes))) == lacking


def test_design_points_have_the_outcomes_that_any_of_them_has() -> None:
    by_deadline, endless = (scenario(EVERY_WAY, deadline=deadline) for deadline in (10, None))
    assert set(possible_outcomes(by_deadline, endless)) == set(OUTCOMES)
