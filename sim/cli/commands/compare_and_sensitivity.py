"""`parley compare` and `parley sensitivity`: what makes the difference."""

from __future__ import annotations

import os
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.arguments.scenario_files import command_line
from sim.cli.arguments.shared_options import (
    Assignments,
    Central,
    Cluster,
    Jobs,
    NoSpread,
    Out,
    Plot,
    ScenarioFile,
    ScenarioFiles,
    Seed,
    load,
    workers,
)
from sim.cli.commands.result_charts import draw_charts
from sim.cli.terminal import console
from sim.cli.terminal.exit_codes import FAILED
from sim.cli.terminal.result_location import describe_location

if TYPE_CHECKING:
    from sim.scenario.model.schema import Scenario

COMPARE_EXAMPLES = """Examples:

parley compare baseline no-mediator security-guarantees

parley compare baseline --ablate"""

SENSITIVITY_EXAMPLES = """Examples:

parley sensitivity baseline

parley sensitivity baseline --of lasting.260 --rows 1024"""

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

    try:
        with workers(jobs, cluster) as team, console.progress_bar("comparing") as progress:
            found = comparison.compare(
                cases,
                runs,
                seed,
                out=out,
                spread=not no_spread,
                means=means,
                command=command_line(scenarios),
                progress=progress,
                workers=team,
            )
    except KeyboardInterrupt:
        raise KeyboardInterrupt(_kept(out)) from None
    folder = out / found["scenarios"][0]["folder"]
    if as_json:
        console.write_json(found)
    else:
        from sim.output.tables.comparison_table import comparison_table

        console.show(comparison_table(found, next(iter(cases.values()))))
    tell = console.say if as_json else console.write
    tell(describe_location(folder))
    if plot and not draw_charts(folder, tell, "differences"):
        raise typer.Exit(FAILED)


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
    try:
        with workers(jobs, cluster) as team, console.progress_bar(scenario.stem) as progress:
            found = sensitivity.sensitivity(
                case,
                rows,
                plays,
                of,
                seed,
                out=out,
                name=scenario.stem,
                command=command_line([scenario]),
                announce=lambda seconds: console.say(f"That takes about {_duration(seconds)}."),
                progress=progress,
                workers=team,
            )
    except KeyboardInterrupt:
        raise KeyboardInterrupt(_kept(out)) from None
    if as_json:
        console.write_json(found.summary)
    else:
        from sim.output.tables.sensitivity_table import sensitivity_table

        console.show(sensitivity_table(found.summary, case))
    tell = console.say if as_json else console.write
    tell(describe_location(found.folder, complete=not found.simulated))
    if plot and found.summary["factors"] and not draw_charts(found.folder, tell, "sensitivity"):
        raise typer.Exit(FAILED)


def _duration(seconds: float) -> str:
    """A span of time as people say it."""
    if seconds <= 1:
        return "a second"
    return f"{ceil(seconds)} seconds" if seconds < 100 else f"{ceil(seconds / 60)} minutes"


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
    from sim.study.design.ablations import ablations, without

    found = {f"{file.stem}-{ablation.name}": ablation for ablation in ablations(case)}
    if not found:
        problem = "nothing to leave out: no channel of distrust is open and the mediator uses no tool"
        raise ScenarioError([Problem(problem, file=str(file))])
    changed = {name: without(case, ablation) for name, ablation in found.items()}
    return {file.stem: case, **changed}, {name: ablation.means for name, ablation in found.items()}


def _kept(out: Path) -> str:
    """What to say after an interrupt."""
    return f"Finished parts are in {out}{os.sep}: the same command resumes from there."
