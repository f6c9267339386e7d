from __future__ import annotations

import pytest
from scipy.stats import binomtest

from sim.study.statistics.shares import runs_for, wilson


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.999])
@pytest.mark.parametrize(
    ("successes", "trials"),
    [(0, 1), (1, 1), (0, 50), (50, 50), (1, 3), (7, 20), (10_234, 20_000), (1, 10**7)],
)
def test_wilson_agrees_with_scipy(successes: int, trials: int, level: float) -> None:
    expected = binomtest(successes, trials).proportion_ci(level, method="wilson")
    share = wilson(successes, trials, level)
    assert share is not None
    assert share.p == successes / trials
    assert (share.low, share.high) == pytest.approx((expected.low, expected.high), abs=1e-14)
    assert 0 <= share.low <= share.p <= share.high <= 1


def test_nothing_counted_gives_no_share() -> None:
    assert wilson(0, 0) is None


def test_ends_are_exact() -> None:
    assert wilson(0, 7) == pytest.approx((0.0, 0.0, 0.35433), abs=1e-5)
    assert wilson(0, 7).low == 0.0
    assert wilson(7, 7).high == 1.0


@pytest.mark.parametrize("p", [0.0, 0.003, 0.25, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("half_width", [0.1, 0.01, 0.001])
def test_runs_for_is_where_the_half_width_falls_below(p: float, half_width: float) -> None:
    runs = runs_for(p, half_width)
    assert wilson(p * runs, runs).half_width <= half_width * (1 + 1e-9)
    assert runs == 1 or wilson(p * (runs - 1), runs - 1).half_width > half_width
