"""The scalar model of the benchmarks by itself: what rules version 3 must give, from formulas.

One issue, linear loss, two parties that are each other's mirror image: what one concedes the other has.
"""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from second_opinion import negotiations

from sim.scenario.loading.scenario_loader import load_scenario

TEXTBOOK = Path(__file__).parents[1] / "scenarios" / "textbook.yaml"

R = 0.3  # both reservation values in the textbook case; betrayal loses as much, so that s = 0


def records(runs=12, **settings):
    models = list(negotiations(_case(settings), runs))
    for model in models:
        model.run_model()
    return [model.record for model in models]


def first_model(**settings):
    """Return one negotiation in its first week, everybody's reckoning done."""
    model = next(negotiations(_case(settings), 1))
    model.steps = 1
    for party in model.parties:
        party.appraise()
    return model


def _case(settings):
    return load_scenario(TEXTBOOK, {path.replace("__", "."): value for path, value in settings.items()})


# --- time ------------------------------------------------------------------------------------------------------


GRADUAL = {"distrust": 0, "deadline": 1000, "mediator__style": "facilitation", "parties__*__concession": 1}


@pytest.mark.parametrize("rounds", [29, 52, 104])
def test_nothing_is_signed_before_the_pace_allows_it_and_then_all_is_whatever_the_watch(rounds):
    # the author gives (1 − r)·φ, the other wants r + (1 − r)·(1 − φ): they meet at φ = 1/(2·(1 − r))
    week = math.ceil(40 / (2 * (1 - R)))
    assert week == 29
    ended = records(rounds=rounds, parties__a__pace=40, parties__b__pace=40, **GRADUAL)
    assert {(record["outcome"], record["round"]) for record in ended} == {("settlement", week)}


def test_what_has_not_ended_when_the_watch_does_is_open():
    ended = records(rounds=28, parties__a__pace=40, parties__b__pace=40, **GRADUAL)
    assert {(record["outcome"], record["round"]) for record in ended} == {("open", 28)}


@pytest.mark.parametrize(("deadline", "outcome", "week"), [(8, "impasse", 8), (7.5, "impasse", 8), (8.5, "open", 8)])
def test_talks_fail_in_the_first_week_that_reaches_the_deadline(deadline, outcome, week):
    ended = records(rounds=8, deadline=deadline, distrust=0.9)
    assert {(record["outcome"], record["round"]) for record in ended} == {(outcome, week)}


def test_nobody_plans_beyond_a_deadline():
    first = first_model(deadline=10, parties__a__pace=40, parties__b__pace=6)
    assert [party.pace for party in first.parties] == [10, 6]


def test_a_longer_watch_changes_nothing_that_happened_before():
    lively = {"sharpness": 8, "deadline": 200, "overtaken": 0.02, "parties__*__impatience": 2, "distrust": 0.35}
    lively |= {"parties__*__trust_gain": 0.2, "parties__*__trust_loss": 0.3, "implementation__monitoring": 0.01}
    short, long = (records(60, rounds=rounds, **lively) for rounds in (6, 30))
    assert {record["outcome"] for record in short} >= {"settlement", "walkout", "open"}
    for early, late in zip(short, long, strict=True):
        assert early == late or (early["outcome"] == "open" and late["round"] > 6)


def test_overtaken_talks_compete_with_a_settlement():
    # frozen beliefs and no bluff: every week the other accepts with one and the same chance
    distrust, sharpness, hazard = 0.2, 5, 0.3
    floor = R / (1 - distrust)
    margin = (1 - distrust) * (1 - floor) - 0.5 * distrust - R
    chance = 1 / (1 + math.exp(-sharpness * margin / (1 - distrust)))
    expected = chance / (1 - (1 - chance) * (1 - hazard))
    runs = 2000
    ended = records(
        runs, rounds=99, deadline=99, distrust=distrust, sharpness=sharpness, overtaken=hazard,
        mediator__style="facilitation", parties__a__pace=1, parties__b__pace=1, implementation__periods=1,
    )  # fmt: skip
    settled = sum(record["outcome"] == "settlement" for record in ended) / runs
    assert settled == pytest.approx(expected, abs=4 * math.sqrt(expected * (1 - expected) / runs))
    assert {record["outcome"] for record in ended} == {"settlement", "overtaken"}


