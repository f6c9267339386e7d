"""After the signature: who breaks a settlement, when and why, against closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import betaln

from sim.negotiation.model import Negotiation
from tests.negotiation.cases import PIE, outcomes, scenario

MANY = 4000


def signed(runs=1, floor=0.67, **changes):
    """Outcomes of the pie when all settle in round 1; from `floor` .67 on it is the mediator's text that they sign."""
    negotiation = Negotiation(scenario(PIE, **changes), runs)
    negotiation.first_floor = np.full(runs, floor)
    negotiation.run_model()
    found = negotiation.outcomes()
    assert set(found["outcome"]) == {"settlement"}
    assert set(found["round"]) == {1}
    return found


def assert_survival(held, n, expected):
    """Assert that the share of settlements that hold through period n is the expected one, within 4 standard errors."""
    error = math.sqrt(expected * (1 - expected) / len(held))
    assert 0 < expected < 1
    assert abs(np.mean(held >= n) - expected) <= 4 * error, (n, np.mean(held >= n), expected)


def assert_fate(found, held, cause, by):
    assert set(zip(found["held"], found["cause"], found["broken_by"], strict=True)) == {(held, cause, by)}


def test_what_nobody_has_reason_to_break_holds_to_the_end():
    assert_fate(signed(20, implementation__periods=50), 50, "", "")


def test_without_a_settlement_there_is_nothing_to_break():
    found = outcomes(scenario(PIE, distrust=1.0, parties__a__reliability=0.0), 20)
    assert set(found["outcome"]) == {"impasse"}
    assert_fate(found, -1, "", "")


# --- by interest ------------------------------------------------------------------------------------------------

PRESSED = {
    "parties.a.reservation": 0.4,
    "parties.b.reservation": 0.7,
    "distrust.b.m": 0.5,
    "parties.b.devaluation": 0.0,
    "mediator.style": "manipulation",
    "mediator.leverage.b": 0.3,
}
"""Leverage of .3·½ opens [.4, .45] for the mediator's text: it gives b .575, which is .125 short of its .7."""


@pytest.mark.parametrize("decay", [0.01, 0.05, 0.3])
def test_leverage_that_has_faded_below_the_shortfall_no_longer_holds(decay):
    """t_c = ln(L/g)/η with L = .15 and g = .125; broken in the first period after it."""
    found = signed(**PRESSED, mediator__leverage_decay=decay, implementation__periods=100)
    assert found["utility.b"][0] == pytest.approx(0.575, abs=1e-6)
    collapse = math.log(0.15 / 0.125) / decay
    assert_fate(found, math.floor(collapse), "interest", "b")


def test_the_time_of_collapse_for_shortfalls_that_differ():
    """The wider b's reservation, the larger its shortfall: each run by its own t_c."""
    found = signed(
        300, **{**PRESSED, "parties.b.reservation": {"range": [0.62, 0.74]}}, mediator__leverage_decay=0.02,
        implementation__periods=200,
    )  # fmt: skip
    floor = 2 * (0.5 - (found["utility.b"] - 0.5)) - 0.4  # x halfway between .4 and 1 − (r_b − .15)
    short = (1 - floor + 0.15) - found["utility.b"]
    collapse = np.log(0.15 / short) / 0.02
    assert (np.abs(collapse - np.round(collapse)) > 1e-2).sum() > 200
    sure = np.abs(collapse - np.round(collapse)) > 1e-2
    assert (found["held"][sure] == np.floor(collapse[sure])).all()
    assert len(set(found["held"])) > 10


def test_leverage_that_does_not_fade_holds_for_ever():
    assert_fate(signed(**PRESSED, implementation__periods=500), 500, "", "")


def test_leverage_over_terms_that_need_none_does_no_harm():
    found = signed(**{**PRESSED, "parties.b.reservation": 0.4}, mediator__leverage_decay=5.0)
    assert_fate(found, 10, "", "")


