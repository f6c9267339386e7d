from __future__ import annotations

from pathlib import Path

import pytest

import sim
from sim.api.result_objects import Ensemble, Sweep

SMALL = Path(__file__).parents[1] / "study" / "data" / "small.yaml"


@pytest.fixture(scope="session")
def case() -> sim.Scenario:
    """A small scenario with ranges."""
    return sim.load_scenario(SMALL)


@pytest.fixture(scope="session")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the results of these tests lie."""
    return tmp_path_factory.mktemp("api") / "results"


@pytest.fixture(scope="session")
def ensemble(case: sim.Scenario, out: Path) -> Ensemble:
    return sim.run(case, 200, out=out, name="plain")


@pytest.fixture(scope="session")
def swept(case: sim.Scenario, out: Path) -> Sweep:
    return sim.sweep(case, {"distrust": [0.0, 0.5, 1.0]}, 50, out=out, name="swept", spread=False)
