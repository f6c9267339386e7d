"""The table and the page of known answers."""

from __future__ import annotations

import re
from typing import Any

import pytest

from sim.output.tables.verification_table import allowance, figure, summary, verification_page, verification_table
from sim.verification.known_answer import Check, Row


def check(observed: float, expected: float = 0.5, tolerance: float = 0.01) -> Check:
    return Check("d = .2", "share", expected, observed, tolerance, "by counting")


ROW: Any = Row("V1", "a claim", "Nash 1950", "x = y", "no distrust", list)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1.0, "1"),
        (-3.0, "-3"),
        (0.123456789, "0.12346"),
        (1e6, "1e+06"),
        (999_999.0, "999999"),
        (1e7, "1e+07"),
        (0.0, "0"),
        (1 + 1e-13, "1"),
        (1.001, "1.001"),
    ],
)
def test_figures(value: float, words: str) -> None:
    assert figure(value) == words


def test_a_tolerance_of_nothing_is_nothing() -> None:
    assert [allowance(value) for value in (0.0, 1e-13, 0.0123456)] == ["0", "1e-13", "0.012346"]


def test_what_holds_and_what_does_not(render) -> None:
    good = {ROW: [check(0.505), check(0.5)]}
    assert summary(good) == "All 2 checks in 1 rows hold."
    text = render(verification_table({ROW: [check(0.505), check(0.9)]}))
    assert re.search(r"d = \.2: share +0\.5 +0\.505 +0\.01 +holds\n", text)
    assert re.search(r"d = \.2: share +0\.5 +0\.9 +0\.01 +FAILS\n", text)
    assert "1 of 2 checks in 1 rows do not hold." in text
    assert "V1  a claim" in text
    assert "no distrust. Nash 1950." in text


def test_the_page_marks_what_fails(render) -> None:
    page = verification_page({ROW: [check(0.505), check(0.9)]}, 4.0)
    assert "may lie 4 standard errors from it" in page
    assert "| d = .2 | share | 0.5 | 0.505 | 0.01 | by counting |" in page
    assert "| d = .2 | share | 0.5 | 0.9 | 0.01 | by counting **fails** |" in page
