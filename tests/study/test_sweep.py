"""Sweeps: the right numbers at every point, in a balanced order, on disk once and for all."""

from __future__ import annotations

import json
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from sim.negotiation.model import Negotiation
from sim.negotiation.randomness.random_streams import BLOCK
from sim.scenario.errors import ScenarioError
from sim.scenario.loading.assignment import assign
from sim.scenario.loading.scenario_loader import load_scenario
from sim.scenario.model.schema import Scenario
from sim.study.design.design_points import MOST_POINTS, Design
from sim.study.design.study_files import read_study
from sim.study.design.vary_requests import design_of, make
from sim.study.execution import assumption_range_runs, executors, missing_runs, task_simulation
from sim.study.execution.executors import InProcess, Workers
from sim.study.execution.tasks import Task, tasks
from sim.study.execution.worker_processes import ProcessPool
from sim.study.results.stored_study import read
from sim.study.statistics.assumption_range import DRAWS
from sim.study.storage.atomic_files import StorageError
from sim.study.study_cost import count_study_runs, estimate_cost
from sim.study.sweep import Sweep, sweep

SCENARIOS = Path(__file__).parents[2] / "scenarios"

LEVELS = [0.0, 0.3, 0.6, 0.8, 0.9, 1.0]


def swept(scenario: Scenario, vary: Any, runs: int = 20, **options: Any) -> Sweep:
    return sweep(scenario, vary, runs, name="case", command="parley sweep case.yaml", spread=False, **options)


def rows(result: Sweep) -> list[tuple[Any, ...]]:
    """Everything that is on disk, in order."""
    return duckdb.sql(f"SELECT * FROM '{result.folder}/parts/*.parquet' ORDER BY point, run").fetchall()


class TestTable:
    def test_every_row_is_the_model_at_that_point(self, small: Scenario, tmp_path: Path) -> None:
        vary = {"mediator.style": [None, "formulation"], "distrust": [0.2, 0.6, 0.75]}
        result = swept(small, vary, 40, out=tmp_path)
        assert len(result.points) == 6
        for number, row in enumerate(result.points):
            style, level = row["mediator.style"], row["distrust"]
            change = {"mediator": None} if style is None else {"mediator.style": style}
            alone = Negotiation(assign(small, {**change, "distrust": level}), 40)
            alone.run_model()
            expected = alone.outcomes()
            settled = expected["outcome"] == "settlement"
            assert list(row)[:4] == ["point", "mediator.style", "distrust", "runs"]
            assert (row["point"], row["runs"]) == (number, 40)
            assert row["outcomes.settlement.p"] == settled.mean()
            assert row["outcomes.walkout.p"] == (expected["outcome"] == "walkout").mean()
            assert row["lasting.52.p"] == (expected["held"] >= 52).mean()
            assert row["lasting.260.p"] is None  # the small scenario watches 100 weeks
            assert row["rounds.median"] == np.median(expected["round"][settled])
            assert row["terms.land.mean"] == pytest.approx(expected["terms.land"][settled].mean())
            assert row["outcomes.settlement.low"] <= settled.mean() <= row["outcomes.settlement.high"]
        assert {row["distrust"] for row in result.points} == {0.2, 0.6, 0.75}
        assert len({row["outcomes.settlement.p"] for row in result.points}) > 2

    def test_the_folder_keeps_it(self, small: Scenario, tmp_path: Path) -> None:
        result = swept(small, {"distrust": LEVELS}, out=tmp_path)
        assert result.folder.parent == tmp_path
        assert read(result.folder).rows == result.points
        kept = json.loads((result.folder / "summary.json").read_text())
        assert kept == result.summary
        assert (kept["runs"], kept["method"], kept["vary"]) == (120, "grid", {"distrust": LEVELS})

    def test_a_folder_without_results_has_no_points(self, tmp_path: Path) -> None:
        with pytest.raises(StorageError, match=r"manifest\.json: missing"):
            read(tmp_path)

    def test_a_sample_has_the_values_that_were_drawn(self, small: Scenario, tmp_path: Path) -> None:
        result = swept(small, {"distrust": [0, 1]}, sample="lhs:5", out=tmp_path)
        drawn = design_of(small, {"distrust": [0, 1]}, "lhs:5").points
        assert [row["distrust"] for row in result.points] == [point["distrust"] for point in drawn]
        assert (result.summary["method"], result.summary["lines"]) == ("lhs", [])

    def test_the_seed_is_the_scenarios_or_another(self, small: Scenario, tmp_path: Path) -> None:
        own = swept(small, {"distrust": LEVELS}, out=tmp_path)
        same = swept(small, {"distrust": LEVELS}, seed=7, out=tmp_path)
        other = swept(small, {"distrust": LEVELS}, seed=8, out=tmp_path)
        assert (same.folder, same.simulated) == (own.folder, 0)
        assert other.summary["seed"] == 8
        assert rows(other) != rows(own)

    def test_precision_is_reached_at_every_point(self, small: Scenario, tmp_path: Path) -> None:
        result = sweep(small, {"distrust": [0.2, 0.9]}, 1, 0.012, spread=False, name="case", out=tmp_path)
        for point in result.summary["points"]:
            share = point["outcomes"]["settlement"]
            assert share is not None
            assert (share["high"] - share["low"]) / 2 < 0.012
            assert point["runs"] % BLOCK == 0

    def test_only_questions_that_make_sense(self, small: Scenario, tmp_path: Path) -> None:
        for runs, precision in ((0, None), (10, 0.0), (10, 0.5)):
            with pytest.raises(ValueError, match=r"runs must|precision must"):
                sweep(small, {"distrust": [0, 1]}, runs, precision, out=tmp_path)
        with pytest.raises(ScenarioError):
            sweep(small, {"distrust": [0, 2]}, 10, out=tmp_path)
        assert not list(tmp_path.iterdir())


