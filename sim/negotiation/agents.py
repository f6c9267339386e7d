"""Agents of the negotiation: parties and guarantors, each with its state in every run; mediator.py has the mediator.

An attribute is one number where it is the same in all runs, and an array of shape (runs,) where it is not. Agents
know their own numbers and judge by them; the order of a round and all random numbers belong to the model.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.negotiation.equations import rules
from sim.negotiation.equations.rules import Real, Truth
from sim.negotiation.equations.run_axis import EVERYWHERE, PerRun, Places, select_runs
from sim.negotiation.mesa_core import Agent, Model

Array = NDArray[np.float64]
Values = Mapping[str, Any]
"""Every parameter path with its number, word or array of shape (runs,)."""

_NEVER = -np.inf  # worth of a text that was never tabled


@dataclass
class Judgement:
    """Judgement by a party agent of the texts on the table, with an entry per text: (texts,).

    `value` is V_i of the terms, `seen` that value as perceived, `chance` the probability of accepting, and `accepts`
    the answer, once it is given: a party accepts its own texts, unless they are declarations. `offers`: whether the
    answer offers the text to the others, which one that is given to the mediator in private need not.
    """

    value: Array
    seen: Array
    chance: Array
    accepts: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=bool))
    offers: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=bool))


class Actor(PerRun, Agent):  # type: ignore[misc]
    """Agent with a name that reads its parameters from the values of a scenario by path."""

    prefix: str
    parameters: tuple[str, ...]

    def __init__(self, model: Model, name: str) -> None:
        super().__init__(model)
        self.name = name

    def adopt(self, values: Values) -> None:
        """Take over the present value of every parameter of this actor (at the start, and after an event)."""
        for parameter in self.parameters:
            setattr(self, parameter, values[f"{self.prefix}.{parameter}"])


class Learner(Actor):
    """Agent that distrusts other agents and learns from their acts; `distrust[j]` has shape (runs,)."""

    trust_gain: Real
    trust_loss: Real
    distrust: dict[str, Array]

    def trust(self, other: str, size: Real, rows: Places | slice) -> None:
        """Learn from cooperative acts by `other` in the runs at `rows`, of a size that is a number or (rows,)."""
        if not is_nothing(self.trust_gain):
            distrust, gain = self.distrust[other], select_runs(self.trust_gain, rows)
            distrust[rows] = rules.after_cooperation(distrust[rows], gain, size)

    def resent(self, other: str, size: Real, rows: Places | slice) -> None:
        """Learn from hostile acts by `other` in the runs at `rows`, of a size that is a number or (rows,)."""
        if not is_nothing(self.trust_loss):
            distrust, loss = self.distrust[other], select_runs(self.trust_loss, rows)
            distrust[rows] = rules.after_hostility(distrust[rows], loss, size)


class Party(Learner):
    """Agent for one side of the conflict, which tables texts, answers those of others, learns, and may walk out.

    `distrust[j]` (runs,): how likely the party thinks it that j breaks its word; `best[j]` (runs,): the most the party
    has offered j so far, in j's utility; `last[j]` (runs,): what its previous own text was worth to j; `place` (runs,):
    where among the parties, from 0, the floor reaches it: drawn, so that no name has an advantage.
    """

    parameters = (
        "reservation", "betrayal_loss", "concession", "precondition", "devaluation", "contact_aversion",
        "trust_gain", "trust_loss", "impatience", "war_cost", "front", "reliability", "pace",
    )  # fmt: skip
    reservation: Real
    betrayal_loss: Real
    concession: Real
    pace: Real
    precondition: Real
    devaluation: Real
    contact_aversion: Real
    trust_gain: Real
    trust_loss: Real
    impatience: Real
    war_cost: Real
    front: Real
    reliability: Real
    place: NDArray[np.int64]

    def __init__(self, model: Model, name: str, others: Iterable[str]) -> None:
        super().__init__(model, name)
        self.prefix = f"parties.{name}"
        self.others = tuple(others)
        self.distrust: dict[str, Array] = {}
        self.best: dict[str, Array] = {}
        self.last: dict[str, Array] = {}

    def adopt(self, values: Values) -> None:
        """Take over the present parameters; see `Actor.adopt`. Nobody plans beyond a deadline."""
        super().adopt(values)
        self.pace = np.minimum(self.pace, values.get("deadline", np.inf))

    def declare(self, worth_of_aims: Mapping[str, Real], runs: int) -> None:
        """Declare aims: what they give each other party is the first thing offered to it."""
        for other in self.others:
            self.best[other] = np.full(runs, worth_of_aims[other])
            self.last[other] = np.full(runs, _NEVER)

    def reckon(self, round_: int, battlefield: Real, guarantees: Mapping[str, Real], support: Real) -> None:
        """Work out this round's reservation value, risk, and what the party could get.

        `guarantees` is the strength of each guarantor, `support` what signing is worth because the mediator wants it.
        Sets, each a number or (runs,): `worth_of_none` r_i, `betrayed` s_i, `least` m_i, `unguaranteed` (the share of
        the risk that guarantees leave), `risk` D_i, `greatest` V_i^max, `spare` max(V_i^max − m_i, 0), `able` (to sign
        some text), `mute` (with nothing to table at all).
        """
        self.worth_of_none = rules.reservation(self.reservation, self.front, battlefield, self.war_cost, round_)
        self.betrayed = self.worth_of_none - self.betrayal_loss
        self.least = self.worth_of_none + self.precondition
        believed = [strength * (1.0 - self.distrust[name]) for name, strength in guarantees.items()]
        self.unguaranteed = rules.discounted_distrust(1.0, believed)
        self.risk = rules.joint_distrust(self.distrust[other] * self.unguaranteed for other in self.others)
        self.greatest = rules.value(1.0, self.betrayed, self.risk)
        self.spare = np.maximum(self.greatest - self.least, 0.0)
        self.round = round_
        self.able: Truth = self.greatest + support >= self.least
        self.mute: Truth = (self.risk >= 1.0) & (np.asarray(support) <= 0.0)

    def elapsed(self, rows: Places | slice = EVERYWHERE) -> Real:
        """Share of its own time that has elapsed for the party by this round, min(1, t/τ_i); a number or (rows,)."""
        return rules.elapsed(self.round, select_runs(self.pace, rows))

    def conceded(self, rows: Places | slice = EVERYWHERE) -> Real:
        """Share φ_i of the way that the party has conceded by this round; a number or (rows,)."""
        return rules.conceded(self.elapsed(rows), select_runs(self.concession, rows))

    def asks(self, rows: Places | slice = EVERYWHERE) -> Real:
        """Value q_i that the party asks for this round in the runs at `rows`; a number or (rows,)."""
        return rules.requirement(select_runs(self.least, rows), select_runs(self.spare, rows), self.conceded(rows))

    def loss_allowed(self, rows: Places) -> Real:
        """Utility the party's own text may cost it this round in the runs at `rows`; a number or (rows,)."""
        return rules.loss_allowed(select_runs(self.spare, rows), self.conceded(rows), select_runs(self.risk, rows))

    def readiness(self, convening: Real, mediator: str | None, rows: Places | slice = EVERYWHERE) -> Real:
        """Probability of meeting the other parties face to face this round; a number or (rows,)."""
        toward_mediator = 1.0 if mediator is None else self.distrust[mediator][rows]
        distrusts = (self.distrust[other][rows] for other in self.others)
        aversion = select_runs(self.contact_aversion, rows)
        return rules.readiness(distrusts, aversion, select_runs(convening, rows), toward_mediator)

    def judge(
        self, worth: Array, rows: Places, distrust_of_author: Real, support: Real, sharpness: Real, asks: Real
    ) -> Judgement:
        """Judge texts worth `worth` in utility, (rows,), that are tabled in the runs at `rows`.

        `distrust_of_author`, `support`, `sharpness` and `asks`, the value required, are numbers or (rows,).
        """
        risk = select_runs(self.risk, rows)
        value = rules.value(worth, select_runs(self.betrayed, rows), risk)
        seen = rules.perceived(value, select_runs(self.devaluation, rows), distrust_of_author, support)
        chance = rules.acceptance(seen, asks, risk, sharpness)
        return Judgement(np.asarray(value), np.asarray(seen), np.asarray(chance))

    def offer(self, other: str, worth: Array, rows: Places) -> Array:
        """Offer `other` texts worth `worth` to it in the runs at `rows`; return sizes of cooperative acts, (rows,)."""
        best = self.best[other][rows]
        self.best[other][rows] = np.maximum(best, worth)
        return np.asarray(rules.better(worth, best))

    def retract(self, other: str, worth: Array, rows: Places) -> Array:
        """Table own texts worth `worth` to `other` in the runs at `rows`; return sizes of hostile acts, (rows,)."""
        size = rules.worse(worth, self.last[other][rows], self.best[other][rows])
        self.last[other][rows] = worth
        return np.asarray(size)


class Guarantor(Actor):
    """Agent for a guarantor, a third party that takes a share of the risk of betrayal on itself.

    Its share is `strength` γ_g, as far as it is believed.
    """

    prefix = "guarantors"
    parameters = ()
    strength: Real

    def adopt(self, values: Values) -> None:
        """Take over the present strength."""
        self.strength = values[f"guarantors.{self.name}"]


def is_nothing(value: Real) -> bool:
    """Return whether an agent's parameter is 0 in all runs, so that the term scaled by it can be left out."""
    return not isinstance(value, np.ndarray) and value == 0.0
