"""ECharts options (plain data) for the page's charts, in the colours and words of those that `parley plot` draws."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np

from sim.explore.engine.curve_refinement import Curve
from sim.explore.engine.ensemble_figures import Found
from sim.explore.engine.theory_marks import Closing
from sim.explore.state.page_settings import Setting
from sim.explore.state.parameter_controls import Control
from sim.output.charts.drawing import style
from sim.output.charts.drawing.evidence_shading import Said
from sim.output.charts.drawing.stacked_bands import Band
from sim.output.charts.kinds.outcomes import weekly
from sim.output.words.numbers_and_names import percent

Options: TypeAlias = dict[str, Any]

PERCENT = "(share) => Math.round(100 * share) + ' %'"
ONE_DECIMAL = (
    "(share) => ((text) => text === '0.0' && share > 0 ? '< 0.1 %' : text === '100.0' && share < 1 ? '> 99.9 %' "
    ": text + ' %')((100 * share).toFixed(1))"
)
"""How the browser writes shares on axes, and in what appears under the pointer."""

DASHED: Options = {"lineStyle": {"width": 2, "type": "dashed"}}
STILL: Options = {"silent": True, "tooltip": {"show": False}}
"""Looks of lines: of what is pinned, and of what says nothing under the pointer."""

SMALL, LETTERS = 12, 13
"""Pixels of letters."""


def hue(colour: str, dark: bool) -> str:
    """Return a colour for ECharts options as it is on a light page or a dark one."""
    return style.IN_THE_DARK[colour] if dark else colour


def outcomes(bands: Sequence[Band], dark: bool, found: Found, pinned: Found | None = None) -> Options:
    """Return ECharts options for outcomes: stacked shares of runs settled, going on, or ended otherwise, by week.

    A bar at the end is the range over the assumptions of the share that settles.
    """
    weeks = len(bands[0].shares) - 1
    series = []
    for band in bands:
        colour = hue(band.colour, dark)
        area = {"stack": "runs", "areaStyle": {"opacity": band.opacity, "color": colour}, "lineStyle": {"width": 0}}
        series.append(_line(band.name, enumerate(band.shares.tolist()), colour, step="end", **area))
    if pinned is not None:
        settled = weekly(pinned.summary["curves"], pinned.scenario)[0].shares[: weeks + 1].tolist()
        series.append(_line("pinned: settled", enumerate(settled), hue(style.INK, dark), step="end", z=5, **DASHED))
    series += _over_assumptions(found, max(weeks, 1), dark)
    return {
        **_frame(dark, "weeks of talks", 0, max(weeks, 1)),
        "tooltip": _tooltip(dark, "weeks => 'week ' + weeks"),
        "series": series,
    }


def settlement(
    curve: Curve,
    control: Control,
    dark: bool,
    *,
    present: tuple[Setting, Found] | None,
    said: Sequence[Said],
    closings: Sequence[Closing],
    pinned: Curve | None,
) -> Options:
    """Return ECharts options for the share of settlements along a parameter, with its present value and theory."""
    ink = hue(style.CURVE, dark)
    x = [place for place, _ in curve.shares]
    low, p, high = ([getattr(share, end) for _, share in curve.shares] for end in ("low", "p", "high"))
    width = np.subtract(high, low).tolist()
    band = {"lineStyle": {"width": 0}, "stack": "error", **STILL}
    marks = {"symbol": "circle", "symbolSize": 4, "markLine": _marks(closings, dark), "markArea": _shades(said, dark)}
    series: list[Options] = [
        _line("", zip(x, low, strict=True), ink, **band),
        _line("", zip(x, width, strict=True), ink, areaStyle={"opacity": 0.3, "color": ink}, **band),
        _line("settle", zip(x, p, strict=True), ink, **marks),
    ]
    if pinned is not None:
        points = ((place, share.p) for place, share in pinned.shares)
        series.append(_line("pinned", points, hue(style.INK, dark), **DASHED))
    if present is not None:
        series += _present(*present, (curve.low, curve.high), dark)
    return {
        **_frame(dark, control.full, curve.low, curve.high),
        "tooltip": _tooltip(dark, "place => 'at ' + Number(place.toPrecision(3))"),
        "series": series,
    }


def _present(setting: Setting, found: Found, across: tuple[float, float], dark: bool) -> list[Options]:
    """Where the parameter stands now and how many settle; a bar across where it is a range.

    The bar upwards is the range of that share over the assumptions.
    """
    settled = found.summary["outcomes"]["settlement"]
    assert settled is not None  # there is at least one run
    ends = setting if isinstance(setting, tuple) else (setting, setting)
    low, high = (float(end) for end in ends)  # type: ignore[arg-type]
    ink, paper = hue(style.INK, dark), hue(style.PAPER, dark)
    share = ((low + high) / 2 - across[0]) / (across[1] - across[0])
    dot = {
        "name": "now",
        "type": "scatter",
        "data": [[(low + high) / 2, settled["p"]]],
        "symbolSize": 15,
        "itemStyle": {"color": paper, "borderColor": ink, "borderWidth": 3, "opacity": 1},
        "label": {
            "show": True,
            "position": "left" if share > 0.7 else "right",
            "backgroundColor": paper,
            "padding": [2, 4],
            "distance": 8,
            "formatter": f"now {percent(settled['p'])}",
            "color": ink,
            "fontWeight": "bold",
            "fontSize": LETTERS,
        },
        "z": 10,
        "tooltip": {"show": False},
    }
    over = _over_assumptions(found, (low + high) / 2, dark)
    if low == high:
        return [*over, dot]
    ends_of_range = [(low, settled["p"]), (high, settled["p"])]
    return [*over, _line("", ends_of_range, ink, lineStyle={"width": 3}, z=9, **STILL), dot]


def _over_assumptions(found: Found, place: float, dark: bool) -> list[Options]:
    """Return the range over the assumptions of the share that settles, as an upright bar; nothing if it is unknown."""
    over = found.extent
    if over is None:
        return []
    ink = hue(style.INK, dark)
    ends = {"symbol": "rect", "symbolSize": [16, 3], "showAllSymbol": True, "clip": False}
    line = {"width": 5, "color": ink, "opacity": 0.75}
    return [_line("", [(place, over["low"]), (place, over["high"])], ink, lineStyle=line, z=8, **ends, **STILL)]


def _marks(closings: Sequence[Closing], dark: bool) -> Options:
    """Lines at one half, and where theory says that a way to a settlement closes or opens."""
    quiet, theory = hue(style.QUIET, dark), hue(style.THEORY, dark)
    half = {"yAxis": 0.5, "lineStyle": {"color": quiet, "type": "dashed", "width": 1}, "label": {"show": False}}
    places = {closing.at for closing in closings if closing.at is not None}
    line = {"lineStyle": {"color": theory, "type": "dotted", "width": 2}, "label": {"show": False}}
    closed = [{"xAxis": at, **line} for at in sorted(places)]
    return {"symbol": "none", "silent": True, "animation": False, "data": [half, *closed]}


def _shades(said: Sequence[Said], dark: bool) -> Options:
    """What the file takes the parameter to be."""
    shade = {"color": hue(style.EVIDENCE, dark), "opacity": 0.75}
    areas = [[{"xAxis": each.low, "itemStyle": shade}, {"xAxis": each.high}] for each in said]
    return {"silent": True, "animation": False, "z": 0, "data": areas}


def _line(name: str, points: Iterable[tuple[float, float]], colour: str, **more: Any) -> Options:
    """Return a line, without symbols unless `more` says otherwise."""
    look = {"symbol": "none", "color": colour, "lineStyle": {"width": 2.4, "color": colour}}
    data = [list(point) for point in points]
    return {"name": name, "type": "line", "data": data, "emphasis": {"disabled": True}, **look, **more}


def _frame(dark: bool, across: str, low: float, high: float) -> Options:
    """Return axes: shares upwards, anything else across."""
    ink, faint = hue(style.INK, dark), hue(style.FAINT, dark)
    letters = {"color": ink, "fontSize": SMALL}
    return {
        "animation": False,  # between curves of different numbers of points it draws lines that are in neither
        "textStyle": {"fontFamily": "inherit"},
        "grid": {"left": 52, "right": 18, "top": 26, "bottom": 46},
        "xAxis": {
            "type": "value",
            "min": low,
            "max": high,
            "name": across,
            "nameLocation": "middle",
            "nameGap": 28,
            "nameTextStyle": {"color": ink, "fontSize": LETTERS},
            "axisLabel": {**letters, "hideOverlap": True},
            "axisLine": {"lineStyle": {"color": hue(style.QUIET, dark)}},
            "splitLine": {"show": False},
        },
        "yAxis": {
            "type": "value",
            "min": 0,
            "max": 1,
            "interval": 0.25,
            "axisLabel": {**letters, ":formatter": PERCENT},
            "splitLine": {"lineStyle": {"color": faint}},
        },
    }


def _tooltip(dark: bool, head: str) -> Options:
    """Return what appears under the pointer: the place, and the shares of series that have a name.

    `head` is a function that writes the place. Code for the browser is put together from this program's own text
    alone: what comes from a file or a visitor reaches the browser as data.
    """
    lines = (
        "(points) => [(" + head + ")(points[0].axisValue), ...points.filter((p) => p.seriesName).map("
        "(p) => p.seriesName + ' ' + (" + ONE_DECIMAL + ")(p.value[1]))].join('\\n')"
    )
    return {
        "trigger": "axis",
        "renderMode": "richText",
        ":formatter": lines,
        "backgroundColor": hue(style.PAPER, dark),
        "borderColor": hue(style.QUIET, dark),
        "textStyle": {"color": hue(style.INK, dark), "fontSize": LETTERS},
        "confine": True,
    }
