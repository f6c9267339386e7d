"""`parley explore` as people use it: a real server, a real browser, hands on sliders and keys."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from sim.output.report.answer_sentences import of_run
from sim.output.words.numbers_and_names import percent
from sim.scenario.loading.scenario_loader import load_scenario
from sim.study.ensemble import run
from tests.browser.conftest import LONGEST

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser
pytest.importorskip("nicegui")

ROOT = Path(__file__).parents[2]

FILE = """\
extends: {baseline}
title: <b>Bold</b> & "quoted"</title><script>window.taken=1</script>
runs: 2000
rounds: {{value: 12, assumption: so that the test is short}}
implementation: {{periods: {{value: 60, assumption: so that the test is short}}}}
issues:
  territory: {{low: "<img src=x onerror=window.taken=1>"}}
"""
"""The baseline with fewer runs, in less time, and words that are no markup."""

WIDTHS = (390, 1024, 2560)


def until(page: Page, holds: str, arg: Any = None) -> None:
    """Wait until something holds on a page. It is asked now and then: once a frame, it would draw all along."""
    page.wait_for_function(holds, arg=arg, polling=100)


@dataclass
class Opened:
    """A page, and what it told and asked for while it was open."""

    page: Page
    address: str
    messages: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Note from now on what the page says, and whatever it asks of others."""
        self.page.on("request", lambda request: self._note(request.url))
        self.page.on("websocket", lambda socket: self._note(socket.url))
        self.page.on("console", lambda message: self.messages.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.messages.append(str(error)))

    def _note(self, url: str) -> None:
        host = self.address.partition("://")[2].rstrip("/")
        if not url.startswith("data:") and url.partition("://")[2].partition("/")[0] != host:
            self.foreign.append(url)

    def answered(self, unlike: str = "") -> str:
        """Wait for an answer in full, unlike the one given; return it."""
        until(
            self.page,
            """(before) => {
                const [lead, range] = [...document.querySelectorAll('.answer > p')].map(
                    (each) => each.textContent.replaceAll("\\u00a0", " "));
                return lead?.includes('%') && lead !== before && !range.includes('being worked out');
            }""",
            arg=unlike,
        )
        return str(self.page.locator(".answer .lead").inner_text()).replace("\N{NO-BREAK SPACE}", " ")

    def slider(self, name: str) -> Any:
        """Return the handle of a slider."""
        return self.page.get_by_role("slider", name=name, exact=True)

    def saved(self, words: str, folder: Path) -> Path:
        """Download something by the menu; return where it was put."""
        self.page.locator(".menu summary").click()
        with self.page.expect_download(timeout=3 * LONGEST) as download:
            self.page.get_by_role("button", name=words).click()
        path = folder / download.value.suggested_filename
        download.value.save_as(path)
        return path


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scenario that is explored."""
    path = tmp_path_factory.mktemp("explored") / "asked.yaml"
    path.write_text(FILE.format(baseline=ROOT / "scenarios" / "baseline.yaml"), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def serving(asked: Path, chromium: Browser) -> Iterator[list[Any]]:
    """The process that serves a page on it, and the address; one test puts another process in its place."""
    both = [*served(asked, 18090)]
    yield both
    end(both[0])


@pytest.fixture
def address(serving: list[Any]) -> str:
    """Where a page on it is served."""
    return str(serving[1])


LIGHT = (str(Path(__file__).with_name("light_server.py")),)
WHOLE = ("-m", "sim")


def served(asked: Path, port: int, parley: tuple[str, ...] = LIGHT) -> tuple[subprocess.Popen[str], str]:
    """Serve a page on a scenario, at a port or the next free one; return the process and the address."""
    process = subprocess.Popen(
        [sys.executable, *parley, "explore", str(asked), "--no-open", "--port", str(port)],
        stderr=subprocess.PIPE,
        text=True,
        cwd=asked.parent,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
    )
    assert process.stderr is not None
    said = ""
    while "Ctrl-C" not in said:
        line = process.stderr.readline()
        assert line, said
        said += line
    return process, re.search(r"http://\S+", said)[0]  # type: ignore[index]


def end(process: subprocess.Popen[str]) -> None:
    """End a server as people do, and see that it says nothing else."""
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "Ended.\n")


@pytest.fixture(scope="module")
def window(chromium: Browser) -> Iterator[BrowserContext]:
    """A window for all tests: what the page is made of is loaded and compiled once, and each tab stays by itself."""
    context = chromium.new_context(viewport={"width": 1024, "height": 900})
    context.set_default_timeout(LONGEST)
    yield context
    context.close()


@pytest.fixture
def tab(window: BrowserContext) -> Iterator[Page]:
    """A new tab."""
    page = window.new_page()
    yield page
    page.close()


@pytest.fixture
def opened(window: BrowserContext, address: str) -> Iterator[Callable[..., Opened]]:
    """Open the page in a tab of a width and a colour scheme; whatever it asks of others is noted."""
    shown: list[Opened] = []

    def show(query: str = "", width: int = 1024, scheme: Any = "light") -> Opened:
        page = window.new_page()
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        opened = Opened(page, address)
        shown.append(opened)
        opened.watch()
        page.goto(address + query)
        return opened

    yield show
    for each in shown:
        assert each.messages == []
        assert each.foreign == []
    for each in shown:
        each.page.close()


@pytest.fixture(scope="module")
def kept_tab(window: BrowserContext, serving: list[Any]) -> Iterator[Opened]:
    """A tab that several tests use one after the other: loading a page takes more than what most do on it."""
    shown = Opened(window.new_page(), str(serving[1]))
    shown.watch()
    shown.page.goto(shown.address)
    yield shown
    shown.page.close()


@pytest.fixture
def shared(kept_tab: Opened) -> Iterator[Opened]:
    """The tab, with all settings as the file has them and an answer to them."""
    kept_tab.answered()
    back = kept_tab.page.get_by_role("button", name="Back to the file", exact=True)
    if back.is_enabled():
        back.click()
        kept_tab.page.wait_for_url(kept_tab.address)
        until(kept_tab.page, "!document.body.hasAttribute('data-behind')")
    yield kept_tab
    assert kept_tab.messages == []
    assert kept_tab.foreign == []


def test_a_slider_moves_the_number_and_the_file_gives_it_again(shared, tmp_path):
    shown = shared
    before = shown.answered()
    assert "2,000 simulated runs" in before
    handle = shown.slider("mutual distrust, to")
    box = handle.bounding_box()
    at = lambda share: box["x"] + 9 + share * (box["width"] - 18)  # noqa: E731
    shown.page.mouse.move(at(0.95), box["y"] + box["height"] / 2)
    shown.page.mouse.down()
    shown.page.mouse.move(at(0.85), box["y"] + box["height"] / 2, steps=8)
    shown.page.mouse.up()
    dragged = shown.answered(before)
    for _ in range(3):
        handle.press("ArrowLeft")
    pressed = shown.answered(dragged)
    path = shown.saved("Scenario file", tmp_path)
    case = load_scenario(path, strict=True)
    kept = run(case, out=tmp_path / "results")
    assert shown.answered() == pressed == of_run(kept.summary, case)[0]
    cells = shown.page.locator(".answer .figures tbody tr").first.locator("td").all_inner_texts()
    spread = kept.summary["outcomes"]["settlement"]["spread"]
    assert cells[0] == percent(kept.summary["outcomes"]["settlement"]["p"])
    assert cells[2] == f"{100 * spread['low']:.1f}–{100 * spread['high']:.1f} %"


def test_undo_redo_and_the_way_back(shared):
    shown = shared
    first = shown.answered()
    handle = shown.slider("Russia's distrust of Ukraine, from")
    handle.press("PageDown")
    moved = shown.answered(first)
    assert shown.page.url.endswith(
        re.search(r"\?distrust\.russia\.ukraine=0\.65\.\.0\.95&of=\w{6}$", shown.page.url)[0]
    )
    shown.page.keyboard.press("Control+z")
    assert shown.answered(moved) == first
    shown.page.keyboard.press("Control+Shift+z")
    assert shown.answered(first) == moved
    shown.page.get_by_role("button", name="Back to the file: Russia's distrust of Ukraine").click()
    assert shown.answered(moved) == first
    assert shown.page.url == shown.address


def test_a_range_can_be_moved_narrowed_to_a_point_and_set_exactly(shared):
    shown = shared
    shown.answered()
    control = shown.page.get_by_role("group", name="Ukraine's distrust of the US", exact=True)
    bar = control.locator(".between").bounding_box()
    middle = bar["x"] + bar["width"] / 2, bar["y"] + bar["height"] / 2
    shown.page.mouse.move(*middle)
    shown.page.mouse.down()
    shown.page.mouse.move(middle[0] + 60, middle[1], steps=5)
    shown.page.mouse.up()
    low, high = (float(end) for end in control.locator("output").inner_text().split("–"))
    assert low > 0.15
    assert high - low == pytest.approx(0.5, abs=0.011)
    control.locator("summary").click()
    assert "The article does not say what Ukraine thinks of the mediator" in control.inner_text()
    control.get_by_role("checkbox").uncheck()
    assert float(control.locator("output").inner_text()) == pytest.approx((low + high) / 2, abs=0.011)
    exactly = control.get_by_role("textbox")
    exactly.fill("0,123")
    exactly.press("Enter")
    until(shown.page, "location.search.includes('distrust.ukraine.us=0.123&')")
    for typed, says in (
        ("7", "It must be a number from 0 to 1, not 7."),
        ("much", "much is no number. It stays at 0.123."),
        ("1e400", "1e400 is too great a number. It stays at 0.123."),
        ("", "Nothing is written there. It stays at 0.123."),
        ("1,000", "Is 1,000 1000 or 1.000? Please write it without a comma. It stays at 0.123."),
    ):
        exactly.fill(typed)
        exactly.press("Enter")
        control.get_by_role("alert").filter(has_text=says).wait_for()
        assert control.locator("output").inner_text() == "0.123"
        assert exactly.input_value() == "0.123"
        assert "ukraine.us=0.123&" in shown.page.url
    exactly.fill(".2")
    exactly.press("Enter")
    control.get_by_role("alert").wait_for(state="detached")


def test_pinned_and_present_are_compared_with_common_random_numbers(opened):
    shown = opened("?seed=5")
    first = shown.answered()
    shown.page.get_by_role("button", name="Pin", exact=True).click()
    compared = shown.page.get_by_role("region", name="Compared with the pinned scenario")
    same = compared.locator("td").first
    assert "No changes yet" in compared.inner_text()
    assert same.count() == 0
    shown.slider("mutual distrust, from").press("PageDown")
    shown.answered(first)
    until(shown.page, "document.querySelector('.compared td').textContent.startsWith('+')")
    change = float(re.match(r"[+−]([\d.]+)", same.inner_text())[1])
    shares = [float(re.search(r"([\d.]+) %", text)[1]) for text in (first, shown.answered())]
    assert change == pytest.approx(shares[1] - shares[0], abs=0.11)
    assert "mutual distrust: 0.75–0.95 → 0.65–0.95" in compared.inner_text()
    shown.page.get_by_role("button", name="Unpin").click()
    compared.wait_for(state="hidden")


def test_the_focus_stays_with_who_goes_back_by_keys(opened):
    shown = opened()
    first = shown.answered()
    shown.slider("mutual distrust, to").press("PageDown")
    moved = shown.answered(first)
    shown.page.get_by_role("button", name="Back to the file: mutual distrust", exact=True).press("Enter")
    assert shown.answered(moved) == first
    focused = "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent"
    assert shown.page.evaluate(focused) == "mutual distrust, to"
    undo = shown.page.get_by_role("button", name="Undo", exact=True)
    undo.press("Enter")
    undo.press("Enter")
    until(shown.page, "[...document.querySelectorAll('button')][0].ariaDisabled === 'true'")
    assert shown.page.evaluate(focused) == "Undo"


def test_the_address_tells_what_is_shown(opened):
    shown = opened("?mediator=none&along=mediator.shuttle&seed=9223372036854775807")
    shown.answered()
    assert shown.page.get_by_label("Along which parameter").input_value() == "distrust"
    assert shown.page.get_by_role("textbox", name="Random seed").input_value() == "9223372036854775807"
    shown.page.get_by_label("with a mediator").check()
    until(shown.page, "!location.search.includes('mediator=none')")
    assert "along=mediator.shuttle" in shown.page.url
    shown.page.get_by_label("with a mediator").uncheck()
    until(shown.page, "!location.search.includes('along=')")


def test_a_link_restores_what_was_set(opened):
    query = "?distrust=0.3..0.5&mediator.style=facilitation&seed=7&along=rapport"
    shown = opened(query)
    answer = shown.answered()
    assert shown.page.locator("h1").inner_text().endswith("changed by hand")
    assert shown.slider("mutual distrust, from").get_attribute("aria-valuetext") == "0.3"
    shown.page.locator("#group-mediator > summary").click()
    assert shown.page.get_by_role("radio", name="facilitation").is_checked()
    assert shown.page.get_by_label("Along which parameter").input_value() == "rapport"
    other = opened(shown.page.url.removeprefix(shown.address))
    assert other.answered() == answer


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("?<script>window.taken=1</script>=1", "no parameter"),
        ("?" + "a" * 7000, "letters long"),
    ],
    ids=["markup", "too long"],
)
def test_a_malformed_link_gets_a_message_and_a_way_on(opened, query, says):
    shown = opened(query)
    alert = shown.page.get_by_role("alert")
    assert says in alert.inner_text()
    assert "Here is the scenario as its file has it." in alert.inner_text()
    assert "2,000 simulated runs" in shown.answered()
    assert shown.page.evaluate("window.taken === undefined")


def test_a_run_is_told_as_trace_tells_it(shared, asked):
    from sim.output.tables.run_narrative import narrate_run

    shown = shared
    shown.answered()
    number = shown.page.get_by_role("textbox", name="Run number")
    for typed, says in (("-1", "It goes from 0 to 99,999."), ("many", "many is no whole number. It goes from 0 to")):
        number.fill(typed)
        number.press("Enter")
        shown.page.locator(".story").get_by_role("alert").filter(has_text=says).wait_for()
        assert number.input_value() == "0"
    number.fill("17")
    number.press("Enter")
    story = shown.page.get_by_role("region", name="The run, week by week")
    story.get_by_text("Run 17 of").wait_for()
    told = list(narrate_run(load_scenario(asked), 17))
    assert [text.strip() for text in story.locator("p").all_inner_texts()][-1] == told[-1]
    assert story.locator("p").count() == len(told)


def test_the_run_that_is_told_is_one_of_the_present_scenario(shared):
    shown = shared
    first = shown.answered()
    story = shown.page.get_by_role("region", name="The run, week by week")
    story.locator("p").first.wait_for()
    shown.slider("Russia's distrust of Ukraine, from").press("PageDown")
    shown.answered(first)
    story.get_by_text("changed by hand").first.wait_for()


def test_an_end_that_is_moved_onto_the_other_stays_in_the_hand_and_the_focus(shared):
    shown = shared
    shown.answered()
    handle = shown.slider("Russia's distrust of Ukraine, from")
    box = handle.bounding_box()
    across = lambda value: (box["x"] + 9 + value * (box["width"] - 18), box["y"] + box["height"] / 2)  # noqa: E731
    shown.page.mouse.move(*across(0.75))
    shown.page.mouse.down()
    for value in (0.85, 0.96, 0.8, 0.6):
        shown.page.mouse.move(*across(value))
        shown.page.wait_for_timeout(300)
    shown.page.mouse.up()
    low, high = (float(shown.slider(f"Russia's distrust of Ukraine, {end}").input_value()) for end in ("from", "to"))
    assert low == pytest.approx(0.6, abs=0.02)
    assert high > 0.9
    # Keys that close a range leave the focus on the handle that remains.
    handle.press("End")
    point = shown.slider("Russia's distrust of Ukraine")
    point.wait_for()
    assert point.evaluate("handle => handle === document.activeElement")


def test_what_stands_as_in_the_file_is_not_called_changed(shared):
    shown = shared
    first = shown.answered()
    handle = shown.slider("Russia's distrust of Ukraine, from")
    handle.press("ArrowLeft")
    moved = shown.answered(first)
    handle.press("ArrowRight")
    assert shown.answered(moved) == first
    assert shown.page.url == shown.address


def test_charts_and_report_come_as_files(shared, tmp_path):
    import zipfile

    shown = shared
    shown.answered()
    with zipfile.ZipFile(shown.saved("Charts as SVG", tmp_path)) as charts:
        assert {"outcomes.svg", "terms.svg", "distrust.svg", "settlement.svg"} <= set(charts.namelist())
        assert charts.read("terms.svg").startswith(b"<?xml")
    report = shown.saved("Report", tmp_path).read_text(encoding="utf-8")
    assert shown.answered().partition(",")[2] in report


def test_it_fits_every_window_by_day_and_by_night(opened):
    shown = opened("?distrust=0.5", WIDTHS[0])
    shown.answered()
    page = shown.page
    page.locator(".panel.curve svg path").first.wait_for(state="attached")
    page.locator(".pair").first.wait_for()
    page.get_by_role("button", name="Pin", exact=True).click()
    for group in page.locator(".group > summary").all()[1:]:
        group.click()
    page.locator("#group-talks .control").first.wait_for()
    page.locator(".control summary").first.click()
    for scheme, width in product(("light", "dark"), WIDTHS):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.clientWidth") <= width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        light = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (light == "rgb(255, 255, 255)") is (scheme == "light")
    assert page.evaluate("window.taken === undefined")
    assert page.locator("h1").inner_text().startswith('<b>Bold</b> & "quoted"</title><script>')
    assert page.title().startswith('<b>Bold</b> & "quoted"</title><script>')


class TestForEverybody:
    def test_every_control_is_reached_by_keys_and_has_a_name(self, opened):
        shown = opened()
        shown.answered()
        page = shown.page
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to the answer"
        wanted = page.locator("button:enabled:visible, select:visible, summary:visible, input:visible").count()
        names, seen = set(), 0
        for _ in range(wanted + 30):
            page.keyboard.press("Tab")
            told = page.evaluate(
                """() => {
                    const e = document.activeElement, s = getComputedStyle(e);
                    const outlined = s.outlineStyle !== 'none' && s.outlineWidth !== '0px';
                    const own = e.matches('input[type=range]') || outlined;
                    const labels = [...(e.labels || [])].map((label) => label.textContent).join(' ');
                    return [e.tagName, e.getAttribute('aria-label') || labels || e.textContent.trim(), own];
                }"""
            )
            if told[0] == "BODY":
                break
            assert told[1], told
            assert told[2], told
            names.add((told[0], told[1]))
            seen += 1
        assert seen >= wanted
        assert ("INPUT", "mutual distrust, to") in names

    def test_sliders_answer_and_charts_are_told_in_words(self, shared):
        """Where sliders stand, the answer once it is calm, and what charts show."""
        shown = shared
        answer = shown.answered()
        for name, text in (("mutual distrust, from", "0.75"), ("mutual distrust, to", "0.95")):
            assert shown.slider(name).get_attribute("aria-valuetext") == text
        status = shown.page.locator("p[role=status]")
        assert status.get_attribute("aria-live") == "polite"
        until(
            shown.page,
            "(answer) => document.querySelector('p[role=status]').textContent.startsWith(answer)",
            arg=answer,
        )
        shown.page.locator(".pair").first.wait_for()
        for words in ("Shares of runs by week", "Distribution of terms", "goes from", "One panel for each"):
            assert shown.page.get_by_role("img", name=re.compile(words)).count() == 1

    def test_colours_can_be_chosen(self, shared):
        shown = shared
        shown.answered()
        shown.page.locator(".panel.curve svg path").first.wait_for(state="attached")
        shown.page.get_by_label("Colours of the page").select_option("dark")
        until(shown.page, "getComputedStyle(document.body).backgroundColor === 'rgb(22, 25, 28)'")
        until(shown.page, "document.querySelector('.panel.curve svg').innerHTML.includes('#56b3c9')")
        shown.page.get_by_label("Colours of the page").select_option("auto")
        until(shown.page, "getComputedStyle(document.body).backgroundColor === 'rgb(255, 255, 255)'")


def test_what_does_nothing_is_said(opened):
    """Leverage works under manipulation only: the words are those of `parley check`."""
    shown = opened("?mediator.leverage.russia=0.1")
    shown.answered()
    note = shown.page.locator(".notes li")
    assert note.count() == 1
    assert "mediator.leverage" in note.inner_text()
    shown.page.get_by_role("button", name="Back to the file", exact=True).click()
    note.wait_for(state="detached")


def test_tabs_know_nothing_of_each_other(shared, opened):
    one, other = shared, opened()
    first = one.answered()
    other.answered()
    one.slider("mutual distrust, from").press("PageDown")
    assert one.answered(first) != first
    assert other.answered() == first
    assert other.page.url == other.address


def _wire(page: Page, to_page: list[bool], to_server: Callable[[str], bool]) -> None:
    """Stand between page and server: what the server says waits while `to_page` is [False], and some is not passed on.

    `to_server` tells whether something that the page says is.
    """

    def between(page_end: Any) -> None:
        server_end = page_end.connect_to_server()
        held: list[Any] = []

        def from_server(message: Any) -> None:
            held.append(message)
            if to_page[0]:
                while held:
                    page_end.send(held.pop(0))

        server_end.on_message(from_server)
        page_end.on_message(lambda message: server_end.send(message) if to_server(str(message)) else None)

    page.route_web_socket(re.compile("socket.io"), between)


def test_a_browser_that_is_too_busy_to_answer_gets_its_answer(tab, address):
    _wire(tab, [True], lambda said: "javascript_response" not in said and "unsent" not in said)
    tab.goto(address)
    assert "2,000 simulated runs" in Opened(tab, address).answered()


def test_what_is_shown_of_earlier_settings_is_marked_before_the_server_says_so(tab, address):
    page = tab
    page.set_viewport_size({"width": 390, "height": 900})
    to_page = [True]
    _wire(page, to_page, lambda said: True)
    page.goto(address)
    shown = Opened(page, address)
    first = shown.answered()
    marks = page.locator(".earlier:visible")
    page.locator(".pair").first.wait_for()
    page.locator(".told p").first.wait_for()
    until(page, "!document.querySelector('[data-behind]')")
    assert marks.count() == 0
    to_page[0] = False
    shown.slider("mutual distrust, from").press("PageDown")
    assert page.locator(".answer .earlier").is_visible()  # at once: nobody has said anything
    assert page.locator(".brief .earlier").is_visible()
    assert marks.first.inner_text() == "for the settings before the last move"
    dimmed = """(name) => {
        const seen = (each) => each ? Number(getComputedStyle(each).opacity) * seen(each.parentElement) : 1;
        return seen(document.querySelector(name)) < 0.6;
    }"""
    assert not page.evaluate(dimmed, ".earlier")
    for each in (".answer .lead", ".headline", ".figures", ".curve .chart", ".outcomes .chart", ".issues", ".pairs"):
        assert page.evaluate(dimmed, each), each
    to_page[0] = True
    assert shown.answered(first) != first
    until(page, "!document.querySelector('[data-behind]')")  # distrust and the run that is told, too
    assert marks.count() == 0


def test_what_is_refused_leaves_nothing_marked(shared):
    shown = shared
    shown.answered()
    control = shown.page.get_by_role("group", name="mutual distrust", exact=True)
    control.locator("summary").click()
    exactly = control.get_by_role("textbox", name="mutual distrust, exactly to")
    exactly.fill("7")
    exactly.press("Enter")
    control.get_by_role("alert").filter(has_text="from 0 to 1").wait_for()
    until(shown.page, "!document.body.hasAttribute('data-behind')")


def _reloaded(page: Page) -> None:
    page.reload()


def _left_and_come_back(page: Page) -> None:
    page.goto("about:blank")
    page.go_back()


def _cut_off(page: Page) -> None:
    page.evaluate("window.socket.io.engine.close()")


def test_pin_and_steps_outlive_the_page(opened):
    shown = opened()
    page = shown.page
    first = shown.answered()
    page.get_by_role("button", name="Pin", exact=True).click()
    page.get_by_role("button", name="Unpin").wait_for()
    shown.slider("mutual distrust, from").press("PageDown")
    second = shown.answered(first)
    shown.slider("mutual distrust, to").press("PageDown")
    third = shown.answered(second)
    page.get_by_role("button", name="Undo").click()
    assert shown.answered(third) == second
    difference = page.locator(".compared td").first
    until(page, "document.querySelector('.compared td')?.textContent.startsWith('+')")
    before = difference.inner_text()
    for happens in (_reloaded, _left_and_come_back, _cut_off):
        happens(page)
        page.get_by_role("button", name="Unpin").wait_for()
        until(page, "(before) => document.querySelector('.compared td')?.textContent === before", arg=before)
        assert shown.answered() == second
        page.get_by_role("button", name="Redo").click()
        assert shown.answered(second) == third
        page.get_by_role("button", name="Undo").click()
        assert shown.answered(third) == second
        assert page.locator(".problem").is_hidden()
    page.get_by_role("button", name="Undo").click()
    assert shown.answered(second) == first
    assert "No changes yet" in page.locator(".compared").inner_text()
    shown.messages[:] = [each for each in shown.messages if "reloading" not in each]


def test_a_link_that_is_followed_in_the_same_tab_can_be_undone(opened):
    shown = opened("?distrust=0.5")
    first = shown.answered()
    shown.page.goto(f"{shown.address}?distrust=0.6")
    second = shown.answered(first)
    shown.page.get_by_role("button", name="Undo").click()
    assert shown.answered(second) == first


@contextmanager
def another_site(html: str) -> Iterator[str]:
    """Serve a page of another site from this machine; yields its address."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_other_sites_can_link_to_the_page_but_not_frame_or_call_it(tab, address):
    parts = f"<iframe src='{address}'></iframe><img src='{address}'><script src='{address}'></script>"
    page = tab
    answers: list[int] = []
    page.on("response", lambda response: answers.append(response.status) if response.url == address else None)
    with another_site(f"{parts}<a href='{address}'>There</a>") as elsewhere:
        page.goto(elsewhere, wait_until="load")
        assert set(answers) == {421}  # of the frame at least: what is embedded, Chromium keeps from the page altogether
        assert not any(frame.locator(".answer").count() for frame in page.frames)
        assert page.evaluate("document.images[0].naturalWidth") == 0
        page.get_by_role("link", name="There").click()
        assert "simulated runs" in Opened(page, address).answered()


def test_a_server_that_was_started_anew_goes_on_where_the_old_one_was(tab, asked, serving):
    process, address = serving
    page = tab
    page.set_default_timeout(3 * LONGEST)
    page.goto(address)
    shown = Opened(page, address)
    first = shown.answered()
    page.get_by_role("button", name="Pin", exact=True).click()
    page.get_by_role("button", name="Unpin").wait_for()
    shown.slider("mutual distrust, from").press("PageDown")
    second = shown.answered(first)
    port = int(address.rstrip("/").rpartition(":")[2])
    end(process)
    page.get_by_text("No connection").wait_for()
    shown.slider("mutual distrust, to").press("PageDown")
    serving[0], again = served(asked, port, WHOLE)
    assert again == address
    page.get_by_text("The connection was lost before your last move arrived").wait_for()
    assert shown.answered(first) == second
    page.get_by_role("button", name="Unpin").wait_for()
    page.get_by_role("button", name="Undo").click()
    assert shown.answered(second) == first
