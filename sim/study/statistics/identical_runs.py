"""Identical runs: paths along which, and scenarios between which, all runs are identical, bit for bit.

This is seen from the runs themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypeAlias

import duckdb
from typing_extensions import TypedDict

from sim.study.design.design_points import Design
from sim.study.storage.database import identifier

OUTCOMES = ("outcome", "by", "round", "efficiency", "below_war", "held", "cause", "broken_by")
"""Columns of how runs end, beside those of terms and utility; all others tell of beliefs and of kinds of sessions."""

FIGURES = ("runs", "rounds", "terms", "utility", "authors")
"""What a summary says of runs; where the runs are the same, so is this."""


class Unmoved(TypedDict):
    """Paths along which runs are identical at every value: in full, or in their outcomes alone.

    Outcomes alone are identical where something else that is recorded differs. That is beliefs, kinds of sessions, or
    for how long settlements that nobody breaks are watched.

    If a path is among them, the runs are the same at every value of it, whatever the others are.
    """

    runs: list[str]
    outcomes: list[str]


Same: TypeAlias = Literal["runs", "outcomes"]
"""What of two ensembles is the same."""


class Alike(TypedDict):
    """Groups of two or more scenarios, by name, whose runs are identical, or whose outcomes are.

    Identical runs and outcomes are those of Unmoved.
    """

    runs: list[list[str]]
    outcomes: list[list[str]]


def fingerprints(connection: duckdb.DuckDBPyConnection, only_outcomes: bool) -> dict[int, tuple[int, ...]]:
    """Return a fingerprint of each design point's runs, which is equal only for identical runs, but for chance.

    From a connection with a view `runs` (queries.py). `only_outcomes` leaves out what does not tell how a run ended.
    """
    columns = [name for name, *_ in connection.execute("DESCRIBE runs").fetchall() if name != "point"]
    if only_outcomes:
        told = (*OUTCOMES, "run")
        columns = [name for name in columns if name in told or name.startswith(("terms.", "utility."))]
    listed = ", ".join(_held_if_broken() if only_outcomes and n == "held" else identifier(n) for n in sorted(columns))
    query = (
        f"SELECT point, count(*), bit_xor(hash({listed})), sum(hash({listed}) % 4294967291) FROM runs GROUP BY point"
    )
    return {point: tuple(map(int, numbers)) for point, *numbers in connection.execute(query).fetchall()}


def _held_if_broken() -> str:
    """Return SQL for how long a settlement held that was broken; others held for as long as they were watched."""
    return "CASE WHEN cause = '' THEN NULL ELSE held END"


def unmoved(connection: duckdb.DuckDBPyConnection, design: Design, points: Mapping[int, Mapping[str, Any]]) -> Unmoved:
    """Return the paths of a design along which all runs, or all outcomes, are identical.

    `points` are the figures of each design point by its number. The runs are looked at only where the figures are the
    same.
    """
    paths = _constant(design, {number: figures(point) for number, point in points.items()}.get)
    if not paths:
        return {"runs": [], "outcomes": []}
    ends = _constant(design, fingerprints(connection, only_outcomes=True).get, paths)
    runs = _constant(design, fingerprints(connection, only_outcomes=False).get, ends) if ends else []
    return {"runs": runs, "outcomes": [path for path in ends if path not in runs]}


def figures(summary: Mapping[str, Any]) -> str:
    """Return the figures of a summary as text, to see whether two design points may have identical runs."""
    shares = {outcome: share and share["p"] for outcome, share in summary["outcomes"].items()}
    return repr([shares, *(summary[key] for key in FIGURES)])


def groups(known: Mapping[str, object]) -> list[list[str]]:
    """Return the names, in groups of two or more, whose runs are identical: those with an equal value in `known`.

    >>> groups({"a": 1, "b": 2, "c": 1})
    [['a', 'c']]
    """
    found: dict[object, list[str]] = {}
    for name, value in known.items():
        found.setdefault(value, []).append(name)
    return [names for names in found.values() if len(names) > 1]


def what_is_same(same: Alike, first: str, second: str) -> Same | None:
    """Return whether two scenarios have identical "runs" or only identical "outcomes", or None for neither."""
    kinds: tuple[Same, ...] = ("runs", "outcomes")
    return next((kind for kind in kinds if any({first, second} <= {*group} for group in same[kind])), None)


def _constant(design: Design, known: Callable[[int], object], paths: Sequence[str] | None = None) -> list[str]:
    """Return the paths (of some) along which all that is known of the design points is the same."""
    values = [known(number) for number in range(len(design.points))]
    there = [value for value in values if value is not None]
    wanted = [axis.path for axis in design.axes] if paths is None else paths
    if design.method != "grid":
        return list(wanted) if len(there) > 1 and len(set(there)) == 1 else []
    return [path for path in wanted if _is_constant(design, values, path)]


def _is_constant(design: Design, values: Sequence[object], path: str) -> bool:
    """Whether values of the points of a grid are the same along an axis, wherever the others stand."""
    seen: dict[tuple[object, ...], set[object]] = {}
    compared = False
    for point, value in zip(design.points, values, strict=True):
        if value is None:
            continue
        elsewhere = tuple(point[axis.path] for axis in design.axes if axis.path != path)
        compared = compared or elsewhere in seen
        seen.setdefault(elsewhere, set()).add(value)
    return compared and all(len(each) == 1 for each in seen.values())
