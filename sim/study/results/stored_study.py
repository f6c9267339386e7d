"""Stored studies on disk: finding a results folder by name, and reading its manifest and figures."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.negotiation.model import RULES
from sim.scenario.control_characters import strip_controls
from sim.scenario.errors import ParleyError, ScenarioError, describe_argument
from sim.scenario.evidence.claims import Claim
from sim.scenario.loading.scenario_loader import scenario_from_data
from sim.scenario.model.schema import Scenario
from sim.study.design.argument_checks import folder_of
from sim.study.design.design_points import Axis
from sim.study.design.study_names import clean_study_name, derive_folder_name
from sim.study.results.damage_checks import find_run_damage, find_sweep_damage
from sim.study.results.suggested_commands import command_for
from sim.study.storage.atomic_files import StorageError, is_there, within
from sim.study.storage.json_forms import read_form, refuse
from sim.study.storage.parquet_parts import scan
from sim.study.storage.repeated_command import repeat_command, words_of
from sim.study.storage.study_folder import DIGITS, REMADE, Manifest, Study, read_manifest
from sim.study.summaries.ensemble_summary import Summary
from sim.study.summaries.points_table import Row, table
from sim.study.summaries.sweep_summary import SweepSummary

LARGEST_FIGURE = 100
"""Bytes that one figure of a summary may take, with its name and its place in the lines; some take a third of it."""

_NO_SCENARIO = (ScenarioError, KeyError, TypeError, ValueError, AttributeError, IndexError)
"""What becomes of data that are no scenario at all: they are not a file that somebody wrote, so no place is named."""


class NoResultError(ParleyError, KeyError):
    """Error for a name that stands for no stored study; the message says what was looked for, and where."""

    def __str__(self) -> str:
        """Return the message; a KeyError would put it in quotes."""
        return str(self.args[0])


@dataclass(frozen=True)
class StoredStudy:
    """Stored study: a results folder whose manifest is sound, for tables, charts and reports.

    Its figures are read, and checked, when they are first asked for; that raises StorageError if they are not there or
    damaged.
    """

    path: Path
    manifest: Manifest
    study: Study
    """What was simulated, rebuilt from the manifest."""

    @property
    def points(self) -> Sequence[Mapping[str, Any]]:
        """What each design point assigns, by number; a plain run has one that assigns nothing."""
        return list(self.study.points)

    def case(self, point: int) -> Scenario:
        """The scenario as it was simulated at a design point; a plain run has one, number 0."""
        return Study(self.name, self.scenario, tuple(self.points)).case(point)

    @property
    def finished(self) -> bool:
        """Whether some command on this study came to its end, and wrote its figures."""
        return os.path.lexists(self.path / "summary.json")

    @property
    def only_attributed(self) -> bool:
        """Whether all that came to its end is a sensitivity study, of whose runs none are kept (sensitivity.py)."""
        if self.finished or not any((self.path / "sensitivity").glob("*.json")):
            return False
        return not scan(within(self.path, "parts"), len(self.points))

    @property
    def name(self) -> str:
        """What the study was called."""
        return self.study.name

    @property
    def changes(self) -> tuple[str, ...]:
        """What was changed of the scenario's file for it, as `PATH=VALUE`."""
        return tuple(map(strip_controls, self.manifest.get("changes", ())))

    @property
    def seed(self) -> int:
        """The seed of all its luck."""
        return int(self.study.scenario.seed)

    @property
    def scenario(self) -> Scenario:
        """The scenario that was simulated."""
        return self.study.scenario

    @property
    def command(self) -> str:
        """The command that made it, or what else did, safe to be copied (repeated_command.py)."""
        return repeat_command(self.manifest["command"], self.path)

    def command_for(self, verb: str) -> str:
        """Return `parley VERB` for the study's scenario, leading to its results folder (suggested_commands.py)."""
        return command_for(verb, words_of(self.manifest["command"], self.path), self.name, self.seed)

    @cached_property
    def claims(self) -> dict[str, Claim]:
        """What the source says that the scenario's numbers are drawn from, by the claim's id."""
        return _claims(self.path, self.manifest)

    @cached_property
    def rows(self) -> list[Row]:
        """The points table (points_table.py): one row a design point."""
        summary = self.summary
        return table(summary["points"] if self.is_sweep else [{"point": 0, "values": {}, **summary}])

    @cached_property
    def summary(self) -> Mapping[str, Any]:
        """The figures: of a plain run those of `Summary`, of a sweep those of `SweepSummary`."""
        if self.only_attributed:
            figures = "holds a sensitivity study (its figures are in sensitivity/) and no runs"
            added = f"reports and exports are made from runs. To add them: {self.command_for('run')}"
            raise StorageError(f"{self.path}: {figures}; {added}")
        if not self.finished:
            again = f"to finish it: {self.command}"
            raise StorageError(f"{self.path}: interrupted before there were figures by design point; {again}")
        file = within(self.path, "summary.json")
        most = _largest(self.study)
        if self.is_sweep:
            swept = read_form(file, SweepSummary, REMADE, most)
            wrong = find_sweep_damage(swept, self.study) if swept else iter(())
        else:
            alone = read_form(file, Summary, REMADE, most)
            wrong = find_run_damage(alone, self.study) if alone else iter(())
        for what in wrong:
            refuse(file, what, REMADE)
        found: Mapping[str, Any] | None = swept if self.is_sweep else alone
        if found is None:
            raise StorageError(f"{file}: gone: was the folder deleted or moved meanwhile?")
        if self.is_sweep and not found["points"]:
            raise StorageError(f"{file}: no design point could be simulated; why is said there, under 'failed'")
        return found

    def with_figures(self, summary: Mapping[str, Any]) -> StoredStudy:
        """Return the same study with other figures: of fewer runs than the largest ensemble that is stored."""
        copy = replace(self)
        copy.__dict__["summary"] = summary  # where the cached property looks first
        return copy

    @property
    def is_sweep(self) -> bool:
        """Whether anything was varied."""
        return list(self.points) != [{}]

    @property
    def axes(self) -> list[Axis]:
        """The paths of a grid that take more than one value, with their values; none of a run or a sample."""
        if not self.is_sweep or self.summary["method"] != "grid":
            return []
        log = self.summary.get("log", ())
        axes = (Axis(path, tuple(values), path in log) for path, values in self.summary["vary"].items())
        return [axis for axis in axes if len(axis.values) > 1]

    def figures(self) -> list[dict[str, Any]]:
        """Return the points table (points_table.py). Raises StorageError if it was interrupted or is damaged."""
        return list(self.rows)


