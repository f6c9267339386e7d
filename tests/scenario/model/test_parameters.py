"""The flat view of a scenario: every parameter under a path, patterns, assignments, and a scenario written down."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sim.scenario.errors import ScenarioError
from sim.scenario.loading.assignment import assign, central
from sim.scenario.loading.scenario_loader import load_scenario, scenario_from_data
from sim.scenario.model.parameters import expand, numbers, parameters, quantities, resolved
from sim.scenario.model.quantities import Quantity
from sim.scenario.model.schema import Scenario
from tests.scenario.samples import CLAIMS, ENVOY, MINIMAL, write

RICH = (
    MINIMAL.replace("south: 0.5", "south: {reading: intense, claim: wary}, others: 0.1")
    + "evidence: claims.yaml\n"
    + ENVOY
    + """\
guarantors: {others: {range: [0.2, 0.4], mode: 0.3, shared: g}}
implementation: {penalty: 0.1}
rounds: {value: 30, assumption: so}
events:
- {round: 3, set: {mediator.style: facilitation, distrust: {range: [0.1, 0.2]}}, assumption: a}
- {round: 4, signal: {by: north, likelihood: {beta: [2, 3]}}}
- {round: 4, incident: {by: south}}
"""
)


@pytest.fixture
def rich(folder: Path) -> Scenario:
    """A scenario that has something of everything."""
    write(folder, case=RICH, claims=CLAIMS)
    return load_scenario("case.yaml")


PARTY = [
    "aims.land",
    "salience.land",
    "reservation",
    "betrayal_loss",
    "concession",
    "pace",
    "precondition",
    "devaluation",
    "contact_aversion",
    "trust_gain",
    "trust_loss",
    "impatience",
    "war_cost",
    "front",
    "reliability",
]
EVERY = [
    *("rounds", "loss", "sharpness"),
    *(f"parties.{party}.{key}" for party in ("north", "south") for key in PARTY),
    *("distrust.north.south", "distrust.north.envoy", "distrust.north.others"),
    *("distrust.south.north", "distrust.south.envoy", "distrust.south.others"),
    *("distrust.envoy.north", "distrust.envoy.south"),
    *("mediator.style", "mediator.shuttle", "mediator.convening", "mediator.bias.north", "mediator.bias.south"),
    *("mediator.leverage.north", "mediator.leverage.south", "mediator.leverage_decay", "mediator.stake"),
    *("mediator.trust_gain", "mediator.trust_loss", "mediator.impatience", "mediator.caucus", "mediator.misjudgement"),
    *("rapport", "guarantors.others", "battlefield.drift", "battlefield.volatility"),
    *("incidents.rate.north", "incidents.rate.south", "incidents.severity", "overtaken"),
    *("implementation.periods", "implementation.front", "implementation.violations", "implementation.monitoring"),
    "implementation.penalty",
    *("events.0.set.mediator.style", "events.0.set.distrust.north.south", "events.0.set.distrust.south.north"),
    *("events.1.signal.likelihood", "events.2.incident.severity"),
]


def test_every_parameter_has_a_path(rich: Scenario) -> None:
    assert list(parameters(rich)) == EVERY
    words = {"rounds", "loss", "mediator.style", "implementation.periods", "events.0.set.mediator.style"}
    assert set(quantities(rich)) == set(EVERY) - words


def test_every_parameter_says_what_it_is(rich: Scenario) -> None:
    for path, parameter in parameters(rich).items():
        assert parameter.path == path
        assert parameter.meaning.endswith(".")
        assert parameter.bounds.startswith(("a number", "a whole number", "one of"))
        assert parameter.unit or path.endswith(("loss", "style", "front"))


def test_what_is_given_and_what_is_a_default(rich: Scenario) -> None:
    found = parameters(rich)
    given = {path for path, parameter in found.items() if parameter.given}
    assert {
        "rounds",
        "mediator.style",
        "mediator.leverage.south",
        "mediator.bias.north",
        "events.0.set.mediator.style",
    } <= given
    assert not {"loss", "mediator.bias.south", "distrust.envoy.north", "events.2.incident.severity"} & given
    assert found["mediator.bias.south"].quantity == Quantity(value=0)
    assert (found["distrust.north.south"].claim, found["distrust.north.south"].reading) == ("wary", "intense")
    assert found["distrust.north.south"].value == pytest.approx(0.85)
    assert (found["guarantors.others"].shared, found["rounds"].shared) == ("g", None)


def test_the_mediator_s_preferences_are_there_if_given(rich: Scenario) -> None:
    preferences = {"mediator.aims.land": 0.5, "mediator.salience.land": 1, "mediator.stake": 1}
    assert set(preferences) <= set(parameters(assign(rich, preferences)))
    assert "mediator.aims.land" not in parameters(rich)


def test_a_mediator_who_is_a_guarantor_has_one_distrust(rich: Scenario) -> None:
    both = assign(rich, {"guarantors.envoy": 0.2})
    assert [path for path in parameters(both) if path.startswith("distrust.north")] == [
        "distrust.north.south",
        "distrust.north.envoy",
        "distrust.north.others",
    ]


@pytest.mark.parametrize(
    ("pattern", "paths"),
    [
        ("rapport", ["rapport"]),
        ("distrust", ["distrust.north.south", "distrust.south.north"]),
        ("distrust.north.south", ["distrust.north.south"]),
        ("distrust.*.envoy", ["distrust.north.envoy", "distrust.south.envoy"]),
        ("mediator.leverage", ["mediator.leverage.north", "mediator.leverage.south"]),
        ("parties.*.aims.*", ["parties.north.aims.land", "parties.south.aims.land"]),
        ("*.drift", ["battlefield.drift"]),
        ("events.*.signal.likelihood", ["events.1.signal.likelihood"]),
        ("events.0.set.distrust.*.*", ["events.0.set.distrust.north.south", "events.0.set.distrust.south.north"]),
    ],
)
def test_patterns(pattern: str, paths: list[str], rich: Scenario) -> None:
    assert expand(rich, pattern) == paths


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("distrust.north", "distrust.north: no parameter 'distrust.north': did you mean 'distrust.south.north'?"),
        (
            "mediator.aims.land",
            "mediator.aims.land: no parameter 'mediator.aims.land': did you mean 'mediator.impatience'?",
        ),
        ("", "no parameter '': known are such as rounds, loss, sharpness"),
        ("runs", "runs: no parameter 'runs': did you mean 'rounds'?"),
    ],
)
def test_patterns_that_name_nothing(pattern: str, message: str, rich: Scenario) -> None:
    with pytest.raises(ScenarioError) as raised:
        expand(rich, pattern)
    assert str(raised.value) == message


def test_an_assigned_number_replaces_range_and_provenance(rich: Scenario) -> None:
    changed = assign(rich, {"distrust": 0.2, "parties.*.front": -1, "mediator.style": "formulation", "rounds": 31.0})
    assert changed.distrust["north"]["south"] == Quantity(value=0.2)
    assert [party.front for party in changed.parties.values()] == [-1, -1]
    assert changed.mediator is not None
    assert (changed.mediator.style, changed.rounds) == ("formulation", 31)
    assert rich.distrust["north"]["south"].reading == "intense"
    assert parameters(changed)["rounds"].assumption is None


def test_what_is_not_assigned_stays(rich: Scenario) -> None:
    assert assign(rich, {}) == rich
    before, after = parameters(rich), parameters(assign(rich, {"rapport": 0.3}))
    assert {path for path in before if before[path] != after[path]} == {"rapport"}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (
            {"parties.north.aims.land": {"range": [0.2, 0.4], "assumption": "a"}},
            Quantity(range=(0.2, 0.4), assumption="a"),
        ),
        ({"parties.north.aims.land": Quantity(value=0.3)}, Quantity(value=0.3)),
    ],
)
def test_forms_that_may_be_assigned(values: dict[str, Any], expected: Quantity, rich: Scenario) -> None:
    assert assign(rich, values).parties["north"].aims["land"] == expected


def test_leverage_assigned_at_once_and_one_by_one(rich: Scenario) -> None:
    changed = assign(rich, {"mediator.leverage": {"range": [0, 1]}, "mediator.leverage.south": 0.3})
    assert changed.mediator is not None
    assert changed.mediator.leverage == {
        "north": Quantity(range=(0, 1), shared="mediator.leverage"),
        "south": Quantity(value=0.3),
    }


def test_events_can_be_assigned(rich: Scenario) -> None:
    changed = assign(
        rich,
        {
            "events.1.signal.likelihood": 0.3,
            "events.2.incident.severity": 0.4,
            "events.0.set.distrust.north.south": 0.5,
        },
    )
    assert changed.events[0].set["distrust.north.south"] == Quantity(value=0.5)
    assert changed.events[0].set["distrust.south.north"].is_range  # type: ignore[union-attr]
    assert changed.events[1].signal is not None
    assert changed.events[1].signal.likelihood.value == 0.3
    assert changed.events[2].incident is not None
    assert changed.events[2].incident.severity.value == 0.4


def test_guarantors_may_be_added_and_the_mediator_removed(rich: Scenario) -> None:
    changed = assign(rich, {"mediator": None, "guarantors.un": 0.3})
    assert changed.mediator is None
    assert list(changed.guarantors) == ["others", "un"]
    assert list(changed.events[0].set) == ["distrust.north.south", "distrust.south.north"]
    assert assign(changed, {"mediator": None}) == changed


def test_null_drops_back_to_the_default(rich: Scenario) -> None:
    changed = assign(rich, {"rapport": 0.3})
    assert parameters(changed)["rapport"].value == 0.3
    again = parameters(assign(changed, {"rapport": None}))["rapport"]
    assert (again.value, again.given) == (parameters(assign(rich, {"rapport": None}))["rapport"].value, False)
    assert again.value == 0


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"rapport": 1.5}, "rapport: must be a number from 0 to 1, not 1.5"),
        ({"rapport": True}, "rapport: must be a number from 0 to 1, not a boolean"),
        ({"distrust.north.south": None}, "distrust.north.south: must be a number from 0 to 1, not None"),
        ({"parties.north.reservation": None}, "parties.north.reservation: must be a number from 0 to 1, not None"),
        ({"rapport": float("nan")}, "rapport: must be a number from 0 to 1, not nan"),
        (
            {"rapport": {"reading": "warm"}},
            "rapport: must have one of value (a number), "
            "range ([low, high], perhaps with mode), mean (with sd and range), beta ([a, b]), "
            "reading (a word of the verbal scale)",
        ),
        (
            {"raport": 1, "loss": "cubic"},
            "raport: no parameter 'raport': did you mean 'rapport'?\n"
            "loss: must be one of linear, quadratic, not the text 'cubic'",
        ),
        (
            {"guarantors.others.x": 1},
            "guarantors.others.x: no parameter 'guarantors.others.x': did you mean 'guarantors.others'?",
        ),
    ],
)
def test_assignments_that_are_wrong(values: dict[str, Any], message: str, rich: Scenario) -> None:
    with pytest.raises(ScenarioError) as raised:
        assign(rich, values)
    assert str(raised.value) == message


def test_the_middle_of_every_range(rich: Scenario) -> None:
    middle = central(rich)
    assert not any(quantity.is_range for quantity in quantities(middle).values())
    assert middle.distrust["north"]["south"] == Quantity(value=0.85, claim="wary")
    for path, quantity in quantities(rich).items():
        assert quantities(middle)[path].value == quantity.central


def test_a_scenario_written_down_is_the_same_scenario(rich: Scenario) -> None:
    record = json.loads(json.dumps(resolved(rich)))
    again = scenario_from_data(record)
    assert again == rich
    assert resolved(again) == record
    assert numbers(again) == numbers(rich)
    assert record["rounds"] == {"value": 30, "assumption": "so"}
    assert record["distrust"]["north"]["south"] == {"range": [0.75, 0.95], "reading": "intense", "claim": "wary"}
    assert record["sharpness"] == 40


def test_a_record_can_be_loaded_as_a_file(rich: Scenario) -> None:
    Path("record.yaml").write_text(json.dumps(resolved(rich)))
    assert load_scenario("record.yaml") == rich


SAME = {
    "title": ("title: Two sides", "title: Another\nabout: Something\nruns: 3\nseed: 9"),
    "poles": ("{low: theirs, high: ours}", "{}"),
    "form": ("reservation: 0.3", "reservation: {value: 0.30, assumption: why}"),
    "narrow range": ("reservation: 0.3", "reservation: {range: [0.3, 0.3]}"),
    "default given": ("title: Two sides", "rapport: 0\nsharpness: 40\nloss: quadratic"),
    "reading": ("{reading: intense, claim: wary}", "{range: [0.75, 0.95]}"),
    "one leverage": ("leverage: 0.1", "leverage: {north: 0.1, south: 0.1}"),
}


@pytest.mark.parametrize(("old", "new"), SAME.values(), ids=SAME)
def test_numbers_are_equal_however_they_are_written(old: str, new: str, rich: Scenario, folder: Path) -> None:
    write(folder, other=RICH.replace(old, new))
    other = load_scenario("other.yaml")
    assert numbers(other) == numbers(rich)


OTHER = {
    "value": ("reservation: 0.3", "reservation: 0.31"),
    "range": ("reservation: 0.3", "reservation: {range: [0.3, 0.4]}"),
    "label": ("shared: g", "shared: h"),
    "mode": ("mode: 0.3", "mode: 0.31"),
    "loss": ("title: Two sides", "loss: linear"),
    "round of an event": ("{round: 4, incident", "{round: 5, incident"),
    "author of an event": ("incident: {by: south}", "incident: {by: north}"),
    "name of the mediator": ("name: envoy", "name: other"),
    "name of a guarantor": ("others: {range", "them: {range"),
    "style after an event": ("mediator.style: facilitation", "mediator.style: formulation"),
}


@pytest.mark.parametrize(("old", "new"), OTHER.values(), ids=OTHER)
def test_numbers_differ_where_results_may(old: str, new: str, rich: Scenario, folder: Path) -> None:
    write(folder, other=RICH.replace(old, new).replace("others: 0.1" if "them" in new else "\0", "them: 0.1"))
    other = numbers(load_scenario("other.yaml"))
    assert other != numbers(rich)
    json.dumps(other)
