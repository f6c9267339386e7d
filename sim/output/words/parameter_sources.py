"""Parameter sources: every parameter of a scenario with its value, its meaning and its source, in words.

Parameters that have value and source in common make one entry.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Hashable, Iterable, Mapping
from dataclasses import dataclass

from sim.output.words.numbers_and_names import caption, join_items
from sim.output.words.parameter_labels import heading, holder, join_labels, label, parts
from sim.scenario.evidence.claims import Claim
from sim.scenario.model.parameters import Parameter, parameters
from sim.scenario.model.schema import Scenario

Claims = Mapping[str, Claim]
"""What the source says, by the claim's id."""


@dataclass(frozen=True)
class Entry:
    """Entry on parameters and their sources: name, value, meaning and reasons of parameters told as one."""

    name: str
    value: str
    meaning: str
    reasons: list[str]
    given: bool


def entries(scenario: Scenario, claims: Claims, paths: Container[str] | None = None) -> dict[str, list[Entry]]:
    """Return the entries on parameters and their sources under headings; what the scenario gives comes first.

    For all parameters, or those at some paths.
    """
    groups: dict[str, list[Parameter]] = defaultdict(list)
    for path, parameter in parameters(scenario).items():
        if paths is None or path in paths:
            groups[heading(path, scenario)].append(parameter)
    return {
        title: [entry for given in (True, False) for entry in _together(group, given, scenario, claims)]
        for title, group in groups.items()
    }


def _together(group: Iterable[Parameter], given: bool, scenario: Scenario, claims: Claims) -> Iterable[Entry]:
    """Yield entries of the parameters that are given, or of those that are not.

    They are gathered over parties first (one label, several parties), then over labels.
    """
    parties: dict[Hashable, list[Parameter]] = defaultdict(list)
    for parameter in group:
        if parameter.given == given:
            parties[label(parameter.path, scenario), gist(parameter)].append(parameter)
    labels: dict[Hashable, list[Parameter]] = defaultdict(list)
    for alike in sorted(parties.values(), key=_place_of(parties, scenario)):
        labels[tuple(holder(parameter.path) for parameter in alike), gist(alike[0])] += alike
    for alike in labels.values():
        first = alike[0]
        yield Entry(entry_name(alike, scenario), shown(first), first.meaning, reasons(first, claims), given)


def _place_of(entries: Iterable[Hashable], scenario: Scenario) -> Callable[[list[Parameter]], int]:
    """A sorting key that puts entries of one label side by side, where the first of them stands."""
    order = list(dict.fromkeys(str(entry[0]) for entry in entries if isinstance(entry, tuple)))
    return lambda alike: order.index(label(alike[0].path, scenario))


def entry_name(alike: list[Parameter], scenario: Scenario) -> str:
    """Return the name of an entry on parameters and their sources: its labels, and the parties that it is about."""
    labels = join_labels(parts(parameter.path, scenario) for parameter in alike)
    parties = [caption(name, scenario) for name in dict.fromkeys(holder(parameter.path) for parameter in alike) if name]
    return f"{labels} ({join_items(parties)})" if parties else labels


def gist(parameter: Parameter) -> Hashable:
    """Return the value, meaning and source that parameters must have in common to make one entry."""
    return shown(parameter), parameter.meaning, parameter.claim, parameter.assumption, parameter.shared


def shown(parameter: Parameter) -> str:
    """Return a parameter's value or range as it stands beside its source."""
    return str(parameter.value) if parameter.quantity is None else parameter.quantity.describe()


def reasons(parameter: Parameter, claims: Claims) -> list[str]:
    """Return the sources of a parameter's number in sentences; of a claim that is not known any more its id."""
    found = []
    if parameter.claim is not None:
        claim = claims.get(parameter.claim)
        if claim is None:
            found.append(f"Claim ({parameter.claim}).")
        else:
            source = f"{parameter.claim}, paragraph {int(claim.paragraph)}, {claim.holder}"
            found.append(f"Claim ({source}): {claim.says.strip()}")
    if parameter.assumption is not None:
        found.append(f"Assumption: {parameter.assumption.strip()}")
    if parameter.shared is not None:
        found.append(f"(Drawn together with every parameter that shares {parameter.shared!r}.)")
    return found
