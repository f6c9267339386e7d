"""Ordinary Python values: taken, or refused by our own errors in words for people who wrote Python."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import compare, load_scenario, results, run, sensitivity, sweep
from sim.scenario.errors import ScenarioError
from sim.scenario.model.quantities import Quantity
from sim.scenario.model.schema import Scenario
from sim.study.results.export import export
from sim.study.results.stored_study import NoResultError, open_study
from sim.study.storage.atomic_files import StorageError, write_atomically
from tests.scenario.samples import ENVOY, MINIMAL

AWKWARD = 'it\'s "so":\n- #1'
LOOP: list[Any] = []
LOOP.append(LOOP)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder that is not the current one, with a scenario in it."""
    (tmp_path / "home").mkdir()
    (tmp_path / "here").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path / "here")
    (tmp_path / "home" / "case.yaml").write_text(MINIMAL + ENVOY)
    return tmp_path / "home"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.float64(0.25), Quantity(value=0.25)),
        (np.int64(1), Quantity(value=1)),
        (np.array(0.5), Quantity(value=0.5)),
        (Fraction(1, 4), Quantity(value=0.25)),
        (Decimal("0.25"), Quantity(value=0.25)),
        ({"range": (0.1, 0.6)}, Quantity(range=(0.1, 0.6))),
        ({"range": np.array([0.1, 0.6])}, Quantity(range=(0.1, 0.6))),
        ({"range": [np.float64(0.1), np.float64(0.6)], "claim": None}, Quantity(range=(0.1, 0.6))),
        (
            {np.str_("value"): 0.3, "assumption": 'it\'s "so":\n- #1'},
            Quantity(value=0.3, assumption='it\'s "so":\n- #1'),
        ),
        (Quantity(range=(0.1, 0.6), assumption="why"), Quantity(range=(0.1, 0.6), assumption="why")),
    ],
)
def test_a_mapping_of_changes_never_goes_through_text(value: object, expected: Quantity, home: Path) -> None:
    assert load_scenario("~/case.yaml", {"distrust": value}).distrust["north"]["south"] == expected
    assert load_scenario(home / "case.yaml", {"mediator.style": np.str_("formulation")}).mediator is not None


@pytest.mark.parametrize(
    ("value", "given"),
    [
        (True, "a boolean"),
        (np.bool_(True), "a boolean"),
        ("0.5", "the text '0.5' (write it without quotes)"),
        ("{range: [0, 1]}", "the text '{range: [0, 1]}'"),
        ([0.1, 0.6], "a list (a range is written {range: [low, high]})"),
        ((0.1, 0.6), "a list (a range is written {range: [low, high]})"),
        (None, "None"),
        (np.ma.masked, "a value of type MaskedConstant"),
        (np.ma.array(0.5, mask=True), "a value of type MaskedArray"),
        (float("nan"), "nan"),
        (10**400, "inf"),
        (1j, "a value of type complex"),
        (b"0.5", "a value of type bytes"),
        (object(), "a value of type object"),
        ({0.1, 0.6}, "a value of type set"),
        (LOOP, "a list (a range is written {range: [low, high]})"),
    ],
)
def test_a_change_that_is_refused(value: object, given: str, home: Path) -> None:
    with pytest.raises(ScenarioError) as raised:
        load_scenario("~/case.yaml", {"distrust.north.south": value})
    assert str(raised.value) == f"distrust.north.south: must be a number from 0 to 1, not {given}"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"runs": 50}, "runs: is no parameter: give runs= to run or sweep"),
        ({"seed": 50}, "seed: is no parameter: give seed= to run or sweep"),
        ({"mediator": "us"}, "mediator: can only be None, for no mediator"),
        ({3: 0.5}, "a change is named by a path, which is text, not 3"),
        (
            "distrust=0.5",
            "changes are a mapping from paths to values, or a list of texts PATH=VALUE, not the text",
        ),
        (3, "changes are a mapping from paths to values, or a list of texts PATH=VALUE, not 3"),
        (["distrust"], "distrust: must have the form PATH=VALUE"),
        ([("distrust", 0.5)], "a change in a list must be a text PATH=VALUE, not a list"),
        (["distrust=2"], "distrust=2: distrust.north.south: must be a number from 0 to 1, not 2"),
        ({"distrust": {1: 2}}, "distrust.north.south.1: unknown key '1'"),
    ],
)
def test_changes_that_are_no_changes(changes: Any, message: str, home: Path) -> None:
    with pytest.raises(ScenarioError) as raised:
        load_scenario("~/case.yaml", changes)
    assert str(raised.value).startswith(message)


