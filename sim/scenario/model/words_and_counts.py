"""Chosen values, words and whole numbers such as style and rounds, and where the choice comes from."""

from __future__ import annotations

from typing import Any, Self

from sim.scenario.errors import fault, suggest
from sim.scenario.model.quantities import prose

_KEYS = ("value", "claim", "assumption")


class _Chosen:
    """What words and counts have in common: where the choice comes from."""

    claim: str | None
    assumption: str | None

    def __new__(cls, value: Any, claim: str | None = None, assumption: str | None = None) -> Self:
        """Return the value with its provenance."""
        chosen = super().__new__(cls, value)  # type: ignore[call-arg]
        chosen.claim, chosen.assumption = claim, assumption
        return chosen


class Word(_Chosen, str):
    """Chosen word with its provenance, such as a style; as text it is the word alone."""


class Count(_Chosen, int):
    """Chosen whole number with its provenance, such as the rounds; as a number it is the number alone."""


def unwrap(value: object) -> tuple[object, str | None, str | None]:
    """Split a chosen value written as `{value: …, claim: …, assumption: …}` into the value and its provenance.

    Anything else is a bare value.
    """
    if isinstance(value, Word | Count):
        return value, value.claim, value.assumption
    if not isinstance(value, dict):
        return value, None, None
    for key in value:
        if key not in _KEYS:
            raise fault(f"unknown key {key!r}: {suggest(str(key), _KEYS)}", key)
    if "value" not in value:
        raise fault("must have a value beside its claim or assumption")
    claim, assumption = (prose(value[key]) if key in value else None for key in _KEYS[1:])
    return value["value"], claim, assumption


def rewrap(value: Word | Count) -> Any:
    """Return a chosen value in the form in which people write it, the inverse of `unwrap`."""
    bare = str(value) if isinstance(value, str) else int(value)
    parts = dict(zip(_KEYS, (bare, value.claim, value.assumption), strict=True))
    given = {key: part for key, part in parts.items() if part is not None}
    return given if len(given) > 1 else bare
