"""Conflict data beside the model: how often wars are settled, with which mediation, and how long settlements hold.

Nothing is fitted: the reference scenarios were reasoned from the literature and played once (scenarios/reference/); the
reliability of the sides alone was looked up in one of the series that are compared. What matches is said to match, and
what does not, not.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import exp, sqrt
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from sim.negotiation.randomness.random_streams import BLOCK
from sim.scenario.errors import Problem, ScenarioError
from sim.scenario.loading.scenario_loader import load_scenario
from sim.scenario.model.schema import Scenario
from sim.scenario.packaged.packaged_scenarios import SCENARIOS, SEEDS
from sim.study.statistics.shares import wilson
from sim.verification.reduced_scenarios import Columns, play

RATES = Path(SEEDS) / "empirical_rates.csv"
REFERENCE = Path(SCENARIOS) / "reference"
"""Where these lie among what comes with Parley."""

STYLES = ("facilitation", "formulation", "manipulation")
CASES = ("unmediated", *STYLES)

RUNS = 20_480
"""Runs that each case is played for, unless somebody asks for others."""

YEAR = 52
YEARS = (1, 5, 10)

FITTED = 2
"""Numbers of the reference scenarios chosen in view of rates that are compared: both of the reliability's Beta."""

SHAPE = "ucdp_pa_weibull_shape"
INFORMED = (*(f"ucdp_pa_km_survival_{n}y" for n in YEARS), SHAPE)
"""The rates of the series that those numbers were chosen with a look at: no independent test."""

_Z = 1.959964  # 95 % of a normal distribution lie within so many standard deviations


@dataclass(frozen=True)
class Rate:
    """Rate counted in conflict data, with its 95 % interval where there is one, number of cases, and source.

    `approximate` says that the interval was not computed from the data but here, from the number of cases.
    """

    name: str
    value: float
    low: float | None
    high: float | None
    cases: int | None
    source: str
    approximate: bool = False


class Estimate(NamedTuple):
    """Model's estimate to set beside conflict data, and its standard error by the number of runs."""

    value: float
    error: float


@dataclass(frozen=True)
class Comparison:
    """Comparison of a rate in conflict data with the model's rate and its standard error by the number of runs.

    `unlike` says in what the two count different things; empty if in nothing.
    """

    question: str
    rate: Rate
    model: float
    error: float
    unlike: str = ""

    @property
    def inside(self) -> bool | None:
        """Whether the model's number lies in the interval of the data; None where the data have none."""
        if self.rate.low is None or self.rate.high is None:
            return None
        return self.rate.low <= self.model <= self.rate.high


