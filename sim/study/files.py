"""Writing files that are either whole or absent, and the one error that speaks of the disk."""

from __future__ import annotations

import json
import os
import platform
import re
import zlib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, NotRequired, get_origin, get_type_hints
from uuid import uuid4

_TEMPORARY = re.compile(r"\.([0-9a-f]{8})-(\d+)-[0-9a-f]{8}\.tmp")


class StorageError(Exception):
    """Results cannot be written or read; the message names the file and how to mend it."""


def write_atomically(path: Path, content: bytes) -> None:
    """Put `content` under `path`, durably and in one step: after a crash the old file or the new one is there."""
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


def refuse_device(path: Path) -> None:
    """Raise StorageError if `path` is there and no ordinary file: putting a file in its place would destroy it."""
    if path.exists() and not path.is_file():
        raise StorageError(f"{path}: is a {'folder' if path.is_dir() else 'device'}, not a file that can be replaced")


def temporary_beside(path: Path) -> Path:
    """A name for a file that is to become `path` once it is whole.

    It starts with a dot and ends in `.tmp`, so no reader's pattern matches it; it is unique, so two processes that
    write the same file do not meet; and it names this machine and process, for `remove_leftovers`.
    """
    return path.with_name(f".{_machine()}-{os.getpid()}-{uuid4().hex[:8]}.tmp")


def discard(temporary: Path) -> None:
    """Delete a temporary file if it is there; what kept it from being written may keep it from being deleted too."""
    with suppress(OSError):
        temporary.unlink(missing_ok=True)


def remove_leftovers(folder: Path) -> None:
    """Delete the temporary files in a folder whose writers were killed.

    Those of running processes and of other machines stay, and all of them where the system cannot tell (Windows).
    A leftover harms nobody, so one that cannot be deleted is no error.
    """
    if os.name != "posix" or not folder.is_dir():
        return
    with suppress(OSError):
        for path in folder.iterdir():
            name = _TEMPORARY.fullmatch(path.name)
            if name is not None and name[1] == _machine() and not _is_running(int(name[2])):
                path.unlink(missing_ok=True)


def _machine() -> str:
    """Eight characters for the name of this machine."""
    return f"{zlib.crc32(platform.node().encode()):08x}"


def _is_running(process: int) -> bool:
    """Whether a process of this machine is alive."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        pass
    return True


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` survive a loss of power, where the system knows how (not on Windows)."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_json(path: Path, data: Any) -> None:
    """Write `data` as readable JSON, atomically; NaN is refused, as JSON has none."""
    text = json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False)
    write_atomically(path, (text + "\n").encode())


def read_record(path: Path, keys: Iterable[str], mend: str) -> Any:
    """As `read_json`, for an object that has these keys. Raises StorageError if it is another, or has not."""
    found = read_json(path, mend)
    if found is not None and not (isinstance(found, dict) and found.keys() >= set(keys)):
        raise StorageError(f"{path}: damaged, not what it ought to be. {mend}")
    return found


def required_keys(record: type) -> frozenset[str]:
    """Return the keys that a typed dictionary must have.

    Its own `__required_keys__` counts those marked NotRequired where annotations are kept as text.
    """
    hints = get_type_hints(record, include_extras=True)
    return frozenset(key for key, hint in hints.items() if get_origin(hint) is not NotRequired)


def read_json(path: Path, mend: str) -> Any:
    """The content of a JSON file, None if there is none; `mend` tells the reader of an error what to do."""
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise StorageError(f"{path}: damaged, not JSON ({error}). {mend}") from error
    except OSError as error:
        raise StorageError(f"{path}: cannot read: {error.strerror}") from error
