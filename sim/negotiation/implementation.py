"""Implementation of a signed settlement: who breaks it, when and why, or whether it holds to the end.

War costs have stopped; of the battlefield as much goes on as `implementation.front` says. In each period the front
moves, violations happen or do not and beliefs follow, and then a party breaks a settlement if war is worth more to it
than keeping this one: by `interest` if that were so without any fear of betrayal, by `fear` if it is so for fear alone.
Whoever is of the kind that breaks its word does so in the end (`type`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.negotiation.equations import rules
from sim.negotiation.equations.rules import Real
from sim.negotiation.equations.run_axis import PerRun, Places, select_runs
from sim.negotiation.randomness.random_streams import Streams

Array = NDArray[np.float64]
Bools = NDArray[np.bool_]

INTEREST, FEAR, TYPE = "interest", "fear", "type"
_NEVER = np.iinfo(np.int32).max
_WORTH_DROPPING = 0.125  # share of settlements that are over from which it pays to go on without them
TIE = 1e-9
"""Utility by which breaking has to be better: an author's last text is worth exactly war; rounding must not decide."""


class Commitment(PerRun):
    """Commitment that binds one party to implement its signed settlements: arrays of shape (runs,).

    The numbers are meaningful where one was signed. `utility` u_j(x); `outside` r_j, `betrayal_loss` ℓ_j, `sanction`
    penalty·G, `support` L_j·(1 − d_jM) and `unguaranteed`, the share of the risk that guarantees leave, as at signing;
    `decay` η_L; `front` e_j; `breach` (1 − h_j)·(1 − G), the chance per period of breaking by type; `trust_loss` λ⁻_j;
    `distrust[i]` d_ji of each other party, which goes on moving.
    """

    def __init__(self, others: Sequence[str], runs: int) -> None:
        for name in (
            "utility", "outside", "betrayal_loss", "sanction", "support", "decay", "front", "breach", "unguaranteed",
            "trust_loss",
        ):  # fmt: skip
            setattr(self, name, np.zeros(runs))
        self.distrust = {other: np.zeros(runs) for other in others}

    utility: Array
    outside: Array
    betrayal_loss: Array
    sanction: Array
    support: Array
    decay: Array
    front: Array
    breach: Array
    unguaranteed: Array
    trust_loss: Array

    def gains(self, moved: Array, period: int) -> tuple[Array, Array]:
        """Return what breaking is worth above keeping in a period, without and with the fear of betrayal; (runs,) each.

        `moved` is B, what the battlefield has moved since signing.
        """
        outside = self.outside + self.front * moved
        support = rules.support_left(self.support, self.decay, period)
        gain = rules.gain_by_breaking(self.utility, outside, support, self.sanction)
        risk = rules.joint_distrust(distrust * self.unguaranteed for distrust in self.distrust.values())
        return np.asarray(gain), np.asarray(
            gain + rules.price_of_fear(self.utility, outside - self.betrayal_loss, risk)
        )


class Aftermath(PerRun):
    """Commitments of all parties during implementation, and the world that they hold in: arrays of shape (runs,).

    `drift` and `volatility` are what is left of the front's; `violations[j]` the chance per period of one by j, of size
    `severity`; `monitoring` q.
    """

    def __init__(self, parties: Sequence[str], runs: int) -> None:
        self.commitments = {party: Commitment([p for p in parties if p != party], runs) for party in parties}
        self.violations = {party: np.zeros(runs) for party in parties}
        self.drift, self.volatility = np.zeros(runs), np.zeros(runs)
        self.severity, self.monitoring = np.zeros(runs), np.zeros(runs)


@dataclass(frozen=True)
class Fate:
    """Fate of each settlement under implementation: periods held, the cause of its end, and who broke it.

    `held` counts periods; `cause` is "", "interest", "fear" or "type"; `broken_by` a party or "".
    """

    held: NDArray[np.int32]
    cause: NDArray[np.object_]
    broken_by: NDArray[np.object_]


