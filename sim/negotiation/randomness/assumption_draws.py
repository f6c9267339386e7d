"""Draws of the assumptions: the value of every uncertain parameter, drawn once a run from its range."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.negotiation.randomness.random_streams import draw_range_points
from sim.scenario.model.parameters import Parameter, parameters, quantities
from sim.scenario.model.quantities import Quantity
from sim.scenario.model.schema import Scenario


def draw_assumptions(case: Scenario, numbers: NDArray[np.int64]) -> dict[str, Any]:
    """Draw the assumptions of some runs: return every parameter path with its value, ranges as arrays of shape (runs,).

    `numbers` are the runs' numbers, all of one block. A fixed number or a word is itself; a range is an array of shape
    (runs,). Each ranged path has a stream of its own, named by the path; paths with the same `shared` label are read at
    the same point of their ranges.
    """
    known = parameters(case)
    streams = _streams(_quantities(known))
    return _draw(known, {path: draw_range_points(case.seed, numbers, stream) for path, stream in streams.items()})


def draw_ranges(case: Scenario, numbers: NDArray[np.int64]) -> dict[str, NDArray[np.float64]]:
    """Draw the assumptions that are ranges, by path, in some runs of one block: (runs,) each.

    Parameters with a fixed value are left out.
    """
    known = quantities(case)
    return {
        path: known[path].quantile(draw_range_points(case.seed, numbers, stream))
        for path, stream in _streams(known).items()
    }


def list_range_streams(case: Scenario) -> dict[str, str]:
    """Return every path whose assumption is drawn from a range, with the name of the stream that it is drawn with.

    That is the path itself, or the label that it shares with others.
    """
    return _streams(quantities(case))


def _streams(known: Mapping[str, Quantity]) -> dict[str, str]:
    """Return the name of the stream by path for those of some numbers that are ranges."""
    return {
        path: f"shared:{quantity.shared}" if quantity.shared else path
        for path, quantity in known.items()
        if quantity.is_range
    }


def draw_at_points(case: Scenario, units: Mapping[str, NDArray[np.float64]]) -> dict[str, Any]:
    """Draw the assumptions at given points of their ranges: return every parameter path with its value.

    `units` holds the points by stream: (runs,), in [0, 1].
    """
    return _draw(parameters(case), units)


def _draw(known: Mapping[str, Parameter], units: Mapping[str, NDArray[np.float64]]) -> dict[str, Any]:
    """Return the value of every parameter, ranges read at some points."""
    values: dict[str, Any] = {path: parameter.value for path, parameter in known.items()}
    for path, quantity in _quantities(known).items():
        values[path] = quantity.quantile(units[path]) if quantity.is_range else float(quantity.central)
    return values


def _quantities(known: Mapping[str, Parameter]) -> dict[str, Quantity]:
    """Return those of some parameters that are numbers from which runs draw."""
    return {path: parameter.quantity for path, parameter in known.items() if parameter.quantity is not None}
