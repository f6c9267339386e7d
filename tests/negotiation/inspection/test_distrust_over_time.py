"""How distrust moves over an ensemble, week by week."""

from __future__ import annotations

import numpy as np
import pytest

from sim.negotiation.inspection.belief_paths import QUANTILES, beliefs
from sim.negotiation.inspection.single_run import Witness
from sim.negotiation.model import Negotiation
from sim.scenario.loading.assignment import assign
from sim.scenario.model.schema import Scenario
from tests.negotiation.cases import FULL, outcomes, scenario


@pytest.mark.parametrize("runs", [1, 7, 400])
@pytest.mark.parametrize("name", ["small", "full"])
def test_they_end_as_the_runs_end(name: str, runs: int, small: Scenario) -> None:
    """What happens outside after a run has ended (hostile acts, signals) moves nothing in it any more."""
    case = small if name == "small" else scenario(FULL)
    found = beliefs(case, runs)
    ended = outcomes(case, runs)
    assert {f"distrust.{holder}.{other}" for holder, other in found} == {
        column for column in ended if column.startswith("distrust.")
    }
    for (holder, other), levels in found.items():
        assert levels.shape == (int(case.rounds) + 1, 3)
        np.testing.assert_array_equal(levels[-1], np.quantile(ended[f"distrust.{holder}.{other}"], QUANTILES))


def test_they_begin_as_the_scenario_says(small: Scenario) -> None:
    found = beliefs(small, 2000)
    assert found["first", "us"][0].tolist() == [0.2] * 3
    assert found["second", "us"][0].tolist() == [0.3] * 3
    assert found["us", "first"][0].tolist() == [0.0] * 3  # nothing is said of it
    np.testing.assert_allclose(found["first", "second"][0], 0.4 + 0.5 * np.array(QUANTILES), atol=0.02)


def test_every_week_is_that_of_the_runs_one_by_one() -> None:
    case = scenario(FULL)
    count, pair = 30, ("north", "south")
    weeks = np.empty((int(case.rounds) + 1, count))
    for run in range(count):
        witness = Witness(case, run)
        weeks[:, run] = witness.beliefs[pair]
        while witness.running:
            witness.step()
            weeks[witness.steps :, run] = witness.beliefs[pair]
    np.testing.assert_allclose(beliefs(case, count)[pair], np.quantile(weeks, QUANTILES, axis=1).T, atol=1e-15)


def test_when_all_have_ended_nothing_moves(small: Scenario) -> None:
    easy = assign(small, {"parties.*.reservation": 0.0, "distrust": 0.0, "parties.*.concession": 5})
    model = Negotiation(easy, 50)
    model.run_model()
    last = model.steps
    assert last < easy.rounds
    for levels in beliefs(easy, 50).values():
        assert levels.shape == (int(easy.rounds) + 1, 3)
        assert (levels[last:] == levels[last]).all()


def test_there_are_at_most_a_blocks_runs(small: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.negotiation.inspection.belief_paths.BLOCK", 40)
    many, block = beliefs(small, 5000), beliefs(small, 40)
    assert all((many[pair] == block[pair]).all() for pair in block)
