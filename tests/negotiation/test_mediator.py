"""The mediator's knowledge: what parties confide to it, how far it may misjudge them, and what follows for its texts.

`PIE` is one linear issue that a wants at 1 and b at 0: a text is the share x that goes to a, and u_a = x, u_b = 1 − x.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.negotiation.model import Negotiation
from tests.negotiation.cases import FULL, PIE, assert_same, outcomes, scenario

pytestmark = pytest.mark.quick

MANY = 4000
HOLDING_OUT = {"rounds": 1000, "mediator.shuttle": 0.0, "parties.*.concession": 0.01, "parties.*.devaluation": 0.0}
"""Parties ask for everything until the very end; the floor starts with the mediator (`on_the_floor`)."""


def on_the_floor(runs=1, rounds=1, **changes):
    """The pie after some rounds in which the mediator has the floor first."""
    negotiation = Negotiation(scenario(PIE, **{**HOLDING_OUT, **changes}), runs)
    negotiation.first_floor = np.full(runs, 0.67)
    for _ in range(rounds):
        negotiation.step()
    return negotiation


def share(happened, expected):
    error = math.sqrt(expected * (1 - expected) / len(happened))
    assert 0 < expected < 1
    assert abs(np.mean(happened) - expected) <= 4 * error, (np.mean(happened), expected)


# --- caucus ------------------------------------------------------------------------------------------------------


def test_in_full_confidence_the_mediators_text_is_signed_at_once():
    """χ = 1 and d_iM = 0: what is asked of its text is the least, which it clears wherever there is a zone."""
    negotiation = on_the_floor(50, **{"mediator.caucus": 1.0})
    assert set(negotiation.outcomes()["outcome"]) == {"settlement"}
    assert set(negotiation.outcomes()["by"]) == {"m"}
    assert on_the_floor(50).open.all()


@pytest.mark.parametrize(("caucus", "distrust"), [(0.5, 0.0), (1.0, 0.5), (0.8, 0.25)])
def test_what_is_asked_in_private_falls_by_as_much_as_is_confided(caucus, distrust):
    """Both ask q = 1 and would sign for m = .3; the text is x = .5, and k = 4: 4·(.5 − q'), q' = 1 − χ·(1 − d)·.7."""
    negotiation = on_the_floor(
        MANY, sharpness=4.0, **{"mediator.caucus": caucus, "distrust.a.m": distrust, "distrust.b.m": distrust}
    )
    asks = 1 - caucus * (1 - distrust) * 0.7
    accepts = 1 / (1 + math.exp(4 * (asks - 0.5)))
    for name in "ab":
        assert negotiation.answers[name].chance == pytest.approx(np.full(MANY, accepts), abs=1e-6)
        share(negotiation.answers[name].accepts, accepts)


def test_the_parties_own_texts_are_answered_in_public():
    confiding, silent = (
        Negotiation(scenario(PIE, **{**HOLDING_OUT, "mediator.caucus": caucus, "sharpness": 4.0}), 50)
        for caucus in (1.0, 0.0)
    )
    for negotiation in (confiding, silent):
        negotiation.first_floor = np.zeros(50)
        negotiation.step()
    assert (confiding.answers["b"].chance == silent.answers["b"].chance).all()


def test_what_is_said_in_private_earns_nothing_in_public():
    """b confides in nobody and refuses; a accepts in private alone, and so offers b nothing: no trust grows."""
    private = {"mediator.caucus": 1.0, "distrust.b.m": 1.0, "distrust.b.a": 0.2, "parties.b.trust_gain": 1.0}
    negotiation = on_the_floor(1, **private)
    assert negotiation.answers["a"].accepts.all()
    assert not negotiation.answers["a"].offers.any()
    assert not negotiation.answers["b"].accepts.any()
    assert negotiation.parties["b"].distrust["a"] == [0.2]
    public = on_the_floor(1, **private, **{"parties.a.concession": 1e9})
    assert public.answers["a"].offers.all()
    assert public.parties["b"].distrust["a"][0] < 0.2


# --- misjudgement ------------------------------------------------------------------------------------------------


def tabled(negotiation):
    """Terms of the mediator's texts, (runs,), NaN where it has none."""
    found = np.full(len(negotiation.lane), np.nan)
    stretch = negotiation.text.stretches["m"]
    found[negotiation.text.rows[stretch]] = negotiation.text.mediated[0]
    return found


def test_it_tables_what_clears_the_floors_as_it_sees_them():
    """x = ½ + (e_a − e_b)/2 with errors of sd .05 each, wherever they leave a zone of .4."""
    negotiation = on_the_floor(MANY, **{"mediator.misjudgement": 0.05})
    errors = {name: 0.05 * negotiation.mediator.deviates[name] for name in "ab"}
    expected = 0.5 + (errors["a"] - errors["b"]) / 2
    there = errors["a"] + errors["b"] < 0.4 - 1e-5
    assert tabled(negotiation)[there] == pytest.approx(expected[there], abs=1e-6)
    assert abs(np.std(errors["a"]) - 0.05) < 4 * 0.05 / math.sqrt(2 * MANY)
    assert abs(np.corrcoef(errors["a"], errors["b"])[0, 1]) < 4 / math.sqrt(MANY)


def test_it_may_see_no_zone_where_there_is_one():
    """It sees one where errors of sd .3 each sum to less than .4: with probability Φ(.4/(.3·√2))."""
    negotiation = on_the_floor(MANY, **{"mediator.misjudgement": 0.3})
    share(~np.isnan(tabled(negotiation)), 0.5 * (1 + math.erf(0.4 / (0.3 * math.sqrt(2)) / math.sqrt(2))))


def test_a_text_below_a_true_floor_is_refused_and_resented():
    wrong = {
        "mediator.misjudgement": 0.3,
        "mediator.caucus": 0.0,
        "parties.*.concession": 1e9,
        "mediator.trust_loss": 1,
    }
    negotiation = on_the_floor(200, **{**wrong, "parties.*.trust_loss": 1.0})
    x = tabled(negotiation)
    short = x < 0.3 - 1e-9
    assert short.any()
    assert not negotiation.answers["a"].accepts[np.isin(negotiation.text.rows, np.flatnonzero(short))].any()
    assert negotiation.parties["a"].distrust["m"][short] == pytest.approx((0.3 - x[short]) / 0.3, abs=1e-5)


def test_whoever_confides_is_not_misjudged():
    negotiation = on_the_floor(50, **{"mediator.misjudgement": 0.5, "mediator.caucus": 1.0})
    assert negotiation.outcomes()["terms.share"] == pytest.approx(np.full(50, 0.5), abs=1e-6)


def test_the_error_is_drawn_once_a_run():
    negotiation = on_the_floor(50, **{"mediator.misjudgement": 0.05, "parties.*.war_cost": 0.01})
    first = tabled(negotiation)
    for _ in range(6):
        negotiation.step()
    assert tabled(negotiation) == pytest.approx(first, abs=1e-6)


def test_it_does_not_table_again_what_was_refused_when_it_last_had_the_floor():
    """Nothing moves, so its text would be the same: it hands the floor on, and has forgotten the refusal by then."""
    authors = {}
    for misjudgement in (0.05, 0.0):
        negotiation = on_the_floor(1, 0, **{"mediator.misjudgement": misjudgement})
        authors[misjudgement] = []
        for _ in range(7):
            negotiation.step()
            authors[misjudgement].append(negotiation.text.authors[negotiation.text.author[0]])
    assert authors[0.0][::3] == ["m", "m", "m"]
    assert authors[0.05][0] == authors[0.05][6] == "m"
    assert authors[0.05][3] != "m"


def test_one_that_cannot_be_wrong_tables_the_same_again_whatever_it_may_be_in_other_runs():
    negotiation = on_the_floor(2, 0, **{"mediator.misjudgement": 0.05})
    negotiation.mediator.misjudgement = np.array([0.0, 0.05])
    for _ in range(4):
        negotiation.step()
    authors = [negotiation.text.authors[code] for code in negotiation.text.author]
    assert authors[0] == "m" != authors[1]


def test_under_facilitation_neither_tool_does_anything():
    plain = {**PIE, "mediator": {**PIE["mediator"], "style": "facilitation"}}
    tools = {"mediator.caucus": 1.0, "mediator.misjudgement": 0.3}
    assert_same(outcomes(scenario(plain), 100), outcomes(scenario(plain, **tools), 100))


@pytest.mark.parametrize(
    "path",
    ["mediator.caucus", "mediator.misjudgement", "overtaken", "implementation.violations", "implementation.monitoring"],
)
def test_at_0_each_new_rule_is_exactly_nothing(path):
    """Given as a range that is all but 0, it goes through all its code, and changes no outcome."""
    off = scenario(FULL, **{path: 0.0})
    barely = scenario(FULL, **{path: {"range": [0.0, 1e-300]}})
    assert_same(outcomes(off, 300), outcomes(barely, 300))