def test_numbers_of_any_kind_ask_for_the_same_runs(small: Scenario, home: Path) -> None:
    plain = run(small, runs=50, seed=4, out="~/kept", spread=False)
    assert plain.folder.parent == home / "kept"
    options: list[dict[str, Any]] = [
        {"runs": np.int64(50)},
        {"runs": 50.0},
        {"runs": np.float32(50), "jobs": np.int8(1)},
    ]
    for odd in options:
        again = run(small, **{"seed": np.int32(4), **odd}, out=home / "kept", spread=False)
        assert (again.folder, again.simulated, again.summary) == (plain.folder, 0, plain.summary)
    assert results("~/kept")[plain.folder.name].seed == 4
    assert len(results("~/kept")[plain.folder.name].to_frame()) == 50
    assert [path.name for path in Path.cwd().iterdir()] == []


def test_values_of_a_sweep(small: Scenario, tmp_path: Path) -> None:
    plain = sweep(small, {"distrust": [0.25, 0.5]}, runs=20, out=tmp_path)
    for values in ((0.25, 0.5), np.array([0.25, 0.5]), [np.float64(0.25), Fraction(1, 2)]):
        assert sweep(small, {"distrust": values}, runs=20, out=tmp_path).simulated == 0
    assert len(sweep(small, {"rounds": range(3, 6)}, runs=20, out=tmp_path).to_frame()) == 3
    assert plain.summary["vary"] == {"distrust": [0.25, 0.5]}


SWEEPS: dict[str, tuple[Any, str]] = {
    "one number": ({"distrust": 0.5}, "distrust: needs a list of at least two values, as [0.2, 0.8], not 0.5"),
    "text": (
        {"distrust": "0:1"},
        "distrust: needs a list of at least two values, as [0.2, 0.8], not the text '0:1'",
    ),
    "one value": ({"distrust": [0.5]}, "distrust: needs at least two values, not 1"),
    "None among numbers": ({"distrust": [0.5, None]}, "distrust: the values must be numbers or words, not None"),
    "a boolean": ({"distrust": [0.5, True]}, "distrust: the values must be numbers or words, not a boolean"),
    "no path": ({1: [0, 1]}, "what is varied is named by a path, which is text, not 1"),
    "a list": (["distrust"], "what is varied must be a mapping from paths to lists of values, not a list"),
    "nothing": ({}, "what is varied must be a mapping from paths to lists of values, not an empty one"),
    "None": (None, "what is varied must be a mapping from paths to lists of values, not None"),
}


@pytest.mark.parametrize(("vary", "message"), SWEEPS.values(), ids=SWEEPS)
def test_a_sweep_that_is_refused(vary: Any, message: str, small: Scenario, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as raised:
        sweep(small, vary, runs=20, out=tmp_path)
    assert str(raised.value) == message


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no runs": ({"runs": 0}, "runs must be at least 1, not 0"),
    "half a run": ({"runs": 1.5}, "runs must be a whole number, not 1.5"),
    "runs as text": ({"runs": "50"}, "runs must be a whole number, not the text '50'"),
    "runs as a boolean": ({"runs": True}, "runs must be a whole number, not a boolean"),
    "runs without end": ({"runs": float("inf")}, "runs must be a whole number, not inf"),
    "too many runs": ({"runs": 10**12}, "runs must be at most 1000000000, not 1000000000000"),
    "a negative seed": ({"seed": -1}, "seed must be at least 0, not -1"),
    "a seed as a boolean": ({"seed": np.bool_(True)}, "seed must be a whole number, not a boolean"),
    "half a seed": ({"seed": 0.5}, "seed must be a whole number, not 0.5"),
    "a seed of 64 bits": ({"seed": 2**63}, "seed must be at most 9223372036854775807, not 9223372036854775808"),
    "no jobs": ({"jobs": 0}, "jobs must be at least 1, not 0"),
    "jobs as None": ({"jobs": None}, "jobs must be a whole number, not None"),
    "jobs as text": ({"jobs": "all"}, "jobs must be a whole number, not the text 'all'"),
    "no out": ({"out": None}, "out must be the path of a folder, not None"),
    "an empty out": ({"out": ""}, "out must be the path of a folder, not the text ''"),
    "out as a number": ({"out": 3}, "out must be the path of a folder, not 3"),
    "nobody's home": (
        {"out": "~no-such-user/x"},
        "out must be the path of a folder, not the text '~no-such-user/x'",
    ),
}
CALLS: dict[str, Callable[..., object]] = {
    "run": run,
    "sweep": lambda case, **options: sweep(case, {"distrust": [0.1, 0.2]}, **options),
    "compare": lambda case, **options: compare({"one": case, "two": case}, **options),
    "sensitivity": lambda case, runs=16, **options: sensitivity(case, rows=runs, **options),
}


