"""A scenario of which the answer is known: one week, one issue, one text, accepted with a chance in closed form."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.scenario.loading.scenario_loader import scenario_from_data
from sim.scenario.model.schema import Scenario

SHARPNESS = 10.0


def coins(**second: Any) -> Scenario:
    """Two parties that trust each other; the first's reservation is .5, `second` changes what the second is like.

    In the last week an author keeps its reservation and leaves the rest, so the other gains 1 − .5 − r, whoever
    writes, and accepts with the chance `settling`.
    """
    party = {"salience": {"pie": 1}, "reservation": 0.5, "betrayal_loss": 0.1}
    return scenario_from_data(
        {
            "rounds": 1,
            "deadline": 1,
            "loss": "linear",
            "sharpness": SHARPNESS,
            "issues": {"pie": {}},
            "parties": {"a": {**party, "aims": {"pie": 1}}, "b": {**party, "aims": {"pie": 0}, **second}},
            "distrust": {"a": {"b": 0}, "b": {"a": 0}},
            "implementation": {"periods": 60},
            "seed": 3,
        }
    )


def settling(reservation: NDArray[np.float64] | float) -> Any:
    """The chance of a settlement if the second party's reservation is so much."""
    return 1 / (1 + np.exp(-SHARPNESS * (0.5 - np.asarray(reservation))))
