from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.negotiation.model import Negotiation
from sim.output.narrative import tell
from sim.scenario.loading import load_scenario
from sim.scenario.paths import assign
from sim.scenario.schema import Scenario

RUNS = 150


@pytest.fixture(scope="module")
def small() -> Scenario:
    return load_scenario(Path(__file__).parents[1] / "study" / "data" / "small.yaml")


def rows(case: Scenario) -> list[dict[str, object]]:
    model = Negotiation(case, runs=RUNS)
    model.run_model()
    columns = model.outcomes()
    return [{name: column[run] for name, column in columns.items()} for run in range(RUNS)]


@pytest.fixture(scope="module")
def unruly(small: Scenario) -> Scenario:
    """Runs that end, and settlements that break, in every way there is."""
    return assign(
        small,
        {
            "parties.*.impatience": 20.0,
            "parties.*.contact_aversion": 0.5,
            "parties.*.reliability": 0.98,
            "parties.first.front": 1,
            "battlefield.volatility": 0.02,
            "incidents.rate.*": 0.2,
            "mediator.impatience": 1.0,
            "mediator.trust_loss": 0.5,
            "distrust.us.*": 0.3,
        },
    )


def test_it_is_the_run_that_the_ensemble_contains(unruly: Scenario) -> None:
    """Every story ends as its row says."""
    kinds = set()
    for row in rows(unruly):
        story = list(tell(unruly, int(row["run"])))
        text = " ".join(story)
        kinds.add((row["outcome"], row["cause"]))
        weeks = [int(number) for number in re.findall(r"Weeks? (?:\d+ to )?(\d+)\.", text)]
        assert weeks[-1] == row["round"]
        assert text.count("They met face to face.") <= row["direct"]
        assert ("gave up mediating" in text) == (row["mediator_left"] > 0)
        match row["outcome"]:
            case "settlement":
                assert "a settlement." in text
                broken = f"{str(row['broken_by']).capitalize()} broke it" if row["broken_by"] else "held to the end"
                assert broken in story[-1]
            case "walkout":
                assert f"{str(row['by']).capitalize()} walked out." in text
            case "impasse":
                assert text.endswith("Time ran out without an agreement.")
    assert {outcome for outcome, _ in kinds} == {"settlement", "walkout", "impasse"}
    assert {cause for _, cause in kinds} == {"", "type", "interest"}


def test_texts_and_answers_are_told(small: Scenario) -> None:
    run = next(int(row["run"]) for row in rows(small) if row["by"] == "us")
    text = " ".join(tell(small, run))
    assert text.startswith(f"Run {run} of A small negotiation, seed 7.")
    assert "land: 0 = all of it is the first's; 1 = all of it is the second's" in text
    assert re.search(r"The US tabled land 0\.\d\d and money 0\.\d\d\.", text)
    assert re.search(
        r"valued it at 0\.\d\d( \(0\.\d\d after discounting the author\))?, asked for 0\.\d\d and (accepted|refused)",
        text,
    )
    assert re.search(r"distrust of Second fell from 0\.\d\d to 0\.\d\d", text)


def test_without_a_mediator_none_is_named(small: Scenario) -> None:
    alone = assign(small, {"mediator": None})
    assert "US" not in " ".join(tell(alone, 0))


def test_scheduled_events_are_told(small: Scenario, tmp_path: Path) -> None:
    file = tmp_path / "events.yaml"
    file.write_text(
        f"extends: {Path(__file__).parents[1] / 'study' / 'data' / 'small.yaml'}\n"
        "events:\n"
        "  - {round: 1, signal: {by: first, likelihood: 0.2}, about: an exchange}\n"
        "  - {round: 1, incident: {by: second}}\n"
        "  - {round: 1, set: {mediator.style: facilitation}}\n"
    )
    text = " ".join(tell(load_scenario(file), 0))
    assert "a reassuring signal by First (an exchange)" in text
    assert "a hostile act by Second" in text
    assert "from now on the mediator's style is facilitation" in text


def test_a_run_in_another_block_can_be_told(small: Scenario) -> None:
    assert next(tell(small, 5000)).startswith("Run 5000")
