"""Summaries of sweeps that were never simulated, with figures that are easy to find again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any

from sim.scenario.model.schema import Scenario
from sim.study.design.design_points import Value
from sim.study.summaries.sweep_summary import SweepSummary

Share = Callable[[tuple[Value, ...]], float]


def swept(
    vary: Mapping[str, Sequence[Value]],
    share: Share,
    *,
    spread: bool = False,
    lines: Sequence[Any] = (),
    method: str = "grid",
    name: str = "case",
    lost: Sequence[int] = (),
    log: Sequence[str] = (),
) -> SweepSummary:
    """A sweep over a grid of 2,000 runs a point; intervals are ± .01, spreads ± .1, `lost` are points that failed."""
    points: list[Any] = []
    failed: list[Any] = []
    for number, values in enumerate(product(*vary.values())):
        at = dict(zip(vary, values, strict=True))
        if number in lost:
            failed.append({"point": number, "values": at, "error": "lost"})
            continue
        p = share(values)
        points.append({"point": number, "values": at, "runs": 2000, **_figures(p, spread)})
    summary: SweepSummary = {
        "scenario": name,
        "runs": 2000 * len(points),
        "seed": 11,
        "method": method,
        "vary": {path: list(values) for path, values in vary.items()},
        "points": points,
        "lines": list(lines),
        "failed": failed,
    }
    return {**summary, "log": list(log)} if log else summary


def completed(summary: SweepSummary, scenario: Scenario) -> SweepSummary:
    """The same with all other figures of a scenario's runs, as summaries on disk have them."""
    mediator = [scenario.mediator.name] if scenario.mediator else []
    for point in summary["points"]:
        settled, walked = point["outcomes"]["settlement"], point["outcomes"]["walkout"]
        assert settled is not None and walked is not None
        some = settled["p"] > 0
        spread = {"mean": 0.5, "q05": 0.4, "q95": 0.6} if some else dict.fromkeys(("mean", "q05", "q95"))
        others: Any = {
            "scenario": summary["scenario"],
            "seed": summary["seed"],
            "walkout_by": dict.fromkeys(scenario.parties, walked["p"] / len(scenario.parties)),
            "authors": dict.fromkeys([*scenario.parties, *mediator], 0.25 if some else None),
            "rounds": {"median": 9.0 if some else None, "mean": 9.0 if some else None},
            "sessions": {"direct": 0.5, "mediated": 0.25, "silent": 0.25},
            "terms": dict.fromkeys(scenario.issues, spread),
            "utility": {party: {"mean": 0.7 if some else None} for party in scenario.parties},
            "efficiency": 0.9 if some else None,
            "holds": {"52": None, "260": None},
            "below_war": _share(0.0) if some else None,
        }
        point.update(others)
    return summary


def _figures(p: float, spread: bool) -> dict[str, Any]:
    outcomes: dict[str, Any] = {
        "settlement": _share(p),
        "walkout": _share((1 - p) / 4),
        "impasse": _share(3 * (1 - p) / 4),
        "overtaken": _share(0.0),
        "open": _share(0.0),
    }
    if spread:
        outcomes["settlement"]["spread"] = {"low": max(p - 0.1, 0), "high": min(p + 0.1, 1)}
    return {"outcomes": outcomes, "lasting": {"52": _share(p / 2), "260": _share(p / 3)}}


def _share(p: float) -> dict[str, float]:
    return {"p": p, "low": max(p - 0.01, 0), "high": min(p + 0.01, 1)}


def line(along: str = "distrust", at: Mapping[str, Value] | None = None, *crossed: float, **critical: Any) -> Any:
    """A line that falls through one half at each of `crossed`, beside critical values (value, low, high, exists)."""
    keys = ("value", "low", "high", "exists")
    return {
        "along": along,
        "at": dict(at or {}),
        "crossings": [
            {"at": x, "low": x - 0.02, "high": x + 0.02, "before": 0.25, "after": 0.5, "falling": True} for x in crossed
        ],
        "critical": {way: dict(zip(keys, found, strict=True)) for way, found in critical.items()},
    }
