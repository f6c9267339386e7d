"""Style of all charts: colours, dashes, marks and letters, and how text is made to fit.

Matplotlib is imported by the charts alone, so that commands that draw nothing do not wait for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import AbstractPathEffect, withStroke
from matplotlib.text import Annotation, Text
from matplotlib.ticker import FuncFormatter
from numpy.typing import ArrayLike

from sim.output.charts.drawing.fonts import FAMILY
from sim.scenario.model.schema import Scenario

PAPER = "#ffffff"
INK = "#222222"
QUIET = "#5c5c5c"
FAINT = "#d9d9d9"
FAILED = "#bcbcbc"
OVERTAKEN = "#9c9c9c"
GREYS = (FAINT, FAILED, OVERTAKEN)
"""Of bands in which nobody is to be seen: talks that go on, whose deadline has passed, that events have overtaken."""

CURVE = "#00566b"
"""Settlement, and whatever else the simulated runs say."""

EVIDENCE = "#f3e2b8"
EVIDENCE_INK = "#7a5a00"
THEORY = "#6b4c8a"

MEDIATOR = "#3f7a33"
PARTIES = (
    "#0a6ebd",
    "#a85500",
    "#a0447e",
    "#5f5f96",
    "#6f6a1f",
    "#0f7f86",
    "#8a5a44",
    "#757575",
    "#3f5f9e",
    "#a5672a",
    "#875f9e",
    "#4f7a6a",
)
"""Told apart by those who see few colours, legible on white; neither flags nor the red of an adversary."""

MARKS = (("v", "▼"), ("^", "▲"), ("s", "■"), ("o", "●"), (">", "▶"), ("<", "◀"))
"""Marks of aims: of the first actors with these colours, of the second, and so on."""

Dash: TypeAlias = str | tuple[int, tuple[float, ...]]
"""How matplotlib writes dashes."""

LINES = ("#00566b", "#bb5511", "#aa22ff", "#332200")
DASHES = ("-", (0, (5, 2)), (0, (1.5, 1.5)), (0, (6, 2, 1.5, 2)))
"""Several results in one chart: the first in the colour of results, others in hues that all eyes tell from it and from
each other (tests/output/charts/drawing/test_line_colours.py), and in dashes. No actor has one of them."""

IN_THE_DARK = {
    PAPER: "#16191c",
    INK: "#e6e6e6",
    QUIET: "#a8adb2",
    FAINT: "#3a4046",
    FAILED: "#565d64",
    OVERTAKEN: "#747c84",
    CURVE: "#56b3c9",
    EVIDENCE: "#4a3f22",
    EVIDENCE_INK: "#e0bd62",
    THEORY: "#b79ad6",
    MEDIATOR: "#86c47a",
    **dict(
        zip(
            PARTIES,
            (
                "#64b1f0",
                "#e59a4a",
                "#dd8cc0",
                "#a5a5dd",
                "#c0ba5c",
                "#5cc4cb",
                "#cb9b85",
                "#b5b5b5",
                "#8aa8e3",
                "#eab06f",
                "#c7a2dd",
                "#92c0ae",
            ),
            strict=True,
        )
    ),
    LINES[1]: "#ee6600",
    LINES[2]: "#cc33ff",
    LINES[3]: "#ffddaa",
}
"""What each colour becomes on a dark page."""

SMALLEST = 9.0
"""Points: no letters are smaller."""

SETTINGS: Any = {
    "font.family": FAMILY,
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
    "svg.hashsalt": "parley",
}

HALO: list[AbstractPathEffect] = [withStroke(linewidth=3, foreground=PAPER, alpha=0.85)]
"""Keeps words legible where a line runs behind them."""

FIGURE: Any = {"color": CURVE, "weight": "bold", "path_effects": HALO}
"""How figures are written beside a curve."""

RIM: list[AbstractPathEffect] = [withStroke(linewidth=2.5, foreground="#1a1a1a", alpha=0.8)]
"""Keeps light words legible on a map."""

CUT = " …"
"""Ends a text that was cut."""

EDGE = 0.015
"""Share of a chart's width at its right that stays free: letters are not as wide at every resolution."""

MOST_LETTERS = 120
"""Beyond so many letters nobody reads on: longer texts are cut before they are measured."""


def colours(scenario: Scenario) -> dict[str, str]:
    """Return the style's colour for every actor of a scenario, the same in all its charts.

    After as many actors as there are colours these come round again, with other `dashes` and `marks`.
    """
    found = {name: PARTIES[place % len(PARTIES)] for name, place in _places(scenario).items()}
    return found | ({} if scenario.mediator is None else {scenario.mediator.name: MEDIATOR})


