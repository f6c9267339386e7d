"""The JSON Schema for editors."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from sim.scenario.loading.scenario_loader import load_scenario
from sim.scenario.model.json_schema import json_schema
from sim.scenario.model.parameters import resolved
from sim.scenario.model.schema import Scenario
from tests.scenario.samples import ENVOY, MINIMAL

SHIPPED = sorted((Path(__file__).parents[3] / "scenarios").glob("*.yaml"))


def test_every_key_is_described() -> None:
    properties = json_schema()["properties"]
    assert set(properties) == {"extends", *Scenario.model_fields}
    reservation = properties["parties"]["additionalProperties"]["properties"]["reservation"]
    assert reservation["description"] == (
        "Value of no settlement at the outset [r]. Unit: utility (1 is the best conceivable settlement). "
        "Must be a number from 0 to 1."
    )
    assert reservation["anyOf"] == [{"type": "number", "minimum": 0, "maximum": 1}, {"$ref": "#/$defs/quantity"}]
    assert properties["sharpness"]["default"] == 40
    assert properties["loss"]["default"] == "quadratic"
    assert {"type": "null", "description": "No mediator."} in properties["mediator"]["anyOf"]
    json.dumps(json_schema())


def test_what_must_be_given_unless_a_file_is_extended() -> None:
    schema = json_schema()
    assert "required" not in schema
    assert schema["if"] == {"required": ["extends"]}
    assert schema["else"]["required"] == ["issues", "parties", "distrust"]
    party = schema["else"]["properties"]["parties"]["additionalProperties"]
    assert party["required"] == ["aims", "salience", "reservation", "betrayal_loss"]


@cache
def validator() -> Any:
    """What tells whether data fit the schema, which is one itself."""
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator.check_schema(json_schema())
    return jsonschema.Draft202012Validator(json_schema())


def wrong(data: object) -> list[str]:
    """Return where data do not fit the schema."""
    return [error.json_path for error in validator().iter_errors(data)]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_scenarios_and_their_records_fit(path: Path) -> None:
    assert wrong(yaml.safe_load(path.read_text(encoding="utf-8"))) == []
    assert wrong(resolved(load_scenario(path))) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (MINIMAL + ENVOY, []),
        (MINIMAL + "mediator: null\n", []),
        (MINIMAL + "mediator: {name: m, leverage: {north: 0.1, assumption: a}}\n", []),
        (MINIMAL + "battlefield: {drift: {range: [0, 1], mode: 0.1}, assumption: a}\n", []),
        (MINIMAL + "events: [{round: 1, set: {distrust: 0.1}}]\n", []),
        ("extends: base.yaml\nrounds: {value: 3, assumption: a}\n", []),
        ("title: x\n", ["$", "$", "$"]),
        (
            MINIMAL.replace("reservation: 0.3", "reservation: 3"),
            ["$.parties.north.reservation", "$.parties.south.reservation"],
        ),
        (MINIMAL.replace("reservation:", "resrvation:", 1), ["$.parties.north", "$.parties.north"]),
        (MINIMAL + "rapport: {range: 1}\n", ["$.rapport"]),
        (MINIMAL + "rapport: {sd: 1}\n", ["$.rapport"]),
        (MINIMAL + "loss: cubic\n", ["$.loss"]),
        (MINIMAL + "guarantors: {a.b: 0.1}\n", ["$.guarantors"]),
        (MINIMAL + "events: [{round: 1}]\n", ["$.events[0]"]),
        (MINIMAL + "events: [{round: 1, signal: {by: north}}]\n", ["$.events[0].signal"]),
    ],
)
def test_fit(text: str, expected: list[str]) -> None:
    data: Any = yaml.safe_load(text)
    assert sorted(wrong(data)) == expected
