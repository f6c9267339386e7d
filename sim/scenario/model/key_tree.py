"""The tree of keys of a scenario file, read off the models once: where numbers stand and what each may be.

Data here are what YAML gives (dicts, lists, scalars), perhaps wrong in any way; a `Loc` leads from the top
to a part. A path is a loc in writing, its keys joined by dots; the keys of an event's `set` are paths
themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import NoneType
from typing import Annotated, Any, TypeAlias, get_args, get_origin

from pydantic import BaseModel, TypeAdapter

from sim.scenario.model.parameter_kinds import Keys, Kind, Target
from sim.scenario.model.plain_parts import mapping, part
from sim.scenario.model.quantities import FORMS, Quantity
from sim.scenario.model.schema import Scenario

Loc: TypeAlias = tuple[str | int, ...]

GROUP_KEYS = ("claim", "assumption")
"""Keys that any mapping of numbers may carry, for all numbers in it."""

WITHOUT_NUMBERS = ("issues", "labels")
"""Mappings that hold words alone, and so nothing that could come from a claim or an assumption."""

UNSETTABLE = ("rounds", "loss", "implementation.periods", "deadline", "parties.*.pace")
"""Patterns of parameters that no event may change while the negotiation runs."""

MUTUAL = "distrust"
"""The pattern of the parties' distrust of each other."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """Leaf of the tree of keys: a value with its kind, and the type as which pydantic reads it."""

    kind: Kind | None
    adapter: TypeAdapter[Any]


@dataclass(frozen=True, slots=True)
class Fields:
    """Node of the tree of keys for a mapping with known keys."""

    model: type[BaseModel]
    children: Mapping[str, Shape]

    @property
    def required(self) -> tuple[str, ...]:
        """The keys that must be given."""
        return tuple(key for key, field in self.model.model_fields.items() if field.is_required())


@dataclass(frozen=True, slots=True)
class Each:
    """Node of the tree of keys for a mapping from names to values of one shape.

    `keys` is None for the paths of an event's `set`.
    """

    keys: Keys | None
    child: Shape


@dataclass(frozen=True, slots=True)
class Items:
    """Node of the tree of keys for a list of values of one shape."""

    child: Shape


Shape: TypeAlias = Leaf | Fields | Each | Items


def shape_of(annotation: Any, notes: tuple[Any, ...] = ()) -> Shape:
    """Return the node of the tree of keys for a type annotation.

    `notes` are the annotations that pydantic has already taken off it.
    """
    if get_origin(annotation) is Annotated:
        inner, *own = get_args(annotation)
        return shape_of(inner, (*notes, *own))
    options = [option for option in get_args(annotation) if option is not NoneType]
    if len(options) == 1 and NoneType in get_args(annotation):
        return shape_of(options[0], notes)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel) and annotation is not Quantity:
        fields = annotation.model_fields
        return Fields(
            annotation,
            {key: shape_of(field.annotation, tuple(field.metadata)) for key, field in fields.items()},
        )
    if get_origin(annotation) is dict:
        return Each(next((note for note in notes if isinstance(note, Keys)), None), shape_of(options[1]))
    if get_origin(annotation) is tuple:
        return Items(shape_of(options[0]))
    kind = next((note for note in notes if isinstance(note, Kind)), None)
    return Leaf(kind, TypeAdapter(Annotated[annotation, kind] if kind else annotation))


SHAPE = shape_of(Scenario)


@dataclass(frozen=True, slots=True)
class Names:
    """Names that a scenario introduces into its tree of keys: parties, issues, guarantors and the mediator."""

    parties: tuple[str, ...]
    issues: tuple[str, ...]
    mediator: str | None
    guarantors: tuple[str, ...]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Names:
        """Return the names in data that may be wrong elsewhere."""
        name = part(data, "mediator", "name")
        return cls(
            parties=_keys(data.get("parties")),
            issues=_keys(data.get("issues")),
            mediator=name if isinstance(name, str) else None,
            guarantors=_keys(data.get("guarantors")),
        )

    @property
    def actors(self) -> tuple[str, ...]:
        """Everybody who has a name: parties, mediator and guarantors, each once."""
        return tuple(dict.fromkeys((*self.holders, *self.guarantors)))

    @property
    def every(self) -> tuple[str, ...]:
        """Actors and issues, each name once."""
        return tuple(dict.fromkeys((*self.actors, *self.issues)))

    @property
    def holders(self) -> tuple[str, ...]:
        """Who distrusts: the parties and the mediator."""
        return self.parties if self.mediator is None else (*self.parties, self.mediator)

    def others(self, holder: str) -> tuple[str, ...]:
        """Whom a holder may distrust: a party everybody else, the mediator the parties."""
        known = dict.fromkeys((*self.holders, *self.guarantors) if holder in self.parties else self.parties)
        return tuple(name for name in known if name != holder)

    def within(self, longest: int) -> Names:
        """Return those of the names that have at most so many characters; the others are no names."""
        groups = (
            [name for name in group if len(name) <= longest] for group in (self.parties, self.issues, self.guarantors)
        )
        parties, issues, guarantors = map(tuple, groups)
        mediator = self.mediator if self.mediator is not None and len(self.mediator) <= longest else None
        return Names(parties, issues, mediator, guarantors)

    def about(self, keys: Keys, within: str) -> tuple[str, ...]:
        """Return the names that a mapping may have as keys; `within` is the key under which it stands."""
        match keys.over:
            case "parties":
                return self.parties
            case "issues":
                return self.issues
            case "holders":
                return self.holders
            case "others":
                return self.others(within)
            case "every":
                return self.every
            case "new":
                return {"parties": self.parties, "issues": self.issues, "guarantors": self.guarantors}[within]


