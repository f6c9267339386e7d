"""Warnings: what is allowed but odd."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.scenario.advice import joint_distrust, warnings
from sim.scenario.loading import load_scenario
from tests.scenario.samples import MINIMAL, edited, write

ENVOY = "mediator: {name: envoy, style: %s, %s}\n"
HALF = "of the pie in utility, as north expects betrayal with probability 0.50"
LOSS = "    betrayal_loss: 0.1\n"
GUARANTOR = "guarantors: {others: 0.5}\nimplementation: {penalty: 0.1}\n"


def advice(text: str) -> list[str]:
    """Return the warnings on a scenario."""
    write(Path(), case=text)
    return warnings(load_scenario("case.yaml"))


def test_nothing_to_say(folder: Path) -> None:
    assert advice(MINIMAL) == []


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
            f"mediator.leverage.north: 0.2 weighs 0.32 {HALF}",
        ),
        (
            edited("{south: 0.5}", "{south: 1}"),
            "distrust.north: north is certain of betrayal: while that lasts it signs nothing unless leverage pays",
        ),
        (
            edited(LOSS, LOSS + "    concession: 100\n"),
            "parties.north.concession: concedes nearly everything in the first round",
        ),
        (
            edited(LOSS, LOSS + "    concession: 0.1\n"),
            "parties.north.concession: concedes next to nothing before the last rounds",
        ),
        (
            edited(LOSS, LOSS + "    trust_gain: 0.2\n    trust_loss: 0.1\n"),
            "parties.north.trust_loss: 0.1 is below trust_gain 0.2, but trust is usually lost faster than gained",
        ),
        (
            MINIMAL + ENVOY % ("facilitation", "trust_gain: 0.2"),
            "mediator.trust_loss: 0 is below trust_gain 0.2, but trust is usually lost faster than gained",
        ),
        (
            MINIMAL + ENVOY % ("facilitation", "bias: {north: 0.1}"),
            "mediator.bias: has no effect under facilitation: the mediator tables no text",
        ),
        (
            MINIMAL + ENVOY % ("formulation", "leverage: 0.1"),
            "mediator.leverage: has no effect unless the style is manipulation",
        ),
        (
            MINIMAL + ENVOY % ("manipulation", "leverage_decay: 0.1"),
            "mediator.leverage_decay: has no effect without leverage",
        ),
        (
            MINIMAL + ENVOY % ("formulation", "aims: {land: 1}, salience: {land: 1}"),
            "mediator.aims: has no effect without a stake",
        ),
        (
            MINIMAL + ENVOY % ("facilitation", "convening: 0.5"),
            "mediator.convening: has no effect: no party is averse to contact",
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
def test_warning(text: str, expected: str, folder: Path) -> None:
    assert advice(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        MINIMAL
        + ENVOY % ("facilitation", "bias: {north: 0.1}")
        + "events: [{round: 3, set: {mediator.style: formulation}}]\n",
        MINIMAL
        + ENVOY % ("manipulation", "leverage_decay: 0.1")
        + "events: [{round: 3, set: {mediator.leverage: 0.01}}]\n",
        MINIMAL + GUARANTOR,
        MINIMAL + "events: [{round: 3, set: {rapport: 0.1}}, {round: 4, set: {rapport: 0}}]\n",
        MINIMAL + "events: [{round: 4, set: {rapport: 0}}, {round: 3, set: {rapport: 0.1}}]\n",
    ],
)
def test_what_events_bring_into_play_is_no_matter_for_a_warning(text: str, folder: Path) -> None:
    assert advice(text) == []
