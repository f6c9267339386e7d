"""`parley verify`: the model against known answers."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.terminal import console
from sim.cli.terminal.exit_codes import FAILED

Numbers = Annotated[
    list[str] | None,
    typer.Argument(metavar="[ROW]", show_default=False, help="Numbers of rows, such as V5c (by default all)."),
]
Page = Annotated[
    Path | None,
    typer.Option(metavar="FILE", show_default=False, help="Also write the table as a page in Markdown."),
]
Data = Annotated[bool, typer.Option("--data", help="Compare reference scenarios with rates in conflict data.")]
Runs = Annotated[
    int | None,
    typer.Option(min=100, show_default=False, help="With --data: runs of each reference scenario (by default 20,480)."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object per check and nothing else.")]


def verify(
    rows: Numbers = None, data: Data = False, runs: Runs = None, page: Page = None, as_json: AsJson = False
) -> None:
    """Verify the model against known answers in the literature: expected, observed, tolerance, source."""
    if runs is not None and not data:
        raise typer.BadParameter("goes with --data: each known answer has its own number of runs", param_hint="--runs")
    if data:
        if rows:
            raise typer.BadParameter("--data compares rates, not rows: leave one of them out", param_hint="ROW")
        _compare(runs, page, as_json)
        return
    from sim.scenario.errors import suggest
    from sim.verification import ROWS

    known = {row.number: row for row in ROWS}
    asked = {number: [name for name in known if name.partition(" ")[0] == number] for number in rows or known}
    for number, found in asked.items():
        if not found and number not in known:
            raise typer.BadParameter(f"no row {number!r}: {suggest(number, known)}", param_hint="ROW")
    chosen = [known[name] for number, found in asked.items() for name in (found or [number])]
    checked = {row: list(row.checks()) for row in dict.fromkeys(chosen)}
    if as_json:
        for row, checks in checked.items():
            for check in checks:
                fields = {"row": row.number, "source": row.source, **asdict(check), "holds": check.holds}
                console.write_json(fields)
    else:
        from sim.output.tables.verification_table import verification_table

        console.show(verification_table(checked))
    if page is not None:
        from sim.output.tables.verification_table import verification_page
        from sim.study.storage.atomic_files import write_atomically
        from sim.verification.known_answer import STANDARD_ERRORS

        write_atomically(page, verification_page(checked, STANDARD_ERRORS).encode())
        console.say(f"Page: {page}")
    if not all(check.holds for checks in checked.values() for check in checks):
        raise typer.Exit(FAILED)


def _compare(runs: int | None, page: Path | None, as_json: bool) -> None:
    """Set the reference scenarios beside conflict data."""
    from sim.output.tables.conflict_data.rates_table import rates_page, rates_table
    from sim.scenario.packaged.packaged_scenarios import packaged_folder
    from sim.study.storage.atomic_files import write_atomically
    from sim.verification.conflict_data.rate_comparison import RUNS
    from sim.verification.conflict_data.scorecard import score_model

    card = score_model(packaged_folder(), RUNS if runs is None else runs)
    if as_json:
        for each in card.comparisons:
            console.write_json({**asdict(each), "inside": each.inside})
        for contest in card.contests:
            leads = [{**asdict(lead), "verdict": lead.verdict} for lead in contest.leads]
            console.write_json({**asdict(contest), "leads": leads})
    else:
        console.show(rates_table(card))
    if page is not None:
        write_atomically(page, rates_page(card).encode())
        console.say(f"Page: {page}")
