from __future__ import annotations

import re
from typing import Any

import pytest

from sim.output.tables.ensemble_table import SCALE, bar, ensemble_table
from sim.scenario.loading.scenario_loader import scenario_from_data
from sim.scenario.model.schema import Scenario
from sim.study.statistics.shares import wilson
from sim.study.summaries.ensemble_summary import Summary

pytestmark = pytest.mark.quick


def scenario(parties: tuple[str, str] = ("north", "south"), issue: str = "land", **changes: Any) -> Scenario:
    """Two parties, one issue."""
    first, second = parties
    data: dict[str, Any] = {
        "title": "A question",
        "issues": {"land": {"low": "none of it", "high": "all of it"}},
        "parties": {
            name: {"aims": {issue: aim}, "salience": {issue: 1}, "reservation": 0.5, "betrayal_loss": 0.1}
            for name, aim in ((first, 0), (second, 1))
        },
        "distrust": {first: {second: 0.5}, second: {first: 0.5}},
    }
    return scenario_from_data(data | changes)


def share(successes: int, trials: int) -> Any:
    found = wilson(successes, trials)
    return found and {"p": found.p, "low": found.low, "high": found.high}


def summary(
    settled: int, walked: int, runs: int, parties: tuple[str, str] = ("north", "south"), issue: str = "land"
) -> Summary:
    """What an ensemble with so many settlements and walkouts would be summarised as."""
    some = settled > 0
    return {
        "scenario": "question",
        "runs": runs,
        "seed": 1,
        "outcomes": {
            "settlement": share(settled, runs),
            "walkout": share(walked, runs),
            "impasse": share(0, runs),
            "overtaken": share(0, runs),
            "open": share(runs - settled - walked, runs),
        },
        "walkout_by": {parties[0]: walked / runs, parties[1]: 0.0},
        "authors": {parties[0]: 0.25 if some else None, parties[1]: 0.75 if some else None},
        "rounds": {"median": 17.0 if some else None, "mean": 19.44 if some else None},
        "sessions": {"direct": 0.25, "mediated": 0.0, "silent": 0.75},
        "terms": {issue: dict.fromkeys(("mean", "q05", "q95"), 0.5 if some else None)},  # type: ignore[misc]
        "utility": {party: {"mean": 0.75 if some else None} for party in parties},
        "efficiency": 0.9 if some else None,
        "holds": {"52": share(settled // 2, settled), "260": None},
        "lasting": {"52": share(settled // 2, runs), "260": None},
        "below_war": share(0, settled),
    }


def test_every_question_is_answered(render) -> None:
    text = render(ensemble_table(summary(4000, 2000, 10_000), scenario()))
    assert "question: 10,000 runs" in text
    assert re.search(r"settlement \(all sign\) +40\.0 % +39\.0–41\.0", text)
    assert re.search(r"walkout \(a party leaves\) +20\.0 %", text)
    assert re.search(r"open \(still talking\) +40\.0 %", text)
    assert re.search(r"settled and held for 1 year +20\.0 %", text)
    assert re.search(r"of settlements, held for 1 year +50\.0 %", text)
    assert re.search(r"of settlements, held for 5 years +–", text)
    assert "week 17 of 52" in text
    assert re.search(r"south +75\.0 %.*\n +north +25\.0 %", text)
    assert "0 none of it" in text
    assert "1 all of it" in text
    assert re.search(r"north +20\.0 %", text)
    assert re.search(r"weeks face to face +25\.0 %", text)
    assert "simulation error only" in text
    assert "not a forecast" in text


def test_without_a_settlement_there_is_nothing_to_say_of_terms(render) -> None:
    text = render(ensemble_table(summary(0, 0, 100), scenario()))
    assert re.search(r"settlement \(all sign\) +0\.0 % +0\.0–3\.7", text)
    assert "No run ended in a settlement." in text
    assert "On what terms?\n" not in text
    assert "No party, in any run." in text
    assert "None" not in text
    assert "nan" not in text


def test_when_all_settle_nobody_walks_out(render) -> None:
    text = render(ensemble_table(summary(100, 0, 100), scenario()))
    assert re.search(r"settlement \(all sign\) +100\.0 % +96\.3–100\.0", text)
    assert "No party, in any run." in text


def test_one_run_is_no_plural(render) -> None:
    text = render(ensemble_table(summary(1, 0, 1), scenario()))
    assert "question: 1 run of" in text
    assert re.search(r"settlement \(all sign\) +100\.0 % +20\.7–100\.0", text)


@pytest.mark.parametrize(
    "parties",
    [("Россия", "Україна"), (("a_very_long_name_" * 4)[:64], ("another-long-name-" * 4)[:64])],
    ids=["Cyrillic", "long"],
)
@pytest.mark.parametrize("width", [80, 100])
def test_any_names_fit(render, parties: tuple[str, str], width: int) -> None:
    issue = ("міжнародне_право_" * 4)[:64]
    poles = {"low": "слово " * 60, "high": "word" * 60}
    case = scenario(parties, issue, title="Заголовок " * 20, issues={issue: poles})
    text = render(ensemble_table(summary(5, 5, 20, parties, issue), case), width)
    assert max(map(len, text.splitlines())) <= width
    assert re.search(r"settlement \(all sign\) +25\.0 % +11\.2–46\.9", text)
    if parties[0] == "Россия":
        assert re.search(r"Россия +25\.0 %", text)


def test_marks_of_other_languages_in_texts_are_taken_as_they_are(render) -> None:
    text = render(ensemble_table(summary(5, 5, 20), scenario(title="[bold]A[/] \\[x] :smile: {0} %s")))
    assert "[bold]A[/] \\[x] :smile: {0} %s" in text


class TestSpread:
    @staticmethod
    def known(low: float = 0.004, high: float = 0.978) -> Summary:
        found = summary(4000, 2000, 10_000)
        found["spread"] = {"draws": 512, "plays": 32}
        for shares, key in ((found["outcomes"], "settlement"), (found["lasting"], "52")):
            shares[key]["spread"] = {"low": low, "high": high}  # type: ignore[index]
        return found

    def test_it_stands_beside_the_simulation_error(self, render) -> None:
        text = render(ensemble_table(self.known(), scenario()))
        assert re.search(
            r"\n +range over\n +share +simulation error +assumptions\n"
            r" +settlement \(all sign\) +40\.0 % +39\.0–41\.0 +0\.4–97\.8",
            text,
        )
        assert re.search(r"walkout \(a party leaves\) +20\.0 % +\S+ +█+\n", text)
        assert re.search(r"held for 1 year +20\.0 % +\S+ +0\.4–97\.8\s", text)
        assert text.count("512 draws") == 1
        assert "32 runs each, simulation noise removed" in re.sub(r"\s+", " ", text)
        assert "Simulation error: 95 % interval" in text
        assert max(map(len, text.splitlines())) <= 80

    def test_without_it_there_is_no_such_column(self, render) -> None:
        found = summary(4000, 2000, 10_000)
        found["spread"] = None
        text = render(ensemble_table(found, scenario()))
        assert "range over" not in text.partition("Intervals:")[0]
        assert "Intervals: simulation error only" in text

    @pytest.mark.parametrize("name", [("Переговоры_" * 6)[:64], ("a_very_long_name_" * 4)[:64]])
    def test_the_widest_figures_fit(self, render, name: str) -> None:
        found = self.known(0.9991, 1.0)
        text = render(ensemble_table(found, scenario((name, "south"))))
        assert max(map(len, text.splitlines())) <= 80


def curve(*shares: float) -> Any:
    return {"p": list(shares), "low": list(shares), "high": list(shares)}


def test_how_things_stand_week_by_week(render) -> None:
    found = summary(4000, 2000, 10_000)
    found["rounds"] |= {"median_low": 16.0, "median_high": 18.0}
    settled, left = (curve(*(share * week / 52 for week in range(1, 53))) for share in (0.4, 0.2))
    never = curve(*[0.0] * 52)
    found["curves"] = {
        "settlement": settled, "walkout": {"north": left, "south": never}, "impasse": never, "overtaken": never,
        "holds": None,
    }  # fmt: skip
    text = render(ensemble_table(found, scenario()))
    assert "by week 17 (16–18) of 52" in text
    assert re.search(r"by the end of week +10 +21 +31 +42 +52\n", text)
    assert re.search(
        r"settled +7\.7 % +16\.2 % .* 40\.0 %\n +north left +3\.8 % .* 20\.0 %\n +still talking .* 40\.0 %", text
    )
    assert "south left" not in text


def test_a_horizon_of_one_week_has_one_column(render) -> None:
    found = summary(4000, 0, 10_000)
    found["curves"] = {
        "settlement": curve(0.4), "walkout": {"north": curve(0.0), "south": curve(0.0)}, "impasse": curve(0.0),
        "overtaken": curve(0.1), "holds": None,
    }  # fmt: skip
    text = render(ensemble_table(found, scenario()))
    assert re.search(
        r"by the end of week +1\n +settled +40\.0 %\n +overtaken +10\.0 %\n +still talking +50\.0 %\n", text
    )


@pytest.mark.parametrize(
    ("share", "width", "length"),
    [
        (None, 24, 0),
        (0.0, 24, 0),
        (1e-6, 24, 1),
        (0.02, 24, 1),
        (0.5, 24, 12),
        (0.5, 12, 6),
        (1.0, 24, 24),
        (0.98, 10, 10),
    ],
)
def test_whatever_is_above_none_has_a_bar(share: float | None, width: int, length: int) -> None:
    assert bar(share, width) == "█" * length


def test_the_bar_stands_beside_its_share(render) -> None:
    text = render(ensemble_table(summary(4000, 2000, 10_000), scenario()))
    assert re.search(r"40\.0 % +39\.0–41\.0 +█{10}\n", text)
    assert re.search(r"north +25\.0 % +█{6}\n", text)
    spread = TestSpread.known()
    assert re.search(r"0\.4–97\.8 +█{5}\n", render(ensemble_table(spread, scenario())))


@pytest.mark.parametrize(
    ("mean", "low", "high"), [(0.5, 0.25, 0.75), (0.0, 0.0, 0.0), (1.0, 0.5, 1.0), (0.3, 0.0, 1.0), (0.5, 0.5, 0.5)]
)
def test_the_marks_of_a_range_reach_from_end_to_end(render, mean: float, low: float, high: float) -> None:
    found = summary(4000, 2000, 10_000)
    found["terms"] = {"land": {"mean": mean, "q05": low, "q95": high}}
    text = render(ensemble_table(found, scenario()))
    (line,) = re.findall(r"0 ([─━●]+) 1", text)
    assert len(line) == SCALE
    ends, middle = (round(low * (SCALE - 1)), round(high * (SCALE - 1))), round(mean * (SCALE - 1))
    assert line.index("●") == middle
    marked = [place for place, mark in enumerate(line) if mark in "━●"]
    assert marked == list(range(ends[0], ends[1] + 1))
    assert f"{mean:.2f} ({low:.2f}–{high:.2f})" in text


def test_terms_that_nobody_signed_are_a_dash(render) -> None:
    found = summary(4000, 2000, 10_000)
    found["terms"] = {"land": {"mean": None, "q05": None, "q95": None}}
    assert "  land  –\n" in render(ensemble_table(found, scenario()))


def test_poles_without_words_are_named_ends(render) -> None:
    text = render(ensemble_table(summary(4000, 2000, 10_000), scenario(issues={"land": {}})))
    assert "0 low end" in text
    assert "1 high end" in text


@pytest.mark.parametrize(("name", "width"), [("land", 4), ("a_long_issue_name_indeed", 14)])
def test_names_of_issues_are_aligned_up_to_a_width(render, name: str, width: int) -> None:
    issues: dict[str, Any] = {name: {}, "x": {}}
    given = {"salience": dict.fromkeys(issues, 1), "reservation": 0.5, "betrayal_loss": 0.1}
    data = {
        "issues": issues,
        "parties": {who: {"aims": dict.fromkeys(issues, aim), **given} for who, aim in (("north", 0), ("south", 1))},
        "distrust": {"north": {"south": 0.5}, "south": {"north": 0.5}},
    }
    case = scenario_from_data(data)
    found = summary(4000, 2000, 10_000)
    found["terms"] = {each: {"mean": 0.5, "q05": 0.4, "q95": 0.6} for each in issues}
    text = render(ensemble_table(found, case))
    assert f"  x{' ' * (width - 1)}  0.50 (0.40–0.60)" in text


def test_the_interval_of_the_median_is_left_out_where_it_has_no_width(render) -> None:
    found = summary(4000, 2000, 10_000)
    for low, high, words in (
        (17.0, 17.0, "week 17 of"),
        (None, None, "week 17 of"),
        (16.0, 17.0, "week 17 (16–17) of"),
    ):
        found["rounds"] |= {"median_low": low, "median_high": high}
        assert words in render(ensemble_table(found, scenario()))
    assert "mean: week 19.4." in " ".join(render(ensemble_table(found, scenario())).split())


def test_what_was_not_watched_for_so_long_says_so(render) -> None:
    text = render(ensemble_table(summary(4000, 2000, 10_000), scenario()))
    assert re.search(r"settled and held for 5 years +– +not followed that long\n", text)
    with_spread = render(ensemble_table(TestSpread.known(), scenario()))
    assert re.search(r"settled and held for 5 years +– +not followed\n", with_spread)


def test_the_mediator_is_marked_as_such(render) -> None:
    case = scenario(mediator={"name": "envoy"}, distrust={"north": {"south": 0.5}, "south": {"north": 0.5}})
    found = summary(4000, 2000, 10_000)
    found["authors"]["envoy"] = 0.5
    text = render(ensemble_table(found, case))
    assert re.search(r"south +75\.0 % +█+\n +envoy \(mediator\) +50\.0 %", text)
    assert text.count("(mediator)") == 1
