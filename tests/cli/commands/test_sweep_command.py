from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import Popen
from types import SimpleNamespace

import pytest

from sim.cli.commands import sweep as command
from sim.study import study_cost
from sim.study import sweep as study
from sim.study.execution import missing_runs
from sim.study.results.stored_study import read
from sim.study.statistics.assumption_range import DRAWS, PLAYS
from tests.cli.conftest import SMALL

Start = Callable[..., Popen[str]]

QUICK = ("--jobs", 1, "--no-spread", "--no-plot")
"""Options that leave out what takes time."""


def chart(folder: Path) -> Path:
    (found,) = (folder / "results").glob("*/charts/settlement.png")
    return found


class TestProcess:
    def test_table_chart_and_where_they_lie(self, start: Start, tmp_path: Path) -> None:
        process = start("sweep", SMALL, "--vary", "distrust=0:1:5", "--runs", 40, "--jobs", 1, "--no-spread")
        out, err = process.communicate()
        assert (process.returncode, err) == (0, "")
        assert "small: 5 design points of 40 runs, seed 7" in out
        assert "How often do they settle, by mutual distrust?" in out
        assert "Where along mutual distrust does the share that settles cross 50 %?" in out
        assert "theory, direct talks" in out
        assert "Shares of simulated runs under the stated assumptions, not a forecast." in out
        assert max(map(len, out.splitlines())) <= 80
        drawn = chart(tmp_path)
        folder = drawn.parents[1].relative_to(tmp_path)
        assert out.splitlines()[-2:] == [f"Results: {folder}/", f"Chart: {folder}/charts/settlement.png"]
        assert drawn.read_bytes().startswith(b"\x89PNG")
        for row in read(drawn.parents[1]).rows:
            assert f"{row['distrust']:.2f}  {100 * row['outcomes.settlement.p']:.1f} %" in " ".join(
                out.split(" ")
            ).replace("   ", "  ")

    def test_a_parameter_over_decades(self, parley, tmp_path: Path) -> None:
        ending = parley("sweep", SMALL, "--vary", "sharpness=0.1:1000:5:log", "--runs", 20, "--no-spread")
        assert (ending.code, ending.err) == (0, "")
        assert [line.split()[0] for line in ending.out.splitlines() if "█" in line] == ["0.1", "1", "10", "100", "1000"]
        summary = json.loads(next((tmp_path / "results").glob("*/summary.json")).read_text())
        assert summary["log"] == ["sharpness"]
        assert summary["vary"] == {"sharpness": [0.1, 1.0, 10.0, 100.0, 1000.0]}

    def test_json_is_all_there_is_on_stdout(self, parley, tmp_path: Path) -> None:
        ending = parley("sweep", SMALL, "--vary", "distrust=0:1:3", "--runs", 20, *QUICK, "--json", "--seed", 9)
        assert ending.code == 0
        assert ending.out.count("\n") == 1
        found = json.loads(ending.out)
        assert [point["values"] for point in found["points"]] == [{"distrust": x} for x in (0.0, 0.5, 1.0)]
        assert (found["runs"], found["seed"], found["failed"]) == (60, 9, [])
        (kept,) = (tmp_path / "results").glob("small-*/summary.json")
        assert json.loads(kept.read_text()) == found
        assert ending.err == f"Results: {kept.parent.relative_to(tmp_path)}/\n"

    def test_bad_input_writes_nothing(self, start: Start, tmp_path: Path) -> None:
        process = start("sweep", SMALL, "--vary", "distrust=1:0:5", "--vary", "distrst=0,1")
        out, err = process.communicate()
        assert (process.returncode, out) == (2, "")
        assert err.splitlines() == [
            "--vary distrust=1:0:5: distrust: the range from 1 to 0 is reversed: it must go up",
            "--vary distrst=0,1: distrst: no parameter 'distrst': did you mean 'distrust'?",
        ]
        assert list(tmp_path.iterdir()) == []


