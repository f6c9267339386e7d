"""Charts of outcomes: how negotiations end, week by week in an ensemble, or along a varied parameter."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from sim.output.charts.drawing import chart_frame, style
from sim.output.charts.drawing.axis_scales import set_log_scale
from sim.output.charts.drawing.chart_frame import Frame, hold_settings
from sim.output.charts.drawing.direct_labels import ROOM
from sim.output.charts.drawing.stacked_bands import BAR, Band, name_ends, name_widest, stack
from sim.output.charts.kinds.settlement_curve import column, main
from sim.output.words.numbers_and_names import between, caption, figure, percent
from sim.output.words.parameter_labels import label_varied, value_label
from sim.scenario.model.schema import Scenario
from sim.study.results.stored_study import StoredStudy
from sim.study.summaries.points_table import Row

BESIDE = 1.014
"""Where, in widths of the axes, the range over the assumptions stands."""

MOST_LEAVERS = 4
"""Bands of walkouts; where there are more parties, the last is that of all that leave least."""

Numbers = NDArray[np.float64]


def outcomes(study: StoredStudy, axes: Axes | None = None) -> Axes:
    """Draw outcomes week by week: the shares of runs that have settled, that go on, and that have ended otherwise.

    Cumulative incidence of outcomes that compete; returns the axes. Raises ValueError for a sweep.
    """
    if "curves" not in study.summary:
        raise ValueError("what happened when is kept of plain runs only")
    bands = weekly(study.summary["curves"], study.scenario)
    weeks = np.arange(len(bands[0].shares))
    with hold_settings(study):
        notes = chart_frame.write_small_print(study, _certainty(study))
        frame = Frame("How the talks go, week by week", chart_frame.subtitle(study), notes, right=ROOM)
        axes = axes or frame.axes()
        over = study.summary["outcomes"]["settlement"].get("spread")
        style.percent_axis(axes, "simulated runs")
        axes.set_xlim(0, max(weeks[-1], 1))
        axes.set_xlabel("weeks of talks")
        stack(axes, weeks, bands, step=True)
        name_ends(axes, bands, _across(over))
        if over:
            _mark_range(axes, over["low"], over["high"])
    return axes


def weekly(curves: Mapping[str, Any], scenario: Scenario) -> list[Band]:
    """Return the bands for the chart of outcomes week by week, from an ensemble's curves.

    From the lowest to the highest, at the end of week 0, 1, ….
    """
    ended = {name: np.array([0.0, *curve["p"]]) for name, curve in curves["walkout"].items()}
    settled, failed, overtaken = (
        np.array([0.0, *curves[name]["p"]]) for name in ("settlement", "impasse", "overtaken")
    )
    return _bands(scenario, settled, failed, overtaken, ended)


def composition(study: StoredStudy, axes: Axes | None = None) -> Axes:
    """Draw how the outcomes change along a varied parameter.

    Returns the axes. Raises ValueError.
    """
    if len(study.axes) != 1:
        raise ValueError("the composition of outcomes is drawn along one parameter")
    along = main([study])
    rows = sorted(study.rows, key=lambda row: float(row[along.path] or 0)) if along.numeric else study.rows
    walked = {name: column(rows, f"walkout_by.{name}") for name in study.scenario.parties}
    settled, failed, overtaken = (column(rows, f"outcomes.{name}.p") for name in ("settlement", "impasse", "overtaken"))
    bands = _bands(study.scenario, settled, failed, overtaken, walked)
    places = column(rows, along.path) if along.numeric else np.arange(len(rows), dtype=float)
    with hold_settings(study):
        name = label_varied(along.path, study.scenario)
        notes = chart_frame.write_small_print(study, f"Figures: where each band is widest. {_error(rows)}")
        frame = Frame(f"How talks end, by {name}", chart_frame.subtitle(study), notes, right=ROOM)
        axes = axes or frame.axes()
        style.percent_axis(axes, "simulated runs")
        axes.set_xlabel(name)
        style.fit(axes.xaxis.label)
        if along.numeric and len(rows) > 1:
            if along.log:
                set_log_scale(axes)
            axes.set_xlim(places[0], places[-1])
            stack(axes, places, bands)
            reach = None
        else:
            axes.set_xlim(places[0] - 0.6, places[-1] + 0.6)
            axes.set_xticks(places, [textwrap.fill(value_label(row[along.path]), 16) for row in rows])
            stack(axes, places, bands, bars=True)
            reach = BAR / 2
        name_widest(axes, places, bands, [value_label(row[along.path]) for row in rows], reach)
    return axes


def _certainty(study: StoredStudy) -> str:
    """How sure the share of settlements at the end is."""
    share = study.summary["outcomes"]["settlement"]
    error = between(share["low"], share["high"])
    words = f"Settled at the end: {percent(share['p'])}, simulation error {error} % (95 %)."
    return (
        f"{words} Upright line at the right: middle 90 % across the assumed ranges." if share.get("spread") else words
    )


def _across(over: Mapping[str, float] | None) -> str:
    """What stands below the share that settles: its range over the assumptions."""
    return f"\nacross the assumed\nranges {between(over['low'], over['high'])} %" if over else ""


def _mark_range(axes: Axes, low: float, high: float) -> None:
    """Draw the range over the assumptions of the share that settles beside the axes, where the last week ends."""
    place = axes.get_yaxis_transform()
    axes.plot(
        [BESIDE, BESIDE], [low, high], color=style.CURVE, linewidth=4, solid_capstyle="butt", transform=place,
        clip_on=False,
    )  # fmt: skip
    for end in (low, high):
        axes.plot(BESIDE, end, "_", color=style.CURVE, markersize=11, markeredgewidth=2, transform=place, clip_on=False)


def _error(rows: Sequence[Row]) -> str:
    """How sure the share of settlements is along a parameter."""
    ends = (column(rows, f"outcomes.settlement.{end}") for end in ("high", "low"))
    half = float(np.nanmax(np.subtract(*ends))) / 2
    return f"Simulation error of settlement: ±{figure(half)} points or less (95 %)."


def _bands(
    scenario: Scenario, settled: Numbers, failed: Numbers, overtaken: Numbers, walked: dict[str, Numbers]
) -> list[Band]:
    """Return the bands from the lowest to the highest: settled, still talking, other ends, each party's walkouts.

    `failed` are the runs whose deadline has passed. Of a crowd, those that leave least have one band together.
    """
    colours = style.colours(scenario)
    most = sorted(walked, key=lambda name: -float(np.nanmean(walked[name])))
    apart = most if len(most) <= MOST_LEAVERS else most[: MOST_LEAVERS - 1]
    left = [
        Band(f"{caption(name, scenario)} walked out", colours[name], walked[name], kind="walkout")
        for name in walked
        if name in apart
    ]
    if len(apart) < len(walked):
        others = np.sum([walked[name] for name in walked if name not in apart], axis=0)
        left.append(Band(f"one of {len(walked) - len(apart)} others walked out", style.QUIET, others, 0.55))
    gone = np.sum([failed, overtaken, *walked.values()], axis=0)
    open_ = np.clip(1.0 - settled - gone, 0.0, 1.0)
    ended = [
        Band("deadline passed", style.FAILED, failed, 1.0),
        Band("overtaken by events", style.OVERTAKEN, overtaken, 1.0),
    ]
    return [
        Band("settled", style.CURVE, settled),
        Band("still talking", style.FAINT, open_, 1.0),
        *(band for band in ended if np.nanmax(band.shares) > 0),
        *left,
    ]
