"""Where nobody can break a settlement, no output says for how long settlements hold; each says why."""

from __future__ import annotations

import pytest

from sim.output.charts.catalogue import KINDS, suited
from sim.output.charts.kinds.durability import durability
from sim.output.report.answer_sentences import answer
from sim.output.report.result_sections import shares
from sim.output.tables.run_narrative import narrate_run
from sim.scenario.loading.scenario_loader import load_scenario
from sim.scenario.model.schema import Scenario
from sim.study.ensemble import run
from sim.study.results.stored_study import StoredStudy, open_study

WHY = "nobody can break a settlement here, as every party's reliability is 1"


@pytest.fixture(scope="module")
def textbook() -> Scenario:
    return load_scenario("scenarios/textbook.yaml", {"distrust": 0.1})


@pytest.fixture(scope="module")
def study(textbook: Scenario, tmp_path_factory: pytest.TempPathFactory) -> StoredStudy:
    return open_study(run(textbook, 60, out=tmp_path_factory.mktemp("results"), name="calm", spread=False).folder)


def test_the_report_gives_the_reason_and_no_figure(study: StoredStudy) -> None:
    text = " ".join(answer(study))
    assert f"How long settlements hold is no answer: {WHY}" in text
    assert "hold for" not in text
    assert not [figure.name for figure in shares(study.summary, study.scenario) if "hold" in figure.name]


def test_charts_of_durability_are_left_out_and_those_of_terms_are_not(study: StoredStudy) -> None:
    names = [kind.name for kind in suited([study])]
    assert "terms" in names
    assert "durability" not in names
    assert WHY in str(KINDS["durability"].lacks([study]))
    with pytest.raises(ValueError, match="nobody can break a settlement"):
        durability(study)


def test_the_story_of_a_run_gives_the_reason(textbook: Scenario) -> None:
    last = list(narrate_run(textbook, 0))[-1]
    assert last.startswith(f"It holds for good: {WHY}")
    shaky = load_scenario("scenarios/textbook.yaml", {"distrust": 0.1, "parties.a.reliability": 0.5})
    assert "broke it" in list(narrate_run(shaky, 0))[-1]
