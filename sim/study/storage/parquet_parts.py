"""Parquet parts: the files that hold a study's runs, each named by what it holds and by its checksum."""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from sim.study.design.design_points import MOST_POINTS
from sim.study.storage.atomic_files import StorageError, open_ordinary, paths_in, unreadable, write_atomically

LARGEST_HEADING, LARGEST_RUN = 1 << 20, 1 << 16
"""Bytes that the description of a part's columns, and one of its runs, take at most; most runs take a hundred."""

_MEND = "Delete this file and give the same command again: only its runs are simulated anew"

_NAME = re.compile(r"points-(\d{6})-(\d{6})\.runs-(\d{10})-(\d{10})\.([0-9a-f]{8})\.parquet")


@dataclass(frozen=True)
class Part:
    """Parquet part: a file with runs `first` to `last` of every design point of its range, ends included."""

    first_point: int
    last_point: int
    first: int
    last: int
    checksum: str

    @property
    def name(self) -> str:
        """The file's name, from which `parse` recovers the part."""
        points = f"points-{self.first_point:06d}-{self.last_point:06d}"
        return f"{points}.runs-{self.first:010d}-{self.last:010d}.{self.checksum}.parquet"

    @property
    def size(self) -> int:
        """Runs over all design points."""
        return (self.last_point - self.first_point + 1) * (self.last - self.first + 1)

    @classmethod
    def parse(cls, name: str) -> Part | None:
        """The part that a file name announces; None for any other file."""
        match = _NAME.fullmatch(name)
        if match is None:
            return None
        first_point, last_point, first, last = map(int, match.groups()[:4])
        if first_point > last_point or first > last:
            return None
        return cls(first_point, last_point, first, last, match[5])


def save(folder: Path, points: range, runs: range, content: bytes) -> Part:
    """Write a Parquet part durably; `points` and `runs` say what `content` holds."""
    checksum = f"{zlib.crc32(content):08x}"
    part = Part(points[0], points[-1], runs[0], runs[-1], checksum)
    write_atomically(folder / part.name, content)
    return part


def scan(folder: Path, points: int = MOST_POINTS) -> list[Part]:
    """Return the finished Parquet parts in a folder, in the order of what they hold.

    There are none if there is no folder yet. Raises StorageError if the folder cannot be read, or holds parts of design
    points beyond the `points` there are.
    """
    found = [part for path in paths_in(folder) if (part := Part.parse(path.name)) is not None]
    beyond = next((part for part in found if part.last_point >= points), None)
    if beyond is not None:
        raise StorageError(f"{folder / beyond.name}: holds design points that this study does not have. Delete it")
    return sorted(found, key=lambda part: (part.first_point, part.first, part.last, part.last_point))


def verify(folder: Path, part: Part) -> None:
    """Verify the checksum of a Parquet part.

    Raises StorageError if its content is not what its name announces.
    """
    path = folder / part.name
    checksum = 0
    try:
        with open_ordinary(path) as file:
            if os.fstat(file.fileno()).st_size > LARGEST_HEADING + LARGEST_RUN * part.size:
                raise StorageError(f"{path}: damaged, larger than its runs can be. {_MEND}")
            while chunk := file.read(1 << 20):
                checksum = zlib.crc32(chunk, checksum)
    except OSError as error:
        raise unreadable(path, error) from error
    if f"{checksum:08x}" != part.checksum:
        raise StorageError(f"{path}: damaged, its content does not match its checksum. {_MEND}")


def resolve_overlaps(parts: Iterable[Part]) -> tuple[list[Part], list[tuple[Part, Part]]]:
    """Return the Parquet parts that together hold all runs, and which part yields to which where they overlap.

    Larger parts come first; those that hold nothing of their own are left out. A pair (part, earlier) says that the
    runs which both hold are to be read from the earlier one.
    """
    kept: list[Part] = []
    yields: list[tuple[Part, Part]] = []
    corners = np.empty((0, 4), dtype=np.int64)
    for part in sorted(parts, key=lambda part: -part.size):
        first_point, last_point, first, last = corners.T
        within = (first_point <= part.first_point) & (last_point >= part.last_point)
        if np.any(within & (first <= part.first) & (last >= part.last)):
            continue
        beside = (first_point <= part.last_point) & (last_point >= part.first_point)
        met = beside & (first <= part.last) & (last >= part.first)
        yields += [(part, kept[number]) for number in np.flatnonzero(met)]
        kept.append(part)
        corners = np.vstack([corners, [[part.first_point, part.last_point, part.first, part.last]]])
    return kept, yields


class Ledger:
    """Ledger of which runs of which design point a set of Parquet parts holds."""

    def __init__(self, parts: Iterable[Part]) -> None:
        self._held: dict[int, list[tuple[int, int]]] = {}
        for part in parts:
            for point in range(part.first_point, part.last_point + 1):
                self._held.setdefault(point, []).append((part.first, part.last + 1))

    def gaps(self, point: int, runs: int) -> Iterator[range]:
        """The runs below `runs` of a design point that no part holds, as ranges in ascending order."""
        start = 0
        for first, stop in sorted(self._held.get(point, [])):
            if first >= runs:
                break
            if first > start:
                yield range(start, first)
            start = max(start, stop)
        if start < runs:
            yield range(start, runs)

    @property
    def overlapping(self) -> bool:
        """Whether some run is held twice, as when two processes worked on one study side by side."""
        return any(
            following[0] < earlier[1]
            for spans in map(sorted, self._held.values())
            for earlier, following in pairwise(spans)
        )
