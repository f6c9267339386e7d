"""What it means to carry a leading axis of runs: narrowing state to the runs that still go on."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def narrowed(state: Any, kept: NDArray[np.intp]) -> Any:
    """Return `state` for the runs in `kept` (indexes along the first axis).

    Arrays are taken along their first axis; dictionaries, lists and tuples element by element; anything else is the
    same in all runs and stays as it is.
    """
    if isinstance(state, np.ndarray):
        return state[kept]
    if isinstance(state, dict):
        return {key: narrowed(value, kept) for key, value in state.items()}
    if isinstance(state, (list, tuple)):
        return type(state)(narrowed(value, kept) for value in state)
    if isinstance(state, PerRun):
        return state.of(kept)
    return state


class PerRun:
    """Something whose array attributes all have a leading axis of runs."""

    def narrow(self, kept: NDArray[np.intp]) -> None:
        """Keep only the runs in `kept` (indexes along the first axis), in place."""
        for name, value in vars(self).items():
            vars(self)[name] = narrowed(value, kept)

    def of(self, kept: NDArray[np.intp]) -> Any:
        """Return a copy that holds only the runs in `kept`; this object is left alone."""
        copy = object.__new__(type(self))
        vars(copy).update({name: narrowed(value, kept) for name, value in vars(self).items()})
        return copy
