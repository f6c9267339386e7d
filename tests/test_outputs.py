"""What a page shows as printed is what its commands print: of one page here, of all by `docs/build.py --check`."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from docs import checks, make_outputs
from docs.make_outputs import PAGES, Excerpt, excerpts, is_current
from docs.shown import DOCS, ROOT, blocks, commands_in

SAMPLE = DOCS / "how-to" / "write-a-scenario.md"


@pytest.fixture(scope="module")
def found() -> list[Excerpt]:
    return list(excerpts(SAMPLE))


def test_output_that_is_shown_is_what_is_printed(found):
    assert found
    assert [excerpt.shown for excerpt in found if not is_current(excerpt)] == []


def test_other_words_and_other_figures_are_noticed(found):
    for excerpt in found:
        figure = re.search(r"\d+", excerpt.shown)
        assert figure is not None
        assert not is_current(replace(excerpt, printed="something else\n" + excerpt.printed))
        others = excerpt.shown[: figure.start()] + str(int(figure[0]) + 40) + excerpt.shown[figure.end() :]
        assert not is_current(replace(excerpt, shown=others))


def test_a_page_that_is_out_of_date_is_told_in_a_line(found, monkeypatch):
    stale = replace(found[0], shown=found[0].shown.replace("the", "a"))
    monkeypatch.setattr(make_outputs, "PAGES", (SAMPLE,))
    monkeypatch.setattr(make_outputs, "excerpts", lambda _: iter([stale, *found[1:]]))
    (line,) = checks.printed_output()
    assert line.startswith(f"docs/how-to/write-a-scenario.md: 1 of {len(found)} blocks are not what is printed")


def test_every_page_that_shows_output_is_checked():
    """A block of text under a command is what it printed."""
    showing = {ROOT / "README.md", *DOCS.rglob("*.md")}
    assert {page for page in PAGES if list(blocks(page, "text")) and list(blocks(page, "sh"))} == set(PAGES) <= showing
    assert all(any(commands_in(block) for _, block, _ in blocks(page, "sh")) for page in PAGES)


def test_the_readme_says_what_figures_are():
    assert "not a forecast" in (ROOT / "README.md").read_text(encoding="utf-8").partition("<!-- output: run -->")[2]
