"""Whether two ways of playing a scenario give the same results, as far as their numbers of runs can tell."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from contenders import Columns
from numpy.typing import NDArray

from sim.negotiation.run_outcomes import OUTCOMES

LIMIT = 4.0
"""Standard errors of the difference beyond which two results are not the same."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over runs, with its standard error and the number of runs behind it."""

    mean: float
    error: float
    runs: int

    @classmethod
    def of(cls, values: NDArray[np.float64]) -> Estimate | None:
        """Estimate the mean, or None of fewer than two runs."""
        if len(values) < 2:
            return None
        return cls(float(values.mean()), float(values.std(ddof=1)) / math.sqrt(len(values)), len(values))

    @property
    def interval(self) -> tuple[float, float]:
        """Interval that covers the mean of endless runs with a chance of 95 per cent."""
        return self.mean - 1.96 * self.error, self.mean + 1.96 * self.error


@dataclass(frozen=True, slots=True)
class Comparison:
    """One measure, estimated twice."""

    measure: str
    first: Estimate
    second: Estimate

    @property
    def errors_apart(self) -> float:
        """Difference in standard errors of the difference."""
        difference = abs(self.first.mean - self.second.mean)
        error = math.hypot(self.first.error, self.second.error)
        return difference / error if error > 0.0 else (0.0 if difference < 1e-6 else math.inf)

    @property
    def same(self) -> bool:
        """Whether the two may be the same number."""
        return self.errors_apart <= LIMIT


def compare(first: Columns, second: Columns) -> list[Comparison]:
    """Compare every measure that both have, of enough runs; the first is the share of settlements."""
    others = dict(measures(second))
    found = []
    for measure, values in measures(first):
        if measure not in others:
            continue
        one, other = Estimate.of(values), Estimate.of(others[measure])
        if one is not None and other is not None:
            found.append(Comparison(measure, one, other))
    return found


def measures(columns: Columns) -> Iterator[tuple[str, NDArray[np.float64]]]:
    """Yield what is compared, by name: one number for each run that it is defined for."""
    outcome = columns["outcome"]
    settled = outcome == "settlement"
    for name in OUTCOMES:
        yield name, (outcome == name).astype(float)
    yield "rounds", columns["round"].astype(float)
    for name in sorted(columns):
        if name.startswith(("terms.", "utility.")):
            yield name, columns[name][settled].astype(float)
    for period in (52, 260):
        yield f"held {period}", (columns["held"][settled] >= period).astype(float)
