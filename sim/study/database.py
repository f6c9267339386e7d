"""DuckDB, embedded: how a table of runs becomes a Parquet file, and the connection that reads such files."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any, TypeAlias

import duckdb
from numpy.typing import NDArray

from sim.study.files import StorageError

Table: TypeAlias = dict[str, NDArray[Any]]
"""Columns of outcomes by name, one row a run."""


def connect() -> duckdb.DuckDBPyConnection:
    """A connection to an empty database in memory; what it spills goes to the system's temporary folder."""
    return duckdb.connect(config={"autoinstall_known_extensions": "false", "temp_directory": gettempdir()})


def encode(columns: Mapping[str, NDArray[Any]]) -> bytes:
    """A table of equally long columns as the bytes of a Parquet file. Raises StorageError if there is no room for it.

    Called where the runs were simulated: compressed bytes are what travels to the parent, which alone
    writes to the results folder, so a worker on another machine needs no access to it.
    """
    try:
        with TemporaryDirectory(prefix="parley-") as folder, database().cursor() as connection:
            path = Path(folder) / "part"
            connection.register("columns", dict(columns))
            connection.table("columns").write_parquet(str(path), compression="zstd")
            return path.read_bytes()
    except (OSError, duckdb.IOException) as error:
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise StorageError(f"{gettempdir()}: cannot write there on the way to the results: {reason}") from error


@cache
def database() -> duckdb.DuckDBPyConnection:
    """Return the database that this process shares for what is short: starting one takes longer than writing a part.

    It has one thread: to share out what is short takes longer than to do it, and workers have a core each.
    """
    connection = connect()
    connection.execute("SET threads = 1")
    return connection
