"""Which kinds of charts a result can have, and what to do about those that it cannot."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.cli import main
from sim.cli.arguments.shared_options import load
from sim.output.charts import KINDS, suited
from sim.scenario.model.schema import Scenario
from sim.study.results.stored_study import StoredStudy, folders, open_study, read
from sim.study.storage.atomic_files import StorageError
from sim.study.storage.study_folder import Study
from tests.output.charts.kept_studies import LEVELS, ROOT, always, falling, kept_sweep

SMALL = ROOT / "tests" / "study" / "data" / "small.yaml"

Parley = Callable[[str], None]


@pytest.fixture
def parley(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Parley:
    """Give a command in a folder with the small scenario in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small.yaml").write_bytes(SMALL.read_bytes())

    def given(command: str) -> None:
        words = shlex.split(command)
        monkeypatch.setattr(sys, "argv", words)
        with pytest.raises(SystemExit) as ending:
            main(words[1:])
        assert not ending.value.code, (command, capsys.readouterr().err)

    return given


def names(*studies: StoredStudy, only_main: bool = False) -> list[str]:
    return [kind.name for kind in suited(studies, only_main)]


def lacking(kind: str, *studies: StoredStudy) -> str:
    found = KINDS[kind].lacks(studies)
    assert found is not None
    return found


class TestSuited:
    def test_runs(self, plain: StoredStudy, nobody: StoredStudy, examined: StoredStudy) -> None:
        assert names(plain) == ["outcomes", "terms", "durability", "distrust"]
        assert names(plain, only_main=True) == ["outcomes", "terms"]
        assert names(nobody) == ["outcomes", "distrust"]
        assert names(examined) == ["outcomes", "terms", "durability", "distrust", "differences", "sensitivity"]
        assert names(plain, examined) == ["terms", "durability"]

    def test_sweeps(self, small: Scenario, sampled: StoredStudy, tmp_path: Path) -> None:
        line = kept_sweep(tmp_path / "1", small, {"distrust": LEVELS}, falling)
        grid = kept_sweep(tmp_path / "2", small, {"distrust": LEVELS, "rapport": [0.0, 0.1]}, falling)
        words = kept_sweep(tmp_path / "3", small, {"mediator.style": [None, "formulation"]}, always(0.5))
        both = kept_sweep(tmp_path / "4", small, {"distrust": LEVELS, "mediator.style": [None, "formulation"]}, falling)
        assert names(line) == ["settlement", "composition"]
        assert names(grid) == ["settlement", "map"]
        assert names(words) == ["settlement", "composition"]
        assert names(both) == ["settlement"]
        assert names(sampled) == ["scatter"]
        assert names(line, grid) == ["settlement"]
        assert names(words, words) == []
        assert names(line, words) == []

    def test_a_dance_is_asked_for_by_name(self, plain: StoredStudy) -> None:
        assert KINDS["dance"].lacks([plain]) is None
        assert "dance" not in names(plain)

    @pytest.mark.parametrize("count", [8, 9])
    def test_more_lines_than_can_be_told_apart(self, small: Scenario, tmp_path: Path, count: int) -> None:
        vary = {"distrust": LEVELS, "rapport": [n / 100 for n in range(count)]}
        study = kept_sweep(tmp_path, small, vary, falling)
        assert KINDS["settlement"].lacks([study]) == (
            None if count == 8 else "would have 9 lines, more than the 8 that can be told apart: vary fewer values"
        )
        assert KINDS["map"].lacks([study]) is None


class TestLacking:
    def test_what_is_missing_is_named(self, plain: StoredStudy, small: Scenario, tmp_path: Path) -> None:
        line = kept_sweep(tmp_path, small, {"distrust": LEVELS}, falling, name="small")
        assert lacking("settlement", plain).startswith(f"needs a sweep, and {plain.path} is a run: parley sweep ")
        assert lacking("map", line) == (
            "needs a sweep of two parameters that are numbers: "
            "parley sweep small.yaml --vary PATH=FROM:TO:POINTS (twice)"
        )
        assert lacking("scatter", line) == (
            "needs one sampled sweep: parley sweep small.yaml --vary PATH=FROM:TO --sample lhs:200"
        )
        assert lacking("composition", plain).startswith("needs one sweep of one parameter: parley sweep ")
        assert lacking("outcomes", line) == f"needs a plain run, and {line.path} is a sweep: parley run small.yaml"
        assert lacking("differences", plain) == "needs a comparison: parley compare SCENARIO --ablate"
        assert lacking("sensitivity", line) == (
            f"needs a sensitivity study of a run, and {line.path} is a sweep: parley sensitivity small.yaml"
        )
        for kind in ("map", "outcomes", "distrust", "dance", "sensitivity"):
            assert "one" in lacking(kind, plain, plain)

    def test_several_that_do_not_go_together(self, small: Scenario, tmp_path: Path) -> None:
        one = kept_sweep(tmp_path / "1", small, {"distrust": LEVELS}, falling)
        other = kept_sweep(tmp_path / "2", small, {"rapport": [0.0, 0.1]}, falling)
        assert lacking("settlement", one, other) == "cannot be drawn: the sweeps vary different parameters"

    def test_an_unfinished_study(self, plain: StoredStudy, small: Scenario, tmp_path: Path) -> None:
        for name in ("run", "sweep"):
            (tmp_path / name).mkdir()
        (tmp_path / "run" / "manifest.json").write_bytes((plain.path / "manifest.json").read_bytes())
        assert lacking("outcomes", read(tmp_path / "run")).startswith("needs a finished run: parley run ")
        assert names(read(tmp_path / "run")) == []
        sweep = kept_sweep(tmp_path / "sweep", small, {"distrust": LEVELS}, falling)
        (sweep.path / "summary.json").unlink()
        with pytest.raises(StorageError, match=r"interrupted.*to finish it: parley sweep small\.yaml"):
            suited([read(sweep.path)])


