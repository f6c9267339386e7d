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


EVERYTHING = {
    "overtaken": 0.01,
    "mediator.caucus": 0.7,
    "mediator.misjudgement": 0.08,
    "mediator.leverage.*": 0.11,
    "mediator.leverage_decay": 0.013,
    "implementation.front": 0.6,
    "implementation.violations": 0.7,
    "implementation.monitoring": 0.012,
    "implementation.periods": 90,
    "incidents.rate.*": 0.12,
    "incidents.severity": 0.4,
    "battlefield.volatility": 0.011,
    "parties.russia.front": 1,
    "parties.ukraine.front": -1,
    "parties.russia.pace": 23,
    "parties.ukraine.pace": 71,
}
"""Every rule of time, of what the mediator knows and of peace is in play."""

CONFUSED = {
    "mediator.misjudgement": 0.4,
    "mediator.caucus": 0.2,
    "parties.*.pace": 3,
    "sharpness": 900,
    "distrust": 0.7,
    "parties.*.trust_gain": 0.02,
}
"""The mediator is often wrong and has little else to say: it would repeat itself."""

HOPELESS = {
    "distrust": 0.97,
    "parties.*.precondition": 0.13,
    "parties.*.impatience": 2,
    "sharpness": 4,
    "deadline": 33.5,
    "rounds": 40,
}
"""Even their ideals are worth too little: they declare, answer and slip."""

DESPERATE = {
    "distrust": 1,
    "mediator.leverage.*": 0.4,
    "parties.*.betrayal_loss": 0,
    "parties.*.precondition": 0,
    "distrust.*.us": 0.1,
}
"""Betrayal is certain and costs nothing, and pressure makes any terms good enough to sign."""


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_two_implementations_of_the_rules_agree_run_by_run(path):
    opinions = compare(load_scenario(path), runs=40)
    assert opinions.runs == 40
    assert not opinions.differing


def test_they_agree_where_nothing_is_worth_signing_without_pressure():
    opinions = compare(load_scenario(SCENARIOS[0].parent / "imposed-conditions.yaml", CORNER), runs=100)
    assert opinions.runs == 100
    assert not opinions.differing


@pytest.mark.parametrize("settings", [EVERYTHING, CONFUSED, HOPELESS], ids=["everything", "confused", "hopeless"])
@pytest.mark.parametrize("name", ["baseline", "imposed-conditions", "linear-loss", "violations-in-peace"])
def test_they_agree_where_time_knowledge_and_peace_matter(name, settings):
    opinions = compare(load_scenario(SCENARIOS[0].parent / f"{name}.yaml", settings), runs=40)
    assert not opinions.differing


def test_they_agree_where_betrayal_is_certain_and_costs_nothing():
    opinions = compare(load_scenario(SCENARIOS[0].parent / "imposed-conditions.yaml", DESPERATE), runs=100)
    assert not opinions.differing
