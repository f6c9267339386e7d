"""The JSON Schema of a scenario file, for editors that complete and check YAML.

A file names it in a comment: `# yaml-language-server: $schema=…`. It covers one file: what hangs on another
file or on the names in this one is left to `parley check`.
"""

from __future__ import annotations

from typing import Any

from sim.scenario.model.key_tree import GROUP_KEYS, SHAPE, WITHOUT_NUMBERS, Each, Fields, Items, Leaf, Loc, Shape
from sim.scenario.model.parameter_kinds import Kind
from sim.scenario.model.quantities import Quantity, Reads
from sim.scenario.model.schema import Event

_TEXT = {"type": "string"}
_NAMES = {"pattern": r"^[^\d\s.*-][^\s.*]*$"}
_FORMS = (["value"], ["range"], ["mean", "sd", "range"], ["beta"], ["reading"])


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a scenario file: every key with meaning, unit, bounds and default.

    A file that extends another may leave out what must be given otherwise.
    """
    top = _described(SHAPE, ())
    extends = {
        "description": "The file that this one is a variant of, relative to this one, or the name of a packaged one.",
        **_TEXT,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Parley scenario",
        **top,
        "properties": {"extends": extends, **top["properties"]},
        "if": {"required": ["extends"]},
        "else": _required(SHAPE),
        "$defs": {"quantity": _quantity()},
    }


def _described(shape: Shape, loc: Loc) -> dict[str, Any]:
    """Return the schema of a part of a file, without what must be given outside lists."""
    match shape:
        case Leaf(kind):
            return _value(kind)
        case Items(child):
            return {"type": "array", "items": {"allOf": [_described(child, (*loc, 0)), _required(child)]}}
        case Each(keys, child):
            names = {} if keys is None else {"propertyNames": _NAMES}
            mapping = {
                "type": "object",
                "additionalProperties": _described(child, (*loc, "*")),
                **names,
                **_group(loc),
            }
            return {"anyOf": [_described(child, loc), mapping]} if keys and keys.one else mapping
        case Fields(model, children):
            schema = {
                "description": (model.__doc__ or "").partition("\n")[0],
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    **_group(loc).get("properties", {}),
                    **{key: _property(shape, key, (*loc, key)) for key in children},
                },
            }
            if model is Event:
                schema["oneOf"] = [{"required": [kind]} for kind in ("signal", "incident", "set")]
            return schema


def _property(shape: Fields, key: str, loc: Loc) -> dict[str, Any]:
    """Return the schema of what stands under a known key, with its default."""
    schema = _described(shape.children[key], loc)
    if loc == ("mediator",):
        return {"anyOf": [schema, {"type": "null", "description": "No mediator."}]}
    if isinstance(shape.children[key], Leaf) and key not in shape.required:
        default = shape.model.model_fields[key].default
        written = default.written() if isinstance(default, Quantity) else default
        return schema if written in (None, "") else {**schema, "default": written}
    return schema


def _value(kind: Kind | None) -> dict[str, Any]:
    """Return the schema of a value; names have no kind."""
    if kind is None:
        return {"description": "The name of an actor.", **_TEXT}
    unit = f" Unit: {kind.unit}." if kind.unit else ""
    return {"description": f"{kind.meaning}{unit} Must be {kind.bounds}.", **kind.values}


def _group(loc: Loc) -> dict[str, Any]:
    """Return the keys with which a mapping may speak for all numbers in it."""
    speaks = loc and loc[0] not in WITHOUT_NUMBERS
    return {"properties": dict.fromkeys(GROUP_KEYS, _TEXT)} if speaks else {}


def _required(shape: Shape) -> dict[str, Any]:
    """Return what must be given in a part, outside lists, as a schema to be joined with the part's."""
    match shape:
        case Fields():
            below = {key: need for key, child in shape.children.items() if (need := _required(child))}
            here = {"required": list(shape.required)} if shape.required else {}
            return {**here, **({"properties": below} if below else {})}
        case Each(_, child):
            need = _required(child)
            return {"additionalProperties": need} if need else {}
        case _:
            return {}


def _quantity() -> dict[str, Any]:
    """Return the schema of a number given as a mapping."""
    properties = {
        key: {
            "description": field.description,
            **next(note.schema for note in field.metadata if isinstance(note, Reads)),
        }
        for key, field in Quantity.model_fields.items()
    }
    return {
        "description": (Quantity.__doc__ or "").partition("\n")[0],
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "anyOf": [{"required": form} for form in _FORMS],
    }
