"""Axis scales along a varied parameter, linear or logarithmic: limits, ticks, and positions across the axis."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis as Scale
from matplotlib.ticker import FuncFormatter, LogFormatter
from numpy.typing import NDArray

from sim.study.design.design_points import Axis

Numbers = NDArray[np.float64]

FEW_DECADES = (1.5, 0.4)
"""Decades below which numbers stand at minor ticks too, and below which they stand at all of them."""


def set_log_scale(axes: Axes, upright: bool = False) -> None:
    """Set the scale of the horizontal, or the upright, axis to logarithmic, with plain numbers at its ticks."""
    (axes.set_yscale if upright else axes.set_xscale)("log")
    scale: Scale = axes.yaxis if upright else axes.xaxis
    scale.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    scale.set_minor_formatter(LogFormatter(labelOnlyBase=False, minor_thresholds=FEW_DECADES))


def padded_limits(places: Sequence[float] | Numbers, before: float, after: float, log: bool) -> tuple[float, float]:
    """Return limits of an axis around places on a linear or logarithmic scale, with room at both ends.

    Places are in rising order; `before` and `after` are shares of their span beyond the first and the last.
    """
    low, high = float(places[0]), float(places[-1])
    if log:
        span = np.log(high / low) or 1.0
        return float(low * np.exp(-before * span)), float(high * np.exp(after * span))
    span = high - low or 1.0
    return low - before * span, high + after * span


def share_across(axes: Axes, x: float) -> float:
    """Return how far across an axis a place lies on its scale, from the left (0) to the right (1)."""
    bottom = axes.get_ylim()[0]
    return float(axes.transAxes.inverted().transform(axes.transData.transform((x, bottom)))[0])


def cell_edges(axis: Axis) -> Numbers:
    """Return where the cells around the values of an axis end, halfway to their neighbours on the axis's own scale."""
    values = np.array(axis.numbers)
    places = np.log(values) if axis.log else values
    middles = (places[1:] + places[:-1]) / 2
    edges = np.array([2 * places[0] - middles[0], *middles, 2 * places[-1] - middles[-1]])
    return np.asarray(np.exp(edges) if axis.log else edges)
