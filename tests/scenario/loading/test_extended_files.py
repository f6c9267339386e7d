"""Files over files: what a variant replaces, what it keeps, and whose mistake a mistake is."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.scenario.errors import ScenarioError
from sim.scenario.loading.scenario_loader import load_scenario
from sim.scenario.model.parameters import parameters
from sim.scenario.model.quantities import Quantity
from tests.scenario.samples import CLAIMS, ENVOY, MINIMAL, edited, write

FULL = (
    MINIMAL.replace("south: 0.5", "south: 0.5, envoy: 0.2").replace("north: 0.5", "north: 0.5, envoy: 0.3")
    + "  envoy: {north: 0.1}\n"
    + ENVOY
    + """\
battlefield: {drift: 0.001, volatility: 0.002, assumption: of the base}
events:
- {round: 3, set: {mediator.style: facilitation}}
- {round: 4, set: {distrust.north.envoy: 0, rapport: 0.1, mediator.leverage: 0}}
- {round: 5, incident: {by: north}}
runs: 100
"""
)


def complaints(path: str = "case.yaml") -> list[str]:
    """Return what is said of a file that is wrong."""
    with pytest.raises(ScenarioError) as raised:
        load_scenario(path)
    return str(raised.value).split("\n")


def test_what_is_given_replaces_what_was_there_path_by_path(folder: Path) -> None:
    variant = """\
extends: base.yaml
title: Variant
parties: {north: {reservation: {range: [0.2, 0.4]}}}
battlefield: {volatility: 0.01}
events: [{round: 9, incident: {by: south}}]
"""
    write(folder, base=FULL, case=variant)
    base, scenario = load_scenario("base.yaml"), load_scenario("case.yaml")
    assert scenario.title == "Variant"
    assert scenario.parties["north"].reservation == Quantity(range=(0.2, 0.4))
    assert scenario.parties["south"] == base.parties["south"]
    assert scenario.parties["north"].aims == base.parties["north"].aims
    assert [event.round for event in scenario.events] == [9]
    assert scenario.runs == 100


def test_what_a_group_of_the_base_says_does_not_speak_for_new_numbers(folder: Path) -> None:
    write(folder, base=FULL, case="extends: base.yaml\nbattlefield: {volatility: 0.01}\n")
    battlefield = load_scenario("case.yaml").battlefield
    assert battlefield.drift == Quantity(value=0.001, assumption="of the base")
    assert battlefield.volatility == Quantity(value=0.01)


def test_a_number_is_replaced_as_a_whole(folder: Path) -> None:
    base = edited("reservation: 0.3", "reservation: {range: [0.2, 0.4], mode: 0.3, assumption: a}")
    write(folder, base=base, case="extends: base.yaml\nparties: {north: {reservation: {range: [0.1, 0.2]}}}\n")
    assert load_scenario("case.yaml").parties["north"].reservation == Quantity(range=(0.1, 0.2))


def test_one_leverage_may_be_changed_for_one_party(folder: Path) -> None:
    write(folder, base=FULL, case="extends: base.yaml\nmediator: {leverage: {north: 0.3}}\n")
    mediator = load_scenario("case.yaml").mediator
    assert mediator is not None
    assert {party: number.value for party, number in mediator.leverage.items()} == {"north": 0.3, "south": 0.1}
    write(folder, one="extends: case.yaml\nmediator: {leverage: 0.2}\n")
    mediator = load_scenario("one.yaml").mediator
    assert mediator is not None
    assert {party: number.value for party, number in mediator.leverage.items()} == {"north": 0.2, "south": 0.2}


def test_a_third_party_may_be_added(folder: Path) -> None:
    variant = """\
