"""Which command makes of a kept study what it lacks: spelt out, so that it can be copied."""

from __future__ import annotations

import shlex
from pathlib import Path

from sim.scenario.errors import ScenarioError
from sim.study.kept import KeptStudy
from sim.study.study_file import is_study, read_study

CARRIED = ("--set", "--seed", "--out")
"""Options with a value that decide which results folder is meant."""


def command_for(study: KeptStudy, verb: str) -> str:
    """Return `parley VERB` for the scenario of a study, with the options that lead to the same results folder.

    It is read off the command that made the study; where that was no command line, SCENARIO stands for the file.
    """
    words = shlex.split(str(study.manifest["command"]))
    files = [word for word in words if word.endswith((".yaml", ".yml")) and "=" not in word]
    own = [file for file in files if Path(file).stem == study.name] or files[:1]
    if not words or words[0] != "parley" or not own:
        return f"parley {verb} SCENARIO"
    kept = ["--central"] if "--central" in words and verb != "sensitivity" else []
    for place, word in enumerate(words[:-1]):
        if word in CARRIED:
            kept += [word, words[place + 1]]
    kept += [word for word in words if word.startswith(tuple(f"{option}=" for option in CARRIED))]
    return shlex.join(["parley", verb, _scenario(own[0]), *kept])


def _scenario(file: str) -> str:
    """Return the scenario file that a file is, or that it names if it is a study."""
    path = Path(file)
    try:
        return str(read_study(path).scenario) if path.exists() and is_study(path) else file
    except ScenarioError:
        return file
