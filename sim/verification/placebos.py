"""Placebos: what must make no difference, beside what must (V19 ii and iv to viii)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from sim.scenario.loading.assignment import assign
from sim.verification.full_scenario import AFTERWARDS, RUNS, WEIGHTS, full, nothing_changes, something_changes
from sim.verification.known_answer import Check, Row, exact, frequency
from sim.verification.reduced_scenarios import AT_ONCE, SHARP, pie, play

FROZEN = {"parties.*.trust_gain": 0.0, "parties.*.trust_loss": 0.0, "rapport": 0.0}
"""Beliefs of the parties that no act moves."""

CALM = {**FROZEN, "distrust": 0.0, "distrust.*.m": 0.0, "distrust.*.g": 0.0}
"""Parties that distrust nobody, and never will."""


def weightless() -> Iterator[Check]:
    """Placebo (ii): an issue that weighs nothing changes nothing else."""
    for weight, check in ((0.0, nothing_changes), (0.2, something_changes)):
        third = full(weights=tuple((*each, weight) for each in WEIGHTS))
        yield check(f"a third issue that weighs {weight:g}, and none", full(), third)


def toolless() -> Iterator[Check]:
    """Placebo (iv): a mediator with every tool off is no mediator."""
    alone = full({"mediator": None})
    off = {"mediator.style": "facilitation", "mediator.shuttle": 0.0, "mediator.convening": 0.0}
    apart = ("mediator_left",)
    yield nothing_changes("mediator with every tool off, and no mediator", full(off), alone, apart)
    yield something_changes("mediator with its tools, and no mediator", full(), alone, apart)


def trusting(path: str, value: float, apart: tuple[str, ...] = ()) -> Iterator[Check]:
    """Placebo (v): without distrust a guarantee, devaluation and aversion to contact do nothing; with it they do."""
    for state, words, check in (
        (CALM, "no distrust", nothing_changes),
        (FROZEN, "distrust .5 to .9", something_changes),
    ):
        case = full({**state, path: 0.0})
        yield check(f"{words}, {path} 0 or {value:g}", case, assign(case, {path: value}), apart)


def no_free_gift() -> Iterator[Check]:
    """Placebo (vi): without distrust a mediator that carries messages settles no more.

    Where some settle and others do not. Reservation values even over [.3, .8], linear: r_A + r_B ≤ 1 in .4·.8 = .32 of
    all cases.
    """
    uneven = pie({"parties.*.reservation": {"range": [0.3, 0.8]}, "parties.*.concession": AT_ONCE})
    full_case = full({**CALM, "parties.*.reservation": {"range": [0.55, 0.8]}, "parties.*.war_cost": 0.0})
    for name, case in (("one pie, sharp decisions", uneven), ("full case", full_case)):
        mediated, alone = (
            play(assign(case, change), RUNS)["outcome"] == "settlement"
            for change in ({"mediator.style": "facilitation"}, {"mediator": None})
        )
        setting = f"no distrust, {name}"
        if case is uneven:
            yield frequency(setting, "settled without a mediator", 0.32, alone.mean(), RUNS)
        else:
            inside = float(0.1 < alone.mean() < 0.9)
            yield exact(setting, "share that settles is within .1 to .9 (1: yes)", 1, inside, 0.0, "yes or no")
        lost = int((mediated != alone).sum())
        yield exact(setting, "settled only with, or only without a mediator", 0, lost, 0.0, "same random numbers")


def monotone() -> Iterator[Check]:
    """Placebo (vii): a stronger guarantee loses no settlement of a weaker one, run by run, and brings some."""
    alike = {
        "parties.*.reservation": {"range": [0.5, 0.7]},
        "parties.*.betrayal_loss": 0.1,
        "parties.*.concession": 0.9,
        "parties.*.devaluation": 0.03,
        "parties.*.contact_aversion": 0.5,
        "distrust.*.g": 0.2,
    }
    case = full(
        {
            **FROZEN,
            "sharpness": SHARP,
            "mediator": None,
            "parties.*.impatience": 0.0,
            **alike,
        },
        weights=((0.6, 0.4), (0.4, 0.6)),
    )
    settled = [
        play(assign(case, {"guarantors.g": strength}), RUNS)["outcome"] == "settlement"
        for strength in (0.0, 0.2, 0.4, 0.6, 0.8)
    ]
    lost = sum(int((weaker & ~stronger).sum()) for weaker, stronger in pairwise(settled))
    gained = int((settled[-1] & ~settled[0]).sum())
    setting = "guarantee 0 to .8"
    yield exact(setting, "settlements lost on the way", 0, lost, 0.0, "same random numbers")
    yield exact(setting, "settlements gained (1: some)", 1, float(gained > 0), 0.0, "yes or no")


NEW_AT_0 = (
    "mediator.caucus",
    "mediator.misjudgement",
    "overtaken",
    "implementation.violations",
    "implementation.monitoring",
)
"""Parameters of rules that are off at 0; what `implementation.front` is at 0 is a front that peace has frozen."""


def switched_off() -> Iterator[Check]:
    """Placebo (viii): a rule that is off is exactly nothing, as one that is on and all but 0, and has an effect."""
    for path in NEW_AT_0:
        barely = {"range": [0.0, 1e-300]}
        yield nothing_changes(f"{path} 0, or a range up to 1e-300", full({path: 0.0}), full({path: barely}))
        yield something_changes(f"{path} 0, and as in the full case", full({path: 0.0}), full())


def _without_distrust() -> Iterator[Check]:
    yield from trusting("guarantors.g", 0.7, AFTERWARDS)
    yield from trusting("parties.*.devaluation", 0.3)
    yield from trusting("parties.*.contact_aversion", 2.0)


_FULL = "a full case with every mechanism at work (`sim/verification/full_scenario.py`), on the same random numbers"
_EQUAL = "equality, run by run"
_NO_SOURCE = "a placebo: no source needed"

ROWS = (
    Row(
        "V19 (ii)",
        "An issue that weighs nothing changes nothing",
        _NO_SOURCE,
        _EQUAL + ", in every column that both have: all but the terms of that issue",
        _FULL,
        weightless,
    ),
    Row(
        "V19 (iv)",
        "A mediator with every tool off is no mediator",
        _NO_SOURCE,
        _EQUAL + ", in every column that both have: all but beliefs of and about the mediator, and when it gave up",
        f"facilitation without shuttle and convening; {_FULL}",
        toolless,
    ),
    Row(
        "V19 (v)",
        "Without distrust its channels are closed",
        _NO_SOURCE,
        f"{_EQUAL}; of a guarantee, all but what becomes of settlements, for there it works in fact and not in belief",
        _FULL,
        _without_distrust,
    ),
    Row(
        "V19 (vi)",
        "With nothing to mend, mediation settles no more",
        _NO_SOURCE,
        "P(r_A + r_B ≤ 1) = .32 for reservation values even over [.3, .8]; equality, run by run",
        "no distrust, facilitation or no mediator, settings in which some settle and others do not",
        no_free_gift,
    ),
    Row(
        "V19 (vii)",
        "A stronger guarantee never loses a settlement",
        _NO_SOURCE,
        "settled with γ implies settled with more",
        "sharp decisions, beliefs that no act moves, parties alike but for war, luck and events, on the same random "
        "numbers",
        monotone,
    ),
    Row(
        "V19 (viii)",
        "A rule that is off is exactly nothing",
        _NO_SOURCE,
        _EQUAL + " and column by column",
        _FULL,
        switched_off,
    ),
)
