"""Crossing table: where settlement stops being likelier than not, beside the theory's critical values."""

from __future__ import annotations

from collections.abc import Callable
from math import isclose

from rich.console import Group
from rich.text import Text

from sim.output.tables.ensemble_table import section
from sim.output.tables.table_layout import FigureTable
from sim.output.words.numbers_and_names import number, percent
from sim.output.words.parameter_labels import axis_label, label_varied, significant, value_label
from sim.scenario.model.key_tree import MUTUAL
from sim.scenario.model.schema import Scenario
from sim.study.design.design_points import Axis
from sim.study.summaries.sweep_summary import Critical, Crossed, Line, PointSummary, SweepSummary, varied_axes

WAYS = {
    "direct": "direct talks",
    "mediator": "mediator's text",
    "guaranteed": "with guarantee",
}
"""The ways to a settlement for which theory knows the greatest mutual distrust."""

FRAME = (
    "Theory: the highest mutual distrust at which any settlement is possible in the first week, if beliefs did not "
    "change and nobody made errors; in brackets the middle 90 % across the scenario's ranges. Talks change beliefs, so "
    "theory frames the result and does not predict it."
)

METHOD = (
    "The crossing is interpolated linearly between neighbouring design points{scale}; its interval covers simulation "
    "error only (95 %, bootstrap over groups of runs that have the same random numbers at every point)."
)


def crossing_section(summary: SweepSummary, scenario: Scenario) -> Group:
    """Return the section on crossings of one half: a paragraph for one line, a table for several."""
    lines = summary["lines"]
    along = label_varied(lines[0]["along"], scenario)
    body = _paragraph(summary, lines[0]) if len(lines) == 1 else _table(summary, scenario)
    method = METHOD.format(scale=", on a log scale" if _axis(summary, lines[0]).log else "")
    notes = Text("\n".join([method, FRAME] if _says_where(lines[0]) else [method]))
    return section(f"Where along {along} does the share that settles cross 50 %?", Group(body, notes))


def describe_crossings(summary: SweepSummary, line: Line) -> list[str]:
    """Return a line's crossings of one half in words: one entry a crossing, or one that says there is none."""
    axis = _axis(summary, line)
    found = [
        f"{_place(each['at'], axis)} ({reach(summary, line, each, lambda end: _place(end, axis))}), "
        f"{'falling' if each['falling'] else 'rising'} between {axis_label(each['before'], axis)} "
        f"and {axis_label(each['after'], axis)}"
        for each in line["crossings"]
    ]
    return found or [_side(summary, line)]


def reach(summary: SweepSummary, line: Line, crossing: Crossed, shown: Callable[[float], str]) -> str:
    """Return the interval of a crossing in words.

    `shown` writes the numbers. The interval is open where it reaches the end of what was varied: there lie the drawn
    curves that never cross (crossings.py).
    """
    axis = _axis(summary, line)
    places = [float(point["values"][axis.path]) for point in _points(summary, line)]  # type: ignore[arg-type]
    first, last = min(places), max(places)
    low, high = shown(crossing["low"]), shown(crossing["high"])
    below, beyond = isclose(crossing["low"], first), isclose(crossing["high"], last)
    if not (below or beyond):
        return f"{low}–{high}"
    return (
        f"{f'below {axis_label(first, axis)}' if below else low} to "
        f"{f'beyond {axis_label(last, axis)}' if beyond else high}"
    )


def _axis(summary: SweepSummary, line: Line) -> Axis:
    """The axis along which a line runs."""
    return next(axis for axis in varied_axes(summary) if axis.path == line["along"])


def _place(value: float, axis: Axis) -> str:
    """A place between design points: three decimals, or three digits on a logarithmic scale."""
    return significant(value, 3) if axis.log else number(value, 3)


def _points(summary: SweepSummary, line: Line) -> list[PointSummary]:
    """The design points of a line."""
    return [
        point
        for point in summary["points"]
        if all(point["values"][path] == value for path, value in line["at"].items())
    ]


def _side(summary: SweepSummary, line: Line) -> str:
    """On which side of one half a line without a crossing stays."""
    on_line = (point["outcomes"]["settlement"] for point in _points(summary, line))
    share = next((share for share in on_line if share is not None), None)
    if share is None:
        return "never: every design point failed"
    return "never: 50 % or above at every value" if share["p"] >= 0.5 else "never: below 50 % at every value"


def _paragraph(summary: SweepSummary, line: Line) -> Group:
    """The crossings of the one line there is, and the critical values below."""
    where = [
        Text(f"At {text}." if not text.startswith("never") else f"{text.capitalize()}.")
        for text in describe_crossings(summary, line)
    ]
    ways = line["critical"].items() if _says_where(line) else ()
    theory = [(f"theory, {WAYS[way]}", _critical(found)) for way, found in ways]
    return Group(*where, *([FigureTable(theory, essential=True)] if theory else []))


def _table(summary: SweepSummary, scenario: Scenario) -> FigureTable:
    """One row a line: what else was varied, where it crosses one half, the critical values of its scenario."""
    lines = summary["lines"]
    ways = [way for way in WAYS if _says_where(lines[0]) and any(way in line["critical"] for line in lines)]
    axes = {axis.path: axis for axis in varied_axes(summary)}
    others = [label_varied(path, scenario) for path in lines[0]["at"]]
    rows = [
        (
            *(_at(line, axes[path]) for path in line["at"]),
            "\n".join(_brief(text) for text in describe_crossings(summary, line)),
            *(_critical(line["critical"][way]) if way in line["critical"] else "" for way in ways),
            "",
        )
        for line in lines
    ]
    header = (*others, "crossing of 50 %", *(f"theory: {WAYS[way]}" for way in ways), "")
    return FigureTable(rows, header, numbered=True)


def _at(line: Line, axis: Axis) -> str:
    """The value that a line has of another parameter."""
    value = line["at"][axis.path]
    return axis_label(value, axis) if axis.log else value_label(value)


def _says_where(line: Line) -> bool:
    """Whether a line runs along mutual distrust, whose critical values theory knows."""
    return line["along"] == MUTUAL


def _brief(text: str) -> str:
    """A crossing without the design points on either side."""
    return text.partition(", ")[0]


def _critical(found: Critical) -> str:
    """A critical value with its range over the assumptions."""
    if found["value"] is None:
        return "never"
    if found["low"] is None or found["high"] is None or found["low"] == found["high"]:
        return number(found["value"], 3)
    share = "" if found["exists"] == 1 else f", in {percent(found['exists'])} of draws"
    return f"{number(found['value'])} [{number(found['low'])}–{number(found['high'])}{share}]"
