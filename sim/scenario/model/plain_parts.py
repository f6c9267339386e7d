"""Parts of plain data that may be malformed: a part that is missing or of another kind counts as empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def part(data: object, *loc: str | int) -> Any:
    """Return the part of plain data at a loc, or None where there is none."""
    for key in loc:
        if isinstance(data, Mapping):
            data = data.get(key)
        elif isinstance(data, list | tuple) and isinstance(key, int) and key < len(data):
            data = data[key]
        else:
            return None
    return data


def mapping(data: object) -> dict[Any, Any]:
    """Return a part of plain data if it is a mapping; for anything else an empty mapping."""
    return data if isinstance(data, dict) else {}


def sequence(data: object) -> Sequence[Any]:
    """Return a part of plain data if it is a list; for anything else an empty list."""
    return data if isinstance(data, list | tuple) else ()
