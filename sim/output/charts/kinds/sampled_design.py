"""Chart of a sampled design: the share of runs that settle at every point, against each sampled parameter."""

from __future__ import annotations

import textwrap

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from sim.output.charts.drawing import chart_frame, style
from sim.output.charts.drawing.axis_scales import padded_limits, set_log_scale
from sim.output.charts.drawing.chart_frame import Frame, hold_settings
from sim.output.charts.kinds.settlement_curve import column
from sim.output.words.parameter_labels import label_varied
from sim.study.results.stored_study import StoredStudy

MOST_PANELS = 12
COLUMNS = 3

FEW = 20
"""Points from which a mean is drawn through them."""

GROUPS = 8
"""Groups of neighbouring points whose means make the line."""


def scatter(study: StoredStudy, axes: Axes | None = None) -> Axes:
    """Draw a sampled design: a panel for every sampled parameter.

    Returns the axes, whose `child_axes` they are. Raises ValueError.
    """
    if not study.is_sweep or study.summary["method"] == "grid":
        raise ValueError("points are scattered over their ranges in a sampled design only")
    paths = list(study.summary["vary"])[:MOST_PANELS]
    shares = column(study.rows, "outcomes.settlement.p")
    columns = min(COLUMNS, len(paths))
    with hold_settings(study):
        axes = axes or _frame(study, len(paths)).axes()
        for place, (panel, path) in enumerate(zip(chart_frame.panels(axes, len(paths), columns), paths, strict=True)):
            style.percent_axis(panel, "runs that settle" if place % columns == 0 else "")
            _cloud(panel, column(study.rows, path), shares)
            log = path in study.summary.get("log", ())
            if log:
                set_log_scale(panel)
            panel.set_xlim(*padded_limits(study.summary["vary"][path], 0.03, 0.03, log))
            if place % columns:
                panel.set_yticklabels([])
            panel.set_xlabel(textwrap.fill(style.shorten(label_varied(path, study.scenario), 66), 34), fontsize=10)
            panel.tick_params(labelsize=9.5)
            panel.spines[["top", "right"]].set_visible(False)
    return axes


def _frame(study: StoredStudy, panels: int) -> Frame:
    """What stands around the panels."""
    rows = -(-panels // COLUMNS)
    line = " Line: means of neighbouring points." if len(study.rows) >= FEW else ""
    return Frame(
        "How the share of settlements changes with what was sampled",
        chart_frame.subtitle(study),
        chart_frame.write_small_print(
            study, f"Each dot is a design point, at which all sampled parameters differ.{line}"
        ),
        height=2.2 + 2.7 * rows,
    )


def _cloud(axes: Axes, x: NDArray[np.float64], shares: NDArray[np.float64]) -> None:
    """Draw the points, and a line through means of groups of neighbours."""
    axes.plot(x, shares, "o", color=style.CURVE, markersize=4, alpha=0.45, markeredgewidth=0, clip_on=False)
    if len(x) >= FEW:
        groups = np.array_split(np.argsort(x, kind="stable"), GROUPS)
        axes.plot([x[g].mean() for g in groups], [shares[g].mean() for g in groups], color=style.INK, linewidth=1.6)
