"""What theory says before anything runs, against the closed forms it was derived from."""

from __future__ import annotations

import copy
import math

import numpy as np
import pytest
from scipy.optimize import brentq

from sim.negotiation.inspection.theoretical_predictions import analyse
from tests.negotiation.cases import FULL, PIE, outcomes, scenario

CLOSE = 1e-5
"""The mediator's text needs a zone of some width, which moves a threshold a little below the closed form."""


@pytest.fixture(autouse=True)
def few_draws(request, monkeypatch):
    """Draw the spread of ranges from fewer runs where it is not what is tested: the rest does not depend on it."""
    if "spread" not in request.node.name:
        monkeypatch.setattr("sim.negotiation.inspection.theoretical_predictions._DRAWS", 5)


def theory(**changes):
    data = copy.deepcopy(PIE)
    guarantors = {name.split("__")[1]: changes.pop(name) for name in list(changes) if name.startswith("guarantors__")}
    return analyse(scenario({**data, "guarantors": guarantors}, **changes))


@pytest.mark.parametrize(("r", "betrayal"), [(0.3, 0.3), (0.3, 0.1), (0.45, 0.2), (0.1, 0.9)])
@pytest.mark.parametrize(("loss", "middle"), [("linear", 0.5), ("quadratic", 0.75)])
def test_symmetric_critical_distrust(r, betrayal, loss, middle):
    """d* = (M − r)/(M − s), M the utility of both at the middle of the pie."""
    found = theory(**{"loss": loss, "parties.*.reservation": r, "parties.*.betrayal_loss": betrayal})
    assert found.critical["mediator"] == pytest.approx((middle - r) / (middle - r + betrayal), abs=CLOSE)


def test_symmetric_critical_distrust_with_log_rolling():
    """Two issues of mirror weights (w, 1 − w): both can have w, so d* = (w − r)/(w − s)."""
    data = copy.deepcopy(PIE)
    data["issues"]["other"] = {}
    for party, weight in (("a", 0.7), ("b", 0.3)):
        data["parties"][party]["aims"]["other"] = data["parties"][party]["aims"]["share"]
        data["parties"][party]["salience"] = {"share": weight, "other": 1 - weight}
    found = analyse(scenario(data))
    assert found.critical["mediator"] == pytest.approx(0.4 / 0.7, abs=CLOSE)
    assert found.nash == {"share": pytest.approx(1.0, abs=1e-6), "other": pytest.approx(0.0, abs=1e-6)}


def asymmetric(width):
    """Root in d of a zone's width, the floors of .25 and .4 with losses .2 and .1 put into it."""
    floors = lambda d: (0.25 + 0.2 * d / (1 - d), 0.4 + 0.1 * d / (1 - d))  # noqa: E731
    return brentq(lambda d: width(*floors(d)), 0.0, 0.9)


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        ("linear", asymmetric(lambda a, b: 1 - a - b)),
        ("quadratic", asymmetric(lambda a, b: math.sqrt(max(1 - a, 0)) + math.sqrt(max(1 - b, 0)) - 1)),
    ],
)
def test_asymmetric_critical_distrust(loss, expected):
    """Linear: R_A + R_B ≤ 1. Quadratic: √(1 − R_A) + √(1 − R_B) ≥ 1. R = r + ℓ·d/(1 − d)."""
    found = theory(
        loss=loss, parties__a__reservation=0.25, parties__a__betrayal_loss=0.2, parties__b__reservation=0.4,
        parties__b__betrayal_loss=0.1,
    )  # fmt: skip
    assert found.critical["mediator"] == pytest.approx(expected, abs=CLOSE)


@pytest.mark.parametrize(("d_b", "zone"), [(0.56, True), (0.58, False)])
def test_fear_on_one_side_only(d_b, zone):
    """d_B* = (1 − r_A − r_B)/(1 − r_A − s_B) = .4/.7 with d_A = 0."""
    found = theory(distrust__b__a=d_b)
    assert found.zone is zone
    assert (found.nash is not None) is zone
    assert found.floors["a"] == pytest.approx(0.3)
    assert found.floors["b"] == pytest.approx(0.3 + 0.3 * d_b / (1 - d_b))