BAD = {
    "nothing varied": ([], "nothing is varied"),
    "an unknown path": (["--vary", "distrust.frst.us=0:1:3"], "did you mean 'distrust.first.us'?"),
    "an empty range": (["--vary", "distrust=1:1:3"], "the range from 1 to 1 is empty"),
    "a value outside": (["--vary", "distrust=0:2:3"], "must be a number from 0 to 1, not 2"),
    "steps of 0": (["--vary", "distrust=0:1:0"], "needs at least 2 points"),
    "a number after the points": (["--vary", "distrust=0:1:3:4"], "has too many colons"),
    "a log scale without an end": (["--vary", "distrust=0.1:log"], "must be numbers, not the text 'log'"),
    "a log scale from 0": (["--vary", "distrust=0:1:3:log"], "a log scale takes numbers above 0, not 0"),
    "NaN": (["--vary", "distrust=0:nan:5"], "must go from a number to a number, not to nan"),
    "a path twice": (["--vary", "distrust=0,1", "--vary", "distrust=0:1:3"], "is varied twice"),
    "words among numbers": (["--vary", "distrust=0,formulation"], "not the text 'formulation'"),
    "steps of a sample": (["--vary", "distrust=0:1:3", "--sample", "lhs:4"], "a sample has no steps"),
    "no way of sampling": (["--vary", "distrust=0:1", "--sample", "lhs"], "must have the form lhs:N or sobol:N"),
    "no runs": (["--vary", "distrust=0,1", "--runs", "0"], "--runs"),
    "no precision": (["--vary", "distrust=0,1", "--precision", "0"], "--precision"),
    "an unknown parameter to set": (["--vary", "distrust=0,1", "--set", "rouns=3"], "did you mean 'rounds'?"),
}


@pytest.mark.parametrize(("options", "message"), BAD.values(), ids=BAD)
def test_bad_input(parley, tmp_path: Path, options: list[str], message: str) -> None:
    ending = parley("sweep", SMALL, *options)
    assert (ending.code, ending.out) == (2, "")
    assert message in " ".join(ending.err.replace("│", " ").split())
    assert "Traceback" not in ending.err
    assert list(tmp_path.iterdir()) == []


