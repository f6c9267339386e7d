"""Plain scenario data at a path: values put or removed there, and the paths that a pattern names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sim.scenario.errors import clip, suggest
from sim.scenario.model.key_tree import MUTUAL, Loc, Names, covered, is_number, layout, matches, to_loc
from sim.scenario.model.plain_parts import mapping, part, sequence
from sim.scenario.reading.source_positions import Places

LEVERAGE = ("mediator", "leverage")


def locs(data: Mapping[str, Any], pattern: str) -> list[Loc]:
    """Return the locations in plain data of the parameters that a path pattern names."""
    if pattern == ".".join(LEVERAGE) and Names.of(data).mediator is not None:
        return [LEVERAGE]
    found = settable(data, pattern)
    if not found and pattern.startswith("guarantors.") and pattern.count(".") == 1 and "*" not in pattern:
        found = [pattern]
    return [to_loc(path) for path in found]


def settable(data: Mapping[str, Any], pattern: str) -> list[str]:
    """Return the paths in plain data that a pattern names and that can be given a value."""
    found = list(covered(pattern, Names.of(data)))
    of_events = pattern.startswith(("events.", "*."))
    return (
        [*found, *(path for path in _event_paths(data) if path == pattern or matches(path, pattern))]
        if of_events
        else found
    )


def refusal(data: Mapping[str, Any], pattern: str, typed: bool) -> str:
    """Return why a pattern names no path in the data, and the parameter that may have been meant.

    `typed`: the pattern was given on a command line.
    """
    if pattern == "mediator":
        return "can only be null, for no mediator"
    if pattern in ("runs", "seed"):
        return (
            f"has an option of its own: --{pattern}" if typed else f"is no parameter: give {pattern}= to run or sweep"
        )
    if pattern.startswith("mediator.") and Names.of(data).mediator is None:
        return "there is no mediator"
    return f"no parameter {clip(pattern)!r}: {suggest(pattern, (*layout(Names.of(data)), *_event_paths(data), MUTUAL))}"


def _event_paths(data: Mapping[str, Any]) -> Iterator[str]:
    """Yield the paths of the numbers and words that events give."""
    for number, event in enumerate(sequence(data.get("events"))):
        if isinstance(part(event, "signal"), dict):
            yield f"events.{number}.signal.likelihood"
        if isinstance(part(event, "incident"), dict):
            yield f"events.{number}.incident.severity"
        yield from (f"events.{number}.set.{path}" for path in mapping(part(event, "set")))


def put(data: Any, loc: Loc, value: object) -> None:
    """Put a value into plain data at a path, making the mappings on the way.

    Anything else in the way stays.
    """
    *way, last = loc
    for key in way:
        if isinstance(data, list | tuple) and isinstance(key, int):
            data = data[key]
        elif isinstance(data, dict):
            data = data.setdefault(key, {})
    if isinstance(data, dict):
        data[last] = value


def spread_leverage(data: dict[str, Any], places: Places) -> dict[str, Any]:
    """Return data with the one number at the path `mediator.leverage` given to each party; a range stays one draw."""
    mediator = mapping(data.get("mediator"))
    if "leverage" not in mediator or not is_number(mediator["leverage"]):
        return data
    parties = Names.of(data).parties
    for party in parties:
        places.derive((*LEVERAGE, party), LEVERAGE)
    number = one_draw(mediator["leverage"], ".".join(LEVERAGE))
    return {**data, "mediator": {**mediator, "leverage": dict.fromkeys(parties, number)}}


def one_draw(number: object, label: str) -> object:
    """Return plain data of a number that, if it is a range, is drawn once for every path that it is given to."""
    return {"shared": label, **number} if isinstance(number, dict) and "value" not in number else number


def remove_mediator(
    data: dict[str, Any], places: Places, guarantors: tuple[str, ...] = (), replaced: bool = False
) -> None:
    """Remove the data at all paths about the mediator: its distrust, distrust of it, and events about it.

    Distrust of a mediator that is also a guarantor (here or among `guarantors`) stays: there is one
    distrust, not two. Where another mediator takes over (`replaced`), events about its tools stay as well.
    """
    names = Names.of(data)
    if names.mediator is None:
        return
    mediator, stays = names.mediator, names.mediator in (*names.guarantors, *guarantors)
    rows = mapping(data.get("distrust"))
    rows.pop(mediator, None)
    for row in rows.values():
        if not stays:
            mapping(row).pop(mediator, None)

    def concerned(path: str) -> bool:
        keys = path.split(".")
        of_or_by = keys[0] == "distrust" and (keys[1:2] == [mediator] or (keys[-1] == mediator and not stays))
        return of_or_by or (keys[0] == "mediator" and not replaced)

    keep_events(data, places, lambda event: drop_values(event, concerned))


def keep_events(data: dict[str, Any], places: Places, outlives: Callable[[Any], bool]) -> None:
    """Remove from plain data, at the path `events`, those that do not outlive a change."""
    events = sequence(data.get("events"))
    if events:
        kept = [number for number, event in enumerate(events) if outlives(event)]
        data["events"] = [events[number] for number in kept]
        places.reindex(("events",), kept)


def drop_values(event: object, gone: Callable[[str], bool]) -> bool:
    """Remove from an event's data the values at paths that are gone; return whether anything is left of the event."""
    values = mapping(part(event, "set"))
    dropped = [path for path in values if gone(str(path))]
    for path in dropped:
        del values[path]
    return bool(values) or not dropped


def drop_labels(data: dict[str, Any], before: Names, kept: object = ()) -> None:
    """Remove from plain data, at the path `labels`, the labels of names that are gone, such as a mediator's.

    These are names that were there `before`; labels of those in `kept` stay.
    """
    labels = data.get("labels")
    if isinstance(labels, dict):
        gone = {*before.every} - {*Names.of(data).every, *mapping(kept)}
        data["labels"] = {name: words for name, words in labels.items() if name not in gone}
