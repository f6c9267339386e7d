"""Ensemble table: an analyst's questions about one scenario, each answered in plain words and figures.

Reads at 80 columns and without colour. Every interval is labelled for what it covers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sim.negotiation.run_outcomes import possible_outcomes
from sim.output.tables.advice_section import advice_section
from sim.output.tables.table_layout import FigureTable
from sim.output.words.numbers_and_names import NO_FORECAST, between, caption, number, percent, weeks
from sim.output.words.parameter_labels import factor_name
from sim.scenario.model.schema import Scenario
from sim.study.statistics.cumulative_incidence import Curves
from sim.study.summaries.ensemble_summary import Interval, Spread, Summary

BAR = 24
"""Characters of a bar that stands for 100 %."""

SHORT_BAR = 12
"""The same beside two intervals."""

COLUMNS = ("", "share", "simulation error", "range over assumptions", "")
"""Headings where a share has its simulation error and its range over the assumptions beside it."""

CHECKPOINTS = 5
"""Weeks for which the table says how things stand."""

SCALE = 35
"""Characters between the poles of an issue."""

LONGEST_ISSUE = 14
"""Columns up to which the names of issues are aligned."""

LEAST_TOLD = 0.0005
"""Share of settlements from which it is said that somebody signed them, by error, for less than war is worth to it."""

MEANINGS = {
    "settlement": "all sign",
    "walkout": "a party leaves",
    "impasse": "the deadline passes",
    "overtaken": "by events",
    "open": "still talking",
}


CAVEATS = ("Intervals: simulation error only (95 %), not the range over the assumptions.", NO_FORECAST)


def ensemble_table(summary: Summary, scenario: Scenario, known: Sequence[str] = ()) -> RenderableType:
    """Return the whole ensemble table; `scenario` lends the title, the horizon and the words for issues' poles.

    `known` are warnings that were printed before, on other scenarios.
    """
    settled = summary["outcomes"]["settlement"]
    if settled is not None and settled["p"] > 0:
        about_settlements = [
            section("Does it last?", _lasting(summary)),
            section("When do they settle?", _when(summary, scenario)),
            section("On whose text?", _authors(summary, scenario)),
            section("On what terms?", _terms(summary, scenario)),
            section("What is it worth?", _worth(summary, scenario)),
        ]
    else:
        about_settlements = [section("Does it last? When, on whose text, on what terms?", Text(_NEVER))]
    return Group(
        _heading(summary, scenario),
        section("How often do they settle?", Group(_outcomes(summary, scenario), *_carrier(summary, scenario))),
        *about_settlements,
        section("Who walks out?", _walkouts(summary, scenario)),
        section("How do they talk?", _talks(summary)),
        *advice_section(summary.get("warnings", []), known),
        "",
        *map(Text, _caveats(summary)),
    )


_NEVER = "No run ended in a settlement."


def _heading(summary: Summary, scenario: Scenario) -> Text:
    """Which scenario, how many runs, which seed."""
    title = scenario.title or summary["scenario"]
    runs = "1 run" if summary["runs"] == 1 else f"{summary['runs']:,} runs"
    detail = f"{summary['scenario']}: {runs} of talks watched for {weeks(scenario.rounds)}, seed {summary['seed']}"
    return Text.assemble((title, "bold"), "\n", detail)


def section(question: str, answer: RenderableType) -> Group:
    """Return a section of the ensemble table: a question and, indented below it, its answer."""
    return Group("", Text(question, style="bold"), Padding(answer, (0, 0, 0, 2)))


def grid(rows: Iterable[Sequence[str]], header: Sequence[str] | None = None) -> FigureTable:
    """Return rows as in the ensemble table: a label, figures and perhaps intervals, and a remark or bar.

    The remark or bar gives way where there is no room.
    """
    return FigureTable(list(rows), header)


def bar(share: float | None, width: int = BAR) -> str:
    """Return a share as a bar for the ensemble table, of `width` characters for all; anything above zero shows."""
    return "█" * max(round(width * share), 1) if share else ""


def _caveats(summary: Summary) -> Iterable[str]:
    """What each interval covers, and how the range over the assumptions was found."""
    found = summary.get("spread")
    if found is None:
        return CAVEATS
    return interval_notes(found["draws"], found["plays"])


def interval_notes(draws: int, plays: int) -> tuple[str, ...]:
    """Return the notes below the ensemble table on both kinds of interval, and on what shares of runs are not."""
    return (
        "Simulation error: 95 % interval; more runs narrow it.",
        f"Range over the assumptions: middle 90 % across the scenario's ranges ({draws} draws, {plays} runs each, "
        "simulation noise removed); more runs do not narrow it.",
        NO_FORECAST,
    )


def _share(label: str, share: Interval | None, remark: str, spread: bool) -> tuple[str, ...]:
    """A row for a share with its interval and, if there is a column for it, its range over the assumptions."""
    if share is None:
        return label, "–", *([""] * (1 + spread)), remark
    over = share.get("spread")
    beside = [between(over["low"], over["high"]) if over else ""] if spread else []
    return label, percent(share["p"]), between(share["low"], share["high"]), *beside, remark


def outcome_shares(summary: Summary, scenario: Scenario) -> dict[str, Interval | None]:
    """Return the share of each outcome that the scenario can have for the ensemble table, under its name in words."""
    possible = possible_outcomes(scenario)
    return {f"{name} ({MEANINGS[name]})": share for name, share in summary["outcomes"].items() if name in possible}


def held_shares(summary: Summary) -> dict[str, Interval | None]:
    """Return the shares for the ensemble table of runs that settle and hold, and of settlements that hold.

    They stand under their names in words.
    """
    held = {"settled and held": summary["lasting"], "of settlements, held": summary["holds"]}
    return {f"{name} for {weeks(int(n))}": share for name, shares in held.items() for n, share in shares.items()}


def _outcomes(summary: Summary, scenario: Scenario) -> FigureTable:
    """How the runs ended."""
    spread = summary.get("spread") is not None
    width = SHORT_BAR if spread else BAR
    shares = outcome_shares(summary, scenario).items()
    rows = [_share(name, share, bar(share and share["p"], width), spread) for name, share in shares]
    return grid(rows, COLUMNS if spread else None)


def _carrier(summary: Summary, scenario: Scenario) -> Iterable[Text]:
    """Which assumption carries the answer, where one carries most of it."""
    found = summary.get("spread")
    carrier = None if found is None else found.get("carrier")
    if carrier:
        name = factor_name(carrier["paths"], scenario)
        share = f"{100 * carrier['share']:.0f} %"
        yield Text(f"One assumption carries most of that range: {name} explains {share} of the variance across it.")


def no_durability(reason: str) -> str:
    """Return the sentence in the ensemble table that it is no answer how long settlements hold.

    `reason` says why.
    """
    return f"No answer: {reason}."


def _lasting(summary: Summary) -> RenderableType:
    """Settled and held, of all runs; held, of the settlements; or why that is no answer here."""
    if reason := summary.get("unbreakable"):
        return Text(no_durability(reason))
    spread = summary.get("spread") is not None
    absent = "not followed" if spread else "not followed that long"
    rows = [_share(name, share, "" if share else absent, spread) for name, share in held_shares(summary).items()]
    below = summary["below_war"]
    if below is not None and below["p"] >= LEAST_TOLD:
        rows.append(_share("of settlements, signed below war", below, "", spread))
    return grid(rows, COLUMNS if spread else None)


def _when(summary: Summary, scenario: Scenario) -> RenderableType:
    """When settlements come, and how things stand in some of the weeks."""
    rounds = summary["rounds"]
    low, high = rounds.get("median_low"), rounds.get("median_high")
    interval = "" if low is None or high is None or low == high else f" ({number(low, 0)}–{number(high, 0)})"
    sentence = (
        f"Half of the settlements are reached by week {number(rounds['median'], 0)}{interval} of "
        f"{int(scenario.rounds)}; mean: week {number(rounds['mean'], 1)}."
    )
    curves = summary.get("curves")
    return Group(Text(sentence), *([_standing(curves, scenario)] if curves else []))


def _standing(curves: Curves, scenario: Scenario) -> FigureTable:
    """Who has settled, who has left and who still talks, at some weeks spread over the horizon."""
    horizon = len(curves["settlement"]["p"])
    chosen = sorted({max(1, round(horizon * n / CHECKPOINTS)) for n in range(1, CHECKPOINTS + 1)})
    ended = {"settled": curves["settlement"]["p"]}
    ended |= {
        f"{caption(name, scenario)} left": curve["p"] for name, curve in curves["walkout"].items() if curve["p"][-1] > 0
    }
    ended |= {
        words: curve["p"]
        for words, curve in (("deadline passed", curves["impasse"]), ("overtaken", curves["overtaken"]))
        if curve["p"][-1] > 0
    }
    talking = [max(0.0, round(1 - sum(shares), 12)) for shares in zip(*ended.values(), strict=True)]
    rows = [
        (label, *(percent(shares[week - 1]) for week in chosen), "")
        for label, shares in (ended | {"still talking": talking}).items()
    ]
    return grid(rows, ("by the end of week", *map(str, chosen), ""))


def _authors(summary: Summary, scenario: Scenario) -> FigureTable:
    """Whose text is signed, the most frequent author first."""
    mediator = scenario.mediator.name if scenario.mediator else None
    shares = sorted(summary["authors"].items(), key=lambda item: -(item[1] or 0))
    return grid(
        (
            f"{caption(name, scenario)} (mediator)" if name == mediator else caption(name, scenario),
            percent(share),
            bar(share),
        )
        for name, share in shares
    )


def _terms(summary: Summary, scenario: Scenario) -> Group:
    """For every issue: mean, the range of nine in ten settlements, and both poles in words."""
    legend = Text("● mean, ━ middle 90 % of settlements")
    width = min(max(cell_len(caption(name, scenario)) for name in summary["terms"]), LONGEST_ISSUE)
    return Group(legend, *(_issue(name, spread, scenario, width) for name, spread in summary["terms"].items()))


def _issue(name: str, spread: Spread, scenario: Scenario, width: int) -> Group:
    """One issue on its scale, its name padded to ``width``, with what either end of the scale means."""
    mean, low, high = spread["mean"], spread["q05"], spread["q95"]
    if mean is None or low is None or high is None:
        return Group(Text(f"{caption(name, scenario)}  –"))
    poles = scenario.issues[name]
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_row(Text("0"), Text(poles.low or "low end"))
    grid.add_row(Text("1"), Text(poles.high or "high end"))
    title = caption(name, scenario)
    figures = f"{title}{' ' * (width - cell_len(title))}  {number(mean)} ({number(low)}–{number(high)})"
    return Group(_Scaled(figures, f"  0 {_scale(mean, low, high)} 1"), Padding(grid, (0, 0, 0, 2)))


class _Scaled:
    """A line of figures and, where there is room for it, a scale at its end."""

    def __init__(self, figures: str, scale: str) -> None:
        self.figures, self.scale = figures, scale

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the line."""
        fits = cell_len(self.figures + self.scale) <= options.max_width
        yield Text(self.figures + self.scale if fits else self.figures)


