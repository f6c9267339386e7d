"""The folder of a study: the study's digest, its manifest, its Parquet parts and its summary."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, NotRequired

from pydantic import AfterValidator, Field
from typing_extensions import TypedDict

from sim.negotiation.model import RULES
from sim.negotiation.randomness.random_streams import BLOCK
from sim.scenario.errors import Problem, ScenarioError
from sim.scenario.loading.assignment import assign
from sim.scenario.loading.self_contained_file import cited_claims, enclose
from sim.scenario.model.key_tree import matches
from sim.scenario.model.parameters import numbers, resolved
from sim.scenario.model.schema import Scenario
from sim.study.design.design_points import MOST_POINTS, Point, Value, assignments
from sim.study.design.study_names import Name, derive_folder_name
from sim.study.storage import parquet_parts, versions
from sim.study.storage.atomic_files import StorageError, read_json, remove_leftovers, within, write_json
from sim.study.storage.json_forms import Several, Whole, read_form
from sim.study.storage.run_columns import Columns, columns_of
from sim.study.storage.temporary_folders import remove_old_scratch
from sim.study.storage.versions import Versions

FORMAT = 1
"""Version of the layout of results folders; part of every digest."""

DIGITS = 12
"""Length of a digest in a folder's name: hexadecimal digits of a SHA-256."""


@dataclass(frozen=True)
class Study:
    """Study that a folder stores: a scenario, whose seed is the study's, at one or more design points.

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

    @cached_property
    def cases(self) -> tuple[Scenario, ...]:
        """The scenario, and what it is at each word and at either end of each path that is varied, one at a time.

        Raises ScenarioError where a path or a value is none that the scenario can have.
        """
        found = [self.scenario]
        for path in dict.fromkeys(path for point in self.points for path in point):
            values = dict.fromkeys(point.get(path) for point in self.points)
            if None in values and not path.startswith("mediator."):
                raise ScenarioError([Problem("only parameters of the mediator can be nothing", path)])
            numbers = sorted(value for value in values if isinstance(value, int | float))
            words = [value for value in values if not isinstance(value, int | float)]
            found += (
                assign(self.scenario, assignments({path: value})) for value in (*words, *numbers[:1], *numbers[1:][-1:])
            )
        return tuple(found)

    @cached_property
    def columns(self) -> Columns:
        """The columns that its runs can have."""
        return columns_of(self.cases, len(self.points))

    @property
    def folder_name(self) -> str:
        """The study's folder: the scenario's name, as far as file systems take it, and the digest."""
        return f"{derive_folder_name(self.name)}-{self.digest}"


def _of_a_day(text: str) -> str:
    """Return a point in time as it is written in a manifest. Raises ValueError."""
    if not 1970 <= datetime.fromisoformat(text).year < 9999:
        raise ValueError("no year in which a study was made")
    return text


class Manifest(TypedDict):
    """Manifest in a study's folder: all that it takes to simulate its runs again (docs/reference/results.md)."""

    format: NotRequired[Whole]
    scenario: Name
    digest: Annotated[str, Field(pattern=rf"^[0-9a-f]{{{DIGITS}}}$")]
    seed: Whole
    block: NotRequired[Several]
    versions: NotRequired[dict[str, str | int]]
    command: str
    written: Annotated[str, AfterValidator(_of_a_day)]
    points: Annotated[list[dict[str, Value]], Field(min_length=1, max_length=MOST_POINTS)]
    changes: NotRequired[list[str]]
    resolved: dict[str, Any]
    claims: NotRequired[dict[str, dict[str, Any]]]


REMADE = "Delete it and give the command that made this study again: it is written anew"
"""What to do about a damaged manifest or summary."""


def read_manifest(folder: Path) -> Manifest | None:
    """Read the manifest in a study's folder; None if there is none.

    Raises StorageError if it is damaged.
    """
    path = within(folder, "manifest.json")
    found = read_form(path, Manifest, REMADE)
    if found is not None and found.get("format", FORMAT) != FORMAT:
        raise StorageError(f"{path}: has the layout of another version of Parley, which this one cannot read")
    return found


