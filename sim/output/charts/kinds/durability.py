"""Chart of durability: the share of settlements that still hold, year after year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from sim.output.charts.drawing import chart_frame, style
from sim.output.charts.drawing.chart_frame import Frame, hold_settings
from sim.output.charts.drawing.direct_labels import ROOM, name_lines
from sim.output.words.numbers_and_names import between, percent, weeks
from sim.study.results.stored_study import StoredStudy
from sim.study.summaries.ensemble_summary import HORIZONS

MEANING = "Of settlements, not of all runs. Band, where wider than the line: simulation error (95 %)."
YEAR = 52
"""Weeks."""

ROOM_BELOW = 0.3
"""Share above which all of the curve must lie for words below it."""


def durability(*studies: StoredStudy, axes: Axes | None = None) -> Axes:
    """Draw durability: the share of settlements that still hold, against the time since the signature.

    Returns the axes. Several ensembles are drawn as lines. Raises ValueError for sweeps, and where nothing was settled.
    """
    curves = [study.summary.get("curves", {}).get("holds") for study in studies]
    if any(curve is None for curve in curves):
        reasons = [str(study.summary["unbreakable"]) for study in studies if "unbreakable" in study.summary]
        raise ValueError(next(iter(reasons), "there are no settlements that could hold or break"))
    several = len(studies) > 1
    notes = [note for study in studies for note in chart_frame.write_small_print(study)]
    alone = axes is None
    with hold_settings(*studies):
        right = ROOM if several else chart_frame.RIGHT
        frame = Frame("Do settlements hold?", chart_frame.subtitle(*studies), (MEANING, *notes), right=right)
        axes = axes or frame.axes()
        lines: list[Line2D] = []
        for place, curve in enumerate(curves):
            colour, dash = style.line_look(place)
            p, low, high = (np.array([1.0, *curve[part]]) for part in ("p", "low", "high"))
            years = np.arange(len(p)) / YEAR
            axes.fill_between(years, low, high, color=colour, alpha=0.3, linewidth=0, step="post")
            lines += axes.step(years, p, where="post", color=colour, linewidth=2.4, linestyle=dash)
        axes.set_xlim(0, (max(len(curve["p"]) for curve in curves if curve) / YEAR) * (1.0 if several else 1.02))
        axes.set_xlabel("years since the signature")
        style.percent_axis(axes, "settlements that still hold")
        if several:
            name_lines(axes, lines, chart_frame.name_results(studies), alone)
        else:
            _mark_horizons(axes, curves[0]["p"])
            _say_range(axes, studies[0].summary["lasting"])
    return axes


def _say_range(axes: Axes, lasting: Mapping[str, Any]) -> None:
    """Write in the picture how far the share of all runs that settle and hold moves over the assumptions."""
    known = [(int(n), share) for n, share in lasting.items() if share and share.get("spread")]
    if not known:
        return
    lines = [
        f"{weeks(n)}: {percent(share['p'])}, across the assumed ranges "
        f"{between(share['spread']['low'], share['spread']['high'])} %"
        for n, share in sorted(known, key=lambda item: item[0])
    ]
    low = min(float(np.min(np.asarray(line.get_ydata(), dtype=float))) for line in axes.lines)
    below = low > ROOM_BELOW
    words = "\n".join(["Of all runs, the share that settles and holds for", *lines])
    axes.annotate(
        words, (0.02 if below else 0.98, 0.04 if below else 0.96),
        xycoords="axes fraction", ha="left" if below else "right", va="bottom" if below else "top", fontsize=10.5,
        color=style.CURVE, linespacing=1.4, path_effects=style.HALO,
    )  # fmt: skip


def _mark_horizons(axes: Axes, shares: list[float]) -> None:
    """Write the share at each horizon beside the curve."""
    horizons = [n for n in HORIZONS if n <= len(shares)] or [len(shares)]
    for periods in horizons:
        share, late = shares[periods - 1], periods > 0.75 * len(shares)
        axes.plot(periods / YEAR, share, "o", color=style.CURVE, markersize=6)
        words, place = f"{percent(share, 0)} after {weeks(periods)}", (periods / YEAR, share)
        offset = -6 if late else 6, 9 if share < (0.1 if late else 0.9) else -17
        style.note(axes, words, place, offset, ha="right" if late else "left", **style.FIGURE)
