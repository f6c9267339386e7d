"""The sentences that answer a study's question say what its figures say, worked out here from its summary."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from sim.output.report.answer_sentences import NO_RANGE, NOT_ASKED, answer, brief
from sim.study.results.stored_study import read
from tests.output.report.studies import Shelf

EVERY_KIND = [
    *("run", "bare", "one", "central", "never", "always", "baseline"),
    *("sweep", "bare sweep", "grid", "wide grid", "central grid", "sample", "words", "words twice"),
]


def summary_of(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "summary.json").read_text(encoding="utf-8"))


def numbers(sentence: str) -> list[str]:
    return re.findall(r"\d+(?:\.\d+)?", sentence)


def percent(*shares: float) -> list[str]:
    return [f"{100 * share:.1f}" for share in shares]


def settling(point: dict[str, Any]) -> float:
    return point["outcomes"]["settlement"]["p"]


def error(points: list[dict[str, Any]]) -> str:
    """The largest distance of a share from an end of its interval, in points."""
    shares = [point["outcomes"]["settlement"] for point in points]
    return f"{100 * max(max(s['high'] - s['p'], s['p'] - s['low']) for s in shares):.1f}"


def moving(point: dict[str, Any]) -> float:
    over = point["outcomes"]["settlement"]["spread"]
    return over["high"] - over["low"]


def test_in_brief_a_run_has_both_kinds_of_uncertainty_and_a_sweep_its_first_sentence(shelf: Shelf) -> None:
    settled = summary_of(shelf["run"])["outcomes"]["settlement"]
    ends = percent(settled["p"], settled["low"], settled["high"], settled["spread"]["low"], settled["spread"]["high"])
    assert [figure for figure in numbers(brief(read(shelf["run"]))) if figure in ends] == ends
    assert brief(read(shelf["sweep"])) == answer(read(shelf["sweep"]))[0]


@pytest.mark.parametrize("name", EVERY_KIND)
def test_there_are_three_sentences_with_their_condition_first(shelf: Shelf, name: str) -> None:
    sentences = answer(read(shelf[name]))
    assert len(sentences) == 3
    assert sentences[0].startswith("Under these assumptions, ")
    assert all(sentence.endswith(".") and sentence[0].isupper() for sentence in sentences)
    assert not any(word in " ".join(sentences) for word in ("None of", "nan", "null", "None%"))


class TestRun:
    @pytest.mark.parametrize("name", ["run", "central", "always"])
    def test_share_and_its_simulation_error(self, shelf: Shelf, name: str) -> None:
        summary = summary_of(shelf[name])
        settled, lasting = summary["outcomes"]["settlement"], summary["lasting"]["52"]
        first, *_ = answer(read(shelf[name]))
        shares = percent(*(share[end] for share in (settled, lasting) for end in ("p", "low", "high")))
        assert numbers(first) == [shares[0], str(summary["runs"]), *shares[1:], "1"]
        assert "simulation error" in first
        assert first.endswith("in one that holds for 1 year.")

    def test_the_longest_span_that_is_watched_is_told(self, shelf: Shelf) -> None:
        summary = summary_of(shelf["baseline"])
        first, _, third = answer(read(shelf["baseline"]))
        assert f"{percent(summary['lasting']['260']['p'])[0]} % (" in first
        assert first.endswith(" in one that holds for 5 years.")
        assert third.endswith(f"{percent(summary['holds']['260']['p'])[0]} % of settlements hold for 5 years.")

    def test_the_range_over_the_assumptions_stands_apart(self, shelf: Shelf) -> None:
        summary = summary_of(shelf["run"])
        over, held = summary["outcomes"]["settlement"]["spread"], summary["lasting"]["52"]["spread"]
        first, second, _ = answer(read(shelf["run"]))
        assert numbers(second) == [*percent(over["low"], over["high"], held["low"], held["high"]), "90"]
        assert "more runs do not narrow that" in second
        assert "assumptions, the share" not in first
        assert "simulation error" not in second

    @pytest.mark.parametrize(
        ("name", "sentence"), [("central", NO_RANGE), ("bare", NOT_ASKED), ("baseline", NOT_ASKED)]
    )
    def test_without_a_range_it_says_why(self, shelf: Shelf, name: str, sentence: str) -> None:
        assert answer(read(shelf[name]))[1] == sentence
        assert ("--no-spread" in sentence) == (name != "central")

    @pytest.mark.parametrize("name", ["run", "one", "always"])
    def test_when_and_on_whose_text(self, shelf: Shelf, name: str) -> None:
        summary = summary_of(shelf[name])
        author, share = max(summary["authors"].items(), key=lambda item: item[1])
        third = answer(read(shelf[name]))[2]
        median, holds = summary["rounds"]["median"], summary["holds"]["52"]["p"]
        assert numbers(third) == [f"{median:.0f}", "12", *percent(share), *percent(holds), "1"]
        assert f"on a text by {'the US' if author == 'us' else author.capitalize()};" in third

    def test_where_none_settles_it_says_how_it_ends(self, shelf: Shelf) -> None:
        summary = summary_of(shelf["never"])
        first, _, third = answer(read(shelf["never"]))
        assert summary["outcomes"]["settlement"]["p"] == 0
        assert numbers(first)[:2] == ["0.0", "30"]
        assert third.startswith("No run ends in a settlement: ")
        ended = [share["p"] for share in summary["outcomes"].values() if share["p"] > 0]
        assert numbers(third) == [each for p in ended for each in percent(p)]

    def test_where_all_settle(self, shelf: Shelf) -> None:
        assert summary_of(shelf["always"])["outcomes"]["settlement"]["p"] == 1
        assert answer(read(shelf["always"]))[0].startswith("Under these assumptions, 100.0 % of 30 simulated runs end")

    def test_one_run_is_not_several(self, shelf: Shelf) -> None:
        assert " of 1 simulated run ends in a settlement" in answer(read(shelf["one"]))[0]


class TestSweep:
    def test_both_ends_of_a_parameter(self, shelf: Shelf) -> None:
        points = summary_of(shelf["sweep"])["points"]
        first, last = percent(settling(points[0]), settling(points[-1]))
        sentence = answer(read(shelf["sweep"]))[0]
        assert numbers(sentence) == [first, "0", last, "1", error(points)]
        assert "of mutual distrust (simulation error at most ±" in sentence

    def test_where_the_range_is_widest(self, shelf: Shelf) -> None:
        widest = max(summary_of(shelf["sweep"])["points"], key=moving)
        over = widest["outcomes"]["settlement"]["spread"]
        sentence = answer(read(shelf["sweep"]))[1]
        assert numbers(sentence) == ["90", f"{widest['values']['distrust']:g}", *percent(over["low"], over["high"])]
        assert "more runs do not narrow that" in sentence

    def test_where_it_crosses_one_half(self, shelf: Shelf) -> None:
        (line,) = summary_of(shelf["sweep"])["lines"]
        (crossing,) = line["crossings"]
        expected = [f"{crossing[key]:.2f}" for key in ("at", "low", "high")]
        assert numbers(answer(read(shelf["sweep"]))[2]) == ["50", *expected]

    def test_where_drawn_curves_never_cross_the_interval_is_open(self, shelf: Shelf) -> None:
        study = read(shelf["sweep"])
        study.summary["lines"][0]["crossings"][0] |= {"high": 1.0}
        assert re.search(r"\(simulation error 0\.\d\d to beyond 1\.00\)", answer(study)[2])

    def test_where_it_does_not_and_nobody_asked_for_the_range(self, shelf: Shelf) -> None:
        _, second, third = answer(read(shelf["bare sweep"]))
        assert numbers(second) == []
        assert "unknown" in second
        assert third == "The share never crosses 50 %: it is 50 % or above at every value."

    def test_words_are_told_one_by_one(self, shelf: Shelf) -> None:
        points = summary_of(shelf["words"])["points"]
        first, second, third = answer(read(shelf["words"]))
        assert numbers(first) == [*percent(*map(settling, points)), error(points)]
        for share, word in zip(
            percent(*map(settling, points)), ("no mediator", "facilitation", "formulation"), strict=True
        ):
            assert f"{share} % with {word}" in first
        widest = max(points, key=moving)["outcomes"]["settlement"]["spread"]
        assert numbers(second) == ["90", *percent(widest["low"], widest["high"])]
        most = max(points, key=settling)
        word = most["values"]["mediator.style"] or "no mediator"
        assert third == f"Most settle with {word}: {percent(settling(most))[0]} %."

    @pytest.mark.parametrize("name", ["grid", "sample", "central grid"])
    def test_least_and_most_of_several_parameters(self, shelf: Shelf, name: str) -> None:
        points = summary_of(shelf[name])["points"]
        least, most = min(points, key=settling), max(points, key=settling)
        first, _, third = answer(read(shelf[name]))
        assert [first.count(f" {share} % (") for share in percent(settling(least), settling(most))] == [1, 1]
        assert f"rapport from meeting {least['values']['rapport']:g})" in first
        assert numbers(first)[-2:] == [str(len(points)), error(points)]
        assert numbers(third) == [str(sum(settling(point) >= 0.5 for point in points))]

    def test_several_parameters_and_ranges_that_nobody_asked_for(self, shelf: Shelf) -> None:
        assert answer(read(shelf["grid"]))[1].endswith("was not computed (--spread).")
        assert answer(read(shelf["central grid"]))[1] == NO_RANGE

    def test_several_parameters_and_their_ranges(self, shelf: Shelf) -> None:
        widest = max(summary_of(shelf["wide grid"])["points"], key=moving)
        over = widest["outcomes"]["settlement"]["spread"]
        values = [f"{value:g}" for value in widest["values"].values()]
        assert numbers(answer(read(shelf["wide grid"]))[1]) == ["90", *values, *percent(over["low"], over["high"])]
