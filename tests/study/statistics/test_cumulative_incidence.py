from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import CensoredData, ecdf, quantile_test

from sim.study.statistics.cumulative_incidence import durability, incidence, median
from sim.study.statistics.shares import wilson


def aalen_johansen(times: np.ndarray, causes: np.ndarray, horizon: int) -> dict[str, list[float]]:
    """The textbook estimator, risk set by risk set: the sum of S(t−)·(events of a cause / at risk)."""
    surviving, curves = 1.0, {cause: [0.0] for cause in set(causes) - {""}}
    for time in range(1, horizon + 1):
        at_risk = int((times >= time).sum())
        events = {cause: int(((times == time) & (causes == cause)).sum()) for cause in curves}
        for cause, curve in curves.items():
            curve.append(curve[-1] + (surviving * events[cause] / at_risk if at_risk else 0.0))
        if at_risk:
            surviving *= 1 - sum(events.values()) / at_risk
    return {cause: curve[1:] for cause, curve in curves.items()}


@pytest.fixture
def talks() -> tuple[np.ndarray, np.ndarray]:
    """When 400 runs of at most 12 rounds ended, and how; "" is the horizon."""
    rng = np.random.default_rng(5)
    times = rng.geometric(0.12, 400)
    causes = rng.choice(["settled", "first", "second"], 400, p=[0.5, 0.3, 0.2])
    causes[times > 12] = ""
    return np.minimum(times, 12), causes


def test_incidence_is_the_estimator_of_aalen_and_johansen(talks: tuple[np.ndarray, np.ndarray]) -> None:
    times, causes = talks
    expected = aalen_johansen(times, causes, 12)
    for cause, curve in expected.items():
        counts = [int(((times == time) & (causes == cause)).sum()) for time in range(1, 13)]
        found = incidence(counts, 400)
        assert found["p"] == pytest.approx(curve, abs=1e-12)
        assert (found["low"][-1], found["high"][-1]) == wilson(sum(counts), 400)[1:]


def test_who_is_still_talking_is_what_kaplan_and_meier_say(talks: tuple[np.ndarray, np.ndarray]) -> None:
    times, causes = talks
    ended = causes != ""
    survival = ecdf(CensoredData(times[ended], right=times[~ended])).sf
    counts = [int(((times == time) & ended).sum()) for time in range(1, 13)]
    talking = 1 - np.array(incidence(counts, 400)["p"])
    np.testing.assert_allclose(talking, survival.evaluate(np.arange(1, 13)), atol=1e-12)


def test_durability_is_the_estimator_of_kaplan_and_meier() -> None:
    broke = np.random.default_rng(3).geometric(0.02, 250)
    survival = ecdf(CensoredData(broke[broke <= 100], right=np.full((broke > 100).sum(), 100))).sf
    found = durability([int((broke == period).sum()) for period in range(1, 101)], 250)
    np.testing.assert_allclose(found["p"], survival.evaluate(np.arange(1, 101)), atol=1e-12)
    assert (found["low"][51], found["high"][51]) == wilson(int((broke > 52).sum()), 250)[1:]


@pytest.mark.parametrize("curve", [incidence, durability])
def test_there_is_no_share_of_nothing(curve) -> None:
    with pytest.raises(ValueError, match="nothing"):
        curve([0, 0], 0)


@pytest.mark.parametrize("level", [0.5, 0.95, 0.999])
@pytest.mark.parametrize("size", [6, 7, 20, 101, 5000])
def test_the_median_and_its_interval_agree_with_scipy(size: int, level: float) -> None:
    times = np.random.default_rng(size).geometric(0.03, size)
    found = median(np.bincount(times)[1:].tolist(), level)
    expected = quantile_test(times, p=0.5).confidence_interval(level)
    assert found.median == np.median(times)
    assert (found.low or np.nan, found.high or np.nan) == pytest.approx(expected, nan_ok=True)


def test_of_a_few_there_is_a_median_without_interval() -> None:
    assert median([2, 0, 0, 2]) == (2.5, None, None)
    assert median([0, 0]) is None
