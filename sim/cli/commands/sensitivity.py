"""`parley sensitivity`: which of the assumptions move the answer."""

from __future__ import annotations

from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.arguments.shared_options import (
    Assignments,
    Cluster,
    Jobs,
    Out,
    Plot,
    ScenarioFile,
    Seed,
    load,
)
from sim.cli.results.result_charts import draw_charts
from sim.cli.results.simulation_session import show_result, simulation
from sim.cli.terminal import console
from sim.cli.terminal.exit_codes import FAILED

if TYPE_CHECKING:
    from rich.console import RenderableType


EXAMPLES = """Examples:

parley sensitivity baseline

parley sensitivity baseline --of lasting.260 --rows 1024"""

Rows = Annotated[
    int,
    typer.Option(metavar="N", help="Base rows of the design, a power of two; more rows give narrower intervals."),
]
Plays = Annotated[
    int, typer.Option(metavar="N", help="Runs averaged in each row; more runs leave less simulation noise.")
]
Of = Annotated[
    str,
    typer.Option("--of", metavar="OUTCOME", help="Outcome to explain: settlement, lasting.52 or lasting.260."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]


def sensitivity(
    scenario: ScenarioFile,
    rows: Rows = 512,
    plays: Plays = 32,
    of: Of = "settlement",
    seed: Seed = None,
    assignments: Assignments = None,
    jobs: Jobs = None,
    cluster: Cluster = None,
    out: Out = Path("results"),
    plot: Plot = True,
    as_json: AsJson = False,
) -> None:
    """Rank a scenario's ranges by how much they move the share of runs that settle (Sobol' indices)."""
    case = load([scenario], assignments)[0]

    from sim.study import sensitivity

    planned = sensitivity.plan(case, rows, plays, of)
    console.say(
        f"{len(planned.factors)} ranges give {rows:,} × {len(planned.factors) + 2} rows of {plays} runs: "
        f"{planned.runs:,} runs"
    )
    with simulation([scenario], out, jobs, cluster) as (options, _), console.progress_bar(scenario.stem) as progress:
        options |= {"name": scenario.stem, "progress": progress, "announce": _announce}
        found = sensitivity.sensitivity(case, rows, plays, of, seed, **options)

    def table() -> RenderableType:
        from sim.output.tables.sensitivity_table import sensitivity_table

        return sensitivity_table(found.summary, case)

    tell = show_result(found.folder, found.summary, table, as_json, complete=not found.simulated)
    if plot and found.summary["factors"] and not draw_charts(found.folder, tell, "sensitivity"):
        raise typer.Exit(FAILED)


def _announce(seconds: float) -> None:
    """Say how long it will take."""
    console.say(f"That takes about {_duration(seconds)}.")


def _duration(seconds: float) -> str:
    """A span of time as people say it."""
    if seconds <= 1:
        return "a second"
    return f"{ceil(seconds)} seconds" if seconds < 100 else f"{ceil(seconds / 60)} minutes"
