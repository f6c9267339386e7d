"""What is varied without effect is found from the runs; what is odd about a scenario is told with its figures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sim.scenario.errors import ScenarioError
from sim.scenario.loading.scenario_loader import load_scenario
from sim.scenario.model.schema import Scenario
from sim.study import comparison, ensemble, sensitivity
from sim.study.sweep import sweep

LEVERAGE = "mediator.leverage: has no effect unless the style is manipulation"
RUNS = 60


def textbook(**changes: Any) -> Scenario:
    """The textbook case at a distrust at which about half of the runs settle, with changes by path."""
    named = {path.replace("__", "."): value for path, value in changes.items()}
    middling = {"distrust": {"range": [0.2, 0.6], "shared": "mutual"}, "parties.*.trust_gain": 0.1}
    return load_scenario("scenarios/textbook.yaml", {**middling, **named})


def test_a_lever_that_does_nothing_leaves_the_runs_the_same_at_every_point(tmp_path: Path) -> None:
    found = sweep(
        textbook(), {"mediator.leverage.a": [0.0, 0.2, 0.4]}, RUNS, out=tmp_path, spread=False, name="dead"
    ).summary
    assert found["unmoved"] == {"runs": ["mediator.leverage.a"], "outcomes": []}
    assert any(
        line.startswith("mediator.leverage") and line.endswith(LEVERAGE.partition(": ")[2])
        for line in found["warnings"]
    )


def test_a_lever_that_does_something_at_some_points_is_not_warned_of(tmp_path: Path) -> None:
    vary = {"mediator.style": ["formulation", "manipulation"], "mediator.leverage.a": [0.0, 0.3], "rapport": [0.0, 0.4]}
    found = sweep(textbook(), vary, RUNS, out=tmp_path, spread=False, name="styles").summary
    assert found["unmoved"]["runs"] == ["rapport"] or "rapport" not in found["unmoved"]["runs"]
    assert "mediator.leverage.a" not in found["unmoved"]["runs"] + found["unmoved"]["outcomes"]
    assert not [line for line in found["warnings"] if "leverage" in line]


def test_an_axis_of_a_grid_without_effect_is_told_from_one_with(tmp_path: Path) -> None:
    vary = {"mediator.leverage.a": [0.0, 0.2], "distrust": [0.2, 0.3, 0.6]}
    found = sweep(textbook(), vary, RUNS, out=tmp_path, spread=False, name="half dead").summary
    assert found["unmoved"] == {"runs": ["mediator.leverage.a"], "outcomes": []}


def test_what_moves_beliefs_alone_moves_no_outcome(tmp_path: Path) -> None:
    vary = {"distrust.m.a": [0.1, 0.9]}
    found = sweep(textbook(), vary, RUNS, out=tmp_path, spread=False, name="beliefs").summary
    assert found["unmoved"] == {"runs": [], "outcomes": ["distrust.m.a"]}
    assert any("changes nothing but the mediator's own distrust" in line for line in found["warnings"])


def test_a_sample_over_something_idle_is_the_same_everywhere(tmp_path: Path) -> None:
    vary = {"mediator.leverage.a": [0.0, 0.3]}
    found = sweep(textbook(), vary, RUNS, out=tmp_path, spread=False, name="sampled", sample="lhs:3").summary
    assert found["unmoved"]["runs"] == ["mediator.leverage.a"]


def test_points_at_which_nothing_varies_by_chance_alone_are_told_from_the_same_runs(tmp_path: Path) -> None:
    found = sweep(
        textbook(), {"parties.a.reservation": [0.3, 0.300001]}, RUNS, out=tmp_path, spread=False, name="close"
    ).summary
    assert found["unmoved"]["runs"] == []


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({"mediator.leverage": 0.2}, "runs"),
        ({"distrust.m.a": 0.5}, "outcomes"),
        ({"parties.a.reservation": 0.45}, None),
    ],
)
def test_scenarios_with_the_same_runs_are_said_to_have_them(
    change: dict[str, Any], same: str | None, tmp_path: Path
) -> None:
    cases = {"one": textbook(), "other": load_scenario("scenarios/textbook.yaml", {
        "distrust": {"range": [0.2, 0.6], "shared": "mutual"}, "parties.*.trust_gain": 0.1, **change,
    })}  # fmt: skip
    found = comparison.compare(cases, RUNS, out=tmp_path, spread=False)
    assert found["scenarios"][1]["change"]["same"] == same  # type: ignore[index]


def test_scenarios_with_the_same_runs_are_found_wherever_they_stand(tmp_path: Path) -> None:
    changes: dict[str, dict[str, Any]] = {
        "first": {"parties__a__reservation": 0.45},
        "plain": {},
        "pushed": {"mediator__leverage": 0.2},
        "told": {"distrust__m__a": 0.5},
        "other": {"parties__a__reservation": 0.44},
    }
    cases = {name: textbook(**change) for name, change in changes.items()}
    found = comparison.compare(cases, RUNS, out=tmp_path, spread=False)
    assert found["same"] == {"runs": [["plain", "pushed"]], "outcomes": [["plain", "pushed", "told"]]}
    assert not any(each["change"]["same"] for each in found["scenarios"][1:])  # type: ignore[index]
    assert comparison.kept_comparisons(tmp_path / found["scenarios"][0]["folder"]) == [found]


def test_how_long_unbroken_settlements_are_watched_changes_no_outcome(tmp_path: Path) -> None:
    watched = [10, 100, 260]
    calm = sweep(textbook(), {"implementation.periods": watched}, RUNS, out=tmp_path, spread=False, name="calm").summary
    assert calm["unmoved"] == {"runs": [], "outcomes": ["implementation.periods"]}
    shaky = textbook(parties__a__reliability=0.99)
    found = sweep(shaky, {"implementation.periods": watched}, RUNS, out=tmp_path, spread=False, name="shaky").summary
    assert found["unmoved"] == {"runs": [], "outcomes": []}


def test_a_comparison_tells_each_warning_once_with_the_names_it_is_true_of(tmp_path: Path) -> None:
    cases = {"one": textbook(mediator__leverage=0.1), "two": textbook(mediator__leverage=0.2), "three": textbook()}
    found = comparison.compare(cases, RUNS, out=tmp_path, spread=False)
    assert f"one, two: {LEVERAGE}" in found["warnings"]
    assert len(set(found["warnings"])) == len(found["warnings"])


def test_of_ablations_only_the_scenario_itself_is_warned_of(tmp_path: Path) -> None:
    cases = {"one": textbook(), "bare": textbook(mediator__leverage=0.1)}
    found = comparison.compare(cases, RUNS, out=tmp_path, spread=False, means={"bare": "if it were bare"})
    assert not [line for line in found["warnings"] if "leverage" in line]


def test_the_warnings_of_a_run_are_kept_with_its_figures(tmp_path: Path) -> None:
    result = ensemble.run(textbook(mediator__leverage=0.1), RUNS, out=tmp_path, name="told", spread=False)
    assert LEVERAGE in result.summary["warnings"]
    assert json.loads((result.folder / "summary.json").read_text())["warnings"] == result.summary["warnings"]


def test_ranges_that_no_row_depends_on_are_named(tmp_path: Path) -> None:
    idle = {"range": [0.0, 0.3]}
    case = textbook(mediator__leverage__a=idle, distrust__m__a=idle)
    found = sensitivity.sensitivity(case, rows=16, plays=4, out=tmp_path, name="ranges").summary
    assert found["unmoved"] == ["distrust.m.a", "mediator.leverage.a"]
    assert any("leverage" in line for line in found["warnings"])


def test_durability_is_no_answer_where_nobody_can_break_a_settlement(tmp_path: Path) -> None:
    summary = ensemble.run(textbook(distrust=0.1), RUNS, out=tmp_path, name="calm", spread=False).summary
    assert summary["outcomes"]["settlement"]["p"] == 1.0  # type: ignore[index]
    assert summary["holds"] == summary["lasting"] == {"52": None, "260": None}
    assert "every party's reliability is 1" in summary["unbreakable"]
    assert summary["curves"]["holds"] is None


@pytest.mark.parametrize(
    "change",
    [
        {"parties.a.reliability": 0.999},
        {"parties.a.reliability": {"beta": [50, 0.05]}},
        {"parties.a.front": 1, "battlefield.volatility": 0.001, "implementation.front": 0.5},
        {"mediator.style": "manipulation", "mediator.leverage.a": 0.01},
    ],
)
def test_durability_is_an_answer_where_some_party_can_break_a_settlement(
    change: dict[str, Any], tmp_path: Path
) -> None:
    case = load_scenario("scenarios/textbook.yaml", {"distrust": 0.1, "implementation.periods": 260, **change})
    summary = ensemble.run(case, RUNS, out=tmp_path, name="breakable", spread=False).summary
    assert summary["holds"]["52"] is not None
    assert "unbreakable" not in summary


def test_a_settlement_signed_by_mistake_is_broken_and_counted(tmp_path: Path) -> None:
    case = load_scenario("scenarios/textbook.yaml", {"distrust": 0.1, "sharpness": 2, "parties.*.reservation": 0.6})
    summary = ensemble.run(case, 2000, out=tmp_path, name="careless", spread=False).summary
    assert "unbreakable" not in summary
    held = summary["holds"]["52"]
    assert held is not None
    assert held["p"] < 1


def test_where_only_some_points_can_break_a_settlement_the_others_have_no_answer(tmp_path: Path) -> None:
    case = textbook(distrust=0.1, implementation__periods=60)
    found = sweep(case, {"parties.a.reliability": [0.9, 1.0]}, RUNS, out=tmp_path, spread=False, name="partly")
    low, high = found.points
    assert low["holds.52.p"] is not None
    assert high["holds.52.p"] is None
    assert low.keys() == high.keys()


def test_sensitivity_of_holding_is_refused_where_it_is_no_answer(tmp_path: Path) -> None:
    case = textbook(implementation__periods=260)
    with pytest.raises(ScenarioError, match=r"lasting\.52 is the same as settlement: nobody can break"):
        sensitivity.plan(case, 16, 4, "lasting.52")


def test_a_comparison_says_of_which_scenarios_durability_is_no_answer(tmp_path: Path) -> None:
    cases = {"calm": textbook(distrust=0.1), "shaky": textbook(distrust=0.1, parties__a__reliability=0.9)}
    found = comparison.compare(cases, RUNS, out=tmp_path, spread=False)
    calm, shaky = found["scenarios"]
    assert calm["lasting"]["52"] is None
    assert "unbreakable" in calm
    assert "unbreakable" not in shaky
    assert shaky["change"]["lasting"] == {"52": None, "260": None}  # type: ignore[index]
