"""Settlement curves of a grid along one parameter: where they cross one half, beside the theory's critical values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import product
from typing import cast

import duckdb
import numpy as np

from sim.negotiation.inspection.theoretical_predictions import CriticalDistrust, critical_distrust
from sim.scenario.errors import ScenarioError
from sim.scenario.loading.assignment import assign
from sim.scenario.model.key_tree import MUTUAL
from sim.scenario.model.schema import Scenario
from sim.study.design.design_points import Design, Point, Value, assignments, main_axis
from sim.study.execution.executors import Workers
from sim.study.statistics.crossings import GROUPS, Counts, crossings
from sim.study.summaries.sweep_summary import Critical, Crossed, Line

MOST_LINES = 100
"""A grid of more lines than this is left to the points table."""

FEW_CASES = 8
"""Cases up to which theory is worked out in this process."""


def lines(
    scenario: Scenario, design: Design, connection: duckdb.DuckDBPyConnection, points: Mapping[int, int], team: Workers
) -> list[Line]:
    """Return the settlement curves of a grid along its main axis, with their crossings of one half.

    Empty if the grid has no such axis or too many lines. Each curve has the theory's critical values beside it.
    `points` are those that have runs; the connection has a view `runs` of them.
    """
    along = main_axis(design.varied)
    if along is None:
        return []
    others = [axis for axis in design.varied if axis is not along]
    ways = [
        dict(zip((axis.path for axis in others), values, strict=True))
        for values in product(*(axis.values for axis in others))
    ]
    if len(ways) > MOST_LINES:
        return []
    counted = _counts(connection)
    critical = _critical_values(scenario, ways, team)
    found: list[Line] = []
    for at, values in zip(ways, critical, strict=True):
        members = sorted((design.points[n][along.path], n) for n in points if _lies_on(design.points[n], at))
        crossed = _crossings(members, counted, int(scenario.seed), along.log)  # type: ignore[arg-type]
        found.append({"along": along.path, "at": at, "crossings": crossed, "critical": values})
    return found


def _lies_on(point: Point, at: Mapping[str, Value]) -> bool:
    return all(point[path] == value for path, value in at.items())


def _crossings(
    members: Sequence[tuple[float, int]], counted: Mapping[int, Counts], seed: int, log: bool
) -> list[Crossed]:
    """Return the crossings along design points, given as (place, number) in rising order."""
    if len(members) < 2:
        return []
    settled, runs = np.array([counted[number] for _, number in members]).swapaxes(0, 1)
    found = crossings([place for place, _ in members], settled, runs, seed, log)
    return [cast("Crossed", asdict(crossing)) for crossing in found]


def _counts(connection: duckdb.DuckDBPyConnection) -> dict[int, Counts]:
    """Return settlements and runs, shape (2, GROUPS), of every design point by groups of run numbers."""
    query = f"""
        SELECT point, run % {GROUPS:d}, count_if(outcome = 'settlement'), count(*) FROM runs GROUP BY ALL
    """
    found: dict[int, Counts] = {}
    for point, group, settled, runs in connection.execute(query).fetchall():
        found.setdefault(point, np.zeros((2, GROUPS), dtype=np.int64))[:, group] = settled, runs
    return found


def _critical_values(scenario: Scenario, ways: Sequence[Point], team: Workers) -> list[dict[str, Critical]]:
    """Return the closed-form values of the scenario at each of `ways`, each different case worked out once.

    There are none for values that cannot stand together, whose design points fail. Distrust between the parties
    changes nothing about them.
    """
    between = tuple(f"distrust.{one}.{other}" for one in scenario.parties for other in scenario.parties)
    keys = [tuple((path, value) for path, value in at.items() if path not in (MUTUAL, *between)) for at in ways]
    cases = {key: case for key in dict.fromkeys(keys) if (case := _case(scenario, dict(key))) is not None}
    parallel = len(cases) > FEW_CASES
    done = {id(each.task): each.get() for each in team.run(critical_distrust, cases.values(), parallel)}
    return [critical_values(done[id(cases[key])]) if key in cases else {} for key in keys]


def _case(scenario: Scenario, at: Point) -> Scenario | None:
    """Return the scenario at such values; None where they cannot stand together, so that no other line is lost."""
    try:
        return assign(scenario, assignments(at)) if at else scenario
    except ScenarioError:
        return None


def critical_values(found: CriticalDistrust) -> dict[str, Critical]:
    """Return the theory's critical values for a settlement curve: one for each way to a settlement.

    Those ways that a scenario has in the first week.
    """
    return {
        way: cast("Critical", {"value": value, **asdict(found.spread[way])}) for way, value in found.critical.items()
    }
