"""Responses to the texts on the table: who accepts, who refuses, and whose acceptance offers the text to the others."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.negotiation.agents import Judgement, Party, is_nothing
from sim.negotiation.attendance import Draw
from sim.negotiation.equations import rules
from sim.negotiation.equations.rules import Real
from sim.negotiation.equations.run_axis import select_runs
from sim.negotiation.mediator import Mediator
from sim.negotiation.proposals import Table


def respond_to(
    table: Table, parties: Mapping[str, Party], mediator: Mediator | None, sharpness: Real, draw: Draw
) -> dict[str, Judgement]:
    """Return the responses of every party to the texts on the table, by party.

    Authors accept their own texts, declarations apart, which they would not sign. A party that accepts the mediator's
    text in private, but would not have in public, offers nothing by it.
    """
    answers = {}
    for name, party in parties.items():
        support: Real = 0.0 if mediator is None else mediator.support(party, table.rows)
        asks = party.asks(table.rows)
        answer = party.judge(table.worth[name], table.rows, _distrust_of_author(party, table), support, sharpness, asks)
        luck = draw(f"response:{name}", table.rows)
        answer.offers = luck < answer.chance
        answer.accepts = (
            answer.offers if mediator is None else _in_private(party, mediator, table, answer, asks, luck, sharpness)
        )
        own = table.stretches[name]
        answer.accepts[own] = answer.offers[own] = ~table.declared[own]
        answers[name] = answer
    return answers


def _in_private(
    party: Party,
    mediator: Mediator,
    table: Table,
    answer: Judgement,
    asks: Real,
    luck: NDArray[np.float64],
    sharpness: Real,
) -> NDArray[np.bool_]:
    """Return a party's answers, those to the mediator's texts as it gives them in private; sets their chance."""
    stretch = table.stretches.get(mediator.name)
    if stretch is None or is_nothing(mediator.caucus):
        return answer.offers
    rows = table.rows[stretch]
    asks, risk = mediator.asked_in_private(party, select_runs(asks, stretch), rows), select_runs(party.risk, rows)
    answer.chance[stretch] = rules.acceptance(answer.seen[stretch], asks, risk, select_runs(sharpness, stretch))
    return luck < answer.chance


def _distrust_of_author(party: Party, table: Table) -> Real:
    """Distrust of whoever wrote each text, (texts,); 0 of oneself, or if authorship is nothing to the party."""
    if is_nothing(party.devaluation):
        return 0.0
    distrust = np.zeros(len(table.rows))
    for author, stretch in table.stretches.items():
        if author != party.name:
            distrust[stretch] = party.distrust[author][table.rows[stretch]]
    return distrust
