"""The model beside conflict data, in the terminal and as a page of the documentation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.negotiation.streams import BLOCK
from sim.output.words import number
from sim.verification.rates import BLOCKS, CASES, FITTED, STYLES, Comparison

SELECTION = (
    "Mediators choose their conflicts, and parties their mediators. The gap between mediated and unmediated crises in "
    "the data is therefore an upper bound of what mediation does, and unmediated ones include those in which nobody "
    "talked at all, which the reference case does not: it always has a year of talks. How often no new crisis came is "
    "counted over all mediated crises, with an agreement or without; the model's share is of settlements."
)


PAGE = """# The model beside conflict data

`parley verify --data` plays four reference scenarios (`scenarios/reference/`), an interstate war in general and not the
one of the other scenarios, without a mediator and with one of each style, and sets what comes out beside rates counted
in conflict data (`seeds/empirical_rates.csv`; ICB: Brecher, Wilkenfeld, Beardsley, James & Quinn, version 13; UCDP
Peace Agreements 22.1). `parley verify --data --page docs/explanation/data.md` writes this page.

{effort}

{table}

{verdicts}

{selection}

That several rates agree is weak support: the reference ranges are wide, and other assumptions would do as well. That
some do not is said here so that nobody has to find out.
"""


def rates_table(found: Sequence[Comparison]) -> RenderableType:
    """Return a line for every rate, and what is to be said of them."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="")
    table.add_column("share of cases, of runs", ratio=1)
    for name in ("data", "95 %", "model"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("")
    for each in found:
        table.add_row(Text(each.question), number(each.rate.value), _interval(each), number(each.model), _verdict(each))
    notes = [Text(note) for note in (*verdicts(found), SELECTION, _effort())]
    return Group(Text("The model beside conflict data", style="bold"), Text(), table, Text(), *notes)


def _interval(each: Comparison) -> str:
    low, high = each.rate.low, each.rate.high
    return "" if low is None or high is None else f"{number(low)}–{number(high)}"


def _verdict(each: Comparison) -> str:
    return {True: "inside", False: "outside", None: ""}[each.inside]


def _effort() -> str:
    """How many runs, and how many numbers were chosen with a look at the data."""
    return (
        f"{BLOCKS * BLOCK:,} runs of each of {len(CASES)} reference scenarios. Free parameters fitted to these rates: "
        f"none; chosen beforehand with a look at one of them: {FITTED} (reliability, from how long peace agreements "
        "stood)."
    )


def verdicts(found: Sequence[Comparison]) -> Iterator[str]:
    """Yield where the model matches the data and where not, in sentences made from the numbers."""
    inside = [each.question for each in found if each.inside is True]
    outside = [each for each in found if each.inside is False]
    yield f"Inside the interval of the data: {'; '.join(inside) or 'nothing'}."
    if outside:
        told = (f"{each.question} (too {'high' if each.model > each.rate.value else 'low'})" for each in outside)
        yield f"Outside: {'; '.join(told)}."
    signing = {style: _model(found, f"icb_agreement_highest_{style}") for style in STYLES}
    lasting = {style: _model(found, f"icb_dyad_no_crisis5_{style}") for style in STYLES}
    agrees = signing["facilitation"] < signing["formulation"] < signing["manipulation"]
    yield (
        "The data rank agreement facilitation below formulation below manipulation: the model "
        f"{'does so too' if agrees else 'does not'}."
    )
    reach = lasting["facilitation"] - lasting["manipulation"]
    yield (
        "In the data the ranking reverses in what lasts five years (facilitation .85, manipulation .60, few cases); in "
        f"the model facilitation is ahead by {number(100 * reach, 1)} points, which "
        f"{'is hardly a reversal' if reach < 0.02 else 'is a reversal'}."
    )
    shape = _model(found, "ucdp_pa_weibull_shape")
    yield f"The hazard of breach falls with time, in the data and in the model (shape {number(shape)}, below 1)."


def _model(found: Sequence[Comparison], name: str) -> float:
    return next(each.model for each in found if each.rate.name == name)


def rates_page(found: Sequence[Comparison]) -> str:
    """Return the page of the documentation."""
    lines = ["| question | data | 95 % | cases | model | | source |", "|---|---:|---:|---:|---:|---|---|"]
    lines += [
        f"| {each.question} | {number(each.rate.value)} | {_interval(each)} | {each.rate.cases or ''} | "
        f"{number(each.model)} | {_verdict(each)} | {each.rate.source} |"
        for each in found
    ]
    verdict = "\n".join(f"- {text}" for text in verdicts(found))
    return PAGE.format(effort=_effort(), table="\n".join(lines), verdicts=verdict, selection=SELECTION)
