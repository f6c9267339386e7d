"""Claims and readings: resolved where they are right, located where they are wrong; and strictness."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.scenario.errors import ScenarioError
from sim.scenario.evidence.claims import kinds, load_evidence
from sim.scenario.loading.scenario_loader import load_scenario
from sim.scenario.model.parameters import parameters
from sim.scenario.model.quantities import Quantity
from tests.scenario.samples import CLAIMS, ENVOY, MINIMAL, edited, write

WARY = edited("south: 0.5", "south: {reading: intense, claim: wary}") + "evidence: claims.yaml\n"


def complaints(text: str, claims: str = CLAIMS, strict: bool = False) -> list[str]:
    """Return what is said of a scenario that is wrong."""
    write(Path(), case=text, claims=claims)
    with pytest.raises(ScenarioError) as raised:
        load_scenario("case.yaml", strict=strict)
    return str(raised.value).split("\n")


def test_a_reading_becomes_the_range_of_the_scale(folder: Path) -> None:
    write(folder, case=WARY + "incidents: {rate: {north: {reading: rare}}}\n" + ENVOY, claims=CLAIMS)
    scenario = load_scenario(
        "case.yaml", {"mediator.bias.north": {"reading": "slight"}, "mediator.leverage": {"reading": "none"}}
    )
    assert scenario.distrust["north"]["south"] == Quantity(range=(0.75, 0.95), reading="intense", claim="wary")
    assert scenario.incidents.rate["north"] == Quantity(beta=(1, 50), reading="rare")
    assert scenario.mediator is not None
    assert scenario.mediator.bias["north"] == Quantity(range=(0, 0.3), mode=0.1, reading="slight")
    assert scenario.mediator.leverage["south"] == Quantity(value=0, reading="none")
    assert parameters(scenario)["distrust.north.south"].reading == "intense"


def test_readings_and_claims_of_events(folder: Path) -> None:
    events = "events: [{round: 2, set: {distrust: {reading: low}}, claim: wary}]\n"
    write(folder, case=WARY + events, claims=CLAIMS)
    event = load_scenario("case.yaml").events[0]
    assert event.set["distrust.south.north"] == Quantity(range=(0.1, 0.3), reading="low", claim="wary")


def test_what_a_group_says_is_said_of_every_number_that_says_nothing(folder: Path) -> None:
    text = MINIMAL.replace("{north: 0.5}", "{north: 0.5, claim: wary}")
    text = edited(
        "    reservation: 0.3\n", "    reservation: {value: 0.3, claim: own}\n    assumption: all else\n", text
    )
    write(
        folder,
        case=text + "evidence: claims.yaml\n",
        claims=CLAIMS.replace(
            "  wary:", "  own: {paragraph: 1, holder: h, says: s, bears_on: [parties.*.reservation]}\n  wary:"
        ),
    )
    scenario = load_scenario("case.yaml")
    north = scenario.parties["north"]
    assert north.aims["land"] == Quantity(value=1, assumption="all else")
    assert north.betrayal_loss == Quantity(value=0.1, assumption="all else")
    assert north.reservation == Quantity(value=0.3, claim="own")
    assert north.front.assumption is None
    assert scenario.distrust["south"]["north"] == Quantity(value=0.5, claim="wary")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            WARY.replace("intense", "intens"),
            "case.yaml:16:28: distrust.north.south.reading: unknown reading 'intens' for distrust: "
            "did you mean 'intense'?",
        ),
        (
            WARY + "rapport: {reading: warm}\n",
            "case.yaml:19:20: rapport.reading: unknown reading 'warm' for rapport: known are: none",
        ),
        (
            WARY.replace("claim: wary", "claim: weary"),
            "case.yaml:16:44: distrust.north.south.claim: unknown claim 'weary': did you mean 'wary'?",
        ),
        (
            WARY + "rapport: {value: 0.1, claim: wary}\n",
            "case.yaml:19:30: rapport.claim: claim 'wary' does not bear on rapport; it bears on "
            "distrust.north.south, distrust.south.north, parties.*.salience.*",
        ),
        (
            WARY + "battlefield: {drift: 0, volatility: 0, claim: wary}\n",
            "case.yaml:19:47: battlefield.claim: claim 'wary' does not bear on battlefield.drift; it bears on "
            "distrust.north.south, distrust.south.north, parties.*.salience.*",
        ),
        (
            WARY.replace("reading: intense", "reading: intense, range: [0.7, 0.9]"),
            "case.yaml:16:28: distrust.north.south.reading: 'intense' stands for 0.75–0.95: "
            "give the reading or the number, not both",
        ),
        (
            WARY + "events: [{round: 2, set: {rapport: 0.1}, claim: wary}]\n",
            "case.yaml:19:49: events.0.claim: claim 'wary' does not bear on rapport; it bears on "
            "distrust.north.south, distrust.south.north, parties.*.salience.*",
        ),
        (
            WARY.replace("reading: intense", "reading: 3"),
            "case.yaml:16:28: distrust.north.south.reading: must be text, not 3 (put it in quotes)",
        ),
    ],
)
def test_wrong_readings_and_claims(text: str, expected: str, folder: Path) -> None:
    assert complaints(text) == [expected]


def test_patterns_on_which_claims_bear(folder: Path) -> None:
    text = (
        MINIMAL + "evidence: claims.yaml\n" + ENVOY.replace("leverage: 0.1", "leverage: {value: 0.1, claim: neutral}")
    )
    text = text.replace("{north: 0.2}", "{north: {value: 0, claim: neutral}}").replace(
        "north: 0.5", "north: {value: 0.5, claim: neutral}"
    )
    write(folder, case=text, claims=CLAIMS)
    assert parameters(load_scenario("case.yaml"))["mediator.leverage.south"].claim == "neutral"


def test_a_reading_that_agrees_with_the_scale_may_give_its_range(folder: Path) -> None:
    write(folder, case=WARY.replace("reading: intense", "reading: intense, range: [0.75, 0.95]"), claims=CLAIMS)
    assert load_scenario("case.yaml").distrust["north"]["south"].reading == "intense"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "paragraph: 1",
            "paragraph: one",
            "claims.yaml:4:16: claims.wary.paragraph: must be a whole number from 1 to 10000, not the text 'one'",
        ),
        (
            "    holder: an observer\n",
            "",
            "claims.yaml:3:3: claims.wary.holder: must be given: text (Who makes the statement)",
        ),
        (
            "holder: an",
            "holdre: an",
            "claims.yaml:3:3: claims.wary.holder: must be given: text (Who makes the statement)",
        ),
        (
            "mediator.leverage,",
            "mediator.levrage,",
            "claims.yaml:12:35: claims.neutral.bears_on.1: no scenario has a parameter 'mediator.levrage'",
        ),
        (
            "[0.1, 0.3]",
            "[0.3, 0.1]",
            "claims.yaml:14:19: scale.distrust.low.range: has its low end 0.3 above its high end 0.1",
        ),
        (
            "[0.1, 0.3]",
            "0.1-0.3",
            "claims.yaml:14:19: scale.distrust.low: must be a number from -1e9 to 1e9, not the text '0.1-0.3'",
        ),
        ("  bias:", "  bais:", "claims.yaml:15:3: scale.bais: unknown kind of quantity 'bais': did you mean 'bias'?"),
        (
            "claims:\n  wary:",
            "claims:\n  wary: {}\n  wary:",
            "claims.yaml:4:3: claims.wary: is given twice (first in line 3)",
        ),
        ("scale:", "sacle:", "claims.yaml:13:1: sacle: unknown key 'sacle': did you mean 'scale'?"),
        (
            "source: {",
            "source: {date: 2024-01-01, x: NO, ",
            "claims.yaml:1:31: source.x: NO is a boolean in YAML, which nothing here can be: "
            "write it in quotes if it is a name or text",
        ),
    ],
)
def test_wrong_evidence(old: str, new: str, expected: str, folder: Path) -> None:
    found = complaints(WARY, edited(old, new, CLAIMS))
    assert expected in found
    assert all(line.startswith("claims.yaml:") for line in found)


def test_evidence_and_scenario_are_wrong_at_once(folder: Path) -> None:
    assert complaints(WARY + "rounds: 0\n", CLAIMS.replace("[0.1, 0.3]", "[0.3, 0.1]")) == [
        "claims.yaml:14:19: scale.distrust.low.range: has its low end 0.3 above its high end 0.1",
        "case.yaml:19:9: rounds: must be a whole number from 1 to 10000, not 0",
    ]


def test_evidence_by_itself(folder: Path) -> None:
    write(folder, claims=CLAIMS)
    evidence = load_evidence("claims.yaml")
    assert evidence.claims["neutral"].holder == "the envoy"
    assert evidence.scale["leverage"]["none"] == Quantity(value=0)
    assert evidence.source["supplied_by"] == "the user"
    with pytest.raises(ScenarioError, match=r"^claim\.yaml: no such file: did you mean 'claims\.yaml'\?$"):
        load_evidence("claim.yaml")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("distrust.a.b", ("distrust",)),
        ("parties.a.salience.b", ("salience", "parties.salience")),
        ("parties.a.concession", ("concession", "parties.concession")),
        ("mediator.bias.a", ("bias", "mediator.bias")),
        ("guarantors.g", ("guarantors",)),
        ("incidents.rate.a", ("rate", "incidents.rate")),
        ("events.0.signal.likelihood", ("likelihood", "signal.likelihood", "events.signal.likelihood")),
        ("rapport", ("rapport",)),
    ],
)
def test_kinds_of_quantities(path: str, expected: tuple[str, ...]) -> None:
    assert kinds(path) == expected


SOURCED = """\
title: Two sides
issues: {land: {}}
parties:
  north: {aims: {land: 1}, salience: {land: 1}, reservation: 0.3, betrayal_loss: 0.1, assumption: a}
  south: {aims: {land: 0}, salience: {land: 1}, reservation: 0.3, betrayal_loss: 0.1, assumption: a}
