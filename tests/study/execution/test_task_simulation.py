"""Design points played side by side are the points played alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.negotiation.model import Negotiation
from sim.scenario.loading.assignment import assign
from sim.scenario.loading.scenario_loader import load_scenario
from sim.study.execution.task_simulation import simulate
from sim.study.execution.tasks import Task
from sim.study.storage.database import connect

BASELINE = Path(__file__).parents[3] / "scenarios" / "baseline.yaml"


@pytest.mark.parametrize("points", [1, 2, 5, 9])
def test_every_point_of_a_task_is_the_point_alone(points: int, tmp_path: Path) -> None:
    """Nine points of 1000 runs are two full batches and a last one of a single point."""
    case = load_scenario(BASELINE)
    levels = [float(level) for level in np.linspace(0.2, 1.0, points)]
    content = simulate(Task(case, 3, tuple({"distrust": level} for level in levels), range(1000)))
    (tmp_path / "part.parquet").write_bytes(content)
    with connect() as connection:
        table = connection.read_parquet(str(tmp_path / "part.parquet")).df()
    for number, level in enumerate(levels, start=3):
        alone = Negotiation(assign(case, {"distrust": level}), 1000)
        alone.run_model()
        mine = table[table["point"] == number]
        assert list(mine["run"]) == list(range(1000))
        assert list(mine["outcome"]) == list(alone.outcomes()["outcome"])
        assert list(mine["round"]) == list(alone.outcomes()["round"])
