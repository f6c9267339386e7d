"""The Nash text: the efficient terms on the contract curve that maximise a Nash product.

Solvers for each shape of loss, of two players and of more, answer the same question run by run: which terms maximise
Π_i (u_i(x) − R_i)^e_i over all terms that clear every floor R_i, and are there any?
Sources: Nash (1950) for the product, Kalai (1977) for unequal exponents; Tollison & Willett (1979) for the gain from
linking issues.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.negotiation.bargaining import linear_loss, quadratic_loss, two_players
from sim.negotiation.bargaining.quadratic_loss import THINNEST
from sim.negotiation.bargaining.settlement_space import SettlementSpace, Terms
from sim.negotiation.bargaining.zone_of_agreement import Margin, margin
from sim.negotiation.equations.linear_systems import total
from sim.negotiation.equations.rules import Real
from sim.negotiation.equations.run_axis import select_runs

Array = NDArray[np.float64]

_LEAST_EXPONENT = 1e-8  # a player whose gain weighs nothing still has a floor to be cleared


@dataclass(frozen=True)
class Text:
    """Nash text: the efficient terms of every run asked about, with their utilities and Nash weights.

    `exists` (runs,): whether any text clears every floor; `terms`: one array (runs,) an issue; `utility`: what they
    are worth to each player, (runs,); `weights`: in proportion to each player's Nash weight α_i = e_i/(u_i − R_i),
    (runs,); `reach`: the most that Σ_i α_i·u_i can be over all terms, (runs,), infinite where it is not known. Where
    `exists` is False terms and utility mean nothing, but the weights show why: Σ_i α_i·R_i is all but the reach.
    """

    exists: NDArray[np.bool_]
    terms: Terms
    utility: dict[str, Array]
    weights: dict[str, Array]
    reach: Array

    def where_it_exists(self) -> Text:
        """Return the text of those runs only where there is one."""
        return self if self.exists.all() else Text(**select_runs(vars(self), np.flatnonzero(self.exists)))


def nash_text(
    space: SettlementSpace,
    exponents: Mapping[str, Real],
    floors: Mapping[str, Real],
    kept: NDArray[np.intp],
    start: Mapping[str, Array] | None = None,
) -> Text:
    """Return the Nash text, which maximises the product of gains Π_i (u_i(x) − R_i)^e_i over all terms.

    Only terms where every u_i exceeds R_i count. The result is for the runs in `kept` (indexes along the first axis of
    `space`). `exponents` and `floors` name the players that count and are numbers or arrays of shape (kept,), as is
    what `start` may give: the weights of a nearby problem, from which fewer steps are needed. Terms are good to 1e-6.
    Source: Nash (1950), Kalai (1977).
    """
    runs = len(kept)
    aims, salience = (_stacked(taste, exponents, kept) for taste in (space.aims, space.salience))
    power = _rows((np.maximum(value, _LEAST_EXPONENT) for value in exponents.values()), runs)
    least = _rows((floors[player] for player in exponents), runs)
    if space.exponent == 2:
        first = power if start is None else _rows((start[player] for player in exponents), runs)
        maximise = two_players.quadratic if len(exponents) == 2 else quadratic_loss.maximise
        exists, weights, terms = maximise(aims, salience, power, least, first)
    else:
        solve = two_players.linear if len(exponents) == 2 else linear_loss.maximise
        exists, weights, terms = solve(aims, salience, power, least)
    away = np.abs(terms[:, None] - aims)
    worth = 1.0 - total(salience * (away * away if space.exponent == 2 else away))
    reach = total(weights * worth) if space.exponent == 2 else np.full(runs, np.inf)
    utilities, shares = (dict(zip(exponents, each, strict=True)) for each in (worth, weights))
    return Text(exists, list(terms), utilities, shares, reach)


def margin_of_zone(space: SettlementSpace, floors: Mapping[str, Real], kept: NDArray[np.intp]) -> Margin:
    """Return the greatest common gain over all floors, from which it is known whether a Nash text can exist.

    This is the most that some terms can give every player above its floor, in runs `kept` (zone_of_agreement.py).
    """
    aims, salience = (_stacked(taste, floors, kept) for taste in (space.aims, space.salience))
    return margin(
        aims, salience, _rows((select_runs(floor, kept) for floor in floors.values()), len(kept)), space.exponent
    )


def out_of_reach(weights: Mapping[str, Array], reach: Array, floors: Mapping[str, Real]) -> NDArray[np.bool_]:
    """Return the runs in which the weights of an earlier Nash text prove that no text clears the present floors.

    Shape (runs,); `weights` and `reach` are those of an earlier `Text`. Tastes must be those of that text. Source: the
    dual of `nash_text` (see quadratic_loss.py).
    """
    asked = total(weights[player] * floor for player, floor in floors.items())
    return np.asarray(reach - asked <= THINNEST * total(weights[player] for player in floors))


def _stacked(taste: Mapping[str, list[Real]], players: Iterable[str], kept: NDArray[np.intp]) -> Array:
    """Return aims or salience of some players in the runs `kept` as one array (issues, players, runs)."""
    ordered = list(zip(*(taste[player] for player in players), strict=True))
    stacked = np.empty((len(ordered), len(ordered[0]), len(kept)))
    for row, numbers in zip(stacked, ordered, strict=True):
        for column, number in zip(row, numbers, strict=True):
            column[:] = select_runs(number, kept)
    return stacked


def _rows(values: Iterable[Real], runs: int) -> Array:
    """Return numbers or arrays of shape (runs,) as the rows of one array."""
    return np.array([np.broadcast_to(value, runs) for value in values])
