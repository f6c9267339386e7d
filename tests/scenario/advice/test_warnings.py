"""Warnings: what is allowed but odd."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.scenario.advice.warnings import joint_distrust, warnings
from sim.scenario.loading.scenario_loader import load_scenario
from tests.scenario.samples import MINIMAL, edited, write

ENVOY = "mediator: {name: envoy, style: %s, %s}\n"
HALF = "of the pie in utility, as north expects betrayal with probability 0.50"
LOSS = "    betrayal_loss: 0.1\n"
GUARANTOR = "guarantors: {others: 0.5}\nimplementation: {penalty: 0.1}\n"


USELESS = "mediator: changes no outcome: all parties meet without it, it tables no text and guarantees nothing"
QUIET = "has no effect: nothing hostile ever happens"
ONLY_NORTH = "parties.south.reliability: 1, so that only north can break a settlement"


def advice(text: str, **changes: object) -> list[str]:
    """Return the warnings on a scenario, but that on what it leaves out, which has tests of its own."""
    write(Path(), case=text)
    case = load_scenario("case.yaml", {path.replace("__", "."): value for path, value in changes.items()})
    return [line for line in warnings(case) if not line.startswith("left out")]


def test_nothing_to_say(folder: Path) -> None:
    assert advice(MINIMAL) == []


LEFT_OUT = {
    "reliability": "reliability (1: nobody breaks its word)",
    "contact_aversion": "contact_aversion (0: distrust keeps nobody away)",
    "trust_loss": "trust_loss (0: nothing hostile lowers trust)",
    "devaluation": "devaluation (0: a text is taken alike from anybody)",
    "impatience": "impatience (0: nobody walks out)",
}


def test_what_is_left_out_to_the_good_of_an_answer_is_named_once(folder: Path) -> None:
    write(folder, case=MINIMAL)
    expected = f"left out, to the good of settlements: {'; '.join(LEFT_OUT.values())}"
    pace = "left out: pace of north and south; a year (52 weeks) stands for it"
    assert warnings(load_scenario("case.yaml")) == [expected, pace]


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"parties.north.pace": 30}, "left out: pace of south; a year (52 weeks) stands for it"),
        ({"deadline": {"range": [10, 20]}}, "left out: pace of north and south; the deadline (20 weeks) stands for it"),
        ({"parties.*.pace": 30}, None),
    ],
)
def test_the_default_pace_is_named_among_what_is_left_out(changes: dict[str, object], line: str, folder: Path) -> None:
    write(folder, case=MINIMAL)
    said = [line for line in warnings(load_scenario("case.yaml", changes)) if line.startswith("left out: pace")]
    assert said == ([line] if line else [])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"deadline": 20, "parties.*.pace": {"range": [10, 30]}}, []),
        (
            {"deadline": 20, "parties.north.pace": {"range": [21, 30]}},
            ["parties.north.pace: beyond the deadline, which stands for it: nobody plans beyond that"],
        ),
        (
            {"deadline": {"range": [53, 60]}},
            ["deadline: after the watch of 52 weeks: it may hasten parties, but no run fails at it"],
        ),
        ({"deadline": {"range": [52, 60]}}, []),
    ],
)
def test_times_that_do_not_go_together(changes: dict[str, object], expected: list[str], folder: Path) -> None:
    assert advice(MINIMAL, **changes) == expected


def test_times_are_told_of_only_where_no_design_point_goes_together(folder: Path) -> None:
    write(folder, case=MINIMAL)
    cases = [load_scenario("case.yaml", {"parties.*.pace": 30, "deadline": weeks}) for weeks in (10, 20, 40)]
    assert not any("beyond" in line for line in warnings(*cases))
    assert any("beyond" in line for line in warnings(*cases[:2]))


def test_an_event_after_the_end_is_not_reached(folder: Path) -> None:
    late = MINIMAL + "events: [{round: 30, incident: {by: north}}]\n"
    resents = {"parties.south.trust_loss": 0.5}
    assert advice(late, **resents) == []
    said = "events.0: is not reached: the talks are watched, or go on, for 20 weeks"
    assert advice(late, **resents, rounds=20) == [said]
    assert advice(late, **resents, deadline={"range": [10, 20]}) == [said]


@pytest.mark.parametrize("key", LEFT_OUT)
def test_what_is_given_even_at_its_neutral_value_is_not_left_out(key: str, folder: Path) -> None:
    write(folder, case=MINIMAL)
    value = 1 if key == "reliability" else 0
    of_one = warnings(load_scenario("case.yaml", {f"parties.north.{key}": value}))[-2]
    assert f"{key} of south (" in of_one
    of_none = warnings(load_scenario("case.yaml", {f"parties.*.{key}": value}))[-2]
    assert key not in of_none
    assert all(other in of_none for name, other in LEFT_OUT.items() if name != key)


def test_what_an_event_sets_is_not_left_out(folder: Path) -> None:
    write(folder, case=MINIMAL + "events: [{round: 2, set: {'parties.*.reliability': 0.9}}]\n")
    assert "reliability" not in " ".join(warnings(load_scenario("case.yaml")))


@pytest.mark.parametrize(
    ("changes", "lines"),
    [
        ({"parties.north.reliability": 0.9}, [ONLY_NORTH]),
        ({"parties.*.reliability": 0.9}, []),
        ({"parties.north.front": 1, "battlefield.drift": 0.01, "implementation.front": 0.5}, [ONLY_NORTH]),
    ],
)
def test_parties_of_which_only_some_can_break_a_settlement(changes, lines, folder: Path) -> None:
    write(folder, case=MINIMAL)
    said = warnings(load_scenario("case.yaml", changes))
    assert [line for line in said if not line.startswith("left out")] == lines


def test_design_points_are_warned_of_only_what_is_true_at_all_of_them(folder: Path) -> None:
    write(folder, case=MINIMAL + ENVOY % ("facilitation", "leverage: {north: 0.1}"))
    facilitation = load_scenario("case.yaml")
    manipulation = load_scenario("case.yaml", {"mediator.style": "manipulation"})
    line = "mediator.leverage: has no effect unless the style is manipulation"
    assert line in warnings(facilitation)
    assert line not in warnings(facilitation, manipulation)
    assert USELESS not in warnings(facilitation, manipulation)


def test_what_varies_without_effect_is_named_though_every_file_gives_it(folder: Path) -> None:
    write(folder, case=MINIMAL)
    ends = [load_scenario("case.yaml", {"parties.north.salience.land": weight}) for weight in (1, 2)]
    assert warnings(ends[0], ends[1])[0] == (
        "parties.north.salience.land: has no effect with one issue: weights count only beside each other"
    )


def test_joint_distrust(folder: Path) -> None:
    west = "  west: {aims: {land: 0}, salience: {land: 1}, reservation: 0, betrayal_loss: 0}\n"
    text = MINIMAL.replace("distrust:\n", west + "distrust:\n  west: {north: 0, south: 0}\n").replace(
        "{south: 0.5}", "{south: 0.5, west: 0.2, others: 0.4}"
    )
    write(folder, case=text.replace("{north: 0.5}", "{north: 0.5, west: 0}") + GUARANTOR)
    discount = 1 - 0.5 * (1 - 0.4)
    expected = 1 - (1 - 0.5 * discount) * (1 - 0.2 * discount)
    assert joint_distrust(load_scenario("case.yaml"), "north") == pytest.approx(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            edited("betrayal_loss: 0.1", "betrayal_loss: 0.3"),
            f"parties.north.betrayal_loss: 0.3 weighs 0.30 {HALF}",
        ),
        (
            edited("betrayal_loss: 0.1", "precondition: {range: [0.1, 0.2]}\n    betrayal_loss: 0.1"),
            f"parties.north.precondition: 0.15 weighs 0.30 {HALF}",
        ),
        (
            edited("betrayal_loss: 0.1", "devaluation: 0.3\n    betrayal_loss: 0.1"),
            f"parties.north.devaluation: 0.3 weighs 0.30 {HALF}",
        ),
        (
            MINIMAL.replace("{south: 0.5}", "{south: 0.5, envoy: 0.2}")
            + ENVOY % ("manipulation", "leverage: {north: 0.2}"),
            [f"mediator.leverage.north: 0.2 weighs 0.32 {HALF}", ONLY_NORTH],
        ),
        (
            edited("{south: 0.5}", "{south: 1}"),
            "distrust.north: north is certain of betrayal: while that lasts it signs nothing unless leverage pays",
        ),
        (
            edited(LOSS, LOSS + "    concession: 100\n"),
            "parties.north.concession: concedes nearly everything in the first week",
        ),
        (
            edited(LOSS, LOSS + "    concession: 0.1\n"),
            "parties.north.concession: concedes next to nothing before the last weeks of its pace",
        ),
        (
            edited(LOSS, LOSS + "    trust_gain: 0.2\n    trust_loss: 0.1\n"),
            [
                "parties.north.trust_loss: 0.1 is below trust_gain 0.2, but trust is usually lost faster than gained",
                f"parties.north.trust_loss: {QUIET}",
            ],
        ),
        (
            MINIMAL + ENVOY % ("facilitation", "trust_gain: 0.2"),
            [
                "mediator.trust_loss: 0 is below trust_gain 0.2, but trust is usually lost faster than gained",
                USELESS,
                "mediator.trust_gain: has no effect: the mediator has no distrust that could fall",
            ],
        ),
        (
            MINIMAL + ENVOY % ("facilitation", "bias: {north: 0.1}"),
            [USELESS, "mediator.bias: has no effect under facilitation: the mediator tables no text"],
        ),
        (
            MINIMAL + ENVOY % ("formulation", "leverage: 0.1"),
            "mediator.leverage: has no effect unless the style is manipulation",
        ),
        (
            MINIMAL + ENVOY % ("manipulation", "leverage_decay: 0.1"),
            [
                "mediator.leverage_decay: has no effect without leverage",
                "mediator.style: manipulation without leverage does no more than formulation",
            ],
        ),
        (
            MINIMAL + ENVOY % ("formulation", "aims: {land: 1}, salience: {land: 1}"),
            "mediator.aims, mediator.salience: have no effect without a stake",
        ),
        (
            MINIMAL + ENVOY % ("facilitation", "convening: 0.5"),
            [USELESS, "mediator.convening: has no effect: no party is averse to contact"],
        ),
        (
            MINIMAL + "battlefield: {volatility: 0.1}\n",
            "battlefield.volatility: has no effect: the front helps and harms nobody",
        ),
        (MINIMAL + "implementation: {penalty: 0.1}\n", "implementation.penalty: has no effect without a guarantor"),
        (
            MINIMAL + "events: [{round: 1, signal: {by: north, likelihood: 1}}]\n",
            "events.0: a signal that either kind of side sends as readily tells nothing",
        ),
        (
            MINIMAL + "events: [{round: 1, incident: {by: north, severity: 0}}]\n",
            "events.0: an incident of severity 0 does nothing",
        ),
        (
            MINIMAL + "events: [{round: 1, set: {distrust.north.south: 0.5}}]\n",
            "events.0: sets distrust.north.south to what it is already",
        ),
    ],
)
def test_warning(text: str, expected: str | list[str], folder: Path) -> None:
    assert advice(text) == ([expected] if isinstance(expected, str) else expected)


@pytest.mark.parametrize(
    "text",
    [
        MINIMAL
        + ENVOY % ("facilitation", "bias: {north: 0.1}")
        + "events: [{round: 3, set: {mediator.style: formulation}}]\n",
        MINIMAL
        + ENVOY % ("manipulation", "leverage_decay: 0.1")
        + "events: [{round: 3, set: {mediator.leverage: 0.01}}]\n",
        MINIMAL.replace(LOSS, LOSS + "    reliability: 0.9\n") + GUARANTOR,
        MINIMAL + "events: [{round: 3, set: {rapport: 0.1}}, {round: 4, set: {rapport: 0}}]\n",
        MINIMAL + "events: [{round: 4, set: {rapport: 0}}, {round: 3, set: {rapport: 0.1}}]\n",
    ],
)
def test_what_events_bring_into_play_is_no_matter_for_a_warning(text: str, folder: Path) -> None:
    assert advice(text) == []