def _scale(mean: float, low: float, high: float) -> str:
    """A line from pole to pole with the range and the mean marked on it."""
    first, middle, last = (round(value * (SCALE - 1)) for value in (low, mean, high))
    marks = ["━" if first <= place <= last else "─" for place in range(SCALE)]
    marks[middle] = "●"
    return "".join(marks)


def _worth(summary: Summary, scenario: Scenario) -> FigureTable:
    """What settlements are worth to the parties, and how much was left on the table."""
    rows = [
        (caption(party, scenario), number(figures["mean"]), "where 1 means all of its declared aims")
        for party, figures in summary["utility"].items()
    ]
    gains = percent(summary["efficiency"])
    return grid([*rows, ("joint gain", gains, "of the largest Nash product that any text could give")])


def _walkouts(summary: Summary, scenario: Scenario) -> RenderableType:
    """Who left the talks, as shares of all runs."""
    shares = summary["walkout_by"]
    if not any(shares.values()):
        return Text("No party, in any run.")
    return grid((caption(party, scenario), percent(share), "of all runs") for party, share in shares.items())


def _talks(summary: Summary) -> FigureTable:
    """Which kind of session the weeks of talks were."""
    names = {"direct": "weeks face to face", "mediated": "through the mediator", "silent": "without talks"}
    return grid((names[kind], percent(share), bar(share)) for kind, share in summary["sessions"].items())
