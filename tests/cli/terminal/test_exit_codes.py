"""An interrupt ends a command as one, whatever a library makes of it."""

from __future__ import annotations

import signal

import pytest

from sim.cli.terminal.exit_codes import STOPS, stopped_in_order


def interrupt_within_a_library(number: int) -> None:
    """Raise a library's own error for the KeyboardInterrupt that a signal's handler raised in it."""
    try:
        signal.raise_signal(number)
    except KeyboardInterrupt:
        raise RuntimeError("Query interrupted") from None


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_librarys_error_is_an_interrupt_again(number: int) -> None:
    with pytest.raises(KeyboardInterrupt), stopped_in_order():
        interrupt_within_a_library(number)
    assert [number] == STOPS
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_other_errors_stay_what_they_are() -> None:
    with pytest.raises(RuntimeError, match="of its own"), stopped_in_order():
        raise RuntimeError("of its own")
    assert STOPS == []
