"""Every equation against numbers worked out by hand, and the invariants that keep it meaningful."""

from __future__ import annotations

import inspect
import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sim.negotiation.equations import rules

pytestmark = pytest.mark.quick

INF = math.inf
LOG2 = 0.6931471805599453

TABLE = {
    # base, front, battlefield, war cost, round
    "reservation": [
        ((0.5, 1, 0.04, 0.001, 10), 0.53),
        ((0.5, -1, 0.04, 0.001, 10), 0.45),
        ((0.5, 0, 0.04, 0.001, 10), 0.49),
        ((0.5, 1, -0.2, 0.0, 3), 0.3),
    ],
    # distrust, [strength times trust put in it]
    "discounted_distrust": [
        ((0.8, []), 0.8),
        ((0.8, [0.5]), 0.4),
        ((0.8, [0.5, 0.25]), 0.3),
        ((1.0, [1.0]), 0.0),
        ((1.0, [0.0, 0.0]), 1.0),
        ((0.0, [0.5]), 0.0),
    ],
    "joint_distrust": [
        (([],), 0.0),
        (([0.3],), 0.3),
        (([0.3, 0.5],), 0.65),
        (([0.5, 0.5, 0.5],), 0.875),
        (([1.0, 0.2],), 1.0),
        (([0.0, 0.0],), 0.0),
    ],
    # utility, payoff when betrayed, distrust
    "value": [
        ((0.8, 0.2, 0.25), 0.65),
        ((0.8, 0.2, 0.0), 0.8),
        ((0.8, 0.2, 1.0), 0.2),
        ((0.8, -0.4, 0.5), 0.2),
        ((0.3, 0.5, 0.5), 0.3),
        ((0.3, 0.5, 1.0), 0.3),
    ],
    # least value, payoff when betrayed, distrust
    "floor": [
        ((0.5, 0.2, 0.5), 0.8),
        ((0.5, 0.2, 0.0), 0.5),
        ((0.5, 0.2, 0.75), 1.4),
        ((0.5, 0.2, 1.0), INF),
        ((0.2, 0.5, 1.0), 0.2),
        ((0.2, 0.5, 0.5), 0.2),
        ((0.5, 0.5, 1.0), 0.5),
    ],
    # least value, devaluation, distrust of the mediator, leverage
    "mediated_least": [
        ((0.5, 0.1, 0.4, 0.0), 0.54),
        ((0.5, 0.1, 0.4, 0.2), 0.42),
        ((0.5, 0.1, 1.0, 0.2), 0.6),
        ((0.5, 0.1, 0.0, 0.2), 0.3),
    ],
    # round, pace
    "elapsed": [((5, 20.0), 0.25), ((20, 20.0), 1.0), ((30, 20.0), 1.0), ((1, 0.5), 1.0)],
    # share of the pace, concession
    "conceded": [
        ((0.25, 1.0), 0.25),
        ((0.25, 0.5), 0.0625),
        ((0.25, 2.0), 0.5),
        ((1.0, 0.2), 1.0),
        ((0.1, 1e-3), 0.0),
    ],
    # least value, spare, share conceded
    "requirement": [
        ((0.4, 0.4, 0.25), 0.7),
        ((0.4, 0.4, 0.0), 0.8),
        ((0.4, 0.4, 1.0), 0.4),
        ((0.4, 0.0, 0.25), 0.4),
    ],
    # value asked for, least value, caucus, distrust of the mediator
    "private_requirement": [
        ((0.8, 0.4, 1.0, 0.0), 0.4),
        ((0.8, 0.4, 0.5, 0.5), 0.7),
        ((0.8, 0.4, 0.0, 0.5), 0.8),
        ((0.8, 0.4, 1.0, 1.0), 0.8),
    ],
    # misjudgement, standard normal, caucus, distrust of the mediator
    "error_about_floor": [
        ((0.1, -2.0, 0.0, 0.3), -0.2),
        ((0.1, 2.0, 0.5, 0.5), 0.15),
        ((0.1, 2.0, 1.0, 0.0), 0.0),
        ((0.1, 2.0, 1.0, 1.0), 0.2),
    ],
    # spare, share conceded, distrust
    "loss_allowed": [
        ((0.4, 0.25, 0.5), 0.2),
        ((0.4, 0.25, 0.0), 0.1),
        ((0.0, 1.0, 0.5), 0.0),
        ((0.0, 1.0, 1.0), 0.0),
    ],
    # [distrust of each other party], contact aversion, convening, distrust of the mediator
    "readiness": [
        (([0.5], 1.0, 0.0, 0.3), 0.5),
        (([0.5], 2.0, 0.0, 0.3), 0.25),
        (([0.5], 0.0, 0.0, 0.3), 1.0),
        (([1.0], 0.0, 0.0, 0.3), 1.0),
        (([1.0], 1.0, 0.0, 0.3), 0.0),
        (([0.0], 9.0, 0.0, 1.0), 1.0),
        (([0.5], 1.0, 0.5, 0.2), 0.7),
        (([0.5], 1.0, 1.0, 0.0), 1.0),
        (([0.5], 1.0, 1.0, 1.0), 0.5),
        (([0.5, 0.2], 1.0, 0.0, 1.0), 0.4),
        (([0.5, 0.2], 0.5, 0.0, 1.0), 0.6324555320336759),
    ],
    # shuttle, distrust of the mediator, contact aversion
    "channel": [
        ((0.9, 0.5, 1.0), 0.45),
        ((0.9, 0.5, 2.0), 0.225),
        ((0.9, 0.5, 0.0), 0.9),
        ((0.9, 1.0, 0.0), 0.9),
        ((0.9, 1.0, 1.0), 0.0),
        ((0.0, 0.0, 1.0), 0.0),
    ],
    # expected value, devaluation, distrust of the author, support
    "perceived": [
        ((0.6, 0.1, 0.5, 0.05), 0.6),
        ((0.6, 0.1, 0.5, 0.0), 0.55),
        ((0.6, 0.0, 1.0, 0.0), 0.6),
    ],
    # perceived value, required value, distrust, sharpness
    "acceptance": [
        ((0.5, 0.5, 0.3, 40.0), 0.5),
        ((0.55, 0.5, 0.0, 40.0), 0.8807970779778823),
        ((0.55, 0.5, 0.5, 40.0), 0.9820137900379085),
        ((0.45, 0.5, 0.5, 40.0), 0.01798620996209156),
        ((0.501, 0.5, 0.5, 1e9), 1.0),
        ((0.499, 0.5, 0.5, 1e9), 0.0),
        ((0.6, 0.5, 1.0, 40.0), 1.0),
        ((0.5, 0.5, 1.0, 40.0), 0.0),
        ((0.4, 0.5, 1.0, 40.0), 0.0),
    ],
    # distrust, trust gain, size
    "after_cooperation": [
        ((0.8, 0.25, 0.5), 0.7),
        ((0.8, 0.25, 0.0), 0.8),
        ((0.8, 1.0, 1.0), 0.0),
        ((0.0, 0.5, 1.0), 0.0),
    ],
    # distrust, trust loss, size
    "after_hostility": [
        ((0.8, 0.25, 0.5), 0.825),
        ((0.0, 0.5, 0.5), 0.25),
        ((0.8, 0.25, 0.0), 0.8),
        ((1.0, 0.7, 1.0), 1.0),
        ((0.3, 1.0, 1.0), 1.0),
    ],
    # distrust, likelihood
    "after_signal": [
        ((0.9, 0.25), 9 / 13),
        ((9 / 13, 0.25), 0.36),
        ((0.9, 1.0), 0.9),
        ((0.9, 0.0), 0.0),
        ((0.0, 0.5), 0.0),
        ((1.0, 0.5), 1.0),
        ((1.0, 0.0), 1.0),
    ],
    # new, best so far
    "better": [
        ((0.8, 0.6), 0.5),
        ((0.6, 0.8), 0.0),
        ((1.0, 0.5), 1.0),
        ((1.0, 1.0), 0.0),
        ((0.5, 0.5), 0.0),
    ],
    # new, last, best so far
    "worse": [
        ((0.5, 0.6, 0.75), 0.4),
        ((0.6, 0.8, 0.8), 1.0),
        ((0.2, 0.8, 0.8), 1.0),
        ((0.7, 0.6, 0.75), 0.0),
        ((0.5, -INF, 0.75), 0.0),
        ((0.5, 1.0, 1.0), 0.0),
    ],
    # utility, floor
    "text_surplus": [
        ((0.6, 0.2), 0.5),
        ((1.0, 0.2), 1.0),
        ((0.1, 0.2), 0.0),
        ((0.2, 0.2), 0.0),
        ((1.0, 1.0), 0.0),
        ((0.9, 1.4), 0.0),
        ((0.9, INF), 0.0),
    ],
    # utility, floor, utility of conceding everything
    "text_shortfall": [
        ((0.4, 0.6, 0.2), 0.5),
        ((0.2, 0.6, 0.2), 1.0),
        ((0.1, 0.6, 0.2), 1.0),
        ((0.6, 0.6, 0.2), 0.0),
        ((0.7, 0.6, 0.2), 0.0),
        ((0.1, 0.2, 0.2), 1.0),
        ((0.1, 0.2, 0.4), 1.0),
        ((0.1, INF, 0.4), 1.0),
    ],
    # impatience, share of the clock, shortfall
    "walkout_hazard": [((0.8, 0.5, 0.25), 0.1), ((0.8, 0.5, -0.25), 0.0), ((0.0, 1.0, 0.5), 0.0)],
    # impatience, mean distrust
    "giving_up_hazard": [((0.5, 0.4), 0.2), ((0.5, 0.0), 0.0)],
    "guarantee_in_fact": [(([],), 0.0), (([0.5],), 0.5), (([0.5, 0.2],), 0.6), (([1.0, 0.2],), 1.0)],
    # reliability, guarantee
    "breach_probability": [
        ((0.99, 0.5), 0.005),
        ((1.0, 0.0), 0.0),
        ((0.9, 1.0), 0.0),
        ((0.0, 0.0), 1.0),
    ],
    # distrust, monitoring
    "after_quiet": [((0.9, 0.75), 9 / 13), ((0.9, 0.0), 0.9), ((0.9, 1.0), 0.0), ((1.0, 1.0), 1.0), ((0.0, 0.5), 0.0)],
    # utility, worth of no settlement by now, support, sanction
    "gain_by_breaking": [((0.6, 0.5, 0.0, 0.05), -0.15), ((0.4, 0.5, 0.0, 0.0), 0.1), ((0.4, 0.5, 0.2, 0.0), -0.1)],
    # utility, payoff when betrayed, distrust
    "price_of_fear": [((0.8, 0.2, 0.5), 0.3), ((0.2, 0.8, 0.5), 0.0), ((0.8, 0.2, 0.0), 0.0)],
    # support, decay, period
    "support_left": [((0.2, LOG2, 1), 0.1), ((0.2, LOG2, 2), 0.05), ((0.2, 0.0, 50), 0.2), ((0.0, 0.5, 3), 0.0)],
}
"""Function -> arguments and the number that the formula of the model gives for them."""

