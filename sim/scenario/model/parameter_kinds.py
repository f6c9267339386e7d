"""Kinds of parameters: meaning, unit and bounds of each, stated once.

A kind annotates a field (see parameter_glossary.py). From it come the check and its message, the JSON Schema
(`values`, what people may write) and the text of `parley explain`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from sys import float_info
from typing import Annotated, Any, Literal, cast

from pydantic import GetCoreSchemaHandler, ValidatorFunctionWrapHandler
from pydantic_core import CoreSchema, core_schema

from sim.scenario.errors import describe_value, fault, one_of
from sim.scenario.model import display_labels
from sim.scenario.model.name_rules import name
from sim.scenario.model.quantities import Quantity, Reads, finite, prose, text
from sim.scenario.model.words_and_counts import Count, Word, rewrap, unwrap

QUANTITY = {"$ref": "#/$defs/quantity"}
"""JSON Schema of a number given as a mapping; json_schema.py holds the definition."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Kind of parameter: its meaning and its unit; the subclasses add the values that are allowed."""

    meaning: str
    unit: str = ""
    parameter: bool = field(default=True, kw_only=True)
    """Whether it has a path of its own that `--set`, sweeps and events may name."""

    @property
    def bounds(self) -> str:
        """What is allowed, as a phrase that follows `must be`."""
        raise NotImplementedError

    @property
    def values(self) -> dict[str, Any]:
        """What people may write, as JSON Schema."""
        raise NotImplementedError

    def read(self, value: Any) -> Any:
        """Return a value as it is kept, with its provenance; what is not allowed is refused."""
        raise NotImplementedError

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Let `read` do the whole validation; values are dumped as people write them."""
        written = core_schema.plain_serializer_function_ser_schema(_written)
        return core_schema.no_info_plain_validator_function(self.read, serialization=written)


@dataclass(frozen=True, slots=True)
class Number(Kind):
    """Kind of parameter that is a number or a range, between bounds; annotates fields of type Quantity."""

    low: float = field(default=0.0, kw_only=True)
    high: float = field(default=1e9, kw_only=True)
    positive: bool = field(default=False, kw_only=True)
    """Whether `low` itself is excluded, with what is so near that its inverse is no number."""

    @property
    def bounds(self) -> str:
        """Such as `a number from 0 to 1`."""
        low, high = (f"{end:g}".replace("e+0", "e") for end in (self.low, self.high))
        return f"a number above {low}, up to {high}" if self.positive else f"a number from {low} to {high}"

    @property
    def values(self) -> dict[str, Any]:
        """A bare number within the bounds, or a mapping."""
        low = "exclusiveMinimum" if self.positive else "minimum"
        return {"anyOf": [{"type": "number", low: self.low, "maximum": self.high}, QUANTITY]}

    def read_quantity(self, value: object, as_quantity: ValidatorFunctionWrapHandler) -> Quantity:
        """Return the quantity written as a number or a mapping, if all of it lies within the bounds."""
        if isinstance(value, dict | Quantity):
            quantity: Quantity = as_quantity(value)
        else:
            quantity = Quantity.fixed(finite(value, self.bounds))
        if self.admits(quantity.low) and self.admits(quantity.high):
            return quantity
        raise fault(f"must be {self.bounds}, not {quantity.describe()}")

    def admits(self, value: float) -> bool:
        """Whether a value lies within the bounds."""
        return self.low <= value <= self.high and not (self.positive and value < self.low + float_info.min)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Wrap the quantity's own validation: bare numbers need none of it."""
        return core_schema.no_info_wrap_validator_function(self.read_quantity, handler(source))


@dataclass(frozen=True, slots=True)
class Whole(Kind):
    """Kind of parameter that is a whole number between bounds, known exactly; annotates fields of type Count."""

    low: int = field(kw_only=True)
    high: int = field(kw_only=True)

    @property
    def bounds(self) -> str:
        """Such as `a whole number from 1 to 10000`."""
        return f"a whole number from {self.low} to {self.high}"

    @property
    def values(self) -> dict[str, Any]:
        """The bare number, or a mapping with its provenance."""
        return _with_provenance({"type": "integer", "minimum": self.low, "maximum": self.high})

    def read(self, value: object) -> Count:
        """Return the number with its provenance."""
        bare, claim, assumption = unwrap(value)
        finite(bare, self.bounds)
        number = int(cast("float", bare))
        if number != bare or not self.low <= number <= self.high:
            raise fault(f"must be {self.bounds}, not {describe_value(bare)}")
        return Count(number, claim, assumption)


