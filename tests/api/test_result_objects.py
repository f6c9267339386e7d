"""What calls return: figures with attributes, frames, charts and a short repr, the same for every kind of result."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

import sim
from sim.api.figures import Share
from sim.api.result_objects import Ensemble, Sweep
from sim.negotiation.randomness.assumption_draws import draw_assumptions


class TestFigures:
    def test_a_share_has_its_interval_and_its_range_over_the_assumptions(self, ensemble: Ensemble) -> None:
        plain = ensemble.summary["outcomes"]["settlement"]
        share = ensemble.settlement
        assert (share.p, share.low, share.high) == (plain["p"], plain["low"], plain["high"])
        assert share.assumptions is not None
        assert (share.assumptions.low, share.assumptions.high) == (plain["spread"]["low"], plain["spread"]["high"])
        assert float(share) == share.p

    def test_terms_weeks_and_durability_are_those_of_the_summary(self, ensemble: Ensemble) -> None:
        summary = ensemble.summary
        assert {issue: mean.mean for issue, mean in ensemble.terms.items()} == {
            issue: each["mean"] for issue, each in summary["terms"].items()
        }
        assert (ensemble.weeks.median, ensemble.weeks.low) == (
            summary["rounds"]["median"],
            summary["rounds"]["median_low"],
        )
        assert {str(weeks) for weeks in ensemble.lasting} == set(summary["lasting"])
        assert set(ensemble.utility) == set(ensemble.scenario.parties)

    def test_a_share_is_a_number_among_others(self, ensemble: Ensemble) -> None:
        assert f"{ensemble.settlement:.3f}" == f"{ensemble.settlement.p:.3f}"
        assert f"{ensemble.settlement}" == str(ensemble.settlement)
        assert len(repr(ensemble.settlement)) < 80

    def test_words_for_a_share(self) -> None:
        assert str(Share(0.5, 0.4, 0.6)) == "50.0 % (40.0–60.0)"
        assert Share.of(None) is None

    def test_fewer_runs_than_are_stored_have_their_own_figures(self, case: sim.Scenario, out: Path) -> None:
        more = sim.run(case, 300, out=out, name="more")
        fewer = sim.run(case, 100, out=out, name="more")
        assert (fewer.runs, len(fewer.to_frame()), fewer.simulated) == (100, 100, 0)
        assert fewer.settlement.p == float((more.to_frame()["outcome"][:100] == "settlement").mean())
        assert sim.results(out)["more"].runs == 300


class TestFrames:
    def test_runs_carry_what_they_assumed(self, ensemble: Ensemble) -> None:
        frame = ensemble.to_frame()
        values = draw_assumptions(ensemble.scenario, np.arange(len(frame)))
        ranges = {path: value for path, value in values.items() if isinstance(value, np.ndarray)}
        assert {name.removeprefix("assumed.") for name in frame if name.startswith("assumed.")} == set(ranges)
        for path, value in ranges.items():
            np.testing.assert_array_equal(frame[f"assumed.{path}"], value)

    def test_blocks_are_put_together_in_order(self, ensemble: Ensemble, monkeypatch: pytest.MonkeyPatch) -> None:
        from sim.study.results import result_tables

        whole = ensemble.to_frame()
        monkeypatch.setattr(result_tables, "BLOCK", 64)
        pd.testing.assert_frame_equal(ensemble.to_frame().filter(like="assumed."), whole.filter(like="assumed."))

    def test_what_a_sweep_varies_is_not_assumed(self, swept: Sweep) -> None:
        frame = swept.to_frame("runs")
        assert len(frame) == 150
        assert [name for name in frame if name.startswith("assumed.distrust.")] == []
        first, second = (frame[frame["point"] == point].filter(like="assumed.") for point in (0, 2))
        assert len(first.columns) > 0
        np.testing.assert_array_equal(first.to_numpy(), second.to_numpy())  # common random numbers

    def test_a_sweep_is_a_table_of_points_unless_runs_are_asked_for(self, swept: Sweep) -> None:
        assert list(swept.to_frame()["distrust"]) == [0.0, 0.5, 1.0]
        shares = swept.to_frame()["outcomes.settlement.p"]
        assert (shares.iloc[0] - 0.5) * (shares.iloc[2] - 0.5) < 0
        assert len(swept.crossings) == 1
        crossing = swept.crossings.iloc[0]
        assert crossing["low"] <= crossing["at"] <= crossing["high"]

    def test_a_sweep_without_crossings_has_an_empty_table_of_them(self, case: sim.Scenario, out: Path) -> None:
        flat = sim.sweep(case, {"sharpness": [40.0, 41.0]}, 20, out=out, spread=False)
        assert list(flat.crossings.columns) == ["along", "at", "low", "high", "before", "after", "falling"]
        assert len(flat.crossings) == 0

    def test_a_comparison_has_a_row_a_scenario(self, case: sim.Scenario, out: Path) -> None:
        compared = sim.compare({"one": case, "two": case.assign({"distrust": 0.0})}, 100, out=out, spread=False)
        frame = compared.to_frame()
        gap = frame.loc["two", "settlement.p"] - frame.loc["one", "settlement.p"]
        assert frame.loc["two", "change.settlement.difference"] == pytest.approx(gap)
        assert set(compared.to_frame("runs")["scenario"]) == {"one", "two"}
        assert compared.simulated == 200
        for kind in compared.charts:
            compared.plot(kind)
        stored = sim.results(out)["one"]
        assert isinstance(stored, Ensemble)
        assert stored.comparisons[0].summary == compared.summary

    def test_a_sensitivity_study_ranks_ranges(self, case: sim.Scenario, out: Path) -> None:
        found = sim.sensitivity(case, 64, 16, out=out, name="ranges")
        frame = found.to_frame()
        if len(frame):
            assert frame["total.value"].is_monotonic_decreasing
        assert "settlement" in repr(found)


class TestCharts:
    def test_they_are_drawn_on_given_axes(self, ensemble: Ensemble, swept: Sweep) -> None:
        for result, kind in ((ensemble, "terms"), (ensemble, "durability"), (swept, "settlement")):
            axes = Figure().subplots()
            assert result.plot(kind, ax=axes) is axes
            assert axes.has_data()

    def test_every_kind_that_is_listed_can_be_drawn(self, ensemble: Ensemble) -> None:
        assert {"outcomes", "terms"} <= set(ensemble.charts)
        for kind in ensemble.charts:
            ensemble.plot(kind)
        assert ensemble.plot().figure is not None

    def test_a_kind_that_is_not_there_is_refused_in_words(self, ensemble: Ensemble) -> None:
        with pytest.raises(sim.ChartError, match="did you mean 'terms'"):
            ensemble.plot("term")
        with pytest.raises(sim.ChartError, match="needs a sweep"):
            ensemble.plot("settlement")

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"kind": 3}, "the kind of a chart is a word, not 3"),
            ({"ax": 3}, "ax must be matplotlib's Axes, not 3"),
            ({"kind": "dance", "run": -1}, "run must be at least 0"),
            ({"kind": "dance", "run": "x"}, "run must be a whole number"),
            ({"kind": "dance", "point": "a"}, "point must be a whole number"),
        ],
    )
    def test_odd_arguments_are_refused_in_words(
        self, ensemble: Ensemble, arguments: dict[str, object], message: str
    ) -> None:
        with pytest.raises(sim.ScenarioError, match=f"^{message}"):
            ensemble.plot(**arguments)  # type: ignore[arg-type]


class TestRepr:
    def test_it_is_short_and_no_forecast(self, ensemble: Ensemble, swept: Sweep) -> None:
        for result in (ensemble, swept):
            assert len(repr(result).splitlines()) <= 6
            assert "not a forecast" in repr(result)
            assert "not a forecast" in result._repr_html_()

    def test_names_are_escaped_in_html(self, case: sim.Scenario, out: Path) -> None:
        found = sim.run(case, 20, out=out, name="<script>x</script>", spread=False)
        assert "<script>" not in found._repr_html_()
        assert "<script>" not in case.assign({"distrust": 0.5})._repr_html_()
