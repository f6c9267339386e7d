"""Doing tasks at the pace that shows: the first here and now, the others by workers where that is worth it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from time import perf_counter
from typing import TypeVar

from sim.study.execution import missing_runs
from sim.study.execution.executors import Done, Workers

T = TypeVar("T")
R = TypeVar("R")

Announce = Callable[[float], None]
"""Told, once the first task has shown the pace, about how many seconds the others will take."""


def paced(
    workers: Workers, function: Callable[[T], R], tasks: Sequence[T], announce: Announce | None = None
) -> Iterator[Done[T, R]]:
    """Do every task and yield each as it finishes; a failure does not stop the others."""
    start = perf_counter()
    yield from workers.run(function, tasks[:1], parallel=False)
    left = (perf_counter() - start) * (len(tasks) - 1)
    parallel = left > missing_runs.POOL_PAYS and workers.jobs > 1
    if announce is not None:
        announce(left / workers.jobs if parallel else left)
    yield from workers.run(function, tasks[1:], parallel)
