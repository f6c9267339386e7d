"""The negotiation dance of one run: every text in the plane of two parties' utilities, week after week."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.path import Path
from numpy.typing import NDArray

from sim.negotiation.inspection.feasible_set import frontier, occupied
from sim.negotiation.inspection.single_run import Story, Tabled, watch
from sim.output.charts.drawing import chart_frame, style
from sim.output.charts.drawing.chart_frame import Frame, hold_settings
from sim.output.charts.drawing.direct_labels import LEADER
from sim.output.charts.drawing.label_placement import place_beside
from sim.output.words.numbers_and_names import caption, mention, subject
from sim.output.words.parameter_labels import point_label
from sim.scenario.model.schema import Scenario
from sim.study.results.stored_study import StoredStudy

MOST_SPELT_OUT, MOST_AUTHORS = 7, 18
"""Authors of whose texts the weeks are given too, and who are listed at all."""

LINE = 13
"""Points that a line beside the axes takes."""

LEAST_SHOWN = 0.5
"""Utility from which the axes begin at the latest: closer to, the shade's cells would be seen."""

Array = NDArray[np.float64]

WEEK_GAPS, ENDING_GAPS = (5.0, 8.0, 13.0), (13.0, 22.0, 34.0, 50.0, 70.0)
"""Points between a text or the settlement and the words beside it, as few as there is room for."""

MOST_NUMBERS = 14
"""Texts of one author that are numbered by their week; of more, some."""


def dance(study: StoredStudy, run: int = 0, point: int | None = None, axes: Axes | None = None) -> Axes:
    """Draw the negotiation dance of a run: what each text was worth to the first two parties.

    Returns the axes, which also show what any terms could bring them, the floors below which they would not sign, and
    where the run ended. Of a sweep it is a run at design point number `point` (points_table.py). Raises ValueError for
    a sweep without one, a plain run with one, and a number that no design point has, or no run that was simulated.
    """
    if study.is_sweep and (point is None or not 0 <= point < len(study.points)):
        raise ValueError(f"a run of a sweep is one at a design point: 0 to {len(study.points) - 1}")
    if not study.is_sweep and point is not None:
        raise ValueError("a plain run has no design points to choose from")
    if missing := why_missing(study, run, point):
        raise ValueError(missing)
    scenario = study.case(point or 0)
    story = watch(scenario, run)
    pair = tuple(scenario.parties)[:2]
    with hold_settings(study):
        axes = axes or _frame(study, scenario, story, (run, point), pair).axes()
        _possible(axes, story, pair, 1 if scenario.loss == "linear" else 2)
        _floors(axes, story, pair, scenario)
        _texts(axes, story, pair, scenario)
        _beside(axes, story, pair, scenario)
        first, second = pair
        axes.set_xlabel(
            f"worth to {style.shorten_middle(mention(first, scenario), 40)} (1 = all that it declares to want)"
        )
        axes.set_ylabel(f"worth to {style.shorten_middle(mention(second, scenario), 40)}")
        style.fit(axes.xaxis.label)
        style.fit_upright(axes)
    return axes


def why_missing(study: StoredStudy, run: int, point: int | None = None) -> str | None:
    """Return why a study has no negotiation dance for a run of this number, None if it has, or was interrupted.

    The reason is in words; of a sweep the run is one at design point number `point`.
    """
    if not study.finished:
        return None
    runs = next((int(row["runs"] or 0) for row in study.rows if row["point"] == (point or 0)), 0)
    if not runs:
        return f"has no runs at design point {point}, which could not be simulated"
    return None if run < runs else f"has no run {run:,}: give one from 0 to {runs - 1:,}"


def _frame(
    study: StoredStudy, scenario: Scenario, story: Story, which: tuple[int, int | None], pair: Sequence[str]
) -> Frame:
    """What stands around the chart."""
    run, point = which
    others = len(scenario.parties) - 2
    more = f" {others} other parties are not in the picture." if others else ""
    presses = scenario.mediator is not None and scenario.mediator.style == "manipulation"
    pressed = " The mediator's pressure can make them sign for less." if presses else ""
    where = "" if point is None else f"design point {point} ({point_label(study.points[point], study.scenario)}), "
    return Frame(
        f"One run as a dance: {_plot(scenario, story)}",
        chart_frame.subtitle(study),
        (
            "Dots: texts in the order of their weeks, worth what they bring if they are kept. Shaded: what terms can "
            f"bring; its edge: texts that nobody can improve on without loss to the other.{more}",
            f"Dashed: the least each would sign for in the last week; dotted: in the first.{pressed}",
            f"Scenario {style.shorten(study.name, 60)}, {where}run {run}, seed {study.seed}. "
            "One run is one story among many.",
        ),
        height=7.4,
        right=2.2,
    )


