"""Reduced cases: settings that reduce the model to the cases of the literature, and how runs under them end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.negotiation.model import Negotiation
from sim.negotiation.randomness.assumption_draws import draw_assumptions
from sim.scenario.loading.assignment import assign
from sim.scenario.loading.scenario_loader import scenario_from_data
from sim.scenario.model.schema import Scenario

SHARP = 1e9
"""Sharpness of decisions at which nobody errs."""

AT_ONCE = 1e9
"""Exponent of the tactic at which a party concedes all that it can in the first round."""

Columns = dict[str, NDArray[Any]]


TABLED = {"mediator.style": "formulation"}
"""A mediator that tables texts."""


def each(path: str, first: float, second: float) -> dict[str, Any]:
    """Return changes to a reduced case that give a and b numbers of their own: `path` has * in place of their names."""
    return {path.replace("*", "a"): first, path.replace("*", "b"): second}


def pressed(leverage: float, decay: float) -> dict[str, Any]:
    """Return changes to a reduced case after which the mediator presses, with leverage that fades."""
    return {"mediator.style": "manipulation", "mediator.leverage": leverage, "mediator.leverage_decay": decay}


def pie(changes: Mapping[str, Any] | None = None, weights: Sequence[Sequence[float]] = ((1.0,), (1.0,))) -> Scenario:
    """Return the reduced case of two mirror images, a and b, who divide one pie or several.

    `weights` are each one's over the issues. Nobody distrusts, errs, learns, tires or walks out, and both concede at
    once what they can, unless `changes` (paths to values) says so. There is a mediator, m, that carries messages.
    """
    issues = [f"pie_{n}" for n in range(len(weights[0]))]
    tastes = {
        name: {"aims": dict.fromkeys(issues, aim), "salience": dict(zip(issues, weight, strict=True))}
        for (name, aim), weight in zip((("a", 1.0), ("b", 0.0)), weights, strict=True)
    }
    periods = {"periods": 100, "penalty": 0.0}
    return _plain(tastes, changes, rounds=8, mediator={"name": "m"}, implementation=periods, seed=20261)


def crowd(parties: int, changes: Mapping[str, Any] | None = None) -> Scenario:
    """Return the reduced case of several parties, any two of whom divide a pie, with a mediator that tables texts."""
    names = [f"p{n}" for n in range(parties)]
    pairs = [(one, other) for place, one in enumerate(names) for other in names[place + 1 :]]
    issues = [f"{one}_{other}" for one, other in pairs]
    tastes = {
        name: {
            "aims": {issue: float(issue.startswith(f"{name}_")) for issue in issues},
            "salience": {issue: float(name in issue.split("_")) for issue in issues},
        }
        for name in names
    }
    mediator, periods = {"name": "m", "style": "formulation"}, {"periods": 1, "penalty": 0.0}
    return _plain(tastes, changes, rounds=2 * parties + 2, mediator=mediator, implementation=periods, seed=20262)


def _plain(tastes: Mapping[str, Mapping[str, Any]], changes: Mapping[str, Any] | None, **rest: Any) -> Scenario:
    """Return parties that differ in their tastes alone, trust each other, decide sharply and concede at once.

    The last week watched is the deadline, unless `changes` sets another, and so the pace of both; what the battlefield
    does it goes on doing after the signature.
    """
    changes = dict(changes or {})
    weeks = changes.get("rounds", rest["rounds"])
    same = {"reservation": 0.3, "betrayal_loss": 0.0, "concession": AT_ONCE}
    data: dict[str, Any] = {
        "loss": "linear",
        "sharpness": SHARP,
        "issues": {issue: {} for issue in next(iter(tastes.values()))["aims"]},
        "parties": {name: {**taste, **same} for name, taste in tastes.items()},
        "distrust": {name: {other: 0.0 for other in tastes if other != name} for name in tastes},
        **rest,
    }
    return assign(scenario_from_data(data), {"deadline": weeks, "implementation.front": 1.0, **changes})


def play(case: Scenario, runs: int, first: int = 0) -> Columns:
    """Simulate some runs of a reduced case and return their outcomes.

    At most a block of runs; docs/reference/results.md names the columns.
    """
    negotiation = Negotiation(case, runs, first)
    negotiation.run_model()
    return negotiation.outcomes()


def settles(case: Scenario, path: str, levels: NDArray[np.float64], copies: int = 6) -> NDArray[np.bool_]:
    """Return at which levels of a parameter all copies of a reduced case settle: shape (levels,).

    Of several parameters if `path` is mutual distrust. The copies of a level differ by luck, and so by who has the
    floor first.
    """
    runs = levels.size * copies
    values = draw_assumptions(case, np.arange(runs))
    names = [name for name in values if _matches(name, path, case)]
    values.update(dict.fromkeys(names, np.repeat(levels, copies)))
    negotiation = Negotiation(case, runs, values=values)
    negotiation.run_model()
    settled = negotiation.outcomes()["outcome"] == "settlement"
    return np.asarray(settled.reshape(levels.size, copies).all(axis=1))


def threshold(case: Scenario, path: str, least: float = 0.0, most: float = 1.0, steps: int = 4) -> float:
    """Return the level of a parameter up to which a reduced case settles, between `least` and `most`.

    `least` if its runs never settle. Each step looks at a hundred levels within the last one's gap: after four the gap
    is 1e-8 of the whole.
    """
    low, high = least, most
    for _ in range(steps):
        levels = np.linspace(low, high, 101)
        settled = settles(case, path, levels)
        if settled.all():
            return float(high)
        if not settled[0]:
            return float(low)
        place = int(np.argmin(settled))
        low, high = float(levels[place - 1]), float(levels[place])
    return 0.5 * (low + high)


def _matches(name: str, path: str, case: Scenario) -> bool:
    if path != "distrust":
        return name == path
    keys = name.split(".")
    return keys[0] == "distrust" and keys[1] in case.parties and keys[2] in case.parties
