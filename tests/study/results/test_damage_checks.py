"""Damaged and vanished results folders: one message that names the file, and nothing else lost."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import damage
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.scenario.loading.assignment import assign
from sim.scenario.loading.scenario_loader import load_scenario
from sim.scenario.model.schema import Scenario
from sim.study.comparison import compare, kept_comparisons
from sim.study.ensemble import run
from sim.study.execution import missing_runs
from sim.study.results.stored_study import read
from sim.study.sensitivity import kept_sensitivities, sensitivity
from sim.study.storage.array_files import Shelf, read_counts
from sim.study.storage.atomic_files import DEEPEST, StorageError, read_json
from sim.study.storage.study_folder import Folder
from sim.study.study_listing import studies
from sim.study.sweep import sweep
from tests.examples import examples

TEXTBOOK = Path(__file__).parents[3] / "scenarios" / "textbook.yaml"


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Sound results of every kind."""
    return damage.sound(tmp_path_factory.mktemp("damage") / "results")


@settings(max_examples=examples(16), derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(number=st.integers(0, 10**9))
def test_whatever_is_changed_is_read_or_refused(sound: dict[str, Path], number: int) -> None:
    """`python benchmarks/damage.py 100000` does the same at length."""
    found = damage.trial(sound, number, thorough=number % 8 == 0)
    assert found.endings.get("list", "read") == "read"


def test_sound_results_are_read(sound: dict[str, Path]) -> None:
    for folder in sound.values():
        study = read(folder)
        assert len(study.rows) == len(study.points)
        assert not any(entry.trouble for entry in studies(folder.parent))
    (found,) = kept_sensitivities(sound["run"])
    assert found["outcome"] == "settlement"
    (compared,) = kept_comparisons(sound["run"])
    assert compared["reference"] == "run"


class TestJson:
    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ('{"a": 1, "a": 2}', "a key is given twice"),
            ('{"a": NaN}', "NaN is no number"),
            ('{"a": -Infinity}', "-Infinity is no number"),
            ("[" * 5000 + "]" * 5000, "nested too deeply"),
            ("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), "nested too deeply"),
            ('{"a": "\\ud800"}', "surrogates not allowed"),
            ('{"\\udfff": 1}', "surrogates not allowed"),
            ("9" * 5000, "Exceeds the limit"),
            ('"\xff"', "codec can't decode"),
        ],
    )
    def test_what_readers_disagree_about_is_refused(self, tmp_path: Path, text: str, reason: str) -> None:
        path = tmp_path / "x.json"
        path.write_bytes(text.encode("latin-1"))
        with pytest.raises(StorageError, match=rf"x\.json: damaged, not JSON \(.*{reason}.*\)\. Mend it"):
            read_json(path, "Mend it")

    def test_nothing_is_not_taken_for_no_file(self, sound: dict[str, Path], tmp_path: Path) -> None:
        shutil.copytree(sound["run"], tmp_path / "case")
        for file in ("summary.json", "manifest.json"):
            (tmp_path / "case" / file).write_text("null\n")
            with pytest.raises(StorageError, match=rf"{file}: damaged, holds nothing but null\. Delete it and give"):
                _ = read(tmp_path / "case").summary

    @pytest.mark.parametrize(
        "text", ['"\\ud83d\\ude00"', '"\\\\ud800"', "[" * DEEPEST + "]" * DEEPEST, '{"a": {"a": 1}}']
    )
    def test_what_they_agree_about_is_not(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "x.json").write_text(text)
        assert read_json(tmp_path / "x.json", "") == json.loads(text)


Change = Callable[[Any], object]


def put(value: object, *keys: str | int) -> Change:
    def change(data: Any) -> None:
        for key in keys[:-1]:
            data = data[key]
        data[keys[-1]] = value

    return change


