from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.study.storage import atomic_files
from sim.study.storage.parquet_parts import scan

SMALL = Path(__file__).parents[2] / "study" / "data" / "small.yaml"

KEYS = [
    "scenario",
    "runs",
    "seed",
    "outcomes",
    "walkout_by",
    "authors",
    "rounds",
    "sessions",
    "terms",
    "utility",
    "efficiency",
    "holds",
    "lasting",
    "below_war",
    "curves",
    "spread",
    "warnings",
]


@pytest.mark.quick
class TestJson:
    def test_stdout_holds_one_object_and_nothing_else(self, parley, tmp_path: Path) -> None:
        ending = parley("run", SMALL, "--runs", 50, "--seed", 3, "--json")
        assert ending.code == 0
        assert ending.out.count("\n") == 1
        summary = json.loads(ending.out)
        assert list(summary) == KEYS
        assert (summary["scenario"], summary["runs"], summary["seed"]) == ("small", 50, 3)
        assert ending.err.startswith("Results: results/small-")
        (folder,) = (tmp_path / "results").iterdir()
        assert json.loads((folder / "summary.json").read_text()) == summary

    def test_several_scenarios_give_a_line_each(self, parley, tmp_path: Path) -> None:
        other = tmp_path / "other.yaml"
        other.write_text(f"extends: {SMALL}\nmediator: null\n")
        lines = parley("run", SMALL, other, "--runs", 5, "--json", "--no-plot").out.splitlines()
        assert [json.loads(line)["scenario"] for line in lines] == ["small", "other"]

    def test_set_and_central_change_the_question(self, parley) -> None:
        plain, changed, central = (
            json.loads(parley("run", SMALL, "--runs", 200, "--json", "--no-plot", *options).out)
            for options in ((), ("--set", "distrust=1", "--set", "rounds=5"), ("--central",))
        )
        assert plain["outcomes"]["settlement"]["p"] > changed["outcomes"]["settlement"]["p"]
        assert plain["outcomes"] != central["outcomes"]
        told = parley("run", SMALL, "--central", "--set", "rounds=5", "--no-plot").out
        assert told.startswith("A small negotiation; with rounds=5; every range at its middle (median)\n")

    def test_precision_sets_the_number_of_runs(self, parley) -> None:
        summary = json.loads(parley("run", SMALL, "--precision", 0.02, "--json", "--no-plot").out)
        share = summary["outcomes"]["settlement"]
        assert (share["high"] - share["low"]) / 2 < 0.02


@pytest.mark.quick
class TestTable:
    def test_it_reads_at_80_columns_without_colour(self, parley) -> None:
        ending = parley("run", SMALL)
        assert ending.code == 0
        assert ending.err == ""
        assert "\x1b" not in ending.out
        assert max(map(len, ending.out.splitlines())) <= 80
        assert "A small negotiation" in ending.out
        assert "300 runs" in ending.out
        assert "How often do they settle?" in ending.out
        assert "all of it is the first's" in ending.out
        assert "not a forecast" in ending.out

    def test_it_ends_with_where_the_results_lie(self, parley, tmp_path: Path) -> None:
        out = parley("run", SMALL, "--out", "kept", "--no-plot").out
        folder = out.splitlines()[-2].removeprefix("Results: ")
        assert (tmp_path / folder / "manifest.json").is_file()
        assert json.loads((tmp_path / folder / "manifest.json").read_text())["command"] == (
            f"parley run {SMALL} --out kept --no-plot"
        )

    def test_the_same_command_finds_its_results(self, parley) -> None:
        first = parley("run", SMALL, "--no-plot")
        again = parley("run", SMALL, "--no-plot")
        assert "already complete" not in first.out
        assert again.out.replace(" (already complete, nothing had to be simulated)", "") == first.out

    def test_charts_of_more_runs_than_the_table_say_so(self, parley) -> None:
        assert "The charts show" not in parley("run", SMALL, "--no-spread").out
        fewer = parley("run", SMALL, "--no-spread", "--runs", 50).out
        assert fewer.rstrip().endswith("The charts show all 300 runs that this study has.")
        assert "The charts show" not in parley("run", SMALL, "--no-spread", "--runs", 50, "--no-plot").out

    def test_a_range_over_the_assumptions_that_was_lacking_is_simulated_too(self, parley) -> None:
        assert parley("run", SMALL, "--no-spread", "--no-plot").code == 0
        assert "already complete" not in parley("run", SMALL, "--no-plot").out


