"""What theory says, beside what the runs say: ways to a settlement along mutual distrust, and boundaries of zones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from matplotlib.axes import Axes

from sim.output.charts import style
from sim.output.words import number
from sim.study.lines import Critical, Line

WAYS = {
    "direct": "direct talks can settle",
    "mediator": "the mediator's text can be signed",
    "guaranteed": "with the guarantee, they can settle",
}
"""What theory says can happen, up to a critical mutual distrust."""

TITLE = (
    "In theory, if beliefs stayed as they are in the first week (thin ends: middle 90 % over the scenario's ranges):"
)

ROW = 0.29
"""Inches that a way takes."""

HEAD = 0.3
"""Inches that the title above the ways takes."""

GAP = 0.6
"""Inches between the axes and the strip: what the ticks and the name of the axis take."""


def common_values(lines: Iterable[Line]) -> dict[str, Critical]:
    """Return the critical values, by way, on which all lines that have them agree."""
    found: dict[str, Critical] = {}
    disputed = set()
    for line in lines:
        for way, critical in line["critical"].items():
            if found.setdefault(way, critical) != critical:
                disputed.add(way)
    return {way: found[way] for way in WAYS if way in found and way not in disputed}


def strip_height(critical: Mapping[str, Critical]) -> float:
    """Inches that the strip takes below the axes."""
    return HEAD + ROW * len(critical) if critical else 0.0


def strip(axes: Axes, critical: Mapping[str, Critical]) -> Axes:
    """Draw below axes along mutual distrust up to which level each way to a settlement is open; return the strip.

    The levels are marked in the axes too.
    """
    chart = axes.get_figure(root=True)
    assert chart is not None
    whole = axes.get_window_extent().height / chart.dpi
    height = strip_height(critical)
    below = axes.inset_axes((0.0, -(GAP + height) / whole, 1.0, height / whole), sharex=axes)
    for place, (way, found) in enumerate(critical.items()):
        _bar(below, place, WAYS[way], found)
        if found["value"] is not None:
            axes.axvline(found["value"], color=style.THEORY, linewidth=1.2, linestyle=":", zorder=1)
    words = below.annotate(TITLE, (0.0, -1.15), fontsize=style.SMALLEST, color=style.THEORY, va="center")
    style.fit(words, style.SMALLEST)
    below.set_ylim(len(critical) - 0.5, -1.5)
    below.set_axis_off()
    return below


def _bar(axes: Axes, place: int, way: str, found: Critical) -> None:
    """Draw up to where a way is open, with the range over the assumptions and the words."""
    value, low, high = found["value"], found["low"], found["high"]
    if value is not None:
        axes.plot([0.0, value], [place, place], color=style.THEORY, linewidth=5, solid_capstyle="butt")
        if low is not None and high is not None and low < high:
            axes.plot([low, high], [place, place], color=style.THEORY, linewidth=1.2)
    end = max(value or 0.0, high or 0.0)
    words = f"{way}: never" if value is None else f"{way} up to {number(value)}"
    inside = end > 0.6
    axes.annotate(
        words,
        (0.0 if inside else end, place),
        xytext=(0 if inside else 6, 10 if inside else 0),
        textcoords="offset points",
        fontsize=style.SMALLEST,
        color=style.THEORY,
        va="center",
    )
