"""What makes the difference between scenarios."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

import sim
from sim.output.charts import differences
from sim.output.charts.drawing import style
from sim.scenario.loading.assignment import assign
from sim.scenario.model.schema import Scenario
from sim.study.comparison import kept_comparisons
from sim.study.results.stored_study import StoredStudy, read
from tests.output.charts.kept_studies import LONG, amiss, joined


def dots(axes: Axes, filled: bool) -> list[Line2D]:
    found = [drawn for drawn in axes.lines if drawn.get_marker() == "o"]
    return [drawn for drawn in found if (drawn.get_markerfacecolor() == style.CURVE) == filled]


def at(drawn: Line2D) -> float:
    return float(np.asarray(drawn.get_xdata())[0])


def test_a_real_comparison(examined: StoredStudy) -> None:
    axes = differences(examined)
    (found,) = kept_comparisons(examined.path)
    changes = [each["change"] for each in found["scenarios"][1:]]
    assert [at(drawn) for drawn in dots(axes, True)] == [change["settlement"]["difference"] for change in changes]
    assert [at(drawn) for drawn in dots(axes, False)] == [change["lasting"]["52"]["difference"] for change in changes]
    intervals = [
        list(drawn.get_xdata()) for drawn in axes.lines if drawn.get_marker() != "o" and drawn.get_linewidth() == 1.8
    ]
    expected = [each for change in changes for each in (change["settlement"], change["lasting"]["52"])]
    assert intervals == [[each["low"], each["high"]] for each in expected]
    assert [tick.get_text() for tick in axes.get_yticklabels()] == ["without", "wary"]
    assert axes.get_ylim()[0] > axes.get_ylim()[1]  # in the order in which they were given
    assert axes.get_xlabel() == "difference to small, in points of a hundred runs"
    low, high = axes.get_xlim()
    assert low == -high
    assert all(low < end < high for ends in intervals for end in ends)
    written = joined(axes)
    share = found["scenarios"][0]["settlement"]["p"]
    assert f"A small negotiation: {100 * share:.1f} % of runs settle" in written
    assert "Open dots: that settle, and it holds for 1 year." in written
    assert "than in small, run for run on common random numbers." in written
    assert "300 runs of each, seed 7." in written


def test_differences_are_written_in_points(examined: StoredStudy) -> None:
    axes = differences(examined)
    for note, drawn in zip(axes.texts, dots(axes, True), strict=True):
        assert float(note.get_text().replace("−", "-")) == pytest.approx(100 * at(drawn), abs=0.05)


def test_the_last_comparison_is_shown(small: Scenario, tmp_path: Path) -> None:
    for n, name in enumerate(("one", "two")):
        sim.compare({"small": small, name: assign(small, {"distrust": 0.5 + n / 10})}, 60, out=tmp_path)
    (folder,) = tmp_path.glob("small-*")
    for n, name in enumerate(("two", "one")):  # whichever was written last
        file = next(f for f in (folder / "comparisons").glob("*.json") if f'"{name}"' in f.read_text())
        os.utime(file, (n + 1, n + 1))
    assert [tick.get_text() for tick in differences(read(folder)).get_yticklabels()] == ["one"]


def test_alike_scenarios_differ_by_nothing(small: Scenario, tmp_path: Path) -> None:
    never = assign(small, {"parties.*.reservation": 0.99})
    sim.compare({"small": never, LONG: never, "x" * 200: never}, 5, out=tmp_path)
    axes = differences(read(next(tmp_path.glob("small-*"))))
    assert [at(drawn) for drawn in dots(axes, True)] == [0, 0]
    assert amiss(axes) == {}


def test_short_watches_have_no_open_dots(small: Scenario, tmp_path: Path) -> None:
    brief = assign(small, {"implementation.periods": 20})
    sim.compare({"small": brief, "other": assign(brief, {"distrust": 0.8})}, 60, out=tmp_path)
    axes = differences(read(next(tmp_path.glob("small-*"))))
    assert dots(axes, False) == []
    assert "Open dots" not in joined(axes)


def test_what_was_never_compared(plain: StoredStudy) -> None:
    with pytest.raises(ValueError, match="not yet compared"):
        differences(plain)


def test_the_greatest_gain_comes_first(examined: StoredStudy) -> None:
    (found, *_) = kept_comparisons(examined.path)
    axes = differences(examined)
    filled = [line for line in axes.lines if line.get_marker() == "o" and line.get_markersize() == 8]
    drawn = [float(line.get_xdata()[0]) for line in sorted(filled, key=lambda line: float(line.get_ydata()[0]))]
    stored = [each["change"]["settlement"]["difference"] for each in found["scenarios"][1:]]
    assert drawn == sorted(stored, reverse=True)
    assert stored != drawn or len(stored) > 1
    names = [label.get_text() for label in axes.get_yticklabels()]
    ordered = sorted(found["scenarios"][1:], key=lambda each: -each["change"]["settlement"]["difference"])
    assert names == [each["scenario"] for each in ordered]
