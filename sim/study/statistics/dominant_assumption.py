"""The dominant assumption, which carries most of an answer's variance over the assumptions, if one does."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from typing_extensions import TypedDict

from sim.negotiation.randomness.assumption_draws import list_range_streams
from sim.negotiation.randomness.random_streams import draw_range_points
from sim.scenario.model.schema import Scenario
from sim.study.statistics.assumption_range import Counts, noise_in
from sim.study.storage.json_forms import Share

MOST = 0.5
"""Share of the variance from which an assumption is said to carry the answer."""

MOST_NOISE = 0.5
"""Share of simulation error in the variance of shares above which nothing is said."""

GROUPS = 16
"""Groups of draws, by where a range was read, between which shares are compared."""

Numbers = NDArray[np.float64]


class Carrier(TypedDict):
    """Dominant assumption: the paths drawn together as one, and the share of the variance that they explain.

    The variance is that over the ranges.
    """

    paths: list[str]
    share: Share


def carrier(case: Scenario, successes: Counts, trials: int) -> Carrier | None:
    """Return the dominant assumption, which explains at least half of a share's variance over the ranges, or None.

    `successes` (draws,): how often each of the first draws of the scenario's ranges ended so, out of `trials` runs.
    """
    paths: dict[str, list[str]] = {}
    for path, stream in list_range_streams(case).items():
        paths.setdefault(stream, []).append(path)
    shares = successes / trials
    noise, scatter = noise_in(successes, trials)
    if noise >= MOST_NOISE * scatter:
        return None
    numbers = np.arange(len(shares))
    explained = {
        stream: explained_variance(draw_range_points(case.seed, numbers, stream), shares) / (scatter - noise)
        for stream in paths
    }
    stream = max(explained, key=lambda name: explained[name])
    if explained[stream] < MOST:
        return None
    return {"paths": paths[stream], "share": min(explained[stream], 1.0)}


def explained_variance(points: Numbers, shares: Numbers) -> float:
    """Return the variance of a share that an assumption explains, by which the dominant assumption is known.

    That is the variance of the mean of `shares` given `points`, both (draws,), noise taken out. It is the variance
    between groups of neighbouring points less what the scatter within them gives by itself (analysis of variance).
    Source: the correlation ratio of Pearson (1905), with Kelley's (1935) correction; as a first-order index from given
    data: Plischke, Borgonovo & Smith (2013).
    """
    groups = np.array_split(shares[np.argsort(points, kind="stable")], GROUPS)
    between = sum(len(group) * float(group.mean() - shares.mean()) ** 2 for group in groups)
    within = sum(float(((group - group.mean()) ** 2).sum()) for group in groups) / (len(shares) - GROUPS)
    return max(between - (GROUPS - 1) * within, 0.0) / len(shares)
