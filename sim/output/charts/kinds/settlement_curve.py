"""Chart of settlement curves: the share of runs that settle along one parameter.

Curve and bands, several lines, or a dot for every word.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from sim.output.charts.drawing import chart_frame, evidence_shading, style, theory_strip
from sim.output.charts.drawing.axis_scales import padded_limits, set_log_scale, share_across
from sim.output.charts.drawing.chart_frame import Frame, hold_settings
from sim.output.charts.drawing.direct_labels import ROOM, name_lines
from sim.output.charts.drawing.label_placement import SIDES, boxes_of, is_free, move_to, paths_of, place_beside
from sim.output.words.numbers_and_names import number, percent
from sim.output.words.parameter_labels import axis_label, label_varied, significant, value_label
from sim.scenario.model.key_tree import MUTUAL
from sim.study.design.design_points import Axis, main_axis
from sim.study.results.stored_study import StoredStudy
from sim.study.summaries.points_table import Row
from sim.study.summaries.sweep_summary import Line

SPREAD = "light band: range over the assumptions (middle 90 %)"
ERROR = "band, where wider than the line: simulation error (95 %)"
SPREAD_OF_WORDS = "light bar: range over the assumptions (middle 90 %)"
ERROR_OF_WORDS = "line, where longer than the dot: simulation error (95 %)"
IN_BAND = "range over the assumptions:\nmiddle 90 % across the assumed ranges"

GAPS = (10.0, 16.0, 30.0, 48.0)
"""Points between where the curve crosses one half and the words that say where, as few as there is room for."""

MOST_LINES = 8
"""Lines that can be told apart in one chart."""

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Curve:
    """Settlement curve to be drawn: design points in the order of the one parameter that differs between them.

    Several curves are told apart by what else differs between their points.
    """

    label: str
    rows: Sequence[Row]
    crossings: Sequence[Mapping[str, Any]]


def settlement(*studies: StoredStudy, axes: Axes | None = None) -> Axes:
    """Draw settlement curves: the share of runs that settle along the main parameter of sweeps.

    Returns the axes. One sweep of one parameter is drawn with its bands, one of several with a line for each
    combination of the others, and several sweeps of the same parameter with a line for each. What theory says stands in
    a strip below, unless `axes` are given, which may have neighbours. Raises ValueError if the sweeps differ in that
    parameter.
    """
    along = main(studies)
    curves = _curves(studies, along)
    first = studies[0]
    critical = theory_strip.bars(_lines(studies)) if along.path == MUTUAL else []
    with hold_settings(*studies):
        alone = axes is None
        axes = axes or _frame(studies, along, curves, theory_strip.strip_height(critical)).axes()
        style.percent_axis(axes, "simulated runs that settle")
        axes.set_xlabel(label_varied(along.path, first.scenario))
        style.fit(axes.xaxis.label)
        if not along.numeric:
            _dots(axes, along, curves[0].rows)
            return axes
        if along.log:
            set_log_scale(axes)
        axes.axhline(0.5, color=style.QUIET, linewidth=1, linestyle=(0, (4, 3)))
        lines = _several(axes, along, curves) if len(curves) > 1 else []
        if not lines:
            _curve(axes, along, curves[0])
        evidence_shading.shade(axes, along.path, first.scenario)
        if critical:
            theory_strip.mark(axes, critical)
        if lines:
            name_lines(axes, lines, [curve.label for curve in curves], alone)
        else:
            _mark_half(axes, along, curves[0].crossings)
            _name_band(axes, along, curves[0])
        if critical and alone:
            theory_strip.strip(axes, critical)
    return axes


def main(studies: Sequence[StoredStudy]) -> Axis:
    """Return the parameter along which the settlement curves of sweeps are drawn.

    Raises ValueError if there is none, or not the same in all, or if several are to be drawn along words.
    """
    found = [main_axis(study.axes) or (study.axes[0] if len(study.axes) == 1 else None) for study in studies]
    paths = {None if axis is None else axis.path for axis in found}
    if len(paths) > 1:
        raise ValueError("the sweeps vary different parameters")
    if found[0] is None:
        raise ValueError("nothing is varied on a grid of numbers")
    if len(studies) > 1 and not all(axis is not None and axis.numeric for axis in found):
        raise ValueError("a sweep over words is drawn by itself")
    return found[0]


def lines_of(studies: Sequence[StoredStudy]) -> int:
    """Return how many settlement curves the chart of sweeps would have.

    Raises ValueError if it cannot be drawn.
    """
    along = main(studies)
    return len(_curves(studies, along)) if along.numeric else 1


def _curves(studies: Sequence[StoredStudy], along: Axis) -> list[Curve]:
    """Return a curve for every study and every combination of what else it varies."""
    curves = []
    for study, name in _named(studies):
        others = [axis for axis in study.axes if axis.path != along.path]
        for values in product(*(axis.values for axis in others)):
            at = dict(zip((axis.path for axis in others), values, strict=True))
            rows = [row for row in study.rows if all(row[path] == value for path, value in at.items())]
            if along.numeric:
                rows.sort(key=lambda row: float(row[along.path] or 0))
            line = next((line for line in study.summary["lines"] if line["at"] == at), None)
            if rows:
                curves.append(Curve(_label(study, at, name), rows, line["crossings"] if line else ()))
    return curves


def _label(study: StoredStudy, at: Mapping[str, Any], name: str) -> str:
    """What a curve is called at its end."""
    axes = {axis.path: axis for axis in study.axes}
    words = [
        value_label(value)
        if value is None or isinstance(value, str)
        else f"{style.shorten_middle(label_varied(path, study.scenario), 60 // len(at))} "
        f"{axis_label(value, axes[path]) if path in axes and axes[path].log else value_label(value)}"
        for path, value in at.items()
    ]
    return ", ".join([*([name] if name else []), *words])


def _named(studies: Sequence[StoredStudy]) -> list[tuple[StoredStudy, str]]:
    """Return results with what tells them apart; nothing if there is but one."""
    return list(zip(studies, chart_frame.name_results(studies) if len(studies) > 1 else [""], strict=True))


def _lines(studies: Sequence[StoredStudy]) -> list[tuple[str, Line]]:
    """Return what was found along the lines of all studies, with their names."""
    return [
        (_label(study, line["at"], name), line) for study, name in _named(studies) for line in study.summary["lines"]
    ]


def _frame(studies: Sequence[StoredStudy], along: Axis, curves: Sequence[Curve], strip: float) -> Frame:
    """What stands around the chart."""
    first = studies[0]
    both = len(curves) == 1 and _has_spread(curves[0].rows)
    error, spread = (f"dark {ERROR}" if both else ERROR, SPREAD) if along.numeric else (ERROR_OF_WORDS, SPREAD_OF_WORDS)
    bands = [error, spread] if both else [error]
    notes = [note for study in studies for note in chart_frame.write_small_print(study)]
    several = len(curves) > 1 and along.numeric
    return Frame(
        f"How the share of settlements changes with {label_varied(along.path, first.scenario)}",
        chart_frame.subtitle(*studies),
        (style.sentence("; ".join(bands)), *dict.fromkeys(notes)),
        right=ROOM if several else 0.35,
        below=0.62 + strip,
        height=6.2 + max(0, len(studies) - 2) * chart_frame.LINE + (strip if several else 0.0),
    )


def column(rows: Sequence[Row], name: str) -> Numbers:
    """Return a column of the points table for a settlement curve, NaN where it is undefined."""
    values = (row.get(name) for row in rows)
    return np.array([np.nan if value is None else float(value) for value in values])


def _has_spread(rows: Sequence[Row]) -> bool:
    return any(row.get("outcomes.settlement.spread.low") is not None for row in rows)


def _curve(axes: Axes, along: Axis, curve: Curve) -> None:
    """Draw one curve with its bands, and write the shares at its ends beside them."""
    rows = curve.rows
    x, p = column(rows, along.path), column(rows, "outcomes.settlement.p")
    if _has_spread(rows):
        low, high = (column(rows, f"outcomes.settlement.spread.{end}") for end in ("low", "high"))
        axes.fill_between(x, low, high, color=style.CURVE, alpha=0.13, linewidth=0)
    low, high = (column(rows, f"outcomes.settlement.{end}") for end in ("low", "high"))
    axes.fill_between(x, low, high, color=style.CURVE, alpha=0.45, linewidth=0)
    axes.plot(x, p, color=style.CURVE, linewidth=2.2, marker="o", markersize=3.2 if len(x) > 15 else 5)
    axes.set_xlim(*padded_limits(x, 0.012, 0.045, along.log))
    for place, side in ((0, "left"), (-1, "center"))[: len(x)]:
        words, offset = percent(float(p[place]), 0), (4, 9 if p[place] < 0.92 else -15)
        style.note(axes, words, (x[place], p[place]), offset, ha=side, **style.FIGURE)


def _several(axes: Axes, along: Axis, curves: Sequence[Curve]) -> list[Line2D]:
    """Draw several curves, each with its band of simulation error; return their lines."""
    lines = []
    for place, curve in enumerate(curves):
        colour, dash = style.line_look(place)
        x, p = column(curve.rows, along.path), column(curve.rows, "outcomes.settlement.p")
        low, high = (column(curve.rows, f"outcomes.settlement.{end}") for end in ("low", "high"))
        axes.fill_between(x, low, high, color=colour, alpha=0.25, linewidth=0)
        lines += axes.plot(x, p, color=colour, linewidth=2.4, linestyle=dash)
    x_all = np.concatenate([column(curve.rows, along.path) for curve in curves])
    axes.set_xlim(*padded_limits(np.sort(x_all), 0.012, 0.012, along.log))
    return lines


def _name_band(axes: Axes, along: Axis, curve: Curve) -> None:
    """Say in the light band what it is, where it is widest and the words cross no line."""
    if not _has_spread(curve.rows):
        return
    x, p = column(curve.rows, along.path), column(curve.rows, "outcomes.settlement.p")
    low, high = (column(curve.rows, f"outcomes.settlement.spread.{end}") for end in ("low", "high"))
    words = axes.annotate(
        IN_BAND, (0, 0), ha="center", va="center", fontsize=9.5, color=style.CURVE, path_effects=style.HALO
    )
    boxes, paths = boxes_of(axes, without=words), paths_of(axes)
    places = [
        (float(top - bottom), (float(at), float(bottom + share * (top - bottom))))
        for floor, ceiling in ((low, p), (p, high))
        for at, bottom, top in zip(x, floor, ceiling, strict=True)
        for share in (0.5, 0.35, 0.65, 0.2, 0.8)
        if np.isfinite(bottom) and np.isfinite(top)
    ]
    for _, place in sorted(places, key=lambda item: -item[0]):
        words.xy = place
        words.set_position(place)
        if is_free(words, boxes, paths):
            return
    words.remove()


def _dots(axes: Axes, along: Axis, rows: Sequence[Row]) -> None:
    """Draw a dot with its interval for every word that was tried, and write the share beside it."""
    for place, row in enumerate(rows):
        p, low, high = (column([row], f"outcomes.settlement.{part}")[0] for part in ("p", "low", "high"))
        if _has_spread([row]):
            ends = [column([row], f"outcomes.settlement.spread.{end}")[0] for end in ("low", "high")]
            axes.plot([place, place], ends, color=style.CURVE, alpha=0.25, linewidth=9, solid_capstyle="butt")
        axes.plot([place, place], [low, high], color=style.CURVE, linewidth=2)
        axes.plot(place, p, "o", color=style.CURVE, markersize=8)
        style.note(axes, percent(float(p), 0), (place, p), (10, 0), color=style.CURVE, va="center")
    axes.set_xlim(-0.5, len(rows) - 0.3)
    axes.set_xticks(range(len(rows)), [textwrap.fill(value_label(row[along.path]), 18) for row in rows])


def _mark_half(axes: Axes, along: Axis, crossings: Sequence[Mapping[str, Any]]) -> None:
    """Mark where the curve crosses one half."""
    for crossing in crossings:
        at = float(crossing["at"])
        axes.plot([at], [0.5], "o", markersize=9, markerfacecolor=style.PAPER, markeredgecolor=style.INK, zorder=5)
        left = share_across(axes, at) > 0.5
        shown = significant(at, 3) if along.log else number(at)
        text = style.note(axes, f"one half at {shown}", (at, 0.5), weight="bold", path_effects=style.HALO)
        sides = sorted(SIDES, key=lambda side: (side.across > 0) == left)
        if not any(place_beside(text, np.array([at, 0.5]), gap, sides) for gap in GAPS):
            move_to(text, np.array([at, 0.5]), sides[0], GAPS[1])