def _keys(value: object) -> tuple[str, ...]:
    return tuple(key for key in mapping(value) if isinstance(key, str))


def is_number(data: object) -> bool:
    """Return whether data in the tree of keys are one number, as against a mapping from names to numbers."""
    return not isinstance(data, dict) or any(key in data for key in FORMS)


def leaves(data: Any, shape: Shape = SHAPE, loc: Loc = ()) -> Iterator[tuple[Loc, Kind, Any]]:
    """Yield every leaf of the tree of keys that data give: its loc, its kind and the value as written."""
    match shape:
        case Leaf(kind):
            if kind is not None and (kind.parameter or isinstance(kind, Target)):
                yield loc, kind, data
        case Fields(_, children) if isinstance(data, dict):
            for key, value in data.items():
                if key in children:
                    yield from leaves(value, children[key], (*loc, key))
        case Each(keys, child) if isinstance(data, dict) or (keys and keys.one):
            if keys and keys.one and is_number(data):
                yield from leaves(data, child, loc)
            else:
                for key in data:
                    if key not in GROUP_KEYS:
                        yield from leaves(data[key], child, (*loc, key))
        case Items(child) if isinstance(data, list | tuple):
            for index, item in enumerate(data):
                yield from leaves(item, child, (*loc, index))


@lru_cache(maxsize=16)
def layout(names: Names) -> Mapping[str, Leaf]:
    """Return the layout of the tree of keys: every parameter path that a scenario with these names can have.

    Those of events are left out.
    """
    return dict(_paths(SHAPE, names, (), None))


def _paths(
    shape: Shape, names: Names, loc: tuple[str, ...], pattern: tuple[str, ...] | None
) -> Iterator[tuple[str, Leaf]]:
    """Yield the parameters at and below a part, those that a pattern names if there is one."""
    want = ("*",) if pattern is None else pattern[len(loc) : len(loc) + 1]
    match shape:
        case Leaf(kind):
            if kind is not None and kind.parameter and (pattern is None or not want):
                yield ".".join(loc), shape
        case Fields(_, children):
            for key in children if want == ("*",) else want:
                if key in children and (key != "mediator" or names.mediator is not None):
                    yield from _paths(children[key], names, (*loc, key), pattern)
        case Each(keys, child) if keys is not None and loc != ("issues",):
            known = names.about(keys, loc[-1])
            for name in known if want == ("*",) else want:
                if name in known:
                    yield from _paths(child, names, (*loc, name), pattern)


_DISTRUST = next(leaf for _, leaf in _paths(SHAPE, Names(("a", "b"), (), None, ()), (), (MUTUAL, "a", "b")))


def covered(pattern: str, names: Names) -> dict[str, Leaf]:
    """Return the part of the tree of keys that a pattern covers, by parameter path.

    The time it takes grows with the number of paths it returns. `distrust` alone means every ordered pair of parties,
    `mediator.leverage` every party.
    """
    if pattern == MUTUAL:
        pairs = ((one, other) for one in names.parties for other in names.parties if one != other)
        return dict.fromkeys((f"{MUTUAL}.{one}.{other}" for one, other in pairs), _DISTRUST)
    keys = pattern.split(".")
    return dict(_paths(SHAPE, names, (), (*keys, "*") if pattern == "mediator.leverage" else tuple(keys)))


def inside(shape: Shape | None, key: str | int) -> Shape | None:
    """Return the node of the tree of keys under a key of another node, or None if there can be none."""
    match shape:
        case Fields(_, children):
            return children.get(str(key))
        case Each(_, child) | Items(child):
            return child
        case _:
            return None


def shape_at(loc: Loc, top: Shape = SHAPE) -> Shape | None:
    """Return the node of the tree of keys to which a loc leads, or None if there can be none."""
    shape: Shape | None = top
    for key in loc:
        shape = inside(shape, key)
    return shape


def to_loc(path: str) -> Loc:
    """Return a written path as its keys in the tree (a loc); the rest after an event's `set` stays one key."""
    keys = path.split(".")
    if keys[0] != "events":
        return tuple(keys)
    number: Loc = tuple(int(key) if key.isdecimal() else key for key in keys[1:2])
    after = (*keys[2:3], ".".join(keys[3:])) if keys[2:3] == ["set"] and len(keys) > 3 else tuple(keys[2:])
    return ("events", *number, *after)


def matches(path: str, pattern: str) -> bool:
    """Return whether a path in the tree of keys matches a pattern, in which `*` stands for one key."""
    keys, wanted = path.split("."), pattern.split(".")
    return len(keys) == len(wanted) and all(want in ("*", key) for key, want in zip(keys, wanted, strict=True))


def is_settable(path: str) -> bool:
    """Return whether an event may change the parameter at a path of the tree of keys while the negotiation runs."""
    return not any(matches(path, pattern) for pattern in UNSETTABLE)


def select(pattern: str, known: Mapping[str, Any], names: Names) -> list[str]:
    """Return those of the known paths in the tree of keys that a pattern names.

    `distrust` alone means every ordered pair of parties, `mediator.leverage` every party.
    """
    if pattern in known:
        return [pattern]
    found = [path for path in covered(pattern, names) if path in known or pattern == MUTUAL]
    if pattern.startswith(("events.", "*.")) and "*" in pattern:
        found += [path for path in known if path.startswith("events.") and matches(path, pattern)]
    return found
