"""Forecasts of how crises end: the model's, from runs of the reference scenarios, and baselines fitted to crises."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.verification.conflict_data.crisis_cells import VIOLENCE, Cell, Event
from sim.verification.conflict_data.reference_estimates import STYLES, YEAR, Played, settled_by

UNSTATED = "style not stated"

Forecast = Callable[[Cell], float]
"""A forecast's probability for the crises of a cell."""


def agreement_forecast(played: Played, wars: Sequence[Cell]) -> Forecast:
    """Return the model's forecast of an agreement: the share of runs that settle by the week read, by style.

    Where the style is not stated it is the mean of the three, weighted by the wars in which it is.
    """
    return _by_mediation({name: _share(settled_by(columns)) for name, columns in played.items()}, wars)


def holding_forecast(played: Played, wars: Sequence[Cell]) -> Forecast:
    """Return the model's forecast of five years without a new crisis: the share of settlements that hold so long.

    It is a forecast of another event: in the data there may be no agreement, and quiet all the same.
    """
    held = {name: _share(columns["held"][settled_by(columns)] >= 5 * YEAR) for name, columns in played.items()}
    return _by_mediation(held, wars)


def _share(happened: NDArray[np.bool_]) -> float:
    """Return a share of runs, moved by half a run towards even (Jeffreys' estimate): no run makes nothing certain."""
    return (float(happened.sum()) + 0.5) / (happened.size + 1)


def _by_mediation(shares: Mapping[str, float], wars: Sequence[Cell]) -> Forecast:
    """Return the forecast that gives each kind of mediation the share of its reference scenario."""
    stated = {style: sum(cell.crises for cell in wars if cell.mediation == style) for style in STYLES}
    mean = sum(stated[style] * shares[style] for style in STYLES) / sum(stated.values())
    known = {**shares, "none": shares["unmediated"], UNSTATED: mean}
    return lambda cell: known[cell.mediation]


def base_rate(cells: Sequence[Cell], event: Event) -> Forecast:
    """Return the baseline forecast that knows only how common an event is in some cells."""
    share = sum(map(event.successes, cells)) / sum(map(event.trials, cells))
    return lambda _: share


def mediated_or_not(cells: Sequence[Cell], event: Event) -> Forecast:
    """Return the baseline forecast that knows whether there was a mediator, and no more."""
    known = {
        mediated: base_rate([cell for cell in cells if cell.mediated is mediated], event) for mediated in (True, False)
    }
    return lambda cell: known[cell.mediated](cell)


def regression(cells: Sequence[Cell], event: Event) -> Forecast:
    """Return the baseline forecast by logistic regression on all that is known of a cell but its period.

    Maximum likelihood with Firth's penalty (1993, Biometrika 80:27), which keeps coefficients finite where all crises
    of a kind ended alike (Heinze & Schemper 2002, Stat Med 21:2409): with p the fitted chance, w = n·p·(1 − p) and
    h = w·xᵀ(XᵀWX)⁻¹x, Σ(k − n·p + h·(½ − p))·x = 0, by Newton's method. What does not vary in the cells has no
    coefficient of its own (a pseudo-inverse), so it must not vary in what is forecast either.
    """
    x = np.array([_features(cell) for cell in cells])
    trials, hits = (np.array([pick(cell) for cell in cells], dtype=float) for pick in (event.trials, event.successes))
    coefficients = np.zeros(x.shape[1])
    for _ in range(100):
        p = _logistic(x @ coefficients)
        spread = trials * p * (1 - p)
        covariance = np.linalg.pinv((x * spread[:, None]).T @ x)
        leverage = spread * np.einsum("ij,jk,ik->i", x, covariance, x)
        step = covariance @ (x.T @ (hits - trials * p + leverage * (0.5 - p)))
        coefficients = coefficients + step
        if np.abs(step).max() < 1e-10:
            break
    return lambda cell: float(_logistic(np.dot(_features(cell), coefficients)))


def _logistic(score: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1.0 / (1.0 + np.exp(-score)))


def _features(cell: Cell) -> list[float]:
    """What is known of a cell, as numbers: a constant, violence and mediation word by word, protracted or not."""
    mediation = (*STYLES, UNSTATED)
    words = [*(cell.violence == word for word in VIOLENCE[1:]), *(cell.mediation == word for word in mediation)]
    return [1.0, *map(float, words), float(cell.protracted)]
