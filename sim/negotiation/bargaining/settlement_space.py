"""The settlement space: the utility of terms to each player, and the texts that a party can table.

Terms are a point x in [0, 1]^K, one number an issue. A party's text lies on the straight path from its own aims to
the others' (their mean), the same share conceded on every issue; along that path every utility is a polynomial of
the share, so that no array over issues is needed while runs go on. The efficient texts of a mediator are in
`nash_text`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sim.negotiation.equations.linear_systems import total
from sim.negotiation.equations.rules import Real
from sim.negotiation.equations.run_axis import EVERYWHERE, PerRun, Places, select_runs

Terms = list[Real]
"""A point of the settlement space: one number (or array of shape (runs,)) for each issue, in the order of issues."""


def normalised(weights: Sequence[Real]) -> list[Real]:
    """Return the salience weights of the settlement space divided by their sum, run by run.

    The schema guarantees a positive sum.
    """
    whole = total(weights)
    return [weight / whole for weight in weights]


def utility(terms: Sequence[Real], aims: Sequence[Real], salience: Sequence[Real], exponent: int) -> Real:
    """Return the utility of terms in the settlement space: u_i(x) = 1 − Σ_k w_ik·|x_k − θ_ik|^p, in [0, 1].

    Each argument has one entry an issue.
    Source: weighted distance from an ideal point (spatial model; Hinich & Munger 1997).
    """
    away = (np.abs(x - aim) for x, aim in zip(terms, aims, strict=True))
    return 1.0 - total(w * (d * d if exponent == 2 else d) for w, d in zip(salience, away, strict=True))


class SettlementSpace(PerRun):
    """Settlement space: the utility of any terms to each player, and the position of each party's own texts.

    `aims[i]` and `salience[i]` hold one number (or one array of shape (runs,)) for each issue; salience is normalised
    here. `exponent` p is 1 (linear loss) or 2 (quadratic). `parties` are the players that bargain; a mediator with a
    stake of its own is a player that does not.
    """

    def __init__(
        self,
        aims: Mapping[str, Sequence[Real]],
        salience: Mapping[str, Sequence[Real]],
        exponent: int,
        parties: Sequence[str],
    ) -> None:
        self.exponent = exponent
        self.parties = tuple(parties)
        self.aims = {player: list(aims[player]) for player in aims}
        self.salience = {player: normalised(salience[player]) for player in aims}
        self._goal = {party: self._mean_aims_of_others(party) for party in self.parties}
        self._whole = {party: self._loss_of_all(party) for party in self.parties}
        self._paths = {
            (author, reader): self._path(author, reader) for author in self.parties for reader in self.parties
        }

    def utility(self, player: str, terms: Sequence[Real]) -> Real:
        """Worth of terms to a player; see `utility`."""
        return utility(terms, self.aims[player], self.salience[player], self.exponent)

    def concession_terms(self, author: str, share: Real, rows: Places | slice = EVERYWHERE) -> Terms:
        """Terms of a party's text that concedes `share` of the way in the runs at `rows`: x = θ_i + λ·(θ̄_−i − θ_i).

        Source: concession along the line between ideal points of the spatial model (Hinich & Munger 1997).
        """
        aims, goals = select_runs(self.aims[author], rows), select_runs(self._goal[author], rows)
        return [aim + share * (goal - aim) for aim, goal in zip(aims, goals, strict=True)]

    def concession_share(self, author: str, loss: Real, rows: Places | slice = EVERYWHERE) -> Real:
        """Largest λ in [0, 1] at which a party's own text costs it at most `loss` of utility, in the runs at `rows`.

        Along the path the own loss is λ^p·S_i, S_i = Σ_k w_ik·|θ̄_k − θ_ik|^p; λ = 1 where the path costs nothing.
        Source: `utility` solved for λ.
        """
        whole = select_runs(self._whole[author], rows)
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.divide(loss, whole)
        share = np.where(np.asarray(whole) > 0.0, np.minimum(share, 1.0), 1.0)
        return np.sqrt(share) if self.exponent == 2 else share

    def concession_utility(self, author: str, reader: str, share: Real, rows: Places | slice = EVERYWHERE) -> Real:
        """Worth to `reader` of a text in which `author` concedes `share`, at `rows`; a number or (rows,)."""
        if self._is_polynomial(author, reader):
            loss: Real = 0.0
            for coefficient in reversed(self._paths[author, reader]):
                loss = select_runs(coefficient, rows) + share * loss
            return 1.0 - np.clip(loss, 0.0, 1.0)  # rounding may leave −1e-17
        terms = self.concession_terms(author, share, rows)
        return utility(
            terms, select_runs(self.aims[reader], rows), select_runs(self.salience[reader], rows), self.exponent
        )

    def utility_of_conceding(self, party: str, rows: Places | slice = EVERYWHERE) -> Real:
        """Worth to a party of the others' mean aims, to which it would have conceded everything: 1 − S_i, at `rows`."""
        return 1.0 - np.asarray(select_runs(self._whole[party], rows))

    def _mean_aims_of_others(self, party: str) -> Terms:
        others = [self.aims[other] for other in self.parties if other != party]
        return [total(aims) / len(others) for aims in zip(*others, strict=True)]

    def _is_polynomial(self, author: str, reader: str) -> bool:
        """With linear loss and three or more parties the path passes other parties' aims: kinks, no polynomial."""
        return self.exponent == 2 or len(self.parties) == 2 or author == reader

    def _loss_of_all(self, party: str) -> Real:
        """Loss S_i of a party at the others' mean aims: what the whole path costs it."""
        return 1.0 - self.utility(party, self._goal[party])

    def _path(self, author: str, reader: str) -> list[Real]:
        """Coefficients in λ, lowest first, of the reader's loss along the author's path."""
        if self.exponent == 1:
            # To the author the loss grows from nothing; to the one other party it shrinks to nothing.
            whole = self._whole[reader]
            return [0.0, whole] if author == reader else [whole, -whole]
        starts = [a - r for a, r in zip(self.aims[author], self.aims[reader], strict=True)]
        steps = [g - a for g, a in zip(self._goal[author], self.aims[author], strict=True)]
        loss: list[Real] = [0.0, 0.0, 0.0]
        for weight, start, step in zip(self.salience[reader], starts, steps, strict=True):
            loss[0] = loss[0] + weight * start * start
            loss[1] = loss[1] + 2.0 * weight * start * step
            loss[2] = loss[2] + weight * step * step
        return loss
