from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from SALib.sample import sobol as salib

from sim.negotiation.assumptions import ranged, valued
from sim.negotiation.model import Negotiation
from sim.negotiation.streams import BLOCK
from sim.scenario.errors import ScenarioError
from sim.scenario.paths import assign, central
from sim.scenario.schema import Scenario
from sim.study import attribution, filling
from sim.study.attribution import CHUNK, plan, sensitivity
from sim.study.sensitivity import Factor, design, factors, indices, luck_left, play_rows
from tests.study.coins import coins, settling


def named(count: int) -> list[Factor]:
    return [Factor(str(n), (str(n),)) for n in range(count)]


class TestEstimator:
    def test_ishigami(self) -> None:
        """Ishigami & Homma (1990), a = 7, b = .1: indices in closed form."""
        x = np.pi * (2 * design(3, 4096, 5) - 1)
        outputs = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
        found = indices(named(3), outputs, 5)
        first = [0.3139, 0.4424, 0.0]
        total = [0.5576, 0.4424, 0.2437]
        assert [index["first"]["value"] for index in found] == pytest.approx(first, abs=0.02)
        assert [index["total"]["value"] for index in found] == pytest.approx(total, abs=0.02)
        for index, known in zip(found, total, strict=True):
            assert index["total"]["low"] < known < index["total"]["high"]

    def test_an_output_that_is_not_finite_is_refused(self) -> None:
        outputs = np.ones(16 * 4)
        outputs[9] = np.nan
        with pytest.raises(ValueError, match="row 9 "):
            indices(named(2), outputs, 0)

    def test_where_nothing_varies_there_are_no_indices(self) -> None:
        assert indices(named(2), np.full(16 * 4, 0.25), 0) is None

    @pytest.mark.parametrize("seed", [0, 1])
    def test_the_same_seed_gives_the_same_intervals(self, seed: int) -> None:
        outputs = design(2, 16, 3) @ np.array([1.0, 2.0])
        assert indices(named(2), outputs, seed) == indices(named(2), outputs, seed)

    def test_a_larger_design_begins_with_a_smaller(self) -> None:
        np.testing.assert_array_equal(design(5, 64, 2)[: 32 * 7], design(5, 32, 2))
        assert not np.array_equal(design(5, 32, 2), design(5, 32, 3))

    def test_left_over_luck(self) -> None:
        rng = np.random.default_rng(6)
        shares = rng.uniform(0.2, 0.8, 50_000)
        successes = rng.binomial(20, shares)
        between, within = 0.6**2 / 12, np.mean(shares * (1 - shares)) / 20
        assert luck_left(successes, 20) == pytest.approx(within / (between + within), rel=0.02)
        assert luck_left(rng.binomial(20, 0.5, 50_000), 20) == pytest.approx(1.0, abs=0.02)
        assert luck_left(np.full(9, 20), 20) is None


class TestRows:
    def test_ranges_drawn_together_are_one_factor(self, small: Scenario) -> None:
        together = {"range": [0.2, 0.6], "shared": "gain"}
        case = assign(small, {"parties.*.trust_gain": together})
        found = {factor.name: factor.paths for factor in factors(case)}
        assert found["gain"] == ("parties.first.trust_gain", "parties.second.trust_gain")
        assert found["distrust.first.second"] == ("distrust.first.second",)
        assert len(found) == 5

    def test_rows_that_go_together_meet_the_same_luck(self, small: Scenario) -> None:
        units = np.full((3, 6), 0.5)
        units[1] = 0.9
        counts = play_rows(small, units, 40)
        assert counts.shape == (3, 3)
        np.testing.assert_array_equal(counts[:, 0], counts[:, 2])
        assert (counts[:, 0] != counts[:, 1]).any()

    def test_a_row_at_the_middle_is_the_scenario_at_its_middle(self, small: Scenario) -> None:
        negotiation = Negotiation(central(small), 40)
        negotiation.run_model()
        outcomes = negotiation.outcomes()
        counts = play_rows(small, np.full((1, 6), 0.5), 40)[:, 0]
        assert counts[0] == (outcomes["outcome"] == "settlement").sum()
        assert counts[1] == (outcomes["held"] >= 52).sum()

    @pytest.mark.parametrize("row", [0, 5, 7, 8, 13, 19])
    def test_base_rows_and_those_that_go_with_them_meet_luck_of_their_own(self, small: Scenario, row: int) -> None:
        """600 plays: six rows a batch, eight rows a group."""
        units = design(6, 16, 1)[:20]
        base = row // 8
        luck = 3 * BLOCK + (base * 600 + np.arange(600)) % BLOCK
        points = {path: np.full(600, unit) for path, unit in zip(ranged(small), units[row], strict=True)}
        negotiation = Negotiation(small, 600, values=valued(small, points), luck=luck)
        negotiation.run_model()
        settled = (negotiation.outcomes()["outcome"] == "settlement").sum()
        assert play_rows(small, units, 600, 3)[0, row] == settled


