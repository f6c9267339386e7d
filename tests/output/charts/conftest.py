"""Small ensembles that were really simulated, once for all charts, and kept results of every other kind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import sim
from sim.scenario.loading.assignment import assign
from sim.scenario.loading.scenario_loader import load_scenario
from sim.scenario.model.schema import Scenario
from sim.study.results import stored_study
from sim.study.results.stored_study import StoredStudy
from tests.output.charts.kept_studies import ROOT, TWELVE, crowd

Ensemble = Callable[..., StoredStudy]


@pytest.fixture(scope="session")
def small() -> Scenario:
    """Two sides, two issues, a mediator; 300 runs of 12 weeks."""
    return load_scenario(ROOT / "tests" / "study" / "data" / "small.yaml")


@pytest.fixture(scope="session")
def ensemble(tmp_path_factory: pytest.TempPathFactory) -> Ensemble:
    """A plain run of a scenario, simulated and opened; `spread` only where it is asked for, as it takes a second."""

    def simulated(scenario: Scenario, runs: int = 300, name: str = "small", spread: bool = False) -> StoredStudy:
        out = tmp_path_factory.mktemp("results")
        return stored_study.read(sim.run(scenario, runs, out=out, name=name, spread=spread, command="as a test").folder)

    return simulated


@pytest.fixture(scope="session")
def plain(small: Scenario, ensemble: Ensemble) -> StoredStudy:
    """300 runs that end in every way, most of them settled."""
    return ensemble(small, spread=True)


@pytest.fixture(scope="session")
def nobody(small: Scenario, ensemble: Ensemble) -> StoredStudy:
    """Runs of which none settles."""
    return ensemble(assign(small, {"parties.*.reservation": 0.99}), 100, "nobody")


@pytest.fixture(scope="session")
def everybody(small: Scenario, ensemble: Ensemble) -> StoredStudy:
    """Runs that all settle."""
    easy = {"parties.*.reservation": 0.0, "distrust": 0.0, "parties.*.concession": 3.0}
    return ensemble(assign(small, easy), 100, "everybody")


@pytest.fixture(scope="session")
def once(small: Scenario, ensemble: Ensemble) -> StoredStudy:
    """A single run."""
    return ensemble(small, 1, "once")


@pytest.fixture(scope="session")
def crowded(ensemble: Ensemble) -> StoredStudy:
    """Talks of twelve parties, which end in every way."""
    return ensemble(crowd(*TWELVE, issues=3), 150, "crowd")


@pytest.fixture(scope="session")
def examined(small: Scenario, tmp_path_factory: pytest.TempPathFactory) -> StoredStudy:
    """A run of which a small sensitivity study was made, and which was compared with two others."""
    out: Path = tmp_path_factory.mktemp("examined")
    folder = sim.run(small, 300, out=out, name="small", spread=False).folder
    sim.sensitivity(small, rows=512, plays=8, out=out, name="small")
    others = {"without": assign(small, {"mediator": None}), "wary": assign(small, {"distrust": 0.8})}
    sim.compare({"small": small, **others}, 300, out=out)
    return stored_study.read(folder)


@pytest.fixture(scope="session")
def sampled(small: Scenario, tmp_path_factory: pytest.TempPathFactory) -> StoredStudy:
    """A Latin hypercube of 24 points of four parameters."""
    ranges = {
        "distrust": (0.0, 1.0),
        "rapport": (0.0, 0.1),
        "parties.*.reservation": (0.2, 0.8),
        "parties.first.trust_gain": (0.0, 1.0),
    }
    out = tmp_path_factory.mktemp("sampled")
    return stored_study.read(sim.sweep(small, ranges, 40, sample="lhs:24", out=out, name="sampled").folder)