# --- tabling ---------------------------------------------------------------------------------------------------


def test_a_declaration_costs_a_week_and_nothing_else():
    # at a distrust of .8 even the ideal is worth .2, less than war: both declare, and are ready to be furious
    furious = {"parties__*__impatience": 1000, "parties__*__trust_loss": 1, "parties__*__trust_gain": 1, "sharpness": 2}
    ended = records(distrust=0.8, mediator__style="facilitation", **furious)
    for record in ended:
        assert (record["outcome"], record["round"], record["direct"]) == ("impasse", 12, 12)
        assert record["distrust.a.b"] == record["distrust.b.a"] == 0.8


def test_who_is_sure_of_betrayal_tables_its_ideal_only_under_pressure():
    hopeless = {"distrust": 1, "mediator__style": "manipulation", "parties__*__precondition": 0.2}
    first, second = first_model(**hopeless, mediator__leverage__a=0.1).parties
    assert first.propose() == [1.0]
    assert first.declares
    assert second.propose() is None
    ready = first_model(**hopeless, mediator__leverage__a=0.6).parties[0]
    assert ready.propose() == [1.0]
    assert not ready.declares


# --- the mediator ----------------------------------------------------------------------------------------------


def test_what_is_confided_makes_the_mediators_text_good_in_its_first_turn():
    slow = {
        "deadline": 1000,
        "rounds": 60,
        "parties__*__concession": 1,
        "parties__a__pace": 500,
        "parties__b__pace": 500,
    }
    for caucus, turns in ((1, 1), (0, None)):
        models = list(negotiations(_case({**slow, "mediator__caucus": caucus}), 12))
        for model in models:
            model.run_model()
            first_turn = next(week for week in range(1, 4) if (int(3 * model.start) + week - 1) % 3 == 2)
            assert model.record is not None
            signed = (model.record["outcome"], model.record["by"], model.record["round"])
            assert signed == (("settlement", "m", first_turn) if turns else ("open", "", 60))


def test_what_is_said_in_private_earns_nothing_in_public():
    party = first_model(mediator__caucus=1, parties__a__pace=12, parties__a__concession=1).parties[0]
    assert party.accepts([0.8], party.model.mediator)
    assert not party.offers


def test_nobody_learns_from_what_only_the_mediator_heard():
    slow = {"distrust": 0.2, "distrust__b__m": 1, "parties__*__devaluation": 0, "parties__*__trust_gain": 0.5}
    model = first_model(mediator__caucus=1, deadline=1000, parties__a__pace=500, parties__b__pace=500,
                        parties__a__concession=1, parties__b__concession=1, **slow)  # fmt: skip
    model.start = 0.9
    confiding, silent = model.parties
    heard: list[bool] = []
    answer = confiding.accepts
    confiding.accepts = lambda text, author: heard.append(answer(text, author)) or heard[-1]
    assert not model.talk(meeting=False)
    assert heard == [True]
    assert (silent.distrust["a"], confiding.best_offer["b"]) == (0.2, 0.0)


def test_a_party_that_confides_is_not_misjudged():
    floors = {}
    for caucus in (0, 1):
        model = first_model(mediator__misjudgement=0.1, mediator__caucus=caucus)
        wrong = model.mediator.deviates["a"] * 0.1
        floors[caucus] = model.parties[0].claim(1.0, model.mediator._error(model.parties[0])).floor
    assert floors[1] == pytest.approx(R / (1 - 0.3333))
    assert floors[0] - floors[1] == pytest.approx(wrong)


@pytest.mark.parametrize(("misjudgement", "repeats"), [(0.0, True), (0.01, False)])
def test_a_mediator_that_may_be_wrong_does_not_repeat_itself_at_once(misjudgement, repeats):
    model = first_model(mediator__misjudgement=misjudgement)
    text = model.mediator.propose()
    assert text is not None
    model.learn(model.mediator, text, [])
    again = model.mediator.propose()
    assert again == (text if repeats else None)
    assert model.mediator.propose() == text


