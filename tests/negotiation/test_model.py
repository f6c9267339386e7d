"""What must hold of every ensemble: the same run whoever asks, no effect but by what is named, known answers."""

from __future__ import annotations

import copy

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.negotiation.model import Negotiation
from sim.negotiation.randomness.random_streams import BLOCK
from sim.scenario.loading.assignment import assign
from tests.examples import examples
from tests.negotiation.cases import FULL, PIE, assert_same, outcomes, scenario

pytestmark = pytest.mark.quick


@pytest.fixture(scope="module")
def full():
    return outcomes(scenario(FULL), 1000)


def test_the_full_case_has_every_kind_of_outcome(full):
    assert set(full["outcome"]) == {"settlement", "walkout", "impasse", "overtaken"}
    assert {"north", "south", "third"} <= set(full["by"])
    assert set(full["cause"]) >= {"", "type", "fear"}
    assert (full["mediator_left"] > 0).any()
    assert full["direct"].any() and full["mediated"].any() and full["silent"].any()


@pytest.mark.parametrize("runs", [1, 7, 100, 999])
def test_run_n_is_the_same_in_ensembles_of_any_size(full, runs):
    assert_same(outcomes(scenario(FULL), runs), {name: column[:runs] for name, column in full.items()})


@pytest.mark.parametrize("first", [0, 3, 500, 998])
def test_a_run_alone_is_the_run_in_the_ensemble(full, first):
    alone = outcomes(scenario(FULL), 1, first)
    assert_same(alone, {name: column[first : first + 1] for name, column in full.items()})


def test_the_second_block_has_its_own_luck_and_the_same_run_again():
    case = scenario(FULL)
    block = outcomes(case, 50, BLOCK)
    assert block["run"][0] == BLOCK
    assert_same(outcomes(case, 1, BLOCK + 7), {name: column[7:8] for name, column in block.items()})
    assert not np.array_equal(block["round"], outcomes(case, 50)["round"])


def test_runs_that_straddle_blocks_are_refused():
    with pytest.raises(ValueError, match=r"of one block of 16384 runs, not of 2"):
        Negotiation(scenario(FULL), 200, 16300)


def test_another_seed_is_other_luck():
    first, second = (outcomes(scenario(FULL, seed=seed), 200) for seed in (0, 1))
    assert not np.array_equal(first["round"], second["round"])


def test_outcomes_are_refused_while_runs_are_under_way():
    with pytest.raises(RuntimeError, match="still under way"):
        Negotiation(scenario(FULL), 5).outcomes()


def reordered(data):
    """The same scenario with parties, issues and everything keyed by them written in the opposite order."""
    if isinstance(data, dict):
        return {key: reordered(data[key]) for key in reversed(list(data))}
    return data


def test_the_order_of_the_file_changes_nothing(full):
    other = reordered(copy.deepcopy(FULL))
    other["events"] = FULL["events"]
    assert_same(outcomes(scenario(other), 1000), full)


def test_an_issue_without_weight_changes_nothing(full):
    data = copy.deepcopy(FULL)
    data["issues"]["zeal"] = {"low": "l", "high": "h"}
    for party, aim in (("north", 0.7), ("south", 0.1)):
        data["parties"][party]["aims"]["zeal"] = aim
        data["parties"][party]["salience"]["zeal"] = 0.0
    assert_same(full, outcomes(scenario(data), 1000), list(full))


def mirrored(data):
    data = copy.deepcopy(data)
    for party in data["parties"].values():
        party["aims"] = {issue: 1.0 - aim for issue, aim in party["aims"].items()}
    return data


@pytest.mark.parametrize("loss", ["quadratic", "linear"])
def test_mirrored_aims_mirror_the_terms(loss):
    case = scenario(FULL, loss=loss)
    straight, turned = outcomes(case, 400), outcomes(assign(scenario(mirrored(FULL)), {"loss": loss}), 400)
    assert_same(straight, turned, ["outcome", "by", "round", "held"])
    for issue in FULL["issues"]:
        terms = straight[f"terms.{issue}"]
        assert np.allclose(turned[f"terms.{issue}"], 1.0 - terms, atol=1e-12, equal_nan=True)


SILENCED = {
    "mediator.style": "facilitation",
    "mediator.shuttle": 0,
    "mediator.convening": 0,
    "mediator.bias.*": 0,
    "mediator.leverage": 0,
}


def test_a_mediator_without_tools_is_no_mediator_run_by_run():
    data = copy.deepcopy(FULL)
    del data["events"][2]
    idle = outcomes(assign(scenario(data), SILENCED), 1000)
    none = outcomes(assign(scenario(data), {"mediator": None}), 1000)
    kept = [name for name in none if name != "mediator_left"]
    assert_same(none, idle, kept)


@pytest.mark.parametrize(
    ("path", "value"),
    [("guarantors.league", 0.9), ("parties.*.devaluation", 0.3), ("parties.*.contact_aversion", 3.0)],
)
def test_without_distrust_its_channels_have_no_effect(path, value):
    case = assign(scenario(FULL), {"distrust.*.*": 0, "incidents.severity": 0, "implementation.penalty": 0})
    data = [assign(case, {path: changed}) for changed in (0, value)]
    calm = [assign(c, {"parties.*.trust_loss": 0, "mediator.trust_loss": 0, "parties.*.reliability": 1}) for c in data]
    assert_same(*(outcomes(c, 500) for c in calm))


