"""Small studies to draw and to report on: each is made when it is first asked for, by the commands that make it."""

from __future__ import annotations

import contextlib
import fcntl
import io
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.cli import main

ROOT = Path(__file__).parents[3]
SMALL = ROOT / "tests" / "study" / "data" / "small.yaml"

QUICK = ("--no-spread", "--no-plot")

HOSTILE_FILE = "hostile & <i>торг.yaml"
HOSTILE_TITLE = (
    """<script>window.taken = 1</script> & "both" 'sides' id="x" Переговоры о мире: </svg><b>x</b> {{ 7*7 }}"""
)
HOSTILE = f"""
extends: {SMALL}
title: |-
  {HOSTILE_TITLE}
about: |-
  <img src=x onerror="window.taken = 2"> Кто & почему <подпишет>?
issues:
  land: {{low: "</text><script>window.taken = 3</script>", high: 'all & "more" <b>'}}
distrust:
  first: {{second: {{range: [0.4, 0.9], assumption: "<script>window.taken = 4</script> & so on"}}}}
"""

COMMANDS: dict[str, list[tuple[object, ...]]] = {
    "run": [("run", SMALL, "--runs", 60, "--no-plot")],
    "asked": [
        ("sensitivity", SMALL, "--seed", 3, "--rows", 512, "--plays", 8, "--no-plot"),
        ("compare", SMALL, "--seed", 3, "--ablate", "--runs", 60, *QUICK),
        ("run", SMALL, "--seed", 3, "--runs", 60, *QUICK),
    ],
    "bare": [("run", SMALL, "--seed", 8, "--runs", 40, *QUICK)],
    "one": [("run", SMALL, "--seed", 9, "--runs", 1, *QUICK)],
    "central": [("run", SMALL, "--central", "--runs", 40, "--no-plot")],
    "never": [("run", SMALL, "--set", "parties.*.precondition=5", "--runs", 30, *QUICK)],
    "none again": [("run", SMALL, "--set", "parties.*.precondition=4", "--runs", 30, *QUICK)],
    "always": [("run", SMALL, "--set", "distrust=0", "--set", "parties.*.impatience=0", "--runs", 30, *QUICK)],
    "baseline": [("run", ROOT / "scenarios" / "baseline.yaml", "--runs", 20, *QUICK)],
    "another": [("run", ROOT / "scenarios" / "leaning-the-other-way.yaml", "--runs", 20, *QUICK)],
    "a third": [("run", ROOT / "scenarios" / "imposed-conditions.yaml", "--runs", 20, *QUICK)],
    "sweep": [("sweep", SMALL, "--vary", "distrust=0:1:5", "--runs", 40, "--no-plot")],
    "bare sweep": [("sweep", SMALL, "--vary", "distrust=0:0.2:3", "--runs", 10, *QUICK)],
    "grid": [("sweep", SMALL, "--vary", "distrust=0:1:3", "--vary", "rapport=0,0.5,1", "--runs", 20, "--no-plot")],
    "wide grid": [("sweep", SMALL, "--vary", "distrust=0,1", "--vary", "rapport=0,1", "--runs", 20, "--spread")],
    "central grid": [("sweep", SMALL, "--central", "--vary", "distrust=0,1", "--vary", "rapport=0,1", "--runs", 10)],
    "sample": [("sweep", SMALL, "--vary", "distrust=0:1", "--vary", "rapport=0:1", "--sample", "lhs:8", "--runs", 20)],
    "words": [("sweep", SMALL, "--vary", "mediator.style=null,facilitation,formulation", "--runs", 20, "--no-plot")],
    "words twice": [
        ("sweep", SMALL, "--vary", "mediator.style=null,formulation", "--vary", "loss=linear,quadratic", "--runs", 5)
    ],
    "hostile": [("run", HOSTILE_FILE, "--runs", 40, *QUICK)],
}


class Shelf:
    """A folder in which commands were given, with the results that they left; all processes of a session share it."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._made: dict[str, Path] = {}
        (home / "made").mkdir(parents=True, exist_ok=True)
        self.once("hostile", lambda: str((home / HOSTILE_FILE).write_text(HOSTILE, encoding="utf-8")))

    def __getitem__(self, name: str) -> Path:
        """The folder of a study."""
        if name not in self._made:
            self._made[name] = self._home / self.once(f"{name} folder", lambda: self._folder(name))
        return self._made[name]

    def once(self, name: str, make: Callable[[], str]) -> str:
        """A text that is made when it is first asked for, by whichever process; others wait for it."""
        kept = self._home / "made" / name
        with (self._home / "made" / f"{name} lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not kept.exists():
                new = self._home / "made" / f"{name} new"
                new.write_text(make(), encoding="utf-8")
                new.rename(kept)
        return kept.read_text(encoding="utf-8")

    def _folder(self, name: str) -> str:
        return folder_in([give(self._home, *command) for command in COMMANDS[name]][-1])


def give(home: Path, *command: object) -> str:
    """Give a command in a folder; return what it printed."""
    words = [str(word) for word in command]
    out, err = io.StringIO(), io.StringIO()
    with (
        pytest.MonkeyPatch.context() as patch,
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        contextlib.suppress(SystemExit),
    ):
        patch.chdir(home)
        patch.setattr(sys, "argv", ["parley", *words])
        main(words)
    assert "Results: " in out.getvalue(), err.getvalue()
    return out.getvalue()


def folder_in(printed: str) -> str:
    """The results folder that a command named."""
    found = re.search(r"^Results: (.+)/", printed, re.MULTILINE)
    assert found is not None
    return found[1]


_shelves: dict[Path, Shelf] = {}


def shelf_in(factory: pytest.TempPathFactory) -> Shelf:
    """The shelf of this session: where several processes share the tests, each has a folder of the same parent."""
    base = factory.getbasetemp()
    if base not in _shelves:
        _shelves[base] = Shelf((base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shelf")
    return _shelves[base]


def words_of(text: str) -> str:
    """A text with single blanks."""
    return re.sub(r"\s+", " ", text).strip()
