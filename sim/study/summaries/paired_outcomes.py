"""Paired outcomes of two ensembles on common random numbers: which runs settle, when, and for how long."""

from __future__ import annotations

from collections import Counter
from typing import Any, NotRequired, TypeAlias

import duckdb
import numpy as np
from numpy.typing import NDArray
from typing_extensions import TypedDict

from sim.study.statistics.identical_runs import Same
from sim.study.statistics.paired_differences import ends, paired_means, paired_shares, unpaired_runs
from sim.study.storage.database import identifier
from sim.study.storage.json_forms import Shift, Whole
from sim.study.summaries.ensemble_summary import HORIZONS
from sim.study.summaries.paired_settlement_means import PairedMean

CHUNK = 1 << 20
"""Runs that are read at a time, so that memory does not grow with their number."""


class ShareChange(TypedDict):
    """Paired difference in a share of outcomes from the reference, with Tango's 95 % interval for pairs.

    It covers simulation error only. `only_reference` and `only_here` count the runs that changed sides; `unpaired_runs`
    of each scenario would have been needed to know the difference as closely without common random numbers (None where
    both shares are 0 or 1).
    """

    difference: Shift
    low: Shift
    high: Shift
    only_reference: Whole
    only_here: Whole
    unpaired_runs: Whole | None


class Change(TypedDict):
    """Paired differences in outcomes from the reference: settlement, settlements that last, rounds to settlement.

    Settlements that last are given by periods. `same`: "runs" if all runs are the same, bit for bit; "outcomes" if they
    end alike and only something else that is recorded differs (identical_runs.py); None if not, or if it was not looked
    at.
    """

    settlement: ShareChange
    lasting: dict[str, ShareChange | None]
    rounds: PairedMean
    same: NotRequired[Same | None]


def change(counts: Counter[str], watched: int) -> Change:
    """Return the paired differences in outcomes of two ensembles, from the counts of all pairs (`count_pairs`).

    They are those of the second from the first. `watched`: for how many periods settlements are watched in both; of
    longer horizons nothing is said.
    """
    rounds = paired_means(counts["both"], counts["rounds"], counts["squares"])
    lasting = ((str(n), f"held {n}" if n <= watched else None) for n in HORIZONS)
    return {
        "settlement": _share_change(counts, "settled"),
        "lasting": {n: None if event is None else _share_change(counts, event) for n, event in lasting},
        "rounds": {"pairs": counts["both"], **ends(rounds)},
    }


def _share_change(counts: Counter[str], event: str) -> ShareChange:
    """Return the change of a share, from how many runs changed sides."""
    runs, only_first, only_second = counts["runs"], counts[f"-{event}"], counts[f"+{event}"]
    found = paired_shares(runs, only_first, only_second)
    assert found is not None  # there is at least one run
    always = counts[f"={event}"]
    before, after = (always + only_first) / runs, (always + only_second) / runs
    return {
        "difference": found.difference,
        "low": found.low,
        "high": found.high,
        "only_reference": only_first,
        "only_here": only_second,
        "unpaired_runs": unpaired_runs(before, after, found.half_width),
    }


Fates: TypeAlias = dict[str, NDArray[Any]]
"""What became of runs, in order: whether they `settled`, whether that `held N` periods, and in which `round`."""


def count_pairs(first: Fates, second: Fates) -> Counter[str]:
    """Count the paired outcomes of two ensembles: in how many runs one of them, or both, settled and held.

    `runs` in all; `-event`, `+event` and `=event`: in the first only, in the second only, in both; `both`: settled in
    both, with the sum of the differences in `rounds` and of their `squares`.
    """
    counts: Counter[str] = Counter(runs=len(first["settled"]))
    for event in ("settled", *(f"held {n}" for n in HORIZONS)):
        counts[f"-{event}"] += int(np.count_nonzero(first[event] & ~second[event]))
        counts[f"+{event}"] += int(np.count_nonzero(second[event] & ~first[event]))
        counts[f"={event}"] += int(np.count_nonzero(second[event] & first[event]))
    both = first["settled"] & second["settled"]
    later = second["round"][both].astype(np.int64) - first["round"][both]
    counts.update(both=int(both.sum()), rounds=int(later.sum()), squares=int((later * later).sum()))
    return counts


def fates(connection: duckdb.DuckDBPyConnection, start: int = 0) -> Fates:
    """Return the outcomes of runs, to be paired with another ensemble's, from number `start` on.

    At most CHUNK of them, in order.
    """
    held = ", ".join(f"outcome = 'settlement' AND held >= {n:d} AS {identifier(f'held {n:d}')}" for n in HORIZONS)
    query = f"""
        SELECT outcome = 'settlement' AS settled, {held}, round
        FROM runs WHERE point = 0 AND run >= {start:d} AND run < {start + CHUNK:d} ORDER BY run
    """
    return {name: np.asarray(column) for name, column in connection.execute(query).fetchnumpy().items()}
