"""Whether one assumption carries the answer, against shares whose indices are known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.negotiation.randomness.random_streams import draw_range_points
from sim.scenario.loading.scenario_loader import scenario_from_data
from sim.scenario.model.schema import Scenario
from sim.study.statistics.assumption_range import DRAWS, PLAYS
from sim.study.statistics.dominant_assumption import carrier, explained_variance

ANN, BOB = "parties.Ann.reservation", "distrust.Ann.bob"


@pytest.fixture(scope="module")
def case() -> Scenario:
    party = {"salience": {"pay": 1}, "betrayal_loss": 0.1}
    return scenario_from_data(
        {
            "issues": {"pay": {}},
            "parties": {
                "Ann": {**party, "aims": {"pay": 1}, "reservation": {"range": [0.2, 0.4]}},
                "bob": {**party, "aims": {"pay": 0}, "reservation": {"range": [0.2, 0.4], "shared": "pace"}},
            },
            "distrust": {"Ann": {"bob": {"range": [0, 1]}}, "bob": {"Ann": {"range": [0, 1], "shared": "pace"}}},
        }
    )


def played(case: Scenario, weights: dict[str, float], power: float = 1.0) -> NDArray[np.int64]:
    """Counts of draws that settle with a chance of .2 + .6·Σ weight·u^power of the streams in `weights`."""
    numbers = np.arange(DRAWS)
    chance = 0.2 + 0.6 * sum(
        weight * draw_range_points(case.seed, numbers, stream) ** power for stream, weight in weights.items()
    )
    return np.random.default_rng(0).binomial(PLAYS, chance)


@pytest.mark.parametrize("first", [0.9, 0.8, 0.7, 0.6])
def test_the_share_is_that_of_an_additive_case(case: Scenario, first: float) -> None:
    """Of a·u + b·v, both uniform, the first explains a²/(a² + b²)."""
    second = 1.0 - first
    known = first**2 / (first**2 + second**2)
    found = carrier(case, played(case, {ANN: first, BOB: second}), PLAYS)
    assert found is not None and found["paths"] == [ANN]
    assert found["share"] == pytest.approx(known, abs=0.09)


def test_it_need_not_rise_or_be_straight(case: Scenario) -> None:
    """A share that falls and rises again has no rank correlation with what it hangs on, and all of its variance."""
    points = draw_range_points(case.seed, np.arange(DRAWS), ANN)
    counts = np.random.default_rng(0).binomial(PLAYS, 0.1 + 0.8 * (2 * points - 1) ** 2)
    found = carrier(case, counts, PLAYS)
    assert found is not None and found["share"] > 0.9


def test_what_is_drawn_together_is_one(case: Scenario) -> None:
    found = carrier(case, played(case, {"shared:pace": 1.0}), PLAYS)
    assert found is not None
    assert sorted(found["paths"]) == ["distrust.bob.Ann", "parties.bob.reservation"]


def test_nothing_is_said_of_equals(case: Scenario) -> None:
    third = 1.0 / 3.0
    assert carrier(case, played(case, {ANN: third, BOB: third, "shared:pace": third}), PLAYS) is None


def test_nothing_is_said_where_shares_differ_by_noise_alone(case: Scenario) -> None:
    assert carrier(case, np.random.default_rng(1).binomial(PLAYS, 0.5, DRAWS), PLAYS) is None
    assert carrier(case, np.zeros(DRAWS, dtype=np.int64), PLAYS) is None


def test_without_an_effect_the_explained_variance_is_nothing_on_average() -> None:
    luck = np.random.default_rng(2)
    found = [explained_variance(luck.random(512), luck.random(512)) for _ in range(200)]
    assert np.mean(found) < 0.01 / 12


def test_a_run_says_it_in_one_line_and_keeps_it(case: Scenario, tmp_path: Path) -> None:
    from rich.console import Console

    from sim.output.tables.ensemble_table import ensemble_table
    from sim.study.ensemble import run
    from sim.study.execution.assumption_range_runs import spreads_of, with_spread

    result = run(case, runs=50, out=tmp_path, name="pay", spread=False)
    counts = np.array([played(case, {ANN: 1.0}), played(case, {ANN: 1.0}), played(case, {ANN: 1.0})])
    summary = with_spread(result.summary, spreads_of(counts, 52, case))
    assert summary["spread"] is not None and summary["spread"]["carrier"]["paths"] == [ANN]
    console = Console(width=80, no_color=True)
    with console.capture() as capture:
        console.print(ensemble_table(summary, case))
    said = " ".join(capture.get().split())
    assert "One assumption carries most of that range: Ann's value of no settlement explains" in said