def _largest(study: Study) -> int:
    """Bytes that a study's figures may take: whatever takes more is none, and is not read."""
    case = study.scenario
    names = len(case.parties) + len(case.issues) + sum(len(point) for point in study.points[:1])
    each = 200 + 20 * names
    curves = 3 * (max(int(each.rounds) for each in study.cases) * (1 + len(case.parties)))
    held = 3 * max(int(each.implementation.periods) for each in study.cases)
    return LARGEST_FIGURE * (10_000 + each * len(study.points) + curves + held)


def open_study(name: str | Path, out: str | Path = "results") -> StoredStudy:
    """Open the stored study that `name` stands for.

    A folder, a folder's name within `out`, a unique beginning of one, or what a study is called: one alone, one plain
    run beside sweeps, or one of the file as it is beside those of a changed one. The changes name a study as well:
    `baseline with distrust=0.6`, `distrust=0.6`. Raises NoResultError if there is none or more than one, StorageError
    if its manifest is damaged.
    """
    if not isinstance(name, str | PathLike) or not isinstance(out, str | PathLike):
        raise NoResultError(f"give the name of a results folder, not {describe_argument(name)}")
    wanted = str(name)
    name, out = folder_of(name, "the name of a study") if wanted else Path(), folder_of(out)
    if not wanted.strip():
        raise NoResultError("give the name of a results folder")
    for path in (name, out / name):
        if is_there(path / "manifest.json"):
            return read(path)
    kept = folders(out) if is_there(out) else []
    changed = [path for path in kept if "=" in wanted and _squeezed(wanted) in _names_by_changes(path)]
    stem = f"{derive_folder_name(clean_study_name(wanted))}-"
    found = changed or [path for path in kept if path.name.startswith((wanted, stem))]
    if not found and is_there(name):
        raise NoResultError(
            f"{wanted}: holds no study (no manifest.json): give a folder that parley run or sweep named"
        )
    if not found:
        raise NoResultError(f"{wanted}: neither a results folder nor the beginning of a name in {out}")
    exact = changed or [path for path in found if path.name[:-DIGITS] == stem]
    found = _plainest(exact) if exact else found
    if len(found) > 1:
        raise NoResultError(f"{wanted}: several studies begin so: {'; '.join(map(_told_apart, found))}")
    return read(found[0])


