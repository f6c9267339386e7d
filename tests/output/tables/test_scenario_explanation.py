from __future__ import annotations

from pathlib import Path

import pytest

from sim.output.tables.scenario_checks import findings
from sim.output.tables.scenario_explanation import explanation
from sim.output.tables.theory_table import theory
from sim.scenario.loading.assignment import assign, central
from sim.scenario.loading.scenario_loader import load_scenario
from sim.scenario.model.parameters import parameters
from sim.scenario.model.schema import Scenario

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def baseline() -> Scenario:
    return load_scenario(ROOT / "scenarios" / "baseline.yaml")


@pytest.fixture(scope="module")
def small() -> Scenario:
    return load_scenario(ROOT / "tests" / "study" / "data" / "small.yaml")


def flat(text: str) -> str:
    return " ".join(text.split())


class TestExplanation:
    def test_every_parameter_is_there_with_its_source(self, render, baseline: Scenario) -> None:
        text = flat(render(explanation(baseline)))
        for parameter in parameters(baseline).values():
            assert flat(parameter.meaning) in text, parameter.path
            if parameter.assumption:
                assert flat(parameter.assumption) in text, parameter.path
            if parameter.claim:
                assert f"Claim ({parameter.claim}, paragraph" in text, parameter.path
        assert "Russia towards Ukraine and Ukraine towards Russia 0.75–0.95 (reading: intense)" in text
        assert "weight of security, economy and language (Russia and Ukraine) 0.05–0.6" in text

    def test_every_asymmetry_is_there(self, render, baseline: Scenario) -> None:
        text = flat(render(explanation(baseline))).partition("Where the parties differ")[2]
        assert "bias towards Russia: 0–0.3 (reading: slight). Claim (conciliatory-line" in text
        assert "Ukraine towards the US: 0.1–0.6. Assumption:" in text
        assert "value of no settlement" not in text

    def test_what_differs_by_default_is_said_to(self, render, small: Scenario) -> None:
        uneven = assign(small, {"parties.first.war_cost": 0.01})
        text = flat(render(explanation(uneven))).partition("Where the parties differ")[2]
        assert (
            "cost of war First: 0.01. Without a source. "
            "Second: 0. Not named in the scenario: the neutral default." in text
        )

    def test_defaults_are_told_apart(self, render, small: Scenario) -> None:
        text = flat(render(explanation(small)))
        defaults = "at their neutral defaults: loss of utility with distance quadratic:"
        assert f"Not named in the scenario, so {defaults}" in text

    def test_the_middle_of_ranges_is_shown_for_central(self, render, small: Scenario) -> None:
        assert "Second towards First 0.65" in flat(render(explanation(central(small)))).replace(
            "First towards Second and ", ""
        )

    @pytest.mark.parametrize("name", sorted(path.stem for path in (ROOT / "scenarios").glob("*.yaml")))
    def test_every_shipped_scenario_is_explained_at_80_columns(self, render, name: str) -> None:
        scenario = load_scenario(ROOT / "scenarios" / f"{name}.yaml")
        text = render(explanation(scenario))
        assert max(map(len, text.splitlines())) <= 80
        assert next(findings(scenario)).startswith("no errors; ")


class TestTheory:
    def test_it_says_what_is_closed_and_what_would_open_it(self, render, small: Scenario) -> None:
        text = flat(render(theory(small)))
        assert "at least" in text
        assert "in direct talks, by a party's text" in text
        assert "with the scenario's guarantees – not in this scenario" in text
        assert "nan" not in text
        assert "None" not in text

    def test_trust_opens_a_zone(self, render, small: Scenario) -> None:
        text = flat(render(theory(assign(small, {"distrust.*.*": 0.0}))))
        assert "Some terms clear every floor" in text
        assert "no further guarantee is needed" in text

    def test_certain_betrayal_closes_it(self, render, small: Scenario) -> None:
        text = flat(render(theory(assign(small, {"distrust": 1.0}))))
        assert "No terms clear every floor" in text
        assert "one further guarantor, fully trusted, must remove" in text


def test_it_is_said_whose_value_an_event_changes(render) -> None:
    summit = load_scenario(ROOT / "scenarios" / "brokered-summit.yaml")
    text = flat(render(explanation(summit), width=200))
    assert "week 4: Russia's aversion to contact and Ukraine's aversion to contact 0 How far" in text
    one = summit.model_dump(mode="json", exclude_none=True)
    one["events"] = [{"round": 4, "set": {"parties.russia.war_cost": 0.01, "distrust.ukraine.us": 0.1}}]
    from sim.scenario.loading.scenario_loader import scenario_from_data

    text = flat(render(explanation(scenario_from_data(one)), width=200))
    assert "week 4: Russia's cost of war 0.01" in text
    assert "week 4: Ukraine's distrust of the US 0.1" in text
    assert "Week 4, cost of war: Russia only. Without a source." in text
    assert "Week 4, distrust of the US: Ukraine only. Without a source." in text


class TestFloors:
    def floors(self, render, small: Scenario, **changes: float) -> str:
        text = flat(render(theory(assign(small, {path.replace("__", "."): x for path, x in changes.items()}))))
        return text.partition("To be signed, ")[2].partition(" terms clear")[0]

    def test_floors_that_can_be_reached_are_named_alone(self, render, small: Scenario) -> None:
        said = self.floors(render, small, distrust=0.0)
        assert said.startswith("a text must be worth at least 0.50 to First and 0.50 to Second, on a scale where 1 is")
        assert "no text" not in said

    def test_floors_beyond_everything_can_be_met_by_no_text(self, render, small: Scenario) -> None:
        assert "where 1 is everything: no text can offer that." in self.floors(render, small, distrust=0.97)

    def test_it_is_said_whom_no_text_can_satisfy(self, render, small: Scenario) -> None:
        said = self.floors(render, small, distrust__first__second=0.97, distrust__second__first=0.1)
        assert "no text can offer First that." in said


def test_an_event_of_one_side_is_a_difference_and_one_of_both_is_none(render, small: Scenario) -> None:
    from sim.scenario.loading.scenario_loader import scenario_from_data
    from sim.scenario.model.parameters import resolved

    first, second = small.parties
    both = [
        {"round": 5, "signal": {"by": party, "likelihood": 0.5}, "assumption": "alike"} for party in (first, second)
    ]
    raid = {"round": 3, "incident": {"by": first, "severity": 0.5}, "assumption": "a raid"}
    text = flat(render(explanation(scenario_from_data({**resolved(small), "events": [raid, *both]}))))
    differing = text.partition("Where the parties differ")[2]
    assert "Week 3, a hostile act: First only. a raid" in differing
    assert "Week 5" not in differing
