"""A visitor's page: what is set, what is known of it, and what happens when something is moved or pressed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from nicegui import Client, background_tasks, ui

from sim.explore import downloads, taken, views
from sim.explore.controls import Control
from sim.explore.course import Course
from sim.explore.ground import Ground
from sim.explore.history import History
from sim.explore.inquiry import Inquiry, Known
from sim.explore.layout import MOST_TOLD, Page
from sim.explore.links import MOST_SEED
from sim.explore.scenario_file import scenario_file
from sim.explore.screen import Pinned, Screen
from sim.explore.settings import MEDIATOR, MOST_RUNS, Settings, case, is_in_file, unchanged
from sim.scenario.errors import Problem, ScenarioError

IS_DARK = "document.body.classList.contains('body--dark')"

CALM = 0.15
"""Seconds after an answer, while no hand moves, before anything more is asked for."""

SCHEMES = {"auto": None, "light": False, "dark": True}


class Visit:
    """One visitor's page. All that it knows is here, and gone when the visitor is."""

    def __init__(self, ground: Ground, settings: Settings, problem: str, client: Client) -> None:
        self._ground = ground
        self._client = client
        self._history = History(settings)
        self._settings = settings
        self._jobs: set[asyncio.Task[Any]] = set()
        self._telling: asyncio.Task[Any] | None = None
        self._run = 0
        self._seat = ground.turns.seat()
        self._known = Known()
        page = Page(ground.base, ground.groups, ground.known, self, problem)
        self._screen = Screen(page, ground, self._known, settings, client)
        self._inquiry = Inquiry(ground.turns, self._seat, ground.base, self._known, self._screen.changed)
        self._course = Course(self._failed)
        self._scheme = ui.dark_mode(None)
        ui.on("undo", self.undo)
        ui.on("redo", self.redo)
        ui.on("scheme", lambda event: self._screen.colour(bool(event.args)))
        client.on_delete(self._leave)
        self._screen.show_settings(self._history)

    async def begin(self) -> None:
        """Ask the first question, once the browser is there and has said whether it is dark."""
        await self._client.connected()
        if self._client.is_deleted:  # nobody came: what asked for the page opens no socket
            return
        with self._client:
            self._screen.dark = bool(await ui.run_javascript(IS_DARK, timeout=5.0))
        self._ask()

    # --- what is moved ---

    def set(self, control: Control, value: Any, gesture: str) -> None:
        """Set a control; what cannot be is said, and nothing changes."""
        setting = taken.setting(control, value)
        if setting is not ...:
            told = f"{control.path} {gesture}" if gesture not in ("", "0") else ""
            put = self._settings.put(control.paths, setting)
            same = [path for path in control.paths if is_in_file(self._ground.known[path], setting)]
            self._try(put.back(same), told, control)

    def back(self, control: Control) -> None:
        """Set a control back to the file."""
        self._try(self._settings.back(control.paths))

    def restart(self) -> None:
        """Set everything back to the file."""
        self._try(unchanged(self._ground.base))

    def choose_mediator(self, there: bool) -> None:
        """Take the mediator out, or let it back in."""
        self._try(self._settings.back([MEDIATOR]) if there else self._settings.put([MEDIATOR], None))

    def draw_along(self, path: str) -> None:
        """Draw the curve along another parameter."""
        if path in self._ground.along:
            self._try(replace(self._settings, along=path))

    def reseed(self, seed: Any) -> None:
        """Meet other luck."""
        self._try(replace(self._settings, seed=taken.whole(seed, self._settings.seed, 0, MOST_SEED)))

    def rerun(self, runs: Any) -> None:
        """Go on to another number of runs."""
        self._try(replace(self._settings, runs=taken.whole(runs, self._settings.runs, 1, MOST_RUNS)))

    def undo(self) -> None:
        """Take the last step back."""
        self._turn(self._history.undo())

    def redo(self) -> None:
        """Do the last step undone again."""
        self._turn(self._history.redo())

    def light(self, scheme: str) -> None:
        """Choose a light page, a dark one, or what the system has."""
        self._scheme.set_value(SCHEMES.get(scheme))

    # --- what is pressed ---

    def pin(self) -> None:
        """Pin the present scenario, or let go of the pinned one."""
        known, screen = self._known, self._screen
        if screen.pinned is not None:
            screen.pinned = None
        elif known.ensemble is not None:
            screen.pinned = Pinned(self._settings, known.ensemble, known.line)
        screen.changed("pinned")

    def tell(self, run: Any) -> None:
        """Tell a run."""
        self._run = taken.whole(run, 0, 0, MOST_TOLD)
        self._screen.page.run.show(self._run)
        self._retell()

    def save_scenario(self) -> None:
        """Download the scenario file: with as many runs as the figures on the page are of."""
        text = scenario_file(self._ground.base, self._ground.extends, self._settings, self._runs())
        self._client.download(text.encode(), "explored.yaml", "application/yaml")

    def save_charts(self, form: str) -> None:
        """Download the charts."""
        along = self._ground.curve(self._settings)
        where = along.path, along.low, along.high, form
        self._spawn(self._fetch(f"charts-{form}.zip", "Drawing charts …", downloads.charts, self._runs(), *where))

    def save_report(self) -> None:
        """Download the report."""
        self._spawn(self._fetch("report.html", "Writing the report …", downloads.report, self._runs()))

    # --- how it goes on ---

    def _try(self, settings: Settings, gesture: str = "", control: Control | None = None) -> None:
        """Go over to other settings, if there can be such a scenario; if not, that is said beside the control."""
        try:
            case(self._ground.base, settings)
        except ScenarioError as error:
            self._refuse(error.problems[0], control)
            return
        self._turn(self._history.put(settings, gesture))

    def _refuse(self, problem: Problem, control: Control | None) -> None:
        """Say what cannot be: in the control's own words if it is the control's fault."""
        if control is None:
            self._screen.say(f"That cannot be: {problem}")
            self._screen.show_settings(self._history)
            return
        own = problem.path in (*control.paths, control.path)
        words = f"It {problem.message}" if own else f"That cannot be: {problem}"
        self._screen.page.controls.refuse(control, f"{words}.")

    def _turn(self, history: History) -> None:
        """Take over a history with its present settings, and ask."""
        same = history.present == self._settings
        self._history, self._settings = history, history.present
        if same:
            return
        self._ask()
        self._screen.say("")
        self._screen.show_settings(self._history)

    def _ask(self) -> None:
        """Ask the engine about the present settings."""
        settings, along = self._settings, self._ground.curve(self._settings)
        self._course.ask(lambda: self._inquiry.first(settings, along), lambda: self._go_on(settings, along))

    async def _go_on(self, settings: Settings, along: Control) -> None:
        """Ask for more than the first answer, once the hand rests."""
        await asyncio.sleep(CALM)
        self._retell()
        await self._inquiry.rest(settings, along)

    def _runs(self) -> int:
        """Return how many runs the figures on the page are of."""
        found = self._known.ensemble
        return self._settings.runs if found is None else found.runs

    def _retell(self) -> None:
        """Tell the run that is shown under the present settings."""
        if self._telling is not None:
            self._telling.cancel()
        self._telling = self._spawn(self._tell(self._run))

    async def _tell(self, run: int) -> None:
        views.show_story(self._screen.page, await self._inquiry.told(self._settings, run))

    async def _fetch(self, name: str, words: str, make: Callable[..., bytes], *args: Any) -> None:
        """Have a file made in a worker and download it."""
        self._screen.page.busy.set_text(words)
        try:
            scenario = case(self._ground.base, self._settings)
            self._client.download(await self._ground.turns.do(self._seat, make, scenario, *args), name)
        finally:
            self._screen.page.busy.set_text("")

    def _spawn(self, job: Awaitable[None]) -> asyncio.Task[Any]:
        """Do something beside the course of the question, and say if it fails."""

        async def watched() -> None:
            try:
                await job
            except Exception as error:
                self._failed(error)

        task = background_tasks.create(watched())
        self._jobs.add(task)
        task.add_done_callback(self._jobs.discard)
        return task

    def _failed(self, error: BaseException) -> None:
        """Say what went wrong, in one line."""
        lines = str(error).splitlines() or [type(error).__name__]
        self._screen.say(f"That did not work: {lines[0]}")

    def _leave(self) -> None:
        """Give up the seat: the visitor has gone."""
        self._screen.close()
        self._course.stop()
        for task in self._jobs:
            task.cancel()
        self._ground.turns.leave(self._seat)
