"""The Nash text under quadratic loss, by Newton's method on the dual.

With weights α_i > 0, let G(α) = max_x Σ_i α_i·(u_i(x) − R_i). Its maximiser is the efficient text of those weights,
x_k(α) = Σ_i α_i·w_ik·θ_ik / Σ_i α_i·w_ik: the contract curve. The Nash weights minimise the convex function
G(α) − Σ_i e_i·log α_i, that is α_i = e_i/(u_i(x(α)) − R_i); and no text clears every floor if and only if some α has
G(α) ≤ 0. There is one unknown a player however many issues, and a step is a handful of operations on arrays, for two
players or twelve.

Axes: k issues, i players, and last the runs. Sums over issues and players are written out in order (`total`), so that
a run's numbers do not depend on the runs beside it. Source: Boyd & Vandenberghe (2004, chapters 5 and 9).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.negotiation.equations.linear_systems import solve, total

Array = NDArray[np.float64]

_CONVERGED = 1e-8  # squared Newton decrement before the last step; the weights are then good to about as much
_LONGEST_STEP = 1.0  # in the logarithm of a weight
_MOST_STEPS = 100
THINNEST = 1e-6  # a zone that leaves no more than this, in utility, is a point: terms are no more accurate
_TINY = 1e-300  # in place of a pull of nothing: where nobody cares, nobody tugs


def maximise(
    aims: Array, salience: Array, power: Array, floors: Array, start: Array
) -> tuple[NDArray[np.bool_], Array, Array]:
    """Maximise the Nash product under quadratic loss by Newton's method on the dual, for any number of players.

    Returns whether a Nash text exists (runs,), its weights α (players, runs), and x(α) (issues, runs). `aims` and
    `salience` have shape (issues, players, runs); exponents `power`, `floors` and positive weights `start` (players,
    runs). Where no text exists the weights show it: there G(α) ≤ 0. Each run stops by its own criterion.
    """
    weights = start.copy()
    exists = np.ones(weights.shape[1], dtype=bool)
    going, data = np.arange(len(exists)), [aims, salience, power, floors]
    for _ in range(_MOST_STEPS):
        here = weights if going.size == exists.size else weights[:, going]
        better, decrement, greatest = _improved(here, *data)
        possible = greatest > THINNEST * total(here)
        exists[going] = possible
        weights[:, going] = np.where(possible, better, here)
        kept = np.flatnonzero((decrement >= _CONVERGED) & possible)
        if not kept.size:
            break
        if kept.size < going.size:
            going, data = going[kept], [array[..., kept] for array in data]
    else:
        exists[going] = False  # the zone is a point, or all but a point: nothing worth tabling
    return exists, weights, _efficient_terms(weights, aims, salience)


def _improved(weights: Array, aims: Array, salience: Array, power: Array, floors: Array) -> tuple[Array, Array, Array]:
    """Return the weights after a Newton step in their logarithms, the squared decrement before it, and G(α), by run."""
    players = range(len(weights))
    pulls = weights * salience
    pull = np.maximum(total(pulls.swapaxes(0, 1)), _TINY)
    terms = total((pulls * aims).swapaxes(0, 1)) / pull
    away = aims - terms[:, None]
    tugs = salience * away
    slack = 1.0 - total(tugs * away) - floors
    greatest = total(weights * slack)
    # Terms and slack depend on the proportions of the weights only; their best scale has Σ_i α_i·(u_i − R_i) = Σ_i e_i.
    scale = np.where(greatest > 0.0, total(power) / np.where(greatest > 0.0, greatest, 1.0), 1.0)
    weights, pull = weights * scale, pull * scale
    gradient = weights * slack - power
    # In units of the weights themselves the matrix is A·(∂u/∂α)·A + diag e, never less than diag e.
    scaled = (weights * tugs) * np.sqrt(2.0 / pull)[:, None]
    matrix = [[total(scaled[:, i] * scaled[:, j]) if j >= i else power[i] for j in players] for i in players]
    for i in players:
        matrix[i][i] = matrix[i][i] + power[i]
        for j in range(i):
            matrix[i][j] = matrix[j][i]
    change = solve(matrix, list(gradient))
    decrement = total(g * c for g, c in zip(gradient, change, strict=True))
    return weights * np.exp(-np.clip(change, -_LONGEST_STEP, _LONGEST_STEP)), decrement, greatest


def _efficient_terms(weights: Array, aims: Array, salience: Array) -> Array:
    """Return x(α), shape (issues, runs): the aims' mean where nobody cares."""
    pulls = weights * salience
    pull = total(pulls.swapaxes(0, 1))
    drawn = total((pulls * aims).swapaxes(0, 1))
    mean = total(aims.swapaxes(0, 1)) / aims.shape[1]
    return np.where(pull > 0.0, drawn / np.maximum(pull, _TINY), mean)
