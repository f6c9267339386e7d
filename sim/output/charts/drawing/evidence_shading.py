"""Evidence shading: where the scenario, in the words of its source, takes a varied parameter to lie."""

from __future__ import annotations

from itertools import product
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.text import Annotation
from matplotlib.transforms import Bbox

from sim.output.charts.drawing import style
from sim.output.charts.drawing.axis_scales import share_across
from sim.output.charts.drawing.label_placement import PLATE, Side, boxes_of, crossed, extent_of, move_to, paths_of
from sim.output.words.numbers_and_names import caption, join_items, number
from sim.output.words.parameter_labels import decimals
from sim.scenario.model.key_tree import select
from sim.scenario.model.parameters import names_of, parameters
from sim.scenario.model.schema import Scenario

LETTERS: Any = {"color": style.EVIDENCE_INK, "fontsize": 9.5}


class Said(NamedTuple):
    """Range of a parameter for evidence shading, in words.

    `reported` by its source; `whose` it is, of several.
    """

    low: float
    high: float
    words: str
    reported: bool
    whose: str


def shade(axes: Axes, path: str, scenario: Scenario) -> None:
    """Shade the evidence on a parameter: the scenario's range, as far as it is in view, in the words of the source."""
    left, right = axes.get_xlim()
    in_view = (said for said in said_of(path, scenario) if said.low < right and said.high > left)
    for place, said in enumerate(in_view):
        low = max(said.low, left) if axes.get_xscale() == "log" else said.low
        axes.axvspan(low, said.high, color=style.EVIDENCE, linewidth=0, zorder=0)
        near, far = max(said.low, left), min(said.high, right)
        middle = float(np.sqrt(near * far)) if axes.get_xscale() == "log" else (near + far) / 2
        side = share_across(axes, middle)
        look = {"ha": "left" if side < 0.15 else "right" if side > 0.75 else "center", "annotation_clip": False}
        above = (0, 4 + 13 * place)
        style.note(axes, said.words, (middle, 1.0), above, xycoords=("data", "axes fraction"), **LETTERS, **look)


def outline(axes: Axes, across: str, up: str, scenario: Scenario) -> None:
    """Outline the evidence on two parameters: a frame around every pair of the scenario's ranges, with names."""
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    for x, y in product(said_of(across, scenario), said_of(up, scenario)):
        if x.low >= right or x.high <= left or y.low >= top or y.high <= bottom:
            continue
        start = left if x.low <= 0 and axes.get_xscale() == "log" else x.low
        floor = bottom if y.low <= 0 and axes.get_yscale() == "log" else y.low
        corner, size = (start, floor), (x.high - start, y.high - floor)
        axes.add_patch(Rectangle(corner, *size, fill=False, edgecolor=style.PAPER, linewidth=3.2))
        axes.add_patch(Rectangle(corner, *size, fill=False, edgecolor=style.EVIDENCE_INK, linewidth=1.6))
        source = "the article's range" if x.reported and y.reported else "the scenario's range"
        whose = ", ".join(dict.fromkeys(each.whose for each in (x, y) if each.whose))
        words = f"{source}: {whose}" if whose else source
        text = style.note(axes, words, (0, 0), bbox=PLATE, zorder=6, **LETTERS)
        seen = Bbox.from_extents(max(x.low, left), max(y.low, bottom), min(x.high, right), min(y.high, top))
        _place_at_corner(text, seen)


def _place_at_corner(text: Annotation, frame: Bbox) -> None:
    """Move words to the corner of a frame at which they cross least: above, below, beside or within it."""
    axes = text.axes
    assert isinstance(axes, Axes)
    boxes, paths = boxes_of(axes, without=text), paths_of(axes)
    corners = [
        (frame.x0, frame.y1, Side(6, 7, "left", "bottom")), (frame.x1, frame.y1, Side(-6, 7, "right", "bottom")),
        (frame.x0, frame.y0, Side(6, -7, "left", "top")), (frame.x1, frame.y0, Side(-6, -7, "right", "top")),
        (frame.x0, frame.y1, Side(-6, 0, "right", "top")), (frame.x0, frame.y0, Side(-6, 0, "right", "bottom")),
        (frame.x0, frame.y1, Side(6, -7, "left", "top")), (frame.x0, frame.y0, Side(6, 7, "left", "bottom")),
    ]  # fmt: skip

    def trouble(corner: tuple[float, float, Side]) -> int:
        """How much is amiss with words there: other words below them, lines that they cross, room that they lack."""
        *place, side = corner
        move_to(text, place, side, gap=1)
        box, area = extent_of(text), axes.get_window_extent()
        outside = bool(box.x0 < area.x0 or box.x1 > area.x1 or box.y0 < area.y0 or box.y1 > area.y1)
        covered = sum(bool(box.overlaps(other)) for other in boxes)
        return 100 * outside + 10 * covered + sum(crossed(box, [path]) for path in paths)

    *place, side = min(corners, key=trouble)
    move_to(text, place, side, gap=1)


def said_of(path: str, scenario: Scenario) -> list[Said]:
    """Return the ranges for evidence shading: each different one that the scenario has for parameters of a path.

    Of several ranges each says whose it is.
    """
    known = parameters(scenario)
    ranges: dict[tuple[float, float, bool, str], list[str]] = {}
    for target in select(path, known, names_of(scenario)):
        parameter = known.get(target)
        quantity = None if parameter is None else parameter.quantity
        if parameter is not None and quantity is not None and quantity.is_range:
            reading = f"“{parameter.reading}”, " if parameter.reading else ""
            key = (quantity.low, quantity.high, parameter.claim is not None, reading)
            _, *names = target.split(".")
            ranges.setdefault(key, []).append(caption(names[0], scenario) if names else "")
    return [
        _said(low, high, reported, reading, join_items(list(dict.fromkeys(holders))) if len(ranges) > 1 else "")
        for (low, high, reported, reading), holders in ranges.items()
    ]


def _said(low: float, high: float, reported: bool, reading: str, whose: str) -> Said:
    """Return a range with its words."""
    digits = decimals((low, high))
    ends = f"{number(low, digits)}–{number(high, digits)}"
    words = f"the article: {reading}read as {ends}" if reported else f"assumed: {ends}"
    return Said(low, high, f"{whose}, {words}" if whose else words, reported, whose)
