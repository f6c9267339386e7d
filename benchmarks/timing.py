"""Timing that bears noise: interleaved repetitions, medians and ranges; memory and time of whole processes."""

from __future__ import annotations

import multiprocessing
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

Result = TypeVar("Result")

_STATUS = Path("/proc/self/status")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what was measured, in which unit, how often, and its median and range."""

    what: str
    unit: str
    median: float
    low: float
    high: float
    repetitions: int

    @classmethod
    def of(cls, what: str, unit: str, samples: Sequence[float]) -> Row:
        """Sum up repetitions."""
        return cls(what, unit, statistics.median(samples), min(samples), max(samples), len(samples))

    @property
    def line(self) -> str:
        """The row as text, in columns."""
        spread = f"{_short(self.low)} – {_short(self.high)}" if self.repetitions > 1 else ""
        return f"{self.what:<48}{_short(self.median):>11} {self.unit:<8} {spread}"

    @property
    def data(self) -> dict[str, Any]:
        """The row as plain data."""
        return asdict(self)


def _short(number: float) -> str:
    return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:.3g}"


def interleaved(contestants: Sequence[Callable[[int], Result]], repetitions: int) -> list[list[tuple[float, Result]]]:
    """Let contestants play in turn, so that a machine that slows down slows all of them.

    Each is called with the number of the repetition, counted from 0, after one call that does not count. Returns,
    for each contestant, seconds and result of every repetition.
    """
    for play in contestants:
        play(0)
    timed: list[list[tuple[float, Result]]] = [[] for _ in contestants]
    for repetition in range(repetitions):
        for play, times in zip(contestants, timed, strict=True):
            start = time.perf_counter()
            result = play(repetition)
            times.append((time.perf_counter() - start, result))
    return timed


def peak_memory(work: Callable[..., object], *arguments: object) -> float:
    """Return the greatest memory, in MB, of a fresh process that does some work."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=context) as pool:
        return pool.submit(_do_and_weigh, work, arguments).result()


def _do_and_weigh(work: Callable[..., object], arguments: tuple[object, ...]) -> float:
    work(*arguments)
    if _STATUS.exists():  # Linux: getrusage would count the memory of the process that started this one
        peak = next(line for line in _STATUS.read_text().splitlines() if line.startswith("VmHWM"))
        return int(peak.split()[1]) * 1024 / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def whole_process(arguments: Sequence[str], folder: Path) -> float:
    """Return the seconds that `python arguments` takes from start to end; raises CalledProcessError if it fails."""
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, *arguments], cwd=folder, check=True, capture_output=True, env={**os.environ, "COLUMNS": "120"}
    )
    return time.perf_counter() - start
