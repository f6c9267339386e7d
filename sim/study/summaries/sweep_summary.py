"""The summary of a sweep: its design, the figures of every design point, and settlement curves along parameters."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict

from sim.study.design.design_points import Axis, Value
from sim.study.design.study_names import Name
from sim.study.statistics.identical_runs import Unmoved
from sim.study.storage.json_forms import Real, Share, Whole
from sim.study.summaries.ensemble_summary import Summary


class Crossed(TypedDict):
    """Crossing of one half in a sweep's summary, as `crossings.Crossing` describes it."""

    at: Real
    low: Real
    high: Real
    before: Real
    after: Real
    falling: bool


class Critical(TypedDict):
    """Critical mutual distrust in a sweep's summary, up to which a settlement is possible; None if at none.

    `low` to `high` holds 90 %. The range is over the scenario's assumptions; `exists` is the share of them under which
    there is such a value.
    """

    value: Share | None
    low: Share | None
    high: Share | None
    exists: Share


class Line(TypedDict):
    """Line of a sweep's summary: crossings and critical values along one parameter, `along`, the others held fixed.

    The other paths are `at` these values. `crossings` are those of one half by the settlement probability
    (crossings.py); `critical` the closed-form values (theoretical_predictions.py) by way: `direct` talks, `mediator`
    (its text), `guaranteed` (with the guarantees: the mediator's text, or direct talks if it drafts none).
    """

    along: str
    at: dict[str, Value]
    crossings: list[Crossed]
    critical: dict[str, Critical]


class PointSummary(Summary):
    """Summary of one design point of a sweep: its number, the values it assigns, and the figures of its ensemble."""

    point: Whole
    values: dict[str, Value]


class Failure(TypedDict):
    """Failure in a sweep's summary: a design point that could not be simulated, and why."""

    point: Whole
    values: dict[str, Value]
    error: str


class _Scales(TypedDict, total=False):
    """What the summary of a sweep holds only where something is varied on a logarithmic scale."""

    log: list[str]


class SweepSummary(_Scales):
    """Summary of a sweep in figures, which `--json` prints and `summary.json` stores.

    `runs` counts those of all design points; `method` is grid, lhs or sobol; `vary` gives the values of each path (of
    a sampled range its two ends), `log` the paths that are read on a logarithmic scale, if there are any. `warnings`
    say what is odd about the scenario at every point (warnings.py), `unmoved` along which paths nothing changes
    (identical_runs.py).
    """

    scenario: Name
    runs: Whole
    seed: Whole
    method: str
    vary: dict[str, list[Value]]
    points: list[PointSummary]
    lines: list[Line]
    failed: list[Failure]
    warnings: NotRequired[list[str]]
    unmoved: NotRequired[Unmoved]


def varied_axes(summary: SweepSummary) -> list[Axis]:
    """Return the axes of a grid from the summary of a sweep; none of a sampled design."""
    given = summary["vary"].items() if summary["method"] == "grid" else ()
    return [Axis(path, tuple(values), path in summary.get("log", ())) for path, values in given]
