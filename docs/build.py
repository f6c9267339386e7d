"""Build everything in docs/ that is made from the code or by it, in the order in which one needs another.

    python docs/build.py
    python docs/build.py --check

writes the reference pages, the pages of `parley verify`, the output that pages show, the gallery, which takes minutes,
and pictures of the live page, for which Chromium must be there (`--no-gallery` leaves these two). `--check` writes
nothing: it tells which pages are not what they would be now, a line for each, or show what does not work, and ends with
1 if any is. It takes minutes too; tests look at a sample of it, and at links, scenarios and the form of commands.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

DOCS = Path(__file__).parent

if __name__ == "__main__":
    sys.path.insert(0, str(DOCS.parent))

STEPS = (
    ["docs/make_reference.py"],
    ["-m", "sim", "verify", "--page", "docs/explanation/verification.md"],
    ["-m", "sim", "verify", "--data", "--page", "docs/explanation/data.md"],
    ["docs/make_outputs.py"],
    ["docs/make_gallery.py"],
    ["docs/make_screens.py"],
)
"""What Python is told to run, from the top of the checkout."""

PICTURES = ("docs/make_gallery.py", "docs/make_screens.py")


def check() -> int:
    """Print a line for each page that differs; return the exit code."""
    from docs.checks import CHECKS

    wrong = 0
    for each in CHECKS:
        print(f"{each.__name__.replace('_', ' ')} …", file=sys.stderr, flush=True)
        for line in each():
            print(line, flush=True)
            wrong += 1
    return 1 if wrong else 0


def main() -> None:
    """Run every step; the first that fails ends it."""
    for step in STEPS:
        if step[0] not in PICTURES or "--no-gallery" not in sys.argv:
            print("python", *step, flush=True)
            subprocess.run([sys.executable, *step], cwd=DOCS.parent, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(check())
    main()
