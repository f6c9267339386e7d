"""Random numbers: named, numbered by run, and the same for whoever asks."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from sim.negotiation.model import Negotiation
from sim.negotiation.randomness.assumption_draws import draw_assumptions, draw_at_points
from sim.negotiation.randomness.random_streams import BLOCK, Streams, draw_range_points
from sim.scenario.model.parameters import quantities
from tests.negotiation.cases import FULL, PIE, outcomes, scenario

pytestmark = pytest.mark.quick


def numbers(first, runs):
    """The numbers of neighbouring runs."""
    return np.arange(first, first + runs)


def rounds_of(streams, name, count=3, kind="uniform"):
    return [getattr(streams, kind)(name, t).copy() for t in range(1, count + 1)]


@pytest.mark.parametrize("kind", ["uniform", "normal"])
def test_a_stream_is_the_same_for_everybody_who_asks(kind):
    left, right = (rounds_of(Streams(5, numbers(0, 40)), "ready:a", kind=kind) for _ in range(2))
    assert all((x == y).all() for x, y in zip(left, right, strict=True))


@pytest.mark.parametrize("kind", ["uniform", "normal"])
def test_seed_block_name_and_round_each_make_other_numbers(kind):
    found = {
        (seed, first, name, t): tuple(luck)
        for seed, first, name in itertools.product((0, 1, 2), (0, BLOCK, 2 * BLOCK), ("ready:a", "ready:b", "floor"))
        for t, luck in enumerate(rounds_of(Streams(seed, numbers(first, 8)), name, kind=kind))
    }
    assert len(set(found.values())) == len(found) == 3 * 3 * 3 * 3


@pytest.mark.parametrize("seed", [0, 1, 2**31, 2**63])
def test_every_seed_is_a_seed(seed):
    """Seed 0 is not "no seed": the same twice, and unlike every other."""
    once, again = (Streams(seed, numbers(0, 5)).uniform("floor", 1) for _ in range(2))
    assert (once == again).all()
    assert not (once == Streams(seed + 1, numbers(0, 5)).uniform("floor", 1)).any()


@pytest.mark.parametrize(("first", "runs"), [(0, 1), (7, 1), (7, 20), (BLOCK - 1, 1)])
def test_a_run_has_its_own_numbers_whoever_runs_beside_it(first, runs):
    everybody = Streams(3, numbers(0, BLOCK))
    some = Streams(3, numbers(first, runs))
    for t in (1, 2, 5):
        assert (some.uniform("x", t) == everybody.uniform("x", t)[first : first + runs]).all()
        assert (some.normal("y", t) == everybody.normal("y", t)[first : first + runs]).all()
    assert (
        draw_range_points(3, numbers(first, runs), "p")
        == draw_range_points(3, numbers(0, BLOCK), "p")[first : first + runs]
    ).all()


@pytest.mark.parametrize("kind", ["uniform", "normal"])
def test_who_comes_late_finds_the_numbers_of_the_round(kind):
    steady = rounds_of(Streams(3, numbers(0, 10)), "x", 9, kind)
    late = getattr(Streams(3, numbers(0, 10)), kind)
    assert (late("x", 4) == steady[3]).all()
    assert (late("x", 9) == steady[8]).all()


def test_one_stream_does_not_move_another():
    alone = rounds_of(Streams(3, numbers(0, 10)), "x", 4)
    streams = Streams(3, numbers(0, 10))
    for t, expected in enumerate(alone, start=1):
        streams.uniform("other", t)
        streams.normal("third", t)
        assert (streams.uniform("x", t) == expected).all()


def test_the_numbers_are_uniform_and_normal():
    uniform = np.concatenate(rounds_of(Streams(1, numbers(0, BLOCK)), "x", 5))
    normal = np.concatenate(rounds_of(Streams(1, numbers(0, BLOCK)), "y", 5, "normal"))
    count = len(uniform)
    assert ((uniform >= 0) & (uniform < 1)).all()
    assert abs(uniform.mean() - 0.5) < 4 * np.sqrt(1 / 12 / count)
    assert abs(normal.mean()) < 4 / np.sqrt(count)
    assert abs(normal.var() - 1) < 4 * np.sqrt(2 / count)


def test_streams_do_not_go_together():
    """No correlation between names, rounds, blocks, or luck and assumptions, beyond four standard errors."""
    streams = Streams(1, numbers(0, BLOCK))
    rows = [
        *rounds_of(streams, "ready:a"),
        *rounds_of(streams, "ready:b"),
        Streams(1, numbers(BLOCK, BLOCK)).uniform("ready:a", 1),
    ]
    rows += [
        draw_range_points(1, numbers(0, BLOCK), "ready:a"),
        draw_range_points(1, numbers(0, BLOCK), "p"),
        Streams(2, numbers(0, BLOCK)).uniform("ready:a", 1),
    ]
    together = np.corrcoef(rows) - np.eye(len(rows))
    assert np.abs(together).max() < 4.5 / np.sqrt(BLOCK)


@pytest.mark.parametrize(("first", "runs"), [(0, 0), (0, BLOCK + 1), (BLOCK - 1, 2), (5 * BLOCK + 1, BLOCK)])
def test_runs_outside_one_block_are_refused(first, runs):
    with pytest.raises(ValueError, match="must be of one block of 16384 runs"):
        Streams(1, numbers(first, runs))


@pytest.mark.parametrize("chosen", [[5], [9, 2, 700], [3, 3, 3], [2 * BLOCK + 9, 2 * BLOCK]])
def test_any_runs_of_a_block_may_be_asked_for_in_any_order(chosen):
    chosen = np.array(chosen)
    block = chosen[0] // BLOCK * BLOCK
    some, everybody = Streams(3, chosen), Streams(3, numbers(block, BLOCK))
    for t in (1, 2):
        assert (some.uniform("x", t) == everybody.uniform("x", t)[chosen - block]).all()
    assert (draw_range_points(3, chosen, "p") == draw_range_points(3, numbers(block, BLOCK), "p")[chosen - block]).all()


# --- in the model -----------------------------------------------------------------------------------------------


def test_luck_goes_by_the_actors_name_and_not_by_its_place():
    """A party that joins before the others in the alphabet leaves their luck as it is."""
    two = scenario(PIE)
    data = {**PIE, "parties": {"_first": PIE["parties"]["b"], **PIE["parties"]}}
    data["distrust"] = {i: {j: 0.0 for j in data["parties"] if j != i} for i in data["parties"]}
    three = scenario(data)
    for name in ("ready:a", "response:b"):
        left, right = (Negotiation(case, 20).streams.uniform(name, 1) for case in (two, three))
        assert (left == right).all()


def test_two_scenarios_on_one_seed_share_their_luck():
    """Distrust of one half decides by the same numbers whatever the rest: who meets in one meets in the other."""
    data = {**FULL, "events": [], "rounds": 1, "incidents": {}}
    still = {"distrust.*.*": 0.5, "parties.*.contact_aversion": 1.0, "mediator.shuttle": 0.0, "mediator.convening": 0.0}
    plain = outcomes(scenario(data, **still))["direct"]
    other = outcomes(scenario(data, **still, loss="linear", **{"parties.*.reservation": 0.9, "guarantors.league": 0.7}))
    assert (plain == other["direct"]).all()
    assert 0 < plain.mean() < 1
    eager = outcomes(scenario(data, **{**still, "parties.*.contact_aversion": 0.5}))["direct"]
    assert (eager >= plain).all()
    assert (eager > plain).any()


def test_assumptions_are_drawn_apart_from_luck():
    case = scenario(FULL)
    assumptions = draw_assumptions(scenario(FULL, seed=1), numbers(0, 50))
    left, right = (Negotiation(scenario(FULL, seed=seed), 50, values=assumptions) for seed in (1, 2))
    assert not (left.first_floor == right.first_floor).any()
    for path in quantities(case):
        assert (np.asarray(left.values[path]) == np.asarray(right.values[path])).all(), path


def test_the_same_luck_may_meet_other_assumptions():
    case = scenario(FULL)
    plain, other = (
        Negotiation(case, 50),
        Negotiation(case, 50, values=draw_assumptions(scenario(FULL, seed=99), numbers(0, 50))),
    )
    assert (plain.first_floor == other.first_floor).all()
    assert (plain.streams.uniform("ready:north", 1) == other.streams.uniform("ready:north", 1)).all()
    assert not (plain.values["parties.north.reservation"] == other.values["parties.north.reservation"]).any()


def test_values_given_are_the_values_used_and_left_alone():
    case = scenario(FULL)
    values = draw_assumptions(case, numbers(0, 30))
    kept = {path: np.array(value) for path, value in values.items()}
    found = outcomes(case, 30, values={**values, "rapport": 0.0, "parties.north.reservation": np.full(30, 0.55)})
    plain = outcomes(case, 30, values=values)
    assert not np.array_equal(found["round"], plain["round"])
    assert all((np.array(values[path]) == kept[path]).all() for path in values)
    assert (plain["round"] == outcomes(case, 30)["round"]).all()


def test_each_range_has_its_own_stream_and_shared_ones_move_together():
    quarter = {"range": [0.2, 0.6]}
    apart = draw_assumptions(
        scenario(PIE, **{"parties.a.reservation": quarter, "parties.b.reservation": quarter}), numbers(0, 200)
    )
    left, right = apart["parties.a.reservation"], apart["parties.b.reservation"]
    assert not (left == right).any()
    assert abs(np.corrcoef(left, right)[0, 1]) < 4 / np.sqrt(200)
    shared = {"range": [0.2, 0.6], "shared": "war"}
    wide = {"range": [0.0, 0.8], "shared": "war"}
    tied = draw_assumptions(
        scenario(PIE, **{"parties.a.reservation": shared, "parties.b.reservation": wide}), numbers(0, 200)
    )
    assert tied["parties.b.reservation"] == pytest.approx(2 * (tied["parties.a.reservation"] - 0.2))
    assert ((left >= 0.2) & (left <= 0.6)).all()


def test_a_range_is_read_at_its_point():
    case = scenario(PIE, **{"parties.a.reservation": {"range": [0.2, 0.6]}})
    values = draw_at_points(case, {"parties.a.reservation": np.array([0.0, 0.25, 1.0])})
    assert values["parties.a.reservation"] == pytest.approx([0.2, 0.3, 0.6])
    assert values["parties.b.reservation"] == 0.3
    assert values["mediator.style"] == "formulation"


def test_runs_may_meet_the_luck_of_other_runs():
    """With nothing to draw, a run is its luck."""
    case = scenario(
        PIE, **{"distrust": 0.3, "sharpness": 5.0, "parties.*.concession": 1.0, "parties.*.impatience": 1.0}
    )
    plain = outcomes(case, 60)
    chosen = np.array([40, 7, 7, 59])
    found = outcomes(case, 4, stream_runs=chosen)
    assert len(set(plain["round"])) > 2
    for name in ("round", "outcome", "by", "held"):
        assert list(found[name]) == list(plain[name][chosen])
    assert found["terms.share"].tobytes() == plain["terms.share"][chosen].tobytes()
    assert list(found["run"]) == [0, 1, 2, 3]


def test_other_luck_leaves_assumptions_alone():
    case = scenario(FULL)
    plain, lucky = Negotiation(case, 20), Negotiation(case, 20, stream_runs=numbers(100, 20))
    assert (plain.values["parties.north.reservation"] == lucky.values["parties.north.reservation"]).all()
    assert not (plain.first_floor == lucky.first_floor).any()


def test_every_decision_of_every_actor_has_its_own_stream(monkeypatch):
    """No two decisions share a number: each stream is asked once a round, and by the name of whoever decides."""
    asked = []
    for kind in ("uniform", "normal"):
        plain = getattr(Streams, kind)

        def watched(self, name, round_, *places, plain=plain):
            asked.append((name, round_))
            return plain(self, name, round_, *places)

        monkeypatch.setattr(Streams, kind, watched)
    outcomes(scenario(FULL), 200)
    assert len(set(asked)) == len(asked)
    parties = ("north", "south")
    assert {name for name, _ in asked} >= {
        *(
            f"{what}:{who}"
            for what in ("ready", "channel", "response", "leave", "incident", "breach")
            for who in parties
        ),
        "leave:third",
        "floor",
        "battlefield",
        "battlefield after signing",
    }
