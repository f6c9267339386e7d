"""Scenario export: settings as a file (`extends`, and what differs) for which `parley run` gives the same numbers."""

from __future__ import annotations

from typing import Any

import yaml

from sim.explore.state.page_settings import MEDIATOR, Settings, case, written
from sim.scenario.editing.data_paths import put
from sim.scenario.model.key_tree import to_loc
from sim.scenario.model.parameters import parameters, resolved
from sim.scenario.model.schema import Scenario

HEAD = """\
# From parley explore. What was set by hand stands here; all else is as in the file that this one extends.
# Wherever this file is moved, `extends` must lead to that one.
"""


def scenario_file(base: Scenario, extends: str, settings: Settings, runs: int) -> str:
    """Export settings as the text of a scenario file that asks for so many runs.

    `extends` is the name of the base scenario's file as the new one is to have it. Raises ScenarioError for settings
    that cannot be.
    """
    changed = case(base, settings)
    data: dict[str, Any] = {"extends": extends, "title": changed.title}
    if settings.changes:
        data["about"] = "As set by hand in parley explore: each number that differs from the file above says so."
    known, left = parameters(base), parameters(changed)
    for path, setting in settings.changes.items():
        if path in left and not path.startswith("events."):
            put(data, to_loc(path), written(setting, known.get(path)))
    if settings.changes.get(MEDIATOR, ...) is None:
        data[MEDIATOR] = None
    if any(path.startswith("events.") for path in settings.changes):
        data["events"] = resolved(changed)["events"]  # a list replaces the list that was there
    data |= {"runs": runs, "seed": settings.seed}
    return HEAD + yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=100)
