"""Invariance to conventions: neither the parties' names nor the scale of utility matters (V19 i and iii)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import erfc, log, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.negotiation.model import Negotiation
from sim.negotiation.randomness.assumption_draws import draw_assumptions
from sim.scenario.loading.scenario_loader import scenario_from_data
from sim.scenario.model.parameters import resolved
from sim.scenario.model.schema import Scenario
from sim.verification.full_scenario import RUNS, WEIGHTS, full
from sim.verification.known_answer import STANDARD_ERRORS, Check, Row, exact
from sim.verification.reduced_scenarios import SHARP, Columns, play

EXCHANGE = {"a": "b", "b": "a"}

Roles = tuple[str, str]
"""Who plays the first part, who the second."""


def exchanged(case: Scenario) -> Scenario:
    """Return a scenario for invariance to names: a and b exchange them, and issues run from the other end."""
    data = _renamed(resolved(case))
    for player in (*data["parties"].values(), data["mediator"]):
        player["aims"] = {issue: 1.0 - aim for issue, aim in player["aims"].items()}
    return scenario_from_data(data)


def _renamed(part: Any) -> Any:
    """Return data with a and b exchanged, wherever they are a key or a part of a path."""
    if isinstance(part, dict):
        return {_renamed(key): _renamed(value) for key, value in part.items()}
    if isinstance(part, list):
        return [_renamed(each) for each in part]
    return ".".join(EXCHANGE.get(key, key) for key in part.split(".")) if isinstance(part, str) else part


def endings() -> Check:
    """Invariance to names (i), where chance only decides who opens: the very same endings, from the other end."""
    case = full(
        {
            "sharpness": SHARP,
            "parties.*.contact_aversion": 0.0,
            "parties.*.impatience": 0.0,
            "parties.*.concession": 0.9,
            "parties.*.reservation": 0.5,
            "parties.b.betrayal_loss": 0.1,
            "distrust": 0.6,
            "distrust.b.m": 0.3,
            "incidents.rate.a": 0.0,
            "incidents.rate.b": 0.0,
            "battlefield.volatility": 0.0,
            "events.0.signal.likelihood": 0.7,
            "mediator.impatience": 0.0,
            "parties.*.reliability": 1.0,
            "parties.*.pace": 25.0,
            "mediator.misjudgement": 0.0,
            "overtaken": 0.0,
        }
    )
    here, there = _endings(case, ("a", "b")), _endings(exchanged(case), ("b", "a"))
    setting = f"names exchanged, nothing random but who opens: {len(here)} different endings"
    return exact(setting, "endings that only one of the two has", 0, len(here ^ there), 0.0, "x → 1 − x")


def distributions() -> Iterator[Check]:
    """Invariance to names (i) in the full model: the same results come out as often, from the other end."""
    case = full()
    one, other = _sample(play(case, RUNS), ("a", "b")), _sample(play(_reseeded(exchanged(case)), RUNS), ("b", "a"))
    tolerance = sqrt(log(2 / erfc(STANDARD_ERRORS / sqrt(2))) / RUNS)
    for name, numbers in one.items():
        distance = _distance(numbers, other[name])
        yield exact(f"names exchanged, full case: {name}", "distance of the two", 0, distance, tolerance, _TWO_SAMPLES)


_TWO_SAMPLES = "Kolmogorov–Smirnov, two samples"


def _reseeded(case: Scenario) -> Scenario:
    """Return a case with other luck, so that two samples of it do not hang together."""
    return case.model_copy(update={"seed": case.seed + 1})


def _endings(case: Scenario, roles: Roles) -> set[tuple[Any, ...]]:
    """Return the different ways in which runs end: how, by whom, when, on what terms (to 1e-6), with what beliefs."""
    columns = play(case, RUNS)
    first, second = roles
    terms = [_from_the_end_of(first, columns[f"terms.{issue}"]) for issue in ("pie_0", "pie_1")]
    pairs = ((first, second), (second, first), (first, "m"), (second, "m"), ("m", first), ("m", second))
    beliefs = [columns[f"distrust.{holder}.{other}"] for holder, other in pairs]
    by = np.select([columns["by"] == first, columns["by"] == second], ["first", "second"], columns["by"].astype(str))
    numbers = [np.nan_to_num(np.round(each, 6), nan=-1.0) + 0.0 for each in (*terms, *beliefs)]
    return set(zip(columns["outcome"], by, columns["round"], columns["held"], *numbers, strict=True))


def _from_the_end_of(first: str, terms: NDArray[np.float64]) -> NDArray[np.float64]:
    return terms if first == "a" else 1.0 - terms


def _sample(columns: Columns, roles: Roles) -> dict[str, NDArray[np.float64]]:
    """Return what is compared between runs whose sides have other names: a number a run, (runs,)."""
    first, second = roles
    return {
        "rounds": columns["round"],
        "settled": columns["outcome"] == "settlement",
        "terms of pie_0": np.nan_to_num(_from_the_end_of(first, columns["terms.pie_0"]), nan=-1.0),
        "terms of pie_1": np.nan_to_num(_from_the_end_of(first, columns["terms.pie_1"]), nan=-1.0),
        "walkouts of one side": (columns["outcome"] == "walkout") & (columns["by"] == first),
        "walkouts of the other": (columns["outcome"] == "walkout") & (columns["by"] == second),
        "distrust of one side": columns[f"distrust.{first}.{second}"],
        "distrust of the other": columns[f"distrust.{second}.{first}"],
        "the mediator's distrust of one side": columns[f"distrust.m.{first}"],
        "the mediator's distrust of the other": columns[f"distrust.m.{second}"],
        "periods held": columns["held"],
    }


def _distance(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Greatest difference between two distributions, of samples of the same size."""
    at = np.union1d(one, other)
    below = [np.searchsorted(np.sort(each), at, side="right") / len(each) for each in (one, other)]
    return float(np.abs(below[0] - below[1]).max())


