from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from sim.scenario.loading.assignment import central
from sim.scenario.model.schema import Scenario
from sim.study.ensemble import run
from sim.study.execution import assumption_range_runs, executors
from sim.study.execution.assumption_range_runs import Spreader
from sim.study.execution.executors import Workers
from sim.study.statistics.assumption_range import DRAWS, PLAYS, noise_free_range
from sim.study.storage.array_files import Shelf, read_counts
from sim.study.storage.atomic_files import StorageError
from sim.study.storage.study_folder import Folder, Study
from tests.study.coins import coins, settling

UNSURE = {"reservation": {"range": [0.3, 0.7]}}


def spreader(scenario: Scenario, out: Path, jobs: int = 1, points: tuple[dict[str, float], ...] = ({},)) -> Spreader:
    return Spreader(Folder(out, Study("case", scenario, points)), Workers(jobs), "parley run case.yaml")


def forbid_playing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assumption_range_runs, "play_draws", lambda *_: pytest.fail("played again"))


class TestNoise:
    def test_the_range_behind_noisy_shares_is_found(self) -> None:
        rng = np.random.default_rng(8)
        shares = rng.uniform(0.2, 0.8, 20_000)
        successes = rng.binomial(PLAYS, shares)
        found = noise_free_range(successes, PLAYS)
        assert (found["low"], found["high"]) == pytest.approx((0.23, 0.77), abs=0.015)
        seen = np.quantile(successes / PLAYS, [0.05, 0.95])
        assert seen[0] < found["low"] - 0.02
        assert seen[1] > found["high"] + 0.02

    def test_noise_alone_is_no_range(self) -> None:
        successes = np.random.default_rng(1).binomial(PLAYS, 0.3, 5000)
        found = noise_free_range(successes, PLAYS)
        assert found["high"] - found["low"] < 0.03
        assert found["low"] == pytest.approx(0.3, abs=0.02)

    @pytest.mark.parametrize("share", [0, PLAYS])
    def test_all_or_none_is_a_point(self, share: int) -> None:
        found = noise_free_range(np.full(10, share), PLAYS)
        assert (found["low"], found["high"]) == (share / PLAYS, share / PLAYS)


class TestKnownAnswer:
    def test_it_is_the_range_of_the_closed_form(self, tmp_path: Path) -> None:
        found = spreader(coins(**UNSURE), tmp_path).of([0])[0]
        expected = settling(0.68), settling(0.32)  # the reservation's own 5 and 95 per cent
        assert tuple(found.settlement.values()) == pytest.approx(expected, abs=0.035)
        # A text below what the second party has without one, signed in error, is broken at once: half of the draws
        # settle on none other, and where the text is above it, it is kept.
        lasting = found.lasting["52"]
        assert tuple(lasting.values()) == pytest.approx((0, settling(0.32)), abs=0.06)
        assert found.lasting["260"] is None

    def test_each_design_point_has_its_own(self, tmp_path: Path) -> None:
        points = ({"parties.a.reservation": 0.3}, {"parties.b.reservation": 0.4}, {"parties.a.reservation": 0.5})
        case = spreader(coins(**UNSURE), tmp_path, points=points)
        found = case.of([0, 1, 2])
        assert case.played == 2 * DRAWS * PLAYS
        assert found[1] is None  # nothing is a range any more
        assert found[0].settlement["low"] == pytest.approx(settling(0.48), abs=0.03)
        assert found[2].settlement["low"] == pytest.approx(settling(0.68), abs=0.03)


