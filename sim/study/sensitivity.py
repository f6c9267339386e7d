"""A sensitivity study: missing rows simulated and stored, and the variance attributed to factors (Sobol' indices).

Kept in the scenario's results folder: `sensitivity/<plays>-plays-a-row/`, an array of counts for every CHUNK base rows,
which a larger study of the same plays takes over; and `sensitivity/<outcome>.json`, the figures asked for last.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from typing_extensions import Unpack

from sim.negotiation.randomness.random_streams import BLOCK
from sim.scenario.advice.optimistic_omissions import why_unbreakable
from sim.scenario.errors import Problem, ScenarioError
from sim.scenario.model.key_tree import Leaf, shape_at, to_loc
from sim.scenario.model.parameters import parameters
from sim.scenario.model.schema import Scenario
from sim.study.design.argument_checks import MOST_RUNS as MOST_EACH
from sim.study.design.argument_checks import seeded, whole
from sim.study.design_advice import advice_on
from sim.study.execution.executors import Announce, Workers
from sim.study.execution.sensitivity_rows import (
    OUTCOMES,
    Factor,
    Units,
    columns_of,
    design,
    factors,
    group_counts,
    play_groups,
    unmoved_factors,
)
from sim.study.execution.study_options import Execution, Options
from sim.study.results.stored_study import StoredStudy, read
from sim.study.statistics.sensitivity_sample_size import Size, reason_for_none, required_size
from sim.study.statistics.sobol_indices import REPLICATES, Counts, Decomposition, Indices, decompose
from sim.study.storage.array_files import Shelf, read_counts
from sim.study.storage.atomic_files import StorageError, within, write_json
from sim.study.storage.json_forms import read_form, refuse
from sim.study.storage.queries import CHANGED
from sim.study.storage.study_folder import Folder, Study
from sim.study.summaries.sensitivity_summary import Estimate, FactorIndices, Required, Sensitivity

CHUNK = REPLICATES
"""Base rows in a task and in a file, one of each replicate: a second or two of work for forty factors."""

PLAYED = "{}-plays-a-row"
"""The folder of the counts of rows, by the number of plays."""

MEND = "Delete it and give the command that made it again"
"""What to do about damaged figures."""

MOST_RUNS = 10**9
"""Runs that a sensitivity study may take."""


@dataclass(frozen=True)
class Plan:
    """Plan of a sensitivity study: its factors, its number of base rows, and the runs (`plays`) of each row.

    For each base row the design has two more rows than factors.
    """

    factors: tuple[Factor, ...]
    rows: int
    plays: int

    @property
    def all_rows(self) -> int:
        """Rows of the design."""
        return self.rows * (len(self.factors) + 2)

    @property
    def runs(self) -> int:
        """Runs in all."""
        return self.all_rows * self.plays


@dataclass(frozen=True)
class Attribution:
    """Finished sensitivity study: its summary, results folder, and number of runs newly simulated."""

    summary: Sensitivity
    folder: Path
    simulated: int


@dataclass(frozen=True)
class Rows:
    """Task that a sensitivity study hands to a worker: one chunk of neighbouring rows of its design.

    `chunk` numbers them.
    """

    case: Scenario
    chunk: int
    units: Units
    plays: int


def play(task: Rows) -> Counts:
    """Simulate one task of a sensitivity study and return its counts.

    Runs in a worker process, perhaps on another machine.
    """
    return play_groups(task.case, task.units, task.plays, task.chunk)


def plan(case: Scenario, rows: int, plays: int, outcome: str = "settlement") -> Plan:
    """Plan a sensitivity study: return its factors and size.

    Raises ScenarioError if it cannot be made.
    """
    found = Plan(tuple(factors(case)), rows, plays)
    problems = {
        "nothing in this scenario is a range: there is nothing to attribute": not found.factors,
        f"rows must be a power of two and at least {CHUNK}, not {rows}": rows < CHUNK or bool(rows & (rows - 1)),
        f"plays must be 2 to {BLOCK}, not {plays}": not 2 <= plays <= BLOCK,
        f"the outcome must be one of {', '.join(OUTCOMES)}, not {outcome!r}": outcome not in list(OUTCOMES),
    }
    for message, wrong in problems.items():
        if wrong:
            raise ScenarioError([Problem(message)])
    if found.runs > MOST_RUNS:
        message = f"would take {found.runs:,} runs, more than {MOST_RUNS:,}: ask for fewer rows or plays"
        raise ScenarioError([Problem(message)])
    watched = int(case.implementation.periods)
    unbreakable = why_unbreakable(case)
    if outcome in OUTCOMES[1:] and unbreakable:
        raise ScenarioError([Problem(f"{outcome} is the same as settlement: {unbreakable}")])
    if outcome != "settlement" and int(outcome.partition(".")[2]) > watched:
        raise ScenarioError([Problem(f"{outcome}: settlements are watched for {watched} periods only")])
    return found


def sensitivity(
    scenario: Scenario,
    rows: int = 512,
    plays: int = 32,
    outcome: str = "settlement",
    seed: int | None = None,
    **options: Unpack[Options],
) -> Attribution:
    """Make a sensitivity study, or return the stored one: attribute an outcome's variance to a scenario's ranges.

    `rows` base rows (a power of two) make a design of rows·(factors + 2) rows; each is played `plays` times. Raises
    ScenarioError for a study that cannot be made, StorageError if results cannot be written or read.
    """
    asked, scenario = Execution.of(options), seeded(scenario, seed)
    rows, plays = whole("rows", rows, 1, MOST_EACH), whole("plays", plays, 1, MOST_EACH)
    planned = plan(scenario, rows, plays, outcome)
    folder = asked.open_folder(scenario)
    shelf = Shelf(within(folder.path, "sensitivity", PLAYED.format(plays)))
    tasks = _missing(scenario, planned, shelf)
    if tasks:
        folder.prepare(asked.command_for("sensitivity", folder, rows=rows, plays=plays, outcome=outcome))
    with asked.open_team() as team:
        simulated = _fill(shelf, team, tasks, asked.announce, asked.progress or (lambda done, total: None))
    summary = _summary(folder.study, planned, outcome, _counts(folder, shelf, planned)[OUTCOMES.index(outcome)])
    folder.describe_again()
    write_json(within(folder.path, "sensitivity", f"{outcome}.json"), summary)
    return Attribution(summary, folder.path, simulated)


def kept_sensitivities(folder: Path) -> list[Sensitivity]:
    """Return the sensitivity studies stored in a results folder, that on settlement first.

    Raises StorageError if one is damaged.
    """
    paths = [within(folder, "sensitivity", f"{outcome}.json") for outcome in OUTCOMES]
    known: Collection[str] | None = None
    found: list[Sensitivity] = []
    for path in paths:
        kept = read_form(path, Sensitivity, MEND)
        if kept is None:
            continue
        if known is None:
            known = parameters(read(folder).scenario).keys()
        for what in _amiss(kept, path.stem, known):
            refuse(path, f"not what it ought to be: {what}", MEND)
        found.append(kept)
    return found


def rows_played(study: StoredStudy) -> tuple[int, int]:
    """Return the size of the sensitivity studies in a results folder: rows, and runs simulated for them."""
    width = len(factors(study.scenario)) + 2
    rows = runs = 0
    for place in within(study.path, "sensitivity").glob(PLAYED.format("*")):
        plays = place.name.partition("-")[0]
        if plays.isdecimal():
            played = len(Shelf(place).held()) * CHUNK * width
            rows, runs = rows + played, runs + played * int(plays)
    return rows, runs


def _amiss(kept: Sensitivity, outcome: str, known: Collection[str]) -> Iterator[str]:
    """Yield what in figures is not about this outcome, or not about parameters, of which `known` are the scenario's."""
    if kept["outcome"] != outcome:
        yield "it is about another outcome"
    given = kept["factors"] or []
    paths = [path for factor in given for path in factor["paths"]]
    if not all(factor["paths"] for factor in given) or not all(_is_parameter(path, known) for path in paths):
        yield "its factors are no parameters"
    if len({factor["name"] for factor in given}) < len(given):
        yield "a factor is given twice"
    estimates = [factor[index] for factor in given for index in ("first", "total")]
    if not all(each["low"] <= each["value"] <= each["high"] for each in estimates):
        yield "an index lies outside its interval"


