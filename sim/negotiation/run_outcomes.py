"""Outcomes of the runs: one row a run, in the columns that every later step reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Lanes = NDArray[np.intp]
Columns = dict[str, NDArray[Any]]

SETTLEMENT, WALKOUT, IMPASSE, OVERTAKEN, OPEN = OUTCOMES = ("settlement", "walkout", "impasse", "overtaken", "open")
"""What becomes of the talks: `impasse` is a deadline that has passed, `open` that they go on when the watch ends."""


class Record:
    """Record of run outcomes, one row for each of `runs` runs from number `first` on, filled in as runs end."""

    def __init__(
        self, first: int, runs: int, issues: Sequence[str], parties: Sequence[str], pairs: Sequence[tuple[str, str]]
    ) -> None:
        self.columns: Columns = {
            "run": np.arange(first, first + runs, dtype=np.int64),
            "outcome": np.full(runs, OPEN, dtype=object),
            "by": np.full(runs, "", dtype=object),
        }
        for name in ("round", "direct", "mediated", "silent", "mediator_left"):
            self.columns[name] = np.zeros(runs, dtype=np.int32)
        self._add([f"terms.{issue}" for issue in issues])
        self._add([f"utility.{party}" for party in parties])
        self._add(["efficiency"])
        self.columns["below_war"] = np.zeros(runs, dtype=np.int32)
        self.columns["held"] = np.full(runs, -1, dtype=np.int32)
        self.columns["cause"] = np.full(runs, "", dtype=object)
        self.columns["broken_by"] = np.full(runs, "", dtype=object)
        self._add([f"distrust.{holder}.{other}" for holder, other in pairs])

    def _add(self, names: Sequence[str]) -> None:
        runs = len(self.columns["run"])
        self.columns.update({name: np.full(runs, np.nan) for name in names})

    def end(self, lanes: Lanes, outcome: str, by: NDArray[Any] | str, round_: int) -> None:
        """Write how the runs `lanes` (row numbers) ended, by whom, and in which round."""
        self.columns["outcome"][lanes] = outcome
        self.columns["by"][lanes] = by
        self.columns["round"][lanes] = round_
        talks = self.columns["direct"][lanes] + self.columns["mediated"][lanes]
        self.columns["silent"][lanes] = round_ - talks

    def write(self, lanes: Lanes, values: Mapping[str, Any]) -> None:
        """Write columns of the runs `lanes`; each value is a number or an array as long as `lanes`."""
        for name, value in values.items():
            self.columns[name][lanes] = value
