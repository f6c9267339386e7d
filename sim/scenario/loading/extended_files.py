"""Extended files: a scenario file laid over the files that it extends, with the position of every part."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sim.scenario.editing.data_paths import drop_labels, remove_mediator, spread_leverage
from sim.scenario.editing.removal import can_drop, drop
from sim.scenario.errors import Problem, ScenarioError, describe_value
from sim.scenario.model.key_tree import GROUP_KEYS, SHAPE, Each, Fields, Loc, Names, Shape, inside, is_number
from sim.scenario.packaged.packaged_scenarios import explain_unusable_file, find_beside
from sim.scenario.reading.provenance import hand_down
from sim.scenario.reading.source_positions import Finding
from sim.scenario.reading.yaml_documents import Document, UnusableFileError, read_document, read_text

MOST_LAYERS = 20
"""Files that stand on one another, the first and the last included."""


def merge_extended_files(path: str | Path) -> Document:
    """Return a scenario file merged with the files that it extends.

    The file is laid over them. Raises ScenarioError where one of them cannot be used.
    """
    layers = _chain(str(path))
    base = layers.pop()
    while layers:
        base = _overlay(base, layers.pop())
    return base


def files_of(path: str | Path) -> list[str]:
    """Return a scenario file and, one after another, the files that it extends.

    Raises ScenarioError as `merge_extended_files` does.
    """
    return [layer.places.values[()].file for layer in _chain(str(path))]


def _chain(file: str) -> list[Document]:
    """Return a file and, one after another, the files that it is based on."""
    layers: list[Document] = []
    files: list[str] = []
    seen: list[str] = []
    try:
        text = read_text(Path(file))
    except UnusableFileError as error:
        raise ScenarioError([Problem(explain_unusable_file(error, file), file=file)]) from None
    while True:
        seen.append(os.path.realpath(file))
        files.append(file)
        layer = _layer(text, file)
        layers.append(layer)
        if "extends" not in layer.data:
            return layers
        target = layer.data.pop("extends")
        try:
            file, text = _based_on(target, files, seen)
        except UnusableFileError as error:
            found = [*layer.found, Finding(("extends",), str(error))]
            raise ScenarioError(layer.places.problems(found)) from None


def _based_on(target: object, files: list[str], seen: list[str]) -> tuple[str, str]:
    """Return name and text of the file that the last of `files` extends; `seen` are their real paths.

    Raises UnusableFileError.
    """
    if not isinstance(target, str):
        raise UnusableFileError(f"must be the name of one file, not {describe_value(target)}")
    base = str(find_beside(target, Path(files[-1]).parent, seen))
    if os.path.realpath(base) in seen:
        raise UnusableFileError(f"goes round in a circle: {' → '.join([*files, base])}")
    if len(files) >= MOST_LAYERS:
        raise UnusableFileError(f"makes a chain of more than {MOST_LAYERS} files, each a variant of the next")
    try:
        return base, read_text(Path(base))
    except UnusableFileError as error:
        raise UnusableFileError(f"{base}: {explain_unusable_file(error, target)}") from None


def _layer(text: str, file: str) -> Document:
    """Return one file, with what groups say handed down and the name of the evidence made its path."""
    layer = read_document(text, file)
    layer.data = hand_down(layer.data, layer.places)
    if isinstance(layer.data.get("evidence"), str):
        layer.data["evidence"] = os.path.normpath(Path(file).parent / layer.data["evidence"])
    return layer


def _overlay(base: Document, over: Document) -> Document:
    """Return a file's data over those of its base: what is given replaces what was there, path by path."""
    names, before = Names.of(over.data), Names.of(base.data)
    gone = over.data.get("mediator", ...) is None
    if gone or names.mediator not in (None, before.mediator):
        remove_mediator(base.data, base.places, names.guarantors, replaced=not gone)
    base.data = spread_leverage(base.data, base.places)
    names = Names.of(base.data)
    nulls = [loc for loc in _nulls(over.data, SHAPE, ()) if loc != ("mediator",)]
    for loc in [loc for loc in nulls if can_drop(loc, names)]:
        drop(base.data, loc, base.places)
        drop(over.data, loc, over.places)
    merged: list[Loc] = []
    data = _merge(base.data, over.data, SHAPE, (), merged)
    drop_labels(data, before, kept=over.data.get("labels"))
    base.places.update(over.places, without=merged)
    return Document(data, base.places, [*base.found, *over.found])


def _nulls(data: Any, shape: Shape | None, loc: Loc) -> Iterator[Loc]:
    """Yield the locs at which null stands, those of parts that a variant may drop among them."""
    if data is None:
        yield loc
    elif isinstance(data, dict) and isinstance(shape, Fields | Each) and loc != ("evidence",):
        for key, value in data.items():
            child = inside(shape, key)
            if child is not None and not (key in GROUP_KEYS and isinstance(shape, Each)):
                yield from _nulls(value, child, (*loc, key))


def _merge(base: Any, over: Any, shape: Shape | None, loc: Loc, merged: list[Loc]) -> Any:
    """Return `over` laid over `base`; `merged` collects the mappings of which both have a part."""
    mappings = isinstance(base, dict) and isinstance(over, dict) and isinstance(shape, Fields | Each)
    one = isinstance(shape, Each) and shape.keys is not None and shape.keys.one
    if not mappings or (one and is_number(over)):
        return over
    merged.append(loc)
    data = dict(base)
    for key, value in over.items():
        child = inside(shape, key)
        data[key] = _merge(base[key], value, child, (*loc, key), merged) if key in base else value
    return data
