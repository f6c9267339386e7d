"""What documents show: scenarios, commands, Python and printed output, read out of their Markdown."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"

PAGES = [
    *sorted(DOCS.rglob("*.md")),
    *(ROOT / f"{name}.md" for name in ("README", "CONTRIBUTING", "SECURITY", "CHANGELOG")),
    *(ROOT / folder / "README.md" for folder in ("scenarios", "seeds", "results")),
]
"""Every page of the documentation, wherever it lies."""

FENCED = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
SAVED_AS = re.compile(r"`(scenarios/[\w/-]+\.yaml)`:\s*\Z")


def blocks(page: Path, *languages: str) -> Iterator[tuple[str, str, str]]:
    """Yield the blocks of a page in some languages, in order: the language, the text, and all the text before it."""
    text = page.read_text(encoding="utf-8")
    for found in FENCED.finditer(text):
        if found[2] in languages:
            yield found[2], found[3], text[: found.start()]


def scenarios_shown(page: Path) -> Iterator[tuple[str, str]]:
    """Yield the scenarios and studies that a page shows: the file that the sentence before names, and the text."""
    for number, (_, text, before) in enumerate(blocks(page, "yaml")):
        if re.search(r"^(title|extends):", text, re.MULTILINE):
            name = SAVED_AS.search(before)
            yield name[1] if name else f"scenarios/shown-{number}.yaml", text


def commands_in(block: str) -> Iterator[list[str]]:
    """Yield the arguments of every `parley` command in a block of shell."""
    for line in block.replace("\\\n", " ").splitlines():
        words: list[str] = []
        for word in [*shlex.split(line, comments=True), ";"]:
            if word not in ("&&", ";", "|", ">"):
                words.append(word)
                continue
            if words and Path(words[0]).name == "parley":
                yield words[1:]
            words = []


def commands_shown(page: Path) -> Iterator[list[str]]:
    """Yield the arguments of every `parley` command in a page's shell blocks."""
    for _, block, _ in blocks(page, "sh"):
        yield from commands_in(block)
