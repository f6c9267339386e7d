"""Optimistic omissions: what a scenario leaves out in favour of its answer, and whether any party can break a deal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sim.scenario.advice.possible_values import Possible
from sim.scenario.model.display_labels import choose_label
from sim.scenario.model.parameters import Parameter, default_pace, parameters
from sim.scenario.model.schema import Scenario

ROSY = {
    "reliability": "1: nobody breaks its word",
    "contact_aversion": "0: distrust keeps nobody away",
    "trust_loss": "0: nothing hostile lowers trust",
    "devaluation": "0: a text is taken alike from anybody",
    "impatience": "0: nobody walks out",
}
"""Numbers of parties of which the neutral value is the one that favours settlements, or their holding."""

DECISIVE = ("parties.", "battlefield", "mediator", "guarantors", "events.", "incidents.", "implementation.")
"""Beginnings of the paths on which it depends whether somebody can break a settlement."""


def why_unbreakable(scenario: Scenario) -> str | None:
    """Return why no party can ever break a settlement, an optimistic omission of the scenario; None if one can.

    That is for a settlement that was worth signing. Nobody can if every reliability is 1 (or a guarantee of 1 takes
    away all risk), the battlefield moves nobody and no violation frightens anybody after the signature, and no leverage
    made anybody sign. What was signed by mistake, for less than no settlement is worth, may be broken
    all the same: runs in which that happens are counted.
    """
    world = Possible([scenario])
    if any(world.breaks(party) for party in world.parties):
        return None
    kept = "a guarantee takes away all risk of betrayal" if world.guaranteed else "every party's reliability is 1"
    world_stands = "the battlefield moves nobody in peace, no leverage fades and no violation frightens anybody"
    return f"nobody can break a settlement here, as {kept}, {world_stands}"


def rosy_lines(scenario: Scenario, world: Possible) -> Iterator[str]:
    """Yield messages about optimistic omissions: what a scenario leaves out in favour of its answer.

    Also parties of which only some can break a settlement.
    """
    able = [party for party in world.parties if world.breaks(party)]
    unable = [party for party in world.parties if party not in able]
    if able and unable and not world.guaranteed:
        yield f"{_paths(unable, 'reliability')}: 1, so that only {_listed(able, scenario)} can break a settlement"
    known = parameters(scenario)
    left_out = [told for key in ROSY if (told := _left_out(scenario, known, world, key))]
    if left_out:
        yield f"left out, to the good of settlements: {'; '.join(left_out)}"
    hurried = [party for party in world.parties if not known[f"parties.{party}.pace"].given]
    if hurried:
        stands = f"{default_pace(scenario).central:g} weeks"
        source = "a year" if scenario.deadline is None else "the deadline"
        yield f"left out: pace of {_listed(hurried, scenario)}; {source} ({stands}) stands for it"


def _left_out(scenario: Scenario, known: Mapping[str, Parameter], world: Possible, key: str) -> str:
    """What to say of a number that some parties do not give and that no event sets; nothing if there is none."""
    lacking = [
        party
        for party in world.parties
        if not known[f"parties.{party}.{key}"].given
        and not any(f"parties.{party}.{key}" in event.set for event in scenario.events)
    ]
    if not lacking:
        return ""
    whose = "" if len(lacking) == len(world.parties) else f" of {_listed(lacking, scenario)}"
    return f"{key}{whose} ({ROSY[key]})"


def _paths(parties: list[str], key: str) -> str:
    return ", ".join(f"parties.{party}.{key}" for party in parties)


def _listed(parties: list[str], scenario: Scenario) -> str:
    names = [choose_label(party, scenario.labels) for party in parties]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
