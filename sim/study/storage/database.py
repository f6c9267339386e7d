"""The embedded database, DuckDB: the encoding of a table of runs as Parquet, and connections that read such files."""

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
    """Return a name as an identifier in SQL for the database, whatever it holds.

    This is the one way by which names of columns get into queries.
    """
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text as a string literal in SQL for the database, whatever it holds."""
    return "'" + text.replace("'", "''") + "'"


def connect(threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """Return a connection to an empty DuckDB database in memory, of at most so many threads (by default all cores).

    What it spills goes to a temporary folder of its own. Processes that shared a folder would overwrite each other's;
    it is made when first needed, and gone at the end.
    """
    return duckdb.connect(
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
            "temp_directory": str(scratch_path()),
            **({} if threads is None else {"threads": str(threads)}),
        }
    )


def confine(connection: duckdb.DuckDBPyConnection, files: Iterable[Path]) -> None:
    """Confine a database connection to some files, for reading alone, without extensions.

    From now on it reaches these files and no others, neither read nor written, and no extension. What lies in a results
    folder may come from anybody. Views of Parquet files read them when they are asked, so the files of a connection's
    views must be among them.
    """
    allowed = ", ".join(literal(str(file)) for file in files)
    connection.execute(f"SET allowed_paths = [{allowed}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def encode(columns: Mapping[str, NDArray[Any]]) -> bytes:
    """Return a table of equally long columns as the bytes of a Parquet file, encoded by the database.

    Raises StorageError if there is no room for it. Called where the runs were simulated: compressed bytes are what
    travels to the parent, which alone writes to the results folder, so a worker on another machine needs no access to
    it.
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
    """Return the first line of an error of the database, without the query that it repeats."""
    return next(iter(str(error).splitlines()), type(error).__name__)


@cache
def database() -> duckdb.DuckDBPyConnection:
    """Return the DuckDB database that this process shares for short queries.

    Starting one takes longer than writing a part. It has one thread: to share out what is short takes longer than to do
    it, and workers have a core each.
    """
    return connect(threads=1)
