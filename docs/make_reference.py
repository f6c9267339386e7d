"""Make the reference pages that are read off the code: the command line, the scenario format and the Python API.

    python docs/make_reference.py

writes reference/cli.md, reference/scenario.md, reference/python.md and reference/scenario.schema.json. A test fails
where they are not what the code says.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from writers import command_line, python_api, scenario_format

from sim.scenario.editors import json_schema

REFERENCE = Path(__file__).parent / "reference"


def pages() -> dict[str, str]:
    """Return every page that is made here, by its name in reference/."""
    return {
        "cli.md": command_line.page(),
        "scenario.md": scenario_format.page(),
        "python.md": python_api.page(),
        "scenario.schema.json": json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n",
    }


def main() -> None:
    """Write the pages."""
    for name, text in pages().items():
        (REFERENCE / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
