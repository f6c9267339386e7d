"""Printing: results on stdout, messages and progress on stderr."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

WIDEST = 100
"""Columns beyond which text is no easier to read."""

PATIENCE = 1.0
"""Seconds of work after which a progress bar appears."""


def say(message: str) -> None:
    """Print a message for people on stderr."""
    print(message, file=sys.stderr)


def show(renderable: RenderableType) -> None:
    """Print a rich renderable on stdout, at most WIDEST columns wide, without blanks at the ends of lines."""
    console = Console(highlight=False, emoji=False)
    console.width = min(console.width, WIDEST)
    with console.capture() as capture:
        console.print(renderable)
    write("\n".join(line.rstrip() for line in capture.get().splitlines()))


def write(text: str) -> None:
    """Print text on stdout at once, with a question mark for what the stream's encoding lacks."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, errors="replace").decode(encoding) + "\n")
    sys.stdout.flush()


def write_paragraph(text: str) -> None:
    """Print text on stdout, wrapped; lines after the first are indented, deeper than the first."""
    indent = " " * (len(text) - len(text.lstrip()) + 4)
    write(textwrap.fill(text, min(Console().width, WIDEST), subsequent_indent=indent))


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """A function to report progress with (runs finished, runs in all).

    The bar shows on stderr once the work has taken over a second, and only if stderr is a terminal.
    """
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("runs"),
        TimeRemainingColumn(),
    )
    bar = Progress(*columns, console=console, transient=True)
    task = bar.add_task(label)
    begin = monotonic()
    shown = False

    def report(done: int, total: int) -> None:
        nonlocal shown
        bar.update(task, completed=done, total=total)
        if not shown and console.is_terminal and monotonic() - begin > PATIENCE:
            bar.start()
            shown = True

    try:
        yield report
    finally:
        if shown:  # rich prints an empty line when a bar that was never shown is stopped
            bar.stop()
