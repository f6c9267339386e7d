"""Executors of tasks: in this process or in several, behind the one interface `concurrent.futures.Executor`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass
from itertools import islice
from time import perf_counter
from types import TracebackType
from typing import Generic, ParamSpec, TypeVar

from sim.scenario.errors import ParleyError
from sim.study.execution.worker_processes import Letter, MainGuardError, ProcessPool, leave_if_starting

P = ParamSpec("P")
T = TypeVar("T")
R = TypeVar("R")

Announce = Callable[[float], None]
"""Told, once the first task has shown the pace, about how many seconds the others will take."""

QUEUED_PER_WORKER = 2
"""Tasks handed out ahead for each worker: enough that none waits, few enough that memory stays flat."""

POOL_PAYS = 3.0
"""Seconds of work from which worker processes are worth the second that each takes to start."""

REBUILDS = 3
"""How often in a row a pool may break without finishing a task before the study gives up."""


class WorkersLostError(ParleyError):
    """Executor error: workers were killed again and again, most often for want of memory."""


class ClusterError(ParleyError):
    """Executor error: workers on other machines cannot be used; the message says why, in one line."""


@dataclass(frozen=True)
class Done(Generic[T, R]):
    """Finished task of an executor: its result, or the error that it ended with."""

    task: T
    result: R | None
    error: Exception | None = None

    def get(self) -> R:
        """The result; raises the task's own error if it failed."""
        if self.error is not None:
            raise self.error
        assert self.result is not None
        return self.result


class InProcess(Executor):
    """Executor that does each task at once, in the process that submits it."""

    def submit(self, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """Run the task and return its future, already finished; what the task raised is kept in it."""
        future: Future[R] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:
            future.set_exception(error)
        return future


class Workers:
    """Executors to which tasks are handed, started when first needed and kept until the end of the `with` block.

    `make` builds the parallel executor from the number of jobs; a cluster's own may be given in its place. `alone`
    says that this process does all the work.
    """

    def __init__(self, jobs: int = 1, make: Callable[[int], Executor] = ProcessPool) -> None:
        if jobs > 1:
            leave_if_starting()
        self.jobs = jobs
        self.alone = jobs == 1
        self._make = make
        self._parallel: Executor | None = None

    def __enter__(self) -> Workers:
        """Nothing is started yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the workers; after an error or an interrupt at once, whatever they are doing."""
        self._discard(wait=error is None)
        if isinstance(error, MainGuardError):
            error.__traceback__ = None  # the way through our code would only hide what the script lacks

    def run(self, function: Callable[[T], R], tasks: Iterable[T], parallel: bool) -> Iterator[Done[T, R]]:
        """Do every task and yield each as it finishes, in any order; a failure does not stop the others."""
        if parallel and not self.alone:
            yield from self._run_parallel(function, tasks)
        else:
            inline = InProcess()
            for task in tasks:
                yield _outcome(task, inline.submit(function, task))

    def run_paced(
        self, function: Callable[[T], R], tasks: Sequence[T], announce: Announce | None = None
    ) -> Iterator[Done[T, R]]:
        """As `run`: the first task here and now, the others by workers where that is worth it."""
        start = perf_counter()
        yield from self.run(function, tasks[:1], parallel=False)
        left = (perf_counter() - start) * (len(tasks) - 1)
        if announce is not None:
            announce(left / self.jobs if self.pay(left) else left)
        yield from self.run(function, tasks[1:], self.pay(left))

    def pay(self, seconds: float) -> bool:
        """Whether so much work is worth starting workers for."""
        return seconds > POOL_PAYS and not self.alone

    def _run_parallel(self, function: Callable[[T], R], tasks: Iterable[T]) -> Iterator[Done[T, R]]:
        """As `run`, over the pool; a broken pool is rebuilt and what it was doing is done again."""
        waiting = iter(tasks)
        again: list[T] = []
        rebuilds = 0
        running: dict[Future[R], T] = {}
        while True:
            free = self.jobs * QUEUED_PER_WORKER - len(running)
            fresh = [again.pop() for _ in range(min(free, len(again)))]
            fresh += islice(waiting, free - len(fresh))
            lost = self._submit(function, fresh, running)
            if not running and not lost:
                return
            finished = wait(running, return_when=FIRST_COMPLETED).done if running else set()
            for future in finished:
                task = running.pop(future)
                if isinstance(future.exception(), BrokenExecutor):
                    lost.append(task)
                else:
                    rebuilds = 0
                    yield _outcome(task, future)
            if lost:
                rebuilds += 1
                again += [*lost, *running.values()]
                running.clear()
                self._discard(wait=False)
            if rebuilds > REBUILDS:
                raise WorkersLostError(
                    f"worker processes were killed {rebuilds} times in a row, perhaps for want of memory. "
                    "Finished parts are kept; give the same command again with fewer --jobs"
                )

    def _submit(self, function: Callable[[T], R], tasks: list[T], running: dict[Future[R], T]) -> list[T]:
        """Hand out tasks, entering them in `running`; returns those that a broken pool would not take."""
        for index, task in enumerate(tasks):
            try:
                running[self._pool().submit(function, task)] = task
            except BrokenExecutor:
                return tasks[index:]
        return []

    def _pool(self) -> Executor:
        """The parallel executor, built when first needed."""
        if self._parallel is None:
            self._parallel = self._make(self.jobs)
        return self._parallel

    def _discard(self, wait: bool) -> None:
        """Let go of the parallel executor."""
        pool, self._parallel = self._parallel, None
        if pool is not None:
            pool.shutdown(wait, cancel_futures=True)


def _outcome(task: T, future: Future[R]) -> Done[T, R]:
    """What a finished future holds; an interrupt or exit inside the task is raised here."""
    error = future.exception()
    if error is None:
        result = future.result()
        return Done(task, result.open() if isinstance(result, Letter) else result)
    if not isinstance(error, Exception):
        raise error
    return Done(task, None, error)