def _plot(scenario: Scenario, story: Story) -> str:
    """How it ends, in a few words."""
    week = int(story.ending["round"])
    match story.ending["outcome"]:
        case "settlement":
            return f"a settlement in week {week}"
        case "walkout":
            return f"{style.shorten_middle(mention(str(story.ending['by']), scenario), 30)} walks out in week {week}"
        case "impasse":
            return f"no agreement by the deadline in week {week}"
        case "overtaken":
            return f"overtaken by events in week {week}"
    return f"no agreement in {int(scenario.rounds)} weeks, and still talking"


def _possible(axes: Axes, story: Story, pair: Sequence[str], exponent: int) -> None:
    """Shade what terms can bring, draw its frontier, and let the axes hold it."""
    aims, salience = ([taste[name] for name in pair] for taste in (story.aims, story.salience))
    cells = occupied(aims, salience, exponent)
    shade = np.ma.masked_where(~cells, cells.astype(float))
    image = axes.imshow(
        shade, origin="lower", extent=(0, 1, 0, 1), cmap=ListedColormap([style.FAINT]), alpha=0.45, aspect="auto",
        interpolation="nearest", zorder=0,
    )  # fmt: skip
    edge = frontier(aims, salience, exponent)
    below = Path([(0.0, 0.0), (0.0, edge[0, 1]), *edge, (edge[-1, 0], 0.0)])
    image.set_clip_path(below, axes.transData)
    axes.plot(edge[:, 0], edge[:, 1], color=style.QUIET, linewidth=1.6, zorder=1)
    worth = [[text.worth[name] for name in pair] for text in story.tabled]
    floors = [[min(floor, 1.0) for floor in (each[name] for name in pair)] for each in (story.opening, story.closing)]
    least = np.min([*edge.tolist(), *worth, *floors], axis=0)
    axes.set_xlim(max(0.0, min(least[0] - 0.06, LEAST_SHOWN)), 1.03)
    axes.set_ylim(max(0.0, min(least[1] - 0.06, LEAST_SHOWN)), 1.03)


def _floors(axes: Axes, story: Story, pair: Sequence[str], scenario: Scenario) -> None:
    """Draw the floors of the last week, with those of the first where they were others; name the upright ones."""
    for draw, name in zip((axes.axvline, axes.axhline), pair, strict=True):
        for floor, dash in ((story.opening[name], (0, (1, 3))), (story.closing[name], (0, (5, 3)))):
            if floor <= 1.0:
                draw(floor, color=style.THEORY, linewidth=1.3, linestyle=dash, zorder=1)
    left, right = axes.get_xlim()
    share = (min(max(story.closing[pair[0]], left), 1.0) - left) / (right - left)
    side = "left" if share < 0.25 else "right" if share > 0.75 else "center"
    look = {"xycoords": "axes fraction", "ha": side, "fontsize": 9.5, "color": style.THEORY}
    style.note(axes, _floor(story, pair[0], " ", scenario), (share, 1.0), (0, 4), **look)


def _floor(story: Story, name: str, space: str, scenario: Scenario) -> str:
    """What a party's floor in the last week says."""
    who = style.shorten_middle(subject(name, scenario), 24)
    if story.closing[name] <= 1.0:
        return f"{who}{space}signs nothing worth less"
    return f"{who}{space}could sign nothing:{space}its floor is out of reach"


