from __future__ import annotations

from pathlib import Path

import pytest

from sim.scenario.loading.scenario_loader import load_scenario
from sim.scenario.model.schema import Scenario

SCENARIOS = Path(__file__).parents[2] / "scenarios"


@pytest.fixture(scope="session")
def baseline() -> Scenario:
    """Two parties, a mediator, ranges of every shape, none fixed by a reading that no scale knows."""
    return load_scenario(SCENARIOS / "baseline.yaml")


@pytest.fixture(scope="session")
def small() -> Scenario:
    """Two sides, two issues, a mediator; 300 runs of 12 weeks."""
    return load_scenario(Path(__file__).parents[1] / "study" / "data" / "small.yaml")