class TestCharts:
    def test_it_says_where_they_lie(self, parley, tmp_path: Path) -> None:
        out = parley("run", SMALL, "--runs", 40, "--no-spread").out
        (folder,) = (tmp_path / "results").iterdir()
        charts = [f"results/{folder.name}/charts/{name}.png" for name in ("outcomes", "terms")]
        assert out.splitlines()[-4:] == [f"Results: results/{folder.name}/", *(f"Chart: {path}" for path in charts), ""]
        assert sorted(path.name for path in (folder / "charts").iterdir()) == ["outcomes.png", "terms.png"]
        assert all((tmp_path / path).read_bytes().startswith(b"\x89PNG") for path in charts)

    def test_with_json_it_says_so_on_stderr(self, parley) -> None:
        ending = parley("run", SMALL, "--runs", 40, "--no-spread", "--json")
        assert list(json.loads(ending.out)) == KEYS
        assert [line.partition(" ")[0] for line in ending.err.splitlines()] == ["Results:", "Chart:", "Chart:"]

    def test_no_plot_draws_none(self, parley, tmp_path: Path) -> None:
        ending = parley("run", SMALL, "--runs", 40, "--no-spread", "--no-plot")
        assert (ending.code, ending.err, "Chart" in ending.out) == (0, "", False)
        assert not list(tmp_path.rglob("charts"))

    def test_where_none_settles_there_are_no_terms_to_draw(self, parley) -> None:
        out = parley("run", SMALL, "--runs", 20, "--no-spread", "--set", "parties.*.precondition=5").out
        assert [Path(line).name for line in out.splitlines() if line.startswith("Chart: ")] == ["outcomes.png"]

    def test_a_chart_that_cannot_be_kept_is_named_after_the_figures(self, parley, tmp_path: Path) -> None:
        asked = ("run", SMALL, "--runs", 20, "--no-spread")
        parley(*asked, "--no-plot")
        (folder,) = (tmp_path / "results").iterdir()
        (folder / "charts").touch()
        ending = parley(*asked)
        assert ending.code == 1
        assert "Results: results/" in ending.out
        charts = [f"results/{folder.name}/charts/{name}.png: cannot write" for name in ("outcomes", "terms")]
        told = [f"Chart not drawn: {Path(chart).stem}: {chart}" for chart in (each.split(":")[0] for each in charts)]
        assert [line.partition(": cannot write")[0] for line in ending.err.splitlines()] == told

    @pytest.mark.parametrize("command", ["run", "compare"])
    def test_figures_of_other_versions_are_not_passed_off_as_of_todays(
        self, parley, tmp_path: Path, command: str
    ) -> None:
        other = tmp_path / "other.yaml"
        other.write_text(SMALL.read_text().replace("rounds: 12", "rounds: 13"))
        asked = (command, SMALL, *([other] if command == "compare" else []), "--runs", 20, "--no-spread", "--no-plot")
        assert "Simulated under" not in parley(*asked).out
        for path in (tmp_path / "results").glob("*/manifest.json"):
            manifest = json.loads(path.read_text())
            manifest["versions"]["numpy"] = "0.1"
            path.write_text(json.dumps(manifest))
        here = f"here is numpy {np.__version__}: the same runs might differ in their last digits."
        line = f"Simulated under numpy 0.1; {here}"
        assert line in parley(*asked).out.splitlines()
        assert line in parley(*asked, "--json").err.splitlines()


