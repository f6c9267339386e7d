"""Queries of a study's runs: SQL over its Parquet parts, so memory does not grow with the study."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb
import numpy as np

from sim.study.storage.atomic_files import StorageError
from sim.study.storage.database import Table, confine, connect, database, first_line, literal
from sim.study.storage.parquet_parts import Ledger, Part, resolve_overlaps, scan, verify
from sim.study.storage.run_columns import Columns, fault_in

CHANGED = "was the folder deleted or moved meanwhile? Give the same command again: it is simulated anew"

FEW = 1 << 17
"""Runs up to which queries have one thread: they take it less time than to share them out among several."""

REPLACE = "Delete this folder of parts and give the same command again: its runs are simulated anew"


@contextmanager
def open_runs(
    folder: Path,
    runs: int | Mapping[int, int],
    columns: Columns | None = None,
    files: Iterable[Path] = (),
    memory: str | None = None,
    threads: int | None = None,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a study's runs for queries: return a connection with a view `runs` of the Parquet parts in a folder.

    The view has the first `runs` runs of every design point. `runs` may differ by design point: a mapping from its
    number, of which those left out have none; all of these must be there. Every part is checked against its checksum
    first, and with `columns` against what runs of its study can be. Where two processes left parts that overlap, the
    view holds each run once: they are the same, run for run. Columns that only some design points have are NULL at the
    others. The connection reaches no files but the parts and `files`, however a query asks for them; it takes at
    most so much `memory` (as the database writes it) and so many `threads`, of few runs one. Raises StorageError for
    whatever is missing or damaged.
    """
    most = runs if isinstance(runs, int) else max(runs.values(), default=0)
    folder = folder.resolve()
    parts = [part for part in scan(folder) if part.first < most]
    if not isinstance(runs, int):
        _require(folder, parts, runs)
    for part in parts:
        verify(folder, part)
    with connect(1 if sum(part.size for part in parts) <= FEW else threads) as connection:
        try:
            kept = _view_parts(connection, folder, parts)
            connection.execute(f"CREATE VIEW runs AS SELECT * FROM parts WHERE {_wanted(connection, runs)}")
            if memory is not None:
                connection.execute(f"SET memory_limit = {literal(memory)}")
            confine(connection, [*(folder / part.name for part in parts), *files])
            if columns is not None and parts:
                fault = fault_in(connection, "parts", columns) or _misnamed(connection, kept)
                if fault is not None:
                    raise StorageError(f"{folder}: damaged, its parts have {fault}. {REPLACE}")
            yield connection
        except duckdb.Error as error:
            raise StorageError(f"{folder}: cannot read results: {first_line(error)}") from error


def _require(folder: Path, parts: Iterable[Part], runs: Mapping[int, int]) -> None:
    """Raise StorageError if some of the runs are in none of the parts."""
    ledger = Ledger(parts)
    missing = sum(len(gap) for point, count in runs.items() for gap in ledger.gaps(point, count))
    if missing:
        raise StorageError(f"{folder}: lacks {missing:,} runs that were there: {CHANGED}")


@contextmanager
def open_runs_in_memory(table: Table) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open runs in memory for queries: return a connection with a view `runs` of a table that was never written.

    The table comes from a simulation (task_simulation.py).
    """
    with database().cursor() as connection:
        connection.register("given", dict(table))
        connection.execute("CREATE TEMP TABLE held AS SELECT * FROM given")
        connection.execute("CREATE TEMP VIEW runs AS SELECT * FROM held")
        yield connection


def _misnamed(connection: duckdb.DuckDBPyConnection, parts: Iterable[Part]) -> str | None:
    """Return which part does not hold the runs that its name announces, if one does not."""
    query = """
        SELECT parse_filename(filename), min(point), max(point), min(run), max(run), count(*), sum(point), sum(run)
        FROM files GROUP BY filename
    """
    found = {name: tuple(map(int, held)) for name, *held in connection.execute(query).fetchall()}
    for part in parts:
        points, runs = part.last_point - part.first_point + 1, part.last - part.first + 1
        sums = runs * points * (part.first_point + part.last_point) // 2, runs * points * (part.first + part.last) // 2
        if found.get(part.name) != (part.first_point, part.last_point, part.first, part.last, part.size, *sums):
            return f"other runs than a name announces: {part.name}"
    return None


def _view_parts(connection: duckdb.DuckDBPyConnection, folder: Path, parts: list[Part]) -> list[Part]:
    """Create a view `parts` of everything in some parts; a run that several hold is read from one of them.

    Returns the parts that it reads, of which the view `files` has all there is.
    """
    overlapping = Ledger(parts).overlapping
    kept, yields = resolve_overlaps(parts) if overlapping else (parts, [])
    files = [str(folder / part.name) for part in kept]
    table = connection.read_parquet(files, union_by_name=True, filename=True, hive_partitioning=False)
    table.create_view("files")
    if not overlapping:
        connection.execute("CREATE VIEW parts AS SELECT * EXCLUDE (filename) FROM files")
        return kept
    given = {
        "filename": np.array([str(folder / part.name) for part, _ in yields], dtype=object),
        "first_point": np.array([earlier.first_point for _, earlier in yields], dtype=np.int64),
        "last_point": np.array([earlier.last_point for _, earlier in yields], dtype=np.int64),
        "first": np.array([earlier.first for _, earlier in yields], dtype=np.int64),
        "last": np.array([earlier.last for _, earlier in yields], dtype=np.int64),
    }
    connection.register("given_elsewhere", given)
    connection.execute("CREATE TABLE elsewhere AS SELECT * FROM given_elsewhere")
    connection.execute("""
        CREATE VIEW parts AS SELECT * EXCLUDE (filename) FROM files ANTI JOIN elsewhere
        ON files.filename = elsewhere.filename AND files.point BETWEEN first_point AND last_point
        AND files.run BETWEEN "first" AND "last"
    """)
    return kept


def _wanted(connection: duckdb.DuckDBPyConnection, runs: int | Mapping[int, int]) -> str:
    """Return SQL that is true of the runs asked for; where their number differs by point it is put in a table."""
    if isinstance(runs, int):
        return f"run < {runs:d}"
    if len(runs) == 1:
        ((point, count),) = runs.items()
        return f"point = {point:d} AND run < {count:d}"
    wanted = {"point": np.array([*runs], dtype=np.int32), "runs": np.array([*runs.values()], dtype=np.int64)}
    connection.register("given", wanted)
    connection.execute("CREATE TABLE wanted AS SELECT * FROM given")
    return "run < (SELECT wanted.runs FROM wanted WHERE wanted.point = parts.point)"
