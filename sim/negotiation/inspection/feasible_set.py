"""The feasible set of two parties in the plane of their utilities, and its Pareto frontier.

Worth is a weighted sum over issues, so the set is the sum (Minkowski) of one curve for each issue.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.negotiation.bargaining.settlement_space import utility

CELLS = 150
"""Cells along each utility, from 0 to 1, into which the feasible set is sorted."""

STEPS = 4 * CELLS
"""Places along an issue that are tried: close enough together that no cell between them is missed."""

Array = NDArray[np.float64]


def frontier(
    aims: Sequence[Sequence[float]], salience: Sequence[Sequence[float]], exponent: int, points: int = 201
) -> Array:
    """Return the Pareto frontier of the two parties' feasible set, as points in the plane of utilities: (n, 2).

    It goes from the second's best terms to the first's. `aims` and `salience` (normalised) hold one sequence over
    issues for each party; `exponent` is that of the loss. Quadratic loss: x_k = Σ_i α_i·w_ik·θ_ik / Σ_i α_i·w_ik;
    linear loss: issues are conceded in the order of the ratio of saliences. Source: Tollison & Willett (1979).
    """
    first, second = (np.asarray(aim, dtype=float) for aim in aims)
    mine, theirs = (np.asarray(weight, dtype=float) for weight in salience)
    if exponent == 2:
        share = np.linspace(0.0, 1.0, points)[:, None]
        weight = share * mine + (1.0 - share) * theirs
        pull = share * mine * first + (1.0 - share) * theirs * second
        terms = np.where(weight > 0, pull / np.where(weight > 0, weight, 1.0), 0.5 * (first + second))
        terms[0] = np.where(theirs > 0, second, first)
        terms[-1] = np.where(mine > 0, first, second)
    else:
        order = np.argsort(-mine / np.where(theirs > 0, theirs, 1e-300), kind="stable")
        terms = np.array([second] * (len(order) + 1))
        for place, issue in enumerate(order):
            terms[place + 1 :, issue] = first[issue]
    return np.array([utility(list(terms.T), aims[i], salience[i], exponent) for i in (0, 1)]).T


def occupied(aims: Sequence[Sequence[float]], salience: Sequence[Sequence[float]], exponent: int) -> NDArray[np.bool_]:
    """Return a grid over the plane of utilities that marks the cells within the feasible set of two parties.

    Shape (CELLS, CELLS), the second party upwards.
    """
    reached = np.zeros((CELLS, CELLS), dtype=bool)
    reached[0, 0] = True  # nothing lost by either, before any issue counts
    places = np.linspace(0.0, 1.0, STEPS)
    for issue in range(len(aims[0])):
        lost = (salience[i][issue] * np.abs(places - aims[i][issue]) ** exponent for i in (1, 0))
        shifts = np.unique(np.rint(np.stack([*lost], axis=1) * (CELLS - 1)).astype(int), axis=0)
        further = np.zeros_like(reached)
        for up, across in shifts:
            further[up:, across:] |= reached[: CELLS - up, : CELLS - across]
        reached = further
    return reached[::-1, ::-1]
