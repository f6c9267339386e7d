"""The report as people meet it: opened from the disk in a real browser, wide and narrow, light and dark."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sim.output.report import report
from sim.study.kept import read
from tests.browser.conftest import LONGEST
from tests.output.report.studies import Shelf

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

MEASURE = Path(__file__).with_name("measure.js")

REPORTS = {
    "a run": ["asked"],
    "several": ["sweep", "grid", "sample", "words"],
    "hostile names": ["hostile", "never"],
    "three runs": ["baseline", "another", "a third"],
}

WIDTHS = (1280, 390)
SCHEMES = ("light", "dark")

LEAST_LETTERS = 9.0
"""CSS pixels: no letters of a chart are smaller than that."""

LEAST_CONTRAST = 4.5
"""As WCAG 2.2 demands of text at level AA."""


@dataclass
class Opened:
    """A page, and what it told and asked for while it was open."""

    page: Page
    address: str
    messages: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def measure(self, function: str) -> Any:
        """Call a function of measure.js."""
        return self.page.evaluate(f"measure.{function}()")


@pytest.fixture(scope="module")
def files(shelf: Shelf, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Reports as files, each written once, by what they are about."""
    folder = tmp_path_factory.mktemp("reports")

    def written(name: str) -> Path:
        path = folder / f"{name}.html"
        if not path.exists():
            studies = [shelf[study] for study in REPORTS[name]]
            html = shelf.once(
                f"{'+'.join(REPORTS[name])}.html", lambda: report(list(map(read, studies)), "parley report")
            )
            path.write_text(html, encoding="utf-8")
        return path

    return written


@pytest.fixture(scope="module")
def window(chromium: Browser, files: Callable[[str], Path]) -> Iterator[Callable[..., Opened]]:
    """Open a report in a window of a width and a colour scheme."""
    context = chromium.new_context()
    context.set_default_timeout(LONGEST)
    context.add_init_script(path=MEASURE)

    def show(name: str, width: int = 1280, scheme: Any = "light") -> Opened:
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        shown = Opened(page, files(name).as_uri())
        page.on("console", lambda message: shown.messages.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: shown.messages.append(str(error)))
        page.on("request", lambda request: shown.requests.append(request.url))
        page.goto(shown.address)
        page.evaluate("document.fonts.ready.then(() => null)")
        return shown

    yield show
    context.close()


@pytest.fixture(scope="module")
def seen(window: Callable[..., Opened]) -> Callable[..., Opened]:
    """A report in a window, opened once for all tests that look at it and change nothing."""
    return cache(window)


@pytest.fixture
def opened(window: Callable[..., Opened]) -> Iterator[Callable[..., Opened]]:
    """A report in a window of its own, in which keys may be pressed."""
    shown: list[Opened] = []

    def show(*arguments: Any, **options: Any) -> Opened:
        shown.append(window(*arguments, **options))
        return shown[-1]

    yield show
    for each in shown:
        each.page.close()


@pytest.fixture(params=[(name, width, scheme) for name in REPORTS for width in WIDTHS for scheme in SCHEMES], ids=str)
def view(request: pytest.FixtureRequest, seen: Callable[..., Opened]) -> Opened:
    """Every report in every kind of window."""
    return seen(*request.param)


def test_it_is_readable_in_every_window(view: Opened) -> None:
    width = view.page.viewport_size["width"]
    frames, letters = view.measure("frames"), view.measure("letters")
    assert len(frames) == view.page.locator("figure").count() > 0
    for frame in frames:
        assert min(frame["picture"]["width"], frame["picture"]["height"]) > 200
        assert 0 <= frame["left"] < frame["right"] <= width
        assert frame["scrolls"] == (frame["picture"]["width"] > frame["width"])
        assert frame["scrolls"] == (width < 700)
    assert len(letters) > 10 * len(frames)
    assert [text for text in letters if text["size"] < LEAST_LETTERS] == []
    assert view.page.evaluate("document.documentElement.scrollWidth") <= width
    assert view.messages == []
    assert [url for url in view.requests if not url.startswith("data:")] == [view.address]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", REPORTS)
