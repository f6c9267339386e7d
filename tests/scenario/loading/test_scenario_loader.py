"""A scenario file that is right: what it says, what it leaves out, and how its numbers may be written."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from sim.scenario.loading.scenario_loader import load_scenario, scenario_from_data
from sim.scenario.model.parameters import names_of, numbers, parameters, quantities
from sim.scenario.model.quantities import Quantity
from sim.scenario.model.schema import Scenario
from tests.scenario.samples import CLAIMS, ENVOY, MINIMAL, edited, write

pytestmark = pytest.mark.quick


@pytest.fixture
def minimal(folder: Path) -> Scenario:
    """The minimal scenario."""
    write(folder, case=MINIMAL)
    return load_scenario("case.yaml")


def test_what_is_not_named_does_nothing(minimal: Scenario) -> None:
    north = minimal.parties["north"]
    neutral = ("precondition", "devaluation", "contact_aversion", "trust_gain", "trust_loss", "impatience", "war_cost")
    assert [getattr(north, key).value for key in neutral] == [0] * 7
    assert (north.concession.value, north.reliability.value, north.front) == (1, 1, 0)
    assert (minimal.rounds, minimal.loss, minimal.sharpness.value, minimal.rapport.value) == (52, "quadratic", 40, 0)
    assert (minimal.implementation.periods, minimal.runs, minimal.seed) == (260, 20_000, 1)
    assert minimal.mediator is None
    assert not minimal.guarantors
    assert (minimal.battlefield.drift.value, minimal.battlefield.volatility.value) == (0, 0)
    assert (minimal.incidents.rate, minimal.incidents.severity.value) == ({}, 1)


def test_a_mediator_of_whom_only_the_name_is_known(folder: Path) -> None:
    write(folder, case=MINIMAL + "mediator: {name: envoy}\n")
    mediator = load_scenario("case.yaml").mediator
    assert mediator is not None
    assert (mediator.name, mediator.style, mediator.shuttle.value) == ("envoy", "facilitation", 1)
    assert [getattr(mediator, key).value for key in ("convening", "stake", "leverage_decay", "impatience")] == [0] * 4


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("0.5", Quantity(value=0.5)),
        ("1", Quantity(value=1)),
        (".5", Quantity(value=0.5)),
        ("+5e-1", Quantity(value=0.5)),
        ("1.0e+0", Quantity(value=1)),
        ("{value: 0.5}", Quantity(value=0.5)),
        ("{value: 0.5, assumption: so}", Quantity(value=0.5, assumption="so")),
        ("{range: [0.4, 0.6]}", Quantity(range=(0.4, 0.6))),
        ("{range: [0.4, 0.6], mode: 0.5}", Quantity(range=(0.4, 0.6), mode=0.5)),
        ("{mean: 0.5, sd: 0.1, range: [0, 1]}", Quantity(mean=0.5, sd=0.1, range=(0, 1))),
        ("{beta: [2, 3], shared: s}", Quantity(beta=(2, 3), shared="s")),
    ],
)
def test_forms_of_a_number(written: str, expected: Quantity, folder: Path) -> None:
    write(folder, case=edited("reservation: 0.3", f"reservation: {written}"))
    assert load_scenario("case.yaml").parties["north"].reservation == expected


def test_words_and_whole_numbers_carry_their_provenance(folder: Path) -> None:
    words = "rounds: {value: 26, assumption: half a year}\nloss: {value: linear, claim: wary}\n"
    front = edited("reservation: 0.3", "front: {value: 1, assumption: theirs}\n    reservation: 0.3")
    claims = CLAIMS.replace("bears_on: [distrust.north", "bears_on: [loss, distrust.north")
    write(folder, case=front + words + "evidence: claims.yaml\n", claims=claims)
    scenario = load_scenario("case.yaml")
    found = parameters(scenario)
    assert (scenario.rounds, scenario.loss, scenario.parties["north"].front) == (26, "linear", 1)
    assert (found["rounds"].value, found["rounds"].assumption) == (26, "half a year")
    assert (found["loss"].value, found["loss"].claim) == ("linear", "wary")
    assert quantities(scenario)["parties.north.front"] == Quantity(value=1, assumption="theirs")
    again = pickle.loads(pickle.dumps(scenario))
    assert again == scenario
    assert parameters(again) == found


def test_one_leverage_is_each_party_s(folder: Path) -> None:
    write(folder, case=MINIMAL + ENVOY, ranged=MINIMAL + ENVOY.replace("0.1", "{range: [0.0, 0.1]}"))
    fixed, ranged = load_scenario("case.yaml").mediator, load_scenario("ranged.yaml").mediator
    assert fixed is not None
    assert fixed.leverage == dict.fromkeys(("north", "south"), Quantity(value=0.1))
    assert ranged is not None
    one_draw = Quantity(range=(0, 0.1), shared="mediator.leverage")
    assert ranged.leverage == dict.fromkeys(("north", "south"), one_draw)


def test_events_name_single_parameters_after_loading(folder: Path) -> None:
    events = """\
