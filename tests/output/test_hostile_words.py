"""Words of a scenario that mean something to what shows them: markup, templates, formulas, names of colours."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path

import pytest

from sim.output.charts import KINDS, rendered, suited
from sim.output.report import report
from sim.output.report.inline_svg import render_svg
from sim.scenario.loading.scenario_loader import load_scenario
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


@pytest.fixture(scope="module", params=WORDS)
def studies(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, list[StoredStudy]]:
    """A run and a sweep of a scenario whose title, question and poles are such words."""
    words = request.param
    scenario = load_scenario(SMALL)
    issues = {name: issue.model_copy(update={"low": words, "high": words}) for name, issue in scenario.issues.items()}
    scenario = scenario.model_copy(update={"title": words, "about": words, "issues": issues})
    out = tmp_path_factory.mktemp("words")
    plain = run(scenario, 60, out=out, name=words, spread=False).folder
    swept = sweep(scenario, {"distrust": [0.2, 0.5]}, 20, out=out, name=words, spread=False).folder
    return words, [read(plain), read(swept)]


def test_charts_show_them_as_they_are(studies: tuple[str, list[StoredStudy]]) -> None:
    words, kept = studies
    for study in kept:
        for kind in suited([study], only_main=True):
            axes = kind.draw([study], 0)
            assert rendered(axes, "png")
            texts = [text.text or "" for text in ET.fromstring(rendered(axes, "svg", letters=True)).iter()]
            assert any(" ".join(words.split()) in text for text in texts)
            inline = ET.fromstring(f"<p>{render_svg(axes, 3)}</p>")
            assert any(" ".join(words.split()) in (text.text or "") for text in inline.iter())
    assert rendered(KINDS["dance"].draw(kept[:1], 0), "pdf")


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


def test_reports_show_them_as_they_are(studies: tuple[str, list[StoredStudy]]) -> None:
    words, kept = studies
    page = _Page()
    page.feed(report(kept[:1], "parley report"))
    assert words in page.said
    assert "script" not in page.tags
    assert "onload" not in page.attributes
