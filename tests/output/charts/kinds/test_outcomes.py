"""How talks end: week by week, along a parameter, and whether what was settled holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from sim.output.charts import composition, durability, outcomes
from sim.output.charts.drawing import style
from sim.output.charts.drawing.stacked_bands import Band, name_ends, stack
from sim.output.charts.kinds.outcomes import MOST_LEAVERS
from sim.scenario.loading.assignment import assign
from sim.scenario.model.schema import Scenario
from sim.study.results.stored_study import StoredStudy
from tests.output.charts.conftest import Ensemble
from tests.output.charts.kept_studies import (
    LEVELS,
    TWELVE,
    always,
    amiss,
    bands,
    chart_of,
    crossings,
    crowd,
    edges,
    falling,
    joined,
    kept_sweep,
    named,
    texts,
)

pytestmark = pytest.mark.quick


def stacked(axes: Axes, x: float) -> dict[str, tuple[float, float]]:
    """Where the bands lie above a place, by colour."""
    return {to_hex(band.get_facecolor()[0][:3]): edges(band, x) for band in bands(axes)}


def shares(study: StoredStudy, place: int) -> dict[str, float]:
    """The cumulative incidence of every way to end after a number of weeks, by the colour that stands for it."""
    curves: Mapping[str, Any] = study.summary["curves"]
    colours = style.colours(study.scenario)
    found = {style.CURVE: curves["settlement"]["p"][place]}
    found |= {colours[name]: curve["p"][place] for name, curve in curves["walkout"].items()}
    found |= {
        colour: curves[name]["p"][place]
        for name, colour in (("impasse", style.FAILED), ("overtaken", style.OVERTAKEN))
        if curves[name]["p"][-1] > 0
    }
    return found | {style.FAINT: 1 - sum(found.values())}


class TestWeeks:
    @pytest.mark.parametrize("name", ["plain", "nobody", "everybody", "once"])
    def test_bands_are_the_cumulative_incidence(self, name: str, request: pytest.FixtureRequest) -> None:
        study: StoredStudy = request.getfixturevalue(name)
        axes = outcomes(study)
        for week in range(1, int(study.scenario.rounds) + 1):
            drawn = stacked(axes, week - 0.5)
            heights = {colour: high - low for colour, (low, high) in drawn.items()}
            assert heights == pytest.approx(shares(study, week - 1), abs=1e-9)
            assert min(low for low, _ in drawn.values()) == 0
            assert max(high for _, high in drawn.values()) == pytest.approx(1)
        assert axes.get_xlim() == (0, study.scenario.rounds)
        assert axes.get_xlabel() == "weeks of talks"
        assert axes.get_ylabel() == "simulated runs"

    def test_settled_lies_lowest_and_walkouts_highest(self, plain: StoredStudy) -> None:
        drawn = stacked(outcomes(plain), 11.5)
        colours = style.colours(plain.scenario)
        order = sorted(drawn, key=lambda colour: drawn[colour])
        assert order == [style.CURVE, style.FAINT, style.FAILED, colours["first"], colours["second"]]

    def test_every_band_is_named_with_its_share_in_the_end(self, plain: StoredStudy) -> None:
        axes = outcomes(plain)
        found = plain.summary["outcomes"]
        names = {"settled": found["settlement"]["p"], "deadline passed": found["impasse"]["p"]}
        names |= {f"{name.title()} walked out": share for name, share in plain.summary["walkout_by"].items()}
        over = found["settlement"]["spread"]
        across = f" across the assumed ranges {100 * over['low']:.1f}–{100 * over['high']:.1f} %"
        for note, (name, share) in zip(named(axes, *names), names.items(), strict=True):
            more = across if name == "settled" else ""
            assert " ".join(note.get_text().split()) == f"{name} {100 * share:.1f} %{more}"
        settled = named(axes, "settled")[0]
        assert settled.xy == (12, pytest.approx(found["settlement"]["p"] / 2))
        assert settled.get_color() == style.CURVE

    def test_what_never_happens_is_not_named(self, nobody: StoredStudy, everybody: StoredStudy) -> None:
        assert not any("settled" in text for text in texts(outcomes(nobody)))
        assert any("100.0 %" in text for text in texts(outcomes(everybody)) if text.startswith("settled"))
        assert not any("walked out" in text for text in texts(outcomes(everybody)))

    def test_where_one_sides_walkouts_are_named_so_are_the_others_however_few(self) -> None:
        """Whoever sees one side's name alone takes it for the only one that leaves."""
        shares = {"settled": 0.9, "first walked out": 0.01, "second walked out": 0.001, "overtaken": 0.001}
        drawn = [
            Band(name, "black", np.array([0.0, share]), kind="walkout" if "walked" in name else "")
            for name, share in shares.items()
        ]
        axes = Figure().subplots()
        stack(axes, [0, 1], drawn)
        name_ends(axes, drawn, "")
        said = " ".join(" ".join(texts(axes)).split())
        assert "second walked out" in said
        assert "overtaken" not in said
        drawn[1] = replace(drawn[1], shares=np.array([0.0, 0.002]))
        axes = Figure().subplots()
        name_ends(axes, drawn, "")
        assert "walked out" not in " ".join(texts(axes))

    def test_the_small_print_says_how_sure_the_share_is(self, plain: StoredStudy, everybody: StoredStudy) -> None:
        share = plain.summary["outcomes"]["settlement"]
        low, high = (100 * share[end] for end in ("low", "high"))
        words = f"Settled at the end: {100 * share['p']:.1f} %, simulation error {low:.1f}–{high:.1f} % (95 %)."
        assert words in joined(outcomes(plain))
        assert "assumed ranges" not in joined(outcomes(everybody))  # they were not asked for

    def test_the_range_over_the_assumptions_stands_in_the_picture(
        self, plain: StoredStudy, everybody: StoredStudy
    ) -> None:
        """As a line beside the last week, as high as the range, in the colour of settlement."""
        over = plain.summary["outcomes"]["settlement"]["spread"]
        (line,) = [line for line in outcomes(plain).lines if len(line.get_xdata()) == 2]
        assert [*line.get_ydata()] == [over["low"], over["high"]]
        assert min(line.get_xdata()) > 1.0
        assert line.get_color() == style.CURVE
        assert not outcomes(everybody).lines

    def test_of_a_crowd_those_that_leave_least_go_together(self, crowded: StoredStudy) -> None:
        axes = outcomes(crowded)
        assert len(bands(axes)) == 3 + MOST_LEAVERS
        walked = crowded.summary["walkout_by"]
        most = sorted(walked.values())[-(MOST_LEAVERS - 1) :]
        (others,) = [text for text in texts(axes) if text.startswith("one of")]  # shortened where there are so many
        assert " ".join(others.split()).startswith(f"one of {12 - MOST_LEAVERS + 1} o")
        assert others.split("\n")[-1] == f"{100 * (sum(walked.values()) - sum(most)):.1f} %"
        drawn = stacked(axes, 15.5)
        assert sum(high - low for low, high in drawn.values()) == pytest.approx(1)
        assert amiss(axes) == {}

    def test_a_sweep_has_none(self, small: Scenario, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="plain runs only"):
            outcomes(kept_sweep(tmp_path, small, {"distrust": LEVELS}, falling))


