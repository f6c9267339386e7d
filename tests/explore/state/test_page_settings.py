"""Settings come back from links and from files as they went, and change nothing but what they name."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.explore.state.page_address import LONGEST as LONGEST_LINK
from sim.explore.state.page_address import LinkError, parsed, query
from sim.explore.state.page_settings import BY_HAND, Settings, case, unchanged
from sim.explore.state.scenario_export import scenario_file
from sim.explore.state.undo_history import LONGEST, History
from sim.scenario.loading.scenario_loader import load_scenario
from sim.scenario.model.parameters import numbers, parameters
from sim.scenario.reading.provenance import unsourced
from tests.examples import examples
from tests.explore.conftest import SCENARIOS
from tests.explore.settings_at_random import settings_of

BASELINE = load_scenario(SCENARIOS / "baseline.yaml")
SUMMIT = load_scenario(SCENARIOS / "brokered-summit.yaml")
PLAIN = load_scenario(SCENARIOS / "no-mediator.yaml")

BASES = {"baseline": BASELINE, "brokered-summit": SUMMIT, "no-mediator": PLAIN}
each_base = pytest.mark.parametrize("name", BASES)
RELAXED = settings(max_examples=examples(10), deadline=None, suppress_health_check=[HealthCheck.too_slow])


class TestLinks:
    @each_base
    @RELAXED
    @given(data=st.data())
    def test_what_is_set_comes_back(self, name, data):
        base = BASES[name]
        wanted = data.draw(settings_of(base))
        text = query(base, wanted)
        assert parsed(base, text) == wanted
        assert text.isascii()
        assert not set(text) & set("<>\"' ")

    def test_an_untouched_page_has_a_bare_address(self):
        assert query(BASELINE, unchanged(BASELINE)) == ""
        assert parsed(BASELINE, "") == unchanged(BASELINE)

    def test_mutual_distrust_is_said_in_one_word(self):
        both = ["distrust.russia.ukraine", "distrust.ukraine.russia"]
        text = query(BASELINE, unchanged(BASELINE).put(both, (0.25, 0.5)))
        assert text.startswith("distrust=0.25..0.5&of=")
        assert query(BASELINE, unchanged(BASELINE).put(both[:1], 0.5)).startswith("distrust.russia.ukraine=0.5&")

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("distrust=2", "must be a number from 0 to 1, not 2"),
            ("distrust=0.6..0.4", "has its low end 0.6 above its high end 0.4"),
            ("distrust=high", "must be a number from 0 to 1 or a range such as 0.2..0.4, not the text 'high'"),
            ("distrust=1e999", "must be a number, not inf"),
            ("distrust=nan", "not the text 'nan'"),
            ("distrust=", "not the text ''"),
            ("distrst=0.5", "did you mean 'distrust"),
            ("distrust.*.us=0.5", "no * is read here"),
            ("distrust=0.5&distrust.russia.ukraine=0.4", "distrust.russia.ukraine is given twice"),
            ("mediator.style=charm", "must be one of facilitation, formulation, manipulation, not the text 'charm'"),
            ("mediator=eu", "mediator can only be 'none'"),
            ("rounds=5.5", "must be a whole number from 1 to 10000, not the text '5.5'"),
            ("seed=-1", "seed must be a whole number"),
            ("runs=0", "runs must be a whole number from 1 to 100,000"),
            ("runs=100001", "runs must be a whole number"),
            ("along=mediator.style", "there is no curve along mediator.style"),
            ("along=nothing", "no parameter 'nothing'"),
            ("of=000000", "made with another scenario"),
            ("distrust", "not of the form path=value"),
            ("%ff=1", "not of the form path=value"),
            ("a" * (LONGEST_LINK + 1), "6,001 letters long; at most 6,000"),
            ("__class__=0.5", "no parameter '__class__': known are"),
            ("title=<script>", "no parameter 'title'"),
        ],
    )
    def test_a_malformed_link_gets_one_line(self, text, says):
        with pytest.raises(LinkError) as told:
            parsed(BASELINE, text)
        assert says in str(told.value)
        assert "\n" not in str(told.value)

    @RELAXED
    @given(text=st.text(max_size=60))
    def test_whatever_stands_there_is_read_or_refused(self, text):
        try:
            assert parsed(BASELINE, text) is not None
        except LinkError as error:
            assert len(str(error)) < 400


class TestScenarioFiles:
    @each_base
    @RELAXED
    @given(data=st.data())
    def test_a_file_asks_what_the_page_asks(self, name, data, tmp_path_factory):
        base = BASES[name]
        wanted = data.draw(settings_of(base))
        path = tmp_path_factory.mktemp("saved") / "explored.yaml"
        path.write_text(scenario_file(base, str(SCENARIOS / f"{name}.yaml"), wanted, 1234), encoding="utf-8")
        loaded, asked = load_scenario(path), case(base, wanted)
        assert numbers(loaded) == numbers(asked)
        assert (int(loaded.seed), int(loaded.runs)) == (wanted.seed, 1234)
        load_scenario(path, strict=True)

    def test_nothing_but_what_differs_stands_there(self):
        wanted = unchanged(BASELINE).put(["parties.ukraine.reservation"], 0.5).put(["mediator.style"], "facilitation")
        data = yaml.safe_load(scenario_file(BASELINE, "baseline.yaml", wanted, 2000))
        told = {"extends", "title", "about", "parties", "mediator", "runs", "seed"}
        assert data.keys() == told
        assert data["parties"] == {"ukraine": {"reservation": {"value": 0.5, "assumption": BY_HAND}}}
        assert data["title"] == "Mediation without conditions, changed by hand"
        assert list(unsourced({key: data[key] for key in ("parties", "mediator")})) == []

    def test_an_untouched_page_gives_the_file_and_no_more(self):
        data = yaml.safe_load(scenario_file(BASELINE, "baseline.yaml", unchanged(BASELINE), 2000))
        assert data == {"extends": "baseline.yaml", "title": "Mediation without conditions", "runs": 2000, "seed": 1}


class TestSettings:
    def test_a_range_that_was_drawn_with_others_still_is(self):
        path = "parties.russia.trust_gain"
        changed = case(BASELINE, unchanged(BASELINE).put([path], (0.1, 0.2)))
        assert parameters(changed)[path].shared == "trust-gain"
        assert parameters(changed)[path].assumption == BY_HAND

    def test_equal_settings_are_one_key_however_they_came_about(self):
        one = unchanged(BASELINE).put(["rounds"], 20).put(["sharpness"], 30.0)
        other = unchanged(BASELINE).put(["sharpness"], 30.0).put(["rounds"], 20)
        assert (one == other, hash(one) == hash(other)) == (True, True)
        assert one.back(["rounds", "sharpness"]) == unchanged(BASELINE)

    def test_the_scenario_is_the_same_however_many_runs_are_asked_and_along_what(self):
        start = unchanged(BASELINE).put(["sharpness"], 30.0)
        assert start.has_same_scenario(Settings(start.seed, 7, {"sharpness": 30.0}, "rapport"))
        assert not start.has_same_scenario(Settings(start.seed + 1, start.runs, start.changes))
        assert not start.has_same_scenario(start.put(["sharpness"], 31.0))

    def test_a_large_study_is_not_asked_of_the_page(self):
        assert unchanged(BASELINE.model_copy(update={"runs": 10**9})).runs == 100_000


class TestHistory:
    START = Settings(1, 2000)

    def steps(self, *values: float, gesture: str = "") -> History:
        history = History(self.START)
        for value in values:
            history = history.put(history.present.put(["sharpness"], value), gesture)
        return history

    def test_back_and_forth(self):
        done = self.steps(1.0, 2.0, 3.0)
        assert done.undo().present.changes == {"sharpness": 2.0}
        assert done.undo().undo().undo().undo().present == self.START
        assert done.undo().undo().redo().redo().redo().present == done.present

    def test_a_new_step_ends_what_was_undone(self):
        again = self.steps(1.0, 2.0).undo()
        assert again.put(again.present.put(["sharpness"], 9.0)).future == ()

    def test_a_drag_is_one_step(self):
        dragged = self.steps(1.0, 2.0, 3.0, gesture="sharpness 1")
        assert dragged.undo().present == self.START
        then = dragged.put(dragged.present.put(["sharpness"], 4.0), "sharpness 2")
        assert then.undo().present.changes == {"sharpness": 3.0}

    def test_after_undo_the_same_hand_makes_a_new_step(self):
        back = self.steps(1.0, gesture="a").put(self.START.put(["rounds"], 5), "b").undo()
        assert back.put(back.present.put(["rounds"], 6), "b").undo().present == back.present

    def test_what_changes_nothing_is_no_step(self):
        done = self.steps(1.0)
        assert done.put(done.present) is done

    def test_it_does_not_grow_for_ever(self):
        assert len(self.steps(*(float(n + 1) for n in range(LONGEST + 50))).past) == LONGEST


def test_nothing_of_the_page_is_imported_for_settings():
    for path in Path("sim/explore/state").glob("*.py"):
        assert "nicegui" not in path.read_text(encoding="utf-8")
