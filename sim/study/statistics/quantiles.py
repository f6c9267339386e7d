"""Quantiles of millions of values, exact, in memory that does not grow with them.

A database's own quantile holds every value at once. Here a first pass counts values by buckets of a fine grid, which
says in which buckets the wanted ranks lie, and a second pass looks at the values of those buckets alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import duckdb

from sim.study.storage.database import identifier

FEW = 1 << 20
"""Runs up to which all values may be held at once: a few megabytes a column, and faster."""

CELLS = 1 << 18
"""Buckets per unit, shared among the design points, so that the counts stay small however many points there are."""

COARSEST = 1 << 8
"""The fewest buckets per unit that a design point gets."""

Quantiles = dict[tuple[int, str], tuple[float, ...]]
"""Quantiles by design point and column, in the order of their levels."""


def quantiles(connection: duckdb.DuckDBPyConnection, wanted: Mapping[str, Sequence[float]]) -> Quantiles:
    """Return exact quantiles of columns over settled runs, for every design point, at the levels `wanted` of each.

    The connection has a view `runs` (queries.py); NaN does not count; where a column has no value at a point, it is
    left out. Between two ranks the quantile is interpolated: definition 7 of Hyndman and Fan (1996, The American
    Statistician 50:361), numpy's and DuckDB's own. Meant for values of order 1 to 1,000, such as shares or rounds.
    """
    row = connection.execute("SELECT count(*), coalesce(max(point), 0) + 1 FROM runs").fetchone()
    assert row is not None
    runs, points = row
    if runs <= FEW:
        return _of_few(connection, wanted)
    buckets = max(COARSEST, CELLS // points)
    return {
        (point, column): found
        for column, levels in wanted.items()
        for point, found in _of_many(connection, column, levels, buckets)
    }


def _of_few(connection: duckdb.DuckDBPyConnection, wanted: Mapping[str, Sequence[float]]) -> Quantiles:
    """Return quantiles of all columns in one pass, which holds their values."""
    columns = [
        f"quantile_cont(CAST({identifier(column)} AS DOUBLE), {list(levels)}) FILTER (WHERE {_counts(column)})"
        for column, levels in wanted.items()
    ]
    rows = connection.execute(f"SELECT point, {', '.join(columns)} FROM runs GROUP BY point").fetchall()
    return {
        (point, column): tuple(values)
        for point, *found in rows
        for column, values in zip(wanted, found, strict=True)
        if values is not None
    }


def _counts(column: str) -> str:
    """SQL that is true of the runs whose value counts."""
    return f"outcome = 'settlement' AND NOT isnan(CAST({identifier(column)} AS DOUBLE))"


def _of_many(
    connection: duckdb.DuckDBPyConnection, column: str, levels: Sequence[float], buckets: int
) -> Iterator[tuple[int, tuple[float, ...]]]:
    """Yield the quantiles of a column at each design point, with so many `buckets` per unit of value.

    `counted` holds the buckets with the number of values up to their ends; `wanted` those that hold the ranks just
    below and above a level; `ordered` their values in order; the last step interpolates between the two ranks.
    """
    values = f"SELECT point, CAST({identifier(column)} AS DOUBLE) AS value FROM runs WHERE {_counts(column)}"
    bucketed = f"SELECT *, CAST(floor(value * {buckets:d}) AS BIGINT) AS bucket FROM ({values})"
    query = f"""
        WITH counted AS (
            SELECT *, sum(n) OVER (PARTITION BY point) AS total,
                   sum(n) OVER (PARTITION BY point ORDER BY bucket) AS upto
            FROM (SELECT point, bucket, count(*) AS n FROM ({bucketed}) GROUP BY ALL)
        ), ranks AS (
            SELECT *, level * (total - 1) AS rank, upto - n AS before
            FROM counted, (SELECT unnest({list(levels)}::DOUBLE[]) AS level, unnest(range({len(levels)})) AS place)
        ), wanted AS (
            SELECT * FROM ranks WHERE upto > floor(rank) AND before <= ceil(rank)
        ), looked_at AS (
            SELECT point, bucket, value, count(*) AS n
            FROM ({bucketed}) SEMI JOIN wanted USING (point, bucket) GROUP BY ALL
        ), ordered AS (
            SELECT *, sum(n) OVER (PARTITION BY point, bucket ORDER BY value) AS within FROM looked_at
        ), neighbours AS (
            SELECT point, place, rank, min(value) FILTER (WHERE before + within > floor(rank)) AS low,
                   min(value) FILTER (WHERE before + within > ceil(rank)) AS high
            FROM wanted JOIN ordered USING (point, bucket) GROUP BY point, place, rank
        )
        SELECT point, list(low + (high - low) * (rank - floor(rank)) ORDER BY place) FROM neighbours GROUP BY point
    """
    for point, found in connection.execute(query).fetchall():
        yield point, tuple(found)
