"""Removal of a part that a scenario has or inherits, by `null`, with everything that speaks of it."""

from __future__ import annotations

from typing import Any

from sim.scenario.editing.data_paths import drop_labels, drop_values, keep_events, remove_mediator
from sim.scenario.model.key_tree import GROUP_KEYS, SHAPE, Each, Fields, Loc, Names, Shape, covered, inside, shape_at
from sim.scenario.model.plain_parts import mapping, part
from sim.scenario.reading.source_positions import Places

NAMED = ("parties", "issues", "guarantors")
"""The mappings that introduce names."""


def can_drop(loc: Loc, names: Names) -> bool:
    """Return whether removal of a part is allowed: parameters with a default, names, events and the mediator."""
    if loc[:-1] in (("parties",), ("issues",)):
        return True
    if loc[0] == "distrust" and len(loc) == 3:
        return loc[1] not in names.parties or loc[2] not in names.parties
    around = shape_at(loc[:-1])
    match around:
        case Fields():
            return loc[-1] in around.children and loc[-1] not in around.required
        case Each(keys, _):
            return keys is None or not keys.every
        case _:
            return False


def drop(data: dict[str, Any], loc: Loc, places: Places) -> None:
    """Remove from `data` the part at a loc; the removal of a name takes all that is said of the name with it.

    That includes events.
    """
    before = Names.of(data)
    if loc == ("mediator",):
        remove_mediator(data, places)
        data["mediator"] = None
        drop_labels(data, before)
        return
    mapping(part(data, *loc[:-1])).pop(loc[-1], None)
    if loc[0] in NAMED:
        _forget(data, before, Names.of(data), places)
        drop_labels(data, before)


def _forget(data: dict[str, Any], before: Names, after: Names, places: Places) -> None:
    """Take what is said of names that are gone out of `data`; a guarantor that is the mediator stays distrusted."""
    for key, child in SHAPE.children.items() if isinstance(SHAPE, Fields) else ():
        if key not in NAMED or key == "parties":
            _prune(data.get(key), child, before, after, (key,))
    keep_events(data, places, lambda event: _outlives(event, before, after))


def _prune(data: Any, shape: Shape | None, before: Names, after: Names, loc: Loc) -> None:
    """Take keys that name what is gone out of a part and all within it."""
    if not isinstance(data, dict) or not isinstance(shape, Fields | Each):
        return
    if isinstance(shape, Each) and shape.keys is not None and shape.keys.over != "new":
        left = (*after.about(shape.keys, str(loc[-1])), *GROUP_KEYS)
        for key in [key for key in data if key in before.about(shape.keys, str(loc[-1])) and key not in left]:
            del data[key]
    for key, value in data.items():
        _prune(value, inside(shape, key), before, after, (*loc, key))


def _outlives(event: object, before: Names, after: Names) -> bool:
    """Take what concerns names that are gone out of an event; return whether anything is left of it."""
    actors = (part(event, kind, "by") for kind in ("signal", "incident"))
    if any(actor in before.parties and actor not in after.parties for actor in actors):
        return False
    return drop_values(event, lambda path: bool(covered(path, before)) and not covered(path, after))
