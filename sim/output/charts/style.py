"""What all charts have in common: colours, sizes, small print, and how a chart becomes a file.

Matplotlib is imported by the charts alone, so that commands that draw nothing do not wait for it.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter

from sim.study.files import write_atomically

INK = "#222222"
QUIET = "#5c5c5c"
FAINT = "#d9d9d9"
CURVE = "#00566b"
EVIDENCE = "#f3e2b8"
EVIDENCE_INK = "#7a5a00"
THEORY = "#6b4c8a"

SIZE = (9.0, 6.2)
"""Inches: with DOTS, wide enough for a slide."""

DOTS = 160
"""Dots per inch of pixel formats."""

SETTINGS: Any = {
    "font.size": 11,
    "axes.titlesize": 14,
    "axes.labelsize": 11.5,
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "text.parse_math": False,
    "svg.fonttype": "path",
    "svg.hashsalt": "parley",
}

CUT = " …"
"""Ends a text that was cut."""

CAVEAT = "Share of simulated runs under stated assumptions, not a forecast."


def figure(size: tuple[float, float] = SIZE) -> Figure:
    """Return an empty figure in this style, made without a display."""
    with mpl.rc_context(SETTINGS):
        return Figure(figsize=size, layout=None)


def percent_axis(axes: Axes, label: str) -> None:
    """Let the vertical axis go from none to all, in per cent."""
    axes.set_ylim(0.0, 1.0)
    axes.set_yticks([0.0, 0.25, 0.5, 0.75, 1.0])
    axes.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:.0f} %"))
    axes.set_ylabel(label)
    axes.grid(axis="y", color=FAINT, linewidth=0.8)
    axes.set_axisbelow(True)


def fit(text: Text, smallest: float = 9.5) -> None:
    """Make a line smaller, down to `smallest` points, and then cut it, until it stays within its chart."""
    chart = text.get_figure(root=True)
    assert chart is not None
    while _sticks_out(text, chart) and float(text.get_fontsize()) > smallest:
        text.set_fontsize(float(text.get_fontsize()) - 0.5)
    while _sticks_out(text, chart) and len(text.get_text()) > len(CUT):
        text.set_text(text.get_text().removesuffix(CUT)[:-1] + CUT)


def short(text: str, most: int) -> str:
    """Return a text of at most `most` characters."""
    return text if len(text) <= most else text[: most - len(CUT)] + CUT


def _sticks_out(text: Text, chart: Figure) -> bool:
    box = text.get_window_extent()
    return bool(box.x0 < chart.bbox.x0 or box.x1 > chart.bbox.x1)


def small_print(chart: Figure, *lines: str) -> None:
    """Put the caveat and what else must be said below a chart."""
    chart.text(0.02, 0.015, "\n".join([CAVEAT, *lines]), fontsize=8.5, color=QUIET, va="bottom", linespacing=1.4)


def saved(chart: Figure, path: Path) -> Path:
    """Write a chart, in the format that the file's name asks for, whole or not at all; return the path."""
    content = BytesIO()
    with mpl.rc_context(SETTINGS):
        chart.savefig(content, format=path.suffix[1:], dpi=DOTS, facecolor="white", metadata=_undated(path))
    write_atomically(path, content.getvalue())
    return path


def _undated(path: Path) -> dict[str, None]:
    """Metadata that leave out the date, so that the same chart is the same file."""
    return {"png": {"Software": None}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(path.suffix[1:], {})
