"""Track record table: how the model and simple baselines would have forecast crises that are over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from sim.output.tables.table_layout import FigureTable
from sim.output.words.numbers_and_names import number
from sim.verification.track_record import Contest, Score, information, skill

HEADINGS = ("forecast", "crises", "Brier score", "95 %", "log score")

CLOSE = 0.005
"""Difference of Brier scores below which two forecasts tie."""


def track_record_table(contests: Sequence[Contest]) -> RenderableType:
    """Return the track record table for the terminal: a block for each contest, with verdicts and calibration."""
    blocks: list[RenderableType] = [Text("A track record (Brier and log score: less is better)", style="bold")]
    for contest in contests:
        table = FigureTable([_row(each) for each in contest.scores], HEADINGS, essential=True)
        blocks += [Text(), Text(f"Forecast: {contest.question}"), table, *map(Text, _said(contest))]
    return Group(*blocks)


def track_record_page(contests: Sequence[Contest]) -> str:
    """Return the track record table in Markdown."""
    parts = []
    for contest in contests:
        rows = [f"| {' | '.join(_row(each))} |" for each in contest.scores]
        head = f"| {' | '.join(HEADINGS)} |\n|---|---:|---:|---:|---:|"
        said = "\n".join(f"- {sentence}" for sentence in _said(contest))
        parts.append(f"**Forecast: {contest.question}**\n\n{head}\n" + "\n".join(rows) + f"\n\n{said}")
    return "\n\n".join(parts)


def _row(each: Score) -> tuple[str, str, str, str, str]:
    low, high = each.brier_interval
    interval = f"{number(low, 3)}–{number(high, 3)}"
    return each.forecast, str(each.trials), number(each.brier, 4), interval, number(each.log_score, 3)


def _said(contest: Contest) -> Iterator[str]:
    """Yield where the first forecast of a contest wins, ties or loses, and how its probabilities came true."""
    first, *others = contest.scores
    for other in others:
        gap = other.brier - first.brier
        verdict = "ties with" if abs(gap) < CLOSE else ("wins over" if gap > 0 else "loses to")
        yield (
            f"{first.forecast} {verdict} {other.forecast}: skill {number(100 * skill(first, other), 1)} %, "
            f"{number(information(first, other), 3)} bits a crisis.".replace("-", "−")
        )
    if len(first.calibration) > 1:
        came = "; ".join(
            f"{number(p, 3)} given, {number(share.p, 3)} ({number(share.low, 2)}–{number(share.high, 2)}) came about"
            for p, share in first.calibration.items()
        )
        yield f"Calibration of {first.forecast}: {came}."