def test_letters_stand_out(seen: Callable[..., Opened], name: str, scheme: str) -> None:
    """In charts against what is drawn behind them, or against their halo."""
    texts = seen(name, 1280, scheme).measure("contrasts")
    assert len(texts) > 100
    assert [text for text in texts if text["contrast"] < LEAST_CONTRAST] == []


def test_dark_pages_are_dark(seen: Callable[..., Opened]) -> None:
    grounds = [seen("a run", 1280, scheme).measure("lightness") for scheme in SCHEMES]
    assert grounds[0] > 0.9
    assert grounds[1] < 0.05


@pytest.mark.parametrize("name", REPORTS)
def test_charts_bring_their_letters(seen: Callable[..., Opened], name: str) -> None:
    """Every letter of a chart comes from the font inside the page, and none from the machine that shows it."""
    page = seen(name, 1280, "light").page
    assert set(page.evaluate("[...document.fonts].map((face) => `${face.family} ${face.status}`)")) == {
        "DejaVu Sans loaded"
    }
    tools = page.context.new_cdp_session(page)
    for tool in ("DOM", "CSS"):
        tools.send(f"{tool}.enable")
    root = tools.send("DOM.getDocument")["root"]["nodeId"]
    texts = tools.send("DOM.querySelectorAll", {"nodeId": root, "selector": "svg text"})["nodeIds"]
    used = [tools.send("CSS.getPlatformFontsForNode", {"nodeId": text})["fonts"] for text in texts]
    fonts = [font for fonts in used for font in fonts]
    assert len(fonts) >= 20
    assert {font["isCustomFont"] for font in fonts} == {True}


class TestNarrow:
    def test_what_is_wider_than_the_screen_says_that_it_scrolls(self, seen: Callable[..., Opened]) -> None:
        for name in ("a run", "three runs"):
            shown = seen(name, 390, "light")
            cues = shown.page.locator("figure .cue")
            assert cues.count() == shown.page.locator("figure").count() > 0
            assert all(cue.is_visible() and "scroll" in cue.inner_text() for cue in cues.all())
            for region in shown.page.locator(".scroll").all():
                assert region.get_attribute("tabindex") == "0"

    def test_what_fits_says_nothing_of_it(self, seen: Callable[..., Opened]) -> None:
        assert not any(cue.is_visible() for cue in seen("three runs", 1280, "light").page.locator(".cue").all())

    def test_a_table_that_is_cut_has_a_shadow_at_its_edge(self, opened: Callable[..., Opened]) -> None:
        beside = opened("three runs", 390).page.locator(".scroll:has(.beside)")
        assert beside.evaluate("each => each.scrollWidth > each.clientWidth")
        assert "gradient" in beside.evaluate("each => getComputedStyle(each).backgroundImage")
        beside.focus()
        beside.press("ArrowRight")
        beside.evaluate("each => new Promise(done => each.addEventListener('scrollend', done, {once: true}))")
        assert beside.evaluate("each => each.scrollLeft") > 0


class TestStructure:
    @pytest.mark.parametrize("name", REPORTS)
    def test_headings_skip_no_level(self, seen: Callable[..., Opened], name: str) -> None:
        headings = "[...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map((each) => Number(each.tagName[1]))"
        levels = seen(name, 1280, "light").page.evaluate(headings)
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(below <= above + 1 for above, below in pairwise(levels))

    @pytest.mark.parametrize("name", REPORTS)
    def test_what_is_shown_has_a_name(self, seen: Callable[..., Opened], name: str) -> None:
        """As the browser tells it to those who cannot see: charts, tables and parts of the page."""
        page = seen(name, 1280, "light").page
        for role in ("img", "region", "navigation"):
            there = page.get_by_role(role)
            assert there.count() > 0
            assert page.get_by_role(role, name=re.compile(r"\w{3}")).count() == there.count()
        assert page.get_by_role("img").count() == page.locator("figure").count()
        assert page.get_by_role("main").count() == 1

    @pytest.mark.parametrize("name", REPORTS)
    def test_ids_are_unique(self, seen: Callable[..., Opened], name: str) -> None:
        ids = seen(name, 1280, "light").page.evaluate("[...document.querySelectorAll('[id]')].map((each) => each.id)")
        assert len(ids) == len(set(ids)) > 10

    def test_names_run_nothing(self, seen: Callable[..., Opened]) -> None:
        page = seen("hostile names", 1280, "light").page
        assert page.evaluate("window.taken === undefined")
        assert page.evaluate("document.scripts.length + document.images.length") == 0
        title = page.locator("#result-1 h2").inner_text()  # the brief of several results comes before it
        assert title.startswith("<script>window.taken = 1</script> & \"both\" 'sides'")


