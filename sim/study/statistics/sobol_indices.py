"""Sobol' indices of a share that is known from a few runs a row: estimators without the noise of these runs.

A row's observed share is its true share and binomial noise, and the rows of a group meet the same random streams, so
their noise is correlated. Both drop out where the product of two shares is taken over pairs of *different* runs,

    Σ_{r≠s} x_r·y_s / (n(n − 1)) = (successes of x · successes of y − runs in which both succeed) / (n(n − 1)),

which is unbiased for the product of the true shares. With this product: first-order indices by Saltelli et al. (2010,
CPC 181:259), centred (Owen 2013, TOMACS 23:11); total indices and variance by Jansen (1999, CPC 117:35).

Intervals: Student's from the jackknife over the design's independent replicates (Efron & Stein 1981, Ann Stat 9:586;
ratios of means: Miller 1974, Biometrika 61:1), widened by what a single group can bring, since a rare event that no
group has shown leaves no trace in any resampling: for totals, which are sums of events, as in a score interval for a
Poisson mean (Wilson 1927); for first-order indices by half a group.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.study.statistics.shares import LEVEL

REPLICATES = 16
"""Independent replicates of a design: group g belongs to replicate g mod REPLICATES."""

Array = NDArray[np.float64]
Counts = NDArray[np.int64]


class GroupCounts(NamedTuple):
    """Counts for Sobol' indices: how often the rows of each group succeed, and two rows in one and the same run.

    `rows`, shape (groups, factors + 2): the base row A, A with one factor after the other exchanged for that of B,
    and B. Shape (groups, factors): runs in which the exchanged row succeeds together `with_base` (A) or `with_second`
    (B); shape (groups,): `both` A and B.
    """

    rows: Counts
    with_base: Counts
    with_second: Counts
    both: Counts


class Moments(NamedTuple):
    """Moments for Sobol' indices without simulation noise, of each group of rows or their means.

    The shape is (groups,), and (groups, factors) from `shared` on. `mean` of the shares of A and B, the `variance` ½(A
    − B)², and the `noise` taken out of it; with A′ the exchanged row, `shared` B·(A′ − A), `shift` A′ − A, and `moved`
    ½(A − A′)².
    """

    mean: Array
    variance: Array
    noise: Array
    shared: Array
    shift: Array
    moved: Array


@dataclass(frozen=True)
class Indices:
    """Sobol' indices, first-order or total, with the ends of their 95 % intervals: shape (factors,) each."""

    values: Array
    low: Array
    high: Array


@dataclass(frozen=True)
class Decomposition:
    """Decomposition of the variance of a share over the ranges into Sobol' indices of the factors.

    The variance is that of the true shares. `variance_error` is its standard error, `noise_variance` what simulation
    error adds to the variance of the observed shares. `effective_groups` is how many groups would know the variance as
    closely if each had the same part in it (Kish 1965): few where a rare event in some groups carries it all.
    """

    mean: float
    variance: float
    variance_error: float
    noise_variance: float
    effective_groups: float
    first: Indices
    total: Indices

    @property
    def noise(self) -> float | None:
        """The share of simulation error in the variance of the observed shares; None where they are all the same."""
        observed = max(self.variance, 0.0) + self.noise_variance
        return self.noise_variance / observed if observed else None


def group_moments(counts: GroupCounts, plays: int) -> Moments:
    """Return every group's moments for Sobol' indices, from counts of rows that were played `plays` times.

    `plays` is at least 2.
    """
    pairs = plays * (plays - 1)
    base, exchanged, second = counts.rows[:, 0], counts.rows[:, 1:-1], counts.rows[:, -1]
    squares = counts.rows * (counts.rows - 1) / pairs
    failures = counts.rows[:, [0, -1]] * (plays - counts.rows[:, [0, -1]])
    both = (base * second - counts.both) / pairs
    with_base = (base[:, None] * exchanged - counts.with_base) / pairs
    with_second = (second[:, None] * exchanged - counts.with_second) / pairs
    return Moments(
        mean=(base + second) / (2 * plays),
        variance=(squares[:, 0] + squares[:, -1]) / 2 - both,
        noise=failures.mean(axis=1) / (pairs * plays),
        shared=with_second - both[:, None],
        shift=(exchanged - base[:, None]) / plays,
        moved=(squares[:, :1] + squares[:, 1:-1]) / 2 - with_base,
    )


