"""Names that programs which read our tables confuse, or take for something other than a name, are refused."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pandas
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.scenario.errors import ScenarioError
from sim.scenario.loading.assignment import assign
from sim.scenario.loading.scenario_loader import load_scenario, scenario_from_data
from sim.scenario.model.name_rules import LONGEST, fold, misread
from sim.study.results.export import export
from sim.study.results.result_tables import read_table
from sim.study.results.stored_study import open_study, read
from sim.study.sweep import sweep
from tests.examples import examples
from tests.scenario.samples import ENVOY, MINIMAL, write

MISSING = {"NA", "NaN", "NULL", "None", "nan", "null", "n/a", "N/A", "#N/A", "-nan", "-NaN", "<NA>", "#NA", ""}
"""What pandas' read_csv takes for a missing value by default."""

ONE = "programs that read the tables take the two for one name"
GUARANTEE = "implementation: {penalty: 0.1}\n"


def complaints(file: str = "case.yaml", changes: list[str] | None = None) -> list[str]:
    """Return what is said of a file that is wrong."""
    with pytest.raises(ScenarioError) as raised:
        load_scenario(file, changes or (), option="--set")
    return str(raised.value).split("\n")


def with_issues(*issues: str) -> str:
    """Return the minimal scenario about these issues."""
    each = {key: ", ".join(f"{issue}: {value}" for issue in issues) for key, value in (("x", "{}"), ("aims", "1"))}
    text = MINIMAL.replace("  land: {low: theirs, high: ours}\n", "".join(f"  {issue}: {{}}\n" for issue in issues))
    return text.replace("{land: 1}", f"{{{each['aims']}}}").replace("{land: 0}", f"{{{each['aims']}}}")


@pytest.mark.parametrize(
    ("one", "two", "difference"),
    [
        ("Land", "land", "case"),
        ("LAND", "lanD", "case"),
        ("ÉTAT", "état", "case"),
        ("ΣΑΣ", "σας", "case"),
        ("Straße", "STRASSE", "case"),
        ("sea-access", "sea_access", "- against _"),
        ("fisch", "\ufb01sch", "case"),
        ("land2", "land\uff12", "case or form of letters"),
        ("Sea-access", "sea_Access", "case or form of letters"),
        ("land", "la\ufe0fnd", "case or form of letters"),
    ],
)
def test_issues_that_some_program_takes_for_one(one: str, two: str, difference: str, folder: Path) -> None:
    write(folder, case=with_issues(one, two))
    assert complaints() == [
        f"case.yaml:4:3: issues.{two}: differs from {one!r} (first in line 3) only by {difference}: {ONE}"
    ]


def test_actors_of_every_role_are_told_apart(folder: Path) -> None:
    text = MINIMAL.replace("south", "NORTH")
    write(folder, case=text + "mediator: {name: North}\nguarantors: {noRth: 0.1}\n" + GUARANTEE)
    first = f"differs from 'north' (first in line 5) only by case: {ONE}"
    assert complaints() == [
        f"case.yaml:10:3: parties.NORTH: {first}",
        f"case.yaml:18:18: mediator.name: {first}",
        f"case.yaml:19:14: guarantors.noRth: {first}",
    ]


def test_the_second_is_the_later_one_whatever_it_is(folder: Path) -> None:
    write(folder, case="mediator: {name: North}\n" + MINIMAL)
    assert complaints() == [f"case.yaml:6:3: parties.north: differs from 'North' (first in line 1) only by case: {ONE}"]


