"""How negotiations end: week by week in one ensemble, or along a parameter that was varied."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from sim.output.charts import frame, style
from sim.output.charts.frame import Frame, drawing
from sim.output.charts.naming import ROOM, name_at_right
from sim.output.charts.settlement import column, main
from sim.output.labels import value_label, varied
from sim.output.words import between, caption, figure, percent
from sim.scenario.schema import Scenario
from sim.study.kept import KeptStudy
from sim.study.points import Row

THINNEST = 0.004
"""Share of runs from which a band is named beside the chart."""

MOST_LEAVERS = 4
"""Bands of walkouts; where there are more parties, the last is that of all that leave least."""

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Band:
    """A way to end (or to go on): its name, its colour, and its share at every place along the axis."""

    name: str
    colour: str
    shares: Numbers
    opacity: float = 0.85


def outcomes(study: KeptStudy, axes: Axes | None = None) -> Axes:
    """Draw, week by week, the shares of runs that have settled, of which a party has left, and that go on.

    Cumulative incidence of outcomes that compete; returns the axes. Raises ValueError for a sweep.
    """
    if "curves" not in study.summary:
        raise ValueError("what happened when is kept of plain runs only")
    bands = weekly(study.summary["curves"], study.scenario)
    weeks = np.arange(len(bands[0].shares))
    with drawing(study):
        axes = (
            axes
            or Frame(
                "How the talks go, week by week",
                frame.subtitle(study),
                frame.particulars(study, _certainty(study)),
                right=ROOM,
            ).axes()
        )
        style.percent_axis(axes, "simulated runs")
        axes.set_xlim(0, max(weeks[-1], 1))
        axes.set_xlabel("weeks of talks")
        _stack(axes, weeks, bands, step=True)
    return axes


def weekly(curves: Mapping[str, Any], scenario: Scenario) -> list[Band]:
    """Return the bands of an ensemble, from the lowest to the highest, at the end of week 0, 1, …: from its curves."""
    ended = {name: np.array([0.0, *curve["p"]]) for name, curve in curves["walkout"].items()}
    settled = np.array([0.0, *curves["settlement"]["p"]])
    return _bands(scenario, settled, ended, "still talking, in the end no agreement")


def composition(study: KeptStudy, axes: Axes | None = None) -> Axes:
    """Draw how the outcomes change with the parameter that was varied; returns the axes. Raises ValueError."""
    if len(study.axes) != 1:
        raise ValueError("the composition of outcomes is drawn along one parameter")
    along = main([study])
    rows = sorted(study.rows, key=lambda row: float(row[along.path] or 0)) if along.numeric else study.rows
    walked = {name: column(rows, f"walkout_by.{name}") for name in study.scenario.parties}
    bands = _bands(study.scenario, column(rows, "outcomes.settlement.p"), walked, "no agreement when time is up")
    places = column(rows, along.path) if along.numeric else np.arange(len(rows), dtype=float)
    with drawing(study):
        axes = (
            axes
            or Frame(
                f"How talks end, by {varied(along.path, study.scenario)}",
                frame.subtitle(study),
                frame.particulars(
                    study, f"Figures beside the chart: at {value_label(rows[-1][along.path])}. {_luck(rows)}"
                ),
                right=ROOM,
            ).axes()
        )
        style.percent_axis(axes, "simulated runs")
        axes.set_xlabel(varied(along.path, study.scenario))
        style.fit(axes.xaxis.label)
        if along.numeric and len(rows) > 1:
            axes.set_xlim(places[0], places[-1])
            _stack(axes, places, bands)
        else:
            axes.set_xlim(places[0] - 0.6, places[-1] + 0.6)
            axes.set_xticks(places, [textwrap.fill(value_label(row[along.path]), 16) for row in rows])
            _stack(axes, places, bands, bars=True)
    return axes


def _certainty(study: KeptStudy) -> str:
    """How sure the share of settlements at the end is, both ways."""
    share = study.summary["outcomes"]["settlement"]
    error = between(share["low"], share["high"])
    words = f"Settled at the end: {percent(share['p'])}, simulation error {error} % (95 %)"
    over = share.get("spread")
    if not over:
        return f"{words}."
    return f"{words}; range over the assumptions {between(over['low'], over['high'])} % (90 %)."


def _luck(rows: Sequence[Row]) -> str:
    """How sure the share of settlements is along a parameter."""
    ends = (column(rows, f"outcomes.settlement.{end}") for end in ("high", "low"))
    half = float(np.nanmax(np.subtract(*ends))) / 2
    return f"Simulation error of settlement: ±{figure(half)} points or less (95 %)."


def _bands(scenario: Scenario, settled: Numbers, walked: dict[str, Numbers], rest: str) -> list[Band]:
    """Return the bands from the lowest to the highest: settled, without agreement, each party's walkouts.

    Of a crowd, those that leave least have one band together.
    """
    colours = style.colours(scenario)
    most = sorted(walked, key=lambda name: -float(np.nanmean(walked[name])))
    apart = most if len(most) <= MOST_LEAVERS else most[: MOST_LEAVERS - 1]
    left = [
        Band(f"{caption(name, scenario)} walked out", colours[name], walked[name]) for name in walked if name in apart
    ]
    if len(apart) < len(walked):
        others = np.sum([walked[name] for name in walked if name not in apart], axis=0)
        left.append(Band(f"one of {len(walked) - len(apart)} others walked out", style.QUIET, others, 0.55))
    gone = np.sum([*walked.values()], axis=0)
    open_ = np.clip(1.0 - settled - gone, 0.0, 1.0)
    return [Band("settled", style.CURVE, settled), Band(rest, style.FAINT, open_, 1.0), *left]


def _stack(axes: Axes, x: ArrayLike, bands: Sequence[Band], step: bool = False, bars: bool = False) -> None:
    """Stack bands and name them at the right, where they end."""
    floor = np.zeros_like(bands[0].shares)
    middles = []
    for band in bands:
        top = floor + band.shares
        if bars:
            axes.bar(x, band.shares, 0.7, bottom=floor, color=band.colour, alpha=band.opacity, linewidth=0)
        else:
            axes.fill_between(
                x, floor, top, color=band.colour, alpha=band.opacity, linewidth=0, step="pre" if step else None
            )
        middles.append(float(floor[-1] + top[-1]) / 2)
        floor = top
    named = [n for n, band in enumerate(bands) if np.nanmax(band.shares) >= THINNEST]
    words = [f"{bands[n].name}\n{percent(round(float(bands[n].shares[-1]), 12))}" for n in named]
    colours = [style.QUIET if bands[n].colour == style.FAINT else bands[n].colour for n in named]
    name_at_right(axes, [(axes.get_xlim()[1], middles[n]) for n in named], words, colours)