RUN: dict[str, Change] = {
    "outcomes.settlement.p: input should be a valid number": put("often", "outcomes", "settlement", "p"),
    "outcomes.settlement.low: input should be a valid number": put(True, "outcomes", "settlement", "low"),
    "rounds.mean: input should be a finite number": put(1e400, "rounds", "mean"),
    "runs: input should be less than or equal to": put(10**30, "runs"),
    "lacks curves": lambda data: data.pop("curves"),
    "lacks outcomes.walkout.high": lambda data: data["outcomes"]["walkout"].pop("high"),
    "the shares of the outcomes do not add up": put(0.99, "outcomes", "impasse", "p"),
    "the share of settlement lies outside its interval": put(0.0, "outcomes", "settlement", "high"),
    "terms has other names than": lambda data: data["terms"].update(x=data["terms"].popitem()[1]),
    "walkout_by has other names than": put(0.0, "walkout_by", "nobody"),
    "authors are others than": put(0.0, "authors", "nobody"),
    "lasting has other names than 52, 260": put(None, "lasting", "7"),
    "curves.settlement is not as long": lambda data: data["curves"]["settlement"]["p"].pop(),
    "curves.holds does not go with": put(None, "curves", "holds"),
    "figures of settlements do not go with their share": put(None, "rounds", "median"),
    "the seed is not the manifest's": put(8888, "seed"),
}

SWEEP: dict[str, Change] = {
    "the number of runs is not that of its points": put(41, "runs"),
    "its points are not the 4 of the manifest": lambda data: data.update(runs=30, points=data["points"][:3]),
    "its points are not the 4 of": put(0, "points", 1, "point"),
    "point 1 has other values than in the manifest": put(0.3, "points", 1, "values", "distrust"),
    "the method is none of": put("guess", "method"),
    "vary names other paths": put([1], "vary", "rounds"),
    "vary.distrust has other values": put([0.2, 0.6], "vary", "distrust"),
    "a line goes along a path that is not varied over numbers": put("mediator.style", "lines", 0, "along"),
    "a line lies where nothing is varied": put({}, "lines", 0, "at"),
    "lines.0.critical.direct.exists: input should be a valid number": put(
        "x", "lines", 0, "critical", "direct", "exists"
    ),
    "point 0: terms has other names": lambda data: data["points"][0]["terms"].clear(),
}


@pytest.mark.parametrize(
    ("kind", "words", "change"),
    [("run", *item) for item in RUN.items()] + [("sweep", *item) for item in SWEEP.items()],
)
def test_figures_that_cannot_be_are_named(
    sound: dict[str, Path], tmp_path: Path, kind: str, words: str, change: Change
) -> None:
    shutil.copytree(sound[kind], tmp_path / "case")
    path = tmp_path / "case" / "summary.json"
    data = json.loads(path.read_text())
    before = copy.deepcopy(data)
    change(data)
    assert data != before
    path.write_text(json.dumps(data).replace("Infinity", "1e400"))
    with pytest.raises(StorageError) as told:
        _ = read(tmp_path / "case").rows
    assert str(told.value).startswith(f"{path}: damaged, ")
    assert words in str(told.value)
    assert str(told.value).endswith("it is written anew")


def test_entries_of_a_later_version_are_left_out(sound: dict[str, Path], tmp_path: Path) -> None:
    shutil.copytree(sound["run"], tmp_path / "case")
    path = tmp_path / "case" / "summary.json"
    data = json.loads(path.read_text())
    path.write_text(json.dumps(data | {"=1+1": {"x": 1}, "later": [1]}))
    assert read(tmp_path / "case").rows == read(sound["run"]).rows


@pytest.mark.parametrize(
    ("file", "change", "words"),
    [
        ("sensitivity/settlement.json", put("x", "factors", 0, "total", "value"), "factors.0.total.value"),
        ("sensitivity/settlement.json", put(["events.9.x"], "factors", 0, "paths"), "its factors are no parameters"),
        ("sensitivity/settlement.json", put("lasting.52", "outcome"), "about another outcome"),
        ("sensitivity/settlement.json", put(9.0, "factors", 0, "first", "low"), "outside its interval"),
        ("comparisons/*.json", put([], "scenarios"), "no reference"),
        ("comparisons/*.json", put(None, "scenarios", 1, "change"), "is not compared"),
        ("comparisons/*.json", put({}, "scenarios", 1, "change", "lasting"), "other spans"),
        ("comparisons/*.json", put(2.0, "scenarios", 1, "change", "settlement", "low"), "settlement.low"),
    ],
)
def test_what_lies_beside_the_figures_is_checked(
    sound: dict[str, Path], tmp_path: Path, file: str, change: Change, words: str
) -> None:
    shutil.copytree(sound["run"], tmp_path / "case")
    (path,) = (tmp_path / "case").glob(file)
    data = json.loads(path.read_text())
    change(data)
    path.write_text(json.dumps(data))
    with pytest.raises(StorageError) as told:
        (kept_sensitivities if "sensitivity" in file else kept_comparisons)(tmp_path / "case")
    assert str(told.value).startswith(f"{path}: damaged, not what it ought to be")
    assert words in str(told.value)


