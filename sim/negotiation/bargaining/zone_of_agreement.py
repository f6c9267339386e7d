"""The zone of agreement of many players: the most that any terms can give to all of them above their floors.

The solvers of Nash texts (quadratic_loss, linear_loss) have an unknown a player and take the cube of their
number. Whether there is a zone of agreement at all is a smaller question: the greatest t for which some terms x give
every player i a utility u_i(x) ≥ R_i + t. Its unknowns are the terms and t, one an issue however many the players.

A primal-dual interior-point method solves it, with a slack s_i > 0 and a price z_i > 0 a player:

    u_i(x) − R_i − t = s_i,   Σ_i z_i = 1,   Σ_i z_i·∇u_i(x) = 0,   s_i·z_i = τ → 0.

Under linear loss a distance y_ik ≥ |x_k − θ_ik| stands for each player and issue, with slacks p = y − (x − θ) and
q = y + (x − θ) and prices of their own, which are eliminated player by player: the equations that are left have the
same form. Source: Boyd & Vandenberghe (2004, section 11.7).

Axes: k issues, i players, and last the runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.negotiation.bargaining.linear_loss import to_the_wall
from sim.negotiation.equations.linear_systems import solve
from sim.negotiation.equations.rules import Real

Array = NDArray[np.float64]

_FLOORS = (-1.0, 2.0)  # floors beyond are as good as these: utility lies between 0 and 1
_LEAST_WEIGHT = 1e-9  # of an issue about which nobody cares: its terms have to be somewhere
_CONVERGED = 1e-9  # largest violation of the conditions, in utility
_CENTRING = 0.1  # share of the present complementarity aimed at by each step
_SHORT_OF_WALL = 0.99  # share of the way to the nearest bound that a step may go
_MOST_STEPS = 80
_TOGETHER = 128  # runs whose numbers stay in the processor's caches


def bound_floors(floors: Mapping[str, Real]) -> list[Real]:
    """Return floors clipped to the bounds between which the margin of the zone of agreement is computed, per player.

    Utility is never as little or as much as these bounds, so `margin` takes floors in this form.
    """
    return [np.clip(floor, *_FLOORS) for floor in floors.values()]


class Margin(NamedTuple):
    """Margin of the zone of agreement: the surplus that terms can give every player above its floor, run by run.

    `surplus` (runs,): the greatest t at which some terms give every player its floor and t more, not above 0 where no
    terms clear every floor; `prices` (players, runs): weights that sum to 1, and `reach` (runs,) the most that
    Σ_i z_i·u_i can be with them: no terms clear floors of which Σ_i z_i·R_i is more.
    """

    surplus: Array
    prices: Array
    reach: Array


def margin(aims: Array, salience: Array, floors: Array, exponent: int) -> Margin:
    """Return the margin of the zone of agreement: the greatest surplus of some terms over all floors at once.

    `aims` and `salience` have shape (issues, players, runs), `floors` (players, runs); `exponent` is 1 (linear loss) or
    2 (quadratic). Good to 1e-8, where floors below −1 and above 2 count as −1 and 2.
    """
    runs = floors.shape[1]
    parts = [slice(first, first + _TOGETHER) for first in range(0, max(runs, 1), _TOGETHER)]
    found = [_margin(aims[..., part], salience[..., part], floors[:, part], exponent) for part in parts]
    return Margin(*(np.concatenate(column, axis=-1) for column in zip(*found, strict=True)))


def _margin(aims: Array, salience: Array, floors: Array, exponent: int) -> Margin:
    weights = np.maximum(salience, _LEAST_WEIGHT)
    method = (_Linear if exponent == 1 else _Quadratic)(aims, weights, np.clip(floors, *_FLOORS))
    runs = floors.shape[1]
    found = Margin(np.empty(runs), np.empty(floors.shape), np.empty(runs))
    going = np.arange(runs)
    for _ in range(_MOST_STEPS):
        with np.errstate(all="ignore"):  # a step that fails shows in numbers that are not finite, and is not taken
            left = method.step()
        worth = method.worth_of_terms()
        found.surplus[going] = (worth - method.floors).min(axis=0)
        found.prices[:, going] = method.price
        found.reach[going] = (method.price * worth).sum(axis=0)
        more = np.flatnonzero(left > _CONVERGED)
        if not more.size:
            break
        if more.size < going.size:
            method.keep(more)
            going = going[more]
    return found


class _Reduced(NamedTuple):
    """What is left to solve for dx and dt: dz_i = w_i·(v_i − g_i·dx + dt), with diag(c)·dx − Σ_i g_i·dz_i = b."""

    pull: Array  # g, (issues, players, runs)
    weight: Array  # w, (players, runs)
    want: Array  # v, (players, runs)
    curve: Array  # c, (issues, runs)
    push: Array  # b, (issues, runs)

    def solve(self, missing: Array) -> tuple[Array, Array]:
        """Return dx (issues, runs) and dt (runs,) for which Σ_i dz_i is what is `missing`, (runs,)."""
        rows = self.pull * self.weight
        issues = range(len(rows))
        edge = [-row.sum(axis=0) for row in rows]
        upper = {(k, j): (rows[k] * self.pull[j]).sum(axis=0) for k in issues for j in range(k, len(rows))}
        matrix = [[*(upper[min(k, j), max(k, j)] for j in issues), edge[k]] for k in issues]
        for k in issues:
            matrix[k][k] = matrix[k][k] + self.curve[k]
        matrix.append([*edge, self.weight.sum(axis=0)])
        right = [self.push[k] + (rows[k] * self.want).sum(axis=0) for k in issues]
        *terms, surplus = solve(matrix, [*right, missing - (self.weight * self.want).sum(axis=0)])
        return np.array(terms), surplus


class _Quadratic:
    """The method under quadratic loss: terms, surplus t, slacks and prices in some runs."""

    def __init__(self, aims: Array, salience: Array, floors: Array) -> None:
        self.aims, self.salience, self.floors = aims, salience, floors
        self.terms = aims.mean(axis=1)
        self.start()
        worth = self.worth()
        self.surplus = (worth - floors).min(axis=0) - 0.5
        self.slack = worth - floors - self.surplus
        self.price = np.full(floors.shape, 1.0 / len(floors))

    def start(self) -> None:
        """Set what else a loss needs."""

    def keep(self, runs: NDArray[np.intp]) -> None:
        """Go on in some of the runs only."""
        vars(self).update({name: array[..., runs] for name, array in vars(self).items()})

    def worth(self) -> Array:
        """Utilities as the method reckons with them, (players, runs)."""
        away = self.terms[:, None] - self.aims
        return np.asarray(1.0 - (self.salience * away * away).sum(axis=0))

    def worth_of_terms(self) -> Array:
        """Utilities of the present terms, (players, runs)."""
        return self.worth()

    def step(self) -> Array:
        """Take a Newton step; return the largest violation of the conditions before it, in utility, (runs,)."""
        slack, price = self.slack, self.price
        miss = self.worth() - self.floors - self.surplus - slack
        missing = 1.0 - price.sum(axis=0)
        gap, unbalanced = self.gap(), self.unbalanced()
        reduced = self.reduced(_CENTRING * gap, miss)
        terms, surplus = reduced.solve(missing)
        price_change = reduced.weight * (reduced.want - (reduced.pull * terms[:, None]).sum(axis=0) + surplus)
        changes = {"terms": terms, "surplus": surplus, "price": price_change}
        changes |= self.beside(changes, _CENTRING * gap, miss)
        walls = [to_the_wall(getattr(self, name), changes[name]) for name in self.positive]
        stride = np.minimum(1.0, _SHORT_OF_WALL * np.minimum.reduce(walls))
        moves = [np.abs(change).reshape(-1, stride.size).sum(axis=0) for change in changes.values()]
        failed = ~np.isfinite(stride + sum(moves))
        for name, change in changes.items():
            now = getattr(self, name)
            setattr(self, name, np.where(failed, now, now + stride * change))
        whole = gap * self.products
        left = np.maximum.reduce([whole, np.abs(miss).max(axis=0), np.abs(missing), unbalanced])
        return np.where(failed, 0.0, left)

    positive: tuple[str, ...] = ("slack", "price")

    @property
    def products(self) -> int:
        """How many products of a slack and its price there are."""
        return len(self.floors)

    def gap(self) -> Array:
        """Mean product of a slack and its price, (runs,)."""
        return np.asarray((self.slack * self.price).mean(axis=0))

    def unbalanced(self) -> Array:
        """How far the players' pulls are from balance, (runs,)."""
        return np.asarray(np.abs((self.price * self.pulls()).sum(axis=1)).max(axis=0))

    def pulls(self) -> Array:
        """Gradients of utility, (issues, players, runs)."""
        return np.asarray(-2.0 * self.salience * (self.terms[:, None] - self.aims))

    def reduced(self, centre: Array, miss: Array) -> _Reduced:
        """The equations for the change of terms and surplus."""
        pull = self.pulls()
        return _Reduced(
            pull,
            self.price / self.slack,
            centre / self.price - self.slack - miss,
            2.0 * (self.price * self.salience).sum(axis=1),
            (self.price * pull).sum(axis=1),
        )

    def beside(self, changes: dict[str, Array], centre: Array, miss: Array) -> dict[str, Array]:
        """The changes of everything else."""
        along = (self.pulls() * changes["terms"][:, None]).sum(axis=0)
        return {"slack": along - changes["surplus"] + miss}


