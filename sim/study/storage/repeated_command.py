"""The command that repeats a stored study, as its manifest gives it, made safe to be copied into a shell.

A manifest may come from anybody. Of what it gives for a command only one of Parley's own is repeated: each word quoted
anew, so that a shell takes nothing in it for more than a word, and without options that connect to somebody's cluster
or write elsewhere than where the study lies.
"""

from __future__ import annotations

import ast
import shlex
from collections.abc import Iterator
from pathlib import Path

VERBS = ("run", "sweep", "compare", "sensitivity")
"""The commands that make studies, and the functions of the same names."""

MODULE = "sim"
"""The module whose functions are called in Python."""

LONGEST = 60
"""Characters of a program's name that are repeated."""

ELSEWHERE = ("--cluster", "--out")
"""Options of which a value from somebody else can do harm."""


def words_of(command: str, folder: Path) -> list[str]:
    """Return the words of a command of Parley's that made the study in a folder and may be repeated.

    There are none for anything else. Of the options in ELSEWHERE only an `--out` that names the place of this folder is
    left.
    """
    try:
        words = shlex.split(command)
    except ValueError:
        return []
    ours = words[:1] == ["parley"] and words[1:2] and words[1] in VERBS
    return list(_harmless(words, folder)) if ours and command.isprintable() else []


def _harmless(words: list[str], folder: Path) -> Iterator[str]:
    """Yield the words of a command, but for options that lead elsewhere."""
    rest = iter(words)
    for word in rest:
        option, joined, value = word.partition("=")
        if option not in ELSEWHERE:
            yield word
            continue
        value = value if joined else next(rest, "")
        if option == "--out" and _is_place_of(value, folder):
            yield from ("--out", value)


def _is_place_of(text: str, folder: Path) -> bool:
    """Whether a text is the path of where a folder lies; it may be the path of nothing at all."""
    try:
        return Path(text).expanduser().resolve() == folder.resolve().parent
    except (OSError, RuntimeError, ValueError):
        return False


def python_call(verb: str, folder: Path, /, *arguments: object, **keywords: object) -> str:
    """Return the Python call that repeats the study in a folder, with its scenario read from the manifest.

    `arguments` and `keywords` are plain values; keywords that are None are left out.
    """
    out = str(folder.parent)
    given = {
        key: value for key, value in {**keywords, "out": None if out == "results" else out}.items() if value is not None
    }
    scenario = f"{MODULE}.results({out!r})[{folder.name!r}].scenario"
    listed = [scenario, *map(repr, arguments), *(f"{key}={value!r}" for key, value in given.items())]
    return f"{MODULE}.{verb}({', '.join(listed)})"


def repeat_command(command: str, folder: Path) -> str:
    """Return the command that repeats the study in a folder, or a Python call, or another program's name."""
    words = words_of(command, folder)
    if words:
        return shlex.join(words)
    call = _own_call(command, folder)
    if call:
        return f"in Python: {call}"
    name = command.split("\n", 1)[0].strip()[:LONGEST]
    return f"the program that made it ({name!r})" if name.isprintable() and name else "the program that made it"


def _own_call(command: str, folder: Path) -> str | None:
    """Return a call of one of Parley's functions, put together anew for this folder; None for anything else."""
    try:
        call = ast.parse(command, mode="eval").body
        if not (isinstance(call, ast.Call) and call.args and isinstance(call.func, ast.Attribute)):
            return None
        module, _, verb = ast.unparse(call.func).partition(".")
        arguments = [ast.literal_eval(argument) for argument in call.args[1:]]
        keywords = {str(keyword.arg): ast.literal_eval(keyword.value) for keyword in call.keywords}
    except (SyntaxError, ValueError, TypeError, MemoryError, RecursionError):
        return None
    if module != MODULE or verb not in VERBS or any(keyword.arg is None for keyword in call.keywords):
        return None
    keywords.pop("out", None)
    told = python_call(verb, folder, *arguments, **keywords)
    return told if told.isprintable() else None
