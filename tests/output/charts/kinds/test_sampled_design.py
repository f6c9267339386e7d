"""A sampled design, parameter by parameter."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import sim
from sim.output.charts import scatter
from sim.output.charts.kinds.sampled_design import GROUPS
from sim.scenario.model.schema import Scenario
from sim.study.results.stored_study import StoredStudy, read
from tests.output.charts.kept_studies import LEVELS, amiss, falling, joined, kept_sweep


def test_every_point_is_a_dot_in_every_panel(sampled: StoredStudy) -> None:
    axes = scatter(sampled)
    paths = list(sampled.summary["vary"])
    names = [" ".join(panel.get_xlabel().split()) for panel in axes.child_axes]
    assert names == [
        "mutual distrust",
        "rapport from meeting",
        "value of no settlement (all parties)",
        "First's trust gained by cooperation",
    ]
    for panel, path in zip(axes.child_axes, paths, strict=True):
        cloud = panel.lines[0]
        assert cloud.get_linestyle() == "None"
        assert list(cloud.get_xdata()) == [row[path] for row in sampled.rows]
        assert list(cloud.get_ydata()) == [row["outcomes.settlement.p"] for row in sampled.rows]
        assert panel.get_ylim() == (0, 1)
        low, high = sampled.summary["vary"][path]
        assert panel.get_xlim()[0] < low < high < panel.get_xlim()[1]
    assert [panel.get_ylabel() for panel in axes.child_axes] == ["runs that settle", "", "", "runs that settle"]
    scales = [[tick.get_text() for tick in panel.get_yticklabels()] for panel in axes.child_axes]
    assert scales[0] == scales[3] == ["0 %", "25 %", "50 %", "75 %", "100 %"]
    assert not any("".join(scale) for scale in scales[1:3])  # they would lie over the panels beside them
    assert "40 runs at each of 24 points, seed 7." in joined(axes)
    assert amiss(axes) == {}


def test_the_line_is_the_mean_of_neighbours(sampled: StoredStudy) -> None:
    panel = scatter(sampled).child_axes[0]
    ordered = sorted((row["distrust"], row["outcomes.settlement.p"]) for row in sampled.rows)
    groups = np.reshape(ordered, (GROUPS, 3, 2)).mean(axis=1)
    np.testing.assert_allclose(np.transpose(panel.lines[1].get_data()), groups)


@pytest.mark.parametrize("points", [1, 5])
def test_few_points_have_no_line(small: Scenario, tmp_path: Path, points: int) -> None:
    found = sim.sweep(small, {"distrust": (0.0, 1.0)}, 20, sample=f"lhs:{points}", out=tmp_path)
    axes = scatter(read(found.folder))
    (panel,) = axes.child_axes
    assert len(panel.lines) == 1
    assert len(panel.lines[0].get_xdata()) == points
    assert ("20 runs at one point" if points == 1 else "20 runs at each of 5 points") in joined(axes)
    assert amiss(axes) == {}


def test_it_takes_a_sample(small: Scenario, plain: StoredStudy, tmp_path: Path) -> None:
    for study in (plain, kept_sweep(tmp_path, small, {"distrust": LEVELS}, falling)):
        with pytest.raises(ValueError, match="sampled design"):
            scatter(study)


def test_a_range_over_decades_has_a_log_scale(small: Scenario, tmp_path: Path) -> None:
    ranges = {"sharpness": (0.1, 1000.0), "rapport": (0.0, 0.1)}
    found = sim.sweep(small, ranges, 4, sample="lhs:24", log=["sharpness"], out=tmp_path, name="decades")
    sharpness, rapport = scatter(read(found.folder)).child_axes
    assert (sharpness.get_xscale(), rapport.get_xscale()) == ("log", "linear")
    low, high = sharpness.get_xlim()
    assert 0.05 < low < 0.1
    assert 1000 < high < 2000
