"""Reading a study's runs: SQL over its parts, so memory does not grow with the study."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb
import numpy as np

from sim.study.database import Table, connect, database
from sim.study.files import StorageError
from sim.study.parts import Ledger, Part, scan, shared_out, verify


@contextmanager
def open_runs(folder: Path, runs: int | Mapping[int, int]) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with a view `runs`: the first `runs` runs of every design point in a folder of parts.

    `runs` may differ by design point: a mapping from its number, of which those left out have none. Every part is
    checked against its checksum first. Where two processes left parts that overlap, the view holds each run once: they
    are the same, run for run. Columns that only some design points have are NULL at the others.
    """
    most = runs if isinstance(runs, int) else max(runs.values(), default=0)
    parts = [part for part in scan(folder) if part.first < most]
    for part in parts:
        verify(folder, part)
    with connect() as connection:
        try:
            _view_parts(connection, folder, parts)
            connection.execute(f"CREATE VIEW runs AS SELECT * FROM parts WHERE {_wanted(connection, runs)}")
            yield connection
        except duckdb.Error as error:
            raise StorageError(f"{folder}: cannot read results: {str(error).splitlines()[0]}") from error


@contextmanager
def held_in_memory(table: Table) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with a view `runs` of a table that was not written anywhere (playing.py)."""
    with database().cursor() as connection:
        connection.register("given", dict(table))
        connection.execute("CREATE TEMP TABLE held AS SELECT * FROM given")
        connection.execute("CREATE TEMP VIEW runs AS SELECT * FROM held")
        yield connection


def _view_parts(connection: duckdb.DuckDBPyConnection, folder: Path, parts: list[Part]) -> None:
    """Create a view `parts` of everything in some parts; a run that several hold is read from one of them."""
    overlapping = Ledger(parts).overlapping
    kept, yields = shared_out(parts) if overlapping else (parts, [])
    files = [str(folder / part.name) for part in kept]
    table = connection.read_parquet(files, union_by_name=True, filename=overlapping)
    if not overlapping:
        table.create_view("parts")
        return
    table.create_view("files")
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


def _wanted(connection: duckdb.DuckDBPyConnection, runs: int | Mapping[int, int]) -> str:
    """Return SQL that is true of the runs asked for; where their number differs by point it is put in a table."""
    if isinstance(runs, int):
        return f"run < {runs:d}"
    wanted = {"point": np.array([*runs], dtype=np.int32), "runs": np.array([*runs.values()], dtype=np.int64)}
    connection.register("given", wanted)
    connection.execute("CREATE TABLE wanted AS SELECT * FROM given")
    return "run < (SELECT wanted.runs FROM wanted WHERE wanted.point = parts.point)"
