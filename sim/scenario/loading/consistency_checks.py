"""Consistency checks between the parts of a scenario: names that are known, pairs that are complete.

The checks read plain data that may be wrong in any other way, so that all problems of a file come out at
once; what is of the wrong type is passed over here, since the models complain of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from pydantic import ValidationError

from sim.scenario.errors import clip, suggest
from sim.scenario.model.display_labels import ARTICLE, derive_label
from sim.scenario.model.key_tree import GROUP_KEYS, SHAPE, Each, Fields, Leaf, Loc, Names, Shape, shape_at
from sim.scenario.model.plain_parts import part, sequence
from sim.scenario.model.quantities import Quantity
from sim.scenario.reading.source_positions import Finding

_NOUNS = {"parties": "party", "issues": "issue", "holders": "party or mediator", "others": "actor", "every": "name"}


def check(data: Mapping[str, Any], names: Names) -> Iterator[Finding]:
    """Check the consistency of a scenario's parts with one another, and yield every problem."""
    yield from _enough(data, names)
    yield from _distinct_roles(names)
    yield from _keys_known(data, SHAPE, names, ())
    yield from _pairs_complete(data, names)
    yield from _preferences_behind_stake(data, names)
    yield from _penalty_behind_guarantee(data, names)
    yield from _labels_told_apart(data, names)


MOST_NAMES = 64
"""Parties, issues and guarantors that a scenario can have, of each kind: the numbers between them grow as a square."""


def too_many(names: Names) -> Iterator[Finding]:
    """Yield a problem where there are more names than the consistency checks, and the model, can take.

    No other check is made then.
    """
    for key, given in (("parties", names.parties), ("issues", names.issues), ("guarantors", names.guarantors)):
        if len(given) > MOST_NAMES:
            yield Finding((key,), f"there can be at most {MOST_NAMES}, not {len(given):,}", on_key=True)


def highest(loc: Loc, value: object) -> float:
    """Return the high end of a number at a loc, for a consistency check of its bounds; NaN if it is no number."""
    leaf = shape_at(loc)
    try:
        quantity = leaf.adapter.validate_python(value) if isinstance(leaf, Leaf) else None
    except ValidationError:
        return float("nan")
    return quantity.high if isinstance(quantity, Quantity) else float("nan")


def _enough(data: Mapping[str, Any], names: Names) -> Iterator[Finding]:
    if isinstance(data.get("parties"), dict) and len(names.parties) < 2:
        yield Finding(("parties",), f"there must be at least two, not {len(names.parties)}", on_key=True)
    if isinstance(data.get("issues"), dict) and not names.issues:
        yield Finding(("issues",), "there must be at least one", on_key=True)


def _distinct_roles(names: Names) -> Iterator[Finding]:
    if names.mediator in names.parties:
        yield Finding(("mediator", "name"), f"{names.mediator!r} is a party: a mediator must be a third party")
    for guarantor in names.guarantors:
        if guarantor in names.parties:
            message = f"{guarantor!r} is a party: a guarantor must be a third party"
            yield Finding(("guarantors", guarantor), message, on_key=True)


def _keys_known(data: object, shape: Shape, names: Names, loc: Loc) -> Iterator[Finding]:
    """Find names that are unknown, and missing ones where every name must be given."""
    match shape, data:
        case Fields(_, children), dict():
            for key, value in data.items():
                if key in children:
                    yield from _keys_known(value, children[key], names, (*loc, key))
        case Each(keys, child), dict() if keys is not None:
            within = str(loc[-1])
            known = names.about(keys, within)
            noun = _NOUNS.get(keys.over)
            for key in data:
                if key not in known and noun and known and key not in GROUP_KEYS:
                    yield Finding((*loc, key), partial(_unknown, str(key), noun, within, known), on_key=True)
                yield from _keys_known(data[key], child, names, (*loc, key))
            if keys.every and (data or loc[0] == "parties"):
                for key in known:
                    if key not in data:
                        yield Finding((*loc, key), "must be given: every issue needs one", on_key=True)


def _unknown(key: str, noun: str, within: str, known: tuple[str, ...]) -> str:
    if noun == "actor" and key == within:
        return "nobody has distrust of itself"
    return f"unknown {noun} {clip(key)!r}: {suggest(key, known)}"


def _pairs_complete(data: Mapping[str, Any], names: Names) -> Iterator[Finding]:
    rows = data.get("distrust")
    if not isinstance(rows, dict):
        return
    for first in names.parties:
        for second in names.parties:
            row = rows.get(first, {})
            if first != second and isinstance(row, dict) and second not in row:
                message = f"must be given: how far {first} distrusts {second} (a number from 0 to 1)"
                yield Finding(("distrust", first, second), message, on_key=True)


def _preferences_behind_stake(data: Mapping[str, Any], names: Names) -> Iterator[Finding]:
    mediator = data.get("mediator")
    if not isinstance(mediator, dict):
        return
    events = sequence(data.get("events"))
    set_later = any(part(event, "set", "mediator.stake") is not None for event in events)
    if set_later or highest(("mediator", "stake"), mediator.get("stake", 0)) > 0:
        for key in ("aims", "salience"):
            if not mediator.get(key):
                yield Finding(
                    ("mediator", key),
                    "must be given for every issue when the mediator has a stake",
                    on_key=True,
                )


def _penalty_behind_guarantee(data: Mapping[str, Any], names: Names) -> Iterator[Finding]:
    implementation = data.get("implementation", {})
    if names.guarantors and isinstance(implementation, dict) and "penalty" not in implementation:
        message = "needs an implementation.penalty: without it a guarantee only admits thinner deals"
        yield Finding(("guarantors", names.guarantors[0]), message, on_key=True)


def _labels_told_apart(data: Mapping[str, Any], names: Names) -> Iterator[Finding]:
    """Find actors, and issues, that would be shown alike: with and without "the", in capitals or not."""
    labels = data.get("labels")
    if not isinstance(labels, dict):
        return
    for together in (names.actors, names.issues):
        holders: dict[str, str] = {}
        for name in together:
            words = labels.get(name)
            shown = words if isinstance(words, str) else derive_label(name)
            other = holders.setdefault(shown.casefold().removeprefix(ARTICLE), name)
            if other != name:
                message = f"{shown!r} would stand for both {other} and {name}: give each another label"
                yield Finding(("labels", name if isinstance(words, str) else other), message)
