"""Result tables of stored studies: their runs and design points as tidy tables, for pandas and DuckDB."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import duckdb
import numpy as np
from numpy.typing import NDArray

from sim.negotiation.randomness.assumption_draws import draw_ranges, list_range_streams
from sim.negotiation.randomness.random_streams import BLOCK
from sim.scenario.errors import describe_argument, one_of
from sim.scenario.model.key_tree import select
from sim.scenario.model.parameters import names_of
from sim.study.design.argument_checks import refused
from sim.study.results.stored_study import StoredStudy
from sim.study.storage.atomic_files import StorageError, within
from sim.study.storage.database import confine, connect, identifier
from sim.study.storage.parquet_parts import Ledger, scan
from sim.study.storage.queries import open_runs
from sim.study.storage.study_folder import Study

if TYPE_CHECKING:
    import pandas

What = Literal["runs", "points"]

MEMORY, THREADS = "1GB", 4
"""What sorting a table may take, on however large a machine; the rest goes to the system's temporary folder."""

_UNDEFINED = {"by": "''", "cause": "''", "broken_by": "''", "mediator_left": "0", "held": "-1"}
"""How parts write what is undefined, in SQL; columns of other numbers have NaN."""


def read_table(result: StoredStudy, what: What = "runs") -> pandas.DataFrame:
    """Read a study's result table as a pandas DataFrame: its runs, one row each, or its design points.

    The columns are described in docs/reference/results.md; what is undefined is missing (NaN, or NA in columns of whole
    numbers). Raises StorageError if the study is damaged, ScenarioError for another `what`.
    """
    if what not in get_args(What):
        raise refused(f"what must be one of {one_of(get_args(What))}, not {describe_argument(what)}")
    with open_table(result, what, assumptions=True) as connection:
        frame = connection.execute("SELECT * FROM tidy").df()
    whole = [name for name in ("mediator_left", "held") if what == "runs"]
    return frame.astype(dict.fromkeys(whole, "Int32"))


