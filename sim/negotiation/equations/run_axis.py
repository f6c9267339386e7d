"""The leading run axis of arrays: state along it, and the selection of some of its runs."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Places: TypeAlias = NDArray[np.intp]
"""Some runs, as indexes along the first axis."""

EVERYWHERE = slice(None)
"""All runs, where a choice of runs is asked for: it takes no copy."""


def select_runs(state: Any, kept: Places | slice) -> Any:
    """Return arrays or other state narrowed along the run axis to the runs in `kept`.

    `kept` holds indexes along the first axis. Arrays are taken along their first axis; dictionaries, lists and tuples
    element by element; anything else is the same in all runs and stays as it is.
    """
    if isinstance(state, np.ndarray):
        if not state.ndim:
            return state
        return state[kept] if isinstance(kept, slice) else state.take(kept, axis=0)  # faster than by brackets
    if isinstance(state, dict):
        return {key: select_runs(value, kept) for key, value in state.items()}
    if isinstance(state, (list, tuple)):
        return type(state)(select_runs(value, kept) for value in state)
    if isinstance(state, PerRun):
        return state.of(kept)
    return state


def filter_rows(places: Places | slice, passed: NDArray[np.bool_]) -> Places:
    """Return those positions along the run axis in `places` for which `passed` is true.

    `passed` has one answer for each of them.
    """
    found: Places = np.flatnonzero(passed)
    return found if isinstance(places, slice) else places.take(found)


class PerRun:
    """Base class of state whose array attributes all have a leading run axis."""

    def narrow(self, kept: Places) -> None:
        """Keep only the runs in `kept` (indexes along the first axis), in place."""
        for name, value in vars(self).items():
            vars(self)[name] = select_runs(value, kept)

    def of(self, kept: Places | slice) -> Any:
        """Return a copy that holds only the runs in `kept`; this object is left alone."""
        copy = object.__new__(type(self))
        vars(copy).update({name: select_runs(value, kept) for name, value in vars(self).items()})
        return copy
