"""`parley report`: where the page goes, and what is said when there is none. Its content is tested with the report."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.commands.test_plot_command import Bring, bring, contents, shelf, words
from tests.cli.conftest import SMALL

__all__ = ["bring", "shelf"]


class TestPage:
    def test_it_is_one_file_that_tells_its_command(self, parley, bring: Bring, tmp_path: Path) -> None:
        folders = bring("bare", "words twice")
        before = contents(tmp_path)
        ending = parley("report", *folders)
        assert (ending.code, ending.out, ending.err) == (0, "Report: report.html\n", "")
        page = (tmp_path / "report.html").read_text(encoding="utf-8")
        assert page.startswith("<!DOCTYPE html>")
        assert page.rstrip().endswith("</html>")
        assert page.count("Under these assumptions") == 4  # each in the brief, and in the part of its own
        assert f"by <code>parley report {' '.join(folders)}</code>" in page
        assert contents(tmp_path) == {**before, tmp_path / "report.html": page.encode()}

    @pytest.mark.parametrize("path", ["there/and/here.html", "page.HTM"])
    def test_it_goes_where_it_is_asked_to_and_replaces_what_is_there(
        self, parley, bring: Bring, tmp_path: Path, path: str
    ) -> None:
        (folder,) = bring("words twice")
        for _ in range(2):
            assert parley("report", folder, "--out", path).out == f"Report: {path}\n"
        assert [found for found in contents(tmp_path) if "results" not in found.parts] == [tmp_path / path]

    def test_the_same_result_is_told_once(self, parley, bring: Bring, tmp_path: Path) -> None:
        (folder,) = bring("words twice")
        parley("report", folder, folder)
        assert (tmp_path / "report.html").read_text().count("Under these assumptions") == 1

    def test_letters_that_the_font_lacks_are_told(self, parley, tmp_path: Path) -> None:
        (tmp_path / "talks.yaml").write_text(f"extends: {SMALL}\ntitle: 谈判\n", encoding="utf-8")
        parley("run", "talks.yaml", "--runs", 1, "--no-spread", "--no-plot")
        ending = parley("report", "talks")
        assert (ending.code, ending.out) == (0, "Report: report.html\n")
        assert ending.err.startswith("Note: no font on this machine has 判 谈: ")
        assert ending.err.count("\n") == 1
        assert "<h1>谈判</h1>" in (tmp_path / "report.html").read_text(encoding="utf-8")


REFUSED = {
    "no result": ([], "Missing argument"),
    "a result that is not there": (["nowhere"], "nowhere: neither a results folder nor the beginning of a name"),
    "one of two is not there": (["RUN", "nowhere"], "nowhere: neither a results folder"),
    "a folder that is no result": (["folder.html"], "folder.html: holds no study (no manifest.json)"),
    "a folder to write": (["RUN", "--out", "results"], "results: the report is an HTML file, such as report.html"),
    "a folder that ends as a page": (["RUN", "--out", "folder.html"], "folder.html: the report is an HTML file"),
    "another form": (["RUN", "--out", "report.pdf"], "report.pdf: the report is an HTML file"),
    "no ending": (["RUN", "--out", "report"], "report: the report is an HTML file"),
    "an empty name": (["RUN", "--out", ""], "the report is an HTML file"),
    "an option of plot": (["RUN", "--kind", "terms"], "--kind"),
}


@pytest.mark.parametrize(("arguments", "message"), REFUSED.values(), ids=REFUSED)
def test_nonsense_is_refused_and_nothing_is_written(
    parley, bring: Bring, tmp_path: Path, arguments: list[str], message: str
) -> None:
    (run,) = bring("bare")
    (tmp_path / "folder.html").mkdir()
    before = contents(tmp_path)
    ending = parley("report", *(run if argument == "RUN" else argument for argument in arguments))
    assert (ending.code, ending.out) == (2, "")
    assert message in words(ending.err)
    assert "Traceback" not in ending.err
    assert words(ending.err).count("Error") == 1
    assert contents(tmp_path) == before


def test_a_place_that_cannot_be_written_is_named(parley, bring: Bring, tmp_path: Path) -> None:
    (folder,) = bring("words twice")
    (tmp_path / "file").touch()
    before = contents(tmp_path)
    ending = parley("report", folder, "--out", "file/page.html")
    assert (ending.code, ending.out, ending.err.count("\n")) == (1, "", 1)
    assert ending.err.startswith("file/page.html: cannot write")
    assert contents(tmp_path) == before
