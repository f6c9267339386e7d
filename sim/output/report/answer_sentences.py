"""Answer sentences: the answer to a study's question in three sentences made from its numbers.

The first gives the share and its simulation error, the second its range over the assumptions, the third what comes with
it. None of them says more than the numbers do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from sim.negotiation.run_outcomes import IMPASSE, OPEN, OVERTAKEN, WALKOUT
from sim.output.charts.kinds.settlement_curve import main
from sim.output.tables.crossing_table import reach
from sim.output.words.numbers_and_names import between, figure, join_items, mention, number, percent, weeks
from sim.output.words.parameter_labels import label_varied, significant, value_label
from sim.scenario.model.parameters import quantities
from sim.scenario.model.schema import Scenario
from sim.study.design.design_points import Axis
from sim.study.results.stored_study import StoredStudy
from sim.study.summaries.points_table import Row
from sim.study.summaries.sweep_summary import SweepSummary

BEGINNING = "Under these assumptions"

_OVER = "outcomes.settlement.spread"
"""Where rows of a sweep have the range over the assumptions."""

NO_RANGE = "No parameter of the scenario is a range, so there is no range over the assumptions."
NOT_ASKED = "The range over the assumptions was not computed (--no-spread)."


def answer(study: StoredStudy) -> list[str]:
    """Return the three sentences that answer a study's question."""
    return _of_sweep(study) if study.is_sweep else of_run(study.summary, study.scenario)


def brief(study: StoredStudy) -> str:
    """Return the answer to a study's question in one sentence, with both kinds of uncertainty."""
    if study.is_sweep:
        return answer(study)[0]
    over = study.summary["outcomes"]["settlement"].get("spread")
    ranged = f"; range over the assumptions {between(over['low'], over['high'])} %" if over else ""
    return f"{_settling(study.summary, ranged)}."


def of_run(summary: Mapping[str, Any], scenario: Scenario) -> list[str]:
    """Return the answer's sentences for one ensemble, from its figures (ensemble_summary.py)."""
    lasting = _longest(summary["lasting"])
    also = f", and {_with_error(lasting[1])} in one that holds for {weeks(int(lasting[0]))}" if lasting else ""
    return [
        f"{_settling(summary)}{also}.",
        _range(
            summary["outcomes"]["settlement"],
            lasting[1] if lasting else {},
            summary.get("spread") is not None,
            scenario,
        ),
        _terms_of_ending(summary, scenario),
    ]


def _settling(summary: Mapping[str, Any], besides: str = "") -> str:
    """How many runs settle, with simulation error and what else is to be said of it in brackets."""
    settled, runs = summary["outcomes"]["settlement"], int(summary["runs"])
    return (
        f"{BEGINNING}, {percent(settled['p'])} of {runs:,} simulated {'run ends' if runs == 1 else 'runs end'} in a "
        f"settlement (simulation error {between(settled['low'], settled['high'])} %{besides})"
    )


def _with_error(share: Mapping[str, Any]) -> str:
    """A share, and between what its simulation error leaves it."""
    return f"{percent(share['p'])} ({between(share['low'], share['high'])} %)"


def _longest(shares: Mapping[str, Any]) -> tuple[str, Any] | None:
    """The longest horizon that was watched, with the share that settled and held for so long."""
    known = [(n, share) for n, share in shares.items() if share is not None]
    return max(known, key=lambda item: int(item[0]), default=None)


def _range(share: Mapping[str, Any], lasting: Mapping[str, Any], found: bool, scenario: Scenario) -> str:
    """How far the share moves over the assumptions, and that of settlements that last."""
    over = share.get("spread")
    if over and over["high"] - over["low"] < 0.0005:
        return (
            f"Across the ranges that the scenario leaves open the share hardly moves: the middle 90 % of draws give "
            f"{percent(over['low'])}."
        )
    if over:
        held = lasting.get("spread")
        also = f", and from {percent(held['low'])} to {percent(held['high'])} for settlements that hold" if held else ""
        return (
            f"Across the ranges that the scenario leaves open, the share runs from {percent(over['low'])} to "
            f"{percent(over['high'])}{also} (range over the assumptions, middle 90 %); more runs do not narrow that."
        )
    return NO_RANGE if found or not _has_ranges(scenario) else NOT_ASKED


def _has_ranges(scenario: Scenario) -> bool:
    return any(quantity.is_range for quantity in quantities(scenario).values())


_OTHERWISE = {
    WALKOUT: "a party walks out",
    IMPASSE: "the deadline passes",
    OVERTAKEN: "events overtake the talks",
    OPEN: "they still talk when the watch ends",
}


def _terms_of_ending(summary: Mapping[str, Any], scenario: Scenario) -> str:
    """When they settle, on whose text and whether it holds; or how it ends where they never settle."""
    median = summary["rounds"]["median"]
    if median is None:
        ended = {words: summary["outcomes"][name]["p"] for name, words in _OTHERWISE.items()}
        told = [f"in {percent(share)} {words}" for words, share in ended.items() if share > 0]
        return f"No run ends in a settlement: {join_items(told)}."
    author, share = max(summary["authors"].items(), key=lambda item: item[1] or 0.0)
    held = _longest(summary["holds"])
    holding = f"; {percent(held[1]['p'])} of settlements hold for {weeks(int(held[0]))}" if held else ""
    if reason := summary.get("unbreakable"):
        holding = f". How long settlements hold is no answer: {reason}"
    return (
        f"Half of the settlements are reached by week {number(median, 0)} of {int(scenario.rounds)}, most often "
        f"({percent(share)}) on a text by {mention(author, scenario)}{holding}."
    )


