"""Finished studies on disk: finding a results folder by name, and what is kept in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.scenario.errors import ScenarioError, shown
from sim.scenario.evidence import Claim
from sim.scenario.loading import scenario_from_data
from sim.scenario.schema import Scenario
from sim.study.arguments import folder_of
from sim.study.design import Axis
from sim.study.files import StorageError, read_json, required_keys
from sim.study.points import Row, read_points
from sim.study.storage import DIGITS, Study, plain
from sim.study.summary import Summary
from sim.study.sweep import SweepSummary

_OF_MANIFESTS = {"scenario", "digest", "seed", "points", "resolved", "command", "written"}
_OF_RUNS = {*required_keys(Summary), "curves"}
_OF_SWEEPS = required_keys(SweepSummary)
"""Entries without which a manifest or a summary is none."""

_REMADE = "Delete it and give the command that made this study again: it is written anew"


class NoResultError(Exception):
    """What was named is no results folder; the message says what was looked for, and where."""


@dataclass(frozen=True)
class KeptStudy:
    """A results folder whose manifest can be read: what tables, charts and reports are made from.

    What it holds is read when it is first asked for, and raises StorageError if it is not there or damaged.
    """

    path: Path
    manifest: Mapping[str, Any]

    @property
    def points(self) -> Sequence[Mapping[str, Any]]:
        """What each design point assigns, by number; a plain run has one that assigns nothing."""
        points: Sequence[Mapping[str, Any]] = self.manifest["points"]
        return points

    def case(self, point: int) -> Scenario:
        """The scenario as it was simulated at a design point; a plain run has one, number 0."""
        return Study(self.name, self.scenario, tuple(self.points)).case(point)

    @property
    def finished(self) -> bool:
        """Whether some command on this study came to its end, and wrote its figures."""
        return (self.path / "summary.json").exists()

    @property
    def name(self) -> str:
        """What the study was called."""
        return str(self.manifest["scenario"])

    @property
    def seed(self) -> int:
        """The seed of all its luck."""
        return int(self.manifest["seed"])

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario that was simulated, rebuilt from the manifest."""
        try:
            return scenario_from_data(self.manifest["resolved"])
        except (ScenarioError, KeyError) as error:
            raise StorageError(f"{self.path / 'manifest.json'}: damaged, holds no scenario. {_REMADE}") from error

    @property
    def claims(self) -> dict[str, Claim]:
        """What the source says that the scenario's numbers are drawn from, by the claim's id."""
        try:
            return {name: Claim.model_validate(claim) for name, claim in self.manifest.get("claims", {}).items()}
        except (ValidationError, AttributeError) as error:
            raise StorageError(f"{self.path / 'manifest.json'}: damaged, holds no claims. {_REMADE}") from error

    @cached_property
    def rows(self) -> list[Row]:
        """The points table (points.py): one row a design point."""
        return self.figures()

    @cached_property
    def summary(self) -> Mapping[str, Any]:
        """The figures: of a plain run those of `Summary`, of a sweep those of `SweepSummary`."""
        self.rows  # noqa: B018  # says in words what is wrong with a file that is not there, or damaged
        file = self.path / "summary.json"
        summary: Mapping[str, Any] = read_json(file, mend=_REMADE)
        wanted = _OF_SWEEPS if self.is_sweep else _OF_RUNS
        if not wanted <= summary.keys():
            raise StorageError(f"{file}: damaged, lacks {', '.join(sorted(wanted - summary.keys()))}. {_REMADE}")
        return summary

    @property
    def is_sweep(self) -> bool:
        """Whether anything was varied."""
        return list(self.points) != [{}]

    @property
    def axes(self) -> list[Axis]:
        """The paths of a grid that take more than one value, with their values; none of a run or a sample."""
        if not self.is_sweep or self.summary["method"] != "grid":
            return []
        axes = (Axis(path, tuple(values)) for path, values in self.summary["vary"].items())
        return [axis for axis in axes if len(axis.values) > 1]

    def figures(self) -> list[dict[str, Any]]:
        """Return the points table (points.py). Raises StorageError if the study was interrupted, or is damaged."""
        if not self.finished:
            again = f"to finish it: {self.manifest['command']}"
            raise StorageError(f"{self.path}: interrupted before there were figures by design point; {again}")
        file = self.path / "summary.json"
        try:
            rows = read_points(self.path)
        except (KeyError, TypeError, AttributeError) as error:
            raise StorageError(f"{file}: damaged, not the figures of a study. {_REMADE}") from error
        if not all("outcomes.settlement.p" in row and isinstance(row["runs"], int) for row in rows):
            raise StorageError(f"{file}: damaged, not the figures of a study. {_REMADE}")
        if not rows:
            raise StorageError(f"{file}: no design point could be simulated; why is said there, under 'failed'")
        return rows


