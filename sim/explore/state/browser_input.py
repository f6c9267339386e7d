"""Browser input, taken for what it ought to be or for nothing; what is allowed is found out later."""

from __future__ import annotations

from typing import Any

from sim.explore.state.page_settings import Setting
from sim.explore.state.parameter_controls import Control

HUGE = 1e300
"""What no parameter comes near to."""


def setting(control: Control, value: Any) -> Setting | Any:
    """Return browser input as a setting, or ... if it is none."""
    if control.words:
        return value if isinstance(value, str) and value in control.words else ...
    match value:
        case [first, second] if not control.whole:
            low, high = _number(first), _number(second)
            if low is None or high is None:
                return ...
            return (low, high) if low < high else low
        case _:
            number = _number(value)
            if number is None:
                return ...
            return int(number) if control.whole else number


def _number(value: Any) -> float | None:
    """Return a number that a browser can have, None for anything else: it may be sent more than a page would send."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not -HUGE < value < HUGE:
        return None
    return float(value)


def whole(value: Any, otherwise: int, least: int, most: int) -> int:
    """Return browser input in a field as a whole number within limits, or `otherwise` if it is none."""
    text = str(value).strip()
    return min(most, max(least, int(text))) if text.isdecimal() and len(text) < 20 else otherwise
