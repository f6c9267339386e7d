"""What comes from the browser, taken for what it ought to be or for nothing; what is allowed is found out later."""

from __future__ import annotations

from typing import Any

from sim.explore.controls import Control
from sim.explore.settings import Setting


def setting(control: Control, value: Any) -> Setting | Any:
    """Return what came from the browser as a setting, or ... if it is none."""
    match value:
        case str() if value in control.words:
            return value
        case bool():
            return ...
        case int() | float() if not control.words:
            return int(value) if control.whole else float(value)
        case [int() | float() as low, int() | float() as high] if not (control.words or control.whole):
            return (float(low), float(high)) if low < high else float(low)
    return ...


def whole(value: Any, otherwise: int, least: int, most: int) -> int:
    """Return what was typed into a field as a whole number within limits, or `otherwise` if it is none."""
    text = str(value).strip()
    return min(most, max(least, int(text))) if text.isdecimal() and len(text) < 20 else otherwise