events:
- round: 3
  set: {distrust: 0.2, mediator.leverage: {range: [0, 1]}, mediator.style: formulation, parties.*.front: -1}
  assumption: talks
- {round: 4, signal: {by: north, likelihood: {range: [0.2, 0.4], shared: s}}}
- {round: 4, incident: {by: south}}
"""
    write(folder, case=MINIMAL + ENVOY + events)
    scenario = load_scenario("case.yaml")
    talks = {"assumption": "talks"}
    pressure = Quantity(range=(0, 1), shared="events.0.set.mediator.leverage", **talks)
    assert scenario.events[0].set == {
        "distrust.north.south": Quantity(value=0.2, **talks),
        "distrust.south.north": Quantity(value=0.2, **talks),
        "mediator.leverage.north": pressure,
        "mediator.leverage.south": pressure,
        "mediator.style": "formulation",
        "parties.north.front": Quantity(value=-1, **talks),
        "parties.south.front": Quantity(value=-1, **talks),
    }
    found = parameters(scenario)
    assert found["events.0.set.mediator.style"].assumption == "talks"
    assert found["events.0.set.parties.north.front"].meaning == found["parties.north.front"].meaning
    assert found["events.1.signal.likelihood"].shared == "s"
    assert (found["events.2.incident.severity"].value, found["events.2.incident.severity"].given) == (1, False)


def test_aliases_stand_for_what_they_name(folder: Path) -> None:
    text = edited("reservation: 0.3", "reservation: &r {range: [0.2, 0.4]}")
    write(folder, case=edited("    reservation: 0.3", "    reservation: *r", text))
    parties = load_scenario("case.yaml").parties
    assert parties["north"].reservation == parties["south"].reservation == Quantity(range=(0.2, 0.4))


def test_the_order_of_the_file_is_kept(minimal: Scenario) -> None:
    assert names_of(minimal).parties == ("north", "south")


def test_a_path_may_be_a_path_or_text(folder: Path) -> None:
    write(folder, case=MINIMAL)
    assert load_scenario(folder / "case.yaml") == load_scenario("case.yaml")


def test_data_of_python_load_as_files_do(minimal: Scenario) -> None:
    party = {"salience": {"land": 1}, "reservation": 0.3, "betrayal_loss": 0.1}
    data = {
        "issues": {"land": {}},
        "parties": {"north": {"aims": {"land": 1}, **party}, "south": {"aims": {"land": 0}, **party}},
        "distrust": {"north": {"south": 0.5}, "south": {"north": 0.5}},
    }
    assert numbers(scenario_from_data(data)) == numbers(minimal)


SHIPPED = sorted((Path(__file__).parents[3] / "scenarios").glob("*.yaml"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_scenarios_account_for_every_number(path: Path) -> None:
    assert load_scenario(path, strict=True).title
