"""How far a share moves over a scenario's ranges: the part of the uncertainty that no number of runs removes.

Every draw of the assumptions is played out many times with other luck, which gives each draw its own share of
settlements, known up to the noise of that inner sample. The noise is then taken out of their spread.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from typing_extensions import TypedDict

from sim.negotiation.model import Negotiation
from sim.negotiation.randomness.assumption_draws import drawn, ranged
from sim.negotiation.randomness.random_streams import BLOCK
from sim.scenario.model.schema import Scenario
from sim.study.storage.json_forms import Share

DRAWS = 512
"""Draws of the assumptions; they are those of the ensemble's first runs."""

PLAYS = 32
"""How often each draw is played out; each time with the luck of another run."""

LEVEL = 0.90
"""Share of the draws that the range is to hold, as many left out below it as above."""

Counts = NDArray[np.int64]


class Extent(TypedDict):
    """The middle 90 % of a share over the scenario's ranges."""

    low: Share
    high: Share


def blocks() -> range:
    """The blocks of luck with which the draws are played out: a task for each."""
    return range(DRAWS * PLAYS // BLOCK)


def play_draws(case: Scenario, block: int, horizons: Sequence[int]) -> Counts:
    """Play every draw with the luck of one block; return how often each settled, and held for each of `horizons`.

    Shape (1 + horizons, draws). Run n of the block plays draw n mod DRAWS.
    """
    which = np.arange(BLOCK) % DRAWS
    values = drawn(case, which)
    numbers = np.arange(block * BLOCK, (block + 1) * BLOCK)
    events = play_events(Negotiation(case, BLOCK, values=values, stream_runs=numbers), horizons)
    return np.array([np.bincount(which, event, minlength=DRAWS).astype(np.int64) for event in events])


def play_events(negotiation: Negotiation, horizons: Sequence[int]) -> list[NDArray[np.bool_]]:
    """Play a negotiation out; return which of its runs settled, and which settled and held for each of `horizons`."""
    negotiation.run_model()
    outcomes = negotiation.outcomes()
    negotiation.release()
    settled = outcomes["outcome"] == "settlement"
    return [settled, *(settled & (outcomes["held"] >= horizon) for horizon in horizons)]


def noise_free_range(successes: Counts, trials: int, level: float = LEVEL) -> Extent:
    """Return the range that holds the middle `level` of the shares behind `successes` out of `trials` each.

    Observed shares scatter more than the shares behind them, by binomial noise of p(1 − p)/trials. They are drawn in
    towards their mean until their variance is what is left without that noise, and their quantiles read: constrained
    empirical Bayes, exact in mean and variance whatever the shape. Source: Louis (1984, JASA 79:393), Ghosh (1992,
    JASA 87:533). With no more scatter than noise explains, the range is a point.
    """
    shares = successes / trials
    noise, scatter = noise_in(successes, trials)
    kept = np.sqrt(max(scatter - noise, 0.0) / scatter) if scatter > 0.0 else 0.0
    behind = shares.mean() + kept * (shares - shares.mean())
    low, high = np.quantile(behind, [(1.0 - level) / 2.0, (1.0 + level) / 2.0])
    return {"low": float(np.clip(low, 0.0, 1.0)), "high": float(np.clip(high, 0.0, 1.0))}


def noise_in(successes: Counts, trials: int) -> tuple[float, float]:
    """Return the variance that noise gives the shares of `successes` out of `trials`, and all of their variance."""
    shares = successes / trials
    scatter = float(np.var(shares, ddof=1)) if len(shares) > 1 else 0.0
    return float(np.mean(shares * (1.0 - shares))) / (trials - 1), scatter


def has_ranges(case: Scenario) -> bool:
    """Whether anything in a scenario is a range, so that its shares have a spread."""
    return bool(ranged(case))
