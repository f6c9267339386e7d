"""The points table: one row a design point, the one table from which reports and charts are made.

Columns, in this order: `point` (number), the varied paths under their own names, `runs`, then the figures of the
point's summary, each under its keys joined by dots: `outcomes.settlement.p`, `outcomes.settlement.low`,
`outcomes.settlement.spread.low`, `walkout_by.PARTY`, `rounds.median`, `terms.ISSUE.mean`, `lasting.52.p`, … Undefined
figures are None.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

Row: TypeAlias = dict[str, float | int | str | None]

INTERVALS = ("outcomes", "holds", "lasting")
"""Groups of figures that are shares with intervals: None stands for all three of p, low and high."""

_NO_FIGURES = ("scenario", "seed", "point", "values", "runs", "spread", "curves", "warnings", "unbreakable")


def table(points: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Return the points table, a row for each design point's summary; all rows have one set of columns.

    The summaries are those in a sweep's summary.
    """
    rows: list[Row] = []
    for point in points:
        about = {"point": point["point"], **point["values"], "runs": point["runs"]}
        figures = {key: value for key, value in point.items() if key not in _NO_FIGURES}
        rows.append(about | dict(_flat(figures)))
    columns = dict.fromkeys(column for row in rows for column in row)
    return [{column: row.get(column) for column in columns} for row in rows]


def _flat(figures: Mapping[str, Any], keys: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Yield every figure under its keys joined by dots."""
    for key, value in figures.items():
        within = (*keys, key)
        if isinstance(value, Mapping):
            yield from _flat(value, within)
        elif value is None and keys and keys[0] in INTERVALS:
            parts = ("low", "high") if key == "spread" else ("p", "low", "high")
            yield from ((".".join((*within, part)), None) for part in parts)
        else:
            yield ".".join(within), value
