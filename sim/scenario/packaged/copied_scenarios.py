"""Copied scenarios: all that comes with Parley, written to a folder to be read and changed."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path

from sim.scenario.errors import Problem, ScenarioError
from sim.scenario.model.json_schema import json_schema
from sim.scenario.packaged.packaged_scenarios import SCENARIOS, SEEDS, packaged_folder

SCHEMA = "scenario.schema.json"
PATTERNS = {SCENARIOS: ("*.yaml",), SEEDS: ("*.yaml", "*.csv", "*.md")}
"""What is copied of each folder and those within it."""

IN_REPOSITORY = "docs/reference/scenario.schema.json"
"""Where the scenarios say that their schema lies; copies have it beside their folder."""


def copy_packaged(folder: Path) -> list[Path]:
    """Copy the packaged scenarios, studies, references and evidence to a folder; return the paths of the copies.

    They are written so that `extends` and claims resolve there. All or nothing is written. Raises ScenarioError where
    something of it is there already, OSError where nothing can be written.
    """
    source = packaged_folder()
    targets = [folder / name for name in (SCENARIOS, SEEDS, SCHEMA)]
    _refuse_to_overwrite(folder, targets)
    made = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(prefix=".parley-", dir=folder) as place:
            workshop = Path(place)
            for name, patterns in PATTERNS.items():
                _copy(source / name, workshop / name, patterns)
            text = json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
            (workshop / SCHEMA).write_text(text, encoding="utf-8")
            for target in targets:
                (workshop / target.name).rename(target)
    except OSError:
        if made:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    return targets


def _refuse_to_overwrite(folder: Path, targets: list[Path]) -> None:
    """Raise ScenarioError if a folder is none, or something stands where it would be written."""
    if os.path.lexists(folder) and not folder.is_dir():
        raise ScenarioError([Problem("is a file, not a folder: nothing is written", file=str(folder))])
    there = [target for target in targets if os.path.lexists(target)]
    if there:
        message = "is there already, and nothing is overwritten: give another folder"
        raise ScenarioError([Problem(message, file=str(target)) for target in there])


def _copy(source: Path, target: Path, patterns: tuple[str, ...]) -> None:
    """Copy the files of a folder; their permissions stay behind, as an installation's may be read-only."""
    for file in (file for pattern in patterns for file in sorted(source.rglob(pattern))):
        place = target / file.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(file.read_text(encoding="utf-8").replace(IN_REPOSITORY, SCHEMA), encoding="utf-8")
