"""Packaged scenarios, studies and evidence, and the file for which each name stands.

In a wheel they lie within the package; in a checkout, installed to be edited or not, they lie beside it. Whatever needs
one of these files asks here.

A text on the command line, in `extends` or in a study stands for the file of that name; for that name with an ending of
YAML; or for what comes with Parley under that name, which has no ending: `baseline`, `studies/mutual-distrust`. A text
with an ending is a file and nothing else: where a file was forgotten, none of the same name is put in its place.
"""

from __future__ import annotations

import os
from collections.abc import Container, Iterator
from functools import cache
from importlib.resources import files
from os import PathLike
from pathlib import Path

from sim.scenario.errors import Problem, ScenarioError, nearest
from sim.scenario.reading.yaml_documents import MissingFileError, UnusableFileError, read_text

SCENARIOS = "scenarios"
SEEDS = "seeds"

WITHIN = "packaged"
"""The folder of the package in which a wheel has them (pyproject.toml)."""

ENDINGS = (".yaml", ".yml")


@cache
def packaged_folder() -> Path:
    """Return the folder in which the packaged scenarios/ and seeds/ lie.

    Raises ScenarioError where an installation lacks them.
    """
    package = Path(str(files("sim")))
    for folder in (package / WITHIN, package.parent):
        if (folder / SCENARIOS / "baseline.yaml").is_file() and (folder / SEEDS / "claims.yaml").is_file():
            return folder
    raise ScenarioError([Problem("this installation lacks the scenarios that come with Parley: install it anew")])


@cache
def packaged_scenarios() -> dict[str, Path]:
    """Return the packaged scenarios and studies by name; none where an installation lacks them."""
    try:
        folder = packaged_folder() / SCENARIOS
    except ScenarioError:
        return {}
    found = {file.relative_to(folder).with_suffix("").as_posix(): file for file in folder.rglob("*.yaml")}
    return dict(sorted(found.items(), key=lambda each: (each[0].count("/"), each[0])))


def packaged_names() -> list[str]:
    """Return the names of all packaged scenarios and studies.

    >>> from sim.scenario.packaged.packaged_scenarios import packaged_names
    >>> [name for name in packaged_names() if name.startswith("b")]
    ['baseline', 'brokered-summit']
    """
    return list(packaged_scenarios())


def packaged_name(file: Path) -> str | None:
    """Return the name of a packaged scenario or study, by its file; None for any other file."""
    try:
        real = file.resolve()
    except (OSError, RuntimeError, ValueError):
        return None
    return next((name for name, known in packaged_scenarios().items() if known.resolve() == real), None)


def find_scenario(text: str | PathLike[str]) -> Path:
    """Find the file of a scenario, by its path or as a packaged scenario by name.

    A text stands for a file that is there, or a packaged one; a Path stands for itself. `~` is the home folder. Raises
    ScenarioError if there is neither, with the names that are most like it.

    >>> from sim.scenario.packaged.packaged_scenarios import find_scenario
    >>> find_scenario("no-mediator").name
    'no-mediator.yaml'
    """
    try:
        path = Path(text).expanduser()
    except (RuntimeError, ValueError) as error:
        raise ScenarioError([Problem(f"{error}", file=str(text))]) from None
    if not isinstance(text, str):
        return path
    if not text.strip():
        raise ScenarioError([Problem("give the name of a scenario or its file, not an empty text")])
    found = _first(str(path) if text.startswith("~") else text, Path())
    if found is None:
        try:
            read_text(path)
        except UnusableFileError as error:  # a folder, perhaps, or a file is beside it that may have been meant
            raise ScenarioError([Problem(explain_unusable_file(error, text), file=text)]) from None
    return found or path


def find_beside(text: str, folder: Path, seen: Container[str] = ()) -> Path:
    """Find the file of a scenario that another file names: beside it in `folder`, or a packaged scenario.

    Where there is none, returns the path at which it ought to be. What was `seen` (real paths) comes last: a user's
    `baseline.yaml` that extends `baseline` means the packaged one.
    """
    return _first(text, folder, seen) or Path(os.path.normpath(folder / text))


def _first(text: str, folder: Path, seen: Container[str] = ()) -> Path | None:
    """Return the first file that a text may stand for, if possible one that was not seen."""
    found = list(_candidates(text, folder))
    return next((path for path in found if os.path.realpath(path) not in seen), next(iter(found), None))


def _candidates(text: str, folder: Path) -> Iterator[Path]:
    """Yield what a text may stand for, in the order in which it is taken."""
    for ending in ("", *ENDINGS):
        path = Path(os.path.normpath(folder / f"{text}{ending}"))
        try:
            there = path.exists() and not path.is_dir()
        except (OSError, ValueError):  # a name too long, a folder that may not be entered: reading it says which
            there = False
        if there:
            yield path
    if text in packaged_scenarios():
        yield packaged_scenarios()[text]


def explain_unusable_file(error: UnusableFileError, text: str) -> str:
    """Return why a scenario file cannot be used and, where it is missing, the packaged scenarios to use instead."""
    if not isinstance(error, MissingFileError) or error.neighbour:
        return str(error)
    name = text.removesuffix(".yaml").removesuffix(".yml").removeprefix("./").removeprefix(f"{SCENARIOS}/")
    near = nearest(name, packaged_scenarios())
    if near is None:
        return f"{error} (`parley examples` lists what comes with Parley)"
    return (
        f"{error}: did you mean {near!r}, which comes with Parley? (`parley examples` lists and copies all that does)"
    )
