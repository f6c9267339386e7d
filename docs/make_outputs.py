"""Make the output that pages show: every block of text that a command printed is what it prints now.

    python docs/make_outputs.py

gives the commands before such a block, in a copy of the checkout. The block is an excerpt of what the last of them
printed if its first line is one of those, figures apart; it is renewed with as many lines. What pages say of figures in
prose is not renewed: read it again. `docs/build.py --check` finds blocks that are out of date.
"""

from __future__ import annotations

import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from docs.shown import DOCS, FENCED, ROOT, commands_in, scenarios_shown

PAGES = (
    ROOT / "README.md",
    DOCS / "tutorial" / "first-sweep.md",
    DOCS / "how-to" / "policy-levers.md",
    DOCS / "how-to" / "write-a-scenario.md",
)
"""Pages that show what commands print."""

WIDTH = {"README.md": "80"}
"""Columns of the output on a page, where they are not 100."""


FIGURE = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Excerpt:
    """A block of text on a page: where it begins, what stands there, and what the command prints now."""

    start: int
    shown: str
    printed: str


def excerpts(page: Path) -> Iterator[Excerpt]:
    """Yield every block of a page that shows what a command printed, from the top down."""
    with tempfile.TemporaryDirectory() as place:
        checkout = Path(place)
        for name in ("scenarios", "seeds"):
            shutil.copytree(ROOT / name, checkout / name)
        for name, text in scenarios_shown(page):
            (checkout / name).write_text(text, encoding="utf-8")
        commands: list[list[str]] = []
        printed: list[str] = []
        for found in FENCED.finditer(page.read_text(encoding="utf-8")):
            if found[2] == "sh" and (given := list(commands_in(found[3]))):
                commands, printed = given, []
            elif found[2] == "text":
                while commands:
                    printed = _printed(commands.pop(0), checkout, WIDTH.get(page.name, "100"))
                if same := _excerpt(found[3].splitlines(), printed):
                    yield Excerpt(found.start(3), found[3], "\n".join(same) + "\n")


def is_current(excerpt: Excerpt) -> bool:
    """Return whether a block is what the command prints now.

    Figures may differ by rounding on another platform, where a run in thousands may go another way.
    """
    shown, printed = (
        [float(each) for each in FIGURE.findall(text.replace(",", ""))] for text in (excerpt.shown, excerpt.printed)
    )
    return (
        skeleton(excerpt.shown) == skeleton(excerpt.printed)
        and len(shown) == len(printed)
        and all(math.isclose(*pair, abs_tol=0.2, rel_tol=0.02) for pair in zip(shown, printed, strict=True))
    )


def skeleton(line: str) -> str:
    """Return a line without figures, bars and blanks: what stays when numbers change."""
    return re.sub(r"[\d.,–−█\s─━●]+", " ", line).strip()


def _printed(command: Sequence[str], checkout: Path, width: str) -> list[str]:
    """Return the lines that a command prints; a pattern stands for the files that it names."""
    words = [name for word in command for name in (sorted(map(str, checkout.glob(word))) if "*.y" in word else [word])]
    environment = {**os.environ, "COLUMNS": width, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(
        [sys.executable, "-m", "sim", *words],
        cwd=checkout,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return (ended.stdout + ended.stderr).splitlines()


def _excerpt(shown: list[str], printed: list[str]) -> list[str]:
    """Return the lines of what was printed that a block shows, or none if it shows something else."""
    first = skeleton(shown[0])
    begins = next((n for n, line in enumerate(printed) if skeleton(line) == first), None)
    return [] if begins is None else printed[begins : begins + len(shown)]


def main() -> None:
    """Renew every block, and say which pages changed."""
    for page in PAGES:
        text = before = page.read_text(encoding="utf-8")
        for found in reversed(list(excerpts(page))):
            text = text[: found.start] + found.printed + text[found.start + len(found.shown) :]
        if text != before:
            page.write_text(text, encoding="utf-8")
            print(page.relative_to(ROOT))


if __name__ == "__main__":
    main()
