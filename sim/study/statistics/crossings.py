"""Crossings: where the settlement probability crosses one half along a parameter, with simulation error."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.study.statistics.shares import LEVEL

HALF = 0.5

GROUPS = 64
"""Groups of runs, by run number, that the bootstrap draws from."""

REPLICATES = 2000
"""How often the bootstrap draws."""

MOST_VALUES = 1 << 20
"""Values of drawn curves that are held at once."""

Array = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Crossing:
    """Crossing of one half by a curve: at `at`, between the neighbouring design points `before` and `after`.

    `low` to `high` (95 %) covers simulation error, given the straight line between the two points. `falling` tells
    which way the curve crosses.
    """

    at: float
    low: float
    high: float
    before: float
    after: float
    falling: bool


def crossings(places: Sequence[float], settled: Counts, runs: Counts, seed: int, log: bool = False) -> list[Crossing]:
    """Return every crossing of one half by the settlement probability along a parameter, with bootstrap intervals.

    They are in the order of `places` (rising, at least two). `settled` and `runs` count, for each place (rows) and
    group of runs (columns), settlements and runs. Between two places the curve is taken as straight, with `log` over
    the logarithm of places above 0. The interval is a bootstrap over groups of runs: a group is the same run numbers at
    every place and is drawn or left out as a whole, so what common random numbers do to neighbouring places is kept.
    Where a drawn curve has no such crossing, it lies beyond the end of the places.
    Source: Efron and Tibshirani (1993), chapters 8 and 13 (percentiles).
    """
    given = np.asarray(places, dtype=np.float64)
    x = np.log(given) if log else given
    curve = (settled.sum(axis=1) / runs.sum(axis=1))[np.newaxis]
    ends = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
    found = []
    for falling in (True, False):
        (at,), (there,) = _places(x, curve, falling), _changes(curve, falling)
        crossed = np.flatnonzero(there)
        if not crossed.size:
            continue
        pieces = [_nearest(x, drawn, at[crossed], falling) for drawn in _drawn(settled, runs, seed)]
        for place, near in zip(crossed, np.concatenate(pieces, axis=1), strict=True):
            places_found = np.array([at[place], *np.quantile(near, ends)])
            middle, low, high = map(float, np.exp(places_found) if log else places_found)
            found.append(Crossing(middle, low, high, float(given[place]), float(given[place + 1]), falling))
    return sorted(found, key=lambda crossing: crossing.at)


def _drawn(settled: Counts, runs: Counts, seed: int) -> Iterator[Array]:
    """Yield the curves of the bootstrap (rows), as many at a time as fit into little memory."""
    random = np.random.default_rng(seed)
    groups = settled.shape[1]
    weights = random.multinomial(groups, np.full(groups, 1 / groups), size=REPLICATES)
    size = max(1, MOST_VALUES // len(settled))
    for start in range(0, REPLICATES, size):
        some = weights[start : start + size]
        yield (some @ settled.T) / np.maximum(some @ runs.T, 1)


def _nearest(x: Array, drawn: Array, at: Array, falling: bool) -> Array:
    """Where each drawn curve crosses one half nearest to each of the places `at`: shape (places, curves)."""
    all_at, all_there = _places(x, drawn, falling), _changes(drawn, falling)
    beyond = np.where((drawn[:, 0] >= HALF) == falling, x[-1], x[0])
    found = []
    for place in at:
        distance = np.where(all_there, np.abs(all_at - place), np.inf)
        nearest = np.argmin(distance, axis=1)[:, None]
        found.append(np.where(all_there.any(axis=1), np.take_along_axis(all_at, nearest, axis=1)[:, 0], beyond))
    return np.array(found)


def _changes(curves: Array, falling: bool) -> NDArray[np.bool_]:
    """Between which places curves (rows) go from one side of one half to the other."""
    above = curves >= HALF
    return above[:, :-1] & ~above[:, 1:] if falling else ~above[:, :-1] & above[:, 1:]


def _places(x: Array, curves: Array, falling: bool) -> Array:
    """Where curves (rows) cross one half between neighbouring places; meaningless where they do not."""
    change = np.where(_changes(curves, falling), curves[:, 1:] - curves[:, :-1], 1.0)
    return np.asarray(x[:-1] + (HALF - curves[:, :-1]) / change * np.diff(x))
