"""Study files in YAML: the scenario, what is varied, how many runs and which seed.

```yaml
title: The share of runs that settle at every level of distrust
scenario: ../baseline.yaml
vary:
  distrust: {from: 0, to: 1, points: 41}
  mediator.style: [facilitation, formulation]
runs: 4000
seed: 1
```

`scale: log` beside `from` and `to` spaces points evenly on a logarithmic scale. Instead of a grid, `sample: lhs:200`
(or `sobol:256`) takes points from ranges without `points`; instead of `runs`,
`precision` asks for runs until the settlement probability is known so well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, ValidationError

from sim.scenario.errors import Problem, ScenarioError, describe_value, one_of, suggest
from sim.scenario.model.key_tree import shape_of
from sim.scenario.model.parameter_glossary import About, Runs, Seed, Title
from sim.scenario.model.parameter_kinds import Note, Number
from sim.scenario.model.quantities import Quantity
from sim.scenario.packaged.packaged_scenarios import find_beside
from sim.scenario.reading.source_positions import Finding, Places
from sim.scenario.reading.validation_messages import findings
from sim.scenario.reading.yaml_documents import UnusableFileError, read_document, read_text
from sim.study.design.vary_requests import Wanted, read_sampling

KEYS = ("from", "to", "points", "scale")
"""The keys of a range that is varied."""

SCALES = ("linear", "log")
"""What the scale of a range may be."""


class _StudyFile(BaseModel):
    """What a study file says, but for `vary`, which is read by hand."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Title = ""
    about: About = ""
    scenario: Annotated[str, Note("The file of the scenario, relative to this one, or the name of a packaged one.")]
    vary: Any = None
    sample: Annotated[str, Note("lhs:N or sobol:N, to take N points from the ranges.")] = ""
    runs: Runs | None = None
    precision: Annotated[Quantity, Number("Half-width to reach.", low=0.0001, high=0.2, parameter=False)] | None = None
    seed: Seed | None = None


@dataclass(frozen=True)
class StudyFile:
    """Study file: a study as the file asks for it, with None where the scenario or its default decides."""

    title: str
    about: str
    scenario: Path
    vary: tuple[Wanted, ...]
    sample: str | None
    runs: int | None
    precision: float | None
    seed: int | None


def is_study(path: Path) -> bool:
    """Return whether a file is a study file rather than a scenario: a study says what to vary.

    False for what cannot be read.
    """
    try:
        return "vary" in read_document(read_text(path), str(path)).data
    except (UnusableFileError, ScenarioError):
        return False


def read_study(path: Path) -> StudyFile:
    """Read a study file.

    Raises ScenarioError with every problem, each with its place.
    """
    file = str(path)
    try:
        document = read_document(read_text(path), file)
    except UnusableFileError as error:
        raise ScenarioError([Problem(str(error), file=file)]) from None
    places = document.places
    found = list(document.found)
    wanted = list(_vary(document.data.get("vary"), places, found))
    try:
        study = _StudyFile.model_validate(document.data)
    except ValidationError as error:
        found += findings(error, top=_SHAPE)
    else:
        found += _amiss_in_sample(study.sample)
        if study.precision is not None and study.precision.is_range:
            found.append(Finding(("precision",), "must be one number, not a range"))
    if found:
        raise ScenarioError(places.problems(found))
    return StudyFile(
        study.title,
        study.about,
        find_beside(study.scenario, path.parent),
        tuple(wanted),
        study.sample or None,
        None if study.runs is None else int(study.runs),
        None if study.precision is None else study.precision.central,
        None if study.seed is None else int(study.seed),
    )


def _vary(data: object, places: Places, found: list[Finding]) -> Iterator[Wanted]:
    """Yield what is to be varied; what is wrong with it is added to `found`."""
    if data is None or data == {}:
        found.append(Finding(("vary",), "must be given: a mapping from paths to values or ranges", on_key=True))
        return
    if not isinstance(data, Mapping):
        found.append(
            Finding(("vary",), f"must be a mapping from paths to values or ranges, not {describe_value(data)}")
        )
        return
    for path, values in data.items():
        spot = places.keys[("vary", path)]
        if isinstance(values, list):
            yield Wanted(path, tuple(values), spot=spot)
        elif isinstance(values, Mapping):
            amiss = list(_amiss(values, ("vary", path)))
            found += amiss
            if not amiss:
                points = None if values.get("points") is None else int(values["points"])
                log = values.get("scale") == "log"
                yield Wanted(path, (), float(values["from"]), float(values["to"]), points, spot, log)
        else:
            message = "must be a list of values, or a range such as {from: 0, to: 1, points: 11}"
            found.append(Finding(("vary", path), f"{message}, not {describe_value(values)}"))


def _amiss(data: Mapping[str, Any], loc: tuple[str, ...]) -> Iterator[Finding]:
    """Yield what is wrong with the way a range is written."""
    for key, value in data.items():
        if key not in KEYS:
            yield Finding((*loc, key), f"unknown key {key!r}: {suggest(key, KEYS)}", on_key=True)
        elif key == "scale":
            if value not in SCALES:
                yield Finding((*loc, key), f"must be {' or '.join(SCALES)}, not {describe_value(value)}")
        elif not isinstance(value, int | float) or (key == "points" and not float(value).is_integer()):
            what = "a whole number" if key == "points" else "a number"
            yield Finding((*loc, key), f"must be {what}, not {describe_value(value)}")
    missing = [key for key in KEYS[:2] if key not in data]
    if missing:
        yield Finding(loc, f"a range needs {one_of(missing)}", on_key=True)


def _amiss_in_sample(text: str) -> Iterator[Finding]:
    """Yield what is wrong with the way of sampling, if there is one."""
    if text:
        try:
            read_sampling(text)
        except ScenarioError as error:
            yield from (Finding(("sample",), problem.message) for problem in error.problems)


_SHAPE = shape_of(_StudyFile)
