"""Conflict data table: the model beside conflict data, in the terminal and as a page of the documentation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import hypot

from rich.console import Group, RenderableType
from rich.text import Text

from sim.output.tables.conflict_data.track_record_table import track_record_page, track_record_table
from sim.output.tables.table_layout import FigureTable
from sim.output.words.numbers_and_names import join_items, number
from sim.verification.conflict_data.rate_comparison import FITTED, INFORMED, SHAPE, Comparison, Rate
from sim.verification.conflict_data.reference_estimates import BESIDE, CASES, READ_AT, STYLES, WATCHED
from sim.verification.conflict_data.scorecard import Scorecard

SELECTION = (
    "Neither side of these comparisons tells what mediation causes. In the data mediators and parties choose: parties "
    "accept a mediator when they are readier to settle, and mediators go where success seems likely, so that mediated "
    "crises would have ended in more agreements anyhow and the gap to the unmediated ones overstates the effect; but "
    "mediators are also called to hard cases (on such selection: Greig 2005; Gartner & Bercovitch 2006), so that it "
    "understates it. The gap is an upper bound of the effect only on the assumption that the first outweighs the "
    "second. Nothing here tests that assumption, and the gap is no target for the model."
)

PAGE = """# The model beside conflict data

`parley verify --data` simulates four reference scenarios (`scenarios/reference/`), an interstate war in general and
not the one of the other scenarios, without a mediator and with one of each style, and compares the results with rates
counted in conflict data (`seeds/empirical_rates.csv`; ICB: Brecher, Wilkenfeld, Beardsley, James & Quinn, version 13;
UCDP Peace Agreements 22.1). `parley verify --data --page docs/explanation/data.md` writes this page.

{effort}

{table}

≈: {approximate}

{verdicts}

Not all of these count the same thing:

{unlike}

{selection}

That several rates agree is weak support: the reference ranges are wide, and other assumptions would do as well. The
rates that do not agree are reported in the same way.

{context}

## A track record

The crises are counted in `seeds/icb_cells.csv`, from the same data.

{record}
"""

APPROXIMATE = (
    "the source gives no interval; this one is approximate, from the number of cases (Wilson's; for the shape, from "
    "the number of breaches). Cases lost from view before the years were over make the true one somewhat wider."
)


def rates_table(card: Scorecard) -> RenderableType:
    """Return the conflict data table: a line for every rate, remarks, and the track record."""
    found = card.comparisons
    rows = [
        (each.question, number(each.rate.value, 3), _interval(each), number(each.model, 3), _verdict(each))
        for each in found
    ]
    table = FigureTable(rows, ("share of cases, of runs", "data", "95 %", "model", ""), essential=True)
    unlike = (f"{'; '.join(questions)}: {what}." for what, questions in _unlike(found).items())
    said = (f"≈: {APPROXIMATE}", *verdicts(found), *unlike, SELECTION, not_scored(card.context), effort(card.runs))
    head = Text("The model beside conflict data", style="bold")
    return Group(head, Text(), table, Text(), *map(Text, said), Text(), track_record_table(card.contests))


def _interval(each: Comparison) -> str:
    low, high = each.rate.low, each.rate.high
    if low is None or high is None:
        return ""
    return f"{'≈ ' if each.rate.approximate else ''}{number(low, 3)}–{number(high, 3)}"


def _verdict(each: Comparison) -> str:
    return {True: "inside", False: "outside", None: ""}[each.inside]


def _unlike(found: Sequence[Comparison]) -> dict[str, list[str]]:
    """Return what is unlike in data and model, with the questions to which it applies."""
    kinds: dict[str, list[str]] = {}
    for each in found:
        if each.unlike:
            kinds.setdefault(each.unlike, []).append(each.question)
    return kinds


def not_scored(context: Sequence[Rate]) -> str:
    """Return the sentence of the conflict data table on rates to which no reference scenario answers."""
    told = [
        f"{number(each.value)} [{number(each.low or 0)}–{number(each.high or 1)}] of {each.cases}" for each in context
    ]
    return (
        f"For context, not scored: after crises mediated by a single state {told[0]} had no new crisis within five "
        f"years, after those mediated by an organisation or a group {told[1]}. No reference scenario has the bias, the "
        "stake and the leverage of a single state, which nobody has counted."
    )


def effort(runs: int) -> str:
    """Return sentences for the conflict data table on the runs, and on numbers chosen with a look at the data."""
    return (
        f"{runs:,} runs of each of {len(CASES)} reference scenarios, watched for {WATCHED} weeks; rates of agreement "
        f"are read at week {READ_AT}. Free parameters fitted to these rates: none; chosen beforehand with a look at "
        f"some of them: {FITTED}, both numbers of the sides' reliability (a Beta distribution) and both ends of the "
        "range of monitoring, from how long peace agreements stood, the lower end of the pace, from how long crises "
        "last, and the week of reading. The shares that hold for 1, 5 and 10 years and the shape of the hazard come "
        f"from that same series: these {len(INFORMED)} rows are no independent test."
    )


def verdicts(found: Sequence[Comparison]) -> Iterator[str]:
    """Yield sentences for the conflict data table on where the model matches the data and where not.

    They are made from the numbers.
    """
    inside = [each.question for each in found if each.inside is True]
    outside = [each for each in found if each.inside is False]
    yield f"Inside the interval of the data: {'; '.join(inside) or 'nothing'}."
    told = (f"{each.question} (too {'high' if each.model > each.rate.value else 'low'})" for each in outside)
    yield f"Outside: {'; '.join(told) or 'nothing'}."
    by_name = {each.rate.name: each for each in found}
    yield _read_elsewhere([each for each in found if each.beside])
    yield _signing({style: by_name[f"icb_agreement_highest_{style}"] for style in STYLES})
    yield _lasting(*(by_name[f"icb_dyad_no_crisis5_{style}"] for style in ("facilitation", "manipulation")))
    yield _hazard(by_name[SHAPE])


def _read_elsewhere(found: Sequence[Comparison]) -> str:
    """What the rates of agreement would be, read at other weeks."""
    told = [f"{each.question} {' and '.join(number(each.beside[week], 3) for week in BESIDE)}" for each in found]
    return f"Read at weeks {' and '.join(map(str, BESIDE))} instead of {READ_AT}: {'; '.join(told) or 'nothing'}."


def _signing(styles: dict[str, Comparison]) -> str:
    """Whether data and model rank the styles alike by agreement, and how sure the model's own steps are."""
    by_data = sorted(STYLES, key=lambda style: styles[style].rate.value)
    by_model = sorted(STYLES, key=lambda style: styles[style].model)
    steps = [f"{upper} is {_lead(styles[upper], styles[lower])} {lower}" for lower, upper in pairwise(by_model)]
    return (
        f"From the fewest agreements to the most the data rank {join_items(by_data)}; the model ranks them "
        f"{'likewise' if by_model == by_data else join_items(by_model)}: {'; '.join(steps)}."
    )