@pytest.mark.parametrize("strength", [0.2, 0.5])
def test_a_guarantee_stretches_the_critical_distrust(strength):
    """d*/(1 − γ), γ counted as far as the guarantor is believed; up to 1."""
    assert theory(guarantors__g=strength).critical["guaranteed"] == pytest.approx(0.4 / (1 - strength), abs=CLOSE)
    half = theory(guarantors__g=strength, **{"distrust.*.g": 0.5})
    assert half.critical["guaranteed"] == pytest.approx(0.4 / (1 - strength / 2), abs=CLOSE)
    assert half.critical["mediator"] == pytest.approx(0.4, abs=CLOSE)


def test_a_strong_guarantee_is_enough_at_any_distrust():
    assert theory(guarantors__g=0.7).critical["guaranteed"] == 1.0


@pytest.mark.parametrize("d", [0.41, 0.5, 0.8, 1.0])
def test_the_least_guarantee(d):
    """γ_min = 1 − d*/d."""
    assert theory(distrust=d).least_guarantee == pytest.approx(1 - 0.4 / d, abs=CLOSE)


@pytest.mark.parametrize("d", [0.0, 0.2, 0.39])
def test_where_there_is_a_zone_no_guarantee_is_needed(d):
    assert theory(distrust=d).least_guarantee == 0.0


def test_the_least_guarantee_is_counted_on_top_of_those_there_are():
    """At d = .8 a guarantee of .25 leaves d̃ = .6, and 1 − .4/.6 of that is still missing."""
    assert theory(distrust=0.8, guarantors__g=0.25).least_guarantee == pytest.approx(1 / 3, abs=CLOSE)


@pytest.mark.parametrize(("r", "betrayal", "rho"), [(0.3, 0.3, 0.5), (0.3, 0.3, 0.0), (0.4, 0.1, 0.2)])
def test_direct_talks_are_limited_by_devaluation_too(r, betrayal, rho):
    """d_dir = (1 − 2r)/(1 − 2s + ρ)."""
    found = theory(**{"parties.*.reservation": r, "parties.*.betrayal_loss": betrayal, "parties.*.devaluation": rho})
    assert found.critical["direct"] == pytest.approx((1 - 2 * r) / (1 - 2 * (r - betrayal) + rho), abs=1e-9)


def test_devaluation_alone():
    """Without anything to lose by betrayal, s = r: d_dir solves (1 − d)(1 − r) + d·r − ρ·d = r at equal r."""
    found = theory(**{"parties.*.betrayal_loss": 0.0})
    assert found.critical["direct"] == pytest.approx(0.4 / (0.4 + 0.5), abs=1e-9)


@pytest.mark.parametrize(("d_am", "d_bm"), [(0.0, 0.0), (0.1, 0.2), (0.2, 0.1), (0.3, 0.0), (0.25, 0.25)])
def test_a_distrusted_mediator(d_am, d_bm):
    """d*_M = (1 − 2r − ρ·(d_AM + d_BM))/(1 − 2s): only the sum of both distrusts counts."""
    found = theory(distrust__a__m=d_am, distrust__b__m=d_bm)
    assert found.critical["mediator"] == pytest.approx(0.4 - 0.5 * (d_am + d_bm), abs=CLOSE)
    beats = found.critical["mediator"] > found.critical["direct"]
    assert beats == (d_am + d_bm < 4 / 15)


@pytest.mark.parametrize(("style", "critical"), [("formulation", 0.4), ("manipulation", 0.5)])
def test_leverage_stretches_the_critical_distrust_under_manipulation(style, critical):
    """Leverage of .05 on each lowers both floors: 2·(r − L) − 2·s·d = 1 − d at s = 0."""
    found = theory(**{"mediator.style": style, "mediator.leverage": 0.05})
    assert found.critical["mediator"] == pytest.approx(critical, abs=CLOSE)


def test_the_four_regimes_of_the_pie():
    found = theory(guarantors__g=0.5)
    assert found.critical == {
        "direct": pytest.approx(4 / 15, abs=1e-9),
        "mediator": pytest.approx(0.4, abs=CLOSE),
        "guaranteed": pytest.approx(0.8, abs=CLOSE),
    }


def test_tools_that_are_not_there_have_no_critical_distrust():
    alone = theory(mediator=None)
    assert alone.critical == {"direct": pytest.approx(4 / 15)}
    assert {*theory().critical} == {"direct", "mediator"}
    assert {*theory(guarantors__g=0.0).critical} == {"direct", "mediator"}


def test_the_least_guarantee_needs_no_mediator():
    assert theory(mediator=None, distrust=0.8).least_guarantee == pytest.approx(0.5, abs=CLOSE)