ROWS = [(name, *row) for name, rows in TABLE.items() for row in rows]


def public_functions():
    return {
        name: function
        for name, function in inspect.getmembers(rules, inspect.isfunction)
        if function.__module__ == rules.__name__ and not name.startswith("_")
    }


def test_every_equation_is_in_the_table():
    assert set(public_functions()) == set(TABLE)


@pytest.mark.parametrize("name", sorted(public_functions()))
def test_every_equation_names_its_source(name):
    source = (inspect.getdoc(public_functions()[name]) or "").partition("Source:")[2]
    assert len(source.split()) >= 2, f"rules.{name}: say after 'Source:' where the equation comes from"


@pytest.mark.parametrize(("name", "arguments", "expected"), ROWS)
def test_the_number_worked_out_by_hand(name, arguments, expected):
    assert float(getattr(rules, name)(*arguments)) == pytest.approx(expected, rel=1e-12, abs=1e-15)


def per_run(argument):
    if isinstance(argument, list):
        return [np.full(3, float(number)) for number in argument]
    return np.full(3, float(argument))


@pytest.mark.parametrize(("name", "arguments", "expected"), ROWS)
def test_arrays_of_runs_give_what_numbers_give(name, arguments, expected):
    found = getattr(rules, name)(*(per_run(argument) for argument in arguments))
    empty_sum = arguments == ([],)
    assert np.shape(found) == (() if empty_sum else (3,))
    assert np.broadcast_to(found, 3) == pytest.approx([expected] * 3, rel=1e-12, abs=1e-15)


