"""Plain values, as a YAML file would give them, from Python's: numbers of numpy, tuples, arrays, quantities."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from numbers import Integral, Real
from typing import Any

import numpy as np

from sim.scenario.errors import Problem, ScenarioError, describe_argument
from sim.scenario.model.quantities import BESIDE, Quantity, Range
from sim.scenario.model.words_and_counts import Count, Word, rewrap


def plain(value: object, depth: int = 0) -> Any:
    """Return a Python value as a plain value; an object that is no data stays as it is, for the checks to refuse.

    In a mapping None for `claim`, `assumption` or `shared` says that there is none. Beyond some depth nothing is
    converted: no part of a scenario lies so deep, but a list may contain itself.
    """
    match value:
        case None | bool() | Word() | Count():
            return rewrap(value) if isinstance(value, Word | Count) else value
        case Quantity() | Range():
            return plain(value.written(), depth)
        case np.bool_():
            return bool(value)
        case str():
            return str(value)
        case Integral():
            return int(value)
        case Real() | Decimal():
            return float(value)
        case Mapping() if depth < _DEEPEST:
            return {
                str(key): plain(part, depth + 1) for key, part in value.items() if part is not None or key not in BESIDE
            }
        case np.ndarray() if depth < _DEEPEST and not np.ma.is_masked(value):
            return [plain(part, depth + 1) for part in value.tolist()] if value.ndim else plain(value.item(), depth)
        case list() | tuple() if depth < _DEEPEST:
            return [plain(part, depth + 1) for part in value]
    return value


_DEEPEST = 20


def flag(name: str, value: object) -> bool:
    """Return a Python value as a plain True or False.

    It may be a boolean of any type. Raises ScenarioError.
    """
    given = plain(value)
    if not isinstance(given, bool):
        raise ScenarioError([Problem(f"{name} must be True or False, not {describe_argument(given)}")])
    return given
