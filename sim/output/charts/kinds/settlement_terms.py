"""Chart of settlement terms: issue by issue, between the two poles, beside what the parties want."""

from __future__ import annotations

import textwrap

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from sim.negotiation.inspection.theoretical_predictions import nash_solution
from sim.output.charts.drawing import chart_frame, style
from sim.output.charts.drawing.chart_frame import Frame, hold_settings
from sim.output.charts.drawing.direct_labels import name_rows
from sim.output.words.numbers_and_names import between, caption, percent
from sim.scenario.loading.assignment import central
from sim.scenario.model.schema import Scenario
from sim.study.results.stored_study import StoredStudy
from sim.study.results.term_histograms import BINS, term_counts

TALL = 0.62
"""Height of the highest hill, where a row is 1."""

ROW = 1.28
"""Inches that an issue takes."""

POLE_LETTERS, POLE_LINES = 50, 3
"""What there is room for in either corner below a row."""

CROWD = 5
"""Parties up to which names stand beside aims; the names of more are in a key."""

KEY_COLUMNS, KEY_LINE = 4, 0.19
"""Names in a line of the key, and inches that a line takes."""

MARK, LETTER = 0.015, 0.0115
"""Shares of a row's width that half a mark, and a letter beside it, take."""

APART, CLOSE = 0.16, 0.06
"""How far above each other marks stand, with names and without, as shares of a row."""


def terms(study: StoredStudy, axes: Axes | None = None) -> Axes:
    """Draw settlement terms: for every issue, how often settlements lie where between its poles.

    Returns the axes. Beside the bars stand each party's aim, and the Nash solution at the middle of every range. Raises
    ValueError for a sweep, and where nothing was settled.
    """
    scenario = study.scenario
    if study.is_sweep:
        raise ValueError("the terms are those of one ensemble, not of a sweep")
    counts = term_counts(study, scenario.issues)
    if not any(column.sum() for column in counts.values()):
        raise ValueError("there are no settlements that could say anything")
    with hold_settings(study):
        axes = axes or _frame(study, int(counts[next(iter(scenario.issues))].sum())).axes()
        axes.set_ylim(len(scenario.issues) - 0.42, -0.76)
        axes.set_xlim(0.0, 1.0)
        for row, name in enumerate(scenario.issues):
            _hill(axes, row, counts[name])
            _poles(axes, row, scenario, name)
        _aims(axes, scenario, crowd=_key_lines(scenario) > 0)
        if _key_lines(scenario):
            _key(axes, scenario)
        _nash(axes, scenario)
        name_rows(axes, [caption(name, scenario) for name in scenario.issues], size=11.5, most=5)
        axes.set_xticks([])
        axes.spines[["left", "bottom"]].set_visible(False)
    return axes


def _frame(study: StoredStudy, settled: int) -> Frame:
    """What stands around the chart of so many settlements."""
    return Frame(
        "On what terms they settle",
        f"{style.shorten(chart_frame.subtitle(study), 60)}: {_share(study)}",
        chart_frame.write_small_print(
            study,
            f"Bars show where the {settled:,} settlements fall; on each issue the highest is drawn alike. Assumptions "
            "differ from run to run, so the bars span their ranges. Diamond: the Nash solution, which maximises the "
            "product of the gains over no settlement, every range at its middle: a reference point, not a "
            "recommendation.",
        ),
        height=2.0 + ROW * len(study.scenario.issues) + KEY_LINE * _key_lines(study.scenario),
        above=0.49 + KEY_LINE * _key_lines(study.scenario),
        left=1.55,
        below=0.12,
    )


def _share(study: StoredStudy) -> str:
    """How many runs settle at all, and how far that moves over the assumptions."""
    share = study.summary["outcomes"]["settlement"]
    over = share.get("spread")
    across = f" (across the assumed ranges {between(over['low'], over['high'])} %)" if over else ""
    return f"{percent(share['p'])} of runs settle{across}"


