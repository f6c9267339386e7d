"""A visitor's page: what is set, what is known of it, and what happens when something is moved or pressed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from nicegui import Client, background_tasks, ui

from sim.explore import downloads, views
from sim.explore.controls import Control, Group, curves, standing
from sim.explore.course import Course
from sim.explore.ensemble import Found
from sim.explore.history import History
from sim.explore.inquiry import Inquiry, Line
from sim.explore.layout import MOST_TOLD, Page
from sim.explore.links import MOST_SEED, query
from sim.explore.panels import enable
from sim.explore.scenario_file import scenario_file
from sim.explore.settings import MEDIATOR, MOST_RUNS, Setting, Settings, case, unchanged
from sim.explore.turns import Turns
from sim.explore.words import apart
from sim.scenario.errors import ScenarioError
from sim.scenario.paths import Parameter, parameters
from sim.scenario.schema import Scenario
from sim.scenario.shape import MUTUAL

CALM = 0.9
"""Seconds without news after which the answer is read out to those who listen."""

MOMENT = 0.02
"""Seconds after which charts follow the answer."""

SCHEMES = {"auto": None, "light": False, "dark": True}


@dataclass(frozen=True)
class Ground:
    """What all visitors share: the scenario, what a file that extends it names, its controls, and the workers."""

    base: Scenario
    extends: str
    groups: tuple[Group, ...]
    turns: Turns

    @cached_property
    def along(self) -> dict[str, Control]:
        """The controls along which there can be a curve, by path."""
        return curves(self.groups)

    @cached_property
    def known(self) -> dict[str, Parameter]:
        """The parameters as the file has them."""
        return parameters(self.base)


@dataclass(frozen=True)
class Pinned:
    """What was pinned: its settings, what its runs say, and its curve, as sharp as that has become since."""

    settings: Settings
    ensemble: Found
    line: Line | None


class Visit:
    """One visitor's page. All that it knows is here, and gone when the visitor is."""

    def __init__(self, ground: Ground, settings: Settings, problem: str, client: Client) -> None:
        self._ground = ground
        self._client = client
        self._history = History(settings)
        self._settings = settings
        self._pinned: Pinned | None = None
        self._dark = False
        self._jobs: set[asyncio.Task[Any]] = set()
        self._telling: asyncio.Task[Any] | None = None
        self._seat = ground.turns.seat()
        self._inquiry = Inquiry(ground.turns, self._seat, ground.base, self._changed)
        self._course = Course(self._failed)
        self._calm: asyncio.TimerHandle | None = None
        self._drawing: asyncio.TimerHandle | None = None
        self._scheme = ui.dark_mode(None)
        self.page = Page(ground.base, ground.groups, ground.known, self, problem)
        ui.on("undo", self.undo)
        ui.on("redo", self.redo)
        ui.on("scheme", lambda event: self._colour(bool(event.args)))
        client.on_delete(self._leave)
        self._show_settings()

    async def begin(self) -> None:
        """Ask the first question, once the browser is there and has said whether it is dark."""
        await self._client.connected()
        with self._client:
            self._dark = bool(await ui.run_javascript("document.body.classList.contains('body--dark')", timeout=5.0))
        self._ask()
        self.tell(0)

    # --- what is moved ---

    def set(self, control: Control, value: Any, gesture: str) -> None:
        """Set a control; what cannot be is said, and nothing changes."""
        setting = _setting(control, value)
        if setting is not ...:
            told = f"{control.path} {gesture}" if gesture not in ("", "0") else ""
            self._try(self._settings.put(control.paths, setting), told)

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
        self._try(replace(self._settings, seed=_whole(seed, self._settings.seed, 0, MOST_SEED)))

    def rerun(self, runs: Any) -> None:
        """Go on to another number of runs."""
        self._try(replace(self._settings, runs=_whole(runs, self._settings.runs, 1, MOST_RUNS)))

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
        known = self._inquiry.known
        if self._pinned is not None:
            self._pinned = None
        elif known.ensemble is not None:
            self._pinned = Pinned(self._settings, known.ensemble, known.line)
        self._changed("pinned")

    def tell(self, run: Any) -> None:
        """Tell a run."""
        number = _whole(run, 0, 0, MOST_TOLD)
        self.page.run.show(number)
        if self._telling is not None:
            self._telling.cancel()
        self._telling = self._spawn(self._tell(number))

    def save_scenario(self) -> None:
        """Download the scenario file: with as many runs as the figures on the page are of."""
        text = scenario_file(self._ground.base, self._ground.extends, self._settings, self._runs())
        self._client.download(text.encode(), "explored.yaml", "application/yaml")

    def save_charts(self, form: str) -> None:
        """Download the charts."""
        along = self._along()
        where = along.path, along.low, along.high, form
        self._spawn(self._fetch(f"charts-{form}.zip", "Drawing charts …", downloads.charts, self._runs(), *where))

    def save_report(self) -> None:
        """Download the report."""
        self._spawn(self._fetch("report.html", "Writing the report …", downloads.report, self._runs()))

    # --- how it goes on ---

    def _try(self, settings: Settings, gesture: str = "") -> None:
        """Go over to other settings, if there can be such a scenario."""
        try:
            case(self._ground.base, settings)
        except ScenarioError as error:
            self._say(f"That cannot be: {error.problems[0]}")
            self._show_settings(again=True)
            return
        self._turn(self._history.put(settings, gesture))

    def _turn(self, history: History) -> None:
        """Take over a history with its present settings, and ask."""
        same = history.present == self._settings
        self._history, self._settings = history, history.present
        if same:
            return
        self._say("")
        self._show_settings()
        self._ask()

    def _ask(self) -> None:
        """Ask the engine about the present settings."""
        settings, along = self._settings, self._along()
        self._course.ask(lambda: self._inquiry.first(settings, along), lambda: self._inquiry.rest(settings, along))

    def _along(self) -> Control:
        """Return the control along which the curve goes: mutual distrust where the chosen one does nothing."""
        control = self._ground.along[self._settings.along]
        return self._ground.along[MUTUAL] if self._off().issuperset(control.paths) else control

    def _off(self) -> frozenset[str]:
        """Return the parameters that the present scenario does not have."""
        if MEDIATOR not in self._settings.changes:
            return frozenset()
        return frozenset(self._ground.known) - parameters(case(self._ground.base, self._settings)).keys()

    def _runs(self) -> int:
        """Return how many runs the figures on the page are of."""
        found = self._inquiry.known.ensemble
        return self._settings.runs if found is None else found.runs

    def _show_settings(self, again: bool = False) -> None:
        """Show what is set: in the controls, the head and the address."""
        page, settings = self.page, self._settings
        page.controls.show(settings.changes, self._off(), again)
        if page.mediator is not None:
            _put(page.mediator, "checked", MEDIATOR not in settings.changes)
        page.seed.show(settings.seed)
        page.runs.show(settings.runs)
        _put(page.along, "value", self._along().path)
        enable(page.undo, bool(self._history.past))
        enable(page.redo, bool(self._history.future))
        enable(page.restart, settings != unchanged(self._ground.base))
        page.title.set_text(case(self._ground.base, settings).title or "Scenario")
        text = query(self._ground.base, settings)
        if self._client.has_socket_connection:
            with self._client:
                ui.navigate.history.replace(f"?{text}" if text else "./")

    def _changed(self, what: str) -> None:
        """Show what has become known, or known better: the answer at once, charts once that is on its way."""
        known = self._inquiry.known
        if what == "beliefs":
            views.show_distrust(self.page, known)
        elif what == "line":
            self._show_curve()
        elif known.ensemble is not None:
            self._announce(views.show_answer(self.page, known, self._settings.runs))
            self._draw_soon()

    def _draw_soon(self) -> None:
        """Draw what the ensemble says; of several answers within a moment only the last."""
        if self._drawing is not None:
            self._drawing.cancel()
        self._drawing = asyncio.get_running_loop().call_later(MOMENT, self._draw)

    def _draw(self) -> None:
        """Draw what the ensemble says."""
        found, pinned = self._inquiry.known.ensemble, self._pinned.ensemble if self._pinned else None
        if found is None or self._client.is_deleted:
            return
        views.show_outcomes(self.page, found, pinned, self._dark)
        self._show_curve()
        views.show_terms(self.page, found)
        views.show_difference(self.page, pinned, found, self._apart())
        self.page.pin.set_text("Let go of the pin" if pinned else "Pin")

    def _apart(self) -> Iterator[str]:
        """Yield what the present settings do not have in common with the pinned ones."""
        if self._pinned is not None:
            yield from apart(self._ground.groups, self._ground.known, self._pinned.settings, self._settings)

    def _show_curve(self) -> None:
        along = self._along()
        now = standing(along, self._settings.changes, self._ground.known)
        pinned = self._pinned.line if self._pinned else None
        views.show_curve(self.page, self._inquiry.known, self._ground.base, along, now, pinned, self._dark)

    def _colour(self, dark: bool) -> None:
        """Draw charts for a dark page or a light one."""
        if dark != self._dark:
            self._dark = dark
            self._changed("colours")

    def _announce(self, sentences: str) -> None:
        """Have the answer read out once there is no more news for a while."""
        if self._calm is not None:
            self._calm.cancel()
        self._calm = asyncio.get_running_loop().call_later(CALM, self.page.status.set_text, sentences)

    async def _tell(self, run: int) -> None:
        views.show_story(self.page, await self._inquiry.told(self._settings, run))

    async def _fetch(self, name: str, words: str, make: Callable[..., bytes], *args: Any) -> None:
        """Have a file made in a worker and download it."""
        self.page.busy.set_text(words)
        try:
            scenario = case(self._ground.base, self._settings)
            self._client.download(await self._ground.turns.do(self._seat, make, scenario, *args), name)
        finally:
            self.page.busy.set_text("")

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

    def _failed(self, error: Exception) -> None:
        """Say what went wrong, in one line."""
        lines = str(error).splitlines() or [type(error).__name__]
        self._say(f"That did not work: {lines[0]}")

    def _say(self, problem: str) -> None:
        self.page.problem.set_text(problem)
        self.page.problem.set_visibility(bool(problem))

    def _leave(self) -> None:
        """Give up the seat: the visitor has gone."""
        for timer in (self._calm, self._drawing):
            if timer is not None:
                timer.cancel()
        self._course.stop()
        for task in self._jobs:
            task.cancel()
        self._ground.turns.leave(self._seat)


def _put(element: ui.element, name: str, value: Any) -> None:
    """Give an element a property, if it has not that value already."""
    if element._props.get(name) != value:
        element._props[name] = value
        element.update()


def _setting(control: Control, value: Any) -> Setting | Any:
    """Return what came from the browser as a setting, or ... if it is none."""
    match value:
        case str() if value in control.words:
            return value
        case bool():
            return ...
        case int() | float() if not control.words:
            return int(value) if control.whole else float(value)
        case [int() | float() as low, int() | float() as high] if not (control.words or control.whole):
            return (float(low), float(high)) if low < high else float(low)
    return ...


def _whole(value: Any, otherwise: int, least: int, most: int) -> int:
    """Return what was typed into a field as a whole number within limits, or `otherwise` if it is none."""
    text = str(value).strip()
    return min(most, max(least, int(text))) if text.isdecimal() and len(text) < 20 else otherwise
