"""The chart of sweeps along one parameter: what is drawn and written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim.output.charts import saved, settlement
from sim.output.charts.drawing import style
from sim.output.charts.drawing.chart_frame import CAVEAT
from sim.scenario.loading.assignment import assign
from sim.scenario.loading.scenario_loader import load_scenario
from sim.scenario.model.name_rules import LONGEST
from sim.scenario.model.schema import Scenario
from tests.output.charts.kept_studies import (
    LEVELS,
    ROOT,
    always,
    amiss,
    bands,
    chart_of,
    crossings,
    curve,
    falling,
    joined,
    kept_sweep,
    named,
    renamed,
    texts,
)
from tests.output.swept import line

CLOSED = {
    "direct": (0.3, 0.2, 0.4, 1.0),
    "mediator": (0.5, None, None, 1.0),
    "guaranteed": (None, None, None, 0.0),
}


def steep(at: tuple[Any, ...]) -> float:
    """From all to none around .5."""
    return float(1 / (1 + np.exp(14 * (at[0] - 0.5))))


def upright_lines(axes: Axes) -> list[float]:
    """Where lines stand from the bottom to the top."""
    ends = [(np.asarray(drawn.get_xdata()), np.asarray(drawn.get_ydata())) for drawn in axes.lines]
    return [float(x[0]) for x, y in ends if list(y) == [0, 1] and x[0] == x[1]]


def shaded(axes: Axes) -> list[tuple[float, float]]:
    """The ranges that are shaded as what the scenario says."""
    spans = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    colour = tuple(int(style.EVIDENCE[n : n + 2], 16) / 255 for n in (1, 3, 5))
    return [
        (span.get_x(), span.get_x() + span.get_width())
        for span in spans
        if np.allclose(span.get_facecolor()[:3], colour)
    ]


class TestCurve:
    def test_it_is_the_share_at_every_level(self, small: Scenario, tmp_path: Path) -> None:
        axes = settlement(kept_sweep(tmp_path, small, {"distrust": LEVELS}, falling))
        x, p = curve(axes)
        np.testing.assert_allclose(x, LEVELS)
        np.testing.assert_allclose(p, [0.9, 0.7, 0.5, 0.3, 0.1])
        assert axes.get_ylim() == (0, 1)
        assert axes.get_xlabel() == "mutual distrust"
        assert axes.get_ylabel() == "simulated runs that settle"
        assert {"90 %", "10 %"} <= set(texts(axes))

    def test_values_in_any_order_are_drawn_from_left_to_right(self, small: Scenario, tmp_path: Path) -> None:
        x, p = curve(settlement(kept_sweep(tmp_path, small, {"distrust": [1.0, 0.0, 0.5]}, falling)))
        assert list(x) == [0.0, 0.5, 1.0]
        np.testing.assert_allclose(p, [0.9, 0.5, 0.1])

    @pytest.mark.parametrize(("spread", "widths"), [(False, [0.02]), (True, [0.2, 0.02])])
    def test_bands_are_the_intervals(self, small: Scenario, tmp_path: Path, spread: bool, widths: list[float]) -> None:
        axes = settlement(kept_sweep(tmp_path, small, {"distrust": LEVELS}, always(0.5), spread=spread))
        corners = [band.get_paths()[0].vertices[:, 1] for band in bands(axes)]
        assert [float(np.ptp(y)) for y in corners] == pytest.approx(widths)
        assert all((y.min() + y.max()) / 2 == pytest.approx(0.5) for y in corners)
        assert ("light band: range over the assumptions (middle 90 %)" in joined(axes)) == spread

    def test_the_light_band_is_named_within_itself(self, small: Scenario, tmp_path: Path) -> None:
        fine = [n / 20 for n in range(21)]
        study = kept_sweep(tmp_path, small, {"distrust": fine}, lambda at: 0.9 - 0.2 * at[0], spread=True)
        for point in study.summary["points"]:
            point["outcomes"]["settlement"]["spread"]["low"] = 0.1
        rows = [row | {"outcomes.settlement.spread.low": 0.1} for row in study.rows]
        study.__dict__["rows"] = rows
        axes = settlement(study)
        (words,) = [text for text in axes.texts if "middle 90 % across the assumed ranges" in text.get_text()]
        assert 0.1 < words.get_position()[1] < 0.9 - 0.2 * words.get_position()[0]
        assert (amiss(axes), crossings(axes)) == ({}, [])

    def test_a_light_band_without_room_is_named_in_the_small_print_alone(self, small: Scenario, tmp_path: Path) -> None:
        study = kept_sweep(tmp_path, small, {"distrust": LEVELS}, falling, spread=True)
        for row in study.rows:
            for end in ("low", "high"):
                row[f"outcomes.settlement.spread.{end}"] = row["outcomes.settlement.p"]
        axes = settlement(study)
        assert not [text for text in axes.texts if "assumed ranges" in text.get_text()]
        assert "light band: range over the assumptions (middle 90 %)" in joined(axes)

    def test_the_small_print(self, small: Scenario, tmp_path: Path) -> None:
        axes = settlement(kept_sweep(tmp_path, small, {"distrust": LEVELS}, falling))
        written = texts(chart_of(axes))
        assert "How the share of settlements changes with mutual distrust" in written
        assert "A small negotiation" in written
        (small_print,) = (text for text in written if CAVEAT in text)
        assert small_print.splitlines() == [
            CAVEAT,
            "Band, where wider than the line: simulation error (95 %).",
            "Scenario case, 2,000 runs at each of 5 points, seed 11.",
        ]

    def test_crossings_of_one_half_are_marked(self, small: Scenario, tmp_path: Path) -> None:
        found = line("distrust", None, 0.4, 0.75)
        axes = settlement(kept_sweep(tmp_path, small, {"distrust": LEVELS}, falling, lines=[found]))
        marks = [drawn for drawn in axes.lines if drawn.get_markersize() == 9]
        assert [(*drawn.get_xdata(), *drawn.get_ydata()) for drawn in marks] == [(0.4, 0.5), (0.75, 0.5)]
        assert {"one half at 0.40", "one half at 0.75"} <= set(texts(axes))


class TestTheory:
    def test_closed_form_values_are_marked_and_named(self, small: Scenario, tmp_path: Path) -> None:
        found = line("distrust", None, 0.4, **CLOSED)
        axes = settlement(kept_sweep(tmp_path, small, {"distrust": LEVELS}, falling, lines=[found]))
        assert upright_lines(axes) == [0.3, 0.5]
        (strip,) = axes.child_axes
        left = axes.get_xlim()[0]
        bars = [(list(drawn.get_xdata()), drawn.get_linewidth()) for drawn in strip.lines]
        assert bars == [([left, 0.3], 6.0), ([0.2, 0.4], 1.4), ([left, 0.5], 6.0)]
        assert {
            "direct talks can settle up to 0.30",
            "the mediator's text can be signed up to 0.50",
            "with the guarantee, they can settle: never",
        } <= set(texts(strip))
        assert strip.get_xlim() == axes.get_xlim()
        assert amiss(axes) == {}

    def test_the_words_are_there_wherever_the_sweep_begins(self, small: Scenario, tmp_path: Path) -> None:
        found = line("distrust", None, 0.6, **CLOSED)
        axes = settlement(kept_sweep(tmp_path, small, {"distrust": [0.45, 0.6, 0.8]}, falling, lines=[found]))
        assert "direct talks can settle up to 0.30" in texts(axes)
        assert amiss(axes) == {}

    def test_given_axes_may_have_neighbours(self, small: Scenario, tmp_path: Path) -> None:
        found = line("distrust", None, 0.4, **CLOSED)
        given = Figure().add_subplot()
        settlement(kept_sweep(tmp_path, small, {"distrust": LEVELS}, falling, lines=[found]), axes=given)
        assert given.child_axes == []

    def test_it_is_for_mutual_distrust_only(self, small: Scenario, tmp_path: Path) -> None:
        directed = line("distrust.*.us", None, 0.4, **CLOSED)
        axes = settlement(kept_sweep(tmp_path, small, {"distrust.*.us": LEVELS}, falling, lines=[directed]))
        assert axes.child_axes == []
        assert upright_lines(axes) == []

    @pytest.mark.parametrize(("count", "marked"), [(2, [0.3, 0.5, 0.6]), (4, [0.3, 0.5, 0.6, 0.7, 0.8]), (5, [0.3])])
    def test_what_lines_disagree_on_is_told_by_name_as_far_as_there_is_room(
        self, small: Scenario, tmp_path: Path, count: int, marked: list[float]
    ) -> None:
        weights = [n / 10 for n in range(1, count + 1)]
        found = [
            line("distrust", {"rapport": each}, direct=CLOSED["direct"], mediator=(0.5 + n / 10, None, None, 1.0))
            for n, each in enumerate(weights)
        ]
        axes = settlement(kept_sweep(tmp_path, small, {"distrust": LEVELS, "rapport": weights}, falling, lines=found))
        assert upright_lines(axes) == pytest.approx(marked)
        written = joined(axes)
        assert "direct talks can settle up to 0.30" in written
        for n, each in enumerate(weights):
            name = f"the mediator's text can be signed (rapport from meeting {each:g}) up to {0.5 + n / 10:.2f}"
            assert (name in written) == (len(marked) > 1)
        assert amiss(axes) == {}


class TestEvidence:
    def test_the_words_of_the_source_stand_over_their_range(self, tmp_path: Path) -> None:
        baseline = load_scenario(ROOT / "scenarios" / "baseline.yaml")
        axes = settlement(kept_sweep(tmp_path, baseline, {"distrust": LEVELS}, falling))
        (said,) = (text for text in texts(axes) if text.startswith("the article: “"))
        low, high = (baseline.distrust["russia"]["ukraine"].low, baseline.distrust["russia"]["ukraine"].high)
        assert said.endswith(f"read as {low:.2f}–{high:.2f}")
        assert shaded(axes) == [(pytest.approx(low), pytest.approx(high))]
        assert amiss(axes) == {}

    @pytest.mark.parametrize(("high", "seen"), [(0.3, 0), (0.45, 1), (0.8, 1)])
    def test_what_is_said_of_other_levels_is_left_out(
        self, small: Scenario, tmp_path: Path, high: float, seen: int
    ) -> None:
        """The small scenario sees distrust from .4 to .9."""
        axes = settlement(kept_sweep(tmp_path, small, {"distrust": [0.0, high]}, falling))
        assert texts(axes).count("assumed: 0.4–0.9") == seen
        assert shaded(axes) == [(pytest.approx(0.4), pytest.approx(0.9))] * seen
        assert axes.get_xlim()[1] < high + 0.1
        assert amiss(axes) == {}

    def test_a_range_that_is_nobodys_in_particular_is_said_without_a_name(
        self, small: Scenario, tmp_path: Path
    ) -> None:
        ranged = assign(small, {"rapport": {"range": [0.0, 0.1], "assumption": "between nothing and a little"}})
        axes = settlement(kept_sweep(tmp_path, ranged, {"rapport": [0.0, 0.1, 0.2]}, falling))
        assert texts(axes).count("assumed: 0.0–0.1") == 1
        assert amiss(axes) == {}


class TestSeveral:
    def test_every_combination_is_a_line_with_its_name_beside_it(self, small: Scenario, tmp_path: Path) -> None:
        styles = [None, "facilitation", "formulation"]

        def share(at: tuple[Any, ...]) -> float:
            return steep((at[0] - 0.02 * styles.index(at[1]),))

        study = kept_sweep(tmp_path, small, {"distrust": LEVELS, "mediator.style": styles}, share)
        axes = settlement(study)
        lines = [drawn for drawn in axes.lines if len(np.asarray(drawn.get_xdata())) == len(LEVELS)]
        names = named(axes, "no mediator", "facilitation", "formulation")
        assert len(lines) == len(names) == 3
        for each, drawn, name in zip(styles, lines, names, strict=True):
            np.testing.assert_allclose(drawn.get_ydata(), [share((x, each)) for x in LEVELS])
            x, y = name.xy  # beside its own line, where the lines lie apart
            assert y == pytest.approx(np.interp(x, LEVELS, drawn.get_ydata()))
            assert name.get_color() == drawn.get_color()
        assert len({(drawn.get_color(), str(drawn.get_linestyle())) for drawn in lines}) == 3
        assert "Scenario case, 2,000 runs at each of 15 points, seed 11." in joined(axes)
        assert amiss(axes) == {}

    def test_every_sweep_is_a_line(self, small: Scenario, tmp_path: Path) -> None:
        found = [
            kept_sweep(tmp_path / name, small, {"distrust": LEVELS}, always(p), name=name)
            for name, p in (("gentle", 0.8), ("harsh", 0.2))
        ]
        axes = settlement(*found)
        for name, p in (("gentle", 0.8), ("harsh", 0.2)):
            (drawn,) = (each for each in axes.lines if list(each.get_ydata()) == [p] * len(LEVELS))
            assert named(axes, name)[0].get_color() == drawn.get_color()
        assert "Several scenarios, on common random numbers" in texts(chart_of(axes))
        for name in ("gentle", "harsh"):
            assert f"Scenario {name}, 2,000 runs at each of 5 points, seed 11." in joined(axes)

    def test_eight_that_end_alike_have_names_that_can_be_read(self, small: Scenario, tmp_path: Path) -> None:
        name = "a-rather-long-name-of-a-scenario-number-{}"
        found = line("distrust", None, 0.4, **CLOSED)
        studies = [
            kept_sweep(tmp_path / str(n), small, {"distrust": LEVELS}, falling, name=name.format(n), lines=[found])
            for n in range(8)
        ]
        axes = settlement(*studies)
        names = [note for note in axes.texts if getattr(note, "xy", None) == (1.0, pytest.approx(0.1))]
        assert [note.get_text()[-1] for note in names] == list("01234567")
        assert sorted(note.xyann[1] for note in names) == [note.xyann[1] for note in names]
        assert amiss(axes) == {}

    def test_a_long_name_of_what_varies_does_not_hide_its_values(self, small: Scenario, tmp_path: Path) -> None:
        scenario = renamed(small, first="a_party_with_a_name_of_quite_unusual_length_and_few_readers")
        path = f"parties.{next(iter(scenario.parties))}.salience.land"
        vary = {"distrust": LEVELS, path: [0.2, 0.4, 0.6]}
        axes = settlement(kept_sweep(tmp_path, scenario, vary, falling))
        ends = [note.get_text() for note in axes.texts if getattr(note, "xy", None) == (1.0, pytest.approx(0.1))]
        assert [text.split()[-1] for text in ends] == ["0.2", "0.4", "0.6"]
        assert amiss(axes) == {}

    def test_sweeps_of_other_things_do_not_go_together(self, small: Scenario, tmp_path: Path) -> None:
        vary = [{"distrust": LEVELS}, {"rapport": [0.0, 0.1]}, {"mediator.style": ["facilitation", "formulation"]}]
        mutual, rapport, words = (
            kept_sweep(tmp_path / str(n), small, each, always(0.5)) for n, each in enumerate(vary)
        )
        with pytest.raises(ValueError, match="vary different parameters"):
            settlement(mutual, rapport)
        with pytest.raises(ValueError, match="over words"):
            settlement(words, words)
        settlement(words)


class TestEdges:
    @pytest.mark.parametrize(("p", "label"), [(1.0, "100 %"), (0.0, "0 %")])
    def test_all_or_none_settle(self, small: Scenario, tmp_path: Path, p: float, label: str) -> None:
        never = line("distrust", None, direct=(None, None, None, 0.0))
        axes = settlement(kept_sweep(tmp_path, small, {"distrust": LEVELS}, always(p), spread=True, lines=[never]))
        assert [text.get_text() for text in axes.texts].count(label) == 2
        assert not any("one half" in text for text in texts(axes))
        assert "direct talks can settle: never" in texts(chart_of(axes))
        assert amiss(axes) == {}

    def test_one_point(self, small: Scenario, tmp_path: Path) -> None:
        axes = settlement(kept_sweep(tmp_path, small, {"distrust": [0.2, 0.8]}, always(0.3), lines=[line()], lost=[0]))
        low, high = axes.get_xlim()
        assert low < 0.8 < high
        assert texts(axes).count("30 %") == 1
        assert "2,000 runs at one point, seed 11" in joined(axes)
        assert amiss(axes) == {}

    def test_a_failed_point_leaves_a_gap_in_no_line(self, small: Scenario, tmp_path: Path) -> None:
        axes = settlement(kept_sweep(tmp_path, small, {"distrust": LEVELS}, falling, lost=[1]))
        assert list(curve(axes)[0]) == [0.0, 0.5, 0.75, 1.0]

    def test_words_are_dots_with_their_intervals(self, small: Scenario, tmp_path: Path) -> None:
        styles = [None, "facilitation", "formulation"]
        axes = settlement(kept_sweep(tmp_path, small, {"mediator.style": styles}, always(0.3), spread=True))
        assert "Line, where longer than the dot: simulation error (95 %); light bar: range over the" in joined(axes)
        assert [tick.get_text() for tick in axes.get_xticklabels()] == ["no mediator", "facilitation", "formulation"]
        heights = [round(float(np.ptp(drawn.get_ydata())), 6) for drawn in axes.lines]
        assert heights == [0.2, 0.02, 0.0] * 3
        assert texts(axes).count("30 %") == 3
        assert bands(axes) == []
        assert amiss(axes) == {}

    @pytest.mark.parametrize("name", [("a_very_long_name_" * 5)[:LONGEST], ("Переговорщики_" * 6)[:LONGEST]])
    def test_long_and_cyrillic_names_stay_in_the_picture(self, small: Scenario, tmp_path: Path, name: str) -> None:
        scenario = renamed(small, first=name, **{"A small negotiation": "Долгие переговоры " * 7})
        axes = settlement(kept_sweep(tmp_path, scenario, {f"distrust.{name}.second": LEVELS}, falling, name=name * 3))
        assert amiss(axes) == {}

    def test_dollars_are_no_formulas(self, small: Scenario, tmp_path: Path) -> None:
        axes = settlement(kept_sweep(tmp_path, small, {"distrust": LEVELS}, falling, name="$x_{$"))
        assert saved(axes, tmp_path / "chart.png").exists()
        assert "Scenario $x_{$, 2,000" in joined(axes)


DECADES = [0.1, 1.0, 10.0, 100.0, 1000.0]


class TestDecades:
    def test_decades_are_as_far_apart_as_each_other(self, small: Scenario, tmp_path: Path) -> None:
        crossed = line("sharpness", None, 10.0)
        study = kept_sweep(
            tmp_path, small, {"sharpness": DECADES}, lambda at: 0.9 - 0.2 * np.log10(at[0] * 10), lines=[crossed],
            log=["sharpness"],
        )  # fmt: skip
        axes = settlement(study)
        assert axes.get_xscale() == "log"
        places = [float(axes.transData.transform((x, 0.5))[0]) for x in DECADES]
        assert np.diff(places) == pytest.approx([np.diff(places)[0]] * 4)
        low, high = axes.get_xlim()
        assert 0.05 < low < 0.1
        assert 1000 < high < 2000
        assert "one half at 10" in texts(axes)
        assert amiss(axes) == {}

    def test_several_lines(self, small: Scenario, tmp_path: Path) -> None:
        vary = {"sharpness": DECADES, "rapport": [0.001, 0.0316227766]}
        study = kept_sweep(tmp_path, small, vary, lambda at: 0.5 + 100 * at[1] / 10, log=list(vary))
        axes = settlement(study)
        assert axes.get_xscale() == "log"
        assert "0.0316" in joined(axes)
        assert "0.0316228" not in joined(axes)

    def test_a_linear_sweep_stays_linear(self, small: Scenario, tmp_path: Path) -> None:
        assert settlement(kept_sweep(tmp_path, small, {"sharpness": DECADES}, lambda _: 0.5)).get_xscale() == "linear"
