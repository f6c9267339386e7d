"""Means over settlements of two scenarios: the differences and their intervals."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from sim.scenario.loading.assignment import assign
from sim.scenario.model.schema import Scenario
from sim.study.comparison import compare
from sim.study.statistics.paired_differences import Moments, difference_of_means
from sim.study.summaries import paired_settlement_means
from tests.study.test_comparison import outcomes

Array = np.ndarray


def by_influence(first: Array, second: Array, level: float = 0.95) -> tuple[float, float, float]:
    """The difference of two means and its interval from each run's influence on it, one run after another."""
    n = len(first)
    sizes = [int((~np.isnan(x)).sum()) for x in (first, second)]
    means = [float(np.nanmean(x)) for x in (first, second)]
    influence = np.zeros(n)
    for run in range(n):
        if not np.isnan(second[run]):
            influence[run] += n / sizes[1] * (second[run] - means[1])
        if not np.isnan(first[run]):
            influence[run] -= n / sizes[0] * (first[run] - means[0])
    least = min(sizes)
    error = np.sqrt(np.mean(influence**2) / n * least / (least - 1))
    reach = stats.t.ppf((1 + level) / 2, least - 1) * error
    change = means[1] - means[0]
    return change, change - reach, change + reach


def from_sums(first: Array, second: Array) -> tuple[float, float, float] | None:
    def deviations(x: Array) -> Array:
        return x - np.nanmean(x)

    moments = [
        Moments(int((~np.isnan(x)).sum()), float(np.nanmean(x)), float(np.nansum(deviations(x) ** 2)))
        for x in (first, second)
    ]
    return difference_of_means(*moments, float(np.nansum(deviations(first) * deviations(second))))


def pairs(rng: np.random.Generator, runs: int) -> tuple[Array, Array]:
    """Two quantities that hang together, missing in runs that hang together with them."""
    common = rng.normal(size=runs)
    first = 0.5 + 0.1 * common + 0.05 * rng.normal(size=runs)
    second = 0.52 + 0.1 * common + 0.05 * rng.normal(size=runs)
    first[common + rng.normal(size=runs) < -0.2] = np.nan
    second[common + rng.normal(size=runs) < 0.6] = np.nan
    return first, second


class TestFormula:
    def test_it_is_that_of_each_runs_influence(self) -> None:
        first, second = pairs(np.random.default_rng(1), 80)
        assert from_sums(first, second) == pytest.approx(by_influence(first, second))

    def test_where_all_settle_it_is_students_interval_within_pairs(self) -> None:
        rng = np.random.default_rng(2)
        first = rng.uniform(size=30)
        second = first + rng.uniform(0, 0.1, size=30)
        known = stats.ttest_rel(second, first).confidence_interval(0.95)
        assert from_sums(first, second) == pytest.approx((np.mean(second - first), known.low, known.high))

    def test_where_none_settles_in_both_it_is_that_of_two_samples(self) -> None:
        rng = np.random.default_rng(3)
        first, second = np.full(60, np.nan), np.full(60, np.nan)
        first[:30], second[30:] = rng.uniform(size=30), rng.uniform(size=30)
        error = np.sqrt(np.nanvar(first, ddof=1) / 30 + np.nanvar(second, ddof=1) / 30)
        found = from_sums(first, second)
        assert found is not None
        assert (found[2] - found[1]) / 2 == pytest.approx(stats.t.ppf(0.975, 29) * error)

    @pytest.mark.parametrize("settled", [0, 1])
    def test_one_settlement_gives_no_interval(self, settled: int) -> None:
        assert difference_of_means(Moments(40, 0.5, 1.0), Moments(settled, 0.5, 0.0), 0.0) is None

    def test_the_same_runs_do_not_differ(self) -> None:
        first, _ = pairs(np.random.default_rng(4), 50)
        assert from_sums(first, first) == pytest.approx((0, 0, 0), abs=1e-9)

    def test_it_covers_the_true_difference_as_often_as_it_says(self) -> None:
        """Truth by a sample ten thousand times as large; 95 % of 1,500 intervals, give or take 4 standard errors."""
        rng = np.random.default_rng(5)
        first, second = pairs(rng, 2_000_000)
        truth = np.nanmean(second) - np.nanmean(first)
        found = [from_sums(*pairs(rng, 200)) for _ in range(1500)]
        covered = np.mean([interval is not None and interval[1] <= truth <= interval[2] for interval in found])
        assert abs(covered - 0.95) < 4 * np.sqrt(0.95 * 0.05 / 1500)


@pytest.mark.parametrize("chunk", [1 << 20, 64])
def test_it_agrees_with_the_rows(small: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    monkeypatch.setattr(paired_settlement_means, "CHUNK", chunk)
    other = assign(small, {"parties.*.precondition": 0.05, "mediator.bias.first": 0.5})
    found = compare({"as-it-is": small, "leaning": other}, 300, out=tmp_path, spread=False)
    before, after = (outcomes(case, 300) for case in (small, other))
    one, two = (table["outcome"] == "settlement" for table in (before, after))
    both = one & two
    assert 20 < both.sum() < min(one.sum(), two.sum())

    reference, compared = found["scenarios"]
    change = compared["change"]
    assert reference["change"] is None
    assert change is not None
    for kind, names in (("terms", small.issues), ("utility", small.parties)):
        assert list(change[kind]) == list(names)
        for name in names:
            first, second = (np.where(a, t[f"{kind}.{name}"], np.nan) for a, t in ((one, before), (two, after)))
            each = change[kind][name]
            assert reference[kind][name]["mean"] == pytest.approx(np.nanmean(first), abs=1e-12)
            assert compared[kind][name]["mean"] == pytest.approx(np.nanmean(second), abs=1e-12)
            figures = each["difference"], each["low"], each["high"]
            assert figures == pytest.approx(by_influence(first, second), abs=1e-9)
            within = (second - first)[both]
            known = stats.ttest_1samp(within, 0.0).confidence_interval(0.95)
            expected = {"pairs": int(both.sum()), "difference": within.mean(), "low": known.low, "high": known.high}
            assert each["both"] == pytest.approx(expected, abs=1e-9)


def test_where_one_settles_nowhere_there_is_no_difference(small: Scenario, tmp_path: Path) -> None:
    hopeless = assign(small, {"parties.*.precondition": 5.0})
    compared = compare({"one": small, "none": hopeless}, 100, out=tmp_path, spread=False)["scenarios"][1]
    assert compared["terms"]["land"]["mean"] is None
    undefined = {"difference": None, "low": None, "high": None}
    assert compared["change"] is not None
    assert compared["change"]["terms"]["land"] == {**undefined, "both": {"pairs": 0, **undefined}}
    assert compared["change"]["utility"]["first"]["difference"] is None


def test_other_poles_are_said(small: Scenario, tmp_path: Path) -> None:
    issues = {**small.issues, "land": small.issues["land"].model_copy(update={"low": "something else"})}
    other = small.model_copy(update={"issues": issues})
    found = compare({"one": small, "two": other}, 20, out=tmp_path, spread=False)
    assert found["warnings"][0] == "two: other poles of land than in one, so its terms do not mean the same"
