"""Names beside what they name: to the right of the axes, as high as there is room, with a thin line to it."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from sim.output.charts import style

ROOM = 1.95
"""Inches that the names take to the right of the axes."""

LINE = 0.05
"""Height of a line of a name, as a share of the axes'."""

LEADER = {
    "arrowstyle": "-", "color": style.QUIET, "linewidth": 0.7, "shrinkA": 1, "shrinkB": 1, "relpos": (0.0, 0.5),
}  # fmt: skip


def name_at_right(
    axes: Axes, places: Sequence[tuple[float, float]], names: Sequence[str], colours: Sequence[str]
) -> None:
    """Write names, of one line or more, to the right of places (in the units of the axes), none over another."""
    bottom, top = axes.get_ylim()
    tallest = max((name.count("\n") + 1 for name in names), default=1)
    shares = [(y - bottom) / (top - bottom) for _, y in places]
    heights = style.apart(shares, LINE * tallest, 0.02, 0.98)
    for place, height, name, colour in zip(places, heights, names, colours, strict=True):
        axes.annotate(
            name,
            place,
            xytext=(1.03, height),
            textcoords="axes fraction",
            va="center",
            fontsize=10,
            color=colour,
            arrowprops=LEADER,
            annotation_clip=False,
        )
