"""No figure is cut, however little room there is."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from sim.output.tables.table_layout import FigureTable
from tests.examples import examples

FIGURE = re.compile(r"[−+]?\d[\d.,]*(?:–\d[\d.]*)?")


def rendered(table: FigureTable, width: int) -> str:
    console = Console(width=width, no_color=True, highlight=False)
    with console.capture() as capture:
        console.print(table)
    return capture.get()


def figures(text: str) -> list[str]:
    return FIGURE.findall(text)


numbers = st.from_regex(r"\A[−+]?[0-9]{1,3}\.[0-9](–[0-9]{1,3}\.[0-9])?\Z")
labels = st.text("abc äЖ語", min_size=1, max_size=60)


@st.composite
def tables(draw: st.DrawFn) -> FigureTable:
    count = draw(st.integers(1, 6))
    header = draw(st.none() | st.just(["", *(f"heading {'abcdef'[n]}" for n in range(count)), ""]))
    rows = draw(
        st.lists(
            st.tuples(
                labels, st.lists(numbers, min_size=count, max_size=count), st.sampled_from(["", "█" * 12, "why so"])
            ),
            min_size=1,
            max_size=5,
        )
    )
    return FigureTable([(label, *cells, last) for label, cells, last in rows], header, essential=draw(st.booleans()))


@settings(max_examples=examples(40), deadline=None)
@given(tables(), st.integers(20, 100))
def test_every_figure_is_there_whole_and_in_order(table: FigureTable, width: int) -> None:
    text = rendered(table, width)
    assert figures(text) == [figure for row in table.rows for cell in row[1:-1] for figure in figures(cell)]
    assert "…" not in text
    assert max(map(cell_len, text.splitlines())) <= width


def test_a_word_without_end_is_broken_and_not_cut() -> None:
    table = FigureTable([("a" * 30 + "語語 ", "0.0", "000.0", "−0.0–0.0", "")])
    assert "".join(rendered(table, 46).split()) == "a" * 24 + "0.0000.0−0.0–0.0" + "a" * 6 + "語語"


HEADINGS = ("", "share", "simulation error", "range over assumptions", "")


@pytest.mark.parametrize(
    ("width", "lines"),
    [
        (80, ["          share  simulation error  range over assumptions"]),
        (
            50,
            [
                "                                    range over",
                "          share  simulation error  assumptions",
            ],
        ),
        (
            42,
            [
                "                 simulation   range over",
                "          share       error  assumptions",
            ],
        ),
    ],
)
def test_headings_end_on_one_line_and_take_as_few_as_can_be(width: int, lines: list[str]) -> None:
    table = FigureTable([("settled", "42.5 %", "41.8–43.2", "0.4–99.5", "")], HEADINGS)
    shown = [line.rstrip() for line in rendered(table, width).splitlines()]
    assert shown[:-1] == lines
    assert shown[-1].startswith("settled  42.5 %") and len(shown[-1]) == len(lines[-1])


def test_the_tallest_heading_is_made_shorter_first() -> None:
    header = ("", "year of", "runs that settle in both of them", "")
    text = rendered(FigureTable([("case", "12.5 %", "−0.02 ± 0.02", "")], header), 30)
    assert [line.rstrip() for line in text.splitlines()] == [
        "        year  runs that settle",
        "          of   in both of them",
        "case  12.5 %      −0.02 ± 0.02",
    ]


def test_a_heading_of_numbered_labels_gives_way_too() -> None:
    table = FigureTable([("none", "0.771 (0.750–0.789)", "")], ("the mediator's style", "50 % at", ""), numbered=True)
    assert [line.rstrip() for line in rendered(table, 36).splitlines()] == [
        "the mediator's",
        "         style              50 % at",
        "          none  0.771 (0.750–0.789)",
    ]


def test_a_figure_that_has_no_room_beside_its_heading_stands_below_it() -> None:
    table = FigureTable([("case", "42.2 %", "−1.2 (−3.8 to +1.2)", "")], ("", "share", "difference in points", ""))
    assert [line.rstrip() for line in rendered(table, 24).splitlines()] == [
        "case",
        "  share  42.2 %",
        "  difference in points",
        "    −1.2 (−3.8 to +1.2)",
    ]


ROWS = [("settlement (all sign)", "42.5 %", "41.8–43.2", "█████"), ("impasse", "57.5 %", "56.8–58.2", "██████")]


@pytest.mark.parametrize(
    ("width", "bars", "beside"),
    [(80, True, True), (46, True, True), (38, False, True), (34, False, True), (20, False, False)],
)
def test_bars_go_first_and_then_columns(width: int, bars: bool, beside: bool) -> None:
    lines = rendered(FigureTable(ROWS), width).splitlines()
    assert any("█" in line for line in lines) == bars
    assert any("42.5 %" in line and "41.8–43.2" in line for line in lines) == beside
    assert any("settlement" in line and "42.5" in line for line in lines) == beside


def test_essential_remarks_stay() -> None:
    text = " ".join(rendered(FigureTable([("V1", "0.5", "FAILS")], essential=True), 20).split())
    assert text == "V1 0.5 FAILS"
    text = rendered(
        FigureTable([("a check of some length", "0.512345", "FAILS")], ("", "observed", ""), essential=True), 20
    )
    lines = [line.rstrip() for line in text.splitlines()]
    assert lines == ["a check of some", "length", "  observed  0.512345", "  FAILS"]
