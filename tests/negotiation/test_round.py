"""One round at a time: scripted negotiations, stepped by hand, against numbers worked out beside the code.

Each case switches off everything but the rule it is about. `PIE` is one linear issue that a wants at 1 and b at 0, so
that a text is the share x that goes to a, and u_a = x, u_b = 1 − x.
"""

from __future__ import annotations

import copy
import math

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from sim.negotiation.model import DIRECT, MEDIATED, SILENT, Negotiation
from sim.scenario.loading.assignment import assign
from tests.negotiation.cases import PIE, scenario

pytestmark = pytest.mark.quick

MANY = 4000
STUBBORN = {"parties__*__precondition": 2.0}
"""Nobody has a text to table, nor would accept one."""

SLOW = {"rounds": 1000, "parties__*__concession": 0.01}
"""Parties ask for everything until the very end, and so refuse whatever is not their ideal."""

FAR = {"rounds": 4, "parties__*__concession": 2.0, "parties__*__reservation": 0.35, "parties__*__betrayal_loss": 0.2}
"""Half of the way is conceded in round 1 (φ = √¼), and at distrust .5 there is no zone: floors .55 and .55."""


def pie(**changes):
    return scenario(PIE, **changes)


def began(case, runs=1, floor=None, **options):
    """A negotiation before its first round; `floor` in [0, 1) says where the floor starts, and it goes by name."""
    negotiation = Negotiation(case, runs, **options)
    if floor is not None:
        negotiation.first_floor = np.full(runs, floor)
        for place, party in enumerate(negotiation.parties.values()):
            party.place = np.full(runs, place, dtype=np.int8)
    return negotiation


def stepped(case, rounds=1, runs=1, floor=None):
    negotiation = began(case, runs, floor)
    for _ in range(rounds):
        negotiation.step()
    return negotiation


def authors(negotiation):
    """Who wrote the text on the table of each run under way; None where there is none."""
    seats = [*negotiation.text.authors, None]
    return [seats[seat] for seat in negotiation.text.author]


def terms(negotiation, run=0):
    """The text on the table by issue, in the order of their names."""
    return [float(x[0]) for x in negotiation.text.terms(negotiation.space, np.array([run]))]


def believes(negotiation, holder, other):
    return only(negotiation.learners[holder].distrust[other])


def only(number):
    """A number that is the same in all runs, or that of the first run."""
    return float(np.ravel(number)[0])


def assert_share(happened, expected):
    """Assert that a share of runs is the expected probability, within four standard errors."""
    error = math.sqrt(expected * (1 - expected) / len(happened))
    assert 0 < expected < 1
    assert abs(np.mean(happened) - expected) <= 4 * error, (np.mean(happened), expected)


def logistic(x):
    return 1 / (1 + math.exp(-x))


def with_events(*events, **changes):
    return scenario({**PIE, "events": list(events)}, **changes)


# --- the world --------------------------------------------------------------------------------------------------


def test_the_battlefield_moves_reservations_by_front_and_war_costs_erode_them():
    case = pie(battlefield__drift=0.01, parties__a__front=1, parties__b__front=-1, parties__b__war_cost=0.002)
    negotiation = stepped(with_mediator_silent(case), 3)
    assert only(negotiation.parties["a"].worth_of_none) == pytest.approx(0.3 + 0.03)
    assert only(negotiation.parties["b"].worth_of_none) == pytest.approx(0.3 - 0.03 - 0.006)


def with_mediator_silent(case):
    """The same case, in which nobody ever meets: complete distrust, aversion, no channel."""
    return assign(case, {"distrust.*.*": 1.0, "parties.*.contact_aversion": 1.0, "mediator.shuttle": 0.0})


def test_the_battlefield_is_a_random_walk():
    negotiation = stepped(with_mediator_silent(pie(battlefield__volatility=0.02, battlefield__drift=0.01)), 4, MANY)
    moved = negotiation.battlefield
    assert abs(moved.mean() - 0.04) <= 4 * 0.04 / math.sqrt(MANY)
    assert abs(moved.std() - 0.04) <= 4 * 0.04 / math.sqrt(2 * MANY)
    assert negotiation.parties["a"].worth_of_none == pytest.approx(0.3)  # front 0


def test_hostile_acts_raise_the_distrust_of_everybody_else():
    case = pie(
        distrust__a__b=0.4,
        distrust__b__a=0.6,
        distrust__m__a=0.2,
        incidents__rate__a=1.0,
        incidents__severity=0.5,
        parties__a__trust_loss=0.9,
        parties__b__trust_loss=0.5,
        mediator__trust_loss=0.25,
        **STUBBORN,
    )
    negotiation = stepped(case, 2)
    assert believes(negotiation, "b", "a") == pytest.approx(1 - 0.4 * 0.75**2)
    assert believes(negotiation, "m", "a") == pytest.approx(1 - 0.8 * 0.875**2)
    assert believes(negotiation, "a", "b") == 0.4
    assert believes(negotiation, "m", "b") == 0.0


def test_hostile_acts_happen_at_their_rate_each_by_its_own_luck():
    case = pie(
        incidents__rate__a=0.3, incidents__rate__b=0.6, incidents__severity=1.0, parties__a__trust_loss=1.0,
        parties__b__trust_loss=1.0, **STUBBORN,
    )  # fmt: skip
    negotiation = stepped(case, 1, MANY)
    by_a = negotiation.parties["b"].distrust["a"] == 1.0
    by_b = negotiation.parties["a"].distrust["b"] == 1.0
    assert_share(by_a, 0.3)
    assert_share(by_b, 0.6)
    assert_share(by_a & by_b, 0.18)


def test_signals_are_read_by_bayes_rule_and_not_by_their_sender():
    signal = {"signal": {"by": "a", "likelihood": 0.25}}
    case = with_events(
        {"round": 1, **signal},
        {"round": 3, **signal},
        distrust__a__b=0.7,
        distrust__b__a=0.9,
        distrust__m__a=0.9,
        distrust__m__b=0.5,
        **STUBBORN,
    )
    negotiation = began(case)
    seen = []
    for _ in range(3):
        negotiation.step()
        seen.append((believes(negotiation, "b", "a"), believes(negotiation, "m", "a")))
    assert seen == [pytest.approx((d, d), abs=1e-15) for d in (9 / 13, 9 / 13, 0.36)]
    assert believes(negotiation, "a", "b") == 0.7
    assert believes(negotiation, "m", "b") == 0.5


