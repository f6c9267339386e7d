"""Scorecard: all that is set beside conflict data, from runs of the reference scenarios."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.verification.conflict_data.crisis_cells import CELLS, read_cells
from sim.verification.conflict_data.rate_comparison import (
    RATES,
    REFERENCE,
    RUNS,
    Comparison,
    Rate,
    compare,
    context,
    read_rates,
    read_reference_scenarios,
)
from sim.verification.conflict_data.reference_estimates import play_watched
from sim.verification.conflict_data.track_record import Contest, track_record


@dataclass(frozen=True)
class Scorecard:
    """Scorecard of the model: rates beside its own, rates for context, the track record, and runs of each scenario."""

    comparisons: Sequence[Comparison]
    context: Sequence[Rate]
    contests: Sequence[Contest]
    runs: int


def score_model(folder: Path, runs: int = RUNS) -> Scorecard:
    """Return the scorecard from so many runs of each reference scenario.

    Scenarios and data are those in the folder that holds scenarios/ and seeds/. Raises ScenarioError for files that
    cannot be used.
    """
    rates, cells = read_rates(folder / RATES), read_cells(folder / CELLS)
    played = {name: play_watched(case, runs) for name, case in read_reference_scenarios(folder / REFERENCE).items()}
    return Scorecard(compare(played, rates), context(rates), track_record(played, cells), runs)
