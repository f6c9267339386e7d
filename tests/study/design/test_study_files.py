"""Study files: what they ask for, and where they are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.scenario.errors import ScenarioError
from sim.scenario.loading.scenario_loader import load_scenario
from sim.study.design.study_files import is_study, read_study
from sim.study.design.vary_requests import make

SCENARIOS = Path(__file__).parents[3] / "scenarios"
STUDIES = sorted((SCENARIOS / "studies").glob("*.yaml"))

SIZES = {
    "bias-and-distrust-of-the-us": (11, 11),
    "distrust-and-guarantee": (21, 10),
    "distrust-and-style": (21, 4),
    "distrust-of-each-other": (21, 21),
    "mutual-distrust": (41,),
    "textbook-regimes": (41, 2, 2),
}
"""The values along each axis of the shipped studies."""


class TestShipped:
    def test_all_are_known_here(self) -> None:
        assert [path.stem for path in STUDIES] == list(SIZES)

    @pytest.mark.parametrize("path", STUDIES, ids=lambda path: path.stem)
    def test_each_is_a_design_of_its_scenario(self, path: Path) -> None:
        assert is_study(path)
        study = read_study(path)
        assert study.title
        assert study.runs
        assert study.seed is not None
        design = make(load_scenario(study.scenario), study.vary, study.sample, study.seed)
        assert tuple(len(axis.values) for axis in design.axes) == SIZES[path.stem]

    def test_mutual_distrust_goes_from_none_to_certainty(self) -> None:
        study = read_study(SCENARIOS / "studies" / "mutual-distrust.yaml")
        (axis,) = make(load_scenario(study.scenario), study.vary).axes
        assert (axis.path, axis.values[0], axis.values[1], axis.values[-1]) == ("distrust", 0.0, 0.025, 1.0)

    def test_scenarios_are_no_studies(self) -> None:
        assert not is_study(SCENARIOS / "baseline.yaml")
        assert not is_study(SCENARIOS / "nowhere.yaml")


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "study.yaml"


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


class TestReading:
    def test_what_it_asks_for(self, study: Path, tmp_path: Path) -> None:
        write(study, "scenario: ../case.yaml\nvary:\n  distrust: {from: 0, to: 1}\nsample: lhs:9\nprecision: 0.02\n")
        found = read_study(study)
        assert (found.scenario, found.sample, found.precision) == (tmp_path / "case.yaml", "lhs:9", 0.02)
        assert (found.title, found.runs, found.seed) == ("", None, None)
        (asked,) = found.vary
        assert (asked.path, asked.low, asked.high, asked.points) == ("distrust", 0.0, 1.0, None)
        assert (asked.spot.line, asked.spot.column) == (3, 3)

    def test_lists_and_steps(self, study: Path) -> None:
        write(
            study,
            "scenario: a.yaml\nvary:\n  rounds: [6, 12]\n  mediator.style: [null, formulation]\n"
            "  'distrust.*.us': {from: 0, to: 0.5, points: 3}\nruns: 40\nseed: 9\n",
        )
        found = read_study(study)
        rounds, style, distrust = found.vary
        assert (rounds.values, style.values) == ((6, 12), (None, "formulation"))
        assert (distrust.path, distrust.points, distrust.size) == ("distrust.*.us", 3, 3)
        assert (found.runs, found.seed) == (40, 9)

    def test_a_range_over_decades(self, study: Path) -> None:
        write(
            study,
            "scenario: a.yaml\nvary:\n  sharpness: {from: 0.1, to: 1000, points: 5, scale: log}\n"
            "  distrust: {from: 0, to: 1, points: 2, scale: linear}\n",
        )
        design = make(load_scenario(SCENARIOS / "baseline.yaml"), read_study(study).vary)
        assert [axis.values for axis in design.axes] == [(0.1, 1.0, 10.0, 100.0, 1000.0), (0.0, 1.0)]
        assert [axis.log for axis in design.axes] == [True, False]

    def test_what_is_wrong_with_the_design_has_its_place_in_the_file(self, study: Path) -> None:
        write(study, "scenario: a.yaml\nvary:\n  distrust: {from: 1, to: 0, points: 3}\n  rouns: [1, 2]\n")
        with pytest.raises(ScenarioError) as error:
            make(load_scenario(SCENARIOS / "baseline.yaml"), read_study(study).vary)
        assert str(error.value).splitlines() == [
            f"{study}:3:3: distrust: the range from 1 to 0 is reversed: it must go up",
            f"{study}:4:3: rouns: no parameter 'rouns': did you mean 'rounds'?",
        ]


VARIED = "scenario: a\nvary:\n  distrust: "
MIXED = "must be a list of values, or a range such as {from: 0, to: 1, points: 11}, not"
NONE_VARIED = "1:1: vary: must be given: a mapping from paths to values or ranges"

BAD = {
    "nothing varied": ("scenario: a\n", [NONE_VARIED]),
    "nothing in it": ("vary: {}\nscenario: a\n", [NONE_VARIED]),
    "no mapping": ("vary: 3\nscenario: a\n", ["1:7: vary: must be a mapping from paths to values or ranges, not 3"]),
    "one number": (f"{VARIED}0.5\n", [f"3:13: vary.distrust: {MIXED} 0.5"]),
    "the command line's form": (f"{VARIED}'0:1:5'\n", [f"3:13: vary.distrust: {MIXED} the text '0:1:5'"]),
    "an unknown key of a range": (
        f"{VARIED}{{form: 0, to: 1, points: 3}}\n",
        [
            "3:3: vary.distrust: a range needs from",
            "3:14: vary.distrust.form: unknown key 'form': did you mean 'from'?",
        ],
    ),
    "no whole number of points": (
        f"{VARIED}{{from: 0, to: 1, points: 2.5}}\n",
        ["3:38: vary.distrust.points: must be a whole number, not 2.5"],
    ),
    "NaN points": (
        f"{VARIED}{{from: 0, to: 1, points: .nan}}\n",
        ["3:38: vary.distrust.points: must be a whole number, not nan"],
    ),
    "an end that is no number": (
        f"{VARIED}{{from: zero, to: 1, points: 3}}\n",
        ["3:20: vary.distrust.from: must be a number, not the text 'zero'"],
    ),
    "an unknown scale": (
        f"{VARIED}{{from: 1, to: 10, points: 3, scale: logarithmic}}\n",
        ["3:49: vary.distrust.scale: must be linear or log, not the text 'logarithmic'"],
    ),
    "a scale that is no word": (
        f"{VARIED}{{from: 1, to: 10, points: 3, scale: [log]}}\n",
        ["3:49: vary.distrust.scale: must be linear or log, not a list"],
    ),
    "an unknown key": (f"{VARIED}[0, 1]\nrunz: 5\n", ["4:1: runz: unknown key 'runz': did you mean 'runs'?"]),
    "numbers out of bounds": (
        f"{VARIED}[0, 1]\nruns: 0\nseed: -1\nprecision: 0.5\n",
        [
            "4:7: runs: must be a whole number from 1 to 1000000000, not 0",
            "5:7: seed: must be a whole number from 0 to 9223372036854775807, not -1",
            "6:12: precision: must be a number from 0.0001 to 0.2, not 0.5",
        ],
    ),
    "a path twice": (
        f"{VARIED}[0, 1]\n  distrust: [0, 0.5]\n",
        ["4:3: vary.distrust: is given twice (first in line 3)"],
    ),
    "no way of sampling": (f"{VARIED}[0, 1]\nsample: foo\n", ["4:9: sample: must have the form lhs:N or sobol:N"]),
    "an unbalanced sample": (
        f"{VARIED}{{from: 0, to: 1}}\nsample: sobol:6\n",
        ["4:9: sample: Sobol' points are balanced in powers of two only: 4 or 8, not 6"],
    ),
    "no YAML": ("vary: [0\n", ["2:1: is not YAML: did not find expected ',' or ']' while parsing a flow sequence"]),
}


@pytest.mark.parametrize(("text", "messages"), BAD.values(), ids=BAD)
def test_errors_say_where(study: Path, text: str, messages: list[str]) -> None:
    with pytest.raises(ScenarioError) as error:
        read_study(write(study, text))
    assert str(error.value).splitlines() == [f"{study}:{message}" for message in messages]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as error:
        read_study(tmp_path / "nowhere.yaml")
    assert str(error.value) == f"{tmp_path / 'nowhere.yaml'}: no such file"