def test_a_scheduled_incident_is_of_its_own_severity_in_its_own_round():
    case = with_events(
        {"round": 2, "incident": {"by": "a", "severity": 0.4}},
        distrust__b__a=0.5, incidents__severity=0.9, parties__b__trust_loss=0.5, **STUBBORN,
    )  # fmt: skip
    negotiation = began(case)
    seen = []
    for _ in range(3):
        negotiation.step()
        seen.append(believes(negotiation, "b", "a"))
    assert seen == pytest.approx([0.5, 0.6, 0.6])


SETS = [
    ("parties.a.reservation", 0.45, lambda n: only(n.parties["a"].worth_of_none), 0.3, 0.45),
    ("parties.a.war_cost", 0.01, lambda n: only(n.parties["a"].worth_of_none), 0.3, 0.28),
    ("parties.a.betrayal_loss", 0.1, lambda n: only(n.parties["a"].betrayed), 0.0, 0.2),
    ("parties.a.precondition", 1.0, lambda n: only(n.parties["a"].least), 2.3, 1.3),
    ("distrust.a.b", 0.25, lambda n: believes(n, "a", "b"), 0.5, 0.25),
    ("distrust.a.b", 0.25, lambda n: only(n.parties["a"].risk), 0.3, 0.15),
    ("guarantors.g", 0.8, lambda n: only(n.parties["a"].risk), 0.3, 0.1),
    ("distrust.a.g", 0.5, lambda n: only(n.parties["a"].risk), 0.3, 0.4),
    ("distrust", 0.1, lambda n: believes(n, "a", "b") + believes(n, "b", "a"), 1.0, 0.2),
    ("mediator.style", "formulation", lambda n: len(n.text.authors), 2, 3),
    ("mediator.leverage.a", 0.3, lambda n: n.mediator.leverage["a"], 0.0, 0.3),
    ("parties.a.contact_aversion", 1.0, lambda n: only(n.parties["a"].readiness(0.0, None)), 1.0, 0.5),
    ("parties.a.aims.share", 0.6, lambda n: n.space.aims["a"][0], 1.0, 0.6),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "probe", "before", "after"), SETS, ids=[row[0] for row in SETS])
def test_what_an_event_sets_holds_from_its_round_on(path, value, probe, before, after):
    data = {**PIE, "guarantors": {"g": 0.4}, "events": [{"round": 2, "set": {path: value}}]}
    changes = {"distrust": 0.5, "distrust.*.g": 0.0, "mediator.style": "facilitation"}
    case = scenario(data, **changes, **STUBBORN)
    negotiation = began(case)
    negotiation.step()
    assert probe(negotiation) == pytest.approx(before)
    negotiation.step()
    assert probe(negotiation) == pytest.approx(after)
    untouched = negotiation.parties["b"]
    assert only(untouched.worth_of_none) == pytest.approx(0.3)


def test_an_event_may_make_incidents_begin_and_rapport_end():
    """Events come last in the world's part of a round, so that a rate set in round 2 is that of round 3."""
    case = with_events(
        {"round": 2, "set": {"incidents.rate.a": 1.0, "rapport": 0.0}},
        distrust__b__a=0.8, rapport=0.5, parties__b__trust_gain=0.5, parties__b__trust_loss=0.5, **STUBBORN,
    )  # fmt: skip
    negotiation = began(case)
    seen = []
    for _ in range(3):
        negotiation.step()
        seen.append(believes(negotiation, "b", "a"))
    assert seen == pytest.approx([0.6, 0.6, 0.8])


def test_a_set_distrust_can_be_a_range_that_differs_from_run_to_run():
    case = with_events({"round": 2, "set": {"distrust.a.b": {"range": [0.2, 0.6]}}}, distrust__a__b=0.9, **STUBBORN)
    negotiation = stepped(case, 1, 50)
    assert (negotiation.parties["a"].distrust["b"] == 0.9).all()
    negotiation.step()
    found = negotiation.parties["a"].distrust["b"]
    assert ((found >= 0.2) & (found <= 0.6)).all()
    assert len(set(found)) == 50


# --- convening --------------------------------------------------------------------------------------------------

SESSIONS = [
    ("full trust, however averse to contact", {"distrust": 0.0, "parties.*.contact_aversion": 9.0}, DIRECT),
    ("complete distrust, but no aversion", {"distrust": 1.0, "parties.*.contact_aversion": 0.0}, DIRECT),
    ("no mediator", {"mediator": None}, SILENT),
    ("a trusted mediator's channel", {"mediator.shuttle": 1.0, "distrust.*.m": 0.0}, MEDIATED),
    ("a mediator without shuttle", {"mediator.shuttle": 0.0}, SILENT),
    ("a channel that nobody trusts", {"mediator.shuttle": 1.0, "distrust.*.m": 1.0}, SILENT),
    ("a channel that one side does not trust", {"mediator.shuttle": 1.0, "distrust.b.m": 1.0}, SILENT),
    ("convened by a trusted mediator", {"mediator.convening": 1.0, "distrust.*.m": 0.0}, DIRECT),
    ("convened by nobody's friend", {"mediator.convening": 1.0, "distrust.*.m": 1.0}, SILENT),
    ("convened by one side's friend", {"mediator.convening": 1.0, "distrust.b.m": 1.0}, SILENT),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "session"), [row[1:] for row in SESSIONS], ids=[row[0] for row in SESSIONS])
def test_who_meets_whom_at_the_extremes(changes, session):
    averse = {"distrust": 1.0, "distrust.*.m": 0.0, "parties.*.contact_aversion": 1.0}
    negotiation = stepped(pie(**{**averse, **changes, **STUBBORN, "rounds": 1}), 1, 20)
    assert (negotiation.session == session).all()
    column = {DIRECT: "direct", MEDIATED: "mediated", SILENT: "silent"}[session]
    counts = {name: negotiation.record.columns[name].sum() for name in ("direct", "mediated", "silent")}
    assert counts == {**dict.fromkeys(counts, 0), column: 20}


def test_how_often_parties_meet_or_use_the_channel():
    case = pie(
        distrust__a__b=0.3, distrust__b__a=0.5, distrust__a__m=0.5, distrust__b__m=0.25,
        parties__a__contact_aversion=1.0, parties__b__contact_aversion=0.5,
        mediator__convening=0.4, mediator__shuttle=0.6, **STUBBORN,
    )  # fmt: skip
    session = stepped(case, 1, MANY).session
    direct = (1 - 0.3 * (1 - 0.4 * 0.5)) * (1 - (1 - math.sqrt(0.5)) * (1 - 0.4 * 0.75))
    mediated = (1 - direct) * (0.6 * 0.5) * (0.6 * math.sqrt(0.75))
    assert_share(session == DIRECT, direct)
    assert_share(session == MEDIATED, mediated)
    assert_share(session == SILENT, 1 - direct - mediated)


