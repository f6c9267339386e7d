"""Histograms of settlement terms: how often they lie where between the poles of each issue."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb
import numpy as np
from numpy.typing import NDArray

from sim.study.results.result_tables import open_table
from sim.study.results.stored_study import StoredStudy
from sim.study.storage.database import identifier

BINS = 50
"""Equal stretches between the poles of an issue."""


def term_counts(study: StoredStudy, issues: Iterable[str]) -> dict[str, NDArray[np.int64]]:
    """Return the histogram of settlement terms for each issue of a stored study: counts of shape (BINS,).

    Bins lie between the issue's poles. Raises StorageError if the runs cannot be read.
    """
    with open_table(study, "runs") as connection:
        return count_terms(connection, issues, "tidy")


def count_terms(
    connection: duckdb.DuckDBPyConnection, issues: Iterable[str], view: str = "runs"
) -> dict[str, NDArray[np.int64]]:
    """Return the histogram of settlement terms for each issue from a database connection: counts of shape (BINS,).

    The connection has a view of runs (queries.py).
    """
    found = {issue: np.zeros(BINS, dtype=np.int64) for issue in issues}
    for issue, counts in found.items():
        terms = identifier(f"terms.{issue}")
        query = f"""
            SELECT greatest(0, least(CAST(floor({terms} * {BINS}) AS INTEGER), {BINS - 1})) AS place, count(*)
            FROM {identifier(view)} WHERE NOT isnan({terms}) GROUP BY ALL
        """
        for place, count in connection.execute(query).fetchall():
            counts[place] = count
    return found