def decompose(counts: GroupCounts, plays: int) -> Decomposition:
    """Return the Sobol' indices and the decomposition of variance from the counts of a design's groups.

    There must be as many groups in each of the REPLICATES. Indices are NaN where the variance is not above 0,
    with all of the replicates or without one of them.
    """
    groups = group_moments(counts, plays)
    whole, size = _mean(groups), len(groups.mean)
    variance, square = float(whole.variance), float(np.mean(groups.variance**2))
    effective = size * variance**2 / square if variance > 0.0 else 0.0
    first, total = _with_intervals(groups, effective)
    return Decomposition(
        mean=float(whole.mean),
        variance=variance,
        variance_error=sqrt(max(square - variance**2, 0.0) / size),
        noise_variance=float(whole.noise),
        effective_groups=effective,
        first=first,
        total=total,
    )


def _mean(moments: Moments) -> Moments:
    """Return the mean over the first axis."""
    return Moments(*(part.mean(axis=0) for part in moments))


def _ratios(moments: Moments) -> tuple[Array, Array]:
    """Return first-order and total indices from means of moments, shape (…, factors)."""
    variance = moments.variance[..., None]
    with np.errstate(divide="ignore", invalid="ignore"):
        return (moments.shared - moments.mean[..., None] * moments.shift) / variance, moments.moved / variance


def _with_intervals(groups: Moments, effective: float) -> tuple[Indices, Indices]:
    """Return both kinds of indices, their bias of order 1/replicates removed, with intervals."""
    replicates = Moments(*(part.reshape(-1, REPLICATES, *part.shape[1:]).mean(axis=0) for part in groups))
    if effective == 0.0 or _without_each(replicates).variance.min() <= 0.0:
        nothing = np.full(groups.shift.shape[1], np.nan)
        return Indices(nothing, nothing, nothing), Indices(nothing, nothing, nothing)
    from scipy.special import stdtrit  # takes .2 s to import

    t = float(stdtrit(REPLICATES - 1, (1 + LEVEL) / 2))
    (first, first_error), (total, total_error) = _jackknife(replicates)
    step = 1.0 / effective
    reach = t * np.hypot(first_error, step / 2)
    steps = np.minimum(_event_sizes(groups), step)
    middle, half = total + t * t * steps / 2, t * np.hypot(total_error, t * steps / 2)
    low = np.minimum(middle - half, total)  # not above by rounding where a total is 0
    return Indices(first, first - reach, first + reach), Indices(total, low, middle + half)


def _jackknife(replicates: Moments) -> list[tuple[Array, Array]]:
    """Return values and standard errors of both kinds of indices by leaving out one replicate after the other."""
    count = len(replicates.mean)
    whole = _mean(replicates)
    without = _without_each(replicates)
    found = []
    for all_in, one_out in zip(_ratios(whole), _ratios(without), strict=True):
        middle = one_out.mean(axis=0)
        error = np.sqrt((count - 1) * np.mean((one_out - middle) ** 2, axis=0))
        found.append((count * all_in - (count - 1) * middle, error))
    return found


def _without_each(replicates: Moments) -> Moments:
    """Return the means of moments over all replicates but one, for each of them."""
    count = len(replicates.mean)
    means = zip(_mean(replicates), replicates, strict=True)
    return Moments(*((count * mean - part) / (count - 1) for mean, part in means))


def _event_sizes(groups: Moments) -> Array:
    """Return by how much one more group like those in which a factor moves the outcome would raise its total index.

    Infinite where no group has shown any.
    """
    moved = groups.moved.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        sizes = (groups.moved**2).sum(axis=0) / moved / groups.variance.sum()
    return np.where(moved > 0.0, sizes, np.inf)
