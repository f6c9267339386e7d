"""Stacked bands: shares that add up to all, each with its name in it or beside it."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.path import Path
from numpy.typing import ArrayLike, NDArray

from sim.output.charts.drawing import style
from sim.output.charts.drawing.direct_labels import name_at_right
from sim.output.charts.drawing.label_placement import crossed

THINNEST = 0.004
"""Share of runs from which a band is named beside the chart."""

BAR = 0.7
"""Width of a bar; one stands for each word that was tried."""

LEAST_OPACITY = 0.8
"""Of a band in which words can be read."""

HEIGHTS = (0.5, 0.25, 0.75, 0.0, 1.0)
"""Where in a band its words may stand, from its lower to its upper edge; the first that no line crosses is taken."""

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Band:
    """Band to be stacked: its name, its colour, and its share at every place along the axis.

    It stands for a way to end (or to go on). Bands of one `kind`, such as the sides' walkouts, are named all or none.
    """

    name: str
    colour: str
    shares: Numbers
    opacity: float = 0.85
    kind: str = ""


def stack(axes: Axes, x: ArrayLike, bands: Sequence[Band], step: bool = False, bars: bool = False) -> None:
    """Draw stacked bands along the axis, as areas, steps or bars."""
    floor = np.zeros_like(bands[0].shares)
    for band in bands:
        top = floor + band.shares
        if bars:
            axes.bar(x, band.shares, BAR, bottom=floor, color=band.colour, alpha=band.opacity, linewidth=0)
        else:
            axes.fill_between(
                x, floor, top, color=band.colour, alpha=band.opacity, linewidth=0, step="pre" if step else None
            )
        floor = top


def name_ends(axes: Axes, bands: Sequence[Band], of_first: str) -> None:
    """Name stacked bands at the right, level with where they end, with their last share.

    `of_first` is added to the first name.
    """
    tops = np.cumsum([band.shares[-1] for band in bands])
    named = _worth_naming(bands)
    words = [f"{bands[n].name}\n{100 * bands[n].shares[-1]:.1f} %{'' if n else of_first}" for n in named]
    places = [(axes.get_xlim()[1], float(tops[n] - bands[n].shares[-1] / 2)) for n in named]
    name_at_right(axes, places, words, [_ink(bands[n]) for n in named])


def name_widest(axes: Axes, x: Numbers, bands: Sequence[Band], labels: Sequence[str], reach: float | None) -> None:
    """Name stacked bands where they are widest, with their share there.

    `labels` say where that is. Within the band if the words fit, otherwise at the right with a line to the place.
    `reach` is half the width of bars, None where bands run through from place to place.
    """
    tops = np.cumsum([band.shares for band in bands], axis=0)
    layers = {
        n: Layer(tops[n] - bands[n].shares, tops[n], _words(bands[n], labels, reach)) for n in _worth_naming(bands)
    }
    beside = [n for n, layer in layers.items() if _room_within(axes, x, layer, bands[n], reach, ()) is None]
    widest = {n: int(np.nanargmax(bands[n].shares)) for n in beside}
    places = [(float(x[k]), float(tops[n][k] - bands[n].shares[k] / 2)) for n, k in widest.items()]
    names = [f"{bands[n].name}\n{100 * bands[n].shares[k]:.1f} % at {labels[k]}" for n, k in widest.items()]
    leaders = name_at_right(axes, places, names, [_ink(bands[n]) for n in beside])
    for place in places:
        axes.plot(*place, "o", markersize=4, color=style.PAPER, markeredgecolor=style.INK, zorder=5)
    for n in layers.keys() - widest.keys():
        _write_within(axes, x, layers[n], bands[n], reach, leaders)


class Layer(NamedTuple):
    """Band as it lies in stacked bands: its lower and its upper edge, and what may be written in it at every place."""

    floor: Numbers
    top: Numbers
    words: list[str]


def _words(band: Band, labels: Sequence[str], reach: float | None) -> list[str]:
    """Return what may be written in a band at every place; in a bar it goes without saying where that is."""
    name = textwrap.fill(band.name, 16)
    if reach is not None:
        return [f"{name}\n{100 * share:.1f} %" for share in band.shares]
    return [f"{name}\n{100 * share:.1f} % at {label}" for share, label in zip(band.shares, labels, strict=True)]


def _room_within(
    axes: Axes, x: Numbers, layer: Layer, band: Band, reach: float | None, lines: Sequence[Path]
) -> tuple[int, float, float] | None:
    """Return the widest place at which the words for it fit in a band and cross no lines, and where they stand."""
    if band.opacity < LEAST_OPACITY:
        return None
    text = axes.text(0, 0, "", ha="center", va="center", fontsize=10)
    low, high = axes.get_xlim()
    for place in map(int, np.argsort(layer.floor - layer.top, kind="stable")):
        text.set_text(layer.words[place])
        size = text.get_window_extent().padded(4).transformed(axes.transData.inverted())
        half = size.width / 2
        at = float(x[place]) if reach is not None else min(max(float(x[place]), low + half), high - half)
        near = np.linspace(at - half, at + half, 21) if reach is None else x[[place]]
        bottom, top = float(np.interp(near, x, layer.floor).max()), float(np.interp(near, x, layer.top).min())
        if top - bottom < size.height or (reach is not None and half > reach):
            continue
        lowest, room = bottom + size.height / 2, top - bottom - size.height
        for height in (lowest + share * room for share in HEIGHTS):
            text.set_position((at, height))
            if not crossed(text.get_window_extent().padded(4), lines):
                text.remove()
                return place, at, height
    text.remove()
    return None


def _write_within(axes: Axes, x: Numbers, layer: Layer, band: Band, reach: float | None, lines: Sequence[Path]) -> None:
    """Write the name of a band in it, at the widest place that is free of lines, or at the widest."""
    room = _room_within(axes, x, layer, band, reach, lines) or _room_within(axes, x, layer, band, reach, ())
    assert room is not None  # bands without room have their names at the right
    place, at, height = room
    ink = style.INK if band.colour in style.GREYS else style.PAPER
    axes.text(at, height, layer.words[place], ha="center", va="center", fontsize=10, color=ink)


def _worth_naming(bands: Sequence[Band]) -> list[int]:
    """Return which bands can be seen somewhere, and those of the same kind as one that can, as far as there is any."""
    most = [float(np.nanmax(band.shares)) for band in bands]
    kinds = {band.kind for band, share in zip(bands, most, strict=True) if share >= THINNEST} - {""}
    return [n for n, band in enumerate(bands) if most[n] >= THINNEST or (band.kind in kinds and most[n] > 0)]


def _ink(band: Band) -> str:
    """The colour of a band's name: its own, if that can be read."""
    return style.QUIET if band.colour in style.GREYS else band.colour
