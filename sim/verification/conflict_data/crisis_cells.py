"""Cells of crises: past crises alike in what is known of them beforehand, and how many of them ended how."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sim.scenario.packaged.packaged_scenarios import SEEDS
from sim.verification.conflict_data.data_files import read_rows

CELLS = Path(SEEDS) / "icb_cells.csv"
"""Where they lie among what comes with Parley."""

EARLY, LATE = "1918-1974", "1975-2016"
VIOLENCE = ("none", "minor clashes", "serious clashes", "war")


@dataclass(frozen=True)
class Cell:
    """Cell of crises alike in all that is known of them beforehand: how many there were, and how many ended how.

    `followed` crises were followed for five years; after `quiet` of these there was no new crisis.
    """

    violence: str
    mediation: str
    protracted: bool
    period: str
    crises: int
    agreements: int
    followed: int
    quiet: int

    @property
    def mediated(self) -> bool:
        """Whether there was any mediation."""
        return self.mediation != "none"


@dataclass(frozen=True)
class Event:
    """Event that may follow crises: its name, of how many in a cell it is known, and after how many it came."""

    name: str
    trials: Callable[[Cell], int]
    successes: Callable[[Cell], int]


AGREEMENT = Event("an agreement", lambda cell: cell.crises, lambda cell: cell.agreements)
QUIET = Event("no new crisis within five years", lambda cell: cell.followed, lambda cell: cell.quiet)


def read_cells(path: Path) -> list[Cell]:
    """Read the cells of crises from a file.

    Raises ScenarioError if it cannot be read, or is something else.
    """
    return read_rows(path, _cell, "crises")


def _cell(row: Mapping[str, str]) -> Cell:
    return Cell(
        row["violence"],
        row["mediation"],
        {"yes": True, "no": False}[row["protracted"]],
        row["period"],
        *(int(row[name]) for name in ("crises", "agreements", "followed_5_years", "no_new_crisis")),
    )