STUDY = """\
scenario: small.yaml
vary: {distrust: {from: 0, to: 1, points: 2}}
runs: 20
seed: 5
"""


def meant(command: str) -> Scenario:
    """The scenario that a command is about, as the program reads it."""
    parser = argparse.ArgumentParser()
    for option in ("--set", "--vary"):
        parser.add_argument(option, action="append")
    for option in ("--seed", "--out", "--sample"):
        parser.add_argument(option)
    for option in ("--central", "--ablate"):
        parser.add_argument(option, action="store_true")
    parley, _, file, *options = shlex.split(command)
    given = parser.parse_args(options)
    assert parley == "parley"
    (scenario,) = load([Path(file)], given.set, given.central)
    return scenario if given.seed is None else scenario.model_copy(update={"seed": int(given.seed)})


def digest(scenario: Scenario, study: StoredStudy) -> str:
    """What would stand in the name of the folder of such a study of a scenario."""
    return Study("any", scenario, tuple(study.points)).digest


class TestCommands:
    """The command that is given for a study leads to the same scenario, with the same luck."""

    def test_it_makes_what_was_missing(self, parley: Parley) -> None:
        parley("parley run small.yaml --set rapport=0.05 --seed 5 --runs 20 --no-plot --no-spread")
        study = open_study("small")
        for kind, more in (
            ("sensitivity", "--rows 16 --plays 2"),
            ("differences", "--runs 20"),
            ("settlement", "--runs 20 --no-plot --no-spread"),
        ):
            command = lacking(kind, study).partition(": ")[2].replace("distrust=0:1:41", "distrust=0:1:2")
            before = {path.name for path in folders("results")}
            parley(f"{command} {more}")
            new = [path for path in folders("results") if path.name not in before and path.name.startswith("small-")]
            found = read(new[0]) if kind == "settlement" else study
            assert not str(KINDS[kind].lacks([found])).startswith("needs")  # 16 rows are too few for indices
            assert found.scenario.rapport == study.scenario.rapport
            assert found.seed == 5

    @pytest.mark.parametrize(
        "command",
        [
            "parley run small.yaml --runs 5",
            "parley run small.yaml --runs 5 --set rapport=0.05 --set 'distrust.*.us=0.1' --seed 5",
            "parley run small.yaml --runs 5 --seed=6 --set=rapport=0.02 --central --out elsewhere",
            "parley run other.yaml small.yaml --runs 5",
            "parley compare other.yaml small.yaml --runs 5",
            "parley sweep question.yaml --runs 5",
            "parley sweep question.yaml --runs 5 --set rapport=0.05 --seed 8",
            "parley sweep small.yaml --vary distrust=0,1 --runs 5 --seed 5",
        ],
    )
    def test_it_is_about_the_same(self, parley: Parley, tmp_path: Path, command: str) -> None:
        (tmp_path / "other.yaml").write_text("extends: small.yaml\nseed: 99\nrapport: 0.03\n")
        (tmp_path / "question.yaml").write_text(STUDY)
        parley(command + ("" if " compare " in command else " --no-plot --no-spread"))
        out = "elsewhere" if "elsewhere" in command else "results"
        study = open_study("question" if "question" in command else "small", out)
        for verb in ("run", "sweep", "compare"):
            found = study.command_for(verb)
            assert found.startswith(f"parley {verb} small.yaml")
            assert digest(meant(found), study) == study.manifest["digest"]
            assert ("--out elsewhere" in found) == (out == "elsewhere")
        assert "--central" not in study.command_for("sensitivity")  # nothing would be a range

    def test_of_an_ablation_no_file_is_named(self, small: Scenario, tmp_path: Path) -> None:
        """No file says what was put away: the file that it was put away from would be another scenario."""
        command = "parley compare small.yaml --ablate"
        for name, words in (("small", "small.yaml --seed 11"), ("small-without-texts", "SCENARIO")):
            study = kept_sweep(tmp_path, small, {"distrust": LEVELS}, falling, command=command, name=name)
            assert study.command_for("run") == f"parley run {words}"

    def test_of_scenarios_called_alike(self, small: Scenario, tmp_path: Path) -> None:
        """As `parley compare` calls them: after the folders of their files too."""
        command = "parley compare one/case.yaml two/case.yaml"
        study = kept_sweep(tmp_path, small, {"distrust": LEVELS}, falling, command=command, name="two-case")
        assert study.command_for("run") == "parley run two/case.yaml --seed 11"

    @pytest.mark.parametrize("command", ["python script.py", "", "parley", "script small.yaml"])
    def test_of_what_was_made_otherwise(self, small: Scenario, tmp_path: Path, command: str) -> None:
        study = kept_sweep(tmp_path, small, {"distrust": LEVELS}, falling, command=command, name="small")
        assert study.command_for("run") == "parley run SCENARIO"

    def test_names_are_quoted(self, small: Scenario, tmp_path: Path) -> None:
        command = shlex.join(["parley", "run", "my case.yaml", "--set", "distrust.*.us=0.5"])
        study = kept_sweep(tmp_path, small, {"distrust": LEVELS}, falling, command=command, name="my case")
        assert study.command_for("run") == "parley run 'my case.yaml' --set 'distrust.*.us=0.5'"
