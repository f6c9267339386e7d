"""Finding results folders by name, and what is known of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sim.scenario.loading.scenario_loader import load_scenario
from sim.scenario.model.schema import Scenario
from sim.study.ensemble import run
from sim.study.results.stored_study import NoResultError, folders, open_study, read
from sim.study.storage.atomic_files import StorageError
from sim.study.storage.study_folder import Folder, Study
from tests.output.swept import completed, swept

ROOT = Path(__file__).parents[3]


def keep(out: Path, case: Scenario, name: str, **summary: Any) -> Path:
    """A folder with a manifest, and figures if any are given."""
    points = tuple(summary.pop("points_of", [{}]))
    folder = Folder(out, Study(name, case, points))
    folder.path.mkdir(parents=True)
    folder.describe(f"parley run {name}.yaml")
    if summary:
        (folder.path / "summary.json").write_text(json.dumps(summary))
    return folder.path


def reseeded(scenario: Scenario, seed: int) -> Scenario:
    return scenario.model_copy(update={"seed": seed})


class TestNames:
    def test_what_one_study_is_called_wins_over_longer_names(self, small: Scenario, tmp_path: Path) -> None:
        base = keep(tmp_path, small, "baseline")
        longer = keep(tmp_path, small, "baseline-without-texts")
        keep(tmp_path, small, "baselines")
        assert open_study("baseline", tmp_path).path == base
        assert open_study("baseline-w", tmp_path).path == longer
        assert open_study(base.name, tmp_path).path == base

    def test_a_beginning_of_several_names_them_all(self, small: Scenario, tmp_path: Path) -> None:
        names = sorted(keep(tmp_path, small, name).name for name in ("baseline-a", "baseline-b", "other"))[:2]
        with pytest.raises(NoResultError) as told:
            open_study("base", tmp_path)
        assert str(told.value) == f"base: several studies begin so: {'; '.join(f'{name} (run)' for name in names)}"

    def test_two_studies_of_one_name_are_told_apart_by_their_folders(self, small: Scenario, tmp_path: Path) -> None:
        """And only these are named, not those that begin so."""
        both = sorted(keep(tmp_path, reseeded(small, seed), "baseline").name for seed in (1, 2))
        keep(tmp_path, small, "baseline-longer")
        with pytest.raises(NoResultError) as told:
            open_study("baseline", tmp_path)
        assert str(told.value) == f"baseline: several studies begin so: {'; '.join(f'{name} (run)' for name in both)}"
        assert open_study(both[1], tmp_path).path.name == both[1]
        assert open_study(both[1][:-1], tmp_path).path.name == both[1]

    def test_a_plain_run_goes_before_sweeps_of_its_name(self, small: Scenario, tmp_path: Path) -> None:
        plain = keep(tmp_path, small, "same")
        keep(tmp_path, small, "same", points_of=[{"distrust": 0.2}, {"distrust": 0.4}])
        assert open_study("same", tmp_path).path == plain

    def test_a_name_may_be_given_as_it_was(self, small: Scenario, tmp_path: Path) -> None:
        kept = keep(tmp_path, small, "two words")
        assert open_study("two words", tmp_path).path == kept

    def test_a_path_goes_before_a_name(self, small: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        here, there = keep(Path(), small, "case"), keep(Path("results"), reseeded(small, 1), "case")
        assert open_study(here.name).path == here
        assert open_study(there).path == there
        assert open_study("case").seed == 1

    def test_what_is_no_study_is_said_to_be_none(self, small: Scenario, tmp_path: Path) -> None:
        keep(tmp_path, small, "case")
        (tmp_path / "caseless").mkdir()
        with pytest.raises(NoResultError, match=r"^other: neither a results folder nor the beginning of a name in "):
            open_study("other", tmp_path)
        with pytest.raises(NoResultError, match=r"caseless: holds no study \(no manifest\.json\): give a folder"):
            open_study(tmp_path / "caseless")
        with pytest.raises(NoResultError, match=r"nowhere$"):
            open_study("case", tmp_path / "nowhere")
        with pytest.raises(NoResultError, match="give the name of a results folder"):
            open_study(" ", tmp_path)
        assert [path.name.startswith("case-") for path in folders(tmp_path)] == [True]


class TestContents:
    def test_the_manifest_speaks(self, small: Scenario, tmp_path: Path) -> None:
        study = read(keep(tmp_path, reseeded(small, 99), "Переговоры 2"))
        assert (study.name, study.seed, study.points, study.is_sweep) == ("Переговоры 2", 99, [{}], False)
        assert Study("x", study.scenario).digest == Study("x", reseeded(small, 99)).digest
        assert study.claims == {}
        assert not study.finished
        assert study.axes == []

    def test_claims_are_those_of_the_source(self, tmp_path: Path) -> None:
        baseline = load_scenario(ROOT / "scenarios" / "baseline.yaml")
        study = read(keep(tmp_path, baseline, "baseline"))
        cited = baseline.distrust["russia"]["ukraine"].claim
        assert cited in study.claims
        assert study.claims[cited].says
        assert study.scenario.distrust["russia"]["ukraine"].claim == cited

    def test_axes_are_what_takes_more_than_one_value(self, small: Scenario, tmp_path: Path) -> None:
        case = reseeded(small, 11)
        numbers = {"distrust": [0.0, 1.0], "rapport": [0.0, 0.1]}
        words = {"distrust": [0.0, 1.0], "rapport": [0.1], "mediator.style": [None, "formulation"]}
        for method, vary, expected in (("grid", words, ["distrust", "mediator.style"]), ("lhs", numbers, [])):
            summary = completed(swept(vary, lambda at: 0.5, method=method, name="case"), case)
            points = [point["values"] for point in summary["points"]]
            study = read(keep(tmp_path / method, case, "case", points_of=points, **summary))
            assert study.is_sweep
            assert [axis.path for axis in study.axes] == expected
            assert [axis.numeric for axis in study.axes] == [True, False][: len(expected)]
            assert [row["distrust"] for row in study.rows] == [0.0, 0.0, 1.0, 1.0]
            assert study.rows[0]["outcomes.settlement.p"] == 0.5
            assert study.summary == summary

    def test_a_plain_run_is_one_row(self, small: Scenario, tmp_path: Path) -> None:
        found = run(small, 20, out=tmp_path, spread=False)
        study = read(found.folder)
        assert study.finished
        share = found.summary["outcomes"]["settlement"]
        assert share is not None
        assert [(row["point"], row["runs"], row["outcomes.settlement.p"]) for row in study.rows] == [
            (0, 20, share["p"])
        ]
        assert study.summary == found.summary

    def test_what_was_interrupted_says_how_to_go_on(self, small: Scenario, tmp_path: Path) -> None:
        study = read(keep(tmp_path, small, "case"))
        for what in ("rows", "summary"):
            with pytest.raises(StorageError, match=r"interrupted.*: parley run case\.yaml$"):
                getattr(study, what)

    @pytest.mark.parametrize(
        "summary",
        [
            {"runs": 5},
            {"points": [{"point": 0}]},
            {"points": 3},
            {"runs": "many", "outcomes": {"settlement": {"p": 0.5}}},
        ],
    )
    def test_damaged_figures_are_said_to_be_so(self, small: Scenario, tmp_path: Path, summary: dict[str, Any]) -> None:
        study = read(keep(tmp_path, small, "case", **summary))
        for what in ("rows", "summary"):
            with pytest.raises(StorageError, match=r"summary\.json: damaged"):
                getattr(study, what)

    def test_where_every_point_failed_that_is_said(self, small: Scenario, tmp_path: Path) -> None:
        case = reseeded(small, 11)
        summary = swept({"distrust": [0.0]}, lambda at: 0.5, lost=[0])
        study = read(keep(tmp_path, case, "case", points_of=[{"distrust": 0.0}], **summary))
        with pytest.raises(StorageError, match="no design point could be simulated"):
            _ = study.rows

    @pytest.mark.parametrize("entry", ["scenario", "digest", "seed", "points", "resolved", "command", "written"])
    def test_a_manifest_without_an_entry_is_damaged(self, small: Scenario, tmp_path: Path, entry: str) -> None:
        path = keep(tmp_path, small, "case")
        manifest = json.loads((path / "manifest.json").read_text())
        del manifest[entry]
        (path / "manifest.json").write_text(json.dumps(manifest))
        with pytest.raises(StorageError, match=rf"manifest\.json: damaged, lacks {entry}"):
            read(path)

    def test_a_scenario_or_claims_that_are_none(self, small: Scenario, tmp_path: Path) -> None:
        path = keep(tmp_path, small, "case")
        manifest = json.loads((path / "manifest.json").read_text())
        for change, what in (({"resolved": {"title": "none"}}, "scenario"), ({"claims": {"x": {"says": 1}}}, "claims")):
            (path / "manifest.json").write_text(json.dumps(manifest | change))
            with pytest.raises(StorageError, match=f"damaged, holds no {what}"):
                getattr(read(path), what)
