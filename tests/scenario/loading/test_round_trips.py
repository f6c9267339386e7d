"""What must hold for anything that anybody writes (hypothesis)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.scenario.errors import ScenarioError
from sim.scenario.loading.assignment import assign, central
from sim.scenario.loading.scenario_loader import load_scenario, scenario_from_data
from sim.scenario.model.parameters import numbers, parameters, quantities, resolved
from sim.scenario.model.schema import Scenario
from tests.examples import examples
from tests.scenario.samples import CLAIMS, ENVOY, MINIMAL, write

WORDS = [
    *("title", "issues", "parties", "distrust", "mediator", "guarantors", "events", "set", "signal", "incident"),
    *("by", "round", "likelihood", "aims", "salience", "reservation", "north", "south", "land", "envoy"),
    *("name", "style", "leverage", "bias", "value", "range", "mode", "mean", "sd", "beta"),
    *("reading", "claim", "assumption", "shared", "rounds", "loss", "runs", "seed", "evidence", "extends"),
    *(
        "battlefield",
        "drift",
        "incidents",
        "rate",
        "implementation",
        "periods",
        "penalty",
        "distrust.north.south",
        "mediator.leverage",
        "*",
    ),
    *("mediator.style", "front"),
]
KEYS = st.sampled_from(WORDS)
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=4), KEYS, st.sampled_from([0, 1, 0.5, -1])
)
DATA = st.recursive(
    SCALARS, lambda part: st.lists(part, max_size=3) | st.dictionaries(KEYS | SCALARS, part, max_size=4), max_leaves=12
)
SOUND: dict[str, Any] = yaml.safe_load(
    MINIMAL
    + ENVOY
    + """\
guarantors: {others: 0.2}
implementation: {periods: 10, penalty: 0.1}
battlefield: {drift: 0}
incidents: {rate: {north: 0.1}}
events: [{round: 3, set: {distrust: 0.1}}, {round: 4, signal: {by: north, likelihood: 0.2}}]
"""
)
CHANGES = ["north.aims=1", "distrust=.3", "mediator=null", "rapport={}"]
ANY = st.characters()


def places(data: object, loc: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the locs of all parts of data."""
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [loc, *(place for key, part in inner for place in places(part, (*loc, key)))]


def replaced(data: Any, loc: tuple[Any, ...], part: object) -> Any:
    """Return data with one part replaced."""
    if not loc:
        return part
    copy = data.copy()
    copy[loc[0]] = replaced(data[loc[0]], loc[1:], part)
    return copy


def outcome(data: Any) -> Scenario | None:
    """Return the scenario that data describe, or None if they are refused as they should be."""
    try:
        return scenario_from_data(data)
    except ScenarioError as error:
        assert error.problems
        assert all(problem.message and str(problem) for problem in error.problems)
        return None


@settings(deadline=None)
@given(DATA)
def test_arbitrary_data_raise_nothing_else(data: object) -> None:
    outcome(data)


@settings(max_examples=examples(80), deadline=None)
@given(st.sampled_from(places(SOUND)), DATA)
def test_one_arbitrary_part_raises_nothing_else(loc: tuple[Any, ...], part: object) -> None:
    scenario = outcome(replaced(SOUND, loc, part))
    if scenario is not None:
        assert scenario_from_data(json.loads(json.dumps(resolved(scenario)))) == scenario
        json.dumps(numbers(scenario), allow_nan=False)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(loc=st.sampled_from(places(SOUND)), part=DATA, change=st.sampled_from(CHANGES))
def test_arbitrary_files_raise_nothing_else(loc: tuple[Any, ...], part: object, change: str, folder: Path) -> None:
    write(folder, case=yaml.safe_dump(replaced(SOUND, loc, part), allow_unicode=True), claims=CLAIMS)
    (folder / "over.yaml").write_text(yaml.safe_dump({"extends": "case.yaml", "distrust": part, "mediator": None}))
    for file in ("case.yaml", "over.yaml"):
        try:
            load_scenario(file, [change], strict=True)
        except ScenarioError as error:
            assert str(error)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    content=st.binary(max_size=40) | st.text(max_size=60).map(str.encode),
    before=st.sampled_from([b"", MINIMAL.encode()]),
)
def test_arbitrary_bytes_raise_nothing_else(content: bytes, before: bytes, folder: Path) -> None:
    (folder / "case.yaml").write_bytes(before + content)
    try:
        load_scenario("case.yaml")
    except ScenarioError as error:
        assert str(error).startswith("case.yaml")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(change=st.text(ANY, max_size=20) | st.builds("{}={}".format, KEYS, st.text(ANY, max_size=12)))
