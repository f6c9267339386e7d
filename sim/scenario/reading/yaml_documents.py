"""YAML documents read into plain data with source positions, strict where YAML surprises people.

Refused: booleans in disguise (`NO`), numbers that YAML readers disagree about (`1_000`, `0o7`, `1:30`),
keys given twice, tags, merge keys, and files that are too large, nest too deep or unfold into too much.
"""

from __future__ import annotations

import re
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from sim.scenario.errors import ParleyError, Problem, ScenarioError, describe_value, nearest
from sim.scenario.model.key_tree import Loc
from sim.scenario.reading.file_kinds import kind_of
from sim.scenario.reading.source_positions import Finding, Places, Spot

LARGEST_FILE = 1_000_000
"""Bytes; a scenario takes some ten thousand."""

DEEPEST = 20
"""Levels of nesting; a scenario needs seven."""

MOST_TAGS = 50
"""Tags that are complained of."""

LONGEST_STACK = 30
"""Marks on one letter: ordering a thousand of them takes as long as a thousand squared."""

MOST_PARTS = 20_000
"""Keys and values, every alias replaced by what it stands for."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEAN = frozenset(
    spelling for word in ("yes", "no", "on", "off", "true", "false") for spelling in (word, word.title(), word.upper())
)
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?", re.ASCII)
_WHOLE = re.compile(r"[-+]?\d{1,40}", re.ASCII)
_NOT_FINITE = re.compile(r"[-+]?\.(inf|nan)", re.IGNORECASE)
_DISPUTED = re.compile(
    r"[-+]?(0x[\da-f_]+|0o[0-7_]+|0b[01_]+|0\d+|\d+_[\d_]*(\.[\d_]*)?|\d+(:[0-5]?\d)+(\.\d*)?)",
    re.ASCII | re.IGNORECASE,
)

_TOO_DEEP = f"nests deeper than {DEEPEST} levels"
_LIBRARY_LIMIT = "exceeded maximum nesting depth"
"""What libyaml says (in its newer versions) of brackets 1,000 deep, before it passes on the first of them."""

_TAB = "a tab cannot indent: use spaces"
_BAD_START = "found character that cannot start any token while scanning for the next token"
_IN_WORDS = {
    "mapping values are not allowed in this context": "a colon and a space within text: it needs quotes",
    "but found another document": "a second document begins here (---): a file holds one scenario",
    "found undefined alias": ("an alias (*name) without its anchor (&name); text that begins with * needs quotes"),
}
"""Some of the errors of YAML's grammar, in words for people who do not know its terms."""


class UnusableFileError(ParleyError):
    """Error for a YAML file that cannot be read; the message says why."""


class MissingFileError(UnusableFileError):
    """Error for a YAML file that does not exist, with the name of a `neighbour` that may have been meant, or empty.

    The neighbour is a file beside it.
    """

    def __init__(self, message: str, neighbour: str = "") -> None:
        super().__init__(f"{message}: did you mean {neighbour!r}?" if neighbour else message)
        self.neighbour = neighbour


@dataclass
class Document:
    """YAML document: its data, their source positions, and the problems of its writing."""

    data: Any = None
    places: Places = field(default_factory=Places)
    found: list[Finding] = field(default_factory=list)


def read_text(path: Path) -> str:
    """Return the text of a YAML file, checking its kind and size before reading it.

    Raises UnusableFileError.
    """
    try:
        facts = path.stat()
        if not stat.S_ISREG(facts.st_mode):
            raise UnusableFileError(f"is {kind_of(facts.st_mode)}, not a file")
        if facts.st_size > LARGEST_FILE:
            raise UnusableFileError(f"takes {facts.st_size / 1e6:.1f} MB; at most {LARGEST_FILE / 1e6:.0f} MB is read")
        content = path.read_bytes()
    except FileNotFoundError:
        raise MissingFileError("no such file", _neighbour(path)) from None
    except (OSError, ValueError) as error:
        raise UnusableFileError(f"cannot be read: {getattr(error, 'strerror', None) or error}") from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnusableFileError(f"is not UTF-8 (first in line {line}): save it with that encoding") from None
    stack = _first_stack(text)
    if stack is not None:
        line = text.count("\n", 0, stack) + 1
        raise UnusableFileError(f"has more than {LONGEST_STACK} combining marks on one letter (first in line {line})")
    return unicodedata.normalize("NFC", text)


