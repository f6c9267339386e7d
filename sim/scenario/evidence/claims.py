"""Claims of the source, and the verbal scale that turns a reading of its words into a range."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from sim.scenario.errors import Problem, ScenarioError, clip, suggest
from sim.scenario.model.key_tree import SHAPE, Each, Fields, Items, Leaf, Loc, Shape, inside, shape_at, shape_of, to_loc
from sim.scenario.model.parameter_kinds import Note, Number, Target, Whole
from sim.scenario.model.plain_parts import mapping, part, sequence
from sim.scenario.model.quantities import Quantity
from sim.scenario.model.schema import Scenario
from sim.scenario.model.words_and_counts import Count
from sim.scenario.reading.source_positions import Finding
from sim.scenario.reading.validation_messages import findings
from sim.scenario.reading.yaml_documents import UnusableFileError, read_document, read_text


class Claim(BaseModel):
    """Claim of the source that bears on parameters of a scenario."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    paragraph: Annotated[Count, Whole("Paragraph of the source.", low=1, high=10_000, parameter=False)]
    holder: Annotated[str, Note("Who makes the statement.")]
    says: Annotated[str, Note("The statement in our own words.")]
    bears_on: tuple[Annotated[str, Note("A parameter path or pattern.")], ...]


def _as_range(entry: object) -> object:
    """Take `[low, high]` as a range."""
    return {"range": entry} if isinstance(entry, list) else entry


Entry = Annotated[Quantity, Number("What the word stands for.", low=-1e9, parameter=False), BeforeValidator(_as_range)]


class Evidence(BaseModel):
    """Evidence from a file of claims: the source, its claims by id, and the scale by kind of quantity and word."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: dict[str, Any] = {}
    claims: dict[str, Claim] = {}
    scale: dict[str, dict[str, Entry]] = {}


_SHAPE = shape_of(Evidence)


def load_evidence(path: str | Path) -> Evidence:
    """Read a file of claims and return its evidence.

    Raises ScenarioError with every problem of the file.
    """
    try:
        return parse_evidence(read_text(Path(path).expanduser()), str(path))
    except UnusableFileError as error:
        raise ScenarioError([Problem(str(error), file=str(path))]) from None


def parse_evidence(text: str, file: str) -> Evidence:
    """Return the evidence (claims and scale) in a YAML text; `file` is its name for messages.

    Raises ScenarioError.
    """
    document = read_document(text, file)
    evidence, amiss = read_evidence(document.data)
    if evidence is None or amiss or document.found:
        raise ScenarioError(document.places.problems([*document.found, *amiss]))
    return evidence


def read_evidence(data: Mapping[str, Any]) -> tuple[Evidence | None, list[Finding]]:
    """Return the evidence (claims and scale) that plain data describe, and the problems in them."""
    found = list(_unknown_paths(data))
    try:
        return Evidence.model_validate(data), found
    except ValidationError as error:
        return None, [*found, *findings(error, top=_SHAPE)]


def check_enclosed_evidence(data: Mapping[str, Any]) -> list[Finding]:
    """Return the problems in the evidence that a scenario's data enclose: its claims and its scale."""
    evidence = data.get("evidence")
    found = read_evidence(evidence)[1] if isinstance(evidence, dict) else []
    return [finding._replace(loc=("evidence", *finding.loc)) for finding in found]


def evidence_of(scenario: Scenario) -> Evidence:
    """Return the evidence on which a scenario stands, with its claims, from the scenario or from its file of claims.

    Raises ScenarioError if it cannot be used.
    """
    if scenario.evidence is None:
        return Evidence()
    if isinstance(scenario.evidence, dict):
        return Evidence.model_validate(scenario.evidence)
    return load_evidence(scenario.evidence)


def _unknown_paths(data: Mapping[str, Any]) -> Iterator[Finding]:
    """Find patterns and kinds of quantity that no scenario can have, in data that may be wrong otherwise."""
    for claim_id, claim in mapping(data.get("claims")).items():
        for index, pattern in enumerate(sequence(part(claim, "bears_on"))):
            groups = ("distrust", "mediator.leverage")
            if isinstance(pattern, str) and pattern not in groups and not _is_parameter(pattern):
                yield Finding(("claims", claim_id, "bears_on", index), f"no scenario has a parameter {clip(pattern)!r}")
    known = dict.fromkeys(name for path in _numbers(SHAPE, ()) for name in kinds(path))
    for name in mapping(data.get("scale")):
        if name not in known:
            yield Finding(("scale", name), partial(_unknown_kind, name, known), on_key=True)


def _unknown_kind(name: str, known: Iterable[str]) -> str:
    return f"unknown kind of quantity {clip(name)!r}: {suggest(name, known)}"


def _is_parameter(pattern: str) -> bool:
    """Whether a scenario could have a parameter that the pattern names."""
    shape = shape_at(to_loc(pattern))
    return (
        isinstance(shape, Leaf) and shape.kind is not None and (shape.kind.parameter or isinstance(shape.kind, Target))
    )


def _numbers(shape: Shape, loc: Loc) -> Iterator[str]:
    """Yield the pattern of every number that a scenario can have."""
    match shape:
        case Leaf(Number()):
            yield ".".join(map(str, loc))
        case Fields(_, children):
            for key, child in children.items():
                yield from _numbers(child, (*loc, key))
        case Each(_, child) | Items(child):
            yield from _numbers(child, (*loc, "*"))


def kinds(path: str) -> tuple[str, ...]:
    """Return the kinds of quantity under which the claims' verbal scale may list a parameter.

    They are named by the last fixed keys of its path, one or more. `parties.x.salience.y` is a
    `salience`, `incidents.rate.x` a `rate` or, more exactly, an `incidents.rate`.
    """
    fixed: list[str] = []
    shape: Shape | None = SHAPE
    for key in path.split("."):
        if isinstance(shape, Fields):
            fixed.append(key)
        shape = inside(shape, key)
    return tuple(".".join(fixed[start:]) for start in range(len(fixed) - 1, -1, -1))
