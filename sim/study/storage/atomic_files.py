"""Atomic files: writing that leaves a file whole or absent, reading of such files alone, and the error of the disk."""

from __future__ import annotations

import errno
import json
import os
import platform
import re
import stat
import zlib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

from sim.scenario.errors import ParleyError
from sim.scenario.reading.file_kinds import kind_of

_TEMPORARY = re.compile(r"\.([0-9a-f]{8})-(\d{1,19})-[0-9a-f]{8}\.tmp")


class StorageError(ParleyError):
    """Error for files of results that cannot be written or read; the message names the file and how to mend it."""


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file atomically and durably: after a crash the old file or the new one is there.

    `content` is put under `path` in one step.
    """
    refuse_device(path)
    temporary = temporary_beside(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            discard(temporary)
        sync_folder(path.parent)
    except OSError as error:
        raise StorageError(f"{path}: cannot write results: {error.strerror}") from error


def is_there(path: Path) -> bool:
    """Return whether there is anything at the path of an atomic file.

    Raises StorageError if that cannot be told, as of a name too long.
    """
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error
    return True


def unreadable(path: Path, error: OSError | ValueError) -> StorageError:
    """Return the StorageError for a file that cannot be read, or for a path that is none (ValueError)."""
    reason = "is a link" if getattr(error, "errno", 0) == errno.ELOOP else getattr(error, "strerror", str(error))
    return StorageError(f"{path}: cannot read: {reason}")


def paths_in(folder: Path) -> list[Path]:
    """Return all paths in a folder of atomic files, by name; none if there is no folder.

    Raises StorageError.
    """
    try:
        return sorted(folder.iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise unreadable(folder, error) from error


def refuse_device(path: Path) -> None:
    """Raise StorageError if `path` is a device or another special file, which an atomic write would replace.

    Putting a file in its place would destroy it.
    """
    if is_there(path) and not path.is_file():
        raise StorageError(f"{path}: is {kind_of(path.stat().st_mode)}, not a file that can be replaced")


def temporary_beside(path: Path) -> Path:
    """Return a name for the temporary file that is to become `path`, atomically, once it is whole.

    It starts with a dot and ends in `.tmp`, so no reader's pattern matches it; it is unique, so two processes that
    write the same file do not meet; and it names this machine and process, for `remove_leftovers`.
    """
    return path.with_name(f".{machine()}-{os.getpid()}-{uuid4().hex[:8]}.tmp")


def discard(temporary: Path) -> None:
    """Delete a temporary file of an atomic write if it is there.

    What kept it from being written may keep it from being deleted too.
    """
    with suppress(OSError):
        temporary.unlink(missing_ok=True)


def remove_leftovers(folder: Path, deep: bool = True) -> None:
    """Delete the temporary files that killed writers of atomic files left in a folder.

    With `deep` also those in the folders within it. Those of running processes and of other machines stay, and all of
    them where the system cannot tell (Windows). A leftover harms nobody, so one that cannot be deleted is no error.
    """
    if os.name != "posix" or not folder.is_dir():
        return
    with suppress(OSError):
        for place, inner, names in os.walk(folder):
            for name in names:
                found = _TEMPORARY.fullmatch(name)
                if found is not None and found[1] == machine() and not is_running(int(found[2])):
                    discard(Path(place, name))
            if not deep:
                inner.clear()


def machine() -> str:
    """Return eight characters that name this machine in the temporary names of atomic files."""
    return f"{zlib.crc32(platform.node().encode()):08x}"


def is_running(process: int) -> bool:
    """Return whether a process of this machine, such as the writer of an atomic file, is alive."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        pass
    return not _has_ended(process)


def _has_ended(process: int) -> bool:
    """Whether a process is only listed still because nobody has asked how it ended, as in containers without init."""
    try:
        state = Path(f"/proc/{process}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return False
    return state[:1] in (["Z"], ["X"])


def sync_folder(folder: Path) -> None:
    """Make the rename that completes an atomic file in `folder` survive a loss of power, where the system can.

    Windows offers no way.
    """
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_json(path: Path, data: Any) -> None:
    """Write `data` as a readable JSON file, atomically; NaN is refused, as JSON has none."""
    text = json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False)
    write_atomically(path, (text + "\n").encode())


LARGEST = 1 << 28
"""Bytes of the largest file that is read as a whole: a manifest of a million design points takes a sixth of it."""

DEEPEST = 30
"""Levels of nesting of JSON; a manifest needs ten."""

_HALF_CHARACTER = re.compile(rb"\\u[dD][89a-fA-F]")
"""The beginning of what may be one half of a character alone, which no file and no terminal takes."""


def within(folder: Path, *names: str) -> Path:
    """Return the path of an atomic file inside a results folder, refusing links that lead out of the folder.

    Raises StorageError for them, or if the path cannot be read. A folder that somebody else has made may hold links to
    anywhere; what is read or written by way of them would not be that folder's.
    """
    path = folder
    for name in names:
        path = path / name
        try:
            linked = path.is_symlink()
        except OSError as error:
            raise unreadable(path, error) from error
        if linked:
            raise StorageError(f"{path}: is a link, and results folders hold none: put what it leads to in its place")
    return path


def open_ordinary(path: Path) -> BinaryIO:
    """Open an ordinary file for reading, as atomic writing leaves it: no device, pipe, folder or link.

    Raises StorageError for devices, pipes, folders and links, OSError likewise. A device could give bytes without end,
    and a pipe none for ever.
    """
    flags = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"))
    file = os.fdopen(os.open(path, flags), "rb")
    mode = os.fstat(file.fileno()).st_mode
    if not stat.S_ISREG(mode):
        file.close()
        raise StorageError(f"{path}: is {kind_of(mode)}, not an ordinary file")
    return file


def read_content(path: Path, most: int = LARGEST) -> bytes | None:
    """Read a file that was written atomically, of at most `most` bytes; None if there is none.

    Raises StorageError.
    """
    try:
        with open_ordinary(path) as file:
            size = os.fstat(file.fileno()).st_size
            if size > most:
                raise StorageError(f"{path}: takes {size / 1e6:,.0f} MB; at most {most / 1e6:,.0f} MB is read")
            return file.read(most + 1)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error


def read_json(path: Path, mend: str, most: int = LARGEST) -> Any:
    """Read a JSON file that was written atomically; None if there is none.

    `mend` tells the reader of an error what to do.
    """
    content = read_content(path, most)
    if content is None:
        return None
    try:
        data = _plain(content)
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise StorageError(f"{path}: damaged, not JSON ({reason}). {mend}") from error
    if data is None:
        raise StorageError(f"{path}: damaged, holds nothing but null. {mend}")
    return data


def _plain(content: bytes) -> Any:
    """What JSON says. Raises ValueError for what readers of JSON disagree about or that nothing here can use."""
    data = json.loads(content, object_pairs_hook=_each_key_once, parse_constant=_refuse_constant)
    if _HALF_CHARACTER.search(content):
        json.dumps(data, ensure_ascii=False).encode()
    level = [data]
    for _ in range(DEEPEST):
        level = [child for part in level for child in _parts(part) if isinstance(child, dict | list)]
        if not level:
            return data
    raise ValueError("nested too deeply")


def _parts(data: Any) -> Iterable[Any]:
    """What lies directly within a mapping or a list."""
    return data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is given twice")
    return found


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")
