"""Estimates from runs of the reference scenarios: what is set beside conflict data, with its standard error."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from sim.negotiation.randomness.random_streams import BLOCK
from sim.scenario.model.schema import Scenario
from sim.verification.reduced_scenarios import Columns, play

STYLES = ("facilitation", "formulation", "manipulation")
CASES = ("unmediated", *STYLES)

YEAR = 52
YEARS = (1, 5, 10)

WATCHED = 260
"""Weeks for which the talks of the reference scenarios are watched here, so that late agreements are seen."""

READ_AT = 52
"""Week at which rates of agreement are read: chosen before looking, and counted among what was chosen."""

BESIDE = (26, 104)
"""Weeks at which they are shown beside."""

Played = Mapping[str, Columns]
"""Runs of the reference scenarios by name."""


class Estimate(NamedTuple):
    """Model's estimate to set beside conflict data, and its standard error by the number of runs."""

    value: float
    error: float


def play_watched(case: Scenario, runs: int) -> Columns:
    """Play a reference scenario, to be compared with conflict data, block by block; (runs,) a column."""
    tables = [play(case, min(BLOCK, runs - first), first) for first in range(0, runs, BLOCK)]
    return {name: np.concatenate([table[name] for table in tables]) for name in ("outcome", "round", "held", "cause")}


Weights = Mapping[str, float]
Answer = Callable[[Played, Weights], Estimate]


def settled_by(columns: Columns, week: float = READ_AT) -> NDArray[np.bool_]:
    """Return which runs, to be compared with conflict data, have settled by a week: (runs,)."""
    return np.asarray((columns["outcome"] == "settlement") & (columns["round"] <= week))


def agreement(*names: str, week: int = READ_AT) -> Answer:
    """Return a function that estimates the share of runs that settle by a week, weighted as in the conflict data."""

    def answer(played: Played, weights: Weights) -> Estimate:
        return _mixed({name: (weights[name], settled_by(played[name], week)) for name in names})

    return answer


def reached(week: float) -> Answer:
    """Return a function that estimates the share of mediated agreements reached by a week, weighted as in the data."""

    def answer(played: Played, weights: Weights) -> Estimate:
        shares = {}
        for name in STYLES:
            signed = settled_by(played[name], WATCHED)
            shares[name] = (weights[name] * float(signed.mean()), played[name]["round"][signed] <= week)
        return _mixed(shares)

    return answer


def holding(years: int, *names: str) -> Answer:
    """Return a function that estimates the share of settlements that hold, weighted as in the conflict data.

    They hold for so many `years`.
    """

    def answer(played: Played, weights: Weights) -> Estimate:
        shares = {}
        for name in names:
            signed = settled_by(played[name])
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
        signed = settled_by(played[name])
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
