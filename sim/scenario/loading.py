"""From a YAML file, and changes from the command line, to a Scenario or to all that is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.scenario.building import build
from sim.scenario.checks import too_many
from sim.scenario.documents import UnusableFileError, read_text, read_value
from sim.scenario.editing import Edit, edit
from sim.scenario.errors import Problem, ScenarioError, shown
from sim.scenario.evidence import Evidence, parse_evidence
from sim.scenario.layers import stacked
from sim.scenario.places import Finding, Places, Spot
from sim.scenario.provenance import hand_down, unsourced
from sim.scenario.readings import read_against
from sim.scenario.schema import Scenario
from sim.scenario.shape import Names


def load_scenario(path: str | Path, set: Mapping[str, Any] | Sequence[str] = (), strict: bool = False) -> Scenario:
    """Read a scenario file.

    `set` holds changes, as `PATH=VALUE` texts or as a mapping from path to value (text is read as YAML).
    `strict` asks a claim or an assumption of every parameter that is given. Raises ScenarioError with all
    problems, each with its place.

    >>> from sim import load_scenario
    >>> scenario = load_scenario("scenarios/baseline.yaml", {"distrust": 0.6, "mediator.style": "facilitation"})
    >>> print(scenario.title, list(scenario.parties), scenario.mediator.style, sep=", ")
    Mediation without conditions, ['russia', 'ukraine'], facilitation
    >>> scenario.distrust["russia"]["ukraine"].central
    0.6
    """
    document = stacked(path)
    data, places, found = document.data, document.places, document.found
    if any(too_many(Names.of(data))):
        raise ScenarioError(places.problems([*found, *too_many(Names.of(data))]))
    problems: list[Problem] = []
    changes = list(_changes(set, problems))
    found += edit(data, changes, places)
    evidence, usable = _evidence(data, found, problems)
    amiss = read_against(data, evidence, places)
    found += amiss if usable else ()
    if strict:
        found += unsourced(data)
    try:
        scenario = build(data, places, found)
    except ScenarioError as error:
        problems += error.problems
    if problems:
        raise ScenarioError(problems)
    return scenario


def scenario_from_data(data: Mapping[str, Any]) -> Scenario:
    """Return the scenario that plain data describe, such as those of `resolved`. Raises ScenarioError."""
    if not isinstance(data, Mapping):
        raise ScenarioError([Problem(f"must be a mapping, not {shown(data)}")])
    places = Places()
    return build(hand_down(dict(data), places), places)


def _changes(given: Mapping[str, Any] | Sequence[str], problems: list[Problem]) -> Iterator[Edit]:
    """Yield the changes asked for; what is wrong with the way they are written is added to `problems`."""
    texts = given
    if isinstance(given, Mapping):
        texts = [f"{path}={'null' if value is None else value}" for path, value in given.items()]
    for text in texts:
        label = f"--set {text}"
        path, equals, value = text.partition("=")
        if not equals or not path.strip():
            problems.append(Problem("must have the form PATH=VALUE", file=label))
            continue
        try:
            plain = read_value(value, label)
        except ScenarioError as error:
            problems += error.problems
        else:
            yield Edit(path.strip(), plain, Spot(label))


def _evidence(data: Mapping[str, Any], found: list[Finding], problems: list[Problem]) -> tuple[Evidence | None, bool]:
    """Return the evidence that a scenario names, if any, and whether it can be used."""
    name = data.get("evidence")
    if not isinstance(name, str):
        return None, name is None
    try:
        return parse_evidence(read_text(Path(name)), name), True
    except UnusableFileError as error:
        found.append(Finding(("evidence",), f"{name}: {error}"))
    except ScenarioError as error:
        problems += error.problems
    return None, False