def made_elsewhere(folder: Path) -> str | None:
    """Return under which other versions the runs in a study's folder were simulated, in a sentence.

    None if under today's. Raises StorageError if the manifest is damaged.
    """
    manifest, here = read_manifest(folder), versions.read_versions()
    there = here if manifest is None else manifest.get("versions", {})
    other = versions.compare_versions(there, here)
    if not other:
        return None
    found, now = versions.spell_out(there, other), versions.spell_out(here, other)
    return f"Simulated under {found}; here is {now}: {versions.consequence(other)}."


class Folder:
    """Folder of a study below ``out``; nothing is created before there is something to write.

    What killed processes left unfinished is removed from it.
    """

    def __init__(self, out: Path, study: Study) -> None:
        self.study = study
        self.path = out / study.folder_name
        self.parts = within(self.path, "parts")
        self._manifest = self._sound_manifest()
        remove_old_scratch()
        remove_leftovers(self.path)

    @property
    def ledger(self) -> parquet_parts.Ledger:
        """Which runs are there."""
        return parquet_parts.Ledger(parquet_parts.scan(self.parts, len(self.study.points)))

    @property
    def versions(self) -> Versions | None:
        """Under which the runs that are there were simulated, as far as that is known; None of a new study."""
        return None if self._manifest is None else self._manifest.get("versions", {})

    def save(self, points: range, runs: range, content: bytes) -> None:
        """Keep a finished part, durably."""
        parquet_parts.save(self.parts, points, runs, content)

    def prepare(self, command: str, besides: str = "") -> None:
        """Get ready to add what is kept beside the runs: as `describe`, but a manifest that is there stays.

        `besides` ends the message of the StorageError: what else can be done.
        """
        self._check_versions(besides)
        self.describe_new(command)

    def describe(self, command: str) -> None:
        """Write the manifest: all that it takes to simulate the same runs again.

        Raises StorageError if what is there was simulated under versions that may give other numbers.
        """
        self._check_versions()
        study, whole = self.study, enclose(self.study.scenario)
        manifest: Manifest = {
            "format": FORMAT,
            "scenario": study.name,
            "digest": study.digest,
            "seed": int(study.scenario.seed),
            "block": BLOCK,
            "versions": versions.read_versions(),
            "command": command,
            "written": datetime.now(UTC).isoformat(timespec="seconds"),
            "points": [dict(point) for point in study.points],
            "changes": list(study.scenario.changes),
            "resolved": resolved(whole),
            "claims": cited_claims(whole),
        }
        write_json(self.path / "manifest.json", manifest)
        self._manifest = manifest

    def describe_new(self, command: str) -> None:
        """Write the manifest if there is none: the command that made the runs is not that of what is found of them."""
        if not (self.path / "manifest.json").exists():
            self._manifest = None
            self.describe(command)

    def describe_again(self) -> None:
        """Put the manifest back if it went while the study ran, before figures are left without it."""
        if self._manifest is not None and not (self.path / "manifest.json").exists():
            write_json(self.path / "manifest.json", self._manifest)

    def publish(self, summary: Mapping[str, Any]) -> None:
        """Write ``summary.json``, unless the one that is there speaks of more runs."""
        self.describe_again()
        path = within(self.path, "summary.json")
        try:
            before = read_json(path, mend="")
        except StorageError:
            before = None  # derived from the parts, so a damaged one is simply written again
        known = before.get("runs") if isinstance(before, dict) else 0
        known = known if isinstance(known, int) else 0
        if known < summary["runs"] or (known == summary["runs"] and before != summary):
            write_json(path, summary)

    def _sound_manifest(self) -> Manifest | None:
        """The manifest that is there. Raises StorageError if it is another study's, or cannot be read."""
        manifest = read_manifest(self.path)
        if manifest is not None and manifest["digest"] != self.study.digest:
            path = self.path / "manifest.json"
            raise StorageError(f"{path}: describes another study than this folder's name; move the folder away")
        return manifest

    def _check_versions(self, besides: str = "") -> None:
        """Raise StorageError if what is there was simulated under versions with which numbers may differ."""
        there, here = self.versions, versions.read_versions()
        other = versions.compare_versions(there, here) if there is not None else ()
        if there is not None and other:
            raise StorageError(
                f"{self.path}: was simulated under {versions.spell_out(there, other)}, and here is "
                f"{versions.spell_out(here, other)}: {versions.consequence(other)}, so none are added. Go on where the "
                f"versions are the same, or begin anew elsewhere (--out){besides}"
            )
