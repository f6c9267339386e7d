"""The list of studies, two lines each."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from sim.output.tables.study_list_table import render_study_list
from sim.study.study_listing import Entry


def entry(name: str = "base-0123456789ab", **changes: Any) -> Entry:
    given: dict[str, Any] = {
        "scenario": "base",
        "kind": "run",
        "points": 1,
        "runs": 20_000,
        "settlement": (0.425, 0.425),
        "written": "2026-01-02T03:04:05+00:00",
        "complete": True,
    }
    return Entry(Path("results") / name, **{**given, **changes})


def test_a_run_is_one_point_and_one_share(render) -> None:
    name, details = render(render_study_list([entry()])).splitlines()
    assert name == "base-0123456789ab"
    assert re.match(r"  run +1 point +20,000 runs +42\.5 % settle +2026-01-0\d \d\d:\d\d$", details)


def test_a_sweep_has_points_and_the_ends_of_its_shares(render) -> None:
    text = render(render_study_list([entry(kind="sweep", points=41, runs=1, settlement=(0.0, 0.9999))]))
    assert re.search(r"sweep +41 points +1 run +0\.0–> 99\.9 % settle", text)


def test_what_is_not_whole_says_so(render) -> None:
    assert "base-0123456789ab (incomplete)" in render(render_study_list([entry(complete=False)]))
    assert "incomplete" not in render(render_study_list([entry()]))


def test_a_damaged_study_has_its_trouble_and_no_figures(render) -> None:
    text = render(render_study_list([entry(trouble="no manifest", complete=False), entry("other-0")]))
    assert text.splitlines()[:2] == ["base-0123456789ab", "  damaged: no manifest"]
    assert "incomplete" not in text


@pytest.mark.parametrize(
    ("ends", "words"),
    [(None, "–"), ((0.0, 1.0), "0.0–100.0 %"), ((0.42501, 0.42502), "42.5 %"), ((0.0, 0.0001), "0.0–< 0.1 %")],
)
def test_shares(ends: tuple[float, float] | None, words: str, render) -> None:
    assert f"  {words} settle" in render(render_study_list([entry(settlement=ends)]))


@pytest.mark.parametrize(("width", "breaks"), [(80, 0), (60, 0), (59, 1), (40, 1), (36, 1), (30, 2), (18, 3)])
def test_where_there_is_little_room_lines_end_between_cells(width: int, breaks: int, render) -> None:
    _, *lines = render(render_study_list([entry()]), width).splitlines()
    assert len(lines) == 1 + breaks
    assert all(re.match(r"  \S", line) and len(line) <= width for line in lines)
    cells = [cell for line in lines for cell in re.split("  +", line.strip())]
    assert cells[:4] == ["run", "1 point", "20,000 runs", "42.5 % settle"]
    assert re.fullmatch(r"2026-01-0\d \d\d:\d\d", cells[4])


def test_columns_stand_below_each_other(render) -> None:
    lines = render(render_study_list([entry(), entry("wide", kind="sensitivity", points=1000, runs=5)])).splitlines()
    assert lines[1].index("settle") == lines[3].index("settle")
    assert lines[1].startswith("  run   ")
