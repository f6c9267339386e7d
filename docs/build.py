"""Build everything in docs/ that is made from the code or by it, in the order in which one needs another.

    python docs/build.py

writes the reference pages, the pages of `parley verify`, the output that pages show, the notebook, the gallery, which
takes minutes, and pictures of the live page, for which Chromium must be there (`--no-gallery` leaves these two). What
may be out of date is found by the tests: pages read off the code, checks and rates, printed output, how every chart is
built, links, and every command and example shown.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

DOCS = Path(__file__).parent

STEPS = (
    ["docs/make_reference.py"],
    ["-m", "sim", "verify", "--page", "docs/explanation/verification.md"],
    ["-m", "sim", "verify", "--data", "--page", "docs/explanation/data.md"],
    ["docs/make_outputs.py"],
    ["docs/make_notebook.py"],
    ["docs/make_gallery.py"],
    ["docs/make_screens.py"],
)
"""What Python is told to run, from the top of the checkout."""

PICTURES = ("docs/make_gallery.py", "docs/make_screens.py")


def main() -> None:
    """Run every step; the first that fails ends it."""
    for step in STEPS:
        if step[0] not in PICTURES or "--no-gallery" not in sys.argv:
            print("python", *step, flush=True)
            subprocess.run([sys.executable, *step], cwd=DOCS.parent, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
