"""Distrust learning in a round: whose distrust moves, by texts offered, taken back or mediated, and by meetings."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.negotiation.agents import Judgement, Learner, Party
from sim.negotiation.bargaining.settlement_space import SettlementSpace
from sim.negotiation.equations import rules
from sim.negotiation.equations.linear_systems import total
from sim.negotiation.equations.rules import Real
from sim.negotiation.equations.run_axis import Places, select_runs
from sim.negotiation.mediator import Mediator
from sim.negotiation.proposals import Table

Bools = NDArray[np.bool_]


def learn_from_offers(
    parties: Mapping[str, Party],
    mediator: Mediator | None,
    table: Table,
    answers: Mapping[str, Judgement],
    among: Bools,
) -> None:
    """Update distrust by learning from the parties' offers: cooperative where improved, hostile where withdrawn.

    Accepting a text that others refuse is offering it, if it is said in public. `among` (texts,): where a text was not
    settled and is no declaration. A better offer than ever is a cooperative act towards the one it is better for; an
    own text worse than the previous one, a hostile act. The mediator learns from the same acts, at their mean over the
    receivers.
    """
    for name, offerer in parties.items():
        own, offered = table.of(name, among), np.flatnonzero(among & answers[name].offers)
        tabled, brought = table.rows[own], table.rows[offered]
        worse = [offerer.retract(other, table.worth[other][own], tabled) for other in offerer.others]
        better = [offerer.offer(other, table.worth[other][offered], brought) for other in offerer.others]
        for other, hostility, cooperation in zip(offerer.others, worse, better, strict=True):
            parties[other].trust(name, cooperation, brought)
            parties[other].resent(name, hostility, tabled)
        if mediator is not None:
            mediator.trust(name, total(better) / len(better), brought)
            mediator.resent(name, total(worse) / len(worse), tabled)


def learn_of_mediator(
    parties: Mapping[str, Party],
    mediator: Mediator,
    space: SettlementSpace,
    table: Table,
    among: Bools,
) -> None:
    """Update distrust of the mediator by learning from its text: what each party gains by it or falls short by."""
    own = table.of(mediator.name, among)
    rows = table.rows[own]
    for name, party in parties.items():
        least, betrayed, risk = select_runs([party.least, party.betrayed, party.risk], rows)
        worth, floor = table.worth[name][own], rules.floor(least, betrayed, risk)
        party.trust(mediator.name, rules.text_surplus(worth, floor), rows)
        party.resent(mediator.name, rules.text_shortfall(worth, floor, space.utility_of_conceding(name, rows)), rows)


def learn_from_meeting(learners: Mapping[str, Learner], parties: Mapping[str, Party], size: Real, met: Places) -> None:
    """Update distrust of the parties by learning from a face-to-face meeting: a cooperative act of `size` (met,).

    Everybody learns, in the runs `met` in which there was a meeting.
    """
    for learner in learners.values():
        for other in parties:
            if other != learner.name:
                learner.trust(other, size, met)
