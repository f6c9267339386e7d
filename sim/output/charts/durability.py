"""Whether settlements hold: the share that is still kept, year after year."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from sim.output.charts import frame, style
from sim.output.charts.frame import Frame, drawing
from sim.output.charts.naming import ROOM
from sim.output.charts.settlement import look, name_lines
from sim.output.words import percent, weeks
from sim.study.kept import KeptStudy
from sim.study.summary import HORIZONS

YEAR = 52
"""Weeks."""


def durability(*studies: KeptStudy, axes: Axes | None = None) -> Axes:
    """Draw the share of settlements that still hold, against the time since the signature; returns the axes.

    Several ensembles are drawn as lines. Raises ValueError for sweeps, and where nothing was settled.
    """
    curves = [study.summary.get("curves", {}).get("holds") for study in studies]
    if any(curve is None for curve in curves):
        reasons = [str(study.summary["unbreakable"]) for study in studies if "unbreakable" in study.summary]
        raise ValueError(next(iter(reasons), "there are no settlements that could hold or break"))
    several = len(studies) > 1
    notes = [note for study in studies for note in frame.particulars(study)]
    with drawing(*studies):
        axes = (
            axes
            or Frame(
                "Do settlements hold?",
                frame.subtitle(*studies),
                ("Band, where wider than the line: simulation error (95 %). Of settlements, not of all runs.", *notes),
                right=ROOM if several else 0.35,
            ).axes()
        )
        ends = []
        for place, curve in enumerate(curves):
            colour, dash = look(place)
            p, low, high = (np.array([1.0, *curve[part]]) for part in ("p", "low", "high"))
            years = np.arange(len(p)) / YEAR
            axes.fill_between(years, low, high, color=colour, alpha=0.3, linewidth=0, step="post")
            axes.step(years, p, where="post", color=colour, linewidth=2.2, linestyle=dash)
            ends.append((float(years[-1]), float(p[-1])))
        axes.set_xlim(0, max(end for end, _ in ends) * (1.0 if several else 1.02))
        axes.set_xlabel("years since the signature")
        style.percent_axis(axes, "settlements that still hold")
        if several:
            name_lines(axes, ends, frame.names(studies))
        else:
            _mark_horizons(axes, curves[0]["p"])
    return axes


def _mark_horizons(axes: Axes, shares: list[float]) -> None:
    """Write the share at each horizon beside the curve."""
    horizons = [n for n in HORIZONS if n <= len(shares)] or [len(shares)]
    for periods in horizons:
        share, late = shares[periods - 1], periods > 0.75 * len(shares)
        axes.plot(periods / YEAR, share, "o", color=style.CURVE, markersize=6)
        axes.annotate(
            f"{percent(share, 0)} after {weeks(periods)}",
            (periods / YEAR, share),
            xytext=(-6 if late else 6, 9 if share < (0.1 if late else 0.9) else -17),
            textcoords="offset points",
            ha="right" if late else "left",
            color=style.CURVE,
            weight="bold",
            path_effects=style.HALO,
        )
