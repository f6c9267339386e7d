"""Proposals: who has the turn to table a text, the texts on the table, and their utility to each party."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.negotiation.agents import Party, is_nothing
from sim.negotiation.bargaining.nash_text import Text, nash_text, out_of_reach
from sim.negotiation.bargaining.settlement_space import SettlementSpace, Terms
from sim.negotiation.equations.rules import Real
from sim.negotiation.equations.run_axis import Places, select_runs
from sim.negotiation.mediator import Mediator

Array = NDArray[np.float64]
Bools = NDArray[np.bool_]
Seats = NDArray[np.int8]

NOBODY = -1


@dataclass
class Table:
    """Proposals on the table in one round, author by author, with the utility of each text to every party.

    `author` (runs,): place of the author in `authors`, or NOBODY. `rows` (texts,): the runs in which there is a text,
    those of the first author first; `stretches`: where in `rows` those of each author lie; `worth[i]` (texts,): utility
    to party i; `shares[i]`: how far party i's own texts concede; `mediated`: the terms of the mediator's texts;
    `declared` (texts,): declarations of aims, which their own authors would not sign.
    """

    authors: Sequence[str]
    author: Seats
    rows: Places
    stretches: Mapping[str, slice]
    worth: Mapping[str, Array]
    shares: Mapping[str, Array]
    mediated: Terms
    declared: Bools

    def of(self, name: str, among: Bools) -> Places:
        """Return which texts are those of `name`, of those that are `among` (texts,): places in `rows`."""
        stretch = self.stretches[name]
        return np.asarray(np.flatnonzero(among[stretch]) + stretch.start)

    def terms(self, space: SettlementSpace, which: Places) -> Terms:
        """Return the terms of some texts (places in `rows`, rising): one array (which,) an issue."""
        parts = []
        for name, stretch in self.stretches.items():
            first, last = np.searchsorted(which, (stretch.start, stretch.stop))
            mine = which[first:last] - stretch.start
            parts.append(
                space.concession_terms(name, self.shares[name][mine], self.rows[which[first:last]])
                if name in self.shares
                else select_runs(self.mediated, mine)
            )
        return [np.concatenate(column) for column in zip(*parts, strict=True)]


def table(
    space: SettlementSpace,
    parties: Mapping[str, Party],
    mediator: Mediator | None,
    floor: Array,
    round_: int,
    talking: Bools,
) -> Table:
    """Let the actors in turn table a proposal, until every run that is `talking` has a text or nobody has one.

    `floor` (runs,), in [0, 1), says who had the floor in the first round. It goes from place to place (a party's
    `place`), then to `mediator` if there is one that writes texts, then to the first place again; it moves on each
    round, and whoever has nothing hands it on. A party that could sign no text at all tables its aims, a declaration.
    """
    author, mediators_turn = _turns(parties, mediator, floor, round_, talking)
    written, text = np.empty(0, dtype=np.intp), None
    if mediator is not None:
        written, text = _formulate(space, parties, mediator, mediators_turn)
        author[written] = len(parties)
    rows = {name: np.flatnonzero(author == code) for code, name in enumerate(parties)}
    shares = {
        name: np.asarray(space.concession_share(name, party.loss_allowed(rows[name]), rows[name]))
        for name, party in parties.items()
    }
    worth = {
        reader: [space.concession_utility(name, reader, shares[name], rows[name]) for name in parties]
        for reader in parties
    }
    if mediator is not None:
        rows[mediator.name] = written
        for reader in parties:
            worth[reader].append(text.utility[reader] if text is not None else np.empty(0))
    declared = [np.broadcast_to(~np.asarray(party.able), len(floor))[rows[name]] for name, party in parties.items()]
    ends = np.cumsum([len(places) for places in rows.values()])
    return Table(
        authors=list(rows),
        author=author,
        rows=np.concatenate(list(rows.values())),
        stretches={name: slice(end - len(rows[name]), end) for name, end in zip(rows, ends.tolist(), strict=True)},
        worth={reader: np.concatenate(parts) for reader, parts in worth.items()},
        shares=shares,
        mediated=[np.empty(0) for _ in space.aims[next(iter(parties))]] if text is None else text.terms,
        declared=np.concatenate([*declared, np.zeros(len(written), dtype=bool)]),
    )


def _turns(
    parties: Mapping[str, Party], mediator: Mediator | None, floor: Array, round_: int, talking: Bools
) -> tuple[Seats, Places]:
    """Return which party is the first to table a text, (runs,), and the runs where the mediator comes before."""
    others = len(parties)
    there: Seats | np.int8 = np.int8(0) if mediator is None else mediator.present.view(np.int8)
    seats = others + there
    passed, passed_with_mediator = (round_ - 1) % others, (round_ - 1) % (others + 1)
    holder = (floor * seats).astype(np.int8) + (passed + there * (passed_with_mediator - passed))
    holder -= seats * (holder >= seats)
    author, soonest = np.full(len(floor), NOBODY, dtype=np.int8), np.full(len(floor), others + 1, dtype=np.int8)
    for code, party in enumerate(parties.values()):
        waits = party.place - holder
        waits += seats * (waits < 0)
        sooner = talking & ~np.asarray(party.mute) & (waits < soonest)
        author += sooner * (np.int8(code) - author)  # three times as fast as np.where
        soonest += sooner * (waits - soonest)
    if mediator is None:
        return author, np.empty(0, dtype=np.intp)
    return author, np.flatnonzero(talking & mediator.present & (others - holder < soonest))


def _formulate(
    space: SettlementSpace, parties: Mapping[str, Party], mediator: Mediator, asked: Places
) -> tuple[Places, Text | None]:
    """Let the mediator write its text in the runs `asked`; return where it has one, and what it is there.

    Source: one-text mediation (Fisher 1978) at an asymmetric Nash point with exponents 1 + b_i, and κ_M for a stake.
    """
    floors: dict[str, Real] = {name: mediator.floor_as_seen(party, asked) for name, party in parties.items()}
    exponents: dict[str, Real] = {name: 1.0 + select_runs(mediator.bias[name], asked) for name in parties}
    if not is_nothing(mediator.stake):
        exponents[mediator.name], floors[mediator.name] = select_runs(mediator.stake, asked), 0.0
    weights = {player: mediator.weights[player][asked] for player in floors}
    hope = np.flatnonzero(~out_of_reach(weights, mediator.reach[asked], floors))
    kept = asked[hope]
    if not hope.size:
        mediator.forget_refusals(asked)
        return kept, None
    text = nash_text(space, select_runs(exponents, hope), select_runs(floors, hope), kept, select_runs(weights, hope))
    mediator.remember(text.weights, text.reach, kept)
    if not is_nothing(mediator.misjudgement):
        text = replace(text, exists=text.exists & ~mediator.repeats(text.terms, kept))
    mediator.forget_refusals(asked)
    return kept[text.exists], text.where_it_exists()
