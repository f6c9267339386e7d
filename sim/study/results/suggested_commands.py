"""Suggested commands: the command line that adds what a stored study lacks, spelt out to be copied."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from sim.scenario.errors import ScenarioError
from sim.scenario.packaged.packaged_scenarios import find_beside, packaged_name, packaged_names
from sim.study.design.study_files import is_study, read_study

CARRIED = ("--set", "--seed", "--out")
"""Options with a value that decide which results folder is meant."""


def command_for(verb: str, words: Sequence[str], name: str, seed: int) -> str:
    """Return the suggested command `parley VERB` for a stored study, with options for its results folder.

    The options lead to the same results folder. The command is read off the `words` of the command that made the study;
    where that was no command line, or the study is that of no file as it stands (an ablation), SCENARIO stands for the
    file. `name` and `seed` are the study's.
    """
    files = [word for before, word in pairwise(words) if _is_file(word) and before not in ("--name", "--out")]
    own = [file for file in files if name in _names(file)]
    if not own:
        return f"parley {verb} SCENARIO"
    kept = ["--central"] if "--central" in words and verb != "sensitivity" else []
    for place, word in enumerate(words[:-1]):
        if word in CARRIED:
            kept += [word, words[place + 1]]
    kept += [word for word in words if word.startswith(tuple(f"{option}=" for option in CARRIED))]
    scenario = _scenario(own[0])
    others_seed = list(words[1:2]) == ["compare"] or scenario != own[0]
    if others_seed and not any(word.partition("=")[0] == "--seed" for word in kept):
        kept += ["--seed", str(seed)]
    return shlex.join(["parley", verb, scenario, *kept])


def _is_file(word: str) -> bool:
    """Whether a word of a command names a scenario or a study."""
    return (word.endswith((".yaml", ".yml")) and "=" not in word) or word in packaged_names()


def _names(file: str) -> tuple[str, str]:
    """What a study of a file may be called: after the file, or, if others are called so too, after its folder too."""
    path = find_beside(file, Path())
    return path.stem, f"{path.resolve().parent.name}-{path.stem}"


def _scenario(file: str) -> str:
    """Return the scenario that a file or a name stands for, or that it names if it is a study."""
    path = find_beside(file, Path())
    try:
        if not path.exists() or not is_study(path):
            return file
        scenario = read_study(path).scenario
        return (packaged_name(scenario) if scenario.is_absolute() else None) or str(scenario)
    except ScenarioError:
        return file
