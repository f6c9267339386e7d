"""Where theory says that a settlement is possible, over two parameters: against closed forms of the textbook case."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.scenario.loading.assignment import assign
from sim.scenario.loading.scenario_loader import load_scenario
from sim.scenario.model.schema import Scenario
from sim.study.design.design_points import Axis
from sim.study.theory_boundary import CELLS, Boundary, boundary

ROOT = Path(__file__).parents[2]

DISTRUST = Axis("distrust", (0.0, 1.0))


@pytest.fixture(scope="module")
def guarded() -> Scenario:
    """The textbook case with a guarantor whom both believe."""
    textbook = load_scenario(ROOT / "scenarios" / "textbook.yaml")
    return assign(textbook, {"guarantors.g": 0.5, "distrust.a.g": 0, "distrust.b.g": 0})


def greatest(found: Boundary, way: str) -> np.ndarray:
    """Up to which place across a way is open, for each place upwards; it must be open up to there and not beyond."""
    possible = found.ways[way]
    assert (np.diff(possible.astype(int), axis=1) <= 0).all()
    return np.array([found.across[row][-1] if row.any() else np.nan for row in possible])


def test_distrust_by_guarantee(guarded: Scenario) -> None:
    """d* of the mediator's text is .4; a guarantee γ leaves d·(1 − γ) of the risk, so that d* = .4/(1 − γ)."""
    found = boundary(guarded, DISTRUST, Axis("guarantors.g", (0.0, 0.9)))
    assert found is not None
    assert set(found.ways) == {"direct", "mediator", "guaranteed"}
    assert all(possible.shape == (CELLS, CELLS) for possible in found.ways.values())
    cell = found.across[1]
    np.testing.assert_allclose(greatest(found, "direct"), 4 / 15, atol=cell)
    np.testing.assert_allclose(greatest(found, "mediator"), 0.4, atol=cell)
    np.testing.assert_allclose(greatest(found, "guaranteed"), np.minimum(1, 0.4 / (1 - found.up)), atol=cell)
    at_half = greatest(found, "guaranteed")[np.abs(found.up - 0.5).argmin()]
    assert at_half == pytest.approx(0.8, abs=2 * cell)


def test_each_way_is_open_exactly_where_the_closed_form_says(guarded: Scenario) -> None:
    found = boundary(guarded, DISTRUST, Axis("guarantors.g", (0.0, 0.9)))
    assert found is not None
    across, up = np.meshgrid(found.across, found.up)
    margin = 0.4 - across * (1 - up)
    clear = np.abs(margin) > 1e-6
    np.testing.assert_array_equal(found.ways["guaranteed"][clear], margin[clear] > 0)


def test_both_parties_count(guarded: Scenario) -> None:
    """One's distrust by the other's: the first needs u ≥ .3/(1 − d_a), the second u ≥ .3/(1 − d_b) of the rest."""
    found = boundary(guarded, Axis("distrust.a.b", (0.0, 1.0)), Axis("distrust.b.a", (0.0, 1.0)))
    assert found is not None
    across, up = np.meshgrid(found.across, found.up)
    with np.errstate(divide="ignore"):
        margin = 1 - 0.3 / (1 - across) - 0.3 / (1 - up)
    clear = np.abs(margin) > 1e-6
    np.testing.assert_array_equal(found.ways["mediator"][clear], margin[clear] > 0)


def test_axes_go_from_their_least_to_their_greatest_value(guarded: Scenario) -> None:
    found = boundary(guarded, Axis("distrust", (0.9, 0.1, 0.5)), Axis("guarantors.g", (0.3, 0.2)))
    assert found is not None
    assert (found.across[0], found.across[-1]) == (0.1, 0.9)
    assert (found.up[0], found.up[-1]) == (0.2, 0.3)
    assert len(found.across) == len(found.up) == CELLS


def test_other_ranges_are_at_their_middle(guarded: Scenario) -> None:
    ranged = assign(guarded, {"parties.*.reservation": {"range": [0.2, 0.4]}})
    up = Axis("guarantors.g", (0.0, 0.9))
    one, other = boundary(guarded, DISTRUST, up), boundary(ranged, DISTRUST, up)
    assert one is not None and other is not None
    assert all((one.ways[way] == other.ways[way]).all() for way in one.ways)


def test_tools_that_are_not_there_are_no_ways(guarded: Scenario) -> None:
    alone = assign(guarded, {"mediator": None})
    found = boundary(alone, DISTRUST, Axis("parties.*.reservation", (0.0, 0.5)))
    assert found is not None
    assert set(found.ways) == {"direct", "guaranteed"}


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("rounds", (4, 12)),
        ("implementation.periods", (10, 60)),
        ("guarantors.g", (-1.0, 0.5)),
        ("mediator.bias.nobody", (0.0, 1.0)),
    ],
)
def test_of_some_parameters_theory_cannot_say(guarded: Scenario, path: str, values: tuple[float, ...]) -> None:
    """Of whole numbers, of values that are not allowed, and of what is not there."""
    assert boundary(guarded, DISTRUST, Axis(path, values)) is None
    assert boundary(guarded, Axis(path, values), DISTRUST) is None


def test_words_cannot_be_asked_about(guarded: Scenario) -> None:
    with pytest.raises(ValueError, match="not varied over numbers"):
        boundary(guarded, DISTRUST, Axis("mediator.style", ("facilitation", "formulation")))


def test_over_decades_theory_is_asked_at_places_of_one_ratio(guarded: Scenario) -> None:
    found = boundary(guarded, Axis("distrust", (0.001, 1.0), log=True), Axis("guarantors.g", (0.0, 0.9)))
    assert found is not None
    np.testing.assert_allclose(np.diff(np.log(found.across)), np.log(1000) / (CELLS - 1))
    np.testing.assert_allclose(np.diff(found.up), 0.9 / (CELLS - 1))
    last = greatest(found, "mediator")
    assert ((last <= 0.4) & (last * 1000 ** (1 / (CELLS - 1)) >= 0.4)).all()
