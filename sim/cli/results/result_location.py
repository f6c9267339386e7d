"""Location of results, and the versions under which they were made."""

from __future__ import annotations

import os
from pathlib import Path


def describe_location(folder: Path, complete: bool = False) -> str:
    """Describe the location of results, and the versions under which they were made unless these are today's.

    `complete` says that nothing had to be simulated.
    """
    from sim.study.storage.study_folder import made_elsewhere

    found = " (already complete, nothing had to be simulated)" if complete else ""
    other = made_elsewhere(folder)
    return f"Results: {folder}{os.sep}{found}" + (f"\n{other}" if other else "")
