"""The command that measures speed, at the smallest size: its figures are there, and both ways of playing agree."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from agreement import compare, measures
from contenders import engine

from sim.scenario.loading.scenario_loader import load_scenario

ROOT = Path(__file__).parents[1]


def test_the_command_measures_and_says_whether_results_agree(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    small = ["--runs", "1", "--batch-runs", "60", "--repetitions", "1", "--json", str(file)]
    left_out = ["--without", "loop", "studies", "memory", "commands", "charts", "growth"]
    command = [sys.executable, str(ROOT / "benchmarks" / "run.py"), *small, *left_out]
    done = subprocess.run(
        command, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    figures = json.loads(file.read_text(encoding="utf-8"))
    medians = {row["what"]: row["median"] for row in figures["rows"]}
    assert all(row["low"] <= row["median"] <= row["high"] and row["what"] in done.stdout for row in figures["rows"])
    assert medians["engine to mesa.batch_run"] > 1.0
    assert 0.0 < medians["random numbers alone, of the engine's time"] < 100.0
    assert figures["same"]
    compared = {each["measure"]: each for each in figures["agreement"]["mesa.batch_run"]}
    assert compared["settlement"]["engine"]["runs"] == 16384
    assert compared["settlement"]["other"]["runs"] == 60


STRAINED = {
    "deadline": 45.5,
    "overtaken": 0.01,
    "mediator.misjudgement": 0.2,
    "mediator.caucus": 0.5,
    "implementation.front": 1,
    "implementation.violations": 1,
    "implementation.monitoring": 0.01,
    "battlefield.volatility": 0.004,
}


@pytest.mark.parametrize("settings", [{}, STRAINED], ids=["baseline", "strained"])
def test_the_compiled_loop_and_the_engine_agree(settings: dict[str, float]) -> None:
    pytest.importorskip("numba")
    from compiled import CompiledLoop

    case = load_scenario(ROOT / "scenarios" / "baseline.yaml", settings)
    runs = 16384
    played = CompiledLoop(case, runs, 1)(case, runs, 0)
    expected = {name for name, _ in measures(played)}
    comparisons = compare(engine(case, runs, 0), played)
    assert {each.measure for each in comparisons} == expected
    assert [each for each in comparisons if not each.same] == []
