"""`null` drops what a variant inherits, and what a change takes away, with everything that speaks of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sim.scenario.errors import ScenarioError
from sim.scenario.loading.scenario_loader import load_scenario
from sim.scenario.model.parameters import numbers, parameters
from sim.scenario.model.schema import Scenario
from tests.scenario.samples import ENVOY, MINIMAL, edited, write

WEST = "  west: {aims: {land: 0.5}, salience: {land: 1}, reservation: 0.2, betrayal_loss: 0, concession: 2}\ndistrust:"
FULL = (
    edited("distrust:", WEST)
    .replace("{south: 0.5}", "{south: 0.5, west: 0.4, envoy: 0.2, un: 0.3, eu: 0.1}")
    .replace("{north: 0.5}", "{north: 0.5, west: 0.4, un: 0.4}")
    + "  west: {north: 0.1, south: 0.1, eu: 0.2}\n  envoy: {north: 0.3, west: 0.2}\n"
    + ENVOY.replace("north: 0.2", "north: 0.2, west: 0.1")
    + """\
guarantors: {un: 0.4, eu: 0.2}
implementation: {periods: 10, penalty: 0.1}
incidents: {rate: {north: 0.1, west: 0.2}, severity: 0.5}
rapport: 0.2
events:
- {round: 2, set: {guarantors.un: 0.6}}
- {round: 3, set: {distrust.north.un: 0.1, rapport: 0.1, parties.west.concession: 3}}
- {round: 4, incident: {by: west}}
- {round: 5, set: {guarantors.*: 0.5}}
"""
)


def dropped(how: str, folder: Path, **parts: Any) -> Scenario:
    """Return FULL without some parts, dropped by a variant, by `--set` or in Python."""
    write(folder, base=FULL)
    if how == "variant":
        tree: dict[str, Any] = {}
        for path in parts["paths"]:
            *way, last = path.split(".")
            part = tree
            for key in way:
                part = part.setdefault(key, {})
            part[last] = None
        write(folder, case=f"extends: base.yaml\n{_flow(tree)}\n")
        return load_scenario("case.yaml")
    if how == "set":
        return load_scenario("base.yaml", [f"{path}=null" for path in parts["paths"]])
    return load_scenario("base.yaml", dict.fromkeys(parts["paths"]))


def _flow(tree: dict[str, Any]) -> str:
    """Return nested mappings as YAML, a line for each key at the top."""

    def flow(part: Any) -> str:
        return "null" if part is None else "{" + ", ".join(f"{key}: {flow(each)}" for key, each in part.items()) + "}"

    return "\n".join(f"{key}: {flow(part)}" for key, part in tree.items())


HOW = pytest.mark.parametrize("how", ["variant", "set", "python"])


@HOW
def test_a_guarantor_goes_with_its_distrust_and_its_events(how: str, folder: Path) -> None:
    scenario = dropped(how, folder, paths=["guarantors.un"])
    assert list(scenario.guarantors) == ["eu"]
    assert not any("un" in path.split(".") for path in parameters(scenario))
    assert [(int(event.round), sorted(event.set)) for event in scenario.events] == [
        (3, ["parties.west.concession", "rapport"]),
        (4, []),
        (5, ["guarantors.eu"]),
    ]
    assert scenario.distrust["north"]["eu"].value == 0.1


@HOW
def test_all_guarantors(how: str, folder: Path) -> None:
    scenario = dropped(how, folder, paths=["guarantors", "implementation.penalty"])
    assert scenario.guarantors == {}
    assert scenario.implementation.penalty.value == 0
    assert set(scenario.distrust["north"]) == {"south", "west", "envoy"}
    assert [int(event.round) for event in scenario.events] == [3, 4]


@HOW
def test_a_party_goes_with_all_that_is_said_of_it(how: str, folder: Path) -> None:
    scenario = dropped(how, folder, paths=["parties.west"])
    assert list(scenario.parties) == ["north", "south"]
    assert not any("west" in path.split(".") for path in parameters(scenario))
    assert [(int(event.round), sorted(event.set)) for event in scenario.events] == [
        (2, ["guarantors.un"]),
        (3, ["distrust.north.un", "rapport"]),
        (5, ["guarantors.eu", "guarantors.un"]),
    ]


@HOW
def test_parameters_return_to_their_defaults(how: str, folder: Path) -> None:
    paths = ["rapport", "events", "incidents.severity", "incidents.rate.north", "mediator.style", "mediator.bias"]
    scenario = dropped(how, folder, paths=[*paths, "distrust.envoy", "parties.west.concession"])
    found = parameters(scenario)
    assert scenario.events == ()
    for path in ("rapport", "incidents.severity", "mediator.style", "parties.west.concession"):
        assert not found[path].given
    assert found["incidents.rate.north"].value == found["mediator.bias.north"].value == 0
    assert found["distrust.envoy.north"].value == 0
    assert found["incidents.rate.west"].value == 0.2


@HOW
def test_dropping_is_leaving_out(how: str, folder: Path) -> None:
    """Known answer: the same numbers as a file that never had the parts."""
    scenario = dropped(how, folder, paths=["guarantors.eu", "incidents", "events"])
    never = FULL.replace(", eu: 0.1", "").replace(", eu: 0.2", "").replace("{un: 0.4, eu: 0.2}", "{un: 0.4}")
    never = "".join(line for line in never[: never.index("events:")].splitlines(True) if "incidents" not in line)
    write(folder, never=never)
    assert numbers(scenario) == numbers(load_scenario("never.yaml"))


def test_a_guarantor_that_is_the_mediator_stays_distrusted(folder: Path) -> None:
    write(folder, base=FULL.replace("{un: 0.4, eu: 0.2}", "{un: 0.4, eu: 0.2, envoy: 0.1}"))
    write(folder, case="extends: base.yaml\nguarantors: {envoy: null}\n")
    scenario = load_scenario("case.yaml")
    assert scenario.distrust["north"]["envoy"].value == 0.2
    assert list(scenario.guarantors) == ["un", "eu"]


@pytest.mark.parametrize(
    ("path", "complaint"),
    [
        ("distrust.north.south", "distrust.north.south: must be a number from 0 to 1, not None"),
        ("parties.north.reservation", "parties.north.reservation: must be a number from 0 to 1, not None"),
        ("parties.north.aims.land", "parties.north.aims.land: must be a number from 0 to 1, not None"),
        ("guarantors.nato", "guarantors.nato: must be a number from 0 to 1, not None"),
    ],
)
def test_what_must_be_given_cannot_be_dropped(path: str, complaint: str, folder: Path) -> None:
    write(folder, base=FULL)
    with pytest.raises(ScenarioError) as raised:
        load_scenario("base.yaml", {path: None})
    assert str(raised.value) == complaint


def test_what_speaks_of_a_dropped_name_in_the_variant_itself_is_a_mistake(folder: Path) -> None:
    write(folder, base=FULL, case="extends: base.yaml\nguarantors: {un: null}\ndistrust: {north: {un: 0.2}}\n")
    with pytest.raises(ScenarioError, match=r"^case\.yaml:3:20: distrust\.north\.un: unknown actor 'un'"):
        load_scenario("case.yaml")


def test_a_guarantor_that_is_inherited_and_lacks_something_can_be_dropped(folder: Path) -> None:
    write(folder, base=FULL, case="extends: base.yaml\nimplementation: {penalty: null}\n")
    with pytest.raises(ScenarioError, match=r"penalty: .* \(it is inherited: `guarantors: \{un: null\}` drops it\)$"):
        load_scenario("case.yaml")


def test_null_drops_nothing_in_a_file_that_inherits_nothing(folder: Path) -> None:
    write(folder, case=MINIMAL + "rapport: null\n")
    with pytest.raises(ScenarioError, match=r"rapport: must be a number from 0 to 1, not null"):
        load_scenario("case.yaml")


def test_an_empty_text_drops_nothing(folder: Path) -> None:
    write(folder, base=FULL)
    with pytest.raises(ScenarioError, match=r"^rapport=: rapport: must be a number from 0 to 1, not null$"):
        load_scenario("base.yaml", ["rapport="])
