"""The mediator as an agent: it opens channels, convenes meetings, tables texts and applies leverage.

What it knows of the parties' floors is what they confide to it, and otherwise its own judgement, which may be wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.negotiation.agents import Array, Learner, Party, Values, is_nothing
from sim.negotiation.equations import rules
from sim.negotiation.equations.linear_systems import total
from sim.negotiation.equations.rules import Real
from sim.negotiation.equations.run_axis import Places, select_runs
from sim.negotiation.mesa_core import Model

_SAME_TERMS = 1e-6  # terms of texts that differ by no more on any issue are the same


class Mediator(Learner):
    """Agent for the mediator, which opens channels, convenes meetings, tables texts and applies leverage.

    It does so as far as its style goes. `present` (runs,): False once it has given up; `bias[i]`, `leverage[i]`: per
    party; `distrust[i]` (runs,); `deviates[i]` (runs,): standard normal, in which direction and how far it misjudges
    party i; `refused` (issues, runs): terms of its text that was refused when it last had the floor, NaN if none was;
    `weights[i]` and `reach` (runs,): of its last search for a text, where the next one starts (see `nash_text.Text`).
    """

    prefix = "mediator"
    parameters = (
        "style", "shuttle", "convening", "stake", "trust_gain", "trust_loss", "impatience", "leverage_decay",
        "caucus", "misjudgement",
    )  # fmt: skip
    style: str
    shuttle: Real
    convening: Real
    stake: Real
    trust_gain: Real
    trust_loss: Real
    impatience: Real
    leverage_decay: Real
    caucus: Real
    misjudgement: Real

    def __init__(self, model: Model, name: str, parties: Iterable[str], runs: int, issues: int) -> None:
        super().__init__(model, name)
        self.parties = tuple(parties)
        self.present = np.ones(runs, dtype=bool)
        self.distrust: dict[str, Array] = {}
        self.bias: dict[str, Real] = {}
        self.leverage: dict[str, Real] = {}
        self.deviates: dict[str, Array] = {}
        self.refused = [np.full(runs, np.nan) for _ in range(issues)]
        self.weights = {player: np.ones(runs) for player in (*self.parties, name)}
        self.reach = np.full(runs, np.inf)

    def adopt(self, values: Values) -> None:
        """Take over the present parameters; see `Actor.adopt`."""
        super().adopt(values)
        self.reach = np.full_like(self.reach, np.inf)  # tastes may be others now
        self.bias = {party: values[f"mediator.bias.{party}"] for party in self.parties}
        self.leverage = {party: values[f"mediator.leverage.{party}"] for party in self.parties}

    @property
    def formulates(self) -> bool:
        """Whether the mediator tables texts of its own: from formulation upwards."""
        return self.style != "facilitation"

    def channel(self, party: Party, rows: Places | slice) -> Real:
        """Probability that a party accepts the mediator's channel in the runs at `rows`; (rows,)."""
        aversion = select_runs(party.contact_aversion, rows)
        return rules.channel(select_runs(self.shuttle, rows), party.distrust[self.name][rows], aversion)

    def support(self, party: Party, rows: Places | slice) -> Real:
        """What signing is worth to a party because the mediator wants it: L_i·(1 − d_iM); a number or (rows,)."""
        leverage = self.leverage[party.name]
        if self.style != "manipulation" or is_nothing(leverage):
            return 0.0
        trusted = (1.0 - party.distrust[self.name][rows]) * self.present[rows]
        return np.asarray(select_runs(leverage, rows) * trusted)

    def floor(self, party: Party, rows: Places) -> Array:
        """Utility R^M_i that the mediator's own text must give a party in the runs at `rows`; shape (rows,)."""
        leverage = select_runs(self.leverage[party.name], rows) if self.style == "manipulation" else 0.0
        devaluation, distrust = select_runs(party.devaluation, rows), party.distrust[self.name][rows]
        least = rules.mediated_least(select_runs(party.least, rows), devaluation, distrust, leverage)
        floors = rules.floor(least, select_runs(party.betrayed, rows), select_runs(party.risk, rows))
        return np.asarray(np.clip(floors, -1e9, 1e9))

    def floor_as_seen(self, party: Party, rows: Places) -> Array:
        """Floor of a party as the mediator sees it: R^M_i and its error about it, in the runs at `rows`; (rows,)."""
        floors = self.floor(party, rows)
        if is_nothing(self.misjudgement):
            return floors
        return floors + rules.error_about_floor(
            select_runs(self.misjudgement, rows),
            self.deviates[party.name][rows],
            select_runs(self.caucus, rows),
            party.distrust[self.name][rows],
        )

    def asked_in_private(self, party: Party, asks: Real, rows: Places) -> Real:
        """Value that a party asks of the mediator's own text, in the runs at `rows`; a number or (rows,).

        `asks` is what it asks of anybody else's, a number or (rows,).
        """
        if is_nothing(self.caucus):
            return asks
        least, caucus = select_runs(party.least, rows), select_runs(self.caucus, rows)
        return rules.private_requirement(asks, least, caucus, party.distrust[self.name][rows])

    def repeats(self, terms: Sequence[Real], rows: Places) -> NDArray[np.bool_]:
        """Whether it would table in the runs at `rows` what was refused when it last had the floor; (rows,).

        Only a mediator that may be wrong gives a text up for that; `terms` holds one array (rows,) an issue.
        """
        may_err = np.asarray(select_runs(self.misjudgement, rows)) > 0.0
        same = [np.abs(x - before[rows]) <= _SAME_TERMS for x, before in zip(terms, self.refused, strict=True)]
        return np.asarray(np.logical_and.reduce(same) & may_err)

    def forget_refusals(self, rows: Places) -> None:
        """Forget in the runs at `rows`, in which it has the floor, what was refused when it had it before."""
        if not is_nothing(self.misjudgement):
            for column in self.refused:
                column[rows] = np.nan

    def note_refusals(self, terms: Sequence[Real], rows: Places) -> None:
        """Note that its texts of the runs at `rows` were refused; `terms` holds one array (rows,) an issue."""
        for column, refused in zip(self.refused, terms, strict=True):
            column[rows] = refused

    def remember(self, weights: Mapping[str, Array], reach: Array, rows: Places) -> None:
        """Keep what the search for a text found in the runs at `rows`, to start the next one from."""
        self.reach[rows] = reach
        for player, weight in weights.items():
            self.weights[player][rows] = weight

    def mean_distrust(self) -> Array:
        """Mean distrust of the parties; shape (runs,)."""
        return np.asarray(total(self.distrust[party] for party in self.parties) / len(self.parties))
