"""The block of warnings in tables, and what tables say where an answer is none."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.console import Group

from sim.output.tables.advice_section import MOST, advice_section
from sim.output.tables.ensemble_table import ensemble_table
from sim.output.tables.sweep_table import sweep_table
from sim.scenario.loading.scenario_loader import load_scenario
from sim.scenario.model.schema import Scenario
from tests.output.swept import swept
from tests.output.tables.test_ensemble_table import scenario, summary

REASON = "nobody can break a settlement here, as no leverage fades"


@pytest.fixture(scope="module")
def small() -> Scenario:
    return load_scenario(Path(__file__).parents[2] / "study" / "data" / "small.yaml")


def block(render, *warnings: str, known: tuple[str, ...] = (), width: int = 80) -> str:
    return render(Group(*advice_section(warnings, known)), width)


def test_no_warnings_no_block(render) -> None:
    assert block(render) == ""


def test_each_warning_is_wrapped_below_its_dot(render) -> None:
    text = block(render, "a.b: " + "does nothing " * 8, "c: odd", width=40)
    lines = text.splitlines()
    assert lines[:2] == ["", "What to bear in mind"]
    assert [line[:4] for line in lines[2:]] == ["  • ", "    ", "    ", "    ", "  • "]
    assert max(map(len, lines)) <= 40


@pytest.mark.parametrize("count", [MOST - 1, MOST, MOST + 1, MOST + 3])
def test_of_many_warnings_the_rest_is_counted(count: int, render) -> None:
    text = block(render, *(f"number {n}" for n in range(count)))
    assert text.count("•") == min(count, MOST)
    rest = f"{count - MOST} more: parley check prints them all."
    assert (rest in text) == (count > MOST)
    assert ("more" in text) == (count > MOST)


def test_what_was_said_before_is_not_said_again(render) -> None:
    assert "same as above" not in block(render, "one", "two")
    text = block(render, "one", "two", known=("one",))
    assert ("one" in text, "two" in text) == (False, True)
    assert "The rest is the same as above." in text
    assert block(render, "one", known=("one",)).splitlines()[2:] == ["  The same as above."]


def test_the_table_of_a_run_has_the_block_before_its_caveats(render) -> None:
    found = summary(400, 100, 1000)
    found["warnings"] = ["mediator.leverage: has no effect"]
    text = render(ensemble_table(found, scenario()))
    assert "\nWhat to bear in mind\n  • mediator.leverage: has no effect\n\nIntervals:" in text
    assert "bear in mind" not in render(ensemble_table(summary(400, 100, 1000), scenario()))


def test_where_durability_is_no_answer_its_reason_stands_in_the_table(render) -> None:
    found = summary(400, 100, 1000)
    found |= {"holds": {"52": None, "260": None}, "lasting": {"52": None, "260": None}, "unbreakable": REASON}
    text = render(ensemble_table(found, scenario()))
    assert f"Does it last?\n  No answer: {REASON}.\n" in text
    assert "hold for" not in text
    assert "not watched" not in text


def test_a_sweep_says_above_its_table_what_has_no_effect(small: Scenario, render) -> None:
    found = swept({"rapport": [0.0, 0.5]}, lambda at: 0.4)
    found["unmoved"] = {"runs": ["rapport"], "outcomes": []}
    head = render(sweep_table(found, small)).partition("How often")[0]
    assert "The runs are the same at every point: nothing that is varied has any effect." in head


def test_a_grid_says_along_which_axis_nothing_changes(small: Scenario, render) -> None:
    found = swept({"distrust": [0.1, 0.5], "rapport": [0.0, 0.5]}, lambda at: 1 - at[0])
    found["unmoved"] = {"runs": ["rapport"], "outcomes": []}
    text = render(sweep_table(found, small))
    assert "The runs are the same at every value of rapport from meeting." in text
    found["unmoved"] = {"runs": [], "outcomes": ["rapport"]}
    text = " ".join(render(sweep_table(found, small)).split())
    assert "All runs end the same at every value of rapport from meeting, and differ only in beliefs" in text
    found["unmoved"] = {"runs": [], "outcomes": []}
    assert "same at every" not in render(sweep_table(found, small))


def test_a_sweep_gives_the_reason_for_missing_durability(small: Scenario, render) -> None:
    found = swept({"distrust": [0.1, 0.5]}, lambda at: 1 - at[0])
    for point in found["points"]:
        point |= {"lasting": {"52": None, "260": None}, "unbreakable": REASON}  # type: ignore[typeddict-item]
    text = render(sweep_table(found, small))
    assert f"\n5 years: No answer: {REASON}.\n" in text
    assert "5 years\n" not in text.partition("5 years: No answer")[0]


@pytest.mark.parametrize(
    ("places", "where"), [([2], "at 1.00"), ([0, 2], "at 0.90 and 1.00"), ([*range(40)], "at 40 of 41 design points")]
)
def test_a_sweep_says_at_which_points_durability_is_no_answer(
    small: Scenario, render, places: list[int], where: str
) -> None:
    values = [0.9, 0.95, 1.0] if len(places) < 3 else [n / 40 for n in range(41)]
    found = swept({"parties.*.reliability": values}, lambda at: 0.5)
    for place in places:
        found["points"][place] |= {"lasting": {"52": None, "260": None}, "unbreakable": REASON}  # type: ignore[typeddict-item]
    text = " ".join(render(sweep_table(found, small)).split())
    assert f"5 years, {where}: No answer: {REASON}." in text
