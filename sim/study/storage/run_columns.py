"""The columns that a study's runs can have, and whether the columns of its Parquet parts are of that kind.

Parts may come from anybody: what their columns are called and hold is checked before any query trusts it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from sim.negotiation.implementation import FEAR, INTEREST, TYPE
from sim.negotiation.run_outcomes import OUTCOMES
from sim.scenario.model.parameters import parameters
from sim.scenario.model.schema import Scenario
from sim.study.storage.database import identifier, literal
from sim.study.storage.json_forms import ROUNDING

COUNTS = ("direct", "mediated", "silent", "mediator_left")
"""Columns that count rounds, beside `round`, which is when a run ended."""


@dataclass(frozen=True)
class Columns:
    """Run columns and their allowed values: words out of a few, whole numbers between two, or shares.

    Shares are NULL or NaN where undefined. `optional` are those that only some design points of a study have.
    """

    words: Mapping[str, frozenset[str]]
    whole: Mapping[str, tuple[int, int]]
    shares: frozenset[str]
    optional: frozenset[str]

    @property
    def names(self) -> set[str]:
        """The names of all columns."""
        return {*self.words, *self.whole, *self.shares}


def columns_of(cases: Sequence[Scenario], points: int) -> Columns:
    """Return the run columns that a scenario can have at `points` design points.

    `cases` are the scenario and what it is at some of the points: with and without a mediator, with every guarantor,
    and with the most rounds and periods.
    """
    first = cases[0]
    parties = set(first.parties)
    mediators = {case.mediator.name for case in cases if case.mediator is not None}
    rounds = max(int(case.rounds) for case in cases)
    periods = max(int(case.implementation.periods) for case in cases)
    distrust: list[set[str]] = [{path for path in parameters(case) if path.startswith("distrust.")} for case in cases]
    everywhere = distrust[0].intersection(*distrust)
    somewhere = distrust[0].union(*distrust)
    terms = {f"terms.{issue}" for issue in first.issues}
    utility = {f"utility.{party}" for party in parties}
    return Columns(
        words={
            "outcome": frozenset(OUTCOMES),
            "by": frozenset({"", *parties, *mediators}),
            "cause": frozenset({"", INTEREST, FEAR, TYPE}),
            "broken_by": frozenset({"", *parties}),
        },
        whole={
            "point": (0, points - 1),
            "run": (0, 2**62),
            "round": (1, rounds),
            **dict.fromkeys(COUNTS, (0, rounds)),
            "below_war": (0, 1),
            "held": (-1, periods),
        },
        shares=frozenset({"efficiency", *terms, *utility, *somewhere}),
        optional=frozenset(somewhere - everywhere),
    )


def fault_in(connection: duckdb.DuckDBPyConnection, view: str, columns: Columns) -> str | None:
    """Return the problem with the run columns of a view, or None if there is none."""
    kinds = {name: kind for name, kind, *_ in connection.execute(f"DESCRIBE {identifier(view)}").fetchall()}
    return _wrong_names(kinds, columns) or _wrong_values(connection, view, kinds, columns)


def _wrong_names(kinds: Mapping[str, str], columns: Columns) -> str | None:
    """Return what is wrong with the names and types of columns, if anything is."""
    unknown = kinds.keys() - columns.names
    lacking = columns.names - columns.optional - kinds.keys()
    if unknown or lacking:
        what = f"a column that runs of this scenario do not have: {_shown(min(unknown))}" if unknown else ""
        return what or f"no column {_shown(min(lacking))}"
    for name, kind in kinds.items():
        wanted = ("VARCHAR",) if name in columns.words else ("INTEGER", "BIGINT")
        if kind not in (("DOUBLE",) if name in columns.shares else wanted):
            return f"a column {name} of another type than such columns have: {_shown(kind)}"
    return None


def _wrong_values(
    connection: duckdb.DuckDBPyConnection, view: str, kinds: Iterable[str], columns: Columns
) -> str | None:
    """Return which column has values that no run has, if one has."""
    tests = {name: _is_wrong(name, columns) for name in kinds}
    counts = ", ".join(f"count_if({test})" for test in tests.values())
    row = connection.execute(f"SELECT {counts} FROM {identifier(view)}").fetchone()
    assert row is not None
    return next((f"values in {name} that no run has" for name, count in zip(tests, row, strict=True) if count), None)


def _is_wrong(name: str, columns: Columns) -> str:
    """SQL that is true of a value that a column cannot hold."""
    column = identifier(name)
    if name in columns.words:
        words = ", ".join(literal(word) for word in sorted(columns.words[name]))
        return f"{column} IS NULL OR {column} NOT IN ({words})"
    if name in columns.whole:
        low, high = columns.whole[name]
        return f"{column} IS NULL OR {column} NOT BETWEEN {low:d} AND {high:d}"
    return f"NOT isnan({column}) AND {column} NOT BETWEEN {-ROUNDING} AND {1 + ROUNDING}"


def _shown(name: str) -> str:
    """A name as a message repeats it."""
    return repr(name if len(name) <= 60 else f"{name[:57]}...")
