"""Comparison table: how often each scenario settles, and how much more or less often than the first.

Reads at 80 columns and without colour.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from sim.output.tables.advice_section import advice_section
from sim.output.tables.ensemble_table import CAVEATS, grid, interval_notes, no_durability, section
from sim.output.tables.table_layout import FigureTable
from sim.output.words.numbers_and_names import (
    ENDING_ALIKE,
    between,
    caption,
    join_items,
    number,
    percent,
    points,
    signed,
    weeks,
)
from sim.scenario.model.schema import Scenario
from sim.study.comparison import Compared, Comparison
from sim.study.statistics.assumption_range import DRAWS, PLAYS
from sim.study.statistics.identical_runs import Same
from sim.study.summaries.ensemble_summary import Interval
from sim.study.summaries.paired_outcomes import ShareChange
from sim.study.summaries.paired_settlement_means import MeanChange, PairedMean

SHARES = ("", "share", "simulation error", "difference in points", "")
WITH_SPREAD = ("", "share", "simulation error", "range over assumptions", "difference in points", "")
UNPAIRED = ("", "runs per scenario", "")
ROUNDS = ("", "runs", "difference in weeks", "")

MEANS = ("", "mean", "difference of the means", "difference in runs that settle in both", "")

MEANS_METHOD = (
    "Terms and worth: each mean is over a scenario's own settlements. The difference of the means therefore includes "
    "that other runs settle; the difference in runs that settle in both does not. ±: 95 % interval, simulation error "
    "only (linearised for pairs; Student's t)."
)

METHOD = (
    "Differences are paired: each run is compared with the same run of the first scenario, on common random numbers. "
    "In brackets: 95 % interval, simulation error only (shares: Tango's score interval; weeks: Student's t).",
)

AMONG: dict[Same, str] = {
    "runs": "their runs are the same, bit for bit",
    "outcomes": f"all their runs end alike; they {ENDING_ALIKE}",
}
"""What is said of scenarios of which the reference is none."""


def comparison_table(found: Comparison, scenario: Scenario) -> RenderableType:
    """Return the whole comparison table; `scenario`, the reference, lends the words for each issue's poles."""
    reference, *others = found["scenarios"]
    horizons = [n for n in reference["lasting"] if any(each["lasting"].get(n) for each in found["scenarios"])]
    runs = "1 run" if found["runs"] == 1 else f"{found['runs']:,} runs"
    return Group(
        Text(f"Compared with {found['reference']}", style="bold"),
        Text(f"{runs} of each, on common random numbers (seed {found['seed']})"),
        *(Text(f"Note: {line}") for line in _same(found, others)),
        section("How often do they settle?", _shares(found, _settlements(found))),
        *(
            section(
                f"How often do they reach a settlement that holds for {weeks(int(n))}?",
                _shares(found, _lasting(found, n)),
            )
            for n in horizons
        ),
        *_unanswered(found),
        section("On what terms, from 0 to 1?", _means(found, scenario, "terms")),
        section(
            "What is that worth to each party, where 1 means all of its declared aims?",
            _means(found, scenario, "utility"),
        ),
        section("How much later do they settle, in runs that settle in both scenarios?", _rounds(found, others)),
        section(
            "Runs needed without common random numbers, for as narrow an interval of the difference in settlement",
            grid([(name_of(each), _unpaired(each), "") for each in others], UNPAIRED),
        ),
        *advice_section(found["warnings"]),
        "",
        *map(Text, (*METHOD, *([MEANS_METHOD] if _any_settles(found) else []), *_intervals(found))),
    )


def name_of(compared: Compared) -> str:
    """Return a scenario's name in the comparison table: of an ablation its counterfactual in words.

    Of anything else its name.
    """
    return compared["means"] or compared["scenario"]


def _same(found: Comparison, others: list[Compared]) -> Iterator[str]:
    """Yield sentences on scenarios whose runs are those of the reference, or of each other."""
    for each in others:
        same = each["change"] and each["change"].get("same")
        reference = found["reference"]
        if same == "runs":
            yield f"{name_of(each)}: its runs are the same as those of {reference}, bit for bit."
        elif same == "outcomes":
            yield f"{name_of(each)}: all its runs end as those of {reference} do; they {ENDING_ALIKE}."
    names = {each["scenario"]: name_of(each) for each in others}
    for kind, told in AMONG.items():
        for group in found["same"][kind] if "same" in found else ():
            if found["reference"] not in group:
                yield f"{join_items([names[name] for name in group])}: {told}."


def _unanswered(found: Comparison) -> Iterator[RenderableType]:
    """Say of which scenarios it is no answer how long settlements hold, and why."""
    reasons: dict[str, list[str]] = {}
    for each in found["scenarios"]:
        if "unbreakable" in each:
            reasons.setdefault(each["unbreakable"], []).append(name_of(each))
    everybody = len(found["scenarios"])
    lines = [
        Text(no_durability(reason) if len(names) == everybody else f"{', '.join(names)}: {no_durability(reason)}")
        for reason, names in reasons.items()
    ]
    if lines:
        yield section("Does it last?", Group(*lines))


