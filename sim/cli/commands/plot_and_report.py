"""Commands that plot and report: results as charts, and as one page that explains itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sim.cli.arguments.scenario_files import command_line
from sim.cli.arguments.shared_options import Results, open_results
from sim.cli.results.result_charts import own_charts, save_chart, warnings_in_words
from sim.cli.terminal import console
from sim.cli.terminal.exit_codes import FAILED

if TYPE_CHECKING:
    from sim.output.charts import Kind
    from sim.study.results.stored_study import StoredStudy

FORMATS = ("png", "svg", "pdf")

PLOT_EXAMPLES = """Examples:

parley plot baseline

parley plot mutual-distrust --kind composition --format svg

parley plot baseline --kind dance --run 3 --out dance.pdf

parley plot baseline no-mediator --kind durability

Kinds: settlement, map and scatter (of sweeps), outcomes, terms, durability and distrust (of runs), composition (of a
sweep of one parameter), sensitivity and differences (once they have been computed), dance (one run)."""

Kinds = Annotated[
    list[str] | None,
    typer.Option(
        "--kind",
        metavar="KIND",
        show_default=False,
        help="Kind of chart (by default every kind that suits the result); docs/gallery.md shows them.",
    ),
]
Format = Annotated[
    Literal["png", "svg", "pdf"] | None,
    typer.Option("--format", show_default=False, help="File format (by default png)."),
]
File = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="FILE|DIR",
        show_default=False,
        help="A file for one chart, or a folder for several (by default charts/ in the results folder).",
    ),
]
Page = Annotated[Path, typer.Option("--out", metavar="FILE", help="The file to write. Replaced if it is there.")]
Run = Annotated[int, typer.Option("--run", min=0, max=10**12, metavar="N", help="Number of the run for the dance.")]
PointNumber = Annotated[
    int | None,
    typer.Option(
        "--point",
        min=0,
        metavar="N",
        show_default=False,
        help="Number of the design point for the dance of a sweep, as in its points table.",
    ),
]


def plot(
    results: Results,
    kind: Kinds = None,
    form: Format = None,
    out: File = None,
    run: Run = 0,
    point: PointNumber = None,
) -> None:
    """Plot results as charts: every kind that suits them, or the kinds given."""
    studies = open_results(results)
    from sim.output.chart_errors import ChartError
    from sim.output.charts import suited

    if point is not None and "dance" not in (kind or ()):
        raise typer.BadParameter("is for one run: --kind dance", param_hint="--point")
    wanted = _wanted(kind, studies, run, point) if kind else suited(studies)
    if not wanted:
        raise typer.BadParameter(_nothing_suits(studies), param_hint="RESULT")
    folder, file = _target(out, studies[0], len(wanted), form)
    failed = False
    for each in wanted:
        path = file or folder / f"{_stem(each, run, point, len(studies))}.{form or 'png'}"
        try:
            with warnings_in_words():
                console.write(f"Chart: {save_chart(each.draw(studies, run, point), path)}")
        except ChartError as error:
            console.say(f"Chart not drawn: {each.name}: {error}")
            failed = True
    if failed:
        raise typer.Exit(FAILED)


def report(results: Results, out: Page = Path("report.html")) -> None:
    """Report on results in a self-contained page: question, answer, charts, sources, limits, how to reproduce it."""
    studies = open_results(results)
    if out.is_dir() or out.suffix.lower() not in (".html", ".htm"):
        raise typer.BadParameter(f"{out}: the report is an HTML file, such as report.html", param_hint="--out")
    from sim.output.report import report as written
    from sim.study.storage.atomic_files import write_atomically

    with warnings_in_words():
        page = written(studies, command_line())
    write_atomically(out, page.encode())
    console.write(f"Report: {out}")


def _stem(kind: Kind, run: int, point: int | None, results: int) -> str:
    """The name of a chart's file."""
    if kind.name == "dance":
        return f"{kind.name}-run-{run}" if point is None else f"{kind.name}-point-{point}-run-{run}"
    return kind.name if results == 1 else f"{kind.name}-of-{results}-results"


def _wanted(names: Sequence[str], studies: Sequence[StoredStudy], run: int, point: int | None) -> list[Kind]:
    """Return the kinds with these names. Raises BadParameter for one that is none, or that the results cannot fill."""
    from sim.output.charts import KINDS
    from sim.scenario.errors import suggest

    found = []
    for name in dict.fromkeys(names):
        if name not in KINDS:
            raise typer.BadParameter(f"no kind of chart {name!r}: {suggest(name, KINDS)}", param_hint="--kind")
        lacking = KINDS[name].lacks(studies, run, point)
        if lacking is not None:
            raise typer.BadParameter(f"{name} {lacking}", param_hint="--kind")
        found.append(KINDS[name])
    return found


def _nothing_suits(studies: Sequence[StoredStudy]) -> str:
    """Say why no kind of chart shows these results. Raises StorageError for what was interrupted, or is damaged."""
    from sim.output.charts import KINDS

    kind = "sensitivity" if len(studies) == 1 and studies[0].only_attributed else "settlement"
    if kind == "settlement":
        for study in studies:
            study.figures()
    if len(studies) == 1:
        return f"no kind of chart suits {studies[0].name}: {kind} {KINDS[kind].lacks(studies)}"
    names = ", ".join(study.path.name for study in studies)
    return f"no kind of chart shows {names} together: give them one by one"


def _target(out: Path | None, study: StoredStudy, charts: int, form: str | None) -> tuple[Path, Path | None]:
    """Return the folder that charts go to, and the file if one is named. Raises BadParameter."""
    if out is None:
        return own_charts(study.path), None
    ending = out.suffix[1:].lower()
    if out.is_dir() or not ending:
        if out.exists() and not out.is_dir():
            raise typer.BadParameter(f"{out} is a file without an extension that gives its format", param_hint="--out")
        return out, None
    if ending not in FORMATS:
        raise typer.BadParameter(f"{out}: charts are {', '.join(FORMATS)}, not {ending}", param_hint="--out")
    if form is not None and form != ending:
        raise typer.BadParameter(f"{out} ends in .{ending}, --format says {form}", param_hint="--out")
    if charts > 1:
        message = f"{out} is one file, and {charts} charts would be drawn: name a folder, or one --kind"
        raise typer.BadParameter(message, param_hint="--out")
    return out.parent, out