def test_three_signals_of_likelihood_a_quarter():
    assert float(rules.after_signal(rules.after_signal(0.9, 0.25), 0.25)) == pytest.approx(0.36, rel=1e-15)


share = st.floats(0, 1)
inside = st.floats(0, 0.999)
payoff = st.floats(-1, 1)


@given(d=share, rate=share, size=share)
def test_distrust_stays_in_bounds_and_moves_the_way_the_act_says(d, rate, size):
    assert 0 <= rules.after_cooperation(d, rate, size) <= d
    assert d <= rules.after_hostility(d, rate, size) <= 1
    assert 0 <= rules.after_signal(d, size) <= d * (1 + 1e-15)


@given(d=share, rate=share, small=share, large=share)
def test_larger_acts_move_distrust_further(d, rate, small, large):
    small, large = sorted((small, large))
    assert rules.after_cooperation(d, rate, large) <= rules.after_cooperation(d, rate, small)
    assert rules.after_hostility(d, rate, large) >= rules.after_hostility(d, rate, small)


@given(low=share, high=share, other=share, aversion=st.floats(0, 5), convening=share, mediator=share)
def test_more_distrust_never_raises_readiness(low, high, other, aversion, convening, mediator):
    low, high = sorted((low, high))
    wary, trusting = (rules.readiness([d, other], aversion, convening, mediator) for d in (high, low))
    assert 0 <= wary <= trusting + 1e-15 <= 1 + 2e-15
    assert rules.readiness([low], aversion, convening, high) <= rules.readiness([low], aversion, convening, low) + 1e-15
    assert rules.channel(convening, high, aversion) <= rules.channel(convening, low, aversion) <= 1