def dashes(scenario: Scenario) -> dict[str, Dash]:
    """Return the style's dash for every actor's lines: solid when a colour is first used, then a dot more each time."""
    turns = {name: place // len(PARTIES) for name, place in _places(scenario).items()}
    found: dict[str, Dash] = {name: (0, (6, 2, *(1.5, 2) * (n - 1))) if n else "-" for name, n in turns.items()}
    return found | ({} if scenario.mediator is None else {scenario.mediator.name: "-"})


def marks(scenario: Scenario) -> dict[str, tuple[str, str]]:
    """Return the style's mark for every actor's aims, as matplotlib draws it and as a letter for keys."""
    return {name: MARKS[place // len(PARTIES) % len(MARKS)] for name, place in _places(scenario).items()}


def _places(scenario: Scenario) -> dict[str, int]:
    """Where parties, and guarantors that are no mediator, stand in the order of colours."""
    mediator = scenario.mediator.name if scenario.mediator is not None else None
    names = dict.fromkeys((*scenario.parties, *scenario.guarantors))
    return {name: place for place, name in enumerate(name for name in names if name != mediator)}


def line_look(place: int) -> tuple[str, Any]:
    """Return the style of one of several lines, colour and dashes: each pair differs in one of them, most in both."""
    round_ = place // len(LINES)
    return LINES[place % len(LINES)], DASHES[(place + round_) % len(DASHES)]


def percent_axis(axes: Axes, label: str) -> None:
    """Style the vertical axis to go from none to all, in per cent."""
    axes.set_ylim(0.0, 1.0)
    axes.set_yticks([0.0, 0.25, 0.5, 0.75, 1.0])
    axes.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:.0f} %"))
    axes.set_ylabel(label)
    axes.grid(axis="y", color=FAINT, linewidth=0.8)
    axes.set_axisbelow(True)


def fit_upright(axes: Axes) -> None:
    """Fit the name of the vertical axis, in the charts' style, to the height of the axes: shorten it."""
    text = axes.yaxis.label
    room = axes.get_window_extent().height
    text.set_text(shorten(text.get_text(), MOST_LETTERS))
    while text.get_window_extent().height > room and len(text.get_text()) > len(CUT):
        text.set_text(text.get_text().removesuffix(CUT)[:-1] + CUT)


def fit(text: Text, smallest: float = 9.5) -> None:
    """Fit the style of a text to its chart: make it smaller, down to `smallest` points, and then cut it.

    The text is one line.
    """
    text.set_text(shorten(text.get_text(), 2 * MOST_LETTERS))
    while sticks_out(text) and float(text.get_fontsize()) > smallest:
        text.set_fontsize(float(text.get_fontsize()) - 0.5)
    while sticks_out(text) and len(text.get_text()) > len(CUT):
        text.set_text(text.get_text().removesuffix(CUT)[:-1] + CUT)


def shorten(text: str, most: int) -> str:
    """Shorten a text, in the style of all charts, to at most `most` characters."""
    return text if len(text) <= most else text[: most - len(CUT)] + CUT


def shorten_middle(text: str, most: int) -> str:
    """Shorten a text, in the style of all charts, to at most `most` characters, by cutting its middle.

    The end tells apart what begins alike.
    """
    if len(text) <= most:
        return text
    kept = most - len(CUT) - 1
    return f"{text[: kept - kept // 2].rstrip()}{CUT} {text[len(text) - kept // 2 :].lstrip()}"


def sentence(text: str) -> str:
    """Return a text as a sentence in the charts' style: with a capital at its beginning and a full stop at its end."""
    return f"{text[:1].upper()}{text[1:]}."


def move_apart(places: Iterable[float], sizes: Iterable[float], low: float = 0.0, high: float = 1.0) -> list[float]:
    """Return places of text moved apart as little as need be, in their order, so that each has room of its own.

    Each takes as much room as `sizes` says. All of it from `low` to `high`; sizes are taken for smaller where there is
    not so much room.
    """
    wanted, room = list(places), list(sizes)
    tight = min(1.0, (high - low) / max(sum(room), 1e-9))
    half = [0.5 * tight * size for size in room]
    order = sorted(range(len(wanted)), key=wanted.__getitem__)
    moved, floor = [0.0] * len(wanted), low
    for place in order:
        moved[place] = max(wanted[place], floor + half[place])
        floor = moved[place] + half[place]
    ceiling = high
    for place in reversed(order):
        moved[place] = min(moved[place], ceiling - half[place])
        ceiling = moved[place] - half[place]
    return moved


def figure_of(drawn: Axes | Text) -> Figure:
    """Return the chart (matplotlib's figure) in which something is drawn."""
    chart = drawn.get_figure(root=True)
    assert chart is not None
    return chart


def note(axes: Axes, words: str, place: ArrayLike, offset: tuple[float, float] = (0, 0), **look: Any) -> Annotation:
    """Write a note, in the style of small text, so many points from a place of axes."""
    x, y = map(float, np.asarray(place))
    return axes.annotate(words, (x, y), xytext=offset, textcoords="offset points", **look)


def sticks_out(text: Text) -> bool:
    """Return whether a text, in its present style, leaves its chart on either side."""
    chart = figure_of(text)
    box = text.get_window_extent()
    return bool(box.x0 < chart.bbox.x0 or box.x1 > (1 - EDGE) * chart.bbox.x1)
