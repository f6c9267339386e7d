"""Paired means over settlements in two scenarios: mean terms of each issue and mean utility of each party.

A mean over settlements is conditional on settling, and two scenarios do not settle in the same runs. So there are two
differences: between the two means, each over its own settlements, and within the runs that settle in both. The first is
what one gets in one scenario instead of the other; the second leaves out that other runs settle.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import duckdb
import numpy as np
from numpy.typing import NDArray

from sim.study.statistics.paired_differences import Ends, Moments, difference_of_means, ends, paired_means
from sim.study.storage.database import identifier
from sim.study.storage.json_forms import Whole
from sim.study.summaries.ensemble_summary import Summary

CHUNK = 1 << 20
"""Runs that are read at a time, so that memory does not grow with their number."""

Values = Mapping[str, NDArray[np.float64]]
"""Terms and utilities of runs, in order; NaN where a run did not settle."""


class PairedMean(Ends):
    """Mean paired difference within the `pairs` of runs that settle in both scenarios, with Student's 95 % interval.

    None where it is undefined: the difference without a pair, its interval with fewer than two.
    """

    pairs: Whole


class MeanChange(Ends):
    """Difference in a mean over settlements from the reference, each over its own settlements, with its 95 % interval.

    The interval covers simulation error only. `both`: the difference within the runs that settle in both. None where
    either has no settlement; the ends also where either has one alone.
    """

    both: PairedMean


class _Sums:
    """Sums over pairs of runs, from which differences of one quantity follow; deviations are from the given means."""

    def __init__(self, first: float, second: float) -> None:
        self.means = first, second
        self.counts = [0, 0]
        self.squares = [0.0, 0.0]
        self.products = 0.0
        self.pairs = 0
        self.total = 0.0
        self.total_squares = 0.0

    def add(self, first: NDArray[np.float64], second: NDArray[np.float64]) -> None:
        """Add the values of the same runs in both scenarios; NaN where a run did not settle."""
        deviations = first - self.means[0], second - self.means[1]
        for place, deviation in enumerate(deviations):
            self.counts[place] += int(np.count_nonzero(~np.isnan(deviation)))
            self.squares[place] += float(np.nansum(deviation * deviation))
        in_both = ~np.isnan(deviations[0]) & ~np.isnan(deviations[1])
        one, two = (deviation[in_both] for deviation in deviations)
        self.products += float((one * two).sum())
        self.pairs += len(one)
        self.total += float((two - one).sum())
        self.total_squares += float(((two - one) ** 2).sum())

    def change(self) -> MeanChange:
        """Return both differences."""
        first, second = (Moments(*each) for each in zip(self.counts, self.means, self.squares, strict=True))
        found = difference_of_means(first, second, self.products)
        apart = self.means[1] - self.means[0]
        within = paired_means(self.pairs, self.total, self.total_squares)
        return {
            "difference": apart,
            "low": found and found.low,
            "high": found and found.high,
            "both": {
                "pairs": self.pairs,
                "difference": apart + self.total / self.pairs if self.pairs else None,
                "low": within and apart + within.low,
                "high": within and apart + within.high,
            },
        }


def compare_means(
    summaries: tuple[Summary, Summary], runs: tuple[duckdb.DuckDBPyConnection, duckdb.DuckDBPyConnection]
) -> tuple[dict[str, MeanChange], dict[str, MeanChange]]:
    """Compare the mean terms by issue and utilities by party of settlements in two ensembles, paired run for run.

    The differences are those of the second from the first. `runs` are connections with views `runs` (queries.py).

    Issues and parties that only one of them has are left out. Both have equally many runs, of one seed.
    """
    means = [_means(summary) for summary in summaries]
    count = summaries[0]["runs"]
    common = [name for name in means[0] if name in means[1]]
    sums = {
        name: _Sums(one, two)
        for name in common
        if (one := means[0][name]) is not None and (two := means[1][name]) is not None
    }
    for start in range(0, count, CHUNK) if sums else ():
        before, after = (_read(connection, sums, start) for connection in runs)
        for name, each in sums.items():
            each.add(before[name], after[name])
    changes = {name: sums[name].change() if name in sums else _undefined() for name in common}
    terms, utility = (
        {name.removeprefix(kind): change for name, change in changes.items() if name.startswith(kind)}
        for kind in ("terms.", "utility.")
    )
    return terms, utility


def _means(summary: Summary) -> dict[str, float | None]:
    """Return the mean terms and utilities of an ensemble's settlements by column, None where nothing settles."""
    terms = {f"terms.{issue}": spread["mean"] for issue, spread in summary["terms"].items()}
    return terms | {f"utility.{party}": figures["mean"] for party, figures in summary["utility"].items()}


def _undefined() -> MeanChange:
    """Return what can be said where one of two scenarios has no settlement: nothing."""
    return {**ends(None), "both": {"pairs": 0, **ends(None)}}


def _read(connection: duckdb.DuckDBPyConnection, columns: Iterable[str], start: int) -> Values:
    """Return columns of the runs from number `start` on, at most CHUNK of them, in order."""
    names = ", ".join(identifier(name) for name in columns)
    query = f"""
        SELECT {names} FROM runs
        WHERE point = 0 AND run >= {start:d} AND run < {start + CHUNK:d} ORDER BY run
    """
    found = connection.execute(query).fetchnumpy()
    return {name: np.ma.filled(np.ma.asarray(column, np.float64), np.nan) for name, column in found.items()}