class TestComposition:
    def test_bands_are_the_shares_along_the_parameter(self, small: Scenario, tmp_path: Path) -> None:
        axes = composition(kept_sweep(tmp_path, small, {"distrust": [1.0, 0.5, 0.0]}, falling))
        colours = style.colours(small)
        for x in (0.1, 0.4, 0.9):
            p = falling((x,))
            expected = {
                style.CURVE: p,
                style.FAINT: 0.0,
                style.FAILED: 0.75 * (1 - p),
                colours["first"]: (1 - p) / 8,
                colours["second"]: (1 - p) / 8,
            }
            drawn = stacked(axes, x)
            assert {colour: high - low for colour, (low, high) in drawn.items()} == pytest.approx(expected)
        assert axes.get_xlim() == (0, 1)
        assert axes.get_xlabel() == "mutual distrust"
        assert "How talks end, by mutual distrust" in texts(chart_of(axes))

    def test_bands_are_named_where_they_are_widest(self, small: Scenario, tmp_path: Path) -> None:
        """Within them if there is room, with the share there: at the end of the line neither band is at its widest."""
        shares = dict(zip(LEVELS, (0.1, 0.5, 0.8, 0.5, 0.15), strict=True))
        axes = composition(kept_sweep(tmp_path, small, {"distrust": LEVELS}, lambda at: shares[at[0]]))
        found = {" ".join(text.get_text().split()): text for text in axes.texts}
        settled = found["settled 80.0 % at 0.5"]
        assert settled.get_position()[0] == pytest.approx(0.5, abs=0.05)
        assert settled.get_color() == style.PAPER
        assert 0 < settled.get_position()[1] < 0.8
        assert found["deadline passed 67.5 % at 0"].get_position()[1] > 0.1
        (first,) = (text for words, text in found.items() if words.startswith("First walked out"))
        assert first.get_text().endswith("11.2 % at 0")
        assert first.xy == (0.0, pytest.approx(0.1 + 0.675 + 0.1125 / 2))
        assert (amiss(axes), crossings(axes)) == ({}, [])

    def test_words_have_columns(self, small: Scenario, tmp_path: Path) -> None:
        styles = [None, "facilitation", "formulation"]
        axes = composition(kept_sweep(tmp_path, small, {"mediator.style": styles}, lambda at: styles.index(at[0]) / 4))
        settled = [column for column in axes.patches if to_hex(column.get_facecolor()) == style.CURVE]
        assert [column.get_height() for column in settled] == [0, 0.25, 0.5]
        tops = np.reshape([column.get_y() + column.get_height() for column in axes.patches], (5, 3))
        np.testing.assert_allclose(tops[-1], 1)
        assert [tick.get_text() for tick in axes.get_xticklabels()] == ["no mediator", "facilitation", "formulation"]

    def test_one_point_is_a_column(self, small: Scenario, tmp_path: Path) -> None:
        axes = composition(kept_sweep(tmp_path, small, {"distrust": [0.2, 0.8]}, always(0.3), lost=[0]))
        assert bands(axes) == []
        assert len(axes.patches) == 5
        low, high = axes.get_xlim()
        assert low < 0.8 < high
        assert [tick.get_text() for tick in axes.get_xticklabels()] == ["0.8"]

    def test_a_crowd_has_names_that_can_be_read(self, tmp_path: Path) -> None:
        axes = composition(kept_sweep(tmp_path, crowd(*TWELVE), {"distrust": LEVELS}, falling))
        assert len(bands(axes)) == 3 + MOST_LEAVERS
        assert amiss(axes) == {}

    def test_it_takes_one_parameter(self, small: Scenario, plain: StoredStudy, tmp_path: Path) -> None:
        two = kept_sweep(tmp_path, small, {"distrust": LEVELS, "rapport": [0.0, 0.1]}, falling)
        for study in (plain, two):
            with pytest.raises(ValueError, match="along one parameter"):
                composition(study)


