"""Events: whom they are about, when they happen, and what they set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from operator import itemgetter
from typing import Any

from pydantic import ValidationError

from sim.scenario.checks import highest, part
from sim.scenario.editing import one_draw
from sim.scenario.errors import one_of, suggest
from sim.scenario.messages import findings
from sim.scenario.places import Finding, Places
from sim.scenario.quantities import Quantity
from sim.scenario.schema import Scenario
from sim.scenario.shape import UNSETTABLE, Leaf, Loc, Names, layout, select

KINDS = ("signal", "incident", "set")


def read_events(data: Mapping[str, Any], names: Names, places: Places) -> tuple[list[Any] | None, list[Finding]]:
    """Return the events with the paths they set spelt out and their values read, and what is wrong with them.

    Events that are not a list of mappings are returned as they are (or None where there are none): the
    models complain.
    """
    events = data.get("events")
    if not isinstance(events, list | tuple):
        return None, []
    found: list[Finding] = []
    read = []
    for number, event in enumerate(events):
        if isinstance(event, dict):
            found += _circumstances(event, number, data, names)
            if isinstance(event.get("set"), dict):
                event = {**event, "set": _spell_out(data, number, names, places, found)}
        read.append(event)
    found += _weights_left(data, read, names)
    return read, found


def _circumstances(event: dict[str, Any], number: int, data: Mapping[str, Any], names: Names) -> Iterator[Finding]:
    """Find events of no kind or two, after the end, or by nobody."""
    loc = ("events", number)
    kinds = [kind for kind in KINDS if event.get(kind) not in (None, {})]
    if len(kinds) != 1:
        message = f"must have exactly one of {one_of(KINDS)}, not {' and '.join(kinds) or 'none'}"
        yield Finding(loc, message, on_key=True)
    when, last = (
        _whole(event.get("round")),
        _whole(data.get("rounds", Scenario.model_fields["rounds"].default)),
    )
    if when is not None and last is not None and when > last:
        yield Finding((*loc, "round"), f"must be a round of this negotiation, 1 to {last}, not {when}")
    for kind in ("signal", "incident"):
        actor = part(event, kind, "by")
        if isinstance(actor, str) and names.parties and actor not in names.parties:
            yield Finding((*loc, kind, "by"), f"unknown party {actor!r}: {suggest(actor, names.parties)}")


def _spell_out(
    data: Mapping[str, Any], number: int, names: Names, places: Places, found: list[Finding]
) -> dict[str, Any]:
    """Return a value for each parameter that the patterns of a `set` name, read by the parameter's kind."""
    known = _changeable(data, names)
    spelt: dict[str, Any] = {}
    for pattern, value in data["events"][number]["set"].items():
        loc: Loc = ("events", number, "set", pattern)
        paths = select(str(pattern), known, names)
        refusal = _refusal(str(pattern), paths, tuple(known), spelt)
        if refusal:
            found.append(Finding(loc, refusal, on_key=True))
            continue
        if pattern == "mediator.leverage":
            value = one_draw(value, f"events.{number}.set.{pattern}")
        for path in paths:
            target: Loc = (*loc[:-1], path)
            if path != pattern:
                places.derive(target, loc)
            try:
                spelt[path] = known[path].adapter.validate_python(value)
            except ValidationError as error:
                found.extend(findings(error, target))
    return spelt


def _changeable(data: Mapping[str, Any], names: Names) -> dict[str, Leaf]:
    """Return the parameters that there are: a mediator without preferences has none to change."""
    lacking = tuple(f"mediator.{key}." for key in ("aims", "salience") if not part(data, "mediator", key))
    return {path: leaf for path, leaf in layout(names).items() if not path.startswith(lacking)}


def _refusal(pattern: str, paths: list[str], known: tuple[str, ...], spelt: dict[str, Any]) -> str | None:
    """Return why an event cannot set what a pattern names, or None if it can."""
    settable = [path for path in known if path not in UNSETTABLE]
    if not paths and pattern.startswith("mediator.") and not any(path.startswith("mediator.") for path in known):
        return "there is no mediator"
    if not paths:
        return f"no parameter {pattern!r}: {suggest(pattern, settable)}"
    fixed = [path for path in paths if path in UNSETTABLE]
    if fixed:
        return f"{fixed[0]} cannot change while the negotiation runs"
    twice = [path for path in paths if path in spelt]
    return f"{twice[0]} is set twice in one event" if twice else None


def _weights_left(data: Mapping[str, Any], events: list[Any], names: Names) -> Iterator[Finding]:
    """Find events after which no issue matters to somebody."""
    for holder in (*(f"parties.{party}" for party in names.parties), "mediator"):
        weights = part(data, *holder.split("."), "salience")
        if not isinstance(weights, dict) or not weights:
            continue
        left = {issue: highest(("mediator", "salience", issue), weights.get(issue)) for issue in names.issues}
        timed = [(_whole(part(event, "round")), number, event) for number, event in enumerate(events)]
        for _, number, event in sorted((item for item in timed if item[0] is not None), key=itemgetter(0, 1)):
            changed = {
                issue: value.high
                for issue in names.issues
                if isinstance(value := part(event, "set", f"{holder}.salience.{issue}"), Quantity)
            }
            left |= changed
            if changed and all(weight == 0 for weight in left.values()):
                path = f"{holder}.salience.{next(iter(changed))}"
                yield Finding(
                    ("events", number, "set", path),
                    "leaves weights that sum to 0: at least one issue must matter",
                )


def _whole(value: object) -> int | None:
    """Return a whole number without its provenance, or None if it is none."""
    bare = value.get("value") if isinstance(value, dict) else value
    if isinstance(bare, float) and bare.is_integer():
        return int(bare)
    return bare if isinstance(bare, int) and not isinstance(bare, bool) else None
