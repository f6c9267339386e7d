"""``parley run``: simulate ensembles."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.arguments.shared_options import (
    Assignments,
    Central,
    Cluster,
    Jobs,
    NoSpread,
    Out,
    Plot,
    ScenarioFiles,
    Seed,
    StudyName,
    load,
)
from sim.cli.results.result_charts import draw_charts
from sim.cli.results.simulation_session import show_result, simulation
from sim.cli.terminal import console
from sim.cli.terminal.exit_codes import FAILED

if TYPE_CHECKING:
    from rich.console import RenderableType

    from sim.study.ensemble import Result

Runs = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=10**9,
        metavar="N",
        help="Number of runs (by default the scenario's). More runs are added to those already stored.",
    ),
]
Precision = Annotated[
    float | None,
    typer.Option(
        min=0.0001,
        max=0.2,
        metavar="P",
        help="Add blocks of 16,384 runs until the 95 % half-width of the share that settles is below P; "
        "--runs is then the least number.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object per scenario and nothing else.")]


def run(
    scenarios: ScenarioFiles,
    runs: Runs = None,
    precision: Precision = None,
    seed: Seed = None,
    assignments: Assignments = None,
    central: Central = False,
    jobs: Jobs = None,
    cluster: Cluster = None,
    no_spread: NoSpread = False,
    name: StudyName = None,
    plot: Plot = True,
    out: Out = Path("results"),
    as_json: AsJson = False,
) -> None:
    """Run thousands of negotiations: how often, when, on what terms and by whose text they settle."""
    if name is not None and len(scenarios) > 1:
        raise typer.BadParameter("is for one scenario at a time", param_hint="--name")
    cases = load(scenarios, assignments, central)
    printed: list[str] = []

    from sim.study import ensemble

    drawn = True
    with simulation(scenarios, out, jobs, cluster) as (options, _):
        for file, case in zip(scenarios, cases, strict=True):
            with console.progress_bar(file.stem) as progress:
                options |= {"name": name or file.stem, "spread": not no_spread, "progress": progress}
                result = ensemble.run(case, runs, precision, seed, **options)
            drawn = _present(result, plot, as_json, printed) and drawn
            printed += result.summary["warnings"]
    if not drawn:
        raise typer.Exit(FAILED)


def _present(result: Result, plot: bool, as_json: bool, printed: Sequence[str]) -> bool:
    """Print one ensemble's results and where they lie; return whether all its charts could be drawn.

    Warnings that were `printed` before are not repeated.
    """

    def table() -> RenderableType:
        from sim.output.tables.ensemble_table import ensemble_table

        return ensemble_table(result.summary, result.study.scenario, printed)

    complete = not result.simulated and not result.played
    tell = show_result(result.folder, result.summary, table, as_json, complete)
    drawn = draw_charts(result.folder, tell) if plot else True
    if plot and drawn and (held := _runs_held(result)) > result.runs:
        tell(f"The charts show all {held:,} runs that this study has.")
    if not as_json:
        console.write("")
    return drawn


def _runs_held(result: Result) -> int:
    """Return how many runs the figures of an ensemble's study are of: it may have been asked for more before."""
    from sim.study.results.stored_study import read

    return int(read(result.folder).summary["runs"])
