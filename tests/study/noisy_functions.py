"""Shares with known Sobol' indices, played with binomial noise: formulas written apart from the estimators.

Factors are uniform on [0, 1]. Every value is in closed form; `play` draws what runs would show.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.study.statistics.sobol_indices import GroupCounts

Array = NDArray[Any]


@dataclass(frozen=True)
class Known:
    """A share by the point, (…, factors) → (…), with its mean, variance, first-order and total indices."""

    share: Callable[[Array], Array]
    mean: float
    variance: float
    first: Array
    total: Array

    def plays_for(self, noise: float) -> int:
        """How many plays of a row leave so large a share of noise: mean of p(1 − p)/plays over the whole variance."""
        single = self.mean - self.mean**2 - self.variance
        return max(2, round(single / self.variance * (1 - noise) / noise))


def additive(slopes: tuple[float, ...] = (0.3, 0.2, 0.1)) -> Known:
    """½ + Σ c·(x − ½): a uniform number has variance 1/12, and nothing interacts."""
    c = np.array(slopes)
    parts = c**2 / 12
    shares = parts / parts.sum()
    return Known(lambda x: 0.5 + (x - 0.5) @ c, 0.5, float(parts.sum()), shares, shares)


def product(swings: tuple[float, ...] = (0.9, 0.6, 0.3), mean: float = 0.25) -> Known:
    """mean·Π (1 + a·(2x − 1)): each factor of the product has mean 1 and variance a²/3 (Sobol' 1993)."""
    a = np.array(swings)
    parts = a**2 / 3
    whole = np.prod(1 + parts) - 1
    total = parts * np.prod(1 + parts) / (1 + parts) / whole
    return Known(
        lambda x: mean * np.prod(1 + a * (2 * x - 1), axis=-1), mean, float(mean**2 * whole), parts / whole, total
    )


def play(known: Known, units: Array, plays: int, random: np.random.Generator) -> GroupCounts:
    """What rows of a design show, a group on common random numbers: a run succeeds if its number is below p."""
    factors = units.shape[1]
    shares = known.share(units).reshape(-1, factors + 2)
    numbers = random.random((len(shares), 1, plays))
    wins = numbers < shares[:, :, None]
    base, exchanged, second = wins[:, :1], wins[:, 1:-1], wins[:, -1:]
    return GroupCounts(
        wins.sum(axis=2),
        (exchanged & base).sum(axis=2),
        (exchanged & second).sum(axis=2),
        (base & second).sum(axis=2)[:, 0],
    )
