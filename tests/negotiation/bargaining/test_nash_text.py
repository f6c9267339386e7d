"""The mediator's text against formulas written here, and against general optimisers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq, linprog, minimize

from sim.negotiation.bargaining import linear_loss, quadratic_loss, two_players
from sim.negotiation.bargaining.nash_text import nash_text
from sim.negotiation.bargaining.settlement_space import SettlementSpace
from tests.examples import examples

HERE = np.arange(1)


def pie(exponent: int) -> SettlementSpace:
    """One issue over which a wants everything and b nothing."""
    return SettlementSpace({"a": [1.0], "b": [0.0]}, {"a": [1.0], "b": [1.0]}, exponent, ["a", "b"])


def text_of(space, exponents, floors):
    text = nash_text(space, exponents, floors, HERE)
    return bool(text.exists[0]), [float(np.ravel(x)[0]) for x in text.terms]


@pytest.mark.parametrize("bias", [-0.9, -0.5, 0.0, 0.3, 0.99])
@pytest.mark.parametrize(("d_a", "d_b"), [(0.0, 0.0), (0.5, 0.2), (0.1, 0.85)])
def test_linear_pie_is_split_at_the_asymmetric_nash_point(bias, d_a, d_b):
    exists, (x,) = text_of(pie(1), {"a": 1 + bias, "b": 1 - bias}, {"a": d_a, "b": d_b})
    share = (1 + bias) / 2
    assert exists
    assert x == pytest.approx(d_a + share * (1 - d_a - d_b), abs=1e-6)


@pytest.mark.parametrize(("d_a", "d_b"), [(0.0, 0.0), (0.5, 0.2), (0.3, 0.7), (0.7, 0.1)])
def test_quadratic_pie_solves_the_cubic_of_the_nash_point(d_a, d_b):
    s_a, s_b = 1 - d_a, 1 - d_b
    expected = brentq(
        lambda x: 2 * x**3 - 3 * x**2 + (1 - s_a - s_b) * x + s_b, 1 - np.sqrt(s_a), np.sqrt(s_b), xtol=1e-14
    )
    exists, (x,) = text_of(pie(2), {"a": 1.0, "b": 1.0}, {"a": d_a, "b": d_b})
    assert exists
    assert x == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("exponent", [1, 2])
@pytest.mark.parametrize("gap", [-1e-3, 1e-3])
def test_a_text_exists_just_where_the_zone_of_agreement_does(exponent, gap):
    d_a = 0.4
    d_b = 1 - d_a - gap if exponent == 1 else 1 - (1 - np.sqrt(1 - d_a)) ** 2 - gap
    exists, _ = text_of(pie(exponent), {"a": 1.0, "b": 1.0}, {"a": d_a, "b": d_b})
    assert exists == (gap > 0)


@pytest.mark.parametrize("w", [0.55, 0.7, 0.9])
def test_mirror_weights_are_log_rolled_under_linear_loss(w):
    space = SettlementSpace({"a": [1.0, 1.0], "b": [0.0, 0.0]}, {"a": [w, 1 - w], "b": [1 - w, w]}, 1, ["a", "b"])
    _, terms = text_of(space, {"a": 1.0, "b": 1.0}, {"a": 0.2, "b": 0.2})
    assert terms == pytest.approx([1.0, 0.0], abs=1e-6)
    assert space.utility("a", terms) == pytest.approx(w, abs=1e-6)


def test_an_issue_nobody_cares_about_is_settled_at_the_mean_of_the_aims():
    space = SettlementSpace({"a": [1.0, 0.9], "b": [0.0, 0.5]}, {"a": [1.0, 0.0], "b": [1.0, 0.0]}, 2, ["a", "b"])
    _, terms = text_of(space, {"a": 1.0, "b": 1.0}, {"a": 0.1, "b": 0.1})
    assert terms == pytest.approx([0.5, 0.7], abs=1e-6)


def test_a_player_whose_gain_weighs_nothing_is_held_at_its_floor():
    _, (x,) = text_of(pie(1), {"a": 2.0, "b": 0.0}, {"a": 0.1, "b": 0.25})
    assert x == pytest.approx(0.75, abs=1e-6)


def random_problem(rng, players, issues, exponent):
    names = [f"p{i}" for i in range(players)]
    space = SettlementSpace(
        {n: list(rng.random(issues)) for n in names},
        {n: list(rng.random(issues)) for n in names},
        exponent,
        names,
    )
    exponents = {n: float(rng.uniform(0.3, 1.7)) for n in names}
    floors = {n: float(rng.uniform(0.4, 0.99)) for n in names}
    return space, exponents, floors


def greatest_least_slack(space, floors):
    """Largest t such that some terms leave everybody t above the floor, by a general optimiser."""
    names = list(space.parties)
    aims = np.array([space.aims[n] for n in names])
    care = np.array([space.salience[n] for n in names])
    least = np.array([floors[n] for n in names])
    players, issues = aims.shape
    if space.exponent == 2:
        best = max(
            (
                minimize(
                    lambda z: -z[-1],
                    np.r_[start, -1.0],
                    constraints={
                        "type": "ineq",
                        "fun": lambda z: 1 - (care * (z[:-1] - aims) ** 2).sum(1) - least - z[-1],
                    },
                    method="SLSQP",
                    options={"maxiter": 1000, "ftol": 1e-13},
                )
                for start in (aims.mean(0), aims[0])
            ),
            key=lambda found: found.x[-1],
        )
        return best.x[-1], best.x[:-1]
    columns = issues + players * issues + 1
    rows, right = [], []
    for i in range(players):
        row = np.zeros(columns)
        row[issues + i * issues : issues + (i + 1) * issues] = care[i]
        row[-1] = 1
        rows.append(row)
        right.append(1 - least[i])
        for k in range(issues):
            for sign in (1, -1):
                row = np.zeros(columns)
                row[k], row[issues + i * issues + k] = sign, -1
                rows.append(row)
                right.append(sign * aims[i, k])
    bounds = [(0, 1)] * issues + [(0, None)] * (players * issues) + [(None, None)]
    found = linprog(-np.eye(columns)[-1], A_ub=np.array(rows), b_ub=right, bounds=bounds)
    return found.x[-1], found.x[:issues]


@pytest.mark.parametrize("exponent", [1, 2])
@pytest.mark.parametrize(("players", "issues"), [(2, 1), (2, 4), (3, 3), (5, 3)])
def test_no_general_optimiser_finds_a_better_text(exponent, players, issues):
    rng = np.random.default_rng([exponent, players, issues])
    found = 0
    for _ in range(12):
        space, exponents, floors = random_problem(rng, players, issues, exponent)
        slack, inside = greatest_least_slack(space, floors)
        exists, terms = text_of(space, exponents, floors)
        if abs(slack) > 1e-6:
            assert exists == (slack > 0)
        if not exists or slack < 1e-4:
            continue
        found += 1

        def shortfall(x, space=space, exponents=exponents, floors=floors):
            gains = [space.utility(n, x) - floors[n] for n in exponents]
            return (
                1e3 if min(gains) <= 0 else -sum(e * np.log(g) for e, g in zip(exponents.values(), gains, strict=True))
            )

        rival = minimize(
            shortfall, inside, method="Nelder-Mead", options={"maxfev": 20000, "xatol": 1e-10, "fatol": 1e-14}
        )
        assert shortfall(terms) <= rival.fun + 1e-7  # of log gains: far inside the 1e-6 promised of terms
    assert found >= 3


@settings(max_examples=examples(20), deadline=None)
@given(seed=st.integers(0, 2**32), exponent=st.sampled_from([1, 2]), players=st.integers(2, 4))
def test_a_run_has_the_same_text_bit_for_bit_alone_and_in_company(seed, exponent, players):
    rng = np.random.default_rng(seed)
    names, runs = [f"p{i}" for i in range(players)], 23
    aims = {n: list(rng.random((3, runs))) for n in names}
    care = {n: list(rng.random((3, runs))) for n in names}
    space = SettlementSpace(aims, care, exponent, names)
    floors = {n: rng.uniform(0.3, 0.9, runs) for n in names}
    together = nash_text(space, dict.fromkeys(names, 1.0), floors, np.arange(runs))
    for run in (0, 7, 22):
        alone = nash_text(space, dict.fromkeys(names, 1.0), {n: floors[n][[run]] for n in names}, np.array([run]))
        assert alone.exists[0] == together.exists[run]
        if alone.exists[0]:
            assert [x[0] for x in alone.terms] == [x[run] for x in together.terms]


@pytest.mark.parametrize("exponent", [1, 2])
def test_a_nearby_start_leads_to_the_same_text(exponent):
    rng = np.random.default_rng(5)
    space, exponents, _ = random_problem(rng, 2, 4, exponent)
    floors = {"p0": 0.5, "p1": 0.6}
    cold = nash_text(space, exponents, floors, HERE)
    warm = nash_text(space, exponents, floors, HERE, {n: w * 7.0 for n, w in cold.weights.items()})
    assert np.allclose(np.ravel(cold.terms), np.ravel(warm.terms), atol=1e-6)


@pytest.mark.parametrize("exponent", [1, 2])
def test_thin_zones_are_found_wherever_they_lie(exponent):
    rng = np.random.default_rng(1)
    width = np.exp(rng.uniform(np.log(1e-5), np.log(1e-2), 2000))
    d_a = rng.uniform(0.05, 0.95, 2000)
    d_b = 1 - d_a - width if exponent == 1 else 1 - (1 - np.sqrt(1 - d_a)) ** 2 - width
    floors = {"a": d_a[d_b > 0], "b": d_b[d_b > 0]}
    text = nash_text(pie(exponent), {"a": 1.0, "b": 1.0}, floors, np.arange(len(floors["a"])))
    assert text.exists.all()
    if exponent == 1:
        assert np.allclose(text.terms[0], (d_a + width / 2)[d_b > 0], atol=1e-6)


@pytest.fixture(scope="module")
def between_two():
    """Random problems of two players over four issues, some of which nobody or only one cares about."""
    rng = np.random.default_rng(9)
    aims, salience = rng.random((4, 2, 3000)), rng.random((4, 2, 3000)) ** 3
    salience[0, :, :500] = salience[1, 0, 300:900] = salience[2, 1, 600:1200] = 0.0
    power, floors = rng.uniform(0.05, 1.95, (2, 3000)), rng.uniform(0.2, 0.995, (2, 3000))
    return aims, salience / salience.sum(0), power, floors


def test_the_method_for_two_players_and_that_for_many_find_the_same_texts(between_two):
    aims, salience, power, floors = between_two
    start = np.random.default_rng(1).uniform(0.1, 1.0, power.shape)
    exists, _, terms = two_players.quadratic(aims, salience, power, floors, start)
    general, _, expected = quadratic_loss.maximise(aims, salience, power, floors, power)
    assert (exists == general).all()
    assert 100 < exists.sum() < 2990
    assert np.abs(terms - expected)[:, exists].max() < 1e-6


def test_under_linear_loss_the_walk_along_the_frontier_ends_no_lower_than_the_general_search(between_two):
    aims, salience, power, floors = between_two
    exists, _, terms = two_players.linear(aims, salience, power, floors)
    general, _, others = linear_loss.maximise(aims, salience, power, floors)
    assert (exists == general).all()
    assert 100 < exists.sum() < 2990

    def log_product(x):
        gains = 1.0 - (salience * np.abs(x[:, None] - aims)).sum(0) - floors
        return (power[:, exists] * np.log(gains[:, exists])).sum(0)

    product, rival = log_product(terms), log_product(others)
    assert (product >= rival - 1e-9).all()
    assert np.abs(product - rival).max() < 1e-5


@pytest.mark.parametrize(("width", "there"), [(1.9e-6, False), (2.1e-6, True)])
@pytest.mark.parametrize("d_a", [0.1, 0.4, 0.75])
def test_under_linear_loss_a_zone_that_leaves_each_of_two_less_than_1e_6_is_none(width, there, d_a):
    """A zone is as wide as what both gain in all; 1e-6 each is what terms are good to."""
    exists, (x,) = text_of(pie(1), {"a": 1.0, "b": 1.0}, {"a": d_a, "b": 1 - d_a - width})
    assert exists is there
    if there:
        assert x == pytest.approx(d_a + width / 2, abs=1e-9)


NEARLY_SINGULAR = [
    # aims and weights by issue and player; terms that are efficient; how much less than these every player accepts
    ([[0.9, 0.4, 0.2], [0.2, 0.7, 0.1]], [[5, 1, 1], [5, 4, 2]], [0.2, 0.1], 1e-3),
    ([[0.9, 0.4, 0.1], [0.9, 1.0, 0.0], [1.0, 0.9, 0.3]], [[2, 2, 4], [3, 2, 5], [2, 3, 2]], [0.1, 0.0, 0.9], 1e-3),
    ([[0.8, 0.7, 0.8], [0.8, 0.5, 1.0]], [[1, 3, 1], [2, 3, 5]], [0.7, 0.8], 1e-4),
    ([[1.0, 0.6, 0.6], [0.0, 0.0, 0.9]], [[5, 3, 3], [3, 1, 5]], [0.6, 0.9], 1e-5),
    ([[0.1, 0.5, 0.0], [0.3, 0.5, 0.7], [0.5, 0.4, 0.6]], [[5, 3, 3], [5, 2, 5], [5, 2, 1]], [0.5, 0.5, 0.4], 1e-5),
]


@pytest.mark.parametrize(("aims", "weights", "terms", "width"), NEARLY_SINGULAR)
def test_a_search_among_three_that_cannot_go_on_gives_what_it_has_found(aims, weights, terms, width):
    """Near the solution the equations are all but singular, and a step fails: the text is good enough by then."""
    aims, weights = np.array(aims)[..., None], np.array(weights, dtype=float)[..., None]
    salience = weights / weights.sum(axis=0)
    agreed = 1 - (salience * np.abs(np.array(terms)[:, None, None] - aims)).sum(axis=0)
    exists, _, found = linear_loss.maximise(aims, salience, np.ones((3, 1)), agreed - width)
    assert exists[0]
    gains = 1 - (salience * np.abs(found[:, None] - aims)).sum(axis=0) - (agreed - width)
    assert gains.min() > 0
    assert np.log(gains).sum() >= 3 * np.log(width) - 0.1  # no lower than at the terms that are known