@given(d=share, aversion=st.floats(0, 5), weak=share, strong=share, mediator=share)
def test_more_convening_never_lowers_readiness(d, aversion, weak, strong, mediator):
    weak, strong = sorted((weak, strong))
    assert rules.readiness([d], aversion, strong, mediator) >= rules.readiness([d], aversion, weak, mediator) - 1e-15


@given(u=share, s=payoff, low=share, high=share)
def test_distrust_lowers_the_value_of_what_betrayal_would_spoil(u, s, low, high):
    low, high = sorted((low, high))
    less, more = rules.value(u, s, low), rules.value(u, s, high)
    assert more <= less + 1e-15, "being betrayed is no gain"
    assert min(u, s) - 1e-15 <= more <= u


@given(least=share, s=payoff, d=inside)
def test_the_floor_is_worth_just_the_least(least, s, d):
    assert rules.value(rules.floor(least, s, d), s, d) == pytest.approx(least, abs=1e-12)


@given(r=share, loss=share, low=inside, high=inside)
def test_distrust_raises_the_floor(r, loss, low, high):
    low, high = sorted((low, high))
    assert rules.floor(r, r - loss, high) >= rules.floor(r, r - loss, low) - 1e-12
    price = r + loss * high / (1 - high)
    assert rules.floor(r, r - loss, high) == pytest.approx(price, rel=1e-9, abs=1e-12)


@given(d=share, others=st.lists(share, max_size=4), one=share)
def test_each_guarantee_lowers_and_each_other_party_raises_the_risk(d, others, one):
    assert 0 <= rules.discounted_distrust(d, [*others, one]) <= rules.discounted_distrust(d, others) <= d
    assert rules.joint_distrust(others) - 1e-15 <= rules.joint_distrust([*others, one]) <= 1


