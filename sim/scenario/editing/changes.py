"""Changes of a scenario by path, as `--set`, sweeps and Python ask for them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any, NamedTuple

from sim.scenario.editing.data_paths import locs, put, refusal, spread_leverage
from sim.scenario.editing.removal import can_drop, drop
from sim.scenario.model.key_tree import Leaf, Names, shape_at, to_loc
from sim.scenario.model.plain_parts import part
from sim.scenario.reading.source_positions import Finding, Places, Spot


class Edit(NamedTuple):
    """Change of a scenario: a value for every parameter that a pattern names.

    `spot` is where the change was asked for. None drops what is named, unless `written` says that nothing at all was
    written for it.
    """

    pattern: str
    value: object
    spot: Spot = Spot("")
    written: bool = True

    @property
    def drops(self) -> bool:
        """Whether this takes something away."""
        return self.value is None and (self.written or self.pattern == "mediator")


def edit(data: dict[str, Any], edits: Iterable[Edit], places: Places) -> list[Finding]:
    """Make changes in a scenario's data, editing `data` and `places` in place; return the problems of the changes.

    None drops what it is given for (removal.py), a mediator or a name after everything else; `guarantors.NAME` may add
    a guarantor.
    """
    edits = sorted(edits, key=lambda change: change.drops and change.pattern.count(".") < 2)
    return [finding for change in edits for finding in _edit(data, change, places)]


def _edit(data: dict[str, Any], change: Edit, places: Places) -> list[Finding]:
    """Carry out one edit."""
    pattern, value, spot, _ = change
    if change.drops and _drop(data, pattern, places):
        return []
    if pattern.startswith("mediator.leverage."):
        data |= spread_leverage(data, places)
    targets = locs(data, pattern)
    places.put(targets or [to_loc(pattern)], spot)
    if not targets:
        return [Finding(to_loc(pattern), partial(refusal, data, pattern, spot.file.startswith("--")), on_key=True)]
    for loc in targets:
        put(data, loc, value)
    return []


def _drop(data: dict[str, Any], pattern: str, places: Places) -> bool:
    """Drop what a pattern names; return whether that was done: not where it has to be given, or is not there."""
    names = Names.of(data)
    whole = to_loc(pattern)
    shape = shape_at(whole)
    if len(whole) == 1 and isinstance(shape, Leaf) and not (shape.kind and shape.kind.parameter):
        return False
    there = part(data, *whole) is not None or (len(whole) == 1 and shape is not None)
    targets = [whole] if there else locs(data, pattern)
    targets = [loc for loc in targets if loc[0] != "guarantors" or len(loc) == 1 or loc[1] in names.guarantors]
    if not targets or not all(can_drop(loc, names) for loc in targets):
        return False
    for loc in targets:
        drop(data, loc, places)
    return True
