from __future__ import annotations

import json
import re
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from sim.negotiation.model import Negotiation
from sim.negotiation.randomness.random_streams import BLOCK
from sim.negotiation.run_outcomes import OUTCOMES
from sim.scenario.loading.assignment import assign
from sim.scenario.model.schema import Scenario
from sim.study.ensemble import Result, run
from sim.study.execution import executors, missing_runs, task_simulation, tasks
from sim.study.execution.executors import InProcess, Workers
from sim.study.execution.tasks import cut, task_size
from sim.study.statistics.shares import wilson
from sim.study.storage.atomic_files import StorageError
from sim.study.storage.parquet_parts import scan


def rows(result: Result) -> list[tuple[Any, ...]]:
    """Everything that is on disk, in order."""
    return duckdb.sql(f"SELECT * FROM '{result.folder}/parts/*.parquet' ORDER BY point, run").fetchall()


def forbid_simulation(monkeypatch: pytest.MonkeyPatch) -> None:
    def simulate(task: tasks.Task) -> bytes:
        pytest.fail(f"simulated {task.runs}")

    monkeypatch.setattr(missing_runs, "simulate", simulate)


class TestCutting:
    def test_pieces_end_where_blocks_end(self) -> None:
        pieces = list(cut(range(100, 3 * BLOCK + 5), BLOCK))
        assert [piece.stop for piece in pieces] == [BLOCK, 2 * BLOCK, 3 * BLOCK, 3 * BLOCK + 5]
        assert [run for piece in pieces for run in piece] == list(range(100, 3 * BLOCK + 5))

    @pytest.mark.parametrize("jobs", [1, 2, 3, 8])
    @pytest.mark.parametrize("pace", [1e-7, 1e-5, 1e-3, 1.0])
    @pytest.mark.parametrize("missing", [1, BLOCK, 10**5, 10**8])
    def test_tasks_are_whole_blocks_of_about_a_second(self, missing: int, pace: float, jobs: int) -> None:
        size = task_size(missing, pace, jobs)
        assert size % BLOCK == 0
        assert size == BLOCK or size * pace <= 1.0 + BLOCK * pace
        assert size <= tasks.LARGEST_TASK


