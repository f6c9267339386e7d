"""Design points: the combinations of parameter values at which a scenario is simulated, on a grid or sampled.

A design point assigns a value to every path that is varied. `None` for a parameter of the mediator stands for a
negotiation without one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import isfinite, prod
from numbers import Real
from typing import TypeAlias, cast

import numpy as np
from pydantic import ValidationError

from sim.scenario.errors import Problem, ScenarioError, describe_value
from sim.scenario.loading.assignment import assign
from sim.scenario.model.key_tree import MUTUAL, covered, select
from sim.scenario.model.parameters import expand, names_of, parameters
from sim.scenario.model.schema import Scenario

Value: TypeAlias = float | int | str | None

Point: TypeAlias = Mapping[str, Value]
"""Values by path, in the order in which the paths were given."""

MOST_POINTS = 1_000_000
"""Design points that the names of parts can tell apart."""

METHODS = ("lhs", "sobol")

MOST_DIGITS = 12
"""Digits of a number of points; what is longer is no number that anybody means."""

DIGITS = 12
"""Significant digits of the values of a grid: 0.3 rather than 0.30000000000000004."""


@dataclass(frozen=True)
class Axis:
    """Axis of a design: a path (or pattern) with its values or, if design points are sampled, the ends of its range.

    With `log` it is read on a logarithmic scale: in charts, between design points, and where points are sampled.
    """

    path: str
    values: tuple[Value, ...]
    log: bool = False

    @property
    def numeric(self) -> bool:
        """Whether all values are numbers."""
        return all(isinstance(value, int | float) for value in self.values)

    @property
    def numbers(self) -> list[float]:
        """The values in rising order. Raises ValueError if they are not all numbers."""
        if not self.numeric:
            raise ValueError(f"{self.path} is not varied over numbers")
        return sorted(float(value) for value in self.values)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Design:
    """Design points and their axes: a grid, or `lhs` or `sobol` points sampled from the ranges of the axes.

    The grid's `method` is "grid".
    """

    method: str
    axes: tuple[Axis, ...]
    points: tuple[Point, ...]

    @property
    def varied(self) -> tuple[Axis, ...]:
        """The axes of a grid; none in a sampled design, where every point has values of its own."""
        return self.axes if self.method == "grid" else ()

    @property
    def vary(self) -> dict[str, list[Value]]:
        """What is varied, as `sweep` takes it: the values of each path, or the two ends of its range."""
        return {axis.path: list(axis.values) for axis in self.axes}

    @property
    def sample(self) -> str | None:
        """How points were sampled, as `sweep` takes it ("lhs:200"); None of a grid."""
        return None if self.method == "grid" else f"{self.method}:{len(self.points)}"

    @property
    def log(self) -> list[str]:
        """The paths that are read on a logarithmic scale."""
        return [axis.path for axis in self.axes if axis.log]


def steps(path: str, low: float, high: float, points: int, log: bool = False) -> tuple[float, ...]:
    """Return evenly spaced values for an axis of design points, both ends included, with `log` on a logarithmic scale.

    Raises ScenarioError for a range that is none.
    """
    _check_range(path, low, high, log)
    if points < 2:
        raise _error(path, f"needs at least 2 points, from {low:g} to {high:g}, not {points}")
    if points > MOST_POINTS:
        raise _error(path, f"takes at most {MOST_POINTS:,} points, not {points:,}")
    spaced = (np.geomspace if log else np.linspace)(low, high, points)
    return tuple(float(f"{value:.{DIGITS}g}") for value in spaced)


def axis(scenario: Scenario, path: str, values: Iterable[Value], log: bool = False) -> Axis:
    """Return an axis of design points with the values given, each of them allowed in the scenario.

    Raises ScenarioError.
    """
    listed = [_plain(path, value) for value in values]
    if log:
        _check_log(path, listed)
    if len(listed) < 2:
        raise _error(path, f"needs at least two values, not {len(listed)}")
    if len(listed) > MOST_POINTS:
        raise _error(path, f"takes at most {MOST_POINTS:,} values, not {len(listed):,}")
    if len(set(listed)) < len(listed):
        seen: set[Value] = set()
        twice = next(value for value in listed if value in seen or seen.add(value))  # type: ignore[func-returns-value]
        raise _error(path, f"{describe_value(twice)} is given twice")
    plain = [value for value in listed if not isinstance(value, int | float)]
    ends = sorted({value for value in listed if isinstance(value, int | float)})
    exact = _is_exact(scenario, path, (ends or plain)[0])
    between = [value for value in ends[1:-1] if exact and not _is_admitted(scenario, path, value)]
    for value in [*plain, *dict.fromkeys((*ends[:1], *ends[-1:], *between))]:
        assign(scenario, assignments({path: value}))
    return Axis(path, tuple(value if exact or value is None else float(value) for value in listed), log)


def sampled_axis(scenario: Scenario, path: str, low: float, high: float, log: bool = False) -> Axis:
    """Return an axis from whose range design points are sampled.

    Raises ScenarioError for a range that is none, for words and whole numbers.
    """
    _check_range(path, low, high, log)
    if _is_exact(scenario, path, low):
        raise _error(path, "takes words or whole numbers, which cannot be sampled from a range: vary it on a grid")
    return axis(scenario, path, (low, high), log)


def main_axis(axes: Iterable[Axis]) -> Axis | None:
    """Return the numeric axis along which a grid of design points is read: mutual distrust, or else the longest.

    That is the one with the most values.
    """
    numeric = [axis for axis in axes if axis.numeric]
    return max(numeric, key=lambda axis: (axis.path == MUTUAL, len(axis.values)), default=None)


def check_size(points: int) -> None:
    """Raise ScenarioError if a grid has more design points than a design can have."""
    if points > MOST_POINTS:
        size = f"{points:,}" if points < 10**MOST_DIGITS else f"more than 10^{MOST_DIGITS}"
        raise ScenarioError([Problem(f"a design can have {MOST_POINTS:,} points; this grid has {size}")])


def grid(axes: Sequence[Axis]) -> Design:
    """Return a grid of design points: every combination of the values of some axes.

    Raises ScenarioError where there are too many. The axes of words and whole numbers move slowest, so that points that
    can be played side by side are neighbours.
    """
    check_size(prod(len(axis.values) for axis in axes))
    slowest_first = sorted(axes, key=lambda axis: all(isinstance(value, float) for value in axis.values))
    chosen = (
        dict(zip((axis.path for axis in slowest_first), values, strict=True))
        for values in product(*(axis.values for axis in slowest_first))
    )
    return Design("grid", tuple(axes), tuple({axis.path: point[axis.path] for axis in axes} for point in chosen))


def sample(method: str, count: int, axes: Sequence[Axis], seed: int) -> Design:
    """Return `count` design points sampled from the ranges of some axes, as a Latin hypercube or Sobol' sequence.

    The seed and nothing else decides which. `lhs`: a Latin hypercube (McKay et al. 1979), `sobol`: a scrambled Sobol'
    sequence (Owen 1998), whose `count` must be a power of two. Along an axis with `log` the points are spread evenly
    over its logarithms. Raises ScenarioError.
    """
    problem = sample_problem(method, count)
    if problem:
        raise ScenarioError([Problem(problem)])
    from scipy.stats import qmc  # takes .6 s to import

    engine = (qmc.LatinHypercube if method == "lhs" else qmc.Sobol)(d=len(axes), seed=np.random.default_rng(seed))
    low, high = (np.array([cast("float", axis.values[end]) for axis in axes]) for end in (0, -1))
    log = np.array([axis.log for axis in axes])
    ratios = np.divide(high, low, out=np.ones_like(low), where=log)
    units = engine.random(count)
    places = np.where(log, low * ratios**units, low + (high - low) * units)
    points = tuple({axis.path: float(x) for axis, x in zip(axes, place, strict=True)} for place in places)
    return Design(method, tuple(axes), points)


def sample_problem(method: str, count: int) -> str | None:
    """Return the problem with a method and number of sampled design points, or None if there is none."""
    if method not in METHODS:
        return f"knows lhs:N (Latin hypercube) and sobol:N (Sobol' sequence), not {method!r}"
    if not 1 <= count <= MOST_POINTS:
        return f"takes from 1 to {MOST_POINTS:,} points, not {count:,}"
    if method == "sobol" and count & (count - 1):
        below = 1 << (count.bit_length() - 1)
        return f"Sobol' points are balanced in powers of two only: {below} or {2 * below}, not {count}"
    return None


def overlap(scenario: Scenario, axes: Sequence[Axis]) -> tuple[Axis, Axis, str] | None:
    """Return two axes of design points that vary one and the same parameter, and that parameter; None if none do.

    The later axis is the second.
    """
    targets = {axis.path: _targets(scenario, axis.path, axis.values[0]) for axis in axes}
    for first, second in combinations(axes, 2):
        common = [path for path in targets[first.path] if path in targets[second.path]]
        if common:
            return first, second, common[0]
    return None


def assignments(point: Point) -> dict[str, Value]:
    """Return the values that a design point assigns, by path; None for its parameter removes the mediator.

    That is, None for any parameter of the mediator.
    """
    return {"mediator" if value is None else path: value for path, value in point.items()}


def _check_log(path: str, values: Sequence[Value]) -> None:
    """Raise ScenarioError where values have no place on a logarithmic scale."""
    for value in values:
        if not isinstance(value, int | float):
            raise _error(path, f"a log scale takes numbers, not {describe_value(value)}")
        if value <= 0:
            raise _error(path, f"a log scale takes numbers above 0, not {value:g}")


def _check_range(path: str, low: float, high: float, log: bool) -> None:
    for end in (low, high):
        if not isfinite(end):
            raise _error(path, f"must go from a number to a number, not to {end}")
    if low >= high:
        wrong = "is empty" if low == high else "is reversed"
        raise _error(path, f"the range from {low:g} to {high:g} {wrong}: it must go up")
    if log:
        _check_log(path, (low, high))


def _plain(path: str, value: object) -> Value:
    """Return a value as plain Python has it; only numbers, words and (for the mediator's parameters) null will do."""
    if value is None and path.startswith("mediator."):
        return None
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool) or not isinstance(value, Real):
        raise _error(path, f"the values must be numbers or words, not {describe_value(value)}")
    if not isfinite(value):
        raise _error(path, f"the values must be finite, not {float(value)}")
    number = float(value)
    return int(number) if number.is_integer() else number


def _is_exact(scenario: Scenario, path: str, value: Value) -> bool:
    """Whether a path leads to words or whole numbers rather than to coefficients. Raises ScenarioError."""
    if value is None:
        value = parameters(scenario)[expand(scenario, path)[0]].value
    case = assign(scenario, {path: value})
    known = parameters(case)
    return any(known[target].quantity is None for target in select(path, known, names_of(case)))


def _is_admitted(scenario: Scenario, path: str, value: Value) -> bool:
    """Whether the parameters that a path leads to may have a value, for all that they themselves say."""
    try:
        for leaf in covered(path, names_of(scenario)).values():
            leaf.adapter.validate_python(value)
    except ValidationError:
        return False
    return True


def _targets(scenario: Scenario, path: str, value: Value) -> dict[str, Value]:
    """Return the parameters that a path leads to, with their values."""
    case = scenario if value is None else assign(scenario, {path: value})
    known = parameters(case)
    return {target: known[target].value for target in select(path, known, names_of(case))}


def _error(path: str, message: str) -> ScenarioError:
    return ScenarioError([Problem(message, path)])
