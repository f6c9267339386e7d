"""Full model case: a scenario with every mechanism at work, and how two ensembles of its runs differ."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

import numpy as np

from sim.scenario.loading.assignment import assign
from sim.scenario.loading.scenario_loader import scenario_from_data
from sim.scenario.model.schema import Scenario
from sim.verification.known_answer import Check, exact
from sim.verification.reduced_scenarios import Columns, play

RUNS = 4096

WEIGHTS = ((0.6, 0.4), (0.3, 0.7))

AFTERWARDS = ("held", "cause", "broken_by")
"""The columns about what becomes of a settlement."""

SAME_LUCK = "same random numbers, bit for bit"


def full(changes: Mapping[str, Any] | None = None, weights: Sequence[Sequence[float]] = WEIGHTS) -> Scenario:
    """Return the full model case: two unlike parties, a mediator, a guarantor, war, hostile acts and events.

    The parties are a and b; the mediator m has a stake and leverage; the guarantor is g. `weights` are each party's
    over the issues; the mediator cares about the first two. `changes` go by path.
    """
    issues = [f"pie_{n}" for n in range(len(weights[0]))]
    data: dict[str, Any] = {
        "rounds": 30,
        "deadline": 30,
        "overtaken": 0.002,
        "loss": "quadratic",
        "sharpness": 40.0,
        "issues": {issue: {} for issue in issues},
        "parties": {
            "a": _party(dict.fromkeys(issues, 1.0), dict(zip(issues, weights[0], strict=True)), _FIRST),
            "b": _party(dict.fromkeys(issues, 0.0), dict(zip(issues, weights[1], strict=True)), _SECOND),
        },
        "distrust": {
            "a": {"b": {"range": [0.5, 0.9]}, "m": 0.3, "g": 0.2},
            "b": {"a": {"range": [0.5, 0.9]}, "m": {"range": [0.1, 0.5]}, "g": 0.3},
            "m": {"a": 0.4, "b": 0.3},
        },
        "mediator": {
            **_MEDIATOR,
            "aims": dict(zip(issues, (0.5, 0.4, 0.0), strict=False)),
            "salience": dict(zip(issues, (0.6, 0.4, 0.0), strict=False)),
        },
        "rapport": 0.05,
        "guarantors": {"g": 0.2},
        "battlefield": {"drift": 0.0005, "volatility": 0.01},
        "incidents": {"rate": {"a": 0.05, "b": 0.03}, "severity": 0.5},
        "events": [
            {"round": 5, "signal": {"by": "b", "likelihood": {"range": [0.4, 0.9]}}},
            {"round": 9, "incident": {"by": "a", "severity": 0.3}},
            {"round": 12, "set": {"parties.a.war_cost": 0.001}},
        ],
        "implementation": {"periods": 60, "penalty": 0.05, "front": 0.5, "violations": 0.5, "monitoring": 0.02},
        "seed": 20263,
    }
    return assign(scenario_from_data(data), dict(changes or {}))


_FIRST: dict[str, Any] = {
    "reservation": {"range": [0.5, 0.7]},
    "betrayal_loss": 0.08,
    "concession": {"range": [0.6, 1.6]},
    "pace": {"range": [20, 40]},
    "precondition": 0.005,
    "devaluation": 0.03,
    "contact_aversion": 0.5,
    "trust_gain": 0.3,
    "trust_loss": 0.2,
    "impatience": 0.8,
    "war_cost": 0.0005,
    "front": 1,
    "reliability": {"beta": [200, 1]},
}

_SECOND: dict[str, Any] = {
    **_FIRST,
    "reservation": {"range": [0.45, 0.65]},
    "betrayal_loss": {"range": [0.05, 0.15]},
    "concession": 0.9,
    "pace": 25,
    "devaluation": 0.04,
    "contact_aversion": 0.4,
    "impatience": 1.0,
    "front": -1,
    "reliability": 0.999,
}

_MEDIATOR: dict[str, Any] = {
    "name": "m",
    "style": "manipulation",
    "shuttle": 0.9,
    "convening": 0.2,
    "bias": {"a": 0.2},
    "leverage": {"a": 0.02, "b": 0.05},
    "leverage_decay": 0.02,
    "stake": 0.3,
    "trust_gain": 0.2,
    "trust_loss": 0.3,
    "impatience": 0.05,
    "caucus": 0.4,
    "misjudgement": 0.03,
}


def _party(aims: dict[str, float], salience: dict[str, float], rest: dict[str, Any]) -> dict[str, Any]:
    return {"aims": aims, "salience": salience, **rest}


def differing(one: Columns, other: Columns, apart: Collection[str] = ()) -> int:
    """Count the runs in which two ensembles of the full model case differ.

    They differ in any column of results that both have, but for those in `apart`. `apart` holds patterns: beliefs that
    the comparison itself sets, or what it does not speak of.
    """
    unlike = np.zeros(len(one["round"]), dtype=bool)
    for name in one.keys() & other.keys():
        if any(fnmatchcase(name, pattern) for pattern in apart):
            continue
        same = one[name] == other[name]
        if one[name].dtype.kind == "f":
            same |= np.isnan(one[name]) & np.isnan(other[name])
        unlike |= ~same
    return int(unlike.sum())


def nothing_changes(what: str, case: Scenario, changed: Scenario, apart: Collection[str] = ()) -> Check:
    """Check that a change to the full model case alters none of some thousand runs on common random numbers."""
    differ = differing(play(case, RUNS), play(changed, RUNS), apart)
    return exact(what, f"runs that differ{_aside(apart)}", 0, differ, 0.0, SAME_LUCK)


def something_changes(what: str, case: Scenario, changed: Scenario, apart: Collection[str] = ()) -> Check:
    """Check that a change to the full model case alters some run.

    The effect is there to be removed. How many runs differ, no formula says.
    """
    differ = differing(play(case, RUNS), play(changed, RUNS), apart)
    return exact(what, f"some runs differ{_aside(apart)} (1: yes)", 1, float(differ > 0), 0.0, "yes or no")


def _aside(apart: Collection[str]) -> str:
    return f", {', '.join(f'`{name}`' for name in apart)} aside" if apart else ""
