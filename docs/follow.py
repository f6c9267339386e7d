"""Do what a page shows: every command and every line of Python, in a copy of a checkout.

Commands are made short: options that follow make fewer runs of them. What needs other machines, or takes long and has
tests of its own, is left to those.
"""

from __future__ import annotations

import contextlib
import doctest
import shutil
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import matplotlib.pyplot as plt

from docs.shown import ROOT, blocks, commands_in, scenarios_shown
from sim.cli import main

FEW = {
    "run": ["--runs", "60", "--no-spread"],
    "compare": ["--runs", "60", "--no-spread"],
    "sweep": ["--runs", "8", "--no-spread"],
    "sensitivity": ["--rows", "16", "--plays", "4"],
}
"""Options that make a command short."""

SHORTER = {"0.005": "0.05"}
"""Precisions that are asked for, and how precise is enough here."""

ELSEWHERE = {
    "tcp://": "tests/cli/test_cluster_option.py",
    "verify": "tests/verification",
    "explore": "tests/explore",
}
"""Words by which commands are left to other tests, and which these are."""

MADE = {"gallery.md": "docs/make_gallery.py"}
"""Pages whose commands make them, and what gives these commands."""

EARLIER = (
    "run scenarios/baseline.yaml scenarios/no-mediator.yaml scenarios/security-guarantees.yaml",
    "sweep scenarios/studies/mutual-distrust.yaml",
)
"""What some pages take for done."""


class ShownWrongError(Exception):
    """What a page shows does not work; the message says how."""


def left_to_others(text: str) -> bool:
    """Return whether a command or a block of Python is run by another test."""
    return any(word in text for word in ELSEWHERE)


def do_earlier(place: Path) -> None:
    """Make the studies that some pages take for done, in a results folder."""
    with contextlib.chdir(ROOT):
        for command in EARLIER:
            give([*command.split(), "--no-plot", "--out", str(place)])


def follow(page: Path, earlier: Path, checkout: Path) -> None:
    """Do all that a page shows in a folder, with the studies of `earlier`. Raises ShownWrongError."""
    for name in ("scenarios", "seeds"):
        shutil.copytree(ROOT / name, checkout / name)
    shutil.copytree(earlier, checkout / "results")
    for name, text in scenarios_shown(page):
        (checkout / name).write_text(text, encoding="utf-8")
    names: dict[str, object] = {"__name__": "shown"}
    with contextlib.chdir(checkout):
        for language, block, _ in blocks(page, "sh", "python"):
            if language == "python" and not left_to_others(block):
                run_python(block, names, page)
            for words in commands_in(block) if language == "sh" else ():
                if not left_to_others(" ".join(words)):
                    give(words)


def give(words: list[str]) -> None:
    """Give a command, made short. Raises ShownWrongError unless it ends well."""
    words = [SHORTER.get(word, word) for word in words]
    arguments = [*chain.from_iterable(map(_expanded, words)), *FEW.get(words[0], [])]
    try:
        main(arguments)
    except SystemExit as ended:
        if ended.code:
            raise ShownWrongError(f"parley {' '.join(arguments)}: exit code {ended.code}") from None
    finally:
        plt.close("all")


def run_python(block: str, names: dict[str, object], page: Path) -> None:
    """Run a block of Python, an example or a program; `names` are those that the page has defined so far."""
    try:
        if ">>>" not in block:
            exec(compile(block, str(page), "exec"), names)
            return
        said: list[str] = []
        example = doctest.DocTestParser().get_doctest(block, names, page.name, str(page), 0)
        doctest.DocTestRunner().run(example, out=said.append, clear_globs=False)
        names |= example.globs
    finally:
        plt.close("all")
    if said:
        raise ShownWrongError("".join(said))


def _expanded(word: str) -> Iterator[str]:
    """Yield a word as a shell would hand it over: the files that a pattern names."""
    yield from sorted(map(str, Path().glob(word))) if "*.yaml" in word else [word]