extends: base.yaml
parties: {west: {aims: {land: 0.5}, salience: {land: 1}, reservation: 0.2, betrayal_loss: 0}}
distrust: {west: {north: 0.1, south: 0.1}, north: {west: 0.1}, south: {west: 0.1}}
"""
    write(folder, base=FULL, case=variant)
    assert list(load_scenario("case.yaml").parties) == ["north", "south", "west"]


@pytest.mark.parametrize("how", ["extends", "set"])
def test_without_the_mediator_everything_about_it_goes(how: str, folder: Path) -> None:
    write(folder, base=FULL, case="extends: base.yaml\nmediator: null\n")
    scenario = load_scenario("case.yaml") if how == "extends" else load_scenario("base.yaml", ["mediator=null"])
    assert scenario.mediator is None
    assert {who: set(row) for who, row in scenario.distrust.items()} == {"north": {"south"}, "south": {"north"}}
    assert [(event.round, list(event.set)) for event in scenario.events] == [(4, ["rapport"]), (5, [])]
    assert not any("envoy" in path or "mediator" in path for path in parameters(scenario))


@pytest.mark.parametrize("how", ["extends", "set"])
def test_distrust_of_a_mediator_that_stays_as_guarantor_stays(how: str, folder: Path) -> None:
    variant = "extends: base.yaml\nmediator: null\nguarantors: {envoy: 0.4}\nimplementation: {penalty: 0.1}\n"
    write(folder, base=FULL, case=variant)
    changes = ["mediator=null", "guarantors.envoy=0.4", "implementation.penalty=0.1"]
    scenario = load_scenario("case.yaml") if how == "extends" else load_scenario("base.yaml", changes)
    assert scenario.distrust["north"]["envoy"] == Quantity(value=0.2)
    assert "envoy" not in scenario.distrust
    assert list(scenario.events[0].set) == ["distrust.north.envoy", "rapport"]


def test_another_mediator_is_distrusted_anew(folder: Path) -> None:
    variant = "extends: base.yaml\nmediator: {name: other}\ndistrust: {north: {other: 0.7}}\n"
    write(folder, base=FULL, case=variant)
    scenario = load_scenario("case.yaml")
    assert set(scenario.distrust["north"]) == {"south", "other"}
    assert list(scenario.events[1].set) == ["rapport", "mediator.leverage.north", "mediator.leverage.south"]


def test_a_variant_of_a_variant_in_another_folder(folder: Path) -> None:
    (folder / "deep").mkdir()
    write(folder, base=FULL)
    write(folder / "deep", middle="extends: ../base.yaml\nrounds: 10\n", case="extends: middle.yaml\nrapport: 0.2\n")
    scenario = load_scenario("deep/case.yaml")
    assert (scenario.rounds, scenario.rapport.value) == (10, 0.2)


def test_evidence_is_sought_beside_the_file_that_names_it(folder: Path) -> None:
    (folder / "deep").mkdir()
    write(folder, base=MINIMAL + "evidence: claims.yaml\n", claims=CLAIMS)
    write(folder / "deep", case="extends: ../base.yaml\ndistrust: {north: {south: {reading: low}}}\n")
    scenario = load_scenario("deep/case.yaml")
    assert scenario.evidence == "claims.yaml"
    assert scenario.distrust["north"]["south"] == Quantity(range=(0.1, 0.3), reading="low")


def test_a_mistake_is_that_of_the_file_in_which_it_stands(folder: Path) -> None:
    base = edited("reservation: 0.3", "reservation: 3").replace("    betrayal_loss: 0.1\ndis", "dis")
    south = "parties: {south: {war_cost: 0}}\n"
    write(
        folder,
        base=base,
        case="extends: base.yaml\nrounds: 0\ndistrust: {north: {sooth: 1}}\ntitel: x\n" + south,
    )
    assert complaints() == [
        "base.yaml:8:18: parties.north.reservation: must be a number from 0 to 1, not 3",
        "base.yaml:10:3: parties.south.betrayal_loss: must be given: a number from 0 to 1e9 "
        "(What it loses, below its reservation, if it complies and another reneges [ℓ])",
        "case.yaml:2:9: rounds: must be a whole number from 1 to 10000, not 0",
        "case.yaml:3:20: distrust.north.sooth: unknown actor 'sooth': did you mean 'south'?",
        "case.yaml:4:1: titel: unknown key 'titel': did you mean 'title'?",
    ]


def test_a_mistake_that_the_variant_replaces_is_none(folder: Path) -> None:
    write(folder, base=edited("reservation: 0.3", "reservation: 3"), case=MINIMAL + "extends: base.yaml\n")
    assert load_scenario("case.yaml").parties["north"].reservation.value == 0.3


def test_an_event_keeps_its_place_when_those_before_it_go(folder: Path) -> None:
    write(folder, base=FULL.replace("{by: north}}", "{by: nrth}}"), case="extends: base.yaml\nmediator: null\n")
    expected = "base.yaml:24:29: events.1.incident.by: unknown party 'nrth': did you mean 'north'?"
    assert complaints() == [expected]


def test_circles(folder: Path) -> None:
    write(folder, case="extends: b.yaml\n", b="extends: c.yaml\n", c=MINIMAL + "extends: ./case.yaml\n")
    assert complaints() == ["c.yaml:18:10: extends: goes round in a circle: case.yaml → b.yaml → c.yaml → case.yaml"]


def test_a_base_that_cannot_be_used(folder: Path) -> None:
    write(folder, case="extends: base.yaml\n", base="title: [\n")
    assert complaints()[0].startswith("base.yaml:2:1: is not YAML: ")
    (folder / "base.yaml").write_bytes(b"x" * 2_000_000)
    assert complaints() == ["case.yaml:1:10: extends: base.yaml: takes 2.0 MB; at most 1 MB is read"]
