"""What all tests need, wherever they are started."""

from __future__ import annotations

import signal

from hypothesis import settings

from tests.examples import examples

if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    # Shells start what runs in the background with Ctrl-C ignored, and so would be every process that a test starts:
    # those that test what Ctrl-C does would wait for ever.
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("suite", max_examples=examples(30))
settings.load_profile("suite")