@contextmanager
def open_table(
    result: StoredStudy, what: What, files: Iterable[Path] = (), assumptions: bool = False
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a study's result table in DuckDB: a connection with a view `tidy` of its runs or design points.

    What is undefined is NULL. Of runs these are the ones that the study's figures speak of; of an interrupted study all
    that are there. With `assumptions`, runs have columns `assumed.PATH` as well: what was drawn for each range of the
    scenario that the design leaves alone. The connection reaches no files but the parts and `files`.
    """
    if what == "points":
        import pandas

        frame = pandas.DataFrame(result.figures())
        unknown = [name for name in frame if frame[name].isna().all()]
        words = [name for name in frame if name not in unknown and not pandas.api.types.is_numeric_dtype(frame[name])]
        kinds = dict.fromkeys(unknown, float) | dict.fromkeys(words, object)  # DuckDB's floor knows no column of 'str'
        with connect(threads=1) as connection:
            connection.register("tidy", frame.astype(kinds))
            confine(connection, files)
            yield connection
        return
    folder = within(result.path, "parts")
    counts = _counts(result, folder)
    with open_runs(folder, counts, result.study.columns, files, MEMORY, THREADS) as connection:
        runs = counts if isinstance(counts, int) else max(counts.values(), default=0)
        _view_tidy(connection, result.points, _table_assumed(connection, result.study, runs) if assumptions else [])
        yield connection


def _table_assumed(connection: duckdb.DuckDBPyConnection, study: Study, runs: int) -> list[str]:
    """Create a table `assumed` of what the first runs of every design point assume; return the paths, its columns.

    Draws belong to the number of a run, so they are the same at all design points.
    """
    scenario = study.scenario
    paths = list(list_range_streams(scenario))
    varied = {path for pattern in study.points[0] for path in select(pattern, dict.fromkeys(paths), names_of(scenario))}
    paths = [path for path in paths if path not in varied]
    for start in range(0, runs, BLOCK) if paths else ():
        numbers = np.arange(start, min(start + BLOCK, runs), dtype=np.int64)
        drawn = draw_ranges(scenario, numbers)
        connection.register("block", {"run": numbers, **{path: drawn[path] for path in paths}})
        connection.execute("INSERT INTO assumed SELECT * FROM block" if start else "CREATE TABLE assumed AS FROM block")
    return paths


def _counts(result: StoredStudy, folder: Path) -> int | Mapping[int, int]:
    """Return how many runs of each design point belong to the table."""
    if result.finished or result.only_attributed:  # of the latter there are no figures, which says what to do
        counts = {int(row["point"]): int(row["runs"]) for row in result.figures()}
        ledger = Ledger(scan(folder, len(result.points)))
        missing = sum(len(gap) for point, runs in counts.items() for gap in ledger.gaps(point, runs))
        if missing:
            lacking = f"lacks {missing:,} of the runs that the figures speak of"
            raise StorageError(f"{folder}: {lacking}; to simulate them anew: {result.command}")
        return counts
    held = scan(folder, len(result.points))
    if not held:
        raise StorageError(f"{result.path}: holds no runs. It was made by: {result.command}")
    return max(part.last for part in held) + 1


def _view_tidy(
    connection: duckdb.DuckDBPyConnection, points: Sequence[Mapping[str, Any]], assumed: Sequence[str]
) -> None:
    """Create a view `tidy` of the view `runs`, in order, with what was varied and `assumed` beside each run.

    Distrust at the end of a run gets names of its own, as distrust at its beginning may be what was varied.
    """
    varied = _varied(points)
    connection.register("given", {"point": np.arange(len(points), dtype=np.int32), **varied})
    connection.execute("CREATE TABLE points AS SELECT * FROM given")
    outcomes = [(name, kind) for name, kind, *_ in connection.execute("DESCRIBE runs").fetchall()]
    columns = [
        "runs.point",
        *(
            _named(_null(f"points.{identifier(path)}", values.dtype.kind == "f"), path)
            for path, values in varied.items()
        ),
        "runs.run",
        *(_named(_defined(name, kind), _tidy_name(name)) for name, kind in outcomes if name not in ("point", "run")),
        *(_named(f"assumed.{identifier(path)}", f"assumed.{path}") for path in assumed),
    ]
    beside = "JOIN assumed ON runs.run = assumed.run " if assumed else ""
    connection.execute(
        f"CREATE VIEW tidy AS SELECT {', '.join(columns)} FROM runs JOIN points ON runs.point = points.point "
        f"{beside}ORDER BY runs.point, runs.run"
    )


def _varied(points: Sequence[Mapping[str, Any]]) -> dict[str, NDArray[Any]]:
    """Return what was varied as columns: numbers, or words where a path was given any."""
    columns = {}
    for path in dict.fromkeys(path for point in points for path in point):
        values = [point.get(path) for point in points]
        if any(isinstance(value, str) for value in values):
            words = [None if value is None else str(value) for value in values]
            columns[path] = np.array(words, dtype=object)
        else:
            columns[path] = np.array([np.nan if value is None else value for value in values], dtype=float)
    return columns


def _named(column: str, name: str) -> str:
    """Return SQL for a column under another name."""
    return f"{column} AS {identifier(name)}"


def _tidy_name(name: str) -> str:
    """Return the name of an outcome column in tables for people."""
    return f"distrust_at_end{name.removeprefix('distrust')}" if name.startswith("distrust.") else name


def _defined(name: str, kind: str) -> str:
    """Return SQL for an outcome column with NULL where it is undefined."""
    column = f"runs.{identifier(name)}"
    if name in _UNDEFINED:
        return f"nullif({column}, {_UNDEFINED[name]})"
    return _null(column, kind in ("DOUBLE", "FLOAT"))


def _null(column: str, fractional: bool) -> str:
    """Return SQL for a column with NULL for NaN if it holds fractional numbers."""
    return f"nullif({column}, 'nan'::DOUBLE)" if fractional else column
