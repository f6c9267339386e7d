"""Attendance: who comes to the table or accepts the mediator's channel, and who walks out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from sim.negotiation.agents import Judgement, Party, is_nothing
from sim.negotiation.equations import rules
from sim.negotiation.equations.rules import Real
from sim.negotiation.equations.run_axis import EVERYWHERE, Places, filter_rows, select_runs
from sim.negotiation.mediator import Mediator
from sim.negotiation.proposals import Table

Bools = NDArray[np.bool_]
Draw = Callable[[str, Places | slice], NDArray[np.float64]]
"""Returns the random numbers of a decision in some of the runs under way, numbers in [0, 1)."""


def all_ready(parties: Mapping[str, Party], mediator: Mediator | None, draw: Draw, among: Bools) -> Places:
    """Return the runs of full attendance at a face-to-face meeting, in which every party is ready to meet.

    They are those of the runs `among` (runs,).
    """
    convening: Real = 0.0 if mediator is None else mediator.convening * mediator.present
    convener = None if mediator is None else mediator.name
    ready: Places | slice = EVERYWHERE
    for name, party in parties.items():
        chance = party.readiness(convening, convener, ready)
        ready = filter_rows(ready, draw(f"ready:{name}", ready) < chance)
    return filter_rows(ready, among[ready])


def all_through(parties: Mapping[str, Party], mediator: Mediator, draw: Draw, among: Bools) -> Places:
    """Return the runs of full attendance through the mediator's channel, which every party accepts.

    They are those of the runs `among` (runs,).
    """
    through: Places | slice = EVERYWHERE
    for name, party in parties.items():
        through = filter_rows(through, draw(f"channel:{name}", through) < mediator.channel(party, through))
    return filter_rows(through, among[through])


def walkouts(
    parties: Mapping[str, Party],
    table: Table,
    answers: Mapping[str, Judgement],
    offered: Bools,
    draw: Draw,
) -> tuple[Places, NDArray[np.object_]]:
    """Return the runs in which a party ends its attendance and walks out, and that party; (walkouts,) each.

    A party walks out when it was offered less than war. `offered` (texts,): where a text was not settled and is no
    declaration, which nobody takes for an offer. Of several parties, the one whose clock rings first.
    """
    clocks, runs, names = [np.empty(0)], [np.empty(0, dtype=np.intp)], [np.empty(0, dtype=object)]
    for name, party in parties.items():
        if is_nothing(party.impatience):
            continue
        shortfall = select_runs(party.worth_of_none, table.rows) - answers[name].seen
        shortfall[table.stretches[name]] = 0.0  # nobody leaves over a text of its own
        offended = np.flatnonzero(offered & (shortfall > 0.0))
        here = table.rows.take(offended)
        hazard = rules.walkout_hazard(
            select_runs(party.impatience, here), party.elapsed(here), shortfall.take(offended)
        )
        with np.errstate(divide="ignore", invalid="ignore"):
            clock = -np.log1p(-draw(f"leave:{name}", here)) / hazard
        rung = np.flatnonzero(clock < 1.0)
        clocks.append(clock[rung])
        runs.append(here[rung])
        names.append(np.full(rung.size, name, dtype=object))
    order = np.argsort(np.concatenate(clocks), kind="stable")
    gone, first = np.unique(np.concatenate(runs)[order], return_index=True)
    return gone, np.concatenate(names)[order][first]
