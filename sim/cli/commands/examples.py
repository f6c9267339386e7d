"""`parley examples`: the scenarios and studies that come with Parley."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.terminal import console

HEADINGS = {
    "": "Scenarios, for parley run, compare, explain, explore and others",
    "studies": "Studies, for parley sweep",
    "reference": "An interstate war in general, as parley verify --data plays it",
}
"""What stands above the names of each folder."""

AFTER = "A name stands for its file: parley run baseline. To read and change them: parley examples --copy DIR"

EXAMPLES = """Examples:

parley run baseline

parley examples --copy parley-examples"""

Copy = Annotated[
    str | None,
    typer.Option(
        "--copy",
        metavar="DIR",
        show_default=False,
        help="Write scenarios/ (with studies/ and reference/) and seeds/ to this folder; nothing is overwritten.",
    ),
]


def examples(copy: Copy = None) -> None:
    """List the scenarios and studies that come with Parley by name, title and question, or write them out."""
    if copy is None:
        _list()
        return
    if not copy.strip():
        raise typer.BadParameter("give the name of a folder", param_hint="--copy")
    from sim.scenario.packaged.copied_scenarios import copy_packaged

    for path in copy_packaged(Path(copy).expanduser()):
        console.write(f"Written: {path}")


def _list() -> None:
    """Print every name with the title and the question of its file."""
    from rich.console import Group, RenderableType
    from rich.padding import Padding
    from rich.text import Text

    from sim.scenario.packaged.packaged_scenarios import packaged_folder, packaged_scenarios
    from sim.scenario.reading.yaml_documents import read_document, read_text

    packaged_folder()  # raises where an installation lacks them
    lines: list[RenderableType] = []
    heading = ""
    for name, file in packaged_scenarios().items():
        folder = name.rpartition("/")[0]
        if HEADINGS.get(folder, folder) != heading:
            heading = HEADINGS.get(folder, folder)
            lines += [Text(), Text(heading, style="bold")]
        data = read_document(read_text(file), str(file)).data
        lines.append(Padding(Text.assemble((name, "bold"), f": {data.get('title', '')}"), (0, 0, 0, 2)))
        lines.append(Padding(Text(_question(str(data.get("about", "")))), (0, 0, 0, 6)))
    console.show(Group(*lines[1:], Text(), Text(AFTER)))


def _question(about: str) -> str:
    """Return the first sentence of what a file says that it is about."""
    return re.split(r"(?<=[.?!])\s", " ".join(about.split()), maxsplit=1)[0]
