"""Direct labels beside what they name: to the right of the axes, as high as there is room, with a thin line to it."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.path import Path
from matplotlib.text import Annotation, Text

from sim.output.charts.drawing import chart_frame, style
from sim.output.charts.drawing.label_placement import furthest_place, place_along

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


BESIDE: Any = {"va": "center", "fontsize": 10, "arrowprops": LEADER, "annotation_clip": False}
WIDTHS_BESIDE = (44, WIDEST, 15, 11)
"""Letters in a line of a name beside its line, as many as there is room for."""

LEAST_GAP = 0.055
"""Share of the height of axes between the ends of lines from which their names stand there, level with them."""


def name_lines(axes: Axes, lines: Sequence[Line2D], names: Sequence[str], alone: bool) -> None:
    """Write direct labels beside the ends of lines if these lie apart, otherwise where they are furthest apart.

    Where there is no room there, all names stand at the right after all, with a thin line to that place. If the
    axes are `alone` in a chart with ROOM at its right, they take that room when no name needs it.
    """
    colours = [str(line.get_color()) for line in lines]
    ends = [(float(x[-1]), float(y[-1])) for x, y in (np.asarray(line.get_data(), dtype=float) for line in lines)]
    bottom, top = axes.get_ylim()
    heights = sorted((y - bottom) / (top - bottom) for _, y in ends)
    if min(np.diff(heights), default=1.0) >= LEAST_GAP:
        name_at_right(axes, ends, names, colours)
        return
    before = axes.get_position()
    if alone:
        axes.set_position((before.x0, before.y0, 1 - chart_frame.RIGHT / chart_frame.WIDTH - before.x0, before.height))
    if not _name_along(axes, lines, names):
        axes.set_position(before)
        points = [np.asarray(line.get_xydata(), dtype=float) for line in lines]
        places = [furthest_place(axes, each, [*points[:n], *points[n + 1 :]]) for n, each in enumerate(points)]
        name_at_right(axes, [(float(x), float(y)) for x, y in places], names, colours)
        for (x, y), colour in zip(places, colours, strict=True):
            axes.plot(x, y, "o", markersize=5, color=colour)


def _name_along(axes: Axes, lines: Sequence[Line2D], names: Sequence[str]) -> bool:
    """Write every name beside its line; returns whether there was room for all, and leaves none if not."""
    points = [np.asarray(line.get_xydata(), dtype=float) for line in lines]
    written = []
    for place, (line, name) in enumerate(zip(lines, names, strict=True)):
        look: dict[str, Any] = {"fontsize": 10, "color": str(line.get_color()), "path_effects": style.HALO, "zorder": 6}
        text = style.note(axes, "", points[place][0], **look)
        written.append(text)
        others = [other for n, other in enumerate(points) if n != place]
        broken = (textwrap.wrap(style.shorten_middle(name, 2 * WIDEST), width) for width in WIDTHS_BESIDE)
        if not any(place_along(text, "\n".join(words), points[place], others) for words in broken):
            for each in written:
                each.remove()
            return False
    return True


def name_at_right(
    axes: Axes, places: Sequence[tuple[float, float]], names: Sequence[str], colours: Sequence[str]
) -> list[Path]:
    """Write direct labels to the right of places (in the units of the axes), none over another.

    They are broken into as many lines as need be, and squeezed where there are too many of them for so many lines.
    Return the thin lines from the places to the names, in pixels.
    """
    chart = style.figure_of(axes)
    bottom, top = axes.get_ylim()
    tall = axes.get_window_extent().height / chart.dpi
    most = max(1, int((tall / max(len(names), 1) - SPACE) / LINE))
    written = [
        axes.annotate("", place, (1.03, 0.5), textcoords="axes fraction", color=colour, **BESIDE)
        for place, colour in zip(places, colours, strict=True)
    ]
    for text, name in zip(written, names, strict=True):
        _break(text, name, most)
    sizes = [((text.get_text().count("\n") + 1) * LINE + SPACE) / tall for text in written]
    heights = style.move_apart([(y - bottom) / (top - bottom) for _, y in places], sizes)
    for text, height in zip(written, heights, strict=True):
        text.xyann = (1.03, height)
    ends = axes.transAxes.transform([(1.03, height) for height in heights] or np.empty((0, 2)))
    starts = axes.transData.transform(np.array(places, dtype=float).reshape(-1, 2))
    return [Path([start, end]) for start, end in zip(starts, ends, strict=True)]


def _break(text: Annotation, name: str, most: int) -> None:
    """Write a name, whose own line breaks stay, in lines as wide as there is room for, and at most so many of them."""
    head, *tail = name.split("\n")
    for width in range(WIDEST, NARROWEST - 1, -1):
        _wrap(text, head, width, max(1, most - len(tail)))
        text.set_text("\n".join([text.get_text(), *tail]))
        if not style.sticks_out(text):
            return


def name_rows(axes: Axes, names: Sequence[str], size: float = 11.0, most: int = 2) -> None:
    """Write direct labels to the left of the rows 0, 1, … of axes, within the picture.

    Each has at most so many lines (`most`).
    """
    chart = style.figure_of(axes)
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
        lines = textwrap.wrap(style.shorten_middle(name, letters), width)
        letters -= 1
    text.set_text("\n".join(lines))
