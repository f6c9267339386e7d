"""Words of a scenario that mean something to what shows them: markup, templates, formulas, names of colours."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from itertools import cycle
from pathlib import Path

import pytest
from matplotlib.axes import Axes

from sim.output.charts import KINDS, rendered, suited
from sim.output.report import report
from sim.output.report.inline_svg import render_svg
from sim.scenario.loading.scenario_loader import load_scenario
from sim.scenario.model.schema import Scenario
from sim.study.ensemble import run
from sim.study.results.stored_study import StoredStudy, read
from sim.study.sweep import sweep

SMALL = Path(__file__).parents[1] / "study" / "data" / "small.yaml"

WORDS = [
    r"$\frac{$",
    "$x^2$ and $",
    r"\textbf{x} \n %d %s {0}",
    "</text></svg><script>alert(1)</script>",
    '" onload="alert(1)',
    "{{ 7 * 7 }} {% raw %}",
    "[bold]x[/] [/nothing]",
    'id="x" url(#x) fill: #222222',
    "&lt;b&gt; &amp;amp; ]]>",
]


ALL = " ".join(WORDS)


def said_with(*words: str) -> Scenario:
    """A scenario whose title, question and poles are such words, one after the other."""
    scenario = load_scenario(SMALL)
    each = cycle(words)
    issues = {
        name: issue.model_copy(update={"low": next(each), "high": next(each)})
        for name, issue in scenario.issues.items()
    }
    return scenario.model_copy(update={"title": words[0], "about": words[0], "issues": issues})


@pytest.fixture(scope="module")
def studies(tmp_path_factory: pytest.TempPathFactory) -> list[StoredStudy]:
    """A run and a sweep of a scenario with all the words together in its title, and each somewhere else."""
    scenario, out = said_with(ALL, *WORDS), tmp_path_factory.mktemp("words")
    plain = run(scenario, 60, out=out, name=ALL, spread=False).folder
    swept = sweep(scenario, {"distrust": [0.2, 0.5]}, 20, out=out, name=ALL, spread=False).folder
    return [read(plain), read(swept)]


def test_charts_show_them_as_they_are(studies: list[StoredStudy]) -> None:
    for study in studies:
        for kind in suited([study], only_main=True):
            axes = kind.draw([study], 0)
            assert rendered(axes, "png")
            assert any(WORDS[0] in text for text in letters(axes)), "the beginning: long titles are cut"
            inline = ET.fromstring(f"<p>{render_svg(axes, 3)}</p>")
            assert any(WORDS[0] in (text.text or "") for text in inline.iter())
    assert rendered(KINDS["dance"].draw(studies[:1], 0), "pdf")


@pytest.mark.parametrize("words", WORDS)
def test_each_is_shown_by_itself(words: str, tmp_path: Path) -> None:
    """What is harmless beside others, as an odd number of dollar signs, may not be alone."""
    axes = KINDS["terms"].draw([read(run(said_with(words), 60, out=tmp_path, name=words, spread=False).folder)], 0)
    shown = letters(axes)
    assert sum(" ".join(words.split()) in text for text in shown) > 1, "title and poles"
    inline = ET.fromstring(f"<p>{render_svg(axes, 3)}</p>")
    assert any(" ".join(words.split()) in (text.text or "") for text in inline.iter())
    assert rendered(axes, "png")


def letters(axes: Axes) -> list[str]:
    """The lines of a chart as a picture holds them."""
    return [text.text or "" for text in ET.fromstring(rendered(axes, "svg", letters=True)).iter()]


class _Page(HTMLParser):
    """What a page says, and which elements and attributes it has."""

    def __init__(self) -> None:
        super().__init__()
        self.said = ""
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.said += data


def test_reports_show_them_as_they_are(studies: list[StoredStudy]) -> None:
    page = _Page()
    page.feed(report(studies[:1], "parley report"))
    assert [words for words in WORDS if words not in page.said] == []
    assert "script" not in page.tags
    assert "onload" not in page.attributes
