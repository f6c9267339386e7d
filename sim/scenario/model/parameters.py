"""Parameters of a scenario by path: to look at, to name several at once, to change, to write down.

A path is the keys joined by dots (`parties.ukraine.reservation`); `*` in a pattern matches any one key.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from pydantic import BaseModel

from sim.scenario.errors import Problem, ScenarioError, suggest
from sim.scenario.model.key_tree import Leaf, Names, layout, select, shape_at, to_loc
from sim.scenario.model.parameter_kinds import Kind
from sim.scenario.model.quantities import Quantity
from sim.scenario.model.schema import ZERO, Scenario
from sim.scenario.model.words_and_counts import Count, Word

YEAR = Quantity.fixed(52.0)
"""Pace of a party that gives none, in weeks, where there is no deadline either; whatever the watch is."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """Parameter of a scenario under its path: kind, value, bounds and provenance.

    `value` is the number (of a range its median) or the word; `quantity` is None for words and for whole
    numbers that are no coefficients (rounds, periods). `given` is false where the default stands. `bounds`
    is a phrase such as `a number from 0 to 1`.
    """

    path: str
    value: float | int | str
    quantity: Quantity | None
    given: bool
    kind: Kind
    claim: str | None
    assumption: str | None

    @property
    def meaning(self) -> str:
        """What the parameter does, in a sentence."""
        return self.kind.meaning

    @property
    def unit(self) -> str:
        """The unit, possibly empty."""
        return self.kind.unit

    @property
    def bounds(self) -> str:
        """What is allowed."""
        return self.kind.bounds

    @property
    def reading(self) -> str | None:
        """The word of the verbal scale that the number was given as."""
        return None if self.quantity is None else self.quantity.reading

    @property
    def shared(self) -> str | None:
        """Label of the numbers that are drawn together with this one."""
        return None if self.quantity is None else self.quantity.shared


_Seen: TypeAlias = dict[str, tuple[Any, bool]]
"""Parts of a scenario by path, and whether they were given."""


def parameters(scenario: Scenario) -> dict[str, Parameter]:
    """Return all parameters of a scenario by path, defaults filled in."""
    found = {}
    seen: _Seen = {"": (scenario, True)}
    for path, leaf in layout(names_of(scenario)).items():
        value, given = _look(path, seen)
        if value is None and path.endswith(".pace"):
            value = default_pace(scenario)
        if value is not None:
            found[path] = _parameter(path, leaf, value, given)
    return found | dict(_event_parameters(scenario))


def default_pace(scenario: Scenario) -> Quantity:
    """Return the pace of a party that gives none: the latest that the deadline can be, or a year without one."""
    return YEAR if scenario.deadline is None else Quantity.fixed(scenario.deadline.high)


def quantities(scenario: Scenario) -> dict[str, Quantity]:
    """Return the numeric parameters of a scenario by path, those of `front` included, from which runs draw."""
    found = parameters(scenario).items()
    return {path: parameter.quantity for path, parameter in found if parameter.quantity is not None}


def expand(scenario: Scenario, pattern: str) -> list[str]:
    """Return the paths of all parameters of a scenario that a pattern names.

    `*` matches one key, `distrust` alone means every ordered pair of parties, `mediator.leverage` every
    party. Raises ScenarioError, with the nearest path that exists, if there is none.
    """
    known = parameters(scenario)
    found = [path for path in select(pattern, known, names_of(scenario)) if path in known]
    if not found:
        raise ScenarioError([Problem(f"no parameter {pattern!r}: {suggest(pattern, known)}", pattern)])
    return found


def resolved(scenario: Scenario) -> dict[str, Any]:
    """Return all parameters of a scenario as plain data fit for JSON, defaults and provenance included.

    `scenario_from_data` makes an equal scenario of it; only that defaults then count as given.
    """
    data: dict[str, Any] = scenario.model_dump(mode="json", exclude_none=True)
    for event in data["events"]:
        if not event["set"]:
            del event["set"]
    return data


def numbers(scenario: Scenario) -> dict[str, Any]:
    """Return those parameters of a scenario that change results, as plain data fit for JSON.

    These are every parameter, the events, and who is who. Equal however the numbers were written, and whatever is said
    about them; without runs and seed.
    """
    found: dict[str, Any] = {
        path: parameter.value if parameter.quantity is None else parameter.quantity.canonical()
        for path, parameter in parameters(scenario).items()
    }
    for number, event in enumerate(scenario.events):
        act = event.signal or event.incident
        found[f"events.{number}"] = [int(event.round), *([type(act).__name__.lower(), act.by] if act else [])]
    return {path: found[path] for path in sorted(found)}


def names_of(scenario: Scenario) -> Names:
    """Return the names in the parameter paths of a scenario: parties, issues, guarantors and the mediator."""
    return Names(
        parties=tuple(scenario.parties),
        issues=tuple(scenario.issues),
        mediator=None if scenario.mediator is None else scenario.mediator.name,
        guarantors=tuple(scenario.guarantors),
    )


def _look(path: str, seen: _Seen) -> tuple[Quantity | Count | Word | None, bool]:
    """Return a parameter's value and whether it was given; a name that a mapping leaves out stands at 0.

    None for the mediator's preferences, a pace or a deadline where there is none. `seen` holds what was found on the
    way to other parameters.
    """
    above, _, key = path.rpartition(".")
    whole, given = seen[above] if above in seen else _look_above(above, seen)
    if isinstance(whole, BaseModel):
        return getattr(whole, key), given and key in whole.model_fields_set
    if key in whole:
        return whole[key], given
    return (None if above in ("mediator.aims", "mediator.salience") else ZERO), False


def _look_above(path: str, seen: _Seen) -> tuple[Any, bool]:
    """Return a group of parameters, and whether it was given; one that a mapping leaves out is empty."""
    above, _, key = path.rpartition(".")
    whole, given = seen[above] if above in seen else _look_above(above, seen)
    if isinstance(whole, BaseModel):
        seen[path] = getattr(whole, key), given and key in whole.model_fields_set
    else:
        seen[path] = (whole[key], given) if key in whole else ({}, False)
    return seen[path]


def _event_parameters(scenario: Scenario) -> Iterator[tuple[str, Parameter]]:
    """Yield the numbers and words that events give."""
    known = layout(names_of(scenario))
    for number, event in enumerate(scenario.events):
        values: dict[str, tuple[Quantity | Word, bool]] = {
            f"set.{path}": (value, True) for path, value in event.set.items()
        }
        if event.signal is not None:
            values["signal.likelihood"] = event.signal.likelihood, True
        if event.incident is not None:
            values["incident.severity"] = (
                event.incident.severity,
                "severity" in event.incident.model_fields_set,
            )
        for key, (value, given) in values.items():
            path = f"events.{number}.{key}"
            leaf = known[key.removeprefix("set.")] if key.startswith("set.") else shape_at(to_loc(path))
            assert isinstance(leaf, Leaf)
            yield path, _parameter(path, leaf, value, given)


def _parameter(path: str, leaf: Leaf, value: Quantity | Count | Word, given: bool) -> Parameter:
    """Return a value as a parameter; a whole number that is a coefficient (`front`) is a quantity as well."""
    assert leaf.kind is not None
    plain: float | int | str = value.central if isinstance(value, Quantity) else value
    quantity = value if isinstance(value, Quantity) else None
    if isinstance(value, Count) and path.endswith(".front"):
        quantity = Quantity.fixed(value, value.claim, value.assumption)
    return Parameter(path, plain, quantity, given, leaf.kind, value.claim, value.assumption)
