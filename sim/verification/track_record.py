"""Track record: the reference scenarios' shares as forecasts of crises that are over, scored beside simple baselines.

Nothing is fitted to these crises but what is said to be. `seeds/icb_cells.csv` counts them by what is known of each
beforehand: violence, mediation, whether the conflict is protracted, and period. Scores: Brier (1950, Mon Weather Rev
78:1) and the logarithmic score (Good 1952, J R Stat Soc B 14:107); less is better in both.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.scenario.errors import Problem, ScenarioError
from sim.scenario.packaged.packaged_scenarios import SEEDS
from sim.study.statistics.shares import Share, wilson
from sim.verification.reference_estimates import STYLES, YEAR, Played, settled_by

CELLS = Path(SEEDS) / "icb_cells.csv"
"""Where they lie among what comes with Parley."""

EARLY, LATE = "1918-1974", "1975-2016"
VIOLENCE = ("none", "minor clashes", "serious clashes", "war")
MEDIATION = ("none", "style not stated", *STYLES)

_Z = 1.959964  # 95 % of a normal distribution lie within so many standard deviations
_RIDGE = 1e-3  # keeps the regression's coefficients finite where a cell's crises all ended alike


@dataclass(frozen=True)
class Cell:
    """Cell of the track record: crises alike in all that is known of them beforehand, and how many ended how."""

    violence: str
    mediation: str
    protracted: str
    period: str
    crises: int
    agreements: int
    followed: int
    quiet: int

    @property
    def mediated(self) -> bool:
        """Whether there was any mediation."""
        return self.mediation != "none"


@dataclass(frozen=True)
class Event:
    """Event that a track record is about: its name, and how many trials and successes a cell has."""

    name: str
    trials: Callable[[Cell], int]
    successes: Callable[[Cell], int]


AGREEMENT = Event("an agreement", lambda cell: cell.crises, lambda cell: cell.agreements)
QUIET = Event("no new crisis within five years", lambda cell: cell.followed, lambda cell: cell.quiet)

Forecast = Callable[[Cell], float]
"""A forecast's probability for the crises of a cell."""


@dataclass(frozen=True)
class Score:
    """Scores of one forecast in a track record, with 95 % intervals over crises; `calibration` by forecast.

    `calibration` maps the probabilities that were given to the shares that came about, with Wilson's intervals.
    """

    forecast: str
    trials: int
    brier: float
    brier_error: float
    log_score: float
    log_error: float
    calibration: Mapping[float, Share]

    @property
    def brier_interval(self) -> tuple[float, float]:
        """Interval of the Brier score that covers chance in which crises there were."""
        return self.brier - _Z * self.brier_error, self.brier + _Z * self.brier_error


@dataclass(frozen=True)
class Contest:
    """Contest of forecasts in a track record: what was forecast, of which crises, and the score of each forecast."""

    question: str
    scores: Sequence[Score]


