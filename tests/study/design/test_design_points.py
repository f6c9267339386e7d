"""Designs: which points, and what is said where there can be none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.cli.arguments.vary_option import parse_vary
from sim.scenario.errors import ScenarioError
from sim.scenario.loading.assignment import assign
from sim.scenario.loading.scenario_loader import load_scenario
from sim.scenario.model.schema import Scenario
from sim.study.design.design_points import MOST_POINTS, Design, steps
from sim.study.design.vary_requests import design_of, make


def asked(scenario: Scenario, *texts: str, sample: str | None = None, seed: int | None = None) -> Design:
    """The design of what `--vary` and `--sample` say."""
    return make(scenario, parse_vary(texts), sample, seed)


def column(design: Design, path: str) -> list[object]:
    return [point[path] for point in design.points]


class TestGrids:
    @pytest.mark.parametrize("points", [2, 3, 11, 41, 101, 1000])
    @pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (0.1, 0.7), (-1.0, 1.0), (1 / 3, 2 / 3)])
    def test_both_ends_are_exact_and_steps_even(self, low: float, high: float, points: int) -> None:
        values = steps("distrust", low, high, points)
        assert len(values) == points
        assert values[0] == pytest.approx(low, rel=1e-11)
        assert values[-1] == pytest.approx(high, rel=1e-11)
        np.testing.assert_allclose(np.diff(values), (high - low) / (points - 1), rtol=1e-8)

    def test_values_are_those_that_one_would_type(self, small: Scenario) -> None:
        found = column(asked(small, "distrust=0:1:11"), "distrust")
        assert found == [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
        assert asked(small, "distrust=0.1:0.7:3").points[-1] == {"distrust": 0.7}

    def test_listed_values_keep_their_order(self, small: Scenario) -> None:
        design = asked(small, "distrust=0.9,0,0.5", "mediator.style=formulation,facilitation")
        assert [axis.values for axis in design.axes] == [(0.9, 0.0, 0.5), ("formulation", "facilitation")]

    def test_several_axes_make_every_combination_words_slowest(self, small: Scenario) -> None:
        design = asked(small, "distrust=0:1:3", "mediator.style=facilitation,formulation", "rounds=6,12")
        assert design.method == "grid"
        assert design.varied == design.axes
        assert len(design.points) == len({tuple(point.items()) for point in design.points}) == 12
        assert list(design.points[0]) == ["distrust", "mediator.style", "rounds"]
        assert column(design, "distrust") == [0.0, 0.5, 1.0] * 4
        assert column(design, "mediator.style") == ["facilitation"] * 6 + ["formulation"] * 6
        assert column(design, "rounds") == ([6] * 3 + [12] * 3) * 2

    def test_null_stands_for_no_mediator(self, small: Scenario) -> None:
        assert column(asked(small, "mediator.style=null,formulation"), "mediator.style") == [None, "formulation"]

    def test_whole_numbers_stay_whole_and_coefficients_become_floats(self, small: Scenario) -> None:
        rounds, distrust = design_of(small, {"rounds": [6.0, np.int64(12)], "distrust": [0, np.float32(1)]}).axes
        assert rounds.values == (6, 12)
        assert all(type(value) is int for value in rounds.values)
        assert distrust.values == (0.0, 1.0)
        assert all(type(value) is float for value in distrust.values)


class TestDecades:
    def test_steps_on_a_log_scale_have_one_ratio(self, small: Scenario) -> None:
        design = asked(small, "sharpness=0.01:1000:6:log", "rounds=1:100:3:log")
        sharpness, rounds = design.axes
        assert (sharpness.values, rounds.values) == ((0.01, 0.1, 1.0, 10.0, 100.0, 1000.0), (1, 10, 100))
        assert sharpness.log
        assert rounds.log
        assert not asked(small, "sharpness=1:1000:4").axes[0].log

    @pytest.mark.parametrize("points", [2, 3, 7, 1000])
    def test_its_ends_are_exact(self, points: int) -> None:
        values = steps("sharpness", 1 / 3, 7e8, points, log=True)
        assert len(values) == points
        assert (values[0], values[-1]) == pytest.approx((1 / 3, 7e8), rel=1e-11)
        np.testing.assert_allclose(np.diff(np.log(values)), np.log(21e8) / (points - 1), rtol=1e-8)

    @pytest.mark.parametrize("sample", ["lhs:40", "sobol:64"])
    def test_each_decade_gets_as_many_points_of_a_sample(self, small: Scenario, sample: str) -> None:
        design = asked(small, "sharpness=0.1:1000:log", "distrust=0:1", sample=sample)
        decades = np.log10(np.array(column(design, "sharpness"), dtype=float))
        assert set(np.histogram(decades, 4, (-1, 3))[0]) == {len(design.points) // 4}
        distrust = np.array(column(design, "distrust"), dtype=float)
        assert set(np.histogram(distrust, 4, (0, 1))[0]) == {len(design.points) // 4}
        assert [axis.log for axis in design.axes] == [True, False]

    def test_python_names_the_paths(self, small: Scenario) -> None:
        (listed,) = design_of(small, {"sharpness": [1, 10, 100]}, log=["sharpness"]).axes
        assert listed.log
        assert design_of(small, {"sharpness": [1, 10]}, log="sharpness").axes[0].log
        sampled = design_of(small, {"sharpness": [0.1, 1000]}, "lhs:8", log=["sharpness"])
        assert sampled.points == asked(small, "sharpness=0.1:1000:log", sample="lhs:8").points
        with pytest.raises(ScenarioError, match=r"^sharpnes: is to have a log scale and is not varied$"):
            design_of(small, {"sharpness": [1, 10]}, log=["sharpnes"])
        with pytest.raises(ScenarioError, match=r"^sharpness: a log scale takes numbers above 0, not -1$"):
            design_of(small, {"sharpness": [1, -1]}, log=["sharpness"])
        with pytest.raises(ScenarioError, match="a log scale takes numbers, not the text 'facilitation'"):
            design_of(small, {"mediator.style": ["facilitation", "formulation"]}, log=["mediator.style"])


class TestSamples:
    @pytest.mark.parametrize("sample", ["lhs:100", "sobol:128"])
    def test_points_fill_their_ranges(self, small: Scenario, sample: str) -> None:
        design = asked(small, "distrust=0.2:0.8", "parties.*.trust_gain=0:0.5", sample=sample)
        method, count = sample.split(":")
        assert (design.method, len(design.points), design.varied) == (method, int(count), ())
        for path, low, high in (("distrust", 0.2, 0.8), ("parties.*.trust_gain", 0.0, 0.5)):
            unit = (np.array(column(design, path), dtype=float) - low) / (high - low)
            assert unit.min() >= 0
            assert unit.max() <= 1
            # A tenth of a Latin hypercube is a tenth of the range, a 16th of 128 Sobol' points a 16th.
            pieces = 10 if method == "lhs" else 16
            assert set(np.histogram(unit, pieces, (0, 1))[0]) == {int(count) // pieces}

    @pytest.mark.parametrize("sample", ["lhs:8", "sobol:8"])
    def test_the_seed_alone_decides(self, small: Scenario, sample: str) -> None:
        first = asked(small, "distrust=0:1", sample=sample)
        assert asked(small, "distrust=0:1", sample=sample).points == first.points
        assert asked(small, "distrust=0:1", sample=sample, seed=int(small.seed)).points == first.points
        assert asked(small, "distrust=0:1", sample=sample, seed=8).points != first.points

    def test_python_gives_the_two_ends(self, small: Scenario) -> None:
        design = design_of(small, {"distrust": [0, 1]}, "lhs:8")
        assert design.points == asked(small, "distrust=0:1", sample="lhs:8").points
        with pytest.raises(ScenarioError, match=r"^distrust: to sample from a range, give its two ends$"):
            design_of(small, {"distrust": [0, 0.5, 1]}, "lhs:8")


FORMS = "PATH=FROM:TO:POINTS[:log] or PATH=VALUE,VALUE,…"
FORM = f"must have the form {FORMS}"
LEVEL = "must be a number from 0 to 1, not"
STYLE = "mediator.style: must be one of facilitation, formulation, manipulation, not"

BAD = {
    "distrst=0:1:3": "distrst: no parameter 'distrst': did you mean 'distrust'?",
    "distrust.frst.second=0:1:3": (
        "distrust.frst.second: no parameter 'distrust.frst.second': did you mean 'distrust.first.second'?"
    ),
    "mediator.stile=null,formulation": (
        "mediator.stile: no parameter 'mediator.stile': did you mean 'mediator.style'?"
    ),
    "parties.*.trust_gian=0:1:3": (
        "parties.*.trust_gian: no parameter 'parties.*.trust_gian': did you mean 'parties.first.trust_gain'?"
    ),
    "distrust=0.5:0.5:3": "distrust: the range from 0.5 to 0.5 is empty: it must go up",
    "distrust=1:0:3": "distrust: the range from 1 to 0 is reversed: it must go up",
    "distrust.first.second=0:1.5:4": f"distrust.first.second: {LEVEL} 1.5",
    "distrust.first.second=-0.1:1:4": f"distrust.first.second: {LEVEL} -0.1",
    "distrust.first.second=0.1,7,0.2": f"distrust.first.second: {LEVEL} 7",
    "distrust=0:1:0": "distrust: needs at least 2 points, from 0 to 1, not 0",
    "distrust=0:1:1": "distrust: needs at least 2 points, from 0 to 1, not 1",
    "distrust=0:1:-3": "distrust: needs at least 2 points, from 0 to 1, not -3",
    "distrust=0:1:2000000": "distrust: takes at most 1,000,000 points, not 2,000,000",
    "distrust=0:1:2.5": "the number of points must be a whole number, not 2.5",
    "distrust=0:1:nan": "the number of points must be a whole number, not nan",
    "distrust=nan:1:3": "distrust: must go from a number to a number, not to nan",
    "distrust=0:inf:3": "distrust: must go from a number to a number, not to inf",
    "distrust=0.1,.nan": "distrust: the values must be finite, not nan",
    "distrust.first.second=0.1,nan": f"distrust.first.second: {LEVEL} the text 'nan'",
    "distrust.first.second=0.1,high": f"distrust.first.second: {LEVEL} the text 'high'",
    "distrust=0,null": "distrust: the values must be numbers or words, not null",
    "mediator.style=facilitation,0.5": f"{STYLE} 0.5",
    "mediator.style=facilitation,shouting": f"{STYLE} the text 'shouting'",
    "mediator.style=0:1:3": f"{STYLE} 0",
    "rounds=6:12:4:2": f"has too many colons: the form is {FORMS}",
    "distrust=0:1:3:4:5": f"has too many colons: the form is {FORMS}",
    "sharpness=0:1:5:log": "sharpness: a log scale takes numbers above 0, not 0",
    "sharpness=-2:1:5:log": "sharpness: a log scale takes numbers above 0, not -2",
    "sharpness=10:1:5:log": "sharpness: the range from 10 to 1 is reversed: it must go up",
    "sharpness=1:10:1:log": "sharpness: needs at least 2 points, from 1 to 10, not 1",
    "sharpness=1:10:2.5:log": "the number of points must be a whole number, not 2.5",
    "sharpness=1:10:log": "sharpness: needs a number of points, as in PATH=FROM:TO:POINTS (or --sample lhs:N)",
    "sharpness=1:10:5:log:3": "FROM, TO and POINTS must be numbers, not the text 'log'; only 'log' may follow them",
    "sharpness=1:10:5:Log": "FROM, TO and POINTS must be numbers, not the text 'Log'; only 'log' may follow them",
    "sharpness=1:1e99:5:log": "sharpness: must be a number above 0, up to 1e9, not 1e+99",
    "rounds=1:10:3:log": "rounds: must be a whole number from 1 to 10000, not 3.16227766017",
    "mediator.style=1:10:3:log": f"{STYLE} 1",
    "rounds=6:9:3": "rounds: must be a whole number from 1 to 10000, not 7.5",
    "distrust=0.5": "distrust: needs at least two values, not 1",
    "distrust=0.5,0.2,0.50": "distrust: 0.5 is given twice",
    "distrust=0:1": "distrust: needs a number of points, as in PATH=FROM:TO:POINTS (or --sample lhs:N)",
    "distrust=a:1:3": "FROM, TO and POINTS must be numbers, not the text 'a'; only 'log' may follow them",
    "distrust": FORM,
    "distrust=": FORM,
    "=0:1:3": FORM,
}

BAD_SAMPLES = {
    ("lhs:4", "distrust=1:0"): "--vary distrust=1:0: distrust: the range from 1 to 0 is reversed: it must go up",
    ("lhs:4", "distrust.first.second=0:2"): (f"--vary distrust.first.second=0:2: distrust.first.second: {LEVEL} 2"),
    ("lhs:4", "distrust=0:1:5"): (
        "--vary distrust=0:1:5: distrust: a sample has no steps: give the range alone, as in PATH=FROM:TO"
    ),
    ("lhs:4", "distrust=0,1"): (
        "--vary distrust=0,1: distrust: a list cannot be sampled: give a range, as in PATH=FROM:TO"
    ),
    ("lhs:4", "rounds=6:12"): (
        "--vary rounds=6:12: rounds: takes words or whole numbers, which cannot be sampled from a range: "
        "vary it on a grid"
    ),
    ("lhs:4", "sharpness=0:10:log"): ("--vary sharpness=0:10:log: sharpness: a log scale takes numbers above 0, not 0"),
    ("lhs:4", "sharpness=1:10:5:log"): (
        "--vary sharpness=1:10:5:log: sharpness: a sample has no steps: give the range alone, as in PATH=FROM:TO"
    ),
    ("lhs:0", "distrust=0:1"): "--sample lhs:0: takes from 1 to 1,000,000 points, not 0",
    ("lhs", "distrust=0:1"): "--sample lhs: must have the form lhs:N or sobol:N",
    ("dice:4", "distrust=0:1"): (
        "--sample dice:4: knows lhs:N (Latin hypercube) and sobol:N (Sobol' sequence), not 'dice'"
    ),
    ("sobol:5", "distrust=0:1"): ("--sample sobol:5: Sobol' points are balanced in powers of two only: 4 or 8, not 5"),
}


class TestWhatIsWrong:
    @pytest.mark.parametrize(("text", "message"), BAD.items(), ids=BAD)
    def test_one_axis(self, small: Scenario, text: str, message: str) -> None:
        with pytest.raises(ScenarioError) as error:
            asked(small, text)
        assert str(error.value) == f"--vary {text}: {message}"

    @pytest.mark.parametrize(("asking", "message"), BAD_SAMPLES.items(), ids=map("-".join, BAD_SAMPLES))
    def test_a_sample(self, small: Scenario, asking: tuple[str, str], message: str) -> None:
        sample, text = asking
        with pytest.raises(ScenarioError) as error:
            asked(small, text, sample=sample)
        assert str(error.value) == message

    def test_mutual_distrust_names_every_pair(self, small: Scenario) -> None:
        with pytest.raises(ScenarioError) as error:
            asked(small, "distrust=0:1.5:4")
        assert [problem.path for problem in error.value.problems] == ["distrust.first.second", "distrust.second.first"]

    def test_everything_at_once(self, small: Scenario) -> None:
        with pytest.raises(ScenarioError) as error:
            asked(small, "distrust=1:0:3", "rouns=6,12")
        assert [problem.path for problem in error.value.problems] == ["distrust", "rouns"]

    @pytest.mark.parametrize("sample", [None, "lhs:4"])
    def test_nothing_varied(self, small: Scenario, sample: str | None) -> None:
        with pytest.raises(
            ScenarioError, match=r"^nothing is varied: say what to vary, as PATH=FROM:TO:POINTS\[:log\] or"
        ):
            asked(small, sample=sample)

    @pytest.mark.parametrize(
        ("first", "second", "message"),
        [
            ("distrust=0:1:3", "distrust=0,1", "distrust: is varied twice"),
            (
                "distrust=0:1:3",
                "distrust.first.second=0:1:3",
                "distrust.first.second: varies distrust.first.second, as distrust does: a parameter can be varied once",
            ),
            (
                "distrust.*.us=0:1:3",
                "distrust.second.*=0:1:3",
                "distrust.second.*: varies distrust.second.us, as distrust.*.us does: a parameter can be varied once",
            ),
        ],
    )
    def test_the_same_parameter_twice(self, small: Scenario, first: str, second: str, message: str) -> None:
        with pytest.raises(ScenarioError) as error:
            asked(small, first, second)
        assert str(error.value) == f"--vary {second}: {message}"

    def test_no_mediator_to_vary(self, small: Scenario) -> None:
        alone = assign(small, {"mediator": None})
        with pytest.raises(ScenarioError, match=r"^--vary mediator.style=facilitation,null: mediator.style: "):
            asked(alone, "mediator.style=facilitation,null")
        with pytest.raises(ScenarioError, match=r"^--vary mediator.style=facilitation,formulation: mediator.style: "):
            asked(alone, "mediator.style=facilitation,formulation")

    def test_more_points_than_a_study_can_have(self, small: Scenario) -> None:
        with pytest.raises(ScenarioError) as error:
            asked(small, "distrust=0:1:1001", "mediator.bias.first=0:1:1000")
        assert str(error.value) == f"a design can have {MOST_POINTS:,} points; this grid has 1,001,000"

    @pytest.mark.parametrize(
        ("values", "message"),
        [
            ([], "needs at least two values, not 0"),
            ([0, float("nan")], "the values must be finite, not nan"),
            ([0, float("-inf")], "the values must be finite, not -inf"),
            ([True, False], "the values must be numbers or words, not a boolean"),
            ([0, [1]], "the values must be numbers or words, not a list"),
        ],
    )
    def test_from_python(self, small: Scenario, values: list[object], message: str) -> None:
        with pytest.raises(ScenarioError) as error:
            design_of(small, {"distrust": values})  # type: ignore[dict-item]
        assert str(error.value) == f"distrust: {message}"


def test_the_baseline_takes_every_kind_of_path_of_the_issue() -> None:
    baseline = load_scenario(Path(__file__).parents[3] / "scenarios" / "security-guarantees.yaml")
    paths = ("distrust.russia.ukraine", "distrust.*.us", "guarantors.*", "parties.*.salience.territory", "rapport")
    design = asked(baseline, *(f"{path}=0.1,0.5" for path in paths))
    assert [axis.path for axis in design.axes] == list(paths)
    assert len(design.points) == 2 ** len(paths)
