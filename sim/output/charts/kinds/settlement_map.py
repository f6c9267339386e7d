"""Settlement map: the share of runs that settle over two parameters, with contours and the theory's boundary."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.contour import ContourSet
from matplotlib.path import Path
from matplotlib.ticker import FuncFormatter
from numpy.typing import NDArray

from sim.output.charts.drawing import chart_frame, evidence_shading, style
from sim.output.charts.drawing.axis_scales import cell_edges, set_log_scale
from sim.output.charts.drawing.chart_frame import Frame, hold_settings
from sim.output.charts.drawing.label_placement import PLATE, SIDES, move_to, place_along
from sim.output.words.parameter_labels import label_varied
from sim.study.design.design_points import Axis
from sim.study.results.stored_study import StoredStudy
from sim.study.theory_boundary import Boundary, boundary

LEVELS = (0.1, 0.5, 0.9)
WIDTHS = {0.1: 1.3, 0.5: 2.2, 0.9: 1.3}
"""Shares of runs that settle along which a contour is drawn."""

COLOURS = "cividis"
"""Even in lightness, and alike to all eyes (Nuñez, Anderton & Renslow 2018, PLOS ONE 13:e0199239)."""

IN_THEORY = (
    " Broken lines: up to where, in theory, any text can be signed, if beliefs stayed as in the first week and every "
    "other range were at its middle."
)

THEORY = "#ffb3f2"
"""Light enough to be told from all colours of the map."""

Array = NDArray[np.float64]

DASHES = {"direct": "dotted", "mediator": "dashed", "guaranteed": "dashdot"}

WAYS = {
    "direct": "direct talks",
    "mediator": "a mediator's text",
    "guaranteed": "a text with the guarantee",
}


def surface(study: StoredStudy, axes: Axes | None = None) -> Axes:
    """Draw the settlement map: the share of runs that settle over the two parameters of a grid.

    Returns the axes. Raises ValueError.
    """
    across, up = plane(study)
    shares = _shares(study, across, up)
    x, y = (np.array(axis.numbers) for axis in (across, up))
    with hold_settings(study):
        found = boundary(study.scenario, across, up)
        edges = [] if found is None else _edges(found)
        axes = axes or _frame(study, across, up, bool(edges)).axes()
        for axis in (axis for axis in (across, up) if axis.log):
            set_log_scale(axes, upright=axis is up)
        columns, rows = cell_edges(across), cell_edges(up)
        drawn = axes.pcolormesh(
            columns, rows, shares, cmap=COLOURS, vmin=0.0, vmax=1.0, shading="flat", rasterized=True
        )
        axes.set_xlim(columns[0], columns[-1])
        axes.set_ylim(rows[0], rows[-1])
        _contours(axes, x, y, shares)
        axes.set_xlabel(label_varied(across.path, study.scenario))
        axes.set_ylabel(label_varied(up.path, study.scenario))
        style.fit(axes.xaxis.label)
        style.fit_upright(axes)
        lines = [] if found is None else _theory(axes, found, edges)
        evidence_shading.outline(axes, across.path, up.path, study.scenario)
        for place, (way, _) in enumerate(edges):
            _name(axes, lines[place], lines[:place] + lines[place + 1 :], f"theory: {WAYS[way]}")
        scale = axes.inset_axes((1.03, 0.0, 0.028, 1.0))
        bar = style.figure_of(axes).colorbar(drawn, cax=scale, ticks=[0.0, *LEVELS, 1.0])
        bar.ax.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:.0f} %"))
        bar.set_label("simulated runs that settle")
        bar.outline.set_visible(False)
    return axes


def plane(study: StoredStudy) -> tuple[Axis, Axis]:
    """Return the two parameters of a grid's settlement map, the first varied across.

    Raises ValueError if the grid has not just these.
    """
    axes = study.axes
    if len(axes) != 2 or not all(axis.numeric for axis in axes):
        raise ValueError("a map takes a grid of two parameters that are numbers")
    return axes[0], axes[1]


def _shares(study: StoredStudy, across: Axis, up: Axis) -> NDArray[np.float64]:
    """Return the share that settles at every point, shape (up, across); NaN where a point failed."""
    found = {(row[across.path], row[up.path]): row["outcomes.settlement.p"] for row in study.rows}
    rows = [[found.get((x, y)) for x in across.numbers] for y in up.numbers]
    return np.array([[np.nan if share is None else float(share) for share in row] for row in rows])


def _frame(study: StoredStudy, across: Axis, up: Axis, theory: bool) -> Frame:
    """What stands around the map."""
    names = [label_varied(axis.path, study.scenario) for axis in (across, up)]
    return Frame(
        f"The share of settlements by {names[0]} and {names[1]}",
        chart_frame.subtitle(study),
        chart_frame.write_small_print(
            study, f"Lines: where 10, 50 and 90 % of runs settle.{IN_THEORY if theory else ''}"
        ),
        right=1.35,
        height=6.8,
    )


def _contours(axes: Axes, x: NDArray[np.float64], y: NDArray[np.float64], shares: NDArray[np.float64]) -> None:
    """Draw and label the contours that the map has."""
    known = shares[np.isfinite(shares)]
    inside = [level for level in LEVELS if known.size and known.min() < level < known.max()]
    if not inside or min(shares.shape) < 2:
        return
    lines = axes.contour(
        x, y, shares, levels=inside, colors=style.PAPER, linewidths=[WIDTHS[level] for level in inside]
    )
    _label(axes, lines, {level: f"{100 * level:.0f} %" for level in inside}, style.PAPER)


def _edges(found: Boundary) -> list[tuple[str, NDArray[np.bool_]]]:
    """Return the ways that are open at some places and not at others, no two alike."""
    edges: list[tuple[str, NDArray[np.bool_]]] = []
    for way, possible in found.ways.items():
        if possible.any() and not possible.all() and not any((possible == other).all() for _, other in edges):
            edges.append((way, possible))
    return edges


def _theory(axes: Axes, found: Boundary, edges: Sequence[tuple[str, NDArray[np.bool_]]]) -> list[Array]:
    """Draw the edge of what theory allows, by way; return the lines, in the units of the axes."""
    lines = []
    for way, possible in edges:
        line = axes.contour(
            found.across, found.up, possible.astype(float), levels=[0.5], colors=THEORY, linewidths=1.6,
            linestyles=[DASHES[way]],
        )  # fmt: skip
        lines.append(np.asarray(line.get_paths()[0].vertices, dtype=float))
    return lines


def _name(axes: Axes, line: Array, others: Sequence[Array], words: str) -> None:
    """Write words beside the line that they name, across no other, or if need be across contours."""
    text = style.note(axes, "", line[0], fontsize=10, color=style.THEORY, bbox=PLATE, zorder=6)
    broken = ["\n".join(textwrap.wrap(words, width)) for width in (40, 16)]
    lines = [Path(axes.transData.transform(each)) for each in (line, *others)]
    if not any(place_along(text, each, line, others, paths) for paths in (None, lines) for each in broken):
        text.set_text(broken[-1])
        move_to(text, line[len(line) // 2], SIDES[1])


def _label(axes: Axes, lines: ContourSet, words: dict[float, str], colour: str) -> None:
    """Write words on contours, with a dark rim so that they can be read on any of the map's colours."""
    for text in axes.clabel(lines, fmt=words, fontsize=10, colors=colour, inline=True):
        text.set_path_effects(style.RIM)
