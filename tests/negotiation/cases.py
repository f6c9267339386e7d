"""Scenarios for the tests of the model: a full one with every mechanism at work, and the textbook pie."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.negotiation.model import Negotiation
from sim.scenario.loading.assignment import assign
from sim.scenario.loading.scenario_loader import scenario_from_data
from sim.scenario.model.schema import Scenario

FULL: dict[str, Any] = {
    "rounds": 30,
    "deadline": 30,
    "overtaken": 0.002,
    "issues": {
        "land": {"low": "l", "high": "h"},
        "rights": {"low": "l", "high": "h"},
        "trade": {"low": "l", "high": "h"},
    },
    "parties": {
        "north": {
            "aims": {"land": 1.0, "rights": 0.9, "trade": 0.2},
            "salience": {"land": {"range": [0.3, 0.6]}, "rights": 0.3, "trade": 0.2},
            "reservation": {"range": [0.5, 0.7]},
            "betrayal_loss": {"range": [0.05, 0.15]},
            "concession": {"range": [0.6, 1.6]},
            "pace": {"range": [20, 40]},
            "precondition": 0.005,
            "devaluation": 0.04,
            "contact_aversion": 0.5,
            "trust_gain": {"range": [0.0, 0.5]},
            "trust_loss": 0.25,
            "impatience": 0.8,
            "war_cost": 0.0005,
            "front": 1,
            "reliability": {"beta": [200, 1]},
        },
        "south": {
            "aims": {"land": 0.0, "rights": 0.2, "trade": 0.8},
            "salience": {"land": 0.3, "rights": {"range": [0.2, 0.6]}, "trade": 0.3},
            "reservation": {"range": [0.5, 0.7]},
            "betrayal_loss": 0.1,
            "devaluation": 0.05,
            "contact_aversion": 0.4,
            "trust_gain": {"range": [0.0, 0.4]},
            "trust_loss": 0.25,
            "impatience": 1.0,
            "front": -1,
            "pace": 24,
            "reliability": 0.999,
        },
    },
    "distrust": {
        "north": {"south": {"range": [0.5, 0.95]}, "third": 0.3, "league": 0.2},
        "south": {"north": {"range": [0.5, 0.95]}, "third": {"range": [0.1, 0.5]}, "league": 0.3},
        "third": {"north": 0.3, "south": 0.4},
    },
    "mediator": {
        "name": "third",
        "style": "manipulation",
        "shuttle": 0.9,
        "convening": 0.2,
        "bias": {"north": 0.2},
        "leverage": {"north": 0.02, "south": 0.05},
        "leverage_decay": 0.02,
        "trust_gain": 0.2,
        "trust_loss": 0.3,
        "impatience": 0.05,
        "caucus": 0.4,
        "misjudgement": 0.03,
    },
    "rapport": 0.05,
    "guarantors": {"league": 0.2},
    "battlefield": {"drift": 0.0, "volatility": 0.015},
    "incidents": {"rate": {"north": 0.05, "south": 0.05}, "severity": 0.5},
    "events": [
        {"round": 5, "signal": {"by": "south", "likelihood": {"range": [0.4, 0.9]}}},
        {"round": 9, "incident": {"by": "north", "severity": 0.3}},
        {"round": 12, "set": {"mediator.convening": {"range": [0.3, 0.8]}}},
    ],
    "implementation": {"periods": 60, "penalty": 0.1, "front": 0.6, "violations": 0.5, "monitoring": 0.02},
    "seed": 7,
}
"""Two parties, three issues, and every mechanism of the model doing something."""

PIE: dict[str, Any] = {
    "rounds": 8,
    "deadline": 8,
    "loss": "linear",
    "sharpness": 1e9,
    "issues": {"share": {"low": "to b", "high": "to a"}},
    "parties": {
        name: {
            "aims": {"share": aim},
            "salience": {"share": 1.0},
            "reservation": 0.3,
            "betrayal_loss": 0.3,
            "concession": 1e9,
            "devaluation": 0.5,
        }
        for name, aim in (("a", 1.0), ("b", 0.0))
    },
    "distrust": {"a": {"b": 0.0}, "b": {"a": 0.0}},
    "mediator": {"name": "m", "style": "formulation"},
    "implementation": {"periods": 10, "penalty": 0.0, "front": 1.0},
}
"""One linear issue between mirror images, sharp decisions, beliefs that nothing moves, and a deadline at the end."""


def scenario(data: dict[str, Any], seed: int | None = None, **changes: Any) -> Scenario:
    """Return a scenario, with changes by path (written with __ for the dots); a deadline moves with the rounds."""
    built = scenario_from_data(data if seed is None else {**data, "seed": seed})
    values = {path.replace("__", "."): value for path, value in changes.items()}
    if "rounds" in values and "deadline" in data:
        values = {"deadline": values["rounds"], **values}
    return assign(built, values) if values else built


def outcomes(case: Scenario, runs: int = 400, first: int = 0, **options: Any) -> dict[str, np.ndarray]:
    """Play runs to the end and return their outcomes."""
    negotiation = Negotiation(case, runs, first, **options)
    negotiation.run_model()
    return negotiation.outcomes()


def assert_same(left: dict[str, np.ndarray], right: dict[str, np.ndarray], columns: list[str] | None = None) -> None:
    """Assert that outcomes are the same, bit for bit."""
    for name in left if columns is None else columns:
        if left[name].dtype == object:
            assert list(left[name]) == list(right[name]), name
        else:
            assert left[name].tobytes() == right[name].tobytes(), name
