"""Errors in a scenario: problems that say where, what and what is allowed instead, and the phrases of messages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from heapq import nlargest

from pydantic_core import PydanticCustomError

FAULT = "parley"
"""Type of the errors that this package's own validators raise."""

MANY = 20
"""More names than this are not listed in a message."""

LONGEST_SHOWN = 80
"""Characters of a name or a path that a message repeats."""

COMPARED = 300
"""Known names that an unknown one is compared with letter by letter: those that have the most words in common."""

_NULL = re.compile(r"\b(not|be|or) null\b")
"""Where `describe_value` and messages on allowed values speak of nothing; text that is repeated stands in quotes."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Problem behind an error: its file, line, column and parameter path, and a message.

    `file` is the file as the user named it, or `--set PATH=VALUE`, or empty for data that came from no
    file; `line` and `column` count from 1 and are None where there is no such place; `path` is the dotted
    parameter path, possibly empty.
    """

    message: str
    path: str = ""
    file: str = ""
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        """`file:line:column: path: message`, without the pieces that are unknown."""
        place = ":".join(str(piece) for piece in (self.file, self.line, self.column) if piece not in ("", None))
        return ": ".join(piece for piece in (place, self.path, self.message) if piece)


class ParleyError(Exception):
    """Base of all errors that Parley raises for its input or for files on disk."""


class ScenarioError(ParleyError, ValueError):
    """Error for a scenario or evidence that cannot be used, with all `problems` in reading order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[tuple[Problem, ...]]]:
        """Rebuild from the problems, so that the error survives the way back from a worker process."""
        return type(self), (self.problems,)


def fault(message: str, *at: str | int) -> PydanticCustomError:
    """Return an error for a pydantic validator to raise; `at` leads from the value to the offending part."""
    return PydanticCustomError(FAULT, "{message}", {"message": message, "at": at})


def one_of(names: Iterable[str]) -> str:
    """Return the allowed names for the end of an error message: `a, b, c`, or `none` if there are none."""
    return ", ".join(names) or "none"


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that is most like an unknown one in an error, or None if none is like it."""
    if len(name) > 2 * LONGEST_SHOWN:
        return None
    known = list(known)
    same = next((each for each in known if each.casefold() == name.casefold()), None)
    if len(known) > COMPARED:
        words = set(name.split("."))
        known = nlargest(COMPARED, known, key=lambda each: len(words.intersection(each.split("."))))
    known = [each for each in known if len(each) <= 2 * LONGEST_SHOWN]
    return same or next(iter(get_close_matches(name, known, n=1, cutoff=0.6)), None)


def suggest(name: str, known: Iterable[str]) -> str:
    """Return what an error message suggests for an unknown name: the nearest known name, or else a list of known ones.

    Without a near one these are all of the known names, or some of them.
    """
    known = list(known)
    near = nearest(name, known)
    if near:
        return f"did you mean {near!r}?"
    listed = map(clip, known)
    return f"known are: {one_of(listed)}" if len(known) <= MANY else f"known are such as {one_of(list(listed)[:3])}"


def clip(text: str, longest: int = LONGEST_SHOWN) -> str:
    """Return a name or path clipped to the length at which an error message repeats it."""
    return text if len(text) <= longest else f"{text[: longest - 3]}..."


def describe_value(value: object) -> str:
    """Return the phrase for a value in an error message, such as `a list` or `null`; long text is cut."""
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case str():
            return f"the text {value if len(value) <= 40 else value[:37] + '...'!r}"
        case dict():
            return "a mapping"
        case list() | tuple():
            return "a list"
        case float():
            return f"{value:.12g}"
        case int():
            return str(value) if abs(value) < 10**40 else f"{float('inf'):g}"
        case _:
            return f"a value of type {type(value).__name__}"


def describe_argument(value: object) -> str:
    """Return the phrase for an argument from Python in an error message, with None where YAML has null."""
    return "None" if value is None else describe_value(value)


def phrase_null(message: str, file: str) -> str:
    """Return an error message with null for a value in a file, or None for a value from Python (`file` empty)."""
    return message if file else _NULL.sub(r"\1 None", message)
