"""How distrust moves while they talk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from matplotlib.axes import Axes

from sim.output.charts import distrust
from sim.output.charts.drawing import style
from sim.output.charts.kinds.distrust_over_time import MOST_PANELS
from sim.scenario.model.schema import Scenario
from sim.study.results.result_tables import read_table
from sim.study.results.stored_study import StoredStudy
from tests.output.charts.conftest import Ensemble
from tests.output.charts.kept_studies import (
    LEVELS,
    LONG,
    amiss,
    bands,
    curve,
    falling,
    joined,
    kept_sweep,
    renamed,
    texts,
)


def panels(axes: Axes) -> dict[str, Axes]:
    """The panels by their titles."""
    return {" ".join(panel.get_title(loc="left").split()): panel for panel in axes.child_axes}


PAIRS = {
    "First's distrust of Second": ("first", "second"),
    "Second's distrust of First": ("second", "first"),
    "First's distrust of the US": ("first", "us"),
    "Second's distrust of the US": ("second", "us"),
    "The US's distrust of First": ("us", "first"),
    "The US's distrust of Second": ("us", "second"),
}


def test_it_ends_where_the_runs_end(plain: StoredStudy) -> None:
    """Runs keep the distrust that they end with, so the last week is that of the results."""
    found = panels(distrust(plain))
    runs = read_table(plain)
    assert list(found)[:2] == list(PAIRS)[:2]  # parties first
    assert found.keys() == PAIRS.keys()
    for title, (holder, other) in PAIRS.items():
        weeks, middle = curve(found[title])
        assert list(weeks) == list(range(13))
        low, median, high = np.quantile(runs[f"distrust_at_end.{holder}.{other}"], (0.05, 0.5, 0.95))
        assert middle[-1] == pytest.approx(median, abs=1e-12)
        corners = bands(found[title])[0].get_paths()[0].vertices
        at_end = corners[corners[:, 0] == 12][:, 1]
        assert (at_end.min(), at_end.max()) == pytest.approx((low, high), abs=1e-12)


def test_it_begins_where_the_scenario_does(plain: StoredStudy) -> None:
    found = panels(distrust(plain))
    assert curve(found["First's distrust of the US"])[1][0] == 0.2
    assert curve(found["Second's distrust of the US"])[1][0] == 0.3
    between = found["First's distrust of Second"]  # evenly from .4 to .9
    corners = bands(between)[0].get_paths()[0].vertices
    at_start = corners[corners[:, 0] == 0][:, 1]
    assert curve(between)[1][0] == pytest.approx(0.65, abs=0.04)
    assert (at_start.min(), at_start.max()) == pytest.approx((0.425, 0.875), abs=0.04)


def test_every_panel_has_its_scale_and_the_holders_colour(plain: StoredStudy) -> None:
    axes = distrust(plain)
    colours = style.colours(plain.scenario)
    for title, (holder, _) in PAIRS.items():
        panel = panels(axes)[title]
        assert panel.get_ylim() == (0, 1)
        assert panel.get_xlim() == (0, 12)
        assert max(panel.lines, key=lambda line: len(line.get_xdata())).get_color() == colours[holder]
    labels = [(panel.get_xlabel(), panel.get_ylabel()) for panel in axes.child_axes]
    assert labels == [("", "distrust"), ("", ""), ("", ""), *[("weeks of talks", y) for y in ("distrust", "", "")]]
    assert "middle 90 % of the first 300 runs" in joined(axes)


def test_one_run(once: StoredStudy) -> None:
    axes = distrust(once)
    assert "middle 90 % of the one run, which" in joined(axes)
    row = read_table(once).iloc[0]
    for title, (holder, other) in PAIRS.items():
        assert curve(panels(axes)[title])[1][-1] == pytest.approx(row[f"distrust_at_end.{holder}.{other}"])


def test_of_many_pairs_those_are_shown_that_move_most(crowded: StoredStudy) -> None:
    axes = distrust(crowded)
    assert len(axes.child_axes) == MOST_PANELS
    assert "Of 156 pairs, the 12 whose distrust moves most." in joined(axes)
    runs = read_table(crowded)
    begun = {
        (h, o): float(quantity.central) for h, of in crowded.scenario.distrust.items() for o, quantity in of.items()
    }
    ends = {pair: runs[f"distrust_at_end.{pair[0]}.{pair[1]}"].median() for pair in begun}
    moved = sorted((abs(end - begun[pair]) for pair, end in ends.items()), reverse=True)
    shown = sorted((abs(y[-1] - y[0]) for _, y in (curve(panel) for panel in axes.child_axes)), reverse=True)
    np.testing.assert_allclose(shown, moved[:MOST_PANELS], atol=1e-3)
    assert amiss(axes) == {}


@pytest.mark.parametrize(
    "names", [(LONG, LONG[::-1].strip("_"), "mediator" * 8), ("Переговорщики_севера", "Ελλάδα", "Κύπρος")]
)
def test_long_and_foreign_names_stay_in_their_panels(
    small: Scenario, ensemble: Ensemble, names: tuple[str, str, str]
) -> None:
    axes = distrust(ensemble(renamed(small, **dict(zip(("first", "second", "us"), names, strict=True))), 30))
    assert amiss(axes) == {}
    assert all("distrust" in text for text in texts(axes) if "'s" in text)
    assert len(panels(axes)) == 6  # no two have the same title


def test_a_sweep_has_none(small: Scenario, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not of a sweep"):
        distrust(kept_sweep(tmp_path, small, {"distrust": LEVELS}, falling))
