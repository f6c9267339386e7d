from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from SALib.sample import sobol as salib

from sim.negotiation.model import Negotiation
from sim.negotiation.randomness.assumption_draws import draw_at_points, list_range_streams
from sim.negotiation.randomness.random_streams import BLOCK
from sim.scenario.errors import ScenarioError
from sim.scenario.loading.assignment import assign, central
from sim.scenario.loading.scenario_loader import load_scenario
from sim.scenario.model.schema import Scenario
from sim.study import sensitivity as module
from sim.study.execution import executors
from sim.study.execution.sensitivity_rows import design, factors, group_counts, play_groups
from sim.study.sensitivity import CHUNK, kept_sensitivities, plan, sensitivity
from tests.study.coins import coins, settling


class TestDesign:
    def test_a_larger_design_begins_with_a_smaller(self) -> None:
        np.testing.assert_array_equal(design(5, 64, 2)[: 32 * 7], design(5, 32, 2))
        assert not np.array_equal(design(5, 32, 2), design(5, 32, 3))

    def test_a_group_exchanges_one_factor_after_the_other(self) -> None:
        base, *exchanged, second = design(3, 64, 2).reshape(64, 5, 3)[37]
        for factor, row in enumerate(exchanged):
            np.testing.assert_array_equal(row, np.where(np.arange(3) == factor, second, base))

    def test_each_replicate_is_balanced_and_differs_from_the_others(self) -> None:
        """64 rows are 16 replicates of 4: in each, every factor has one base row in every quarter of its range."""
        base = design(3, 64, 2).reshape(4, 16, 5, 3)[:, :, 0]
        quarters = np.sort(np.floor(4 * base), axis=0)
        assert (quarters == np.arange(4)[:, None, None]).all()
        assert len(np.unique(base[:, :, 0])) == 64


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
        units = np.insert(units, 2, [[0.5] * 6, [0.9] * 6, [0.2] * 6, [0.5] * 6, [0.9] * 6], axis=0)
        counts = play_groups(small, units, 40)
        assert counts.shape == (3, 1, 8 + 6 + 6 + 1)
        rows = group_counts(counts[0]).rows[0]
        assert rows[0] == rows[2] == rows[5] == rows[7]
        assert rows[1] == rows[3] == rows[6] != rows[0]

    def test_runs_in_which_two_rows_settle_are_counted(self, small: Scenario) -> None:
        """A row settles together with an equal one as often as alone, and with another at most as often as either."""
        units = np.full((8, 6), 0.5)
        units[3:] = 0.6
        found = group_counts(play_groups(small, units, 60)[0])
        (base, second), same = found.rows[0, [0, -1]], found.with_base[0]
        assert same[0] == same[1] == base
        assert found.with_second[0, 2] == found.with_second[0, 5] == second
        assert found.both[0] == same[3] == found.with_second[0, 0]
        assert max(0, base + second - 60) <= found.both[0] <= min(base, second)
        assert 0 < second < 60

    def test_a_row_at_the_middle_is_the_scenario_at_its_middle(self, small: Scenario) -> None:
        negotiation = Negotiation(central(small), 40)
        negotiation.run_model()
        outcomes = negotiation.outcomes()
        counts = play_groups(small, np.full((8, 6), 0.5), 40)[:, 0, 0]
        assert counts[0] == (outcomes["outcome"] == "settlement").sum()
        assert counts[1] == (outcomes["held"] >= 52).sum()

    @pytest.mark.parametrize(("plays", "block", "first"), [(600, 3, 600), (2048, 6, 2048), (10_000, 49, 0)])
    def test_groups_meet_random_streams_of_their_own(self, small: Scenario, plays: int, block: int, first: int) -> None:
        """The second group of task 3 is played on its own runs of a block of which no other task takes any.

        A block of 16,384 runs has room for all 16 groups of 600 plays, for eight of 2,048, and for one of 10,000.
        """
        units = design(6, 16, 1)[:16]
        points = {path: np.full(plays, unit) for path, unit in zip(list_range_streams(small), units[10], strict=True)}
        runs = block * BLOCK + first + np.arange(plays)
        negotiation = Negotiation(small, plays, values=draw_at_points(small, points), stream_runs=runs)
        negotiation.run_model()
        settled = (negotiation.outcomes()["outcome"] == "settlement").sum()
        assert group_counts(play_groups(small, units, plays, 3)[0]).rows[1, 2] == settled