def test_names_of_two_files(folder: Path) -> None:
    write(folder, base=MINIMAL, case=f"extends: base.yaml\ntitle: x\nguarantors: {{South: 0.1}}\n{GUARANTEE}")
    where = "(first in line 10 of base.yaml)"
    assert complaints() == [f"case.yaml:3:14: guarantors.South: differs from 'south' {where} only by case: {ONE}"]
    write(folder, base=MINIMAL + ENVOY)
    more = "  Envoy: {aims: {land: 1}, salience: {land: 1}, reservation: 0.1, betrayal_loss: 0}\n"
    pairs = "distrust: {Envoy: {north: 0, south: 0}, north: {Envoy: 0}, south: {Envoy: 0}}\n"
    write(folder, case=f"extends: base.yaml\ntitle: x\nparties:\n{more}{pairs}")
    where = "(first in line 18 of base.yaml)"
    assert complaints() == [f"case.yaml:4:3: parties.Envoy: differs from 'envoy' {where} only by case: {ONE}"]


def test_names_given_on_the_command_line(folder: Path) -> None:
    write(folder, case=MINIMAL + ENVOY + GUARANTEE)
    assert complaints(changes=["guarantors.South=0.1"]) == [
        f"--set guarantors.South=0.1: guarantors.South: differs from 'south' (first in line 10 of case.yaml) "
        f"only by case: {ONE}"
    ]
    write(folder, case=MINIMAL + GUARANTEE)
    assert complaints(changes=["guarantors.un=0.1", "guarantors.UN=0.1"]) == [
        "--set guarantors.UN=0.1: guarantors.UN: differs from 'un' (first in --set guarantors.un=0.1) "
        f"only by case: {ONE}"
    ]


def test_names_given_in_python(folder: Path) -> None:
    write(folder, case=MINIMAL + GUARANTEE)
    with pytest.raises(ScenarioError, match=r"^guarantors\.South: differs from 'south' only by case: "):
        assign(load_scenario("case.yaml"), {"guarantors.South": 0.1})


def test_a_mediator_may_guarantee_and_an_issue_be_called_like_a_party(folder: Path) -> None:
    text = MINIMAL.replace("land", "North") + ENVOY + "guarantors: {envoy: 0.1}\n" + GUARANTEE
    write(folder, case=text)
    assert list(load_scenario("case.yaml").guarantors) == ["envoy"]
    write(folder, case=text.replace("{envoy: 0.1}", "{Envoy: 0.1}"))
    assert complaints() == [
        f"case.yaml:19:14: guarantors.Envoy: differs from 'envoy' (first in line 18) only by case: {ONE}"
    ]


@pytest.mark.parametrize(
    ("name", "taken_for"),
    [
        *((name, "a missing value") for name in ("NA", "na", "NaN", "nan", "NULL", "null", "None", "none")),
        *((name, "a number") for name in ("inf", "Infinity", "INF")),
        *((name, "a boolean") for name in ("True", "false", "t", "F", "yes", "NO")),
        *((name, "a date") for name in ("epoch", "mar-1", "MARCH1", "Sep2", "dec-2024", "may1")),
        *((name, "a date") for name in ("jan-5-2026", "Jan-05-26", "JUNE1-2026", "sept-2026-9")),
    ],
)
def test_names_that_are_read_as_something_else(name: str, taken_for: str, folder: Path) -> None:
    message = f"{name!r} cannot be a name: programs that read the tables take it for {taken_for}"
    sound = MINIMAL + ENVOY + "guarantors: {g: 0.1}\n" + GUARANTEE
    for old in ("north", "land", "envoy", "g:"):
        new = f"'{name}'" + ":" * old.endswith(":")
        write(folder, case=sound.replace(old, new))
        assert message in "\n".join(complaints()), old
    write(folder, case=MINIMAL + GUARANTEE)
    assert complaints(changes=[f"guarantors.{name}=0.1"]) == [
        f"--set guarantors.{name}=0.1: guarantors.{name}: {message}"
    ]


@pytest.mark.parametrize(
    "name",
    [
        *("may", "March", "jan", "dec", "sept", "mars-1", "mayor1", "jan-mayen", "march-on-2", "may_1"),
        *("june-2026-talks", "jan-5-2026-a", "e5", "q1-2026", "x0x1F", "r2d2", "no-1", "nan1"),
    ],
)
def test_ordinary_names_are_names(name: str, folder: Path) -> None:
    write(folder, case=MINIMAL.replace("land", name))
    assert list(load_scenario("case.yaml").issues) == [name]


