"""What a mediator knows: what parties confide, how far it may misjudge them, and texts that nobody could sign (V21)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import erf, exp

import numpy as np

from sim.negotiation.model import Negotiation
from sim.verification.known_answer import Check, Row, exact, frequency
from sim.verification.reduced_scenarios import TABLED, pie

RUNS = 4096

_HOLDING_OUT = TABLED | {"rounds": 1000, "parties.*.concession": 0.01}
"""Parties that ask for all until the very end, and so refuse in public what the mediator tables."""

_MEDIATORS_TURN = 0.67
"""Where the floor starts with the mediator, after two parties."""


def opened(changes: Mapping[str, object], runs: int = RUNS) -> Negotiation:
    """Return a negotiation after one round in which the mediator, with what it knows, has the floor."""
    negotiation = Negotiation(pie({**_HOLDING_OUT, **changes}), runs)
    negotiation.first_floor = np.full(runs, _MEDIATORS_TURN)
    negotiation.step()
    return negotiation


def at_once(r: float) -> Check:
    """Knowledge in full: at χ = 1 and d_M = 0 its text is signed as soon as it has the floor, if there is a zone."""
    negotiation = opened({"mediator.caucus": 1.0, "parties.*.reservation": r}, 64)
    settled = (negotiation.record.columns["outcome"] == "settlement").mean()
    return exact(f"χ = 1, d_M = 0, r = {r:g}", "share that settles at once", float(r < 0.5), settled, 0.0, "sharp")


def confided(share: float, distrust: float = 0.25, sharpness: float = 4.0, r: float = 0.3) -> Check:
    """Knowledge by confidence χ: its text, ½ each, is accepted with 1/(1 + exp(k·(½ − χ(1 − d_M)(1 − r)))) by each.

    In public all is asked for, q = 1; in private q − χ(1 − d_M)(q − r).
    """
    told = {"mediator.caucus": share, "distrust.*.m": distrust, "sharpness": sharpness, "parties.*.reservation": r}
    settled = (opened(told).record.columns["outcome"] == "settlement").mean()
    expected = (1 / (1 + exp(sharpness * (0.5 - share * (1 - distrust) * (1 - r))))) ** 2
    setting = f"χ = {share:g}; d_M = {distrust:g}, k = {sharpness:g}, r = {r:g}"
    return frequency(setting, "share that settles at once", expected, settled, RUNS)


def misjudged(error: float, r: float = 0.3) -> Check:
    """Knowledge with an error σ_M about each floor: it sees a zone with Φ(Z/(σ_M·√2)), Z = 1 − 2r; always at 0."""
    negotiation = opened({"mediator.misjudgement": error, "parties.*.reservation": r})
    stretch = negotiation.text.stretches["m"]
    zone = 1 - 2 * r
    expected = 0.5 * (1 + erf(zone / (2 * error))) if error else 1.0
    setting = f"σ_M = {error:g}; zone {zone:g}"
    return frequency(setting, "share in which it has a text", expected, (stretch.stop - stretch.start) / RUNS, RUNS)


def declared(distrust: float) -> Iterator[Check]:
    """Knowledge from declarations: who can sign no text tables its aims, offers nothing and drives nobody away."""
    learning = {"parties.*.trust_gain": 1.0, "parties.*.trust_loss": 1.0, "parties.*.impatience": 1e9}
    changes = {"mediator": None, "distrust": distrust, "parties.*.betrayal_loss": 0.3, **learning}
    negotiation = Negotiation(pie({"rounds": 20, **changes}), 64)
    while negotiation.running:
        negotiation.step()
    columns = negotiation.outcomes()
    setting = f"d = {distrust:g}, r = .3, ℓ = .3: {'nobody can' if distrust > 0.7 else 'both can'} sign something"
    quantity = "share at an impasse, distrust as it was (1: all)"
    same = (columns["outcome"] == "impasse") & (columns["distrust.a.b"] == distrust)
    yield exact(setting, quantity, float(distrust > 0.7), same.mean(), 0.0, "sharp")


def _knowing() -> Iterator[Check]:
    for r in (0.3, 0.49, 0.51):
        yield at_once(r)
    yield confided(0.5)
    yield confided(1.0, distrust=0.5)
    yield misjudged(0.1)
    yield misjudged(0.5)
    for distrust in (0.3, 0.9):
        yield from declared(distrust)


ROWS = (
    Row(
        "V21",
        "What is confided is signed sooner; what is misjudged is missed; a declaration offers nothing",
        "confidential filter (Jarque, Ponsati & Sakovics 2003 as cited); closed forms derived here",
        "1/(1 + e^(k(½ − χ(1 − d_M)(1 − r)))); Φ(Z/(σ_M√2)); nobody can sign where (1 − d)(1 − r) < dℓ",
        "one pie, the mediator first, parties that ask for all in public; declarations in direct talks",
        _knowing,
    ),
)
