"""Dropping what a scenario has or inherits: `null` takes a part away, and everything that speaks of it."""

from __future__ import annotations

from typing import Any

from sim.scenario.editing.data_paths import drop_labels, remove_mediator
from sim.scenario.model.key_tree import GROUP_KEYS, SHAPE, Each, Fields, Loc, Names, Shape, covered, inside, shape_at
from sim.scenario.reading.source_positions import Places

NAMED = ("parties", "issues", "guarantors")
"""The mappings that introduce names."""


def can_drop(loc: Loc, names: Names) -> bool:
    """Whether a part may be missing: parameters with a default, names, events, the mediator."""
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
    """Take the part at a loc out of `data`; names take with them what is said of them, events included."""
    before = Names.of(data)
    if loc == ("mediator",):
        remove_mediator(data, places)
        data["mediator"] = None
        drop_labels(data, before)
        return
    around: Any = data
    for key in loc[:-1]:
        around = around.get(key) if isinstance(around, dict) else _item(around, key)
    if isinstance(around, dict):
        around.pop(loc[-1], None)
    if loc[0] in NAMED:
        _forget(data, before, Names.of(data), places)
        drop_labels(data, before)


def _item(around: object, key: str | int) -> Any:
    """Return an item of a list, None where there is none."""
    return around[key] if isinstance(around, list | tuple) and isinstance(key, int) and key < len(around) else None


def _forget(data: dict[str, Any], before: Names, after: Names, places: Places) -> None:
    """Take what is said of names that are gone out of `data`; a guarantor that is the mediator stays distrusted."""
    for key, child in SHAPE.children.items() if isinstance(SHAPE, Fields) else ():
        if key not in NAMED or key == "parties":
            _prune(data.get(key), child, before, after, (key,))
    events = data.get("events")
    if isinstance(events, list | tuple):
        kept = [number for number, event in enumerate(events) if _outlives(event, before, after)]
        data["events"] = [events[number] for number in kept]
        places.reindex(("events",), kept)


def _prune(part: Any, shape: Shape | None, before: Names, after: Names, loc: Loc) -> None:
    """Take keys that name what is gone out of a part and all within it."""
    if not isinstance(part, dict) or not isinstance(shape, Fields | Each):
        return
    if isinstance(shape, Each) and shape.keys is not None and shape.keys.over != "new":
        left = (*after.about(shape.keys, str(loc[-1])), *GROUP_KEYS)
        for key in [key for key in part if key in before.about(shape.keys, str(loc[-1])) and key not in left]:
            del part[key]
    for key, value in part.items():
        _prune(value, inside(shape, key), before, after, (*loc, key))


def _outlives(event: object, before: Names, after: Names) -> bool:
    """Take what concerns names that are gone out of an event; return whether anything is left of it."""
    if not isinstance(event, dict):
        return True
    for kind in ("signal", "incident"):
        act = event.get(kind)
        actor = act.get("by") if isinstance(act, dict) else None
        if isinstance(actor, str) and actor in before.parties and actor not in after.parties:
            return False
    values = event.get("set")
    if not isinstance(values, dict) or not values:
        return True
    for path in [path for path in values if covered(str(path), before) and not covered(str(path), after)]:
        del values[path]
    return bool(values)
