from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.scenario.loading.assignment import assign
from sim.scenario.loading.scenario_loader import load_scenario
from sim.scenario.model.schema import Scenario
from sim.study.comparison import compare
from sim.study.ensemble import run
from sim.study.sensitivity import sensitivity
from sim.study.storage import study_folder, versions
from sim.study.storage.atomic_files import StorageError
from sim.study.storage.study_folder import Folder, Study

pytestmark = pytest.mark.quick

CHANGES: dict[str, Callable[[Scenario], Scenario]] = {
    "seed": lambda scenario: scenario.model_copy(update={"seed": 8}),
    "rounds": lambda scenario: assign(scenario, {"rounds": 13}),
    "a number": lambda scenario: assign(scenario, {"parties.first.war_cost": 1e-12}),
    "a range": lambda scenario: assign(scenario, {"distrust.first.second": {"range": [0.4, 0.901]}}),
    "no mediator": lambda scenario: assign(scenario, {"mediator": None}),
    "one style": lambda scenario: assign(scenario, {"mediator.style": "facilitation"}),
}


class TestDigest:
    @pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
    def test_whatever_changes_numbers_changes_it(self, small: Scenario, change: Callable[[Scenario], Scenario]) -> None:
        assert Study("small", change(small)).digest != Study("small", small).digest

    @pytest.mark.parametrize("field", ["title", "about", "runs"])
    def test_words_and_the_number_of_runs_do_not(self, small: Scenario, field: str) -> None:
        other = small.model_copy(update={field: 999 if field == "runs" else "other words"})
        assert Study("small", other).digest == Study("small", small).digest

    def test_the_rules_do(self, small: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
        before = Study("small", small).digest
        monkeypatch.setattr(study_folder, "RULES", study_folder.RULES + 1)
        assert Study("small", small).digest != before

    def test_design_points_do(self, small: Scenario) -> None:
        points = ({"rounds": 5}, {"rounds": 6})
        assert Study("small", small, points).digest != Study("small", small).digest
        assert Study("small", small, points).digest != Study("small", small, points[::-1]).digest

    def test_it_is_the_same_in_every_process(self, small: Scenario, tmp_path: Path) -> None:
        """Written down once: a change here makes all results on disk unfindable, so it wants a reason."""
        again = Study("other name", load_scenario(Path(__file__).parents[1] / "data" / "small.yaml"))
        assert again.digest == Study("small", small).digest
        assert len(again.digest) == 12


class TestFolderName:
    @pytest.mark.parametrize(
        ("name", "plain"),
        [
            ("baseline", "baseline"),
            ("переговоры-в-женеве", "переговоры-в-женеве"),
            ("a/b c..\\d", "a-b-c-d"),
            ("///", "scenario"),
            ("я" * 200, "я" * 60),
        ],
    )
    def test_names_are_fit_for_file_systems(self, small: Scenario, name: str, plain: str) -> None:
        study = Study(name, small)
        assert study.folder_name == f"{plain}-{study.digest}"


class TestFolder:
    def test_nothing_is_written_before_there_is_something_to_write(self, small: Scenario, tmp_path: Path) -> None:
        Folder(tmp_path / "results", Study("small", small))
        assert list(tmp_path.iterdir()) == []

    def test_the_manifest_says_all_it_takes_to_do_it_again(self, small: Scenario, tmp_path: Path) -> None:
        from sim.scenario.loading.scenario_loader import scenario_from_data

        study = Study("small", small)
        folder = Folder(tmp_path, study)
        folder.describe("parley run small.yaml")
        manifest = json.loads((folder.path / "manifest.json").read_text())
        assert manifest["command"] == "parley run small.yaml"
        assert manifest["seed"] == 7
        libraries = {"numpy", "scipy", "mesa", "duckdb"}
        assert set(manifest["versions"]) == {"rules", "platform", "python", "parley-sim", *libraries}
        assert Study("small", scenario_from_data(manifest["resolved"])).digest == study.digest == manifest["digest"]

    @pytest.mark.parametrize("content", ["", "{", '"text"', "{}", '{"digest": "0123456789ab"}'])
    def test_a_damaged_manifest_is_named(self, small: Scenario, tmp_path: Path, content: str) -> None:
        folder = Folder(tmp_path, Study("small", small))
        folder.describe("parley run small.yaml")
        (folder.path / "manifest.json").write_text(content)
        with pytest.raises(StorageError, match=r"manifest\.json: (damaged.*Delete it|describes another study)"):
            Folder(tmp_path, Study("small", small))

    def test_the_summary_of_the_most_runs_stays(self, small: Scenario, tmp_path: Path) -> None:
        folder = Folder(tmp_path, Study("small", small))
        published = folder.path / "summary.json"
        for runs, kept in ((100, 100), (50, 100), (200, 200)):
            folder.publish({"runs": runs})
            assert json.loads(published.read_text()) == {"runs": kept}
        published.write_text("{ damaged")
        folder.publish({"runs": 5})
        assert json.loads(published.read_text()) == {"runs": 5}

    def test_a_changed_summary_of_as_many_runs_takes_the_place_of_the_old(
        self, small: Scenario, tmp_path: Path
    ) -> None:
        folder = Folder(tmp_path, Study("small", small))
        published = folder.path / "summary.json"
        folder.publish({"runs": 100, "spread": None})
        folder.publish({"runs": 100, "spread": {"draws": 512}})
        assert json.loads(published.read_text()) == {"runs": 100, "spread": {"draws": 512}}
        before = published.stat().st_ino
        folder.publish({"runs": 100, "spread": {"draws": 512}})
        assert published.stat().st_ino == before


class TestVersions:
    """Runs that other versions may make otherwise never lie in one study."""

    def under(self, monkeypatch: pytest.MonkeyPatch, **other: str) -> None:
        here = versions.read_versions()
        monkeypatch.setattr(
            versions, "read_versions", lambda: here | {name.replace("_", "-"): v for name, v in other.items()}
        )

    def forge(self, folder: Path, **recorded: str | int | None) -> None:
        """Record other versions in a manifest; None takes one out."""
        path = folder / "manifest.json"
        manifest = json.loads(path.read_text())
        both = manifest["versions"] | recorded
        manifest["versions"] = {name: version for name, version in both.items() if version is not None}
        path.write_text(json.dumps(manifest))

    @pytest.mark.parametrize("name", ["numpy", "scipy", "mesa", "platform"])
    def test_none_are_added_under_others(
        self, small: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        made = run(small, 20, out=tmp_path, spread=False)
        before = {path: path.read_bytes() for path in made.folder.rglob("*.*")}
        here = versions.read_versions()[name]
        self.under(monkeypatch, **{name: "0.0"})
        told = rf"{made.folder.name}: was simulated under {name} {here}, and here is {name} 0\.0: .*Go on where"
        with pytest.raises(StorageError, match=told):
            run(small, 40, out=tmp_path, spread=False)
        with pytest.raises(StorageError, match=told):
            run(small, 20, out=tmp_path, spread=True)
        with pytest.raises(StorageError, match=told):
            sensitivity(small, rows=16, plays=2, out=tmp_path)
        assert {path: path.read_bytes() for path in made.folder.rglob("*.*")} == before
        assert run(small, 20, out=tmp_path, spread=False).summary == made.summary  # what is there can be read
        assert run(small, 40, out=tmp_path / "elsewhere", spread=False).simulated == 40

    def test_of_others_the_last_are_named(
        self, small: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run(small, 20, out=tmp_path, spread=False)
        self.under(monkeypatch, python="3.99.0", duckdb="9.9", parley_sim="9.9")
        made = run(small, 40, out=tmp_path, spread=False)
        found = json.loads((made.folder / "manifest.json").read_text())["versions"]
        assert (found["python"], found["duckdb"], found["parley-sim"]) == ("3.99.0", "9.9", "9.9")

    @pytest.mark.parametrize("name", ["numpy", "platform"])
    def test_one_that_is_not_recorded_may_be_any(self, small: Scenario, tmp_path: Path, name: str) -> None:
        made = run(small, 20, out=tmp_path, spread=False)
        self.forge(made.folder, **{name: None})
        told = rf"was simulated under {name} \(not recorded\), and here is {name} "
        with pytest.raises(StorageError, match=told):
            run(small, 40, out=tmp_path, spread=False)

    def test_of_other_rules_nothing_is_said_of_last_digits(self, small: Scenario, tmp_path: Path) -> None:
        made = run(small, 20, out=tmp_path, spread=False)
        self.forge(made.folder, rules=1)
        with pytest.raises(StorageError, match=r"under rules 1, .*: other rules give other runs, so none") as told:
            run(small, 40, out=tmp_path, spread=False)
        assert "digits" not in str(told.value)

    def test_what_is_there_can_be_shown_without_a_spread(
        self, small: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run(small, 20, out=tmp_path, spread=False)
        self.under(monkeypatch, numpy="9.9")
        with pytest.raises(StorageError, match=r"What is there is shown with --no-spread \(in Python spread=False\)$"):
            run(small, 20, out=tmp_path)
        with pytest.raises(StorageError, match=r"begin anew elsewhere \(--out\)$"):
            run(small, 40, out=tmp_path)

    def test_scenarios_of_different_ones_are_not_compared(self, small: Scenario, tmp_path: Path) -> None:
        cases = {"one": small, "two": assign(small, {"distrust": 0.9})}
        compare(cases, 20, out=tmp_path, spread=False)
        one, two = sorted(tmp_path.iterdir())
        self.forge(two, numpy="0.1")
        told = rf"{one.name}: is simulated under numpy \S+, and \S+{two.name} under numpy 0\.1: .*not compared run for"
        with pytest.raises(StorageError, match=told):
            compare(cases, 20, out=tmp_path, spread=False)
        self.forge(one, numpy="0.1")
        assert compare(cases, 20, out=tmp_path, spread=False)["runs"] == 20  # of the same versions, if not today's
        with pytest.raises(StorageError, match=r"numpy 0\.1, and \S+three-\w+ under numpy"):
            compare({"one": small, "three": assign(small, {"distrust": 0.8})}, 20, out=tmp_path, spread=False)
        assert sorted(tmp_path.iterdir()) == [one, two]