@settings(max_examples=examples(8), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    distrust=st.floats(0, 1),
    gain=st.floats(0, 1),
    loss=st.floats(0, 1),
    reservation=st.floats(0, 1),
    betrayal=st.floats(0, 1),
    sharpness=st.sampled_from([1e-3, 1.0, 40.0, 1e9]),
    style=st.sampled_from(["facilitation", "formulation", "manipulation"]),
    shape=st.sampled_from(["linear", "quadratic"]),
    seed=st.integers(0, 2**31),
)
def test_utilities_terms_and_distrust_stay_between_0_and_1(
    distrust, gain, loss, reservation, betrayal, sharpness, style, shape, seed
):
    case = assign(
        scenario(FULL, seed),
        {
            "distrust.*.*": distrust,
            "parties.*.trust_gain": gain,
            "parties.*.trust_loss": loss,
            "mediator.trust_gain": gain,
            "mediator.trust_loss": loss,
            "parties.*.reservation": reservation,
            "parties.*.betrayal_loss": betrayal,
            "sharpness": sharpness,
            "mediator.style": style,
            "loss": shape,
        },
    )
    found = outcomes(case, 60)
    settled = found["outcome"] == "settlement"
    assert ((found["direct"] + found["mediated"] + found["silent"]) == found["round"]).all()
    for name, column in found.items():
        if name.startswith("distrust."):
            assert ((column >= 0) & (column <= 1)).all(), name
        elif name.startswith(("terms.", "utility.")):
            assert (np.isfinite(column) == settled).all(), name
            assert ((column[settled] >= 0) & (column[settled] <= 1)).all(), name
    assert ((found["held"] >= 0) == settled).all()


@settings(max_examples=examples(10), deadline=None)
@given(d=st.floats(0, 1), weak=st.floats(0, 1), more=st.floats(0, 1), seed=st.integers(0, 2**31))
def test_more_guarantee_never_loses_a_settlement(d, weak, more, seed):
    strong = weak + (1 - weak) * more
    case = scenario(PIE, seed, distrust=d)
    settled = [outcomes(assign(case, {"guarantors.g": g}), 20)["outcome"] == "settlement" for g in (weak, strong)]
    assert (settled[0] <= settled[1]).all()


@pytest.mark.parametrize(
    ("name", "changes", "critical"),
    [
        ("direct talks", {"mediator": None}, 4 / 15),
        ("a mediator's text", {}, 0.4),
        ("with the guarantee", {"guarantors.g": 0.5}, 0.8),
    ],
)
def test_the_four_regimes_of_the_textbook_pie(name, changes, critical):
    """r = .3, s = 0, ρ = γ = .5: d_dir = (1 − 2r)/(1 − 2s + ρ), d* = (1 − 2r)/(1 − 2s), d*/(1 − γ)."""
    case = assign(scenario(PIE), changes) if changes else scenario(PIE)
    for d in np.linspace(0, 1, 61):
        share = np.mean(outcomes(assign(case, {"distrust": float(d)}), 20)["outcome"] == "settlement")
        if abs(d - critical) > 1e-3:
            assert share == (1.0 if d < critical else 0.0), (name, d)


def three(data=FULL):
    """The full case with a third party beside the two."""
    data = copy.deepcopy(data)
    data["parties"]["east"] = copy.deepcopy(data["parties"]["south"]) | {
        "aims": {"land": 0.5, "rights": 0.5, "trade": 0.5}
    }
    data["distrust"]["east"] = {"north": 0.6, "south": 0.6, "third": 0.3, "league": 0.3}
    for other in ("north", "south", "third"):
        data["distrust"][other]["east"] = 0.6
    data["incidents"]["rate"]["east"] = 0.05
    return scenario(data)


def test_the_floor_goes_round_in_an_order_drawn_for_every_run():
    negotiation = Negotiation(three(), 3000)
    places = np.array([party.place for party in negotiation.parties.values()])
    assert (np.sort(places, axis=0) == np.arange(3)[:, None]).all()
    orders, counts = np.unique(places, axis=1, return_counts=True)
    assert orders.shape[1] == 6
    assert (np.abs(counts / 3000 - 1 / 6) < 4 * np.sqrt(5 / 36 / 3000)).all()


def test_no_name_has_an_advantage():
    """Two mirror images and a mediator that often has no text: each walks out, and signs its own text, as often."""
    data = copy.deepcopy(FULL) | {"events": [], "guarantors": {}}
    for name, other, aim in (("north", "south", 1.0), ("south", "north", 0.0)):
        tastes = {
            "aims": dict.fromkeys(FULL["issues"], aim),
            "salience": dict.fromkeys(FULL["issues"], 1.0),
            "front": 0,
        }
        data["parties"][name] = copy.deepcopy(FULL["parties"]["north"]) | tastes
        data["distrust"][name] = {other: {"range": [0.7, 0.95]}, "third": 0.3}
    data["distrust"]["third"] = {"north": 0.4, "south": 0.4}
    data["mediator"] = FULL["mediator"] | {"bias": {}, "leverage": 0, "style": "formulation"}
    found = outcomes(scenario(data), BLOCK)
    for outcome in ("settlement", "walkout"):
        mine = found["by"][found["outcome"] == outcome]
        north, south = (np.count_nonzero(mine == name) for name in ("north", "south"))
        assert min(north, south) > 20
        assert abs(north - south) < 4 * np.sqrt(north + south), outcome


def test_a_party_more_is_the_same_model():
    found = outcomes(three(), 500)
    assert {"terms.land", "utility.east", "distrust.east.north"} <= set(found)
    assert_same(outcomes(three(), 1, 499), {name: column[499:] for name, column in found.items()})


def test_a_step_after_the_end_does_nothing():
    negotiation = Negotiation(scenario(FULL), 50)
    negotiation.run_model()
    before = {name: column.copy() for name, column in negotiation.outcomes().items()}
    negotiation.step()
    assert_same(before, negotiation.outcomes())