def _keys(data: Any, optional: set[str]) -> Iterator[tuple[str, bool, Callable[[Any], object]]]:
    """Yield every key of a file by its place, whether the form has it as optional, and how to take it out."""

    def places(part: Any, *above: str | int) -> Iterator[tuple[str | int, ...]]:
        items = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
        for key, value in items:
            if isinstance(part, dict):
                yield (*above, key)
            yield from places(value, *above, key)

    for place in places(data):

        def take(found: Any, place: tuple[str | int, ...] = place) -> None:
            for key in place[:-1]:
                found = found[key]
            del found[place[-1]]

        yield ".".join(map(str, place)), place[-1] in optional, take


@pytest.mark.parametrize(
    ("file", "optional", "lacking"),
    [
        ("sensitivity/settlement.json", {"unmoved", "warnings"}, {"noise", "withheld", "needed", "factors.0.total"}),
        (
            "comparisons/*.json",
            {"same", "spread", "unbreakable"},
            {"warnings", "scenarios.0.terms", "scenarios.1.utility", "scenarios.1.change.terms"},
        ),
    ],
)
def test_keys_that_older_versions_did_not_write_are_done_without_or_named(
    sound: dict[str, Path], tmp_path: Path, file: str, optional: set[str], lacking: set[str]
) -> None:
    shutil.copytree(sound["run"], tmp_path / "case")
    (path,) = (tmp_path / "case").glob(file)
    kept = kept_sensitivities if "sensitivity" in file else kept_comparisons
    whole = json.loads(path.read_text())
    named = set()
    for place, may_be_missing, take in _keys(whole, optional):
        older = copy.deepcopy(whole)
        take(older)
        path.write_text(json.dumps(older))
        try:
            (found,) = kept(tmp_path / "case")
            assert found == older
        except StorageError as error:
            assert not may_be_missing
            assert str(error).startswith(f"{path}: damaged, ")
            assert str(error).endswith("Delete it and give the command that made it again")
            if f": damaged, lacks {place} (an older version of Parley may have written it). " in str(error):
                named.add(place)
        else:
            assert may_be_missing or {*place.split(".")[-3:-1]} & {"lasting", "terms", "utility"}, place
    assert lacking <= named


@pytest.mark.parametrize("reader", ["plot", "report", "list"])
@pytest.mark.parametrize("file", ["sensitivity/settlement.json", "comparisons/*.json"])
def test_results_of_an_older_version_end_in_one_message_or_are_read(
    sound: dict[str, Path], tmp_path: Path, file: str, reader: str
) -> None:
    """As they were written when simulation error was called luck, and comparisons were of shares alone."""
    folder = tmp_path / "results" / "case"
    shutil.copytree(sound["run"], folder)
    (path,) = folder.glob(file)
    data = json.loads(path.read_text())
    if "sensitivity" in file:
        data["luck"] = data.pop("noise")
        for key in ("withheld", "needed", "unmoved", "warnings"):
            del data[key]
    else:
        for each in data["scenarios"]:
            for part in filter(None, (each, each["change"])):
                part.pop("same", None)
                del part["terms"], part["utility"]
    path.write_text(json.dumps(data))
    read_all = damage.readers(folder)[reader]
    if reader == "list":
        read_all()
        return
    with pytest.raises(StorageError, match=r"an older version of Parley") as told:
        read_all()
    assert str(path.relative_to(tmp_path)) in str(told.value)


def test_a_run_whose_settlements_nobody_can_break_is_read_again(tmp_path: Path) -> None:
    """It has neither figures nor a curve of durability, though it has settlements."""
    done = run(load_scenario(TEXTBOOK), 40, out=tmp_path)
    kept = read(done.folder)
    assert kept.summary["outcomes"]["settlement"]["p"] > 0
    assert kept.summary["unbreakable"]
    assert kept.summary["curves"]["holds"] is None
    path = done.folder / "summary.json"
    data = json.loads(path.read_text())
    del data["unbreakable"]
    path.write_text(json.dumps(data))
    with pytest.raises(StorageError, match=r"curves\.holds does not go with the share of settlements"):
        _ = read(done.folder).rows


