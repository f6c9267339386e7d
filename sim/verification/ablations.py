"""Ablations: each parameter has its effect, and at 0 the effect is gone, all else equal.

The size of the effect where a formula has it; and, in a case with every mechanism at work, that what works through the
parameter alone changes some run at its value and none at 0.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from math import exp
from typing import Any

from sim.scenario.loading.assignment import assign
from sim.scenario.model.schema import Scenario
from sim.verification.commitment_problem import alike
from sim.verification.cooperative_bargaining import CLOSE, SOLVER, text
from sim.verification.full_scenario import RUNS, full, nothing_changes, something_changes
from sim.verification.known_answer import Check, Row, exact, frequency
from sim.verification.mediator_knowledge import confided, misjudged
from sim.verification.reduced_scenarios import TABLED, pie, play, pressed
from sim.verification.settlement_timing import overtaken, paced
from sim.verification.war_and_implementation import bought, feared, moving, violated


def settled(case: Scenario) -> float:
    """Return the share of some thousand runs that settle, for ablations."""
    return float((play(case, RUNS)["outcome"] == "settlement").mean())


def devaluation(weight: float, sharpness: float = 10.0, distrust: float = 0.8) -> Check:
    """Ablation of devaluation ρ: one round settles with 1/(1 + exp(k·ρ·d/(1 − d))); ½ at ρ = 0.

    One round of direct talks about a text at the floor.
    """
    changes = {"rounds": 1, "sharpness": sharpness, "parties.*.reservation": 0.5, "mediator": None}
    case = pie({**changes, "distrust": distrust, "parties.*.devaluation": weight})
    expected = 1 / (1 + exp(sharpness * weight * distrust / (1 - distrust)))
    setting = f"ρ = {weight:g}; direct talks, one round, k = {sharpness:g}, d = {distrust:g}"
    return frequency(setting, "share that settles", expected, settled(case), RUNS)


def guarantee(strength: float, r: float = 0.3, betrayal: float = 0.3) -> Check:
    """Ablation of the guarantee γ: the share below d*/(1 − γ) settles; below d* at γ = 0.

    Mutual distrust is spread evenly over [0, 1].
    """
    changes = {"distrust": {"range": [0.0, 1.0], "shared": "mutual"}, "guarantors.g": strength}
    case = pie(TABLED | alike(r, betrayal) | changes)
    expected = min(1.0, (0.5 - r) / (0.5 - r + betrayal) / (1 - strength))
    setting = f"γ = {strength:g}; mutual distrust over [0, 1], r = {r:g}, betrayal loss {betrayal:g}"
    return frequency(setting, "share that settles", expected, settled(case), RUNS)


def bias(leaning: float, r: float = 0.2) -> Iterator[Check]:
    """Ablation of the mediator's bias B: the favoured party gets (1 − 2r)·b/(2 + b) more; nothing at b = 0.

    More than if the mediator favoured the other.
    """
    for_a, for_b = (
        text(pie(TABLED | {"parties.*.reservation": r, f"mediator.bias.{name}": leaning})) for name in ("a", "b")
    )
    setting = f"b = {leaning:g}; mirror images, r = {r:g}"
    expected = (1 - 2 * r) * leaning / (2 + leaning)
    gained = for_a["terms.pie_0"] - for_b["terms.pie_0"]
    yield exact(setting, "share of a, favoured rather than b", expected, gained, CLOSE, SOLVER)
    unlike = for_a["terms.pie_0"] - (1 - for_b["terms.pie_0"])
    yield exact(setting, "share of a favoured beyond that of b favoured", 0.0, unlike, CLOSE, SOLVER)


def decay(rate: float, leverage: float = 0.1, periods: tuple[int, ...] = (2, 5, 10)) -> Iterator[Check]:
    """Ablation of leverage decay η_L: 2e^(−η·n) − 1 of settlements hold for n periods (0 at least); all at η_L = 0.

    Shortfalls are spread evenly over [L, 2L]. All sign, the mediator's text alone, which halves the shortfall; it
    breaks when L·e^(−η·n) < g/2 (V13).
    """
    short = {"range": [0.5 + leverage, 0.5 + 2 * leverage]}
    case = pie(pressed(leverage, rate) | {"parties.a.reservation": 0.5, "parties.b.reservation": short})
    held = play(case, RUNS)["held"]
    for n in periods:
        expected = max(0.0, 2 * exp(-rate * n) - 1)
        setting = f"η_L = {rate:g}; shortfalls over [L, 2L], L = {leverage:g}"
        yield frequency(setting, f"settle, and hold for {n} periods", expected, (held >= n).mean(), RUNS)


def convening(power: float, distrust: float = 0.6, of_mediator: float = 0.3) -> Check:
    """Ablation of convening power ε: they meet in a round with [1 − d·(1 − ε·(1 − d_M))]²; (1 − d)² at ε = 0.

    They settle when they meet.
    """
    mediator = {"mediator.shuttle": 0.0, "mediator.convening": power, "distrust.*.m": of_mediator}
    case = pie({"rounds": 1, "parties.*.contact_aversion": 1.0, "distrust": distrust, **mediator})
    expected = (1 - distrust * (1 - power * (1 - of_mediator))) ** 2
    setting = f"ε = {power:g}; one round, d = {distrust:g}, d_M = {of_mediator:g}, η = 1"
    return frequency(setting, "share that settles", expected, settled(case), RUNS)


def removed(
    path: str, value: float, effect: dict[str, Any], base: dict[str, Any], apart: Collection[str] = ()
) -> Iterator[Check]:
    """Ablation in the full model: a mechanism that works through one parameter changes some run, and none at 0.

    It works through that parameter alone.
    """
    what = ", ".join(f"{name} {number:g}" for name, number in effect.items())
    there, gone = (full({**base, path: number}) for number in (value, 0.0))
    yield something_changes(f"full case, {path} = {value:g}; {what}", there, assign(there, effect), apart)
    yield nothing_changes(f"full case, {path} = 0; {what}", gone, assign(gone, effect), apart)


_ONLY_AUTHORSHIP = {f"mediator.{tool}": 0.0 for tool in ("shuttle", "convening", "leverage", "caucus")}
"""Trust in the mediator counts for nothing but its texts."""

_ONLY_CONFIDENCE = _ONLY_AUTHORSHIP | {"parties.*.devaluation": 0.0}
"""Trust in the mediator counts for nothing but what parties tell it in private."""

_ONLY_CONVENING = {"mediator.shuttle": 0.0, "mediator.style": "facilitation"}
"""Trust in the mediator counts for nothing but its power to convene."""


def _of_devaluation() -> Iterator[Check]:
    yield from (devaluation(weight) for weight in (0.02, 0.0))
    yield from removed("parties.*.devaluation", 0.04, {"distrust.*.m": 0.9}, _ONLY_AUTHORSHIP, ("distrust.[ab].m",))


def _of_guarantee() -> Iterator[Check]:
    yield from (guarantee(strength) for strength in (0.5, 0.0))
    yield from removed("guarantors.g", 0.3, {"distrust.*.g": 0.9}, {}, ("distrust.[ab].g",))


def _of_bias() -> Iterator[Check]:
    for leaning in (0.5, 0.0):
        yield from bias(leaning)


def _of_decay() -> Iterator[Check]:
    for rate in (0.05, 0.0):
        yield from decay(rate)


def _of_leverage() -> Iterator[Check]:
    for strength in (0.05, 0.0):
        yield from bought(0.3, strength, 0.05)
    yield from removed("mediator.leverage", 0.05, {"mediator.leverage_decay": 0.2}, {})


def _of_convening() -> Iterator[Check]:
    yield from (convening(power) for power in (0.5, 0.0))
    yield from removed("mediator.convening", 0.4, {"distrust.*.m": 0.9}, _ONLY_CONVENING, ("distrust.[ab].m",))


def _of_caucus() -> Iterator[Check]:
    yield from (confided(share) for share in (0.8, 0.0))
    only = {key: value for key, value in _ONLY_CONFIDENCE.items() if key != "mediator.caucus"}
    yield from removed("mediator.caucus", 0.4, {"distrust.*.m": 0.9}, only, ("distrust.[ab].m",))


def _of_misjudgement() -> Iterator[Check]:
    yield from (misjudged(error) for error in (0.3, 0.0))


def _of_pace() -> Iterator[Check]:
    yield from (paced(pace, 60) for pace in (50.0, 10.0))


def _of_overtaken() -> Iterator[Check]:
    yield from (overtaken(5.0, -0.2, chance_) for chance_ in (0.1, 0.0))


def _of_front() -> Iterator[Check]:
    yield from (moving(share) for share in (0.5, 0.0))


def _of_violations() -> Iterator[Check]:
    for share in (0.25, 0.0):
        yield from violated(share)


def _of_monitoring() -> Iterator[Check]:
    for quiet in (0.05, 0.0):
        yield from feared(0.03, quiet)


ABLATIONS: dict[str, Callable[[], Iterator[Check]]] = {
    "ρ": _of_devaluation,
    "γ": _of_guarantee,
    "b": _of_bias,
    "η_L": _of_decay,
    "L": _of_leverage,
    "ε": _of_convening,
    "χ": _of_caucus,
    "σ_M": _of_misjudgement,
    "τ": _of_pace,
    "overtaken": _of_overtaken,
    "front": _of_front,
    "violations": _of_violations,
    "q": _of_monitoring,
}
"""The checks of each parameter: its effect at a value, and that it is gone at 0 (of a pace: that it is another)."""


def _ablations() -> Iterator[Check]:
    for checks in ABLATIONS.values():
        yield from checks()


ROWS = (
    Row(
        "Ablations",
        "A parameter has its effect, and at 0 exactly that effect is gone",
        "formulas of V1, V5, V10, V13 and V16; docs/explanation/model.md",
        "ρ: 1/(1 + e^(kρd/(1 − d))); γ: d*/(1 − γ); b: (1 − 2r)b/(2 + b); η_L: 2e^(−ηn) − 1; "
        "L: (a + 2L)/2a and a/(a + 2L); ε: [1 − d(1 − ε(1 − d_M))]²; χ: 1/(1 + e^(k(½ − χ(1 − d_M)(1 − r)))); "
        "σ_M: Φ(Z/(σ_M√2)); τ: τ(1 + Z)^(−β); overtaken: P/(1 − (1 − P)(1 − h)); front: ⌊(u − r)/(ψμ)⌋; "
        "violations: (1 − vπ)^n; q: V13",
        "each parameter at a value and at 0, all else the same; in the full case of V19, where no formula says "
        "how many runs must differ, some at the value and none at 0, but for beliefs that the comparison itself sets",
        _ablations,
    ),
)
