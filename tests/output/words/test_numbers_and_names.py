from __future__ import annotations

import pytest

from sim.output.words.numbers_and_names import between, join_items, percent, points, possessive, signed, weeks


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (None, "–"),
        (0.0, "0.0 %"),
        (1e-6, "< 0.1 %"),
        (0.0004, "< 0.1 %"),
        (0.0005, "0.1 %"),
        (0.5, "50.0 %"),
        (0.9994, "99.9 %"),
        (0.9996, "> 99.9 %"),
        (0.99999, "> 99.9 %"),
        (1.0, "100.0 %"),
    ],
)
def test_shares_never_round_to_none_or_all(share: float | None, words: str) -> None:
    assert percent(share) == words


@pytest.mark.parametrize(
    ("periods", "words"),
    [(1, "1 week"), (51, "51 weeks"), (52, "1 year"), (53, "53 weeks"), (260, "5 years")],
)
def test_whole_years_are_called_so(periods: int, words: str) -> None:
    assert weeks(periods) == words


def test_lists() -> None:
    assert [join_items(list("abc")[:n]) for n in (1, 2, 3)] == ["a", "a and b", "a, b and c"]


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.0, 0.0002, "0.0–< 0.1"),
        (0.9998, 1.0, "> 99.9–100.0"),
        (0.998, 0.99999, "99.8–> 99.9"),
        (0.0001, 0.0002, "< 0.1"),
        (0.9997, 0.9998, "> 99.9"),
        (0.0, 0.0, "0.0–0.0"),
        (0.2, 0.2, "20.0–20.0"),
        (0.0, 1.0, "0.0–100.0"),
    ],
)
def test_ends_of_intervals_are_written_like_other_shares(low: float, high: float, words: str) -> None:
    assert between(low, high) == words


@pytest.mark.parametrize(
    ("share", "words"), [(0.0, "0 %"), (0.004, "< 1 %"), (0.006, "1 %"), (0.996, "> 99 %"), (1.0, "100 %")]
)
def test_whole_per_cent_never_round_to_none_or_all(share: float, words: str) -> None:
    assert percent(share, 0) == words


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        ((0.0, -0.001, 0.001), "0.0 (−0.1 to +0.1)"),
        ((0.0, -0.003, 0.003), "0.0 (−0.3 to +0.3)"),
        ((0.0003, -0.002, 0.0025), "< +0.1 (−0.2 to +0.2)"),
        ((-0.0003, -0.0025, 0.002), "> −0.1 (−0.2 to +0.2)"),
        ((0.00002, -0.00003, 0.0003), "< +0.01 (> −0.01 to +0.03)"),
        ((-1.0, -1.0, -0.99), "−100.0 (−100.0 to −99.0)"),
        ((-0.9999, -1.0, -0.99), "< −99.9 (−100.0 to −99.0)"),
        ((0.9999, 0.99, 1.0), "> +99.9 (+99.0 to +100.0)"),
    ],
)
def test_differences_never_round_to_none_or_all(ends: tuple[float, float, float], words: str) -> None:
    assert points(*ends) == words


def test_a_difference_in_weeks_has_no_greatest() -> None:
    assert signed(-100.0, -120.0, -99.98) == "−100.0 (−120.0 to −100.0)"


@pytest.mark.parametrize(
    ("name", "genitive"),
    [
        ("Russia", "Russia's"),
        ("the US", "the US's"),
        ("the guarantor states", "the guarantor states'"),
        ("bob", "bob's"),
        ("us", "us's"),
        ("The states", "The states'"),
    ],
)
def test_genitives(name: str, genitive: str) -> None:
    assert possessive(name) == genitive
