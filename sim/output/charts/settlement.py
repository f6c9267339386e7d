"""The chance of a settlement against one parameter: curve, bands, what the source says, and what theory says."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sim.output.charts import style
from sim.output.labels import decimals, value_label, varied
from sim.output.words import number
from sim.scenario.paths import names_of, parameters
from sim.scenario.schema import Scenario
from sim.scenario.shape import MUTUAL, select
from sim.study.design import Axis
from sim.study.lines import Critical
from sim.study.points import Row, table
from sim.study.sweep import SweepSummary, varied_axes

WAYS = {
    "direct": "direct talks can settle",
    "mediator": "the mediator's text can be signed",
    "guaranteed": "with the guarantee, the text can be signed",
}
"""What theory says can happen, up to a critical mutual distrust."""

SPREAD = "lighter band: the middle 90 % over the scenario's ranges"
ERROR = "dark band: simulation error (95 %)"

Numbers = NDArray[np.float64]


class Said(NamedTuple):
    """A range in which the scenario sees a parameter, and in whose words."""

    low: float
    high: float
    words: str


def settlement_chart(summary: SweepSummary, scenario: Scenario) -> Figure:
    """Return the chart of a sweep of one parameter: the curve and, along mutual distrust, a strip of theory."""
    (axis,) = varied_axes(summary)
    critical = summary["lines"][0]["critical"] if axis.path == MUTUAL and summary["lines"] else {}
    with mpl.rc_context(style.SETTINGS):
        chart = style.figure()
        bottom = 0.255 + 0.045 * len(critical) if critical else 0.215
        main = chart.add_axes((0.095, bottom, 0.865, 0.835 - bottom))
        settlement_curve(main, summary, scenario)
        style.fit(chart.text(0.02, 0.965, _title(axis, scenario), fontsize=14.5, weight="bold", va="top"))
        subtitle = scenario.title or summary["scenario"]
        style.fit(chart.text(0.02, 0.918, subtitle, fontsize=11, color=style.QUIET, va="top"))
        style.fit(main.xaxis.label)
        if critical:
            strip = chart.add_axes((0.095, 0.145, 0.865, 0.04 + 0.045 * len(critical)), sharex=main)
            theory_strip(strip, critical)
            main.tick_params(labelbottom=True)
        style.small_print(chart, _particulars(summary))
    return chart


def settlement_curve(axes: Axes, summary: SweepSummary, scenario: Scenario) -> Axes:
    """Draw the settlement probability against the one parameter that was varied; returns the axes."""
    (axis,) = varied_axes(summary)
    rows = table(summary["points"])
    style.percent_axis(axes, "simulated runs that settle")
    axes.set_xlabel(varied(axis.path, scenario))
    if axis.numeric:
        rows.sort(key=lambda row: float(row[axis.path] or 0))
        _curve(axes, axis, rows)
        _shade(axes, axis, scenario)
        _mark_half(axes, summary)
    else:
        _dots(axes, axis, rows)
    return axes


def theory_strip(axes: Axes, critical: dict[str, Critical]) -> Axes:
    """Draw, for each way to a settlement, the levels of mutual distrust at which it is open; returns the axes."""
    for place, (way, found) in enumerate(critical.items()):
        if found["value"] is not None:
            axes.plot([0.0, found["value"]], [place, place], color=style.THEORY, linewidth=5, solid_capstyle="butt")
            if found["low"] is not None and found["high"] is not None and found["low"] < found["high"]:
                axes.plot([found["low"], found["high"]], [place, place], color=style.THEORY, linewidth=1.2)
        end = max(found["value"] or 0.0, found["high"] or 0.0)
        words = f"{WAYS[way]} up to {number(found['value'])}" if found["value"] is not None else f"{WAYS[way]}: never"
        inside = end > 0.6
        axes.annotate(
            words,
            (0.0 if inside else end, place),
            xytext=(3 if inside else 6, 9 if inside else 0),
            textcoords="offset points",
            fontsize=9,
            color=style.THEORY,
            va="center",
        )
    axes.set_ylim(len(critical) - 0.4, -0.9)
    axes.set_axis_off()
    return axes


def _title(axis: Axis, scenario: Scenario) -> str:
    return f"How the chance of a settlement changes with {varied(axis.path, scenario)}"


def _particulars(summary: SweepSummary) -> str:
    """Which bands, which scenario, how many runs, which seed."""
    each = sorted({point["runs"] for point in summary["points"]})
    runs = f"{each[0]:,}" if len(each) == 1 else f"{each[0]:,} to {each[-1]:,}"
    bands = [ERROR, *([SPREAD] if _has_spread(table(summary["points"])) else [])]
    points = len(summary["points"])
    where = "one point" if points == 1 else f"each of {points} points"
    name = style.short(summary["scenario"], 60)
    return f"{'; '.join(bands).capitalize()}.\nScenario {name}, {runs} runs at {where}, seed {summary['seed']}."


def _column(rows: Sequence[Row], name: str) -> Numbers:
    """A column of the points table, NaN where it is undefined."""
    values = (row.get(name) for row in rows)
    return np.array([np.nan if value is None else float(value) for value in values])


def _has_spread(rows: Sequence[Row]) -> bool:
    return any(row.get("outcomes.settlement.spread.low") is not None for row in rows)


def _curve(axes: Axes, axis: Axis, rows: Sequence[Row]) -> None:
    """Draw the curve with its bands, and write the shares at its ends beside them."""
    x, p = _column(rows, axis.path), _column(rows, "outcomes.settlement.p")
    if _has_spread(rows):
        low, high = (_column(rows, f"outcomes.settlement.spread.{end}") for end in ("low", "high"))
        axes.fill_between(x, low, high, color=style.CURVE, alpha=0.13, linewidth=0)
    low, high = (_column(rows, f"outcomes.settlement.{end}") for end in ("low", "high"))
    axes.fill_between(x, low, high, color=style.CURVE, alpha=0.45, linewidth=0)
    axes.plot(x, p, color=style.CURVE, linewidth=2.2, marker="o", markersize=3.2 if len(x) > 15 else 5)
    span = float(x[-1] - x[0]) or 1.0
    axes.set_xlim(x[0] - 0.012 * span, x[-1] + 0.045 * span)
    for place, side in ((0, "left"), (-1, "right")):
        above = p[place] < 0.9
        axes.annotate(
            f"{100 * p[place]:.0f} %",
            (x[place], p[place]),
            xytext=(4, 9 if above else -15),
            textcoords="offset points",
            color=style.CURVE,
            weight="bold",
            ha="left" if side == "left" else "center",
        )


def _dots(axes: Axes, axis: Axis, rows: Sequence[Row]) -> None:
    """Draw a dot with its interval for every word that was tried, and write the share beside it."""
    for place, row in enumerate(rows):
        p, low, high = (_column([row], f"outcomes.settlement.{part}")[0] for part in ("p", "low", "high"))
        if _has_spread([row]):
            ends = [_column([row], f"outcomes.settlement.spread.{end}")[0] for end in ("low", "high")]
            axes.plot([place, place], ends, color=style.CURVE, alpha=0.25, linewidth=9, solid_capstyle="butt")
        axes.plot([place, place], [low, high], color=style.CURVE, linewidth=2)
        axes.plot(place, p, "o", color=style.CURVE, markersize=8)
        axes.annotate(
            f"{100 * p:.0f} %", (place, p), xytext=(10, 0), textcoords="offset points", color=style.CURVE, va="center"
        )
    axes.set_xlim(-0.5, len(rows) - 0.3)
    axes.set_xticks(range(len(rows)), [textwrap.fill(value_label(row[axis.path]), 18) for row in rows])


def _mark_half(axes: Axes, summary: SweepSummary) -> None:
    """Mark where the curve crosses one half."""
    axes.axhline(0.5, color=style.QUIET, linewidth=1, linestyle=(0, (4, 3)))
    for crossing in summary["lines"][0]["crossings"] if summary["lines"] else ():
        at = float(crossing["at"])
        axes.plot([at], [0.5], "o", markersize=9, markerfacecolor="white", markeredgecolor=style.INK, zorder=5)
        left = at > sum(axes.get_xlim()) / 2
        axes.annotate(
            f"one half at {number(at)}",
            (at, 0.5),
            xytext=(-10 if left else 10, -16 if crossing["falling"] == left else 10),
            textcoords="offset points",
            ha="right" if left else "left",
            weight="bold",
        )


def _shade(axes: Axes, axis: Axis, scenario: Scenario) -> None:
    """Shade what the scenario takes the parameter to be, as far as it is in view, with the words of the source."""
    left, right = axes.get_xlim()
    in_view = (said for said in _said(axis.path, scenario) if said.low < right and said.high > left)
    for place, said in enumerate(in_view):
        axes.axvspan(said.low, said.high, color=style.EVIDENCE, linewidth=0, zorder=0)
        middle = (max(said.low, left) + min(said.high, right)) / 2
        side = (middle - left) / (right - left)
        axes.annotate(
            said.words,
            (middle, 1.0),
            xytext=(0, 4 + 13 * place),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            ha="left" if side < 0.15 else "right" if side > 0.85 else "center",
            color=style.EVIDENCE_INK,
            fontsize=9.5,
            annotation_clip=False,
        )


def _said(path: str, scenario: Scenario) -> Iterator[Said]:
    """Yield each different range that the scenario has for the parameters of a path."""
    known = parameters(scenario)
    seen: set[tuple[float, float]] = set()
    for target in select(path, known, names_of(scenario)):
        parameter = known[target]
        quantity = parameter.quantity
        if quantity is None or not quantity.is_range or (quantity.low, quantity.high) in seen:
            continue
        seen.add((quantity.low, quantity.high))
        digits = decimals((quantity.low, quantity.high))
        ends = f"{number(quantity.low, digits)}–{number(quantity.high, digits)}"
        if parameter.claim:
            reading = f"“{parameter.reading}”, " if parameter.reading else ""
            yield Said(quantity.low, quantity.high, f"the article: {reading}read as {ends}")
        else:
            yield Said(quantity.low, quantity.high, f"assumed: {ends}")