def test_with_three_parties_everybody_must_be_ready_to_meet_everybody():
    case = three(distrust__a__b=0.5, distrust__a__c=0.2, distrust__b__a=0.1, parties__a__contact_aversion=2.0,
                 parties__b__contact_aversion=1.0, parties__c__contact_aversion=5.0, **STUBBORN)  # fmt: skip
    assert_share(stepped(case, 1, MANY).session == DIRECT, (0.5 * 0.8) ** 2 * 0.9)


def test_silence_teaches_nothing():
    case = with_mediator_silent(
        pie(parties__a__trust_gain=1.0, parties__b__trust_gain=1.0, rapport=1.0, parties__a__impatience=1e9)
    )
    negotiation = stepped(case, 8, 10)
    assert authors(negotiation) == [None] * 10
    found = negotiation.outcomes()
    assert set(found["outcome"]) == {"impasse"}
    assert (found["silent"] == 8).all()
    assert (found["distrust.a.b"] == 1.0).all()


# --- the floor --------------------------------------------------------------------------------------------------


def rotation(case, rounds, floor):
    negotiation = began(case, 1, floor)
    seen = []
    for _ in range(rounds):
        negotiation.step()
        seen += authors(negotiation)
    return seen


@pytest.mark.parametrize("style", ["formulation", "manipulation"])
def test_the_floor_goes_round_parties_and_a_mediator_that_formulates(style):
    case = pie(mediator__style=style, **SLOW)
    assert rotation(case, 7, 0.0) == ["a", "b", "m", "a", "b", "m", "a"]
    assert rotation(case, 4, 0.34) == ["b", "m", "a", "b"]
    assert rotation(case, 4, 0.67) == ["m", "a", "b", "m"]


@pytest.mark.parametrize("changes", [{"mediator": None}, {"mediator__style": "facilitation"}])
def test_a_mediator_that_only_facilitates_never_has_the_floor(changes):
    assert rotation(pie(**changes, **SLOW), 4, 0.0) == ["a", "b", "a", "b"]
    assert rotation(pie(**changes, **SLOW), 4, 0.5) == ["b", "a", "b", "a"]


def test_the_same_in_mediated_sessions():
    case = pie(distrust=0.2, parties__a__contact_aversion=1e6, **{"distrust.*.m": 0.0}, **SLOW)
    negotiation = began(case, 1, 0.0)
    seen = []
    for _ in range(4):
        negotiation.step()
        assert negotiation.session[0] == MEDIATED
        seen += authors(negotiation)
    assert seen == ["a", "b", "m", "a"]


def test_a_silent_round_uses_up_the_floor():
    case = with_events(
        {"round": 2, "set": {"distrust": 0.0}},
        mediator=None, distrust=1.0, **{"parties.*.contact_aversion": 1.0}, **SLOW,
    )  # fmt: skip
    assert rotation(case, 3, 0.0) == [None, "b", "a"]


@pytest.mark.parametrize(
    ("unable", "floor", "author"),
    [
        (["a"], 0.0, "b"), (["a"], 0.34, "b"), (["a"], 0.67, "b"),
        (["b"], 0.0, "a"), (["b"], 0.34, "a"), (["b"], 0.67, "a"),
        ([], 0.0, "a"), ([], 0.34, "b"), ([], 0.67, "a"),
        (["a", "b"], 0.0, None), (["a", "b"], 0.67, None),
    ],
)  # fmt: skip
def test_whoever_has_nothing_to_table_hands_the_floor_on(unable, floor, author):
    """Distrust of .5 closes the zone, so the mediator has no text; a party that is certain of betrayal has none."""
    certain = {f"distrust.{name}.{other}": 1.0 for name, other in (("a", "b"), ("b", "a")) if name in unable}
    case = pie(**{"distrust": 0.5, **certain, **SLOW})
    assert authors(stepped(case, 1, 1, floor)) == [author]


@pytest.mark.parametrize(("floor", "author", "aim"), [(0.0, "a", 1.0), (0.34, "b", 0.0)])
def test_a_party_that_could_sign_no_text_declares_its_aims(floor, author, aim):
    negotiation = stepped(pie(**{"parties.*.precondition": 0.8, **SLOW}), 1, 1, floor)
    assert authors(negotiation) == [author]
    assert terms(negotiation) == [pytest.approx(aim)]
    assert negotiation.text.declared.all()
    assert not negotiation.answers[author].accepts.any()


def test_with_leverage_enough_to_sign_it_a_partys_ideal_is_a_text_and_no_declaration():
    pressed = {"parties.*.precondition": 0.8, "mediator.leverage": 0.2, "mediator.style": "manipulation"}
    negotiation = stepped(pie(**{**pressed, **SLOW}), 1, 1, 0.0)
    assert terms(negotiation) == [pytest.approx(1.0)]
    assert not negotiation.text.declared.any()
    assert negotiation.answers["a"].accepts.all()


def test_a_party_that_is_certain_of_betrayal_tables_its_aims_where_leverage_could_make_it_sign():
    certain = {"distrust.a.b": 1.0, "mediator.leverage": 0.4, "mediator.style": "manipulation"}
    negotiation = stepped(pie(**{**certain, **SLOW}), 1, 1, 0.0)
    assert authors(negotiation) == ["a"]
    assert terms(negotiation) == [pytest.approx(1.0)]


def test_a_declaration_is_no_offer_no_retraction_and_no_reason_to_leave():
    learning = {f"parties.*.{key}": 1.0 for key in ("trust_gain", "trust_loss")}
    case = pie(**{"parties.a.precondition": 0.8, "parties.*.impatience": 1e9, "distrust": 0.4, **learning, **SLOW})
    negotiation = began(case, 20, 0.0)
    offered = {name: dict(party.best) for name, party in negotiation.parties.items()}
    negotiation.step()
    assert negotiation.text.declared.all()
    assert negotiation.open.all()
    assert (believes(negotiation, "b", "a"), believes(negotiation, "m", "a")) == (0.4, 0.0)
    assert {name: party.best for name, party in negotiation.parties.items()} == offered
    assert (negotiation.parties["a"].last["b"] == -np.inf).all()


def test_a_party_that_accepts_a_declaration_settles_nothing():
    """a's aims are all that b could wish for, but a would not sign even them."""
    case = pie(**{"parties.a.precondition": 0.8, "parties.b.aims.share": 1.0, "parties.b.concession": 1.0})
    negotiation = stepped(case, 1, 20, 0.0)
    assert negotiation.answers["b"].accepts.all()
    assert negotiation.open.all()


def test_a_party_that_is_certain_of_betrayal_tables_nothing():
    case = pie(distrust__a__b=1.0, distrust__b__a=0.0, parties__a__betrayal_loss=0.0, mediator=None, **SLOW)
    assert authors(stepped(case, 1, 1, 0.0)) == ["b"]


