from __future__ import annotations

import re
from typing import Any

import pytest
from rich.console import RenderableType

from sim.output.tables import comparison_table as module
from sim.output.words.numbers_and_names import signed
from sim.study.comparison import Comparison
from tests.output.tables.test_ensemble_table import scenario


def comparison_table(found: Comparison) -> RenderableType:
    """The table, with the poles of the scenario of two parties and one issue."""
    return module.comparison_table(found, scenario())


def mean_change(difference: float | None, pairs: int = 300, within: float | None = 0.25) -> Any:
    """A difference of means with .02 on either side, and one of half that error within the runs that settle in both."""
    known = difference is not None
    reach = (None, None) if difference is None else (difference - 0.02, difference + 0.02)
    both = (None, None) if within is None or not known else (within - 0.005, within + 0.005)
    return {
        "difference": difference,
        "low": reach[0],
        "high": reach[1],
        "both": {"pairs": pairs, "difference": within if known else None, "low": both[0], "high": both[1]},
    }


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
                "terms": {"land": {"mean": 0.5 - 0.1 * n, "q05": 0.2, "q95": 0.7}},
                "utility": {"north": {"mean": 0.7 + 0.05 * n}, "south": {"mean": 0.6}},
                "change": {
                    "settlement": change(-0.1 * n, runs),
                    "lasting": {"52": change(-0.1 * n), "260": None},
                    "rounds": later,
                    "terms": {"land": mean_change(-0.1 * n)},
                    "utility": {"north": mean_change(0.05 * n), "south": mean_change(0.0)},
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


def test_terms_and_their_worth_stand_beside_the_shares(render) -> None:
    text = render(comparison_table(comparison("base", "other", "third")))
    terms, worth = text.partition("On what terms")[2].split("What is that worth to each party")
    assert "land: 0 none of it; 1 all of it" in terms
    assert re.search(r"mean +difference of the means +difference in runs that settle in both\n +base +0\.50\n", terms)
    assert re.search(r"other +0\.40 +−0\.10 ± 0\.02 +\+0\.250 ± 0\.005\n +third +0\.30 +−0\.20 ± 0\.02", terms)
    assert re.search(r"north\n.*\n +base +0\.70\n +other +0\.75 +\+0\.05 ± 0\.02", worth)
    assert re.search(r"south\n.*\n +base +0\.60\n +other +0\.60 +0\.00 ± 0\.02", worth)
    assert "each mean is over a scenario's own settlements" in " ".join(text.split())


def test_where_one_settles_nowhere_its_terms_are_dashes(render) -> None:
    found = comparison("base", "other")
    other: Any = found["scenarios"][1]
    other["settlement"] = share(0.0)
    other["terms"] = {"land": dict.fromkeys(("mean", "q05", "q95"))}
    other["change"]["terms"] = {"land": mean_change(None, 0)}
    text = render(comparison_table(found))
    assert re.search(r"land.*\n.*\n +base +0\.50\n +other +– +– +–\n", text)


def test_one_settlement_has_a_difference_without_an_interval(render) -> None:
    found = comparison("base", "other")
    other: Any = found["scenarios"][1]
    other["change"]["terms"]["land"] |= {"low": None, "high": None}
    assert re.search(r"other +0\.40 +−0\.10 +\+0\.250 ± 0\.005\n", render(comparison_table(found)))


def test_where_none_settles_there_are_no_terms(render) -> None:
    found = comparison("base", "other")
    for each in found["scenarios"]:
        each["settlement"] = {"p": 0.0, "low": 0.0, "high": 0.01}
    text = render(comparison_table(found))
    assert text.count("No run ended in a settlement.") == 2
    assert "own settlements" not in text


def test_issues_and_parties_of_one_scenario_alone_are_listed_too(render) -> None:
    found = comparison("base", "other")
    other: Any = found["scenarios"][1]
    other["terms"]["sea_routes"] = {"mean": 0.25, "q05": 0.2, "q95": 0.3}
    text = render(comparison_table(found))
    assert re.search(r"sea routes\n.*\n +base +–\n +other +0\.25\n", text)


def test_the_range_over_the_assumptions_stands_beside_each_share(render) -> None:
    found = comparison("base", "other")
    found["scenarios"][1]["settlement"]["spread"] = {"low": 0.05, "high": 0.95}
    text = render(comparison_table(found))
    assert re.search(r"\n +share +simulation error +range over assumptions +difference in points\n", text)
    assert re.search(r"other +30\.0 % +29\.0–31\.0 +5\.0–95\.0 +−10\.0", text)
    assert "Range over the assumptions: middle 90 % across the scenario's ranges" in text


def test_ablations_are_called_by_what_would_be_so(render) -> None:
    text = render(comparison_table(comparison("base", "base-nobody-kept-apart", means="if nobody stayed away")))
    assert re.search(r"if nobody stayed away +30\.0 %", text)
    assert "base-" not in text
    assert "without" not in text.replace("without common random numbers", "")


@pytest.mark.parametrize(("same", "said"), [("runs", "bit for bit"), ("outcomes", "only in beliefs"), (None, "")])
def test_scenarios_with_the_same_runs_are_named(render, same: str | None, said: str) -> None:
    found = comparison("base", "other")
    found["scenarios"][1]["change"]["same"] = same  # type: ignore[index]
    text = " ".join(render(comparison_table(found)).split())
    assert ("Note: other:" in text) == bool(said)
    assert said in text


@pytest.mark.parametrize(("kind", "said"), [("runs", "bit for bit"), ("outcomes", "only in beliefs")])
def test_scenarios_with_the_same_runs_as_each_other_are_named(render, kind: str, said: str) -> None:
    found = comparison("base", "other", "third", "last")
    found["same"] = {"runs": [], "outcomes": [], kind: [["other", "third"], ["base", "last"]]}  # type: ignore[misc]
    notes = [line for line in " ".join(render(comparison_table(found)).split()).split("Note: ")[1:] if said in line]
    assert [note.partition(": ")[0] for note in notes] == ["other and third"]


def test_where_durability_is_no_answer_the_reason_stands_in_its_place(render) -> None:
    found = comparison("base", "other")
    for each in found["scenarios"]:
        each |= {"lasting": {"52": None, "260": None}, "unbreakable": "nobody can break a settlement"}
    text = render(comparison_table(found))
    assert "Does it last?\n  No answer: nobody can break a settlement.\n" in text
    assert "that holds for" not in text


def test_one_scenario_with_an_answer_is_enough_to_ask_how_long_settlements_hold(render) -> None:
    found = comparison("base", "other")
    found["scenarios"][0] |= {"lasting": {"52": None, "260": None}, "unbreakable": "nobody can break a settlement"}  # type: ignore[typeddict-item]
    found["scenarios"][1]["change"]["lasting"]["52"] = None  # type: ignore[index]
    text = render(comparison_table(found)).partition("settlement that holds for 1 year?")[2]
    assert re.search(r"base +–\n +other +20\.0 %", text)
    assert "base: No answer" in text


def test_what_is_undefined_is_a_dash(render) -> None:
    text = render(comparison_table(comparison("base", "other", runs=None, pairs=0)))
    assert re.search(r"runs per scenario\n +other +–", text)
    assert re.search(r"other +0 +–", text)
    assert "None" not in text


def test_warnings_stand_together(render) -> None:
    found = comparison("base", "other")
    found["warnings"] = ["other: another horizon", "base, other: something idle"]
    block = "What to bear in mind\n  • other: another horizon\n  • base, other: something idle\n"
    assert block in render(comparison_table(found))


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
        ((0.0, -0.019, 0.019), "0.00 (−0.02 to +0.02)"),
    ],
)
def test_differences_have_as_many_decimals_as_tell(ends: tuple[float, float, float], text: str) -> None:
    assert signed(*ends) == text
