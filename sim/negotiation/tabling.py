"""Tabling one text: who holds the floor, what is on the table, and what it is worth to each party."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.negotiation.agents import Mediator, Party, is_nothing
from sim.negotiation.frontier import nash_text, out_of_reach
from sim.negotiation.rules import Real
from sim.negotiation.runs import narrowed
from sim.negotiation.texts import SettlementSpace, Terms

Array = NDArray[np.float64]
Bools = NDArray[np.bool_]

NOBODY = -1


@dataclass
class Table:
    """What is on the table of each run this round.

    `author` (runs,): place of the author in `authors`, or NOBODY; `worth[i]` (runs,): utility of the text to party i;
    `shares[i]`: how far party i's own text concedes, whether it is on the table or not; `mediated`: the terms of the
    mediator's text, one array (runs,) an issue. Without a text, worth and terms mean nothing.
    """

    authors: Sequence[str]
    author: NDArray[np.int64]
    worth: dict[str, Array]
    shares: dict[str, Real]
    mediated: list[Array]

    def by(self, name: str) -> Bools:
        """Where the text is that of `name`; shape (runs,)."""
        return np.asarray(self.author == (self.authors.index(name) if name in self.authors else len(self.authors)))

    @property
    def tabled(self) -> Bools:
        """Where there is a text; shape (runs,)."""
        return np.asarray(self.author != NOBODY)

    def terms(self, space: SettlementSpace, kept: NDArray[np.intp]) -> Terms:
        """Return the terms on the table in the runs at `kept`: one array (kept,) an issue, NaN where there is none."""
        space = space.of(kept)
        terms: Terms = [np.full(len(kept), np.nan) for _ in self.mediated]
        for code, name in enumerate(self.authors):
            here = self.author[kept] == code
            text = (
                space.concession_terms(name, narrowed(self.shares[name], kept))
                if name in self.shares
                else narrowed(self.mediated, kept)
            )
            terms = [np.where(here, new, old) for new, old in zip(text, terms, strict=True)]
        return terms


def table(
    space: SettlementSpace,
    parties: Mapping[str, Party],
    mediator: Mediator | None,
    holder: NDArray[np.int64],
    talking: Bools,
) -> Table:
    """Let the floor go round until somebody has tabled a text in every run that is `talking`, or nobody has one.

    `holder` (runs,): the place that has the floor first. The floor goes from place to place (a party's `place`), then
    to `mediator` if there is one that writes texts, then to the first place again; whoever has nothing hands it on.
    """
    runs = len(holder)
    result = Table(
        authors=[*parties, *([] if mediator is None else [mediator.name])],
        author=np.full(runs, NOBODY),
        worth={},
        shares={name: space.concession_share(name, party.loss_allowed) for name, party in parties.items()},
        mediated=[np.zeros(runs) for _ in space.aims[next(iter(parties))]],
    )
    mediated_worth = {name: np.zeros(runs) for name in parties}
    waiting = _hand_on(result, parties, holder, talking)
    if mediator is not None and waiting.any():
        written = _formulate(space, parties, mediator, waiting, result.mediated, mediated_worth)
        result.author[written] = len(parties)
        waiting &= ~written
    if waiting.any():
        _hand_on(result, parties, np.zeros_like(holder), waiting)
    for reader in parties:
        result.worth[reader] = _worth(space, result, reader, mediated_worth[reader])
    return result


def _hand_on(table: Table, parties: Mapping[str, Party], holder: NDArray[np.int64], asked: Bools) -> Bools:
    """Let the first party from the place `holder` on that can table a text do so; return where none could."""
    nearest = np.full(len(holder), len(parties))
    for code, party in enumerate(parties.values()):
        nearer = asked & party.able & (party.place >= holder) & (party.place < nearest)
        nearest[nearer] = party.place[nearer]
        table.author[nearer] = code
    return np.asarray(asked & (nearest == len(parties)))


def _worth(space: SettlementSpace, table: Table, reader: str, mediated: Array) -> Array:
    """Return the utility of the text on the table to a party, shape (runs,)."""
    worth = mediated
    for code, author in enumerate(table.authors):
        if author in table.shares:
            own = space.concession_utility(author, reader, table.shares[author])
            worth = np.where(table.author == code, own, worth)
    return worth


def _formulate(
    space: SettlementSpace,
    parties: Mapping[str, Party],
    mediator: Mediator,
    asked: Bools,
    terms: list[Array],
    worth: Mapping[str, Array],
) -> Bools:
    """Let the mediator write its text where it is asked to; fill in `terms` and `worth` there; return where it has one.

    Source: one-text mediation (Fisher 1978) at an asymmetric Nash point with exponents 1 + b_i, and κ_M for a stake.
    """
    exponents: dict[str, Real] = {name: 1.0 + mediator.bias[name] for name in parties}
    floors: dict[str, Real] = {name: mediator.floor(party) for name, party in parties.items()}
    if not is_nothing(mediator.stake):
        exponents[mediator.name], floors[mediator.name] = mediator.stake, 0.0
    hopeless = out_of_reach(mediator.weights, mediator.reach, floors)
    kept = np.flatnonzero(asked & mediator.present & ~hopeless)
    tabled = np.zeros(len(asked), dtype=bool)
    if not kept.size:
        return tabled
    text = nash_text(space, exponents, floors, kept, mediator.weights)
    written = kept[text.exists]
    tabled[written] = True
    for column, new in zip(terms, text.terms, strict=True):
        column[written] = np.asarray(new)[text.exists]
    for name in parties:
        worth[name][written] = text.utility[name][text.exists]
    mediator.remember(text.weights, text.reach, kept)
    return tabled
