"""Parts of plain data that may be wrong: what is not there, or is of another kind, counts as nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def part(data: object, *loc: str | int) -> Any:
    """Return the part of data at a loc, or None where there is none."""
    for key in loc:
        if isinstance(data, Mapping):
            data = data.get(key)
        elif isinstance(data, list | tuple) and isinstance(key, int) and key < len(data):
            data = data[key]
        else:
            return None
    return data


def mapping(data: object) -> dict[Any, Any]:
    """Return data that are a mapping; for any other data an empty one."""
    return data if isinstance(data, dict) else {}


def sequence(data: object) -> Sequence[Any]:
    """Return data that are a list; for any other data an empty one."""
    return data if isinstance(data, list | tuple) else ()