class TestKnownAnswer:
    def test_one_range_alone_matters(self, tmp_path: Path) -> None:
        case = coins(reservation={"range": [0.3, 0.7]}, trust_gain={"range": [0, 1]})
        found = sensitivity(case, rows=128, plays=1024, out=tmp_path).summary
        reservation, trust = found["factors"]
        assert (reservation["paths"], trust["paths"]) == (["parties.b.reservation"], ["parties.b.trust_gain"])
        assert trust["total"]["value"] == trust["first"]["value"] == 0.0
        assert trust["total"]["high"] < 0.1  # no row showed any effect; of a rare one that would have been the trace
        assert reservation["total"]["value"] == pytest.approx(1, abs=0.1)
        assert reservation["first"]["value"] == pytest.approx(1, abs=0.1)
        chances = settling(np.linspace(0.3, 0.7, 10_001))
        assert found["mean"] == pytest.approx(chances.mean(), abs=0.03)
        assert found["variance"] == pytest.approx(chances.var(), rel=0.15)
        assert found["noise"] == pytest.approx(np.mean(chances * (1 - chances)) / 1024 / chances.var(), rel=0.2)

    def test_noise_takes_nothing_from_the_index_of_the_one_range_that_matters(self, tmp_path: Path) -> None:
        """Eight plays a row: two fifths of the variance of rows is noise, by the chances' closed form."""
        case = coins(reservation={"range": [0.3, 0.7]}, trust_gain={"range": [0, 1]})
        found = sensitivity(case, rows=256, plays=8, out=tmp_path).summary
        chances = settling(np.linspace(0.3, 0.7, 10_001))
        within = np.mean(chances * (1 - chances)) / 8
        assert found["noise"] == pytest.approx(within / (within + chances.var()), abs=0.07)
        assert found["variance"] == pytest.approx(chances.var(), rel=0.3)
        (reservation, _) = found["factors"]
        for kind in ("first", "total"):
            assert reservation[kind]["low"] <= 1 <= reservation[kind]["high"]
            assert reservation[kind]["value"] == pytest.approx(1, abs=0.12)

    def test_where_noise_is_most_there_are_no_indices_and_what_is_needed_gives_them(self, tmp_path: Path) -> None:
        case = coins(reservation={"range": [0.47, 0.53]})
        found = sensitivity(case, rows=64, plays=4, out=tmp_path).summary
        assert found["factors"] is None
        assert "simulation error" in found["withheld"]
        needed = found["needed"]
        assert needed["runs"] == needed["rows"] * needed["plays"] * 3
        again = sensitivity(case, rows=max(256, needed["rows"]), plays=max(512, needed["plays"]), out=tmp_path).summary
        assert (again["withheld"], again["needed"]) == (None, None)
        assert again["factors"][0]["total"]["low"] <= 1 <= again["factors"][0]["total"]["high"]


class TestStudy:
    def test_plan(self, small: Scenario) -> None:
        planned = plan(small, 64, 8)
        assert (len(planned.factors), planned.all_rows, planned.runs) == (6, 64 * 8, 64 * 8 * 8)

    @pytest.mark.parametrize(
        ("rows", "plays", "outcome", "message"),
        [
            (100, 8, "settlement", "power of two"),
            (8, 8, "settlement", "at least 16"),
            (0, 8, "settlement", "rows must be at least 1, not 0"),
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
        assert (summary["factors"], summary["noise"], summary["mean"], summary["variance"]) == (None, None, 0, 0)
        assert (
            summary["withheld"]
            == "All rows have the same share, and where nothing varies there is nothing to attribute."
        )
        assert summary["needed"] is None

    def test_it_is_found_again_and_a_larger_one_takes_it_over(
        self, small: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = sensitivity(small, 32, 4, out=tmp_path)
        assert first.simulated == first.summary["runs"] == 32 * 8 * 4
        larger = sensitivity(small, 64, 4, out=tmp_path)
        assert larger.simulated == 32 * 8 * 4
        assert larger.summary == sensitivity(small, 64, 4, out=tmp_path / "fresh").summary
        monkeypatch.setattr(module, "play_groups", lambda *_: pytest.fail("played again"))
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
                return play_groups(*arguments)

            patch.setattr(module, "play_groups", fail_once)
            with pytest.raises(FloatingPointError):
                sensitivity(small, 64, 4, out=tmp_path)
        assert sensitivity(small, 64, 4, out=tmp_path).simulated == CHUNK * 8 * 4

    def test_worker_processes_change_nothing(
        self, small: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        alone = sensitivity(small, 64, 4, out=tmp_path / "alone").summary
        monkeypatch.setattr(executors, "POOL_PAYS", 0.0)
        seconds = []
        together = sensitivity(small, 64, 4, out=tmp_path, jobs=2, announce=seconds.append).summary
        assert together == alone
        assert len(seconds) == 1
        assert seconds[0] > 0


def test_each_replicate_of_the_design_is_one_of_salib() -> None:
    problem = {"num_vars": 4, "names": list("abcd"), "bounds": [[0, 1]] * 4}
    expected = salib.sample(problem, 4, calc_second_order=False, seed=np.random.default_rng([9, 5]))
    np.testing.assert_array_equal(design(4, 64, 9).reshape(4, 16, 6, 4)[:, 5].reshape(-1, 4), expected)


@pytest.mark.parametrize("rows", [64, 128])
def test_no_index_lies_outside_its_interval_by_rounding(tmp_path: Path, rows: int) -> None:
    """Of the baseline's factors some move nothing: their total is 0 but for rounding, and so is its lower end."""
    found = sensitivity(
        load_scenario(Path(__file__).parents[2] / "scenarios" / "baseline.yaml"), rows=rows, plays=8, out=tmp_path
    )
    estimates = [factor[index] for factor in found.summary["factors"] for index in ("first", "total")]
    assert min(each["value"] - each["low"] for each in estimates) >= 0
    assert min(each["high"] - each["value"] for each in estimates) >= 0
    assert kept_sensitivities(found.folder) == [found.summary]
