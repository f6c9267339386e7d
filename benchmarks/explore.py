"""How fast the live page is: from a key on a slider to the new number, and to the curve; alone, and with other tabs.

    python benchmarks/explore.py [--moves 20] [--scenario FILE] [--tabs 3] [--json FILE]

Starts `parley explore` and drives it in Chromium (Debian's package; playwright from the extra `dev`). Times are taken
inside the page, from the key to the change of the page. Other work on the machine slows page and engine alike, so each
move stands beside one bare run of the engine (as many runs, in one process that has nothing else to do) made just after
it: what the page adds is the difference. What to expect on two free cores: a new number within 200 ms for 2,000 runs,
the curve within 1.5 s, and with other tabs at work no more than one piece of theirs later.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sim.explore.engine.ensemble_figures import stretch, summarise_runs
from sim.explore.state.page_settings import FIRST
from sim.scenario.loading.scenario_loader import load_scenario
from sim.study.execution.task_simulation import simulate_table

ROOT = Path(__file__).parent.parent
BASELINE = ROOT / "scenarios" / "baseline.yaml"

CHROMIUM = "/usr/bin/chromium"
OPTIONS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]

REST = 2.0
"""Seconds between moves, from the curve on: sharpening has begun."""

SOON = 200
"""Milliseconds within which a new number ought to be there."""

ALONG = "rapport"
"""Along which parameter the curve goes: one that is not moved, so that every move bends it."""

WATCH = """() => {
    const told = (name) => {
        if (name in window.seen) return;
        window.seen[name] = performance.now();
        window.waiting[name]?.();
    };
    window.seen = {};
    window.waiting = {};
    window.until = (name) => new Promise((done, failed) => {
        if (name in window.seen) return done();
        window.waiting[name] = done;
        setTimeout(() => failed(new Error(`no new ${name}`)), 60000);
    });
    const watch = (name, selector) => new MutationObserver(() => told(name))
        .observe(document.querySelector(selector), { subtree: true, childList: true, characterData: true });
    watch("number", ".answer .lead");
    const chart = document.querySelector(".panel.curve .chart");
    new MutationObserver(() => {
        if (chart.dataset.runs === "0") window.seen.bending = true;
        else if (window.seen.bending) told("curve");
    }).observe(chart, { attributes: true });
    addEventListener("keydown", () => { window.seen = { key: performance.now() }; }, true);
}"""
"""The page tells when it has changed: to be asked again and again would have it drawn again and again."""

Figures = dict[str, Any]


@contextmanager
def served(file: Path) -> Iterator[str]:
    """Serve the page on a scenario; yields its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sim", "explore", str(file), "--no-open", "--port", "18190"],
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
    )
    assert process.stderr is not None
    try:
        said = next(found for line in process.stderr if (found := re.search(r"http://\S+", line)))
        yield said[0]
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


def moves(page: Any, file: Path, count: int) -> list[Figures]:
    """Widen mutual distrust step by step, which moves the number and bends the curve; return what each step took."""
    scenario = load_scenario(file)
    page.evaluate(WATCH)
    done = []
    for _ in range(count):
        page.get_by_role("slider", name="mutual distrust, from", exact=True).focus()
        page.keyboard.press("ArrowLeft")
        page.evaluate("until('number')")
        page.evaluate("until('curve')")
        page.wait_for_timeout(1000 * REST)
        seen = page.evaluate("window.seen")
        begin = time.perf_counter()
        summarise_runs(scenario, [simulate_table(task) for task in stretch(scenario, range(FIRST))])
        done.append(
            {
                "number": seen["number"] - seen["key"],
                "curve": seen["curve"] - seen["key"],
                "engine": 1000 * (time.perf_counter() - begin),
                "load": os.getloadavg()[0],
            }
        )
    return done


def opened(browser: Any, address: str) -> Any:
    """Open a tab and wait for its first answer."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(address)
    page.wait_for_function("document.querySelector('.answer .lead')?.textContent.includes('%')", timeout=60_000)
    return page


def middle(done: list[Figures], name: str) -> Figures:
    """Return median, least and greatest of a figure over the moves that have it."""
    values = [move[name] for move in done]
    return {"median": statistics.median(values), "least": min(values), "greatest": max(values)}


def in_time(done: list[Figures]) -> str:
    """Return how many numbers came as soon as they ought to."""
    return f"{sum(move['number'] < SOON for move in done)} of {len(done)} within {SOON} ms"


def measured(address: str, file: Path, count: int, tabs: int) -> Figures:
    """Measure one tab alone, and one while others sharpen their answers."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        begin = time.perf_counter()
        page = opened(browser, f"{address}?along={ALONG}")
        first = time.perf_counter() - begin
        page.wait_for_timeout(5000)
        alone = moves(page, file, count)
        others = [opened(browser, f"{address}?runs=100000&seed={number}") for number in range(2, tabs + 1)]
        shared = moves(page, file, count)
        sharpening = ["Continuing" in other.locator(".answer").inner_text() for other in others]
        browser.close()
    return {
        "first_answer_s": first,
        "alone": {name: middle(alone, name) for name in ("number", "curve", "engine", "load")},
        "with_others": {name: middle(shared, name) for name in ("number", "curve", "engine", "load")},
        "others_still_at_work": sum(sharpening),
        "moves": {"alone": alone, "with_others": shared},
    }


def main() -> None:
    """Measure, print a table, and perhaps write the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--moves", type=int, default=20, help="moves of a slider in each setting (default: 20)")
    parser.add_argument("--scenario", type=Path, default=BASELINE)
    parser.add_argument("--tabs", type=int, default=3, help="tabs in the second setting (default: 3)")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    asked = parser.parse_args()
    with served(asked.scenario.resolve()) as address:
        figures = measured(address, asked.scenario, asked.moves, asked.tabs)
    print(f"page opened and first answer shown after {figures['first_answer_s']:.2f} s")
    print(f"{'milliseconds':34}{'median':>10}{'least':>10}{'greatest':>10}")
    for setting, words in (("alone", "one tab"), ("with_others", f"one of {asked.tabs} tabs")):
        for name, what in (("number", "new number"), ("curve", "new curve"), ("engine", "engine alone, after it")):
            cells = figures[setting][name]
            print(f"{f'{words}: {what}':34}" + "".join(f"{cells[each]:10.0f}" for each in cells))
        print(f"{words}: new number, {in_time(figures['moves'][setting])}")
        print(f"{f'{words}: load of the machine':34}{figures[setting]['load']['median']:10.1f}")
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