@given(least=share, spare=share, early=st.integers(1, 50), late=st.integers(1, 50), beta=st.floats(0.05, 20))
def test_demands_fall_with_the_clock_to_the_least(least, spare, early, late, beta):
    early, late = sorted((early, late))
    asked = [rules.requirement(least, spare, rules.conceded(rules.elapsed(t, 50), beta)) for t in (early, late, 50)]
    assert least + spare + 1e-15 >= asked[0] >= asked[1] >= asked[2] == least


@given(r=share, loss=share, d=inside, phi=share)
def test_the_loss_allowed_leaves_just_the_requirement(r, loss, d, phi):
    s = r - loss
    spare = max(rules.value(1.0, s, d) - r, 0.0)
    kept = rules.value(1.0 - rules.loss_allowed(spare, phi, d), s, d)
    asked = rules.requirement(r, spare, phi) if spare else rules.value(1.0, s, d)
    assert kept == pytest.approx(asked, abs=1e-12)


@given(seen=share, better=share, required=share, d=share, k=st.sampled_from([0.5, 40.0, 1e9]))
def test_acceptance_is_a_probability_that_rises_with_what_is_seen(seen, better, required, d, k):
    seen, better = sorted((seen, better))
    low, high = (rules.acceptance(v, required, d, k) for v in (seen, better))
    assert 0 <= low <= high <= 1


@given(u=share, asked=share, s=payoff, d=st.floats(0, 0.99), k=st.floats(1, 100))
def test_distrust_makes_nobody_careless(u, asked, s, d, k):
    """The same gap in utility is answered with the same probability at every distrust, above what betrayal leaves."""
    u, asked = max(u, s), max(asked, s)
    chance = rules.acceptance(rules.value(u, s, d), rules.value(asked, s, d), d, k)
    assert chance == pytest.approx(float(rules.acceptance(u, asked, 0.0, k)), abs=1e-9)


@given(u=share, m=share, loss=share, d=st.floats(0, 0.99), conceding=share)
@example(u=1.0, m=5e-324, loss=0.0, d=0.0, conceding=0.0)  # a way so short that whatever is divided by it is too much
def test_a_text_of_the_mediators_is_either_a_gain_or_falls_short(u, m, loss, d, conceding):
    s = m - loss
    floor = rules.floor(m, s, d)
    cooperative = rules.text_surplus(u, floor)
    hostile = rules.text_shortfall(u, floor, conceding)
    if u >= floor and floor < 1 - 1e-6:
        assert cooperative == pytest.approx(min((u - floor) / (1 - floor), 1.0), abs=1e-7)
    if abs(u - floor) > 1e-9:
        assert cooperative == 0 or hostile == 0
    assert 0 <= hostile <= 1
    assert (hostile > 0) == (u < floor)


@given(m=share, loss=share, d=st.floats(0, 0.99), start=share, share_=share)
def test_the_shortfall_of_a_text_is_its_place_between_the_floor_and_conceding_all(m, loss, d, start, share_):
    floor = float(rules.floor(m, m - loss, d))
    conceding = floor - 1e-3 - start
    assert rules.text_shortfall(floor - share_ * (floor - conceding), floor, conceding) == pytest.approx(
        share_, abs=1e-9
    )


@given(new=share, last=share, best=share)
def test_sizes_lie_between_0_and_1(new, last, best):
    best = max(best, last)
    for size in (rules.better(new, best), rules.worse(new, last, best)):
        assert 0 <= size <= 1
    assert rules.better(new, best) == 0 or rules.worse(new, last, best) == 0


@given(margin=payoff, moved=payoff, support=share, decay=share, early=st.integers(1, 99), late=st.integers(1, 99))
def test_leverage_fades(margin, moved, support, decay, early, late):
    early, late = sorted((early, late))
    soon, later = (
        rules.gain_by_breaking(margin, moved, rules.support_left(support, decay, n), 0.0) for n in (early, late)
    )
    assert soon <= later + 1e-15 <= moved - margin + 2e-15


@given(h=share, weak=share, strong=share)
def test_guarantees_deter_in_fact(h, weak, strong):
    weak, strong = sorted((weak, strong))
    assert 0 <= rules.breach_probability(h, strong) <= rules.breach_probability(h, weak) <= 1 - h + 1e-15
