"""Parameter labels: what a path is called in words, and under which heading it belongs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sim.output.words.numbers_and_names import caption, join_items, mention, possessive
from sim.scenario.model.schema import Scenario
from sim.study.design.design_points import Axis, Point, Value

NAMES = {
    "rounds": "weeks of talks watched",
    "deadline": "deadline of the talks",
    "overtaken": "chance a week of being overtaken by events",
    "loss": "loss of utility with distance",
    "sharpness": "sharpness of decisions",
    "rapport": "rapport from meeting",
    "reservation": "value of no settlement",
    "betrayal_loss": "loss if betrayed",
    "concession": "tactic of concessions",
    "pace": "weeks to its least demand",
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
    "caucus": "confidence in private",
    "misjudgement": "misjudgement of what parties could sign",
    "stake": "own stake",
    "drift": "drift of the battlefield",
    "volatility": "volatility of the battlefield",
    "severity": "severity of hostile acts",
    "periods": "follow-up after signing",
    "penalty": "penalty for a breach",
    "violations": "violations of the peace",
    "monitoring": "monitoring of the peace",
}
"""Parameters that have one number each, by the last key of their paths."""

TALKS = "The talks"
PARTIES = "The parties"
DISTRUST = "Distrust"
WORLD = "The war during the talks"
AFTER = "After the signature"


def label(path: str, scenario: Scenario) -> str:
    """Return the label of a parameter within its heading, such as ``weight of territory``."""
    return "".join(parts(path, scenario))


def parts(path: str, scenario: Scenario) -> tuple[str, str]:
    """Return the label of a parameter in two: the words it shares with its kind, and whom or what it is about."""

    def about(name: str) -> str:
        return mention(name, scenario)

    match path.split("."):
        case ["parties" | "mediator", *_, "aims", name]:
            return "aim on ", about(name)
        case ["parties" | "mediator", *_, "salience", name]:
            return "weight of ", about(name)
        case ["distrust", holder, other]:
            return f"{caption(holder, scenario)} towards ", about(other)
        case ["mediator", "bias", party]:
            return "bias towards ", about(party)
        case ["mediator", "leverage", party]:
            return "leverage on ", about(party)
        case ["guarantors", name]:
            return "guarantee by ", about(name)
        case ["incidents", "rate", party]:
            return "hostile acts by ", about(party)
        case ["events", number, *rest]:
            return _event(scenario, int(number), rest)
        case ["implementation", "front"]:
            return "", "movement of the battlefield in peace"
        case [*_, last]:
            return "", NAMES.get(last, last.replace("_", " "))
    return "", path


def label_varied(path: str, scenario: Scenario) -> str:
    """Return the label of a varied parameter, perhaps a pattern, where no heading stands above it."""
    match path.split("."):
        case ["distrust"]:
            return "mutual distrust"
        case ["distrust", "*", "*"]:
            return "everybody's distrust of everybody"
        case ["distrust", "*", other]:
            return f"distrust of {mention(other, scenario)}"
        case ["distrust", holder, "*"]:
            return f"{_whose(holder, scenario)} distrust of all others"
        case ["distrust", holder, other]:
            return f"{_whose(holder, scenario)} distrust of {mention(other, scenario)}"
        case ["parties", "*", *_]:
            return f"{label(path, scenario)} (all parties)"
        case ["parties", party, *_]:
            return f"{_whose(party, scenario)} {label(path, scenario)}"
        case ["mediator", "leverage"] | ["mediator", "leverage", "*"]:
            return "the mediator's leverage"
        case ["mediator", "bias", "*"]:
            return "the mediator's bias towards all"
        case ["mediator", *_]:
            return f"the mediator's {label(path, scenario)}"
        case ["guarantors", "*"]:
            return "every guarantee"
        case ["guarantors", name]:
            only = len({*scenario.guarantors, name}) == 1
            return "strength of the guarantee" if only else f"strength of the guarantee by {mention(name, scenario)}"
    return label(path, scenario)


def varied_alike(path: str, scenario: Scenario) -> str:
    """Return the label of a pattern of parameters with ``*`` for a party, beside which the parties are named."""
    match path.split("."):
        case ["parties", *_]:
            return label(path, scenario)
        case ["distrust", *names]:
            return f"distrust of {mention(names[-1], scenario)}" if names[-1] != "*" else "distrust"
        case [*_, last, "*"]:
            return last
    return label_varied(path, scenario)


def factor_name(paths: Sequence[str], scenario: Scenario) -> str:
    """Return the label of a range to which one parameter leads, or from which several are drawn together."""
    return (
        label_varied(paths[0], scenario) if len(paths) == 1 else f"{label(paths[0], scenario)} ({len(paths)} together)"
    )


def value_label(value: Value, digits: int | None = None) -> str:
    """Return the label for a value of a varied parameter; None is no mediator at all.

    It has a fixed number of decimals if asked for.
    """
    if value is None:
        return "no mediator"
    if isinstance(value, str):
        return value
    return f"{value:g}" if digits is None else f"{value:.{digits}f}"


def point_label(point: Point, scenario: Scenario) -> str:
    """Return the label of a design point, from the labels and values of its parameters.

    Such as ``mutual distrust 0.25, the mediator's style formulation``.
    """
    return ", ".join(f"{label_varied(path, scenario)} {value_label(value)}" for path, value in point.items())


def decimals(values: Iterable[Value]) -> int:
    """Return how many decimals, at most three, tell a parameter's values apart in labels."""
    numbers = [value for value in values if isinstance(value, int | float)]
    return next((digits for digits in range(3) if all(round(n, digits) == n for n in numbers)), 3)


