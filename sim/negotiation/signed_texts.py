"""Signed texts: what is recorded when all parties accept a text, and how that text binds them afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.negotiation.agents import Judgement, Party, Values
from sim.negotiation.bargaining.nash_text import nash_text
from sim.negotiation.bargaining.settlement_space import SettlementSpace
from sim.negotiation.equations import rules
from sim.negotiation.equations.rules import Real
from sim.negotiation.equations.run_axis import Places, select_runs
from sim.negotiation.implementation import TIE, Aftermath
from sim.negotiation.mediator import Mediator

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


def is_below_war(
    parties: Mapping[str, Party],
    mediator: Mediator | None,
    answers: Mapping[str, Judgement],
    which: Places,
    kept: Places,
) -> NDArray[np.bool_]:
    """Whether somebody signed for less than war, by error, the texts `which` that were signed in the runs at `kept`.

    What signing is worth is the value of the terms with what the mediator adds to it by leverage; (kept,).
    """
    below = np.zeros(len(kept), dtype=bool)
    for name, party in parties.items():
        support: Real = 0.0 if mediator is None else mediator.support(party, kept)
        below |= answers[name].value[which] + support < select_runs(party.worth_of_none, kept) - TIE
    return below


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

    def now(value: Any) -> Any:
        return select_runs(value, kept)

    in_fact = rules.guarantee_in_fact(now(list(guarantees.values())))
    front, violations = now(values["implementation.front"]), now(values["implementation.violations"])
    aftermath.drift[rows] = now(values["battlefield.drift"]) * front
    aftermath.volatility[rows] = now(values["battlefield.volatility"]) * front
    aftermath.severity[rows] = now(values["incidents.severity"])
    aftermath.monitoring[rows] = now(values["implementation.monitoring"])
    for name, party in parties.items():
        aftermath.violations[name][rows] = now(values[f"incidents.rate.{name}"]) * violations
        commitment = aftermath.commitments[name]
        commitment.utility[rows] = worth[name]
        commitment.outside[rows] = now(party.worth_of_none)
        commitment.betrayal_loss[rows] = now(party.betrayal_loss)
        commitment.sanction[rows] = now(values["implementation.penalty"]) * in_fact
        commitment.front[rows] = now(party.front)
        commitment.breach[rows] = rules.breach_probability(now(party.reliability), in_fact)
        commitment.unguaranteed[rows] = now(party.unguaranteed)
        commitment.trust_loss[rows] = now(party.trust_loss)
        for other in party.others:
            commitment.distrust[other][rows] = now(party.distrust[other])
        if mediator is not None:
            commitment.support[rows] = mediator.support(party, kept)
            commitment.decay[rows] = now(mediator.leverage_decay)
