"""Commands that export and list what is stored: `parley export` and `parley list`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from sim.cli.arguments.shared_options import Out, Result, open_results
from sim.cli.terminal import console

Form = Annotated[Literal["csv", "parquet", "xlsx"], typer.Option("--to", help="File format.")]
What = Annotated[Literal["points", "runs"], typer.Option(help="One row per design point, or per run.")]
File = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        show_default=False,
        help="The file to write, or a folder for it (by default this folder; named after the study). Replaced if it "
        "is there.",
    ),
]


def export(
    result: Result,
    to: Form,
    what: What = "points",
    out: File = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
) -> None:
    """Export a study's runs or design points for other programs; columns: docs/reference/results.md."""
    from sim.study.results.export import ExportError
    from sim.study.results.export import export as write

    (study,) = open_results([result])
    file = out or Path()
    if file.is_dir():
        file /= f"{study.path.resolve().name}-{what}.{to}"
    try:
        rows = write(study, to, what, file)
    except ExportError as error:
        raise typer.BadParameter(str(error), param_hint="--to") from None
    if not study.finished:
        console.say(f"{study.path}: interrupted: these are the runs so far. To finish it: {study.command}")
    if as_json:
        console.write_json({"file": str(file), "rows": rows})
    else:
        console.write(f"{rows:,} rows ({what}): {file}")


def list_studies(
    out: Out = Path("results"),
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object per study and nothing else.")] = False,
) -> None:
    """List the stored studies: scenario, size, share that settles, and whether complete."""
    from dataclasses import asdict

    from sim.output.tables.study_list_table import render_study_list
    from sim.study.study_listing import studies

    entries = list(studies(out)) if out.exists() else []
    if as_json:
        for entry in entries:
            console.write_json(asdict(entry) | {"folder": str(entry.folder)})
    elif entries:
        console.show(render_study_list(entries))
    else:
        console.write(f"No studies in {out}.")
