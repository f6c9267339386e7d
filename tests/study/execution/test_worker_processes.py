"""Signals that come while worker processes start wait until they have started, in whichever thread that is."""

from __future__ import annotations

import os
import signal
from threading import Event, Thread

import pytest

from sim.study.execution.worker_processes import _interrupts_held_back


def test_an_interrupt_that_another_thread_takes_waits_for_the_end() -> None:
    """A thread from before, as that of a progress bar, has no mask: it takes what the main one holds back."""
    begun, done, reached = Event(), Event(), False

    def interrupt() -> None:
        begun.wait()
        os.kill(os.getpid(), signal.SIGINT)
        done.set()

    thread = Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt), _interrupts_held_back():
        begun.set()
        done.wait()
        for _ in range(1000):  # here a handler would be called
            pass
        reached = True
    thread.join()
    assert reached
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_processes_that_another_thread_starts_inherit_the_mask() -> None:
    masks: list[set[int]] = []

    def look() -> None:
        with _interrupts_held_back():
            masks.append(set(signal.pthread_sigmask(signal.SIG_BLOCK, ())))
        masks.append(set(signal.pthread_sigmask(signal.SIG_BLOCK, ())))

    thread = Thread(target=look)
    thread.start()
    thread.join()
    within, after = masks
    assert {signal.SIGINT, signal.SIGHUP} <= within
    assert signal.SIGINT not in after
