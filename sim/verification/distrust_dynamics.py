"""Distrust dynamics: what moves distrust, and what distrust does to texts (V12, V16)."""

from __future__ import annotations

from collections.abc import Iterator
from math import log, sqrt

import numpy as np

from sim.negotiation.model import Negotiation
from sim.verification.known_answer import Check, Row, chance, exact
from sim.verification.reduced_scenarios import pie, play

RUNS = 4096

NO_TEXTS = {"parties.*.precondition": 2.0}
"""Parties that ask for more than there is table nothing: only meetings and hostile acts move distrust."""


def reassurance(distrust: float, gain: float, rapport: float, rounds: int) -> Check:
    """Distrust under graduated reassurance: d_t = d_0·(1 − λ⁺·rapport)^t, if they meet every round."""
    case = pie({**NO_TEXTS, "rounds": rounds, "distrust": distrust, "parties.*.trust_gain": gain, "rapport": rapport})
    expected = distrust * (1 - gain * rapport) ** rounds
    found = play(case, 4)["distrust.a.b"].max()
    setting = f"d = {distrust:g}, λ⁺ = {gain:g}, rapport {rapport:g}, {rounds} rounds"
    return exact(setting, "distrust at the end", expected, found, 1e-12, "rounding")


def negativity(gain: float, loss: float, rate: float, rounds: int = 400) -> Check:
    """Distrust where bad acts weigh more: d* = (1 − λ⁺)hλ⁻/(1 − (1 − λ⁺)(1 − hλ⁻)), with a meeting every round."""
    learning = {"parties.*.trust_gain": gain, "parties.*.trust_loss": loss}
    case = pie({**NO_TEXTS, **learning, "rounds": rounds, "distrust": 0.2, "rapport": 1.0, "incidents.rate.b": rate})
    expected = (1 - gain) * rate * loss / (1 - (1 - gain) * (1 - rate * loss))
    found = play(case, RUNS)["distrust.a.b"]
    setting = f"λ⁺ = {gain:g}, λ⁻ = {loss:g}, a hostile act in {rate:.0%} of rounds"
    return chance(setting, "mean distrust in the long run", expected, found.mean(), found.std() / sqrt(RUNS))


def escalation(distrust: float, loss: float, severity: float, rounds: int) -> Check:
    """Distrust under hostile acts every round: 1 − d_t = (1 − d_0)·(1 − λ⁻·m)^t."""
    acts = {"incidents.rate.b": 1.0, "incidents.severity": severity, "parties.*.trust_loss": loss}
    case = pie({**NO_TEXTS, **acts, "rounds": rounds, "distrust": distrust})
    expected = 1 - (1 - distrust) * (1 - loss * severity) ** rounds
    found = play(case, 4)["distrust.a.b"].max()
    setting = f"d = {distrust:g}, λ⁻ = {loss:g}, acts of size {severity:g}, {rounds} rounds"
    return exact(setting, "distrust at the end", expected, found, 1e-12, "rounding")


def devaluation(sharpness: float, weight: float, distrust: float) -> Check:
    """Distrust devalues: the same text from a distrusted author loses k·ρ·d/(1 − D) in log-odds of acceptance."""
    odds, errors = [], []
    for each in (0.0, weight):
        accepted, asked = _responses(sharpness, each, distrust)
        share = accepted / asked
        odds.append(log(share / (1 - share)))
        errors.append(1 / (asked * share * (1 - share)))
    expected = sharpness * weight * distrust / (1 - distrust)
    setting = f"k = {sharpness:g}, ρ = {weight:g}, d = {distrust:g}"
    return chance(setting, "log-odds lost", expected, odds[0] - odds[1], sqrt(sum(errors)))


def indifference(weight: float, distrust: float) -> Check:
    """Distrust without devaluation, or the other way round, loses nothing: not one response differs."""
    changed = abs(_responses(10.0, weight, distrust)[0] - _responses(10.0, 0.0, distrust)[0])
    return exact(
        f"ρ = {weight:g}, d = {distrust:g}", "responses that differ", 0.0, float(changed), 0.0, "same random numbers"
    )


def _responses(sharpness: float, weight: float, distrust: float) -> tuple[int, int]:
    """How often b accepts what a tables in the first round, and how often it is asked, over several blocks."""
    changes = {"rounds": 1, "sharpness": sharpness, "parties.*.reservation": 0.5, "mediator": None}
    case = pie({**changes, "distrust": distrust, "parties.*.devaluation": weight})
    accepted = asked = 0
    for block in range(4):
        negotiation = Negotiation(case, RUNS, first=block * RUNS)
        negotiation.step()
        answers = negotiation.answers["b"].accepts[negotiation.text.stretches["a"]]
        accepted += int(np.count_nonzero(answers))
        asked += answers.size
    return accepted, asked


def _loops() -> Iterator[Check]:
    yield reassurance(0.9, 0.5, 0.1, 20)
    yield reassurance(0.5, 1.0, 0.05, 50)
    yield escalation(0.3, 0.25, 0.5, 10)
    yield negativity(0.05, 0.5, 0.1)
    yield negativity(0.2, 0.4, 0.3)


def _devaluation() -> Iterator[Check]:
    yield devaluation(10.0, 0.02, 0.8)
    yield devaluation(20.0, 0.05, 0.5)
    yield indifference(0.2, 0.0)
    yield indifference(0.0, 0.8)


ROWS = (
    Row(
        "V12",
        "Reassurance wears distrust away, and bad acts outweigh good ones",
        "Osgood (1962) An Alternative to War or Surrender; Axelrod (1984) The Evolution of Cooperation",
        "d_t = d_0(1 − λ⁺·rapport)^t; d* = (1 − λ⁺)hλ⁻/(1 − (1 − λ⁺)(1 − hλ⁻))",
        "nobody tables a text; they meet every round, after the hostile acts of the round",
        _loops,
    ),
    Row(
        "V16",
        "A distrusted author costs a text a constant amount of log-odds",
        "Ross & Stillinger (1991) Negot J 7:389; Maoz et al. (2002) J Conflict Resolut 46:515",
        "k·ρ·d/(1 − D), 0 at d = 0 or ρ = 0",
        "the first response to the same text, with and without devaluation, on the same random numbers",
        _devaluation,
    ),
)