class TestOrder:
    @pytest.mark.parametrize("points", [13, 16, 41])
    @pytest.mark.parametrize("size", [BLOCK, 2 * BLOCK, 4 * BLOCK])
    def test_any_beginning_is_spread_over_the_design(self, small: Scenario, points: int, size: int) -> None:
        design = tuple({"distrust": float(level)} for level in np.linspace(0, 1, points))
        done = np.zeros(points, dtype=int)
        gaps = {number: [range(3 * BLOCK)] for number in range(points)}
        for task in tasks(small, design, gaps, size):
            done[task.point_range.start : task.point_range.stop] += len(task.runs)
            assert done.max() - done.min() <= max(BLOCK, size // points)  # nowhere a stretch ahead
            middle = points // 2
            ahead = done[:middle].sum() - done[points - middle :].sum()
            assert abs(ahead) <= 2 * size
        assert set(done) == {3 * BLOCK}

    def test_every_missing_run_is_done_once(self, small: Scenario) -> None:
        design = tuple({"distrust": level, "rounds": rounds} for rounds in (6, 12) for level in (0.0, 0.5, 1.0))
        gaps = {0: [range(5, 10)], 1: [range(10)], 2: [range(10)], 4: [range(3), range(7, BLOCK + 9)], 5: [range(10)]}
        found = [
            (number, run)
            for task in tasks(small, design, gaps, BLOCK)
            for number in task.point_range
            for run in task.runs
        ]
        expected = [(number, run) for number, missing in gaps.items() for gap in missing for run in gap]
        assert sorted(found) == sorted(expected)

    def test_spreads_are_found_in_leaps_too(
        self, small: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        played: list[int] = []

        def note(task: assumption_range_runs.Draws) -> assumption_range_runs.Counts:
            played.append(task.point)
            return np.zeros((3, DRAWS), dtype=np.int64)

        monkeypatch.setattr(assumption_range_runs, "play", note)
        sweep(small, {"distrust": [n / 8 for n in range(8)]}, 4, out=tmp_path)
        assert list(dict.fromkeys(played)) == [0, 4, 2, 6, 1, 5, 3, 7]


def fails_at(number: int) -> Any:
    """What `simulate` is if whatever touches a design point fails."""

    def simulate(task: Task) -> bytes:
        if number in task.point_range:
            raise FloatingPointError("divide by zero")
        return task_simulation.simulate(task)

    return simulate


class TestFailures:
    def test_a_point_that_fails_is_reported_and_the_others_kept(
        self, small: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        whole = swept(small, {"distrust": LEVELS}, out=tmp_path / "whole")
        monkeypatch.setattr(missing_runs, "simulate", fails_at(2))
        result = swept(small, {"distrust": LEVELS}, out=tmp_path / "part")
        assert result.summary["failed"] == [{"point": 2, "values": {"distrust": 0.6}, "error": "divide by zero"}]
        assert result.points == [row for row in whole.points if row["point"] != 2]
        assert (result.summary["runs"], result.simulated) == (100, 100)
        monkeypatch.undo()
        mended = swept(small, {"distrust": LEVELS}, out=tmp_path / "part")
        assert mended.simulated == 20
        assert mended.summary == whole.summary

    def test_all_points_may_fail(self, small: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(task: Task) -> bytes:
            raise MemoryError

        monkeypatch.setattr(missing_runs, "simulate", fail)
        result = swept(small, {"distrust": [0, 1]}, out=tmp_path)
        assert (result.points, result.summary["lines"], result.simulated) == ([], [], 0)
        assert [failure["error"] for failure in result.summary["failed"]] == ["MemoryError", "MemoryError"]

    def test_values_that_cannot_stand_together_lose_no_other(self, small: Scenario, tmp_path: Path) -> None:
        """Weights of 0 for both issues are no scenario; the line on which they lie has no theory either."""
        weights = {f"parties.first.salience.{issue}": [0, 1] for issue in ("land", "money")}
        result = swept(small, {"distrust": [0, 1], **weights}, out=tmp_path)
        assert [tuple(failure["values"].values()) for failure in result.summary["failed"]] == [
            (0.0, 0.0, 0.0),
            (1.0, 0.0, 0.0),
        ]
        assert "the weights sum to 0" in result.summary["failed"][0]["error"]
        assert len(result.points) == 6
        assert [bool(line["critical"]) for line in result.summary["lines"]] == [False, True, True, True]

    def test_precision_leaves_out_what_fails(
        self, small: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(missing_runs, "simulate", fails_at(0))
        result = sweep(small, {"distrust": [0, 0.5]}, precision=0.1, spread=False, out=tmp_path)
        assert [row["point"] for row in result.points] == [1]


class TestResume:
    def test_only_what_is_missing_is_simulated(self, small: Scenario, tmp_path: Path) -> None:
        whole = swept(small, {"distrust": LEVELS}, 30, out=tmp_path / "whole")
        first = swept(small, {"distrust": LEVELS}, 20, out=tmp_path / "pieces")
        more = swept(small, {"distrust": LEVELS}, 30, out=tmp_path / "pieces")
        again = swept(small, {"distrust": LEVELS}, 30, out=tmp_path / "pieces")
        assert [each.simulated for each in (whole, first, more, again)] == [180, 120, 60, 0]
        assert repr(rows(more)) == repr(rows(whole))
        assert more.summary == again.summary == whole.summary

    def test_an_interrupt_leaves_finished_parts(
        self, small: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        whole = swept(small, {"distrust": LEVELS}, BLOCK, out=tmp_path / "whole")
        finished = []

        def interrupted(task: Task) -> bytes:
            if len(finished) == 3:
                raise KeyboardInterrupt
            finished.append(task.point_range)
            return task_simulation.simulate(task)

        monkeypatch.setattr(missing_runs, "simulate", interrupted)
        monkeypatch.setattr(missing_runs, "task_size", lambda *_: BLOCK)
        with pytest.raises(KeyboardInterrupt):
            swept(small, {"distrust": LEVELS}, BLOCK, out=tmp_path / "cut")
        monkeypatch.undo()
        rest = swept(small, {"distrust": LEVELS}, BLOCK, out=tmp_path / "cut")
        assert rest.simulated == 3 * BLOCK
        assert rest.summary == whole.summary

    def test_fewer_runs_are_found_there(self, small: Scenario, tmp_path: Path) -> None:
        alone = swept(small, {"distrust": LEVELS}, 10, out=tmp_path / "alone")
        swept(small, {"distrust": LEVELS}, 30, out=tmp_path / "more")
        found = swept(small, {"distrust": LEVELS}, 10, out=tmp_path / "more")
        assert found.simulated == 0
        assert found.summary == alone.summary


class TestWorkers:
    def test_worker_processes_change_nothing(
        self, small: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        alone = swept(small, {"distrust": LEVELS}, 50, jobs=1, out=tmp_path / "alone")
        started: list[int] = []

        def make(jobs: int) -> Executor:
            started.append(jobs)
            return ProcessPool(jobs)

        monkeypatch.setattr(executors, "POOL_PAYS", 0.0)
        monkeypatch.setattr(missing_runs, "BLOCK", 100)  # so that something is left after the first piece
        monkeypatch.setattr(missing_runs, "task_size", lambda *_: 100)
        with Workers(2, make) as workers:
            together = swept(small, {"distrust": LEVELS}, 50, workers=workers, out=tmp_path / "together")
        assert started == [2]
        assert len(list((together.folder / "parts").iterdir())) > 2
        assert repr(rows(together)) == repr(rows(alone))
        assert together.summary == alone.summary

    def test_progress_ends_with_every_run(self, small: Scenario, tmp_path: Path) -> None:
        seen: list[tuple[int, int]] = []
        swept(small, {"distrust": LEVELS}, progress=lambda done, total: seen.append((done, total)), out=tmp_path)
        assert seen == sorted(seen)
        assert seen[-1] == (120, 120)
        assert len(seen) > 1

    def test_tasks_that_fail_in_a_pool_are_done_again_singly(
        self, small: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(executors, "POOL_PAYS", 0.0)
        monkeypatch.setattr(missing_runs, "simulate", fails_at(1))
        with Workers(2, lambda jobs: InProcess()) as workers:
            result = swept(small, {"distrust": LEVELS}, workers=workers, out=tmp_path)
        assert [row["point"] for row in result.points] == [0, 2, 3, 4, 5]


class TestWhatItMustShow:
    def test_textbook_steps_lie_at_the_closed_form_values(self, tmp_path: Path) -> None:
        """The shipped study, of which every run at a point ends alike: a step lies within a step of the grid."""
        study = read_study(SCENARIOS / "studies" / "textbook-regimes.yaml")
        scenario = load_scenario(study.scenario)
        result = swept(scenario, make(scenario, study.vary), 4, out=tmp_path)
        known = {
            ("facilitation", 0.0): 4 / 15,
            ("formulation", 0.0): 0.4,
            ("formulation", 0.5): 0.8,
        }
        found = {tuple(line["at"].values()): line for line in result.summary["lines"]}
        assert set(known) < set(found)
        for at, level in known.items():
            (crossing,) = found[at]["crossings"]
            assert crossing["at"] == pytest.approx(level, abs=0.025)
            assert crossing["falling"]
            assert (crossing["low"], crossing["high"]) == (crossing["at"], crossing["at"])
            assert crossing["after"] - crossing["before"] == pytest.approx(0.025)
            line = [row for row in result.points if (row["mediator.style"], row["guarantors.g"]) == at]
            assert [row["outcomes.settlement.p"] for row in line] == [
                float(row["distrust"] <= crossing["before"]) for row in line
            ]
        assert found["facilitation", 0.0]["critical"]["direct"]["value"] == pytest.approx(4 / 15, abs=1e-6)
        assert found["formulation", 0.0]["critical"]["mediator"]["value"] == pytest.approx(0.4, abs=1e-5)
        assert found["formulation", 0.5]["critical"]["guaranteed"]["value"] == pytest.approx(0.8, abs=1e-5)

    def test_more_mutual_distrust_never_means_more_settlements(self, tmp_path: Path) -> None:
        baseline = load_scenario(SCENARIOS / "baseline.yaml")
        result = swept(baseline, {"distrust": [0.0, 0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 1.0]}, 500, out=tmp_path)
        shares = [row["outcomes.settlement.p"] for row in result.points]
        assert shares[0] > 0.9
        assert shares[-1] < 0.1
        for before, after in zip(result.points, result.points[1:], strict=False):
            assert after["outcomes.settlement.low"] <= before["outcomes.settlement.p"]
        (line,) = result.summary["lines"]
        (crossing,) = line["crossings"]
        assert 0 < crossing["low"] <= crossing["at"] <= crossing["high"] < 1
        assert crossing["falling"]
        assert set(line["critical"]) == {"direct", "mediator"}


class TestLines:
    def test_a_grid_is_read_along_mutual_distrust(self, small: Scenario, tmp_path: Path) -> None:
        vary = {"parties.*.trust_gain": [0.1, 0.2, 0.3], "distrust": [0, 1]}
        lines = swept(small, vary, out=tmp_path).summary["lines"]
        assert [(line["along"], line["at"]) for line in lines] == [
            ("distrust", {"parties.*.trust_gain": gain}) for gain in (0.1, 0.2, 0.3)
        ]

    def test_words_have_no_line(self, small: Scenario, tmp_path: Path) -> None:
        assert swept(small, {"mediator.style": ["facilitation", "formulation"]}, out=tmp_path).summary["lines"] == []


def test_cost_is_in_proportion_to_the_runs(small: Scenario) -> None:
    price = estimate_cost(small, 10**9)
    assert price.seconds > 100  # a microsecond a run would be out of reach
    assert 10 * 10**9 < price.size < 1000 * 10**9


def test_runs_in_all() -> None:
    assert count_study_runs(41, 2000, None) == 82_000
    assert count_study_runs(10, 100, 0.01) == 10 * count_study_runs(1, 100, 0.01) > 10 * 9_000
    assert count_study_runs(10, 10**6, 0.01) == 10**7


def test_a_design_may_be_given_as_such(small: Scenario, tmp_path: Path) -> None:
    design = design_of(small, {"distrust": LEVELS})
    assert isinstance(design, Design)
    assert len(design.points) < MOST_POINTS
    assert swept(small, design, out=tmp_path).points == swept(small, {"distrust": LEVELS}, out=tmp_path).points


class TestDecades:
    def test_a_crossing_is_read_off_the_logarithm(self, small: Scenario, tmp_path: Path) -> None:
        """Settlement goes from all to none between two design points; where, the shares of either side say."""
        values = [1e-3, 1e-2, 1e-1, 1.0]
        case = assign(small, {"parties.*.reservation": 0.5})
        given = {"parties.*.precondition": values}
        found = sweep(case, given, 400, out=tmp_path, log=["parties.*.precondition"], spread=False).summary
        assert found["log"] == ["parties.*.precondition"]
        (crossed,) = found["lines"][0]["crossings"]
        shares = {
            point["values"]["parties.*.precondition"]: point["outcomes"]["settlement"]["p"] for point in found["points"]
        }
        before, after = crossed["before"], crossed["after"]
        part = (shares[before] - 0.5) / (shares[before] - shares[after])
        assert crossed["at"] == pytest.approx(before * (after / before) ** part)
        linear = sweep(case, given, 400, out=tmp_path, spread=False).summary
        assert "log" not in linear
        assert linear["points"] == found["points"]
        assert linear["lines"][0]["crossings"][0]["at"] == pytest.approx(before + part * (after - before))

    def test_a_design_has_its_scales_already(self, small: Scenario, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="has its scales already"):
            sweep(small, design_of(small, {"rounds": [1, 10]}), 4, out=tmp_path, log=["rounds"])


class TestWeights:
    def test_weights_that_cannot_stand_together_fail_at_their_own_design_point(
        self, small: Scenario, tmp_path: Path
    ) -> None:
        """Either weight may be 0, and not both: weights are checked, and divided by their sums, point by point."""
        vary = {"parties.first.salience.land": [1.0, 0.0], "parties.first.salience.money": [3.0, 0.0]}
        found = sweep(small, vary, 60, out=tmp_path, spread=False).summary
        assert [failure["values"] for failure in found["failed"]] == [dict.fromkeys(vary, 0.0)]
        assert "salience" in found["failed"][0]["error"]
        for point in found["points"]:
            negotiation = Negotiation(assign(small, point["values"]), 60)
            negotiation.run_model()
            settled = negotiation.outcomes()["outcome"] == "settlement"
            assert point["outcomes"]["settlement"]["p"] == settled.mean()

    def test_points_of_other_weights_are_tasks_of_their_own(self, small: Scenario) -> None:
        """Distrust merely differs from run to run; weights belong together, and are checked as a scenario's."""

        def planned(path: str) -> list[int]:
            points = [{path: value} for value in (0.2, 0.4, 0.6)]
            return [len(task.points) for task in tasks(small, points, {n: [range(40)] for n in range(3)}, BLOCK)]

        assert planned("distrust") == [3]
        assert planned("parties.first.salience.land") == planned("parties.*.salience.*") == [1, 1, 1]
