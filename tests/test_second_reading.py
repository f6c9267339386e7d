"""Two readers of the article: how far they agree, and that the evidence page and the baseline say so."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from math import sqrt
from pathlib import Path

import pytest
import yaml

from sim.scenario.loading.scenario_loader import load_scenario
from sim.scenario.model.parameters import parameters

ROOT = Path(__file__).parents[1]
SEEDS = ROOT / "seeds"
PAGE, LIMITS = (
    " ".join((ROOT / "docs" / "explanation" / page).read_text(encoding="utf-8").split())
    for page in ("evidence.md", "limits.md")
)
NOTHING = ("not said", "none")


def rows(name: str) -> list[dict[str, str]]:
    with (SEEDS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def agreement(one: Sequence[object], other: Sequence[object]) -> tuple[float, float, float]:
    """Share on which two readers agree, Cohen's kappa, and its standard error (Cohen 1960, equation 7)."""
    n = len(one)
    observed = sum(a == b for a, b in zip(one, other, strict=True)) / n
    first, second = Counter(one), Counter(other)
    chance = sum(first[word] * second[word] for word in first) / n**2
    return observed, (observed - chance) / (1 - chance), sqrt(observed * (1 - observed) / n) / (1 - chance)


def printed(n: int, found: tuple[float, float, float]) -> str:
    """The cells of the page for so many decisions."""
    share, kappa, error = found
    ends = (f"{kappa + side * 1.96 * error:.2f}".lstrip("0") for side in (-1, 1))
    return f"| {n} | {share:.0%} | {kappa:.2f} | {'–'.join(ends)} |".replace("%", " %").replace("| 0.", "| .")


def links(name: str) -> set[tuple[str, str]]:
    return {(row["claim"], row["bears_on"]) for row in rows(name)}


def test_kappa_of_a_table_by_hand() -> None:
    """20 times both yes, 5 and 10 times one alone, 15 times neither: .7 agree, .5 by chance, so kappa is .4."""
    one = [True] * 25 + [False] * 25
    other = [True] * 20 + [False] * 5 + [True] * 10 + [False] * 15
    assert agreement(one, other) == pytest.approx((0.7, 0.4, sqrt(0.7 * 0.3 / 50) / 0.5))


def test_the_page_prints_the_agreement_on_words() -> None:
    words = rows("second_reading_words.csv")
    found = agreement([row["first_reader"] for row in words], [row["second_reader"] for row in words])
    assert (round(found[0], 2), round(found[1], 2)) == (0.73, 0.68)
    assert printed(len(words), found) in PAGE
    apart = sum(row["first_reader"] != row["second_reader"] for row in words)
    assert f"pulled apart on {apart} of {len(words)} paths" in LIMITS


def test_the_page_prints_the_agreement_on_links() -> None:
    first, second = links("first_reading_claims.csv"), links("second_reading_claims.csv")
    claims, paths = ({link[part] for link in first | second} for part in (0, 1))
    cells = [(claim, path) for claim in claims for path in paths]
    found = agreement([cell in first for cell in cells], [cell in second for cell in cells])
    assert round(found[1], 2) == 0.62
    assert printed(len(cells), found) in PAGE
    counts = (len(first | second), len(first & second), len(first - second), len(second - first))
    said = "of {} links that somebody sees, both see {}, the first reader alone {}, the second alone {}."
    assert said.format(*counts) in PAGE


def test_the_page_tells_easy_agreement_from_hard() -> None:
    same: dict[str, list[bool]] = {}
    agreed = []
    for row in rows("second_reading_words.csv"):
        group = row["path"].split(".")[0]
        group = group if group in ("distrust", "mediator", "guarantors") else "sides"
        same.setdefault(group, []).append(row["first_reader"] == row["second_reader"])
        agreed += [row["first_reader"]] * same[group][-1]
    trust, mediator, sides = (
        f"{sum(same[group])} of {len(same[group])}" for group in ("distrust", "mediator", "sides")
    )
    assert f"({trust} paths), on the mediator in {mediator} and on the two sides in {sides}," in PAGE
    nothing = sum(word in NOTHING for word in agreed)
    assert (len(agreed), nothing) == (16, 9)
    assert f"Of the {len(agreed)} words on which they agree nine are *not said* or *none*." in PAGE


def test_where_two_words_pull_apart_the_range_spans_both() -> None:
    scale = yaml.safe_load((SEEDS / "claims.yaml").read_text(encoding="utf-8"))["scale"]
    here = parameters(load_scenario(ROOT / "scenarios" / "baseline.yaml"))
    spanned = []
    for row in rows("second_reading_words.csv"):
        kind = scale.get(row["path"].rpartition(".")[2], {})
        words = (row["first_reader"], row["second_reader"])
        if words[0] != words[1] and all(word in kind for word in words):
            ends = [end for word in words for end in kind[word]]
            quantity = here[row["path"]].quantity
            assert quantity is not None
            assert (quantity.low, quantity.high) == (min(ends), max(ends)), row["path"]
            spanned.append(row["path"])
    assert spanned == ["mediator.convening", "parties.russia.concession"]


def test_the_first_reading_is_of_claims_that_are_there() -> None:
    claims = yaml.safe_load((SEEDS / "claims.yaml").read_text(encoding="utf-8"))["claims"]
    first, second = ({claim for claim, _ in links(f"{which}_reading_claims.csv")} for which in ("first", "second"))
    assert first == second
    assert claims.keys() - first == {"negotiating"}
