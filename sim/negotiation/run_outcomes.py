"""Outcomes of the runs: which there are, and one row a run, in the columns that every later step reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.scenario.advice.possible_values import Possible
from sim.scenario.model.schema import Scenario

Lanes = NDArray[np.intp]
Columns = dict[str, NDArray[Any]]

SETTLEMENT, WALKOUT, IMPASSE, OVERTAKEN, OPEN = OUTCOMES = ("settlement", "walkout", "impasse", "overtaken", "open")
"""What becomes of the talks: `impasse` is a deadline that has passed, `open` that they go on when the watch ends."""


def possible_outcomes(*cases: Scenario) -> tuple[str, ...]:
    """Return the outcomes that runs of a scenario, or of one at several design points, can have, in their order.

    Nobody can rule out a settlement or a walkout; without a deadline within the watch there is no impasse, and with one
    in all of the cases the talks are not open when the watch ends.
    """
    known = {
        IMPASSE: any(case.deadline is not None and ceil(case.deadline.low) <= case.rounds for case in cases),
        OVERTAKEN: Possible(cases).used("overtaken"),
        OPEN: any(case.deadline is None or ceil(case.deadline.high) > case.rounds for case in cases),
    }
    return tuple(outcome for outcome in OUTCOMES if known.get(outcome, True))


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
