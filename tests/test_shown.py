"""Every command and every line of Python that a page shows is run, page by page, in a copy of a checkout.

Commands are made short: options that follow make fewer runs of them. What needs other machines, or takes long and has
tests of its own, is left to those.
"""

from __future__ import annotations

import doctest
import shutil
from itertools import chain
from pathlib import Path

import matplotlib.pyplot as plt
import pytest
from shown import PAGES, ROOT, blocks, commands_in, scenarios_shown

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

MADE = {"gallery.md": "tests/test_gallery.py"}
"""Pages whose commands make them, and the test that gives these commands."""

EARLIER = (
    "run scenarios/baseline.yaml scenarios/no-mediator.yaml scenarios/security-guarantees.yaml",
    "sweep scenarios/studies/mutual-distrust.yaml",
)
"""What some pages take for done."""


def left_to_others(text: str) -> bool:
    """Whether a command or a block of Python is run by another test."""
    return any(word in text for word in ELSEWHERE)


def expanded(word: str) -> list[str]:
    """A word as a shell would hand it over: the files that a pattern names."""
    return sorted(map(str, Path().glob(word))) if "*.yaml" in word else [word]


def give(words: list[str]) -> None:
    """Give a command, made short; AssertionError unless it ends well."""
    words = [SHORTER.get(word, word) for word in words]
    arguments = [*chain.from_iterable(map(expanded, words)), *FEW.get(words[0], [])]
    try:
        main(arguments)
    except SystemExit as ended:
        assert not ended.code, f"parley {' '.join(arguments)}: exit code {ended.code}"
    finally:
        plt.close("all")


def check(block: str, names: dict[str, object], page: Path) -> None:
    """Run a block of Python, an example or a program; `names` are those that the page has defined so far."""
    if ">>>" not in block:
        exec(compile(block, str(page), "exec"), names)
        return
    said: list[str] = []
    example = doctest.DocTestParser().get_doctest(block, names, page.name, str(page), 0)
    doctest.DocTestRunner().run(example, out=said.append, clear_globs=False)
    names |= example.globs
    assert "".join(said) == ""


@pytest.fixture(scope="session")
def earlier(tmp_path_factory) -> Path:
    """A results folder with the studies that some pages take for done."""
    place = tmp_path_factory.mktemp("earlier")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        for command in EARLIER:
            give([*command.split(), "--no-plot", "--out", str(place)])
    return place


@pytest.mark.parametrize("page", [page for page in PAGES if page.name not in MADE], ids=lambda page: page.name)
def test_what_a_page_shows_is_run(page, earlier, tmp_path, monkeypatch, capsys):
    for name in ("scenarios", "seeds"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copytree(earlier, tmp_path / "results")
    monkeypatch.chdir(tmp_path)
    for name, text in scenarios_shown(page):
        Path(name).write_text(text, encoding="utf-8")
    names: dict[str, object] = {"__name__": "shown"}
    for language, block, _ in blocks(page, "sh", "python"):
        if language == "python" and not left_to_others(block):
            check(block, names, page)
            plt.close("all")
        for words in commands_in(block) if language == "sh" else ():
            if not left_to_others(" ".join(words)):
                give(words)
    capsys.readouterr()


def test_what_is_left_to_other_tests_has_them():
    assert [path for path in [*ELSEWHERE.values(), *MADE.values()] if not (ROOT / path).exists()] == []