class TestKnownAnswer:
    def test_one_range_alone_matters(self, tmp_path: Path) -> None:
        case = coins(reservation={"range": [0.3, 0.7]}, trust_gain={"range": [0, 1]})
        found = sensitivity(case, rows=128, plays=1024, out=tmp_path).summary
        reservation, trust = found["factors"]
        assert (reservation["paths"], trust["paths"]) == (["parties.b.reservation"], ["parties.b.trust_gain"])
        assert trust["total"] == {"value": 0.0, "low": 0.0, "high": 0.0}
        assert reservation["total"]["value"] == pytest.approx(1, abs=0.1)
        assert reservation["first"]["value"] == pytest.approx(1, abs=0.1)
        chances = settling(np.linspace(0.3, 0.7, 10_001))
        assert found["mean"] == pytest.approx(chances.mean(), abs=0.03)
        assert found["variance"] == pytest.approx(chances.var(), rel=0.15)
        assert found["luck"] == pytest.approx(np.mean(chances * (1 - chances)) / 1024 / chances.var(), rel=0.2)


class TestStudy:
    def test_plan(self, small: Scenario) -> None:
        planned = plan(small, 64, 8)
        assert (len(planned.factors), planned.all_rows, planned.runs) == (6, 64 * 8, 64 * 8 * 8)

    @pytest.mark.parametrize(
        ("rows", "plays", "outcome", "message"),
        [
            (100, 8, "settlement", "power of two"),
            (8, 8, "settlement", "at least 16"),
            (0, 8, "settlement", "power of two"),
            (64, 1, "settlement", "plays must be 2 to 16384"),
            (64, 20000, "settlement", "plays must be 2 to 16384"),
            (64, 8, "walkout", "must be one of settlement, lasting.52, lasting.260"),
            (64, 8, "lasting.260", "watched for 100 periods only"),
            (1 << 20, 4096, "settlement", "more than 1,000,000,000"),
        ],
    )
    def test_what_cannot_be_is_refused(
        self, small: Scenario, tmp_path: Path, rows: int, plays: int, outcome: str, message: str
    ) -> None:
        with pytest.raises(ScenarioError, match=message):
            sensitivity(small, rows, plays, outcome, out=tmp_path)
        assert list(tmp_path.iterdir()) == []

    def test_without_ranges_there_is_nothing_to_attribute(self, small: Scenario, tmp_path: Path) -> None:
        with pytest.raises(ScenarioError, match="nothing in this scenario is a range"):
            sensitivity(central(small), 16, 4, out=tmp_path)

    def test_all_rows_alike_are_said_to_be(self, small: Scenario, tmp_path: Path) -> None:
        hopeless = assign(small, {"parties.*.precondition": 5.0})
        summary = sensitivity(hopeless, 16, 4, out=tmp_path).summary
        assert (summary["factors"], summary["luck"], summary["mean"], summary["variance"]) == (None, None, 0, 0)

    def test_it_is_found_again_and_a_larger_one_takes_it_over(
        self, small: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = sensitivity(small, 32, 4, out=tmp_path)
        assert first.simulated == first.summary["runs"] == 32 * 8 * 4
        larger = sensitivity(small, 64, 4, out=tmp_path)
        assert larger.simulated == 32 * 8 * 4
        assert larger.summary == sensitivity(small, 64, 4, out=tmp_path / "fresh").summary
        monkeypatch.setattr(attribution, "play_rows", lambda *_: pytest.fail("played again"))
        again = sensitivity(small, 32, 4, out=tmp_path)
        assert (again.simulated, again.summary) == (0, first.summary)
        lasting = sensitivity(small, 32, 4, "lasting.52", out=tmp_path)
        assert (lasting.simulated, lasting.summary["mean"] < first.summary["mean"]) == (0, True)
        kept = json.loads((again.folder / "sensitivity" / "settlement.json").read_text())
        assert kept == first.summary

    def test_an_interrupt_keeps_what_is_finished(self, small: Scenario, tmp_path: Path) -> None:
        def interrupt(done: int, total: int) -> None:
            assert total == 64 * 8 * 4
            if done == total // 2:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            sensitivity(small, 64, 4, out=tmp_path, progress=interrupt)
        resumed = sensitivity(small, 64, 4, out=tmp_path)
        assert resumed.simulated == 64 * 8 * 4 // 2
        assert resumed.summary == sensitivity(small, 64, 4, out=tmp_path / "fresh").summary

    def test_a_failing_task_loses_no_other(
        self, small: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as patch:
            calls = []

            def fail_once(*arguments):
                calls.append(arguments)
                if len(calls) == 2:
                    raise FloatingPointError("divide by zero")
                return play_rows(*arguments)

            patch.setattr(attribution, "play_rows", fail_once)
            with pytest.raises(FloatingPointError):
                sensitivity(small, 64, 4, out=tmp_path)
        assert sensitivity(small, 64, 4, out=tmp_path).simulated == CHUNK * 8 * 4

    def test_worker_processes_change_nothing(
        self, small: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        alone = sensitivity(small, 64, 4, out=tmp_path / "alone").summary
        monkeypatch.setattr(filling, "POOL_PAYS", 0.0)
        seconds = []
        together = sensitivity(small, 64, 4, out=tmp_path, jobs=2, announce=seconds.append).summary
        assert together == alone
        assert len(seconds) == 1
        assert seconds[0] > 0


def test_the_design_is_that_of_salib() -> None:
    problem = {"num_vars": 4, "names": list("abcd"), "bounds": [[0, 1]] * 4}
    expected = salib.sample(problem, 32, calc_second_order=False, seed=np.random.default_rng(9))
    np.testing.assert_array_equal(design(4, 32, 9), expected)
