"""Theory table: what theory predicts for a scenario before anything runs."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from sim.negotiation.inspection.theoretical_predictions import Interval, Theory, analyse
from sim.output.tables.table_layout import FigureTable
from sim.output.words.numbers_and_names import caption, join_items, mention, number, percent
from sim.scenario.model.schema import Scenario

FRAME = (
    "In the first week, with every range at its middle, if beliefs did not change and nobody made errors. In "
    "brackets: the middle 90 % across the ranges. Talks change beliefs: theory frames the result and does not "
    "predict it."
)

WAYS = {
    "direct": "in direct talks, by a party's text",
    "mediator": "by the mediator's text",
    "guaranteed": "with the scenario's guarantees",
}


def theory(scenario: Scenario) -> RenderableType:
    """Return the theory table of a scenario: floors, zone of agreement, critical distrust and least guarantee.

    Each stands with its range.
    """
    found = analyse(scenario)
    ways = "Highest mutual distrust at which they can settle at all:"
    return Group(
        Text("\nWhat theory says before anything runs", style="bold"),
        *(_indented(Text(line)) for line in (FRAME, _floors(found, scenario), _zone(found, scenario), ways)),
        _indented(_critical(found), 4),
        _indented(Text(_guarantee(found))),
    )


def _floors(found: Theory, scenario: Scenario) -> str:
    """The least that each party could sign for, and who could be offered so much."""
    least = {name: floor for name, floor in found.floors.items() if floor is not None}
    beyond = [name for name, floor in found.floors.items() if floor is None or floor > 1]
    said = []
    if least:
        worth = [f"{_least(floor)} to {mention(name, scenario)}" for name, floor in least.items()]
        said.append(
            f"To be signed, a text must be worth at least {join_items(worth)}, on a scale where 1 is everything"
        )
    if beyond:
        whom = (
            "" if len(beyond) == len(found.floors) else f" {join_items([mention(name, scenario) for name in beyond])}"
        )
        said.append(f"no text can offer{whom} that" if least else "No text could be signed, whatever it offered")
    return f"{': '.join(said)}."


def _least(floor: float) -> str:
    """A floor as a number; one that only rounds to everything is said to be beyond it."""
    return "more than 1" if floor > 1 and number(floor) == number(1) else number(floor)


def _zone(found: Theory, scenario: Scenario) -> str:
    """Whether any terms clear all floors."""
    often = f"Such terms exist in {percent(found.spread['zone'].exists)} of draws of the ranges."
    if found.nash is None:
        return f"No terms clear every floor: there is no zone of agreement. {often}"
    terms = [f"{caption(name, scenario)} {number(found.nash[name])}" for name in scenario.issues]
    return f"Some terms clear every floor; the Nash solution among them is {join_items(terms)}. {often}"


def _critical(found: Theory) -> FigureTable:
    """The greatest mutual distrust at which each way to a settlement is open."""
    rows = []
    for way, words in WAYS.items():
        value = found.critical.get(way)
        closed = "" if value is not None else ("never" if way in found.critical else "not in this scenario")
        rows.append((words, number(value), _range(found.spread.get(way)) or closed))
    return FigureTable(rows, essential=True)


def _range(spread: Interval | None, say: Callable[[float], str] = number) -> str:
    """The middle 90 % over the ranges, and in how many draws there is such a value, unless in all."""
    if spread is None or spread.low is None or spread.high is None or spread.low == spread.high:
        return ""
    share = "" if spread.exists == 1 else f", in {percent(spread.exists)} of draws"
    return f"[{say(spread.low)}–{say(spread.high)}{share}]"


def _guarantee(found: Theory) -> str:
    """The guarantee that the scenario's own distrust calls for."""
    spread = _range(found.spread.get("least_guarantee"), percent)
    if found.least_guarantee is None:
        need = "no further guarantee, however strong, is enough"
    elif found.least_guarantee == 0:
        need = "no further guarantee is needed"
    else:
        share = percent(found.least_guarantee)
        need = f"one further guarantor, fully trusted, must remove {share} of the risk of betrayal"
    return f"For a zone of agreement at the scenario's own distrust, {need} {spread}".rstrip() + "."


def _indented(renderable: RenderableType, columns: int = 2) -> Padding:
    """Something indented by so many columns."""
    return Padding(renderable, (0, 0, 0, columns))