def test_who_starts_is_drawn():
    found = np.array(authors(stepped(pie(**SLOW), 1, MANY)))
    for name in ("a", "b", "m"):
        assert_share(found == name, 1 / 3)


def test_the_order_of_the_parties_is_drawn_so_that_no_name_is_handed_the_floor_more_often():
    """The mediator has no text at distrust .5; whose turn comes next is as likely to be a's as b's."""
    negotiation = began(pie(**{"distrust": 0.5, **SLOW}), MANY)
    negotiation.first_floor = np.full(MANY, 0.67)
    negotiation.step()
    first = np.array(authors(negotiation))
    assert_share(first == "a", 0.5)
    negotiation.step()
    assert (np.array(authors(negotiation)) == first).all()
    negotiation.step()
    assert (np.array(authors(negotiation)) != first).all()


def test_of_three_every_order_is_as_likely():
    negotiation = began(three(**SLOW), MANY)
    negotiation.first_floor = np.zeros(MANY)
    seen = []
    for _ in range(4):
        negotiation.step()
        seen.append(authors(negotiation))
    orders = ["".join(row) for row in zip(*seen, strict=True)]
    assert len(set(orders)) == 6
    for order in set(orders):
        assert order[0] == order[3]
        assert_share(np.array([found == order for found in orders]), 1 / 6)


# --- parties' texts ---------------------------------------------------------------------------------------------

AIMS = {"a": (1.0, 0.8), "b": (0.0, 0.2), "c": (0.5, 0.5)}
CARE = {"a": (0.6, 0.4), "b": (0.3, 0.7), "c": (0.5, 0.5)}


def agenda(names, loss, **changes):
    """Two issues; distrust of a .5 of b and .2 of c; a's φ is .4 in round 4 of 10."""
    data = {
        "rounds": 10,
        "deadline": 10,
        "loss": loss,
        "sharpness": 1e9,
        "issues": {"land": {}, "rights": {}},
        "parties": {
            name: {
                "aims": dict(zip(("land", "rights"), AIMS[name], strict=True)),
                "salience": dict(zip(("land", "rights"), CARE[name], strict=True)),
                "reservation": 0.3 if name == "a" else 0.9,
                "betrayal_loss": 0.2,
            }
            for name in names
        },
        "distrust": {
            name: {other: {"b": 0.5, "c": 0.2}[other] if name == "a" else 0.5 for other in names if other != name}
            for name in names
        },
    }
    return scenario(data, **changes)


def three(**changes):
    """The pie between three: a wants it all, b nearly all, c none; all trust each other unless told otherwise."""
    data = copy.deepcopy(PIE)
    data["parties"]["c"] = copy.deepcopy(data["parties"]["b"])
    data["parties"]["b"]["aims"] = {"share": 0.9}
    data["distrust"] = {}
    del data["mediator"]
    return scenario({**data, "distrust": {i: {j: 0.0 for j in "abc" if j != i} for i in "abc"}}, **changes)


def away(name, x, p):
    return sum(w * abs(y - aim) ** p for w, y, aim in zip(CARE[name], x, AIMS[name], strict=True))


@pytest.mark.parametrize("p", [1, 2])
@pytest.mark.parametrize("names", ["ab", "abc"])
def test_a_partys_text_keeps_just_its_requirement(names, p):
    """V^max = (1 − D) + D·s, q = r + (V^max − r)·(1 − φ), loss allowed (V^max − q)/(1 − D) = λ^p·S."""
    floor = {"ab": 0.5, "abc": 0.0}[names]  # from there the fourth round falls to a
    negotiation = stepped(agenda(names, {1: "linear", 2: "quadratic"}[p]), 4, 1, floor)
    assert authors(negotiation) == ["a"]
    risk = {"ab": 0.5, "abc": 1 - 0.5 * 0.8}[names]
    greatest = (1 - risk) + risk * 0.1
    loss = (greatest - 0.3) * 0.4 / (1 - risk)
    others = [AIMS[name] for name in names[1:]]
    goal = [sum(column) / len(others) for column in zip(*others, strict=True)]
    share = (loss / away("a", goal, p)) ** (1 / p)
    expected = [aim + share * (g - aim) for aim, g in zip(AIMS["a"], goal, strict=True)]
    assert 0 < share < 1
    assert terms(negotiation) == pytest.approx(expected, abs=1e-12)
    assert away("a", expected, p) == pytest.approx(loss)
    for name in names:
        assert float(negotiation.text.worth[name][0]) == pytest.approx(1 - away(name, expected, p), abs=1e-12)


@pytest.mark.parametrize(
    ("loss", "names", "expected"),
    [("linear", "ab", [16 / 21, 23 / 35]), ("linear", "abc", [17 / 21, 24 / 35])],
)
def test_the_same_texts_as_fractions(loss, names, expected):
    """Loss allowed .2 and .16; S = .84 and .63; λ = 5/21 and 16/63; goals (0, .2) and (.25, .35)."""
    negotiation = stepped(agenda(names, loss), 4, 1, {"ab": 0.5, "abc": 0.0}[names])
    assert terms(negotiation) == pytest.approx(expected, abs=1e-12)


def test_a_party_that_can_afford_it_goes_all_the_way_to_the_others_aims_and_no_further():
    negotiation = stepped(agenda("ab", "quadratic", parties__a__reservation=0.0, parties__a__concession=1e9), 1, 1, 0.0)
    assert terms(negotiation) == pytest.approx(AIMS["b"])


def test_preconditions_are_demanded_beyond_the_reservation():
    case = pie(parties__a__precondition=0.15, parties__b__reservation=0.9, mediator=None)
    assert terms(stepped(case, 1, 1, 0.0)) == [pytest.approx(0.45)]


# --- the mediator's text ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("b_a", "b_b"), [(0.0, 0.0), (0.6, 0.0), (-0.5, 0.5)])
def test_the_mediator_divides_what_is_above_the_floors_of_its_own_text(b_a, b_b):
    """R^M = .3 + .5·.2 and .3 + .5·.1; a's share of the rest is (1 + b_a)/(2 + b_a + b_b)."""
    case = pie(distrust__a__m=0.2, distrust__b__m=0.1, mediator__bias__a=b_a, mediator__bias__b=b_b, **SLOW)
    alpha = (1 + b_a) / (2 + b_a + b_b)
    assert terms(stepped(case, 1, 1, 0.67)) == [pytest.approx(0.4 + alpha * 0.25, abs=1e-6)]


