"""The folder of a study: which study it is, its manifest, its parts and its summary."""

from __future__ import annotations

import hashlib
import json
import platform
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from sim.negotiation.model import RULES
from sim.negotiation.streams import BLOCK
from sim.scenario.handing_over import cited_claims, enclose
from sim.scenario.paths import assign, numbers, resolved
from sim.scenario.schema import Scenario
from sim.scenario.shape import matches
from sim.study import parts
from sim.study.design import Point, assignments
from sim.study.files import StorageError, read_json, remove_leftovers, write_json

FORMAT = 1
"""Version of the layout of results folders; part of every digest."""

DIGITS = 12
"""Length of a digest in a folder's name: hexadecimal digits of a SHA-256."""

LONGEST_NAME = 120
"""Bytes that a scenario's name may take in a folder's name; file systems allow 255 for the whole."""


@dataclass(frozen=True)
class Study:
    """What is simulated: a scenario, whose seed is the study's, at one or more design points.

    A design point assigns values to parameter paths; a plain run has one that assigns nothing.
    """

    name: str
    scenario: Scenario
    points: tuple[Point, ...] = ({},)

    @property
    def digest(self) -> str:
        """Hexadecimal digits that stand for everything that changes numbers, and for nothing else."""
        content = {
            "format": FORMAT,
            "rules": RULES,
            "seed": self.scenario.seed,
            "numbers": numbers(self.scenario),
            "points": [dict(point) for point in self.points],
        }
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]

    def case(self, point: int) -> Scenario:
        """Return the scenario as it is at a design point."""
        return self.assigned(self.points[point])

    def assigned(self, values: Point) -> Scenario:
        """Return the scenario with what a point assigns, whether or not it is one of the design's."""
        return assign(self.scenario, assignments(values)) if values else self.scenario

    def periods(self, point: int) -> int:
        """Return for how long a settlement is watched at a design point."""
        varied = any(matches("implementation.periods", path) for path in self.points[point])
        return int((self.case(point) if varied else self.scenario).implementation.periods)

    @property
    def folder_name(self) -> str:
        """The study's folder: the scenario's name, as far as file systems take it, and the digest."""
        return f"{plain(self.name)}-{self.digest}"


def plain(name: str) -> str:
    """Return a study's name as far as folders take it."""
    words = re.sub(r"[^\w-]+", "-", name).strip("-") or "scenario"
    return words.encode()[:LONGEST_NAME].decode(errors="ignore")


class Folder:
    """A study's folder below ``out``; nothing is created before there is something to write."""

    def __init__(self, out: Path, study: Study) -> None:
        self.study = study
        self.path = out / study.folder_name
        self.parts = self.path / "parts"
        self._check_manifest()

    @property
    def ledger(self) -> parts.Ledger:
        """Which runs are there."""
        return parts.Ledger(parts.scan(self.parts))

    def save(self, points: range, runs: range, content: bytes) -> None:
        """Keep a finished part, durably."""
        parts.save(self.parts, points, runs, content)

    def describe(self, command: str) -> None:
        """Write the manifest: all that it takes to simulate the same runs again; clear up after killed processes."""
        for folder in (self.path, self.parts):
            remove_leftovers(folder)
        study, whole = self.study, enclose(self.study.scenario)
        manifest = {
            "format": FORMAT,
            "scenario": study.name,
            "digest": study.digest,
            "seed": study.scenario.seed,
            "block": BLOCK,
            "versions": versions(),
            "command": command,
            "written": datetime.now(UTC).isoformat(timespec="seconds"),
            "points": [dict(point) for point in study.points],
            "resolved": resolved(whole),
            "claims": cited_claims(whole),
        }
        write_json(self.path / "manifest.json", manifest)

    def describe_new(self, command: str) -> None:
        """Write the manifest if there is none: the command that made the runs is not that of what is found of them."""
        if not (self.path / "manifest.json").exists():
            self.describe(command)

    def publish(self, summary: Mapping[str, Any]) -> None:
        """Write ``summary.json``, unless the one that is there speaks of more runs."""
        path = self.path / "summary.json"
        try:
            before = read_json(path, mend="")
        except StorageError:
            before = None  # derived from the parts, so a damaged one is simply written again
        known = before.get("runs") if isinstance(before, dict) else 0
        known = known if isinstance(known, int) else 0
        if known < summary["runs"] or (known == summary["runs"] and before != summary):
            write_json(path, summary)

    def _check_manifest(self) -> None:
        """Raise StorageError if the folder holds another study, or a manifest that cannot be read."""
        path = self.path / "manifest.json"
        manifest = read_json(path, mend="Delete it and give the same command again: it is written anew")
        if manifest is None:
            return
        if not isinstance(manifest, dict) or manifest.get("digest") != self.study.digest:
            raise StorageError(f"{path}: describes another study than this folder's name; move the folder away")


def versions() -> dict[str, str | int]:
    """The versions that numbers may depend on."""
    return {
        "rules": RULES,
        "python": platform.python_version(),
        **{name: _version(name) for name in ("parley-sim", "numpy", "scipy", "mesa", "duckdb")},
    }


def _version(distribution: str) -> str:
    """The installed version of a distribution; Parley itself may be used from a checkout uninstalled."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "not installed"
