"""What must change nothing, and what must change in one way only (V19 and ablations)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import sqrt
from typing import Any

import numpy as np

from sim.scenario.paths import assign
from sim.scenario.schema import Scenario
from sim.verification.check import Check, Row, chance, exact
from sim.verification.settings import Columns, pie, play

RUNS = 4096

BUSY: dict[str, Any] = {
    "rounds": 30,
    "sharpness": 40.0,
    "loss": "quadratic",
    "parties.*.reservation": {"range": [0.4, 0.6]},
    "parties.*.betrayal_loss": 0.08,
    "parties.*.concession": 0.9,
    "parties.*.devaluation": 0.03,
    "parties.*.contact_aversion": 0.5,
    "parties.*.trust_gain": 0.3,
    "parties.*.trust_loss": 0.2,
    "parties.*.impatience": 0.5,
    "distrust": {"range": [0.6, 0.9]},
    "distrust.*.m": 0.3,
    "distrust.m.*": 0.4,
    "mediator.style": "formulation",
    "mediator.convening": 0.2,
    "incidents.rate.a": 0.05,
    "incidents.rate.b": 0.05,
    "rapport": 0.05,
}
"""Two mirror images with every mechanism at work."""

TALK = {"parties.*.trust_gain": 0.0, "parties.*.trust_loss": 0.0, "rapport": 0.0}
"""Beliefs that nothing moves."""


def busy(changes: dict[str, Any] | None = None, weights: Any = ((0.6, 0.4), (0.3, 0.7))) -> Scenario:
    """Return two parties with every mechanism at work, and some changes."""
    return assign(pie({**BUSY}, weights=weights), changes or {})


def differing(one: Columns, other: Columns) -> int:
    """Return in how many runs the outcomes of two ensembles differ in any column that both have, but for beliefs."""
    unlike = np.zeros(len(one["round"]), dtype=bool)
    for name in (name for name in one.keys() & other.keys() if not name.startswith("distrust.")):
        same = one[name] == other[name]
        if one[name].dtype.kind == "f":
            same |= np.isnan(one[name]) & np.isnan(other[name])
        unlike |= ~same
    return int(unlike.sum())


def nothing_changes(what: str, case: Scenario, changed: Scenario) -> Check:
    """Not one of some thousand runs differs in anything, on the same luck."""
    differ = differing(play(case, RUNS), play(changed, RUNS))
    return exact(what, "runs that differ", 0, differ, 0.0, "same luck, bit for bit")


def mirrored() -> Iterator[Check]:
    """(i) Whoever is called a: as many settlements, and terms from the other end."""
    case = busy(weights=((0.6, 0.4), (0.6, 0.4)))
    columns = play(case, RUNS)
    settled = columns["outcome"] == "settlement"
    for issue in ("pie_0", "pie_1"):
        terms = columns[f"terms.{issue}"][settled]
        error = terms.std() / sqrt(len(terms))
        yield chance("two mirror images", f"mean terms of {issue}", 0.5, terms.mean(), error)
    left = [(columns["outcome"] == "walkout") & (columns["by"] == name) for name in ("a", "b")]
    error = np.std(left[0].astype(float) - left[1]) / sqrt(RUNS)
    yield chance("two mirror images", "walkouts of a beyond those of b", 0.0, left[0].mean() - left[1].mean(), error)


def weightless() -> Check:
    """(ii) An issue that weighs nothing changes nothing else."""
    with_it = busy(weights=((0.6, 0.4, 0.0), (0.3, 0.7, 0.0)))
    return nothing_changes("a third issue that nobody cares about", busy(), with_it)


def toolless() -> Check:
    """(iv) A mediator with every tool off is no mediator."""
    off = {"mediator.style": "facilitation", "mediator.shuttle": 0.0, "mediator.convening": 0.0}
    return nothing_changes("mediator with every tool off, and no mediator", busy(off), busy({"mediator": None}))


def trusting(path: str, value: float) -> Check:
    """(v) Without distrust a guarantee, devaluation and aversion to contact have no effect."""
    calm = {**TALK, "distrust": 0.0, "distrust.*.m": 0.0, "incidents.rate.a": 0.0, "incidents.rate.b": 0.0}
    none = {"parties.*.devaluation": 0.0, "parties.*.contact_aversion": 0.0}
    guarantor = {"guarantors.g": 0.0}
    case = busy({**calm, **none, **guarantor})
    return nothing_changes(f"no distrust, {path} 0 or {value:g}", case, assign(case, {path: value}))


def no_free_gift() -> Check:
    """(vi) With full information and no distrust mediation settles no more: sharp decisions, nothing to mend."""
    calm = {**TALK, "distrust": 0.0, "distrust.*.m": 0.0, "incidents.rate.a": 0.0, "incidents.rate.b": 0.0}
    case = busy({**calm, "sharpness": 1e9, "parties.*.impatience": 0.0})
    mediated, alone = (
        float((play(assign(case, change), RUNS)["outcome"] == "settlement").mean())
        for change in ({"mediator.style": "facilitation"}, {"mediator": None})
    )
    return exact(
        "no distrust, sharp decisions", "settled with minus without a mediator", 0, mediated - alone, 0.0, "same luck"
    )


def monotone() -> Check:
    """(vii) A stronger guarantee never loses a settlement that a weaker one brings, run by run."""
    case = busy({**TALK, "sharpness": 1e9, "parties.*.impatience": 0.0, "mediator": None, "guarantors.g": 0.0})
    settled = [
        play(assign(case, {"guarantors.g": strength}), RUNS)["outcome"] == "settlement"
        for strength in (0.0, 0.2, 0.4, 0.6, 0.8)
    ]
    lost = sum(int((weaker & ~stronger).sum()) for weaker, stronger in pairwise(settled))
    setting = "guarantee 0 to .8, beliefs that nothing moves"
    return exact(setting, "settlements lost on the way", 0, lost, 0.0, "same luck")


def removed(path: str, effect: dict[str, Any], base: dict[str, Any]) -> Check:
    """An ablation removes exactly its effect: with the parameter at 0, what the effect works on changes nothing."""
    case = busy({**base, path: 0.0})
    what = ", ".join(f"{name} {value:g}" for name, value in effect.items())
    return nothing_changes(f"{path} = 0; {what}", case, assign(case, effect))


def lasting_leverage() -> Check:
    """Leverage that does not fade breaks nothing: with η_L = 0 what was signed under it is kept."""
    war = {**TALK, "mediator.style": "manipulation", "mediator.leverage": 0.1, "mediator.leverage_decay": 0.0}
    columns = play(busy({**war, "distrust": 0.5}), RUNS)
    broken = int((columns["cause"] != "").sum())
    return exact("η_L = 0, leverage .1", "settlements that break", 0, broken, 0.0, "nothing else moves")


def _placebos() -> Iterator[Check]:
    yield from mirrored()
    yield weightless()
    yield toolless()
    yield trusting("guarantors.g", 0.7)
    yield trusting("parties.*.devaluation", 0.3)
    yield trusting("parties.*.contact_aversion", 2.0)
    yield no_free_gift()
    yield monotone()


def _ablations() -> Iterator[Check]:
    frozen = {**TALK, "mediator.style": "manipulation", "mediator.leverage": 0.05}
    away = {"parties.*.contact_aversion": 0.0, "mediator.convening": 0.0, "mediator.leverage": 0.0}
    yield removed("parties.*.devaluation", {"distrust.*.m": 0.9}, {**frozen, **away})
    yield removed("guarantors.g", {"distrust.*.g": 0.9}, {"guarantors.g": 0.0})
    yield removed("mediator.leverage", {"mediator.leverage_decay": 0.2}, {"mediator.style": "manipulation"})
    yield lasting_leverage()
    still = {**TALK, "parties.*.devaluation": 0.0, "mediator.shuttle": 0.0, "mediator.style": "facilitation"}
    yield removed("mediator.convening", {"distrust.*.m": 0.9}, still)


ROWS = (
    Row(
        "V19",
        "What should make no difference makes none",
        "placebos; no source needed",
        "equality, run by run",
        "a full case with every mechanism at work, on the same luck",
        _placebos,
    ),
    Row(
        "Ablations",
        "A parameter at 0 removes one effect, and what works through it alone",
        "docs/explanation/model.md",
        "equality, run by run",
        "with ρ, γ, L or ε at 0, what these work on changes nothing",
        _ablations,
    ),
)
