"""Tab memory: what a browser's tab keeps beside its address, so that it outlives page and server: pin and steps.

It is text (JSON) in the browser's store for that tab. What comes back from there is read as links are: settings that
cannot be, and whatever is of another scenario, are left out and counted.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sim.explore.state.page_address import LONGEST as LONGEST_LINK
from sim.explore.state.page_address import LinkError, mark, parsed
from sim.explore.state.page_settings import MOST_RUNS, Settings
from sim.explore.state.undo_history import History
from sim.scenario.model.schema import Scenario

STEPS = 40
"""Steps to undo, and steps to redo, that a tab remembers."""

LONGEST = 200_000
"""Letters that are read."""

Link = Annotated[str, Field(max_length=LONGEST_LINK)]


class Tab(BaseModel):
    """Memory of a tab: all settings as links.

    `of` tells the scenario, `runs` of how many runs the pin is.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    of: str = ""
    past: list[Link] = Field(default=[], max_length=STEPS)
    future: list[Link] = Field(default=[], max_length=STEPS)
    pinned: Link | None = None
    runs: int = Field(default=1, ge=1, le=MOST_RUNS)
    run: int = Field(default=0, ge=0)


@dataclass(frozen=True)
class Recollection:
    """Memory of a tab read back: steps, pinned settings with their number of runs, the run told, and losses."""

    past: tuple[Settings, ...] = ()
    future: tuple[Settings, ...] = ()
    pinned: Settings | None = None
    runs: int = 1
    run: int = 0
    lost: int = 0


def to_remember(
    base: Scenario,
    address: Callable[[Settings], str],
    history: History,
    pinned: tuple[Settings, int] | None,
    run: int,
) -> str:
    """Return the memory of a tab as text to be stored.

    `address` gives settings as a link; `pinned` comes with its number of runs.
    """
    tab = Tab(
        of=mark(base),
        past=[address(step) for step in history.past[-STEPS:]],
        future=[address(step) for step in history.future[-STEPS:]],
        pinned=None if pinned is None else address(pinned[0]),
        runs=1 if pinned is None else pinned[1],
        run=run,
    )
    return tab.model_dump_json(exclude_defaults=True)


def recall(base: Scenario, text: str, shown: str | None, present: Settings) -> Recollection:
    """Read the memory of a tab back from its text.

    `shown` is the link that it showed last, `present` what it asks for now. Where these differ somebody followed a
    link, and what was shown before is a step to undo. Runs in a worker.
    """
    try:
        tab = Tab.model_validate(json.loads(text[: LONGEST + 1]))
    except (ValidationError, ValueError, RecursionError):
        return Recollection(lost=1)
    if tab.of != mark(base):
        return Recollection(lost=len(tab.past) + len(tab.future) + (tab.pinned is not None))
    past, future = _readable(base, tab.past), _readable(base, tab.future)
    pinned = [] if tab.pinned is None else _readable(base, [tab.pinned])
    before = [present] if shown is None else _readable(base, [shown])
    lost = len(tab.past) - len(past) + len(tab.future) - len(future) + (tab.pinned is not None) - len(pinned)
    if before != [present]:
        past, future = [*past, *before], []
    return Recollection(tuple(past), tuple(future), pinned[0] if pinned else None, tab.runs, tab.run, lost)


def _readable(base: Scenario, links: list[str]) -> list[Settings]:
    """Return the settings of those links that can be read."""
    found = []
    for link in links:
        try:
            found.append(parsed(base, link))
        except LinkError:
            continue
    return found
