"""Distrust over time: what every actor believes of every other during the talks, week by week over an ensemble."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.negotiation.model import Negotiation
from sim.negotiation.randomness.random_streams import BLOCK
from sim.scenario.model.schema import Scenario

QUANTILES = (0.05, 0.5, 0.95)
"""The ends and the middle of the band that holds nine in ten runs."""

Beliefs = dict[tuple[str, str], NDArray[np.float64]]
"""Quantiles of distrust by (holder, other): shape (rounds + 1, 3), from before the first round on."""


def beliefs(scenario: Scenario, runs: int) -> Beliefs:
    """Simulate distrust over time: return its quantiles after every round over the first `runs` runs.

    At most a block of runs is simulated. A run that has ended keeps the distrust that it ended with, so that those who
    still talk are no selection.
    """
    negotiation = Negotiation(scenario, min(runs, BLOCK))
    known = {(h, o): negotiation.learners[h].distrust[o].copy() for h, o in negotiation.pairs}
    over = np.zeros(negotiation.lane.size, dtype=bool)
    weeks = [_quantiles(known)]
    while negotiation.running:
        negotiation.step()
        # Arrays still hold some of the runs that ended before, and what happens outside moves distrust there too.
        played = ~over[negotiation.lane]
        rows = negotiation.lane[played]
        for (holder, other), levels in known.items():
            levels[rows] = negotiation.learners[holder].distrust[other][played]
        over[negotiation.lane] = ~negotiation.open
        weeks.append(_quantiles(known))
    weeks += [weeks[-1]] * (int(scenario.rounds) + 1 - len(weeks))
    negotiation.release()
    return {pair: np.array([week[pair] for week in weeks]) for pair in known}


def _quantiles(known: Beliefs) -> Beliefs:
    return {pair: np.quantile(levels, QUANTILES) for pair, levels in known.items()}
