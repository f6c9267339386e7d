"""What the README shows is what its command prints."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_table_shown_is_the_table_printed(tmp_path):
    shown = README.partition("<!-- output: run -->")[2].split("```")[1]
    command = [sys.executable, "-m", "sim", "run", "scenarios/baseline.yaml", "--json", "--out", str(tmp_path)]
    summary = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout)
    settlement = summary["outcomes"]["settlement"]
    figures = re.search(r"settlement \(all sign\)\s+([\d.]+) %\s+([\d.]+)–([\d.]+)\s+([\d.]+)–([\d.]+)", shown)
    assert figures is not None
    expected = [settlement["p"], settlement["low"], settlement["high"], *settlement["spread"].values()]
    for figure, value in zip(figures.groups(), expected, strict=True):
        assert abs(float(figure) - 100 * value) < 0.5
    assert "not a forecast" in shown


def test_every_scenario_that_the_readme_names_is_there():
    named = set(re.findall(r"scenarios/[\w./-]+\.(?:yaml|md)", README))
    assert named
    assert not [path for path in named if not (ROOT / path).exists()]
