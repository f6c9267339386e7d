"""Mishaps on disk and on the command line: one clear message each, and nothing else lost."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
from pathlib import Path

import duckdb
import pytest

from sim.scenario.loading.scenario_loader import load_scenario
from sim.study.ensemble import run
from sim.study.storage import temporary_folders
from tests.cli.conftest import SMALL

SHORT = ("--runs", 40, "--jobs", 1, "--no-spread", "--no-plot")


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plain run, of which each test gets a copy."""
    return run(load_scenario(SMALL), 40, out=tmp_path_factory.mktemp("sound"), name="small", spread=False).folder


@pytest.fixture
def study(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / "results" / sound.name))


class TestFullDisk:
    @pytest.mark.parametrize(
        "error", [OSError(errno.ENOSPC, "No space left on device"), duckdb.IOException("IO Error: No space left\nmore")]
    )
    @pytest.mark.parametrize("command", [("run", SMALL), ("sweep", SMALL, "--vary", "distrust=0,1")])
    def test_the_temporary_folder_is_named(
        self, parley, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], error: Exception
    ) -> None:
        def full(*_: object, **__: object) -> None:
            raise error

        monkeypatch.setattr(temporary_folders, "TemporaryDirectory", full)
        ending = parley(*command, *SHORT)
        assert (ending.code, ending.out, ending.err.count("\n")) == (1, "", 1)
        assert "No space left" in ending.err
        assert "cannot write there on the way to the results" in ending.err

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
    def test_a_workbook_that_finds_no_room(self, parley, study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("sim.study.results.export.temporary_beside", lambda _: Path("/dev/full"))
        monkeypatch.setattr("sim.study.results.export.discard", lambda _: None)
        ending = parley("export", "small", "--to", "xlsx", "--what", "runs", "--out", "book.xlsx")
        assert (ending.code, ending.out) == (1, "")
        assert ending.err == "book.xlsx: cannot write: No space left on device\n"


class TestDevices:
    @pytest.mark.parametrize("command", [("export", "small", "--to", "csv"), ("report", "small")])
    def test_a_device_is_not_replaced(self, parley, study: Path, tmp_path: Path, command: tuple[str, ...]) -> None:
        os.mkfifo(tmp_path / "pipe.html")
        ending = parley(*command, "--out", "pipe.html")
        assert (ending.code, ending.err) == (1, "pipe.html: is a pipe, not a file that can be replaced\n")
        assert (tmp_path / "pipe.html").is_fifo()


class TestManifest:
    def test_a_lost_one_is_written_anew_though_no_run_is_missing(self, parley, study: Path) -> None:
        manifest = study / "manifest.json"
        before = json.loads(manifest.read_text())
        manifest.unlink()
        assert parley("run", SMALL, *SHORT).code == 0
        after = json.loads(manifest.read_text())
        assert {**after, "written": "", "command": ""} == {**before, "written": "", "command": ""}
        assert "damaged" not in parley("list").out

    def test_it_keeps_the_command_that_made_the_runs(self, parley) -> None:
        parley("run", SMALL, *SHORT)
        (manifest,) = Path().glob("results/*/manifest.json")
        before = manifest.read_text()
        parley("sensitivity", SMALL, "--rows", 16, "--plays", 2, "--jobs", 1, "--no-plot")
        parley("run", SMALL, "--runs", 40, "--jobs", 1, "--no-plot")  # with spread
        assert manifest.read_text() == before

    @pytest.mark.parametrize(
        "change",
        [{"written": "yesterday"}, {"points": 3}, {"points": [1]}, {"points": []}, {"scenario": 7}, {"command": None}],
    )
    def test_what_is_not_as_it_ought_to_be_is_damaged(self, parley, study: Path, change: dict[str, object]) -> None:
        other = study.with_name("other")
        shutil.copytree(study, other)
        manifest = other / "manifest.json"
        manifest.write_text(json.dumps({**json.loads(manifest.read_text()), **change}))
        ending = parley("list")
        assert (ending.code, ending.err) == (0, "")
        assert "damaged" in ending.out
        assert f"{study.name}\n  run" in ending.out
        for command in (("export", "other", "--to", "csv", "--what", "runs"), ("plot", "other"), ("report", "other")):
            ending = parley(*command)
            assert (ending.code, ending.out) == (1, "")
            assert "other/manifest.json: damaged" in ending.err


class TestSummary:
    @pytest.mark.parametrize("runs", [None, "many", 1.5])
    def test_a_number_of_runs_that_is_none(self, parley, study: Path, runs: object) -> None:
        summary = study / "summary.json"
        content = json.loads(summary.read_text())
        summary.write_text(json.dumps({**content, "runs": runs}))
        assert parley("list").code == 0
        ending = parley("export", "small", "--to", "csv", "--what", "runs")
        assert ending.code == 1
        assert "summary.json: damaged" in ending.err
        assert parley("run", SMALL, *SHORT).code == 0
        assert json.loads(summary.read_text()) == content


class TestMissingParts:
    def test_they_are_not_passed_over_in_silence(self, parley, tmp_path: Path) -> None:
        for runs in (20, 40, 60):
            parley("run", SMALL, "--runs", runs, "--jobs", 1, "--no-spread", "--no-plot")
        _, middle, _ = sorted(Path().glob("results/small-*/parts/*"))
        middle.unlink()
        ending = parley("export", "small", "--to", "csv", "--what", "runs")
        assert (ending.code, ending.out) == (1, "")
        assert "lacks 20 of the runs that the figures speak of; to simulate them anew: parley run" in ending.err
        assert not list(tmp_path.glob("*.csv"))

    def test_nor_all_of_them(self, parley, study: Path) -> None:
        shutil.rmtree(study / "parts")
        ending = parley("export", "small", "--to", "csv", "--what", "runs")
        assert ending.code == 1
        assert "lacks 40 of the runs" in ending.err


class TestQuestions:
    @pytest.mark.parametrize("command", ["run", "compare", "sensitivity", "explain", "check"])
    def test_a_study_is_told_from_a_scenario(self, parley, tmp_path: Path, command: str) -> None:
        (tmp_path / "mine.yaml").write_text(f"scenario: {SMALL}\nvary:\n  distrust: [0, 1]\n")
        ending = parley(command, "mine.yaml")
        assert (ending.code, ending.out) == (2, "")
        assert ending.err == "mine.yaml: is a study, for parley sweep: this command takes a scenario\n"

    @pytest.mark.parametrize("address", ["foo://127.0.0.1:99", "127.0.0.1:99", "tcp://127.0.0.1", "tcp://127.0.0.1:x"])
    def test_what_is_no_address_of_a_cluster(self, parley, address: str) -> None:
        ending = parley("run", SMALL, "--cluster", address)
        assert (ending.code, ending.out) == (2, "")
        assert "is not an address such as" in " ".join(ending.err.split())

    @pytest.mark.parametrize("count", ["9" * 5000, "²", ""])
    def test_what_is_no_number_of_points(self, parley, count: str) -> None:
        ending = parley("sweep", SMALL, "--vary", "distrust=0:1", "--sample", f"lhs:{count}")
        assert (ending.code, ending.out) == (2, "")
        assert "must have the form lhs:N or sobol:N" in ending.err

    def test_a_precision_that_is_a_range(self, parley, tmp_path: Path) -> None:
        text = f"scenario: {SMALL}\nvary:\n  distrust: [0, 1]\nprecision: {{range: [0.01, 0.02]}}\n"
        (tmp_path / "mine.yaml").write_text(text)
        ending = parley("sweep", "mine.yaml")
        assert (ending.code, ending.err) == (2, "mine.yaml:4:12: precision: must be one number, not a range\n")


def test_a_grid_with_spreads_keeps_them_when_they_are_not_asked_for(parley) -> None:
    grid = ("sweep", SMALL, "--vary", "distrust=0,1", "--vary", "rapport=0,1", "--runs", 10, "--jobs", 1, "--no-plot")
    with_spread = parley(*grid, "--spread")
    assert "Widest range over the assumptions: " in " ".join(with_spread.out.split())
    (summary,) = Path().glob("results/*/summary.json")
    before = summary.read_text()
    assert before.count('"spread"') > 0
    assert parley(*grid).code == 0
    assert summary.read_text() == before


class TestOtherRecords:
    @pytest.mark.parametrize("content", ["{}", "[]", "3", '{"scenario": "small"}'])
    @pytest.mark.parametrize("file", ["sensitivity/settlement.json", "comparisons/0123456789ab.json"])
    def test_damaged_ones_are_named(self, parley, study: Path, file: str, content: str) -> None:
        (study / file).parent.mkdir()
        (study / file).write_text(content)
        for command in ("plot", "report"):
            ending = parley(command, "small")
            assert (ending.code, ending.out) == (1, "")
            assert re.search(rf"{file}: damaged, (not what it ought to be|lacks \w+)", ending.err)

    @pytest.mark.parametrize("lost", ["curves", "authors", "seed"])
    def test_a_summary_that_lacks_something(self, parley, study: Path, lost: str) -> None:
        summary = study / "summary.json"
        content = json.loads(summary.read_text())
        del content[lost]
        summary.write_text(json.dumps(content))
        ending = parley("report", "small")
        assert (ending.code, ending.out) == (1, "")
        assert f"summary.json: damaged, lacks {lost}" in ending.err

    @pytest.mark.parametrize("lost", ["seed", "resolved", "versions"])
    def test_a_manifest_that_lacks_something(self, parley, study: Path, lost: str) -> None:
        manifest = study / "manifest.json"
        content = json.loads(manifest.read_text())
        del content[lost]
        manifest.write_text(json.dumps(content))
        ending = parley("report", "small")
        assert ending.code == (0 if lost == "versions" else 1)
        assert ("manifest.json: damaged" in ending.err) == (lost != "versions")


class TestNames:
    @pytest.mark.parametrize("name", ["", " ", "nothing"])
    def test_where_there_are_no_results_at_all(self, parley, name: str) -> None:
        for command in (("plot", name), ("report", name), ("export", name, "--to", "csv")):
            ending = parley(*command)
            assert (ending.code, ending.out) == (2, "")
            assert "RESULT" in ending.err


@pytest.mark.parametrize("command", [("run", SMALL), ("sweep", SMALL, "--vary", "distrust=0,1"), ("list",)])
def test_results_go_into_no_file(parley, tmp_path: Path, command: tuple[str, ...]) -> None:
    (tmp_path / "notes").write_text("precious")
    ending = parley(*command, "--out", "notes")
    assert (ending.code, ending.out) == (2, "")
    assert "notes is a file, not a folder" in ending.err
    assert (tmp_path / "notes").read_text() == "precious"


def test_nothing_is_no_folder(parley, tmp_path: Path) -> None:
    ending = parley("run", SMALL, "--out", "", *SHORT)
    assert (ending.code, ending.out, list(tmp_path.iterdir())) == (2, "", [])
    assert "give the name of a folder" in ending.err


class TestOwnNames:
    def test_a_study_is_found_by_the_name_it_was_given(self, parley) -> None:
        parley("run", SMALL, *SHORT)
        assert parley("run", SMALL, "--set", "distrust=0.2", "--name", "calmer", *SHORT).code == 0
        sweep = ("sweep", SMALL, "--vary", "distrust=0,1", "--runs", 20, "--jobs", 1, "--no-spread", "--no-plot")
        assert parley(*sweep, "--name", "levels").code == 0
        for name, kind in (("small", "outcomes"), ("calmer", "outcomes"), ("levels", "settlement")):
            assert parley("plot", name, "--kind", kind).code == 0
        assert parley("run", SMALL, "--set", "distrust=0.3", *SHORT).code == 0
        # The study of the file as it is goes before what was set.
        ending = parley("plot", "small", "--kind", "outcomes")
        assert ending.code == 0
        entries = map(json.loads, parley("list", "--json").out.splitlines())
        (unchanged,) = (entry["folder"] for entry in entries if entry["scenario"] == "small" and not entry["changes"])
        assert {line.partition("/charts/")[0] for line in ending.out.splitlines()} == {f"Chart: {unchanged}"}

    @pytest.mark.parametrize("name", ["", " "])
    def test_nothing_is_no_name(self, parley, tmp_path: Path, name: str) -> None:
        ending = parley("run", SMALL, "--name", name)
        assert (ending.code, ending.out) == (2, "")
        assert list(tmp_path.iterdir()) == []

    def test_one_name_is_for_one_scenario(self, parley, tmp_path: Path) -> None:
        assert parley("run", SMALL, SMALL, "--name", "both").code == 2
        assert list(tmp_path.iterdir()) == []


def test_a_study_file_asks_in_its_own_words(parley, tmp_path: Path) -> None:
    text = f"title: Whose fear is it?\nabout: A question.\nscenario: {SMALL}\nvary:\n  distrust: [0, 1]\nruns: 10\n"
    (tmp_path / "mine.yaml").write_text(text)
    ending = parley("sweep", "mine.yaml", "--jobs", 1, "--no-spread", "--no-plot", "--set", "rapport=0.1")
    assert ending.out.startswith("Whose fear is it?; with rapport=0.1\n")
    (manifest,) = Path().glob("results/*/manifest.json")
    assert json.loads(manifest.read_text())["resolved"]["about"] == "A question."