def _lasting(weak: Comparison, strong: Comparison) -> str:
    """Whether the ranking is reversed in what lasts, in the data and in the model."""
    overlap = None not in (weak.rate.low, strong.rate.high) and (weak.rate.low or 0) <= (strong.rate.high or 0)
    certainty = "few cases, and the intervals overlap" if overlap else "the intervals are apart"
    return (
        f"In what lasts five years the data put facilitation at {number(weak.rate.value)} and manipulation at "
        f"{number(strong.rate.value)} ({certainty}); in the model facilitation is {_lead(weak, strong)} manipulation."
    )


def _lead(one: Comparison, other: Comparison) -> str:
    """How far the model has one share ahead of another, with the 95 % interval (simulation error) of the difference."""
    ahead = 100 * (one.model - other.model)
    room = 100 * 1.96 * hypot(one.error, other.error)
    words = f"{number(abs(ahead), 1)} points", "ahead of" if ahead >= 0 else "behind"
    interval = f"{number(ahead - room, 1)} to {number(ahead + room, 1)}".replace("-", "−")
    certainty = "within simulation error" if abs(ahead) <= room else "beyond simulation error"
    return f"{words[0]} (95 %: {interval}, {certainty}) {words[1]}"


def _hazard(shape: Comparison) -> str:
    """Which way the hazard of breach goes, in the data and in the model."""
    data, model = shape.rate.value, shape.model
    ways = [("falls" if each < 1 else "does not fall") for each in (data, model)]
    return (
        f"The hazard of breach {ways[0]} with time in the data (shape {number(data)}) and {ways[1]} in the model "
        f"({number(model)})."
    )


def rates_page(card: Scorecard) -> str:
    """Return the documentation page with the conflict data table."""
    found = card.comparisons
    lines = ["| question | data | 95 % | cases | model | | source |", "|---|---:|---:|---:|---:|---|---|"]
    lines += [
        f"| {each.question} | {number(each.rate.value, 3)} | {_interval(each)} | {each.rate.cases or ''} | "
        f"{number(each.model, 3)} | {_verdict(each)} | {each.rate.source} |"
        for each in found
    ]
    return PAGE.format(
        effort=effort(card.runs),
        table="\n".join(lines),
        approximate=APPROXIMATE,
        verdicts="\n".join(f"- {text}" for text in verdicts(found)),
        unlike="\n".join(f"- *{'; '.join(questions)}:* {what}." for what, questions in _unlike(found).items()),
        selection=SELECTION,
        context=not_scored(card.context),
        record=track_record_page(card.contests),
    )
