"""What is called without effect changes no run, bit for bit; what changes no run is called so."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.scenario.advice.idle_parameters import Idle, idle_events, idle_parameters
from sim.scenario.advice.possible_values import Possible
from sim.scenario.errors import ScenarioError
from sim.scenario.loading.assignment import assign
from sim.scenario.loading.scenario_loader import scenario_from_data
from sim.scenario.model.key_tree import matches
from sim.scenario.model.parameters import parameters
from sim.scenario.model.schema import Scenario
from tests.examples import examples
from tests.negotiation.cases import assert_same, outcomes
from tests.negotiation.test_every_parameter import full, put

RUNS = 40

LEVELS = {
    "mediator.bias": (-0.5, 0.7),
    "front": (-1, 1),
    "concession": (0.3, 3.0),
    "salience": (0.4, 5.0),
    "battlefield.drift": (-0.01, 0.02),
    "battlefield.volatility": (0.01, 0.05),
    "leverage_decay": (0.1, 2.0),
}
"""Values to try of numbers that are no shares, by a part of their paths; of all others .3 and 1."""


def others(path: str) -> tuple[float, ...]:
    """Values to try in place of a parameter's own."""
    return next((levels for part, levels in LEVELS.items() if part in path), (0.3, 1.0))


def same(here: dict[str, np.ndarray], there: dict[str, np.ndarray], recorded: bool) -> bool:
    """Whether all runs are the same, but for what is written down of beliefs and of the mediator's leaving."""
    told = [name for name in here if not (recorded and name.startswith(("distrust.", "mediator_left")))]
    try:
        assert_same(here, there, told)
    except AssertionError:
        return False
    return True


def changed(case: Scenario, path: str) -> Iterator[Scenario]:
    """The scenario with a parameter at other values, as far as they are allowed."""
    for value in others(path):
        try:
            yield assign(case, {path: value})
        except ScenarioError:
            continue


def without_event(case: Scenario, number: int) -> Scenario:
    """The scenario without what is left of an event's effect: it sets, says and does nothing."""
    events = tuple(event for place, event in enumerate(case.events) if place != number)
    return case.model_copy(update={"events": events})


def assert_idle(case: Scenario, idle: Idle, before: dict[str, np.ndarray]) -> None:
    """Assert that a parameter has no effect at any of several values, or an event none at all."""
    keys = idle.path.split(".")
    tried = [without_event(case, int(keys[1]))] if keys[0] == "events" else changed(case, idle.path)
    for other in tried:
        assert same(before, outcomes(other, RUNS), idle.recorded), f"{idle.path}: {idle.why}"


share = st.sampled_from([0.0, 0.0, 0.0, 0.2, 0.6, 1.0])
amount = st.sampled_from([0.0, 0.0, 0.0, 0.05, 0.4])


@st.composite
def cases(draw: st.DrawFn) -> Scenario:
    """Scenarios in which much is switched off."""
    names = draw(st.sampled_from([("north", "south"), ("east", "north", "south")]))
    issues = draw(st.sampled_from([("land",), ("land", "trade")]))
    holders = ["third", *names]
    data: dict[str, Any] = {
        "rounds": draw(st.sampled_from([1, 2, 7])),
        "deadline": draw(st.sampled_from([1, 4, 7, 7, 12])),
        "overtaken": draw(st.sampled_from([0.0, 0.1])),
        "loss": draw(st.sampled_from(["linear", "quadratic"])),
        "issues": {issue: {} for issue in issues},
        "parties": {name: draw(profiles(issues)) for name in names},
        "distrust": {
            holder: {other: draw(share) for other in (*names, "third", "league") if other != holder} for holder in names
        },
        "rapport": draw(share),
        "incidents": {
            "rate": {name: draw(st.sampled_from([0.0, 0.0, 0.3])) for name in names},
            "severity": draw(share),
        },
        "battlefield": {"drift": draw(st.sampled_from([0.0, 0.01])), "volatility": draw(st.sampled_from([0.0, 0.02]))},
        "guarantors": draw(st.sampled_from([{}, {"league": 0.0}, {"league": 0.4}, {"league": 1.0}, {"third": 0.3}])),
        "implementation": {
            "periods": 20,
            "penalty": draw(amount),
            "front": draw(share),
            "violations": draw(share),
            "monitoring": draw(amount),
        },
        "events": [draw(events(names, data_rounds)) for data_rounds in draw(st.lists(st.just(1), max_size=2))],
        "seed": draw(st.integers(0, 5)),
    }
    if draw(st.booleans()):
        data["mediator"] = draw(mediators(names, issues))
        data["distrust"]["third"] = {name: draw(share) for name in names}
    known = {"third"} if "mediator" in data else set()
    known |= set(data["guarantors"])
    for holder in holders[1:]:
        row = data["distrust"][holder]
        data["distrust"][holder] = {o: d for o, d in row.items() if o in names or o in known}
    return scenario_from_data(data)


