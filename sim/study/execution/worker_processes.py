"""Worker processes of this machine that can be killed, or let go of, at any moment."""

from __future__ import annotations

import multiprocessing.connection
import os
import pickle
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread, current_thread, main_thread
from time import monotonic, sleep
from typing import Any, ParamSpec, TypeVar
from uuid import uuid4

from sim.scenario.errors import ParleyError
from sim.study.storage.atomic_files import is_running
from sim.study.storage.temporary_folders import remove_old_scratch, temporary_folder

P = ParamSpec("P")
R = TypeVar("R")

LONGEST_MESSAGE = 2048
"""Bytes of a result that may go through the pipe to the parent.

Up to 4096 bytes, with what the pool adds, are written to a pipe at once or not at all (POSIX: PIPE_BUF). A worker that
is killed half-way through a longer message leaves the parent waiting for the rest of it, for ever.
"""


STARTS_WORKERS_AGAIN = 78
"""Exit code of a worker whose script, run again from its start, would start workers itself."""

UNGUARDED = (
    "each worker process begins by running this script again, and would start workers itself: "
    'put what the script does below  if __name__ == "__main__":  or give jobs=1'
)
UNREADABLE = (
    "each worker process begins by running this script again, and cannot read it from standard input: "
    'save it as a file, what it does below  if __name__ == "__main__":  or give jobs=1'
)

PATIENCE = 5.0
"""Seconds that workers get to end before what they leave is cleared up."""

HELD_BACK = ("SIGINT", "SIGHUP", "SIGTERM")
"""Signals by which a command is ended, as far as the system has them."""

LEAST_PRIORITY = 19
"""By how much POSIX systems may lower a process's priority."""


class MainGuardError(ParleyError):
    """Error for a script whose worker processes cannot run it again; the message says how to mend it."""


def leave_if_starting() -> None:
    """End this worker process if it is still being started and its script asks for worker processes once more.

    Without a word: the parent hears of it by the exit code and tells the user, once (`ProcessPool.shutdown`).
    """
    if getattr(multiprocessing.process.current_process(), "_inheriting", False):
        os._exit(STARTS_WORKERS_AGAIN)


@dataclass(frozen=True)
class Letter:
    """Result of a worker process in a file, because it is too long for the pipe."""

    path: Path

    def open(self) -> Any:
        """Return the result; the letter is then gone."""
        result = pickle.loads(self.path.read_bytes())
        self.path.unlink()
        return result


class ProcessPool(ProcessPoolExecutor):
    """Pool of worker processes that end when their parent process lets go of them, or dies.

    Never started by a plain fork: DuckDB and progress bars have threads, which a fork would copy in mid-stride. The
    future of a task with a long result holds a `Letter`. With `yielding` the workers let others go before them.
    """

    def __init__(self, jobs: int, yielding: bool = False) -> None:
        """Start nothing yet. Raises MainGuardError for a script that workers cannot read."""
        main = sys.modules["__main__"]
        if getattr(main, "__spec__", None) is None and not Path(getattr(main, "__file__", None) or __file__).is_file():
            raise MainGuardError(UNREADABLE)
        context = multiprocessing.get_context("forkserver" if sys.platform == "linux" else "spawn")
        self._worker_end, self._leash = context.Pipe(duplex=False)
        self._letters = temporary_folder()
        with _interrupts_held_back():
            super().__init__(jobs, context, initializer=_start_worker, initargs=(self._worker_end, yielding))

    def submit(  # type: ignore[override]
        self, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs
    ) -> Future[R | Letter]:
        """Hand out a task, starting a worker for it if there is a free place. Raises BrokenProcessPool if one died."""
        try:
            with _interrupts_held_back():
                return super().submit(_post, self._letters.name, fn, *args, **kwargs)
        except OSError as error:
            # A worker died as this one was being started, and its pool has closed the pipes they were to share.
            if self._broken:
                raise BrokenProcessPool(self._broken) from error
            raise

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Stop the workers; without `wait` they do not even finish what they are doing.

        Raises MainGuardError if the pool broke because the user's script starts workers without the usual guard.
        """
        started = list((self._processes or {}).values())
        ends = {worker.sentinel: worker.pid or 0 for worker in started}
        if not wait:
            self._leash.close()
            for worker in started:
                worker.kill()  # one that is only starting would look for what the pool takes away, and say so
        super().shutdown(wait or bool(self._broken), cancel_futures=cancel_futures)
        self._leash.close()
        self._worker_end.close()
        if not wait:
            _await_all(ends)
            remove_old_scratch()
        self._letters.cleanup()
        if self._broken and any(process.exitcode == STARTS_WORKERS_AGAIN for process in started):
            raise MainGuardError(UNGUARDED)


def _await_all(ends: Mapping[int, int]) -> None:
    """Wait until processes have ended, by sentinel; not for ever, as they may be held by a disk."""
    left, deadline = set(ends), monotonic() + PATIENCE
    while left and (rest := deadline - monotonic()) > 0:
        left -= set(multiprocessing.connection.wait(left, rest))
    while any(map(is_running, ends.values())) and monotonic() < deadline:
        sleep(0.001)  # a process closes its files, the sentinel among them, a moment before it is gone


def _post(folder: str, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R | Letter:
    """Do a task in a worker and return its result, in a letter if it is long."""
    result = fn(*args, **kwargs)
    content = pickle.dumps(result, pickle.HIGHEST_PROTOCOL)
    if len(content) <= LONGEST_MESSAGE:
        return result
    letter = Letter(Path(folder) / uuid4().hex)
    letter.path.write_bytes(content)
    return letter


def _start_worker(parent: Connection, yielding: bool) -> None:
    """Leave Ctrl-C to the parent, which tells the user, and end when the parent lets go of its end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if yielding and hasattr(os, "nice"):
        os.nice(LEAST_PRIORITY)
    Thread(target=_follow, args=(parent,), daemon=True).start()


def _follow(parent: Connection) -> None:
    """Wait until the other end is closed, by the parent or by its death, and end this process at once."""
    multiprocessing.connection.wait([parent])
    os._exit(1)


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Keep SIGINT and SIGHUP pending while processes start: they inherit that and cannot die of it with a traceback.

    Another thread, such as that of a progress bar, may receive them all the same. The handler is called in this one,
    and would tear it out of starting a process that nobody would then know of; so what the handler does waits as well.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    received: list[int] = []
    ours = HELD_BACK if current_thread() is main_thread() else ()  # handlers are called in the main thread alone
    numbers = [getattr(signal, name) for name in ours if hasattr(signal, name)]
    handlers = {number: signal.signal(number, lambda given, _: received.append(given)) for number in numbers}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        for number, handler in handlers.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        for given in received:
            signal.raise_signal(given)
