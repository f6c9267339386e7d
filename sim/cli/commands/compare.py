"""`parley compare`: what makes the difference between scenarios."""

from __future__ import annotations

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
    load,
)
from sim.cli.results.result_charts import draw_charts
from sim.cli.results.simulation_session import show_result, simulation
from sim.cli.terminal import console
from sim.cli.terminal.exit_codes import FAILED

if TYPE_CHECKING:
    from rich.console import RenderableType

    from sim.scenario.model.schema import Scenario

EXAMPLES = """Examples:

parley compare baseline no-mediator security-guarantees

parley compare baseline --ablate"""

Runs = Annotated[
    int | None,
    typer.Option(min=1, max=10**9, metavar="N", help="Runs of each scenario (by default as many as the first's)."),
]
Ablate = Annotated[
    bool,
    typer.Option(
        "--ablate",
        help="Compare one scenario with variants of itself, each without one channel of distrust or one tool of the "
        "mediator.",
    ),
]
OneSeed = Annotated[
    int | None,
    typer.Option(min=0, max=2**63 - 1, metavar="S", help="Random seed, common to all (by default the first's)."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]


def compare(
    scenarios: ScenarioFiles,
    ablate: Ablate = False,
    runs: Runs = None,
    seed: OneSeed = None,
    assignments: Assignments = None,
    central: Central = False,
    jobs: Jobs = None,
    cluster: Cluster = None,
    no_spread: NoSpread = False,
    out: Out = Path("results"),
    plot: Plot = True,
    as_json: AsJson = False,
) -> None:
    """Compare scenarios with the first on common random numbers: how often they settle, and for how long."""
    cases, means = _cases(scenarios, load(scenarios, assignments, central), ablate)

    from sim.study import comparison

    with simulation(scenarios, out, jobs, cluster) as (options, _), console.progress_bar("comparing") as progress:
        options |= {"spread": not no_spread, "progress": progress}
        found = comparison.compare(cases, runs, seed, means=means, **options)

    def table() -> RenderableType:
        from sim.output.tables.comparison_table import comparison_table

        return comparison_table(found, next(iter(cases.values())))

    folder = out / found["scenarios"][0]["folder"]
    tell = show_result(folder, found, table, as_json)
    if plot and not draw_charts(folder, tell, "differences"):
        raise typer.Exit(FAILED)


def _cases(files: list[Path], cases: list[Scenario], ablate: bool) -> tuple[dict[str, Scenario], dict[str, str]]:
    """Return the scenarios to compare by name, and what sets ablations apart. Raises ScenarioError."""
    from sim.scenario.errors import Problem, ScenarioError

    if ablate:
        if len(files) > 1:
            raise ScenarioError([Problem("--ablate compares one scenario with itself: give one file")])
        return _ablations(files[0], cases[0])
    if len(files) < 2:
        raise ScenarioError([Problem("give at least two scenarios to compare, or one with --ablate")])
    names = _names(files)
    if len(set(names)) < len(names):
        raise ScenarioError([Problem("a scenario is given twice: compare different ones")])
    return dict(zip(names, cases, strict=True)), {}


def _names(files: list[Path]) -> list[str]:
    """Return what the scenarios are called: their files' names, and their folders' where these are alike."""
    stems = [file.stem for file in files]
    return [
        stem if stems.count(stem) == 1 else f"{file.resolve().parent.name}-{stem}"
        for file, stem in zip(files, stems, strict=True)
    ]


def _ablations(file: Path, case: Scenario) -> tuple[dict[str, Scenario], dict[str, str]]:
    """Return a scenario and its ablations by name, and what each of them means. Raises ScenarioError."""
    from sim.scenario.errors import Problem, ScenarioError
    from sim.study.design.scenario_ablations import ablations, without

    found = {f"{file.stem}-{ablation.name}": ablation for ablation in ablations(case)}
    if not found:
        problem = "nothing to leave out: no channel of distrust is open and the mediator uses no tool"
        raise ScenarioError([Problem(problem, file=str(file))])
    changed = {name: without(case, ablation) for name, ablation in found.items()}
    return {file.stem: case, **changed}, {name: ablation.means for name, ablation in found.items()}
