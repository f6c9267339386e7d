"""The command line: the only place that reads arguments or prints.

Exit codes: 0 done; 1 results cannot be written or read, or a chart cannot be drawn; 2 the question is wrong
(arguments, scenario); 130 interrupted, 143 terminated.
Modules import the other rooms inside their commands, so that ``parley --help`` answers at once.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Annotated

import typer

from sim.cli.commands import (
    check_explain_show_trace,
    compare,
    examples,
    explore,
    export_and_list,
    plot_and_report,
    run,
    sensitivity,
    sweep,
    verify,
)
from sim.cli.terminal.encoding import use_equivalents
from sim.cli.terminal.exit_codes import Commands

app = typer.Typer(
    cls=Commands,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Simulate mediated negotiations under distrust: do they settle, on what terms, and does it hold?",
)
app.command()(run.run)
app.command(epilog=sweep.EXAMPLES)(sweep.sweep)
app.command(epilog=compare.EXAMPLES)(compare.compare)
app.command(epilog=sensitivity.EXAMPLES)(sensitivity.sensitivity)
app.command(epilog=plot_and_report.PLOT_EXAMPLES)(plot_and_report.plot)
app.command()(plot_and_report.report)
app.command("list")(export_and_list.list_studies)
app.command()(export_and_list.export)
app.command()(explore.explore)
app.command()(check_explain_show_trace.check)
app.command()(check_explain_show_trace.explain)
app.command()(check_explain_show_trace.show)
app.command()(check_explain_show_trace.trace)
app.command()(check_explain_show_trace.schema)
app.command()(verify.verify)
app.command(epilog=examples.EXAMPLES)(examples.examples)


def _print_version(wanted: bool) -> None:
    """Print the version of the installed distribution and stop."""
    if wanted:
        from importlib.metadata import version

        typer.echo(f"parley {version('parley-sim')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Options of ``parley`` itself."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line on ``arguments`` (by default the process's own) and end with an exit code.

    What matplotlib logs of the user's settings of it is left out: they have no part in what is drawn here.
    """
    logging.getLogger("matplotlib").setLevel(logging.CRITICAL)
    use_equivalents()
    app(args=arguments, prog_name="parley")
