"""Messages about idle parameters that a scenario gives or a design varies, each reason once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sim.scenario.advice.idle_parameters import Idle, idle_events, idle_parameters
from sim.scenario.advice.possible_values import Possible
from sim.scenario.model.parameters import Parameter, parameters
from sim.scenario.model.schema import Scenario

_NEUTRAL = {"concession": 1.0, "reliability": 1.0, "shuttle": 1.0, "severity": 1.0}
"""Defaults that are not 0, by the last key of their paths."""

_DEMANDED = ("betrayal_loss", "salience")
"""Keys of parties that every file must give, wanted or not."""

_FAMILIES = ("mediator.bias", "mediator.leverage", "mediator.aims", "mediator.salience", "incidents.rate")


def idle_lines(world: Possible, cases: Sequence[Scenario]) -> list[str]:
    """Return the messages about idle parameters: a line for each reason why a given or varied one has no effect."""
    lines: dict[str, list[str]] = {}
    if world.mediator and not world.mediates:
        lines[_useless(world)] = ["mediator"]
    for idle in _brought_up(world, cases):
        lines.setdefault(idle.why, []).append(idle.path)
    events = (f"{idle.path}: {idle.why}" for idle in idle_events(world))
    return [*(_line(list(_in_short(paths, world)), why) for why, paths in lines.items()), *events]


def _line(names: Sequence[str], why: str) -> str:
    """A message on one or several parameters; `why` is said of one."""
    if len(names) > 1 and why.startswith("has "):
        why = f"have {why.removeprefix('has ')}"
    return f"{', '.join(names)}: {why}"


def weak_tools(world: Possible) -> Iterator[str]:
    """Yield messages about tools whose parameters are not idle, but lack the effect that their name promises."""
    if "manipulation" in world.styles and not world.pressed:
        yield "mediator.style: manipulation without leverage does no more than formulation"
    learning = any(world.used(f"{world.prefix(name)}.trust_gain") for name in world.learners)
    if world.used("mediator.convening") and not world.all_meet and not (world.used("rapport") and learning):
        why = "rapport is 0" if not world.used("rapport") else "trust_gain is 0"
        yield f"mediator.convening: can only add weeks of talks: meeting face to face builds no trust ({why})"
    if world.used("guarantors") and not world.used("implementation.penalty"):
        why = "at 0 a guarantee makes no breach costly: it only admits thinner deals"
        yield f"implementation.penalty: {why}"
    elif world.used("guarantors") and not any(world.breaks(party) for party in world.parties):
        yield "implementation.penalty: deters nobody: nothing makes a party break a settlement that was worth signing"


def _useless(world: Possible) -> str:
    """Why a mediator has no effect at all."""
    meet = "all parties meet without it" if world.all_meet else "it neither convenes nor carries messages"
    return f"changes no outcome: {meet}, it tables no text and guarantees nothing"


def _brought_up(world: Possible, cases: Sequence[Scenario]) -> Iterator[Idle]:
    """Yield the idle parameters that a scenario gives without need, or that differ between design points."""
    known = [parameters(case) for case in cases]
    given = {path for found in known for path, parameter in found.items() if parameter.given}
    for idle in idle_parameters(world):
        path, keys = idle.path, idle.path.split(".")
        neutral = _NEUTRAL.get(keys[-1], 0.0)
        varied = len(cases) > 1 and any(_value(found, path) != _value(known[0], path) for found in known[1:])
        said = path in given and (world.low(path), world.high(path)) != (neutral, neutral)
        demanded = keys[0] == "parties" and keys[2] in _DEMANDED and world.low(path) == world.high(path)
        subsumed = not world.mediates and world.mediator in keys and idle.recorded
        if varied or (said and not demanded and not subsumed):
            yield idle


def _value(found: Mapping[str, Parameter], path: str) -> object:
    parameter = found.get(path)
    return None if parameter is None else (parameter.quantity and parameter.quantity.canonical(), parameter.value)


def _in_short(paths: Iterable[str], world: Possible) -> list[str]:
    """Return paths with those of all parties as one, and numbers per party or issue under the name of their group."""
    found = list(paths)
    short: dict[str, None] = {}
    for path in found:
        keys = path.split(".")
        family = ".".join(keys[:2])
        if family in _FAMILIES and all(each in found for each in world.used_below(family)):
            path = family
        else:
            path = next((all_ for place in (1, 2) if (all_ := _of_all(keys, place, found, world))), path)
        short[path] = None
    return list(short)


def _of_all(keys: list[str], place: int, found: list[str], world: Possible) -> str:
    """Return the pattern of a path that holds for every party at a place of it, if each of them was found."""
    if len(keys) <= place or keys[place] not in world.parties:
        return ""
    each = (".".join([*keys[:place], party, *keys[place + 1 :]]) for party in world.parties)
    return ".".join([*keys[:place], "*", *keys[place + 1 :]]) if all(path in found for path in each) else ""