distrust: {north: {south: 0.5}, south: {north: 0.5}, assumption: a}
runs: 100
seed: 3
"""


def test_defaults_runs_and_seed_need_no_source(folder: Path) -> None:
    write(folder, case=SOURCED)
    assert load_scenario("case.yaml", strict=True).runs == 100


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("rounds: 10", "9:9: rounds"),
        ("loss: linear", "9:7: loss"),
        ("sharpness: 40", "9:12: sharpness"),
        ("rapport: {value: 0, assumption: ' '}", "9:10: rapport"),
        ("rapport: {range: [0, 1], shared: s}", "9:10: rapport"),
        ("implementation: {periods: 10}", "9:27: implementation.periods"),
        ("mediator: {name: m, style: formulation}", "9:28: mediator.style"),
        ("mediator: {name: m, leverage: 0}", "9:31: mediator.leverage"),
        ("mediator: {name: m, bias: {north: 0}}", "9:35: mediator.bias.north"),
        ("events: [{round: 1, signal: {by: north, likelihood: 1}}]", "9:53: events.0.signal.likelihood"),
        ("events: [{round: 1, incident: {by: north, severity: 1}}]", "9:53: events.0.incident.severity"),
        ("events: [{round: 1, set: {distrust: 1}}]", "9:37: events.0.set.distrust"),
        ("incidents: {rate: {north: 0.1}}", "9:27: incidents.rate.north"),
        ("battlefield: {drift: 0}", "9:22: battlefield.drift"),
    ],
)
def test_strictness(line: str, path: str, folder: Path) -> None:
    expected = f"case.yaml:{path}: has neither a claim nor an assumption: say where it comes from"
    assert complaints(f"{SOURCED}{line}\n", strict=True) == [expected]
    load_scenario("case.yaml")


def test_an_event_s_assumption_covers_its_numbers(folder: Path) -> None:
    write(folder, case=SOURCED + "events: [{round: 1, set: {distrust: 1, rapport: 1}, assumption: why}]\n")
    load_scenario("case.yaml", strict=True)


def test_a_front_is_asked_for_its_source(folder: Path) -> None:
    text = SOURCED.replace("betrayal_loss: 0.1, assumption: a}", "betrayal_loss: 0.1}").replace(
        "0.1}", "0.1, front: 1}"
    )
    assert (
        "case.yaml:4:94: parties.north.front: has neither a claim nor an assumption: say where it comes from"
        in complaints(text, strict=True)
    )
