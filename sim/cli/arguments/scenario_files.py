"""Scenario files on the command line: the file that a word stands for, and how it is named in output."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import typer

from sim.cli.terminal import console

WITH_NAMES = ("--name", "--out")
"""Options whose value may be a word that would also name a scenario."""


def find_file(text: str) -> Path:
    """Return the scenario file that a word on the command line stands for.

    A word for which there is no file is returned as it is, for `load` to say so.
    """
    from sim.scenario.errors import ScenarioError
    from sim.scenario.packaged.packaged_scenarios import find_scenario

    if not text.strip():
        raise typer.BadParameter("give the name of a scenario or its file, not an empty text")
    try:
        return find_scenario(text)
    except ScenarioError as error:
        path = Path(text)
        if str(path) != text:  # the message would speak of a word that nobody typed: ./baseline without the dot
            raise typer.BadParameter(str(error)) from None
        return path


def name_file(file: Path) -> str:
    """Return the name of a scenario file in output.

    A file that comes with Parley goes by its name, unless it was named by its path.
    """
    from sim.scenario.packaged.packaged_scenarios import packaged_name

    return (None if str(file) in sys.argv else packaged_name(file)) or str(file)


def announce(file: Path) -> None:
    """Announce which scenario file was taken where the word for it does not tell, and which packaged one it extends."""
    from sim.scenario.errors import ScenarioError
    from sim.scenario.loading.extended_files import files_of
    from sim.scenario.packaged.packaged_scenarios import packaged_name, packaged_names

    if str(file) not in sys.argv and file.is_absolute() and packaged_name(file):
        console.say(f"{packaged_name(file)}: comes with Parley ({file})")
        return
    for _, word in _words_for([file]):
        if word in packaged_names():
            console.say(f"{word}: the file {file} here, not what comes with Parley under that name")
    try:
        lower = [Path(base) for base in files_of(file)[1:]]
    except ScenarioError:
        return  # what is wrong with it is said where it is read
    if not packaged_name(file) and (base := next(filter(packaged_name, lower), None)):
        console.say(f"{file} extends {packaged_name(base)}, which comes with Parley ({base})")


def command_line(files: Iterable[Path] = ()) -> str:
    """Return the command line as one would type it with these scenario files, for the manifest.

    A name that stood for a file here becomes the path of that file, lest elsewhere it stand for what is packaged.
    """
    words = list(sys.argv[1:])
    for place, _ in _words_for(files):
        found = find_file(words[place])
        words[place] = str(found) if found.suffix else f"./{found}"
    return shlex.join(["parley", *words])


def _words_for(files: Iterable[Path]) -> Iterator[tuple[int, str]]:
    """Yield the words of the command, with their places, that stand for files here without being the whole name.

    A file without an ending counts: its name alone might be that of a packaged scenario.
    """
    wanted = {file for file in files if not file.is_absolute()}
    words = sys.argv[1:]
    for place, word in enumerate(words):
        plain = word and not Path(word).suffix and not word.startswith(("-", ".", "/", "~"))
        if plain and (place == 0 or words[place - 1] not in WITH_NAMES) and find_file(word) in wanted:
            yield place, word
