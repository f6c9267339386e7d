"""Actors and issues are shown by their labels everywhere, and by their names as the file writes them otherwise."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.explore.state.parameter_controls import groups
from sim.output.report.alternative_text import of_terms
from sim.output.report.answer_sentences import of_run
from sim.output.tables.ensemble_table import ensemble_table
from sim.output.tables.run_narrative import narrate_run
from sim.output.tables.scenario_explanation import explanation
from sim.output.tables.theory_table import theory
from sim.output.words.numbers_and_names import caption, mention, subject
from sim.output.words.parameter_labels import at_beginning, heading, label, label_varied
from sim.scenario.loading.scenario_loader import load_scenario, scenario_from_data
from sim.scenario.model.parameters import parameters
from sim.scenario.model.schema import Scenario
from sim.study.ensemble import run

ROOT = Path(__file__).parents[2]
PATH = re.compile(r"\b(?:parties|distrust|mediator|guarantors|incidents|events)(?:\.(?:\w+|\*))+")
"""Paths are written as the file has them: they say where a number stands."""

NAMES = {
    "qqa": "Ann Ltd",
    "qqb": "the works council of Höchst",
    "qqm": "the ACAS mediator",
    "qqg": "the guarantor states",
    "qqi": "hourly pay",
    "qqj": "the Sunday shift",
}


@pytest.fixture(scope="module")
def labelled() -> Scenario:
    party = {
        "salience": {"qqi": 1, "qqj": {"range": [0.5, 1]}},
        "reservation": {"range": [0.2, 0.4]},
        "betrayal_loss": 0.1,
        "devaluation": 0.2,
        "trust_gain": 0.4,
        "trust_loss": 0.4,
        "impatience": 0.4,
    }
    return scenario_from_data(
        {
            "title": "A labelled case",
            "rounds": 12,
            "deadline": 12,
            "labels": NAMES,
            "issues": {"qqi": {}, "qqj": {}},
            "parties": {
                "qqa": {**party, "aims": {"qqi": 1, "qqj": 0}},
                "qqb": {**party, "aims": {"qqi": 0, "qqj": 1}, "contact_aversion": 0.5},
            },
            "distrust": {
                "qqa": {"qqb": {"range": [0.3, 0.6]}, "qqm": 0.2, "qqg": 0.1},
                "qqb": {"qqa": {"range": [0.3, 0.6]}, "qqm": 0.3, "qqg": 0.2},
                "qqm": {"qqa": 0.3, "qqb": 0.3},
            },
            "mediator": {
                "name": "qqm",
                "style": "manipulation",
                "bias": {"qqa": 0.1},
                "leverage": {"qqa": 0.05},
                "stake": 0.1,
                "aims": {"qqi": 0.5, "qqj": 0.5},
                "salience": {"qqi": 1, "qqj": 1},
            },
            "guarantors": {"qqg": {"range": [0.2, 0.4]}},
            "incidents": {"rate": {"qqa": 0.2, "qqb": 0.2}},
            "implementation": {"penalty": 0.1},
            "events": [
                {"round": 2, "signal": {"by": "qqa", "likelihood": 0.5}},
                {"round": 3, "incident": {"by": "qqb"}},
                {"round": 4, "set": {"parties.qqa.contact_aversion": {"range": [0.1, 0.4]}}},
                {"round": 5, "set": {"distrust.qqa.qqm": 0.4}},
            ],
        }
    )


def test_no_table_tale_or_explanation_shows_a_bare_name(labelled: Scenario, render, tmp_path: Path) -> None:
    result = run(labelled, runs=60, out=tmp_path, name="case", spread=False)
    shown = [
        render(ensemble_table(result.summary, labelled)),
        render(explanation(labelled)),
        render(theory(labelled)),
        " ".join(of_run(result.summary, labelled)),
        of_terms(result.summary, labelled),
        *(" ".join(narrate_run(labelled, number)) for number in range(10)),
    ]
    for text in shown:
        assert "qq" not in PATH.sub("", text)
    whole = " ".join("".join(shown).split())
    for words in NAMES.values():
        assert words in whole
    assert "Ann Ltd" in shown[0] and "ACAS mediator (mediator)" in shown[0] and "the ACAS" not in shown[0]
    assert "The ACAS mediator" in whole


def test_no_parameter_is_called_by_a_bare_name(labelled: Scenario) -> None:
    for path in parameters(labelled):
        for words in (label(path, labelled), label_varied(path, labelled), heading(path, labelled)):
            assert "qq" not in words, path
    patterns = {
        "distrust.*.qqm": "distrust of the ACAS mediator",
        "distrust.qqg.*": "the guarantor states' distrust of all others",
        "distrust.qqb.qqa": "the works council of Höchst's distrust of Ann Ltd",
        "guarantors.*": "every guarantee",
        "guarantors.qqg": "strength of the guarantee",
        "parties.qqa.salience.qqj": "Ann Ltd's weight of the Sunday shift",
        "mediator.bias.qqa": "the mediator's bias towards Ann Ltd",
        "events.2.set.parties.qqa.contact_aversion": "week 4: Ann Ltd's aversion to contact",
    }
    for path, words in patterns.items():
        assert label_varied(path, labelled) == words
    two = labelled.model_copy(update={"guarantors": {**labelled.guarantors, "qqa": labelled.guarantors["qqg"]}})
    assert label_varied("guarantors.qqg", two) == "strength of the guarantee by the guarantor states"
    assert label("guarantors.qqg", labelled) == "guarantee by the guarantor states"


def test_the_live_page_has_no_bare_name(labelled: Scenario) -> None:
    for group in groups(labelled, {}):
        assert "qq" not in group.title
        for control in group.controls:
            assert "qq" not in f"{control.name}{control.full}{control.title}{control.sources}"


def test_articles_stand_in_sentences_only(labelled: Scenario) -> None:
    assert [shown("qqm", labelled) for shown in (caption, mention, subject)] == [
        "ACAS mediator",
        "the ACAS mediator",
        "The ACAS mediator",
    ]


@pytest.mark.parametrize("name", ["us", "Ann", "bob", "ÄÖ", "deGaulle", "россия"])
def test_a_name_without_a_label_is_shown_as_the_file_writes_it(name: str, tmp_path: Path) -> None:
    text = (ROOT / "tests" / "study" / "data" / "small.yaml").read_text()
    text = re.sub(r"labels: .*\n", "", text)
    file = tmp_path / "case.yaml"
    file.write_text(re.sub(r"\bus\b", name, text))
    scenario = load_scenario(file)
    assert {shown(name, scenario) for shown in (caption, mention, subject)} == {name}
    story = " ".join(" ".join(narrate_run(scenario, run)) for run in range(5))
    assert f"{name} tabled" in story and f"{name}'s text" in story
    assert "First" not in story and "the first " not in story.partition("Week 1.")[2]


def test_underscores_are_blanks() -> None:
    small = load_scenario(ROOT / "tests" / "study" / "data" / "small.yaml")
    assert mention("great_britain", small) == "great britain"


def test_capitals_stand_before_words_and_not_before_names(labelled: Scenario) -> None:
    def begun(path: str, scenario: Scenario) -> str:
        return at_beginning(label_varied(path, scenario), path, scenario)

    bare = labelled.model_copy(update={"labels": {}})
    assert begun("distrust.qqb.qqa", bare) == "qqb's distrust of qqa"
    assert begun("distrust.qqb.qqa", labelled) == "The works council of Höchst's distrust of Ann Ltd"
    assert begun("rapport", bare) == "Rapport from meeting"
    assert at_beginning(label("distrust.qqa.qqb", bare), "distrust.qqa.qqb", bare) == "qqa towards qqb"
