"""`parley sweep`: simulate a scenario at many points of its parameters."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.arguments.scenario_files import announce, find_file
from sim.cli.arguments.shared_options import (
    Assignments,
    Central,
    Cluster,
    Jobs,
    Out,
    Plot,
    Seed,
    StudyName,
    load,
)
from sim.cli.arguments.vary_option import parse_vary
from sim.cli.results.result_charts import draw_charts
from sim.cli.results.simulation_session import show_result, simulation
from sim.cli.terminal import console
from sim.cli.terminal.exit_codes import FAILED

if TYPE_CHECKING:
    from rich.console import RenderableType

    from sim.scenario.model.schema import Scenario
    from sim.study.design.design_points import Design
    from sim.study.design.study_files import StudyFile
    from sim.study.design.vary_requests import Wanted
    from sim.study.sweep import Sweep

MANY_RUNS = 10**9
"""Runs beyond which a sweep says what it would cost and needs --yes."""

EXAMPLES = """Examples:

parley sweep baseline --vary distrust=0:1:41

parley sweep baseline --vary 'distrust.*.us=0:1:11' --vary mediator.style=facilitation,formulation

parley sweep baseline --vary distrust=0:1 --vary 'parties.*.trust_gain=0:0.5' --sample lhs:200

parley sweep studies/mutual-distrust

Quote paths with *: shells expand them."""

ScenarioOrStudy = Annotated[
    Path,
    typer.Argument(
        metavar="SCENARIO|STUDY",
        show_default=False,
        help="A scenario or study file (YAML), or the name of one that comes with Parley (`parley examples`).",
        parser=find_file,
    ),
]
Vary = Annotated[
    list[str] | None,
    typer.Option(
        metavar="PATH=FROM:TO:POINTS",
        show_default=False,
        help="Vary a parameter from FROM to TO, both included (PATH=FROM:TO:POINTS:log spaces them evenly on a log "
        "scale), or over values: PATH=V1,V2,V3. Several make a grid. "
        "Paths: 'distrust' (mutual), 'distrust.russia.ukraine', 'distrust.*.us' (quoted), 'mediator.style' (null for "
        "none) and any other parameter.",
    ),
]
Sample = Annotated[
    str | None,
    typer.Option(
        metavar="lhs:N|sobol:N",
        show_default=False,
        help="Instead of a grid, N points from the ranges PATH=FROM:TO (or PATH=FROM:TO:log): a Latin hypercube or "
        "Sobol' points.",
    ),
]
Runs = Annotated[
    int | None,
    typer.Option(
        min=1, max=10**9, metavar="N", show_default=False, help="Runs at each design point (by default the scenario's)."
    ),
]
Precision = Annotated[
    float | None,
    typer.Option(
        min=0.0001,
        max=0.2,
        metavar="P",
        show_default=False,
        help="Add runs at each design point until the 95 % half-width of the share that settles is below P; "
        "--runs is then the least number.",
    ),
]
Spread = Annotated[
    bool | None,
    typer.Option(
        "--spread/--no-spread",
        show_default=False,
        help="Compute each share's range over the assumptions (by default if one parameter is varied).",
    ),
]
Yes = Annotated[bool, typer.Option("--yes", help=f"Start even if it takes more than {MANY_RUNS:,} runs.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]


@dataclass(frozen=True)
class _Question:
    """What is to be simulated: the scenario and its file's name, what is varied and how often."""

    name: str
    scenario: Scenario
    vary: list[Wanted]
    sample: str | None
    runs: int | None
    precision: float | None
    spread: bool


