"""Theory strip below a chart: ways to a settlement along mutual distrust, and boundaries of zones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from matplotlib.axes import Axes

from sim.output.charts.drawing import style
from sim.output.words.numbers_and_names import number
from sim.study.summaries.sweep_summary import Critical, Line

WAYS = {
    "direct": "direct talks can settle",
    "mediator": "the mediator's text can be signed",
    "guaranteed": "with the guarantee, they can settle",
}
"""What theory says can happen, up to a critical mutual distrust."""

MOST_BARS = 5

TITLE = "In theory, if beliefs stayed as in the first week (thin lines: middle 90 % across the assumed ranges):"

LETTERS: Any = {"fontsize": style.SMALLEST, "color": style.THEORY, "va": "center"}
ROW = 0.29
"""Inches that a way takes."""

HEAD = 0.3
"""Inches that the title above the ways takes."""

GAP = 0.6
"""Inches between the axes and the strip: what the ticks and the name of the axis take."""


class Bar(NamedTuple):
    """Bar of the theory strip: a way to a settlement, in words, up to a critical mutual distrust.

    `alone` if that is the same in all lines.
    """

    words: str
    critical: Critical
    alone: bool = True


def bars(lines: Sequence[tuple[str, Line]]) -> list[Bar]:
    """Return the bars of the theory strip for named lines: one for each way, or for each value that it has.

    Where that would be more than MOST_BARS, only ways with one value are kept.
    """
    found = []
    for way, words in WAYS.items():
        values = [(name, line["critical"][way]) for name, line in lines if way in line["critical"]]
        distinct = [value for place, (_, value) in enumerate(values) if value not in [v for _, v in values[:place]]]
        for value in distinct:
            names = " or ".join(dict.fromkeys(name for name, other in values if other == value))
            found.append(Bar(words if len(distinct) == 1 else f"{words} ({names})", value, len(distinct) == 1))
    return found if len(found) <= MOST_BARS else [bar for bar in found if bar.alone]


def strip_height(critical: Sequence[Bar]) -> float:
    """Return the height of the theory strip below the axes, in inches."""
    return HEAD + ROW * len(critical) if critical else 0.0


def mark(axes: Axes, critical: Sequence[Bar]) -> None:
    """Mark the theory strip's critical levels of mutual distrust in the axes: up to which ways to settle are open."""
    for bar in critical:
        if bar.critical["value"] is not None:
            axes.axvline(bar.critical["value"], color=style.THEORY, linewidth=1.2, linestyle=":", zorder=1)


def strip(axes: Axes, critical: Sequence[Bar]) -> Axes:
    """Draw the theory strip below axes: up to which mutual distrust each way to a settlement is open.

    Return the strip.
    """
    chart = style.figure_of(axes)
    whole = axes.get_window_extent().height / chart.dpi
    height = strip_height(critical)
    below = axes.inset_axes((0.0, -(GAP + height) / whole, 1.0, height / whole), sharex=axes)
    below.set_ylim(len(critical) - 0.5, -1.5)
    for place, bar in enumerate(critical):
        _draw(below, place, bar)
    words = style.note(below, TITLE, (0.0, -1.15), xycoords=("axes fraction", "data"), **LETTERS)
    style.fit(words, style.SMALLEST)
    below.set_axis_off()
    return below


def _draw(axes: Axes, place: int, bar: Bar) -> None:
    """Draw up to where a way is open, with the range over the assumptions and the words."""
    way, found = style.shorten_middle(bar.words, 90), bar.critical
    value, low, high = found["value"], found["low"], found["high"]
    if value is not None:
        start = min(axes.get_xlim()[0], value)
        axes.plot([start, value], [place, place], color=style.THEORY, linewidth=6, alpha=0.45, solid_capstyle="butt")
        if low is not None and high is not None and low < high:
            axes.plot([low, high], [place, place], "|-", color=style.THEORY, linewidth=1.4, markersize=6)
    end = max(value or 0.0, high or 0.0)
    words = f"{way}: never" if value is None else f"{way} up to {number(value)}"
    text = style.note(axes, words, (max(end, axes.get_xlim()[0]), place), (6, 0), **LETTERS)
    if end > 0.6 or style.sticks_out(text):
        text.xy, text.xyann = (axes.get_xlim()[0], place), (0, 10)
        style.fit(text, style.SMALLEST)
