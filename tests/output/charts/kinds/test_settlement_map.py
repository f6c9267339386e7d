"""The map of the chance of a settlement over two parameters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.colors import to_hex
from matplotlib.contour import QuadContourSet
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from sim.output.charts import surface
from sim.output.charts.drawing import style
from sim.output.charts.kinds.settlement_map import THEORY
from sim.scenario.loading.assignment import assign
from sim.scenario.loading.scenario_loader import load_scenario
from sim.scenario.model.schema import Scenario
from tests.output.charts.kept_studies import (
    ROOT,
    always,
    amiss,
    joined,
    kept_sweep,
    texts,
)

ACROSS = [0.0, 0.25, 0.5, 0.75, 1.0]
UP = [0.0, 0.05, 0.1]


def tilted(at: tuple[Any, ...]) -> float:
    """Rises across from 0 to .9, and a little upwards."""
    return float(0.9 * at[0] + at[1])


def mesh(axes: Axes) -> QuadMesh:
    (found,) = (each for each in axes.collections if isinstance(each, QuadMesh))
    return found


def contours(axes: Axes, colour: str) -> list[QuadContourSet]:
    sets = (each for each in axes.collections if isinstance(each, QuadContourSet))
    return [each for each in sets if to_hex(each.get_edgecolor()[0]) == colour]


def corners(contour: QuadContourSet, place: int = 0) -> NDArray[np.float64]:
    return np.asarray(contour.get_paths()[place].vertices)


class TestShares:
    def test_every_cell_is_a_share(self, small: Scenario, tmp_path: Path) -> None:
        axes = surface(kept_sweep(tmp_path, small, {"distrust": ACROSS, "rapport": UP}, tilted))
        drawn = np.asarray(mesh(axes).get_array()).reshape(len(UP), len(ACROSS))
        np.testing.assert_allclose(drawn, [[tilted((x, y)) for x in ACROSS] for y in UP])
        assert mesh(axes).get_clim() == (0, 1)
        assert axes.get_xlabel() == "mutual distrust"
        assert axes.get_ylabel() == "rapport from meeting"
        assert "The share of settlements by mutual distrust and rapport from meeting" in joined(axes)

    def test_cells_lie_at_their_values_in_whatever_order_these_came(self, small: Scenario, tmp_path: Path) -> None:
        vary = {"distrust": [1.0, 0.0, 0.5], "rapport": [0.1, 0.0]}
        axes = surface(kept_sweep(tmp_path, small, vary, tilted))
        drawn = np.asarray(mesh(axes).get_array()).reshape(2, 3)
        np.testing.assert_allclose(drawn, [[0.0, 0.45, 0.9], [0.1, 0.55, 1.0]])
        centres = mesh(axes).get_coordinates()[0, :, 0]
        np.testing.assert_allclose((centres[1:] + centres[:-1]) / 2, [0, 0.5, 1])

    def test_a_failed_point_is_a_hole(self, small: Scenario, tmp_path: Path) -> None:
        axes = surface(kept_sweep(tmp_path, small, {"distrust": ACROSS, "rapport": UP}, tilted, lost=[4]))
        holes = np.ma.getmaskarray(np.ma.masked_invalid(mesh(axes).get_array())).reshape(len(UP), len(ACROSS))
        assert np.argwhere(holes).tolist() == [[1, 1]]  # point 4 has the second value of either parameter

    def test_the_scale_says_what_colours_mean(self, small: Scenario, tmp_path: Path) -> None:
        axes = surface(kept_sweep(tmp_path, small, {"distrust": ACROSS, "rapport": UP}, tilted))
        (scale,) = axes.child_axes
        assert scale.get_ylabel() == "simulated runs that settle"
        assert [tick.get_text() for tick in scale.get_yticklabels()] == ["0 %", "10 %", "50 %", "90 %", "100 %"]

    def test_words_have_no_map(self, small: Scenario, tmp_path: Path) -> None:
        vary = {"distrust": ACROSS, "mediator.style": ["facilitation", "formulation"]}
        with pytest.raises(ValueError, match="two parameters that are numbers"):
            surface(kept_sweep(tmp_path, small, vary, always(0.5)))


class TestContours:
    @pytest.mark.parametrize(
        ("low", "high", "levels"),
        [(0.0, 1.0, [0.1, 0.5, 0.9]), (0.2, 0.8, [0.5]), (0.6, 1.0, [0.9]), (0.3, 0.3, []), (0.0, 0.0, [])],
    )
    def test_those_that_exist_are_drawn_where_they_are(
        self, small: Scenario, tmp_path: Path, low: float, high: float, levels: list[float]
    ) -> None:
        vary = {"distrust": ACROSS, "rapport": UP}
        axes = surface(kept_sweep(tmp_path, small, vary, lambda at: low + (high - low) * at[0]))
        found = contours(axes, style.PAPER)
        assert [list(each.levels) for each in found] == ([levels] if levels else [])
        for place, level in enumerate(levels):
            np.testing.assert_allclose(corners(found[0], place)[:, 0], (level - low) / (high - low))
        assert {f"{100 * level:.0f} %" for level in levels} == {
            text.get_text() for text in axes.texts if text.get_text().endswith(" %")
        }


class TestTheory:
    def test_the_boundaries_are_those_of_the_textbook(self, tmp_path: Path) -> None:
        """Direct talks up to .2667, a mediator's text up to .4, a guarantee of strength γ up to .4/(1 − γ)."""
        textbook = load_scenario(ROOT / "scenarios" / "textbook.yaml")
        guarded = assign(textbook, {"guarantors.g": 0.5, "distrust.a.g": 0, "distrust.b.g": 0})
        vary = {"distrust": [n / 10 for n in range(11)], "guarantors.g": [n / 10 for n in range(10)]}
        axes = surface(kept_sweep(tmp_path, guarded, vary, lambda at: 1.0 - at[0]))
        direct, mediator, guaranteed = (corners(each) for each in contours(axes, THEORY))
        cell = 1 / 127
        np.testing.assert_allclose(direct[:, 0], 0.2667, atol=cell)
        np.testing.assert_allclose(mediator[:, 0], 0.4, atol=cell)
        x, y = guaranteed.T
        np.testing.assert_allclose(x * (1 - y), 0.4, atol=2 * cell)
        at_half = x[np.abs(y - 0.5).argmin()]
        assert at_half == pytest.approx(0.8, abs=2 * cell)
        assert {"theory: direct talks", "theory: a mediator's text", "theory: a text with the guarantee"} <= {
            " ".join(text.split()) for text in texts(axes)
        }
        assert "Broken lines: up to where, in theory," in joined(axes)
        assert amiss(axes) == {}

    def test_where_theory_cannot_say_nothing_is_dashed(self, small: Scenario, tmp_path: Path) -> None:
        vary = {"distrust": ACROSS, "rounds": [6, 12]}
        axes = surface(kept_sweep(tmp_path, small, vary, tilted_by_distrust))
        assert contours(axes, THEORY) == []
        assert "theory" not in joined(axes)


