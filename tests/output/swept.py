"""Summaries of sweeps that were never simulated, with figures that are easy to find again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any

from sim.study.design import Value
from sim.study.sweep import SweepSummary

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
    return {
        "scenario": name,
        "runs": 2000 * len(points),
        "seed": 11,
        "method": method,
        "vary": {path: list(values) for path, values in vary.items()},
        "points": points,
        "lines": list(lines),
        "failed": failed,
    }


def _figures(p: float, spread: bool) -> dict[str, Any]:
    outcomes: dict[str, Any] = {
        "settlement": _share(p),
        "walkout": _share((1 - p) / 4),
        "impasse": _share(3 * (1 - p) / 4),
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
