"""Quantiles of beta distributions, tabulated once for each: the exact ones cost as much as a twentieth of a run."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

SMALLEST, LARGEST = 0.03, 1e6
"""What the parameters of a beta distribution may be: the table is good to 1e-6 for all of these, and not beyond."""

_KNOTS = 2048
_WIDEST = 37.0  # log odds of the last knots: 1 − 2^-53 is the greatest number below 1
_TINY = 1e-300


class _Curve(NamedTuple):
    """Log odds of the quantile, and their slope, over log odds of the probability, at `_KNOTS` + 1 even steps."""

    height: Array
    slope: Array


def beta_quantile(unit: Array, a: float, b: float) -> Array:
    """Return quantiles of a beta distribution at probabilities `unit`, good to 1e-6 from 1e-12 to 1 − 1e-12.

    The quantile function is the inverse of the distribution function. a and b lie between SMALLEST and LARGEST. In log
    odds on both axes the function is then smooth and all but straight at its ends: cubic between knots that have the
    exact height and slope (Hermite interpolation). Below SMALLEST it is a step between the ends, too steep for the
    knots; far above LARGEST height and slope lose their digits.
    """
    curve = _curve(a, b)
    step = 2.0 * _WIDEST / _KNOTS
    with np.errstate(divide="ignore"):
        odds = np.log(unit) - np.log1p(-unit)
    place = (np.clip(odds, -_WIDEST, _WIDEST) + _WIDEST) / step
    knot = np.minimum(place.astype(np.intp), _KNOTS - 1)
    part = place - knot
    start, rise, fall = curve.height[knot], step * curve.slope[knot], step * curve.slope[knot + 1]
    gap = curve.height[knot + 1] - start
    height = start + part * (rise + part * (3.0 * gap - 2.0 * rise - fall + part * (rise + fall - 2.0 * gap)))
    found = 1.0 / (1.0 + np.exp(-height))
    return np.where(unit <= 0.0, 0.0, np.where(unit >= 1.0, 1.0, found))


@cache
def _curve(a: float, b: float) -> _Curve:
    from scipy.special import betaincinv, betaln, expit  # takes .2 s to import

    odds = np.linspace(-_WIDEST, _WIDEST, _KNOTS + 1)
    below, above = expit(odds), expit(-odds)
    low, high = np.maximum(betaincinv(a, b, below), _TINY), np.maximum(betaincinv(b, a, above), _TINY)
    density = (a - 1.0) * np.log(low) + (b - 1.0) * np.log(high) - betaln(a, b)
    slope = np.exp(np.log(below) + np.log(above) - density - np.log(low) - np.log(high))
    return _Curve(np.log(low) - np.log(high), slope)
