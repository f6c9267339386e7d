"""Track record table: how the model and simple baselines would have forecast crises that are over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import log

from rich.console import Group, RenderableType
from rich.text import Text

from sim.output.tables.table_layout import FigureTable
from sim.output.words.numbers_and_names import number
from sim.study.statistics.shares import Share
from sim.verification.conflict_data.forecast_scores import Lead, Score
from sim.verification.conflict_data.track_record import MODEL, Contest

HEADINGS = ("forecast", "Brier", "95 %", "log score", "95 %")

MEANING = (
    "The shares of the reference scenarios, unfitted, as forecasts of crises that are over, beside baselines: how "
    "common the event was, that rate with and without mediation, and a logistic regression on violence, mediation and "
    "whether the conflict was protracted. Where the style of mediation is not stated the model's forecast is the mean "
    "of the three, weighted by the wars in which it is. Brier score and logarithmic score (nats): less is better; "
    "intervals cover chance in which crises there were. A forecast wins or loses where the interval of its lead in "
    "the Brier score, crisis by crisis, leaves 0 out; otherwise it ties. Baselines fitted to the very crises that are "
    "forecast have an advantage that no forecast has. That a settlement holds for five years is another event than "
    "that no new crisis comes, with an agreement or without one: the model's share is scored as a forecast of the "
    "latter all the same. Of crises short of war the model says nothing; there baselines contend among themselves. "
    "Scores say how well a forecast did on average; they promise nothing for the next war."
)


def track_record_table(contests: Sequence[Contest]) -> RenderableType:
    """Return the track record table for the terminal: a block for each contest, with verdicts and calibration."""
    blocks: list[RenderableType] = [Text("A track record", style="bold"), Text(), Text(MEANING)]
    for contest in contests:
        table = FigureTable([_row(each) for each in contest.scores], HEADINGS, essential=True)
        blocks += [Text(), Text(_heading(contest)), table, *map(Text, _said(contest))]
    return Group(*blocks)


def track_record_page(contests: Sequence[Contest]) -> str:
    """Return the track record table in Markdown."""
    parts = [MEANING]
    for contest in contests:
        rows = [f"| {' | '.join(_row(each))} |" for each in contest.scores]
        head = f"| {' | '.join(HEADINGS)} |\n|---|---:|---:|---:|---:|"
        said = "\n".join(f"- {sentence}" for sentence in _said(contest))
        parts.append(f"**{_heading(contest)}**\n\n{head}\n" + "\n".join(rows) + f"\n\n{said}")
    return "\n\n".join(parts)


def _heading(contest: Contest) -> str:
    return f"Forecast: {contest.question} ({contest.crises} crises; baselines fitted to {contest.fitted})"


def _row(each: Score) -> tuple[str, ...]:
    scores = (
        (number(mean.value, 3), f"{number(mean.low, 3)}–{number(mean.high, 3)}") for mean in (each.brier, each.log)
    )
    return each.forecast, *(cell for cells in scores for cell in cells)


def _said(contest: Contest) -> Iterator[str]:
    """Yield where the first forecast of a contest wins, ties or loses, and how its probabilities came true."""
    first = contest.scores[0]
    name = first.forecast[0].upper() + first.forecast[1:]
    for lead in contest.leads:
        yield f"{name} {lead.verdict} {lead.over}: {_distance(lead)}."
    if first.forecast == MODEL:
        came = "; ".join(_came_true(given, share) for given, share in first.calibration.items())
        yield f"Forecast by the model, and share that came about: {came}."


def _distance(lead: Lead) -> str:
    """How much lower or higher the Brier score is than the other's; with its skill, and the log score in bits."""
    mean, low, high = lead.brier
    way = "lower"
    if mean < 0:
        way, mean, low, high = "higher", -mean, -high, -low
    skill, bits = number(100 * lead.skill, 0), number(lead.log.value / log(2), 3)
    said = f"Brier score {way} by {number(mean, 4)} [{number(low, 4)}, {number(high, 4)}], skill {skill} %, {bits} bits"
    return said.replace("-", "−")


def _came_true(given: float, share: Share) -> str:
    inside = "inside" if share.low <= given <= share.high else "outside"
    return f"{number(given)}, {number(share.p)} [{number(share.low)}, {number(share.high)}], {inside}"
