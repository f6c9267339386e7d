"""What is learnt in a round: who moves whose distrust, by what was offered, taken back, brought and met."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.negotiation import rules
from sim.negotiation.agents import Learner, Mediator, Party
from sim.negotiation.elimination import total
from sim.negotiation.rules import Real
from sim.negotiation.tabling import Table

Bools = NDArray[np.bool_]


def learn_from_offers(parties: Mapping[str, Party], mediator: Mediator | None, table: Table, going: Bools) -> None:
    """Move distrust by what parties offered: accepting a text that others refuse is offering it.

    `going` (runs,): where a text was tabled and not settled. A better offer than ever is a cooperative act towards
    the one it is better for; an own text worse than the previous one, a hostile act. The mediator learns from the
    same acts, at their mean over the receivers.
    """
    for name, offerer in parties.items():
        offered, authored = going & offerer.accepts, going & table.by(name)
        better, worse = [], []
        for other in offerer.others:
            worse.append(offerer.retract(other, table.worth[other], authored))
            better.append(offerer.offer(other, table.worth[other], offered))
            parties[other].learn(name, better[-1], worse[-1])
        if mediator is not None:
            mediator.learn(name, total(better) / len(better), total(worse) / len(worse))


def learn_of_mediator(parties: Mapping[str, Party], mediator: Mediator, table: Table, going: Bools) -> None:
    """Move distrust of the mediator by what its text would have brought each party, or by how far it fell short."""
    authored = going & table.by(mediator.name)
    if not authored.any():
        return
    for party in parties.values():
        surplus = rules.text_surplus(party.value, party.least, party.greatest)
        shortfall = rules.text_shortfall(party.value, party.least, party.risk)
        party.learn(mediator.name, np.where(authored, surplus, 0.0), np.where(authored, shortfall, 0.0))


def learn_from_meeting(learners: Mapping[str, Learner], parties: Mapping[str, Party], size: Real) -> None:
    """Move everybody's distrust of the parties by their having met: a cooperative act of `size` (runs,)."""
    for learner in learners.values():
        for other in parties:
            if other != learner.name:
                learner.learn(other, cooperation=size)