def read_rates(path: Path) -> dict[str, Rate]:
    """Read the rates of conflict data from a file, by name.

    Raises ScenarioError if it cannot be read, or is something else.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        return {
            row["quantity"]: Rate(
                row["quantity"],
                float(row["estimate"]),
                float(row["ci95_lo"]) if row["ci95_lo"] else None,
                float(row["ci95_hi"]) if row["ci95_hi"] else None,
                int(row["n"]) if row["n"] else None,
                row["source"],
            )
            for row in rows
        }
    except OSError as error:
        raise ScenarioError([Problem(f"cannot be read: {error.strerror}", file=str(path))]) from None
    except (KeyError, ValueError, TypeError) as error:
        raise ScenarioError([Problem(f"is not a table of rates ({error})", file=str(path))]) from None


def bounded(rate: Rate, rates: Mapping[str, Rate]) -> Rate:
    """Return a rate of conflict data with an interval: its own, or an approximate one from its number of cases.

    The latter if that number is given. A share gets Wilson's, as if no case had been lost from view; with those that
    were, it is somewhat too narrow. The shape of a hazard has a relative standard error of about 1/√breaches where most
    cases have none.
    """
    if rate.low is not None or rate.cases is None:
        return rate
    if rate.name == SHAPE:
        width = exp(_Z / sqrt(_dated_breaches(rates)))
        return replace(rate, low=rate.value / width, high=rate.value * width, approximate=True)
    share = wilson(round(rate.value * rate.cases), rate.cases)
    return rate if share is None else replace(rate, low=share.low, high=share.high, approximate=True)


def _dated_breaches(rates: Mapping[str, Rate]) -> int:
    """How many peace agreements ended on a date that is known: those without one are missing from the curves."""
    ended = rates["ucdp_pa_ended_share"]
    whole = ended.cases or 0
    return round(ended.value * whole) - (whole - (rates[SHAPE].cases or 0))


def read_reference_scenarios(folder: Path) -> dict[str, Scenario]:
    """Return the reference scenarios for the comparison with conflict data, by name.

    Raises ScenarioError.
    """
    return {name: load_scenario(folder / f"{name}.yaml") for name in CASES}


def compare(scenarios: Mapping[str, Scenario], rates: Mapping[str, Rate], runs: int = RUNS) -> list[Comparison]:
    """Compare conflict data with the model, question by question, from so many runs of each reference scenario.

    Raises ScenarioError for rates that are missing.
    """
    missing = [each.rate for each in _QUESTIONS if each.rate not in rates]
    if missing:
        raise ScenarioError([Problem(f"lacks {', '.join(missing)}", file=str(RATES))])
    played = {name: _played(case, runs) for name, case in scenarios.items()}
    weights = _weights(rates)
    return [
        Comparison(each.words, bounded(rates[each.rate], rates), *each.answer(played, weights), each.unlike)
        for each in _QUESTIONS
    ]


def _weights(rates: Mapping[str, Rate]) -> dict[str, float]:
    """How common each case is in the data: wars with a mediator, by the highest style that it used."""
    mediated = rates["icb_share_mediated_fullscale_war"].value
    counted = {style: float(rates[f"icb_agreement_highest_{style}"].cases or 0) for style in STYLES}
    whole = sum(counted.values())
    return {"unmediated": 1 - mediated, **{style: mediated * count / whole for style, count in counted.items()}}


def _played(case: Scenario, runs: int) -> Columns:
    """Play a case, block by block."""
    tables = [play(case, min(BLOCK, runs - first), first) for first in range(0, runs, BLOCK)]
    return {name: np.concatenate([table[name] for table in tables]) for name in ("outcome", "held", "cause")}


Played = Mapping[str, Columns]
Weights = Mapping[str, float]
Answer = Callable[[Played, Weights], Estimate]


def _settled(columns: Columns) -> NDArray[np.bool_]:
    return np.asarray(columns["outcome"] == "settlement")


def agreement(*names: str) -> Answer:
    """Return a function that estimates the share of runs that settle, weighted as in the conflict data."""

    def answer(played: Played, weights: Weights) -> Estimate:
        return _mixed({name: (weights[name], _settled(played[name])) for name in names})

    return answer


def holding(years: int, *names: str) -> Answer:
    """Return a function that estimates the share of settlements that hold, weighted as in the conflict data.

    They hold for so many `years`.
    """

    def answer(played: Played, weights: Weights) -> Estimate:
        shares = {}
        for name in names:
            signed = _settled(played[name])
            shares[name] = (weights[name] * float(signed.mean()), played[name]["held"][signed] >= YEAR * years)
        return _mixed(shares)

    return answer


def _mixed(parts: Mapping[str, tuple[float, NDArray[np.bool_]]]) -> Estimate:
    """Mean of shares by weight, and its standard error; each part has its weight, and what is so in which run."""
    whole = sum(weight for weight, _ in parts.values())
    mean = sum(weight * float(what.mean()) for weight, what in parts.values()) / whole
    variance = sum((weight / whole) ** 2 * float(what.var()) / len(what) for weight, what in parts.values())
    return Estimate(mean, sqrt(variance))


def hazard_shape(played: Played, weights: Weights) -> Estimate:
    """Estimate the Weibull shape of the time to breach, weighted as in the conflict data; below 1 the hazard falls.

    The estimate is by maximum likelihood. Cases count in the proportions of the data. Settlements that held to the end
    of what was watched are cut off there. With the scale profiled out, the shape s solves Σt^s·ln t/Σt^s − 1/s = mean
    of ln t over breaches (Cohen 1965, Technometrics 7:579). Its standard error is about s/√breaches.
    """
    times, broken, weighed = [], [], []
    for name in CASES:
        signed = _settled(played[name])
        broke = played[name]["cause"][signed] != ""
        times.append(played[name]["held"][signed] + np.where(broke, 0.5, 0.0))  # in the middle of the week of breach
        broken.append(broke)
        weighed.append(np.full(len(broke), weights[name] / len(signed)))
    t, b, w = np.concatenate(times), np.concatenate(broken), np.concatenate(weighed)
    logs = np.log(t)
    mean = float(np.average(logs[b], weights=w[b]))

    def slope(shape: float) -> float:
        powers = w * np.exp(shape * (logs - logs.max()))
        return float((powers * logs).sum() / powers.sum() - 1 / shape - mean)

    shape = float(brentq(slope, 0.05, 20.0))
    breaches = float(w[b].sum() ** 2 / (w[b] ** 2).sum())  # as many of equal weight
    return Estimate(shape, shape / sqrt(breaches))


@dataclass(frozen=True)
class Question:
    """Question put to conflict data and model alike: the rate, the wording, the model's answer, and differences.

    `rate` names it; `unlike` says in what the two count different things.
    """

    rate: str
    words: str
    answer: Answer
    unlike: str = ""


_MOSTLY_CIVIL = (
    "the data have peace agreements since 1975, mostly of wars within a state; the model has wars between two"
)
_ALL_CRISES = "the data have all crises mediated in this style, wars or not; the model has full-scale wars alone"
_DYADS = (
    "the data count pairs of states without a new crisis after any crisis mediated in this style, with an agreement or "
    "without; the model counts settlements of full-scale wars that nobody broke"
)
_FROM_THE_START = "in the data a mediator may come late; in the model it is there from the first round"
_NO_TALKS = "the data include wars in which nobody talked; the model always has a year in which the two may"

_QUESTIONS: tuple[Question, ...] = (
    Question(
        "icb_agreement_unmediated_war", "agreement in a war without a mediator", agreement("unmediated"), _NO_TALKS
    ),
    Question("icb_agreement_mediated_war", "agreement in a war with one", agreement(*STYLES), _FROM_THE_START),
    *(
        Question(f"icb_agreement_highest_{style}", f"agreement, {style} at most", agreement(style), _ALL_CRISES)
        for style in STYLES
    ),
    *(
        Question(
            f"ucdp_pa_km_survival_{n}y",
            f"agreements that hold for {n} year{'s'[: n - 1]}",
            holding(n, *CASES),
            _MOSTLY_CIVIL,
        )
        for n in YEARS
    ),
    *(
        Question(f"icb_dyad_no_crisis5_{style}", f"no breach within 5 years, {style}", holding(5, style), _DYADS)
        for style in STYLES
    ),
    Question(SHAPE, "shape of the hazard of breach (below 1: it falls)", hazard_shape, _MOSTLY_CIVIL),
)
