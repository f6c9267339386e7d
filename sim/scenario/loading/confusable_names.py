"""Confusable names: distinct names that other programs take for one, each with both positions."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.model.key_tree import Loc, Names
from sim.scenario.model.name_rules import LONGEST, fold
from sim.scenario.reading.source_positions import Finding, Places, Spot


def confusable(names: Names, places: Places) -> Iterator[Finding]:
    """Yield the problems of confusable names: issues, or actors, that some program takes for one another.

    Actors are parties, guarantors and the mediator. DuckDB ignores the case of column names, for instance. A mediator
    may be a guarantor under the same name.
    """
    names = names.within(LONGEST)
    mediator = [] if names.mediator is None else [(("mediator", "name"), names.mediator)]
    parties = [(("parties", name), name) for name in names.parties]
    guarantors = [(("guarantors", name), name) for name in names.guarantors]
    yield from _confused([(("issues", name), name) for name in names.issues], places)
    yield from _confused([*parties, *mediator, *guarantors], places)


_CONSEQUENCE = "programs that read the tables take the two for one name"


def _confused(group: list[tuple[tuple[str, str], str]], places: Places) -> Iterator[Finding]:
    """Find the names of a group that are unlike but fold alike, each with the place of the first."""
    first: dict[str, tuple[str, Spot]] = {}
    spots = {loc: places.spot(loc, on_key=_on_key(loc)) for loc, _ in group}
    order = places.reading_order()
    for loc, name in sorted(group, key=lambda item: order(spots[item[0]])):
        other, spot = first.setdefault(fold(name), (name, spots[loc]))
        if other != name:
            where = _first(spot, spots[loc])
            message = f"differs from {other!r}{where} only by {_difference(name, other)}: {_CONSEQUENCE}"
            yield Finding(loc, message, on_key=_on_key(loc))


def _on_key(loc: Loc) -> bool:
    return loc[0] != "mediator"


def _first(spot: Spot, here: Spot) -> str:
    """Return where the first of two names stands, in brackets; nothing where both come from no file."""
    if spot.line is None:
        return f" (first in {spot.file})" if spot.file and spot.file != here.file else ""
    return f" (first in line {spot.line}{f' of {spot.file}' if spot.file != here.file else ''})"


def _difference(one: str, other: str) -> str:
    """Return in what two names differ that fold alike."""
    if one.casefold() == other.casefold():
        return "case"
    if one.replace("-", "_") == other.replace("-", "_"):
        return "- against _"
    return "case or form of letters"
