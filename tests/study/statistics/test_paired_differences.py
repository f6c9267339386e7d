from __future__ import annotations

from math import log, sqrt
from statistics import NormalDist

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.stats import ttest_rel

from sim.study.statistics.paired_differences import paired_means, paired_shares, unpaired_runs

Z = NormalDist().inv_cdf(0.975)


def score(delta: float, pairs: int, only_first: int, only_second: int) -> float:
    """Tango's statistic from first principles: the chance of a change one way found by greatest likelihood."""

    def unlikelihood(chance: float) -> float:
        cells = (
            (only_first, chance),
            (only_second, chance + delta),
            (pairs - only_first - only_second, 1 - 2 * chance - delta),
        )
        return -sum(count * log(max(p, 1e-300)) for count, p in cells if count)

    bounds = max(0.0, -delta), (1 - delta) / 2
    chance = minimize_scalar(unlikelihood, bounds=bounds, method="bounded", options={"xatol": 1e-12}).x
    variance = pairs * (2 * chance + delta * (1 - delta))
    return (only_second - only_first - pairs * delta) / sqrt(variance)


@pytest.mark.parametrize(
    ("table", "published"),
    [
        # Bentur et al. 2009, in Fagerland, Lydersen & Laake (2014, Stat Med 33:2850)
        ((21, 1, 7), (0.026, 0.517)),
        # Newcombe (1998, Stat Med 17:2635), the first of his examples, by Tango's method
        ((50, 2, 12), (0.0611, 0.3447)),
    ],
)
def test_published_examples(table: tuple[int, int, int], published: tuple[float, float]) -> None:
    found = paired_shares(*table)
    digits = len(str(published[0])) - 2
    assert (round(found.low, digits), round(found.high, digits)) == published


@pytest.mark.parametrize(
    "table", [(21, 1, 7), (50, 2, 12), (300, 0, 4), (1000, 30, 30), (20_000, 700, 8000), (8, 3, 2)]
)
def test_the_ends_are_where_the_score_is_critical(table: tuple[int, int, int]) -> None:
    found = paired_shares(*table)
    assert found.difference == (table[2] - table[1]) / table[0]
    assert score(found.low, *table) == pytest.approx(Z, rel=1e-4)
    assert score(found.high, *table) == pytest.approx(-Z, rel=1e-4)


@pytest.mark.parametrize("pairs", [1, 10, 20_000, 10**9])
def test_where_no_run_changes_sides_the_interval_keeps_its_length(pairs: int) -> None:
    found = paired_shares(pairs, 0, 0)
    reach = Z**2 / (pairs + Z**2)
    assert found == pytest.approx((0.0, -reach, reach), rel=1e-6)


def test_the_ends_of_the_scale() -> None:
    assert paired_shares(5, 0, 5)[::2] == (1.0, 1.0)
    assert paired_shares(5, 5, 0)[:2] == (-1.0, -1.0)
    assert paired_shares(0, 0, 0) is None


def test_it_covers_as_often_as_it_says() -> None:
    rng = np.random.default_rng(11)
    tables = rng.multinomial(60, [0.03, 0.10, 0.87], 4000)
    covered = sum(found.low <= 0.07 <= found.high for found in (paired_shares(60, *map(int, t[:2])) for t in tables))
    assert 0.94 < covered / 4000 < 0.97


@pytest.mark.parametrize("level", [0.8, 0.95])
def test_means_agree_with_scipy(level: float) -> None:
    rng = np.random.default_rng(2)
    first, second = rng.integers(1, 53, (2, 40))
    change = second - first
    found = paired_means(40, int(change.sum()), int((change**2).sum()), level)
    expected = ttest_rel(second, first).confidence_interval(level)
    assert found == pytest.approx((change.mean(), expected.low, expected.high))


def test_one_pair_has_no_mean_difference() -> None:
    assert paired_means(1, 3, 9) is None
    assert paired_means(2, 6, 18) == (3.0, 3.0, 3.0)


def test_unpaired_runs_know_the_difference_as_closely() -> None:
    runs = unpaired_runs(0.4, 0.1, 0.01)
    rng = np.random.default_rng(4)
    differences = (rng.binomial(runs, 0.1, 4000) - rng.binomial(runs, 0.4, 4000)) / runs
    assert Z * differences.std() == pytest.approx(0.01, rel=0.04)
    assert unpaired_runs(0.0, 1.0, 0.01) is None
