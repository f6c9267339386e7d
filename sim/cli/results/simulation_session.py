"""Simulation in commands: the workers meanwhile, and how a result is shown."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.arguments.scenario_files import command_line
from sim.cli.arguments.shared_options import workers
from sim.cli.results.result_location import describe_location
from sim.cli.terminal import console
from sim.cli.terminal.exit_codes import STOPS

if TYPE_CHECKING:
    from rich.console import RenderableType

    from sim.study.execution.study_options import Options


@contextmanager
def simulation(
    files: Sequence[Path], out: Path, jobs: int | None, cluster: str | None
) -> Iterator[tuple[Options, int]]:
    """Open the workers for a command's simulation; yield its options and the number of workers.

    An interrupt says what is kept in `out`.
    """
    try:
        with workers(jobs, cluster) as team:
            yield {"out": out, "workers": team, "command": command_line(files)}, team.jobs
    except (KeyboardInterrupt, Exception) as error:
        if not STOPS and not isinstance(error, KeyboardInterrupt):
            raise
        kept = f"Finished parts are in {out}{os.sep}: the same command resumes from there."
        raise KeyboardInterrupt(kept) from None


def show_result(
    folder: Path,
    summary: Mapping[str, Any],
    table: Callable[[], RenderableType],
    as_json: bool,
    complete: bool = False,
) -> Callable[[str], None]:
    """Show the result of a command's simulation: its figures, and where it lies.

    Returns what prints further lines: on stderr beside JSON. `complete` says that nothing had to be simulated for it.
    """
    if as_json:
        console.write_json(summary)
    else:
        console.show(table())
    tell = console.say if as_json else console.write
    tell(describe_location(folder, complete=complete))
    return tell
