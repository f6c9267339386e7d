"""Simulation of a task: its runs, with as many design points side by side as fill a block."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from typing import Any, TypeVar

import numpy as np

from sim.negotiation.model import Negotiation
from sim.negotiation.randomness.assumption_draws import draw_assumptions
from sim.negotiation.randomness.random_streams import BLOCK
from sim.scenario.loading.assignment import assign
from sim.scenario.model.key_tree import select
from sim.scenario.model.parameters import names_of
from sim.scenario.model.schema import Scenario
from sim.study.design.design_points import Point, assignments
from sim.study.execution.tasks import Task, cut, structure
from sim.study.storage.database import Table, encode

T = TypeVar("T")


def simulate(task: Task) -> bytes:
    """Simulate a task's runs; return their table, one row a run, as the bytes of a Parquet file.

    Runs in a worker process, perhaps on another machine: all it needs comes with the task.
    """
    return encode(simulate_table(task))


def simulate_table(task: Task) -> Table:
    """Simulate a task's runs; return their table, one row a run, design point by design point."""
    return join_tables(list(_tables(task)))


def join_tables(tables: Sequence[Table]) -> Table:
    """Join the tables from the simulation of tasks, all of the same columns, one after the other."""
    return {name: np.concatenate([table[name] for table in tables]) for name in tables[0]}


def _tables(task: Task) -> Iterator[Table]:
    """Yield the outcomes of a task's runs, a block's worth at a time."""
    numbered = zip(task.point_range, task.points, strict=True)
    for _, alike in groupby(numbered, key=lambda item: structure(item[1])):
        group = list(alike)
        for runs in cut(task.runs, BLOCK):
            for batch in _batches(group, max(1, BLOCK // len(runs))):
                first = batch[0][1]
                yield play(assign(task.scenario, assignments(first)) if first else task.scenario, batch, runs)


def play(case: Scenario, points: Sequence[tuple[int, Point]], runs: range) -> Table:
    """Simulate some runs of a task (of one block) at several design points side by side; return their outcomes.

    The outcomes come point by point; the points are of one structure. `case` is the scenario at the first of them. The
    points are played side by side as if they were further runs: each run has the random streams of its number and the
    values of its point, so the numbers are those of a point played alone, and a design of many points with few runs
    each costs no more than one with many runs.
    """
    numbers = np.arange(runs.start, runs.stop)
    times = len(points)
    values = draw_assumptions(case, numbers)
    if times > 1:
        values = {path: _repeated(value, times) for path, value in values.items()}
        for pattern in points[0][1]:
            assigned = [point[pattern] for _, point in points]
            if len(set(assigned)) > 1:
                targets = select(pattern, values, names_of(case))
                values.update(dict.fromkeys(targets, np.repeat(np.array(assigned), len(runs))))
    negotiation = Negotiation(case, len(runs) * times, values=values, stream_runs=np.tile(numbers, times))
    negotiation.run_model()
    point = np.repeat(np.array([number for number, _ in points], dtype=np.int32), len(runs))
    table = {"point": point, **negotiation.outcomes(), "run": np.tile(numbers, times)}
    negotiation.release()
    return table


def _repeated(value: Any, times: int) -> Any:
    """Return a parameter's values for so many design points side by side."""
    return np.tile(value, times) if isinstance(value, np.ndarray) else value


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Cut items into lists of at most `size`."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
