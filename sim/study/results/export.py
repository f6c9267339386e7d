"""Export of a study's tables for other programs: CSV, Parquet, and Excel workbooks."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Literal

import duckdb

from sim.scenario.errors import ParleyError
from sim.study.results.result_tables import What, open_table
from sim.study.results.stored_study import StoredStudy
from sim.study.storage.atomic_files import (
    StorageError,
    discard,
    refuse_device,
    remove_leftovers,
    sync_folder,
    temporary_beside,
)
from sim.study.storage.database import first_line, identifier, literal

Format = Literal["csv", "parquet", "xlsx"]

MOST_ROWS = 2**20 - 1
"""Rows below the heading that a sheet of Excel holds."""

MOST_COLUMNS = 2**14
"""Columns that a sheet of Excel holds."""

FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""What a word begins with that spreadsheets take for a formula."""

CHUNK = 10_000
"""Rows that are held at once on their way into a workbook."""


class ExportError(ParleyError):
    """Export error: a table cannot be written in the requested format.

    The message says why, and what to do instead.
    """


def export(result: StoredStudy, form: Format, what: What, file: Path) -> int:
    """Export a study's runs or design points to a CSV, Parquet or Excel file; return the number of rows.

    `file` is written in one step. CSV is UTF-8 with commas and a heading; what is undefined is an empty cell (NULL in
    Parquet). Raises ExportError if a workbook cannot be written or cannot hold the table, StorageError if reading or
    writing fails.
    """
    if form == "xlsx":
        _require_openpyxl()
    refuse_device(file)
    remove_leftovers(file.parent, deep=False)
    temporary = temporary_beside(file).resolve()
    with open_table(result, what, [temporary], assumptions=True) as connection:
        try:
            rows = _write(connection, form, what, temporary)
            temporary.replace(file)
            sync_folder(file.parent)
        except OSError as error:
            raise StorageError(f"{file}: cannot write: {error.strerror}") from error
        except duckdb.IOException as error:
            reason = first_line(error).replace(str(temporary), file.name)
            raise StorageError(f"{file}: cannot write: {reason}") from error
        finally:
            discard(temporary)
    return rows


def _write(connection: duckdb.DuckDBPyConnection, form: Format, what: What, file: Path) -> int:
    """Write the view `tidy` to `file` and return its number of rows."""
    row = connection.execute("SELECT count(*) FROM tidy").fetchone()
    assert row is not None
    rows = int(row[0])
    if form == "xlsx":
        _write_workbook(connection, rows, what, file)
        return rows
    options = "FORMAT csv, HEADER" if form == "csv" else "FORMAT parquet, COMPRESSION zstd"
    chosen = _inert(connection) if form == "csv" else "*"
    connection.execute(f"COPY (SELECT {chosen} FROM tidy) TO {literal(str(file))} ({options}, USE_TMP_FILE false)")
    return rows


def _inert(connection: duckdb.DuckDBPyConnection) -> str:
    """Return SQL for all columns of `tidy`, with words and headings that a spreadsheet would take for formulas quoted.

    Words in results are names, which cannot begin so; but what is exported is opened by programs that run what does.
    """
    columns = [(name, kind) for name, kind, *_ in connection.execute("DESCRIBE tidy").fetchall()]
    starts = ", ".join(f"chr({ord(sign)})" for sign in FORMULAS)
    chosen = []
    for name, kind in columns:
        column = identifier(name)
        quoted = f"CASE WHEN left({column}, 1) IN ({starts}) THEN concat(chr(39), {column}) ELSE {column} END"
        chosen.append(f"{quoted if kind == 'VARCHAR' else column} AS {identifier(_harmless(name))}")
    return ", ".join(chosen)


def _harmless(cell: str) -> str:
    """Return a word so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if cell.startswith(FORMULAS) else cell


def _require_openpyxl() -> None:
    """Raise ExportError if the library that writes workbooks is not installed."""
    try:
        import openpyxl  # noqa: F401
    except ImportError as error:
        raise ExportError("xlsx needs the extra 'xlsx': pip install 'parley-sim[xlsx]'") from error


def _write_workbook(connection: duckdb.DuckDBPyConnection, rows: int, what: What, file: Path) -> None:
    """Write the view `tidy` to a workbook of one sheet, if it fits, with a heading that stays in sight."""
    from openpyxl import Workbook

    columns = [name for name, *_ in connection.execute("DESCRIBE tidy").fetchall()]
    if rows > MOST_ROWS or len(columns) > MOST_COLUMNS:
        size = f"{rows:,} rows and {len(columns):,} columns"
        limit = f"a sheet of Excel holds {MOST_ROWS:,} below the heading, in {MOST_COLUMNS:,} columns"
        raise ExportError(f"{size} do not fit: {limit}. Take --to csv or --to parquet")
    book = Workbook(write_only=True)
    sheet = book.create_sheet(what)
    sheet.freeze_panes = "A2"
    sheet.append([_harmless(name) for name in columns])
    table = connection.execute("SELECT * FROM tidy")
    while chunk := table.fetchmany(CHUNK):
        for row in chunk:
            sheet.append([_harmless(cell) if isinstance(cell, str) else cell for cell in row])
    content = BytesIO()  # an archive that finds the disk full cannot even be closed
    book.save(content)
    file.write_bytes(content.getvalue())
