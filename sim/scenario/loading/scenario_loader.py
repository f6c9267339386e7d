"""Loader of a Scenario from a YAML file and changes from the command line, with every problem of both."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any

from sim.scenario.editing.changes import Edit, edit
from sim.scenario.errors import Problem, ScenarioError, clip, describe_argument
from sim.scenario.evidence.claims import Evidence, parse_evidence, read_evidence
from sim.scenario.evidence.verbal_readings import read_against
from sim.scenario.loading.consistency_checks import too_many
from sim.scenario.loading.extended_files import merge_extended_files
from sim.scenario.loading.scenario_builder import build
from sim.scenario.model.key_tree import Names
from sim.scenario.model.schema import Scenario
from sim.scenario.packaged.packaged_scenarios import find_scenario
from sim.scenario.reading.plain_values import flag, plain
from sim.scenario.reading.provenance import hand_down, unsourced
from sim.scenario.reading.source_positions import Finding, Places, Spot
from sim.scenario.reading.yaml_documents import UnusableFileError, read_text, read_value

LONGEST_PATH = 1000
"""Characters of a path that are looked at letter by letter."""


def load_scenario(
    path: str | Path, set: Mapping[str, Any] | Sequence[str] = (), strict: bool = False, *, option: str = ""
) -> Scenario:
    """Load a scenario from a YAML file, or by name one that comes with Parley, with changes of its parameters.

    `~` in the path of a file is the home folder. A file wins over a packaged scenario of the same name, with or without
    its ending; a Path is always a file. `set` holds changes: a mapping from path to value (a number, a word, a mapping
    such as `{"range": (0.1, 0.6)}`, or None), or texts `PATH=VALUE`, whose values are YAML; `option` is what messages
    put before such a text. `strict` asks a claim or an assumption of every parameter that is given. Raises
    ScenarioError with all problems, each with its place.

    >>> from sim import load_scenario
    >>> scenario = load_scenario("scenarios/baseline.yaml", {"distrust": 0.6, "mediator.style": "facilitation"})
    >>> print(scenario.title, list(scenario.parties), scenario.mediator.style, sep=", ")
    Mediation without conditions, ['russia', 'ukraine'], facilitation
    >>> scenario.distrust["russia"]["ukraine"].central
    0.6
    """
    strict = flag("strict", strict)
    document = merge_extended_files(_file(path))
    data, places, found = document.data, document.places, document.found
    if any(too_many(Names.of(data))):
        raise ScenarioError(places.problems([*found, *too_many(Names.of(data))]))
    problems: list[Problem] = []
    changes = list(_changes(set, option, problems))
    found += edit(data, changes, places)
    evidence, usable = _evidence(data, found, problems)
    amiss = read_against(data, evidence, places)
    found += amiss if usable else ()
    if strict:
        found += unsourced(data)
    try:
        scenario = build(data, places, found)
    except ScenarioError as error:
        problems += (_with_way_out(problem, str(path)) for problem in error.problems)
    if problems:
        raise ScenarioError(problems)
    return scenario.note_changes(*_in_words(set))


def _in_words(changes: Mapping[str, Any] | Sequence[str]) -> list[str]:
    """Return changes as `PATH=VALUE`, the value as YAML has it."""
    if not isinstance(changes, Mapping):
        return [text.strip() for text in changes]
    values = {path: plain(value) for path, value in changes.items()}
    return [f"{path}={value if isinstance(value, str) else json.dumps(value)}" for path, value in values.items()]


def _with_way_out(problem: Problem, file: str) -> Problem:
    """Return a problem of a guarantor that a file inherits with the way to drop it."""
    group, _, name = problem.path.partition(".")
    if group != "guarantors" or not name or problem.line is None or problem.file == file:
        return problem
    return replace(problem, message=f"{problem.message} (it is inherited: `guarantors: {{{name}: null}}` drops it)")


def scenario_from_data(data: Mapping[str, Any]) -> Scenario:
    """Load a scenario from plain data, such as the data that `resolved` returns.

    Raises ScenarioError.
    """
    if not isinstance(data, Mapping):
        raise ScenarioError([Problem(f"must be a mapping, not {describe_argument(data)}")])
    places = Places()
    return build(hand_down(plain(data), places), places)


def _file(path: object) -> Path:
    """Return the path of a file. Raises ScenarioError for what is no path, and a name of nothing."""
    if not isinstance(path, str | PathLike):
        raise ScenarioError([Problem(f"the scenario must be the path of a file, not {describe_argument(path)}")])
    return find_scenario(path)


def _changes(given: object, option: str, problems: list[Problem]) -> Iterator[Edit]:
    """Yield the changes asked for; what is wrong with the way they are written is added to `problems`."""
    if isinstance(given, Mapping):
        for path, value in given.items():
            if isinstance(path, str):
                yield Edit(_composed(path), plain(value))
            else:
                problems.append(Problem(f"a change is named by a path, which is text, not {describe_argument(path)}"))
        return
    if isinstance(given, str) or not isinstance(given, Iterable):
        message = (
            f"changes are a mapping from paths to values, or a list of texts PATH=VALUE, not {describe_argument(given)}"
        )
        raise ScenarioError([Problem(message)])
    for text in given:
        if not isinstance(text, str):
            problems.append(Problem(f"a change in a list must be a text PATH=VALUE, not {describe_argument(text)}"))
            continue
        label = clip(f"{option} {text}" if option else text, 300)
        path, equals, value = text.partition("=")
        if not equals or not path.strip():
            problems.append(Problem("must have the form PATH=VALUE", file=label))
            continue
        try:
            change = read_value(value, label)
        except ScenarioError as error:
            problems += error.problems
        else:
            yield Edit(_composed(path.strip()), change, Spot(label), bool(value.strip()))


def _composed(path: str) -> str:
    """Return a path with its letters composed, as those of files are."""
    return unicodedata.normalize("NFC", path) if len(path) < LONGEST_PATH else path


def _evidence(data: Mapping[str, Any], found: list[Finding], problems: list[Problem]) -> tuple[Evidence | None, bool]:
    """Return the evidence that a scenario names, if any, and whether it can be used."""
    name = data.get("evidence")
    if isinstance(name, dict):
        evidence, amiss = read_evidence(name)
        return evidence, not amiss
    if not isinstance(name, str):
        return None, name is None
    try:
        return parse_evidence(read_text(Path(name)), name), True
    except UnusableFileError as error:
        found.append(Finding(("evidence",), f"{name}: {error}"))
    except ScenarioError as error:
        problems += error.problems
    return None, False
