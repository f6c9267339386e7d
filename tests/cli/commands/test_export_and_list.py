from __future__ import annotations

import csv
import json
import shutil
import sys
from pathlib import Path

import duckdb
import openpyxl
import pandas as pd
import pytest

from sim.scenario.loading.scenario_loader import load_scenario
from sim.study import study_listing
from sim.study.results import export, stored_study
from sim.study.results.result_tables import read_table
from sim.study.sweep import sweep
from tests.output.report.studies import give

SMALL = Path(__file__).parents[2] / "study" / "data" / "small.yaml"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which a command made a plain run of 40 runs."""
    home = tmp_path_factory.mktemp("made")
    give(home, "run", SMALL, "--runs", 40, "--no-spread", "--no-plot")
    return home


@pytest.fixture
def study(made: Path, tmp_path: Path) -> Path:
    """A copy of it in results/ of the folder in which commands are given."""
    shutil.copytree(made / "results", tmp_path / "results")
    (folder,) = (tmp_path / "results").iterdir()
    return folder


def read_parquet(path: Path) -> pd.DataFrame:
    return duckdb.sql(f"SELECT * FROM '{path}'").df()


class TestExport:
    @pytest.mark.parametrize("what", ["runs", "points"])
    @pytest.mark.parametrize("form", ["csv", "parquet", "xlsx"])
    def test_every_form_holds_the_same_table(self, parley, study: Path, tmp_path: Path, form: str, what: str) -> None:
        ending = parley("export", "small", "--to", form, "--what", what)
        path = tmp_path / f"{study.name}-{what}.{form}"
        rows = {"runs": 40, "points": 1}[what]
        assert (ending.code, ending.out, ending.err) == (0, f"{rows} rows ({what}): {path.name}\n", "")
        read = {"csv": pd.read_csv, "parquet": read_parquet, "xlsx": pd.read_excel}[form]
        expected = read_table(stored_study.read(study), what)
        found = read(path).astype(expected.dtypes.to_dict())
        pd.testing.assert_frame_equal(found, expected, rtol=0 if form == "parquet" else 1e-15)

    def test_undefined_cells_are_empty(self, parley, study: Path, tmp_path: Path) -> None:
        parley("export", study, "--to", "csv", "--what", "runs", "--out", "runs.csv")
        with (tmp_path / "runs.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        impasse = next(row for row in rows if row["outcome"] != "settlement")
        assert {impasse[name] for name in ("terms.land", "utility.first", "efficiency", "held", "cause")} == {""}
        parley("export", study, "--to", "xlsx", "--what", "runs", "--out", "runs.xlsx")
        sheet = openpyxl.load_workbook(tmp_path / "runs.xlsx")["runs"]
        row = next(row for row in sheet.iter_rows(values_only=True) if row[2] not in ("outcome", "settlement"))
        assert row[list(impasse).index("held")] is None

    def test_a_file_is_replaced_in_one_step(self, parley, study: Path, tmp_path: Path) -> None:
        (tmp_path / "there").mkdir()
        for _ in range(2):
            ending = parley("export", "small", "--to", "csv", "--out", "there", "--json")
            assert json.loads(ending.out) == {"file": f"there/{study.name}-points.csv", "rows": 1}
        assert [path.name for path in (tmp_path / "there").iterdir()] == [f"{study.name}-points.csv"]

    def test_too_many_rows_for_excel_are_refused(
        self, parley, study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(export, "MOST_ROWS", 39)
        ending = parley("export", "small", "--to", "xlsx", "--what", "runs")
        assert (ending.code, ending.out) == (2, "")
        words = " ".join(ending.err.replace("│", "").split())
        assert "40 rows and" in words
        assert "do not fit: a sheet of Excel holds 39" in words
        assert "Take --to csv or --to parquet" in words
        assert list(tmp_path.iterdir()) == [tmp_path / "results"]
        monkeypatch.setattr(export, "MOST_ROWS", 40)
        assert parley("export", "small", "--to", "xlsx", "--what", "runs").code == 0

    def test_a_sheet_is_as_large_as_excel_says(self) -> None:
        """1,048,576 rows by 16,384 columns, the heading included: "Excel specifications and limits", Microsoft."""
        assert (1 + export.MOST_ROWS, export.MOST_COLUMNS) == (1_048_576, 16_384)

    def test_too_many_columns_are_refused_and_as_many_as_it_holds_are_not(
        self, parley, study: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        columns = len(read_table(stored_study.read(study)).columns)
        for most, code in ((columns - 1, 2), (columns, 0)):
            monkeypatch.setattr(export, "MOST_COLUMNS", most)
            assert parley("export", "small", "--to", "xlsx", "--what", "runs").code == code

    def test_without_openpyxl_the_extra_is_named(
        self, parley, study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "openpyxl", None)
        ending = parley("export", "small", "--to", "xlsx")
        assert (ending.code, ending.out) == (2, "")
        assert "parley-sim[xlsx]" in ending.err
        assert list(tmp_path.iterdir()) == [tmp_path / "results"]

    def test_an_interrupted_study_gives_the_runs_so_far(self, parley, study: Path) -> None:
        (study / "summary.json").unlink()
        ending = parley("export", "small", "--to", "csv", "--what", "runs")
        assert (ending.code, ending.err.count("\n")) == (0, 1)
        assert ending.out.startswith("40 rows")
        assert f"interrupted: these are the runs so far. To finish it: parley run {SMALL}" in ending.err
        points = parley("export", "small", "--to", "csv")
        assert (points.code, points.out, points.err.count("\n")) == (1, "", 1)
        assert "to finish it: parley run" in points.err

    @pytest.mark.parametrize(
        ("arguments", "named"),
        [
            (["nothing", "--to", "csv"], "nothing"),
            (["results", "--to", "csv"], "manifest.json"),
            (["small", "--to", "csv", "--what", "weeks"], "weeks"),
            (["small", "--to", "ods"], "ods"),
            (["small"], "--to"),
        ],
    )
    def test_nonsense_is_refused(self, parley, study: Path, tmp_path: Path, arguments: list[str], named: str) -> None:
        ending = parley("export", *arguments)
        assert (ending.code, ending.out) == (2, "")
        assert named in ending.err
        assert list(tmp_path.iterdir()) == [tmp_path / "results"]

    @pytest.mark.parametrize("form", ["csv", "parquet", "xlsx"])
    def test_a_place_that_cannot_be_written_is_named(self, parley, study: Path, form: str) -> None:
        ending = parley("export", "small", "--to", form, "--out", "no/such/folder.file")
        assert (ending.code, ending.out, ending.err.count("\n")) == (1, "", 1)
        assert ending.err.startswith("no/such/folder.file: cannot write: ")


@pytest.mark.parametrize("command", [("report",), ("export", "--to", "csv"), ("export", "--to", "csv", "--what=runs")])
def test_a_complete_sensitivity_analysis_is_not_called_interrupted(parley, tmp_path: Path, command: list[str]) -> None:
    parley("sensitivity", SMALL, "--seed", 3, "--rows", 16, "--plays", 2, "--no-plot")
    (folder,) = (tmp_path / "results").iterdir()
    verb, *options = command
    ending = parley(verb, folder, *options)
    assert (ending.code, ending.out) == (1, "")
    assert ending.err == (
        f"{folder}: holds a sensitivity study (its figures are in sensitivity/) and no runs; reports and exports are "
        f"made from runs. To add them: parley run {SMALL} --seed 3\n"
    )
    parley("run", SMALL, "--seed", 3, "--runs", 5, "--no-spread", "--no-plot")
    assert parley(verb, folder, *options).code == 0


class TestList:
    def test_it_reads_at_80_columns(self, parley, study: Path, tmp_path: Path) -> None:
        sweep(load_scenario(SMALL), {"distrust": [0.0, 1.0]}, 10, out=tmp_path / "results", name="mutual")
        ending = parley("list")
        assert (ending.code, ending.err) == (0, "")
        assert max(map(len, ending.out.splitlines())) <= 80
        mutual, of_mutual, plain, of_plain = ending.out.splitlines()
        assert (mutual[:7], plain) == ("mutual-", study.name)
        assert of_mutual.split()[:5] == ["sweep", "2", "points", "20", "runs"]
        assert of_plain.split()[:5] == ["run", "1", "point", "40", "runs"]
        assert "incomplete" not in ending.out

    def test_large_studies_fit_too(self, parley, study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        large = study_listing.Entry(study, "", "", "sweep", 441, 100_000_000, (0.0, 1.0), "2026-01-01T00:00:00+00:00")
        monkeypatch.setattr(study_listing, "studies", lambda _: [large])
        name, details = parley("list").out.splitlines()
        assert name == f"{study.name} (incomplete)"
        assert details.startswith("  sweep  441 points  100,000,000 runs  0.0–100.0 % settle  20")
        assert len(details) <= 80

    def test_a_sensitivity_analysis_has_its_rows_and_the_runs_that_were_played(self, parley, tmp_path: Path) -> None:
        parley("sensitivity", SMALL, "--rows", 32, "--plays", 4, "--no-plot")
        (figures,) = (tmp_path / "results").glob("*/sensitivity/settlement.json")
        found = json.loads(figures.read_text())
        (entry,) = map(json.loads, parley("list", "--json").out.splitlines())
        assert (entry["kind"], entry["complete"]) == ("sensitivity", True)
        assert (entry["points"], entry["runs"]) == (found["runs"] // 4, found["runs"])
        assert entry["settlement"] == [found["mean"], found["mean"]]
        assert f"{entry['points']} rows  {entry['runs']:,} runs  {100 * found['mean']:.1f} % settle" in (
            parley("list").out
        )
        next(figures.parent.glob("*/000001.*")).unlink()
        figures.unlink()
        (entry,) = map(json.loads, parley("list", "--json").out.splitlines())
        assert (entry["kind"], entry["complete"], entry["settlement"]) == ("sensitivity", False, None)
        assert entry["runs"] == found["runs"] // 2

    def test_json_has_a_line_for_each(self, parley, study: Path) -> None:
        (entry,) = map(json.loads, parley("list", "--json").out.splitlines())
        summary, manifest = (json.loads((study / name).read_text()) for name in ("summary.json", "manifest.json"))
        share = summary["outcomes"]["settlement"]["p"]
        assert entry == {
            "folder": f"results/{study.name}",
            "scenario": "small",
            "changes": [],
            "digest": manifest["digest"],
            "kind": "run",
            "points": 1,
            "runs": 40,
            "settlement": [share, share],
            "written": manifest["written"],
            "complete": True,
            "trouble": "",
        }

    def test_an_interrupted_study_is_incomplete(self, parley, study: Path) -> None:
        (study / "summary.json").unlink()
        (entry,) = map(json.loads, parley("list", "--json").out.splitlines())
        assert (entry["complete"], entry["runs"], entry["settlement"]) == (False, 40, None)
        assert "incomplete" in parley("list").out

    def test_one_that_lacks_a_part_is_incomplete(self, parley, study: Path) -> None:
        parley("run", SMALL, "--runs", 60, "--no-spread", "--no-plot")
        sorted((study / "parts").iterdir())[0].unlink()
        (entry,) = map(json.loads, parley("list", "--json").out.splitlines())
        assert (entry["complete"], entry["runs"]) == (False, 60)

    @pytest.mark.parametrize("file", ["manifest.json", "summary.json"])
    def test_a_damaged_one_is_named_and_hides_no_other(self, parley, study: Path, file: str) -> None:
        other = study.with_name("other")
        (other / "parts").mkdir(parents=True)
        for name in ("manifest.json", "summary.json"):
            (other / name).write_bytes((study / name).read_bytes())
        (other / file).write_text("{")
        (study.parent / "no study").mkdir()
        ending = parley("list")
        assert (ending.code, ending.err) == (0, "")
        assert f"damaged: results/other/{file}" in ending.out
        assert f"{study.name}\n  run" in ending.out
        assert "no study" not in ending.out
        trouble = [json.loads(line)["trouble"] for line in parley("list", "--json").out.splitlines()]
        assert [bool(words) for words in trouble] == [True, False]

    def test_no_studies_are_no_error(self, parley) -> None:
        ending = parley("list", "--out", "elsewhere")
        assert (ending.code, ending.out, ending.err) == (0, "No studies in elsewhere.\n", "")
        assert parley("list", "--json").out == ""