class TestKeeping:
    def test_it_is_found_again_also_for_more_runs(self, small: Scenario, tmp_path: Path, monkeypatch) -> None:
        first = run(small, 50, out=tmp_path)
        assert first.played == DRAWS * PLAYS
        forbid_playing(monkeypatch)
        more = run(small, 80, out=tmp_path)
        assert more.played == 0
        spread = first.summary["outcomes"]["settlement"]["spread"]
        assert more.summary["outcomes"]["settlement"]["spread"] == spread
        assert json.loads((more.folder / "summary.json").read_text()) == more.summary

    def test_worker_processes_change_nothing(self, small: Scenario, tmp_path: Path, monkeypatch) -> None:
        alone = spreader(small, tmp_path / "alone").of([0])
        monkeypatch.setattr(executors, "POOL_PAYS", 0.0)
        together = spreader(small, tmp_path / "together", jobs=2)
        with together._workers:
            assert together.of([0]) == alone

    def test_an_interrupt_keeps_finished_points(self, small: Scenario, tmp_path: Path, monkeypatch) -> None:
        points = tuple({"rounds": rounds} for rounds in (2, 3, 4))
        case = spreader(small, tmp_path, points=points)

        def interrupt(done: int, total: int) -> None:
            if done >= DRAWS * PLAYS:
                raise KeyboardInterrupt

        case._progress = interrupt
        with pytest.raises(KeyboardInterrupt):
            case.of([0, 1, 2])
        resumed = spreader(small, tmp_path, points=points)
        found = resumed.of([0, 1, 2])
        assert resumed.played == 2 * DRAWS * PLAYS
        assert found == spreader(small, tmp_path / "fresh", points=points).of([0, 1, 2])

    def test_a_point_that_fails_loses_no_other(self, small: Scenario, tmp_path: Path, monkeypatch) -> None:
        play = assumption_range_runs.play_draws

        def fail(case: Scenario, block: int, horizons):
            if case.rounds == 3:
                raise FloatingPointError("divide by zero")
            return play(case, block, horizons)

        monkeypatch.setattr(assumption_range_runs, "play_draws", fail)
        case = spreader(small, tmp_path, points=tuple({"rounds": rounds} for rounds in (2, 3, 4)))
        assert set(case.of([0, 1, 2])) == {0, 2}
        assert str(case.failed[1]) == "divide by zero"

    def test_a_damaged_file_is_named(self, small: Scenario, tmp_path: Path) -> None:
        spreader(small, tmp_path).of([0])
        (file,) = tmp_path.glob("*/spread/*/*.npy")
        file.write_bytes(file.read_bytes()[:-1])
        with pytest.raises(StorageError, match=f"{file.name}: damaged"):
            spreader(small, tmp_path).of([0])
        file.unlink()
        assert spreader(small, tmp_path).of([0])[0] is not None


class TestSummary:
    def test_without_ranges_it_is_null(self, small: Scenario, tmp_path: Path) -> None:
        result = run(central(small), 20, out=tmp_path)
        assert result.played == 0
        assert result.summary["spread"] is None
        assert result.summary["outcomes"]["settlement"]["spread"] is None
        assert result.summary["lasting"]["52"]["spread"] is None

    def test_it_can_be_left_until_it_is_known(self, small: Scenario, tmp_path: Path) -> None:
        left = run(small, 20, spread=False, out=tmp_path)
        assert left.played == 0
        assert left.summary["spread"] is None
        asked = run(small, 20, out=tmp_path).summary
        assert asked["spread"] == {"draws": DRAWS, "plays": PLAYS, "carrier": None}
        assert run(small, 20, spread=False, out=tmp_path).summary == asked


class TestShelf:
    def test_arrays_come_back_as_they_were(self, tmp_path: Path) -> None:
        shelf = Shelf(tmp_path / "shelf")
        assert shelf.held() == {}
        arrays = {7: np.arange(6).reshape(2, 3), 1_234_567: np.array([7])}
        for number, array in arrays.items():
            shelf.save(number, array)
        (tmp_path / "shelf" / "notes.txt").write_text("")
        held = shelf.held()
        assert held.keys() == arrays.keys()
        for number, array in arrays.items():
            np.testing.assert_array_equal(read_counts(held[number], array.shape, 7), array)