def axis_label(value: Value, axis: Axis) -> str:
    """Return the label for a value of a parameter along an axis, with as many digits as tell its values apart.

    Decimals, or digits on a logarithmic scale.
    """
    if not axis.log or not isinstance(value, int | float):
        return value_label(value, decimals(axis.values))
    apart = (n for n in range(3, 12) if len({significant(each, n) for each in axis.numbers}) == len(axis.values))
    return significant(value, next(apart, 12))


def significant(value: float, digits: int) -> str:
    """Return the label for a parameter's value with so many significant digits.

    Without an exponent where it is of ordinary size.
    """
    return f"{float(f'{value:.{digits}g}'):.12g}"


def heading(path: str, scenario: Scenario) -> str:
    """Return the heading under which a parameter's label belongs."""
    match path.partition(".")[0]:
        case "parties":
            return PARTIES
        case "distrust":
            return DISTRUST
        case "mediator":
            return f"The mediator: {caption(scenario.mediator.name, scenario)}" if scenario.mediator else "The mediator"
        case "guarantors":
            return "Guarantors"
        case "battlefield" | "incidents":
            return WORLD
        case "events":
            return "Scheduled events"
        case "implementation":
            return AFTER
    return TALKS


def join_labels(labels: Iterable[tuple[str, str]]) -> str:
    """Join the labels of parameters: `weight of land` and `weight of money` make `weight of land and money`.

    They are given in their two parts.
    """
    groups: dict[str, dict[str, None]] = {}
    for kind, about in labels:
        groups.setdefault(kind, {})[about] = None
    return join_items([f"{kind}{join_items(list(about))}" for kind, about in groups.items()])


def at_beginning(words: str, path: str, scenario: Scenario) -> str:
    """Return a parameter's label with a capital at its beginning.

    A name that it begins with stays as it is.
    """
    named = tuple(f"{caption(name, scenario)}{end}" for name in path.split(".")[1:2] for end in (" ", "'"))
    return words if words.startswith(named) else words[:1].upper() + words[1:]


def holder(path: str) -> str:
    """Return the party whose parameter a label is about; empty for all other parameters."""
    keys = path.split(".")
    return keys[1] if keys[0] == "parties" else ""


def pattern(path: str, scenario: Scenario) -> str:
    """Return the pattern of a parameter, which alike labels share: the path with ``*`` for each party in it.

    Paths of one pattern say the same of different parties.
    """
    return ".".join("*" if key in scenario.parties else key for key in path.split("."))


def _whose(name: str, scenario: Scenario) -> str:
    """An actor's name in the genitive."""
    return possessive(mention(name, scenario))


def _event(scenario: Scenario, number: int, keys: list[str]) -> tuple[str, str]:
    """What a parameter of an event is called: when it happens, and what it is, whose and about whom."""
    event = scenario.events[number]
    when = f"week {int(event.round)}: "
    if event.signal is not None:
        return f"{when}reassuring signal by ", mention(event.signal.by, scenario)
    if event.incident is not None:
        return f"{when}hostile act by ", mention(event.incident.by, scenario)
    return when, label_varied(".".join(keys[1:]), scenario)
