"""Theory boundary: where over two parameters theory says that a settlement is possible, beside a grid of runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.negotiation.inspection.theoretical_predictions import ways_open
from sim.negotiation.randomness.assumption_draws import draw_assumptions
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
    """Theory boundary over two parameters: where each way to a settlement is open.

    `ways`, by way, has shape (up, across), True where it is open.
    """

    across: Array
    up: Array
    ways: dict[str, NDArray[np.bool_]]


def boundary(scenario: Scenario, across: Axis, up: Axis) -> Boundary | None:
    """Return the theory boundary over two parameters: where a settlement is possible.

    Every other range is at its middle. Both axes must be of numbers. None where theory cannot say: for words and whole
    numbers, and values that cannot stand together.
    """
    asked = _ask(scenario, (across, up))
    if asked is None:
        return None
    rows = BLOCK // CELLS
    pieces = [asked.answer(slice(start, start + rows)) for start in range(0, CELLS, rows)]
    x, y = asked.places
    return Boundary(x, y, {way: np.concatenate([piece[way] for piece in pieces]) for way in pieces[0]})


def openings(scenario: Scenario, along: Axis) -> dict[str, NDArray[np.bool_]] | None:
    """Return the theory boundary along one parameter: where each way to a settlement is open, shape (CELLS,) each.

    Every range is at its middle. At evenly spaced places from the least to the greatest value, on the axis's own scale.
    None where theory cannot say.
    """
    asked = _ask(scenario, (along,))
    return None if asked is None else asked.answer()


@dataclass(frozen=True)
class _Question:
    """A scenario, its values, the parameters that each axis leads to, and the places along each axis."""

    case: Scenario
    values: Mapping[str, Any]
    targets: Sequence[Sequence[str]]
    places: Sequence[Array]

    def answer(self, rows: slice = slice(None)) -> dict[str, NDArray[np.bool_]]:
        """Return where each way is open, in some rows of the last axis: (…, across); at most a block of points."""
        *others, last = self.places
        columns = np.meshgrid(*others, last[rows])
        given = dict(self.values)
        for paths, column in zip(self.targets, columns, strict=True):
            given |= dict.fromkeys(paths, column.ravel())
        found = ways_open(self.case, given, columns[0].size)
        return {way: possible.reshape(columns[0].shape) for way, possible in found.items()}


def _ask(scenario: Scenario, axes: Sequence[Axis]) -> _Question | None:
    """Return what is asked along axes, every other range at its middle; None where theory cannot say."""
    places = [_spaced(axis) for axis in axes]
    first = {axis.path: float(x[0]) for axis, x in zip(axes, places, strict=True)}
    try:
        case = assign(central(scenario), assignments(first))
    except ScenarioError:
        return None
    values = draw_assumptions(case, np.arange(1))
    targets = [select(axis.path, values, names_of(case)) for axis in axes]
    numeric = all(paths and all(isinstance(values[path], float) for path in paths) for paths in targets)
    return _Question(case, values, targets, places) if numeric else None


def _spaced(axis: Axis) -> Array:
    """Return places evenly spaced over an axis, on its own scale."""
    return (np.geomspace if axis.log else np.linspace)(axis.numbers[0], axis.numbers[-1], CELLS)