@pytest.mark.parametrize(("style", "least"), [("manipulation", 0.4 - 0.1 * 0.8), ("formulation", 0.4)])
def test_leverage_lowers_the_floors_under_manipulation_only(style, least):
    case = pie(
        distrust__a__m=0.2, distrust__b__m=0.1, mediator__style=style, mediator__leverage__a=0.1,
        **SLOW,
    )  # fmt: skip
    negotiation = stepped(case, 1, 1, 0.67)
    assert authors(negotiation) == ["m"]
    assert terms(negotiation) == [pytest.approx(least + 0.5 * (0.65 - least), abs=1e-6)]


def test_distrust_between_the_parties_raises_the_floors():
    """R^M_a = (.3 + .5·.2 − .3·.1)/.7 with D = .3 and s = .1."""
    case = pie(distrust__a__b=0.3, distrust__a__m=0.2, parties__a__betrayal_loss=0.2, **SLOW)
    least = (0.3 + 0.1 - 0.03) / 0.7
    assert terms(stepped(case, 1, 1, 0.67)) == [pytest.approx(least + 0.5 * (0.7 - least), abs=1e-6)]


def test_the_mediators_own_stake_pulls_the_text():
    data = copy.deepcopy(PIE)
    data["mediator"] |= {"stake": 1.5, "aims": {"share": 0.9}, "salience": {"share": 2.0}}
    best = minimize_scalar(
        lambda x: -math.log(x - 0.3) - math.log(0.7 - x) - 1.5 * math.log(1 - abs(x - 0.9)),
        bounds=(0.3001, 0.6999),
        method="bounded",
        options={"xatol": 1e-12},
    ).x
    assert best > 0.51
    assert terms(stepped(scenario(data, **SLOW), 1, 1, 0.67)) == [pytest.approx(best, abs=1e-5)]


# --- answering --------------------------------------------------------------------------------------------------

ANSWERS = [
    # what b sees of a's text (u_b = .25, V = .175) against q = .425, in utility
    ("bare", {}, (0.175 - 0.425) / 0.5),
    ("devalued", {"parties.b.devaluation": 0.1}, (0.125 - 0.425) / 0.5),
    ("under pressure", {"mediator.style": "manipulation", "mediator.leverage.b": 0.2, "distrust.b.m": 0.5},
     (0.275 - 0.425) / 0.5),
    ("leverage of one who only formulates", {"mediator.leverage.b": 0.2}, (0.175 - 0.425) / 0.5),
    ("guaranteed", {"guarantors.g": 0.4, "distrust.*.g": 0.5, "parties.a.betrayal_loss": 0.2},
     (0.6 * 0.25 + 0.4 * 0.1 - (0.3 + (0.6 + 0.4 * 0.1 - 0.3) * 0.5)) / 0.6),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "gap"), [row[1:] for row in ANSWERS], ids=[row[0] for row in ANSWERS])
def test_how_often_a_text_is_accepted(changes, gap):
    """T = 4, β = 2, so φ = .5 in round 1; D = .5, r = .3, s = .1: a allows itself a loss of .25 at most."""
    base = {
        "rounds": 4, "sharpness": 2.0, "distrust": 0.5, "distrust.*.m": 0.0, "parties.*.concession": 2.0,
        "parties.*.betrayal_loss": 0.2, "parties.*.devaluation": 0.0,
    }  # fmt: skip
    negotiation = stepped(pie(**{**base, **changes}), 1, MANY, 0.0)
    given = float(negotiation.text.worth["b"][0])
    if "guarantors.g" in changes:  # D = .5·(1 − .4·.5) = .4 makes a concede another share: (.64 − .3)·.5/.6
        assert given == pytest.approx(0.34 * 0.5 / 0.6)
        gap += given - 0.25
    else:
        assert given == pytest.approx(0.25)
    accepted = negotiation.answers["b"].accepts
    assert_share(accepted, logistic(2.0 * gap))
    assert ((negotiation.record.columns["outcome"] == "settlement") == accepted).all()


def test_a_mediators_text_needs_every_party_each_deciding_by_its_own_luck():
    """d = .2, s = .1: x = ½ by symmetry, V = .42, seen .38 (ρ = .1, d_M = .4), q = .56."""
    case = pie(
        distrust__a__b=0.2, distrust__b__a=0.2, distrust__a__m=0.4, distrust__b__m=0.4, rounds=4, sharpness=4.0,
        **{"parties.*.concession": 2.0, "parties.*.betrayal_loss": 0.2, "parties.*.devaluation": 0.1},
    )  # fmt: skip
    negotiation = stepped(case, 1, MANY, 0.67)
    chance = logistic(4.0 * (0.38 - 0.56) / 0.8)
    assert_share(negotiation.answers["a"].accepts, chance)
    assert_share(negotiation.answers["b"].accepts, chance)
    assert_share(negotiation.record.columns["outcome"] == "settlement", chance**2)


@pytest.mark.parametrize(("floor", "by", "share"), [(0.0, "a", 0.3), (0.34, "b", 0.7), (0.67, "m", 0.5)])
def test_a_settlement_records_its_author_and_terms(floor, by, share):
    """With full concession at once, the author of a party's text keeps its bare reservation of .3."""
    negotiation = stepped(pie(), 1, 1, floor)
    assert not negotiation.running
    found = {name: column[0] for name, column in negotiation.outcomes().items()}
    assert (found["outcome"], found["by"], found["round"], found["direct"]) == ("settlement", by, 1, 1)
    assert found["terms.share"] == pytest.approx(share, abs=1e-6)
    assert found["utility.a"] == pytest.approx(share, abs=1e-6)
    assert found["utility.b"] == pytest.approx(1 - share, abs=1e-6)
    assert found["efficiency"] == pytest.approx((share - 0.3) * (0.7 - share) / 0.04, abs=1e-5)


def test_efficiency_counts_gains_from_what_war_is_worth_by_then():
    """A round of war has cost a .1, so that ½·(.2 + .7) is the Nash point, and the mediator finds it."""
    found = stepped(pie(parties__a__war_cost=0.1), 1, 1, 0.67).outcomes()
    assert found["terms.share"][0] == pytest.approx(0.45, abs=1e-6)
    assert found["efficiency"][0] == pytest.approx(1.0, abs=1e-5)


# --- learning ---------------------------------------------------------------------------------------------------


def far(**changes):
    return {
        **{path.replace("__", "."): value for path, value in FAR.items()},
        "distrust": 0.5,
        "parties.*.devaluation": 0.0,
        **{path.replace("__", "."): value for path, value in changes.items()},
    }


