from __future__ import annotations

import re
from typing import Any

import pytest

from sim.output.comparisons import comparison_table, signed
from sim.study.comparison import Comparison


def change(difference: float, runs: int | None = 12_345) -> Any:
    return {
        "difference": difference,
        "low": difference - 0.01,
        "high": difference + 0.01,
        "only_reference": 5,
        "only_here": 3,
        "unpaired_runs": runs,
    }


def share(p: float) -> Any:
    return {"p": p, "low": p - 0.01, "high": p + 0.01}


def comparison(*names: str, means: str = "", runs: int | None = 12_345, pairs: int = 400) -> Comparison:
    """The first scenario and others in which fewer settle."""
    later: Any = {"pairs": pairs, "difference": 1.25, "low": 1.0, "high": 1.5}
    if not pairs:
        later = {"pairs": 0, "difference": None, "low": None, "high": None}
    return {
        "reference": names[0],
        "runs": 2000,
        "seed": 9,
        "scenarios": [
            {
                "scenario": name,
                "means": means if name != names[0] else "",
                "folder": f"{name}-0",
                "settlement": share(0.4 - 0.1 * n),
                "lasting": {"52": share(0.3 - 0.1 * n), "260": None},
                "change": {
                    "settlement": change(-0.1 * n, runs),
                    "lasting": {"52": change(-0.1 * n), "260": None},
                    "rounds": later,
                }
                if n
                else None,
            }
            for n, name in enumerate(names)
        ],
        "warnings": [],
    }


def test_every_difference_has_its_interval(render) -> None:
    text = render(comparison_table(comparison("base", "other", "third")))
    assert "2,000 runs of each, on common random numbers (seed 9)" in text
    assert re.search(r"base +40\.0 % +39\.0–41\.0\n", text)
    assert re.search(r"other +30\.0 % +29\.0–31\.0 +−10\.0 \(−11\.0 to −9\.0\)", text)
    assert re.search(r"third +20\.0 % +19\.0–21\.0 +−20\.0", text)
    assert re.search(r"Runs needed without common random numbers[^?]*\n +runs per scenario\n +other +12,345\n", text)
    assert "assumptions" not in text.partition("Intervals:")[0]
    assert "How often do they reach a settlement that holds for 1 year?" in text
    assert "5 years" not in text
    assert re.search(r"other +400 +\+1\.2 \(\+1\.0 to \+1\.5\)", text)
    assert "Tango" in text
    assert "not a forecast" in text


def test_the_range_over_the_assumptions_stands_beside_each_share(render) -> None:
    found = comparison("base", "other")
    found["scenarios"][1]["settlement"]["spread"] = {"low": 0.05, "high": 0.95}
    text = render(comparison_table(found))
    assert re.search(r" simulation +range over +difference\n +share +error +assumptions +in points\n", text)
    assert re.search(r"other +30\.0 % +29\.0–31\.0 +5\.0–95\.0 +−10\.0", text)
    assert "Range over the assumptions: middle 90 % across the scenario's ranges" in text


def test_ablations_are_called_by_what_they_go_without(render) -> None:
    text = render(comparison_table(comparison("base", "base-without-meeting", means="nobody stays away")))
    assert re.search(r"What changes\?\n +without meeting +nobody stays away", text)
    assert re.search(r"without meeting +30\.0 %", text)
    assert "base-without" not in text


def test_what_is_undefined_is_a_dash(render) -> None:
    text = render(comparison_table(comparison("base", "other", runs=None, pairs=0)))
    assert re.search(r"runs per scenario\n +other +–", text)
    assert re.search(r"other +0 +–", text)
    assert "None" not in text


def test_warnings_are_said_first(render) -> None:
    found = comparison("base", "other")
    found["warnings"] = ["other: another horizon"]
    assert "\nNote: other: another horizon.\n" in render(comparison_table(found))


@pytest.mark.parametrize("name", ["a_very_long_name_" * 8, "Переговоры-" * 9])
def test_any_names_fit(render, name: str) -> None:
    text = render(comparison_table(comparison(name, f"{name}-without-texts", means="слово " * 40)))
    assert max(map(len, text.splitlines())) <= 80
    assert re.search(r"30\.0 % +29\.0–31\.0 +−10\.0 \(−11\.0 to −9\.0\)", text)


@pytest.mark.parametrize(
    ("ends", "text"),
    [
        ((-34.26, -34.9, -33.6), "−34.3 (−34.9 to −33.6)"),
        ((0.02, -0.03, 0.07), "+0.02 (−0.03 to +0.07)"),
        ((0.0, -0.019, 0.019), "+0.00 (−0.02 to +0.02)"),
    ],
)
def test_differences_have_as_many_decimals_as_tell(ends: tuple[float, float, float], text: str) -> None:
    assert signed(*ends) == text