def affine(scale: float, changes: Mapping[str, Any], words: str) -> Check:
    """Invariance to the scale of utility (iii): with c·u + (1 − c) and k/c the decisions are the same.

    All that is measured in utility is moved likewise. An issue on which both want the same, of weight 1 − c, does it to
    the model's own utilities. One thing in the model has a scale, and is kept out: that a zone thinner than 1e-6 counts
    as none.
    """
    weights = tuple((*(scale * weight for weight in each), 1.0 - scale) for each in WEIGHTS)
    case, agreed = full(changes), full({**changes, "parties.b.aims.pie_2": 1.0}, weights=weights)
    numbers = np.arange(RUNS)
    values = draw_assumptions(agreed, numbers) | {
        path: _rescaled(path, value, scale)
        for path, value in draw_assumptions(case, numbers).items()
        if ".salience." not in path and ".aims." not in path
    }
    rescaled = Negotiation(agreed, RUNS, values=values)
    rescaled.run_model()
    there = rescaled.outcomes()
    for name in ("utility.a", "utility.b"):
        there[name] = (there[name] - (1.0 - scale)) / scale
    differ = _further_apart(play(case, RUNS), there, 1e-6)
    setting = f"u → {scale:g}·u + {1 - scale:g}; {words}"
    return exact(setting, "runs that differ by more than 1e-6", 0, differ, 0.0, "same random numbers, but for rounding")


_IN_UTILITY = (
    "betrayal_loss",
    "precondition",
    "devaluation",
    "war_cost",
    "drift",
    "volatility",
    "penalty",
    "misjudgement",
)
_PER_UTILITY = ("sharpness", "impatience")


def _rescaled(path: str, value: Any, scale: float) -> Any:
    """Return a parameter where utilities are c·u + (1 − c)."""
    last = path.rpartition(".")[2]
    if last == "reservation":
        return scale * value + (1.0 - scale)
    if last in _IN_UTILITY or path.startswith("mediator.leverage."):
        return scale * value
    return value / scale if last in _PER_UTILITY and not path.startswith("mediator.") else value


def _further_apart(one: Columns, other: Columns, gap: float) -> int:
    """Return in how many runs two ensembles differ, in numbers by more than `gap`, in any column that both have."""
    unlike = np.zeros(RUNS, dtype=bool)
    for name in one.keys() & other.keys():
        real = one[name].dtype.kind == "f"
        unlike |= ~np.isclose(one[name], other[name], 0.0, gap, equal_nan=True) if real else one[name] != other[name]
    return int(unlike.sum())


def _names() -> Iterator[Check]:
    yield endings()
    yield from distributions()


def _moved_scales() -> Iterator[Check]:
    roomy = {
        "mediator.misjudgement": 0.01,
        "parties.*.reservation": {"range": [0.3, 0.45]},
        "distrust": {"range": [0.1, 0.4]},
    }
    for scale in (0.8, 0.5):
        yield affine(scale, {"mediator.style": "facilitation"}, "facilitation")
        for style in ("formulation", "manipulation"):
            yield affine(scale, {**roomy, "mediator.style": style}, f"{style}, reservation values that leave a zone")


ROWS = (
    Row(
        "V19 (i)",
        "Names exchanged, the same comes out from the other end",
        "invariance: no source needed; two samples: Wei & Dudley (2012) Stat Probab Lett 82:636",
        "x → 1 − x; distance of two distributions at most √(ln(2/α)/n), n runs each, α that of 4 standard errors",
        "random streams go by name, so the full case, on others, is compared in distribution; where chance only "
        "decides who opens, the sets of endings must be the same",
        _names,
    ),
    Row(
        "V19 (iii)",
        "The scale of utility is a convention",
        "invariance: no source needed; von Neumann & Morgenstern (1944)",
        "u → c·u + (1 − c), with r moved likewise, ℓ, f, ρ, c, L, σ_M, drift, volatility and penalty times c, k and ν "
        "over c",
        "simulated in the real model, on the same random numbers: a third issue of weight 1 − c, on which both want "
        "the same, moves the scale; kept out is what has a scale in the model: zones thinner than 1e-6, which count as "
        "none",
        _moved_scales,
    ),
)
