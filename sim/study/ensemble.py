"""An ensemble: many runs of one scenario, simulated where needed, kept on disk and summarised."""

from __future__ import annotations

import shlex
import sys
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from sim.negotiation.randomness.random_streams import BLOCK
from sim.scenario.model.schema import Scenario
from sim.scenario.reading.plain_values import flag
from sim.study.design.python_arguments import folder_of, jobs_of, named, precision_of, runs_of, seeded
from sim.study.design_advice import advice_on
from sim.study.execution.assumption_range_runs import Spreader, with_spread
from sim.study.execution.executors import Workers
from sim.study.execution.missing_runs import Filler, Progress
from sim.study.storage.queries import open_runs
from sim.study.storage.study_folder import Folder, Study
from sim.study.summaries.ensemble_summary import Summary, summarise


@dataclass(frozen=True)
class Result:
    """A finished ensemble: its summary, where it lies, and how many runs had to be simulated for it.

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
    jobs: int = 1,
    out: str | Path = "results",
    *,
    spread: bool = True,
    name: str | None = None,
    command: str | None = None,
    progress: Progress | None = None,
    workers: Workers | None = None,
) -> Result:
    """Simulate an ensemble of a scenario, or find it again in `out`; what is there is not simulated twice.

    `runs` and `seed` default to the scenario's. With `precision`, blocks are added until the 95 % half-width of the
    settlement probability is below it; `runs` is then the least number of runs. The summary also says how far the
    shares of settlement move over the scenario's ranges; without `spread` only if that is known already. `jobs`
    processes share the work where it is long enough to share: a script that asks for more than one needs the usual
    `if __name__ == "__main__":`. `name` names the results folder (by default after the title) and `workers` may be
    given to keep worker processes over several calls. Raises StorageError if results cannot be written or read.

    >>> from sim import load_scenario, run
    >>> found = run(load_scenario("scenarios/textbook.yaml", {"distrust": 0.2}), runs=200, name="trustful")
    >>> found.summary["outcomes"]["settlement"]["p"]
    1.0
    >>> found.simulated, run(found.study.scenario, runs=200, name="trustful").simulated
    (200, 0)
    """
    runs, precision, jobs = runs_of(runs), precision_of(precision), jobs_of(jobs)
    scenario, out, spread = seeded(scenario, seed), folder_of(out), flag("spread", spread)
    study = Study(named(name, scenario), scenario)
    folder = Folder(out, study)
    command = command or shlex.join(sys.argv)
    with nullcontext(workers) if workers else Workers(jobs) as team:
        filler = Filler(folder, team, command, progress)
        if precision is None:
            runs = runs or int(scenario.runs)
            filler.fill({0: runs})
        else:
            runs = filler.fill_until(precision, least=runs or BLOCK).get(0, BLOCK)
        spreader = Spreader(folder, team, command, progress)
        spreads = spreader.of([0]) if spread and not filler.failed else spreader.known([0])
    for error in (*filler.failed.values(), *spreader.failed.values()):
        raise error
    with open_runs(folder.parts, {0: runs}, study.columns) as connection:
        summary = with_spread(summarise(connection, study, runs), spreads.get(0))
    summary["warnings"] = advice_on(study)
    folder.publish(summary)
    return Result(study, runs, filler.simulated, spreader.played, folder.path, summary)