class TestManyRuns:
    def test_it_says_what_they_would_cost(self, parley, tmp_path: Path) -> None:
        ending = parley("sweep", SMALL, "--vary", "distrust=0:1:3", "--runs", 999_999_999, "--jobs", 2)
        assert (ending.code, ending.out) == (2, "")
        spreads = 3 * DRAWS * PLAYS
        assert ending.err.startswith(f"{2_999_999_997 + spreads:,} runs (3 design points): about ")
        assert " hours on 2 processes and " in ending.err
        assert ending.err.endswith(" GB on disk. Give --yes to start\n")
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize(("jobs", "hours"), [(1, "20 hours on 1 processes"), (2, "10 hours on 2 processes")])
    def test_processes_share_the_time(self, parley, monkeypatch: pytest.MonkeyPatch, jobs: int, hours: str) -> None:
        monkeypatch.setattr(study_cost, "estimate_cost", lambda *_: SimpleNamespace(seconds=72_000, size=3e9))
        ending = parley("sweep", SMALL, "--vary", "distrust=0:1:3", "--runs", 999_999_999, "--jobs", jobs)
        assert f": about {hours} and 3 GB on disk" in ending.err

    def test_what_cannot_be_done_is_not_offered_with_yes(self, parley, tmp_path: Path) -> None:
        asked = ("sweep", SMALL, "--vary", "distrust=0:1:5000", "--vary", "rapport=0:1:1000", "--runs", 1000)
        ending = parley(*asked)
        assert ending == parley(*asked, "--yes")
        assert (ending.code, ending.err) == (2, "a design can have 1,000,000 points; this grid has 5,000,000\n")
        assert list(tmp_path.iterdir()) == []

    def test_runs_for_the_spread_count(self, parley, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(command, "MANY_RUNS", 3 * (1 + DRAWS * PLAYS) - 1)
        ending = parley("sweep", SMALL, "--vary", "distrust=0:1:3", "--runs", 1)
        assert ending.err.startswith(f"{3 * (1 + DRAWS * PLAYS):,} runs (3 design points): about ")
        assert list(tmp_path.iterdir()) == []

    def test_what_is_wrong_comes_first(self, parley) -> None:
        ending = parley("sweep", SMALL, "--vary", "distrust=0:3:3", "--runs", 999_999_999)
        assert "Give --yes" not in ending.err
        assert "not 3" in ending.err

    def test_yes_starts(self, parley, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(command, "MANY_RUNS", 59)
        asked = ("sweep", SMALL, "--vary", "distrust=0:1:3", "--runs", 20, *QUICK)
        assert parley(*asked).code == 2
        assert parley(*asked, "--yes").code == 0
        monkeypatch.setattr(command, "MANY_RUNS", 60)
        assert parley(*asked).code == 0


def test_all_that_is_wrong_is_said_at_once(parley) -> None:
    ending = parley("sweep", SMALL, "--vary", "distrust=a:1", "--vary", "rapport")
    assert ending.code == 2
    assert [line.partition(":")[0] for line in ending.err.splitlines()] == ["--vary distrust=a", "--vary rapport"]


class TestChart:
    def test_no_plot_leaves_it(self, parley, tmp_path: Path) -> None:
        ending = parley("sweep", SMALL, "--vary", "distrust=0:1:3", "--runs", 20, *QUICK)
        assert ending.code == 0
        assert "Chart:" not in ending.out
        assert not list(tmp_path.rglob("*.png"))

    @pytest.mark.parametrize(
        ("options", "drawn"),
        [
            (("--vary", "distrust=0,1", "--vary", "rapport=0,1"), ["map", "settlement"]),
            (("--vary", "mediator.style=null,facilitation", "--vary", "loss=linear,quadratic"), []),
            (("--vary", "distrust=0:1", "--sample", "lhs:3"), ["scatter"]),
        ],
    )
    def test_what_suits_the_design_is_drawn(
        self, parley, tmp_path: Path, options: tuple[str, ...], drawn: list[str]
    ) -> None:
        ending = parley("sweep", SMALL, *options, "--runs", 10, "--jobs", 1)
        assert ending.code == 0
        assert sorted(path.stem for path in tmp_path.rglob("*.png")) == drawn
        assert ending.out.count("Chart: ") == len(drawn)

    def test_json_says_where_the_chart_is_on_stderr(self, parley, tmp_path: Path) -> None:
        ending = parley("sweep", SMALL, "--vary", "distrust=0:1:3", "--runs", 10, "--jobs", 1, "--no-spread", "--json")
        assert json.loads(ending.out)["runs"] == 30
        assert ending.err.splitlines()[-1] == f"Chart: {chart(tmp_path).relative_to(tmp_path)}"


class TestAgain:
    def test_the_same_command_finds_what_is_there(self, parley) -> None:
        asked = ("sweep", SMALL, "--vary", "distrust=0:1:3", "--runs", 20, *QUICK)
        first, again = parley(*asked), parley(*asked)
        assert again.out == first.out.rstrip() + " (already complete, nothing had to be simulated)\n"

    def test_a_point_that_fails_is_named_and_the_table_shown(self, parley) -> None:
        weights = [f"parties.first.salience.{issue}=0,1" for issue in ("land", "money")]
        ending = parley("sweep", SMALL, "--vary", weights[0], "--vary", weights[1], "--runs", 10, *QUICK)
        assert ending.code == 1
        assert "4 design points of 10 runs" in ending.out
        assert ending.err == (
            "Design point 0 (parties.first.salience.land=0.0, parties.first.salience.money=0.0) failed: "
            "parties.first.salience: the weights sum to 0: at least one issue must matter\n"
        )

    def test_all_points_failing_draws_nothing(self, parley, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(task: object) -> bytes:
            raise FloatingPointError("overflow")

        monkeypatch.setattr(missing_runs, "simulate", fail)
        ending = parley("sweep", SMALL, "--vary", "distrust=0,1", "--runs", 10, "--jobs", 1)
        assert ending.code == 1
        assert "Every design point failed." in ending.out
        assert "Chart:" not in ending.out
        assert ending.err.count("failed: overflow") == 2

    def test_an_interrupt_says_what_is_kept(self, parley, monkeypatch: pytest.MonkeyPatch) -> None:
        def interrupt(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(study, "sweep", interrupt)
        ending = parley("sweep", SMALL, "--vary", "distrust=0,1", "--out", "elsewhere")
        assert (ending.code, ending.out) == (130, "")
        assert "Finished parts are in elsewhere/" in ending.err


class TestStudyFile:
    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        path = tmp_path / "grid.yaml"
        path.write_text(f"scenario: {SMALL}\nvary:\n  distrust: [0, 0.5, 1]\nruns: 15\nseed: 21\n")
        return path

    def test_it_says_what_is_wanted(self, parley, file: Path) -> None:
        found = json.loads(parley("sweep", file, *QUICK, "--json").out)
        assert (found["scenario"], found["runs"], found["seed"]) == ("grid", 45, 21)
        assert found["vary"] == {"distrust": [0.0, 0.5, 1.0]}

    def test_options_go_before_it(self, parley, file: Path) -> None:
        asked = ("--runs", 10, "--seed", 5, "--set", "rounds=3")
        found = json.loads(parley("sweep", file, *asked, *QUICK, "--json").out)
        assert (found["runs"], found["seed"]) == (30, 5)
        assert all(point["rounds"]["median"] in (None, 1, 2, 3) for point in found["points"])

    @pytest.mark.parametrize("options", [("--vary", "distrust=0,1"), ("--sample", "lhs:4")])
    def test_what_is_varied_is_said_once(self, parley, file: Path, options: tuple[str, str]) -> None:
        ending = parley("sweep", file, *options)
        assert (ending.code, ending.out) == (2, "")
        assert ending.err == f"{file}: already says what is varied: leave out {options[0]}\n"

    def test_errors_have_their_place(self, parley, file: Path, tmp_path: Path) -> None:
        file.write_text(f"scenario: {SMALL}\nvary:\n  distrust: {{from: 0, to: 2, points: 3}}\n")
        ending = parley("sweep", file)
        assert ending.code == 2
        assert ending.err.startswith(f"{file}:3:3: distrust.first.second: must be a number from 0 to 1, not 2\n")
        assert [path.name for path in tmp_path.iterdir()] == ["grid.yaml"]

    @pytest.fixture
    def precise(self, tmp_path: Path) -> Path:
        path = tmp_path / "asked.yaml"
        asked = f"title: Does it matter?\nscenario: {SMALL}\nvary: {{distrust: [0, 1]}}\nruns: 30\n"
        path.write_text(asked)
        return path

    def test_a_precision_that_is_given_takes_the_place_of_the_files_runs(self, parley, precise: Path) -> None:
        asked = (precise, *QUICK, "--json")
        runs = {
            options: [point["runs"] for point in json.loads(parley("sweep", *asked, *options).out)["points"]]
            for options in ((), ("--precision", "0.1"), ("--runs", "20"))
        }
        assert runs[()] == [30, 30]
        assert max(runs[("--precision", "0.1")]) > 30
        assert runs[("--runs", "20")] == [20, 20]

    def test_its_title_stands_above_with_what_was_set(self, parley, precise: Path) -> None:
        assert parley("sweep", precise, *QUICK).out.startswith("Does it matter?\n")
        shown = parley("sweep", precise, *QUICK, "--set", "rapport=0.1").out
        assert shown.startswith("Does it matter?; with rapport=0.1\n")
