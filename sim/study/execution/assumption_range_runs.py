"""Runs for the range over the assumptions: simulated and stored in a study's folder, per design point.

What is kept is how often each draw of the assumptions settled and held (`assumption_range.py`), so that the same
command, or one that asks for more runs, finds it again. It lies in `spread/<draws>x<plays>/`, an array for each design
point.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.negotiation.randomness.random_streams import BLOCK
from sim.scenario.loading.assignment import assign
from sim.scenario.model.schema import Scenario
from sim.study.design.design_points import Point, assignments
from sim.study.execution.executors import Workers
from sim.study.execution.missing_runs import Progress
from sim.study.execution.tasks import spread_out
from sim.study.statistics.assumption_range import (
    DRAWS,
    PLAYS,
    Counts,
    Extent,
    blocks,
    has_ranges,
    noise_free_range,
    play_draws,
)
from sim.study.statistics.dominant_assumption import Carrier, carrier
from sim.study.storage.array_files import Shelf, read_counts
from sim.study.storage.atomic_files import StorageError, within
from sim.study.storage.queries import CHANGED
from sim.study.storage.study_folder import Folder
from sim.study.summaries.ensemble_summary import HORIZONS, Interval, Summary


class Spreads(NamedTuple):
    """Ranges over the assumptions that the runs at one design point give: the middle 90 % of each share.

    The shares are those over the scenario's ranges. `settlement`: of runs that settle; `lasting`: that settle and hold,
    by periods, None if not watched for so long; `carrier`: the one assumption that carries most of the first, if one
    does.
    """

    settlement: Extent
    lasting: Mapping[str, Extent | None]
    carrier: Carrier | None


@dataclass(frozen=True)
class Draws:
    """Task of runs for the range over the assumptions: all draws of the assumptions at one design point.

    All are simulated with the random streams of one block.
    """

    scenario: Scenario
    point: int
    values: Point
    block: int


def play(task: Draws) -> Counts:
    """Simulate runs for the range over the assumptions: count how often each draw settled and held.

    Runs in a worker process, perhaps on another machine.
    """
    case = assign(task.scenario, assignments(task.values)) if task.values else task.scenario
    return play_draws(case, task.block, HORIZONS)


class Spreader:
    """Simulator of the runs for the range over the assumptions, stored in the study's folder.

    Runs that are stored there are not simulated twice. `played` counts the runs played for it; `failed` holds the error
    of every design point of which a task failed.
    """

    def __init__(self, folder: Folder, workers: Workers, command: str, progress: Progress | None = None) -> None:
        self.played = 0
        self.failed: dict[int, Exception] = {}
        self._folder = folder
        self._shelf = Shelf(within(folder.path, "spread", f"{DRAWS}x{PLAYS}"))
        self._workers = workers
        self._command = command
        self._progress = progress or (lambda done, total: None)

    def of(self, points: Iterable[int]) -> dict[int, Spreads | None]:
        """Return the spread of each design point, None where nothing is a range; those that fail are left out.

        Raises StorageError.
        """
        known = dict.fromkeys(points)
        ranged = [point for point in known if has_ranges(self._folder.study.case(point))]
        held = self._shelf.held()
        self._play([point for point in ranged if point not in held])
        found = self.known(ranged)
        lost = [point for point in ranged if point not in found and point not in self.failed]
        if lost:
            raise StorageError(f"{self._folder.path}: lacks what was just played: {CHANGED}")
        return {point: None for point in known if point not in self.failed} | found

    def known(self, points: Iterable[int]) -> dict[int, Spreads]:
        """Return the spread of those design points whose draws have been played. Raises StorageError."""
        held = self._shelf.held()
        periods = self._folder.study.periods
        case = self._folder.study.case
        shape = (1 + len(HORIZONS), DRAWS)
        return {
            point: spreads_of(read_counts(held[point], shape, PLAYS), periods(point), case(point))
            for point in points
            if point in held
        }

    def _play(self, points: list[int]) -> None:
        """Play design points and keep the counts of each as soon as its blocks are all there."""
        if not points:
            return
        self._folder.prepare(self._command, ". What is there is shown with --no-spread (in Python spread=False)")
        study, before = self._folder.study, self.played
        tasks = [
            Draws(study.scenario, point, study.points[point], block)
            for point in spread_out(points)
            for block in blocks()
        ]
        found: dict[int, list[Counts]] = {point: [] for point in points}
        for done in self._workers.run_paced(play, tasks):
            point = done.task.point
            if done.error is not None:
                self.failed.setdefault(point, done.error)
                continue
            found[point].append(done.get())
            if len(found[point]) == len(blocks()):
                self._shelf.save(point, np.sum(found.pop(point), axis=0))
            self.played += BLOCK
            self._progress(self.played - before, len(tasks) * BLOCK)


def spreads_of(counts: Counts, periods: int, case: Scenario) -> Spreads:
    """Return the range over the assumptions from the runs (counts) at one design point.

    `case` is the scenario there, watched for `periods`.
    """
    settlement, *lasting = (noise_free_range(successes, PLAYS) for successes in counts)
    watched = zip(HORIZONS, lasting, strict=True)
    by = carrier(case, counts[0], PLAYS)
    return Spreads(settlement, {str(n): found if n <= periods else None for n, found in watched}, by)


def with_spread(summary: Summary, spreads: Spreads | None) -> Summary:
    """Return a summary with the range over the assumptions, from its runs, beside each share of settlement."""
    changed = summary.copy()
    changed["spread"] = {"draws": DRAWS, "plays": PLAYS, "carrier": spreads.carrier} if spreads else None
    settled = summary["outcomes"]["settlement"]
    if settled is not None:
        beside: Interval = {**settled, "spread": spreads.settlement if spreads else None}
        changed["outcomes"] = summary["outcomes"] | {"settlement": beside}
    changed["lasting"] = {
        n: None if share is None else {**share, "spread": spreads.lasting[n] if spreads else None}
        for n, share in summary["lasting"].items()
    }
    return changed