def test_an_own_text_is_a_cooperative_act_as_far_as_it_beats_the_best_so_far():
    """V^max = .575: a gives b .225·φ/.5 of utility, .225 in round 1 and .225·√3 in round 3."""
    case = pie(**far(mediator=None, parties__b__trust_gain=0.2))
    negotiation = stepped(case, 1, 1, 0.0)
    assert authors(negotiation) == ["a"]
    first = 0.5 * (1 - 0.2 * 0.225)
    assert believes(negotiation, "b", "a") == pytest.approx(first)
    negotiation.step()
    assert authors(negotiation) == ["b"]
    assert believes(negotiation, "b", "a") == pytest.approx(first)  # b's own text teaches b nothing
    negotiation.step()
    gained = (0.225 * math.sqrt(3) - 0.225) / 0.775
    assert believes(negotiation, "b", "a") == pytest.approx(first * (1 - 0.2 * gained))
    assert believes(negotiation, "a", "b") == 0.5  # a's trust gain is 0


def test_declared_aims_are_the_first_offer():
    """a's aims of .8 give b .2 already; a's text is worth 1 − .8 + .225 to b."""
    case = pie(**far(mediator=None, parties__b__trust_gain=0.2, parties__a__aims__share=0.8))
    negotiation = stepped(case, 1, 1, 0.0)
    assert believes(negotiation, "b", "a") == pytest.approx(0.5 * (1 - 0.2 * 0.225 / 0.8))


def test_the_mediator_learns_from_the_same_act():
    case = pie(**far(distrust__m__a=0.6, distrust__m__b=0.3, mediator__trust_gain=0.5))
    negotiation = stepped(case, 1, 1, 0.0)
    assert believes(negotiation, "m", "a") == pytest.approx(0.6 * (1 - 0.5 * 0.225))
    assert believes(negotiation, "m", "b") == 0.3


def test_of_several_receivers_the_mediator_learns_the_mean():
    """a's text x = 1 − λ·.55; best so far: .9 to b of what a's aims give, 0 to c."""
    data = copy.deepcopy(PIE)
    data["parties"]["b"]["aims"] = {"share": 0.9}
    data["parties"]["c"] = copy.deepcopy(PIE["parties"]["b"])
    data["distrust"] = {i: {j: 0.0 for j in "abc" if j != i} for i in "abc"} | {"m": {"a": 0.8, "b": 0.1, "c": 0.1}}
    case = scenario(data, rounds=4, **{"parties.*.concession": 2.0, "parties.*.reservation": 0.9},
                    **{"mediator.trust_gain": 0.5, "parties.*.trust_gain": 0.4})  # fmt: skip
    negotiation = stepped(case, 1, 1, 0.0)
    text = 1 - 0.1 * 0.5  # a may lose .1·φ
    assert terms(negotiation) == [pytest.approx(text)]
    to_b, to_c = ((1 - abs(text - 0.9)) - 0.9) / 0.1, 1 - text
    assert believes(negotiation, "m", "a") == pytest.approx(0.8 * (1 - 0.5 * (to_b + to_c) / 2))


def test_a_worse_text_than_its_authors_last_is_hostile_by_what_it_takes_back():
    """From round 3 a reserves .6: V^max = .7, and it gives only .1·√¾/.5 after .225 in round 1."""
    case = with_events(
        {"round": 3, "set": {"parties.a.reservation": 0.6}},
        **far(mediator__style="facilitation", mediator__trust_loss=0.5, distrust__m__a=0.4, parties__b__trust_loss=0.3),
    )
    negotiation = stepped(case, 2, 1, 0.0)
    assert believes(negotiation, "b", "a") == 0.5
    negotiation.step()
    given = 0.1 * math.sqrt(0.75) / 0.5
    size = (0.225 - given) / (1 - 0.225)
    assert believes(negotiation, "b", "a") == pytest.approx(0.5 + 0.3 * size * 0.5)
    assert believes(negotiation, "m", "a") == pytest.approx(0.4 + 0.5 * size * 0.6)


def test_what_was_offered_once_is_no_concession_the_second_time():
    """a gives b .159 in round 1, .122 in round 3 and .142 in round 5: more than the last, less than the best."""
    case = with_events(
        {"round": 3, "set": {"parties.a.reservation": 0.6}},
        {"round": 5, "set": {"parties.a.reservation": 0.62}},
        **far(mediator=None, rounds=8, parties__b__trust_gain=0.2),
    )
    negotiation = began(case, 1, 0.0)
    given, seen = [], []
    for _ in range(5):
        negotiation.step()
        given.append(float(negotiation.text.worth["b"][0]))
        seen.append(believes(negotiation, "b", "a"))
    assert authors(negotiation) == ["a"]
    expected = [0.45 * math.sqrt(1 / 8), 0.2 * math.sqrt(3 / 8), 0.18 * math.sqrt(5 / 8)]
    assert given[::2] == pytest.approx(expected)
    assert expected[1] < expected[2] < expected[0]
    assert seen == pytest.approx([0.5 * (1 - 0.2 * expected[0])] * 5)


def eager_a(**changes):
    """a asks for no more than its reservation and signs; b asks for everything and refuses the mediator's text."""
    return pie(
        **{
            "parties.b.concession": 0.01, "distrust.a.b": 0.1, "distrust.b.a": 0.1, "parties.*.betrayal_loss": 0.0,
            "parties.*.devaluation": 0.0, "distrust.a.m": 0.3, "distrust.b.m": 0.4, "rounds": 1000,
            **{path.replace("__", "."): value for path, value in changes.items()},
        }
    )  # fmt: skip


def test_accepting_a_text_that_another_refuses_is_offering_it():
    """The mediator's text is ½; a's aims gave b nothing. R = (.3 − .03)/.9 = .3 without a loss by betrayal."""
    case = eager_a(parties__b__trust_gain=0.2, parties__a__trust_gain=0.2, mediator__trust_gain=0.6, distrust__m__a=0.5,
                   distrust__m__b=0.5)  # fmt: skip
    negotiation = stepped(case, 1, 1, 0.67)
    assert authors(negotiation) == ["m"]
    assert bool(negotiation.answers["a"].accepts[0])
    assert not bool(negotiation.answers["b"].accepts[0])
    assert believes(negotiation, "b", "a") == pytest.approx(0.1 * (1 - 0.2 * 0.5), abs=1e-6)
    assert believes(negotiation, "a", "b") == 0.1
    assert believes(negotiation, "m", "a") == pytest.approx(0.5 * (1 - 0.6 * 0.5), abs=1e-6)
    assert believes(negotiation, "m", "b") == 0.5


