"""Theory marks on the curve: where along a parameter a way to a settlement opens or closes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.negotiation.inspection.theoretical_predictions import critical_distrust
from sim.output.charts.drawing.theory_strip import WAYS
from sim.output.words.numbers_and_names import number
from sim.scenario.model.key_tree import MUTUAL
from sim.scenario.model.schema import Scenario
from sim.study.design.design_points import Axis
from sim.study.settlement_curves import critical_values
from sim.study.theory_boundary import openings

FRAME = "In theory, if beliefs stayed as they are in the first week, every range at its middle"
"""What the words of every closing presuppose."""


@dataclass(frozen=True)
class Closing:
    """Theory mark: a place along a parameter at which a way to a settlement closes or opens, with words for it.

    The place is None for nowhere.
    """

    at: float | None
    words: str


def closings(scenario: Scenario, path: str, low: float, high: float) -> list[Closing]:
    """Return the theory marks along a path (perhaps a pattern) from `low` to `high`.

    Runs in a worker.
    """
    if path == MUTUAL:
        return _critical(scenario)
    found = openings(scenario, Axis(path, (low, high)))
    if found is None:
        return []
    return [closing for way, there in found.items() for closing in _changes(way, there, low, high)]


def _critical(scenario: Scenario) -> list[Closing]:
    """Mutual distrust up to which each way is open, with the middle 90 % over the ranges."""
    told = []
    for way, found in critical_values(critical_distrust(scenario)).items():
        value, low, high = found["value"], found["low"], found["high"]
        over = "" if low is None or high is None or low == high else f" ({number(low)}–{number(high)} over the ranges)"
        told.append(Closing(value, f"{WAYS[way]}{': never' if value is None else f' up to {number(value)}'}{over}"))
    return told


def _changes(way: str, there: NDArray[np.bool_], low: float, high: float) -> list[Closing]:
    """Where a way changes from open to closed or back; its places are evenly spaced from `low` to `high`."""
    x = np.linspace(low, high, len(there))
    flips = np.flatnonzero(there[1:] != there[:-1])
    if not flips.size:
        return [Closing(None, f"{WAYS[way]}{' all along' if there[0] else ': nowhere'}")]
    places = [float(x[flip] + x[flip + 1]) / 2 for flip in flips]
    return [
        Closing(at, f"{WAYS[way]} {'from' if there[flip + 1] else 'up to'} {number(at, _digits(high - low))}")
        for at, flip in zip(places, flips, strict=True)
    ]


def _digits(span: float) -> int:
    """Decimals that tell hundredths of a span apart."""
    return max(2, int(np.ceil(2 - np.log10(span))))
