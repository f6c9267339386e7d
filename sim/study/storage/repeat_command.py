"""How a study was made, as its manifest says it, and how to say that again so that it may be copied into a shell.

A manifest may come from anybody. Of what it gives for a command only one of Parley's own is repeated: each word quoted
anew, so that a shell takes nothing in it for more than a word, and without options that connect to somebody's cluster
or write elsewhere than where the study lies.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

VERBS = ("run", "sweep", "compare", "sensitivity")
"""The commands that make studies."""

LONGEST = 60
"""Characters of a program's name that are repeated."""

ELSEWHERE = ("--cluster", "--out")
"""Options of which a value from somebody else can do harm."""


def words_of(command: str, folder: Path) -> list[str]:
    """Return the words of a command of Parley's that made the study in a folder; none of anything else.

    Of the options in ELSEWHERE only an `--out` that names the place of this folder is left.
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


def repeated(command: str, folder: Path) -> str:
    """Return the command that made the study in a folder as one would type it, or the name of another program."""
    words = words_of(command, folder)
    if words:
        return shlex.join(words)
    name = command.split("\n", 1)[0].strip()[:LONGEST]
    return f"the program that made it ({name!r})" if name.isprintable() and name else "the program that made it"
