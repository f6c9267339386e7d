"""The commitment problem: up to which distrust a settlement can be signed (V5, V5c, V5d, V18 thresholds)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.optimize import brentq

from sim.verification.known_answer import Check, Row, exact
from sim.verification.reduced_scenarios import TABLED, crowd, each, pie, settles, threshold

CLOSE = 1e-5
WHY = "zones under 1e-6 of utility count as none: in distrust, up to 1e-5"

MIDDLES = {"linear": 0.5, "quadratic": 0.75}
"""Utility of both at the middle of a pie."""


def alike(r: float, betrayal: float) -> dict[str, Any]:
    """Return changes for the commitment problem that give all parties one reservation value and betrayal loss."""
    return {"parties.*.reservation": r, "parties.*.betrayal_loss": betrayal}


def symmetric(loss: str, r: float, betrayal: float, guarantee: float = 0.0) -> Check:
    """Commitment problem, both alike: d* = (M − r)/(M − s), and d*/(1 − γ) with a guarantee γ; s = r − ℓ. At most 1."""
    case = pie({"loss": loss, "guarantors.g": guarantee} | TABLED | alike(r, betrayal))
    middle = MIDDLES[loss]
    expected = min(1.0, (middle - r) / (middle - r + betrayal) / (1 - guarantee))
    setting = f"{loss}, r = {r:g}, betrayal loss {betrayal:g}, guarantee {guarantee:g}"
    return exact(setting, "critical mutual distrust", expected, threshold(case, "distrust"), CLOSE, WHY)


def log_rolled(weight: float, r: float, betrayal: float) -> Check:
    """Commitment problem with linkage, which makes room for more distrust: d* = (w − r)/(w − s)."""
    case = pie(TABLED | alike(r, betrayal), weights=((weight, 1 - weight), (1 - weight, weight)))
    expected = (weight - r) / (weight - r + betrayal)
    setting = f"two linear issues, w = {weight:g}, r = {r:g}, betrayal loss {betrayal:g}"
    return exact(setting, "critical mutual distrust", expected, threshold(case, "distrust"), CLOSE, WHY)


def one_sided(r_a: float, r_b: float, betrayal: float) -> Check:
    """Commitment problem, only b fears betrayal: d_B* = (1 − r_A − r_B)/(1 − r_A − s_B)."""
    case = pie(each("parties.*.reservation", r_a, r_b) | {"parties.b.betrayal_loss": betrayal})
    expected = (1 - r_a - r_b) / (1 - r_a - r_b + betrayal)
    setting = f"linear, r = ({r_a:g}, {r_b:g}), only b fears to lose {betrayal:g}"
    return exact(setting, "critical distrust of b", expected, threshold(case, "distrust.b.a"), CLOSE, WHY)


def asymmetric(loss: str, r_a: float, r_b: float, loss_a: float, loss_b: float) -> Check:
    """Commitment problem, unlike parties: the floors R = r + ℓ·d/(1 − d) fit.

    They fit if R_A + R_B ≤ 1 (linear), √(1 − R_A) + √(1 − R_B) ≥ 1 (quadratic).
    """
    floors, losses = each("parties.*.reservation", r_a, r_b), each("parties.*.betrayal_loss", loss_a, loss_b)
    case = pie({"loss": loss} | TABLED | floors | losses)

    def room(d: float) -> float:
        floors = r_a + loss_a * d / (1 - d), r_b + loss_b * d / (1 - d)
        if loss == "linear":
            return 1 - sum(floors)
        return float(sum(max(1 - floor, 0.0) ** 0.5 for floor in floors)) - 1

    setting = f"{loss}, r = ({r_a:g}, {r_b:g}), betrayal losses ({loss_a:g}, {loss_b:g})"
    expected = brentq(room, 0.0, 0.99, xtol=1e-12)
    return exact(setting, "critical mutual distrust", expected, threshold(case, "distrust"), CLOSE, WHY)


def unmoved_by_guarantee(guarantee: float) -> Check:
    """Commitment problem without distrust, and below d*: a guarantee leaves the share that settles at 1."""
    case = pie(alike(0.3, 0.3) | {"guarantors.g": guarantee, "distrust": 0.3})
    settled = settles(case, "guarantors.g", np.array([0.0, guarantee]))
    return exact(
        f"d = .3 below d* = .4, guarantee {guarantee:g}", "share that settles", 1.0, settled.mean(), 0.0, "sharp"
    )


def authorship(r: float, betrayal: float, devaluation: float) -> Iterator[Check]:
    """Commitment problem by author: direct talks up to (1 − 2r)/(1 − 2s + ρ), mediated up to (1 − 2r)/(1 − 2s).

    With a guarantee γ up to d*/(1 − γ).
    """
    s = r - betrayal
    setting = f"linear, r = {r:g}, s = {s:g}, devaluation {devaluation:g}"
    tools: dict[str, tuple[dict[str, Any], float]] = {
        "direct talks": ({"mediator.style": "facilitation"}, (1 - 2 * r) / (1 - 2 * s + devaluation)),
        "a mediator's text": (TABLED, (1 - 2 * r) / (1 - 2 * s)),
        "with a guarantee of .5": (TABLED | {"guarantors.g": 0.5}, min(1.0, (1 - 2 * r) / (1 - 2 * s) / 0.5)),
    }
    for name, (changes, expected) in tools.items():
        case = pie(alike(r, betrayal) | {"parties.*.devaluation": devaluation} | changes)
        yield exact(setting, f"critical mutual distrust, {name}", expected, threshold(case, "distrust"), CLOSE, WHY)


def distrusted_mediator(r: float, betrayal: float, devaluation: float, d_am: float, d_bm: float) -> Check:
    """Commitment problem with a distrusted mediator: d*_M = (1 − 2r − ρ·(d_AM + d_BM))/(1 − 2s).

    While that is more than direct talks reach.
    """
    beliefs = {"parties.*.devaluation": devaluation} | each("distrust.*.m", d_am, d_bm)
    case = pie(TABLED | alike(r, betrayal) | beliefs)
    s = r - betrayal
    mediated = (1 - 2 * r - devaluation * (d_am + d_bm)) / (1 - 2 * s)
    direct = (1 - 2 * r) / (1 - 2 * s + devaluation)
    setting = f"linear, r = {r:g}, s = {s:g}, ρ = {devaluation:g}, distrust of the mediator ({d_am:g}, {d_bm:g})"
    found = threshold(case, "distrust")
    return exact(setting, "critical mutual distrust", max(mediated, direct), found, CLOSE, WHY)


def sum_rule(r: float, betrayal: float, devaluation: float) -> Iterator[Check]:
    """Commitment problem: a mediator's text beats an adversary's if and only if d_AM + d_BM < d_dir.

    However the sum is shared out.
    """
    direct = (1 - 2 * r) / (1 - 2 * (r - betrayal) + devaluation)
    for share in (0.2, 0.5):
        for total in (0.9 * direct, 1.1 * direct):
            check = distrusted_mediator(r, betrayal, devaluation, share * total, (1 - share) * total)
            beats = float(check.observed > direct + CLOSE)
            setting = f"{check.setting}; their sum {total:.3f}, d_dir {direct:.3f}"
            yield exact(
                setting, "the mediator's text reaches further (1: yes)", float(total < direct), beats, 0.0, "sharp"
            )


def veto_players(parties: int, r: float, betrayal: float) -> Check:
    """Commitment problem with veto players: d_N* = 1 − (1 − d*)^(1/(N − 1)), d* = (½ − r)/(½ − s).

    All others must comply.
    """
    case = crowd(parties, alike(r, betrayal))
    pairwise = (0.5 - r) / (0.5 - r + betrayal)
    expected = 1 - (1 - pairwise) ** (1 / (parties - 1))
    setting = f"{parties} parties, a pie for each two, r = {r:g}, betrayal loss {betrayal:g}"
    return exact(setting, "critical mutual distrust", expected, threshold(case, "distrust"), CLOSE, WHY)


def _critical() -> Iterator[Check]:
    yield symmetric("linear", 0.3, 0.3)
    yield symmetric("quadratic", 0.5, 0.2)
    yield symmetric("linear", 0.3, 0.3, guarantee=0.5)
    yield symmetric("quadratic", 0.6, 0.4, guarantee=0.25)
    yield log_rolled(0.7, 0.3, 0.3)
    yield one_sided(0.2, 0.4, 0.3)
    yield asymmetric("linear", 0.25, 0.4, 0.2, 0.1)
    yield asymmetric("quadratic", 0.25, 0.4, 0.2, 0.1)
    yield unmoved_by_guarantee(0.5)


def _authors() -> Iterator[Check]:
    yield from authorship(0.3, 0.3, 0.5)
    yield from authorship(0.4, 0.1, 0.2)


def _mediators() -> Iterator[Check]:
    yield distrusted_mediator(0.3, 0.3, 0.5, 0.05, 0.1)
    yield distrusted_mediator(0.3, 0.3, 0.5, 0.15, 0.0)
    yield from sum_rule(0.3, 0.3, 0.5)


def _many() -> Iterator[Check]:
    for parties in (2, 3, 4):
        yield veto_players(parties, 0.3, 0.25)


ROWS = (
    Row(
        "V5",
        "Distrust alone rules out a settlement, from a critical level on",
        "Fearon (1995) Int Organ 49:379; Walter (1997) Int Organ 51:335; closed form derived here",
        "d* = (M − r)/(M − s); with a guarantee d*/(1 − γ)",
        "sharp decisions, beliefs that nothing moves, concessions at once, the mediator's text",
        _critical,
    ),
    Row(
        "V5c",
        "Who wrote a text decides up to which distrust it can be signed",
        "Ross & Stillinger (1991) Negot J 7:389, with V5; derived here",
        "direct (1 − 2r)/(1 − 2s + ρ) < mediated (1 − 2r)/(1 − 2s) < guaranteed d*/(1 − γ)",
        "as V5, with devaluation ρ",
        _authors,
    ),
    Row(
        "V5d",
        "A distrusted mediator helps if the distrust of both in it sums to less than direct talks bear",
        "derived here from V5c",
        "d*_M = (1 − 2r − ρ(d_AM + d_BM))/(1 − 2s); better than direct talks iff d_AM + d_BM < d_dir",
        "as V5c",
        _mediators,
    ),
    Row(
        "V18 (parties)",
        "The more parties must keep their word, the less distrust a settlement bears",
        "cf. Cunningham (2006) on veto players; derived here",
        "d_N* = 1 − (1 − d*)^(1/(N − 1))",
        "as V5, any two parties divide a pie of their own",
        _many,
    ),
)