def read_cells(path: Path) -> list[Cell]:
    """Read the cells of the track record from a file. Raises ScenarioError if it cannot be read, or is another."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        return [
            Cell(
                row["violence"],
                row["mediation"],
                row["protracted"],
                row["period"],
                *(int(row[name]) for name in ("crises", "agreements", "followed_5_years", "no_new_crisis")),
            )
            for row in rows
        ]
    except OSError as error:
        raise ScenarioError([Problem(f"cannot be read: {error.strerror}", file=str(path))]) from None
    except (KeyError, ValueError, TypeError) as error:
        raise ScenarioError([Problem(f"is not a table of crises ({error})", file=str(path))]) from None


def track_record(played: Played, cells: Sequence[Cell]) -> list[Contest]:
    """Return the track record: the model's shares scored on past crises beside baselines, contest by contest.

    `played` are runs of the reference scenarios. The model speaks of wars alone; in all crises baselines contend among
    themselves, fitted on the earlier period and scored on the later.
    """
    wars = [cell for cell in cells if cell.violence == "war"]
    mediated = [cell for cell in wars if cell.mediated]
    early, late = ([cell for cell in cells if cell.period == period] for period in (EARLY, LATE))
    in_sample = "fitted to these very crises"
    return [
        Contest(
            "an agreement in a full-scale war",
            [
                score("the model, unfitted", agreement_forecast(played, wars), wars, AGREEMENT),
                score(f"base rate, {in_sample}", base_rate(wars, AGREEMENT), wars, AGREEMENT),
                score(f"mediated or not, {in_sample}", mediated_or_not(wars, AGREEMENT), wars, AGREEMENT),
            ],
        ),
        Contest(
            "no new crisis within five years of a mediated war",
            [
                score("the model, unfitted", holding_forecast(played, wars), mediated, QUIET),
                score(f"base rate, {in_sample}", base_rate(mediated, QUIET), mediated, QUIET),
            ],
        ),
        Contest(
            f"an agreement in any crisis of {LATE}, fitted on {EARLY}",
            [
                score("base rate", base_rate(early, AGREEMENT), late, AGREEMENT),
                score("mediated or not", mediated_or_not(early, AGREEMENT), late, AGREEMENT),
                score("logistic regression on the cells", regression(early, AGREEMENT), late, AGREEMENT),
            ],
        ),
    ]


def score(name: str, forecast: Forecast, cells: Sequence[Cell], event: Event) -> Score:
    """Return the scores of a forecast in the track record, over all crises of some cells."""
    p, trials, hits = (
        np.array([pick(cell) for cell in cells], dtype=float) for pick in (forecast, event.trials, event.successes)
    )
    misses, whole = trials - hits, float(trials.sum())

    def mean(if_so: NDArray[np.float64], if_not: NDArray[np.float64]) -> tuple[float, float]:
        """Mean of what each crisis costs, by how it ended, and its standard error."""
        average = float((hits * if_so + misses * if_not).sum() / whole)
        square = float((hits * if_so**2 + misses * if_not**2).sum() / whole)
        return average, sqrt(max(square - average**2, 0.0) / whole)

    given: dict[float, tuple[float, float]] = {}
    for probability, count, success in zip(p, trials, hits, strict=True):
        before = given.get(round(probability, 3), (0.0, 0.0))
        given[round(probability, 3)] = before[0] + success, before[1] + count
    came = {key: wilson(success, int(count)) for key, (success, count) in sorted(given.items())}
    calibration = {key: share for key, share in came.items() if share is not None}
    return Score(name, int(whole), *mean((1 - p) ** 2, p**2), *mean(-np.log(p), -np.log1p(-p)), calibration)


def agreement_forecast(played: Played, wars: Sequence[Cell]) -> Forecast:
    """Return the model's forecast of agreement in the track record: the share of runs that settle by the week read.

    Where the style is not stated it is the mean of the three, weighted by the wars in which it is.
    """
    shares = {name: float(settled_by(columns).mean()) for name, columns in played.items()}
    return _by_mediation(shares["unmediated"], shares, wars)


def holding_forecast(played: Played, wars: Sequence[Cell]) -> Forecast:
    """Return the model's forecast of five years without a new crisis: the share of settlements that hold so long.

    It is a forecast of another event: in the data there may be no agreement, and quiet all the same.
    """
    held = {}
    for name, columns in played.items():
        signed = settled_by(columns)
        held[name] = float((columns["held"][signed] >= 5 * YEAR).mean())
    return _by_mediation(held["unmediated"], held, wars)


def _by_mediation(unmediated: float, shares: Mapping[str, float], wars: Sequence[Cell]) -> Forecast:
    """A forecast for each kind of mediation."""
    stated = {style: sum(cell.crises for cell in wars if cell.mediation == style) for style in STYLES}
    mean = sum(stated[style] * shares[style] for style in STYLES) / sum(stated.values())
    known = {"none": unmediated, "style not stated": mean, **{style: shares[style] for style in STYLES}}
    return lambda cell: known[cell.mediation]


def base_rate(cells: Sequence[Cell], event: Event) -> Forecast:
    """Return the baseline forecast of a track record that knows only how common an event is in some cells."""
    share = sum(map(event.successes, cells)) / sum(map(event.trials, cells))
    return lambda _: share


def mediated_or_not(cells: Sequence[Cell], event: Event) -> Forecast:
    """Return the baseline forecast of a track record that knows whether there was a mediator, and no more."""
    known = {
        mediated: base_rate([cell for cell in cells if cell.mediated is mediated], event) for mediated in (True, False)
    }
    return lambda cell: known[cell.mediated](cell)


def regression(cells: Sequence[Cell], event: Event) -> Forecast:
    """Return the baseline forecast of a track record by logistic regression on all that is known of a cell.

    Newton's method (iteratively reweighted least squares; McCullagh & Nelder 1989).
    """
    x = np.array([_features(cell) for cell in cells])
    trials, hits = (np.array([pick(cell) for cell in cells], dtype=float) for pick in (event.trials, event.successes))
    weights = np.zeros(x.shape[1])
    for _ in range(50):
        p = 1.0 / (1.0 + np.exp(-x @ weights))
        slope = x.T @ (hits - trials * p) - _RIDGE * weights
        curve = (x * (trials * p * (1 - p))[:, None]).T @ x + _RIDGE * np.eye(x.shape[1])
        weights = weights + np.linalg.solve(curve, slope)
    return lambda cell: float(1.0 / (1.0 + np.exp(-np.dot(_features(cell), weights))))


def _features(cell: Cell) -> list[float]:
    """What is known of a cell, as numbers: a constant, violence and mediation word by word, protracted or not."""
    words = [*(cell.violence == word for word in VIOLENCE[1:]), *(cell.mediation == word for word in MEDIATION[1:])]
    return [1.0, *map(float, words), float(cell.protracted == "yes")]


def skill(of: Score, over: Score) -> float:
    """Return the skill in a track record: by what share a forecast's Brier score is below another's."""
    return 1.0 - of.brier / over.brier


def information(of: Score, over: Score) -> float:
    """Return by how many bits a crisis a forecast's logarithmic score in a track record is better than another's."""
    return (over.log_score - of.log_score) / log(2)
