"""What parameters and their values are called."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.output.words.parameter_labels import (
    decimals,
    factor_name,
    heading,
    holder,
    label,
    label_varied,
    pattern,
    value_label,
)
from sim.scenario.loading.scenario_loader import load_scenario, scenario_from_data
from sim.scenario.model.parameters import resolved
from sim.scenario.model.schema import Scenario

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def signals() -> Scenario:
    return load_scenario(ROOT / "scenarios" / "trust-signals.yaml")


@pytest.fixture(scope="module")
def small() -> Scenario:
    return load_scenario(ROOT / "tests" / "study" / "data" / "small.yaml")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("parties.russia.aims.territory", "aim on territory"),
        ("mediator.aims.territory", "aim on territory"),
        ("parties.russia.salience.security", "weight of security"),
        ("distrust.russia.us", "Russia towards the US"),
        ("mediator.bias.russia", "bias towards Russia"),
        ("mediator.leverage.ukraine", "leverage on Ukraine"),
        ("guarantors.us", "guarantee by the US"),
        ("incidents.rate.russia", "hostile acts by Russia"),
        ("parties.russia.reservation", "value of no settlement"),
        ("rounds", "weeks of talks watched"),
        ("parties.first.pace", "weeks to its least demand"),
        ("parties.first.front", "what the battlefield does"),
        ("implementation.front", "movement of the battlefield in peace"),
        ("some.new_thing", "new thing"),
    ],
)
def test_a_parameter_has_a_name(path: str, name: str, signals: Scenario) -> None:
    assert label(path, signals) == name


def test_events_are_named_by_week_and_kind(small: Scenario) -> None:
    data = {
        "events": [
            {"round": 2, "signal": {"by": "first", "likelihood": 0.5}},
            {"round": 3, "incident": {"by": "second", "severity": 0.5}},
            {"round": 4, "set": {"rapport": 0.2}},
        ]
    }
    case = scenario_from_data(resolved(small) | data)
    assert label("events.0.signal.likelihood", case) == "week 2: reassuring signal by First"
    assert label("events.1.incident.severity", case) == "week 3: hostile act by Second"
    assert label("events.2.set.rapport", case) == "week 4: rapport from meeting"


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("parties.russia.reservation", "The parties"),
        ("distrust.russia.us", "Distrust"),
        ("mediator.style", "The mediator: US"),
        ("guarantors.us", "Guarantors"),
        ("battlefield.drift", "The war during the talks"),
        ("incidents.severity", "The war during the talks"),
        ("events.0.signal.likelihood", "Scheduled events"),
        ("implementation.penalty", "After the signature"),
        ("rapport", "The talks"),
    ],
)
def test_a_parameter_has_a_heading(path: str, title: str, signals: Scenario) -> None:
    assert heading(path, signals) == title


def test_without_a_mediator_its_heading_has_no_name(signals: Scenario) -> None:
    assert heading("mediator.style", signals.model_copy(update={"mediator": None})) == "The mediator"


def test_whose_parameter_it_is(signals: Scenario) -> None:
    assert holder("parties.russia.reservation") == "russia"
    assert holder("distrust.russia.us") == ""
    assert pattern("distrust.russia.us", signals) == "distrust.*.us"


def test_a_factor_is_named_by_its_path_or_the_first_of_several(signals: Scenario) -> None:
    path = "parties.russia.trust_gain"
    assert factor_name([path], signals) == label_varied(path, signals)
    both = [path, "parties.ukraine.trust_gain"]
    assert factor_name(both, signals) == "trust gained by cooperation (2 together)"


@pytest.mark.parametrize(
    ("value", "digits", "words"),
    [
        (None, None, "no mediator"),
        ("formulation", 2, "formulation"),
        (0.25, None, "0.25"),
        (0.25, 1, "0.2"),
        (3, 2, "3.00"),
    ],
)
def test_values(value: float | str | None, digits: int | None, words: str) -> None:
    assert value_label(value, digits) == words


@pytest.mark.parametrize(
    ("values", "digits"),
    [([1, 2.0], 0), ([0.5, 1], 1), ([0.25, 0.5], 2), ([0.125], 3), ([1 / 3], 3), (["word", None], 0)],
)
def test_decimals_tell_numbers_apart(values: list[float | str | None], digits: int) -> None:
    assert decimals(values) == digits
