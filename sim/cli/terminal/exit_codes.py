"""Exit codes: how a command ends when something goes wrong, with a message on stderr and no traceback.

Only what a user can mend is caught here; anything else is a fault of the program and shows as one.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import typer
from typer.core import TyperGroup

from sim.cli.terminal.console import say
from sim.scenario.control_characters import strip_controls

FAILED = 1
WRONG_QUESTION = 2
SIGNALLED = 128
"""To which the number of a signal is added, as a shell reports a program that ended by it."""

PIPE_CLOSED = 141
"""As a shell reports a program that writes on when nobody reads."""

STOPS: list[int] = []
"""The signals by which the user, or the system, has ended the command that is under way."""


class Commands(TyperGroup):
    """Commands of ``parley``, with one way from errors to messages and exit codes for all of them."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command; what it printed is flushed here, so that a closed pipe shows here too."""
        try:
            with stopped_in_order():
                result = super().invoke(ctx)
                sys.stdout.flush()
        except typer.BadParameter as error:
            error.message = strip_controls(error.message)  # it may quote the name of a file or of a study
            raise
        except KeyboardInterrupt as interrupt:
            number = STOPS[0] if STOPS else signal.SIGINT
            say(" ".join([f"{'Interrupted' if number == signal.SIGINT else 'Terminated'}.", *interrupt.args]))
            raise typer.Exit(SIGNALLED + number) from None
        except OSError as error:
            if error.errno == errno.EPIPE:
                _close_stdout()
                raise typer.Exit(PIPE_CLOSED) from None
            say(f"{error.filename or 'output'}: {error.strerror or error}")
            _close_stdout()
            raise typer.Exit(FAILED) from None
        except _wrong_questions() as error:
            say(str(error))
            raise typer.Exit(WRONG_QUESTION) from None
        except _failures() as error:
            say(str(error))
            raise typer.Exit(FAILED) from None
        return result


@contextmanager
def stopped_in_order() -> Iterator[None]:
    """End the block as Ctrl-C does at SIGTERM or the loss of the terminal, so that the exit code can tell which.

    Workers and temporary folders go too.     STOPS takes the signal that came: a library may turn the KeyboardInterrupt
    into an error of its own, which is one again here. A second SIGTERM does not cut the clearing up short. What is
    ignored stays ignored (nohup), and in threads other than the main one nothing can be changed.
    """

    def stop(number: int, frame: FrameType | None) -> None:
        STOPS.append(number)
        for each in before if number != signal.SIGINT else ():
            signal.signal(each, signal.SIG_IGN)
        warnings.filterwarnings("ignore", message="resource_tracker")  # it may have been told to end as well
        raise KeyboardInterrupt

    STOPS.clear()
    wanted = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    usual = (signal.SIG_DFL, signal.default_int_handler)
    alone = threading.current_thread() is threading.main_thread()
    before = {each: signal.signal(each, stop) for each in wanted if alone and signal.getsignal(each) in usual}
    try:
        yield
    except Exception:
        if STOPS:
            raise KeyboardInterrupt from None
        raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _wrong_questions() -> type[Exception]:
    """Errors in what was asked; a function, so that the rooms are imported only when they are needed."""
    from sim.scenario.errors import ScenarioError

    return ScenarioError


def _failures() -> tuple[type[Exception], ...]:
    """Errors in doing it that are none of the program's fault."""
    from sim.output.chart_errors import ChartError
    from sim.study.execution.executors import ClusterError, WorkersLostError
    from sim.study.storage.atomic_files import StorageError

    return ChartError, StorageError, WorkersLostError, ClusterError


def _close_stdout() -> None:
    """Send whatever is still buffered nowhere: flushing it at exit would fail again, with a traceback."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