def _has_spread(found: Comparison) -> bool:
    """Whether it is known of any share how far it moves over the assumptions."""
    return any(each["settlement"].get("spread") for each in found["scenarios"])


def _intervals(found: Comparison) -> tuple[str, ...]:
    """What the columns beside the shares cover."""
    return interval_notes(DRAWS, PLAYS) if _has_spread(found) else CAVEATS


def _shares(found: Comparison, rows: Iterator[tuple[str, ...]]) -> FigureTable:
    """Shares of all scenarios, with their ranges and differences."""
    return grid(rows, WITH_SPREAD if _has_spread(found) else SHARES)


def _settlements(found: Comparison) -> Iterator[tuple[str, ...]]:
    """A row for every scenario's share of settlements."""
    spread = _has_spread(found)
    for each in found["scenarios"]:
        change = each["change"] and each["change"]["settlement"]
        yield _row(name_of(each), each["settlement"], change, spread)


def _lasting(found: Comparison, horizon: str) -> Iterator[tuple[str, ...]]:
    """A row for every scenario's share of settlements that last."""
    spread = _has_spread(found)
    for each in found["scenarios"]:
        change = each["change"] and each["change"]["lasting"][horizon]
        yield _row(name_of(each), each["lasting"][horizon], change, spread)


def _row(name: str, share: Interval | None, change: ShareChange | None, spread: bool) -> tuple[str, ...]:
    """A share with both its ranges, and by how much it differs from the reference's."""
    over = share and share.get("spread")
    return (
        name,
        "–" if share is None else percent(share["p"]),
        "" if share is None else between(share["low"], share["high"]),
        *([between(over["low"], over["high"]) if over else ""] if spread else []),
        "" if change is None else points(change["difference"], change["low"], change["high"]),
        "",
    )


def _any_settles(found: Comparison) -> bool:
    return any(each["settlement"]["p"] > 0 for each in found["scenarios"])


def _means(found: Comparison, scenario: Scenario, kind: Literal["terms", "utility"]) -> RenderableType:
    """The mean terms of every issue, or worth to every party, scenario by scenario; for an issue also what it means."""
    if not _any_settles(found):
        return Text("No run ended in a settlement.")
    parts: list[RenderableType] = []
    for name in dict.fromkeys(name for each in found["scenarios"] for name in each[kind]):
        poles = scenario.issues.get(name) if kind == "terms" else None
        ends = f": 0 {poles.low or 'low end'}; 1 {poles.high or 'high end'}" if poles else ""
        rows = grid((_mean_row(found, each, kind, name) for each in found["scenarios"]), MEANS)
        parts += [Text.assemble((caption(name, scenario), "bold"), ends), Padding(rows, (0, 0, 0, 2))]
    return Group(*parts)


def _mean_row(found: Comparison, each: Compared, kind: Literal["terms", "utility"], name: str) -> tuple[str, ...]:
    """A mean over a scenario's settlements, and both ways in which it differs from the reference's."""
    figures = each[kind].get(name)
    mean = number(figures["mean"]) if figures else "–"
    change = each["change"] and each["change"][kind].get(name)
    if not change:
        return name_of(each), mean, "", "", ""
    return name_of(each), mean, _give_or_take(change), _give_or_take(change["both"]), ""


def _give_or_take(change: MeanChange | PairedMean) -> str:
    """A difference with half of its interval, both with as many decimals as tell its ends apart; 0 has no sign."""
    difference, low, high = change["difference"], change["low"], change["high"]
    if difference is None:
        return "–"
    known = low is not None and high is not None
    reach = (high - low) / 2 if low is not None and high is not None else 0.0
    digits = 3 if known and reach < 0.01 else 2
    rounded = round(difference, digits)
    shown = f"{rounded:+.{digits}f}".replace("-", "−") if rounded else f"{0:.{digits}f}"
    return f"{shown} ± {reach:.{digits}f}" if known else shown


def _unpaired(each: Compared) -> str:
    """How many runs an unpaired comparison of settlement would have needed."""
    runs = each["change"] and each["change"]["settlement"]["unpaired_runs"]
    return "–" if runs is None else f"{runs:,}"


def _rounds(found: Comparison, others: list[Compared]) -> FigureTable:
    """A row for every other scenario: in how many runs both settle, and how much later than the reference."""
    rows: list[tuple[str, ...]] = []
    for each in others:
        rounds = each["change"] and each["change"]["rounds"]
        if rounds:
            ends = rounds["difference"], rounds["low"], rounds["high"]
            known = [end for end in ends if end is not None]
            rows.append((name_of(each), f"{rounds['pairs']:,}", signed(*known) if len(known) == 3 else "–", ""))
    return grid(rows, ROUNDS)
