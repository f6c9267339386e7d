"""Names beside what they name: to the right of the axes, as high as there is room, with a thin line to it."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.text import Annotation, Text

from sim.output.charts import style

ROOM = 1.95
"""Inches that the names take to the right of the axes."""

LINE, SPACE = 0.19, 0.06
"""Inches that a line of a name takes, and that are left free between names."""

WIDEST, WIDEST_ROW, NARROWEST = 22, 34, 8
"""Letters in a line of a name, and of the name of a row: as many as there is room for."""

LEADER = {
    "arrowstyle": "-", "color": style.QUIET, "linewidth": 0.7, "shrinkA": 4, "shrinkB": 1, "relpos": (0.0, 0.5),
    "patchA": None,
}  # fmt: skip


def name_at_right(
    axes: Axes, places: Sequence[tuple[float, float]], names: Sequence[str], colours: Sequence[str]
) -> None:
    """Write names to the right of places (in the units of the axes), none over another.

    They are broken into as many lines as need be, and squeezed where there are too many of them for so many lines.
    """
    chart = axes.get_figure(root=True)
    assert chart is not None
    bottom, top = axes.get_ylim()
    tall = axes.get_window_extent().height / chart.dpi
    most = max(1, int((tall / max(len(names), 1) - SPACE) / LINE))
    written = [
        axes.annotate(
            "",
            place,
            xytext=(1.03, 0.5),
            textcoords="axes fraction",
            va="center",
            fontsize=10,
            color=colour,
            arrowprops=LEADER,
            annotation_clip=False,
        )
        for place, colour in zip(places, colours, strict=True)
    ]
    for text, name in zip(written, names, strict=True):
        _break(text, name, most)
    sizes = [((text.get_text().count("\n") + 1) * LINE + SPACE) / tall for text in written]
    heights = style.apart([(y - bottom) / (top - bottom) for _, y in places], sizes)
    for text, height in zip(written, heights, strict=True):
        text.xyann = (1.03, height)


def _break(text: Annotation, name: str, most: int) -> None:
    """Write a name, whose own line breaks stay, in lines as wide as there is room for, and at most so many of them."""
    head, *tail = name.split("\n")
    for width in range(WIDEST, NARROWEST - 1, -1):
        _wrap(text, head, width, max(1, most - len(tail)))
        text.set_text("\n".join([text.get_text(), *tail]))
        if not style.sticks_out(text):
            return


def name_rows(axes: Axes, names: Sequence[str], size: float = 11.0, most: int = 2) -> None:
    """Name the rows 0, 1, … of axes to the left of them, in at most so many lines each, within the picture."""
    chart = axes.get_figure(root=True)
    assert chart is not None
    room = axes.get_window_extent().x0 - (2 * style.EDGE * chart.bbox.width)
    text = axes.text(0, 0, "", fontsize=size)
    broken = []
    for name in names:
        for width in range(WIDEST_ROW, NARROWEST - 1, -1):
            _wrap(text, name, width, most)
            if text.get_window_extent().width <= room:
                break
        broken.append(text.get_text())
    text.remove()
    axes.set_yticks(range(len(names)), broken)
    axes.tick_params(axis="y", length=0, labelsize=size)


def _wrap(text: Text, name: str, width: int, most: int) -> None:
    """Write a name in at most so many lines of so many letters."""
    lines, letters = textwrap.wrap(name, width), most * width
    while len(lines) > most:
        lines = textwrap.wrap(style.squeezed(name, letters), width)
        letters -= 1
    text.set_text("\n".join(lines))