TURNING = {"battlefield__drift": 0.011, "parties__a__front": 1, "implementation__periods": 60}
"""The war goes a's way by .011 a period: once, r_a = .311 in round 1, and r_b, of front 0, stays .3."""


def first_period(margin, drift):
    return math.floor(margin / drift) + 1


def test_a_party_breaks_when_the_battlefield_promises_more_than_the_settlement():
    found = signed(**TURNING)
    margin = found["utility.a"][0] - 0.311
    assert margin == pytest.approx(0.389 / 2, abs=1e-6)
    assert_fate(found, first_period(margin, 0.011) - 1, "interest", "a")
    assert found["held"][0] == 17


def test_the_front_says_whom_the_battlefield_helps():
    assert_fate(signed(**{**TURNING, "parties__a__front": 0}), 60, "", "")
    assert_fate(signed(**{**TURNING, "parties__a__front": -1, "battlefield__drift": -0.011}), 17, "interest", "a")
    assert_fate(signed(**{**TURNING, "parties__a__front": 0, "parties__b__front": 1}), 17, "interest", "b")


@pytest.mark.parametrize(
    ("penalty", "guarantee", "held"), [(0.0, 0.5, 17), (0.1, 0.0, 17), (0.1, 0.5, 22), (1.0, 0.5, 60)]
)
def test_a_penalty_deters_as_far_as_it_is_guaranteed(penalty, guarantee, held):
    """u − r = .1945 and penalty·G on top: broken when .011·n exceeds it."""
    found = signed(**TURNING, **{"guarantors.g": guarantee, "implementation.penalty": penalty})
    margin = 0.1945 + penalty * guarantee
    assert held == min(first_period(margin, 0.011) - 1, 60)
    assert found["held"][0] == held


def test_two_guarantors_deter_as_one_of_their_product():
    found = signed(**TURNING, **{"guarantors.g": 0.5, "guarantors.h": 0.5, "implementation.penalty": 0.1})
    assert found["held"][0] == first_period(0.1945 + 0.075, 0.011) - 1


def test_war_costs_stop_at_signature_and_stay_where_they_are():
    """One round of war has cost a .05: r_a = .261 from then on, neither .311 nor falling further."""
    found = signed(**TURNING, parties__a__war_cost=0.05)
    margin = found["utility.a"][0] - 0.261
    assert margin == pytest.approx((1 - 0.261 - 0.3) / 2, abs=1e-6)
    assert_fate(found, first_period(margin, 0.011) - 1, "interest", "a")
    assert found["held"][0] == 19


def test_of_two_that_break_at_once_it_is_the_one_that_gains_more():
    """With bias to a the text gives b less: in period 1 the battlefield is worth more than either share."""
    late = {"battlefield.drift": 0.0, "parties.*.front": 1, "mediator.bias.a": 0.8}
    events = [{"round": 1, "set": {"battlefield.drift": 0.9}}]
    negotiation = Negotiation(scenario({**PIE, "events": events}, **late), 1)
    negotiation.first_floor = np.full(1, 0.67)
    negotiation.run_model()
    found = negotiation.outcomes()
    assert found["utility.a"][0] > found["utility.b"][0]
    assert_fate(found, 0, "interest", "b")


def test_a_random_walk_crosses_the_margin_as_often_as_another_simulation_says():
    runs, periods, volatility = MANY, 60, 0.03
    found = signed(
        runs, battlefield__volatility=volatility, parties__a__front=1, implementation__periods=periods,
        parties__a__reservation={"value": 0.3},
    )  # fmt: skip
    rng = np.random.default_rng(8)
    begun = volatility * rng.standard_normal(runs * 5)
    margin = (1 - (0.3 + begun) - 0.3) / 2  # the mediator splits what is above r_a and r_b evenly
    walks = np.cumsum(volatility * rng.standard_normal((runs * 5, periods)), axis=1)
    for n in (10, 30, 60):
        expected = np.mean((walks[:, :n] <= margin[:, None]).all(axis=1))
        error = math.sqrt(expected * (1 - expected) * (1 / runs + 1 / (5 * runs)))
        assert 0.05 < expected < 0.999
        assert abs(np.mean(found["held"] >= n) - expected) < 4 * error
    assert set(found["cause"]) == {"", "interest"}
    assert set(found["broken_by"]) == {"", "a"}