BAD = {
    "no scenario": (["run"], "SCENARIO"),
    "no such file": (["run", "nowhere.yaml"], "nowhere.yaml"),
    "a folder": (["run", "."], "."),
    "no such parameter": (["run", SMALL, "--set", "distrust.first.secnd=1"], "distrust.first.second"),
    "no such value": (["run", SMALL, "--set", "distrust=2"], "a number from 0 to 1"),
    "no assignment": (["run", SMALL, "--set", "distrust"], "distrust"),
    "no runs": (["run", SMALL, "--runs", "0"], "--runs"),
    "runs in words": (["run", SMALL, "--runs", "many"], "--runs"),
    "no precision": (["run", SMALL, "--precision", "0"], "--precision"),
    "precision is no number": (["run", SMALL, "--precision", "nan"], "--precision"),
    "no jobs": (["run", SMALL, "--jobs", "0"], "--jobs"),
    "a seed below zero": (["run", SMALL, "--seed", "-1"], "--seed"),
    "no such option": (["run", SMALL, "--fast"], "--fast"),
    "no such command": (["walk", SMALL], "walk"),
    "one of two is bad": (["run", SMALL, "nowhere.yaml"], "nowhere.yaml"),
    "trace without a run": (["trace", SMALL], "--run"),
    "trace of a run below zero": (["trace", SMALL, "--run", "-1"], "--run"),
    "explaining nothing": (["explain", "nowhere.yaml"], "nowhere.yaml"),
    "checking nothing": (["check", "nowhere.yaml", "elsewhere.yaml"], "elsewhere.yaml"),
}


@pytest.mark.quick
class TestBadInput:
    @pytest.mark.parametrize(("arguments", "named"), BAD.values(), ids=BAD)
    def test_it_is_refused_before_anything_runs(
        self, parley, tmp_path: Path, arguments: list[object], named: str
    ) -> None:
        ending = parley(*arguments)
        assert ending.code == 2
        assert ending.out == ""
        assert named in ending.err
        assert "Traceback" not in ending.err
        assert list(tmp_path.iterdir()) == []

    def test_everything_wrong_in_any_scenario_is_said_once(self, parley, tmp_path: Path) -> None:
        bad = tmp_path / "bad.yaml"
        bad.write_text(f"extends: {SMALL}\nruond: 3\nsharpness: -1\n")
        ending = parley("check", bad, bad)
        assert ending.code == 2
        assert [line.count("bad.yaml") for line in ending.err.splitlines()] == [1, 1]