def sweep(
    file: ScenarioOrStudy,
    vary: Vary = None,
    sample: Sample = None,
    runs: Runs = None,
    precision: Precision = None,
    seed: Seed = None,
    assignments: Assignments = None,
    central: Central = False,
    jobs: Jobs = None,
    cluster: Cluster = None,
    out: Out = Path("results"),
    spread: Spread = None,
    name: StudyName = None,
    plot: Plot = True,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Sweep a scenario over many design points: how settlement changes with distrust, or any other parameter."""
    question = _ask(file, vary, sample, runs, precision, seed, assignments, central, spread)

    from sim.study import sweep as study

    with (
        simulation([file], out, jobs, cluster) as (options, processes),
        console.progress_bar(question.name) as progress,
    ):
        design = _design(question, processes, yes)
        options |= {"name": name or question.name, "spread": question.spread, "progress": progress}
        result = study.sweep(question.scenario, design, question.runs, question.precision, **options)
    _present(result, plot, as_json)


def _ask(
    file: Path,
    vary: list[str] | None,
    sample: str | None,
    runs: int | None,
    precision: float | None,
    seed: int | None,
    assignments: list[str] | None,
    central: bool,
    spread: bool | None,
) -> _Question:
    """Return the question that a scenario and options, or a study file and options, ask. Raises ScenarioError."""
    from sim.scenario.errors import Problem, ScenarioError
    from sim.study.design.study_files import is_study, read_study
    from sim.study.sweep import spread_is_due

    if not is_study(file):
        asked = parse_vary(vary or [])
        (scenario,) = load([file], assignments, central)
        wide = spread_is_due(spread, len(asked), sample)
        return _Question(file.stem, _seeded(scenario, seed), asked, sample, runs, precision, wide)
    if vary or sample:
        option = "--vary" if vary else "--sample"
        raise ScenarioError([Problem(f"already says what is varied: leave out {option}", file=str(file))])
    announce(file)
    study = read_study(file)
    (scenario,) = load([study.scenario], assignments, central)
    seed = study.seed if seed is None else seed
    runs, precision = (study.runs, study.precision) if runs is None and precision is None else (runs, precision)
    wide = spread_is_due(spread, len(study.vary), study.sample)
    scenario = _asking(scenario, study)
    return _Question(file.stem, _seeded(scenario, seed), list(study.vary), study.sample, runs, precision, wide)


def _asking(scenario: Scenario, study: StudyFile) -> Scenario:
    """Return a scenario that asks a study's question in the study's words, and what options changed."""
    changed = scenario.title.partition("; ")[2]
    title = "; ".join([study.title, changed] if changed else [study.title]) if study.title else scenario.title
    return scenario.model_copy(update={"title": title, "about": study.about or scenario.about})


def _seeded(scenario: Scenario, seed: int | None) -> Scenario:
    return scenario if seed is None else scenario.model_copy(update={"seed": seed})


def _design(question: _Question, jobs: int, yes: bool) -> Design:
    """Return the design, unless it takes more runs than anybody means. Raises ScenarioError."""
    from sim.scenario.errors import Problem, ScenarioError
    from sim.study.design.vary_requests import axes_of, grid_size, make, read_sampling
    from sim.study.sweep import cost, runs_in_all

    scenario = question.scenario
    if question.sample is None:
        axes_of(scenario, question.vary, sampled=False)  # what is wrong comes before what it would cost
        points = grid_size(question.vary)
    else:
        points = read_sampling(question.sample)[1]
    total = runs_in_all(points, question.runs or int(scenario.runs), question.precision, question.spread)
    if total > MANY_RUNS and not yes:
        price = cost(scenario, total)
        message = (
            f"{total:,} runs ({points:,} design points): about {price.seconds / jobs / 3600:,.0f} hours on {jobs} "
            f"processes and {price.size / 1e9:,.0f} GB on disk. Give --yes to start"
        )
        raise ScenarioError([Problem(message)])
    return make(scenario, question.vary, question.sample)


def _present(result: Sweep, plot: bool, as_json: bool) -> None:
    """Print a sweep's results, where they lie, and which design points failed."""

    def table() -> RenderableType:
        from sim.output.tables.sweep_table import sweep_table

        return sweep_table(result.summary, result.study.scenario)

    tell = show_result(result.folder, result.summary, table, as_json, complete=not result.simulated)
    drawn = draw_charts(result.folder, tell) if plot and result.summary["points"] else True
    failed = result.summary["failed"]
    for failure in failed:
        values = ", ".join(f"{path}={value}" for path, value in failure["values"].items())
        console.say(f"Design point {failure['point']} ({values}) failed: {failure['error']}")
    if failed or not drawn:
        raise typer.Exit(FAILED)