# --- by type ----------------------------------------------------------------------------------------------------


def test_breach_by_type_has_a_constant_hazard():
    found = signed(MANY, parties__a__reliability=0.97, parties__b__reliability=0.99, implementation__periods=40)
    for n in (1, 5, 20, 40):
        assert_survival(found["held"], n, (0.97 * 0.99) ** n)
    broken = found["cause"] == "type"
    assert (broken == (found["held"] < 40)).all()
    assert ((found["broken_by"] == "") == ~broken).all()
    first = math.log(0.97) / (math.log(0.97) + math.log(0.99))
    share = np.mean(found["broken_by"][broken] == "a")
    assert abs(share - first) < 4 * math.sqrt(first * (1 - first) / broken.sum())


def test_a_party_that_never_complies_breaks_at_once():
    assert_fate(signed(30, parties__b__reliability=0.0), 0, "type", "b")


@pytest.mark.parametrize(("keeps", "breaks"), [(8, 2), (2, 8), (1, 1), (20, 0.5)])
def test_a_beta_range_of_reliability_is_a_frailty(keeps, breaks):
    """h from Beta(keeps, breaks): 1 − h is Beta(breaks, keeps), S(n) = B(breaks, keeps + n)/B(breaks, keeps)."""
    found = signed(MANY, **{"parties.a.reliability": {"beta": [keeps, breaks]}, "implementation.periods": 60})
    for n in (1, 3, 10, 60):
        expected = math.exp(betaln(breaks, keeps + n) - betaln(breaks, keeps))
        if expected > 5e-3:
            assert_survival(found["held"], n, expected)


def test_a_frailty_makes_the_hazard_fall():
    held = signed(MANY, **{"parties.a.reliability": {"beta": [8, 2]}, "implementation.periods": 60})["held"]
    early, late = (np.mean(held[held >= n] < n + 5) for n in (0, 20))  # .60 and .28, from 72/((8 + n)·(9 + n))
    assert early > 1.5 * late


@pytest.mark.parametrize("believed", [0.0, 1.0])
def test_a_guarantee_holds_types_to_their_word_in_fact_believed_or_not(believed):
    data = {**PIE, "guarantors": {"g": 0.6, "h": 0.5}}
    case = scenario(data, **{"distrust.*.g": believed, "parties.*.reliability": 0.95, "implementation.periods": 30})
    found = outcomes(case, MANY)
    assert set(found["outcome"]) == {"settlement"}
    for n in (1, 10, 30):
        assert_survival(found["held"], n, (1 - 0.05 * 0.4 * 0.5) ** (2 * n))


def test_what_pays_is_broken_by_interest_before_any_type_shows():
    """In period 1 the war promises a more than peace, and b is of the kind that never complies."""
    events = [{"round": 1, "set": {"battlefield.drift": 0.9}}]
    at_once = {"parties.a.front": 1, "parties.b.reliability": 0.0}
    assert_fate(outcomes(scenario({**PIE, "events": events}, **at_once), 20), 0, "interest", "a")
    later = {**TURNING, "parties__b__reliability": 0.0}
    assert_fate(signed(20, **later), 0, "type", "b")


def test_whichever_comes_first_breaks_it():
    found = signed(MANY, **TURNING, parties__b__reliability=0.95)
    by_type = found["cause"] == "type"
    assert_survival(found["held"], 17, 0.95**17)
    assert set(found["held"][~by_type]) == {17}
    assert set(found["broken_by"][~by_type]) == {"a"}
    assert found["held"][by_type].max() <= 17