class TestTrouble:
    def test_a_full_disk_is_one_clear_line(self, parley, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(_: int) -> None:
            raise OSError(28, os.strerror(28))

        monkeypatch.setattr(atomic_files.os, "fsync", refuse)
        ending = parley("run", SMALL)
        assert ending.code == 1
        assert ending.out == ""
        assert ending.err.count("\n") == 1
        assert "cannot write results: No space left on device" in ending.err

    def test_an_unwritable_results_folder_is_one_clear_line(self, parley, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        ending = parley("run", SMALL, "--out", "file/results")
        assert (ending.code, ending.out, ending.err.count("\n")) == (1, "", 1)
        assert ending.err.startswith("file/results")

    def test_a_damaged_part_is_named(self, parley, tmp_path: Path) -> None:
        parley("run", SMALL, "--no-plot")
        (part,) = tmp_path.glob("results/*/parts/*.parquet")
        part.write_bytes(b"")
        ending = parley("run", SMALL)
        assert (ending.code, ending.out, ending.err.count("\n")) == (1, "", 1)
        assert part.name in ending.err
        part.unlink()
        assert parley("run", SMALL, "--no-plot").code == 0


def finished_runs(out: Path) -> int:
    return sum(part.last - part.first + 1 for folder in out.glob("*/parts") for part in scan(folder))


class TestProcesses:
    @pytest.mark.parametrize("jobs", [1, 2])
    def test_ctrl_c_keeps_what_is_finished(
        self, start: Callable[..., subprocess.Popen[str]], parley, tmp_path: Path, jobs: int
    ) -> None:
        many = ("run", SMALL, "--runs", 10**8, "--jobs", jobs, "--json")
        process = start(*many, start_new_session=True)
        while finished_runs(tmp_path / "results") <= 4096 and process.poll() is None:
            os.sched_yield()
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate()
        assert process.returncode == 130
        assert out == ""
        assert err.startswith("Interrupted. Finished parts are in results/")
        assert err.count("\n") == 1
        finished = finished_runs(tmp_path / "results")
        assert finished > 4096
        ending = parley("run", SMALL, "--runs", 4096 + 100, "--json", "--no-plot")
        assert json.loads(ending.out)["runs"] == 4196
        assert finished_runs(tmp_path / "results") - finished <= 100
        assert list(tmp_path.glob("results/*/parts/.*.tmp")) == []

    @pytest.mark.parametrize("options", [["--json"], []])
    def test_a_reader_that_goes_away_is_no_error(
        self, start: Callable[..., subprocess.Popen[str]], options: list[str]
    ) -> None:
        process = start("run", SMALL, "--runs", 5, "--no-plot", *options)
        with process:
            process.stdout.close()
            err = process.stderr.read()
        assert process.returncode == 141
        assert "Traceback" not in err
        assert "Error" not in err

    def test_two_processes_on_one_study_agree(
        self, start: Callable[..., subprocess.Popen[str]], tmp_path: Path
    ) -> None:
        pair = [start("run", SMALL, "--runs", 20_000, "--jobs", 1, "--json", "--no-plot") for _ in range(2)]
        (first, _), (second, _) = (process.communicate() for process in pair)
        assert [process.returncode for process in pair] == [0, 0]
        assert first == second
        (folder,) = (tmp_path / "results").iterdir()
        assert json.loads((folder / "summary.json").read_text()) == json.loads(first)

    @pytest.mark.parametrize("module", ["sim", "sim.cli"])
    def test_help_imports_nothing_heavy(self, module: str) -> None:
        heavy = ("mesa", "numpy", "scipy", "pandas", "duckdb", "matplotlib", "pydantic", "yaml")
        code = f"import sys, {module}; print([name for name in {heavy} if name in sys.modules])"
        process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert process.stdout == "[]\n"

    def test_public_names_are_loaded_when_first_used(self) -> None:
        assert sim.load_scenario(SMALL).title == "A small negotiation"
        assert all(callable(getattr(sim, name)) for name in sim.__all__)
        assert set(sim.__all__) <= set(dir(sim))
        with pytest.raises(AttributeError, match="attribute rum"):
            sim.rum  # noqa: B018

    def test_the_module_does_what_the_command_does(self, start: Callable[..., subprocess.Popen[str]], parley) -> None:
        out, err = start("schema").communicate()
        assert err == ""
        assert out == parley("schema").out


class TestQuestions:
    def test_check_says_where_numbers_come_from(self, parley) -> None:
        ending = parley("check", SMALL)
        assert (ending.code, ending.err) == (0, "")
        assert "small.yaml: no errors; " in ending.out

    def test_check_can_be_strict(self, parley) -> None:
        ending = parley("check", "--strict", SMALL)
        assert (ending.code, ending.out) == (2, "")
        assert "parties.first.betrayal_loss" in ending.err

    def test_explain_says_what_is_assumed_and_what_theory_says(self, parley) -> None:
        ending = parley("explain", SMALL, "--set", "rounds=5", "--central")
        assert (ending.code, ending.err) == (0, "")
        assert "weeks of talks watched  5\n" in ending.out
        assert "What theory says" in ending.out
        assert max(map(len, ending.out.splitlines())) <= 80

    def test_trace_tells_a_run(self, parley) -> None:
        ending = parley("trace", SMALL, "--run", 4100, "--seed", 3)
        assert (ending.code, ending.err) == (0, "")
        assert ending.out.startswith("Run 4100 of A small negotiation, seed 3.\n")
        assert max(map(len, ending.out.splitlines())) <= 80

    def test_schema_is_json(self, parley) -> None:
        assert json.loads(parley("schema").out)["title"] == "Parley scenario"