def test_what_is_impossible_even_without_distrust():
    found = theory(guarantors__g=0.9, **{"parties.*.reservation": 0.6})
    assert found.critical == {"direct": None, "mediator": None, "guaranteed": None}
    assert found.zone is False
    assert found.nash is None
    assert found.least_guarantee is None
    assert found.spread["mediator"].exists == 0.0
    assert found.spread["mediator"].low is None


def test_preconditions_narrow_the_zone():
    """f_A + f_B ≤ Z = .4 at no distrust, and R = r + f."""
    found = theory(**{"parties.*.precondition": 0.15})
    assert found.floors == {"a": pytest.approx(0.45), "b": pytest.approx(0.45)}
    assert found.critical["mediator"] == pytest.approx(0.1, abs=CLOSE)
    assert theory(**{"parties.*.precondition": 0.21}).zone is False


def test_floors_count_guarantees_and_the_war_costs_of_the_first_round():
    found = theory(distrust=0.5, guarantors__g=0.4, parties__a__war_cost=0.02)
    assert found.floors["a"] == pytest.approx(0.28 + 0.3 * 0.3 / 0.7)
    assert found.floors["b"] == pytest.approx(0.3 + 0.3 * 0.3 / 0.7)
    assert found.nash == {"share": pytest.approx(0.49, abs=1e-6)}


def test_three_parties_are_limited_by_the_product_of_trust():
    """Pairwise issues of equal weight: D = 1 − (1 − d)², so d_3* = 1 − √(1 − d*) at the same M."""
    data = copy.deepcopy(PIE)
    data["issues"] = {"ab": {}, "bc": {}, "ca": {}}
    wants = {"a": {"ab": 1.0, "ca": 0.0}, "b": {"bc": 1.0, "ab": 0.0}, "c": {"ca": 1.0, "bc": 0.0}}
    data["parties"] = {
        name: PIE["parties"]["a"]
        | {"aims": {issue: aims.get(issue, 0.5) for issue in data["issues"]}}
        | {"salience": {issue: float(issue in aims) for issue in data["issues"]}}
        for name, aims in wants.items()
    }
    data["distrust"] = {i: {j: 0.0 for j in "abc" if j != i} for i in "abc"}
    assert analyse(scenario(data)).critical["mediator"] == pytest.approx(1 - math.sqrt(0.6), abs=CLOSE)


def test_the_spread_covers_the_ranges():
    """r from .2 to .4 for both at once: d* = (½ − r)/(½ − r + .3), from .25 to .5 over the range."""
    reservation = {"range": [0.2, 0.4], "shared": "war"}
    found = theory(**{"parties.*.reservation": reservation})
    low, high = ((0.5 - r) / (0.8 - r) for r in (0.39, 0.21))
    assert found.spread["mediator"].low == pytest.approx(low, abs=0.01)
    assert found.spread["mediator"].high == pytest.approx(high, abs=0.01)
    assert found.spread["mediator"].exists == 1.0
    assert found.critical["mediator"] == pytest.approx(0.4, abs=CLOSE)
    assert found.spread["zone"].exists == 1.0


def test_the_spread_says_how_often_there_is_a_zone():
    found = theory(**{"parties.*.reservation": {"range": [0.4, 0.6], "shared": "war"}})
    assert found.spread["zone"].exists == pytest.approx(0.5, abs=4 * math.sqrt(0.25 / 1000))
    assert found.spread["direct"].exists == pytest.approx(found.spread["zone"].exists, abs=2e-3)


@pytest.mark.parametrize("d", [0.2, 0.35, 0.45])
def test_theory_and_simulation_agree_on_what_can_be_settled(d):
    found = theory(distrust=d, guarantors__g=0.0)
    for critical, changes in ((found.critical["direct"], {"mediator": None}), (found.critical["mediator"], {})):
        settled = outcomes(scenario(PIE, distrust=d, **changes), 10)["outcome"] == "settlement"
        assert settled.all() if d < critical else not settled.any()


def test_a_scenario_with_everything_in_it_is_analysed():
    found = analyse(scenario(FULL))
    assert set(found.floors) == {"north", "south"}
    assert 0 < found.critical["mediator"] <= 1
    assert found.critical["guaranteed"] >= found.critical["mediator"]
    assert all(np.isfinite(v) for v in found.floors.values())
    for interval in found.spread.values():
        assert 0 <= interval.exists <= 1
        assert interval.low is None or interval.low <= interval.high