def test_settlements_of_different_rounds_are_each_held_to_their_own_terms():
    """Runs that settle late are bound by the beliefs and parameters of the round in which they sign."""
    case = scenario(
        {**PIE, "events": [{"round": 4, "set": {"parties.a.reliability": 0.0}}]},
        **{"parties.a.contact_aversion": 1.0, "distrust.a.b": 0.3, "mediator.shuttle": 0.0, "rounds": 30},
        **{"parties.*.betrayal_loss": 0.0, "parties.*.devaluation": 0.0},
    )
    found = outcomes(case, 400)
    late = found["round"] >= 4
    assert set(found["outcome"]) == {"settlement"}
    assert 0 < late.mean() < 0.5
    assert set(found["held"][late]) == {0}
    assert set(found["held"][~late]) == {10}


def test_a_settlement_meets_the_battlefield_of_its_own_run():
    """Where only some runs settle, those after them keep their own luck: alone, each comes to the same end."""
    case = scenario(
        PIE,
        **{"rounds": 1, "sharpness": 2.0, "parties.*.concession": 0.5, "battlefield.volatility": 0.05},
        **{"parties.*.front": 1, "implementation.periods": 40},
    )
    found = outcomes(case, 60)
    settled = np.flatnonzero(found["outcome"] == "settlement")
    assert 5 < len(settled) < 55
    assert len(set(found["held"][settled])) > 5
    for run in settled:
        assert outcomes(case, 1, int(run))["held"][0] == found["held"][run]


# --- fear -------------------------------------------------------------------------------------------------------

AFRAID = {
    "parties.a.reservation": 0.4,
    "parties.b.reservation": 0.5,
    "distrust.b.a": 0.4,
    "distrust.b.m": 0.5,
    "parties.b.devaluation": 0.0,
    "mediator.style": "manipulation",
    "mediator.leverage.b": 0.3,
    "implementation.front": 0.0,
}
"""b would lose .3 of what it has without a settlement: at a distrust of .4 terms are worth u − .4·(u − .2) to it."""


def value_of_keeping(utility, distrust):
    return utility - distrust * (utility - (0.5 - 0.3))


@pytest.mark.parametrize("decay", [0.01, 0.05, 0.3])
def test_leverage_that_has_faded_below_the_price_of_fear_no_longer_holds(decay):
    """At q = 0: V < r ≤ V + L, broken in period ⌊t_c⌋ + 1 with t_c = ln(L(1 − d_M)/(r − V))/η, though u > r."""
    found = signed(**AFRAID, mediator__leverage_decay=decay, implementation__periods=100)
    utility = found["utility.b"][0]
    gap = 0.5 - value_of_keeping(utility, 0.4)
    assert utility > 0.5 and 0 < gap < 0.15
    assert_fate(found, math.floor(math.log(0.15 / gap) / decay), "fear", "b")


@pytest.mark.parametrize("monitoring", [0.002, 0.01, 0.05, 1.0])
def test_quiet_that_is_watched_outruns_fading_leverage_or_does_not(monitoring):
    """Kept iff r − V(n) ≤ L(1 − d_M)·e^(−ηn) in every period n, d(n) by Bayes' rule after n quiet periods."""
    decay, periods = 0.03, 100
    found = signed(
        **AFRAID, mediator__leverage_decay=decay, implementation__periods=periods, implementation__monitoring=monitoring
    )
    utility = found["utility.b"][0]
    n = np.arange(1, periods + 1)
    quiet = 0.4 * (1 - monitoring) ** n
    gap = 0.5 - value_of_keeping(utility, quiet / (quiet + 0.6))
    failing = n[gap > 0.15 * np.exp(-decay * n)]
    held = failing[0] - 1 if failing.size else periods
    assert_fate(found, held, "fear" if failing.size else "", "b" if failing.size else "")


