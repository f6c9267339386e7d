"""Implementation of a signed settlement: who breaks it, when and why, or whether it holds to the end.

War costs have stopped; the battlefield goes on. In each period a party breaks a settlement if no settlement is worth
more to it than keeping this one (`interest`), or because it is of the kind that does (`type`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from sim.negotiation.equations.rules import temptation
from sim.negotiation.equations.run_axis import PerRun, Places, select_runs
from sim.negotiation.randomness.random_streams import Streams

Array = NDArray[np.float64]

INTEREST, TYPE = "interest", "type"
_NEVER = np.iinfo(np.int32).max
_WORTH_DROPPING = 0.125  # share of settlements that are over from which it pays to go on without them


class Commitment(PerRun):
    """Commitment that binds one party to implement its signed settlements: arrays of shape (runs,).

    The numbers are meaningful where one was signed. `margin` u_j(x) + penalty·G − r_j at signing: what keeping is worth
    above breaking, leverage apart; `support` L_j·(1 − d_jM); `decay` η_L; `front` e_j; `breach` (1 − h_j)·(1 − G), the
    chance per period of breaking by type.
    """

    def __init__(self, runs: int) -> None:
        self.margin = np.zeros(runs)
        self.support = np.zeros(runs)
        self.decay = np.zeros(runs)
        self.front = np.zeros(runs)
        self.breach = np.zeros(runs)


class Aftermath(PerRun):
    """Commitments of all parties during implementation, and the battlefield that they hold against: (runs,) each."""

    def __init__(self, parties: Iterable[str], runs: int) -> None:
        self.commitments = {party: Commitment(runs) for party in parties}
        self.drift = np.zeros(runs)
        self.volatility = np.zeros(runs)


@dataclass(frozen=True)
class Fate:
    """Fate of each settlement under implementation: periods held, the cause of its end, and who broke it.

    `held` counts periods; `cause` is "", "type" or "interest"; `broken_by` a party or "".
    """

    held: NDArray[np.int32]
    cause: NDArray[np.object_]
    broken_by: NDArray[np.object_]


def implement(aftermath: Aftermath, periods: int, streams: Streams, rows: Places) -> Fate:
    """Return the fate of signed settlements over the `periods` periods of their implementation, in the runs `rows`.

    `rows` are places among all runs. `aftermath` holds these runs only, in the order of `rows`. A party that breaks by
    interest does so at the start of a period, before any type shows; of two that would, the one that gains more by it.
    Type has a constant chance per period, so its period is drawn at once: it is geometric.
    """
    by_type, betrayer = _first_type(aftermath.commitments, streams, rows)
    by_interest, breaker = _first_interest(aftermath, periods, streams, rows, by_type)
    names = np.array(list(aftermath.commitments), dtype=object)
    interest = by_interest <= np.minimum(by_type, periods)
    type_ = ~interest & (by_type <= periods)
    broken = interest | type_
    first = np.where(interest, by_interest, by_type)
    return Fate(
        held=np.where(broken, first - 1, periods).astype(np.int32),
        cause=np.where(interest, INTEREST, np.where(type_, TYPE, "")).astype(object),
        broken_by=np.where(broken, names[np.where(interest, breaker, betrayer)], "").astype(object),
    )


def _first_type(
    commitments: Mapping[str, Commitment], streams: Streams, rows: Places
) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """Return the period in which the first party breaks by type (a huge number if none), and which party.

    Source: a geometric waiting time is an exponential one, rounded up.
    """
    clocks = []
    for name, commitment in commitments.items():
        waiting = -np.log1p(-streams.uniform(f"breach:{name}", 1, rows))
        with np.errstate(divide="ignore"):
            clocks.append(np.divide(waiting, -np.log1p(-np.asarray(commitment.breach))))
    betrayer = np.argmin(clocks, axis=0)
    periods = np.ceil(np.minimum.reduce(clocks))
    return np.where(periods < _NEVER, np.maximum(periods, 1.0), _NEVER).astype(np.int64), betrayer


def _first_interest(
    aftermath: Aftermath, periods: int, streams: Streams, rows: Places, by_type: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """Return the period in which the first party breaks by interest (a huge number if none), and which party.

    Nobody looks further than to the period in which some party breaks by type (`by_type`).
    """
    first = np.full(len(rows), _NEVER, dtype=np.int64)
    breaker = np.zeros(len(rows), dtype=np.intp)
    moving, drifting = bool(aftermath.volatility.any()), bool(aftermath.drift.any())
    fading = any(commitment.support.any() for commitment in aftermath.commitments.values())
    here, part, ends = np.arange(len(rows)), aftermath, by_type
    moved = np.zeros(len(rows))
    for period in range(1, periods + 1) if moving or fading or drifting else (1,):
        over = np.flatnonzero(ends < period)
        if over.size > _WORTH_DROPPING * len(here):
            kept = np.flatnonzero(ends >= period)
            here, ends, moved, part = here[kept], ends[kept], moved[kept], part.of(kept)
        if moving:
            moved = moved + part.volatility * streams.normal("battlefield after signing", period, rows[here])
        if drifting:
            moved = moved + part.drift
        gains = [
            temptation(c.margin, c.front, moved, c.support if fading else 0.0, c.decay, period)
            for c in part.commitments.values()
        ]
        tempted = np.flatnonzero((reduce(np.maximum, gains) > 0.0) & (ends >= period))
        if tempted.size:
            first[here[tempted]] = period
            breaker[here[tempted]] = np.argmax([select_runs(gain, tempted) for gain in gains], axis=0)
            ends = np.minimum(ends, first[here])
    return first, breaker
