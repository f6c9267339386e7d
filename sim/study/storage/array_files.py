"""Array files: a folder of numbered arrays, each in a file of its own that is whole or absent.

For what is kept beside the runs themselves, such as counts over the assumptions. As with Parquet parts, a finished file
is its own entry in the ledger, and its name carries its checksum.
"""

from __future__ import annotations

import math
import re
import zlib
from io import BytesIO
from pathlib import Path
from tokenize import TokenError
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.study.storage.atomic_files import StorageError, paths_in, read_content, write_atomically
from sim.study.storage.json_forms import refuse

LARGEST_HEADER = 1 << 12
"""Bytes that the description of an array takes at most."""

_NAME = re.compile(r"(\d{6,})\.([0-9a-f]{8})\.npy")


class Shelf:
    """Folder of array files by number; nothing is created before there is something to store."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def held(self) -> dict[int, Path]:
        """Return the file of every array that is there, by number."""
        names = ((path, _NAME.fullmatch(path.name)) for path in paths_in(self._folder))
        return {int(name[1]): path for path, name in names if name is not None}

    def save(self, number: int, array: NDArray[Any]) -> None:
        """Keep an array durably under a number."""
        content = BytesIO()
        np.save(content, array, allow_pickle=False)
        checksum = zlib.crc32(content.getvalue())
        write_atomically(self._folder / f"{number:06d}.{checksum:08x}.npy", content.getvalue())


_UNREADABLE = (ValueError, TypeError, SyntaxError, EOFError, MemoryError, OverflowError, RecursionError, TokenError)
"""What numpy raises for a file that is not what it takes it for."""


def read_counts(path: Path, shape: tuple[int, ...], most: int) -> NDArray[np.int64]:
    """Read an array file that holds counts from 0 to `most` in an array of a given shape.

    Raises StorageError if it is not there, or not what its name announces.
    """
    mend = "Delete this file and give the same command again: only what it held is simulated anew"
    content = read_content(path, LARGEST_HEADER + 8 * math.prod(shape))
    if content is None:
        raise StorageError(f"{path}: gone: was the folder deleted or moved meanwhile? Give the same command again")
    name = _NAME.fullmatch(path.name)
    if name is None or f"{zlib.crc32(content):08x}" != name[2]:
        refuse(path, "its content does not match its checksum", mend)
    try:
        array: NDArray[np.int64] = np.lib.format.read_array(BytesIO(content), allow_pickle=False)
    except _UNREADABLE:
        refuse(path, "holds no array", mend)
    if array.shape != shape or array.dtype != np.int64 or array.min() < 0 or array.max() > most:
        refuse(path, "holds other counts than this study has", mend)
    return array