def _texts(axes: Axes, story: Story, pair: Sequence[str], scenario: Scenario) -> None:
    """Draw every author's texts, joined in their order, with weeks beside them."""
    colours, dashes = style.colours(scenario), style.dashes(scenario)
    taken = [np.array([story.tabled[-1].worth[name] for name in pair])] if _settled(story) else []
    places: dict[str, Array] = {}
    authors = {author: [text for text in story.tabled if text.author == author] for author in _who(story)}
    for author, texts in authors.items():
        places[author] = np.array([[text.worth[name] for name in pair] for text in texts])
        axes.plot(
            *places[author].T, "o", linestyle=dashes[author], color=colours[author], linewidth=1, markersize=5.5,
            alpha=0.85, zorder=3,
        )  # fmt: skip
    _ending(axes, story, pair)
    for author, texts in authors.items():
        _weeks(axes, texts, places[author], colours[author], taken)


def _weeks(axes: Axes, texts: Sequence[Tabled], places: Array, colour: str, taken: list[Array]) -> None:
    """Write the week beside texts, as far as there is room beside those that are `taken`."""
    step = -(-len(texts) // MOST_NUMBERS)
    for text, place in list(zip(texts, places, strict=True))[::step]:
        if any(np.abs(place - other).max() < 0.028 for other in taken):
            continue
        taken.append(place)
        week = style.note(axes, str(text.week), place, fontsize=style.SMALLEST, color=colour, zorder=4)
        week.set_path_effects(style.HALO)
        if not any(place_beside(week, place, gap) for gap in WEEK_GAPS):
            week.remove()


def _beside(axes: Axes, story: Story, pair: Sequence[str], scenario: Scenario) -> None:
    """List the authors to the right, each in its colour, and name the level floor there, none over another."""
    colours = style.colours(scenario)
    chart = style.figure_of(axes)
    tall = 72 * axes.get_window_extent().height / chart.dpi
    authors = list(_authors(story, scenario))[:MOST_AUTHORS]
    bottom, top = axes.get_ylim()
    floor = min(max(story.closing[pair[1]], bottom), 1.0)
    notes = [
        *((words, colours[author]) for author, words in authors),
        (_floor(story, pair[1], "\n", scenario), style.THEORY),
    ]
    sizes = [(LINE * (words.count("\n") + 1) + 6) / tall for words, _ in notes]
    wanted = [1.0 - sum(sizes[: place + 1]) for place in range(len(authors))]
    heights = style.move_apart([*wanted, (floor - bottom) / (top - bottom)], sizes)
    for (words, colour), height in zip(notes, heights, strict=True):
        axes.annotate(
            words, (1.0, floor), xycoords=("axes fraction", "data"), xytext=(1.03, height), textcoords="axes fraction",
            va="center", fontsize=9.5, color=colour, annotation_clip=False,
            arrowprops=LEADER if colour == style.THEORY else None,
        )  # fmt: skip
    if not authors:
        axes.annotate(
            "nobody tabled a text", (0.5, 0.5), xycoords="axes fraction", ha="center", fontsize=13, color=style.QUIET
        )


def _authors(story: Story, scenario: Scenario) -> Iterator[tuple[str, str]]:
    """Yield every author, in the order of their first texts, with words on what it tabled and when."""
    weeks: dict[str, list[int]] = {}
    for text in story.tabled:
        weeks.setdefault(text.author, []).append(text.week)
    for author, of in weeks.items():
        texts = "1 text" if len(of) == 1 else f"{len(of)} texts"
        if len(weeks) > MOST_SPELT_OUT:
            yield author, f"{style.shorten_middle(caption(author, scenario), 18)}, {texts}"
        else:
            when = f"week {of[0]}" if len(of) == 1 else f"weeks {of[0]}–{of[-1]}"
            yield author, f"{style.shorten_middle(caption(author, scenario), 22)}\n{texts}, {when}"


def _settled(story: Story) -> bool:
    return bool(story.ending["outcome"] == "settlement")


def _ending(axes: Axes, story: Story, pair: Sequence[str]) -> None:
    """Mark the settlement, if there is one."""
    if not _settled(story):
        return
    last = story.tabled[-1]
    place = np.array([last.worth[name] for name in pair])
    axes.plot(*place, "*", markersize=19, color=style.CURVE, markeredgecolor=style.PAPER, zorder=5)
    text = style.note(axes, f"settled, week {last.week}", place, (-12, -16), ha="right", zorder=6, **style.FIGURE)
    any(place_beside(text, place, gap) for gap in ENDING_GAPS)


def _who(story: Story) -> list[str]:
    """Return the authors in the order of their first texts."""
    return list(dict.fromkeys(text.author for text in story.tabled))
