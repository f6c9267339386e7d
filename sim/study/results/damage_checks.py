"""Damage checks: whether the figures read from a results folder fit its study, and each other.

Each function yields, in words, what is wrong with figures whose form is right (json_forms.py). Whatever shows figures
may then rely on them: every party and issue is there, and no other, and every share belongs to what the manifest says.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from math import isclose, prod
from typing import Any

from sim.negotiation.run_outcomes import OUTCOMES
from sim.study.statistics.cumulative_incidence import Curve
from sim.study.storage.json_forms import ROUNDING
from sim.study.storage.study_folder import Study
from sim.study.summaries.ensemble_summary import HORIZONS, SESSIONS, Interval, Summary
from sim.study.summaries.sweep_summary import SweepSummary

METHODS = ("grid", "lhs", "sobol")
WAYS = ("direct", "mediator", "guaranteed")


def find_run_damage(summary: Summary, study: Study) -> Iterator[str]:
    """Check the figures of a plain run for damage: yield each problem in words."""
    yield from _amiss(summary, study)
    if "curves" not in summary:
        yield "lacks curves"
        return
    curves, case = summary["curves"], study.scenario
    yield from _misnamed("curves.walkout", curves["walkout"], case.parties)
    rounds, periods = int(case.rounds), int(case.implementation.periods)
    by_round = {
        "curves.settlement": curves["settlement"],
        "curves.impasse": curves["impasse"],
        "curves.overtaken": curves["overtaken"],
        **{f"curves.walkout.{n}": c for n, c in curves["walkout"].items()},
    }
    by_period = {"curves.holds": curves["holds"]} if curves["holds"] is not None else {}
    for curve, length in ((by_round, rounds), (by_period, periods)):
        for name, found in curve.items():
            yield from _amiss_in_curve(name, found, length)
    if (curves["holds"] is None) != (_settles_never(summary) or "unbreakable" in summary):
        yield "curves.holds does not go with the share of settlements"


def find_sweep_damage(summary: SweepSummary, study: Study) -> Iterator[str]:
    """Check the figures of a sweep for damage: yield each problem in words."""
    if summary["method"] not in METHODS:
        yield f"the method is none of {', '.join(METHODS)}"
    if int(summary["seed"]) != int(study.scenario.seed):
        yield "the seed is not the manifest's"
    if summary["runs"] != sum(point["runs"] for point in summary["points"]):
        yield "the number of runs is not that of its points"
    numbers = [each["point"] for each in (*summary["points"], *summary["failed"])]
    if sorted(numbers) != list(range(len(study.points))):
        yield f"its points are not the {len(study.points):,} of the manifest"
        return
    for each in (*summary["points"], *summary["failed"]):
        if not _same(each["values"], study.points[each["point"]]):
            yield f"point {each['point']} has other values than in the manifest"
    for point in summary["points"]:
        yield from (f"point {point['point']}: {wrong}" for wrong in _amiss(point, study))
    yield from _amiss_in_design(summary, study)
    yield from _amiss_in_lines(summary)


def _amiss_in_design(summary: SweepSummary, study: Study) -> Iterator[str]:
    """Yield what is wrong with what a sweep says it varied."""
    vary, points = summary["vary"], study.points
    if list(vary) != list(points[0]) or not all(vary.values()):
        yield "vary names other paths than the manifest"
        return
    for path, values in vary.items():
        found = [point[path] for point in points]
        if summary["method"] != "grid":
            ends = [value for value in (values[0], values[-1], *found) if isinstance(value, int | float)]
            if len(ends) < len(found) + 2 or not ends[0] <= min(ends) <= max(ends) <= ends[1]:
                yield f"vary.{path} is not the range of its points"
        elif {*map(_exact, values)} != {*map(_exact, found)} or len({*map(_exact, values)}) < len(values):
            yield f"vary.{path} has other values than its points"
    if summary["method"] == "grid" and prod(map(len, vary.values())) != len(points):
        yield "its points are not a grid"


def _amiss_in_lines(summary: SweepSummary) -> Iterator[str]:
    """Yield what is wrong with what was found along a parameter."""
    for line in summary["lines"]:
        values = summary["vary"].get(line["along"], [None])
        if not all(isinstance(value, int | float) for value in values):
            yield "a line goes along a path that is not varied over numbers"
        others = {path: values for path, values in summary["vary"].items() if path != line["along"] and len(values) > 1}
        if line["at"].keys() != others.keys() or any(line["at"][path] not in others[path] for path in others):
            yield "a line lies where nothing is varied"
        if not set(line["critical"]) <= set(WAYS):
            yield f"critical values are of other ways than {', '.join(WAYS)}"
        for found in line["critical"].values():
            if (found["low"] is None) != (found["high"] is None):
                yield "a critical value has one end of a range"


def _amiss(summary: Summary, study: Study) -> Iterator[str]:
    """Yield what is wrong with the figures of an ensemble, whether of a run or of one design point."""
    case = study.scenario
    mediators = {each.mediator.name for each in study.cases if each.mediator is not None}
    if int(summary["seed"]) != int(case.seed):
        yield "the seed is not the manifest's"
    for group, names in (
        ("outcomes", OUTCOMES),
        ("walkout_by", case.parties),
        ("sessions", SESSIONS),
        ("terms", case.issues),
        ("utility", case.parties),
        ("holds", [*map(str, HORIZONS)]),
        ("lasting", [*map(str, HORIZONS)]),
    ):
        yield from _misnamed(group, summary.get(group), names)
    if not set(case.parties) <= set(summary["authors"]) <= {*case.parties, *mediators}:
        yield "authors are others than the parties and the mediator"
    if any(set(figures) != {"mean"} for figures in summary["utility"].values()):
        yield "utility has other figures than means"
    yield from _amiss_in_shares(summary)


def _amiss_in_shares(summary: Summary) -> Iterator[str]:
    """Yield which shares contradict themselves, or each other."""
    shares = [share for share in summary["outcomes"].values() if share is not None]
    if len(shares) < len(OUTCOMES) or not isclose(sum(share["p"] for share in shares), 1.0, abs_tol=ROUNDING):
        yield "the shares of the outcomes do not add up to all runs"
        return
    for group in (summary["outcomes"], summary["holds"] or {}, summary["lasting"] or {}):
        for name, share in group.items():
            if share is not None and not _lies_within(share):
                yield f"the share of {name} lies outside its interval"
    never = _settles_never(summary)
    some = [summary["rounds"]["median"], summary["rounds"]["mean"]]
    some += [spread[figure] for spread in summary["terms"].values() for figure in ("mean", "q05", "q95")]
    if any((figure is None) != never for figure in [*some, *summary["authors"].values()]):
        yield "figures of settlements do not go with their share"


def _lies_within(share: Interval) -> bool:
    """Whether a share lies in its interval, and the range beside it goes up."""
    over = share.get("spread")
    up = over is None or over["low"] <= over["high"]
    return up and share["low"] <= share["p"] + ROUNDING and share["p"] <= share["high"] + ROUNDING


def _settles_never(summary: Summary) -> bool:
    settled = summary["outcomes"].get("settlement")
    return settled is None or settled["p"] == 0.0


def _misnamed(group: str, found: Any, names: Collection[str]) -> Iterator[str]:
    """Yield that a group of figures has other names than it can have; one that is left out has none."""
    if isinstance(found, Mapping) and set(found) != set(names):
        yield f"{group} has other names than {', '.join(names)}"


def _amiss_in_curve(name: str, curve: Curve, length: int) -> Iterator[str]:
    lists: Sequence[Sequence[float]] = (curve["p"], curve["low"], curve["high"])
    if any(len(values) != length for values in lists):
        yield f"{name} is not as long as the scenario's"


def _same(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether two design points assign the same, in the same order."""
    return list(found) == list(wanted) and all(_exact(found[path]) == _exact(wanted[path]) for path in wanted)


def _exact(value: Any) -> tuple[bool, Any]:
    """A value, told apart from a word that reads like it."""
    return isinstance(value, str), value
