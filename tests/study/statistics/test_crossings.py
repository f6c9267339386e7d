"""Where a curve crosses one half: known curves, the two ends, exactly one half, and logarithmic scales."""

from __future__ import annotations

from math import log10, sqrt
from typing import Any

import numpy as np
import pytest

from sim.study.statistics.crossings import GROUPS, Crossing, crossings

RUNS = 50
"""Runs of a group."""


def found(places: list[float], shares: list[Any], *, log: bool = False) -> list[Crossing]:
    """The crossings of a curve whose groups all have these shares, or each its own where an array is given."""
    settled = np.array([np.broadcast_to(np.round(np.asarray(share) * RUNS), GROUPS) for share in shares])
    return crossings(places, settled.astype(np.int64), np.full_like(settled, RUNS, dtype=np.int64), 3, log)


def uneven(share: float) -> Any:
    """Half the groups with nothing and half with twice the share: their mean is known to about share/√GROUPS."""
    return np.where(np.arange(GROUPS) % 2, 2 * share, 0.0)


def test_a_straight_line_is_crossed_where_it_is_one_half() -> None:
    (one,) = found([0.0, 1.0, 3.0], [1.0, 0.8, 0.2])
    assert (one.at, one.low, one.high) == pytest.approx((2.0, 2.0, 2.0))
    assert (one.before, one.after, one.falling) == (1.0, 3.0, True)
    (other,) = found([0.0, 1.0, 3.0], [0.0, 0.2, 0.8])
    assert (other.at, other.falling) == (pytest.approx(2.0), False)


def test_exactly_one_half_counts_as_settling() -> None:
    """The share has fallen below one half only after the place at which it is one half, and has reached it there."""
    (falling,) = found([0.0, 1.0, 2.0], [1.0, 0.5, 0.2])
    assert (falling.at, falling.before, falling.after) == (1.0, 1.0, 2.0)
    (rising,) = found([0.0, 1.0, 2.0], [0.2, 0.5, 1.0])
    assert (rising.at, rising.before, rising.after) == (1.0, 0.0, 1.0)
    assert found([0.0, 1.0], [1.0, 0.5]) == []
    assert found([0.0, 1.0], [0.5, 0.8]) == []


@pytest.mark.parametrize("falling", [True, False])
def test_a_crossing_that_may_lie_beyond_an_end_reaches_to_that_end(falling: bool) -> None:
    """The last share is .48 ± .06 where the first is sure: many drawn curves never come so far, none ends at 0."""
    sure = 1.0 if falling else 0.0
    near = uneven(0.48) if falling else 1 - uneven(0.48)
    (at_the_end,) = found([0.0, 1.0], [sure, near])
    assert at_the_end.high == 1.0
    assert at_the_end.low > 0.7
    (at_the_start,) = found([0.0, 1.0], [1 - near, 1 - sure])
    assert at_the_start.low == 0.0
    assert at_the_start.high < 0.3
    assert at_the_start.falling == at_the_end.falling == falling


def test_a_drawn_curve_that_stays_at_one_half_has_yet_to_fall() -> None:
    """The first share is one half for sure, the second .48 ± .06: whichever drawn curve does not fall, falls beyond."""
    (crossing,) = found([0.0, 1.0], [0.5, uneven(0.48)])
    assert (crossing.low, crossing.at, crossing.high) == (0.0, 0.0, 1.0)


def test_on_a_log_scale_the_line_is_straight_over_the_logarithm() -> None:
    """From .75 at 1 to .25 at 100 it is one half at 10, and not at 50.5; other shares by the formula."""
    (one,) = found([1.0, 100.0], [0.74, 0.26], log=True)
    assert one.at == pytest.approx(10.0)
    assert (one.before, one.after) == (1.0, 100.0)
    (other,) = found([0.001, 0.1, 10.0], [1.0, 0.9, 0.4], log=True)
    assert log10(other.at) == pytest.approx(-1 + 2 * 0.4 / 0.5)
    (wide,) = found([1.0, 100.0], [1.0, uneven(0.48)], log=True)
    assert wide.high == pytest.approx(100.0)
    assert sqrt(100.0) < wide.low < wide.at < wide.high
