"""Shelves: folders of numbered arrays, each in a file of its own that is whole or absent.

For what is kept beside the runs themselves, such as counts over the assumptions. As with parts, a finished file is
its own entry in the ledger, and its name carries its checksum.
"""

from __future__ import annotations

import re
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.study.files import StorageError, remove_leftovers, write_atomically

_NAME = re.compile(r"(\d{6,})\.([0-9a-f]{8})\.npy")


class Shelf:
    """A folder of arrays by number; nothing is created before there is something to keep."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def held(self) -> dict[int, Path]:
        """Return the file of every array that is there, by number."""
        try:
            paths = sorted(self._folder.iterdir())
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise StorageError(f"{self._folder}: cannot read: {error.strerror}") from error
        names = ((path, _NAME.fullmatch(path.name)) for path in paths)
        return {int(name[1]): path for path, name in names if name is not None}

    def clear_up(self) -> None:
        """Remove what killed processes left unfinished."""
        remove_leftovers(self._folder)

    def save(self, number: int, array: NDArray[Any]) -> None:
        """Keep an array durably under a number."""
        content = BytesIO()
        np.save(content, array, allow_pickle=False)
        checksum = zlib.crc32(content.getvalue())
        write_atomically(self._folder / f"{number:06d}.{checksum:08x}.npy", content.getvalue())


def read_array(path: Path) -> NDArray[Any]:
    """Return the array in a file of a shelf. Raises StorageError if it is not what its name announces."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise StorageError(f"{path}: cannot read: {error.strerror}") from error
    name = _NAME.fullmatch(path.name)
    if name is None or f"{zlib.crc32(content):08x}" != name[2]:
        raise StorageError(
            f"{path}: damaged, its content does not match its checksum. Delete this file and give the same command "
            "again: only what it held is simulated anew"
        )
    array: NDArray[Any] = np.load(BytesIO(content), allow_pickle=False)
    return array
