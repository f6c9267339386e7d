"""The greatest surplus over all floors, against general optimisers that know nothing of the method."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import linprog, minimize

from sim.negotiation.bargaining.zone_of_agreement import margin
from sim.negotiation.inspection import theoretical_predictions
from sim.scenario.loading.scenario_loader import scenario_from_data

Array = NDArray[np.float64]
RUNS = 8


def sample(players: int, issues: int, seed: int) -> tuple[Array, Array, Array]:
    luck = np.random.default_rng(seed)
    salience = luck.random((issues, players, RUNS))
    floors = 0.2 + 0.5 * luck.random((players, RUNS))
    return luck.random((issues, players, RUNS)), salience / salience.sum(axis=0), floors


def linear_programme(aims: Array, salience: Array, floors: Array) -> float:
    """One run under linear loss: unknowns are the terms, t, and every player's distance on every issue."""
    issues, players = aims.shape
    rows, bounds = [], []
    for i in range(players):
        row = np.zeros(issues + 1 + issues * players)
        row[issues] = 1.0
        row[issues + 1 + i * issues : issues + 1 + (i + 1) * issues] = salience[:, i]
        rows.append(row)
        bounds.append(1.0 - floors[i])
        for k in range(issues):
            for sign in (1.0, -1.0):
                row = np.zeros_like(rows[0])
                row[k], row[issues + 1 + i * issues + k] = sign, -1.0
                rows.append(row)
                bounds.append(sign * aims[k, i])
    objective = np.zeros_like(rows[0])
    objective[issues] = -1.0
    return -float(linprog(objective, np.array(rows), bounds, bounds=(None, None)).fun)


def by_slsqp(aims: Array, salience: Array, floors: Array) -> float:
    """One run under quadratic loss."""

    def spare(point: Array) -> Array:
        return 1.0 - (salience * (point[:-1, None] - aims) ** 2).sum(axis=0) - floors - point[-1]

    start = np.append(aims.mean(axis=1), -1.0)
    found = minimize(
        lambda point: -point[-1],
        start,
        constraints={"type": "ineq", "fun": spare},
        method="SLSQP",
        options={"maxiter": 500, "ftol": 1e-12},
    )
    return float(found.x[-1])


@pytest.mark.parametrize(("players", "issues"), [(2, 1), (6, 3), (20, 2), (9, 5)])
@pytest.mark.parametrize(("exponent", "reference"), [(1, linear_programme), (2, by_slsqp)])
def test_it_is_the_optimum(players: int, issues: int, exponent: int, reference: Any) -> None:
    aims, salience, floors = sample(players, issues, seed=players)
    found = margin(aims, salience, floors, exponent)
    known = [reference(aims[..., run], salience[..., run], floors[:, run]) for run in range(RUNS)]
    np.testing.assert_allclose(found.surplus, known, atol=2e-8)
    np.testing.assert_allclose(found.prices.sum(axis=0), 1.0, atol=1e-8)
    np.testing.assert_allclose(found.reach - (found.prices * floors).sum(axis=0), known, atol=2e-8)


@pytest.mark.parametrize("exponent", [1, 2])
def test_runs_do_not_depend_on_those_beside_them(exponent: int) -> None:
    aims, salience, floors = sample(7, 2, seed=1)
    whole = margin(aims, salience, floors, exponent)
    one = margin(aims[..., 3:4], salience[..., 3:4], floors[:, 3:4], exponent)
    assert one.surplus[0] == pytest.approx(whole.surplus[3], abs=1e-12)


@pytest.mark.parametrize("exponent", [1, 2])
def test_floors_out_of_all_bounds_and_issues_without_weight(exponent: int) -> None:
    """Two players of seven that can never be content, and an issue that is nothing to anybody."""
    aims, salience, floors = sample(7, 2, seed=2)
    salience[1] = 0.0
    floors[0, 0], floors[1, 1], floors[2] = 1e6, np.inf, -np.inf
    found = margin(aims, salience, floors, exponent).surplus
    assert (found[:2] < 0).all()
    assert np.isfinite(found).all()


def crowd(loss: str) -> Mapping[str, Any]:
    """Seven parties, their aims along two issues, and a guarantor."""
    names = [f"p{n}" for n in range(7)]
    return {
        "loss": loss,
        "issues": {"land": {}, "money": {}},
        "parties": {
            name: {
                "aims": {"land": n / 6, "money": (3 * n % 7) / 6},
                "salience": {"land": 1.0, "money": {"range": [0.4, 1.6]}},
                "reservation": {"range": [0.2, 0.3]},
                "betrayal_loss": 0.1,
            }
            for n, name in enumerate(names)
        },
        "distrust": {
            name: {**{other: 0.1 for other in names if other != name}, "us": 0.2, "eu": 0.1} for name in names
        },
        "mediator": {"name": "us", "style": "formulation"},
        "guarantors": {"eu": 0.4},
        "implementation": {"penalty": 0.1},
    }


@pytest.mark.parametrize("loss", ["linear", "quadratic"])
def test_theory_of_a_crowd_is_that_of_the_nash_text(loss: str, monkeypatch: pytest.MonkeyPatch) -> None:
    case = scenario_from_data(crowd(loss))
    monkeypatch.setattr(theoretical_predictions, "_DRAWS", 4)
    monkeypatch.setattr(theoretical_predictions, "_HALVINGS", 24)  # as close as a thirtieth of what is allowed below
    quick = theoretical_predictions.analyse(case)
    monkeypatch.setattr(theoretical_predictions, "_MANY", 99)
    slow = theoretical_predictions.analyse(case)
    for found, known in zip(flat(asdict(quick)), flat(asdict(slow)), strict=True):
        assert found == (known if known is None else pytest.approx(known, abs=2e-6))
    assert quick.critical["mediator"] is not None and quick.critical["guaranteed"] is not None


def flat(found: Any) -> list[float | None]:
    if isinstance(found, dict):
        return [number for value in found.values() for number in flat(value)]
    return [found]
