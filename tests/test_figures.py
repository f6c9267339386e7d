"""What pages say in prose of numbers of the program, and of results that another page shows, is so."""

from __future__ import annotations

import inspect
import re
from importlib.metadata import version
from pathlib import Path

import pytest
from shown import DOCS, PAGES, ROOT

from sim import sensitivity
from sim.explore.state import page_settings
from sim.negotiation.inspection import theoretical_predictions
from sim.negotiation.model import RULES
from sim.negotiation.randomness.random_streams import BLOCK
from sim.scenario.loading.scenario_loader import load_scenario
from sim.scenario.model.schema import Scenario
from sim.study.design.study_files import read_study
from sim.study.statistics import assumption_range, crossings, sensitivity_sample_size, shares, sobol_indices
from sim.study.storage.study_folder import Study
from sim.study.sweep import sweep

NUMBER = r"(\d[\d,]*)"

WORDS = {"one": 1, "two": 2, "three": 3, "four": 4}

STATISTICS = "explanation/statistics.md"

MUTUAL = read_study(ROOT / "scenarios" / "studies" / "mutual-distrust.yaml")

DRAWN = int(re.findall(r"mutual-distrust\.yaml --runs (\d+)", (DOCS / "gallery.md").read_text(encoding="utf-8"))[0])
"""Runs of each design point of the study that the gallery draws."""


def default(function: object, name: str) -> int:
    return int(inspect.signature(function).parameters[name].default)  # type: ignore[arg-type]


SAID = [
    (STATISTICS, f"{NUMBER} draws of the assumptions", assumption_range.DRAWS),
    (STATISTICS, f"are each run {NUMBER} times with other random numbers", assumption_range.PLAYS),
    (STATISTICS, f"times with other random numbers: {NUMBER} runs", assumption_range.DRAWS * assumption_range.PLAYS),
    (STATISTICS, r"runs, which is (\w+) blocks?", len(assumption_range.blocks())),
    (STATISTICS, f"middle {NUMBER} % across the ranges, simulation noise removed", round(100 * assumption_range.LEVEL)),
    (STATISTICS, f"middle 90 % over {NUMBER} draws of the ranges", theoretical_predictions._DRAWS),
    (STATISTICS, f"The level is {NUMBER} %", round(100 * shares.LEVEL)),
    (STATISTICS, f"into {NUMBER} groups by run number", crossings.GROUPS),
    (STATISTICS, f"{NUMBER} times as many groups", crossings.REPLICATES),
    (STATISTICS, f"a power of two from {NUMBER}, ", sobol_indices.REPLICATES),
    (STATISTICS, f"from 16, {NUMBER} by default", default(sensitivity, "rows")),
    (STATISTICS, f"each played {NUMBER} times by default", default(sensitivity, "plays")),
    (STATISTICS, f"consists of {NUMBER} replicates", sobol_indices.REPLICATES),
    (STATISTICS, f"must be at least {NUMBER}", round(sensitivity_sample_size.LEAST_GROUPS)),
    (STATISTICS, f"adds blocks of {NUMBER} runs", BLOCK),
    ("reference/cli.md", f"Add blocks of {NUMBER} runs until", BLOCK),
    ("explanation/evidence.md", f"The default, {NUMBER} rows", default(sensitivity, "rows")),
    ("explanation/evidence.md", f"rows of {NUMBER} plays, takes longer", default(sensitivity, "plays")),
    ("explanation/performance.md", f"A block holds {NUMBER} runs", BLOCK),
    ("explanation/model.md", rf"\({NUMBER} by default\)", int(Scenario.model_fields["rounds"].default)),
    ("how-to/use-with-mesa.md", f"carries up to {NUMBER} runs at once", BLOCK),
    ("how-to/use-with-mesa.md", f"runs 0 to {NUMBER},", BLOCK - 1),
    ("how-to/explore.md", f"It goes up to {NUMBER} runs", page_settings.MOST_RUNS),
    ("how-to/explore.md", f"From {NUMBER} runs at once", page_settings.FIRST),
    ("how-to/cite.md", f"rules version {NUMBER}", RULES),
    ("tutorial/first-sweep.md", f"which has {NUMBER} points", MUTUAL.vary[0].size),
    ("tutorial/first-sweep.md", f"points of {NUMBER} runs instead", DRAWN),
]


def flat(page: Path) -> str:
    return " ".join(page.read_text(encoding="utf-8").split())


@pytest.mark.parametrize(("page", "pattern", "value"), SAID)
def test_a_number_in_prose_is_that_of_the_program(page: str, pattern: str, value: int) -> None:
    (said,) = set(re.findall(pattern, flat(DOCS / page)))
    assert (WORDS.get(said) or int(said.replace(",", ""))) == value


def test_no_page_gives_blocks_another_size() -> None:
    """Measurements of other sizes stand in a table, and not in a sentence."""
    said = {
        (page.name, size) for page in PAGES for size in re.findall(rf"blocks? (?:of|holds) {NUMBER} runs", flat(page))
    }
    assert {size for page, size in said if page != "CHANGELOG.md"} == {f"{BLOCK:,}"}


def test_the_figures_of_the_example_of_a_citation_are_those_of_the_readme() -> None:
    example, readme = flat(DOCS / "how-to" / "cite.md"), flat(ROOT / "README.md")
    share, low, high = re.findall(r"seed 1, digest \w+\), ([\d.]+) % .*?simulation error ([\d.]+)–([\d.]+);", example)[
        0
    ]
    assert f"settlement (all sign) {share} % {low}–{high}" in readme
    (over,) = re.findall(r"range over the assumptions, middle 90 %, ([\d.]+–[\d.]+)\)", example)
    assert f"{low}–{high} {over}" in readme
    digest = Study("baseline", load_scenario(ROOT / "scenarios" / "baseline.yaml")).digest[:12]
    assert f"digest {digest}" in example
    assert f"Parley {version('parley-sim')}," in example


def test_where_the_shipped_sweep_crosses_one_half_is_what_the_tutorial_says(tmp_path: Path) -> None:
    """The two design points between which the gallery's study does."""
    page = flat(DOCS / "tutorial" / "first-sweep.md")
    (own,) = re.findall(r"its crossing of one half at the same place, (\.\d+)", page)
    (shown,) = re.findall(r"At (0\.\d+) \(", page)
    assert round(float(shown), 2) == float(own)
    scenario = load_scenario(MUTUAL.scenario)
    found = sweep(scenario, {"distrust": [0.725, 0.75]}, runs=DRAWN, spread=False, out=tmp_path)
    (crossed,) = found.summary["lines"][0]["crossings"]
    assert crossed["at"] == pytest.approx(float(own), abs=0.0051)