def test_both_ends_of_monitoring_occur():
    ends = [
        signed(**AFRAID, mediator__leverage_decay=0.03, implementation__periods=100, implementation__monitoring=q)[
            "held"
        ][0]
        for q in (0.002, 0.05)
    ]
    assert ends[0] < 100 == ends[1]


def test_an_authors_last_text_is_worth_exactly_war_to_it_and_is_kept():
    """Without the tolerance rounding would decide: concessions are over, so that the author keeps its bare least."""
    case = scenario(
        PIE,
        **{"mediator": None, "parties.a.reservation": 0.413, "parties.b.reservation": 0.35},
        **{"implementation.front": 0.0, "distrust": {"range": [0.0, 0.3]}, "parties.*.betrayal_loss": 0.07},
        **{"parties.*.devaluation": 0.0},
    )  # fmt: skip
    found = outcomes(case, 500)
    settled = found["outcome"] == "settlement"
    assert settled.all()
    assert set(found["held"]) == {10}
    assert set(found["below_war"]) == {0}


SLIPPED = {"sharpness": 2.0, "mediator": None, "rounds": 1, "implementation.front": 0.0}
"""Decisions so careless that people sign for less than war."""


def test_what_was_signed_for_less_than_war_is_recorded_and_broken_at_once():
    found = outcomes(scenario(PIE, **SLIPPED, **{"parties.*.concession": 0.2, "parties.*.reservation": 0.6}), 400)
    settled = found["outcome"] == "settlement"
    other = np.where(found["by"] == "a", found["utility.b"], found["utility.a"])
    below = settled & (other < 0.6)
    assert 20 < below.sum() < 400
    assert (found["below_war"] == below).all()
    assert set(found["held"][below]) == {0}
    assert set(found["cause"][below]) == {"interest"}


def test_violations_happen_at_their_share_of_the_wartime_rate_and_raise_fear():
    """One violation of size 1 with λ⁻ = 1 makes a sure of betrayal: r = .3 is more than s = 0, so it breaks by fear."""
    quiet = {
        "implementation.front": 0.0,
        "incidents.rate.b": 0.4,
        "incidents.severity": 1.0,
        "parties.a.trust_loss": 1.0,
    }
    case = scenario(
        PIE, **quiet, **{"implementation.violations": 0.25, "implementation.periods": 40, "rounds": 1, "distrust": 0.0},
        **{"incidents.rate.a": 0.0, "parties.*.devaluation": 0.0},
    )  # fmt: skip
    found = outcomes(case, MANY)
    kept = found["outcome"] == "settlement"
    assert kept.mean() > 0.3
    for n in (1, 5, 20):
        assert_survival(found["held"][kept], n, 0.9**n)
    assert set(found["cause"][kept]) == {"", "fear"}
    assert set(found["broken_by"][kept]) == {"", "a"}


def test_a_guarantee_keeps_fear_down_as_it_did_at_signing():
    """γ = .9, fully believed: b keeps while r − V ≤ L(1 − d_M)·e^(−ηn), V at a distrust of .4·.1."""
    data = {**PIE, "guarantors": {"g": 0.9}}
    watched = {"mediator.leverage_decay": 0.02, "implementation.periods": 100}
    negotiation = Negotiation(scenario(data, **{**AFRAID, **watched, "distrust.*.g": 0.0}), 1)
    negotiation.first_floor = np.full(1, 0.67)
    negotiation.run_model()
    found = negotiation.outcomes()
    gap = 0.5 - value_of_keeping(found["utility.b"][0], 0.04)
    assert 0 < gap < 0.15
    assert found["held"][0] == math.floor(math.log(0.15 / gap) / 0.02)


def test_the_front_freezes_by_default():
    frozen = {key: value for key, value in PIE.items() if key != "implementation"}
    found = outcomes(scenario(frozen, battlefield__drift=0.05, parties__a__front=1, distrust=0.0), 20)
    assert set(found["held"]) == {260}
