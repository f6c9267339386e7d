"""Table layout: tables of figures that lose bars and remarks, and in the end their columns, before a digit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderResult
from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

GAP = 2
"""Columns between two cells, and by which figures below their label are indented."""

LEAST_WORDS = 12
"""Columns that labels and remarks take at least where they are broken into lines."""

LONGEST_WORD = 24
"""Columns of a word of a label or remark that is not broken itself."""

BLOCK = "█"
"""What bars are made of: a bar is not broken into lines."""


@dataclass(frozen=True)
class FigureTable:
    """Table of figures whose layout fits the width: rows of a label, figures, and last a remark or bar.

    Figures stand to the right of the label, in as many columns as there is room for. `header` names the cells. Where
    figures leave too little room the remarks go, unless they are `essential`; where they leave too little to the
    labels, every row becomes a paragraph: its label, and below it each figure after its heading. `numbered` labels are
    figures themselves and stand to the right.
    """

    rows: Sequence[Sequence[str]]
    header: Sequence[str] | None = None
    essential: bool = False
    numbered: bool = False

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the fullest form that cuts no figure."""
        for columns in (self._columns, *([] if self.essential else [self._columns[:-1]])):
            widths = _widths(columns, options.max_width, len(columns) == len(self._columns), self.numbered)
            if widths is not None:
                yield self._grid(widths)
                return
        yield Group(*self._paragraphs(options.max_width))

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        """All the room there is: the form depends on it."""
        return Measurement(1, options.max_width)

    @property
    def _columns(self) -> list[_Column]:
        headings = self.header or [""] * len(self.rows[0])
        return [_Column(heading, cells) for heading, *cells in zip(headings, *self.rows, strict=True)]

    def _grid(self, widths: Sequence[int]) -> Table:
        """The rows side by side, without cells for which there is no width; headings end on one line."""
        grid = Table.grid(padding=(0, GAP, 0, 0))
        grid.show_header, grid.header_style = self.header is not None, ""
        for place, width in enumerate(widths):
            right = 0 < place < len(self._columns) - 1 or (place == 0 and self.numbered)
            heading = Text(self.header[place] if self.header else "")
            grid.add_column(heading, width=width, justify="right" if right else "left", overflow="fold")
        for row in self.rows:
            grid.add_row(*map(Text, row[: len(widths)]))
        return grid

    def _paragraphs(self, width: int) -> Iterator[Text | Padding]:
        """Each row as its label and, below it, its figures with their headings."""
        first, *headings, _ = self.header or [""] * len(self.rows[0])
        if first and not self.numbered:
            yield Text(first)
        for label, *figures, remark in self.rows:
            yield Text(f"{first} {label}".strip() if self.numbered else label)
            for heading, figure in zip(headings, figures, strict=True):
                line = f"{heading}  {figure}".strip()
                if figure and GAP + cell_len(line) <= width:
                    yield _indented(line, GAP, width)
                elif figure:
                    yield _indented(heading, GAP, width)
                    yield _indented(figure, 2 * GAP, width)
            if self.essential and remark:
                yield _indented(remark, GAP, width)


def _indented(text: str, indent: int, width: int) -> Padding:
    """A line that begins further to the left where a word of it would be cut otherwise."""
    return Padding(Text(text), (0, 0, 0, max(min(indent, width - _longest_word(text)), 0)))


@dataclass(frozen=True)
class _Column:
    """A column of a table: its heading and its cells."""

    heading: str
    cells: Sequence[str]

    @property
    def widest(self) -> int:
        """Columns that its cells take unbroken."""
        return max(cell_len(line) for cell in self.cells for line in (cell.split("\n") or [""]))

    @property
    def longest_word(self) -> int:
        """Columns that the longest word takes that is not broken itself; bars count as words."""
        words = (word for cell in (self.heading, *self.cells) for word in cell.split())
        return min(max(map(cell_len, words), default=0), LONGEST_WORD)


def _widths(columns: Sequence[_Column], room: int, remark: bool, numbered: bool) -> list[int] | None:
    """Return how wide columns are that stand side by side in `room`, None if they cannot.

    `remark`: the last is one; `numbered`: the labels are figures, too. Figures have what they take. What is left goes
    to the labels first, then to headings, then to the remarks.
    """
    label, *figures = columns
    last = figures.pop() if remark and figures else None
    if numbered:
        figures, natural, narrowest = [label, *figures], 0, 0
    else:
        natural = max(label.widest, cell_len(label.heading))
        narrowest = min(natural, max(LEAST_WORDS, label.longest_word))
    words = 0 if last is None else max(last.widest, cell_len(last.heading))
    reserved = min(words, max(LEAST_WORDS, last.longest_word)) if last else 0
    widths = [max(column.widest, _longest_word(column.heading)) for column in figures]
    left = room - GAP * (len(columns) - 1 - (not reserved and last is not None)) - narrowest - sum(widths) - reserved
    if left < 0:
        return None
    broad = min(natural - narrowest, left)
    widths, left = _with_headings(figures, widths, left - broad)
    labels = [] if numbered else [narrowest + broad]
    return [*labels, *widths, *([min(words, reserved + left)] if reserved else [])]


def _with_headings(columns: Sequence[_Column], widths: list[int], left: int) -> tuple[list[int], int]:
    """Widen columns so that their headings take as few lines as can be; return the widths and what is still left.

    The tallest heading decides how many lines there are, so it comes first; others follow where they cost least.
    """
    widths = list(widths)
    while True:
        heights = [_height(column.heading, width) for column, width in zip(columns, widths, strict=True)]
        costs = [
            (-height, _narrowest(column.heading, height - 1) - width, place)
            for place, (column, height, width) in enumerate(zip(columns, heights, widths, strict=True))
            if height > 1
        ]
        affordable = [cost for cost in costs if cost[1] <= left]
        if not affordable:
            return widths, left
        _, cost, place = min(affordable)
        widths[place] += cost
        left -= cost


def _height(text: str, width: int) -> int:
    """How many lines a heading takes, filled word by word."""
    lines, end = 1, 0
    for length in map(cell_len, text.split()):
        if end and end + 1 + length > width:
            lines, end = lines + 1, length
        else:
            end += length + (end > 0)
    return lines


def _narrowest(text: str, lines: int) -> int:
    """The least width in which a heading takes no more than so many lines."""
    return next(width for width in range(_longest_word(text), cell_len(text) + 1) if _height(text, width) <= lines)


def _longest_word(text: str) -> int:
    return max(map(cell_len, text.split()), default=0)
