"""The engine against the same rules written a second time, as an ordinary scalar model, on the same luck."""

from __future__ import annotations

from pathlib import Path

import pytest
from second_opinion import compare

from sim.scenario.loading.scenario_loader import load_scenario

SCENARIOS = sorted((Path(__file__).parents[1] / "scenarios").glob("*.yaml"))


CORNER = {
    "distrust.russia.ukraine": 1.0,
    "distrust.ukraine.russia": 0.6,
    "distrust.*.us": 0.2,
    "mediator.leverage.russia": 0.4,
    "mediator.leverage.ukraine": 0.02,
    "parties.*.trust_loss": 0.5,
    "parties.*.trust_gain": 0.0,
    "parties.*.concession": 0.6,
}
"""Somebody is certain to be betrayed, and pressed to sign all the same."""


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_two_implementations_of_the_rules_agree_run_by_run(path):
    opinions = compare(load_scenario(path), runs=40)
    assert opinions.runs == 40
    assert not opinions.differing


def test_they_agree_where_nothing_is_worth_signing_without_pressure():
    opinions = compare(load_scenario(SCENARIOS[0].parent / "imposed-conditions.yaml", CORNER), runs=100)
    assert opinions.runs == 100
    assert not opinions.differing