def _hill(axes: Axes, row: int, counts: NDArray[np.int64]) -> None:
    """Draw the distribution of one issue on its base line."""
    axes.plot([0, 1], [row, row], color=style.QUIET, linewidth=1)
    heights = TALL * counts / max(counts.max(), 1)
    edges = np.linspace(0, 1, BINS + 1)
    axes.fill_between(
        edges, row, row - np.append(heights, heights[-1]), step="post", color=style.CURVE, alpha=0.55, linewidth=0
    )


def _poles(axes: Axes, row: int, scenario: Scenario, name: str) -> None:
    """Write below either end what it means."""
    poles = scenario.issues[name]
    for end, words, side in ((0.0, poles.low or "low end", "left"), (1.0, poles.high or "high end", "right")):
        lines = textwrap.wrap(words, POLE_LETTERS, max_lines=POLE_LINES, placeholder=style.CUT)
        look = {"ha": side, "va": "top", "fontsize": style.SMALLEST, "color": style.QUIET, "linespacing": 1.2}
        style.note(axes, "\n".join(lines), (end, row), (0, -5), **look)


def _aims(axes: Axes, scenario: Scenario, crowd: bool) -> None:
    """Mark each party's aim (the middle of its range) on every issue; what would run into others stands above them."""
    colours, marks = style.colours(scenario), style.marks(scenario)
    for row, name in enumerate(scenario.issues):
        taken: list[list[tuple[float, float]]] = []
        for party, profile in central(scenario).parties.items():
            at = float(profile.aims[name].central)
            words = "" if crowd else f"{style.shorten_middle(caption(party, scenario), 24)} wants"
            right, length = at < 0.5, MARK + LETTER * len(words)
            low, high = (at - MARK, at + length) if right else (at - length, at + MARK)
            free = (n for n, others in enumerate(taken) if all(high < left or low > end for left, end in others))
            level = next(free, len(taken))
            taken[level : level + 1] = [[*(taken[level] if level < len(taken) else []), (low, high)]]
            height = row - 0.07 - (CLOSE if crowd else APART) * level
            axes.plot(at, height, marks[party][0], color=colours[party], markersize=9, clip_on=False, zorder=4)
            look = {"va": "center", "fontsize": 9.5, "color": colours[party], "path_effects": style.HALO}
            side = "left" if right else "right"
            style.note(axes, words, (at, height), (9 if right else -9, 0), ha=side, **look)


def _key(axes: Axes, scenario: Scenario) -> None:
    """List the parties of a crowd above the rows, each in its colour."""
    colours, marks = style.colours(scenario), style.marks(scenario)
    for place, party in enumerate(scenario.parties):
        line, column = divmod(place, KEY_COLUMNS)
        up = 8 + 13 * (_key_lines(scenario) - 1 - line)
        words = f"{marks[party][1]} {style.shorten_middle(caption(party, scenario), 22)}"
        look = {"xycoords": "axes fraction", "fontsize": 9.5, "color": colours[party]}
        style.note(axes, words, (column / KEY_COLUMNS, 1.0), (0, up), **look)


def _key_lines(scenario: Scenario) -> int:
    """Lines of the key: none where the parties' names stand beside their aims."""
    return -(-len(scenario.parties) // KEY_COLUMNS) if len(scenario.parties) > CROWD else 0


def _nash(axes: Axes, scenario: Scenario) -> None:
    """Mark the Nash solution, where there is one, and name it in the first row if there is room."""
    nash = nash_solution(scenario)
    if nash is None:
        return
    for row, name in enumerate(scenario.issues):
        axes.plot(
            nash[name], row, "D", markersize=8, zorder=5, markerfacecolor=style.PAPER, markeredgecolor=style.THEORY,
            markeredgewidth=2,
        )  # fmt: skip
    first = nash[next(iter(scenario.issues))]
    others = [text.get_window_extent() for text in axes.texts]
    for up in (False, True):
        look = {"ha": "center", "va": "bottom" if up else "top", "fontsize": style.SMALLEST, "color": style.THEORY}
        text = style.note(axes, "Nash solution", (first, 0), (0, 9 if up else -9), path_effects=style.HALO, **look)
        if not any(text.get_window_extent().overlaps(other) for other in others):
            return
        text.remove()
