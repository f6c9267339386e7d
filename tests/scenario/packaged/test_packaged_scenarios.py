"""What a name stands for: a file that is there, or what comes with Parley; and what is copied is the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sim.scenario.errors import ScenarioError
from sim.scenario.loading.scenario_loader import load_scenario
from sim.scenario.packaged import packaged_scenarios as module
from sim.scenario.packaged.copied_scenarios import copy_packaged
from sim.scenario.packaged.packaged_scenarios import (
    find_scenario,
    packaged_folder,
    packaged_name,
    packaged_names,
    packaged_scenarios,
)
from sim.study.design.study_files import is_study, read_study
from sim.study.storage.study_folder import Study
from tests.scenario.samples import MINIMAL, write

ROOT = Path(__file__).parents[3]
NAMES = ["baseline", "studies/mutual-distrust", "reference/facilitation"]


def digest(name: str | Path) -> str:
    return Study("", load_scenario(name)).digest


def test_every_shipped_file_has_a_name() -> None:
    shipped = sorted((ROOT / "scenarios").rglob("*.yaml"))
    assert len(shipped) == len(packaged_names()) > 20
    assert {packaged_name(path) for path in shipped} == {*packaged_names()}
    assert set(NAMES) < set(packaged_names())


def test_a_name_stands_for_the_packaged_scenario(folder: Path) -> None:
    assert load_scenario("baseline").title == "Mediation without conditions"
    assert digest("no-mediator") == digest(ROOT / "scenarios" / "no-mediator.yaml")


@pytest.mark.parametrize("file", ["baseline", "baseline.yaml", "baseline.yml"])
def test_a_file_wins_over_a_packaged_scenario(folder: Path, file: str) -> None:
    (folder / file).write_text(MINIMAL, encoding="utf-8")
    assert find_scenario("baseline") == Path(file)
    assert load_scenario("baseline").title == "Two sides"


@pytest.mark.parametrize("text", ["./baseline", "baseline.yaml", "../baseline", "studies/../baseline", "baseline/"])
def test_a_path_stands_for_no_packaged_scenario(folder: Path, text: str) -> None:
    with pytest.raises(ScenarioError, match="no such file"):
        find_scenario(text)


@pytest.mark.parametrize("text", ["basline", "Baseline", "baseline.yaml", "scenarios/baseline.yaml", "./baseline"])
def test_the_nearest_name_is_suggested(folder: Path, text: str) -> None:
    with pytest.raises(ScenarioError) as raised:
        find_scenario(text)
    assert str(raised.value).startswith(f"{text}: no such file: did you mean 'baseline', which comes with Parley?")
    assert "parley examples" in str(raised.value)


def test_a_folder_of_that_name_is_no_scenario(folder: Path) -> None:
    (folder / "baseline").mkdir()
    assert find_scenario("baseline") == packaged_scenarios()["baseline"]
    (folder / "other").mkdir()
    with pytest.raises(ScenarioError, match="other: is a folder, not a file"):
        find_scenario("other")


def test_a_path_object_stands_for_itself(folder: Path) -> None:
    assert find_scenario(Path("baseline")) == Path("baseline")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(st.text(), st.text("./~ab\0-é", max_size=8)))
@example(text="~nobody-of-this-name/x")
@example(text="x" * 5000)
def test_any_text_is_a_file_or_a_problem(text: str, folder: Path) -> None:
    try:
        found = find_scenario(text)
    except ScenarioError as error:
        assert "\n" not in str(error.problems[0].message)
    else:
        assert found.exists() or text in packaged_names()


class TestExtends:
    def test_a_name(self, folder: Path) -> None:
        write(folder, case="extends: no-mediator\nrounds: 60\n")
        assert load_scenario("case.yaml").mediator is None

    def test_a_name_stands_for_a_file_beside_first(self, folder: Path) -> None:
        write(folder, baseline=MINIMAL, case="extends: baseline\nrounds: 60\n")
        assert load_scenario("case.yaml").title == "Two sides"

    def test_a_file_called_alike_may_extend_the_packaged_one(self, folder: Path) -> None:
        write(folder, baseline="extends: baseline\nrounds: 60\n")
        assert load_scenario("baseline.yaml").title == "Mediation without conditions"

    def test_a_file_that_is_missing_is_not_replaced(self, folder: Path) -> None:
        """Somebody's own baseline.yaml may be meant, which was left behind."""
        write(folder, case="extends: baseline.yaml\nrounds: 60\n")
        with pytest.raises(ScenarioError, match="did you mean 'baseline', which comes with Parley"):
            load_scenario("case.yaml")

    def test_circles_by_name_are_told_as_such(self, folder: Path) -> None:
        write(folder, one="extends: two\n", two="extends: one\n")
        with pytest.raises(ScenarioError, match="goes round in a circle"):
            load_scenario("one.yaml")


def test_a_study_may_be_of_a_packaged_scenario(folder: Path) -> None:
    (folder / "study.yaml").write_text("scenario: no-mediator\nvary: {distrust: [0, 1]}\n", encoding="utf-8")
    assert read_study(Path("study.yaml")).scenario == packaged_scenarios()["no-mediator"]


def test_an_installation_without_them_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text(MINIMAL, encoding="utf-8")
    caches = (packaged_folder, packaged_scenarios)
    for each in caches:
        each.cache_clear()
    monkeypatch.setattr(module, "files", lambda _: tmp_path / "sim")
    try:
        with pytest.raises(ScenarioError, match="install it anew"):
            packaged_folder()
        assert packaged_names() == []
        assert load_scenario(str(tmp_path / "case.yaml")).title == "Two sides"
    finally:
        for each in caches:
            each.cache_clear()


class TestCopies:
    def test_are_the_same_scenarios(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        copy_packaged(tmp_path / "new" / "copy")
        copies = tmp_path / "new" / "copy" / "scenarios"
        monkeypatch.chdir(copies)
        for name, file in packaged_scenarios().items():
            copied = copies / f"{name}.yaml"
            if is_study(file):
                assert read_study(copied).scenario.is_relative_to(copies)
                continue
            assert digest(copied) == digest(file)
            evidence = load_scenario(copied, strict=True).evidence
            assert evidence is None or Path(str(evidence)).is_relative_to(copies.parent)

    def test_name_a_schema_that_is_there(self, tmp_path: Path) -> None:
        copy_packaged(tmp_path)
        for file in (tmp_path / "scenarios").rglob("*.yaml"):
            first = file.read_text(encoding="utf-8").partition("\n")[0]
            if "$schema=" in first:
                assert (file.parent / first.partition("$schema=")[2]).resolve().is_file()

    @pytest.mark.parametrize("name", ["scenarios", "seeds", "scenario.schema.json"])
    def test_overwrite_nothing(self, tmp_path: Path, name: str) -> None:
        (tmp_path / name).symlink_to("nowhere")
        with pytest.raises(ScenarioError, match=f"{name}: is there already"):
            copy_packaged(tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == [name]

    def test_need_a_folder(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        (tmp_path / "link").symlink_to("nowhere")
        for name in ("file", "link"):
            with pytest.raises(ScenarioError, match="not a folder"):
                copy_packaged(tmp_path / name)

    def test_are_complete_or_not_there(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(*_: object, **__: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(Path, "write_text", full)
        with pytest.raises(OSError, match="No space"):
            copy_packaged(tmp_path / "copy")
        assert list(tmp_path.iterdir()) == []
