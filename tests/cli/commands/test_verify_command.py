"""`parley verify`: what it prints and writes, and that it can fail."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sim.negotiation.equations import rules

ROOT = Path(__file__).parents[3]


def test_some_rows(parley) -> None:
    ending = parley("verify", "V1", "V18")
    assert (ending.code, ending.err) == (0, "")
    assert "V1  An efficient text divides the zone of agreement" in ending.out
    assert "Nash (1950) Econometrica 18:155" in " ".join(ending.out.split())
    assert "V18 (durability)" in ending.out
    assert "V18 (parties)" in ending.out
    assert "V5 " not in ending.out
    assert ending.out.rstrip().endswith("checks in 3 rows hold.")
    assert max(map(len, ending.out.splitlines())) <= 80


def test_a_tolerance_is_never_shown_as_less_than_it_is(parley) -> None:
    ending = parley("verify", "V12", "--page", "page.md")
    assert "1e-12" in ending.out
    assert "| 1e-12 | rounding |" in Path("page.md").read_text(encoding="utf-8")


def test_json(parley) -> None:
    lines = [json.loads(line) for line in parley("verify", "V14", "--json").out.splitlines()]
    assert [line["row"] for line in lines] == ["V14"] * 4
    assert all(line["holds"] and abs(line["expected"] - line["observed"]) <= line["tolerance"] for line in lines)


def test_an_answer_that_is_missed(parley, monkeypatch: pytest.MonkeyPatch) -> None:
    genuine = rules.reservation
    monkeypatch.setattr(rules, "reservation", lambda *given: genuine(*given) + 0.05)
    ending = parley("verify", "V14", "--page", "page.md")
    assert ending.code == 1
    assert "FAILS" in ending.out
    assert "4 of 4 checks in 1 rows do not hold." in ending.out
    assert "**fails**" in Path("page.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "near"), [("V55", "'V5'"), ("v1", "'V1'"), ("", "known")])
def test_no_such_row(parley, tmp_path: Path, name: str, near: str) -> None:
    ending = parley("verify", name)
    assert (ending.code, ending.out) == (2, "")
    assert "no row" in ending.err
    assert list(tmp_path.iterdir()) == []


class TestData:
    """`--data`, in an empty folder and with few runs."""

    @pytest.fixture
    def compare(self, parley):
        return lambda *options: parley("verify", "--data", "--runs", 100, *options)

    def test_table_and_page(self, compare, tmp_path: Path) -> None:
        ending = compare("--page", tmp_path / "page.md")
        assert ending.code == 0
        assert "Page: " in ending.err
        assert "agreement in a war without a mediator" in ending.out
        assert "no breach within 5 years, manipulation" in ending.out
        assert "100 runs of each of 4 reference scenarios, watched for 260 weeks;" in " ".join(ending.out.split())
        assert "Forecast: an agreement in a full-scale war (101 crises;" in ending.out
        assert max(map(len, ending.out.splitlines())) <= 80
        page = (tmp_path / "page.md").read_text(encoding="utf-8")
        assert page.startswith("# The model beside conflict data")
        assert "100 runs of each" in page

    def test_json(self, compare) -> None:
        ending = compare("--json")
        lines = [json.loads(line) for line in ending.out.splitlines()]
        rates, contests = lines[:15], lines[15:]
        assert (ending.code, ending.err, len(contests)) == (0, "", 5)
        assert [set(line["beside"]) for line in rates] == [{"26", "104"}] * 5 + [set()] * 10
        for line in contests:
            assert {lead["verdict"] for lead in line["leads"]} <= {"wins over", "ties with", "loses to"}
            assert all(low < value < high for value, low, high in (score["brier"] for score in line["scores"]))
        for line in rates:
            rate = line["rate"]
            assert line["inside"] == (rate["low"] <= line["model"] <= rate["high"])
            assert line["error"] > 0
            assert line["unlike"]

    def test_more_runs_are_other_numbers(self, compare, parley) -> None:
        assert compare("--json").out != parley("verify", "--data", "--runs", 150, "--json").out

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            (["V1", "--data"], "rates, not rows"),
            (["--runs", 100], "goes with --data"),
            (["--data", "--runs", 0], "100"),
        ],
    )
    def test_what_does_not_go_together(self, parley, options: list[object], said: str) -> None:
        ending = parley("verify", *options)
        assert (ending.code, ending.out) == (2, "")
        assert said in " ".join(ending.err.split())


def test_the_page_is_current(parley) -> None:
    """As far as some rows go; `docs/build.py --check` makes all of it anew."""
    assert parley("verify", "V12", "V14", "--page", "page.md").code == 0
    kept = (ROOT / "docs" / "explanation" / "verification.md").read_text(encoding="utf-8").splitlines()
    rows = [line for line in Path("page.md").read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    assert len(rows) > 4
    assert [line for line in rows if line not in kept] == []
