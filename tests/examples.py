"""How many cases hypothesis tries: few in the suite, so that it stays short, and many by hand.

    PARLEY_EXAMPLES=20 pytest tests/scenario/loading/test_round_trips.py

tries twenty times as many. Campaigns of damage are in benchmarks/ (damage.py, hostile.py).
"""

from __future__ import annotations

import os

TIMES = int(os.environ.get("PARLEY_EXAMPLES", "1"))


def examples(few: int) -> int:
    """The number of cases of a test that tries a few in the suite."""
    return few * TIMES
