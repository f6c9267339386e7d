"""Whether what is made from the code, or by it, is what the code makes now: what `docs/build.py --check` tells.

Every check yields a line for each page that differs, with the command that makes it anew. Charts are compared by how
they are built, with few runs, and not pixel by pixel.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import matplotlib.pyplot as plt

from docs import follow, make_gallery, make_outputs, make_reference
from docs.shown import DOCS, PAGES, ROOT

VERIFIED = {"verification.md": ["verify"], "data.md": ["verify", "--data"]}
"""Pages in explanation/ that a command writes, and the command."""


def reference_pages() -> Iterator[str]:
    """Check the pages that are read off the code."""
    for name, text in make_reference.pages().items():
        kept = make_reference.REFERENCE / name
        if kept.read_text(encoding="utf-8") != text:
            yield f"{_named(kept)}: not what the code says: python docs/make_reference.py makes it anew"


def verification_pages() -> Iterator[str]:
    """Check the pages of `parley verify`."""
    with tempfile.TemporaryDirectory() as folder:
        for name, words in VERIFIED.items():
            kept, made = DOCS / "explanation" / name, Path(folder) / name
            command = [sys.executable, "-m", "sim", *words, "--page", str(made)]
            ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
            told = f"parley {' '.join(words)} --page {_named(kept)}"
            if ended.returncode:
                last = (ended.stderr or ended.stdout).strip().rpartition("\n")[2]
                yield f"{_named(kept)}: {told} ended with {ended.returncode}: {last}"
            elif made.read_text(encoding="utf-8") != kept.read_text(encoding="utf-8"):
                yield f"{_named(kept)}: not what is found now: {told} makes it anew"


def printed_output() -> Iterator[str]:
    """Check the output that pages show."""
    for page in make_outputs.PAGES:
        found = list(make_outputs.excerpts(page))
        stale = [excerpt for excerpt in found if not make_outputs.is_current(excerpt)]
        if not found:
            yield f"{_named(page)}: shows no output of its commands any more"
        if stale:
            first = stale[0].shown.partition("\n")[0].strip()
            yield (
                f"{_named(page)}: {len(stale)} of {len(found)} blocks are not what is printed, the first from "
                f"“{first}” on: python docs/make_outputs.py makes them anew"
            )


def gallery() -> Iterator[str]:
    """Check how the charts of the gallery are built, and that their words stand clear."""
    from tests.output.charts.kept_studies import amiss, crossings

    again = "python docs/make_gallery.py makes it anew"
    if (DOCS / "gallery.md").read_text(encoding="utf-8") != make_gallery.page():
        yield f"docs/gallery.md: not what the code says: {again}"
    kept = json.loads((DOCS / "gallery.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory(prefix="parley-gallery-") as folder:
        built = make_gallery.make(Path(folder), few=True)
        for name in sorted({*kept, *built}):
            if kept.get(name) != built.get(name):
                yield f"docs/images/gallery/{name}.png: built otherwise now: {again}"
        for picture in (picture for step in make_gallery.STEPS for picture in step.pictures):
            axes = make_gallery.drawn(Path(folder), picture)
            if found := (*amiss(axes).items(), *crossings(axes)):
                yield f"docs/images/gallery/{picture.name}.png: words that lie on others or across lines: {found}"
            plt.close("all")


def what_pages_show() -> Iterator[str]:
    """Check that every command and every line of Python that a page shows works."""
    with tempfile.TemporaryDirectory() as folder, Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        earlier = Path(folder) / "earlier"
        with contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
            follow.do_earlier(earlier)
        for number, page in enumerate(PAGES):
            if page.name in follow.MADE:
                continue
            checkout = Path(folder) / str(number)
            checkout.mkdir()
            try:
                with contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
                    follow.follow(page, earlier, checkout)
            except Exception as error:  # a page shows programs, and may go wrong in any way
                yield f"{_named(page)}: what it shows does not work: {type(error).__name__}: {error}"


CHECKS: tuple[Callable[[], Iterator[str]], ...] = (
    reference_pages,
    verification_pages,
    printed_output,
    gallery,
    what_pages_show,
)


def _named(page: Path) -> str:
    """Return the name of a page as it is in a checkout."""
    return page.relative_to(ROOT).as_posix()