@st.composite
def profiles(draw: st.DrawFn, issues: tuple[str, ...]) -> dict[str, Any]:
    """A party."""
    return {
        "aims": {issue: draw(st.sampled_from([0.0, 0.3, 1.0])) for issue in issues},
        "salience": {issue: draw(st.sampled_from([1.0, 3.0])) for issue in issues},
        "reservation": draw(st.sampled_from([0.0, 0.3, 0.5])),
        "betrayal_loss": draw(amount),
        "concession": draw(st.sampled_from([0.5, 1.0, 4.0, 1e6])),
        "pace": draw(st.sampled_from([1, 5, 30])),
        **{key: draw(amount) for key in ("precondition", "devaluation", "war_cost")},
        **{key: draw(share) for key in ("contact_aversion", "trust_gain", "trust_loss", "impatience")},
        "front": draw(st.sampled_from([0, 0, 1, -1])),
        "reliability": draw(st.sampled_from([1.0, 1.0, 0.9])),
    }


@st.composite
def mediators(draw: st.DrawFn, names: tuple[str, ...], issues: tuple[str, ...]) -> dict[str, Any]:
    """A mediator."""
    return {
        "name": "third",
        "style": draw(st.sampled_from(["facilitation", "formulation", "manipulation"])),
        "shuttle": draw(share),
        "convening": draw(share),
        "bias": {name: draw(st.sampled_from([0.0, 0.3])) for name in names},
        "leverage": {name: draw(amount) for name in names},
        "leverage_decay": draw(amount),
        "aims": dict.fromkeys(issues, 0.5),
        "salience": dict.fromkeys(issues, 1.0),
        "stake": draw(amount),
        "misjudgement": draw(amount),
        **{key: draw(share) for key in ("trust_gain", "trust_loss", "impatience", "caucus")},
    }


@st.composite
def events(draw: st.DrawFn, names: tuple[str, ...], round_: int) -> dict[str, Any]:
    """An event in the first round."""
    by = draw(st.sampled_from(names))
    act = draw(
        st.sampled_from(
            [
                {"signal": {"by": by, "likelihood": draw(st.sampled_from([0.5, 1.0]))}},
                {"incident": {"by": by, "severity": draw(share)}},
                {"set": {f"parties.{by}.trust_gain": draw(share)}},
                {"set": {f"parties.{by}.concession": 2.0}},
            ]
        )
    )
    return {"round": round_, **act}


