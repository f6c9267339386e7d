"""Options that several commands share, and the scenarios that they name."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.arguments.scenario_files import announce, find_file, name_file

if TYPE_CHECKING:
    from sim.scenario.model.schema import Scenario
    from sim.study.execution.executors import Workers
    from sim.study.results.stored_study import StoredStudy

ScenarioFile = Annotated[
    Path,
    typer.Argument(
        metavar="SCENARIO",
        show_default=False,
        help="A scenario file (YAML), or the name of one that comes with Parley (`parley examples`).",
        parser=find_file,
    ),
]
ScenarioFiles = Annotated[
    list[Path],
    typer.Argument(
        metavar="SCENARIO",
        show_default=False,
        help="Scenario files (YAML), or names of those that come with Parley (`parley examples`).",
        parser=find_file,
    ),
]
Assignments = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        show_default=False,
        help="Set a parameter; may be repeated. Quote paths with *.",
    ),
]
Central = Annotated[
    bool,
    typer.Option(
        "--central",
        help="Use the middle (median) of every range: effects of rare values, such as breaches by type, disappear.",
    ),
]
Seed = Annotated[
    int | None,
    typer.Option(min=0, max=2**63 - 1, metavar="S", help="Random seed (by default the scenario's)."),
]
Jobs = Annotated[
    int | None, typer.Option(min=1, max=1024, metavar="N", help="Worker processes (by default one per core).")
]
Cluster = Annotated[
    str | None,
    typer.Option(
        metavar="tcp://HOST:PORT",
        show_default=False,
        help="Work on the Dask cluster with this scheduler instead of on this machine.",
    ),
]


NoSpread = Annotated[
    bool,
    typer.Option("--no-spread", help="Do not compute the range over the assumptions."),
]
Plot = Annotated[bool, typer.Option("--plot/--no-plot", help="Draw the main charts of the result.")]


Result = Annotated[
    str,
    typer.Argument(
        metavar="RESULT",
        show_default=False,
        help="A results folder, its name within results/, or the beginning of the name.",
    ),
]
Results = Annotated[
    list[str],
    typer.Argument(
        metavar="RESULT",
        show_default=False,
        help="Results folders, their names within results/, or the beginnings of the names.",
    ),
]


def _study_name(value: str | None) -> str | None:
    """Return what a study is to be called, unless it is nothing."""
    if value is not None and not value.strip():
        raise typer.BadParameter("give a name")
    return value


StudyName = Annotated[
    str | None,
    typer.Option(
        "--name",
        metavar="NAME",
        show_default=False,
        callback=_study_name,
        help="Name of the study, under which other commands find it (by default its file's).",
    ),
]


def _folder(value: Path) -> Path:
    """Return where results go, unless it cannot be a folder."""
    if value.exists() and not value.is_dir():
        raise typer.BadParameter(f"{value} is a file, not a folder")
    return value


def _named(value: str) -> Path:
    """Return the path that was typed; an empty one would mean the folder one happens to stand in."""
    if not value:
        raise typer.BadParameter("give the name of a folder")
    return Path(value)


Out = Annotated[
    Path,
    typer.Option(
        metavar="DIR", help="Folder of results folders; existing ones are reused.", parser=_named, callback=_folder
    ),
]


def workers(jobs: int | None, cluster: str | None) -> Workers:
    """Return the workers that the shared options `--jobs` and `--cluster` ask for, for use in a `with` block.

    A cluster is connected to at once. Raises BadParameter if both are given or the address is none, ClusterError if
    the cluster does not answer.
    """
    if cluster is None:
        from sim.study.execution.executors import Workers

        return Workers(jobs or cores())
    if jobs is not None:
        raise typer.BadParameter("--jobs is for this machine, --cluster for others: give one of them")
    scheme, _, place = cluster.partition("://")
    _, colon, port = place.rpartition(":")
    if scheme not in ("tcp", "tls") or not colon or not port.isdecimal():
        raise typer.BadParameter(f"{cluster!r} is not an address such as tcp://10.0.0.5:8786", param_hint="--cluster")
    from sim.study.execution.dask_cluster import ClusterWorkers

    team = ClusterWorkers(cluster)
    for name in [name for name in logging.root.manager.loggerDict if name.startswith("distributed")]:
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters of it is said in our own words
    return team


def open_results(names: Sequence[str]) -> list[StoredStudy]:
    """Open the results that arguments shared by several commands name, each once.

    Raises BadParameter for what is none, StorageError for damage.
    """
    from sim.study.results.stored_study import NoResultError, open_study

    try:
        return [open_study(name) for name in dict.fromkeys(names)]
    except NoResultError as error:
        raise typer.BadParameter(str(error), param_hint="RESULT") from None


def cores() -> int:
    """Return how many cores this process may use, for the shared option `--jobs`."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def load(
    files: Sequence[Path], assignments: Sequence[str] | None, middle: bool = False, strict: bool = False
) -> list[Scenario]:
    """Load the scenarios that a command's arguments and shared options describe.

    Those are the scenarios in `files`, with `assignments` made and, with `middle`, every range at its middle. Raises
    one ScenarioError for all that is wrong in any of them: nothing runs before everything is right.
    """
    from sim.scenario.errors import Problem, ScenarioError
    from sim.scenario.loading.assignment import central
    from sim.scenario.loading.scenario_loader import load_scenario
    from sim.study.design.study_files import is_study

    scenarios: list[Scenario] = []
    problems: list[Problem] = []
    for file in files:
        announce(file)
        if is_study(file):
            problems.append(
                Problem("is a study, for parley sweep: this command takes a scenario", file=name_file(file))
            )
            continue
        try:
            scenario = load_scenario(file, assignments or (), strict=strict, option="--set")
        except ScenarioError as error:
            problems += error.problems
        else:
            scenario = central(scenario) if middle else scenario
            title = "; ".join([scenario.title or file.stem, *_changes(assignments or (), middle)])
            scenarios.append(scenario.model_copy(update={"title": title}))
    if problems:
        raise ScenarioError(dict.fromkeys(problems))
    return scenarios


def _changes(assignments: Sequence[str], middle: bool) -> list[str]:
    """What the options made of the file, in words, so that no table or chart passes for the file's own."""
    changed = [f"with {', '.join(assignments)}"] if assignments else []
    return [*changed, "every range at its middle (median)"] if middle else changed
