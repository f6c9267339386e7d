"""Settlement timing: time-dependent tactics, error, and ripeness (V9, V10, V14)."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, erfc, exp, log, sqrt

import numpy as np

from sim.scenario.loading.assignment import assign
from sim.verification.full_scenario import SAME_LUCK, differing, full
from sim.verification.known_answer import STANDARD_ERRORS, Check, Row, chance, exact, frequency
from sim.verification.reduced_scenarios import each, pie, play

RUNS = 4096


def tactics(r_a: float, r_b: float, beta: float, rounds: int = 100) -> Iterator[Check]:
    """Settlement timing under tactics: they meet at t* = T·(1 + Z)^(−β), x* = (1 − r_B)/(1 + Z) whatever β.

    Z = 1 − r_A − r_B.
    """
    case = pie({"rounds": rounds, "parties.*.concession": beta} | each("parties.*.reservation", r_a, r_b))
    columns = play(case, 16)
    zone = 1 - r_a - r_b
    when, where = rounds * (1 + zone) ** -beta, (1 - r_b) / (1 + zone)
    setting = f"r = ({r_a:g}, {r_b:g}), β = {beta:g}, {rounds} rounds"
    yield exact(setting, "round of settlement", ceil(when), columns["round"].mean(), 1.0, "one round")
    step = max((ceil(when) / rounds) ** (1 / beta) - (max(ceil(when) - 1, 0) / rounds) ** (1 / beta), 1e-6)
    furthest = float(np.abs(columns["terms.pie_0"] - where).max())
    yield exact(setting, "distance of the share of a from x*", 0.0, furthest, step, "one step of concession")


def _geometric(setting: str, accepted: float, when: np.ndarray, rounds: int) -> Check:
    """The whole distribution of rounds to settlement against the geometric one: the distance of Kolmogorov and Smirnov.

    Tolerance: the inequality of Dvoretzky, Kiefer and Wolfowitz, at the error rate of 4 standard errors.
    """
    by = np.arange(1, rounds + 1)
    observed = (when[:, None] <= by).mean(axis=0)
    distance = float(np.abs(observed - (1 - (1 - accepted) ** by)).max())
    tolerance = sqrt(log(2 / erfc(STANDARD_ERRORS / sqrt(2))) / (2 * len(when)))
    return exact(setting, "distance from the geometric distribution", 0.0, distance, tolerance, "Kolmogorov–Smirnov")


def logit(sharpness: float, zone: float, rounds: int = 12) -> Iterator[Check]:
    """Settlement timing with error: a constant offer is accepted with P = 1/(1 + exp(−k·Z)) each round.

    Geometric, 1 − (1 − P)^N by round N.
    """
    case = pie({"rounds": rounds, "sharpness": sharpness, "parties.*.reservation": (1 - zone) / 2})
    columns = play(case, RUNS)
    accepted = 1 / (1 + exp(-sharpness * zone))
    setting = f"k = {sharpness:g}, zone {zone:g}"
    settled = columns["outcome"] == "settlement"
    for by in (1, rounds // 2, rounds):
        expected = 1 - (1 - accepted) ** by
        yield frequency(setting, f"settled by round {by}", expected, (settled & (columns["round"] <= by)).mean(), RUNS)
    yield _geometric(setting, accepted, np.where(settled, columns["round"], rounds + 1), rounds)


def meeting(distrust: float, aversion: float, rounds: int = 12) -> Check:
    """Settlement timing by meetings: with P_m = Π(1 − d)^η a round, 1 − (1 − P_m)^N settle by round N.

    They settle when they meet.
    """
    case = pie({"rounds": rounds, "distrust": distrust, "parties.*.contact_aversion": aversion, "mediator": None})
    meets = (1 - distrust) ** (2 * aversion)
    settled = (play(case, RUNS)["outcome"] == "settlement").mean()
    setting = f"d = {distrust:g}, η = {aversion:g}"
    return frequency(setting, f"settled by round {rounds}", 1 - (1 - meets) ** rounds, settled, RUNS)


def walkout(sharpness: float, zone: float, impatience: float, rounds: int = 10) -> Iterator[Check]:
    """Settlement timing against walkouts: P(settle) = Σ_t P·Π_{s<t} (1 − P)(1 − h_s).

    Settling competes with leaving; h_t = 1 − exp(−ν·t/T·shortfall).
    """
    changes = {"rounds": rounds, "sharpness": sharpness, "parties.*.reservation": (1 - zone) / 2}
    case = pie({**changes, "parties.*.impatience": impatience, "parties.*.precondition": 0.0})
    accepted = 1 / (1 + exp(-sharpness * zone))
    going, settles, leaves = 1.0, 0.0, 0.0
    for round_ in range(1, rounds + 1):
        left = 1 - exp(-impatience * round_ / rounds * max(0.0, -zone))
        settles += going * accepted
        leaves += going * (1 - accepted) * left
        going *= (1 - accepted) * (1 - left)
    columns = play(case, RUNS)
    setting = f"k = {sharpness:g}, zone {zone:g}, impatience {impatience:g}, {rounds} rounds"
    yield frequency(setting, "share that settles", settles, (columns["outcome"] == "settlement").mean(), RUNS)
    yield frequency(setting, "share that walks out", leaves, (columns["outcome"] == "walkout").mean(), RUNS)


def waiting(sharpness: float, zone: float) -> Check:
    """Settlement timing where there is time enough: the mean wait is 1/P."""
    case = pie({"rounds": 400, "sharpness": sharpness, "parties.*.reservation": (1 - zone) / 2})
    accepted = 1 / (1 + exp(-sharpness * zone))
    rounds = play(case, RUNS)["round"]
    error = sqrt(1 - accepted) / accepted / sqrt(RUNS)
    return chance(f"k = {sharpness:g}, zone {zone:g}", "mean rounds to settlement", 1 / accepted, rounds.mean(), error)


def paced(pace: float, watch: int, beta: float = 0.5, r: float = 0.35) -> Check:
    """Settlement timing at a pace: nobody settles before t* = τ·(1 + Z)^(−β), however long the talks are watched."""
    slow = {"rounds": watch, "deadline": 10_000, "parties.*.pace": pace, "parties.*.concession": beta}
    rounds = play(pie({**slow, "parties.*.reservation": r}), 16)["round"]
    setting = f"τ = {pace:g}, β = {beta:g}, r = {r:g}, watched for {watch} rounds"
    return exact(
        setting, "first round of settlement", ceil(pace * (2 - 2 * r) ** -beta), rounds.min(), 1.0, "one round"
    )


def overtaken(sharpness: float, zone: float, hazard: float) -> Check:
    """Settlement timing against events that overtake the talks: P(settle first) = P/(1 − (1 − P)(1 − h))."""
    case = pie({"rounds": 400, "sharpness": sharpness, "parties.*.reservation": (1 - zone) / 2, "overtaken": hazard})
    accepted = 1 / (1 + exp(-sharpness * zone))
    expected = accepted / (1 - (1 - accepted) * (1 - hazard))
    settled = (play(case, RUNS)["outcome"] == "settlement").mean()
    setting = f"overtaken = {hazard:g}; k = {sharpness:g}, zone {zone:g}"
    return frequency(setting, "share that settles first", expected, settled, RUNS)


def watched(short: int, long: int) -> Iterator[Check]:
    """Settlement timing whatever is watched: all that ends within the shorter watch is the same in the longer one."""
    endless = assign(full(), {"deadline": None})
    one, other = (play(assign(endless, {"rounds": weeks}), RUNS) for weeks in (short, long))
    ended = one["outcome"] != "open"
    here, there = ({name: column[ended] for name, column in each.items()} for each in (one, other))
    setting = f"full case without a deadline, watched for {short} and {long} rounds"
    yield exact(setting, "runs ended in the shorter that differ", 0, differing(here, there), 0.0, SAME_LUCK)
    late = (other["round"] > short) | (other["outcome"] == "open")
    yield exact(setting, "runs open in it that had ended by then", 0, (~ended & ~late).sum(), 0.0, SAME_LUCK)
    yield exact(setting, "some runs end after the shorter (1: yes)", 1, float((~ended).any()), 0.0, "yes or no")


def ripeness(loss: str, r: float, cost: float) -> Check:
    """Settlement timing and ripeness: exhaustion opens a zone at t_R = (2r − 1)/2c (linear), (r − ¾)/c (quadratic).

    Nobody settles before.
    """
    case = pie({"rounds": 200, "loss": loss, "parties.*.reservation": r, "parties.*.war_cost": cost})
    opens = ((2 * r - 1) / 2 if loss == "linear" else r - 0.75) / cost
    rounds = play(case, 16)["round"]
    setting = f"{loss} loss, r = {r:g}, cost {cost:g} a round"
    return exact(setting, "first round of settlement", ceil(opens), rounds.min(), 1.0, "one round")


def _tactics() -> Iterator[Check]:
    for beta in (0.2, 1.0, 5.0):
        yield from tactics(0.35, 0.35, beta)
    yield from tactics(0.2, 0.5, 0.5)


def _errors() -> Iterator[Check]:
    yield from logit(5.0, -0.2)
    yield from logit(20.0, 0.05)
    yield waiting(5.0, -0.2)
    yield meeting(0.3, 1.0)
    yield meeting(0.6, 1.5)
    yield from walkout(5.0, -0.2, 2.0)
    yield from walkout(10.0, -0.3, 5.0, rounds=20)
    yield from walkout(4.0, -0.5, 1.0)
    yield overtaken(5.0, -0.2, 0.05)
    yield overtaken(10.0, -0.3, 0.2)


def _ripe() -> Iterator[Check]:
    yield ripeness("linear", 0.6, 0.004)
    yield ripeness("quadratic", 0.85, 0.002)
    for watch in (60, 120):
        yield paced(50.0, watch)


def _windows() -> Iterator[Check]:
    yield from watched(12, 60)
    yield from watched(30, 60)


ROWS = (
    Row(
        "V9",
        "Time-dependent tactics meet at a moment that their exponent sets, on terms that it does not",
        "Faratin, Sierra & Jennings (1998) Rob Auton Syst 24:159",
        "t*/T = (1 + Z)^(−β), x* = (1 − r_B)/(1 + Z)",
        "direct talks, no distrust, sharp decisions",
        _tactics,
    ),
    Row(
        "V10",
        "With error in decisions, settlement is a matter of time, and competes with walking out",
        "logit choice: Luce (1959); geometric waiting, competing risks",
        "1 − (1 − P)^N, mean 1/P; Π(1 − d)^η for meeting; Σ P·Π(1 − P)(1 − h) with walkouts; "
        "P/(1 − (1 − P)(1 − h)) where events overtake the talks",
        "concessions at once, no learning, a deadline that is the pace of both; the hazard of leaving grows with t/T, "
        "so the row's product is used",
        _errors,
    ),
    Row(
        "V14",
        "A costly stalemate ripens: nobody settles before the zone opens",
        "Zartman (1989) Ripe for Resolution",
        "t_R = (r_A + r_B − 1)/(c_A + c_B); (r − M)/c; by pace, τ(1 + Z)^(−β)",
        "no distrust, sharp decisions, concessions at once; or at a pace, whatever is watched",
        _ripe,
    ),
    Row(
        "V20",
        "How long the talks are watched changes nothing that happens before",
        "invariance: no source needed",
        "equality, run by run, of all that ends within the shorter watch, what becomes of settlements included",
        "the full case of V19 without a deadline, on the same random numbers",
        _windows,
    ),
)