def _first_stack(text: str) -> int | None:
    """Return where more than LONGEST_STACK combining marks stand on one letter, None if they do nowhere."""
    marks = 0
    for place, letter in enumerate("" if text.isascii() else text):
        marks = marks + 1 if unicodedata.combining(letter) else 0
        if marks > LONGEST_STACK:
            return place
    return None


def _neighbour(path: Path) -> str:
    """Return the name of a file beside the one that is missing that may have been meant, or an empty text."""
    try:
        stems = [other.stem for other in path.parent.iterdir() if other.suffix == path.suffix]
    except OSError:
        return ""
    near = nearest(path.stem, stems)
    return near + path.suffix if near else ""


def read_document(text: str, file: str) -> Document:
    """Parse a YAML document and return its mapping as plain data; `file` is its name for messages.

    Raises ScenarioError where the text as a whole cannot be used.
    """
    try:
        _guard(text, file)
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        raise ScenarioError([_not_yaml(error, text, file)]) from None
    if node is None or (isinstance(node, yaml.ScalarNode) and not node.style and node.value in _NULL):
        raise ScenarioError([Problem("is empty", file=file)])
    if not isinstance(node, yaml.MappingNode):
        given = describe_value(_Reader(file).read(node, ()))
        problem = f"must be a mapping, with keys such as title and parties, not {given}"
        raise ScenarioError([Problem(problem, "", *_spot(node, file))])
    reader = _Reader(file)
    reader.document.data = reader.read(node, ())
    reader.document.places.keys[()] = reader.document.places.values[()] = Spot(file, 1, 1)
    return reader.document


def read_value(text: str, label: str) -> Any:
    """Parse a YAML value written on the command line; `label` is its name for messages.

    Raises ScenarioError.
    """
    reader = _Reader(label)
    try:
        text.encode()
        _guard(text, label)
        node = yaml.compose(text, Loader=_LOADER)
        value = None if node is None else reader.read(node, ())
    except (yaml.YAMLError, UnicodeError):
        raise ScenarioError([Problem("the value is not YAML", file=label)]) from None
    except ScenarioError as error:
        raise ScenarioError(Problem(problem.message, file=label) for problem in error.problems) from None
    found = reader.document.found
    if found:
        raise ScenarioError(
            reader.document.places.problem(finding._replace(loc=(), spot=Spot(label))) for finding in found
        )
    return value


def _guard(text: str, file: str) -> None:
    """Refuse tags and deep nesting before anything is composed from them."""
    depth = parts = 0
    tags: list[Problem] = []
    for event in yaml.parse(text, Loader=_LOADER):
        parts += isinstance(event, yaml.NodeEvent)
        if parts > 2 * MOST_PARTS:
            raise ScenarioError([Problem(f"holds more than {MOST_PARTS} parts", "", *_spot(event, file))])
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise ScenarioError([_too_deep(event, file)])
        tag = getattr(event, "tag", None)
        if tag is not None and len(tags) < MOST_TAGS:
            tag = tag.replace("tag:yaml.org,2002:", "!!")
            problem = f"the tag {tag} is not allowed: a scenario is plain data"
            tags.append(Problem(problem, "", *_spot(event, file)))
    if tags:
        raise ScenarioError(tags)


def _too_deep(part: Any, file: str) -> Problem:
    return Problem(_TOO_DEEP, "", *_spot(part, file))


def _spot(part: Any, file: str) -> Spot:
    """Return where a YAML node or event begins."""
    return Spot(file, part.start_mark.line + 1, part.start_mark.column + 1)


