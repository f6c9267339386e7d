from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.output.report.studies import Shelf, shelf_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = Path("/usr/bin/chromium")
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
"""Pages reach this machine alone: whatever they ask of others fails, and tests that watch for it note it."""
LONGEST = 20_000
"""Milliseconds after which a page is taken to hang, on the slowest machine."""


def lacking() -> str | None:
    """What is missing for pages to be opened in a browser, if anything is."""
    if find_spec("playwright") is None:
        return "playwright is not installed: pip install -e '.[dev]'"
    if not os.access(CHROMIUM, os.X_OK):
        elsewhere = f" (there is {found})" if (found := shutil.which("chromium")) else ""
        return f"there is no Chromium at {CHROMIUM}{elsewhere}: apt-get install chromium"
    return None


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """Studies by name."""
    return shelf_in(tmp_path_factory)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A real browser; for one module only, as it keeps an event loop of its own going that others would meet."""
    missing = lacking()
    if missing is not None:
        if os.environ.get("PARLEY_REQUIRE_BROWSER"):
            pytest.fail(f"PARLEY_REQUIRE_BROWSER is set, but {missing}")
        pytest.skip(missing)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS, timeout=3 * LONGEST)
        yield browser
        browser.close()
