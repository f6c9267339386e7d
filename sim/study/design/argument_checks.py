"""Argument checks for the public Python functions: numpy's numbers and paths with `~` are taken, others refused."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from sim.scenario.errors import Problem, ScenarioError, describe_argument
from sim.scenario.model.schema import Scenario
from sim.scenario.reading.plain_values import plain
from sim.study.design.study_names import clean_study_name

MOST_RUNS = 10**9
LARGEST_SEED = 2**63 - 1
MOST_JOBS = 1024


def whole(name: str, value: object, low: int, high: int) -> int:
    """Check that an argument of a Python call is a whole number between bounds, of any type, and return it.

    Raises ScenarioError.
    """
    number = plain(value)
    if isinstance(number, bool) or not isinstance(number, int | float) or number != number // 1:
        raise refused(f"{name} must be a whole number, not {describe_argument(number)}")
    if number < low:
        raise refused(f"{name} must be at least {low}, not {describe_argument(number)}")
    if number > high:
        raise refused(f"{name} must be at most {high}, not {describe_argument(number)}")
    return int(number)


def runs_of(value: object) -> int | None:
    """Check the argument `runs` of a Python call and return it; None stands for the scenario's number.

    Raises ScenarioError.
    """
    return None if value is None else whole("runs", value, 1, MOST_RUNS)


def jobs_of(value: object) -> int:
    """Check the argument `jobs` of a Python call, a number of processes, and return it.

    Raises ScenarioError.
    """
    return whole("jobs", value, 1, MOST_JOBS)


def precision_of(value: object) -> float | None:
    """Check the argument `precision` of a Python call, a half-width to reach or None, and return it.

    Raises ScenarioError.
    """
    number = plain(value)
    if number is None:
        return None
    if isinstance(number, bool) or not isinstance(number, int | float) or not 0 < number < 0.5:
        raise refused(f"precision must lie between 0 and 0.5, and not be {describe_argument(number)}")
    return float(number)


def seeded(scenario: Scenario, seed: object) -> Scenario:
    """Check the argument `seed` of a Python call and return the scenario with that seed; None keeps its own.

    Raises ScenarioError for anything that is no seed.
    """
    if not isinstance(scenario, Scenario):
        raise refused(f"the scenario must be one that load_scenario returned, not {describe_argument(scenario)}")
    if seed is None:
        return scenario
    number = whole("seed", seed, 0, LARGEST_SEED)
    changes = () if number == scenario.seed else (f"seed={number}",)
    return scenario.model_copy(update={"seed": number}).note_changes(*changes)


def named(name: object, scenario: Scenario) -> str:
    """Check the argument `name` of a Python call and return the study's name, by default its scenario's title.

    Raises ScenarioError.
    """
    if name is not None and (not isinstance(name, str) or not name.strip()):
        raise refused(f"the name of a study must be text with something in it, not {describe_argument(name)}")
    return clean_study_name(scenario.title if name is None else str(name))


def folder_of(path: object, name: str = "out") -> Path:
    """Check an argument of a Python call that is a folder and return its path, `~` being the home folder.

    Raises ScenarioError.
    """
    if not isinstance(path, str | os.PathLike) or not str(path):
        raise refused(f"{name} must be the path of a folder, not {describe_argument(path)}")
    try:
        return Path(cast("str", path)).expanduser()
    except (RuntimeError, TypeError) as error:
        raise refused(f"{name} must be the path of a folder, not {describe_argument(str(path))}: {error}") from None


def scenarios_of(cases: object) -> Mapping[str, Any]:
    """Check an argument of a Python call that is a mapping of scenarios and return them by name.

    Raises ScenarioError.
    """
    if isinstance(cases, Mapping) and not all(isinstance(name, str) for name in cases):
        raise refused("the scenarios must be a mapping from names to scenarios, and names are text")
    if not isinstance(cases, Mapping):
        raise refused(f"the scenarios must be a mapping from names to scenarios, not {describe_argument(cases)}")
    if len(cases) < 2:
        raise refused("a comparison takes at least two scenarios")
    return cases


def refused(message: str) -> ScenarioError:
    """Return the error for an argument of a Python call that is refused."""
    return ScenarioError([Problem(message)])
