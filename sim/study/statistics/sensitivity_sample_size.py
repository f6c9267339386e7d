"""Sample size of a sensitivity study: whether it suffices for indices, and how many rows and plays it would take."""

from __future__ import annotations

from math import ceil
from typing import NamedTuple

from sim.negotiation.randomness.random_streams import BLOCK
from sim.study.statistics.sobol_indices import Decomposition

MOST_NOISE = 0.5
"""Share of simulation error in the variance of rows above which no indices are given."""

LEAST_GROUPS = 16.0
"""Effective base rows below which no indices are given: the variance is then not known to within half of it."""

AIM = 1 / 3
"""Share of simulation error that suffices: what is asked for when there was too much."""


FURTHER = 4
"""How many times as many rows and plays are asked for where a study has measured no variance at all."""


class Size(NamedTuple):
    """Sample size of a sensitivity study: base rows, and plays of each row."""

    rows: int
    plays: int


def reason_for_none(found: Decomposition) -> str | None:
    """Return why the sample size of a sensitivity study allows no indices, in a sentence; None if it does."""
    if found.noise is None:
        return "All rows have the same share, and where nothing varies there is nothing to attribute."
    if found.noise > MOST_NOISE:
        return (
            f"{100 * found.noise:.0f} % of the variance between rows is simulation error, and with more than half no "
            "index can be relied on."
        )
    if found.effective_groups < LEAST_GROUPS:
        return (
            f"The variance rests on so few rows (as if on {max(1, round(found.effective_groups))}, of at least "
            f"{LEAST_GROUPS:.0f} that it takes) that no index can be relied on."
        )
    return None


def required_size(found: Decomposition, size: Size) -> Size:
    """Return the approximate sample size, in base rows and plays, at which a sensitivity study would give indices.

    This follows from the variances that a study measured. Both are powers of two, and no fewer than there were. A
    variance that cannot be told from 0 is taken to be as large as its standard error, so that the plays are the least
    that may suffice; where not even that is known both are FURTHER times as many.
    """
    variance = max(found.variance, found.variance_error)
    if variance == 0.0:
        return Size(FURTHER * size.rows, min(BLOCK, FURTHER * size.plays))
    plays = min(BLOCK, _power_of_two(found.noise_variance * size.plays * (1 - AIM) / AIM / variance))
    share = found.effective_groups / size.rows
    rows = _power_of_two(2 * LEAST_GROUPS / share) if share > 0.0 else FURTHER * size.rows
    return Size(max(rows, size.rows), max(plays, size.plays))


def _power_of_two(least: float) -> int:
    """Return the first power of two from `least` on."""
    return 1 << max(0, ceil(least) - 1).bit_length()