def implement(aftermath: Aftermath, periods: int, streams: Streams, rows: Places) -> Fate:
    """Return the fate of signed settlements over the `periods` periods of their implementation, in the runs `rows`.

    `rows` are places among all runs. `aftermath` holds these runs only, in the order of `rows`. A party that breaks by
    choice does so at the start of a period, before any type shows; of two that would, the one that gains more by it.
    Type has a constant chance per period, so its period is drawn at once: it is geometric.
    """
    by_type, betrayer = _first_type(aftermath.commitments, streams, rows)
    by_choice, breaker, afraid = _first_choice(aftermath, periods, streams, rows, by_type)
    names = np.array(list(aftermath.commitments), dtype=object)
    choice = by_choice <= np.minimum(by_type, periods)
    type_ = ~choice & (by_type <= periods)
    broken = choice | type_
    first = np.where(choice, by_choice, by_type)
    return Fate(
        held=np.where(broken, first - 1, periods).astype(np.int32),
        cause=np.where(choice, np.where(afraid, FEAR, INTEREST), np.where(type_, TYPE, "")).astype(object),
        broken_by=np.where(broken, names[np.where(choice, breaker, betrayer)], "").astype(object),
    )


def after_period(distrust: Array, violated: Bools, trust_loss: Real, severity: Real, monitoring: Real) -> Array:
    """Return distrust after a period of peace: raised where the other side violated it, lowered by quiet elsewhere.

    All of shape (runs,); `monitoring` is the chance that somebody untrustworthy would have shown it in the period.
    """
    quiet = rules.after_quiet(distrust, monitoring) if np.any(monitoring) else distrust
    if not violated.any():
        return np.asarray(quiet)
    return np.where(violated, rules.after_hostility(distrust, trust_loss, severity), quiet)


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


def _first_choice(
    aftermath: Aftermath, periods: int, streams: Streams, rows: Places, by_type: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.intp], Bools]:
    """Return the period in which the first party breaks by choice (a huge number if none), which, and if out of fear.

    Nobody looks further than to the period in which some party breaks by type (`by_type`). Quiet alone only lowers
    distrust, so that what holds in the first period then holds for good.
    """
    first = np.full(len(rows), _NEVER, dtype=np.int64)
    breaker, afraid = np.zeros(len(rows), dtype=np.intp), np.zeros(len(rows), dtype=bool)
    moving, drifting = bool(aftermath.volatility.any()), bool(aftermath.drift.any())
    fading = any(commitment.support.any() for commitment in aftermath.commitments.values())
    violated = any(rate.any() for rate in aftermath.violations.values())
    here, part, ends = np.arange(len(rows)), aftermath, by_type
    moved = np.zeros(len(rows))
    for period in range(1, periods + 1) if moving or fading or drifting or violated else (1,):
        over = np.flatnonzero(ends < period)
        if over.size > _WORTH_DROPPING * len(here):
            kept = np.flatnonzero(ends >= period)
            here, ends, moved, part = here[kept], ends[kept], moved[kept], part.of(kept)
        if moving:
            moved = moved + part.volatility * streams.normal("battlefield after signing", period, rows[here])
        if drifting:
            moved = moved + part.drift
        _learn(part, streams, period, rows[here])
        gains = [commitment.gains(moved, period) for commitment in part.commitments.values()]
        fearful = np.array([with_fear for _, with_fear in gains])
        tempted = np.flatnonzero((fearful.max(axis=0) > TIE) & (ends >= period))
        if tempted.size:
            who = fearful[:, tempted].argmax(axis=0)
            fearless = np.array([select_runs(gain, tempted) for gain, _ in gains])
            first[here[tempted]], breaker[here[tempted]] = period, who
            afraid[here[tempted]] = fearless[who, np.arange(tempted.size)] <= TIE
            ends = np.minimum(ends, first[here])
    return first, breaker, afraid


def _learn(aftermath: Aftermath, streams: Streams, period: int, rows: Places) -> None:
    """Let violations of a period happen in the runs `rows`, and every party learn from them or from their absence."""
    quiet = not aftermath.monitoring.any()
    for name, rate in aftermath.violations.items():
        violated = np.zeros(len(rows), dtype=bool)
        if rate.any():
            violated = streams.uniform(f"violation:{name}", period, rows) < rate
        elif quiet:
            continue
        for commitment in aftermath.commitments.values():
            if name in commitment.distrust:
                commitment.distrust[name] = after_period(
                    commitment.distrust[name], violated, commitment.trust_loss, aftermath.severity, aftermath.monitoring
                )
