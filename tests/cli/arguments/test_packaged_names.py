"""Names of packaged scenarios on the command line, `parley examples`, and what manifests say to repeat."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from sim.scenario.packaged.packaged_scenarios import packaged_names
from sim.study.results.stored_study import open_study
from tests.cli.conftest import SMALL

QUICK = ("--runs", 20, "--no-plot")


def recorded(folder: Path) -> str:
    """The command in the only manifest below a folder."""
    (manifest,) = folder.rglob("manifest.json")
    return str(json.loads(manifest.read_text(encoding="utf-8"))["command"])


def test_examples_lists_every_name_with_its_title(parley) -> None:
    ending = parley("examples")
    assert (ending.code, ending.err) == (0, "")
    assert [name for name in packaged_names() if f"\n  {name}: " not in ending.out] == []
    assert "baseline: Mediation without conditions" in ending.out
    assert "What is left of the settlements if the two sides face each other alone?" in ending.out


def test_examples_are_copied_once(parley, tmp_path: Path) -> None:
    assert parley("examples", "--copy", "x").code == 0
    ending = parley("check", "x/scenarios/baseline.yaml")
    assert (ending.code, ending.err) == (0, "")
    again = parley("examples", "--copy", "x")
    assert (again.code, again.out) == (2, "")
    assert "x/scenarios: is there already" in again.err


@pytest.mark.parametrize("folder", ["", " "])
def test_copies_need_a_name(parley, tmp_path: Path, folder: str) -> None:
    assert parley("examples", "--copy", folder).code == 2
    assert list(tmp_path.iterdir()) == []


def test_a_packaged_scenario_runs_and_is_repeated_by_name_elsewhere(parley, tmp_path: Path, monkeypatch) -> None:
    ending = parley("run", "textbook", *QUICK, "--no-spread")
    assert (ending.code, ending.err.count("\n")) == (0, 1)
    assert ending.err.startswith("textbook: comes with Parley (")
    study = open_study("textbook")
    assert study.command_for("sweep") == "parley sweep textbook"
    (tmp_path / "elsewhere").mkdir()
    words = shlex.split(recorded(tmp_path))[1:]
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert parley(*words).code == 0
    assert open_study("textbook").manifest["digest"] == study.manifest["digest"]


def test_a_packaged_study_is_swept_and_tells_its_scenario(parley, tmp_path: Path) -> None:
    ending = parley("sweep", "studies/textbook-regimes", *QUICK, "--no-spread")
    assert ending.code == 0
    assert "studies/textbook-regimes: comes with Parley (" in ending.err
    assert open_study("textbook-regimes").command_for("run") == "parley run textbook --seed 1"


@pytest.mark.parametrize(("file", "written"), [("baseline.yaml", "baseline.yaml"), ("baseline", "./baseline")])
def test_the_file_that_was_taken_is_told_and_recorded(parley, tmp_path: Path, file: str, written: str) -> None:
    """`parley run baseline` in the manifest would mean another scenario wherever this file is not."""
    (tmp_path / file).write_text(Path(SMALL).read_text(encoding="utf-8"), encoding="utf-8")
    ending = parley("run", "baseline", *QUICK, "--no-spread", "--name", "baseline")
    assert ending.code == 0
    assert ending.err == f"baseline: the file {file} here, not what comes with Parley under that name\n"
    assert recorded(tmp_path) == f"parley run {written} --runs 20 --no-plot --no-spread --name baseline"


def test_a_file_by_its_path_is_taken_without_a_word(parley, tmp_path: Path) -> None:
    (tmp_path / "baseline.yaml").write_text(Path(SMALL).read_text(encoding="utf-8"), encoding="utf-8")
    assert parley("check", "baseline.yaml").err == ""


def test_a_file_that_extends_a_packaged_scenario_says_so(parley, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("extends: textbook\nrounds: 9\n", encoding="utf-8")
    ending = parley("check", "mine.yaml")
    assert ending.err.startswith("mine.yaml extends textbook, which comes with Parley (")
    assert ending.out.startswith("mine.yaml: no errors")


@pytest.mark.parametrize(
    "command", ["run", "check", "explain", "show", "sensitivity", "sweep", "compare", "trace --run 1"]
)
def test_a_wrong_name_is_refused_with_the_nearest(parley, tmp_path: Path, command: str) -> None:
    verb, *options = command.split()
    ending = parley(verb, "no-mediater", *options)
    assert (ending.code, ending.out) == (2, "")
    assert "did you mean 'no-mediator', which comes with Parley? (`parley examples`" in ending.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["", " ", "./no-mediater"])
def test_what_is_no_name_is_refused(parley, tmp_path: Path, text: str) -> None:
    ending = parley("run", text)
    assert (ending.code, ending.out) == (2, "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["check", "explain", "show", "trace --run 3"])
def test_names_are_taken_where_files_are(parley, command: str) -> None:
    verb, *options = command.split()
    named = parley(verb, "reference/facilitation", *options)
    assert named.code == 0
    assert named.out
    assert named.err.startswith("reference/facilitation: comes with Parley (")


def test_a_study_is_no_scenario(parley) -> None:
    ending = parley("run", "studies/mutual-distrust")
    assert ending.code == 2
    assert "\nstudies/mutual-distrust: is a study, for parley sweep" in ending.err
