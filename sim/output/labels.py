"""Parameters in words: what a path is called, and under which heading it belongs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sim.output.words import actor, issue, mention
from sim.scenario.schema import Scenario
from sim.study.design import Point, Value

NAMES = {
    "rounds": "horizon of the talks",
    "loss": "loss of utility with distance",
    "sharpness": "sharpness of decisions",
    "rapport": "rapport from meeting",
    "reservation": "value of no settlement",
    "betrayal_loss": "loss if betrayed",
    "concession": "pace of concessions",
    "precondition": "precondition",
    "devaluation": "devaluation of distrusted authors",
    "contact_aversion": "aversion to contact",
    "trust_gain": "trust gained by cooperation",
    "trust_loss": "trust lost by hostility",
    "impatience": "impatience",
    "war_cost": "cost of war",
    "front": "what the battlefield does",
    "reliability": "reliability",
    "style": "style",
    "shuttle": "channel for those who will not meet",
    "convening": "power to convene",
    "leverage_decay": "decay of leverage",
    "stake": "own stake",
    "drift": "drift of the battlefield",
    "volatility": "volatility of the battlefield",
    "severity": "severity of hostile acts",
    "periods": "follow-up after signing",
    "penalty": "penalty for a breach",
}
"""Parameters that have one number each, by the last key of their paths."""

TALKS = "The talks"
PARTIES = "The parties"
DISTRUST = "Distrust"
WORLD = "The war beside the talks"
AFTER = "After the signature"


def label(path: str, scenario: Scenario) -> str:
    """What a parameter is called within its heading, such as ``weight of territory``."""
    match path.split("."):
        case ["parties" | "mediator", *_, "aims", name]:
            return f"aim on {issue(name)}"
        case ["parties" | "mediator", *_, "salience", name]:
            return f"weight of {issue(name)}"
        case ["distrust", holder, other]:
            return f"{actor(holder)} towards {actor(other)}"
        case ["mediator", "bias", party]:
            return f"bias towards {actor(party)}"
        case ["mediator", "leverage", party]:
            return f"leverage on {actor(party)}"
        case ["guarantors", name]:
            return f"guarantee by {actor(name)}"
        case ["incidents", "rate", party]:
            return f"hostile acts by {actor(party)}"
        case ["events", number, *rest]:
            return _event(scenario, int(number), rest)
        case [*_, last]:
            return NAMES.get(last, last.replace("_", " "))
    return path


def varied(path: str, scenario: Scenario) -> str:
    """What a path that is varied, perhaps a pattern, is called where no heading stands above it."""
    match path.split("."):
        case ["distrust"]:
            return "mutual distrust"
        case ["distrust", "*", "*"]:
            return "everybody's distrust of everybody"
        case ["distrust", "*", other]:
            return f"distrust of {mention(other)}"
        case ["distrust", holder, "*"]:
            return f"{actor(holder)}'s distrust of all others"
        case ["distrust", holder, other]:
            return f"{actor(holder)}'s distrust of {mention(other)}"
        case ["parties", "*", *_]:
            return f"{label(path, scenario)} (all parties)"
        case ["parties", party, *_]:
            return f"{actor(party)}'s {label(path, scenario)}"
        case ["mediator", "leverage"] | ["mediator", "leverage", "*"]:
            return "the mediator's leverage"
        case ["mediator", "bias", "*"]:
            return "the mediator's bias towards all"
        case ["mediator", *_]:
            return f"the mediator's {label(path, scenario)}"
        case ["guarantors", "*"]:
            return "every guarantee"
    return label(path, scenario)


def factor_name(paths: Sequence[str], scenario: Scenario) -> str:
    """What a range is called that one path leads to, or that several paths are drawn from together."""
    return varied(paths[0], scenario) if len(paths) == 1 else f"{label(paths[0], scenario)} ({len(paths)} together)"


def value_label(value: Value, digits: int | None = None) -> str:
    """A value of a varied parameter, with a fixed number of decimals if asked for; None is no mediator at all."""
    if value is None:
        return "no mediator"
    if isinstance(value, str):
        return value
    return f"{value:g}" if digits is None else f"{value:.{digits}f}"


def point_label(point: Point, scenario: Scenario) -> str:
    """What a design point assigns, such as ``mutual distrust 0.25, the mediator's style formulation``."""
    return ", ".join(f"{varied(path, scenario)} {value_label(value)}" for path, value in point.items())


def decimals(values: Iterable[Value]) -> int:
    """How many decimals, at most three, tell numbers apart."""
    numbers = [value for value in values if isinstance(value, int | float)]
    return next((digits for digits in range(3) if all(round(n, digits) == n for n in numbers)), 3)


def heading(path: str, scenario: Scenario) -> str:
    """The heading under which a parameter belongs."""
    match path.partition(".")[0]:
        case "parties":
            return PARTIES
        case "distrust":
            return DISTRUST
        case "mediator":
            return f"The mediator: {actor(scenario.mediator.name)}" if scenario.mediator else "The mediator"
        case "guarantors":
            return "Guarantors"
        case "battlefield" | "incidents":
            return WORLD
        case "events":
            return "What is to happen"
        case "implementation":
            return AFTER
    return TALKS


def holder(path: str) -> str:
    """The party that a parameter of a party belongs to; empty for all other parameters."""
    keys = path.split(".")
    return keys[1] if keys[0] == "parties" else ""


def pattern(path: str, scenario: Scenario) -> str:
    """The path with ``*`` for each party in it: paths of one pattern say the same of different parties."""
    return ".".join("*" if key in scenario.parties else key for key in path.split("."))


def _event(scenario: Scenario, number: int, keys: list[str]) -> str:
    """What a parameter of an event is called."""
    event = scenario.events[number]
    when = f"week {int(event.round)}:"
    if event.signal is not None:
        return f"{when} reassuring signal by {actor(event.signal.by)}"
    if event.incident is not None:
        return f"{when} hostile act by {actor(event.incident.by)}"
    path = ".".join(keys[1:])
    return f"{when} {label(path, scenario)}"
