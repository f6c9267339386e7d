"""What the scenario, in the words of its source, takes a varied parameter to be."""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from sim.output.charts import style
from sim.output.labels import decimals
from sim.output.words import caption, listed, number
from sim.scenario.paths import names_of, parameters
from sim.scenario.schema import Scenario
from sim.scenario.shape import select


class Said(NamedTuple):
    """A range in which the scenario sees a parameter, in words; `reported` by its source; `whose` it is, of several."""

    low: float
    high: float
    words: str
    reported: bool
    whose: str


def shade(axes: Axes, path: str, scenario: Scenario) -> None:
    """Shade what the scenario takes a parameter to be, as far as it is in view, with the words of the source."""
    left, right = axes.get_xlim()
    in_view = (said for said in said_of(path, scenario) if said.low < right and said.high > left)
    for place, said in enumerate(in_view):
        axes.axvspan(said.low, said.high, color=style.EVIDENCE, linewidth=0, zorder=0)
        middle = (max(said.low, left) + min(said.high, right)) / 2
        side = (middle - left) / (right - left)
        axes.annotate(
            said.words,
            (middle, 1.0),
            xytext=(0, 4 + 13 * place),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            ha="left" if side < 0.15 else "right" if side > 0.75 else "center",
            color=style.EVIDENCE_INK,
            fontsize=9.5,
            annotation_clip=False,
        )


def outline(axes: Axes, across: str, up: str, scenario: Scenario) -> None:
    """Draw a frame around every pair of ranges that the scenario takes two parameters to be in, with whose they are."""
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    for x, y in product(said_of(across, scenario), said_of(up, scenario)):
        if x.low >= right or x.high <= left or y.low >= top or y.high <= bottom:
            continue
        corner, size = (x.low, y.low), (x.high - x.low, y.high - y.low)
        axes.add_patch(Rectangle(corner, *size, fill=False, edgecolor=style.PAPER, linewidth=3.2))
        axes.add_patch(Rectangle(corner, *size, fill=False, edgecolor=style.EVIDENCE_INK, linewidth=1.6))
        source = "the article's range" if x.reported and y.reported else "the scenario's range"
        whose = ", ".join(dict.fromkeys(each.whose for each in (x, y) if each.whose))
        axes.annotate(
            f"{source}: {whose}" if whose else source,
            (max(x.low, left), min(y.high, top)),
            xytext=(0, 3) if y.high < top else (3, -4),
            textcoords="offset points",
            va="bottom" if y.high < top else "top",
            fontsize=9.5,
            color=style.EVIDENCE_INK,
            path_effects=style.HALO,
        )


def said_of(path: str, scenario: Scenario) -> list[Said]:
    """Return each different range that the scenario has for the parameters of a path; of several, whose each is."""
    known = parameters(scenario)
    ranges: dict[tuple[float, float, bool, str], list[str]] = {}
    for target in select(path, known, names_of(scenario)):
        parameter = known.get(target)
        quantity = None if parameter is None else parameter.quantity
        if parameter is not None and quantity is not None and quantity.is_range:
            reading = f"“{parameter.reading}”, " if parameter.reading else ""
            key = (quantity.low, quantity.high, parameter.claim is not None, reading)
            _, *names = target.split(".")
            ranges.setdefault(key, []).append(caption(names[0], scenario) if names else "")
    return [
        _said(low, high, reported, reading, listed(list(dict.fromkeys(holders))) if len(ranges) > 1 else "")
        for (low, high, reported, reading), holders in ranges.items()
    ]


def _said(low: float, high: float, reported: bool, reading: str, whose: str) -> Said:
    """Return a range with its words."""
    digits = decimals((low, high))
    ends = f"{number(low, digits)}–{number(high, digits)}"
    words = f"the article: {reading}read as {ends}" if reported else f"assumed: {ends}"
    return Said(low, high, f"{whose}, {words}" if whose else words, reported, whose)
