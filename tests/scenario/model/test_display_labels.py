"""Labels of actors and issues: what they change (words), what they do not (numbers), and how variants pass them on."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from sim.scenario.errors import ScenarioError
from sim.scenario.loading.assignment import assign, central
from sim.scenario.loading.scenario_loader import load_scenario, scenario_from_data
from sim.scenario.model.display_labels import LONGEST, label
from sim.scenario.model.json_schema import json_schema
from sim.scenario.model.parameters import numbers, resolved
from sim.study.storage.study_folder import Study
from tests.scenario.samples import ENVOY, MINIMAL

LABELS = "labels: {north: the North, south: South, envoy: the UN envoy, land: the land, eu: the EU}\n"
WHOLE = MINIMAL + ENVOY + "guarantors: {eu: 0.4}\nimplementation: {penalty: 0.1}\n"
ALL = {"north": "the North", "south": "South", "envoy": "the UN envoy", "land": "the land", "eu": "the EU"}


def case(folder: Path, text: str, name: str = "case") -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(text)
    return path


def test_they_change_no_number_and_no_digest(tmp_path: Path) -> None:
    bare = load_scenario(case(tmp_path, WHOLE))
    labelled = load_scenario(case(tmp_path, WHOLE + LABELS, "labelled"))
    assert labelled.labels == ALL
    assert numbers(labelled) == numbers(bare)
    assert Study("case", labelled).digest == Study("case", bare).digest


def test_they_come_through_every_change_and_the_manifest(tmp_path: Path) -> None:
    labelled = load_scenario(case(tmp_path, WHOLE + LABELS))
    for changed in (
        assign(labelled, {"distrust": 0.2}),
        central(labelled),
        scenario_from_data(resolved(labelled)),
    ):
        assert changed.labels == ALL


def test_a_variant_inherits_them_replaces_some_and_takes_others_back(tmp_path: Path) -> None:
    case(tmp_path, WHOLE + LABELS)
    variant = load_scenario(case(tmp_path, "extends: case.yaml\nlabels: {south: the South, north: null}\n", "variant"))
    assert variant.labels == {**{name: ALL[name] for name in ("envoy", "land", "eu")}, "south": "the South"}
    again = load_scenario(case(tmp_path, "extends: variant.yaml\nlabels: {north: Norden}\n", "again"))
    assert again.labels["north"] == "Norden"


def test_a_null_where_nothing_is_inherited_is_no_label(tmp_path: Path) -> None:
    assert load_scenario(case(tmp_path, MINIMAL + "labels: {north: null}\n")).labels == {}


@pytest.mark.parametrize("gone", ["mediator: null\n", "mediator: {name: other}\n"])
def test_the_label_of_a_mediator_goes_with_it(tmp_path: Path, gone: str) -> None:
    case(tmp_path, WHOLE + LABELS)
    variant = load_scenario(case(tmp_path, f"extends: case.yaml\n{gone}", "variant"))
    assert "envoy" not in variant.labels and variant.labels["eu"] == "the EU"


def test_a_mediator_that_is_set_to_null_takes_its_label_along(tmp_path: Path) -> None:
    path = case(tmp_path, WHOLE + LABELS)
    assert "envoy" not in load_scenario(path, ["mediator=null"]).labels
    assert "envoy" not in assign(load_scenario(path), {"mediator": None}).labels


def test_an_issue_may_be_called_as_a_party_is_but_not_as_another_issue(tmp_path: Path) -> None:
    """Only what is shown together has to be told apart."""
    assert load_scenario(case(tmp_path, MINIMAL + "labels: {land: North}\n")).labels == {"land": "North"}
    two = MINIMAL.replace("ours}\n", "ours}\n  sea: {}\n").replace("land: 1}", "land: 1, sea: 1}")
    two = two.replace("land: 0}", "land: 0, sea: 0}") + "labels: {land: the Sea}\n"
    with pytest.raises(ScenarioError, match="'sea' would stand for both land and sea"):
        load_scenario(case(tmp_path, two))


def test_a_guarantor_and_a_party_may_not_be_shown_alike(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="would stand for both north and eu"):
        load_scenario(case(tmp_path, WHOLE + "labels: {eu: NORTH}\n"))


@given(st.text(max_size=60))
def test_whatever_is_taken_can_be_shown_in_a_line(words: str) -> None:
    try:
        taken = label(words)
    except ValueError:
        return
    assert taken is not None and taken == words
    assert 0 < len(taken) <= LONGEST and taken.isprintable() and taken.strip() == taken


def test_editors_know_them() -> None:
    schema = json_schema()["properties"]["labels"]
    check = Draft202012Validator(schema)
    assert check.is_valid({"us": "the US", "eu": None})
    assert not check.is_valid({"us": 3})
    assert not check.is_valid({"us": "x" * (LONGEST + 1)})
    assert not check.is_valid({"us": ""})
    assert not check.is_valid({"two words": "x"})
