"""What terms can bring two parties, against texts drawn at random and tried one by one."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.negotiation.bargaining.settlement_space import utility
from sim.negotiation.inspection.feasible_set import CELLS, frontier, occupied

Array = NDArray[np.float64]

CASES = {
    "one issue": ([[0.0], [1.0]], [[1.0], [1.0]]),
    "opposed on two": ([[0.0, 0.0], [1.0, 1.0]], [[0.7, 0.3], [0.4, 0.6]]),
    "crossed": ([[0.1, 0.9, 0.4], [0.8, 0.2, 0.5]], [[0.5, 0.25, 0.25], [0.2, 0.2, 0.6]]),
    "agreed on one": ([[0.3, 0.0], [0.3, 1.0]], [[0.5, 0.5], [0.5, 0.5]]),
    "indifferent": ([[0.0, 0.2], [1.0, 0.9]], [[1.0, 0.0], [0.0, 1.0]]),
    "of one mind": ([[0.6, 0.1], [0.6, 0.1]], [[0.5, 0.5], [0.9, 0.1]]),
    "five": ([[0.0, 1.0, 0.2, 0.5, 0.9], [1.0, 0.1, 0.6, 0.5, 0.0]], [[0.2] * 5, [0.4, 0.3, 0.1, 0.1, 0.1]]),
}

EXPONENTS = {"linear": 1, "quadratic": 2}


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> tuple[list[list[float]], list[list[float]]]:
    return CASES[request.param]


def worth(terms: Array, aims: list[list[float]], salience: list[list[float]], exponent: int) -> Array:
    """Utilities of texts, one row each."""
    return np.array([utility(list(terms.T), aims[i], salience[i], exponent) for i in (0, 1)]).T


def drawn(issues: int, count: int = 20_000) -> Array:
    """Texts all over the settlement space, its corners and edges included."""
    rng = np.random.default_rng(1)
    inside = rng.random((count, issues))
    return np.concatenate([inside, np.clip(np.round(inside * 6 - 0.5) / 5, 0, 1)])


@pytest.mark.parametrize("exponent", EXPONENTS.values(), ids=EXPONENTS)
class TestFrontier:
    def test_it_dominates_every_text(self, case: tuple[list[list[float]], list[list[float]]], exponent: int) -> None:
        """No text lies beyond any of the lines that touch the frontier: it is concave and nothing is outside."""
        aims, salience = case
        edge = frontier(aims, salience, exponent, points=801)
        texts = worth(drawn(len(aims[0])), aims, salience, exponent)
        for share in np.linspace(0, 1, 101):
            best = np.max(share * edge[:, 0] + (1 - share) * edge[:, 1])
            most = np.max(share * texts[:, 0] + (1 - share) * texts[:, 1])
            # between two of the frontier's places a curve bulges a little: by the square of their distance
            assert most <= best + (1e-9 if exponent == 1 else 2e-6)

    def test_it_goes_from_the_seconds_best_terms_to_the_firsts(
        self, case: tuple[list[list[float]], list[list[float]]], exponent: int
    ) -> None:
        edge = frontier(*case, exponent)
        assert edge[0, 1] == pytest.approx(1)
        assert edge[-1, 0] == pytest.approx(1)
        assert (np.diff(edge[:, 0]) >= -1e-12).all()
        assert (np.diff(edge[:, 1]) <= 1e-12).all()


class TestPlaces:
    """Every place of the frontier is that of a text, and the best in some direction."""

    def test_quadratic_ones_are_the_best_of_all_texts(self, case: tuple[list[list[float]], list[list[float]]]) -> None:
        """Place k of a hundred maximises α·u_1 + (1 − α)·u_2 at α = k/100: found by trying, issue by issue."""
        (first, second), (mine, theirs) = case
        edge = frontier(*case, 2, points=101)
        texts = worth(drawn(len(first)), *case, 2)
        tried = np.linspace(0, 1, 5001)
        for share, (x, y) in zip(np.linspace(0, 1, 101), edge, strict=True):
            assert (share * texts[:, 0] + (1 - share) * texts[:, 1]).max() <= share * x + (1 - share) * y + 1e-9
            weight = min(max(share, 1e-7), 1 - 1e-7)  # at the ends the other's wishes decide between equals
            losses = (
                weight * w * (tried - a) ** 2 + (1 - weight) * v * (tried - b) ** 2
                for a, b, w, v in zip(first, second, mine, theirs, strict=True)
            )
            best = np.array([tried[loss.argmin()] for loss in losses])
            np.testing.assert_allclose(worth(best[None, :], *case, 2)[0], (x, y), atol=4e-4)

    def test_linear_ones_give_each_issue_to_one_of_the_two(
        self, case: tuple[list[list[float]], list[list[float]]]
    ) -> None:
        corners = worth(np.array(list(product(*zip(*case[0], strict=True)))), *case, 1)
        for place in frontier(*case, 1):
            assert np.abs(corners - place).max(axis=1).min() < 1e-12


class TestClosedForms:
    def test_one_linear_issue_is_a_straight_line(self) -> None:
        np.testing.assert_allclose(frontier([[0.0], [1.0]], [[1.0], [1.0]], 1), [[0, 1], [1, 0]])

    def test_one_quadratic_issue(self) -> None:
        """x from 1 to 0: u_1 = 1 − x², u_2 = 1 − (1 − x)²."""
        x = np.linspace(1, 0, 201)
        np.testing.assert_allclose(
            frontier([[0.0], [1.0]], [[1.0], [1.0]], 2), np.array([1 - x**2, 1 - (1 - x) ** 2]).T
        )

    def test_linear_issues_are_conceded_in_the_order_of_what_they_are_worth(self) -> None:
        """The second gives up first what it cares about least, set against the first: money, then land."""
        edge = frontier([[0.0, 0.0], [1.0, 1.0]], [[0.3, 0.7], [0.6, 0.4]], 1)
        np.testing.assert_allclose(edge, [[0, 1], [0.7, 0.6], [1, 0]], atol=1e-12)


@pytest.mark.parametrize("exponent", EXPONENTS.values(), ids=EXPONENTS)
class TestOccupied:
    def test_every_text_is_in_it(self, case: tuple[list[list[float]], list[list[float]]], exponent: int) -> None:
        """To within a cell for each issue, as losses are rounded to cells one by one."""
        aims, salience = case
        cells = occupied(aims, salience, exponent)
        assert cells.shape == (CELLS, CELLS)
        texts = worth(drawn(len(aims[0]), 2000), aims, salience, exponent)
        reach = len(aims[0])
        for x, y in np.rint(texts * (CELLS - 1)).astype(int):
            assert cells[max(0, y - reach) : y + reach + 1, max(0, x - reach) : x + reach + 1].any()

    def test_nothing_else_is(self, case: tuple[list[list[float]], list[list[float]]], exponent: int) -> None:
        aims, salience = case
        edge = frontier(aims, salience, exponent, 801)
        up, across = np.nonzero(occupied(aims, salience, exponent))
        x, y = across / (CELLS - 1), up / (CELLS - 1)
        slack = 2 * len(aims[0]) / (CELLS - 1)
        best = np.interp(np.maximum(x - slack, 0), edge[:, 0], edge[:, 1])
        assert (y <= best + slack).all()

    def test_it_has_no_holes_of_its_own_making(
        self, case: tuple[list[list[float]], list[list[float]]], exponent: int
    ) -> None:
        """Every cell that texts reach when all are tried on a grid is there: two issues, so that all can be."""
        aims, salience = ([aim[:2] for aim in case[0]], [weight[:2] for weight in case[1]])
        aims = [aim if len(aim) == 2 else [*aim, 0.5] for aim in aims]
        salience = [weight if len(weight) == 2 else [*weight, 0.5] for weight in salience]
        salience = [[one / sum(weight) for one in weight] for weight in salience]
        places = np.linspace(0, 1, 301)
        grid = np.array(np.meshgrid(places, places)).reshape(2, -1).T
        texts = worth(grid, aims, salience, exponent)
        cells = occupied(aims, salience, exponent)
        reached = np.zeros_like(cells)
        across, up = np.rint(texts * (CELLS - 1)).astype(int).T
        reached[up, across] = True
        near = np.zeros_like(cells)
        for down in (-1, 0, 1):
            for aside in (-1, 0, 1):
                near |= np.roll(cells, (down, aside), (0, 1))
        assert not (reached & ~near).any()