def test_of_three_the_one_that_accepts_another_partys_text_offers_it_to_all_the_rest():
    """a tables .95; b (r = .3, at once) accepts, c (r = .9) refuses. b's aims gave a .9 and c .1."""
    case = three(
        rounds=4,
        **{"parties.a.reservation": 0.9, "parties.c.reservation": 0.9, "parties.a.concession": 2.0},
        **{"parties.*.trust_gain": 0.5, "parties.*.devaluation": 0.0},
        **{"distrust.*.*": 0.1, "parties.*.betrayal_loss": 0.0},
    )  # fmt: skip
    negotiation = stepped(case, 1, 1, 0.0)
    text = terms(negotiation)[0]
    assert authors(negotiation) == ["a"]
    assert 0.9 < text < 1
    assert bool(negotiation.answers["b"].accepts[0])
    assert not bool(negotiation.answers["c"].accepts[0])
    assert believes(negotiation, "a", "b") == pytest.approx(0.1 * (1 - 0.5 * (text - 0.9) / 0.1))
    assert believes(negotiation, "c", "b") == 0.1  # worth 1 − x < .1 to c: no better than b's aims
    assert believes(negotiation, "c", "a") == pytest.approx(0.1 * (1 - 0.5 * (1 - text)))
    assert believes(negotiation, "b", "a") == pytest.approx(0.1 * (1 - 0.5 * (1 - (text - 0.9) - 0.9) / 0.1))
    assert believes(negotiation, "a", "c") == 0.1


def test_the_mediators_text_earns_it_trust_by_what_is_above_the_floor():
    """Floors .3 and .3 (no ρ, no loss): the text gives ½, so (½ − .3)/.7 to each."""
    negotiation = stepped(eager_a(parties__a__trust_gain=0.2, parties__b__trust_gain=0.5), 1, 1, 0.67)
    assert believes(negotiation, "a", "m") == pytest.approx(0.3 * (1 - 0.2 * 0.2 / 0.7), abs=1e-6)
    assert believes(negotiation, "b", "m") == pytest.approx(0.4 * (1 - 0.5 * 0.2 / 0.7), abs=1e-6)


def test_a_text_earns_trust_by_what_it_is_worth_and_not_by_how_it_is_seen():
    """Devaluation raises a's floor of the mediator's text to .33/.9 − .03/.9, but what it earns counts from .3."""
    case = eager_a(parties__a__devaluation=0.1, parties__a__trust_gain=0.2)
    negotiation = stepped(case, 1, 1, 0.67)
    text = 1 / 3 + 0.5 * (0.7 - 1 / 3)
    assert terms(negotiation) == [pytest.approx(text, abs=1e-6)]
    assert believes(negotiation, "a", "m") == pytest.approx(0.3 * (1 - 0.2 * (text - 0.3) / 0.7), abs=1e-6)


def test_a_text_below_a_partys_own_floor_costs_the_mediator_trust():
    """Floors .4 and .7; leverage of .3·½ on b opens [.4, .45], and the text .425 is .125 of b's way of .7 short."""
    case = eager_a(
        distrust__a__b=0.0, distrust__b__a=0.0, distrust__a__m=0.2, distrust__b__m=0.5, parties__a__reservation=0.4,
        parties__b__reservation=0.7, mediator__style="manipulation", mediator__leverage__b=0.3,
        parties__b__trust_loss=0.8, parties__a__trust_loss=0.8, parties__a__trust_gain=0.5,
    )  # fmt: skip
    negotiation = stepped(case, 1, 1, 0.67)
    assert terms(negotiation) == [pytest.approx(0.425, abs=1e-6)]
    assert believes(negotiation, "b", "m") == pytest.approx(0.5 + 0.8 * (0.125 / 0.7) * 0.5, abs=1e-6)
    assert believes(negotiation, "a", "m") == pytest.approx(0.2 * (1 - 0.5 * 0.025 / 0.6), abs=1e-6)


def test_the_mediator_learns_nothing_of_itself_from_parties_texts():
    case = pie(**far(parties__a__trust_gain=1.0, parties__b__trust_gain=1.0, distrust__a__m=0.4, distrust__b__m=0.4))
    negotiation = stepped(case, 1, 1, 0.0)
    assert authors(negotiation) == ["a"]
    assert (believes(negotiation, "a", "m"), believes(negotiation, "b", "m")) == (0.4, 0.4)


def test_meeting_face_to_face_is_a_cooperative_act():
    case = pie(
        **{
            "distrust.*.*": 0.5, "rapport": 0.2, "parties.a.trust_gain": 0.3, "parties.b.trust_gain": 0.1,
            "mediator.trust_gain": 0.5, "parties.*.precondition": 2.0,
        }
    )  # fmt: skip
    negotiation = stepped(case, 2)
    assert believes(negotiation, "a", "b") == pytest.approx(0.5 * 0.94**2)
    assert believes(negotiation, "b", "a") == pytest.approx(0.5 * 0.98**2)
    assert believes(negotiation, "m", "a") == pytest.approx(0.5 * 0.9**2)
    assert believes(negotiation, "a", "m") == 0.5


def test_a_mediated_session_is_no_meeting():
    case = pie(
        **{
            "distrust": 1.0, "distrust.*.m": 0.0, "mediator.shuttle": 1.0, "parties.*.contact_aversion": 1.0,
            "rapport": 1.0, "parties.*.trust_gain": 1.0,
        }
    )  # fmt: skip
    negotiation = stepped(case, 1)
    assert negotiation.session[0] == MEDIATED
    assert believes(negotiation, "a", "b") == 1.0


# --- leaving ----------------------------------------------------------------------------------------------------

SHORT = 0.35 - (0.5 * 0.225 + 0.5 * 0.15)
"""By how much a's text in round 1 of `far` is worth less to b than no settlement: r_b − V_b."""


@pytest.mark.parametrize(
    ("changes", "shortfall"),
    [
        ({}, SHORT),
        ({"parties.b.devaluation": 0.2}, SHORT + 0.1),
        ({"mediator.style": "manipulation", "mediator.leverage.b": 0.1, "distrust.b.m": 0.5}, SHORT - 0.05),
        ({"parties.b.precondition": 0.1}, SHORT),
    ],
)
def test_how_often_a_party_offered_less_than_war_walks_out(changes, shortfall):
    case = pie(**{**far(parties__a__impatience=50.0, parties__b__impatience=8.0), **changes})
    negotiation = stepped(case, 1, MANY, 0.0)
    assert set(authors(negotiation)) == {"a"}
    columns = negotiation.record.columns
    left = columns["outcome"] == "walkout"
    assert_share(left, 1 - math.exp(-8.0 * 0.25 * shortfall))
    assert set(columns["by"][left]) == {"b"}  # the author of the text never walks out over it
    assert set(columns["round"][left]) == {1}


