"""Curve refinement: the share of settlements along a parameter, coarse at first and then finer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from sim.negotiation.randomness.random_streams import BLOCK
from sim.scenario.model.schema import Scenario
from sim.study.design.design_points import steps
from sim.study.execution.task_simulation import simulate_table
from sim.study.execution.tasks import Task
from sim.study.statistics.shares import Share, wilson

COARSE, MIDDLE, FINE = 9, 17, 33
"""Places along the parameter, each set within the next."""

STAGES = ((COARSE, 0, 240), (MIDDLE, 0, 240), (MIDDLE, 240, 960), (FINE, 0, 960), (FINE, 960, 2048))
"""Places, and which runs are played at each, in the order in which the curve is found."""

ROWS = 2048
"""Runs over all places of one piece of work."""

Counts = Mapping[float, tuple[int, int]]
"""Settlements and runs by place."""


@dataclass(frozen=True)
class Stretch:
    """Task in the refinement of a curve: the same runs at some places along a path."""

    path: str
    places: tuple[float, ...]
    runs: range


@dataclass(frozen=True)
class Curve:
    """Curve under refinement along a path (perhaps a pattern), from `low` to `high`: settlements and runs."""

    path: str
    low: float
    high: float
    counts: Counts = field(default_factory=dict)
    upto: Mapping[float, int] = field(default_factory=dict)

    @property
    def shares(self) -> list[tuple[float, Share]]:
        """The places in rising order, each with the share that settles there and its interval."""
        known = ((place, wilson(*self.counts[place])) for place in sorted(self.counts))
        return [(place, share) for place, share in known if share is not None]

    def lacks(self, stage: tuple[int, int, int]) -> Iterator[Stretch]:
        """Yield the tasks that bring the curve to a stage, the same runs at every place."""
        places, first, stop = stage
        wanted = [place for place in steps(self.path, self.low, self.high, places) if self.upto.get(place, 0) < stop]
        for start in sorted({max(first, self.upto.get(place, 0)) for place in wanted}):
            group = [place for place in wanted if max(first, self.upto.get(place, 0)) == start]
            size = max(1, ROWS // (stop - start))
            for at in range(0, len(group), size):
                yield Stretch(self.path, tuple(group[at : at + size]), range(start, stop))

    def with_counts(self, task: Stretch, settled: list[int]) -> Curve:
        """Return the curve with what a task found."""
        counts, upto = dict(self.counts), dict(self.upto)
        for place, successes in zip(task.places, settled, strict=True):
            before, runs = counts.get(place, (0, 0))
            counts[place] = before + successes, runs + len(task.runs)
            upto[place] = task.runs.stop
        return replace(self, counts=counts, upto=upto)


def settlements(scenario: Scenario, task: Stretch) -> list[int]:
    """Count the settlements at each place of a task in the refinement of a curve.

    Runs in a worker.
    """
    points = tuple({task.path: place} for place in task.places)
    table = simulate_table(Task(scenario, 0, points, task.runs))
    settled = (table["outcome"] == "settlement").astype(np.int64)
    return [int(n) for n in np.bincount(table["point"], settled, minlength=len(points))]


assert STAGES[-1][2] <= BLOCK  # so that the runs of a stage are of one block
