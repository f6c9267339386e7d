"""Parameter controls for a scenario: grouped as people think of its parts, each with its words and limits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import floor, isclose, log10

from sim.explore.state.page_settings import Setting, as_in_file
from sim.output.words.numbers_and_names import caption
from sim.output.words.parameter_labels import at_beginning, label, label_varied
from sim.output.words.parameter_sources import Claims, reasons, shown
from sim.scenario.model.key_tree import MUTUAL
from sim.scenario.model.parameter_kinds import Choice, Number, Whole
from sim.scenario.model.parameters import Parameter, expand, parameters
from sim.scenario.model.schema import Scenario

STEPS = 100
"""Steps that a slider has at least, from end to end."""

USUAL = {
    "rounds": 156,
    "sharpness": 200,
    "betrayal_loss": 0.5,
    "precondition": 0.3,
    "devaluation": 0.2,
    "contact_aversion": 5,
    "impatience": 1,
    "war_cost": 0.01,
    "concession": 4,
    "pace": 156,
    "deadline": 156,
    "overtaken": 0.05,
    "misjudgement": 0.3,
    "implementation.violations": 1,
    "implementation.monitoring": 0.1,
    "rapport": 0.5,
    "leverage": 0.3,
    "leverage_decay": 0.5,
    "stake": 2,
    "salience": 2,
    "drift": 0.005,
    "volatility": 0.02,
    "rate": 0.2,
    "periods": 520,
    "penalty": 0.5,
    "mediator.impatience": 0.1,
}
"""How far a slider goes at least, by path or one of its keys, where what is allowed goes much further."""

ALLOWED = 1.0
"""Sliders of parameters that may be no more than this go all the way, unless USUAL says otherwise."""

FURTHER = 2.0
"""A slider goes to so many times what the file has."""


@dataclass(frozen=True)
class Control:
    """Control for one or several parameters: a slider or a choice.

    `name` stands in its group, `full` in sentences and `title` in lists where no group is near; `file` is what the file
    says, `meaning` and `sources` are one click away. `words` are those to choose from; for numbers `low` to `high` by
    `step` is the slider, and `bounds` the phrase for what is allowed at all. `paths` are several for a control that
    moves several parameters.
    """

    path: str
    paths: tuple[str, ...]
    name: str
    full: str
    title: str
    file: Setting
    file_text: str
    given: bool
    meaning: str
    sources: tuple[str, ...]
    bounds: str
    unit: str = ""
    words: tuple[str, ...] = ()
    whole: bool = False
    low: float = 0.0
    high: float = 1.0
    step: float = 0.01


@dataclass(frozen=True)
class Group:
    """Group of parameter controls; `note` says what there is to know of an empty or unusual group."""

    key: str
    title: str
    controls: tuple[Control, ...]
    note: str = ""


def groups(base: Scenario, claims: Claims) -> list[Group]:
    """Return all parameter controls of a scenario, in groups."""
    known = parameters(base)
    sorted_in: dict[str, list[Control]] = {}
    pointless = {"mediator.stake"} if base.mediator is not None and not base.mediator.aims else set()
    for path, parameter in known.items():
        if path in pointless:  # a stake in nothing is refused
            continue
        sorted_in.setdefault(_key(path), []).append(_control(base, path, [parameter], claims))
    between = [known[path] for path in expand(base, MUTUAL)]
    mutual = _control(base, MUTUAL, between, claims)
    found = [Group("distrust", "Distrust", (mutual, *_ordered(sorted_in.pop("distrust"))))]
    found += [
        Group(key, caption(name, base), _ordered(sorted_in[key])) for name in base.parties if (key := f"parties.{name}")
    ]
    if base.mediator is not None:
        title = f"The mediator: {caption(base.mediator.name, base)}"
        found.append(Group("mediator", title, _ordered(sorted_in.pop("mediator"))))
    guarantees = _ordered(sorted_in.pop("guarantees"))
    none = (
        ""
        if base.guarantors
        else "Nobody stands surety in this scenario, so a penalty does nothing; a scenario file may name guarantors."
    )
    found.append(Group("guarantees", "Guarantees, and after the signature", guarantees, none))
    rest = {"world": "The war during the talks", "talks": "The talks", "events": "Scheduled events"}
    found += [Group(key, title, _ordered(sorted_in[key])) for key, title in rest.items() if key in sorted_in]
    return found


def curves(found: Iterable[Group]) -> dict[str, Control]:
    """Return the parameter controls along which a curve can be drawn, by path.

    Those of numbers that may lie anywhere.
    """
    return {each.path: each for group in found for each in group.controls if not (each.words or each.whole)}


def _key(path: str) -> str:
    """Return the group that a parameter belongs to."""
    first, _, rest = path.partition(".")
    match first:
        case "parties":
            return f"parties.{rest.partition('.')[0]}"
        case "distrust" | "mediator" | "events":
            return first
        case "guarantors" | "implementation":
            return "guarantees"
        case "battlefield" | "incidents" | "overtaken":
            return "world"
    return "talks"


def _ordered(controls: Iterable[Control]) -> tuple[Control, ...]:
    """Return what the file gives before the defaults, tastes (one for each issue) after everything else."""
    return tuple(
        sorted(controls, key=lambda each: (not each.given, ".aims." in each.path or ".salience." in each.path))
    )


def _control(base: Scenario, path: str, alike: list[Parameter], claims: Claims) -> Control:
    """Return the control of some parameters, most often of one."""
    first = alike[0]
    same = len({(as_in_file(each), shown(each), each.claim, each.assumption) for each in alike}) == 1
    file = as_in_file(first) if same else _around(alike)
    told = shown(first) if same else "not the same everywhere"
    each_told = (
        [] if same else [f"{at_beginning(label(each.path, base), each.path, base)}: {shown(each)}." for each in alike]
    )
    kind = first.kind
    low, high, step = _reach(path, alike) if isinstance(kind, Number | Whole) else (0.0, 1.0, 0.01)
    return Control(
        path=path,
        paths=tuple(each.path for each in alike),
        name="Mutual distrust" if path == MUTUAL else _name(path, base),
        full=label_varied(path, base),
        title=at_beginning(label_varied(path, base), path, base),
        file=file,
        file_text=told,
        given=any(each.given for each in alike),
        meaning=_plain(first.meaning),
        sources=(*each_told, *dict.fromkeys(reason for each in alike for reason in reasons(each, claims))),
        bounds=first.bounds,
        unit=first.unit,
        words=kind.words if isinstance(kind, Choice) else (),
        whole=isinstance(kind, Whole),
        low=low,
        high=high,
        step=step,
    )


def _name(path: str, base: Scenario) -> str:
    """Return what a parameter is called in its group."""
    return at_beginning(label(path, base), path, base)


def _plain(meaning: str) -> str:
    """Return a meaning without the model's symbol at its end."""
    head, bracket, _ = meaning.rpartition(" [")
    return f"{head}." if bracket else meaning


