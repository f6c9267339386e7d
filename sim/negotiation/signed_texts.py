"""Signed texts: what is recorded when all parties accept a text, and how that text binds them afterwards."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.negotiation.agents import Mediator, Party, Values
from sim.negotiation.bargaining.nash_text import nash_text
from sim.negotiation.bargaining.settlement_space import SettlementSpace
from sim.negotiation.equations import rules
from sim.negotiation.equations.rules import Real
from sim.negotiation.equations.run_axis import Places, select_runs
from sim.negotiation.implementation import Aftermath

Array = NDArray[np.float64]


class Signatures:
    """Signed texts' utility to each party, and the best that was possible then: arrays (runs,), valid where signed."""

    def __init__(self, space: SettlementSpace, runs: int) -> None:
        self._exponent, self._parties = space.exponent, space.parties
        self._aims, self._salience = (
            {party: [np.ones(runs) for _ in taste[party]] for party in space.parties}
            for taste in (space.aims, space.salience)
        )
        self._worth, self._outside = ({party: np.zeros(runs) for party in space.parties} for _ in range(2))

    def sign(
        self,
        rows: Places,
        space: SettlementSpace,
        parties: Mapping[str, Party],
        worth: Mapping[str, Array],
        kept: Places,
    ) -> None:
        """Write down the texts signed in the runs at `kept`, which are rows `rows`, worth `worth` (kept,) to all."""
        for name, party in parties.items():
            self._worth[name][rows] = worth[name]
            self._outside[name][rows] = select_runs(party.worth_of_none, kept)
            for kept_tastes, tastes in ((self._aims, space.aims), (self._salience, space.salience)):
                for column, taste in zip(kept_tastes[name], tastes[name], strict=True):
                    column[rows] = select_runs(taste, kept)

    def efficiency(self, rows: Places) -> Array:
        """Nash product of the terms signed over its greatest value, in [0, 1]; shape (rows,).

        Gains are counted from the reservation values, without distrust. NaN where no terms leave everybody a gain; 0
        where somebody signed for less than no settlement. Source: Nash (1950).
        """
        space = SettlementSpace(self._aims, self._salience, self._exponent, self._parties)
        outside = {name: floor[rows] for name, floor in self._outside.items()}
        best = nash_text(space, dict.fromkeys(self._parties, 1.0), outside, rows)
        signed, greatest = np.ones(len(rows)), np.ones(len(rows))
        for name in self._parties:
            signed = signed * np.maximum(self._worth[name][rows] - outside[name], 0.0)
            greatest = greatest * (best.utility[name] - outside[name])
        return np.where(best.exists, np.minimum(signed / np.where(best.exists, greatest, 1.0), 1.0), np.nan)


def bind(
    aftermath: Aftermath,
    rows: Places,
    parties: Mapping[str, Party],
    mediator: Mediator | None,
    guarantees: Mapping[str, Real],
    values: Values,
    worth: Mapping[str, Array],
    kept: Places,
) -> None:
    """Bind the parties to the text that they signed in the runs at `kept`, by recording their commitments.

    The runs are the rows `rows` of `aftermath`. `guarantees` is the strength of each guarantor then, `values` the
    parameters then, `worth` (kept,) the text's utility.
    """
    in_fact = rules.guarantee_in_fact(select_runs(list(guarantees.values()), kept))
    sanction = select_runs(values["implementation.penalty"], kept) * in_fact
    aftermath.drift[rows] = select_runs(values["battlefield.drift"], kept)
    aftermath.volatility[rows] = select_runs(values["battlefield.volatility"], kept)
    for name, party in parties.items():
        commitment = aftermath.commitments[name]
        commitment.margin[rows] = rules.margin_of_keeping(worth[name], sanction, select_runs(party.worth_of_none, kept))
        commitment.front[rows] = select_runs(party.front, kept)
        commitment.breach[rows] = rules.breach_probability(select_runs(party.reliability, kept), in_fact)
        if mediator is not None:
            commitment.support[rows] = mediator.support(party, kept)
            commitment.decay[rows] = select_runs(mediator.leverage_decay, kept)
