"""Sensitivity: which of a scenario's ranges move its outcome, by Sobol' indices.

Every range is one factor (ranges drawn together are one), read at a point of the unit cube. Each row of the design
gives every factor a point. A base row and the rows that differ from it in one factor meet the same luck, so that they
differ by that factor alone; the next base row meets other luck. Luck is thus one more factor, of which no index is
given, and the intervals cover it. Design and estimators are SALib's: Saltelli et al. (2010, CPC 181:259).
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray
from typing_extensions import TypedDict

from sim.negotiation.assumptions import ranged, valued
from sim.negotiation.model import Negotiation
from sim.negotiation.streams import BLOCK
from sim.scenario.schema import Scenario
from sim.study.forms import Real
from sim.study.spread import Counts
from sim.study.statistics import LEVEL
from sim.study.summary import HORIZONS

OUTCOMES = ("settlement", *(f"lasting.{n}" for n in HORIZONS))
"""What the indices can be about; the order is that of the counts of a row."""

RESAMPLES = 500
"""Bootstrap samples behind each interval."""

Units = NDArray[np.float64]


class Estimate(TypedDict):
    """An index and its 95 % interval by bootstrap over the rows."""

    value: Real
    low: Real
    high: Real


class FactorIndices(TypedDict):
    """A factor and its share of the variance: `first` by itself, `total` together with all it acts upon."""

    name: str
    paths: list[str]
    first: Estimate
    total: Estimate


@dataclass(frozen=True)
class Factor:
    """A range, or several that are drawn together: the label or path that names it, and the paths it leads to."""

    name: str
    paths: tuple[str, ...]


def factors(case: Scenario) -> list[Factor]:
    """Return a scenario's factors, in the order of its parameters."""
    streams: dict[str, list[str]] = {}
    for path, stream in ranged(case).items():
        streams.setdefault(stream, []).append(path)
    return [Factor(stream.removeprefix("shared:"), tuple(paths)) for stream, paths in streams.items()]


def design(count: int, rows: int, seed: int) -> Units:
    """Return the design for `count` factors: shape (rows·(count + 2), count), in [0, 1].

    Of `rows` base rows (a power of two), each is followed by itself with one factor after the other exchanged for that
    of a second base row, which ends the group. A larger design begins with a smaller one of the same seed.
    """
    from SALib.sample import sobol  # takes .5 s to import

    found: Units = sobol.sample(_problem(count), rows, calc_second_order=False, seed=np.random.default_rng(seed))
    return found


def play_rows(case: Scenario, units: Units, plays: int, block: int = 0) -> Counts:
    """Return how often each row settled, and held for each horizon: shape (outcomes, rows).

    `units` begins with a base row. Every row is played `plays` times (at most BLOCK), with luck of one block of runs:
    each base row, and those that go with it, with that of the next `plays` runs, from the first again after the last.
    """
    streams = [factor.paths for factor in factors(case)]
    base = np.arange(len(units)) // (len(streams) + 2)
    luck = block * BLOCK + (base[:, None] * plays + np.arange(plays)) % BLOCK
    size = max(1, BLOCK // plays)
    counts = [
        _play(case, streams, units[start : start + size], luck[start : start + size])
        for start in range(0, len(units), size)
    ]
    return np.concatenate(counts, axis=1)


def _play(case: Scenario, streams: Sequence[Sequence[str]], units: Units, lucks: NDArray[np.int64]) -> Counts:
    """Play some rows side by side, each with its runs' luck, shape (rows, plays)."""
    plays = lucks.shape[1]
    points = {path: np.repeat(column, plays) for paths, column in zip(streams, units.T, strict=True) for path in paths}
    luck = lucks.ravel()
    negotiation = Negotiation(case, len(luck), values=valued(case, points), luck=luck)
    negotiation.run_model()
    outcomes = negotiation.outcomes()
    negotiation.release()
    settled = outcomes["outcome"] == "settlement"
    events = [settled, *(settled & (outcomes["held"] >= horizon) for horizon in HORIZONS)]
    return np.array([event.reshape(len(units), plays).sum(axis=1) for event in events], dtype=np.int64)


def indices(named: Sequence[Factor], outputs: NDArray[np.float64], seed: int) -> list[FactorIndices] | None:
    """Return the indices of factors from the outputs of their design; None where all outputs are the same.

    Raises ValueError if an output is not finite: SALib would return zeros.
    """
    if not np.isfinite(outputs).all():
        raise ValueError(f"row {int(np.flatnonzero(~np.isfinite(outputs))[0])} of the design has no finite output")
    if np.ptp(outputs) == 0.0:
        return None
    from SALib.analyze import sobol  # takes .5 s to import

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of few or equal rows, which the width of the intervals says as well
        found = sobol.analyze(
            _problem(len(named)),
            outputs,
            calc_second_order=False,
            num_resamples=RESAMPLES,
            conf_level=LEVEL,
            seed=seed + 1,  # SALib takes 0 for no seed
        )
    return [
        {
            "name": factor.name,
            "paths": list(factor.paths),
            "first": _estimate(found["S1"][n], found["S1_conf"][n]),
            "total": _estimate(found["ST"][n], found["ST_conf"][n]),
        }
        for n, factor in enumerate(named)
    ]


def unmoved_factors(named: Sequence[Factor], successes: Counts) -> list[str]:
    """Return the names of the factors that no row depends on: exchanging them changed no row's counts.

    `successes` counts, for each row of the design, the runs that came out so.
    """
    groups = successes.reshape(-1, len(named) + 2)
    return [factor.name for n, factor in enumerate(named, 1) if (groups[:, n] == groups[:, 0]).all()]


def luck_left(successes: Counts, plays: int) -> float | None:
    """Return the share of the variance of rows that is left-over luck: what more plays of each row would take away.

    The binomial noise p(1 − p)/plays of a row, averaged over rows, over the variance between rows. First indices of all
    factors sum up to less by so much. None where rows do not differ or are played once.
    """
    shares = successes / plays
    scatter = float(np.var(shares, ddof=1)) if len(shares) > 1 else 0.0
    if scatter == 0.0 or plays < 2:
        return None
    return min(1.0, float(np.mean(shares * (1.0 - shares))) / (plays - 1) / scatter)


def _estimate(value: Any, reach: Any) -> Estimate:
    """Return an index with its interval."""
    assert isfinite(value) and isfinite(reach)
    return {"value": float(value), "low": float(value - reach), "high": float(value + reach)}


def _problem(count: int) -> dict[str, Any]:
    """Return so many factors on the unit cube as SALib describes them."""
    return {"num_vars": count, "names": [str(n) for n in range(count)], "bounds": [[0.0, 1.0]] * count}