def open_study(name: str | Path, out: str | Path = "results") -> KeptStudy:
    """Return the study that `name` stands for.

    A folder, a folder's name within `out`, a unique beginning of one, or what a study is called: one alone, or one
    plain run beside sweeps. Raises NoResultError if there is none or more than one, StorageError if its manifest is
    damaged.

    >>> from sim import load_scenario, open_study, run
    >>> run(load_scenario("scenarios/textbook.yaml"), runs=100, name="found again").runs
    100
    >>> open_study("found again").rows[0]["outcomes.settlement.p"]
    1.0
    """
    if not isinstance(name, str | PathLike) or not isinstance(out, str | PathLike):
        raise NoResultError(f"give the name of a results folder, not {shown(name)}")
    wanted = str(name)
    name, out = folder_of(name, "the name of a study") if wanted else Path(), folder_of(out)
    if not wanted.strip():
        raise NoResultError("give the name of a results folder")
    for path in (name, out / name):
        if (path / "manifest.json").exists():
            return read(path)
    kept = folders(out) if out.exists() else []
    found = [path for path in kept if path.name.startswith((wanted, f"{plain(wanted)}-"))]
    if not found and name.exists():
        raise NoResultError(
            f"{wanted}: holds no study (no manifest.json): give a folder that parley run or sweep named"
        )
    if not found:
        raise NoResultError(f"{wanted}: neither a results folder nor the beginning of a name in {out}")
    exact = [path for path in found if path.name[:-DIGITS] == f"{plain(wanted)}-"]
    found = [path for path in exact if _varied(path) == []] or exact or found
    if len(found) > 1:
        raise NoResultError(f"{wanted}: several studies begin so: {', '.join(map(_told_apart, found))}")
    return read(found[0])


def _told_apart(path: Path) -> str:
    """A results folder's name, and what it is as far as that can be read."""
    varied = _varied(path)
    if varied is None:
        return path.name
    return f"{path.name} ({f'sweep of {chr(44).join(varied)}' if varied else 'run'})"


def _varied(path: Path) -> list[str] | None:
    """What is varied in a results folder, nothing in a plain run; None if that cannot be read."""
    try:
        points = read(path).points
    except StorageError:
        return None
    return list(dict.fromkeys(key for point in points for key in point))


def folders(out: str | Path) -> list[Path]:
    """Return the folders in `out` that hold a study, whole or damaged, by name. Raises StorageError."""
    try:
        entries = sorted(Path(out).iterdir())
    except OSError as error:
        raise StorageError(f"{out}: cannot read: {error.strerror}") from error
    return [path for path in entries if (path / "manifest.json").exists() or (path / "parts").is_dir()]


def _is_sound(manifest: Mapping[str, Any]) -> bool:
    """Whether what a manifest holds is of the kind that it ought to be."""
    points = manifest["points"]
    if not isinstance(points, list) or not points or not all(isinstance(point, dict) for point in points):
        return False
    try:
        datetime.fromisoformat(manifest["written"])
    except (TypeError, ValueError):
        return False
    words = all(isinstance(manifest[name], str) for name in ("scenario", "digest", "command"))
    return words and isinstance(manifest["seed"], int)


def read(path: Path) -> KeptStudy:
    """Return the study in a folder. Raises StorageError if its manifest is missing or damaged."""
    file = path / "manifest.json"
    manifest = read_json(file, mend=_REMADE)
    if manifest is None:
        raise StorageError(f"{file}: missing; give the command that made this study again")
    known = (
        isinstance(manifest, dict)
        and {"scenario", "digest", "seed", "points", "resolved", "command", "written"} <= manifest.keys()
    )
    if not known or not _is_sound(manifest):
        raise StorageError(f"{file}: damaged, not the description of a study. {_REMADE}")
    return KeptStudy(path, manifest)
