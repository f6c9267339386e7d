"""Cost of a study before it is simulated: how many runs it takes, seconds on one process and bytes on disk."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

from sim.negotiation.randomness.random_streams import BLOCK
from sim.scenario.model.schema import Scenario
from sim.study.execution.task_simulation import simulate
from sim.study.execution.tasks import Task
from sim.study.statistics.assumption_range import DRAWS, PLAYS
from sim.study.statistics.shares import runs_for


@dataclass(frozen=True)
class Cost:
    """Estimated cost of a sweep or other study: seconds on one process, and bytes on disk."""

    seconds: float
    size: float


def estimate_cost(scenario: Scenario, runs: float) -> Cost:
    """Estimate the cost of a sweep's `runs` runs by timing one block of the scenario's runs."""
    trial = Task(scenario, 0, ({},), range(BLOCK))
    start = perf_counter()
    content = simulate(trial)
    pace = (perf_counter() - start) / trial.size
    return Cost(pace * runs, len(content) / trial.size * runs)


def count_study_runs(points: int, runs: int, precision: float | None, spread: bool = False) -> int:
    """Return the total number of runs of a sweep, with those for the range over the assumptions.

    With a precision, the most that it can take.
    """
    each = runs if precision is None else max(runs, runs_for(0.5, precision))
    return points * (each + (DRAWS * PLAYS if spread else 0))
