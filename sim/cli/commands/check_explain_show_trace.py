"""Questions on a scenario itself: the commands ``check``, ``explain``, ``show``, ``trace`` and ``schema``."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.arguments.scenario_files import command_line, name_file
from sim.cli.arguments.shared_options import Assignments, Central, ScenarioFile, ScenarioFiles, Seed, load
from sim.cli.terminal import console

Strict = Annotated[bool, typer.Option("--strict", help="Require a claim or an assumption for every number given.")]
Run = Annotated[int, typer.Option("--run", min=0, max=10**12, metavar="N", help="Number of the run, from 0.")]


def check(scenarios: ScenarioFiles, strict: Strict = False, assignments: Assignments = None) -> None:
    """Report every problem of scenarios at once, and warn of what is valid but easily misread."""
    cases = load(scenarios, assignments, strict=strict)

    from sim.output.tables.scenario_checks import findings

    for file, case in zip(scenarios, cases, strict=True):
        for line in findings(case):
            console.write(f"{name_file(file)}: {line}")


def explain(scenario: ScenarioFile, assignments: Assignments = None, central: Central = False) -> None:
    """Explain a scenario: what it assumes, where each number comes from, and what theory says of it."""
    case = load([scenario], assignments, central)[0]

    from sim.output.tables.scenario_explanation import explanation
    from sim.output.tables.theory_table import theory

    console.show(explanation(case))
    console.show(theory(case))


def show(scenario: ScenarioFile, assignments: Assignments = None) -> None:
    """Write a scenario with everything it stands on as one YAML file, to hand it over: same digest anywhere."""
    case = load([scenario], assignments)[0]

    from sim.scenario.loading.self_contained_file import write_scenario

    origin = f"Written by: {command_line([scenario])}\nWith what it extends, and the claims that it cites, in one file."
    console.write_file(write_scenario(case, origin).rstrip("\n"))


def trace(scenario: ScenarioFile, run: Run, seed: Seed = None, assignments: Assignments = None) -> None:
    """Narrate one run round by round: the run of that number in an ensemble of the same seed."""
    case = load([scenario], assignments)[0]
    if seed is not None:
        case = case.model_copy(update={"seed": seed})

    from sim.output.tables.run_narrative import narrate_run

    for paragraph in narrate_run(case, run):
        console.write_paragraph(paragraph)


def schema() -> None:
    """Print the JSON Schema of scenario files, for editors that complete and check them."""
    from sim.scenario.model.json_schema import json_schema

    console.write_json(json_schema(), indent=2)
