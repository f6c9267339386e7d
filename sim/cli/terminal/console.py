"""Console: results on stdout, messages and progress on stderr, neither with control characters out of files."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.segment import Segment, Segments

from sim.scenario.control_characters import escape_controls, strip_controls

WIDEST = 100
"""Columns beyond which text is no easier to read."""

PATIENCE = 1.0
"""Seconds of work after which a progress bar appears."""


def say(message: str) -> None:
    """Print a message for people on the console's stderr."""
    print(strip_controls(message), file=sys.stderr)


def show(renderable: RenderableType) -> None:
    """Print a rich renderable on the console, at most WIDEST columns wide, without blanks at the ends of lines."""
    console = Console(highlight=False, emoji=False)
    console.width = min(console.width, WIDEST)
    with console.capture() as capture:
        console.print(Segments(map(_without_controls, console.render(renderable))), end="")
    _write("\n".join(line.rstrip() for line in capture.get().splitlines()))


def write(text: str) -> None:
    """Print text on the console's stdout at once."""
    _write(strip_controls(text))


def write_file(text: str) -> None:
    """Print a file's content on the console's stdout: in UTF-8 and unchanged, whatever the terminal's encoding is."""
    sys.stdout.flush()
    sys.stdout.buffer.write(f"{text}\n".encode())
    sys.stdout.buffer.flush()


def write_json(data: Any, indent: int | None = None) -> None:
    """Print data on the console as JSON in UTF-8.

    Lone surrogates, and characters that steer a terminal, are escaped.
    """
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, indent=indent)
    try:
        text.encode()
    except UnicodeEncodeError:
        text = json.dumps(data, allow_nan=False, indent=indent)
    write_file(escape_controls(text))


def _write(text: str) -> None:
    """Print on stdout at once what may hold the control characters of styles, but none out of files."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _without_controls(segment: Segment) -> Segment:
    """Return a piece of what is shown without control characters of its own; its style makes those that it needs."""
    return Segment(strip_controls(segment.text), segment.style, segment.control)


def write_paragraph(text: str) -> None:
    """Print text on the console, wrapped; lines after the first are indented, deeper than the first."""
    indent = " " * (len(text) - len(text.lstrip()) + 4)
    write(textwrap.fill(text, min(Console().width, WIDEST), subsequent_indent=indent))


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """Return a function that reports progress on the console: (runs finished, runs in all).

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
    task = bar.add_task(strip_controls(label))
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