class TestRows:
    def test_they_are_the_models_own(self, small: Scenario, tmp_path: Path) -> None:
        result = run(small, 20, out=tmp_path)
        model = Negotiation(small, runs=20)
        model.run_model()
        expected = {"point": np.zeros(20), **model.outcomes()}
        table = duckdb.sql(f"SELECT * FROM '{result.folder}/parts/*.parquet' ORDER BY run")
        assert table.columns == list(expected)
        for name, column in table.fetchnumpy().items():
            known = np.ma.filled(column, np.nan) if column.dtype == float else column
            np.testing.assert_array_equal(known, expected[name], err_msg=name)

    def test_how_runs_were_shared_out_changes_nothing(self, small: Scenario, tmp_path: Path) -> None:
        runs = BLOCK + 50
        whole = run(small, runs, out=tmp_path / "whole", spread=False)
        for step in (10, 40, BLOCK + 10, runs):
            pieces = run(small, step, out=tmp_path / "pieces", spread=False)
        assert len(scan(pieces.folder / "parts")) > len(scan(whole.folder / "parts"))
        assert repr(rows(pieces)) == repr(rows(whole))
        assert pieces.summary == whole.summary

    def test_worker_processes_change_nothing(
        self, small: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        alone = run(small, 3 * BLOCK, out=tmp_path / "alone")
        monkeypatch.setattr(executors, "POOL_PAYS", 0.0)
        together = run(small, 3 * BLOCK, jobs=2, out=tmp_path / "together")
        assert len(scan(together.folder / "parts")) == 3
        assert repr(rows(together)) == repr(rows(alone))
        assert together.summary == alone.summary


class TestFindingAgain:
    def test_the_same_question_is_not_simulated_twice(
        self, small: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = run(small, 60, out=tmp_path)
        assert first.simulated == 60
        before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
        forbid_simulation(monkeypatch)
        again = run(small, 60, out=tmp_path)
        assert again.simulated == 0
        assert again.summary == first.summary
        assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before

    def test_more_runs_add_parts(self, small: Scenario, tmp_path: Path) -> None:
        run(small, 60, out=tmp_path)
        more = run(small, 100, out=tmp_path)
        assert more.simulated == 40
        assert more.summary == run(small, 100, out=tmp_path / "fresh").summary
        assert json.loads((more.folder / "summary.json").read_text())["runs"] == 100

    def test_fewer_runs_read_the_first(self, small: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        fewer = run(small, 60, out=tmp_path / "fresh")
        run(small, 100, out=tmp_path)
        forbid_simulation(monkeypatch)
        assert run(small, 60, out=tmp_path).summary == fewer.summary

    def test_other_questions_get_other_folders(self, small: Scenario, tmp_path: Path) -> None:
        folders = {
            run(small, 5, out=tmp_path).folder,
            run(small, 5, seed=8, out=tmp_path).folder,
            run(assign(small, {"rounds": 13}), 5, out=tmp_path).folder,
        }
        assert len(folders) == 3

    def test_a_deleted_part_is_all_that_is_simulated_again(self, small: Scenario, tmp_path: Path) -> None:
        run(small, 60, out=tmp_path)
        whole = run(small, 100, out=tmp_path)
        parts = whole.folder / "parts"
        (parts / scan(parts)[0].name).unlink()
        mended = run(small, 100, out=tmp_path)
        assert mended.simulated == 60
        assert mended.summary == whole.summary

    def test_an_interrupt_keeps_what_was_finished(
        self, small: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def interrupt(done: int, total: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            run(small, 2 * BLOCK, out=tmp_path, progress=interrupt)
        resumed = run(small, 2 * BLOCK, out=tmp_path)
        assert resumed.simulated == BLOCK
        assert resumed.summary == run(small, 2 * BLOCK, out=tmp_path / "fresh").summary

    def test_a_failing_task_loses_no_other(
        self, small: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        simulate = task_simulation.simulate

        def fail_on_the_second(task: tasks.Task) -> bytes:
            if task.runs.start == BLOCK:
                raise FloatingPointError("divide by zero")
            return simulate(task)

        monkeypatch.setattr(missing_runs, "simulate", fail_on_the_second)
        monkeypatch.setattr(executors, "POOL_PAYS", 0.0)

        def make(jobs: int) -> Executor:
            return InProcess()

        with Workers(2, make) as workers, pytest.raises(FloatingPointError):
            run(small, 3 * BLOCK, out=tmp_path, workers=workers)
        monkeypatch.undo()
        assert run(small, 3 * BLOCK, out=tmp_path).simulated == BLOCK


class TestPrecision:
    def test_runs_are_added_until_the_interval_is_narrow_enough(self, small: Scenario, tmp_path: Path) -> None:
        result = run(small, precision=0.004, out=tmp_path, spread=False)
        share = result.summary["outcomes"]["settlement"]
        assert (share["high"] - share["low"]) / 2 < 0.004
        assert result.runs % BLOCK == 0
        fewer = run(small, result.runs - BLOCK, out=tmp_path, spread=False).summary["outcomes"]["settlement"]
        assert (fewer["high"] - fewer["low"]) / 2 >= 0.004

    def test_it_ends_at_the_same_run_whatever_is_there_already(self, small: Scenario, tmp_path: Path) -> None:
        result = run(small, precision=0.012, out=tmp_path / "fresh", spread=False)
        run(small, 7 * BLOCK, out=tmp_path, spread=False)
        again = run(small, precision=0.012, out=tmp_path, spread=False)
        assert again.simulated == 0
        assert again.summary == result.summary

    def test_runs_are_then_the_least_number(self, small: Scenario, tmp_path: Path) -> None:
        assert run(small, precision=0.2, out=tmp_path, spread=False).runs == BLOCK
        assert run(small, BLOCK + 1, precision=0.2, out=tmp_path, spread=False).runs == 2 * BLOCK

    @pytest.mark.parametrize("precision", [0, -1, 0.5, float("nan")])
    def test_nonsense_is_refused(self, small: Scenario, tmp_path: Path, precision: float) -> None:
        with pytest.raises(ValueError, match="precision must lie between"):
            run(small, precision=precision, out=tmp_path)
        assert list(tmp_path.iterdir()) == []


class TestTrouble:
    def test_a_damaged_part_is_named_and_nothing_is_lost(self, small: Scenario, tmp_path: Path) -> None:
        result = run(small, 60, out=tmp_path, spread=False)
        (part,) = (result.folder / "parts").iterdir()
        part.write_bytes(part.read_bytes()[:-10])
        with pytest.raises(StorageError, match=re.escape(f"{part}: damaged")):
            run(small, 60, out=tmp_path, spread=False)
        part.unlink()
        assert run(small, 60, out=tmp_path, spread=False).summary == result.summary

    def test_a_results_folder_that_is_a_file_is_one_clear_error(self, small: Scenario, tmp_path: Path) -> None:
        (tmp_path / "results").write_text("")
        with pytest.raises(StorageError, match="results"):
            run(small, 5, out=tmp_path / "results")

    @pytest.mark.parametrize("runs", [0, -5])
    def test_too_few_runs_are_refused(self, small: Scenario, tmp_path: Path, runs: int) -> None:
        with pytest.raises(ValueError, match="runs must be at least 1"):
            run(small, runs, out=tmp_path)


class TestSummary:
    def test_it_agrees_with_the_rows(self, small: Scenario, tmp_path: Path) -> None:
        result = run(small, 300, out=tmp_path)
        model = Negotiation(small, runs=300)
        model.run_model()
        table = model.outcomes()
        settled = table["outcome"] == "settlement"
        summary = result.summary
        assert 0 < settled.sum() < 300

        assert (summary["scenario"], summary["runs"], summary["seed"]) == ("A small negotiation", 300, 7)
        for outcome, share in summary["outcomes"].items():
            expected = wilson(int((table["outcome"] == outcome).sum()), 300)
            assert (share["p"], share["low"], share["high"]) == expected
        for name, share in summary["authors"].items():
            assert share == (settled & (table["by"] == name)).sum() / settled.sum()
        for name, share in summary["walkout_by"].items():
            assert share == ((table["outcome"] == "walkout") & (table["by"] == name)).sum() / 300
        assert summary["rounds"]["median"] == np.median(table["round"][settled])
        assert summary["rounds"]["mean"] == pytest.approx(table["round"][settled].mean())
        assert summary["rounds"]["median_low"] <= summary["rounds"]["median"] <= summary["rounds"]["median_high"]
        curves = summary["curves"]
        for week in (1, 7, 12):
            assert curves["settlement"]["p"][week - 1] == (settled & (table["round"] <= week)).sum() / 300
            left = (table["outcome"] == "walkout") & (table["by"] == "second") & (table["round"] <= week)
            assert curves["walkout"]["second"]["p"][week - 1] == left.sum() / 300
        for period in (1, 52, 100):
            assert curves["holds"]["p"][period - 1] == (table["held"] >= period).sum() / settled.sum()
        for kind, share in summary["sessions"].items():
            assert share == table[kind].sum() / table["round"].sum()
        for name, spread in summary["terms"].items():
            values = table[f"terms.{name}"][settled]
            expected = [values.mean(), *np.quantile(values, [0.05, 0.95])]
            assert [spread["mean"], spread["q05"], spread["q95"]] == pytest.approx(expected, abs=1e-12)
        for name, worth in summary["utility"].items():
            assert worth["mean"] == pytest.approx(table[f"utility.{name}"][settled].mean(), abs=1e-12)
        assert summary["efficiency"] == pytest.approx(np.nanmean(table["efficiency"]), abs=1e-12)
        held = int((table["held"] >= 52).sum())
        assert tuple(summary["holds"]["52"].values()) == wilson(held, int(settled.sum()))
        assert tuple(summary["lasting"]["52"].values())[:3] == wilson(held, 300)
        assert summary["holds"]["260"] is None  # the implementation is watched for 100 weeks
        assert summary["lasting"]["260"] is None

    def test_all_ways_to_end_are_counted(self, small: Scenario, tmp_path: Path) -> None:
        """Some deadlines pass within the watch and some do not, events overtake some talks, and somebody errs."""
        every = {"deadline": {"range": [8, 16]}, "overtaken": 0.03, "sharpness": 8.0, "parties.*.reservation": 0.6}
        case = assign(small, every)
        summary = run(case, 400, out=tmp_path).summary
        model = Negotiation(case, runs=400)
        model.run_model()
        table = model.outcomes()
        outcomes = {name: share["p"] for name, share in summary["outcomes"].items()}
        assert outcomes == {name: (table["outcome"] == name).mean() for name in OUTCOMES}
        assert min(outcomes.values()) > 0
        assert sum(outcomes.values()) == pytest.approx(1.0)
        settled = table["outcome"] == "settlement"
        assert 0 < table["below_war"].sum() < settled.sum()
        assert summary["below_war"]["p"] == table["below_war"].sum() / settled.sum()
        for name in ("impasse", "overtaken"):
            for week in (1, 9, 12):
                ended = (table["outcome"] == name) & (table["round"] <= week)
                assert summary["curves"][name]["p"][week - 1] == ended.sum() / 400

    def test_what_is_undefined_is_null(self, small: Scenario, tmp_path: Path) -> None:
        hopeless = assign(small, {"parties.*.precondition": 5.0})
        summary = run(hopeless, 50, out=tmp_path).summary
        assert summary["outcomes"]["settlement"]["p"] == 0
        assert summary["authors"] == {"first": None, "second": None, "us": None}
        assert set(summary["rounds"].values()) == {None}
        assert summary["curves"]["holds"] is None
        assert summary["terms"]["land"] == {"mean": None, "q05": None, "q95": None}
        assert summary["utility"] == {"first": {"mean": None}, "second": {"mean": None}}
        assert summary["efficiency"] is None
        assert summary["holds"] == {"52": None, "260": None}
        assert summary["lasting"]["52"]["p"] == 0
        json.dumps(summary, allow_nan=False)