def test_arbitrary_changes_raise_nothing_else(change: str, folder: Path) -> None:
    write(folder, case=MINIMAL)
    try:
        load_scenario("case.yaml", [change], option="--set")
    except ScenarioError as error:
        assert all(problem.file.startswith(("--set ", "case.yaml")) for problem in error.problems)


def finite(low: float, high: float) -> st.SearchStrategy[float]:
    """Return numbers between bounds."""
    return st.floats(low, high, allow_subnormal=False)


@st.composite
def forms(draw: st.DrawFn) -> Any:
    """Draw a number between .1 and .9 in any form, with any provenance."""
    low, centre, high = sorted(draw(st.tuples(*[finite(0.1, 0.9)] * 3)))
    form = draw(
        st.sampled_from(
            [
                {"value": centre},
                {"range": [low, high]},
                {"range": [low, high], "mode": centre},
                {"mean": centre, "sd": 0.1, "range": [low, high]},
                {"beta": [1 + low, 1 + high]},
            ]
        )
    )
    notes = draw(st.dictionaries(st.sampled_from(["assumption", "shared", "claim"]), st.text(min_size=1), max_size=2))
    return draw(st.sampled_from([centre, {**form, **notes}]))


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Draw a sound scenario of two to four parties and one to three issues."""
    parties = draw(st.lists(st.sampled_from(["a", "b", "c", "Ж"]), min_size=2, max_size=4, unique=True))
    issues = draw(st.lists(st.sampled_from(["x", "y", "z"]), min_size=1, max_size=3, unique=True))
    profile = st.fixed_dictionaries(
        {
            "aims": st.fixed_dictionaries({issue: forms() for issue in issues}),
            "salience": st.fixed_dictionaries({issue: forms() for issue in issues}),
            "reservation": forms(),
            "betrayal_loss": forms(),
        },
        optional={"front": st.sampled_from([-1, 0, 1]), "impatience": forms(), "concession": finite(0.1, 5)},
    )
    data: dict[str, Any] = {
        "issues": {issue: {"low": "l", "high": "h"} for issue in issues},
        "parties": {party: draw(profile) for party in parties},
        "distrust": {one: {other: draw(forms()) for other in parties if other != one} for one in parties},
        "rounds": draw(st.integers(5, 99)),
    }
    if draw(st.booleans()):
        data["mediator"] = {
            "name": "m",
            "leverage": draw(forms()),
            "style": draw(st.sampled_from(["facilitation", "manipulation"])),
        }
        data["events"] = [{"round": 2, "set": {"mediator.leverage": draw(forms()), "distrust": draw(forms())}}]
    if draw(st.booleans()):
        data |= {"guarantors": {"g": draw(forms())}, "implementation": {"penalty": draw(forms())}}
    return scenario_from_data(data)


@settings(deadline=None, max_examples=examples(10))
@given(scenarios())
def test_records_round_trip(scenario: Scenario) -> None:
    record = json.loads(json.dumps(resolved(scenario)))
    assert scenario_from_data(record) == scenario
    assert resolved(scenario_from_data(record)) == record
    assert assign(scenario, {}) == scenario
    assert numbers(scenario_from_data(record)) == numbers(scenario)


@settings(deadline=None, max_examples=examples(10))
@given(scenarios(), finite(0.0, 1.0))
def test_assignment_changes_what_it_names_and_nothing_else(scenario: Scenario, value: float) -> None:
    before, after = numbers(scenario), numbers(assign(scenario, {"distrust": value}))
    changed = {path for path in before if before[path] != after[path]}
    parties = list(scenario.parties)
    pairs = {f"distrust.{one}.{other}" for one in parties for other in parties if one != other}
    assert changed <= pairs
    assert all(after[pair] == pytest.approx(value) for pair in pairs)
    assert before.keys() == after.keys()


@settings(deadline=None, max_examples=examples(10))
@given(scenarios())
def test_the_middle_lies_within_every_range(scenario: Scenario) -> None:
    middle = quantities(central(scenario))
    for path, quantity in quantities(scenario).items():
        assert quantity.low <= middle[path].low == middle[path].high <= quantity.high
    assert set(parameters(central(scenario))) == set(parameters(scenario))


@settings(deadline=None, max_examples=examples(10))
@given(scenarios(), st.randoms(use_true_random=False))
def test_the_order_of_the_file_is_no_matter(scenario: Scenario, random: Any) -> None:
    def shuffled(data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        keys = list(data)
        random.shuffle(keys)
        return {key: shuffled(data[key]) for key in keys}

    assert numbers(scenario_from_data(shuffled(resolved(scenario)))) == numbers(scenario)
