"""Label placement: where words find room in a chart, over no other words and across no line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.path import Path
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

from sim.output.charts.drawing import style

GAP = 7.0
"""Points between words and the line that they belong to."""

PLATE = {"boxstyle": "square,pad=0.25", "facecolor": style.PAPER, "edgecolor": "none", "alpha": 0.85}
"""What lies behind words on a map."""

FOR_POINTS = 100 / 72
"""Pixels in a point, at the resolution at which charts are laid out."""

AIR = 2.0
"""Pixels that are left free around words."""

NEARER = 0.8
"""How near words are to their own line at most, in distances to the nearest other."""

CLOSE = 15.0
"""Pixels within which lines cannot be told apart by a name beside them."""

SAMPLES = 80
"""Places along a line that are tried."""

Array = NDArray[np.float64]


class Side(NamedTuple):
    """Side of a place at which a label may be placed: in which direction, and how its words are aligned there."""

    across: float
    up: float
    ha: Literal["left", "center", "right"]
    va: Literal["bottom", "center", "top"]


SIDES = (
    Side(1, 0, "left", "center"),
    Side(-1, 0, "right", "center"),
    Side(0, 1, "center", "bottom"),
    Side(0, -1, "center", "top"),
    Side(0.7, 0.7, "left", "bottom"),
    Side(-0.7, 0.7, "right", "bottom"),
    Side(0.7, -0.7, "left", "top"),
    Side(-0.7, -0.7, "right", "top"),
)


def paths_of(axes: Axes) -> list[Path]:
    """Return the paths that placed labels must not cross: lines, contours and outlines of rectangles, in pixels."""
    shown = (line for line in axes.lines if line.get_linestyle() != "None")
    contours = (each for each in axes.collections if np.size(each.get_facecolor()) == 0)
    outlines = (patch for patch in axes.patches if not patch.get_fill())
    paths = [
        *(line.get_transform().transform_path(line.get_path()) for line in shown),
        *(each.get_transform().transform_path(path) for each in contours for path in each.get_paths()),
        *(patch.get_transform().transform_path(patch.get_path()) for patch in outlines),
    ]
    return [path for path in paths if np.size(path.vertices)]


def boxes_of(axes: Axes, without: Text | None = None) -> list[Bbox]:
    """Return the boxes of words already placed in axes, in pixels, those of one label left out."""
    return [extent_of(text) for text in axes.texts if text.get_text() and text is not without]


def extent_of(text: Text) -> Bbox:
    """Return the box of a placed label with its background, in pixels."""
    plate = text.get_bbox_patch()
    box = text.get_window_extent()
    return box.padded(0.35 * float(text.get_fontsize()) * FOR_POINTS) if plate is not None else box


def crossed(box: Bbox, paths: Sequence[Path]) -> bool:
    """Return whether one of the paths runs through the box of a placed label."""
    return any(path.intersects_bbox(box, filled=False) for path in paths)


def is_free(text: Text, boxes: Sequence[Bbox], paths: Sequence[Path]) -> bool:
    """Return whether a label is placed within its axes, over no other words and across no path."""
    return isinstance(text.axes, Axes) and _is_free(extent_of(text), text.axes.get_window_extent(), boxes, paths)


def _is_free(box: Bbox, area: Bbox, boxes: Sequence[Bbox], paths: Sequence[Path]) -> bool:
    """Whether a box lies in an area, with a little air, over no other box and across no path."""
    wide = box.padded(AIR)
    inside = wide.x0 >= area.x0 and wide.x1 <= area.x1 and wide.y0 >= area.y0 and wide.y1 <= area.y1
    return bool(inside and not any(wide.overlaps(other) for other in boxes) and not crossed(wide, paths))


def place_along(
    text: Annotation, words: str, line: Array, others: Sequence[Array], paths: Sequence[Path] | None = None
) -> bool:
    """Place a label beside a line, where it lies furthest from the `others`; return whether there is room.

    They cross none of the `paths` (by default whatever is drawn as a line). Lines have shape (n, 2), in the units of
    the axes. The words are nearer to their own line than to any other.
    """
    axes = text.axes
    assert isinstance(axes, Axes)
    text.set_text(words)
    boxes, paths = boxes_of(axes, without=text), paths_of(axes) if paths is None else paths
    area, size = axes.get_window_extent(), np.asarray(extent_of(text).size)
    own, *rest = (thicken(axes.transData.transform(each)) for each in (line, *others))
    found = []
    for place in sample_places(axes, line):
        for side in SIDES:
            box = _box_at(axes.transData.transform(place), side, size)
            clear = min((distance(box, other) for other in rest), default=np.inf)
            if distance(box, own) < NEARER * clear:
                found.append((clear, box, place, side))
    for _, box, place, side in sorted(found, key=lambda each: -each[0]):
        if _is_free(box, area, boxes, paths):
            move_to(text, place, side)
            return True
    text.set_text("")
    return False


def place_beside(text: Annotation, place: Array, gap: float = GAP, sides: Sequence[Side] = SIDES) -> bool:
    """Place a label at the first of some sides of a place with room for it; return whether there is one."""
    axes = text.axes
    assert isinstance(axes, Axes)
    boxes, paths = boxes_of(axes, without=text), paths_of(axes)
    area, size = axes.get_window_extent(), np.asarray(extent_of(text).size)
    for side in sides:
        if _is_free(_box_at(axes.transData.transform(place), side, size, gap), area, boxes, paths):
            move_to(text, place, side, gap)
            return True
    return False


def move_to(text: Annotation, place: Sequence[float] | Array, side: Side, gap: float = GAP) -> None:
    """Place a label so many points to a side of a place, given in the units of the axes."""
    text.xy = (float(place[0]), float(place[1]))
    text.xyann = (side.across * gap, side.up * gap)
    text.set_horizontalalignment(side.ha)
    text.set_verticalalignment(side.va)


def _box_at(pixel: Array, side: Side, size: Array, gap: float = GAP) -> Bbox:
    """Return where words of a size (in pixels) are if they stand so many points to a side of a place."""
    x, y = pixel + gap * FOR_POINTS * np.array([side.across, side.up])
    left = x - {"left": 0.0, "center": 0.5, "right": 1.0}[side.ha] * size[0]
    bottom = y - {"bottom": 0.0, "center": 0.5, "top": 1.0}[side.va] * size[1]
    return Bbox.from_bounds(left, bottom, size[0], size[1])


def sample_places(axes: Axes, line: Array) -> Array:
    """Return places along a line where a label may be placed, shape (n, 2), evenly spaced in the picture."""
    line = line[np.isfinite(line).all(axis=1)]
    steps = np.hypot(*np.diff(axes.transData.transform(line), axis=0).T)
    lengths = np.append(0.0, np.cumsum(steps))
    wanted = np.linspace(0, lengths[-1], SAMPLES)
    return np.stack([np.interp(wanted, lengths, line[:, axis]) for axis in (0, 1)], axis=1)


def furthest_place(axes: Axes, line: Array, others: Sequence[Array]) -> Array:
    """Return the place for a label at which its line lies furthest from the others: its end, if about as good.

    The end too where it lies close to another all along.
    """
    rest = [thicken(axes.transData.transform(other)) for other in others]
    places = sample_places(axes, line)
    pixels = axes.transData.transform(places)
    clear = np.array([min(distance(Bbox([pixel, pixel]), other) for other in rest) for pixel in pixels])
    ends = clear[-1] >= NEARER * clear.max() or clear.max() < CLOSE
    return np.asarray(places[-1] if ends else places[int(np.argmax(clear))])


def thicken(line: Array) -> Array:
    """Return the points of a line in pixels for label placement, with others between them, a few pixels apart.

    Points that are not finite are left out.
    """
    line = line[np.isfinite(line).all(axis=1)]
    steps = np.maximum(1, (np.hypot(*np.diff(line, axis=0).T) / 4).astype(int))
    parts = [np.linspace(a, b, n, endpoint=False) for a, b, n in zip(line[:-1], line[1:], steps, strict=True)]
    return np.concatenate([*parts, line[-1:]])


def distance(box: Bbox, line: Array) -> float:
    """Return the distance in pixels between a label's box and the points of a line; 0 if one is within."""
    across = np.maximum(0.0, np.maximum(box.x0 - line[:, 0], line[:, 0] - box.x1))
    up = np.maximum(0.0, np.maximum(box.y0 - line[:, 1], line[:, 1] - box.y1))
    return float(np.hypot(across, up).min(initial=np.inf))
