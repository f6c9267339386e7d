"""Source positions of the parts of a scenario in its files, so that a problem can say where."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from sim.scenario.errors import Problem, clip, phrase_null
from sim.scenario.model.key_tree import Loc

MOST_PROBLEMS = 50
"""Problems of a scenario that are spelt out."""


class Spot(NamedTuple):
    """Position in a source file, or on the command line (`--set PATH=VALUE`, without line and column)."""

    file: str
    line: int | None = None
    column: int | None = None


class Finding(NamedTuple):
    """Problem with the part at `loc` before its source position is known: with its value, or with its key (`on_key`).

    `spot` is where it was seen, if that is not where the part stands. A message that takes work to write, such as the
    nearest of thousands of names, is written when it is shown.
    """

    loc: Loc
    message: str | Callable[[], str]
    on_key: bool = False
    spot: Spot | None = None


@dataclass
class Places:
    """Source positions of keys and values by loc; a part without one takes the position of the part around it."""

    keys: dict[Loc, Spot] = field(default_factory=dict)
    values: dict[Loc, Spot] = field(default_factory=dict)
    written: dict[Loc, Loc] = field(default_factory=dict)
    """Parts derived from what stands elsewhere: a group's claim handed down, a pattern spelt out."""

    def derive(self, loc: Loc, source: Loc) -> None:
        """Let `loc` be spoken of as `source`, from which it was derived."""
        self.written[loc] = self.written.get(source, source)

    def put(self, locs: Iterable[Loc], spot: Spot) -> None:
        """Let everything at and below each of these locs stand at one spot."""
        new = dict.fromkeys(locs, spot)
        lengths = {len(loc) for loc in new}
        for table in (self.keys, self.values, self.written):
            for known in [known for known in table if any(known[:length] in new for length in lengths)]:
                del table[known]
        self.keys |= new
        self.values |= new

    def update(self, over: Places, without: Iterable[Loc]) -> None:
        """Take over the spots of what is laid over these parts; the parts `without` stay where they are."""
        stay = set(without)
        for table, laid_over in ((self.keys, over.keys), (self.values, over.values)):
            for loc, spot in laid_over.items():
                if loc not in stay:
                    table.pop(loc, None)  # so that the order of the table is that of the files
                    table[loc] = spot
        self.written |= over.written

    def reindex(self, loc: Loc, kept: list[int]) -> None:
        """Follow a list of which only the items with the numbers `kept` are left."""
        renumbered = {old: new for new, old in enumerate(kept)}
        for table in (self.keys, self.values):
            moved = {known: spot for known, spot in table.items() if known[: len(loc)] == loc and known != loc}
            for known in moved:
                del table[known]
            for known, spot in moved.items():
                number, rest = known[len(loc)], known[len(loc) + 1 :]
                if number in renumbered:
                    table[(*loc, renumbered[number], *rest)] = spot

    def reading_order(self) -> Callable[[Spot], tuple[int, int, int]]:
        """Return a key that sorts spots: by file, the base before what is laid over it, then by line and column."""
        files = {file: rank for rank, file in enumerate(dict.fromkeys(spot.file for spot in self.keys.values()))}
        return lambda spot: (files.get(spot.file, len(files)), spot.line or 0, spot.column or 0)

    def spot(self, loc: Loc, on_key: bool = False) -> Spot:
        """Return where the value (or the key) at a loc stands, or what is around it."""
        table = self.keys if on_key else self.values
        return next((table[loc[:n]] for n in range(len(loc), -1, -1) if loc[:n] in table), Spot(""))

    def source(self, loc: Loc) -> Loc:
        """Return the loc under which a part is written: its own, or that from which it was derived."""
        for length in range(len(loc), 0, -1):
            if loc[:length] in self.values:
                break
            if loc[:length] in self.written:
                return self.written[loc[:length]] + loc[length:]
        return loc

    def problem(self, finding: Finding) -> Problem:
        """Return the problem of a part with its source position and path."""
        loc = self.source(finding.loc)
        spot = finding.spot or self.spot(loc, finding.on_key)
        message = finding.message if isinstance(finding.message, str) else finding.message()
        return Problem(phrase_null(message, spot.file), clip(".".join(map(str, loc))), *spot)

    def problems(self, findings: Iterable[Finding]) -> list[Problem]:
        """Return findings as problems in reading order, one for each part: what was noticed first.

        After MOST_PROBLEMS the last problem says how many more there are.
        """
        first: dict[tuple[Loc, str, int | None], tuple[Spot, Finding]] = {}
        for finding in findings:
            loc = self.source(finding.loc)
            spot = finding.spot or self.spot(loc, finding.on_key)
            first.setdefault((loc, spot.file, spot.line), (spot, finding))
        ordered = sorted(first.values(), key=lambda it: (it[0].file, it[0].line or 0, it[0].column or 0))
        problems = [self.problem(finding) for _, finding in ordered[:MOST_PROBLEMS]]
        more = len(ordered) - len(problems)
        return [*problems, Problem(f"and {more:,} more problem{'s' * (more > 1)}")] if more else problems
