"""No figure is cut, however little room there is."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from sim.output.layout import FigureTable

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


@settings(max_examples=150, deadline=None)
@given(tables(), st.integers(20, 100))
def test_every_figure_is_there_whole_and_in_order(table: FigureTable, width: int) -> None:
    text = rendered(table, width)
    assert figures(text) == [figure for row in table.rows for cell in row[1:-1] for figure in figures(cell)]
    assert "…" not in text
    assert max(map(cell_len, text.splitlines())) <= width


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
