from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.negotiation.model import Negotiation
from sim.scenario.model.schema import Scenario
from sim.study.ensemble import run
from sim.study.results.result_tables import What, read_table
from sim.study.results.stored_study import NoResultError, open_study, read
from sim.study.storage.atomic_files import StorageError
from sim.study.storage.parquet_parts import scan
from sim.study.sweep import sweep

DOCUMENT = Path(__file__).parents[3] / "docs" / "reference" / "results.md"


@pytest.fixture(scope="module")
def kept(small: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A results folder with a plain run of 80 runs and a sweep of 2 × 3 points of 20."""
    out = tmp_path_factory.mktemp("results")
    run(small, 80, out=out, name="plain")
    axes = {"distrust.first.second": [0.0, 0.5, 1.0], "mediator.style": ["facilitation", "formulation"]}
    sweep(small, axes, 20, out=out, name="grid")
    return out


class TestFinding:
    def test_a_folder_its_name_or_the_beginning_will_do(self, kept: Path) -> None:
        (folder,) = kept.glob("plain-*")
        for name in (folder, folder.name, "plain", "p", f"{folder}/"):
            assert open_study(name, kept).path.resolve() == folder.resolve()

    def test_a_whole_name_is_preferred_to_a_beginning(self, kept: Path, tmp_path: Path) -> None:
        for name in ("a", "ab"):
            (tmp_path / name).mkdir()
            (tmp_path / name / "manifest.json").write_bytes(next(kept.glob("plain-*/manifest.json")).read_bytes())
        assert open_study("a", tmp_path).path.name == "a"

    @pytest.mark.parametrize("name", ["nothing", "plain/parts", "-"])
    def test_what_is_no_study_is_said_to_be_none(self, kept: Path, name: str) -> None:
        with pytest.raises(NoResultError, match=f"^{name}: "):
            open_study(name, kept)

    def test_a_beginning_of_several_names_them(self, kept: Path, tmp_path: Path) -> None:
        for folder in kept.iterdir():
            (tmp_path / f"x{folder.name}" / "parts").mkdir(parents=True)
        with pytest.raises(NoResultError, match=r"several studies begin so: xgrid-\w+; xplain-\w+$"):
            open_study("x", tmp_path)

    def test_a_results_folder_that_is_not_there_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(NoResultError, match=r"^plain: neither .* in .*nowhere$"):
            open_study("plain", tmp_path / "nowhere")

    def test_a_folder_of_that_name_elsewhere_is_not_in_the_way(
        self, kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        (tmp_path / "plain").mkdir()
        assert open_study("plain", kept).name == "plain"

    @pytest.mark.parametrize("name", ["", " "])
    def test_no_name_at_all(self, kept: Path, name: str) -> None:
        with pytest.raises(NoResultError, match="give the name"):
            open_study(name, kept)

    @pytest.mark.parametrize("content", ["", "[]", "{}", '{"digest": "0"}', "\0"])
    def test_a_damaged_manifest_is_named(self, kept: Path, tmp_path: Path, content: str) -> None:
        (tmp_path / "manifest.json").write_text(content)
        with pytest.raises(StorageError, match=r"manifest\.json: damaged"):
            open_study(tmp_path)


class TestRuns:
    def test_they_are_the_models_own(self, kept: Path, small: Scenario) -> None:
        model = Negotiation(small, runs=80)
        model.run_model()
        frame = read_table(open_study("plain", kept))
        for name, expected in model.outcomes().items():
            column = frame[name.replace("distrust.", "distrust_at_end.")]
            if name in ("held", "mediator_left"):
                undefined = {"held": -1, "mediator_left": 0}[name]
                assert column.fillna(undefined).tolist() == expected.tolist()
                assert column.dtype == "Int32"
            elif expected.dtype == object:
                assert column.fillna("").tolist() == expected.tolist()
            else:
                np.testing.assert_array_equal(column.to_numpy(), expected)
        assert (frame["point"] == 0).all()
        assert frame["held"].isna().any()
        assert frame["by"].isna().equals(frame["outcome"] == "impasse")

    def test_what_was_varied_stands_beside_each_run(self, kept: Path) -> None:
        frame = read_table(open_study("grid", kept))
        assert list(frame.columns[:4]) == ["point", "distrust.first.second", "mediator.style", "run"]
        assert frame["run"].tolist() == [*range(20)] * 6
        assert frame["point"].tolist() == [point for point in range(6) for _ in range(20)]
        assert frame["distrust.first.second"].tolist() == ([0.0] * 20 + [0.5] * 20 + [1.0] * 20) * 2
        assert frame["mediator.style"].tolist() == ["facilitation"] * 60 + ["formulation"] * 60
        assert frame.columns.is_unique

    def test_they_are_those_that_the_figures_speak_of(self, small: Scenario, tmp_path: Path) -> None:
        folder = run(small, 30, out=tmp_path).folder
        assert len(read_table(read(folder))) == 30
        more = run(small, 50, out=tmp_path).folder
        (more / "summary.json").unlink()
        assert len(read_table(read(folder))) == 50  # interrupted before the figures: all that is there

    def test_a_damaged_part_is_named(self, small: Scenario, tmp_path: Path) -> None:
        folder = run(small, 30, out=tmp_path).folder
        path = folder / "parts" / scan(folder / "parts")[0].name
        path.write_bytes(path.read_bytes()[:-1])
        with pytest.raises(StorageError, match=re.escape(f"{path}: damaged")):
            read_table(read(folder))


class TestPoints:
    def test_they_are_the_shares_of_the_runs(self, kept: Path) -> None:
        runs, points = (read_table(open_study("grid", kept), what) for what in ("runs", "points"))
        assert points["point"].tolist() == list(range(6))
        settled = runs["outcome"].eq("settlement").groupby(runs["point"]).mean()
        assert points["outcomes.settlement.p"].tolist() == pytest.approx(settled.tolist())
        assert list(points.columns[:4]) == ["point", "distrust.first.second", "mediator.style", "runs"]

    def test_undefined_figures_are_missing_numbers(self, kept: Path) -> None:
        points = read_table(open_study("plain", kept), "points")
        assert points["holds.260.p"].isna().all()  # the settlement is watched for 100 weeks
        assert points["holds.260.p"].dtype == float

    @pytest.mark.parametrize("content", ["", "[]", '{"runs": 5}', '{"points": 3}', '{"points": [{"point": 0}]}'])
    def test_damaged_figures_are_named(self, small: Scenario, tmp_path: Path, content: str) -> None:
        folder = run(small, 30, out=tmp_path).folder
        (folder / "summary.json").write_text(content)
        with pytest.raises(StorageError, match=r"summary\.json: "):
            read_table(read(folder), "points")

    def test_an_interrupted_study_says_how_to_finish_it(self, small: Scenario, tmp_path: Path) -> None:
        folder = run(small, 30, out=tmp_path, command="parley run small.yaml").folder
        (folder / "summary.json").unlink()
        with pytest.raises(StorageError, match=r"interrupted.*to finish it: parley run small\.yaml$"):
            read_table(read(folder), "points")


class TestReference:
    """docs/reference/results.md describes every column, with names of parties and issues in capitals."""

    @pytest.mark.parametrize("what", ["runs", "points"])
    @pytest.mark.parametrize("name", ["plain", "grid"])
    def test_no_column_is_missing(self, kept: Path, name: str, what: What) -> None:
        described = _described(what)
        frame = read_table(open_study(name, kept), what)
        varied = {path for point in open_study(name, kept).points for path in point}
        unknown = [column for column in frame if column not in varied and not any(map(_fits(column), described))]
        assert unknown == []

    @pytest.mark.parametrize("what", ["runs", "points"])
    def test_no_column_is_invented(self, kept: Path, what: What) -> None:
        columns = read_table(open_study("grid", kept), what).columns.append(
            read_table(open_study("plain", kept), what).columns
        )
        assert [name for name in _described(what) if not any(_fits(column)(name) for column in columns)] == []

    def test_every_entry_of_the_manifest_is_described(self, kept: Path) -> None:
        text = DOCUMENT.read_text()
        assert [key for key in open_study("plain", kept).manifest if f"`{key}`" not in text] == []


def _described(what: str) -> list[str]:
    """The columns that the table of the reference for runs or points describes."""
    section = DOCUMENT.read_text().split("\n## ")
    (table,) = (part for part in section if part.startswith({"runs": "Runs", "points": "Design points"}[what]))
    return [name for line in re.findall(r"^\| (`.*?) \|", table, re.M) for name in re.findall(r"`(.*?)`", line)]


def _fits(column: str) -> Callable[[str], bool]:
    """Whether a name of the reference, capitals standing for any name, is that of a column."""

    def fits(described: str) -> bool:
        pattern = re.sub(r"[A-Z]+", lambda name: ".+" if name[0] == "PATH" else "[^.]+", re.escape(described))
        return re.fullmatch(pattern, column) is not None

    return fits


def test_a_frame_is_pandas(kept: Path) -> None:
    assert isinstance(read_table(open_study("plain", kept)), pd.DataFrame)
