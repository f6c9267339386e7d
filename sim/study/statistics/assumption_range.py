"""The range over the assumptions: how far a share moves with uncertain inputs, which no number of runs removes.

Every draw of the assumptions is played out many times with other random numbers, which gives each draw its own share of
settlements, known up to the noise of that inner sample. The noise is then taken out of their scatter.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from typing_extensions import TypedDict

from sim.negotiation.model import Negotiation
from sim.negotiation.randomness.assumption_draws import draw_assumptions, list_range_streams
from sim.negotiation.randomness.random_streams import BLOCK
from sim.scenario.model.schema import Scenario
from sim.study.storage.json_forms import Share

DRAWS = 512
"""Draws of the assumptions; they are those of the ensemble's first runs."""

PLAYS = 32
"""How often each draw is played out; each time with the random numbers of another run."""

LEVEL = 0.90
"""Share of the draws that the range is to hold, as many left out below it as above."""

Counts = NDArray[np.int64]


class Extent(TypedDict):
    """Range over the assumptions: the middle 90 % of a share."""

    low: Share
    high: Share


def blocks() -> range:
    """Return the blocks of plays from which the range over the assumptions is estimated: a task for each.

    Each block has its own random numbers for the draws.
    """
    return range(DRAWS * PLAYS // BLOCK)


def play_draws(case: Scenario, block: int, horizons: Sequence[int]) -> Counts:
    """Count each draw's settlements in one block, from which the range over the assumptions is estimated.

    Every draw is played with the random numbers of the block. The counts say how often each draw settled, and held for
    each of `horizons`. Shape (1 + horizons, draws). Run n of the block plays draw n mod DRAWS.
    """
    which = np.arange(BLOCK) % DRAWS
    values = draw_assumptions(case, which)
    numbers = np.arange(block * BLOCK, (block + 1) * BLOCK)
    events = play_events(Negotiation(case, BLOCK, values=values, stream_runs=numbers), horizons)
    return np.array([np.bincount(which, event, minlength=DRAWS).astype(np.int64) for event in events])


def play_events(negotiation: Negotiation, horizons: Sequence[int]) -> list[NDArray[np.bool_]]:
    """Return which runs settled, and held for each horizon, to estimate the range over the assumptions.

    The negotiation is played out first. Runs that held for a horizon settled and held that long.
    """
    negotiation.run_model()
    outcomes = negotiation.outcomes()
    negotiation.release()
    settled = outcomes["outcome"] == "settlement"
    return [settled, *(settled & (outcomes["held"] >= horizon) for horizon in horizons)]


def noise_free_range(successes: Counts, trials: int, level: float = LEVEL) -> Extent:
    """Return the range over the assumptions, without simulation noise, from `successes` out of `trials` per draw.

    It holds the middle `level` of the shares behind them. Observed shares scatter more than the shares behind them, by
    binomial noise of p(1 − p)/trials. They are drawn in towards their mean until their variance is what is left without
    that noise, and their quantiles read: constrained empirical Bayes, exact in mean and variance whatever the shape.
    Source: Louis (1984, JASA 79:393), Ghosh (1992, JASA 87:533). With no more scatter than noise explains, the range is
    a point.
    """
    shares = successes / trials
    noise, scatter = noise_in(successes, trials)
    kept = np.sqrt(max(scatter - noise, 0.0) / scatter) if scatter > 0.0 else 0.0
    behind = shares.mean() + kept * (shares - shares.mean())
    low, high = np.quantile(behind, [(1.0 - level) / 2.0, (1.0 + level) / 2.0])
    return {"low": float(np.clip(low, 0.0, 1.0)), "high": float(np.clip(high, 0.0, 1.0))}


def noise_in(successes: Counts, trials: int) -> tuple[float, float]:
    """Return the noise variance in shares, which the range over the assumptions leaves out, and their whole variance.

    The shares are `successes` out of `trials`.
    """
    shares = successes / trials
    scatter = float(np.var(shares, ddof=1)) if len(shares) > 1 else 0.0
    return float(np.mean(shares * (1.0 - shares))) / (trials - 1), scatter


def has_ranges(case: Scenario) -> bool:
    """Return whether a scenario has any range, so that its shares have a range over the assumptions."""
    return bool(list_range_streams(case))
