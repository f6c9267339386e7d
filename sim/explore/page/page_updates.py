"""Page updates: the page kept in step with what is set and what is known."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace

from sim.explore.engine.ensemble_figures import Found
from sim.explore.engine.shared_state import Ground
from sim.explore.engine.stepwise_answer import Known, Line
from sim.explore.page import answer_views
from sim.explore.page.browser_messages import put
from sim.explore.page.components import enable, mark_panel
from sim.explore.page.page_layout import Page
from sim.explore.page.page_sentences import describe_changes
from sim.explore.state.page_settings import MEDIATOR, Settings, case, unchanged
from sim.explore.state.parameter_controls import standing
from sim.explore.state.tab_memory import to_remember
from sim.explore.state.undo_history import History
from sim.scenario.advice.warnings import warnings

CALM = 0.9
"""Seconds without news after which the answer is read out to those who listen."""

MOMENT = 0.02
"""Seconds after which charts follow the answer."""


@dataclass(frozen=True)
class Pinned:
    """Pinned scenario in page updates: its settings, its results, and its curve, as sharp as that has become since."""

    settings: Settings
    ensemble: Found
    line: Line | None


class Screen:
    """Screen that is updated: shows, on a page, what is set and what is known; `dark` and `pinned` say how."""

    def __init__(self, page: Page, ground: Ground, known: Known, settings: Settings) -> None:
        self.page = page
        self.dark = False
        self.pinned: Pinned | None = None
        self._ground, self._known, self._settings = ground, known, settings
        self._told: Settings | None = None
        self._closed = False
        self._calm: asyncio.TimerHandle | None = None
        self._drawing: asyncio.TimerHandle | None = None

    def show_settings(self, history: History) -> None:
        """Show what is set: in the controls, the head and the address."""
        page, ground, settings = self.page, self._ground, history.present
        self._settings = settings
        page.controls.show(settings.changes, ground.off(settings))
        if page.mediator is not None:
            put(page.mediator, checked=MEDIATOR not in settings.changes)
        page.seed.show(settings.seed)
        page.runs.show(settings.runs)
        put(page.along, value=ground.curve(settings).path)
        enable(page.undo, bool(history.past))
        enable(page.redo, bool(history.future))
        enable(page.restart, settings != unchanged(ground.base))
        scenario = case(ground.base, settings)
        page.title.set_text(scenario.title or "Scenario")
        answer_views.show_notes(page, [note for note in warnings(scenario) if note not in ground.notes])
        page.memory.show(ground.address(replace(settings, along=ground.curve(settings).path)))
        self._mark()

    def remember(self, history: History, run: int) -> None:
        """Have the browser's tab remember steps, pin and run, in case that the page has to be loaded anew."""
        pinned = None if self.pinned is None else (self.pinned.settings, self.pinned.ensemble.runs)
        base, address = self._ground.base, self._ground.address
        self.page.memory.keep(to_remember(base, address, history, pinned, run))

    def _mark(self) -> None:
        """Mark whatever is shown of earlier settings, until it has caught up."""
        page, known, present = self.page, self._known, self._settings
        along = self._ground.curve(present).path
        page.lag.show(_is_of_others(known.settings, present))
        curve_is_old = known.line is not None and (known.line_pending or known.line.curve.path != along)
        mark_panel(page.curve_panel, curve_is_old)
        mark_panel(page.distrust_panel, _is_of_others(known.believed, present))
        mark_panel(page.story_panel, _is_of_others(self._told, present))

    def show_story(self, paragraphs: list[str], settings: Settings) -> None:
        """Show a run, told week by week under some settings."""
        answer_views.show_story(self.page, paragraphs)
        self._told = settings
        self._mark()

    def changed(self, what: str) -> None:
        """Show what has become known, or known better: the answer at once, charts once that is on its way."""
        known = self._known
        if what == "beliefs":
            answer_views.show_distrust(self.page, known)
        elif what == "line":
            self._show_curve()
        elif known.ensemble is not None:
            self._announce(answer_views.show_answer(self.page, known, self._settings.runs))
            self._draw_soon()
        self._mark()

    def _draw_soon(self) -> None:
        """Draw what the ensemble says; of several answers within a moment only the last."""
        if self._drawing is not None:
            self._drawing.cancel()
        self._drawing = asyncio.get_running_loop().call_later(MOMENT, self._draw)

    def _draw(self) -> None:
        """Draw what the ensemble says."""
        found, pinned = self._known.ensemble, self.pinned.ensemble if self.pinned else None
        if found is None or self._closed:
            return
        answer_views.show_outcomes(self.page, found, pinned, self.dark)
        self._show_curve()
        answer_views.show_terms(self.page, found)
        answer_views.show_difference(self.page, pinned, found, self._apart())
        self.page.pin.set_text("Unpin" if pinned else "Pin")

    def _apart(self) -> Iterator[str]:
        """Yield what the present settings do not have in common with the pinned ones."""
        if self.pinned is not None:
            yield from describe_changes(self._ground.groups, self._ground.known, self.pinned.settings, self._settings)

    def _show_curve(self) -> None:
        along = self._ground.curve(self._settings)
        shown = self._known.settings or self._settings  # the answer's, which may be older
        now = standing(along, shown.changes, self._ground.known)
        pinned = self.pinned.line if self.pinned else None
        answer_views.show_curve(self.page, self._known, self._ground.base, along, now, pinned, self.dark)

    def colour(self, dark: bool) -> None:
        """Draw charts for a dark page or a light one."""
        if dark != self.dark:
            self.dark = dark
            self.changed("colours")

    def _announce(self, sentences: str) -> None:
        """Have the answer read out once there is no more news for a while."""
        if self._calm is not None:
            self._calm.cancel()
        self._calm = asyncio.get_running_loop().call_later(CALM, self.page.status.set_text, sentences)

    def say(self, problem: str) -> None:
        """Say what is wrong; nothing is said with no words."""
        self.page.problem.set_text(problem)
        self.page.problem.set_visibility(bool(problem))

    def add(self, problem: str) -> None:
        """Say something beside what is said already."""
        self.say(f"{self.page.problem.text} {problem}".strip())

    def close(self) -> None:
        """Show nothing any more."""
        self._closed = True
        for timer in (self._calm, self._drawing):
            if timer is not None:
                timer.cancel()


def _is_of_others(shown: Settings | None, present: Settings) -> bool:
    """Whether what is shown, if anything is, is of other settings than the present ones."""
    return shown is not None and not shown.has_same_scenario(present)
