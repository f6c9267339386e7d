"""Sobol' indices from noisy shares: unbiased, covered by their intervals, and silent where runs cannot tell."""

from __future__ import annotations

import numpy as np
import pytest

from sim.study.execution.sensitivity_rows import design
from sim.study.statistics.sensitivity_sample_size import LEAST_GROUPS, Size, reason_for_none, required_size
from sim.study.statistics.sobol_indices import Decomposition, GroupCounts, Indices, decompose, group_moments
from tests.study.noisy_functions import Known, additive, play, product

CASES = {"additive": additive(), "product": product()}


def studies(known: Known, rows: int, plays: int, how_many: int) -> list[Decomposition]:
    random = np.random.default_rng(11)
    units = (design(len(known.first), rows, seed) for seed in range(how_many))
    return [decompose(play(known, each, plays, random), plays) for each in units]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("noise", [0.02, 0.2, 0.4])
def test_noise_neither_lowers_nor_raises_an_index(case: str, noise: float) -> None:
    """The mean over 24 studies against the closed form, within four of its own standard errors."""
    known = CASES[case]
    found = studies(known, 128, known.plays_for(noise), 24)
    for values, truth in (
        (np.array([each.first.values for each in found]), known.first),
        (np.array([each.total.values for each in found]), known.total),
        (np.array([[each.variance, each.mean] for each in found]), np.array([known.variance, known.mean])),
    ):
        error = values.std(axis=0, ddof=1) / np.sqrt(len(values))
        assert np.all(np.abs(values.mean(axis=0) - truth) < 4 * error + 1e-3)
    assert np.mean([each.noise for each in found]) == pytest.approx(noise, abs=0.05)


@pytest.mark.parametrize("case", CASES)
def test_intervals_cover_the_known_indices(case: str) -> None:
    """40 studies, 3 factors, 2 indices, a fifth of noise: below 212 of 240 has a chance of less than 1 in 10,000."""
    known = CASES[case]
    found = studies(known, 64, known.plays_for(0.2), 40)
    covered = sum(
        int(np.sum((each.low <= truth) & (truth <= each.high)))
        for study in found
        for each, truth in ((study.first, known.first), (study.total, known.total))
    )
    assert covered >= 212
    widths = np.array([study.first.high - study.first.low for study in found]).mean(axis=0)
    assert np.all(widths < 0.75)


def test_the_indices_of_ishigami() -> None:
    """Ishigami & Homma (1990), a = 7, b = .1, made a share between 0 and 1: linear, so its indices stay."""

    def share(units: np.ndarray) -> np.ndarray:
        x = np.pi * (2 * units - 1)
        return (np.sin(x[..., 0]) + 7 * np.sin(x[..., 1]) ** 2 + 0.1 * x[..., 2] ** 4 * np.sin(x[..., 0]) + 11) / 30

    known = Known(share, 14.5 / 30, 13.8446 / 900, np.array([0.3139, 0.4424, 0.0]), np.array([0.5576, 0.4424, 0.2437]))
    plays = known.plays_for(0.1)
    found = decompose(play(known, design(3, 2048, 5), plays, np.random.default_rng(5)), plays)
    assert found.first.values == pytest.approx(known.first, abs=0.05)
    assert found.total.values == pytest.approx(known.total, abs=0.05)
    for each, truth in ((found.first, known.first), (found.total, known.total)):
        assert np.all((each.low < truth) & (truth < each.high))


def test_moments_from_counts_by_hand() -> None:
    """Three plays: A wins the first two, the exchanged row the last two, B all; sums over pairs of different runs."""
    a, exchanged, b = np.array([1, 1, 0]), np.array([0, 1, 1]), np.array([1, 1, 1])
    counts = GroupCounts(
        np.array([[2, 2, 3]]), np.array([[(a & exchanged).sum()]]), np.array([[2]]), np.array([(a & b).sum()])
    )

    def pairs(x: np.ndarray, y: np.ndarray) -> float:
        return sum(float(x[r] * y[s]) for r in range(3) for s in range(3) if r != s) / 6

    found = group_moments(counts, 3)
    assert found.mean[0] == pytest.approx(5 / 6)
    assert found.variance[0] == pytest.approx((pairs(a, a) + pairs(b, b)) / 2 - pairs(a, b))
    assert found.shared[0, 0] == pytest.approx(pairs(b, exchanged) - pairs(a, b))
    assert found.moved[0, 0] == pytest.approx((pairs(a, a) + pairs(exchanged, exchanged)) / 2 - pairs(a, exchanged))
    assert found.shift[0, 0] == 0
    assert found.noise[0] == pytest.approx((2 / 3 * 1 / 3 / 2 + 0) / 2)  # p(1 − p)/(n − 1), of A and of B


def test_a_factor_that_no_run_notices_is_zero_with_room_for_what_was_not_seen() -> None:
    known = additive((0.5, 0.0))
    found = studies(known, 64, 64, 1)[0]
    assert found.first.values[1] == found.total.values[1] == 0
    assert found.total.low[1] == pytest.approx(0, abs=1e-12)
    assert 0 < found.total.high[1] < 5 / found.effective_groups


def test_a_rare_event_in_few_rows_gives_no_index() -> None:
    """Only where all of four factors are above .7, one row in 120, is there a settlement: always, so without noise."""
    known = Known(lambda x: np.all(x > 0.7, axis=-1) * 1.0, 0.3**4, 0.3**4 * (1 - 0.3**4), np.zeros(4), np.zeros(4))
    found = decompose(play(known, design(4, 256, 3), 8, np.random.default_rng(3)), 8)
    assert found.noise == 0
    assert found.effective_groups < LEAST_GROUPS
    assert "rests on so few rows" in str(reason_for_none(found))
    required = required_size(found, Size(256, 8))
    assert required.plays == 8
    larger = decompose(play(known, design(4, required.rows, 3), 8, np.random.default_rng(3)), 8)
    assert reason_for_none(larger) is None


def test_more_noise_than_variance_gives_no_index_and_what_is_asked_for_then_does() -> None:
    known = additive()
    plays = known.plays_for(0.75)
    found = studies(known, 64, plays, 1)[0]
    assert "is simulation error" in str(reason_for_none(found))
    required = required_size(found, Size(64, plays))
    assert reason_for_none(studies(known, required.rows, required.plays, 1)[0]) is None


def measured(variance: float, noise: float, effective: float) -> Decomposition:
    none = Indices(np.zeros(1), np.zeros(1), np.zeros(1))
    return Decomposition(0.5, variance, 0.0, noise, effective, none, none)


@pytest.mark.parametrize(
    ("found", "given"),
    [
        (measured(0.5, 0.5, 16.0), True),
        (measured(0.5, 0.501, 16.0), False),
        (measured(0.5, 0.5, 15.99), False),
        (measured(0.0, 0.0, 0.0), False),
        (measured(-0.1, 0.1, 0.0), False),
    ],
)
def test_where_indices_are_given(found: Decomposition, given: bool) -> None:
    assert (reason_for_none(found) is None) == given


def test_what_would_be_needed_follows_from_the_measured_variances() -> None:
    # .3 at 8 plays is 2.4 a play, and 2.4/480 is half of .01: a third of the variance of rows would be noise
    assert required_size(measured(0.01, 0.3, 4.0), Size(64, 8)) == Size(512, 512)
    assert required_size(measured(0.0, 0.0, 0.0), Size(64, 8)) == Size(256, 32)
    assert required_size(measured(1e-9, 0.3, 4.0), Size(64, 8)).plays == 16384
