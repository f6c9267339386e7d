"""Kinds of files on disk that are no ordinary file, in a word, such as a folder, a device or a pipe."""

from __future__ import annotations

import stat


def kind_of(mode: int) -> str:
    """Return the kind of a file on disk (folder, device, pipe and so on), by the mode that the system gives of it."""
    if stat.S_ISDIR(mode):
        return "a folder"
    if stat.S_ISFIFO(mode):
        return "a pipe"
    return "a socket" if stat.S_ISSOCK(mode) else "a device"
