"""The model beside conflict data: how often wars in general are settled, with which mediation, and whether it holds.

Nothing is fitted: the reference scenarios were reasoned from the literature and played once (scenarios/reference/); the
reliability of the sides alone was looked up in one of the series that are compared. What matches is said to match, and
what does not, not.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from sim.negotiation.streams import BLOCK
from sim.scenario.errors import Problem, ScenarioError
from sim.scenario.loading import load_scenario
from sim.scenario.schema import Scenario
from sim.verification.settings import Columns, play

RATES = Path("seeds") / "empirical_rates.csv"
REFERENCE = Path("scenarios") / "reference"

STYLES = ("facilitation", "formulation", "manipulation")
CASES = ("unmediated", *STYLES)

BLOCKS = 5
"""Blocks of runs that each case is played for: 20,480 runs."""

YEAR = 52
YEARS = (1, 5, 10)

FITTED = 1
"""Numbers of the reference scenarios that were chosen in view of a rate that is compared: the sides' reliability."""


@dataclass(frozen=True)
class Rate:
    """A rate counted in data, with its 95 % interval where there is one, the number of cases, and where it is from."""

    name: str
    value: float
    low: float | None
    high: float | None
    cases: int | None
    source: str


@dataclass(frozen=True)
class Comparison:
    """A rate of the data and the model's. `inside` says whether the model's lies in the interval of the data."""

    question: str
    rate: Rate
    model: float

    @property
    def inside(self) -> bool | None:
        """None where the data have no interval."""
        if self.rate.low is None or self.rate.high is None:
            return None
        return self.rate.low <= self.model <= self.rate.high


def read_rates(path: Path) -> dict[str, Rate]:
    """Return the rates in a file by name. Raises ScenarioError if it cannot be read, or is something else."""
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


def cases(folder: Path) -> dict[str, Scenario]:
    """Return the reference scenarios by name. Raises ScenarioError."""
    return {name: load_scenario(folder / f"{name}.yaml") for name in CASES}


def compare(scenarios: Mapping[str, Scenario], rates: Mapping[str, Rate]) -> list[Comparison]:
    """Return what data and model say, question by question. Raises ScenarioError for rates that are missing."""
    played = {name: _played(case) for name, case in scenarios.items()}
    missing = [name for name, *_ in _QUESTIONS if name not in rates]
    if missing:
        raise ScenarioError([Problem(f"lacks {', '.join(missing)}", file=str(RATES))])
    weights = _weights(rates)
    return [Comparison(question, rates[name], answer(played, weights)) for name, question, answer in _QUESTIONS]


def _weights(rates: Mapping[str, Rate]) -> dict[str, float]:
    """How common each case is in the data: wars with a mediator, by the highest style that it used."""
    mediated = rates["icb_share_mediated_fullscale_war"].value
    counted = {style: float(rates[f"icb_agreement_highest_{style}"].cases or 0) for style in STYLES}
    whole = sum(counted.values())
    return {"unmediated": 1 - mediated, **{style: mediated * count / whole for style, count in counted.items()}}


def _played(case: Scenario) -> Columns:
    """Play a case for some blocks."""
    tables = [play(case, BLOCK, block * BLOCK) for block in range(BLOCKS)]
    return {name: np.concatenate([table[name] for table in tables]) for name in ("outcome", "held", "cause")}


Played = Mapping[str, Columns]
Weights = Mapping[str, float]


def _settled(columns: Columns) -> NDArray[np.bool_]:
    return np.asarray(columns["outcome"] == "settlement")


def agreement(*names: str) -> Callable[[Played, Weights], float]:
    """Share of runs that settle, over cases in the proportions of the data."""

    def answer(played: Played, weights: Weights) -> float:
        whole = sum(weights[name] for name in names)
        return sum(weights[name] * float(_settled(played[name]).mean()) for name in names) / whole

    return answer


def holding(years: int, *names: str) -> Callable[[Played, Weights], float]:
    """Share of settlements that hold for so long, over cases in the proportions of the data."""

    def answer(played: Played, weights: Weights) -> float:
        signed = {name: weights[name] * float(_settled(played[name]).mean()) for name in names}
        held = {name: float((played[name]["held"][_settled(played[name])] >= YEAR * years).mean()) for name in names}
        return sum(signed[name] * held[name] for name in names) / sum(signed.values())

    return answer


def hazard_shape(played: Played, _: Weights) -> float:
    """Shape of the Weibull distribution of the time to breach, by maximum likelihood; below 1 the hazard falls.

    Settlements that held to the end of what was watched are cut off there. With the scale profiled out, the shape s
    solves Σt^s·ln t/Σt^s − 1/s = mean of ln t over breaches (Cohen 1965, Technometrics 7:579).
    """
    times, broken = [], []
    for name in CASES:
        signed = _settled(played[name])
        broke = played[name]["cause"][signed] != ""
        times.append(played[name]["held"][signed] + np.where(broke, 0.5, 0.0))  # in the middle of the week of breach
        broken.append(broke)
    t, b = np.concatenate(times), np.concatenate(broken)
    logs = np.log(t)

    def slope(shape: float) -> float:
        powers = np.exp(shape * (logs - logs.max()))
        return float((powers * logs).sum() / powers.sum() - 1 / shape - logs[b].mean())

    return float(brentq(slope, 0.05, 5.0))


_QUESTIONS: tuple[tuple[str, str, Callable[[Played, Weights], float]], ...] = (
    ("icb_agreement_unmediated_war", "agreement in a war without a mediator", agreement("unmediated")),
    ("icb_agreement_mediated_war", "agreement in a war with one", agreement(*STYLES)),
    *((f"icb_agreement_highest_{style}", f"agreement, {style} at most", agreement(style)) for style in STYLES),
    *(
        (f"ucdp_pa_km_survival_{n}y", f"agreements that hold for {n} year{'s'[: n - 1]}", holding(n, *CASES))
        for n in YEARS
    ),
    *((f"icb_dyad_no_crisis5_{style}", f"no breach within 5 years, {style}", holding(5, style)) for style in STYLES),
    ("ucdp_pa_weibull_shape", "shape of the hazard of breach (below 1: it falls)", hazard_shape),
)
"""The name of a rate, what it is of, and the model's answer."""
