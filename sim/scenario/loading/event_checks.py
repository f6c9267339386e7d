"""Event checks: whom the events of a scenario are about, when they happen, and what they set."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from operator import itemgetter
from typing import Any

from pydantic import ValidationError

from sim.scenario.editing.data_paths import one_draw
from sim.scenario.errors import clip, one_of, suggest
from sim.scenario.loading.consistency_checks import highest
from sim.scenario.model.key_tree import Leaf, Loc, Names, covered, is_settable, layout
from sim.scenario.model.plain_parts import mapping, part
from sim.scenario.model.quantities import Quantity
from sim.scenario.reading.source_positions import Finding, Places
from sim.scenario.reading.validation_messages import findings

KINDS = ("signal", "incident", "set")

MOST_SET = 20_000
"""Values that all events together can set, each pattern counted as the parameters that it names."""


def read_events(data: Mapping[str, Any], names: Names, places: Places) -> tuple[list[Any] | None, list[Finding]]:
    """Check the events of a scenario; return them with paths spelt out and values read, and their problems.

    Events that are not a list of mappings are returned as they are (or None where there are none): the
    models complain.
    """
    events = data.get("events")
    if not isinstance(events, list | tuple):
        return None, []
    found: list[Finding] = []
    read = []
    room = MOST_SET
    for number, event in enumerate(events):
        if isinstance(event, dict):
            found += _circumstances(event, number, data, names)
            if isinstance(event.get("set"), dict):
                values = _spell_out(data, number, names, places, found, room)
                event = {**event, "set": values}
                room -= len(values)
        read.append(event)
    found += _weights_left(data, read, names)
    return read, found


def _circumstances(event: dict[str, Any], number: int, data: Mapping[str, Any], names: Names) -> Iterator[Finding]:
    """Find events of no kind or two, or by nobody."""
    loc = ("events", number)
    kinds = [kind for kind in KINDS if event.get(kind) not in (None, {})]
    if len(kinds) != 1:
        message = f"must have exactly one of {one_of(KINDS)}, not {' and '.join(kinds) or 'none'}"
        yield Finding(loc, message, on_key=True)
    for kind in ("signal", "incident"):
        actor = part(event, kind, "by")
        if isinstance(actor, str) and names.parties and actor not in names.parties:
            yield Finding((*loc, kind, "by"), partial(_stranger, actor, names))


def _stranger(actor: str, names: Names) -> str:
    return f"unknown party {clip(actor)!r}: {suggest(actor, names.parties)}"


def _spell_out(
    data: Mapping[str, Any], number: int, names: Names, places: Places, found: list[Finding], room: int
) -> dict[str, Any]:
    """Return a value for each parameter that the patterns of a `set` name, read by the parameter's kind.

    At most `room` of them are spelt out.
    """
    spelt: dict[str, Any] = {}
    for pattern, value in data["events"][number]["set"].items():
        loc: Loc = ("events", number, "set", pattern)
        known = _changeable(str(pattern), data, names)
        paths = list(known)
        refusal = _refusal(str(pattern), paths, data, names, spelt)
        if len(spelt) + len(paths) > room:
            refusal = f"goes beyond the {MOST_SET:,} values that all events together can set"
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


def _changeable(pattern: str, data: Mapping[str, Any], names: Names) -> dict[str, Leaf]:
    """Return the parameters that a pattern names: a mediator without preferences has none to change."""
    lacking = _lacking(data)
    return {path: leaf for path, leaf in covered(pattern, names).items() if not path.startswith(lacking)}


def _lacking(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Return how the paths of the preferences begin that a mediator does not have."""
    return tuple(f"mediator.{key}." for key in ("aims", "salience") if not part(data, "mediator", key))


def _unknown(pattern: str, data: Mapping[str, Any], names: Names) -> str:
    lacking = _lacking(data)
    settable = (path for path in layout(names) if is_settable(path) and not path.startswith(lacking))
    return f"no parameter {clip(pattern)!r}: {suggest(pattern, settable)}"


def _refusal(
    pattern: str, paths: list[str], data: Mapping[str, Any], names: Names, spelt: dict[str, Any]
) -> str | Callable[[], str] | None:
    """Return why an event cannot set what a pattern names, or None if it can."""
    if not paths and pattern.startswith("mediator.") and names.mediator is None:
        return "there is no mediator"
    if not paths:
        return partial(_unknown, pattern, data, names)
    fixed = [path for path in paths if not is_settable(path)]
    if fixed:
        return f"{fixed[0]} cannot change while the negotiation runs"
    twice = [path for path in paths if path in spelt]
    return f"{twice[0]} is set twice in one event" if twice else None


def _weights_left(data: Mapping[str, Any], events: list[Any], names: Names) -> Iterator[Finding]:
    """Find events after which no issue matters to somebody."""
    left: dict[str, dict[str, float]] = {}
    timed = [(_whole(part(event, "round")), number, event) for number, event in enumerate(events)]
    for _, number, event in sorted((item for item in timed if item[0] is not None), key=itemgetter(0, 1)):
        for holder, changed in _weights_set(event).items():
            if holder not in left:
                weights = mapping(part(data, *holder.split("."), "salience"))
                left[holder] = {
                    each: highest(("mediator", "salience", each), weights.get(each)) for each in names.issues
                }
            left[holder] |= changed
            if all(weight == 0 for weight in left[holder].values()):
                path = f"{holder}.salience.{next(iter(changed))}"
                yield Finding(
                    ("events", number, "set", path),
                    "leaves weights that sum to 0: at least one issue must matter",
                )


def _weights_set(event: object) -> dict[str, dict[str, float]]:
    """Return the highest weights that an event sets, by holder (`parties.x`, `mediator`) and issue."""
    found: dict[str, dict[str, float]] = {}
    for path, value in mapping(part(event, "set")).items():
        holder, salience, issue = str(path).rpartition(".salience.")
        if salience and isinstance(value, Quantity):
            found.setdefault(holder, {})[issue] = value.high
    return found


def _whole(value: object) -> int | None:
    """Return a whole number without its provenance, or None if it is none."""
    bare = value.get("value") if isinstance(value, dict) else value
    if isinstance(bare, float) and bare.is_integer():
        return int(bare)
    return bare if isinstance(bare, int) and not isinstance(bare, bool) else None
