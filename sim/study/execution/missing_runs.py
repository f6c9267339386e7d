"""Missing runs of a study: simulated, and stored in its folder part by part as they finish."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from time import perf_counter

from sim.negotiation.randomness.random_streams import BLOCK
from sim.study.execution.executors import Workers
from sim.study.execution.task_simulation import simulate
from sim.study.execution.tasks import Task, task_size, tasks
from sim.study.statistics.shares import runs_for, wilson
from sim.study.storage.atomic_files import StorageError
from sim.study.storage.queries import open_runs
from sim.study.storage.study_folder import Folder

Progress = Callable[[int, int], None]
"""Told how many runs are finished, and how many this step is to bring."""


class Filler:
    """Simulator of the missing runs in a study's folder; it counts the runs it had to simulate.

    `failed` holds the error of every design point of which a task failed; nothing more is simulated there.
    """

    def __init__(self, folder: Folder, workers: Workers, command: str, progress: Progress | None = None) -> None:
        self.simulated = 0
        self.failed: dict[int, Exception] = {}
        self._folder = folder
        self._workers = workers
        self._command = command
        self._progress = progress or (lambda done, total: None)

    def fill(self, counts: Mapping[int, int]) -> None:
        """Simulate whatever the folder lacks of the first runs of design points: `counts` of each point.

        A task that fails is tried again point by point; a design point that fails stops no other.
        """
        gaps = self._gaps(counts)
        if not gaps:
            self._folder.describe_new(self._command)
            return
        self._folder.describe(self._command)
        study, before = self._folder.study, self.simulated
        total = sum(len(gap) for missing in gaps.values() for gap in missing)
        pace = self._first_piece(gaps, before, total)
        left = total - (self.simulated - before)
        size = task_size(left, pace, self._workers.jobs)
        parallel = self._workers.pay(left * pace)
        queue = tasks(study.scenario, study.points, self._gaps(counts), size)
        self._work(queue, parallel, before, total)

    def fill_until(self, precision: float, least: int, points: Iterable[int] = (0,)) -> dict[int, int]:
        """Add blocks until the half-width of the settlement probability is below `precision` at all `points`.

        Returns by point the number of runs at which that is first so: a number of whole blocks, not below `least`,
        that depends on the runs alone and not on how they were shared out. Points that fail are left out.
        """
        counts = dict.fromkeys(points, _whole_blocks(least))
        enough: dict[int, int] = {}
        while True:
            self.fill(counts)
            pending = {point: runs for point, runs in counts.items() if point not in {*enough, *self.failed}}
            if not pending:
                return {point: runs for point, runs in enough.items() if point not in self.failed}
            settled = self._settlements(pending)
            for point, runs in pending.items():
                for count, successes in settled[point].items():
                    share = wilson(successes, count)
                    if count >= least and share is not None and share.half_width < precision:
                        counts[point] = enough[point] = count
                        break
                else:
                    wanted = runs_for(settled[point][runs] / runs, precision)
                    counts[point] = max(runs + BLOCK, _whole_blocks(wanted))

    def _gaps(self, counts: Mapping[int, int]) -> dict[int, list[range]]:
        """The missing runs of every design point that has not failed and lacks some."""
        ledger = self._folder.ledger
        gaps = {point: list(ledger.gaps(point, runs)) for point, runs in counts.items() if point not in self.failed}
        return {point: missing for point, missing in gaps.items() if missing}

    def _first_piece(self, gaps: Mapping[int, Sequence[range]], before: int, total: int) -> float:
        """Simulate some missing runs, at most a block, here and now; returns the seconds a run took.

        They are taken from the middle of the design, which is likely to take neither the least time nor the most.
        """
        study = self._folder.study
        inner = list(gaps)[len(gaps) // 2 :]
        pieces = tasks(study.scenario, study.points, {point: gaps[point] for point in inner}, BLOCK)
        start = perf_counter()
        first = next(pieces)
        self._work([first], False, before, total)
        return (perf_counter() - start) / first.size

    def _work(self, queue: Iterable[Task], parallel: bool, before: int, total: int) -> None:
        """Do tasks, keep what they bring, and report progress; those that fail are done again point by point."""
        again: list[Task] = []
        for done in self._workers.run(simulate, queue, parallel):
            if done.error is None:
                self._keep(done.task, done.get())
                self._progress(self.simulated - before, total)
            elif isinstance(done.error, StorageError):
                raise done.error  # no fault of the design point's
            elif len(done.task.points) > 1:
                again += done.task.singly()
            else:
                self.failed.setdefault(done.task.first_point, done.error)
        if again:
            self._work(again, parallel, before, total)

    def _keep(self, task: Task, content: bytes) -> None:
        """Save a finished part and count its runs."""
        self._folder.save(task.point_range, task.runs, content)
        self.simulated += task.size

    def _settlements(self, runs: Mapping[int, int]) -> dict[int, dict[int, int]]:
        """Settlements among the first n runs, by design point and by n, for every n of whole blocks."""
        query = f"""
            WITH blocks AS (
                SELECT point, (run // {BLOCK:d} + 1) * {BLOCK:d} AS stop, count_if(outcome = 'settlement') AS settled
                FROM runs GROUP BY ALL
            )
            SELECT point, stop, sum(settled) OVER (PARTITION BY point ORDER BY stop) FROM blocks ORDER BY point, stop
        """
        found: dict[int, dict[int, int]] = {point: {} for point in runs}
        with open_runs(self._folder.parts, runs, self._folder.study.columns) as connection:
            for point, stop, settled in connection.execute(query).fetchall():
                found[point][int(stop)] = int(settled)
        return found


def _whole_blocks(runs: int) -> int:
    """The number of runs in as many whole blocks as hold `runs` runs."""
    return -(-runs // BLOCK) * BLOCK