@pytest.mark.parametrize(("options", "message"), REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_options_that_are_refused(
    call: Callable[..., object], options: dict[str, Any], message: str, small: Scenario, home: Path
) -> None:
    with pytest.raises(ScenarioError) as raised:
        call(small, **options)
    assert str(raised.value).startswith(message.replace("runs", "rows") if call is CALLS["sensitivity"] else message)
    assert list(Path.cwd().iterdir()) == []


@pytest.mark.parametrize("precision", [0, 0.5, -1, "0.1", True, float("nan"), [0.1]])
def test_a_precision_that_is_refused(precision: Any, small: Scenario, tmp_path: Path) -> None:
    for call in (CALLS["run"], CALLS["sweep"]):
        with pytest.raises(ScenarioError, match=r"^precision must lie between 0 and 0\.5, and not be "):
            call(small, precision=precision, out=tmp_path)


@pytest.mark.parametrize("spread", ["yes", "", 1, 0.0, [True]])
def test_a_spread_that_is_neither_true_nor_false(spread: Any, small: Scenario, tmp_path: Path) -> None:
    for name in ("run", "sweep", "compare"):
        with pytest.raises(ScenarioError, match=r"^spread must be True or False, not "):
            CALLS[name](small, spread=spread, runs=20, out=tmp_path)
    with pytest.raises(ScenarioError, match=r"^strict must be True or False, not the text 'no'$"):
        load_scenario("nowhere.yaml", strict="no")  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []
    assert run(small, 20, out=tmp_path, spread=np.bool_(False)).summary["spread"] is None  # type: ignore[arg-type]


@pytest.mark.parametrize("out", ["x" * 5000, "/".join(["x" * 200] * 25), "nul\0byte"], ids=["name", "path", "nul"])
def test_paths_that_cannot_be(out: str, small: Scenario, home: Path) -> None:
    kept = open_study(run(small, 20, out=home, spread=False).folder)
    calls: list[Callable[[], object]] = [
        *(lambda call=call: call(small, out=out) for call in CALLS.values()),
        lambda: open_study(out),
        lambda: open_study("small", out=out),
        lambda: results(out)["small"],
        lambda: export(kept, "csv", "runs", Path(out)),
        lambda: write_atomically(Path(out), b""),  # as reports and charts are written
    ]
    for call in calls:
        with pytest.raises(StorageError, match=r": cannot read: (File name too long|embedded null byte)$"):
            call()
    assert list(Path.cwd().iterdir()) == []


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("case", ["scenarios/textbook.yaml", None, {"title": "x"}])
def test_what_is_no_scenario(call: Callable[..., object], case: Any, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"^the scenario must be one that load_scenario returned, not "):
        call(case, out=tmp_path)


def test_what_cannot_be_compared_or_opened(small: Scenario, tmp_path: Path) -> None:
    cases: list[tuple[Any, str]] = [
        ([small, small], "mapping from names"),
        ({1: small, 2: small}, "mapping from names"),
    ]
    for given, message in [*cases, ({"one": small}, "at least two scenarios")]:
        with pytest.raises(ScenarioError, match=message):
            compare(given, out=tmp_path)
    names: list[Any] = [None, 3, "", True]
    for name in names:
        with pytest.raises(NoResultError, match="give the name of a results folder"):
            open_study(name)
    with pytest.raises(ScenarioError, match=r"^what must be one of runs, points, not the text 'rows'$"):
        run(small, 20, out=tmp_path).to_frame("rows")  # type: ignore[arg-type]
    with pytest.raises(ScenarioError, match=r"^the name of a study must be text with something in it, not 3$"):
        run(small, name=3, out=tmp_path)  # type: ignore[arg-type]
    files: list[Any] = [None, 3, b"case.yaml"]
    for file in files:
        with pytest.raises(ScenarioError, match=r"^the scenario must be the path of a file, not "):
            load_scenario(file)
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError):
        run(small, runs=8, out=tmp_path / "file", spread=False)