@pytest.mark.parametrize(
    "name",
    ["5-jan", "5-Jan-2026", "2026-jan-5", "2026-01-05", "1-2", "1e5", "0x1F", "007", "1:30", "5%", "1/2"],
)
def test_numbers_and_dates_that_begin_with_a_digit_are_no_names(name: str, folder: Path) -> None:
    write(folder, case=MINIMAL.replace("land", f"'{name}'"))
    assert f"{name!r} cannot be a name: use letters, digits, _ and -, beginning with a letter or _" in complaints()[0]


def test_a_name_that_no_column_holds(folder: Path) -> None:
    write(folder, case=MINIMAL.replace("land", "l" * LONGEST))
    load_scenario("case.yaml")
    write(folder, case=MINIMAL.replace("land", "l" * 1000))
    assert f"cannot be a name: it takes 1000 characters, and at most {LONGEST} are allowed" in complaints()[0]


LETTERS = st.text(st.sampled_from("aAbBnNuUlLfFtT-_éÉßﬁıİσςΣ1２"), min_size=1, max_size=4)


@settings(deadline=None, max_examples=examples(20))
@given(LETTERS, LETTERS)
def test_what_duckdb_takes_for_one_folds_alike(one: str, two: str) -> None:
    names = duckdb.connect().execute(f'SELECT * FROM (SELECT 1 AS "{one}") a, (SELECT 2 AS "{two}") b').df().columns
    if one != two and list(names) != [one, two]:
        assert fold(one) == fold(two)


@pytest.mark.parametrize("name", sorted(MISSING))
def test_what_pandas_takes_for_missing_is_no_name(name: str) -> None:
    assert not name.replace("-", "_").isidentifier() or name[0] == "-" or misread(name) == "a missing value"


@settings(deadline=None, max_examples=examples(20), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=LETTERS)
def test_a_column_of_allowed_names_is_read_as_text(name: str, tmp_path: Path) -> None:
    if name.replace("-", "_").isidentifier() and name[0] != "-" and misread(name) is None:
        file = tmp_path / "by.csv"
        file.write_text(f"by,run\n{name},1\n{name},2\n", encoding="utf-8")
        assert duckdb.connect().execute(f"SELECT \"by\" FROM read_csv('{file}')").fetchall() == [(name,)] * 2
        assert list(pandas.read_csv(file)["by"]) == [name] * 2


def test_no_name_makes_two_columns_one(tmp_path: Path) -> None:
    """Names that are words of the tables themselves, in a study whose settled share is 0 at one point."""
    words = ["average", "spread", "p", "low", "q05", "run", "point", "by", "russia"]
    parties, issues = words[:4], words[4:]
    part = {"aims": dict.fromkeys(issues, 0.5), "salience": dict.fromkeys(issues, 1)}
    data = {
        "issues": {issue: {} for issue in issues},
        "parties": {party: {**part, "reservation": 0.2, "betrayal_loss": 0.1} for party in parties},
        "distrust": {one: {other: 0.1 for other in parties if other != one} for one in parties},
        "mediator": {"name": "outcome"},
        "guarantors": {"rounds": 0.1},
        "implementation": {"penalty": 0.1, "periods": 5},
        "rounds": 5,
    }
    vary = {"distrust.average.spread": [0.1, 1.0], "guarantors.rounds": [0.1, 0.2]}
    study = sweep(scenario_from_data(data), vary, runs=8, out=tmp_path, name="words", spread=False)
    for what in ("runs", "points"):
        columns = [fold(column) for column in read_table(read(study.folder), what=what).columns]
        assert len(set(columns)) == len(columns)
    assert not any(".spread.low" in column for column in read_table(read(study.folder), what="points"))
    export(open_study(study.folder), "csv", "runs", tmp_path / "runs.csv")
    with (tmp_path / "runs.csv").open() as file:
        assert next(csv.reader(file)) == list(read_table(read(study.folder)).columns)
