"""How a study was made, as its manifest says it, and how to say that again so that it may be copied into a shell.

A manifest may come from anybody. Of what it gives for a command only one of Parley's own is repeated, each word quoted
anew, so that a shell takes nothing in it for more than a word.
"""

from __future__ import annotations

import shlex

VERBS = ("run", "sweep", "compare", "sensitivity")
"""The commands that make studies."""

LONGEST = 60
"""Characters of a program's name that are repeated."""


def words_of(command: str) -> list[str]:
    """Return the words of a command of Parley's that makes studies; none of anything else."""
    try:
        words = shlex.split(command)
    except ValueError:
        return []
    ours = words[:1] == ["parley"] and words[1:2] and words[1] in VERBS
    return words if ours and command.isprintable() else []


def repeated(command: str) -> str:
    """Return a command of Parley's as one would type it, or the name of the program that made the study instead."""
    words = words_of(command)
    if words:
        return shlex.join(words)
    name = command.split("\n", 1)[0].strip()[:LONGEST]
    return f"the program that made it ({name!r})" if name.isprintable() and name else "the program that made it"