class TestKeyboard:
    @pytest.mark.parametrize("width", WIDTHS)
    def test_all_that_scrolls_is_reached(self, opened: Callable[..., Opened], width: int) -> None:
        shown = opened("a run", width)
        shown.page.locator("details").evaluate("details => (details.open = true)")
        wanted = set(range(shown.page.locator(".scroll").count()))
        reached = set()
        for _ in range(3 * len(wanted) + 20):
            shown.page.keyboard.press("Tab")
            focus = shown.measure("focused")
            if focus["tag"] == "BODY":
                break
            assert focus["seen"], focus
            reached.add(focus["region"])
        assert len(wanted) > 8
        assert reached >= wanted

    def test_the_first_stop_skips_to_the_answer(self, opened: Callable[..., Opened]) -> None:
        shown = opened("a run", 390)
        assert shown.page.locator(".skip").bounding_box()["x"] < -100
        shown.page.keyboard.press("Tab")
        link = shown.measure("focused")
        assert (link["tag"], link["text"], link["seen"]) == ("A", "Skip to the answer", True)
        assert 0 <= link["box"]["left"] < link["box"]["right"] <= 390
        assert link["box"]["top"] >= 0
        shown.page.keyboard.press("Enter")
        assert shown.measure("focused")["id"] == "main"
        shown.page.keyboard.press("Tab")
        assert shown.measure("focused")["region"] == 0


class TestPrint:
    @pytest.mark.parametrize("name", ["a run", "several"])
    def test_all_charts_are_on_paper(self, opened: Callable[..., Opened], name: str) -> None:
        page = opened(name).page
        charts = page.locator("figure").count()
        pdf = page.pdf(format="A4", tagged=True)
        assert pdf.startswith(b"%PDF")
        assert len(re.findall(rb"/Type ?/Page\b", pdf)) >= charts / 2
        assert len(re.findall(rb"/S ?/Figure\s*/Alt\b", pdf)) == charts
        page.locator("figure .chart").evaluate_all("charts => charts.forEach((chart) => chart.replaceChildren())")
        assert len(page.pdf(format="A4", tagged=True)) < 0.7 * len(pdf)

    def test_three_results_fit_twelve_pages(self, opened: Callable[..., Opened]) -> None:
        pdf = opened("three runs").page.pdf(format="A4", tagged=True)
        assert 4 < len(re.findall(rb"/Type ?/Page\b", pdf)) <= 12

    def test_they_fit_the_paper_and_are_light(self, opened: Callable[..., Opened]) -> None:
        shown = opened("several", scheme="dark")
        shown.page.emulate_media(media="print")
        paper = {"width": 718, "height": 1000}
        shown.page.set_viewport_size(paper)
        for frame in shown.measure("frames"):
            assert frame["picture"]["right"] <= paper["width"]
            assert frame["picture"]["height"] <= paper["height"]
        assert min(text["size"] for text in shown.measure("letters")) > LEAST_LETTERS
        assert shown.page.evaluate("document.documentElement.scrollWidth") <= paper["width"]
        assert shown.measure("lightness") > 0.9
        assert not shown.page.locator("nav").is_visible()
