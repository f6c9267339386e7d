"""Chart of terms compared between several results, and what they are worth to each party."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes

from sim.output.charts.drawing import chart_frame, style
from sim.output.charts.drawing.chart_frame import Frame, hold_settings
from sim.output.words.numbers_and_names import caption, mention, number
from sim.study.results.stored_study import StoredStudy

ROW, HEADING = 0.27, 0.62
"""Inches that a result's row takes, and the heading of an issue or a party above its rows."""

WIDEST_POLE, NARROWEST_POLE, POLE_LINES = 44, 12, 3
"""Letters in a line at either end of a heading, as many as there is room for, and its lines."""

NAME_LETTERS = 24
"""Letters of a result's name beside its row."""

NO_FIGURES: Mapping[str, float | None] = {"mean": None}


def compared_terms(*studies: StoredStudy, axes: Axes | None = None) -> Axes:
    """Draw the terms of several results compared: mean and middle 90 % by issue, and mean worth to each party.

    Returns the axes. Raises ValueError for sweeps, and where no result has a settlement.
    """
    if any(study.is_sweep for study in studies):
        raise ValueError("the terms are those of ensembles, not of a sweep")
    if all(study.summary["rounds"]["median"] is None for study in studies):
        raise ValueError("there are no settlements that could say anything")
    issues = list(dict.fromkeys(name for study in studies for name in study.summary["terms"]))
    parties = list(dict.fromkeys(name for study in studies for name in study.summary["utility"]))
    known = {
        name: study.scenario
        for study in reversed(studies)
        for name in (*study.summary["terms"], *study.summary["utility"])
    }  # the first result that has a name says how it is shown
    blocks = len(issues) + len(parties)
    with hold_settings(*studies):
        axes = axes or _frame(studies, blocks).axes()
        axes.set_xlim(0.0, 1.0)
        axes.set_ylim(blocks * (HEADING + ROW * len(studies)), 0.0)
        ticks: list[tuple[float, str, bool]] = []
        for place, name in enumerate(issues + parties):
            top = place * (HEADING + ROW * len(studies))
            of_issue = place < len(issues)
            heading = caption(name, known[name]) if of_issue else f"worth to {mention(name, known[name])}"
            ticks.append((top + HEADING / 2, heading, True))
            _ends(axes, top + HEADING / 2, *(_poles(studies, name) if of_issue else _worth_ends()))
            for row, (study, label) in enumerate(zip(studies, chart_frame.name_results(studies), strict=True)):
                height = top + HEADING + ROW * (row + 0.5)
                figures = study.summary["terms" if of_issue else "utility"].get(name)
                _row(axes, height, figures, row, "not at issue" if of_issue else "no party")
                ticks.append((height, style.shorten_middle(label, NAME_LETTERS), False))
        _name(axes, ticks)
    return axes


def _frame(studies: tuple[StoredStudy, ...], blocks: int) -> Frame:
    """What stands around the chart."""
    notes = [note for study in studies for note in chart_frame.write_small_print(study)]
    return Frame(
        "On what terms they settle, and what these are worth",
        chart_frame.subtitle(*studies),
        (
            "Dot: mean over a result's own settlements; line: the middle 90 % of them. Worth: mean utility of the "
            "settlements, where 1 means all of a party's declared aims.",
            *notes,
        ),
        height=1.55 + blocks * (HEADING + ROW * len(studies)) + chart_frame.LINE * len(notes),
        above=0.2,
        left=2.35,
        right=1.5,
        below=0.1,
    )


def _poles(studies: tuple[StoredStudy, ...], name: str) -> tuple[str, str]:
    """What either end of an issue means, in the words of the first result that has it."""
    poles = next(study.scenario.issues[name] for study in studies if name in study.scenario.issues)
    return poles.low or "low end", poles.high or "high end"


def _worth_ends() -> tuple[str, str]:
    """What either end of the scale of utility means."""
    return "0: none of its declared aims", "1: all of them"


def _ends(axes: Axes, height: float, low: str, high: str) -> None:
    """Write what either end of a scale means above the rows of its block, in lines that leave each other room."""
    ends = [
        axes.text(end, height, "", ha=side, va="center", fontsize=style.SMALLEST, color=style.QUIET, linespacing=1.15)
        for end, side in ((0.0, "left"), (1.0, "right"))
    ]
    for width in range(WIDEST_POLE, NARROWEST_POLE - 1, -2):
        for text, words in zip(ends, (low, high), strict=True):
            text.set_text("\n".join(textwrap.wrap(words, width, max_lines=POLE_LINES, placeholder=style.CUT)))
        left, right = (text.get_window_extent() for text in ends)
        if left.x1 + left.height / 3 < right.x0:
            return


def _row(axes: Axes, height: float, figures: Mapping[str, Any] | None, place: int, absent: str) -> None:
    """Draw the mean and, where it is known, the middle 90 % of one result, and write both to the right."""
    axes.plot([0, 1], [height, height], color=style.FAINT, linewidth=1, zorder=1)
    mean, low, high = ((figures or NO_FIGURES).get(key) for key in ("mean", "q05", "q95"))
    colour, _ = style.line_look(place)
    words = absent if figures is None else "no settlement"
    if mean is not None:
        words = number(mean)
        if low is not None and high is not None:
            axes.plot([low, high], [height, height], color=colour, linewidth=3.2, alpha=0.55, solid_capstyle="butt")
            words += f" ({number(low)}–{number(high)})"
        axes.plot(mean, height, "o", color=colour, markersize=7.5, clip_on=False, zorder=4)
    look = {"va": "center", "fontsize": 9.5, "color": colour, "annotation_clip": False}
    style.note(axes, words, (1.0, height), (10, 0), **look)


def _name(axes: Axes, ticks: list[tuple[float, str, bool]]) -> None:
    """Name the rows to the left of them, headings in bold."""
    axes.set_yticks(
        [height for height, _, _ in ticks], [style.shorten_middle(name, NAME_LETTERS) for _, name, _ in ticks]
    )
    for label, (_, _, heading) in zip(axes.get_yticklabels(), ticks, strict=True):
        label.set_fontsize(10.5 if heading else 9.5)
        label.set_fontweight("bold" if heading else "normal")
    axes.tick_params(axis="y", length=0, pad=7)
    axes.set_xticks([])
    axes.spines[["left", "bottom"]].set_visible(False)
