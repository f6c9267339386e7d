from __future__ import annotations

from pathlib import Path

import pytest

from sim.scenario.loading.scenario_loader import load_scenario
from sim.scenario.model.schema import Scenario

SMALL = Path(__file__).parent / "data" / "small.yaml"


@pytest.fixture(scope="session")
def small() -> Scenario:
    """Two sides, two issues, a mediator; 300 runs of 12 weeks."""
    return load_scenario(SMALL)
