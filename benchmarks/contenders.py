"""What is timed: the engine, its random numbers alone, and the scalar model under Mesa's own `batch_run`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mesa
import numpy as np
from numpy.typing import NDArray
from scalar_inputs import Inputs
from scalar_model import ScalarNegotiation

from sim.negotiation.model import Negotiation
from sim.negotiation.randomness.random_streams import BLOCK, Streams
from sim.scenario.model.schema import Scenario

Columns = dict[str, NDArray[Any]]
"""Outcomes by name, one row a run."""


@dataclass(frozen=True, slots=True)
class Contender:
    """A way to play runs `first` to `first + runs` of a scenario; `runs` is how many make one repetition."""

    name: str
    runs: int
    play: Callable[[Scenario, int, int], Columns]


def engine(case: Scenario, runs: int, first: int) -> Columns:
    """Play runs with the engine, block by block, in this process."""
    parts = []
    for start in range(first, first + runs, BLOCK):
        negotiation = Negotiation(case, runs=min(BLOCK, first + runs - start), first=start)
        negotiation.run_model()
        parts.append(negotiation.outcomes())
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def draws(case: Scenario, runs: int, first: int) -> Columns:
    """Draw the random numbers of as many runs and do nothing with them; the column of rounds is made up."""
    names = sorted(case.parties)
    decisions = [f"{what}:{name}" for what in ("incident", "ready", "channel", "response", "leave") for name in names]
    if case.mediator is not None:
        decisions.append(f"leave:{case.mediator.name}")
    if case.overtaken.high > 0.0:
        decisions.append("overtaken")
    peace = case.implementation
    violations = [f"violation:{name}" for name in names] if peace.violations.high > 0.0 else []
    for start in range(first, first + runs, BLOCK):
        luck = Streams(case.seed, np.arange(start, min(start + BLOCK, first + runs)))
        for decision in ("floor", *(f"{what}:{name}" for what in ("place", "breach") for name in names)):
            luck.uniform(decision, 1)
        for round_ in range(1, int(case.rounds) + 1):
            luck.normal("battlefield", round_)
            for decision in decisions:
                luck.uniform(decision, round_)
        for period in range(1, int(peace.periods) + 1):
            if peace.front.high > 0.0:
                luck.normal("battlefield after signing", period)
            for decision in violations:
                luck.uniform(decision, period)
    return {"round": np.ones(runs)}


def batch_run(case: Scenario, runs: int, first: int) -> Columns:
    """Play runs with the scalar model under `mesa.batch_run`, in this process."""
    rows = mesa.batch_run(
        ScalarNegotiation,
        parameters={"inputs": [Inputs.of(case)], "run": range(first, first + runs)},
        number_processes=1,
        max_steps=int(case.rounds),
        display_progress=False,
    )
    records = [row["record"] for row in rows]
    names = dict.fromkeys(name for record in records for name in record)
    return {name: np.array([record.get(name, np.nan) for record in records]) for name in names}


def whole_blocks(runs: int) -> int:
    """Return at least so many runs that fill whole blocks, as the engine is best used."""
    return -(-runs // BLOCK) * BLOCK
