"""``parley explore``: the live page."""

from __future__ import annotations

from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.arguments.scenario_files import find_file
from sim.cli.arguments.shared_options import Seed, cores, load
from sim.cli.terminal import console

DEFAULT = "baseline"
"""The scenario that is opened where none is named."""

NEEDS = "parley explore needs the extra 'explore': pip install 'parley-sim[explore]'"

Opened = Annotated[
    Path | None,
    typer.Argument(
        metavar="[SCENARIO]",
        show_default=False,
        help="A scenario file (YAML), or the name of one that comes with Parley (`parley examples`); by default "
        f"{DEFAULT}.",
        parser=find_file,
    ),
]
Port = Annotated[
    int, typer.Option(min=1, max=65535, metavar="N", help="The port; the next free one if that is in use.")
]
Host = Annotated[
    str,
    typer.Option(metavar="HOST", help="The address to serve at; by default for this machine alone."),
]
NoOpen = Annotated[bool, typer.Option("--no-open", help="Do not open a browser.")]


def explore(
    scenario: Opened = None, port: Port = 8090, host: Host = "127.0.0.1", no_open: NoOpen = False, seed: Seed = None
) -> None:
    """Open a page on this machine: move the assumptions and watch the answer follow."""
    if find_spec("nicegui") is None:
        raise typer.BadParameter(NEEDS)
    file = scenario or find_file(DEFAULT)
    case = load([file], None)[0]
    if seed is not None:
        case = case.model_copy(update={"seed": seed})

    from sim.explore.serving.server import AddressError, serve

    try:
        with suppress(KeyboardInterrupt):  # the way to end it
            serve(case, file, host, port, cores(), opens=not no_open, say=console.say)
    except AddressError as error:
        raise typer.BadParameter(str(error)) from None
    console.say("Ended.")
