"""Temporary folders outside the results, named after their process so that none outlives it for long."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from uuid import uuid4

from sim.study.storage.atomic_files import is_running, machine

_NAME = re.compile(r"parley-([0-9a-f]{8})-(\d{1,19})-\w+")


def temporary_folder() -> TemporaryDirectory[str]:
    """Return a new temporary folder of this process, there until it is cleaned up."""
    return TemporaryDirectory(prefix=_prefix(), ignore_cleanup_errors=True)


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Yield a temporary folder of this process that is there for the `with` block."""
    with temporary_folder() as folder:
        yield Path(folder)


def scratch_path() -> Path:
    """Return the name of a temporary folder of this process that is not there yet."""
    return Path(gettempdir()) / f"{_prefix()}{uuid4().hex[:8]}"


def remove_old_scratch() -> None:
    """Delete the temporary folders of killed processes of this machine and user.

    Those of running processes and of other machines or users stay, and all of them where the system cannot tell
    (Windows). What cannot be deleted harms nobody, so it is no error.
    """
    if os.name != "posix":
        return
    with suppress(OSError), os.scandir(gettempdir()) as entries:
        for entry in entries:
            name = _NAME.fullmatch(entry.name)
            if name is None or name[1] != machine() or is_running(int(name[2])):
                continue
            with suppress(OSError):
                if entry.is_dir(follow_symlinks=False) and entry.stat(follow_symlinks=False).st_uid == os.getuid():
                    shutil.rmtree(entry.path, ignore_errors=True)


def _prefix() -> str:
    """What the names of this process's temporary folders begin with."""
    return f"parley-{machine()}-{os.getpid()}-"