@dataclass(frozen=True, slots=True)
class Choice(Kind):
    """Kind of parameter that is one of a few words; annotates fields of type Word."""

    words: tuple[str, ...] = field(kw_only=True)

    @property
    def bounds(self) -> str:
        """Such as `one of linear, quadratic`."""
        return f"one of {one_of(self.words)}"

    @property
    def values(self) -> dict[str, Any]:
        """The bare word, or a mapping with its provenance."""
        return _with_provenance({"enum": list(self.words)})

    def read(self, value: object) -> Word:
        """Return the word with its provenance."""
        bare, claim, assumption = unwrap(value)
        if not isinstance(bare, str) or bare not in self.words:
            raise fault(f"must be {self.bounds}, not {describe_value(bare)}")
        return Word(bare, claim, assumption)


@dataclass(frozen=True, slots=True)
class Note(Kind):
    """Kind of parameter that is text for people and changes no result."""

    parameter: bool = field(default=False, kw_only=True)
    bounds = "text"

    @property
    def values(self) -> dict[str, Any]:
        """Any text."""
        return {"type": "string"}

    def read(self, value: object) -> Any:
        """Take text only: numbers want quotes."""
        return prose(value)


@dataclass(frozen=True, slots=True)
class Label(Note):
    """Kind of parameter that is a label: the name of an actor or issue where people read."""

    bounds = display_labels.BOUNDS

    @property
    def values(self) -> dict[str, Any]:
        """A text, or null, which takes an inherited label back."""
        return {"anyOf": [{"type": "string", "minLength": 1, "maxLength": display_labels.LONGEST}, {"type": "null"}]}

    def read(self, value: object) -> Any:
        """Take what `label` takes."""
        return display_labels.label(value)


@dataclass(frozen=True, slots=True)
class Enclosed(Note):
    """Kind of parameter that is the name of an evidence file, or the evidence itself.

    What the file says is checked in claims.py.
    """

    bounds = "the name of a file, or a mapping with source, claims and scale"

    @property
    def values(self) -> dict[str, Any]:
        """A text or a mapping."""
        return {"type": ["string", "object"]}

    def read(self, value: object) -> Any:
        """Take a text or a mapping."""
        return value if isinstance(value, dict) else text(value)


@dataclass(frozen=True, slots=True)
class Target(Kind):
    """Kind of parameter that is the value an event sets; annotates fields of type Quantity | Word.

    What is allowed depends on the parameter: event_checks.py has read the value by the parameter's own kind
    beforehand.
    """

    parameter: bool = field(default=False, kw_only=True)

    bounds = "a number or a word"

    @property
    def values(self) -> dict[str, Any]:
        """A number in any form, or a word."""
        return {"anyOf": [{"type": "number"}, {"type": "string"}, QUANTITY]}

    def read(self, value: object) -> Quantity | Word:
        """Return the value; a whole number becomes a quantity."""
        match value:
            case Quantity() | Word():
                return value
            case Count():
                return Quantity.fixed(value, value.claim, value.assumption)
            case _:
                raise fault(f"must be {self.bounds}, not {describe_value(value)}")


@dataclass(frozen=True, slots=True)
class Keys:
    """Annotation for a kind of parameter that is a mapping: whose names are its keys.

    They may be names that it introduces (`new`). `every`: if any is given, each must be. `one`: a single number may
    stand for all of them.
    """

    over: Literal["parties", "issues", "holders", "others", "every", "new"]
    every: bool = False
    one: bool = False


Name = Annotated[str, Reads(name, {"type": "string"})]


def _written(value: object) -> Any:
    """Return a value as people write it; bare values (put there without validation) are themselves."""
    if isinstance(value, Quantity):
        return value.written()
    return rewrap(value) if isinstance(value, Word | Count) else value


def _with_provenance(bare: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON Schema of a bare value or one with its provenance."""
    properties = {"value": bare, "claim": {"type": "string"}, "assumption": {"type": "string"}}
    given = {"type": "object", "properties": properties, "required": ["value"], "additionalProperties": False}
    return {"anyOf": [bare, given]}
