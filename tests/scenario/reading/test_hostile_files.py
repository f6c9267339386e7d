"""Files made to be slow to refuse are refused before the work: by what is counted, never by a clock."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from types import SimpleNamespace

import pytest

from sim.scenario import errors
from sim.scenario.editing import data_paths
from sim.scenario.errors import ScenarioError
from sim.scenario.loading import event_checks
from sim.scenario.loading.consistency_checks import MOST_NAMES
from sim.scenario.loading.event_checks import MOST_SET
from sim.scenario.loading.extended_files import MOST_LAYERS
from sim.scenario.loading.scenario_loader import load_scenario, scenario_from_data
from sim.scenario.model import key_tree
from sim.scenario.reading.source_positions import MOST_PROBLEMS
from sim.study.design.vary_requests import Wanted, make
from tests.scenario.samples import CLAIMS, MINIMAL, edited, write

PROFILE = "{aims: {land: 1}, salience: {land: 1}, reservation: 0.3, betrayal_loss: 0.1}"


def complaints(file: str = "case.yaml") -> list[str]:
    """Return what is said of a file that is wrong."""
    with pytest.raises(ScenarioError) as raised:
        load_scenario(file)
    return str(raised.value).split("\n")


@pytest.fixture
def no_layout(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail where every path of a scenario is laid out."""
    for module in (key_tree, data_paths, event_checks):
        monkeypatch.setattr(module, "layout", lambda names: pytest.fail("laid out"))


@pytest.mark.usefixtures("no_layout")
@pytest.mark.parametrize("group", ["parties", "issues", "guarantors"])
def test_names_are_counted_before_any_path_is_laid_out(group: str, folder: Path) -> None:
    one = {"parties": PROFILE, "issues": "{}", "guarantors": "0.1"}[group]
    text = f"{group}:\n" + "".join(f"  n{number}: {one}\n" for number in range(1500))
    rest = {"parties": f"parties: {{a: {PROFILE}, b: {PROFILE}}}\n", "issues": "issues: {land: {}}\n"}
    text += "".join(said for key, said in rest.items() if key != group) + "distrust: {}\nrounds: 0\n"
    write(folder, case=text)
    assert complaints() == [f"case.yaml:1:1: {group}: there can be at most {MOST_NAMES}, not 1,500"]
    with pytest.raises(ScenarioError, match=f"^{group}: there can be at most {MOST_NAMES}, not 1,500$"):
        scenario_from_data({group: {f"n{number}": {} for number in range(1500)}})


def test_as_many_names_as_are_allowed(folder: Path) -> None:
    guarantors = ", ".join(f"g{number}: 0.1" for number in range(MOST_NAMES))
    write(folder, case=MINIMAL + f"guarantors: {{{guarantors}}}\nimplementation: {{penalty: 0.1}}\n")
    assert len(load_scenario("case.yaml").guarantors) == MOST_NAMES


def test_some_problems_are_spelt_out_and_the_others_counted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []
    nearest = errors.nearest
    monkeypatch.setattr(errors, "nearest", lambda name, known: compared.append(name) or nearest(name, known))
    write(folder, case=MINIMAL + "".join(f"titel{number}: 1\n" for number in range(3000)))
    lines = complaints()
    assert len(lines) == MOST_PROBLEMS + 1
    assert lines[0] == "case.yaml:18:1: titel0: unknown key 'titel0': did you mean 'title'?"
    assert lines[-1] == f"and {3000 - MOST_PROBLEMS:,} more problems"
    assert len(compared) == MOST_PROBLEMS


def test_one_more_problem_is_one(folder: Path) -> None:
    write(folder, case=MINIMAL + "".join(f"titel{number}: 1\n" for number in range(MOST_PROBLEMS + 1)))
    assert complaints()[-1] == "and 1 more problem"


