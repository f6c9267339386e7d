"""What pages show as printed is what their commands print."""

from __future__ import annotations

import re

import pytest
from make_outputs import PAGES, excerpts, skeleton
from shown import ROOT

FIGURE = re.compile(r"\d+(?:\.\d+)?")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_output_that_is_shown_is_what_is_printed(page):
    """Figures may differ by rounding on another platform, where a run in thousands may go another way."""
    found = list(excerpts(page))
    assert found
    for excerpt in found:
        assert skeleton(excerpt.shown) == skeleton(excerpt.printed)
        shown, printed = (
            list(map(float, FIGURE.findall(text.replace(",", "")))) for text in (excerpt.shown, excerpt.printed)
        )
        assert printed == pytest.approx(shown, abs=0.2, rel=0.02)


def test_the_readme_says_what_figures_are():
    assert "not a forecast" in (ROOT / "README.md").read_text(encoding="utf-8").partition("<!-- output: run -->")[2]
