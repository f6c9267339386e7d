"""Requests of what to vary, turned into a design, or into the problems of all requests with their places."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from sim.scenario.errors import Problem, ScenarioError, clip, describe_argument, phrase_null
from sim.scenario.model.schema import Scenario
from sim.scenario.reading.plain_values import plain
from sim.scenario.reading.source_positions import MOST_PROBLEMS, Spot
from sim.study.design.argument_checks import refused
from sim.study.design.design_points import (
    MOST_DIGITS,
    Axis,
    Design,
    Value,
    axis,
    check_size,
    grid,
    overlap,
    sample,
    sample_problem,
    sampled_axis,
    steps,
)

NOWHERE = Spot("")

FORMS = "PATH=FROM:TO:POINTS[:log] or PATH=VALUE,VALUE,…"


@dataclass(frozen=True)
class Wanted:
    """Request to vary one path: its `values`, or a range from `low` to `high`, in `points` steps on a grid.

    `spot` is where this was asked for; `log` asks for a logarithmic scale.
    """

    path: str
    values: tuple[Value, ...] = ()
    low: float | None = None
    high: float | None = None
    points: int | None = None
    spot: Spot = NOWHERE
    log: bool = False

    @property
    def size(self) -> int:
        """How many values this gives an axis of a grid."""
        return self.points or len(self.values)


def grid_size(wanted: Sequence[Wanted]) -> int:
    """Return the number of points in the grid that the requests to vary paths ask for."""
    return prod(each.size for each in wanted)


def axes_of(scenario: Scenario, wanted: Sequence[Wanted], sampled: bool) -> list[Axis]:
    """Return the axes that the requests to vary paths ask for.

    Raises ScenarioError with every problem.
    """
    if not sampled and len(wanted) > 1:
        check_size(grid_size(wanted))  # before any of them is laid out
    problems: list[Problem] = []
    axes: dict[str, tuple[Axis, Spot]] = {}
    for number, each in enumerate(wanted):
        if len(problems) >= MOST_PROBLEMS:
            problems.append(Problem(f"{len(wanted) - number:,} more paths were not looked at"))
            break
        try:
            found = _axis(scenario, each, sampled)
            if found.path in axes:
                raise ScenarioError([Problem("is varied twice", found.path)])
        except ScenarioError as error:
            problems += placed(error, each.spot)
        else:
            axes[found.path] = found, each.spot
    clash = overlap(scenario, [found for found, _ in axes.values()])
    if clash:
        first, second, path = clash
        message = f"varies {path}, as {first.path} does: a parameter can be varied once"
        problems += placed(ScenarioError([Problem(message, second.path)]), axes[second.path][1])
    if problems:
        raise ScenarioError(problems)
    return [found for found, _ in axes.values()]


def design_of(
    scenario: Scenario,
    vary: Mapping[str, Sequence[Value]],
    sample: str | None = None,
    seed: int | None = None,
    log: Collection[str] = (),
) -> Design:
    """Return the design for a request to vary paths: a grid of their values or, with `sample`, sampled points.

    `sample` is a text such as "lhs:200". When sampling, the values are the two ends of a range. `seed` (by default the
    scenario's) decides which points are sampled; paths in `log` are read on a logarithmic scale. Raises ScenarioError
    with everything that is wrong.
    """
    axes = _values_of(vary)
    log = (log,) if isinstance(log, str) else log
    unknown = [path for path in log if path not in axes]
    if unknown:
        raise ScenarioError(Problem("is to have a log scale and is not varied", path) for path in unknown)
    if sample is None:
        return make(scenario, [Wanted(path, values, log=path in log) for path, values in axes.items()])
    if not isinstance(sample, str):
        raise refused(f"sample must be a text such as lhs:200, not {describe_argument(sample)}")
    read_sampling(sample, "sample")
    wrong = [path for path, values in axes.items() if len(values) != 2]
    if wrong:
        raise ScenarioError(Problem("to sample from a range, give its two ends", path) for path in wrong)
    words = [path for path, ends in axes.items() if not all(_is_number(end) for end in ends)]
    if words:
        raise ScenarioError(Problem("the ends of a range must be numbers", path) for path in words)
    ranges = [Wanted(path, low=float(low), high=float(high), log=path in log) for path, (low, high) in axes.items()]
    return make(scenario, ranges, sample, seed)


def _values_of(vary: object) -> dict[str, tuple[Any, ...]]:
    """Return the values of each path as plain data. Raises ScenarioError with everything that is no list of values."""
    if not isinstance(vary, Mapping) or not vary:
        given = "an empty one" if vary == {} else describe_argument(vary)
        raise refused(f"what is varied must be a mapping from paths to lists of values, not {given}")
    found: dict[str, tuple[Any, ...]] = {}
    problems: list[Problem] = []
    for path, given in vary.items():
        values = plain(list(given) if isinstance(given, range) else given)
        if not isinstance(path, str):
            problems.append(Problem(f"what is varied is named by a path, which is text, not {describe_argument(path)}"))
        elif not isinstance(values, list):
            problems.append(
                Problem(
                    f"needs a list of at least two values, as [0.2, 0.8], not {describe_argument(values)}", clip(path)
                )
            )
        else:
            found[path] = tuple(values)
    if problems:
        raise ScenarioError(problems)
    return found


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def make(scenario: Scenario, wanted: Sequence[Wanted], sampling: str | None = None, seed: int | None = None) -> Design:
    """Make the design that requests to vary paths ask for.

    Raises ScenarioError with every problem.
    """
    if not wanted:
        raise ScenarioError([Problem(f"nothing is varied: say what to vary, as {FORMS}")])
    if sampling is None:
        return grid(axes_of(scenario, wanted, sampled=False))
    method, count = read_sampling(sampling)
    return sample(method, count, axes_of(scenario, wanted, sampled=True), int(scenario.seed) if seed is None else seed)


def read_sampling(text: str, label: str = "--sample") -> tuple[str, int]:
    """Read the method and number of points that a request to vary by sampling gives, such as `lhs:200`.

    `label` is the text's name. Raises ScenarioError.
    """
    method, _, count = text.partition(":")
    if not count.isdecimal() or len(count) > MOST_DIGITS:
        raise ScenarioError([Problem("must have the form lhs:N or sobol:N", file=clip(f"{label} {text}"))])
    problem = sample_problem(method, int(count))
    if problem:
        raise ScenarioError([Problem(problem, file=clip(f"{label} {text}"))])
    return method, int(count)


def placed(error: ScenarioError, spot: Spot) -> list[Problem]:
    """Return an error's problems with the place at which the request to vary a path was made."""
    return [Problem(phrase_null(problem.message, spot.file), problem.path, *spot) for problem in error.problems]


def _axis(scenario: Scenario, wanted: Wanted, sampled: bool) -> Axis:
    """Return one axis. Raises ScenarioError."""
    if wanted.low is None or wanted.high is None:
        if sampled:
            raise ScenarioError([Problem("a list cannot be sampled: give a range, as in PATH=FROM:TO", wanted.path)])
        return axis(scenario, wanted.path, wanted.values, wanted.log)
    if sampled and wanted.points is not None:
        message = "a sample has no steps: give the range alone, as in PATH=FROM:TO"
        raise ScenarioError([Problem(message, wanted.path)])
    if sampled:
        return sampled_axis(scenario, wanted.path, wanted.low, wanted.high, wanted.log)
    if wanted.points is None:
        message = "needs a number of points, as in PATH=FROM:TO:POINTS (or --sample lhs:N)"
        raise ScenarioError([Problem(message, wanted.path)])
    values = steps(wanted.path, wanted.low, wanted.high, wanted.points, wanted.log)
    return axis(scenario, wanted.path, values, wanted.log)