def _plainest(paths: list[Path]) -> list[Path]:
    """Return those of some folders that hold plain runs, and of these, those of scenarios as their files are."""
    studies = {path: study for path in paths if (study := _sound(path)) is not None}
    runs = {path: study for path, study in studies.items() if not study.is_sweep} or studies
    return [path for path, study in runs.items() if not study.changes] or [*runs] or paths


def _told_apart(path: Path) -> str:
    """A results folder's name, and what it is as far as that can be read."""
    study = _sound(path)
    if study is None:
        return path.name
    varied = dict.fromkeys(key for point in study.points for key in point)
    what = f"sweep of {', '.join(varied)}" if varied else "run"
    return f"{path.name} ({what}{f' with {listed}' if (listed := ', '.join(study.changes)) else ''})"


def _names_by_changes(path: Path) -> set[str]:
    """Return by what a study of a changed scenario can be named: by the changes, its name before them or not."""
    study = _sound(path)
    if study is None or not study.changes:
        return set()
    changes = ",".join(study.changes)
    return {_squeezed(name) for name in (changes, f"{study.name} {changes}", f"{study.name} with {changes}")}


def _squeezed(name: str) -> str:
    """A name without blanks and signs of lists, so that it need not be written like in a list."""
    return re.sub(r"[\s,;]+", "", name)


def _sound(path: Path) -> StoredStudy | None:
    """The study in a folder, None where it cannot be read."""
    try:
        return read(path)
    except StorageError:
        return None


def folders(out: str | Path) -> list[Path]:
    """Return the folders in `out` that hold a stored study, whole or damaged, by name.

    Raises StorageError.
    """
    try:
        entries = sorted(Path(out).iterdir())
    except OSError as error:
        raise StorageError(f"{out}: cannot read: {error.strerror}") from error
    return [path for path in entries if any(os.path.lexists(path / name) for name in ("manifest.json", "parts"))]


def read(path: Path) -> StoredStudy:
    """Read the stored study in a folder.

    Raises StorageError if its manifest is missing or damaged.
    """
    file = path / "manifest.json"
    manifest = read_manifest(path)
    if manifest is None:
        raise StorageError(f"{file}: missing; give the command that made this study again")
    study = _study(file, manifest)
    _claims(path, manifest)
    return StoredStudy(path, manifest, study)


def _study(file: Path, manifest: Manifest) -> Study:
    """Return the study that a manifest describes. Raises StorageError if it describes none, or another than it says."""
    try:
        scenario = scenario_from_data(manifest["resolved"])
    except _NO_SCENARIO as error:
        what = f": {error.problems[0]}" if isinstance(error, ScenarioError) else ""
        refuse(file, f"holds no scenario{what}", REMADE)
    study = Study(manifest["scenario"], scenario, tuple(manifest["points"]))
    if any(point.keys() != study.points[0].keys() for point in study.points):
        refuse(file, "its design points do not vary the same", REMADE)
    try:
        cases = study.cases
    except ScenarioError as error:
        refuse(file, f"varies what its scenario does not have: {error.problems[0].message}", REMADE)
    same_rules = manifest.get("versions", {}).get("rules", RULES) == RULES
    if manifest["seed"] != cases[0].seed or (same_rules and manifest["digest"] != study.digest):
        refuse(file, "it does not describe the study that its digest stands for", REMADE)
    return study


def _claims(path: Path, manifest: Manifest) -> dict[str, Claim]:
    """Return the claims in a manifest. Raises StorageError if they are none."""
    try:
        return {name: Claim.model_validate(claim) for name, claim in manifest.get("claims", {}).items()}
    except ValidationError:
        refuse(path / "manifest.json", "holds no claims", REMADE)
