"""Tasks: the missing runs, cut into pieces of about a second, in an order that fills all design points evenly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import TypeVar

from sim.negotiation.randomness.random_streams import BLOCK
from sim.scenario.model.schema import Scenario
from sim.study.design.design_points import Point, Value

TASK_SECONDS = 1.0
"""How long a task should take: long against the cost of handing it out, short for what an interrupt loses."""

LARGEST_TASK = 1 << 18
"""The most runs in one task, so that its table stays small in memory however fast the model is."""

T = TypeVar("T")

Gaps = Mapping[int, Sequence[range]]
"""The missing runs of design points, in rising order, by the point's number."""


@dataclass(frozen=True)
class Task:
    """Task for a worker: runs to simulate at neighbouring design points.

    `points[k]` assigns for point first_point + k.
    """

    scenario: Scenario
    first_point: int
    points: tuple[Point, ...]
    runs: range

    @property
    def point_range(self) -> range:
        """The numbers of the design points."""
        return range(self.first_point, self.first_point + len(self.points))

    @property
    def size(self) -> int:
        """Runs over all design points."""
        return len(self.points) * len(self.runs)

    def singly(self) -> list[Task]:
        """Return the same runs as a task for each design point, so that one that fails fails alone."""
        return [
            Task(self.scenario, number, (values,), self.runs)
            for number, values in zip(self.point_range, self.points, strict=True)
        ]


def cut(runs: range, size: int) -> Iterator[range]:
    """Cut a range of runs into the pieces of which tasks are made.

    Each has at most `size` runs (a multiple of BLOCK) and ends as blocks do.
    """
    start = runs.start
    while start < runs.stop:
        stop = min(runs.stop, start - start % BLOCK + size)
        yield range(start, stop)
        start = stop


def task_size(missing: int, pace: float, jobs: int) -> int:
    """Return the number of runs per task, a multiple of BLOCK, for tasks of a second at most.

    `pace` is in seconds a run. Of the sizes up to a second, the largest with which all jobs are done soonest: no worker
    is left with a whole task while the others idle.
    """
    rounds = max(1, ceil(missing * pace / jobs / TASK_SECONDS))
    most = min(LARGEST_TASK // BLOCK, max(1, ceil(missing / (rounds * jobs) / BLOCK)))
    blocks = ceil(missing / BLOCK)
    return min(range(most, 0, -1), key=lambda size: _busiest(blocks, size, jobs)) * BLOCK


def _busiest(blocks: int, size: int, jobs: int) -> int:
    """Blocks that the busiest of the jobs gets if each takes the next task of `size` blocks when it is free."""
    tasks, rest = divmod(blocks, size)
    return tasks // jobs * size + (size if tasks % jobs else rest)


def tasks(scenario: Scenario, points: Sequence[Point], gaps: Gaps, size: int) -> Iterator[Task]:
    """Yield the tasks for the missing runs of design points, of about `size` runs each.

    The work goes over all points once for each stretch of runs, and within it in leaps (`spread_out`), so that at any
    time every region of the design has been given about as many runs.
    """
    last = max((gap.stop for missing in gaps.values() for gap in missing), default=0)
    stretch = max(BLOCK, size // max(1, len(gaps)) // BLOCK * BLOCK)
    for stage in cut(range(last), stretch):
        for first, stop, runs in spread_out(list(_groups(points, gaps, stage, size))):
            yield Task(scenario, first, tuple(points[first:stop]), runs)


def _groups(points: Sequence[Point], gaps: Gaps, stage: range, size: int) -> Iterator[tuple[int, int, range]]:
    """Yield (first point, point after the last, runs): neighbours that lack the same runs of a stage."""
    first = stop = 0
    runs = range(0)
    for number, missing in gaps.items():
        for gap in missing:
            piece = range(max(gap.start, stage.start), min(gap.stop, stage.stop))
            if not piece:
                continue
            room = (stop - first + 1) * len(piece) <= size
            if number == stop and piece == runs and room and structure(points[first]) == structure(points[number]):
                stop += 1
                continue
            if runs:
                yield first, stop, runs
            first, stop, runs = number, number + 1, piece
    if runs:
        yield first, stop, runs


def structure(point: Point) -> tuple[tuple[str, Value], ...]:
    """Return the structure of a design point; points of one structure can share a task.

    It is all that the point assigns apart from coefficients. Points of one structure can be simulated side by side.
    Words and whole numbers change which rules apply; weights are normalised and checked together. Everything else is a
    number that merely differs from run to run.
    """
    return tuple((path, value) for path, value in point.items() if not isinstance(value, float) or "salience" in path)


def spread_out(items: Sequence[T]) -> Iterable[T]:
    """Return tasks, or other items, in an order of which every beginning is spread evenly over them.

    The binary digits of the places are read backwards. Source: van der Corput (1935).
    """
    digits = max(1, (len(items) - 1).bit_length())
    places = range(1 << digits)
    order = (int(f"{place:0{digits}b}"[::-1], 2) for place in places)
    return (items[place] for place in order if place < len(items))
