"""A single run watched from within, identical to the run that an ensemble of that scenario and seed contains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.negotiation.equations import rules
from sim.negotiation.equations.rules import Real
from sim.negotiation.equations.run_axis import Places
from sim.negotiation.model import SILENT, Negotiation
from sim.scenario.model.schema import Scenario

Beliefs = dict[tuple[str, str], float]
"""Distrust by (holder, other)."""


def unwrap_single_value(value: Any) -> float:
    """Return the number in an array that holds a single run's value."""
    return float(np.ravel(value)[0])


class Witness(Negotiation):
    """Negotiation of a single run that records how events in the world and then the talks moved distrust.

    `hostile` holds the parties whose hostile acts of this round came by chance, in the order of the file.
    """

    def __init__(self, case: Scenario, run: int) -> None:
        super().__init__(case, runs=1, first=run)
        self.by_world: Beliefs = {}
        self.by_talks: Beliefs = {}
        self.hostile: list[str] = []
        self.before = self.beliefs

    @property
    def beliefs(self) -> Beliefs:
        """Everybody's distrust as things stand."""
        return {
            (holder, other): unwrap_single_value(self.learners[holder].distrust[other]) for holder, other in self.pairs
        }

    @property
    def floors(self) -> dict[str, float]:
        """The least utility that each party could sign for this week, whoever wrote the text; infinite if none."""
        floors = {
            name: unwrap_single_value(rules.floor(party.least, party.betrayed, party.risk))
            for name, party in self.parties.items()
        }
        return {name: floor if np.isfinite(floor) else np.inf for name, floor in floors.items()}

    def move_world(self) -> None:
        """As in the model; what it did to distrust stands in `by_world`."""
        self.before, self.hostile = self.beliefs, []
        super().move_world()
        self.by_world = self.beliefs

    def _see_hostility(self, name: str, size: Real, rows: Places | slice) -> None:
        """As in the model; acts that come by chance are those that some runs see and others do not."""
        if not isinstance(rows, slice) and len(rows):
            self.hostile.append(name)
        super()._see_hostility(name, size, rows)

    def leave(self) -> None:
        """As in the model; what the talks did to distrust stands in `by_talks`."""
        self.by_talks = self.beliefs
        super().leave()


@dataclass(frozen=True)
class Tabled:
    """Text tabled in a single run: its week, its author, and its utility to each party if the text is kept."""

    week: int
    author: str
    worth: Mapping[str, float]


@dataclass(frozen=True)
class Story:
    """Story of a single run: the texts tabled week by week, the parties' floors, and the ending.

    Declarations are no texts that anybody could sign, and are left out.

    `opening` and `closing` hold each party's floor in the first and the last week, `aims` and `salience` (normalised)
    what the parties wanted in it, issue by issue; `ending` is the row of its outcome (docs/reference/results.md).
    """

    tabled: list[Tabled]
    opening: Mapping[str, float]
    closing: Mapping[str, float]
    aims: Mapping[str, list[float]]
    salience: Mapping[str, list[float]]
    ending: Mapping[str, Any]


def watch(case: Scenario, run: int) -> Story:
    """Simulate and watch a single run of a scenario, number `run`, and return its story text by text."""
    witness = Witness(case, run)
    space = witness.space
    tabled: list[Tabled] = []
    opening: dict[str, float] = {}
    while witness.running:
        witness.step()
        opening = opening or witness.floors
        seat = int(witness.text.author[0])
        if int(witness.session[0]) != SILENT and seat >= 0 and not witness.text.declared[0]:
            worth = {name: unwrap_single_value(witness.text.worth[name]) for name in witness.parties}
            tabled.append(Tabled(witness.steps, witness.text.authors[seat], worth))
    aims, salience = (
        {name: [unwrap_single_value(number) for number in taste[name]] for name in witness.parties}
        for taste in (space.aims, space.salience)
    )
    ending = {name: values[0] for name, values in witness.outcomes().items()}
    return Story(tabled, opening, witness.floors, aims, salience, ending)
