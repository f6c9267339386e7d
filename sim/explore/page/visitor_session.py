"""Visitor session: what is set, what is known of it, and what happens when something is moved or pressed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from nicegui import Client, background_tasks, ui

from sim.explore.engine import downloads
from sim.explore.engine.latest_question import Course
from sim.explore.engine.shared_state import Ground
from sim.explore.engine.stepwise_answer import Inquiry, Known
from sim.explore.page.browser_messages import Greeting
from sim.explore.page.page_layout import MOST_TOLD, Page
from sim.explore.page.page_updates import Pinned, Screen
from sim.explore.state import browser_input
from sim.explore.state.page_address import MOST_SEED
from sim.explore.state.page_settings import MEDIATOR, MOST_RUNS, Settings, case, is_in_file, unchanged
from sim.explore.state.parameter_controls import Control
from sim.explore.state.scenario_export import scenario_file
from sim.explore.state.tab_memory import recall
from sim.explore.state.undo_history import History
from sim.scenario.errors import Problem, ScenarioError

CALM = 0.15
"""Seconds after an answer, while no hand moves, before anything more is asked for."""

GRACE = 10.0
"""Seconds after which a browser that has gone is not worked for any more, until it comes back."""

LOST = "The pin or steps to undo that this tab remembered could not be restored: they belong to another scenario."
UNSENT = "The connection was lost before your last move arrived: it is not part of what is shown."

SCHEMES = {"auto": None, "light": False, "dark": True}


class Visit:
    """Session of one visitor: all that the page knows is here, and gone when the visitor is."""

    def __init__(self, ground: Ground, settings: Settings, problem: str, client: Client) -> None:
        self._ground = ground
        self._client = client
        self._history = History(settings)
        self._settings = settings
        self._jobs: set[asyncio.Task[Any]] = set()
        self._resting: asyncio.TimerHandle | None = None
        self._asking = self._recalling = False
        self._telling: asyncio.Task[Any] | None = None
        self._run = 0
        self._seat = ground.turns.seat()
        self._known = Known()
        page = Page(ground.base, ground.groups, ground.known, self, problem)
        self._screen = Screen(page, ground, self._known, settings)
        self._inquiry = Inquiry(ground.turns, self._seat, ground.base, self._known, self._screen.changed)
        self._course = Course(self._failed)
        self._scheme = ui.dark_mode(None)
        ui.on("undo", self.undo)
        ui.on("redo", self.redo)
        ui.on("scheme", lambda event: self._screen.colour(bool(event.args)))
        client.on_connect(self._come)
        client.on_disconnect(self._go)
        client.on_delete(self._leave)
        self._screen.show_settings(self._history)

    # --- who is there ---

    def _come(self) -> None:
        """Ask the first question once the browser is there, or go on when it has come back."""
        if self._resting is not None:
            self._resting.cancel()
        if not self._asking:
            self._asking = True
            self._ask()

    def _go(self) -> None:
        """Go on for a moment after the browser has gone: most come back."""
        if self._resting is not None:
            self._resting.cancel()
        if not self._client.has_socket_connection:
            self._resting = asyncio.get_running_loop().call_later(GRACE, self._rest)

    def _rest(self) -> None:
        """Work for nobody; all that is set and known stays."""
        self._asking = False
        self._course.stop()

    def greet(self, greeting: Greeting) -> None:
        """Take over how the tab looks and, from before the page was loaded, what it remembers."""
        self._screen.colour(greeting.dark)
        if greeting.scheme in SCHEMES and greeting.scheme != "auto":
            self._screen.page.scheme.props["value"] = greeting.scheme
            self.light(greeting.scheme)
        if greeting.unsent:
            self._screen.add(UNSENT)
        if greeting.memory:
            self._spawn(self._recall, greeting)
        else:
            self._remember()

    async def _recall(self, greeting: Greeting) -> None:
        """Bring back the steps, the pin and the run that the tab remembers; say what is lost."""
        turns, ground, present = self._ground.turns, self._ground, self._settings
        asked = ground.base, greeting.memory, greeting.shown, present
        self._recalling = True
        try:
            there = await turns.do(self._seat, recall, *asked, urgent=True)
            self._history = self._history.with_steps(there.past, there.future)
            if there.lost:
                self._screen.add(LOST)
            if there.run:
                self.tell(there.run)
            self._screen.show_settings(self._history)
            if there.pinned is not None:
                await self._pin_again(there.pinned, there.runs)
        finally:
            self._recalling = False
        self._remember()
        await self._find_pinned_line()

    async def _pin_again(self, settings: Settings, runs: int) -> None:
        """Pin what was pinned before the page was loaded anew, unless something has been pinned since."""
        ensemble = await self._inquiry.find_again(settings, runs)
        if self._screen.pinned is None:
            self._screen.pinned = Pinned(settings, ensemble, None)
            self._screen.changed("pinned")

    async def _find_pinned_line(self) -> None:
        """Find the curve of what was pinned again."""
        pinned = self._screen.pinned
        if pinned is None or pinned.line is not None:
            return
        line = await self._inquiry.find_line(pinned.settings, self._ground.curve(pinned.settings))
        if self._screen.pinned is pinned:
            self._screen.pinned = replace(pinned, line=line)
            self._screen.changed("pinned")

    # --- what is moved ---

    def set(self, control: Control, value: Any, gesture: str) -> None:
        """Set a control; what cannot be is said, and nothing changes."""
        setting = browser_input.setting(control, value)
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
        """Take another random seed."""
        self._try(replace(self._settings, seed=browser_input.whole(seed, self._settings.seed, 0, MOST_SEED)))

    def rerun(self, runs: Any) -> None:
        """Go on to another number of runs."""
        self._try(replace(self._settings, runs=browser_input.whole(runs, self._settings.runs, 1, MOST_RUNS)))

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
        """Pin the scenario that the answer is of, or unpin the pinned one."""
        known, screen = self._known, self._screen
        if screen.pinned is not None:
            screen.pinned = None
        elif known.ensemble is not None and known.settings is not None:
            screen.pinned = Pinned(known.settings, known.ensemble, None if known.line_pending else known.line)
        screen.changed("pinned")
        self._remember()

    def tell(self, run: Any) -> None:
        """Tell a run."""
        self._run = browser_input.whole(run, 0, 0, MOST_TOLD)
        self._screen.page.run.show(self._run)
        self._retell()
        self._remember()

    def save_scenario(self) -> None:
        """Download the scenario file: with as many runs as the figures on the page are of."""
        text = scenario_file(self._ground.base, self._ground.extends, self._settings, self._runs())
        self._client.download(text.encode(), "explored.yaml", "application/yaml")

    def save_charts(self, form: str) -> None:
        """Download the charts."""
        along = self._ground.curve(self._settings)
        where = along.path, along.low, along.high, form
        self._spawn(self._fetch, f"charts-{form}.zip", "Drawing charts …", downloads.charts, self._runs(), *where)

    def save_report(self) -> None:
        """Download the report."""
        self._spawn(self._fetch, "report.html", "Writing the report …", downloads.report, self._runs())

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
        same, stepped = history.present == self._settings, history.past != self._history.past
        self._history, self._settings = history, history.present
        if same:
            return
        self._ask()
        self._screen.say("")
        self._screen.show_settings(self._history)
        if stepped:
            self._remember()

    def _remember(self) -> None:
        """Have the tab remember what the address does not hold; not before it is known what it remembers."""
        if not self._recalling:
            self._screen.remember(self._history, self._run)

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
        self._telling = self._spawn(self._tell, self._run)

    async def _tell(self, run: int) -> None:
        settings = self._settings
        self._screen.show_story(await self._inquiry.told(settings, run), settings)

    async def _fetch(self, name: str, words: str, make: Callable[..., bytes], *args: Any) -> None:
        """Have a file made in a worker and download it."""
        self._screen.page.busy.set_text(words)
        try:
            scenario = case(self._ground.base, self._settings)
            self._client.download(await self._ground.turns.do(self._seat, make, scenario, *args), name)
        finally:
            self._screen.page.busy.set_text("")

    def _spawn(self, job: Callable[..., Awaitable[None]], *args: Any) -> asyncio.Task[Any]:
        """Do something beside the course of the question, and say if it fails.

        The job is called in the task: one that is cancelled before it has begun leaves nothing that nobody awaits.
        """

        async def watched() -> None:
            try:
                await job(*args)
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
        """Give up the seat: the visitor has gone for good."""
        if self._resting is not None:
            self._resting.cancel()
        self._screen.close()
        self._course.stop()
        for task in self._jobs:
            task.cancel()
        self._ground.turns.leave(self._seat)
