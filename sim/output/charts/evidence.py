"""What the scenario, in the words of its source, takes a varied parameter to be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from sim.output.charts import style
from sim.output.labels import decimals
from sim.output.words import number
from sim.scenario.paths import names_of, parameters
from sim.scenario.schema import Scenario
from sim.scenario.shape import select


class Said(NamedTuple):
    """A range in which the scenario sees a parameter, and in whose words."""

    low: float
    high: float
    words: str


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
    """Draw a frame around the two ranges that the scenario takes two parameters to be in, with words."""
    ranges = [next(said_of(path, scenario), None) for path in (across, up)]
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    x, y = (said if said is not None else None for said in ranges)
    if x is None or y is None or x.low >= right or x.high <= left or y.low >= top or y.high <= bottom:
        return
    corner, size = (x.low, y.low), (x.high - x.low, y.high - y.low)
    axes.add_patch(Rectangle(corner, *size, fill=False, edgecolor=style.PAPER, linewidth=3.2))
    axes.add_patch(Rectangle(corner, *size, fill=False, edgecolor=style.EVIDENCE_INK, linewidth=1.6))
    source = "the article's range" if "article" in x.words and "article" in y.words else "the scenario's range"
    axes.annotate(
        source,
        (max(x.low, left), max(y.low, bottom)),
        xytext=(0, -4),
        textcoords="offset points",
        va="top",
        fontsize=9.5,
        color=style.EVIDENCE_INK,
        path_effects=style.HALO,
    )


def said_of(path: str, scenario: Scenario) -> Iterator[Said]:
    """Yield each different range that the scenario has for the parameters of a path."""
    known = parameters(scenario)
    seen: set[tuple[float, float]] = set()
    for target in select(path, known, names_of(scenario)):
        parameter = known.get(target)
        quantity = None if parameter is None else parameter.quantity
        if parameter is None or quantity is None:
            continue
        if not quantity.is_range or (quantity.low, quantity.high) in seen:
            continue
        seen.add((quantity.low, quantity.high))
        digits = decimals((quantity.low, quantity.high))
        ends = f"{number(quantity.low, digits)}–{number(quantity.high, digits)}"
        if parameter.claim:
            reading = f"“{parameter.reading}”, " if parameter.reading else ""
            yield Said(quantity.low, quantity.high, f"the article: {reading}read as {ends}")
        else:
            yield Said(quantity.low, quantity.high, f"assumed: {ends}")
