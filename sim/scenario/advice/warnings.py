"""Warnings about a valid scenario: numbers that weigh more than they seem to, tools that do nothing."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf, prod

from sim.scenario.advice.idle_parameter_messages import idle_lines, weak_tools
from sim.scenario.advice.optimistic_omissions import rosy_lines
from sim.scenario.advice.possible_values import Possible
from sim.scenario.model.display_labels import choose_label
from sim.scenario.model.parameters import Parameter, parameters
from sim.scenario.model.schema import Event, Scenario

HEAVY = 0.25
"""The share of the pie from which a number in units of value is worth a warning."""

AT_ONCE = 0.9
"""Conceding this share in the first week leaves next to nothing to negotiate about."""

AT_THE_END = 0.01
"""Conceding less than this share by half-time leaves the talks to the last weeks."""


def warnings(scenario: Scenario, *others: Scenario) -> list[str]:
    """Return the warnings about a scenario, a line each (`path: warning`), with ranges taken at their middle.

    `others` are the same scenario with what is varied at other values: what is said then is true at all of them.
    """
    cases = (scenario, *others)
    said = [_at_their_middle(case) for case in cases]
    world = Possible(cases)
    return [
        *(line for line in said[0] if all(line in lines for lines in said[1:])),
        *idle_lines(world, cases),
        *weak_tools(world),
        *_idle_values(scenario),
        *rosy_lines(scenario, world),
    ]


def _at_their_middle(scenario: Scenario) -> list[str]:
    """Return what is odd about the numbers of one scenario, ranges at their middle."""
    found = parameters(scenario)
    return [*_heavy(scenario, found), *_odd_tactics(scenario, found), *_odd_times(scenario)]


def joint_distrust(scenario: Scenario, party: str) -> float:
    """Return joint distrust for a warning: how likely a party thinks it at the outset that somebody breaks a deal.

    D_i = 1 − Π_j (1 − d̃_ij) over the other parties, d̃_ij = d_ij · Π_g (1 − γ_g·(1 − d_ig)) over guarantors.
    """
    return _joint_distrust(scenario, party, parameters(scenario))


def _joint_distrust(scenario: Scenario, party: str, found: dict[str, Parameter]) -> float:
    """Return the same from the scenario's parameters."""
    kept = prod(
        1 - _middle(found, f"guarantors.{name}") * (1 - _middle(found, f"distrust.{party}.{name}"))
        for name in scenario.guarantors
    )
    return 1 - prod(
        1 - kept * _middle(found, f"distrust.{party}.{other}") for other in scenario.parties if other != party
    )


def _middle(found: dict[str, Parameter], path: str) -> float:
    """Return a number at its middle; what does not exist weighs nothing."""
    return float(found[path].value) if path in found else 0.0


def _heavy(scenario: Scenario, found: dict[str, Parameter]) -> Iterator[str]:
    """Find numbers in units of value that weigh heavily in utility, where they count 1/(1 − D) times."""
    mediator = scenario.mediator.name if scenario.mediator else ""
    for party in scenario.parties:
        risk, shown = _joint_distrust(scenario, party, found), choose_label(party, scenario.labels)
        if risk == 1:
            pays = "while that lasts it signs nothing unless leverage pays"
            yield f"distrust.{party}: {shown} is certain of betrayal: {pays}"
            continue
        authors = [_middle(found, f"distrust.{party}.{other}") for other in (*scenario.parties, mediator)]
        believed = 1 - _middle(found, f"distrust.{party}.{mediator}")
        pressed = believed if scenario.mediator and scenario.mediator.style == "manipulation" else 0.0
        weights = {
            f"parties.{party}.precondition": 1.0,
            f"parties.{party}.betrayal_loss": risk,
            f"parties.{party}.devaluation": max(authors),
            f"mediator.leverage.{party}": pressed,
        }
        for path, weight in weights.items():
            share = _middle(found, path) * weight / (1 - risk)
            if share > HEAVY:
                weighs = f"{_middle(found, path):.3g} weighs {share:.2f} of the pie in utility"
                yield f"{path}: {weighs}, as {shown} expects betrayal with probability {risk:.2f}"


def _odd_tactics(scenario: Scenario, found: dict[str, Parameter]) -> Iterator[str]:
    """Find concession only in the first or the last weeks, and trust lost more slowly than gained."""
    for party in scenario.parties:
        path = f"parties.{party}.concession"
        power = 1 / _middle(found, path)
        pace = min(_middle(found, f"parties.{party}.pace"), _middle(found, "deadline") or inf)
        if pace > 1 and (1 / pace) ** power > AT_ONCE:
            yield f"{path}: concedes nearly everything in the first week"
        elif 0.5**power < AT_THE_END:
            yield f"{path}: concedes next to nothing before the last weeks of its pace"
    for holder in (*(f"parties.{party}" for party in scenario.parties), "mediator"):
        gain, loss = (_middle(found, f"{holder}.trust_{way}") for way in ("gain", "loss"))
        if loss < gain:
            below = f"{loss:.3g} is below trust_gain {gain:.3g}"
            yield f"{holder}.trust_loss: {below}, but trust is usually lost faster than gained"


def _odd_times(scenario: Scenario) -> Iterator[str]:
    """Find paces beyond the deadline, which stands for them, and a deadline that no run reaches."""
    if scenario.deadline is None:
        return
    for party, profile in scenario.parties.items():
        if profile.pace is not None and profile.pace.low > scenario.deadline.high:
            yield f"parties.{party}.pace: beyond the deadline, which stands for it: nobody plans beyond that"
    if scenario.deadline.low > scenario.rounds:
        yield f"deadline: after the watch of {scenario.rounds} weeks: it may hasten parties, but no run fails at it"


def _idle_values(scenario: Scenario) -> Iterator[str]:
    """Find values that an event sets and that stand already, or that are replaced before anything comes of them."""
    now: dict[str, object] = {
        path: parameter.quantity.canonical() if parameter.quantity else parameter.value
        for path, parameter in parameters(scenario).items()
    }
    events = sorted(enumerate(scenario.events), key=lambda item: item[1].round)
    for place, (number, event) in enumerate(events):
        for path, value in event.set.items():
            new = value if isinstance(value, str) else value.canonical()
            later = _replaced(path, int(event.round), [each for _, each in events[place + 1 :]])
            if later:
                yield f"events.{number}: sets {path}, which another event sets in the same round"
            elif new == now[path] and not isinstance(new, list):
                yield f"events.{number}: sets {path} to what it is already"
            now[path] = new


def _replaced(path: str, round_: int, later: list[Event]) -> bool:
    """Whether a later event of the same round sets a path, before anything happens that it has a part in."""
    for event in later:
        if event.round != round_:
            return False
        if path in event.set:
            return True
        if event.incident is not None and path.endswith(".trust_loss"):
            return False
    return False
