"""The Nash text of two players, with a single unknown per run whatever the number of issues.

With weights s and 1 − s the efficient text is x_k(s) = (s·w_1k·θ_1k + (1 − s)·w_2k·θ_2k)/(s·w_1k + (1 − s)·w_2k) under
quadratic loss, and under linear loss the issues go over to the first player in the order of the ratio of saliences.
Either way the Nash text is where s·e_2·(u_1 − R_1) = (1 − s)·e_1·(u_2 − R_2). For more players, and for a mediator with
a stake of its own, see `quadratic_loss` and `linear_loss`.

Axes: k issues, and last the runs. Sums over issues are written out in order (`total`), so that a run's numbers do not
depend on the runs beside it. Source: Raiffa (1982) on contract curves; Nash (1950).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.negotiation.bargaining.quadratic_loss import THINNEST
from sim.negotiation.equations.linear_systems import total

Array = NDArray[np.float64]

_CONVERGED = 1e-3  # last step of s, relative to s·(1 − s); Newton's method squares what is left
_MOST_STEPS = 100
_WORTH_DROPPING = 0.5  # share of runs that are done from which it pays to go on without them


def quadratic(
    aims: Array, salience: Array, power: Array, floors: Array, start: Array
) -> tuple[NDArray[np.bool_], Array, Array]:
    """Return the Nash text of two players under quadratic loss, by Newton's method on their relative weight.

    That is whether one exists (runs,), its weights (2, runs) up to scale, and its terms (issues, runs). `aims` and
    `salience` have shape (issues, 2, runs); exponents `power`, `floors` and positive weights `start` (2, runs).
    Newton's method on s, kept within what is known to enclose it. Where no text exists the weights show it: there max
    over x of Σ_i α_i·(u_i(x) − R_i) is nothing.
    """
    share = start[0] / (start[0] + start[1])
    going = np.arange(share.size)
    exists = np.ones(share.size, dtype=bool)
    problem = _Problem(aims, salience, power, floors, share)
    for _ in range(_MOST_STEPS):
        problem.step()
        share[going], exists[going] = problem.share, problem.possible
        finished = np.count_nonzero(problem.done)
        if finished == going.size:
            break
        if finished > _WORTH_DROPPING * going.size:
            kept = np.flatnonzero(~problem.done)
            going, problem = going[kept], problem.of(kept)
    else:
        exists[going[~problem.done]] = False  # the zone is a point, or all but a point: nothing worth tabling
    weights = np.array([share, 1.0 - share])
    pulls = weights * salience
    pull = pulls[:, 0] + pulls[:, 1]
    drawn = pulls[:, 0] * aims[:, 0] + pulls[:, 1] * aims[:, 1]
    nobody = pull <= 0.0
    mean = 0.5 * (aims[:, 0] + aims[:, 1])
    return exists, weights, np.where(nobody, mean, drawn / np.where(nobody, 1.0, pull))


class _Problem:
    """Unknowns and data of the method: `share` s, what encloses it, and which runs are `done`; the runs are last."""

    def __init__(self, aims: Array, salience: Array, power: Array, floors: Array, share: Array) -> None:
        first, second = salience[:, 0], salience[:, 1]
        gap = aims[:, 0] - aims[:, 1]
        both = first * second
        stake = both * (gap * gap)
        self.second = second + (first + second <= 0.0)  # where nobody cares, nobody tugs: any pull will do
        self.more = first - second
        self.loss_first, self.loss_second = stake * second, stake * first
        self.bend = 2.0 * (stake * both)
        self.power, self.room = power, 1.0 - floors
        self.share = share.copy()
        self.low, self.high = np.zeros(share.size), np.ones(share.size)
        self.possible, self.done = np.ones(share.size, dtype=bool), np.zeros(share.size, dtype=bool)

    def of(self, kept: NDArray[np.intp]) -> _Problem:
        """Return the method for the runs in `kept` only."""
        part = object.__new__(_Problem)
        vars(part).update({name: array.take(kept, axis=-1) for name, array in vars(self).items()})
        return part

    def step(self) -> None:
        """Take one step in the runs that are not done."""
        share, left = self.share, 1.0 - self.share
        pull = self.second + share * self.more
        tug = 1.0 / (pull * pull)
        gain_first = self.room[0] - left * left * total(self.loss_first * tug)
        gain_second = self.room[1] - share * share * total(self.loss_second * tug)
        possible = share * gain_first + left * gain_second > THINNEST
        worth_first, worth_second = self.power[1] * gain_first, self.power[0] * gain_second
        excess = share * worth_first - left * worth_second
        spread = share * left
        bend = total(self.bend * (tug / pull))
        slope = worth_first + worth_second + spread * bend * (self.power[0] + self.power[1])
        short = excess < 0.0
        self.low, self.high = np.where(short, share, self.low), np.where(short, self.high, share)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            better = share - excess / slope
        inside = (better >= self.low) & (better <= self.high)
        better = np.where(inside, better, 0.5 * (self.low + self.high))
        self.share = np.where(self.done | ~possible, share, better)
        self.possible &= possible | self.done
        self.done |= ~possible | (inside & (np.abs(better - share) < _CONVERGED * spread))


def linear(aims: Array, salience: Array, power: Array, floors: Array) -> tuple[NDArray[np.bool_], Array, Array]:
    """Return the Nash text of two players under linear loss, by walking along their contract curve.

    That is whether one exists, its weights and its terms, shaped as those of `quadratic`. The frontier is walked from
    the second player's aims to the first's. Along one issue both gains are straight lines, so that the best point has a
    closed form; gains are concave along the walk, so that the issue on which it ends is the first that does not go over
    as a whole.
    """
    distance = np.abs(aims[:, 0] - aims[:, 1])
    rise, fall = salience[:, 0] * distance, salience[:, 1] * distance
    cared = salience[:, 0] + salience[:, 1]
    order = np.argsort(-salience[:, 0] / np.where(cared > 0.0, cared, 1.0), axis=0, kind="stable")
    rises, falls = np.take_along_axis(rise, order, axis=0), np.take_along_axis(fall, order, axis=0)
    first, second = 1.0 - total(rise) - floors[0], 1.0 - floors[1]
    moved = np.zeros_like(rise)
    walking = np.ones(rise.shape[1], dtype=bool)
    for part, up, down in zip(moved, rises, falls, strict=True):
        with np.errstate(divide="ignore", invalid="ignore"):
            best = (power[0] * up * second - power[1] * down * first) / (up * down * (power[0] + power[1]))
        best = np.where(down <= 0.0, 1.0, np.where(up <= 0.0, 0.0, np.clip(best, 0.0, 1.0)))
        part[:] = np.where(walking, best, 0.0)
        first, second = first + part * up, second - part * down
        walking &= part >= 1.0
    shares = np.empty_like(moved)
    np.put_along_axis(shares, order, moved, axis=0)
    terms = aims[:, 1] + shares * (aims[:, 0] - aims[:, 1])
    exists = (first > 0.0) & (second > 0.0) & (first + second > 2.0 * THINNEST)
    gains = np.where(exists, [first, second], 1.0)
    return exists, power / gains, np.where(cared > 0.0, terms, 0.5 * (aims[:, 0] + aims[:, 1]))
