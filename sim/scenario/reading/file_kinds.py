"""What a path leads to where that is no ordinary file, in a word."""

from __future__ import annotations

import stat


def kind_of(mode: int) -> str:
    """Return what something on the disk is, by the mode that the system gives of it."""
    if stat.S_ISDIR(mode):
        return "a folder"
    if stat.S_ISFIFO(mode):
        return "a pipe"
    return "a socket" if stat.S_ISSOCK(mode) else "a device"
