"""The gallery is what its command makes now: in structure, not pixel by pixel, and of one question here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from docs.make_gallery import IMAGES, STEPS, drawn, make, page
from sim.cli.plots import PLOT_EXAMPLES
from sim.output.charts import KINDS
from tests.output.charts.kept_studies import amiss, crossings

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"

PICTURES = [picture for step in STEPS for picture in step.pictures]


SAMPLE = [step for step in STEPS if step.heading.startswith("Which assumptions")]
"""One question; all of them are left to `docs/build.py --check`."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, dict[str, Any]]]:
    """The folder in which the commands were given with few runs, and how the charts are built."""
    workshop = tmp_path_factory.mktemp("gallery")
    return workshop, make(workshop, few=True, steps=SAMPLE)


def test_charts_are_built_as_they_are_now(made: tuple[Path, dict[str, dict[str, Any]]]) -> None:
    kept = json.loads((DOCS / "gallery.json").read_text(encoding="utf-8"))
    assert list(kept) == [picture.name for picture in PICTURES]
    assert made[1]
    assert made[1] == {name: kept[name] for name in made[1]}


def test_no_words_lie_on_others_or_across_lines_of_others(made: tuple[Path, dict[str, dict[str, Any]]]) -> None:
    for picture in (picture for step in SAMPLE for picture in step.pictures):
        axes = drawn(made[0], picture)
        assert (amiss(axes), crossings(axes)) == ({}, [])


def test_the_page_is_current() -> None:
    assert (DOCS / "gallery.md").read_text(encoding="utf-8") == page()


def test_pictures_are_those_of_the_page() -> None:
    assert {path.stem for path in (DOCS / IMAGES).iterdir()} == {picture.name for picture in PICTURES}


def test_no_kind_of_chart_and_no_study_is_missing() -> None:
    assert {picture.kind for picture in PICTURES} == set(KINDS)
    commands = " ".join(command for step in STEPS for command in step.commands)
    studies = (ROOT / "scenarios" / "studies").glob("*.yaml")
    assert [path.stem for path in studies if f"studies/{path.name}" not in commands] == []


def test_the_help_names_every_kind() -> None:
    named = PLOT_EXAMPLES.partition("Kinds:")[2]
    assert [kind for kind in KINDS if kind not in named] == []


def test_the_readme_shows_two_of_them() -> None:
    shown = (ROOT / "README.md").read_text(encoding="utf-8").count(f"](docs/{IMAGES.as_posix()}/")
    assert shown == 2
