from __future__ import annotations

import pytest

from sim.output.words import actor, listed, percent, weeks


@pytest.mark.parametrize(
    ("name", "prose"),
    [
        ("us", "US"),
        ("eu", "EU"),
        ("uae", "UAE"),
        ("russia", "Russia"),
        ("great_britain", "Great Britain"),
        ("guarantor-states", "Guarantor-states"),
        ("россия", "Россия"),
        ("deGaulle", "DeGaulle"),
    ],
)
def test_names_as_prose_has_them(name: str, prose: str) -> None:
    assert actor(name) == prose


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (None, "–"),
        (0.0, "0.0 %"),
        (1e-6, "< 0.1 %"),
        (0.0005, "0.1 %"),
        (0.5, "50.0 %"),
        (0.9994, "99.9 %"),
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
    assert [listed(list("abc")[:n]) for n in (1, 2, 3)] == ["a", "a and b", "a, b and c"]
