"""Stepwise answer: what the engine is asked for the present settings, in which order, and what is known so far."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import numpy as np

from sim.explore.engine.curve_refinement import STAGES, Curve, settlements
from sim.explore.engine.ensemble_figures import Found, spread_over, stretch, summarise_runs
from sim.explore.engine.shared_workers import Seat, Turns
from sim.explore.engine.theory_marks import Closing, closings
from sim.explore.state.page_settings import FIRST, Settings, case
from sim.explore.state.parameter_controls import Control
from sim.negotiation.inspection.belief_paths import Beliefs, beliefs
from sim.output.tables.run_narrative import narrate_run
from sim.scenario.model.parameters import numbers
from sim.scenario.model.schema import Scenario
from sim.study.execution.task_simulation import simulate_table
from sim.study.statistics.assumption_range import Counts, blocks, has_ranges, play_draws
from sim.study.storage.database import Table
from sim.study.summaries.ensemble_summary import HORIZONS

SECOND = 8_192
"""Runs of the second answer: whole blocks."""

INSIDE = 2_048
"""Runs that are played again to see how distrust moves."""

KEPT = 24
"""Curves that are remembered, so that going back along a slider does not find them anew."""


@dataclass
class Line:
    """Curve in the stepwise answer along a parameter, and what theory says there (None: not asked yet)."""

    curve: Curve
    closings: list[Closing] | None = None


@dataclass
class Known:
    """State of the stepwise answer: all that is known so far.

    `settings` are those that `ensemble` is of, `believed` those that `beliefs` are of, and `pairs` whose are shown.
    `spread_pending`: the range over the assumptions is still being found; `line_pending`: the curve is that of the
    scenario before, until the present one's is found.
    """

    settings: Settings | None = None
    ensemble: Found | None = None
    spread_pending: bool = False
    line: Line | None = None
    line_pending: bool = False
    believed: Settings | None = None
    pairs: tuple[tuple[str, str], ...] = ()
    beliefs: Beliefs | None = None
    lines: dict[str, Line] = field(default_factory=dict)


class Inquiry:
    """Inquiry of one tab that builds its answer step by step.

    It asks from the tab's seat. Every step leaves `known` fuller and says so to `changed`, with what it is.
    """

    def __init__(self, turns: Turns, seat: Seat, base: Scenario, known: Known, changed: Callable[[str], None]) -> None:
        self.known = known
        self._turns, self._seat, self._base, self._changed = turns, seat, base, changed
        self._scenario = base
        self._settings: Settings | None = None
        self._tables: list[Table] = []
        self._draws: Counts | None = None

    def first(self, settings: Settings, along: Control) -> Awaitable[None]:
        """Find the first answer: begun at once, found when it is awaited."""
        scenario = case(self._base, settings)
        played = self._play(scenario, range(min(FIRST, settings.runs)), urgent=True)
        return self._answer(scenario, settings, played, along)

    async def _answer(
        self, scenario: Scenario, settings: Settings, played: asyncio.Future[list[Table]], along: Control
    ) -> None:
        """Tell what the first runs say, once they are played."""
        tables = await played
        self._scenario, self._settings, self._tables, self._draws = scenario, settings, tables, None
        self.known.spread_pending = has_ranges(scenario)
        line = self._line(self._scenario, along)
        self.known.line_pending = not line.curve.counts
        self.known.line = line if line.curve.counts else self.known.line
        await self._summarise()

    async def rest(self, settings: Settings, along: Control) -> None:
        """Find whatever makes the first answer fuller, and then sharper."""
        await self._bend(along, STAGES[:1])
        await self._spread()
        self.known.beliefs = await self._turns.do(self._seat, beliefs, self._scenario, min(INSIDE, settings.runs))
        self.known.believed = settings
        self._changed("beliefs")
        await self._bend(along, STAGES[:2])
        await self._close(along)
        for runs in (SECOND, settings.runs):
            await self._sharpen(min(runs, settings.runs))
        await self._bend(along, STAGES)

    async def told(self, settings: Settings, run: int) -> list[str]:
        """Return the story of a run, paragraph by paragraph."""
        return await self._turns.do(self._seat, _told, case(self._base, settings), run, urgent=True)

    async def find_again(self, settings: Settings, runs: int) -> Found:
        """Return what so many runs of other settings say."""
        scenario = case(self._base, settings)
        return await asyncio.to_thread(summarise_runs, scenario, await self._play(scenario, range(runs), urgent=True))

    async def find_line(self, settings: Settings, along: Control) -> Line:
        """Return the curve of other settings, as far as it goes at first."""
        scenario = case(self._base, settings)
        line = self._line(scenario, along)
        for stage in STAGES[:2]:
            await self._follow(scenario, line, stage)
        return line

    def _play(self, scenario: Scenario, runs: range, urgent: bool = False) -> asyncio.Future[list[Table]]:
        """Have runs played; return the future of their tables."""
        return asyncio.gather(
            *(self._turns.do(self._seat, simulate_table, task, urgent=urgent) for task in stretch(scenario, runs))
        )

    async def _summarise(self) -> None:
        """Tell what the runs played so far say."""
        ensemble = await asyncio.to_thread(summarise_runs, self._scenario, self._tables)
        self.known.settings = self._settings
        self.known.ensemble = ensemble if self.known.spread_pending else spread_over(ensemble, self._draws)
        self._changed("ensemble")

    async def _sharpen(self, runs: int) -> None:
        """Play further runs, so many in all."""
        have = sum(len(table["run"]) for table in self._tables)
        if have < runs:
            self._tables = self._tables + await self._play(self._scenario, range(have, runs))
            await self._summarise()

    async def _spread(self) -> None:
        """Find how far the shares move over the assumptions."""
        if not self.known.spread_pending:
            return
        pieces = (self._turns.do(self._seat, play_draws, self._scenario, block, HORIZONS) for block in blocks())
        self._draws = np.sum(await asyncio.gather(*pieces), axis=0)
        self.known.spread_pending = False
        assert self.known.ensemble is not None
        self.known.ensemble = spread_over(self.known.ensemble, self._draws)
        self._changed("ensemble")

    async def _bend(self, along: Control, stages: tuple[tuple[int, int, int], ...]) -> None:
        """Find the curve up to the last of some stages."""
        line = self._line(self._scenario, along)
        for stage in stages:
            if await self._follow(self._scenario, line, stage) or self.known.line is not line:
                self.known.line, self.known.line_pending = line, False
                self._changed("line")

    async def _follow(self, scenario: Scenario, line: Line, stage: tuple[int, int, int]) -> bool:
        """Find a curve up to a stage; return whether that was anything new."""
        tasks = list(line.curve.lacks(stage))
        pieces = (self._turns.do(self._seat, settlements, scenario, task) for task in tasks)
        for task, settled in zip(tasks, await asyncio.gather(*pieces), strict=True):
            line.curve = line.curve.with_counts(task, settled)
        return bool(tasks)

    async def _close(self, along: Control) -> None:
        """Find what theory says along the curve."""
        line = self._line(self._scenario, along)
        if line.closings is None:
            where = along.path, along.low, along.high
            line.closings = await self._turns.do(self._seat, closings, self._scenario, *where)
            self._changed("line")

    def _line(self, scenario: Scenario, along: Control) -> Line:
        """Return what is known along a parameter, however little: at what that parameter stands is nothing to it."""
        told = {path: value for path, value in numbers(scenario).items() if path not in along.paths}
        key = f"{along.path} {int(scenario.seed)} {told}"
        lines = self.known.lines
        line = lines.pop(key, None) or Line(Curve(along.path, along.low, along.high))
        lines[key] = line
        while len(lines) > KEPT:
            lines.pop(next(iter(lines)))
        return line


def _told(scenario: Scenario, run: int) -> list[str]:
    return list(narrate_run(scenario, run))