def tilted_by_distrust(at: tuple[Any, ...]) -> float:
    return float(1.0 - at[0])


class TestEvidence:
    def test_the_ranges_of_the_article_are_framed(self, tmp_path: Path) -> None:
        baseline = load_scenario(ROOT / "scenarios" / "baseline.yaml")
        vary = {"distrust.russia.ukraine": ACROSS, "distrust.ukraine.russia": ACROSS}
        axes = surface(kept_sweep(tmp_path, baseline, vary, tilted_by_distrust))
        frames = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
        one, other = baseline.distrust["russia"]["ukraine"], baseline.distrust["ukraine"]["russia"]
        assert {
            (each.get_x(), each.get_y(), round(each.get_width(), 9), round(each.get_height(), 9)) for each in frames
        } == {(one.low, other.low, round(one.high - one.low, 9), round(other.high - other.low, 9))}
        assert "the article's range" in texts(axes)

    def test_what_is_out_of_view_is_not_framed(self, tmp_path: Path) -> None:
        baseline = load_scenario(ROOT / "scenarios" / "baseline.yaml")
        vary = {"distrust.russia.ukraine": [0.0, 0.1], "distrust.ukraine.russia": ACROSS}
        axes = surface(kept_sweep(tmp_path, baseline, vary, tilted_by_distrust))
        assert [patch for patch in axes.patches if isinstance(patch, Rectangle)] == []


@pytest.mark.parametrize("p", [0.0, 1.0])
def test_nobody_or_everybody_settles(small: Scenario, tmp_path: Path, p: float) -> None:
    axes = surface(kept_sweep(tmp_path, small, {"distrust": ACROSS, "rapport": UP}, always(p)))
    assert set(np.ravel(mesh(axes).get_array())) == {p}
    assert amiss(axes) == {}


def test_cells_of_a_log_scale_reach_halfway_over_the_logarithm(small: Scenario, tmp_path: Path) -> None:
    vary = {"sharpness": [1.0, 100.0, 10_000.0], "rapport": UP}
    axes = surface(kept_sweep(tmp_path, small, vary, lambda at: at[1], log=["sharpness"]))
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "linear")
    edges = mesh(axes).get_coordinates()
    np.testing.assert_allclose(edges[0, :, 0], [0.1, 10, 1000, 100_000])
    np.testing.assert_allclose(edges[:, 0, 1], [-0.025, 0.025, 0.075, 0.125])
    assert axes.get_xlim() == pytest.approx((0.1, 100_000))
    assert amiss(axes) == {}
    upright = surface(
        kept_sweep(
            tmp_path / "up", small, {"rapport": UP, "sharpness": [1.0, 9.0]}, lambda at: at[0], log=["sharpness"]
        )
    )
    assert (upright.get_xscale(), upright.get_yscale()) == ("linear", "log")
