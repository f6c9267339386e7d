"""Paired differences between two scenarios on common random numbers, run for run, with 95 % intervals.

Pairing removes the randomness that both share, so a difference is known more closely than either share. The intervals
cover simulation error only.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, sqrt
from statistics import NormalDist
from typing import NamedTuple, cast

from typing_extensions import TypedDict

from sim.study.statistics.shares import LEVEL
from sim.study.storage.json_forms import Real

_NUDGE = 1e-13
"""Where the search begins beside the estimate, at which the score of a table without changes is 0 over 0."""


class Difference(NamedTuple):
    """Paired difference, the second of two scenarios minus the first, with its interval."""

    difference: float
    low: float
    high: float

    @property
    def half_width(self) -> float:
        """Half the length of the interval."""
        return (self.high - self.low) / 2


class Ends(TypedDict):
    """Paired difference with the ends of its interval, as JSON has them; None where they are undefined."""

    difference: Real | None
    low: Real | None
    high: Real | None


def ends(found: Difference | None) -> Ends:
    """Return a paired difference and the ends of its interval as JSON has them."""
    return cast("Ends", dict.fromkeys(Difference._fields) if found is None else found._asdict())


def paired_shares(pairs: int, only_first: int, only_second: int, level: float = LEVEL) -> Difference | None:
    """Return the paired difference between two shares of one set of runs, with Tango's interval; None without pairs.

    `only_first` and `only_second` count the runs in which something happens in one scenario but not in the other: the
    two numbers of McNemar's test. Score interval of Tango (1998, Stat Med 17:891): all differences that this test,
    made for any difference, would not reject. It keeps its coverage where hardly a run changes sides; Newcombe's
    method 10 shrinks to nothing there, as in a comparison of two scenarios that turn out alike.
    """
    if pairs == 0:
        return None
    z = NormalDist().inv_cdf((1 + level) / 2)
    change = (only_second - only_first) / pairs

    def excess(delta: float) -> float:
        """Squared score minus its critical value: negative within the interval, positive outside."""
        reach = z * z * _variance(delta, pairs, only_first, only_second) / pairs
        return (change - delta) ** 2 - reach

    return Difference(change, _crossing(excess, change, -1.0), _crossing(excess, change, 1.0))


def _variance(delta: float, pairs: int, only_first: int, only_second: int) -> float:
    """Variance of the difference within a pair if the true difference were `delta`.

    The chance that only the first happens is estimated by greatest likelihood under that difference: the larger root
    of a quadratic.
    """
    linear = (2 * pairs - only_second + only_first) * delta - (only_first + only_second)
    constant = -only_first * delta * (1 - delta)
    chance = (sqrt(max(0.0, linear * linear - 8 * pairs * constant)) - linear) / (4 * pairs)
    return max(0.0, 2 * chance + delta * (1 - delta))


def _crossing(excess: Callable[[float], float], estimate: float, end: float) -> float:
    """Where `excess` turns positive between the estimate and an end of the scale."""
    from scipy.optimize import brentq  # takes .2 s to import

    if estimate == end:
        return end
    start = estimate + (_NUDGE if end > 0 else -_NUDGE)
    return float(brentq(excess, start, end, xtol=1e-15))


def paired_means(pairs: int, total: float, squares: float, level: float = LEVEL) -> Difference | None:
    """Return the mean paired difference with Student's interval, from the sum of differences and of their squares.

    The interval is Student's (1908, Biometrika 6:1); None for fewer than two pairs, which tell nothing of the scatter.
    """
    if pairs < 2:
        return None
    from scipy.special import stdtrit  # takes .2 s to import

    mean = total / pairs
    scatter = (squares - total * total / pairs) / (pairs - 1)
    reach = float(stdtrit(pairs - 1, (1 + level) / 2)) * sqrt(max(scatter, 0.0) / pairs)
    return Difference(mean, mean - reach, mean + reach)


class Moments(NamedTuple):
    """Moments for a paired difference of means: the number of runs with a quantity, its mean and squared deviations.

    The squared deviations are summed; the runs are those of one scenario.
    """

    runs: int
    mean: float
    squares: float


def difference_of_means(first: Moments, second: Moments, products: float, level: float = LEVEL) -> Difference | None:
    """Return the paired difference of two means, each over those runs of its own scenario that have the quantity.

    That is the second mean minus the first. `products`: of the deviations from the two means, summed over the pairs
    that have it in both. Both means are ratios of sums over the same pairs, and the variance of their difference is
    that of its linear part (Cochran 1977, Sampling Techniques, section 6.4, for ratios): Q₁/n₁² + Q₂/n₂² − 2P/(n₁n₂).
    With m/(m − 1) and Student's quantile for m − 1 degrees of freedom, m the smaller of n₁ and n₂, it is the interval
    of `paired_means` where all pairs have it in both. None where m is below two.
    """
    least = min(first.runs, second.runs)
    if least < 2:
        return None
    from scipy.special import stdtrit  # takes .2 s to import

    own = first.squares / first.runs**2 + second.squares / second.runs**2
    variance = (own - 2 * products / (first.runs * second.runs)) * least / (least - 1)
    reach = float(stdtrit(least - 1, (1 + level) / 2)) * sqrt(max(variance, 0.0))
    change = second.mean - first.mean
    return Difference(change, change - reach, change + reach)


def unpaired_runs(first: float, second: float, half_width: float, level: float = LEVEL) -> int | None:
    """Return about how many unpaired runs of each scenario would know the difference as closely as the paired ones.

    That is p₂ − p₁, without common random numbers. Solves h = z·√((p₁(1 − p₁) + p₂(1 − p₂))/n) for n; None where both
    shares are 0 or 1, of which it says nothing.
    """
    scatter = first * (1 - first) + second * (1 - second)
    if scatter == 0.0:
        return None
    z = NormalDist().inv_cdf((1 + level) / 2)
    return ceil(z * z * scatter / (half_width * half_width))
