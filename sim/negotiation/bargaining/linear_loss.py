"""The Nash text under linear loss, by a primal-dual interior-point method.

Under linear loss an issue is settled at the aim of one of the players, or between two aims at a tie: issues are
conceded in the order of the ratio of saliences until one is split. So terms are mixtures of aims, with shares
μ_kv ≥ 0 that sum to 1 on each issue k, and utilities are linear in the shares: u_i = 1 − Σ_kv c_ikv·μ_kv,
c_ikv = w_ik·|θ_vk − θ_ik|. Maximising Σ_i e_i·log(u_i − R_i) over the shares has the optimality conditions

    slack s_i = u_i − R_i,  α_i·s_i = e_i,  price z_kv = Σ_i α_i·c_ikv − ν_k ≥ 0,  μ_kv·z_kv = 0,

which are solved by Newton's method with μ_kv·z_kv = τ → 0. No text clears every floor if and only if some α ≥ 0 has
Σ_i α_i·(1 − R_i) ≤ Σ_k min_v Σ_i α_i·c_ikv.

Source: Boyd & Vandenberghe (2004, section 11.7); the order of concessions is in Raiffa (1982).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.negotiation.bargaining.quadratic_loss import THINNEST
from sim.negotiation.equations.linear_systems import solve, total

Array = NDArray[np.float64]

_CONVERGED = 1e-10  # largest violation of the conditions, in utility
_GOOD_ENOUGH = 1e-6  # what a search that cannot go on may be off by: as much as is promised of terms
_CENTRING = 0.1  # share of the present complementarity aimed at by each step
_BEHIND = 0.1  # relative violation of the other conditions above which complementarity waits for them
_SHORT_OF_WALL = 0.99  # share of the way to the nearest bound that a step may go
_MOST_STEPS = 100


def maximise(aims: Array, salience: Array, power: Array, floors: Array) -> tuple[NDArray[np.bool_], Array, Array]:
    """Maximise the Nash product under linear loss by an interior-point method, for any number of players.

    Returns whether a Nash text exists (runs,), its weights α (players, runs), and its terms (issues, runs). `aims` and
    `salience` have shape (issues, players, runs); exponents `power` and `floors` (players, runs). Each run stops by its
    own criterion, so that its numbers do not depend on the runs beside it.
    """
    runs = power.shape[1]
    costs = salience.swapaxes(0, 1)[:, :, None] * np.abs(aims[None] - aims.swapaxes(0, 1)[:, :, None])
    solver = _Solver(costs, power, 1.0 - floors)
    exists = np.ones(runs, dtype=bool)
    shares, weights = np.empty(costs.shape[1:]), np.empty(solver.weights.shape)
    going = np.arange(runs)
    for _ in range(_MOST_STEPS):
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):  # where no text exists, α runs away
            left = solver.step()
            impossible = solver.greatest() <= THINNEST * total(solver.weights)
        exists[going[impossible]] = False
        done = (left < _CONVERGED) | impossible
        shares[..., going], weights[:, going] = solver.shares, solver.weights
        solver, going = solver.of(np.flatnonzero(~done)), going[~done]
        if not going.size:
            break
    exists[going] = False  # the zone is a point, or all but a point: nothing worth tabling
    return exists, weights, total((shares * aims).swapaxes(0, 1))


class _Solver:
    """Unknowns and data of the method. Axes: i players, k issues, v vertices (whose aim), and last the runs."""

    def __init__(self, costs: Array, power: Array, room: Array) -> None:
        self.costs, self.power, self.room = costs, power, room
        self.shares = np.full(costs.shape[1:], 1.0 / costs.shape[2])
        self.weights = np.maximum(power, 0.1)
        self.slack = power / self.weights
        joint = total(self.weights[:, None, None] * costs)
        self.least = joint.min(axis=1) - 0.1
        self.prices = joint - self.least[:, None]

    def of(self, kept: NDArray[np.intp]) -> _Solver:
        """Return the method for the runs in `kept` only."""
        part = object.__new__(_Solver)
        vars(part).update({name: np.ascontiguousarray(array[..., kept]) for name, array in vars(self).items()})
        return part

    def greatest(self) -> Array:
        """Return max over terms of Σ_i α_i·(u_i − R_i) at the present weights; shape (runs,)."""
        joint = total(self.weights[:, None, None] * self.costs)
        return total(self.weights * self.room) - total(joint.min(axis=1))

    def step(self) -> Array:
        """Take one Newton step in place where needed; return the largest violation before it, in utility, (runs,)."""
        costs, weights, slack, shares, prices = self.costs, self.weights, self.slack, self.shares, self.prices
        loss = total(costs.transpose(1, 0, 2, 3) * shares[:, None]).transpose(1, 0, 2)
        short = self.room - slack - total(loss)
        miss = self.power / weights - slack
        dual_miss = total(weights[:, None, None] * costs) - self.least[:, None] - prices
        gap = total(total(shares * prices)) / (shares.size // len(self.room[0]))
        ratio = shares / prices
        behind = np.maximum.reduce([np.abs(short / slack).max(axis=0), np.abs(miss / slack).max(axis=0)])
        aim = np.where(behind > _BEHIND, 1.0, _CENTRING) * gap
        fresh = aim / prices - shares - ratio * dual_miss
        ratios = total(ratio.transpose(1, 0, 2))
        level = (1.0 - total((shares + fresh).transpose(1, 0, 2))) / ratios

        change = self._weights_change(ratio, ratios, fresh, level, miss - short)
        push = total(change[:, None, None] * costs)
        level = level + total((ratio * push).transpose(1, 0, 2)) / ratios
        shares_change = fresh - ratio * (push - level[:, None])
        prices_change = dual_miss + push - level[:, None]
        slack_change = miss - slack / weights * change
        moves = (weights, change), (slack, slack_change), (shares, shares_change), (prices, prices_change)
        stride = np.minimum(1.0, _SHORT_OF_WALL * np.minimum.reduce([to_the_wall(*move) for move in moves]))
        # Complementarity is in utility times weight: over the weights it is what the terms may still be off by.
        left = np.maximum.reduce([gap / total(weights), np.abs(short).max(axis=0), np.abs(miss).max(axis=0)])
        # In a thin zone the equations are all but singular near the solution: a step that fails ends the search there.
        failed = ~np.isfinite(stride + total(change) + total(slack_change) + total(level))
        moving = (left >= _CONVERGED) & ~failed
        self.weights = np.where(moving, weights + stride * change, weights)
        self.slack = np.where(moving, slack + stride * slack_change, slack)
        self.shares = np.where(moving, shares + stride * shares_change, shares)
        self.prices = np.where(moving, prices + stride * prices_change, prices)
        self.least = np.where(moving, self.least + stride * level, self.least)
        return np.where(failed & (left < _GOOD_ENOUGH), 0.0, left)

    def _weights_change(self, ratio: Array, ratios: Array, fresh: Array, level: Array, rest: Array) -> Array:
        """Solve for the change of α, everything else having been eliminated; shape (players, runs)."""
        players = range(len(self.weights))
        weighed = self.costs * ratio
        means = total(weighed.transpose(2, 0, 1, 3))
        matrix = [
            [total(total(weighed[i] * self.costs[j])) - total(means[i] * means[j] / ratios) for j in players]
            for i in players
        ]
        for i in players:
            matrix[i][i] = matrix[i][i] + self.slack[i] / self.weights[i]
        right = [rest[i] + total(total(self.costs[i] * fresh)) + total(means[i] * level) for i in players]
        return np.array(solve(matrix, right))


def to_the_wall(values: Array, changes: Array) -> Array:
    """Return the longest step of the interior-point method for linear loss that keeps all values positive.

    The largest stride over every axis but the last (the runs).
    """
    with np.errstate(divide="ignore"):
        strides = np.where(changes < 0.0, values / -changes, np.inf)
    return np.asarray(strides.reshape(-1, values.shape[-1]).min(axis=0))
