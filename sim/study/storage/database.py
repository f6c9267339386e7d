"""DuckDB, embedded: how a table of runs becomes a Parquet file, and the connection that reads such files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from tempfile import gettempdir
from typing import Any, TypeAlias

import duckdb
from numpy.typing import NDArray

from sim.study.storage.atomic_files import StorageError
from sim.study.storage.temporary_folders import scratch_folder, scratch_path

Table: TypeAlias = dict[str, NDArray[Any]]
"""Columns of outcomes by name, one row a run."""


def identifier(name: str) -> str:
    """A name as SQL takes it, whatever it holds: the one way by which names of columns get into queries."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as SQL takes it, whatever it holds."""
    return "'" + text.replace("'", "''") + "'"


def connect() -> duckdb.DuckDBPyConnection:
    """A connection to an empty database in memory; what it spills goes to a temporary folder of its own.

    Processes that shared a folder would overwrite each other's; it is made when first needed, and gone at the end.
    """
    return duckdb.connect(
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
            "temp_directory": str(scratch_path()),
        }
    )


def confine(connection: duckdb.DuckDBPyConnection, files: Iterable[Path]) -> None:
    """Let a connection reach these files and no others from now on, neither read nor written, and no extension.

    What lies in a results folder may come from anybody. Views of Parquet files read them when they are asked, so the
    files of a connection's views must be among them.
    """
    allowed = ", ".join(literal(str(file)) for file in files)
    connection.execute(f"SET allowed_paths = [{allowed}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def encode(columns: Mapping[str, NDArray[Any]]) -> bytes:
    """A table of equally long columns as the bytes of a Parquet file. Raises StorageError if there is no room for it.

    Called where the runs were simulated: compressed bytes are what travels to the parent, which alone
    writes to the results folder, so a worker on another machine needs no access to it.
    """
    try:
        with scratch_folder() as folder, database().cursor() as connection:
            path = folder / "part"
            connection.register("columns", dict(columns))
            connection.table("columns").write_parquet(str(path), compression="zstd")
            return path.read_bytes()
    except RuntimeError as error:
        if is_interrupt(error):
            raise KeyboardInterrupt from None
        raise
    except (OSError, duckdb.IOException) as error:
        reason = getattr(error, "strerror", None) or first_line(error)
        raise StorageError(f"{gettempdir()}: cannot write there on the way to the results: {reason}") from error


def is_interrupt(error: BaseException) -> bool:
    """Whether an error says that Ctrl-C ended a query: DuckDB takes the signal, and raises an error of its own."""
    return isinstance(error, RuntimeError) and str(error) == "Query interrupted"


def first_line(error: Exception) -> str:
    """What an error of the database says, without the query that it repeats."""
    return next(iter(str(error).splitlines()), type(error).__name__)


@cache
def database() -> duckdb.DuckDBPyConnection:
    """Return the database that this process shares for what is short: starting one takes longer than writing a part.

    It has one thread: to share out what is short takes longer than to do it, and workers have a core each.
    """
    connection = connect()
    connection.execute("SET threads = 1")
    return connection
