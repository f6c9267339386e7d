"""Make the pictures of the live page: `parley explore` on the baseline, as a visitor has set it, in Chromium.

    python docs/make_screens.py

writes images/explore/. Needs Chromium and the extra `dev`.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parent
ROOT = DOCS.parent
IMAGES = DOCS / "images" / "explore"

CHROMIUM = "/usr/bin/chromium"
OPTIONS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]

SCREENS = {"wide": (1500, 1500, "light"), "narrow-dark": (390, 1400, "dark")}
"""Width, height and colour scheme of each picture."""

SHARP = """() => {
    const small = document.querySelector('.answer .progress').textContent;
    return small.includes('runs') && !small.includes('Continuing') && document.querySelector('.panel.curve .theory li');
}"""


def main() -> None:
    """Serve the page, set something, and take the pictures."""
    from playwright.sync_api import sync_playwright

    IMAGES.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    command = [sys.executable, "-m", "sim", "explore", "--no-open", "--port", "18290"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=ROOT, env=environment)
    assert process.stderr is not None
    try:
        address = next(found[0] for line in process.stderr if (found := re.search(r"http://\S+", line)))
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
            for name, (width, height, scheme) in SCREENS.items():
                take(browser, address, IMAGES / f"{name}.png", width, height, scheme)
            browser.close()
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


def take(browser: Any, address: str, path: Path, width: int, height: int, scheme: str) -> None:
    """Pin the file's own scenario, move mutual distrust, and take a picture once the page has come to rest."""
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    context.set_default_timeout(120_000)
    page = context.new_page()
    page.goto(address)
    page.wait_for_function(SHARP)
    page.get_by_role("button", name="Pin", exact=True).click()
    for end, keys in (("from", 2), ("to", 2)):
        handle = page.get_by_role("slider", name=f"mutual distrust, {end}", exact=True)
        for _ in range(keys):
            handle.press("PageDown")
    page.wait_for_function("document.querySelector('h1').textContent.includes('changed by hand')")
    page.wait_for_timeout(2000)
    page.wait_for_function(SHARP)
    page.locator(".pair").first.wait_for()
    page.wait_for_timeout(5000)  # charts follow the answer, and the curve still sharpens
    page.mouse.move(0, 0)
    page.screenshot(path=path)
    context.close()


if __name__ == "__main__":
    main()
