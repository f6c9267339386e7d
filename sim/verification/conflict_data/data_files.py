"""Data files of conflict data: tables as CSV, read row by row into what their rows stand for."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sim.scenario.errors import Problem, ScenarioError

T = TypeVar("T")


def read_rows(path: Path, make: Callable[[dict[str, str]], T], what: str) -> list[T]:
    """Read a data file, a table of `what`: return what `make` makes of each row, given by the names of its columns.

    Raises ScenarioError if it cannot be read, or is something else.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return [make(row) for row in csv.DictReader(file)]
    except OSError as error:
        raise ScenarioError([Problem(f"cannot be read: {error.strerror}", file=str(path))]) from None
    except (KeyError, ValueError, TypeError) as error:
        raise ScenarioError([Problem(f"is not a table of {what} ({error})", file=str(path))]) from None