class TestDurability:
    def test_the_line_is_the_share_that_holds(self, plain: StoredStudy) -> None:
        axes = durability(plain)
        holds = plain.summary["curves"]["holds"]
        drawn = max(axes.lines, key=lambda each: len(each.get_xdata()))
        np.testing.assert_allclose(drawn.get_ydata(), [1.0, *holds["p"]])
        np.testing.assert_allclose(drawn.get_xdata(), np.arange(101) / 52)
        assert drawn.get_drawstyle() == "steps-post"
        assert edges(bands(axes)[0], 30.5 / 52) == pytest.approx((holds["low"][29], holds["high"][29]))
        assert axes.get_xlabel() == "years since the signature"
        assert axes.get_ylabel() == "settlements that still hold"
        assert f"{100 * holds['p'][51]:.0f} % after 1 year" in texts(axes)
        assert not any("5 years" in text for text in texts(axes))  # they are watched for 100 weeks

    def test_several_are_lines_with_names(self, small: Scenario, plain: StoredStudy, ensemble: Ensemble) -> None:
        loyal = ensemble(assign(small, {"parties.*.reliability": 0.9999, "implementation.periods": 60}), 100, "loyal")
        axes = durability(plain, loyal)
        lines = [each for each in axes.lines if len(each.get_xdata()) > 2]
        for drawn, study in zip(lines, (plain, loyal), strict=True):
            np.testing.assert_allclose(drawn.get_ydata(), [1.0, *study.summary["curves"]["holds"]["p"]])
            (name,) = named(axes, study.name)
            assert name.get_color() == drawn.get_color()
            assert name.xy == (drawn.get_xdata()[-1], drawn.get_ydata()[-1])
        assert axes.get_xlim() == (0, 100 / 52)
        assert lines[0].get_color() != lines[1].get_color()
        assert "Scenario loyal, 100 runs, seed 7." in joined(axes)

    def test_words_near_the_end_stay_in_the_picture(self, small: Scenario, ensemble: Ensemble) -> None:
        axes = durability(ensemble(assign(small, {"implementation.periods": 55}), 60))
        assert any(text.endswith("after 1 year") for text in texts(axes))
        assert amiss(axes) == {}

    def test_without_settlements_there_is_nothing_to_hold(
        self, plain: StoredStudy, nobody: StoredStudy, small: Scenario, tmp_path: Path
    ) -> None:
        sweep = kept_sweep(tmp_path, small, {"distrust": LEVELS}, falling)
        for studies in ((nobody,), (plain, nobody), (sweep,)):
            with pytest.raises(ValueError, match="no settlements"):
                durability(*studies)


def test_outcomes_over_decades_stand_on_a_log_scale(small: Scenario, tmp_path: Path) -> None:
    vary = {"sharpness": [0.1, 1.0, 10.0, 100.0]}
    axes = composition(kept_sweep(tmp_path, small, vary, lambda _: 0.5, log=["sharpness"]))
    assert (axes.get_xscale(), axes.get_xlim()) == ("log", (0.1, 100.0))
    assert composition(kept_sweep(tmp_path / "linear", small, vary, lambda _: 0.5)).get_xscale() == "linear"
