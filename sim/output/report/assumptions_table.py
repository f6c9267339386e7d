"""Assumptions table of one result or of several: every parameter once, and where results differ in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from sim.output.charts.drawing.chart_frame import name_results
from sim.output.words.parameter_labels import heading
from sim.output.words.parameter_sources import entries, entry_name, gist, reasons, shown
from sim.scenario.model.parameters import Parameter, parameters
from sim.study.results.stored_study import StoredStudy

ABSENT = "none"
"""What stands for the value of a parameter that a result's scenario does not have."""


@dataclass(frozen=True)
class Value:
    """Value or range in the assumptions table, with its sources.

    `results` names the results that have it, empty where all do.
    """

    results: str
    shown: str
    reasons: list[str]


@dataclass(frozen=True)
class Assumption:
    """Row of the assumptions table: parameters told as one, with their name, meaning and value.

    It has several values where results differ.
    """

    name: str
    meaning: str
    values: list[Value]

    @property
    def differs(self) -> bool:
        """Whether results differ in it."""
        return len(self.values) > 1

    @property
    def silent(self) -> bool:
        """Whether no source is given for any of its values."""
        return not any(value.reasons for value in self.values)


def assumptions(studies: Sequence[StoredStudy]) -> dict[str, list[Assumption]]:
    """Return the assumptions table of all results under its headings.

    Those parameters come first in which results differ, then those with a source.
    """
    known = [parameters(study.scenario) for study in studies]
    paths = dict.fromkeys(path for each in known for path in each)
    signatures = {path: tuple(gist(each[path]) if path in each else None for each in known) for path in paths}
    common = {path for path, signature in signatures.items() if len(set(signature)) == 1}
    table: dict[str, list[Assumption]] = defaultdict(list)
    for title, rows in _differing(studies, known, {path: signatures[path] for path in paths if path not in common}):
        table[title] += rows
    for title, group in entries(studies[0].scenario, studies[0].claims, common).items():
        found = [Assumption(each.name, each.meaning, [Value("", each.value, each.reasons)]) for each in group]
        table[title] += sorted(found, key=lambda each: each.silent)
    order = dict.fromkeys(heading(path, _owner(studies, known, path).scenario) for path in paths)
    return {title: table[title] for title in order}


def _owner(studies: Sequence[StoredStudy], known: Sequence[dict[str, Parameter]], path: str) -> StoredStudy:
    """The first result whose scenario has a parameter."""
    return next(study for study, each in zip(studies, known, strict=True) if path in each)


def _differing(
    studies: Sequence[StoredStudy], known: Sequence[dict[str, Parameter]], signatures: dict[str, tuple[Hashable, ...]]
) -> list[tuple[str, list[Assumption]]]:
    """Return parameters in which results differ, by heading; those that differ in the same way are told as one."""
    groups: dict[tuple[str, Hashable], list[str]] = defaultdict(list)
    for path, signature in signatures.items():
        groups[heading(path, _owner(studies, known, path).scenario), signature].append(path)
    table: dict[str, list[Assumption]] = defaultdict(list)
    for (title, _), alike in groups.items():
        owner = _owner(studies, known, alike[0])
        held = known[studies.index(owner)]
        name = entry_name([held[path] for path in alike], owner.scenario)
        table[title].append(Assumption(name, held[alike[0]].meaning, _values(studies, known, alike[0])))
    return list(table.items())


def _values(studies: Sequence[StoredStudy], known: Sequence[dict[str, Parameter]], path: str) -> list[Value]:
    """Return the values of a parameter with their sources, each with the names of the results that have it."""
    holders: dict[Hashable, list[int]] = defaultdict(list)
    for place, each in enumerate(known):
        holders[gist(each[path]) if path in each else None].append(place)
    labels = name_results(studies)
    values = []
    for places in holders.values():
        parameter = known[places[0]].get(path)
        title = ", ".join(labels[place] for place in places)
        if parameter is None:
            values.append(Value(title, ABSENT, []))
        else:
            values.append(Value(title, shown(parameter), reasons(parameter, studies[places[0]].claims)))
    return values