class TestCounts:
    @pytest.mark.parametrize(
        "array",
        [
            np.array([[0, 1], [2, 5]]),
            np.array([[0, 1], [2, -1]]),
            np.array([[0.0, 1.0], [2.0, 3.0]]),
            np.array([0, 1, 2, 3]),
            np.array(7),
        ],
    )
    def test_only_those_that_there_can_be_are_read(self, tmp_path: Path, array: Any) -> None:
        shelf = Shelf(tmp_path)
        shelf.save(1, np.array([[0, 1], [2, 4]]))
        np.testing.assert_array_equal(read_counts(shelf.held()[1], (2, 2), 4), [[0, 1], [2, 4]])
        shelf.save(2, array)
        with pytest.raises(StorageError, match="holds other counts than this study has"):
            read_counts(shelf.held()[2], (2, 2), 4)

    def test_nothing_is_unpickled(self, tmp_path: Path) -> None:
        import zlib
        from io import BytesIO

        content = BytesIO()
        np.save(content, np.array([{}], dtype=object), allow_pickle=True)
        path = tmp_path / f"000001.{zlib.crc32(content.getvalue()):08x}.npy"
        path.write_bytes(content.getvalue())
        with pytest.raises(StorageError, match="holds no array"):
            read_counts(path, (1,), 4)


class TestVanishing:
    """The folder goes while a study runs: before its parts, between them, after them."""

    @pytest.fixture(autouse=True)
    def small_tasks(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(missing_runs, "BLOCK", 10)
        monkeypatch.setattr("sim.study.execution.tasks.BLOCK", 10)
        monkeypatch.setattr(missing_runs, "task_size", lambda *_: 10)

    @pytest.mark.parametrize("at", [2, 3])
    @pytest.mark.parametrize("study", ["run", "sweep", "compare", "precision"])
    def test_one_message_says_so(
        self, small: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, study: str, at: int
    ) -> None:
        save, saved = Folder.save, 0

        def losing(self: Folder, *part: Any) -> None:
            nonlocal saved
            save(self, *part)
            saved += 1
            if saved == at:
                shutil.rmtree(self.path)

        monkeypatch.setattr(Folder, "save", losing)
        asked: dict[str, Callable[[], object]] = {
            "run": lambda: run(small, 30, out=tmp_path, spread=False),
            "precision": lambda: run(small, 30, 0.2, out=tmp_path, spread=False),
            "sweep": lambda: sweep(small, {"distrust": [0.2, 0.5, 0.8]}, 10, out=tmp_path, spread=False),
            "compare": lambda: compare(
                {"a": small, "b": assign(small, {"distrust": 0.8})}, 30, out=tmp_path, spread=False
            ),
        }
        with pytest.raises(
            StorageError, match=r"parts: lacks \d+ runs that were there: was the folder deleted or moved"
        ):
            asked[study]()

    def test_what_can_be_played_again_is(
        self, small: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The first part goes before the rest is planned, and its manifest with it."""
        undisturbed = run(small, 30, out=tmp_path / "undisturbed", name="case", spread=False)
        save = Folder.save

        def losing(self: Folder, *part: Any) -> None:
            save(self, *part)
            monkeypatch.setattr(Folder, "save", save)
            shutil.rmtree(self.path)

        monkeypatch.setattr(Folder, "save", losing)
        found = run(small, 30, out=tmp_path, name="case", spread=False)
        assert found.summary == undisturbed.summary
        assert read(found.folder).rows == read(undisturbed.folder).rows

    @pytest.mark.parametrize("study", ["spread", "sensitivity"])
    def test_nor_are_counts_missed_in_silence(
        self, small: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, study: str
    ) -> None:
        save = Shelf.save

        def losing(self: Shelf, *array: Any) -> None:
            save(self, *array)
            shutil.rmtree(self._folder)

        monkeypatch.setattr(Shelf, "save", losing)
        with pytest.raises(StorageError, match="lacks what was just played: was the folder deleted or moved"):
            if study == "spread":
                run(small, 10, out=tmp_path)
            else:
                sensitivity(small, rows=16, plays=2, out=tmp_path)