class _Linear(_Quadratic):
    """The method under linear loss: with distances y, and the prices of y − (x − θ) and of y + (x − θ)."""

    positive = ("slack", "price", "over", "under", "over_price", "under_price")

    def start(self) -> None:
        """Set distances a little above what they must be, and prices that balance at equal prices of players."""
        away = self.terms[:, None] - self.aims
        self.distance = np.abs(away) + 0.1
        self.over, self.under = self.distance - away, self.distance + away
        self.over_price = self.under_price = 0.5 * self.salience / self.salience.shape[1]

    @property
    def products(self) -> int:
        """As above."""
        return len(self.floors) * (1 + 2 * len(self.terms))

    def worth(self) -> Array:
        """As above, distances being those of the method."""
        return np.asarray(1.0 - (self.salience * self.distance).sum(axis=0))

    def worth_of_terms(self) -> Array:
        """As above, distances being those of the terms."""
        return np.asarray(1.0 - (self.salience * np.abs(self.terms[:, None] - self.aims)).sum(axis=0))

    def gap(self) -> Array:
        """As above."""
        beside = self.over * self.over_price + self.under * self.under_price
        return np.asarray(((self.slack * self.price).sum(axis=0) + beside.sum(axis=(0, 1))) / self.products)

    def unbalanced(self) -> Array:
        """As above, and how far the prices of distances are from what distances cost."""
        cost = self.salience * self.price - self.over_price - self.under_price
        pulls = (self.over_price - self.under_price).sum(axis=1)
        return np.asarray(np.maximum(np.abs(pulls).max(axis=0), np.abs(cost).max(axis=(0, 1))))

    def _eliminated(self, centre: Array) -> tuple[Array, Array, Array]:
        """D, c and b of the distances' own equations, D·dy + c·dx + w·dz = b: (issues, players, runs) each."""
        first, second = self.over_price / self.over, self.under_price / self.under
        want = centre * (1.0 / self.over + 1.0 / self.under) - self.salience * self.price
        return first + second, second - first, want

    def reduced(self, centre: Array, miss: Array) -> _Reduced:
        """As above, the distances eliminated."""
        own, cross, want = self._eliminated(centre)
        share = self.salience / own
        pull = share * cross
        weight = 1.0 / (self.slack / self.price + (share * self.salience).sum(axis=0))
        short = miss - (share * want).sum(axis=0)
        push = -(centre * (1.0 / self.over - 1.0 / self.under) + cross / own * want).sum(axis=1)
        return _Reduced(
            pull, weight, centre / self.price - self.slack - short, (own - cross * cross / own).sum(axis=1), push
        )

    def beside(self, changes: dict[str, Array], centre: Array, miss: Array) -> dict[str, Array]:
        """As above, with the distances, their slacks and prices."""
        own, cross, want = self._eliminated(centre)
        terms = changes["terms"][:, None]
        distance = (want - cross * terms - self.salience * changes["price"]) / own
        over, under = distance - terms, distance + terms
        return {
            "slack": miss - changes["surplus"] - (self.salience * distance).sum(axis=0),
            "distance": distance,
            "over": over,
            "under": under,
            "over_price": (centre - self.over_price * over) / self.over - self.over_price,
            "under_price": (centre - self.under_price * under) / self.under - self.under_price,
        }
