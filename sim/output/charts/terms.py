"""On what terms they settle: issue by issue, between the two poles, beside what the parties want."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from sim.negotiation.theory import nash_solution
from sim.output.charts import frame, style
from sim.output.charts.frame import Frame, drawing
from sim.output.words import actor, issue
from sim.scenario.paths import central
from sim.scenario.schema import Scenario
from sim.study.histograms import BINS, term_counts
from sim.study.kept import KeptStudy

TALL = 0.62
"""Height of the highest hill, where a row is 1."""

ROW = 1.28
"""Inches that an issue takes."""

POLE_LETTERS, POLE_LINES = 50, 3
"""What there is room for in either corner below a row."""

CROWD = 5
"""Parties from which aims are marked without names."""


def terms(study: KeptStudy, axes: Axes | None = None) -> Axes:
    """Draw for every issue how often settlements lie where between its poles; returns the axes.

    Beside it each party's aim, and the Nash solution at the middle of every range. Raises ValueError for a sweep, and
    where nothing was settled.
    """
    scenario = study.scenario
    if study.is_sweep:
        raise ValueError("the terms are those of one ensemble, not of a sweep")
    counts = term_counts(study, scenario.issues)
    if not any(column.sum() for column in counts.values()):
        raise ValueError("there are no settlements that could say anything")
    with drawing():
        axes = axes or _frame(study).axes()
        for row, name in enumerate(scenario.issues):
            _hill(axes, row, counts[name])
            _poles(axes, row, scenario, name)
        _aims(axes, scenario)
        _nash(axes, scenario, nash_solution(scenario))
        axes.set_ylim(len(scenario.issues) - 0.42, -0.76)
        axes.set_xlim(0.0, 1.0)
        axes.set_yticks(range(len(scenario.issues)), [textwrap.fill(issue(name), 16) for name in scenario.issues])
        axes.tick_params(axis="y", length=0, labelsize=11.5)
        axes.set_xticks([])
        axes.spines[["left", "bottom"]].set_visible(False)
    return axes


def _frame(study: KeptStudy) -> Frame:
    """What stands around the chart."""
    settled = int(sum(term_counts(study, [next(iter(study.scenario.issues))]).popitem()[1]))
    return Frame(
        "On what terms they settle",
        frame.subtitle(study),
        frame.particulars(
            study,
            f"Hills: how many of the {settled:,} settlements lie where; on each issue the highest is drawn alike. "
            "Diamond: the Nash solution, which maximises the product of their gains over no settlement, every range at "
            "its middle: a point of comparison, no recommendation.",
        ),
        height=2.0 + ROW * len(study.scenario.issues),
        left=1.55,
        below=0.12,
    )


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
        axes.annotate(
            "\n".join(lines), (end, row), xytext=(0, -5), textcoords="offset points", ha=side, va="top",
            fontsize=style.SMALLEST, color=style.QUIET, linespacing=1.2,
        )  # fmt: skip


def _aims(axes: Axes, scenario: Scenario) -> None:
    """Mark each party's aim (the middle of its range) on every issue; aims at one place stand above each other."""
    colours = style.colours(scenario)
    middle = central(scenario)
    for row, name in enumerate(scenario.issues):
        stacked: dict[float, int] = {}
        for party, profile in middle.parties.items():
            at = float(profile.aims[name].central)
            place = stacked.get(round(at, 1), 0)
            stacked[round(at, 1)] = place + 1
            height = row - 0.07 - 0.16 * place
            if place >= CROWD:
                continue
            axes.plot(at, height, "v", color=colours[party], markersize=9, clip_on=False, zorder=4)
            if len(middle.parties) > CROWD and place:
                continue
            side = "left" if at < 0.5 else "right"
            axes.annotate(
                f"{style.short(actor(party), 24)} wants",
                (at, height),
                xytext=(9 if side == "left" else -9, 0),
                textcoords="offset points",
                ha=side,
                va="center",
                fontsize=9.5,
                color=colours[party],
                path_effects=style.HALO,
            )


def _nash(axes: Axes, scenario: Scenario, nash: Mapping[str, float] | None) -> None:
    """Mark the Nash solution, where there is one."""
    for row, name in enumerate(scenario.issues):
        if nash is not None:
            axes.plot(
                nash[name], row, "D", markersize=8, zorder=5, markerfacecolor=style.PAPER, markeredgecolor=style.THEORY,
                markeredgewidth=2,
            )  # fmt: skip
            if row == 0:
                axes.annotate(
                    "Nash solution", (nash[name], row), xytext=(0, -9), textcoords="offset points", ha="center",
                    va="top", fontsize=style.SMALLEST, color=style.THEORY,
                )  # fmt: skip