def _is_parameter(path: str, known: Collection[str]) -> bool:
    """Whether a path is a parameter's; those of events are told apart by the scenario alone."""
    return path in known or (not path.startswith("events.") and isinstance(shape_at(to_loc(path)), Leaf))


def _counts(folder: Folder, shelf: Shelf, planned: Plan) -> Counts:
    """Return the counts, shape (outcomes, groups, columns). Raises StorageError if some are gone again."""
    held = shelf.held()
    chunks = range(planned.rows // CHUNK)
    if any(chunk not in held for chunk in chunks):
        raise StorageError(f"{folder.path}: lacks what was just played: {CHANGED}")
    shape = (len(OUTCOMES), CHUNK, columns_of(len(planned.factors)))
    return np.concatenate([read_counts(held[chunk], shape, planned.plays) for chunk in chunks], axis=1)


def _missing(case: Scenario, planned: Plan, shelf: Shelf) -> list[Rows]:
    """Return the tasks for the rows that are not there yet."""
    held = shelf.held()
    missing = [chunk for chunk in range(planned.rows // CHUNK) if chunk not in held]
    if not missing:
        return []
    units = design(len(planned.factors), planned.rows, int(case.seed))
    size = CHUNK * (len(planned.factors) + 2)
    return [Rows(case, chunk, units[chunk * size : (chunk + 1) * size], planned.plays) for chunk in missing]


def _fill(
    shelf: Shelf, team: Workers, tasks: list[Rows], announce: Announce | None, progress: Callable[[int, int], None]
) -> int:
    """Do tasks and keep what they bring; returns how many runs that took. Raises the first task's error."""
    simulated = 0
    failed: list[Exception] = []
    total = sum(len(task.units) * task.plays for task in tasks)
    for done in team.run_paced(play, tasks, announce if tasks else None):
        if done.error is not None:
            failed.append(done.error)
            continue
        shelf.save(done.task.chunk, done.get())
        simulated += len(done.task.units) * done.task.plays
        progress(simulated, total)
    if failed:
        raise failed[0]
    return simulated


def _summary(study: Study, planned: Plan, outcome: str, observed: Counts) -> Sensitivity:
    """Return the figures of a study from what its rows say: counts of one outcome, shape (groups, columns)."""
    counts = group_counts(observed)
    found = decompose(counts, planned.plays)
    withheld = reason_for_none(found)
    return {
        "scenario": study.name,
        "seed": int(study.scenario.seed),
        "outcome": outcome,
        "rows": planned.rows,
        "plays": planned.plays,
        "runs": planned.runs,
        "mean": found.mean,
        "variance": max(found.variance, 0.0),
        "noise": found.noise,
        "factors": None if withheld else _indices(planned.factors, found),
        "withheld": withheld,
        "needed": _required(planned, found) if withheld and found.noise is not None else None,
        "unmoved": unmoved_factors(planned.factors, counts),
        "warnings": advice_on(study),
    }


def _indices(named: Sequence[Factor], found: Decomposition) -> list[FactorIndices]:
    """Return the indices of factors by name."""
    return [
        {
            "name": factor.name,
            "paths": list(factor.paths),
            "first": _estimate(found.first, n),
            "total": _estimate(found.total, n),
        }
        for n, factor in enumerate(named)
    ]


def _estimate(indices: Indices, n: int) -> Estimate:
    """Return the index of the n-th factor."""
    return {"value": float(indices.values[n]), "low": float(indices.low[n]), "high": float(indices.high[n])}


def _required(planned: Plan, found: Decomposition) -> Required | None:
    """Return what a study with indices would take; None if it would be more than a study may take."""
    size = required_size(found, Size(planned.rows, planned.plays))
    larger = replace(planned, rows=size.rows, plays=size.plays)
    return {"rows": size.rows, "plays": size.plays, "runs": larger.runs} if larger.runs <= MOST_RUNS else None
