"""Every number that a scenario may give is used: changing it alone changes some run."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from sim.scenario.loading.scenario_loader import scenario_from_data
from sim.scenario.model.parameter_kinds import Choice, Number, Target, Whole
from sim.scenario.model.parameters import Parameter, numbers, parameters
from tests.negotiation.cases import FULL, assert_same, outcomes

RUNS = 400

MORE = {
    "mediator.stake": 0.3,
    "mediator.aims": {"land": 0.5, "rights": 0.4, "trade": 0.1},
    "mediator.salience": {"land": 0.5, "rights": 0.2, "trade": 0.3},
    "parties.south.war_cost": 0.0005,
    "sharpness": 30,
    "battlefield.volatility": 0.02,
    "implementation.penalty": 0.05,
}
"""What the full case leaves at its default, so that everything is at work."""

OTHER_WORD = {"quadratic": "linear", "manipulation": "formulation"}


def full() -> dict[str, Any]:
    """The full case as data, with everything at work."""
    data = copy.deepcopy(FULL)
    for path, value in MORE.items():
        put(data, path, copy.deepcopy(value))
    return data


def put(data: Any, path: str, value: Any) -> None:
    """Write a value at a path into data; the rest after an event's `set` is one key."""
    *keys, last = path.split(".set.", 1)[0].split(".") if ".set." in path else path.split(".")
    if ".set." in path:
        keys, last = [*keys, last, "set"], path.split(".set.", 1)[1]
    for key in keys:
        data = data[int(key)] if isinstance(data, list) else data.setdefault(key, {})
    data[last] = value


def another(parameter: Parameter) -> Any:
    """A value that a parameter may have and has not."""
    match parameter.kind:
        case Choice():
            return OTHER_WORD[str(parameter.value)]
        case Whole(low=low):
            return int(parameter.value) - 1 if int(parameter.value) > low else int(parameter.value) + 1
        case Number(high=high):
            value = float(parameter.value)
            return value / 2 if value * 2 + 0.1 > high else value * 2 + 0.1
        case Target():
            return float(parameter.value) / 2
    raise AssertionError(f"no other value for {parameter.path}")


CASE = scenario_from_data(full())
PARAMETERS = parameters(CASE)


@pytest.fixture(scope="module")
def before() -> dict[str, np.ndarray]:
    return outcomes(CASE, RUNS)


def differs(here: dict[str, np.ndarray], there: dict[str, np.ndarray]) -> bool:
    """Whether anything recorded is not the same, bit for bit."""
    try:
        assert_same(here, there)
    except AssertionError:
        return True
    return False


@pytest.mark.parametrize("path", PARAMETERS)
def test_changing_a_parameter_alone_changes_some_run(path, before):
    data = full()
    put(data, path, another(PARAMETERS[path]))
    assert differs(before, outcomes(scenario_from_data(data), RUNS)), f"{path} is read and changes nothing"


@pytest.mark.parametrize("number", range(len(FULL["events"])))
def test_when_an_event_happens_changes_some_run(number, before):
    data = full()
    data["events"][number]["round"] += 3
    assert differs(before, outcomes(scenario_from_data(data), RUNS))


def test_all_that_counts_as_a_number_of_a_scenario_is_tried():
    tried = {*PARAMETERS, *(f"events.{number}" for number in range(len(FULL["events"])))}
    assert set(numbers(CASE)) == tried


def test_runs_and_words_alone_change_none(before):
    data = full()
    data |= {"title": "Other words", "about": "More of them", "runs": 17}
    assert not differs(before, outcomes(scenario_from_data(data), RUNS))
