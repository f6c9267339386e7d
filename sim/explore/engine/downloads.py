"""Downloads of charts and the report on the present settings, made from a study in a folder of its own.

It is a study like any other.
"""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path
from typing import Literal

from sim.scenario.model.schema import Scenario
from sim.study.design.design_points import steps
from sim.study.ensemble import run
from sim.study.results.stored_study import StoredStudy, read
from sim.study.storage.temporary_folders import scratch_folder
from sim.study.sweep import sweep

NAME = "explored"
"""What the study is called."""

COMMAND = "parley run explored.yaml"
"""The command that makes it again, from the scenario file that the page gives."""

PLACES = 21
"""Points of the curve."""

Form = Literal["svg", "png"]


def charts(scenario: Scenario, runs: int, along: str, low: float, high: float, form: Form) -> bytes:
    """Return the download of all charts that suit the present settings, as a ZIP file.

    Runs in a worker. `along` is varied from `low` to `high` for the curve.
    """
    from sim.output.charts import rendered, suited

    content = BytesIO()
    with scratch_folder() as folder, zipfile.ZipFile(content, "w") as file:
        for study in (_run(scenario, runs, folder), _sweep(scenario, runs, along, low, high, folder)):
            for kind in suited([study]):
                file.writestr(f"{kind.name}.{form}", rendered(kind.draw([study], 0), form))
    return content.getvalue()


def report(scenario: Scenario, runs: int) -> bytes:
    """Return the download of the report on the present settings, one page of HTML.

    Runs in a worker.
    """
    from sim.output.report import report as written

    with scratch_folder() as folder:
        return written([_run(scenario, runs, folder)], COMMAND).encode()


def _run(scenario: Scenario, runs: int, folder: Path) -> StoredStudy:
    return read(run(scenario, runs, out=folder, name=NAME, command=COMMAND).folder)


def _sweep(scenario: Scenario, runs: int, along: str, low: float, high: float, folder: Path) -> StoredStudy:
    each = min(runs, 2000)
    values = steps(along, low, high, PLACES)
    command = f"parley sweep explored.yaml --vary {along}={low:g}:{high:g}:{PLACES} --runs {each}"
    made = sweep(scenario, {along: values}, each, out=folder, spread=False, name=NAME, command=command)
    return read(made.folder)
