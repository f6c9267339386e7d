"""Messages for validation errors of pydantic, in words that say what is allowed instead."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sim.scenario.errors import FAULT, clip, describe_value, one_of, suggest
from sim.scenario.model.key_tree import GROUP_KEYS, SHAPE, Each, Fields, Items, Leaf, Loc, Shape, shape_at
from sim.scenario.model.quantities import Quantity
from sim.scenario.reading.source_positions import Finding


def findings(error: ValidationError, within: Loc = (), top: Shape = SHAPE) -> Iterator[Finding]:
    """Yield a problem with a plain message for each of pydantic's validation errors.

    `within` is the loc of what was validated, `top` the shape of the document in which it stands.
    """
    for details in error.errors(include_url=False):
        yield _finding(details, (*within, *details["loc"]), top)


def _finding(details: ErrorDetails, loc: Loc, top: Shape) -> Finding:
    """Return the problem of one validation error."""
    match details["type"]:
        case _ if loc and loc[-1] == "[key]":
            return Finding(loc[:-1], _own_message(details), on_key=True)
        case "missing":
            return Finding(loc, f"must be given: {_wanted(shape_at(loc, top))}", on_key=True)
        case "extra_forbidden" if loc[-1] == "label":
            return Finding(loc, "unknown key 'label': labels stand at the top, as in labels: {NAME: TEXT}", on_key=True)
        case "extra_forbidden":
            known = [key for key in _known_keys(loc[:-1], top) if key != loc[-1]]
            return Finding(
                loc, lambda: f"unknown key {clip(str(loc[-1]))!r}: {suggest(str(loc[-1]), known)}", on_key=True
            )
        case "model_type" | "dict_type" | "tuple_type":
            return Finding(loc, f"must be {_wanted(shape_at(loc, top))}, not {describe_value(details['input'])}")
        case _:
            at = details.get("ctx", {}).get("at", ())
            return Finding((*loc, *at), _own_message(details))


def _own_message(details: ErrorDetails) -> str:
    """Return the message of a fault that the package's own validators raised, or pydantic's."""
    return str(details["ctx"]["message"]) if details["type"] == FAULT else details["msg"]


def _wanted(shape: Shape | None) -> str:
    """Return what must stand somewhere, such as `a mapping from names`."""
    match shape:
        case Fields(model):
            return f"a mapping with keys among {one_of(model.model_fields)}"
        case Each():
            return "a mapping from names"
        case Items():
            return "a list"
        case Leaf(kind) if kind is not None:
            return f"{kind.bounds} ({kind.meaning.rstrip('.')})"
        case _:
            return "a name"


def _known_keys(loc: Loc, top: Shape) -> tuple[str, ...]:
    """Return the keys that may stand in the mapping at a loc."""
    shape = shape_at(loc, top)
    if not isinstance(shape, Fields):
        return tuple(Quantity.model_fields)
    if top is not SHAPE or loc[:1] == ("issues",):
        return tuple(shape.model.model_fields)
    return (*shape.model.model_fields, *(GROUP_KEYS if loc else ("extends",)))