def _not_yaml(error: yaml.YAMLError, text: str, file: str) -> Problem:
    """Return a syntax error with its place."""
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        before = text.encode()[: getattr(error, "position", 0)]
        return Problem(f"is not YAML: {str(error).splitlines()[0]}", "", file, before.count(b"\n") + 1)
    mark = error.problem_mark
    line = next(iter(text.split("\n")[mark.line : mark.line + 1]), "")
    there = line[mark.column : mark.column + 1]
    if error.problem == _LIBRARY_LIMIT:
        return Problem(_TOO_DEEP, "", file, mark.line + 1, mark.column + 1)
    what = _IN_WORDS.get(str(error.problem), f"{error.problem} {error.context or ''}".strip())
    if what == _BAD_START:
        what = _TAB if there == "\t" else f"text that begins with {there!r} needs quotes"
    return Problem(f"is not YAML: {what}", "", file, mark.line + 1, mark.column + 1)


class _Reader:
    """Turns YAML nodes into plain data and notes where everything stands."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.document = Document()
        self._parts = 0

    def read(self, node: yaml.Node, loc: Loc) -> Any:
        """Return a node's data. Raises ScenarioError where aliases unfold into too much."""
        self._parts += 1
        if self._parts > MOST_PARTS:
            problem = f"unfolds into more than {MOST_PARTS} parts: too many aliases (*name)"
            raise ScenarioError([Problem(problem, file=self.file)])
        if len(loc) > DEEPEST:
            raise ScenarioError([_too_deep(node, self.file)])
        self.document.places.values[loc] = _spot(node, self.file)
        if isinstance(node, yaml.MappingNode):
            return {key: self.read(value, (*loc, key)) for key, value in self._entries(node, loc)}
        if isinstance(node, yaml.SequenceNode):
            for index, item in enumerate(node.value):
                self.document.places.keys[(*loc, index)] = _spot(item, self.file)
            return [self.read(item, (*loc, index)) for index, item in enumerate(node.value)]
        assert isinstance(node, yaml.ScalarNode)
        return self._scalar(node, loc)

    def _entries(self, node: yaml.MappingNode, loc: Loc) -> Iterator[tuple[str, yaml.Node]]:
        """Yield a mapping's keys and value nodes, without the keys that cannot be used."""
        keys = self.document.places.keys
        seen: dict[str, int] = {}
        for key_node, value in node.value:
            spot = _spot(key_node, self.file)
            plain = isinstance(key_node, yaml.ScalarNode) and not key_node.style
            if not isinstance(key_node, yaml.ScalarNode) or (plain and key_node.value in _NULL):
                what = describe_value({yaml.MappingNode: {}, yaml.SequenceNode: []}.get(type(key_node)))
                self._find(loc, f"a key must be a word, not {what}", spot)
                continue
            key = key_node.value
            if key in seen:
                self._find((*loc, key), f"is given twice (first in line {seen[key]})", spot)
                continue
            if plain and key in _BOOLEAN:
                self._find((*loc, key), _is_boolean(key), spot)
            if plain and key == "<<":
                self._find((*loc, key), "merge keys are not allowed: write the keys out, or use extends", spot)
                continue
            seen[key] = spot.line or 0
            keys[(*loc, key)] = spot
            yield key, value

    def _scalar(self, node: yaml.ScalarNode, loc: Loc) -> Any:
        """Return text, a number or null; what looks like one thing and is read as another is refused."""
        text: str = node.value
        if node.style:
            return text
        if text in _NULL:
            return None
        if text in _BOOLEAN:
            self._find(loc, _is_boolean(text), _spot(node, self.file))
            return text
        if _DISPUTED.fullmatch(text):
            message = f"readers of YAML disagree about {text}: write a plain decimal, or quotes for text"
            self._find(loc, message, _spot(node, self.file))
            return text
        if _WHOLE.fullmatch(text):
            return int(text)
        if _NUMBER.fullmatch(text):
            return float(text)
        return float(text.replace(".", "")) if _NOT_FINITE.fullmatch(text) else text

    def _find(self, loc: Loc, message: str, spot: Spot) -> None:
        self.document.found.append(Finding(loc, message, spot=spot))


def is_plain_text(text: str) -> bool:
    """Return whether YAML takes an unquoted text for this text and nothing else when it is read back."""
    forms = (_DISPUTED, _WHOLE, _NUMBER, _NOT_FINITE)
    return text not in _NULL | _BOOLEAN and not any(form.fullmatch(text) for form in forms) and text.isprintable()


def _is_boolean(text: str) -> str:
    return f"{text} is a boolean in YAML, which nothing here can be: write it in quotes if it is a name or text"
