"""Provenance of numbers: a claim or an assumption beside the number, or beside a group of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sim.scenario.model.key_tree import (
    GROUP_KEYS,
    SHAPE,
    WITHOUT_NUMBERS,
    Each,
    Fields,
    Items,
    Leaf,
    Loc,
    Shape,
    inside,
    is_number,
    leaves,
)
from sim.scenario.model.parameter_kinds import Choice, Kind, Target
from sim.scenario.reading.source_positions import Finding, Places


class _Group(NamedTuple):
    """The mapping that speaks for the numbers in it: its loc and what it says."""

    loc: Loc = ()
    says: Mapping[str, Any] = {}


def hand_down(data: dict[str, Any], places: Places) -> dict[str, Any]:
    """Return data in which the provenance of a group (claim, assumption) is handed down to each of its numbers.

    A number with a claim or an assumption of its own keeps that alone. The scenario as a whole, its
    issues and its labels say nothing.
    """
    handed: dict[str, Any] = _hand_down(data, SHAPE, (), _Group(), places)
    return handed


def unsourced(data: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield the numbers and words that are given without provenance (claim or assumption); defaults need none."""
    for loc, _, value in leaves(data):
        given = [value.get(key) for key in GROUP_KEYS] if isinstance(value, dict) else []
        if not any(isinstance(text, str) and text.strip() for text in given):
            yield Finding(loc, "has neither a claim nor an assumption: say where it comes from")


def _hand_down(data: Any, shape: Shape | None, loc: Loc, group: _Group, places: Places) -> Any:
    match shape:
        case Leaf(kind):
            return _beside(data, kind, loc, group, places)
        case Each(keys, child) if keys and keys.one and is_number(data):
            return _hand_down(data, child, loc, group, places)
        case Items(child) if isinstance(data, list | tuple):
            return [_hand_down(item, child, (*loc, index), group, places) for index, item in enumerate(data)]
        case Fields() | Each() if isinstance(data, dict):
            speaks = loc and loc[0] not in WITHOUT_NUMBERS
            says = {key: data[key] for key in GROUP_KEYS if key in data} if speaks else {}
            group = _Group(loc, says) if says else group
            kept = data if isinstance(shape, Fields) and "claim" in shape.children else data.keys() - says.keys()
            return {
                key: _hand_down(value, inside(shape, key), (*loc, key), group, places)
                for key, value in data.items()
                if key in kept
            }
    return data


def _beside(data: Any, kind: Kind | None, loc: Loc, group: _Group, places: Places) -> Any:
    """Return a number or word with what the group says beside it, unless it says something itself."""
    if not group.says or kind is None or not (kind.parameter or isinstance(kind, Target)):
        return data
    if isinstance(data, dict):
        if any(key in data for key in GROUP_KEYS):
            return data
        handed = {**data, **group.says}
    elif (isinstance(data, str) and isinstance(kind, Choice | Target)) or isinstance(data, int | float):
        handed = {"value": data, **group.says}
        places.derive((*loc, "value"), loc)
    else:
        return data
    for key in group.says:
        places.derive((*loc, key), (*group.loc, key))
    return handed
