"""The page of the scenario format: every key with its meaning, unit, bounds and default, read off the models."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from pydantic import BaseModel

from sim.scenario.fields import Kind
from sim.scenario.quantities import Quantity
from sim.scenario.shape import SHAPE, Each, Fields, Items, Leaf, Loc, Shape
from writers.markdown import MADE, cell

ABOUT_SCENARIOS = """\
What may stand in a scenario file, read off the code that reads it. [How to write
one](../how-to/write-a-scenario.md) begins more gently; [the model](../explanation/model.md) says what each number
does. Names in capitals are the scenario's own: `PARTY`, `ISSUE`, `HOLDER` (a party or the mediator), `OTHER` (whom
it distrusts, guarantors included), `GUARANTOR`, `NAME` (any of these, or an issue).

- `extends: FILE` at the top makes a file a variant of another: what it says replaces what the other says, key by
  key. A name without an ending (`extends: baseline`) is a file beside this one, with or without `.yaml`, or else the
  scenario of that name that comes with Parley (`parley examples`).
- `null` in a variant drops what it inherits: a guarantor, a party or an issue with all that is said of it (distrust,
  events), `guarantors`, `events` or the `mediator` as a whole, and a parameter that may be left out, which is then at
  its default. `--set PATH=null` and None in Python do the same.
- `evidence` names a file of claims or holds what such a file says, as a mapping with `source`, `claims` and `scale`.
  `parley show FILE` writes a scenario so, with all that it extends: one file that gives the same runs anywhere.
- A path joins keys with dots, as `parties.russia.reservation`. `--set`, `--vary` and events name parameters so; `*`
  stands for any one key, and `distrust` alone for every two parties' distrust of each other.
- Names are made of letters of any script, digits, `_` and `-`. Two issues, or two actors, must differ by more than
  case, width of letters or `-` against `_`, and a name cannot be a word that readers of tables take for something
  else (`NA`, `None`, `inf`, `no`, `may-2`).
- Every number may be a range, and say where it comes from ([below](#a-number)); so may a word, as `{value: linear,
  assumption: why}`. A mapping of numbers may carry `claim` or `assumption` for all that is in it.
- `parley schema` prints the same as a JSON Schema, for editors; `parley check FILE` says what is wrong with a file."""

ABOUT_NUMBERS = """\
A bare number is known exactly. A mapping gives a range, from which every run draws, and says where the number comes
from. It holds exactly one of `value`, `range`, `mean` (with `sd` and `range`), `beta` and `reading`."""

NAMES = {
    "parties": "PARTY",
    "issues": "ISSUE",
    "guarantors": "GUARANTOR",
    "holders": "HOLDER",
    "others": "OTHER",
    "every": "NAME",
    "paths": "PATH",
}
"""What the names in a mapping are of, in capitals."""

SOMETIMES = {
    "labels": "the name itself",
    "distrust": "between parties it must be given; `0` otherwise",
    "penalty": "`0`; with guarantors it must be given",
    "guarantors": "none",
    "mediator": "none",
    "events": "none",
    "set": "none",
}
"""What hangs on the rest of a file, by key."""

WHERE = {
    (): "At the top",
    ("issues", "*"): "`issues.ISSUE`",
    ("parties", "*"): "`parties.PARTY`",
    ("mediator",): "`mediator`",
    ("battlefield",): "`battlefield`",
    ("incidents",): "`incidents`",
    ("events", 0): "`events`: a list of these",
    ("events", 0, "signal"): "`signal`, within an event",
    ("events", 0, "incident"): "`incident`, within an event",
    ("implementation",): "`implementation`",
}
"""Headings of the parts of a scenario file, by their place."""


def page() -> str:
    """Return the page: every key with its meaning, unit, bounds and default, by the part it stands in."""
    lines = ["# The scenario format", "", MADE, "", ABOUT_SCENARIOS]
    for loc, shape in _parts(SHAPE, ()):
        about = (inspect.getdoc(shape.model) or "").replace("\n", " ").strip()
        lines += ["", f"## {WHERE[loc]}", "", about, ""]
        lines += ["| key | meaning | unit | must be | by default |", "| --- | --- | --- | --- | --- |"]
        for key, child in shape.children.items():
            lines += _keys(key, child, _default(shape, key))
    lines += ["", "## A number", "", ABOUT_NUMBERS, "", "| key | meaning |", "| --- | --- |"]
    lines += [f"| `{key}` | {cell(field.description or '')} |" for key, field in Quantity.model_fields.items()]
    return "\n".join(lines) + "\n"


def _parts(shape: Shape, loc: Loc) -> Iterator[tuple[Loc, Fields]]:
    """Yield every part with known keys, and its place, from the top down."""
    match shape:
        case Fields(_, children):
            yield loc, shape
            for key, child in children.items():
                yield from _parts(child, (*loc, key))
        case Each(_, child):
            yield from _parts(child, (*loc, "*"))
        case Items(child):
            yield from _parts(child, (*loc, 0))


def _keys(key: str, shape: Shape, default: str) -> Iterator[str]:
    """Yield the row of a key; names that the scenario introduces stand in capitals."""
    match shape:
        case Leaf(kind):
            yield _row(key, kind, default)
        case Each(keys, child):
            over = NAMES[key if keys and keys.over == "new" else keys.over if keys else "paths"]
            deeper = child.child if isinstance(child, Each) else child
            name = f"{key}.HOLDER.OTHER" if isinstance(child, Each) else f"{key}.{over}"
            if isinstance(deeper, Leaf):
                one = ", or one number for all" if keys and keys.one else ""
                yield _row(name + one, deeper.kind, default)
            else:
                yield f"| `{name}` | a part of its own, below | | | {default} |"
        case Fields() | Items():
            yield f"| `{key}` | a part of its own, below | | | {default} |"


def _row(key: str, kind: Kind | None, default: str) -> str:
    """The row of a value."""
    name, comma, rest = key.partition(",")
    if kind is None:
        return f"| `{name}` | the name by which it is called | | a name | {default} |"
    return f"| `{name}`{comma}{rest} | {cell(kind.meaning)} | {kind.unit} | {cell(kind.bounds)} | {default} |"


def _default(shape: Fields, key: str) -> str:
    """What a key stands for where it is left out."""
    field = shape.model.model_fields[key]
    if key in SOMETIMES:
        return SOMETIMES[key]
    if field.is_required():
        return "must be given"
    if isinstance(shape.children[key], Each) and field.default == {}:
        return "needed with a `stake`" if key in ("aims", "salience") else "`0` each"
    default = field.default.written() if isinstance(field.default, Quantity) else field.default
    return "" if default in (None, "", (), {}) or isinstance(default, BaseModel) else f"`{default}`"
