"""`parley` in a process of its own, with small tasks, and with something that happens as it saves a certain part.

Called with: what happens ("wait", or the number of an error of the system), at which part (from 1), the least number
of blocks in a task, a file descriptor to report on and one to wait for; then the arguments of `parley`. At that part
the process is half-way through: its content is written under a temporary name. "wait" reports its workers' process
numbers and goes on when it is told to, or never.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
from collections.abc import Callable
from pathlib import Path


def pause(report: int, release: int) -> None:
    workers = [process.pid for process in multiprocessing.active_children()]
    os.write(report, f"{json.dumps(workers)}\n".encode())
    os.read(release, 1)


def arrange(number: int, event: Callable[[Path], None]) -> None:
    """Let an event happen whenever the part of this number is about to get its name."""
    replace, saved = Path.replace, 0

    def replace_parts(self: Path, target: Path) -> Path:
        nonlocal saved
        if Path(target).suffix == ".parquet":
            saved += 1
            if saved == number:
                event(Path(target))
        return replace(self, target)

    Path.replace = replace_parts  # type: ignore[method-assign]


def fail(number: int, path: Path) -> None:
    raise OSError(number, os.strerror(number), str(path))


if __name__ == "__main__":  # each worker reads this file, and needs none of the following
    from sim.cli import main
    from sim.negotiation.randomness.random_streams import BLOCK
    from sim.study.execution import executors, missing_runs, tasks

    what, part, blocks, report, release, *arguments = sys.argv[1:]
    executors.POOL_PAYS = 0.0
    missing_runs.task_size = lambda *_: int(blocks) * BLOCK
    tasks.TASK_SECONDS = 1e-9
    if what == "wait":
        arrange(int(part), lambda _: pause(int(report), int(release)))
    else:
        arrange(int(part), lambda path: fail(int(what), path))
    sys.argv = ["parley", *arguments]
    main(arguments)
