from __future__ import annotations

import numpy as np
import pytest

from sim.negotiation.model import Negotiation
from sim.scenario.loading.assignment import assign
from sim.scenario.loading.scenario_loader import scenario_from_data
from sim.scenario.model.parameters import parameters, resolved
from sim.scenario.model.schema import Scenario
from sim.study.design.scenario_ablations import ablations, without

ALL = {
    "parties.*.contact_aversion": 1,
    "parties.*.devaluation": 0.05,
    "mediator.style": "manipulation",
    "mediator.convening": 0.3,
    "mediator.bias.first": 0.2,
    "mediator.leverage": 0.1,
    "guarantors.us": 0.3,
    "implementation.penalty": 0.1,
}


@pytest.fixture
def full(small: Scenario) -> Scenario:
    """A scenario in which every channel is open and every tool in use."""
    return assign(small, ALL)


def names(case: Scenario) -> list[str]:
    return [ablation.name for ablation in ablations(case)]


def settled(case: Scenario) -> np.ndarray:
    negotiation = Negotiation(case, 400)
    negotiation.run_model()
    return negotiation.outcomes()["outcome"] == "settlement"


KNOWN = {"mediator.caucus": 0.5, "implementation.monitoring": 0.01}
"""What the small negotiation has none of."""


def test_everything_that_is_open_or_in_use_can_be_left_out(full: Scenario) -> None:
    channels = ["nobody-kept-apart", "authors-alike", "betrayal-costless", "trust-unmoved"]
    tools = ["no-messages", "no-convening", "no-texts", "no-caucus", "no-leverage", "no-bias", "no-guarantee"]
    assert names(assign(full, KNOWN)) == channels + tools


def test_what_is_not_in_use_is_not_offered(small: Scenario) -> None:
    assert names(small) == ["betrayal-costless", "trust-unmoved", "no-messages", "no-texts"]
    assert names(assign(small, {"mediator": None})) == ["betrayal-costless", "trust-unmoved"]
    idle = {"mediator.style": "facilitation", "mediator.bias.first": 0.2, "mediator.leverage": 0.1}
    assert names(assign(small, idle)) == ["betrayal-costless", "trust-unmoved", "no-messages"]


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        ("nobody-kept-apart", "parties.second.contact_aversion", 0),
        ("authors-alike", "parties.second.devaluation", 0),
        ("betrayal-costless", "parties.second.betrayal_loss", 0),
        ("trust-unmoved", "parties.second.trust_gain", 0),
        ("trust-unmoved", "implementation.monitoring", 0),
        ("no-messages", "mediator.shuttle", 0),
        ("no-convening", "mediator.convening", 0),
        ("no-texts", "mediator.style", "facilitation"),
        ("no-caucus", "mediator.caucus", 0),
        ("no-leverage", "mediator.leverage.second", 0),
        ("no-bias", "mediator.bias.first", 0),
        ("no-guarantee", "guarantors.us", 0),
    ],
)
def test_each_changes_its_own_and_nothing_else(full: Scenario, name: str, path: str, value: object) -> None:
    full = assign(full, KNOWN)
    (ablation,) = (each for each in ablations(full) if each.name == name)
    before, after = parameters(full), parameters(without(full, ablation))
    assert before[path].value != value
    assert after[path].value == value
    last = {key.split(".")[-1] for key in before if before[key].value != after[key].value}
    others = {
        "nobody-kept-apart": {"contact_aversion"},
        "trust-unmoved": {"trust_gain", "monitoring"},
        "no-leverage": {"first", "second"},
    }
    assert last == others.get(name, {path.split(".")[-1]})
    assert name not in names(without(full, ablation))


def test_without_a_price_of_betrayal_distrust_does_not_matter(small: Scenario) -> None:
    (ablation,) = (each for each in ablations(small) if each.name == "betrayal-costless")
    frozen = {"sharpness": 1e9, "parties.*.trust_gain": 0, "parties.*.impatience": 0}
    priced, trusting = (assign(small, {**frozen, "distrust": distrust}) for distrust in (0.9, 0.0))
    np.testing.assert_array_equal(settled(without(priced, ablation)), settled(without(trusting, ablation)))
    assert settled(priced).sum() < settled(trusting).sum()


def test_events_that_open_a_channel_again_are_closed_as_well(small: Scenario) -> None:
    signal = {"round": 2, "signal": {"by": "first", "likelihood": 0.5}}
    again = {"round": 3, "set": {"parties.*.contact_aversion": 2}}
    case = scenario_from_data({**resolved(small), "events": [signal, again]})
    found = {ablation.name: ablation for ablation in ablations(case)}
    assert set(found["nobody-kept-apart"].values) == {
        f"events.1.set.parties.{p}.contact_aversion" for p in ("first", "second")
    }
    assert found["trust-unmoved"].values["events.0.signal.likelihood"] == 1


def test_a_tool_counts_that_an_event_puts_into_use(small: Scenario) -> None:
    """Texts are out of use at first and come with a later style; leverage is out of use throughout."""
    later = {"round": 3, "set": {"mediator.style": "formulation"}}
    data = resolved(assign(small, {"mediator.style": "facilitation", "mediator.leverage": 0.1}))
    case = scenario_from_data({**data, "events": [later]})
    before = names(case)
    for_good = scenario_from_data({**data, "events": [{"round": 3, "set": {"mediator.style": "manipulation"}}]})
    assert ("no-texts" in before, "no-leverage" in before) == (True, False)
    assert {"no-texts", "no-leverage"} <= set(names(for_good))