def test_patience_wears_with_the_clock():
    case = pie(**far(parties__b__impatience=8.0, rounds=16, parties__a__concession=1e-3, parties__b__concession=1e-3))
    negotiation = stepped(case, 4, MANY, 0.0)  # a's ideal in rounds 1 and 4, b's and nobody's in between
    short = 0.35  # the ideal of the other side is worth nothing, and betrayal would make it no better
    left = [negotiation.record.columns["round"] == t for t in (1, 2, 3, 4)]
    first, last = (1 - math.exp(-8.0 * t / 16 * short) for t in (1, 4))
    third = 1 - math.exp(-8.0 * 3 / 16 * short)
    assert_share(left[0] & (negotiation.record.columns["outcome"] == "walkout"), first)
    assert not left[1].any()
    assert_share(left[2][~left[0]], third)  # the mediator has no text and hands the floor to a
    assert_share(left[3][~left[0] & ~left[2]], last)


def test_nobody_walks_out_of_an_offer_as_good_as_war():
    """b is offered .35 and reserves .35, though it asks for more."""
    case = pie(rounds=4, parties__a__reservation=0.65, parties__b__reservation=0.35, parties__b__precondition=0.2,
               parties__b__impatience=100.0, mediator=None)  # fmt: skip
    negotiation = stepped(case, 1, 100, 0.0)
    assert authors(negotiation) == ["a"] * 100
    assert not (negotiation.record.columns["outcome"] == "walkout").any()


def test_of_two_that_would_leave_one_is_drawn_by_its_hazard():
    """a offers .95 of the pie: b, who wants .9 but reserves 1, is .05 short, and c, reserving .25, is .2 short."""
    case = three(
        rounds=1, **{"parties.a.reservation": 0.95, "parties.b.reservation": 1.0, "parties.c.reservation": 0.25},
        **{"parties.b.impatience": 18.0, "parties.c.impatience": 3.0},
    )  # fmt: skip
    negotiation = stepped(case, 1, MANY, 0.0)
    assert terms(negotiation) == [pytest.approx(0.95)]
    h_b, h_c = 18.0 * (1.0 - 0.95), 3.0 * (0.25 - 0.05)
    found = negotiation.outcomes()
    left = found["outcome"] == "walkout"
    assert_share(left, 1 - math.exp(-h_b - h_c))
    assert_share(found["by"][left] == "b", h_b / (h_b + h_c))
    assert set(found["by"][left]) == {"b", "c"}


def test_how_often_the_mediator_gives_up():
    case = pie(rounds=4, distrust__m__a=0.4, distrust__m__b=0.8, mediator__impatience=2.0, **STUBBORN)
    negotiation = stepped(case, 1, MANY)
    gone = negotiation.record.columns["mediator_left"] == 1
    assert_share(gone, 1 - math.exp(-2.0 * 0.6))
    assert (negotiation.mediator.present == ~gone).all()
    negotiation.step()
    second = negotiation.record.columns["mediator_left"] == 2
    assert not (second & gone).any()
    assert_share(second[~gone], 1 - math.exp(-2.0 * 0.6))


def test_a_mediator_that_trusts_the_parties_never_gives_up():
    negotiation = stepped(pie(distrust__m__a=0.0, mediator__impatience=1e9, **STUBBORN), 3, 50)
    assert negotiation.mediator.present.all()


GOING = {"distrust.m.a": 1.0, "distrust.m.b": 1.0, "mediator.impatience": 1e9, "distrust.*.m": 0.0}


@pytest.mark.parametrize("tool", ["mediator.shuttle", "mediator.convening"])
def test_a_mediator_that_gives_up_takes_its_channel_and_power_to_convene_with_it(tool):
    closed = {"distrust": 1.0, "parties.*.contact_aversion": 1.0, "mediator.shuttle": 0.0, **STUBBORN}
    negotiation = stepped(pie(**{**closed, **GOING, tool: 1.0}), 1, 10)
    assert (negotiation.session != SILENT).all()
    assert (negotiation.record.columns["mediator_left"] == 1).all()
    negotiation.step()
    assert (negotiation.session == SILENT).all()


def test_a_mediator_that_gives_up_takes_its_texts_with_it():
    assert rotation(pie(**{**GOING, **SLOW}), 6, 0.67) == ["m", "a", "b", "a", "b", "a"]


def test_a_mediator_that_gave_up_is_not_handed_the_floor_either():
    """Without its leverage parties can only declare aims; they answer its text of round 1 all but at random."""
    blocked = {"parties.*.precondition": 0.8, "mediator.leverage": 1.0, "mediator.style": "manipulation"}
    negotiation = stepped(pie(**{**blocked, **GOING, **SLOW, "sharpness": 1e-3}), 1, 50, 0.67)
    assert authors(negotiation) == ["m"] * 50
    negotiation.step()
    assert negotiation.open.any()
    assert set(np.array(authors(negotiation))[negotiation.open]) == {"a"}
    assert negotiation.text.declared.all()


def test_a_mediator_that_gives_up_takes_its_leverage_with_it():
    case = pie(**{**GOING, **far(), "distrust.*.m": 0.0, "mediator.style": "manipulation", "mediator.leverage": 0.1})
    negotiation = stepped(case, 1, 1, 0.0)
    assert authors(negotiation) == ["a"]
    assert float(negotiation.answers["b"].seen[0]) == pytest.approx(0.35 - SHORT + 0.1)
    negotiation.step()
    seen = negotiation.answers["a"]
    assert float(seen.seen[0]) == pytest.approx(float(seen.value[0]))


def test_a_mediator_that_gives_up_takes_its_own_guarantee_with_it_and_no_other():
    base = {"distrust": 0.5, **GOING, **STUBBORN, "guarantors.m": 0.4, "guarantors.g": 0.2, "distrust.*.g": 0.0}
    negotiation = stepped(pie(**{**base, "distrust.*.m": 0.0, "distrust.m.a": 1.0, "distrust.m.b": 1.0}), 1)
    assert float(negotiation.parties["a"].risk[0]) == pytest.approx(0.5 * 0.6 * 0.8)
    negotiation.step()
    assert float(negotiation.parties["a"].risk[0]) == pytest.approx(0.5 * 0.8)


@pytest.mark.parametrize("rounds", [1, 5])
def test_time_runs_out_in_an_impasse(rounds):
    negotiation = began(pie(rounds=rounds, **STUBBORN), 3)
    for t in range(1, rounds + 1):
        assert negotiation.running
        negotiation.step()
        assert negotiation.steps == t
    assert not negotiation.running
    found = negotiation.outcomes()
    assert list(found["outcome"]) == ["impasse"] * 3
    assert list(found["by"]) == [""] * 3
    assert list(found["round"]) == [rounds] * 3
    assert np.isnan(found["terms.share"]).all()
    assert list(found["held"]) == [-1] * 3
