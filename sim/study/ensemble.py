"""An ensemble: many runs of one scenario, simulated where missing, stored and summarised."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from typing_extensions import Unpack

from sim.negotiation.randomness.random_streams import BLOCK
from sim.scenario.model.schema import Scenario
from sim.study.design.argument_checks import precision_of, runs_of, seeded
from sim.study.design_advice import advice_on
from sim.study.execution.assumption_range_runs import Spreader, with_spread
from sim.study.execution.missing_runs import Filler
from sim.study.execution.study_options import Execution, Options
from sim.study.storage.queries import open_runs
from sim.study.storage.study_folder import Study
from sim.study.summaries.ensemble_summary import Summary, summarise


@dataclass(frozen=True)
class Result:
    """Finished ensemble of one scenario: its summary, results folder, and number of runs newly simulated.

    `played` counts the runs played beside them to find the spread over the assumptions.
    """

    study: Study
    runs: int
    simulated: int
    played: int
    folder: Path
    summary: Summary


def run(
    scenario: Scenario,
    runs: int | None = None,
    precision: float | None = None,
    seed: int | None = None,
    **options: Unpack[Options],
) -> Result:
    """Simulate an ensemble of runs of one scenario, or return the stored ensemble.

    Stored runs are not simulated twice. `runs` and `seed` default to the scenario's. With `precision`, blocks are added
    until the 95 % half-width of the settlement probability is below it; `runs` is then the least number of runs. The
    range over the assumptions is computed unless `spread` is False. Raises ScenarioError for arguments that are not
    allowed, StorageError if results cannot be written or read.
    """
    asked, runs, precision = Execution.of(options), runs_of(runs), precision_of(precision)
    scenario = seeded(scenario, seed)
    folder = asked.open_folder(scenario)
    study = folder.study
    command = asked.command_for("run", folder, runs=runs, precision=precision, spread=asked.spread)
    with asked.open_team() as team:
        filler = Filler(folder, team, command, asked.progress)
        if precision is None:
            runs = runs or int(scenario.runs)
            filler.fill({0: runs})
        else:
            runs = filler.fill_until(precision, least=runs or BLOCK).get(0, BLOCK)
        spreader = Spreader(folder, team, command, asked.progress)
        spreads = spreader.of([0]) if asked.spread is not False and not filler.failed else spreader.known([0])
    for error in (*filler.failed.values(), *spreader.failed.values()):
        raise error
    with open_runs(folder.parts, {0: runs}, study.columns) as connection:
        summary = with_spread(summarise(connection, study, runs), spreads.get(0))
    summary["warnings"] = advice_on(study)
    folder.publish(summary)
    return Result(study, runs, filler.simulated, spreader.played, folder.path, summary)
