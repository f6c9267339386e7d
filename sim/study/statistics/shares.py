"""Shares of runs with intervals that cover simulation error.

They say how far a share could move with other random numbers, given the scenario; they say nothing about how well the
scenario fits the world.
"""

from __future__ import annotations

from math import ceil, sqrt
from statistics import NormalDist
from typing import NamedTuple

LEVEL = 0.95
"""The level of every interval for simulation error."""


class Share(NamedTuple):
    """Share of runs with the interval that covers its simulation error; all within [0, 1]."""

    p: float
    low: float
    high: float

    @property
    def half_width(self) -> float:
        """Half the length of the interval."""
        return (self.high - self.low) / 2


def wilson(successes: float, trials: int, level: float = LEVEL) -> Share | None:
    """Return a share with Wilson's score interval (1927, JASA 22:209); None where there was nothing to count.

    `successes` need not be whole: around a share that a source gives, it is that share of the trials. Unlike the
    textbook interval it stays within [0, 1] and keeps its coverage near 0 and 1, where a share of
    settlements often lies.
    """
    if trials == 0:
        return None
    z = NormalDist().inv_cdf((1 + level) / 2)
    p = successes / trials
    weight = 1 + z * z / trials
    centre = (p + z * z / (2 * trials)) / weight
    reach = z / weight * sqrt(p * (1 - p) / trials + z * z / (4 * trials * trials))
    low = 0.0 if successes == 0 else max(0.0, centre - reach)
    high = 1.0 if successes == trials else min(1.0, centre + reach)
    return Share(p, low, high)


def runs_for(p: float, half_width: float, level: float = LEVEL) -> int:
    """Return about how many runs bring the half-width of a share near ``p`` down to ``half_width``.

    Solves the half-width of :func:`wilson` for the number of runs: with v = p(1 − p), h the half-width and
    z the normal quantile, h²(n + z²)² = z²(v·n + z²/4), a quadratic in n of which the larger root counts.
    """
    z2 = NormalDist().inv_cdf((1 + level) / 2) ** 2
    h2 = half_width * half_width
    v = p * (1 - p)
    b = 2 * h2 * z2 - z2 * v
    c = h2 * z2 * z2 - z2 * z2 / 4
    return max(1, ceil((-b + sqrt(max(0.0, b * b - 4 * h2 * c))) / (2 * h2)))
