"""Numbers and ranges: their distributions against scipy.stats, their descriptions, their canonical form."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from scipy import special, stats

from sim.scenario.model.beta_quantiles import LARGEST, SMALLEST
from sim.scenario.model.quantities import Quantity
from tests.examples import examples

UNIT = st.lists(st.floats(0.0, 1.0), min_size=1, max_size=20).map(np.array)
PLACES = st.floats(-10.0, 10.0)
WIDTHS = st.floats(0.01, 10.0)


@settings(deadline=None)
@given(UNIT, PLACES, WIDTHS)
def test_uniform(unit: np.ndarray, low: float, width: float) -> None:
    found = Quantity(range=(low, low + width)).quantile(unit)
    np.testing.assert_allclose(found, stats.uniform(low, width).ppf(unit), rtol=1e-12, atol=1e-12)


@settings(deadline=None)
@given(UNIT, PLACES, WIDTHS, st.floats(0.0, 1.0))
def test_triangular(unit: np.ndarray, low: float, width: float, share: float) -> None:
    mode = min(low + share * width, low + width)
    found = Quantity(range=(low, low + width), mode=mode).quantile(unit)
    expected = stats.triang(min((mode - low) / width, 1.0), low, width).ppf(unit)
    np.testing.assert_allclose(found, expected, rtol=1e-7, atol=1e-7 * width)


@settings(deadline=None)
@given(UNIT, PLACES, st.floats(0.1, 10.0), st.floats(0.0, 5.0), st.floats(0.1, 5.0))
def test_cut_normal(unit: np.ndarray, mean: float, sd: float, below: float, above: float) -> None:
    low, high = mean - below * sd, mean + above * sd
    found = Quantity(mean=mean, sd=sd, range=(low, high)).quantile(unit)
    expected = stats.truncnorm((low - mean) / sd, (high - mean) / sd, mean, sd).ppf(unit)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-7 * sd)


def test_the_tails_of_a_cut_normal_keep_their_digits() -> None:
    quantity = Quantity(mean=0.0, sd=1.0, range=(-8.0, 8.0))
    np.testing.assert_allclose(quantity.quantile(np.array([1e-13])), stats.truncnorm(-8, 8).ppf(1e-13), rtol=1e-9)
    np.testing.assert_allclose(quantity.quantile(np.array([0.0, 1.0])), [-8.0, 8.0], rtol=1e-9)


# from 1e-12 to 1 - 1e-12, as evenly in log odds as the table's own knots, and never on one of them
BETWEEN_KNOTS = special.expit(np.linspace(-27.6, 27.6, 6001) + 0.0031)


def exact_beta(unit: np.ndarray, a: float, b: float) -> np.ndarray:
    """Quantiles of a beta distribution by scipy, from the nearer end, where probabilities keep their digits."""
    left = unit < 0.5
    below = special.betaincinv(a, b, np.where(left, unit, 0.5))
    above = special.betaincinv(b, a, np.where(left, 0.5, 1 - unit))
    return np.asarray(np.where(left, below, 1 - above))


PARAMETERS = st.floats(np.log(SMALLEST), np.log(LARGEST)).map(lambda power: min(max(np.exp(power), SMALLEST), LARGEST))


@settings(deadline=None, max_examples=examples(15))
@given(PARAMETERS, PARAMETERS)
def test_beta(a: float, b: float) -> None:
    found = Quantity(beta=(a, b)).quantile(BETWEEN_KNOTS)
    np.testing.assert_allclose(found, exact_beta(BETWEEN_KNOTS, a, b), rtol=0.0, atol=1e-6)


@pytest.mark.parametrize("a", [SMALLEST, 0.05, 0.3, 1, 30, 100, 1e4, LARGEST])
@pytest.mark.parametrize("b", [SMALLEST, 0.04, 1, 40, 300, 1e5, LARGEST])
def test_beta_at_the_corners_of_what_is_allowed(a: float, b: float) -> None:
    found = Quantity(beta=(a, b)).quantile(BETWEEN_KNOTS)
    np.testing.assert_allclose(found, exact_beta(BETWEEN_KNOTS, a, b), rtol=0.0, atol=1e-6)


@pytest.mark.parametrize("beta", [(0.02, 1), (1, 0.0299), (1e-9, 3e-9), (1.01e6, 2), (2, 1e300), (5e-324, 1)])
def test_beta_beyond_what_the_table_gets_right_is_refused(beta: tuple[float, float]) -> None:
    with pytest.raises(ValidationError, match=r"must be two numbers from 0\.03 to 1e6, not .*: beyond, its quantiles"):
        Quantity(beta=beta)


@pytest.mark.parametrize("beta", [(-1, 2), (2, -1), (0, 0)])
def test_beta_that_is_no_distribution_is_refused_as_that(beta: tuple[float, float]) -> None:
    with pytest.raises(ValidationError, match=rf"must be two numbers above 0, not {beta[0]:g} and {beta[1]:g}"):
        Quantity(beta=beta)


@settings(deadline=None)
@given(UNIT, st.floats(0.0, 1.0), st.integers(-300, 9), st.floats(0.0, 1.0), st.integers(-320, 300))
def test_no_standard_deviation_is_too_small_or_too_large(
    unit: np.ndarray, start: float, width: int, share: float, deviation: int
) -> None:
    """Known answers: flat where sd is large, the mean (but for chances below 1e-12) where it is small."""
    low, high = 0.0, 10.0**width
    mean, sd = min(share * high, high), max(10.0**deviation, 5e-324)
    found = Quantity(mean=mean, sd=sd, range=(low, high)).quantile(unit)
    inside = (unit > 1e-12) & (unit < 1 - 1e-12)
    if deviation >= width + 3:
        np.testing.assert_allclose(found, high * unit, rtol=0, atol=2e-7 * high)
    elif deviation <= width - 9 and 1e-7 < share < 1 - 1e-7:
        np.testing.assert_allclose(found[inside], mean, rtol=0, atol=1e-8 * high)
    assert np.all((low <= found) & (found <= high))


@settings(deadline=None)
@given(UNIT, st.floats(0.0, 1.0), st.integers(-307, 9))
def test_no_range_is_too_narrow_or_too_wide(unit: np.ndarray, share: float, power: int) -> None:
    width = 10.0**power
    flat = Quantity(range=(0.0, width)).quantile(unit)
    np.testing.assert_allclose(flat, unit * width, rtol=1e-12, atol=1e-320)
    found = Quantity(range=(0.0, width), mode=min(share * width, width)).quantile(unit)
    expected = width * stats.triang(share, 0, 1).ppf(unit)
    np.testing.assert_allclose(found, expected, rtol=1e-7, atol=max(1e-7 * width, 5e-324))


@pytest.mark.parametrize(
    "quantity",
    [
        Quantity(range=(0.1, 0.7)),
        Quantity(range=(0.1, 0.7), mode=0.2),
        Quantity(mean=0.3, sd=0.2, range=(0.1, 0.7)),
        Quantity(beta=(5, 0.05)),
        Quantity(value=0.4),
        Quantity(range=(0.4, 0.4)),
    ],
)
def test_quantiles_rise_within_the_support_and_keep_the_shape(quantity: Quantity) -> None:
    found = quantity.quantile(np.linspace(0, 1, 1002).reshape(2, 3, 167))
    assert found.shape == (2, 3, 167)
    assert found.dtype == np.float64
    assert np.all(np.diff(found.ravel()) >= 0)
    assert quantity.low == found.min()
    assert found.max() == quantity.high
    assert quantity.central == pytest.approx(quantity.quantile(np.array(0.5)))


def test_a_fixed_number() -> None:
    quantity = Quantity.fixed(0.4, assumption="why not")
    assert (quantity.low, quantity.high, quantity.central, quantity.is_range) == (0.4, 0.4, 0.4, False)
    assert quantity.source == "why not"
    assert quantity == Quantity(value=0.4, assumption="why not")
    assert Quantity(range=(0.4, 0.4)).is_range is False


def test_the_claim_comes_before_the_assumption() -> None:
    assert Quantity(value=1, claim="c", assumption="a").source == "c"
    assert Quantity(value=1).source is None


@pytest.mark.parametrize(
    ("quantity", "text"),
    [
        (Quantity(value=0.4), "0.4"),
        (Quantity(value=1e9), "1e+09"),
        (Quantity(range=(0.4, 0.4)), "0.4"),
        (Quantity(range=(0.75, 0.95), reading="intense"), "0.75–0.95 (reading: intense)"),
        (Quantity(range=(0, 0.3), mode=0.1), "0–0.3, most likely 0.1"),
        (Quantity(mean=0.5, sd=0.1, range=(0, 1)), "0–1, normal around 0.5 with sd 0.1"),
        (Quantity(beta=(5, 0.05)), "beta(5, 0.05)"),
    ],
)
def test_description(quantity: Quantity, text: str) -> None:
    assert quantity.describe() == text


def test_the_representation_leaves_out_what_does_not_apply() -> None:
    assert repr(Quantity(range=(0, 1), claim="c")) == "Quantity(range=(0.0, 1.0), claim='c')"


@pytest.mark.parametrize(
    ("quantity", "form"),
    [
        (Quantity(value=0.4, assumption="a"), 0.4),
        (Quantity(range=(0.4, 0.4), shared="s"), 0.4),
        (Quantity(range=(0.1, 0.4), reading="low", claim="c"), ["uniform", 0.1, 0.4]),
        (Quantity(range=(0.1, 0.4), shared="s"), ["uniform", 0.1, 0.4, "s"]),
        (Quantity(range=(0.1, 0.4), mode=0.2), ["triangular", 0.1, 0.2, 0.4]),
        (Quantity(mean=0.5, sd=0.1, range=(0, 1)), ["normal", 0.5, 0.1, 0.0, 1.0]),
        (Quantity(beta=(1, 2)), ["beta", 1.0, 2.0]),
    ],
)
def test_canonical_form(quantity: Quantity, form: object) -> None:
    assert quantity.canonical() == form


def test_numbers_of_numpy_are_numbers() -> None:
    assert Quantity(value=np.float64(0.5)) == Quantity(value=0.5)
    assert Quantity(range=(np.int64(0), 1)) == Quantity(range=(0, 1))


def test_a_quantity_cannot_change_and_survives_pickling() -> None:
    quantity = Quantity(range=(0, 1))
    with pytest.raises(ValueError, match="frozen"):
        quantity.range = (0, 2)  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(quantity)) == quantity
