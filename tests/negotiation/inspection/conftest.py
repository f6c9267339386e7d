from __future__ import annotations

from pathlib import Path

import pytest

from sim.scenario.loading.scenario_loader import load_scenario
from sim.scenario.model.schema import Scenario


@pytest.fixture(scope="session")
def small() -> Scenario:
    """A small scenario with ranges."""
    return load_scenario(Path(__file__).parents[2] / "study" / "data" / "small.yaml")