@pytest.mark.parametrize("worth", [0.0, 0.1, 0.4])
def test_a_mediators_text_falls_short_on_the_way_to_conceding_everything(worth):
    model = first_model(distrust=0.3333, parties__a__trust_loss=0.6)
    party, floor = model.parties[0], R / (1 - 0.3333)
    party.judge(model.mediator, [worth])
    assert party.distrust["m"] == pytest.approx(0.6 * (floor - worth) / floor)


def test_any_text_falls_short_altogether_where_betrayal_is_certain():
    model = first_model(distrust=1, parties__a__trust_loss=0.6)
    model.parties[0].judge(model.mediator, [0.9])
    assert model.parties[0].distrust["m"] == pytest.approx(0.6)


# --- after the signature ---------------------------------------------------------------------------------------


PRESSED = {"distrust": 0.6, "mediator__style": "manipulation", "mediator__leverage__*": 0.2}


@pytest.mark.parametrize("decay", [0.05, 0.031])
def test_what_leverage_bought_breaks_from_fear_when_leverage_has_faded(decay):
    # the mediator's text is worth .5 to both and, at a distrust of .6, V = .4·.5 = .2
    until = math.log(0.2 / (R - 0.2)) / decay
    for record in records(mediator__leverage_decay=decay, **PRESSED):
        assert record["utility.a"] == pytest.approx(0.5)
        assert (record["cause"], record["held"], record["below_war"]) == ("fear", math.floor(until), 0)


@pytest.mark.parametrize(("monitoring", "decay"), [(0.02, 0.05), (0.02, 0.03), (0.06, 0.05), (0.06, 0.02), (1, 0.05)])
def test_quiet_may_build_trust_faster_than_leverage_fades(monitoring, decay):
    def keeps(period):
        doubt = 0.6 * (1 - monitoring) ** period
        distrust = doubt / (doubt + 0.4)
        return R - (1 - distrust) * 0.5 <= 0.2 * math.exp(-decay * period)

    expected = next((period - 1 for period in range(1, 261) if not keeps(period)), 260)
    ended = records(implementation__monitoring=monitoring, mediator__leverage_decay=decay, **PRESSED)
    assert {record["held"] for record in ended} == {expected}
    assert {record["cause"] for record in ended} == {"" if expected == 260 else "fear"}


def test_what_is_worth_less_than_war_even_without_fear_breaks_from_interest():
    pressed = {"mediator__style": "manipulation", "mediator__leverage__b": 0.5, "mediator__leverage_decay": 0.05}
    for record in records(distrust=0, parties__a__reservation=0.4, parties__b__reservation=0.7, **pressed):
        until = math.log(0.5 / (0.7 - record["utility.b"])) / 0.05
        assert (record["cause"], record["broken_by"], record["held"]) == ("interest", "b", math.floor(until))


def test_violations_move_distrust_as_in_war_and_take_the_place_of_quiet():
    # somebody violates the peace every week; the other's distrust rises by a tenth of what is left
    hostile = {"incidents__rate__a": 1, "incidents__severity": 0.5, "parties__*__trust_loss": 0.2}
    model = first_model(implementation__violations=1, implementation__monitoring=0.5, **hostile)
    model.peace(1)
    first, second = model.parties
    assert second.distrust["a"] == pytest.approx(0.3333 + 0.1 * (1 - 0.3333))
    assert first.distrust["b"] == pytest.approx(0.3333 * 0.5 / (0.3333 * 0.5 + 1 - 0.3333))


def test_peace_stops_the_front_unless_it_goes_on():
    for front in (0, 0.25, 1):
        model = first_model(implementation__front=front, battlefield__drift=0.01)
        model.peace(1)
        assert model.battlefield == pytest.approx(front * 0.01)


def test_being_betrayed_counts_for_no_more_than_the_terms():
    party = first_model(distrust=0.5, parties__a__betrayal_loss=0.1).parties[0]
    assert party.value(0.1) == pytest.approx(0.1)
    assert party.value(0.6) == pytest.approx(0.5 * 0.6 + 0.5 * 0.2)
    assert party.least_utility(0.15) == pytest.approx(0.15)
    assert party.least_utility(0.4) == pytest.approx(0.6)
