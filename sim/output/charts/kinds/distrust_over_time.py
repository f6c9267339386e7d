"""Chart of distrust over time: a panel for each who distrusts whom."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from sim.negotiation.inspection.belief_paths import beliefs
from sim.output.charts.drawing import chart_frame, style
from sim.output.charts.drawing.chart_frame import Frame, hold_settings
from sim.output.words.numbers_and_names import mention, possessive, subject
from sim.scenario.model.schema import Scenario
from sim.study.results.stored_study import StoredStudy

MOST_PANELS = 12
"""Pairs that are shown; of more, those whose distrust moves most."""

COLUMNS = 3

PANEL, GAP, LINE = 1.3, 0.3, 0.17
"""Inches that a panel takes, that lie between two of them, and that a line of a panel's title takes."""

MOST_LETTERS = 30
"""Letters in a line of a panel's title."""

RUNS = 4096
"""Runs that are played again to see inside."""

Pair = tuple[str, str]


def distrust(study: StoredStudy, axes: Axes | None = None) -> Axes:
    """Draw distrust over time: the median and middle 90 % of everybody's distrust of everybody, week by week.

    Returns the axes. The panels lie inside `axes` (`axes.child_axes`). Raises ValueError for a sweep.
    """
    if study.is_sweep:
        raise ValueError("distrust over time is that of one ensemble, not of a sweep")
    runs = min(RUNS, int(study.summary["runs"]))
    found = beliefs(study.scenario, runs)
    shown = shown_pairs(study.scenario, found)
    left_out = len(found) - len(shown)
    colours, dashes = style.colours(study.scenario), style.dashes(study.scenario)
    with hold_settings(study):
        titles = [_title(pair, study.scenario) for pair in shown]
        lines = max(title.count("\n") + 1 for title in titles)
        axes = axes or _frame(study, runs, len(shown), left_out, lines).axes()
        gap = 0.09, (GAP + LINE * lines) / PANEL
        panels = chart_frame.panels(axes, len(shown), min(COLUMNS, len(shown)), gap)
        for place, (panel, pair, title) in enumerate(zip(panels, shown, titles, strict=True)):
            _panel(panel, title, found[pair], (colours[pair[0]], dashes[pair[0]]))
            if place % COLUMNS:
                panel.set_yticklabels([])
            else:
                panel.set_ylabel("distrust", fontsize=10)
            if place + COLUMNS >= len(shown):
                panel.set_xlabel("weeks of talks")
    return axes


def shown_pairs(scenario: Scenario, found: dict[Pair, NDArray[np.float64]]) -> list[Pair]:
    """Return the pairs in the chart of distrust over time: parties first, then the mediator, then guarantors."""
    mediator = scenario.mediator.name if scenario.mediator else ""
    ranks = {**dict.fromkeys(scenario.parties, 0), mediator: 1}
    places = {name: place for place, name in enumerate(scenario.parties)}

    def rank(pair: Pair) -> tuple[int, int, int]:
        one, other = (ranks.get(name, 2) for name in pair)
        return max(one, other), one, places.get(pair[0], len(places))

    moved = {pair: float(np.ptp(levels[:, 1])) for pair, levels in found.items()}
    most = set(sorted(found, key=lambda pair: -moved[pair])[:MOST_PANELS])
    return sorted((pair for pair in found if pair in most), key=rank)  # those of one rank as the model has them


def _frame(study: StoredStudy, runs: int, panels: int, left_out: int, lines: int) -> Frame:
    """What stands around the panels."""
    rows = -(-panels // COLUMNS)
    first = "the one run" if runs == 1 else f"the first {runs:,} runs"
    selected = f" Of {panels + left_out} pairs, the {panels} whose distrust moves most." if left_out else ""
    return Frame(
        "How distrust moves while they talk",
        chart_frame.subtitle(study),
        chart_frame.write_small_print(
            study,
            f"Line: median; band: middle 90 % of {first}, which differ by chance and in their assumptions. Runs "
            f"that have ended count with the distrust they ended with.{selected}",
        ),
        height=2.0 + (PANEL + GAP + LINE * lines) * rows,
        above=0.35 + LINE * lines,
    )


def _panel(axes: Axes, title: str, levels: NDArray[np.float64], look: tuple[str, style.Dash]) -> None:
    """Draw one pair; `look` is the colour and the dash of the holder."""
    colour, dash = look
    weeks = np.arange(len(levels))
    axes.fill_between(weeks, levels[:, 0], levels[:, 2], color=colour, alpha=0.22, linewidth=0)
    axes.plot(weeks, levels[:, 1], color=colour, linewidth=2.2, linestyle=dash)
    axes.set_title(title, fontsize=10.5, color=colour, loc="left", pad=5)
    axes.set_ylim(0, 1)
    axes.set_xlim(0, max(int(weeks[-1]), 1))
    axes.set_yticks([0, 0.5, 1], ["0", "0.5", "1"])
    axes.tick_params(labelsize=9.5)
    axes.grid(axis="y", color=style.FAINT, linewidth=0.8)
    axes.spines[["top", "right"]].set_visible(False)


def _title(pair: Pair, scenario: Scenario) -> str:
    """Who distrusts whom, in the width of a panel."""
    holder, other = (
        style.shorten_middle(name, MOST_LETTERS - 11)
        for name in (subject(pair[0], scenario), mention(pair[1], scenario))
    )
    title = f"{possessive(holder)} distrust of {other}"
    return title if len(title) <= MOST_LETTERS else f"{possessive(holder)} distrust\nof {other}"