def _around(alike: Iterable[Parameter]) -> Setting:
    """Return the range that holds what the file says of several parameters."""
    ends = [end for each in alike for end in _ends(as_in_file(each))]
    return (min(ends), max(ends)) if ends else 0.0


def _ends(setting: Setting) -> tuple[float, ...]:
    match setting:
        case (low, high):
            return low, high
        case int() | float():
            return (float(setting),)
    return ()


def _reach(path: str, alike: list[Parameter]) -> tuple[float, float, float]:
    """Return the ends of a slider and its step: within what is allowed, and beyond what the file has."""
    kind = alike[0].kind
    assert isinstance(kind, Number | Whole)
    ends = [end for each in alike for end in _ends(as_in_file(each))]
    usual = next((USUAL[key] for key in (path, *reversed(path.split("."))) if key in USUAL), None)
    if usual is None and kind.high <= ALLOWED:
        low, high = float(kind.low), float(kind.high)
    else:
        wanted = max(usual or ALLOWED, FURTHER * max((abs(end) for end in ends), default=0.0))
        high = min(float(kind.high), _round_up(wanted))
        low = max(float(kind.low), -high)
    step = 1.0 if isinstance(kind, Whole) else _step(high - low)
    if getattr(kind, "positive", False) and low == kind.low:
        low = step
    return low, high, step


def _round_up(value: float) -> float:
    """Return the next number of one digit (1, 2, 3, 4, 5, 6, 8) times a power of ten; whole hundreds stay."""
    unit = 10.0 ** floor(log10(value))
    digit = next(
        (digit for digit in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if value / unit <= digit or isclose(value / unit, digit)), 10
    )
    return value if float(value).is_integer() and value >= STEPS else float(f"{digit * unit:.6g}")


def _step(span: float) -> float:
    """Return a step of 1, 2 or 5 times a power of ten, so that there are at least STEPS of them."""
    wanted = span / STEPS * (1 + 1e-9)
    unit = 10.0 ** floor(log10(wanted))
    return float(f"{next(digit for digit in (5, 2, 1) if digit * unit <= wanted) * unit:.6g}")


def standing(control: Control, changes: Mapping[str, Setting], known: Mapping[str, Parameter]) -> Setting:
    """Return the value at which a parameter control stands.

    Of several parameters that differ, the range that holds them all.
    """
    found = [changes[path] if path in changes else as_in_file(known[path]) for path in control.paths]
    if len(set(found)) == 1:
        return found[0]
    ends = [end for setting in found for end in _ends(setting)]
    return (min(ends), max(ends)) if ends else found[0]


def changed(control: Control, changes: Mapping[str, Setting]) -> bool:
    """Return whether a parameter control stands where the file does not."""
    return any(path in changes for path in control.paths)
