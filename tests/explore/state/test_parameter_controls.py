"""Sliders go as far as is allowed and useful, and stand where settings say; what comes from the browser is no more."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.explore.page.page_sentences import describe_changes, describe_setting
from sim.explore.state import browser_input
from sim.explore.state.page_settings import as_in_file, is_in_file, unchanged
from sim.explore.state.parameter_controls import Control, changed, curves, groups, standing
from sim.scenario.loading.assignment import assign
from sim.scenario.loading.scenario_loader import load_scenario
from sim.scenario.model.parameters import parameters
from tests.explore.conftest import SCENARIOS

GUARANTEES = load_scenario(SCENARIOS / "security-guarantees.yaml")


def controls(base) -> dict[str, Control]:
    """Return the controls of a scenario by path."""
    return {control.path: control for group in groups(base, {}) for control in group.controls}


class TestReach:
    @pytest.mark.parametrize(
        ("path", "reach"),
        [
            ("distrust", (0, 1, 0.01)),  # all that is allowed
            ("mediator.bias.first", (-1, 1, 0.02)),
            ("parties.first.war_cost", (0, 0.01, 0.0001)),  # as far as is usual
            ("battlefield.drift", (-0.005, 0.005, 0.0001)),  # and as far down as up
            ("parties.first.impatience", (0, 4, 0.02)),  # twice what the file has (2), as that is beyond the usual 1
            ("parties.first.concession", (0.02, 4, 0.02)),  # must be above 0: the first step
            ("rounds", (1, 156, 1)),
            ("parties.first.front", (-1, 1, 1)),
            ("implementation.periods", (1, 520, 1)),
        ],
    )
    def test_it_is_what_is_allowed_usual_or_twice_what_the_file_has(self, small, path, reach):
        control = controls(small)[path]
        assert (control.low, control.high, control.step) == pytest.approx(reach)

    @pytest.mark.parametrize(
        ("stands_at", "high"), [(1.0, 2.0), (1.1, 3.0), (1.6, 4.0), (2.4, 5.0), (2.9, 6.0), (3.5, 8.0), (4.5, 10.0)]
    )
    def test_twice_what_the_file_has_is_rounded_up_to_one_digit(self, small, stands_at, high):
        raised = assign(small, {"parties.first.impatience": stands_at})
        assert controls(raised)["parties.first.impatience"].high == high

    def test_at_a_hundred_weeks_and_more_twice_stays_as_it_is(self, small):
        long = small.model_copy(update={"rounds": type(small.rounds)(137)})
        assert controls(long)["rounds"].high == 274


class TestGroups:
    def test_what_the_file_gives_comes_first_and_tastes_last(self, small):
        (first,) = (group.controls for group in groups(small, {}) if group.key == "parties.first")
        names = [control.path.removeprefix("parties.first.") for control in first]
        assert names[:5] == ["reservation", "betrayal_loss", "trust_gain", "impatience", "reliability"]
        assert names[5:9] == ["aims.land", "aims.money", "salience.land", "salience.money"]
        assert [control.given for control in first] == [True] * 9 + [False] * (len(first) - 9)

    def test_where_nobody_stands_surety_it_says_so(self, small):
        notes = {group.key: group.note for group in groups(small, {})}
        assert "penalty does nothing" in notes.pop("guarantees")
        assert set(notes.values()) == {""}
        assert not any(group.note for group in groups(GUARANTEES, {}))

    def test_a_curve_can_follow_numbers_that_may_lie_anywhere_only(self, small):
        along = curves(groups(small, {}))
        assert not {"mediator.style", "loss", "rounds", "parties.first.front", "implementation.periods"} & along.keys()
        assert {"distrust", "rapport", "mediator.bias.first"} <= along.keys()

    def test_mutual_distrust_says_what_each_side_has_where_that_differs(self, small):
        same, between = controls(small)["distrust"], ["distrust.first.second", "distrust.second.first"]
        assert (list(same.paths), same.file, same.file_text) == (between, (0.4, 0.9), "0.4–0.9")
        assert same.sources == ()
        mixed = controls(assign(small, {between[0]: 0.2}))["distrust"]
        assert mixed.file == (0.2, 0.9)
        assert mixed.file_text == "not the same everywhere"
        assert mixed.sources == ("First towards Second: 0.2.", "Second towards First: 0.4–0.9.")


class TestStanding:
    def test_it_is_what_was_set_or_else_what_the_file_says(self, small):
        known, control = parameters(small), controls(small)["parties.first.impatience"]
        assert standing(control, {}, known) == 2
        assert standing(control, {control.path: 0.5}, known) == 0.5
        assert (changed(control, {}), changed(control, {control.path: 2.0})) == (False, True)

    def test_several_that_differ_stand_at_the_range_that_holds_them(self, small):
        known, control = parameters(small), controls(small)["distrust"]
        one, other = control.paths
        assert standing(control, {one: 0.1}, known) == (0.1, 0.9)
        assert standing(control, {one: (0.5, 0.95), other: 0.7}, known) == (0.5, 0.95)
        assert standing(control, {one: 0.3, other: 0.3}, known) == 0.3
        assert changed(control, {other: 0.3})

    def test_what_differs_is_told_once_control_by_control(self, small):
        known, all_groups, start = parameters(small), groups(small, {}), unchanged(small)
        both = controls(small)["distrust"].paths
        assert list(describe_changes(all_groups, known, start, start.put(both, 0.5))) == [
            "mutual distrust: 0.4–0.9 → 0.5"
        ]
        assert list(describe_changes(all_groups, known, start.put(both, 0.5), start)) == [
            "mutual distrust: 0.5 → 0.4–0.9"
        ]
        assert list(describe_changes(all_groups, known, start.put(both, 0.5), start.put(both, 0.5))) == []
        styled = start.put(["mediator.style"], "facilitation")
        assert list(describe_changes(all_groups, known, start, styled)) == [
            "the mediator's style: formulation → facilitation"
        ]
        gone = start.put(["mediator"], None)
        assert list(describe_changes(all_groups, known, start, gone)) == ["with a mediator → without"]
        assert list(describe_changes(all_groups, known, gone, start)) == ["without a mediator → with one"]
        (seed,) = describe_changes(
            all_groups, known, start, unchanged(small.model_copy(update={"seed": type(small.seed)(8)}))
        )
        assert seed.startswith("random seed: 7 → 8")

    def test_settings_are_written_as_on_the_page(self):
        assert [describe_setting(each) for each in ((0.25, 0.5), 0.125, 3, "charm", None)] == [
            "0.25–0.5",
            "0.125",
            "3",
            "charm",
            "none",
        ]


class TestInTheFile:
    """A range moved by hand is one of equal chances: that is what the file has only if the file's has no shape."""

    @pytest.mark.parametrize(
        ("shape", "same"), [("", True), (", mode: 0.3", False), (", mean: 0.35", False), (", beta: [2, 5]", False)]
    )
    def test_a_range_with_a_shape_is_not_one_without(self, tmp_path, shape, same):
        text = (SCENARIOS.parent / "tests" / "study" / "data" / "small.yaml").read_text()
        path = tmp_path / "shaped.yaml"
        assert text.count("reservation: {range: [0.4, 0.6]}") == 2
        changed_ = _shaped(text, shape)
        path.write_text(changed_)
        parameter = parameters(load_scenario(path))["parties.first.reservation"]
        ends = as_in_file(parameter)
        assert is_in_file(parameter, ends) is same
        assert not is_in_file(parameter, (0.41, 0.6))

    def test_numbers_and_words_are_compared_as_they_are(self, small):
        known = parameters(small)
        assert is_in_file(known["mediator.style"], "formulation")
        assert not is_in_file(known["mediator.style"], "facilitation")
        assert is_in_file(known["parties.first.impatience"], 2.0)
        assert not is_in_file(known["parties.first.impatience"], (2.0, 3.0))