@settings(
    max_examples=examples(4), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(cases())
def test_what_is_called_without_effect_changes_no_run(case: Scenario) -> None:
    world = Possible([case])
    before = outcomes(case, RUNS)
    for idle in idle_parameters(world):
        if idle.path in parameters(case):
            assert_idle(case, idle, before)
    for idle in idle_events(world):
        if not case.events[int(idle.path.split(".")[1])].set:
            assert_idle(case, idle, before)


OFF: dict[str, dict[str, Any]] = {
    "no leverage": {"mediator.style": "formulation"},
    "no texts": {"mediator.style": "facilitation"},
    "no leverage at all": {"mediator.leverage.north": 0, "mediator.leverage.south": 0},
    "no stake": {"mediator.stake": 0},
    "patience": {"mediator.impatience": 0},
    "no aversion": {"parties.north.contact_aversion": 0, "parties.south.contact_aversion": 0},
    "no front": {"parties.north.front": 0, "parties.south.front": 0},
    "no battlefield": {"battlefield.drift": 0, "battlefield.volatility": 0},
    "nobody resents": {f"{who}.trust_loss": 0 for who in ("parties.north", "parties.south", "mediator")},
    "only the mediator resents": {
        "parties.north.trust_loss": 0,
        "parties.south.trust_loss": 0,
        "mediator.impatience": 0,
    },
    "nobody gains trust": {f"{who}.trust_gain": 0 for who in ("parties.north", "parties.south", "mediator")},
    "no incidents": {"incidents.rate.north": 0, "incidents.rate.south": 0},
    "mild incidents": {"incidents.severity": 0},
    "no guarantees": {"guarantors.league": 0, "implementation.penalty": 0},
    "one round": {"rounds": 1},
    "a pace of a week": {"parties.north.pace": 1, "parties.south.pace": 1},
    "neither channel nor convening": {"mediator.shuttle": 0, "mediator.convening": 0},
    "the channel alone": {"mediator.style": "facilitation", "mediator.convening": 0},
    "no trust in the mediator": {
        "distrust.north.third": 1,
        "distrust.south.third": 1,
        "parties.north.trust_gain": 0,
        "parties.south.trust_gain": 0,
    },
    "trust": {
        "distrust.north.south": 0,
        "distrust.south.north": 0,
        "distrust.north.third": 0,
        "distrust.south.third": 0,
        "parties.north.trust_loss": 0,
        "parties.south.trust_loss": 0,
    },
    "peaceful": {
        "mediator.style": "facilitation",
        "incidents.rate.north": 0,
        "incidents.rate.south": 0,
        "battlefield.volatility": 0,
    },
    "neither issues nor preferences": {"mediator.stake": 0, "mediator.bias.north": 0},
    "nothing to lose": {
        "parties.north.reservation": 0,
        "parties.north.front": 0,
        "distrust.north.south": 0,
        "distrust.north.third": 0,
        "parties.north.trust_loss": 0,
    },
}
"""What is switched off, one thing at a time, in a scenario in which everything is at work."""


NEVER_IDLE = tuple(
    f"parties.{party}.{key}" for party in ("north", "south") for key in ("aims", "reservation", "precondition")
)
"""Numbers that enter every text and every answer."""


def quiet(changes: dict[str, Any]) -> Scenario:
    """The full case with something switched off, without ranges or events."""
    data = full()
    data["events"] = []
    data["rounds"] = data["deadline"] = 6
    for path, value in changes.items():
        put(data, path, copy.deepcopy(value))
    return scenario_from_data(data)


TEXT = {f"mediator.{tool}" for tool in ("aims.*", "salience.*", "bias.*", "stake", "caucus", "misjudgement")}
PRESSURE = {"mediator.leverage.north", "mediator.leverage.south", "mediator.leverage_decay"}
OWN_DISTRUST = {"distrust.third.north", "distrust.third.south", "mediator.trust_gain", "mediator.trust_loss"}
LEAGUE = {"distrust.north.league", "distrust.south.league"}

IDLE: dict[str, set[str]] = {
    "no leverage": PRESSURE,
    "no texts": TEXT | PRESSURE,
    "no leverage at all": {"mediator.leverage_decay"},
    "no stake": {"mediator.aims.*", "mediator.salience.*"},
    "patience": OWN_DISTRUST,
    "no aversion": {"mediator.convening", "mediator.shuttle"},
    "no front": {"battlefield.drift", "battlefield.volatility", "implementation.front"},
    "no battlefield": {"parties.*.front", "implementation.front"},
    "nobody resents": {"incidents.rate.*", "incidents.severity", "implementation.violations"},
    "only the mediator resents": OWN_DISTRUST | {"incidents.rate.*", "incidents.severity", "implementation.violations"},
    "nobody gains trust": {"rapport"},
    "no incidents": {"incidents.severity", "implementation.violations"},
    "mild incidents": {"incidents.rate.*", "implementation.violations"},
    "no guarantees": LEAGUE | {"implementation.penalty"},
    "one round": {"mediator.impatience"},
    "a pace of a week": {"parties.*.concession"},
    "neither channel nor convening": set(),
    "the channel alone": TEXT | PRESSURE,
    "no trust in the mediator": PRESSURE | {"mediator.convening", "mediator.shuttle", "mediator.caucus"},
    "trust": LEAGUE
    | {"mediator.convening", "mediator.shuttle", "implementation.violations", "implementation.monitoring"}
    | {f"parties.*.{key}" for key in ("betrayal_loss", "contact_aversion", "devaluation", "trust_gain")},
    "peaceful": TEXT
    | PRESSURE
    | {"incidents.severity", "mediator.trust_loss", "parties.*.front", "parties.*.trust_loss"}
    | {"implementation.front", "implementation.violations"},
    "neither issues nor preferences": {"mediator.aims.*", "mediator.salience.*"},
    "nothing to lose": {"distrust.north.league"}
    | {
        f"parties.north.{key}"
        for key in ("betrayal_loss", "contact_aversion", "devaluation", "impatience", "trust_gain")
    },
}
"""What then has nothing to act on: all that changed no run in the test below, when it was made for all of these."""


def test_everything_is_at_work_in_the_full_case() -> None:
    assert idle_parameters(Possible([quiet({})])) == []


@pytest.mark.parametrize("off", OFF)
def test_what_is_switched_off_leaves_idle_what_acts_through_it(off: str) -> None:
    case = quiet(OFF[off])
    expected = {path for path in parameters(case) if any(matches(path, pattern) for pattern in IDLE[off])}
    assert {idle.path for idle in idle_parameters(Possible([case]))} == expected


SELDOM = ("parties.north.impatience", "mediator.leverage_decay", "implementation.penalty")
"""Numbers that act too seldom in this case to show in so few runs."""


@pytest.mark.parametrize("off", ["no guarantees", "no trust in the mediator"])
def test_what_changes_no_run_is_called_without_effect(off: str) -> None:
    case = quiet(OFF[off])
    before = outcomes(case, 60)
    idle = {each.path for each in idle_parameters(Possible([case]))}
    silent = []
    for path, parameter in parameters(case).items():
        if path in idle or path.startswith(("rounds", "loss", "implementation.periods", "mediator.style", *NEVER_IDLE)):
            continue
        tried = [other for other in changed(case, path) if parameter.value not in others(path)]
        if tried and all(same(before, outcomes(other, 60), False) for other in tried):
            silent.append(path)
    assert set(silent) <= set(SELDOM)
