"""Where, over two parameters at once, theory says that a settlement is possible: beside what a grid of runs found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.negotiation.inspection.theoretical_predictions import ways_open
from sim.negotiation.randomness.assumption_draws import drawn
from sim.negotiation.randomness.random_streams import BLOCK
from sim.scenario.errors import ScenarioError
from sim.scenario.loading.assignment import assign, central
from sim.scenario.model.key_tree import select
from sim.scenario.model.parameters import names_of
from sim.scenario.model.schema import Scenario
from sim.study.design.design_points import Axis, assignments

CELLS = 128
"""Points along each parameter at which theory is asked."""


Array = NDArray[np.float64]


@dataclass(frozen=True)
class Boundary:
    """Where each way to a settlement is open: `ways`, by way, has shape (up, across), True where it is."""

    across: Array
    up: Array
    ways: dict[str, NDArray[np.bool_]]


def boundary(scenario: Scenario, across: Axis, up: Axis) -> Boundary | None:
    """Return where theory says that a settlement is possible, every other range at its middle.

    Both axes must be of numbers. None where theory cannot say: for words and whole numbers, and values that cannot
    stand together.
    """
    x, y = (_spaced(axis) for axis in (across, up))
    try:
        case = assign(central(scenario), assignments({across.path: float(x[0]), up.path: float(y[0])}))
    except ScenarioError:
        return None
    values = drawn(case, np.arange(1))
    targets = {axis: select(axis.path, values, names_of(case)) for axis in (across, up)}
    if not all(isinstance(values[path], float) for paths in targets.values() for path in paths):
        return None
    rows = BLOCK // CELLS
    pieces = [_asked(case, values, targets, x, y[start : start + rows]) for start in range(0, CELLS, rows)]
    return Boundary(x, y, {way: np.concatenate([piece[way] for piece in pieces]) for way in pieces[0]})


def openings(scenario: Scenario, along: Axis) -> dict[str, NDArray[np.bool_]] | None:
    """Return where along one parameter each way to a settlement is open, every range at its middle: (CELLS,) each.

    At evenly spaced places from the least to the greatest value, on the axis's own scale. None where theory cannot say.
    """
    x = _spaced(along)
    try:
        case = assign(central(scenario), assignments({along.path: float(x[0])}))
    except ScenarioError:
        return None
    values = drawn(case, np.arange(1))
    paths = select(along.path, values, names_of(case))
    if not paths or not all(isinstance(values[path], float) for path in paths):
        return None
    return ways_open(case, {**values, **dict.fromkeys(paths, x)}, x.size)


def _spaced(axis: Axis) -> Array:
    """Return places evenly spaced over an axis, on its own scale."""
    return (np.geomspace if axis.log else np.linspace)(axis.numbers[0], axis.numbers[-1], CELLS)


def _asked(
    case: Scenario, values: Mapping[str, Any], targets: Mapping[Axis, Iterable[str]], x: Array, y: Array
) -> dict[str, NDArray[np.bool_]]:
    """Return where each way is open over some of the rows: shape (y, x); at most a block of points."""
    columns = (column.ravel() for column in np.meshgrid(x, y))
    given = dict(values)
    for paths, column in zip(targets.values(), columns, strict=True):
        given |= dict.fromkeys(paths, column)
    found = ways_open(case, given, x.size * y.size)
    return {way: possible.reshape(y.size, x.size) for way, possible in found.items()}
