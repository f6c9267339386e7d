"""A sweep: a scenario simulated at every point of a design, stored and summarised point by point."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from typing_extensions import Unpack

from sim.negotiation.randomness.random_streams import BLOCK
from sim.scenario.model.schema import Scenario
from sim.study.design.argument_checks import precision_of, refused, runs_of, seeded
from sim.study.design.design_points import Design, Value
from sim.study.design.vary_requests import design_of
from sim.study.design_advice import advice_on
from sim.study.execution.assumption_range_runs import Spreader, Spreads, with_spread
from sim.study.execution.executors import Workers
from sim.study.execution.missing_runs import Filler
from sim.study.execution.study_options import Execution, Options
from sim.study.execution.task_simulation import simulate
from sim.study.execution.tasks import Task
from sim.study.settlement_curves import lines
from sim.study.statistics.assumption_range import DRAWS, PLAYS
from sim.study.statistics.identical_runs import Unmoved, unmoved
from sim.study.statistics.shares import runs_for
from sim.study.storage.queries import open_runs
from sim.study.storage.study_folder import Folder, Study
from sim.study.summaries.ensemble_summary import summarise_points
from sim.study.summaries.points_table import Row, table
from sim.study.summaries.sweep_summary import Line, PointSummary, SweepSummary


@dataclass(frozen=True)
class Sweep:
    """Finished sweep: its design, summary, results folder, and number of runs newly simulated."""

    study: Study
    design: Design
    simulated: int
    folder: Path
    summary: SweepSummary

    @property
    def points(self) -> list[Row]:
        """The points table (points_table.py)."""
        return table(self.summary["points"])


@dataclass(frozen=True)
class Cost:
    """Estimated cost of a sweep or other study: seconds on one process, and bytes on disk."""

    seconds: float
    size: float


def sweep(
    scenario: Scenario,
    vary: Mapping[str, Sequence[Value]] | Design,
    runs: int | None = None,
    precision: float | None = None,
    seed: int | None = None,
    *,
    sample: str | None = None,
    log: Collection[str] = (),
    **options: Unpack[Options],
) -> Sweep:
    """Make a sweep, or return the stored one: simulate a scenario at every point of a design.

    `vary` maps paths to values, all combinations of which are the design; with `sample` ("lhs:200" or "sobol:256")
    it maps paths to the two ends of a range. Paths in `log` are read on a logarithmic scale. All design points have
    common random numbers. `runs` (by default the scenario's) and `precision` are meant for each design point; the range
    over the assumptions is computed by default where one parameter is varied. A design point that fails is reported in
    the summary and loses no other. Raises ScenarioError for a design that cannot be, and StorageError if results
    cannot be written or read.
    """
    if log and isinstance(vary, Design):
        raise refused("a design has its scales already: log is for a mapping of paths to values")
    asked, runs, precision = Execution.of(options), runs_of(runs), precision_of(precision)
    scenario = seeded(scenario, seed)
    design = vary if isinstance(vary, Design) else design_of(scenario, vary, sample, log=log)
    folder = asked.open_folder(scenario, design.points)
    study = folder.study
    asked_for = {"runs": runs, "precision": precision, "sample": design.sample, "log": design.log or None}
    command = asked.command_for("sweep", folder, design.vary, **asked_for, spread=asked.spread)
    with asked.open_team() as team:
        filler = Filler(folder, team, command, asked.progress)
        everywhere = range(len(study.points))
        if precision is None:
            counts = dict.fromkeys(everywhere, runs or int(scenario.runs))
            filler.fill(counts)
        else:
            counts = filler.fill_until(precision, runs or BLOCK, everywhere)
        counts = {point: count for point, count in counts.items() if point not in filler.failed}
        spreader = Spreader(folder, team, command, asked.progress)
        wanted = spread_is_due(asked.spread, len(design.axes), None if design.method == "grid" else design.method)
        spreads = spreader.of(counts) if wanted else spreader.known(counts)
        summary = _summary(study, design, folder, counts, spreads, {**spreader.failed, **filler.failed}, team)
    folder.publish(summary)
    return Sweep(study, design, filler.simulated + spreader.played, folder.path, summary)


def _summary(
    study: Study,
    design: Design,
    folder: Folder,
    counts: Mapping[int, int],
    spreads: Mapping[int, Spreads | None],
    failed: Mapping[int, Exception],
    team: Workers,
) -> SweepSummary:
    """Return a sweep's figures, from the runs in its folder."""
    points: list[PointSummary] = []
    found: list[Line] = []
    still: Unmoved = {"runs": [], "outcomes": []}
    if counts:
        with open_runs(folder.parts, counts, study.columns) as connection:
            figures = summarise_points(connection, study, counts)
            figures |= {n: with_spread(figures[n], found) for n, found in spreads.items()}
            points = [{"point": n, "values": dict(study.points[n]), **figures[n]} for n in counts]
            found = lines(study.scenario, design, connection, counts, team)
            still = unmoved(connection, design, {point["point"]: point for point in points})
    summary: SweepSummary = {
        "scenario": study.name,
        "runs": sum(counts.values()),
        "seed": int(study.scenario.seed),
        "method": design.method,
        "vary": design.vary,
        "points": points,
        "lines": found,
        "failed": [
            {"point": n, "values": dict(study.points[n]), "error": str(error) or type(error).__name__}
            for n, error in sorted(failed.items())
        ],
        "warnings": advice_on(study, design),
        "unmoved": still,
    }
    return {**summary, "log": design.log} if design.log else summary


def spread_is_due(asked: bool | None, varied: int, sampled: str | None) -> bool:
    """Return whether a sweep computes the range over the assumptions: by default for one parameter on a grid."""
    return varied == 1 and sampled is None if asked is None else asked


def cost(scenario: Scenario, runs: float) -> Cost:
    """Estimate the cost of a sweep's `runs` runs by timing one block of the scenario's runs."""
    trial = Task(scenario, 0, ({},), range(BLOCK))
    start = perf_counter()
    content = simulate(trial)
    pace = (perf_counter() - start) / trial.size
    return Cost(pace * runs, len(content) / trial.size * runs)


def runs_in_all(points: int, runs: int, precision: float | None, spread: bool = False) -> int:
    """Return the total number of runs of a sweep, with those for the range over the assumptions.

    With a precision, the most that it can take.
    """
    each = runs if precision is None else max(runs, runs_for(0.5, precision))
    return points * (each + (DRAWS * PLAYS if spread else 0))