def _of_sweep(study: StoredStudy) -> list[str]:
    """The answer of a sweep: along one parameter, or from the least to the most anywhere on the grid."""
    if len(study.axes) != 1:
        return _anywhere(study)
    along = main([study])
    rows = study.rows
    if along.numeric:
        rows = sorted(rows, key=lambda row: float(row[along.path] or 0))
    name = label_varied(along.path, study.scenario)
    shares = f"{BEGINNING}, the share of simulated runs that settle"
    error = f"(simulation error at most ±{_error(rows)} points)"
    if not along.numeric:
        return [
            f"{shares} is {_each(rows, along.path)} {error}.",
            _range_along(rows, along.path),
            _most(rows, along.path),
        ]
    first, last = (f"{_p(row)} at {value_label(row[along.path])}" for row in (rows[0], rows[-1]))
    return [
        f"{shares} goes from {first} to {last} of {name}{_peak(rows, along.path)} {error}.",
        _range_along(rows, along.path),
        _crossing(study, along, name),
    ]


def _peak(rows: Sequence[Row], path: str) -> str:
    """The greatest and the least share where they are not at the ends, to within simulation error."""
    ends = (rows[0], rows[-1])
    told = []
    for words, pick in (("at most", max), ("at least", min)):
        row = pick(rows, key=lambda row: float(row["outcomes.settlement.p"] or 0))
        if all(
            float(end["outcomes.settlement.high"] or 0) < float(row["outcomes.settlement.low"] or 0)
            or float(end["outcomes.settlement.low"] or 0) > float(row["outcomes.settlement.high"] or 0)
            for end in ends
        ):
            told.append(f"{words} {_p(row)} at {value_label(row[path])}")
    return f", in between {' and '.join(told)}" if told else ""


def _most(rows: Sequence[Row], path: str) -> str:
    """Which of several words brings most settlements."""
    most = max(rows, key=lambda row: float(row["outcomes.settlement.p"] or 0))
    return f"Most settle with {value_label(most[path])}: {_p(most)}."


def _p(row: Row) -> str:
    share = row["outcomes.settlement.p"]
    return percent(None if share is None else float(share))


def _each(rows: Sequence[Row], path: str) -> str:
    return ", ".join(f"{_p(row)} with {value_label(row[path])}" for row in rows)


def _error(rows: Sequence[Row]) -> str:
    """The greatest half-width of simulation error, in points."""
    ends = (("low", "p"), ("p", "high"))
    widths = [
        float(row[f"outcomes.settlement.{upper}"] or 0) - float(row[f"outcomes.settlement.{lower}"] or 0)
        for row in rows
        for lower, upper in ends
    ]
    return figure(max(widths))


def _range_along(rows: Sequence[Row], path: str) -> str:
    """Where the range over the assumptions is widest."""
    widest = _widest(rows)
    if widest is None:
        return "The range over the assumptions is unknown: no parameter is a range, or --spread was not given."
    return _moving(widest, value_label(widest[path]))


def _widest(rows: Sequence[Row]) -> Row | None:
    """The row with the widest range over the assumptions, None if it is unknown of all."""
    known = [row for row in rows if row.get(f"{_OVER}.low") is not None and row.get(f"{_OVER}.high") is not None]
    return max(known, key=lambda row: float(row[f"{_OVER}.high"] or 0) - float(row[f"{_OVER}.low"] or 0), default=None)


def _moving(widest: Row, where: str) -> str:
    """How far the share moves where it moves furthest."""
    low, high = (percent(float(widest[f"{_OVER}.{end}"] or 0)) for end in ("low", "high"))
    return (
        f"The range over the assumptions (middle 90 %) is widest at {where}, where the share runs from {low} to "
        f"{high}; more runs do not narrow that."
    )


def _crossing(study: StoredStudy, along: Axis, name: str) -> str:
    """Where the share crosses one half."""
    summary = cast("SweepSummary", study.summary)
    crossings = [(line, crossing) for line in summary["lines"] for crossing in line["crossings"]]
    if not crossings:
        above = all(float(row["outcomes.settlement.p"] or 0) >= 0.5 for row in study.rows)
        return f"The share never crosses 50 %: it is {'50 % or above' if above else 'below 50 %'} at every value."

    def shown(value: float) -> str:
        return significant(value, 3) if along.log else number(value)

    places = [f"{shown(c['at'])} (simulation error {reach(summary, line, c, shown)})" for line, c in crossings]
    return f"It crosses 50 % at {join_items(places)} of {name}."


def _anywhere(study: StoredStudy) -> list[str]:
    """The answer of a design in more than one parameter."""
    paths = list(study.summary["vary"])
    rows = [row for row in study.rows if row["outcomes.settlement.p"] is not None]
    ordered = sorted(rows, key=lambda row: float(row["outcomes.settlement.p"] or 0))
    least, most = ordered[0], ordered[-1]

    def where(row: Row) -> str:
        return ", ".join(f"{label_varied(path, study.scenario)} {value_label(row[path])}" for path in paths)

    likely = sum(float(row["outcomes.settlement.p"] or 0) >= 0.5 for row in rows)
    return [
        f"{BEGINNING}, the share of simulated runs that settle lies between {_p(least)} ({where(least)}) and "
        f"{_p(most)} ({where(most)}) over {len(rows):,} design points "
        f"(simulation error at most ±{_error(rows)} points).",
        _range_anywhere(study, rows, where),
        f"At {likely:,} of the points, at least half of the runs settle.",
    ]


def _range_anywhere(study: StoredStudy, rows: Sequence[Row], where: Callable[[Row], str]) -> str:
    """How far the shares move over the assumptions, or how to find out."""
    widest = _widest(rows)
    if widest is not None:
        return _moving(widest, where(widest))
    if not _has_ranges(study.scenario):
        return NO_RANGE
    return "The range over the assumptions of these shares was not computed (--spread)."
