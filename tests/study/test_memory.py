"""Memory stays flat however long a study runs; benchmarks/scaling.py measures it."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
from pathlib import Path

from sim.negotiation.model import Negotiation
from sim.scenario.model.schema import Scenario
from sim.study.execution.task_simulation import simulate
from sim.study.execution.tasks import Task

ROOT = Path(__file__).parents[2]


def test_no_model_outlives_its_task(small: Scenario) -> None:
    gc.collect()
    before = sum(isinstance(thing, Negotiation) for thing in gc.get_objects())
    gc.disable()
    try:
        simulate(Task(small, 0, ({},), range(50)))
        after = sum(isinstance(thing, Negotiation) for thing in gc.get_objects())
    finally:
        gc.enable()
    assert after <= before


def test_the_benchmark_measures_a_study(tmp_path: Path) -> None:
    scenario = ROOT / "tests" / "study" / "data" / "small.yaml"
    command = [sys.executable, ROOT / "benchmarks" / "scaling.py", "--one", "settled", scenario, "200", "1"]
    environment = {"PYTHONPATH": ":".join([str(ROOT), *sys.path])}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    figures = json.loads(done.stdout)
    assert (figures["study"], figures["runs"], figures["jobs"]) == ("settled", 200, 1)
    assert 20 < figures["parent_mb"] < 500
