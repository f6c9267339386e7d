"""Several studies of one file: the file as it is goes before what options made of it, and that is named by them."""

from __future__ import annotations

import json

import pytest

from sim.scenario.loading.assignment import central
from sim.scenario.loading.scenario_loader import load_scenario
from sim.study.ensemble import run
from sim.study.results.stored_study import open_study
from tests.cli.conftest import SMALL

SHORT = ("--runs", 40, "--jobs", 1, "--no-spread", "--no-plot")


@pytest.fixture
def studies(parley) -> None:
    for options in ((), ("--set", "distrust=0.6"), ("--set", "distrust=0.6", "--seed", 9), ("--central",)):
        assert parley("run", SMALL, *SHORT, *options).code == 0


def test_the_unmodified_study_is_the_one_that_is_called_so(parley, studies: None) -> None:
    assert open_study("small").changes == ()
    assert parley("plot", "small", "--kind", "outcomes").code == 0


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("small with distrust=0.6", ("distrust=0.6",)),
        ("small distrust=0.6", ("distrust=0.6",)),
        ("distrust=0.6", ("distrust=0.6",)),
        ("distrust=0.6, seed=9", ("distrust=0.6", "seed=9")),
    ],
)
def test_what_was_set_names_a_study(studies: None, name: str, changes: tuple[str, ...]) -> None:
    assert open_study(name).changes == changes


def test_the_list_says_what_was_set(parley, studies: None) -> None:
    lines = parley("list").out.splitlines()
    assert {line.strip() for line in lines if line.startswith("  with ")} == {
        "with distrust=0.6",
        "with distrust=0.6, seed=9",
        "with every range at its middle",
    }
    entries = [json.loads(line) for line in parley("list", "--json").out.splitlines()]
    assert [] in [entry["changes"] for entry in entries]


def test_a_message_tells_the_studies_apart(parley, studies: None) -> None:
    message = " ".join(parley("plot", "smal").err.replace("│", "").split())
    assert "(run with distrust=0.6, seed=9)" in message
    assert "(run with every range at its middle)" in message


def test_python_remembers_what_was_set(tmp_path) -> None:
    scenario = load_scenario(SMALL, {"distrust": 0.5, "rapport": {"range": (0.0, 0.1)}})
    assert scenario.changes == ("distrust=0.5", 'rapport={"range": [0.0, 0.1]}')
    assert central(scenario).changes[:2] == scenario.changes
    folder = run(scenario, 20, seed=3, out=tmp_path, spread=False).folder
    assert open_study(folder).changes == (*scenario.changes, "seed=3")


def test_a_scenario_as_its_file_is_has_no_changes() -> None:
    assert load_scenario(SMALL).changes == ()
