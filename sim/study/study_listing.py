"""Listing of the studies in a folder of results: an entry for each, finished, interrupted or damaged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sim.study.results.stored_study import StoredStudy, folders, read
from sim.study.sensitivity import kept_sensitivities, rows_played
from sim.study.storage.atomic_files import StorageError, within
from sim.study.storage.parquet_parts import Ledger, scan

BEYOND = 10**10
"""A number of runs that no study has."""


@dataclass(frozen=True)
class Entry:
    """Entry of the study listing: one study's kind, scenario, number of runs, share that settles, and state.

    Kinds are a plain `run`, a `sweep`, or a `sensitivity` analysis, whose runs are not kept. `points` counts design
    points, of a sensitivity analysis the rows that were played. `runs` over all of them are those of its figures, or,
    if it was interrupted or keeps none, those that were made. `changes` says what was set beside the scenario's file.
    `settlement` holds the least and the greatest share of settlements among the design points, of a sensitivity
    analysis the mean of its rows. `trouble` says what is wrong with a damaged study, of which nothing else is known.
    """

    folder: Path
    scenario: str = ""
    digest: str = ""
    kind: str = ""
    points: int = 0
    runs: int = 0
    settlement: tuple[float, float] | None = None
    written: str = ""
    changes: tuple[str, ...] = ()
    complete: bool = False
    trouble: str = ""


def studies(out: Path) -> Iterator[Entry]:
    """Yield the listing of the studies in a folder of results, one entry a study, by name.

    Raises StorageError if the folder cannot be read.
    """
    for path in folders(out):
        try:
            yield _entry(read(path))
        except StorageError as error:
            yield Entry(path, trouble=str(error))
        except OSError as error:
            yield Entry(path, trouble=f"{error.filename or path}: cannot read: {error.strerror}")


def _entry(result: StoredStudy) -> Entry:
    """Return what is known of a study from its manifest, its figures and the names of its files."""
    rows = result.figures() if result.finished else []
    ledger = Ledger(scan(within(result.path, "parts"), len(result.points)))
    kept = {point: BEYOND - sum(map(len, ledger.gaps(point, BEYOND))) for point in range(len(result.points))}
    if not rows and not any(kept.values()) and (result.path / "sensitivity").is_dir():
        return _attributed(result)
    shares = [row["outcomes.settlement.p"] for row in rows if row["outcomes.settlement.p"] is not None]
    asked = {row["point"]: row["runs"] for row in rows}
    whole = [not any(ledger.gaps(point, asked.get(point, BEYOND))) for point in kept]
    return Entry(
        result.path,
        result.manifest["scenario"],
        result.manifest["digest"],
        "run" if result.points == [{}] else "sweep",
        len(result.points),
        sum(asked.values()) if rows else sum(kept.values()),
        (min(shares), max(shares)) if shares else None,
        result.manifest["written"],
        result.changes,
        complete=all(whole),
    )


def _attributed(result: StoredStudy) -> Entry:
    """Return what is known of a sensitivity analysis alone, from its figures and the rows that were played."""
    found = kept_sensitivities(result.path)
    rows, runs = rows_played(result)
    mean = next((each["mean"] for each in found if each["outcome"] == "settlement"), None)
    return Entry(
        result.path,
        result.manifest["scenario"],
        result.manifest["digest"],
        "sensitivity",
        rows,
        runs,
        None if mean is None else (mean, mean),
        result.manifest["written"],
        result.changes,
        complete=bool(found),
    )
