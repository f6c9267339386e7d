"""Scores of forecasts over past crises, and how far one forecast leads another, with intervals.

Scores: Brier (1950, Mon Weather Rev 78:1) and the logarithmic score in nats (Good 1952, J R Stat Soc B 14:107); less
is better in both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.study.statistics.shares import Share, wilson
from sim.verification.conflict_data.crisis_cells import Cell, Event
from sim.verification.conflict_data.crisis_forecasts import Forecast

_Z = 1.959964  # 95 % of a normal distribution lie within so many standard deviations

Losses = tuple[NDArray[np.float64], NDArray[np.float64]]
"""What a forecast loses on a crisis of each cell, if the event comes and if it does not."""


class Mean(NamedTuple):
    """Mean over crises with its 95 % interval, which covers chance in which crises there were."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Score:
    """Score of a forecast over some crises, by Brier and by logarithm, with its calibration.

    `calibration` maps the probabilities that were given to the shares that came about, with Wilson's intervals.
    """

    forecast: str
    brier: Mean
    log: Mean
    calibration: Mapping[float, Share]


@dataclass(frozen=True)
class Lead:
    """Lead of one forecast over another on the same crises: how much lower its scores are, crisis by crisis.

    Above 0 the first is better. `skill` is the lead in the Brier score as a share of the other's score.
    """

    over: str
    brier: Mean
    log: Mean
    skill: float

    @property
    def verdict(self) -> str:
        """Whether the first "wins over", "loses to" or "ties with" the other, by the interval of the Brier score."""
        return "wins over" if self.brier.low > 0 else "loses to" if self.brier.high < 0 else "ties with"


def score(name: str, forecast: Forecast, cells: Sequence[Cell], event: Event) -> Score:
    """Return the scores of a forecast of an event over all crises of some cells.

    Raises ZeroDivisionError where the event is known of no crisis.
    """
    trials, hits = _counts(cells, event)
    given: dict[float, tuple[float, float]] = {}
    for cell, count, success in zip(cells, trials, hits, strict=True):
        probability = round(forecast(cell), 6)
        before = given.get(probability, (0.0, 0.0))
        given[probability] = before[0] + success, before[1] + count
    came = {key: wilson(success, int(count)) for key, (success, count) in sorted(given.items())}
    calibration = {key: share for key, share in came.items() if share is not None}
    brier, log = (_mean(losses, trials, hits) for losses in (_brier(forecast, cells), _log(forecast, cells)))
    return Score(name, brier, log, calibration)


def lead(forecast: Forecast, name: str, other: Forecast, cells: Sequence[Cell], event: Event) -> Lead:
    """Return the lead of a forecast over another, called `name`, over all crises of some cells."""
    trials, hits = _counts(cells, event)
    brier, log = (
        _mean((two[0] - one[0], two[1] - one[1]), trials, hits)
        for one, two in (
            (_brier(forecast, cells), _brier(other, cells)),
            (_log(forecast, cells), _log(other, cells)),
        )
    )
    return Lead(name, brier, log, brier.value / _mean(_brier(other, cells), trials, hits).value)


def _counts(cells: Sequence[Cell], event: Event) -> Losses:
    trials, hits = (np.array([pick(cell) for cell in cells], dtype=float) for pick in (event.trials, event.successes))
    return trials, hits


def _brier(forecast: Forecast, cells: Sequence[Cell]) -> Losses:
    p = np.array([forecast(cell) for cell in cells])
    return (1 - p) ** 2, p**2


def _log(forecast: Forecast, cells: Sequence[Cell]) -> Losses:
    p = np.array([forecast(cell) for cell in cells])
    return -np.log(p), -np.log1p(-p)


def _mean(losses: Losses, trials: NDArray[np.float64], hits: NDArray[np.float64]) -> Mean:
    """Mean loss of a crisis, with its interval by the normal distribution."""
    whole = float(trials.sum())
    mean = float((hits * losses[0] + (trials - hits) * losses[1]).sum()) / whole
    square = float((hits * losses[0] ** 2 + (trials - hits) * losses[1] ** 2).sum()) / whole
    reach = _Z * sqrt(max(square - mean**2, 0.0) / max(whole - 1, 1.0))
    return Mean(mean, mean - reach, mean + reach)
