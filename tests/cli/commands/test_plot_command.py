"""`parley plot`: which charts it draws, where to and in what form, and what it says when it draws none."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import SMALL, Ending
from tests.output.report.studies import Shelf, shelf_in

Bring = Callable[..., list[str]]

MAGIC = {"png": b"\x89PNG\r\n\x1a\n", "svg": b"<?xml ", "pdf": b"%PDF-"}


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """Studies by name."""
    return shelf_in(tmp_path_factory)


@pytest.fixture
def bring(shelf: Shelf, tmp_path: Path) -> Bring:
    """Copy studies into results/ of the folder in which commands are given; return the names of their folders."""

    def copy(*names: str) -> list[str]:
        folders = []
        for name in names:
            shutil.copytree(
                shelf[name], tmp_path / "results" / shelf[name].name, ignore=shutil.ignore_patterns("charts", "spread")
            )
            folders.append(shelf[name].name)
        return folders

    return copy


def words(message: str) -> str:
    """What a message says, without its box."""
    return " ".join(re.sub(r"[│╭╮╰╯─]", " ", message).split())


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def drawn(ending: Ending) -> list[str]:
    """The charts that a command named."""
    assert (ending.code, ending.err) == (0, "")
    lines = ending.out.splitlines()
    assert all(line.startswith("Chart: ") for line in lines)
    return [line.removeprefix("Chart: ") for line in lines]


class TestWhatIsDrawn:
    @pytest.mark.parametrize(
        ("name", "kinds"),
        [
            ("asked", ["outcomes", "terms", "durability", "distrust", "differences", "sensitivity"]),
            ("never", ["outcomes", "distrust"]),
            ("sweep", ["settlement", "composition"]),
            ("grid", ["settlement", "map"]),
            ("sample", ["scatter"]),
        ],
    )
    def test_by_default_what_suits_the_result(
        self, parley, bring: Bring, tmp_path: Path, name: str, kinds: list[str]
    ) -> None:
        (folder,) = bring(name)
        paths = drawn(parley("plot", folder))
        assert paths == [f"results/{folder}/charts/{kind}.png" for kind in kinds]
        assert sorted(path.name for path in (tmp_path / "results" / folder / "charts").iterdir()) == sorted(
            f"{kind}.png" for kind in kinds
        )
        assert all((tmp_path / path).read_bytes().startswith(MAGIC["png"]) for path in paths)

    def test_kinds_that_are_asked_for_each_once(self, parley, bring: Bring) -> None:
        (folder,) = bring("bare")
        asked = ("--kind", "terms", "--kind", "outcomes", "--kind", "terms")
        assert [Path(path).stem for path in drawn(parley("plot", folder, *asked))] == ["terms", "outcomes"]

    def test_several_results_in_one_chart(self, parley, bring: Bring) -> None:
        first, second = bring("bare", "asked")
        folder = f"results/{first}/charts"
        assert drawn(parley("plot", first, second)) == [
            f"{folder}/terms-of-2-results.png",
            f"{folder}/durability-of-2-results.png",
        ]

    def test_a_result_that_is_named_twice_is_one(self, parley, bring: Bring) -> None:
        (folder,) = bring("bare")
        assert drawn(parley("plot", folder, folder)) == drawn(parley("plot", folder))

    def test_the_beginning_of_a_name_is_enough(self, parley, bring: Bring) -> None:
        bring("bare")
        assert drawn(parley("plot", "small", "--kind", "terms"))

    def test_the_run_of_a_dance(self, parley, bring: Bring, tmp_path: Path) -> None:
        (folder,) = bring("bare")
        paths = [
            path
            for run in (0, 3, 39)
            for path in drawn(parley("plot", folder, "--kind", "dance", "--run", run, "--format", "svg", "--out", "d"))
        ]
        assert paths == ["d/dance-run-0.svg", "d/dance-run-3.svg", "d/dance-run-39.svg"]
        assert len({(tmp_path / path).read_bytes() for path in paths}) == 3

    def test_the_dance_of_a_sweep_takes_its_design_point(self, parley, bring: Bring, tmp_path: Path) -> None:
        (folder,) = bring("sweep")
        dance = ("plot", folder, "--kind", "dance", "--run", 2, "--format", "svg", "--out", "d")
        paths = [path for point in (0, 4) for path in drawn(parley(*dance, "--point", point))]
        assert paths == ["d/dance-point-0-run-2.svg", "d/dance-point-4-run-2.svg"]
        assert len({(tmp_path / path).read_bytes() for path in paths}) == 2


class TestFiles:
    @pytest.mark.parametrize("form", MAGIC)
    def test_the_same_chart_is_the_same_file(
        self, parley, bring: Bring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
    ) -> None:
        (folder,) = bring("grid")
        found = []
        for time in ("1000000000", "1500000000"):
            monkeypatch.setenv("SOURCE_DATE_EPOCH", time)
            for path in drawn(parley("plot", folder, "--format", form)):
                assert path.endswith(f".{form}")
                found.append((tmp_path / path).read_bytes())
        assert found[:2] == found[2:]
        assert found[0] != found[1]
        assert all(content.startswith(MAGIC[form]) for content in found)
        assert {path.suffix for path in contents(tmp_path / "results" / folder / "charts")} == {f".{form}"}

    @pytest.mark.parametrize("form", MAGIC)
    def test_the_ending_of_a_file_says_its_form(self, parley, bring: Bring, tmp_path: Path, form: str) -> None:
        (folder,) = bring("bare")
        path = f"new/folder/chart.{form}"
        assert drawn(parley("plot", folder, "--kind", "terms", "--out", path)) == [path]
        assert (tmp_path / path).read_bytes().startswith(MAGIC[form])

    def test_a_folder_takes_several(self, parley, bring: Bring, tmp_path: Path) -> None:
        (folder,) = bring("sweep")
        assert drawn(parley("plot", folder, "--out", "mine", "--format", "pdf")) == [
            "mine/settlement.pdf",
            "mine/composition.pdf",
        ]
        assert not (tmp_path / "results" / folder / "charts").exists()

    def test_a_chart_is_replaced_in_one_step(self, parley, bring: Bring, tmp_path: Path) -> None:
        (folder,) = bring("bare")
        (tmp_path / "chart.svg").write_text("old")
        drawn(parley("plot", folder, "--kind", "terms", "--out", "chart.svg"))
        assert (tmp_path / "chart.svg").read_bytes().startswith(MAGIC["svg"])
        assert sorted(path.name for path in tmp_path.iterdir()) == ["chart.svg", "results"]

    def test_letters_that_no_font_has_are_told_once(self, parley, tmp_path: Path) -> None:
        (tmp_path / "talks.yaml").write_text(f"extends: {SMALL}\ntitle: 𓀀𓀁 𓀀\n", encoding="utf-8")
        parley("run", "talks.yaml", "--runs", 5, "--no-spread", "--no-plot")
        ending = parley("plot", "talks", "--kind", "outcomes")
        assert ending.code == 0
        assert ending.out.startswith("Chart: results/talks-")
        assert ending.err == "Note: no font on this machine has 𓀀 𓀁: boxes stand for them.\n"
        assert ending.err.count("\n") == 1


LACKING = {
    "settlement of a run": (["bare"], "settlement", "needs a sweep", "parley sweep {small} --seed 8 --vary distrust="),
    "composition of a run": (["bare"], "composition", "needs one sweep", "parley sweep {small} --seed 8 --vary"),
    "map of a run": (["bare"], "map", "needs a sweep of two parameters that are numbers", "parley sweep {small}"),
    "map of one parameter": (["sweep"], "map", "needs a sweep of two parameters", "parley sweep {small} --vary"),
    "map of words": (["words twice"], "map", "that are numbers", "parley sweep {small} --vary"),
    "scatter of a grid": (["grid"], "scatter", "needs one sampled sweep", "--sample lhs:"),
    "outcomes of a sweep": (["sweep"], "outcomes", "needs a plain run", "parley run {small}"),
    "terms of a sweep": (["sweep"], "terms", "needs a plain run", "parley run {small}"),
    "terms of no settlement": (["never"], "terms", "in none of these runs did they settle", ""),
    "durability of no settlement": (["never"], "durability", "in none of these runs did they settle", ""),
    "sensitivity": (["bare"], "sensitivity", "needs a sensitivity study", "parley sensitivity {small} --seed 8"),
    "differences": (["bare"], "differences", "needs a comparison", "parley compare {small} --seed 8 --ablate"),
    "the dance of a sweep": (
        ["sweep"],
        "dance",
        "needs the design point of the run",
        "--point 0 (mutual distrust 0) to",
    ),
    "the dance of two": (["bare", "one"], "dance", "is drawn of one result at a time", ""),
    "terms of a run and a sweep": (["bare", "sweep"], "terms", "needs a plain run", "parley run {small}"),
    "terms of two without a settlement": (["never", "none again"], "terms", "no run of these results ended in a", ""),
}


@pytest.mark.parametrize(("names", "kind", "lacking", "command"), LACKING.values(), ids=LACKING)
def test_what_a_kind_lacks_is_told_with_the_command_that_makes_it(
    parley,
    bring: Bring,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    names: list[str],
    kind: str,
    lacking: str,
    command: str,
) -> None:
    folders = bring(*names)
    before = contents(tmp_path)
    monkeypatch.setenv("COLUMNS", "300")
    ending = parley("plot", *folders, "--kind", kind)
    assert (ending.code, ending.out) == (2, "")
    told = words(ending.err).partition(f"Invalid value for --kind: {kind} ")[2]
    assert lacking in told
    assert command.format(small=SMALL) in told
    assert contents(tmp_path) == before


def test_where_one_kind_of_two_cannot_be_drawn_nothing_is(parley, bring: Bring, tmp_path: Path) -> None:
    (folder,) = bring("bare")
    before = contents(tmp_path)
    assert parley("plot", folder, "--kind", "outcomes", "--kind", "map").code == 2
    assert contents(tmp_path) == before


REFUSED = {
    "no result": ([], "Missing argument"),
    "a result that is not there": (["nowhere"], "nowhere: neither a results folder nor the beginning of a name"),
    "a folder that is no result": (["results"], "results: holds no study (no manifest.json)"),
    "a file": (["file"], "file: holds no study"),
    "the beginning of two names": (["sm"], "sm: several studies begin so: small-"),
    "an unknown kind": (["RUN", "--kind", "outcmes"], "no kind of chart 'outcmes': did you mean 'outcomes'?"),
    "no kind": (["RUN", "--kind", ""], "no kind of chart ''"),
    "one unknown kind of two": (["RUN", "--kind", "outcomes", "--kind", "dence"], "did you mean 'dance'?"),
    "an unknown form": (["RUN", "--format", "gif"], "'gif' is not one of 'png', 'svg', 'pdf'"),
    "an ending that is no form": (["RUN", "--kind", "terms", "--out", "x.gif"], "x.gif: charts are png, svg, pdf"),
    "a file without an ending": (["RUN", "--kind", "terms", "--out", "file"], "without an extension that gives"),
    "one file for two charts": (
        ["RUN", "--kind", "terms", "--kind", "outcomes", "--out", "x.png"],
        "x.png is one file, and 2 charts would be drawn",
    ),
    "one file for several charts": (["RUN", "--out", "x.png"], "x.png is one file, and 4 charts would be drawn"),
    "two forms": (["RUN", "--kind", "terms", "--out", "x.png", "--format", "svg"], "ends in .png, --format says svg"),
    "a run below zero": (["RUN", "--kind", "dance", "--run", "-1"], "--run"),
    "a run beyond all": (["RUN", "--kind", "dance", "--run", str(10**12 + 1)], "--run"),
    "a run beyond those of a result": (
        ["RUN", "--kind", "dance", "--run", "40"], "has no run 40: give one from 0 to 39"
    ),
    "a run beyond those of a sweep": (
        ["SWEEP", "--kind", "dance", "--point", "1", "--run", "40"], "has no run 40: give one from 0 to 39"
    ),
    "a run in words": (["RUN", "--kind", "dance", "--run", "first"], "--run"),
    "a point of a plain run": (["RUN", "--kind", "dance", "--point", "0"], "has no design points to choose from"),
    "a point beyond all": (["SWEEP", "--kind", "dance", "--point", "5"], "has no design point 5: --point 0 (mutual"),
    "a point below zero": (["SWEEP", "--kind", "dance", "--point", "-1"], "--point"),
    "a point for another kind": (["SWEEP", "--kind", "settlement", "--point", "1"], "is for one run: --kind dance"),
    "a point for no kind": (["SWEEP", "--point", "1"], "is for one run: --kind dance"),
    "a run and a sweep": (["RUN", "SWEEP"], "no kind of chart shows"),
    "an unknown option": (["RUN", "--size", "9"], "--size"),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "message"), REFUSED.values(), ids=REFUSED)
def test_nonsense_is_refused_and_nothing_is_written(
    parley, bring: Bring, tmp_path: Path, arguments: list[str], message: str
) -> None:
    run, sweep = bring("bare", "sweep")
    (tmp_path / "file").touch()
    before = contents(tmp_path)
    ending = parley("plot", *({"RUN": run, "SWEEP": sweep}.get(argument, argument) for argument in arguments))
    assert (ending.code, ending.out) == (2, "")
    assert message in words(ending.err)
    assert "Traceback" not in ending.err
    assert words(ending.err).count("Error") == 1
    assert contents(tmp_path) == before


class TestOfASensitivityStudyAlone:
    @pytest.fixture
    def folder(self, parley, tmp_path: Path) -> Path:
        """A results folder that holds a sensitivity study too small for indices."""
        parley("sensitivity", SMALL, "--rows", 16, "--plays", 2, "--no-plot")
        return next((tmp_path / "results").iterdir())

    def test_without_a_kind_it_is_told_why_there_are_no_indices(self, parley, folder: Path) -> None:
        plain, named = (words(parley("plot", folder, *kind).err) for kind in ((), ("--kind", "sensitivity")))
        reason = named.partition("sensitivity has nothing to show: ")[2]
        assert reason
        assert plain.endswith(f"no kind of chart suits small: sensitivity has nothing to show: {reason}")

    def test_no_run_is_drawn_that_it_does_not_hold(self, parley, folder: Path) -> None:
        ending = parley("plot", folder, "--kind", "dance")
        assert (ending.code, ending.out) == (2, "")
        assert f"a sensitivity study, which keeps none: parley run {SMALL}" in words(ending.err)


class TestTrouble:
    def test_a_design_that_no_chart_shows(self, parley, bring: Bring) -> None:
        ending = parley("plot", *bring("words twice"))
        assert (ending.code, ending.out) == (2, "")
        assert (
            "no kind of chart suits small: settlement cannot be drawn: nothing is varied on a grid of numbers"
            in words(ending.err)
        )

    @pytest.mark.parametrize("command", ["plot", "report"])
    @pytest.mark.parametrize("file", ["manifest.json", "summary.json"])
    @pytest.mark.parametrize("content", ["", "{", "{}", "[]", "null", "\0\0\0"])
    def test_what_is_damaged_is_named(
        self, parley, bring: Bring, tmp_path: Path, command: str, file: str, content: str
    ) -> None:
        (folder,) = bring("bare")
        (tmp_path / "results" / folder / file).write_text(content)
        before = contents(tmp_path)
        ending = parley(command, folder)
        assert (ending.code, ending.out, ending.err.count("\n")) == (1, "", 1)
        assert ending.err.startswith(f"results/{folder}/{file}: ")
        assert contents(tmp_path) == before

    @pytest.mark.parametrize("command", ["plot", "report"])
    @pytest.mark.parametrize("name", ["bare", "sweep"])
    def test_an_interrupted_study_gives_the_command_that_finishes_it(
        self, parley, bring: Bring, tmp_path: Path, command: str, name: str
    ) -> None:
        (folder,) = bring(name)
        (tmp_path / "results" / folder / "summary.json").unlink()
        before = contents(tmp_path)
        ending = parley(command, folder)
        assert (ending.code, ending.out, ending.err.count("\n")) == (1, "", 1)
        verb = "run" if name == "bare" else "sweep"
        assert ending.err.startswith(f"results/{folder}: interrupted")
        assert f"to finish it: parley {verb} {SMALL} " in ending.err
        assert contents(tmp_path) == before

    def test_one_run_of_an_interrupted_study_can_be_told(self, parley, bring: Bring, tmp_path: Path) -> None:
        (folder,) = bring("bare")
        (tmp_path / "results" / folder / "summary.json").unlink()
        assert drawn(parley("plot", folder, "--kind", "dance"))

    def test_a_place_that_cannot_be_written_is_named(self, parley, bring: Bring, tmp_path: Path) -> None:
        (folder,) = bring("bare")
        (tmp_path / "file").touch()
        before = contents(tmp_path)
        ending = parley("plot", folder, "--kind", "terms", "--out", "file/terms.png")
        assert (ending.code, ending.out, ending.err.count("\n")) == (1, "", 1)
        assert ending.err.startswith("file/terms.png: cannot write")
        assert contents(tmp_path) == before
