"""Stored results are a mapping from names."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

import sim
from sim.api.result_objects import Ensemble, Sensitivity, Sweep
from sim.study.storage.repeated_command import repeat_command


def test_results_are_opened_as_what_they_are(case: sim.Scenario, ensemble: Ensemble, swept: Sweep, out: Path) -> None:
    kept = sim.results(out)
    assert type(kept["plain"]) is Ensemble
    assert type(kept["swept"]) is Sweep
    assert kept["plain"].summary == ensemble.summary
    sim.sensitivity(case.assign({"sharpness": 30}), 64, 8, out=out, name="alone")
    assert type(kept["alone"]) is Sensitivity
    assert ensemble.folder.name in list(kept)
    assert len(kept) == len(list(kept)) == len(kept.to_frame())
    assert kept.to_frame().loc[swept.folder.name, "kind"] == "sweep"
    assert "plain" in repr(kept)


def test_results_are_found_from_another_folder(
    case: sim.Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made, kept = sim.run(case, 20, spread=False), sim.results()
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    assert len(made.to_frame()) == 20
    assert list(kept) == [made.folder.name]


def test_what_is_run_is_called_after_the_scenarios_name(case: sim.Scenario, tmp_path: Path) -> None:
    made = sim.run(case, 20, out=tmp_path, spread=False)
    assert (made.name, made.folder.name.rpartition("-")[0]) == ("small", "small")
    changed = sim.run(case.assign({"distrust": 0.25}), 20, out=tmp_path, spread=False)
    kept = sim.results(tmp_path)
    assert kept["small"].folder == made.folder
    assert kept["small with distrust=0.25"].folder == changed.folder
    assert kept["distrust=0.25"].scenario.changes == ("distrust=0.25",)
    assert "with distrust=0.25" in changed.scenario.title


def test_a_name_that_is_none_is_a_key_error_in_words(ensemble: Ensemble, out: Path) -> None:
    kept = sim.results(out)
    assert "nowhere" not in kept
    assert kept.get("nowhere") is None
    with pytest.raises(sim.NoResultError, match=r"^nowhere: neither a results folder nor the beginning of a name"):
        kept["nowhere"]


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    kept = sim.results(tmp_path / "none")
    assert (list(kept), len(kept.to_frame())) == ([], 0)
    assert not (tmp_path / "none").exists()


class TestCommands:
    """The manifest says how to get a study again, and nothing of the program that made it."""

    def test_a_call_of_python_gets_it_again(
        self, case: sim.Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sys, "argv", ["/secret/program", "--password=x"])
        out = tmp_path / "results"
        made = [
            sim.run(case, 30, out=out, name='it\'s a "name"', spread=False),
            sim.sweep(case, {"distrust": [0.2, 0.4], "mediator.style": ["facilitation", "formulation"]}, 20, out=out),
            sim.sweep(case, {"distrust": [0.2, 0.4]}, 20, sample="lhs:4", out=out, name="sampled"),
            sim.sweep(case, {"sharpness": [1.0, 10.0]}, 20, log=["sharpness"], out=out, name="log"),
            sim.sensitivity(case.assign({"sharpness": 30.0}), 64, 8, out=out, name="indices"),
        ]
        for result in made:
            command = result.study.command
            assert command.startswith("in Python: sim.")
            assert "secret" not in (result.folder / "manifest.json").read_text()
            again = eval(command.removeprefix("in Python: "), {"sim": sim})
            assert (again.folder, again.simulated) == (result.folder, 0)
            # in a stored scenario every default counts as given, so more of them may be said to have no effect
            assert {**again.summary, "warnings": 0} == {**result.summary, "warnings": 0}

    def test_it_leads_to_where_the_folder_lies_now(self, case: sim.Scenario, tmp_path: Path) -> None:
        made = sim.run(case, 20, out=tmp_path / "one", spread=False)
        shutil.copytree(made.folder, tmp_path / "two" / made.folder.name)
        moved = sim.results(tmp_path / "two")[made.folder.name]
        assert str(tmp_path / "two") in moved.study.command
        assert str(tmp_path / "one") not in moved.study.command

    @pytest.mark.parametrize(
        "command",
        [
            "__import__('os').system('id')",
            "sim.run(__import__('os').system('id'), runs=__import__('os').getpid())",
            "sim.run(sim.results('x')['y'].scenario, **{'out': open('/etc/passwd')})",
            "sim.run(sim.results('x')['y'].scenario, runs=5); import os",
            "os.run(sim.results('x')['y'].scenario)",
            "sim.verify(sim.results('x')['y'].scenario)",
            "sim.run.__globals__(1)",
            "sim.run()",
            "sim.run(x, **{'runs': 5})",
            "sim.run(x, (lambda: 1)())",
            "sim.run(" + "(" * 5000,
            "\0",
        ],
    )
    def test_no_other_code_is_ever_repeated(self, command: str, tmp_path: Path) -> None:
        told = repeat_command(command, tmp_path / "results" / "baseline-0123")
        assert told.startswith("the program that made it")

    @pytest.mark.parametrize("keyword", ["verb", "folder", "self", "arguments"])
    def test_no_keyword_of_a_received_call_is_in_the_way(self, keyword: str, tmp_path: Path) -> None:
        told = repeat_command(f"sim.run(x, {keyword}=1)", tmp_path / "results" / "baseline-0123")
        assert f"{keyword}=1" in told

    def test_of_a_received_call_only_plain_values_are_repeated(self, tmp_path: Path) -> None:
        received = "sim.run(__import__('os').system('id'), runs=5, out='/elsewhere')"
        told = repeat_command(received, tmp_path / "results" / "baseline-0123")
        folder = str(tmp_path / "results")
        assert told == f"in Python: sim.run(sim.results({folder!r})['baseline-0123'].scenario, runs=5, out={folder!r})"