def _shaped(text: str, shape: str) -> str:
    """Return the scenario with a shape given to the first reservation."""
    if "beta" in shape:
        return text.replace("reservation: {range: [0.4, 0.6]}", "reservation: {beta: [2, 5]}", 1)
    if "mean" in shape:
        return text.replace(
            "reservation: {range: [0.4, 0.6]}", "reservation: {range: [0.2, 0.6], mean: 0.35, sd: 0.1}", 1
        )
    return text.replace("{range: [0.4, 0.6]}", f"{{range: [0.2, 0.6]{shape}}}", 1)


class TestTaken:
    NUMBER = ("parties.first.impatience", "rounds", "mediator.style")

    def test_what_fits_is_taken(self, small):
        number, whole, word = (controls(small)[path] for path in self.NUMBER)
        assert browser_input.setting(number, 3) == 3.0
        assert browser_input.setting(number, [1, 2.5]) == (1.0, 2.5)
        assert browser_input.setting(number, [2.5, 2.5]) == 2.5
        assert browser_input.setting(whole, 12.0) == 12
        assert isinstance(browser_input.setting(whole, 12.0), int)
        assert browser_input.setting(word, "facilitation") == "facilitation"

    @pytest.mark.parametrize(
        "value",
        [None, True, "3", [], [1], [1, 2, 3], ["1", 2], [True, 2], {"low": 1}, 10**400, [0, 10**400], -(10**400)],
        ids=range(12),
    )
    def test_what_is_no_number_is_not(self, small, value):
        assert browser_input.setting(controls(small)["parties.first.impatience"], value) is ...

    @pytest.mark.parametrize("value", [None, True, "5", [1, 2], math.inf, math.nan])
    def test_a_whole_number_is_one_number(self, small, value):
        assert browser_input.setting(controls(small)["rounds"], value) is ...

    @pytest.mark.parametrize("value", ["charm", 1, [1, 2], None, ""])
    def test_only_words_to_choose_from_are_taken(self, small, value):
        assert browser_input.setting(controls(small)["mediator.style"], value) is ...

    @pytest.mark.parametrize(
        ("typed", "number"),
        [(5, 5), ("7", 7), (" 8 ", 8), (0, 1), (101, 100), ("x", 42), (-3, 42), (5.5, 42), ("9" * 20, 42), (None, 42)],
    )
    def test_a_field_gives_a_whole_number_within_its_limits(self, typed, number):
        assert browser_input.whole(typed, 42, 1, 100) == number

    @given(st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(), st.lists, max_leaves=4))
    def test_nothing_that_a_browser_could_send_does_harm(self, value):
        for path in self.NUMBER:
            setting = browser_input.setting(SMALL[path], value)
            assert setting is ... or isinstance(setting, int | float | str | tuple)
        assert 1 <= browser_input.whole(value, 42, 1, 100) <= 100


SMALL = controls(load_scenario(SCENARIOS.parent / "tests" / "study" / "data" / "small.yaml"))