def test_an_unknown_name_is_compared_with_few_of_thousands(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[int] = []

    def close(name: str, known: list[str], n: int, cutoff: float) -> list[str]:
        compared.append(len(known))
        return known[:1]

    monkeypatch.setattr(errors, "get_close_matches", close)
    known = [f"parties.p{one}.aims.i{two}" for one in range(64) for two in range(64)]
    assert errors.nearest("partys.p7.aims.i9", known) == "parties.p7.aims.i9"
    assert compared == [errors.COMPARED]
    assert errors.nearest("x" * 100_000, known) is None
    assert compared == [errors.COMPARED]


def test_what_patterns_of_events_name_is_counted(folder: Path) -> None:
    names = [f"p{number}" for number in range(40)]
    pairs = {one: {other: 0.1 for other in names if other != one} for one in names}
    profile = {"aims": {"land": 1}, "salience": {"land": 1}, "reservation": 0.1, "betrayal_loss": 0}
    data = {"issues": {"land": {}}, "parties": dict.fromkeys(names, profile), "distrust": pairs}
    fits = MOST_SET // (40 * 39)
    many = [{"round": 1, "set": {"distrust": 0.2}}] * (fits + 2)
    assert len(scenario_from_data({**data, "events": many[:fits]}).events) == fits
    message = f"goes beyond the {MOST_SET:,} values that all events together can set"
    with pytest.raises(ScenarioError) as raised:
        scenario_from_data({**data, "events": many})
    assert [f"{problem.path}: {problem.message}" for problem in raised.value.problems] == [
        f"events.{number}.set.distrust: {message}" for number in (fits, fits + 1)
    ]


@pytest.mark.usefixtures("no_layout")
def test_patterns_are_looked_up_without_laying_all_paths_out(folder: Path) -> None:
    text = edited("south: 0.5", "south: {value: 0.5, claim: wary}") + "evidence: claims.yaml\n"
    write(folder, case=text + "events: [{round: 1, set: {parties.*.aims.*: 0.3}}]\n", claims=CLAIMS)
    scenario = load_scenario("case.yaml", {"parties.*.salience.*": 2, "events.*.set.parties.*.aims.*": 0.4})
    assert {path: value.value for path, value in scenario.events[0].set.items()} == {
        "parties.north.aims.land": 0.4,
        "parties.south.aims.land": 0.4,
    }


def test_a_chain_of_files(folder: Path) -> None:
    for number in range(MOST_LAYERS):
        write(folder, **{f"c{number}": f"extends: c{number + 1}.yaml\n"})
    write(folder, **{f"c{MOST_LAYERS}": MINIMAL})
    assert load_scenario("c1.yaml").title == "Two sides"
    chain = f"makes a chain of more than {MOST_LAYERS} files, each a variant of the next"
    assert complaints("c0.yaml") == [f"c{MOST_LAYERS - 1}.yaml:1:10: extends: {chain}"]


def test_parts_are_counted_before_they_are_composed(folder: Path) -> None:
    write(folder, case="a: [" + "a," * 400_000 + "a]")
    assert complaints() == ["case.yaml:1:79999: holds more than 20000 parts"]


def test_marks_without_end_on_one_letter(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder, case=MINIMAL.replace("Two sides", "e" + "\u0301\u0323" * 15 + " and \u1ebf"))
    load_scenario("case.yaml")
    stub = SimpleNamespace(combining=unicodedata.combining, normalize=lambda *_: pytest.fail("normalised"))
    monkeypatch.setattr("sim.scenario.reading.yaml_documents.unicodedata", stub)
    write(folder, case=MINIMAL.replace("ours", "ours" + "\u0301\u0323" * 16))
    assert complaints() == ["case.yaml: has more than 30 combining marks on one letter (first in line 3)"]


def test_long_texts_are_cut_in_messages(folder: Path) -> None:
    long = "n" * 900
    write(folder, case=MINIMAL + f"{long}: 1\nevents: [{{round: 1, set: {{{long}: 1}}}}]\n".replace("south", long, 1))
    assert all(len(line) < 400 for line in complaints())


def test_a_grid_is_measured_before_its_axes_are_laid_out() -> None:
    scenario = scenario_from_data({"issues": {"land": {}}, **_two_parties()})
    wanted = [Wanted(f"distrust.x{number}", (), 0, 1, 1_000_000) for number in range(100)]
    with pytest.raises(ScenarioError, match=r"^a design can have 1,000,000 points; this grid has more than 10\^12$"):
        make(scenario, wanted)
    values = tuple(number / 200_000 for number in range(200_001))
    assert len(make(scenario, [Wanted("distrust", values)]).points) == 200_001
    with pytest.raises(ScenarioError, match=r"^distrust: 0\.5 is given twice$"):
        make(scenario, [Wanted("distrust", (*values, 0.5))])


def test_whole_numbers_between_the_ends_of_an_axis_are_checked() -> None:
    scenario = scenario_from_data({"issues": {"land": {}}, **_two_parties()})
    assert len(make(scenario, [Wanted("rounds", tuple(range(1, 10_001)))]).points) == 10_000
    with pytest.raises(ScenarioError, match=r"rounds: must be a whole number from 1 to 10000, not 2\.5"):
        make(scenario, [Wanted("rounds", (1, 2.5, 4))])


def _two_parties() -> dict[str, object]:
    profile = {"aims": {"land": 1}, "salience": {"land": 1}, "reservation": 0.1, "betrayal_loss": 0}
    return {"parties": {"a": profile, "b": profile}, "distrust": {"a": {"b": 0.1}, "b": {"a": 0.1}}}
