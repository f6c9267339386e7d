"""List of stored studies, for a terminal of 80 columns: two lines a study, a third for changed parameters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.text import Text

from sim.output.words.numbers_and_names import between, percent
from sim.study.study_listing import Entry


def render_study_list(entries: Sequence[Entry]) -> RenderableType:
    """Return the list of stored studies for the terminal: under each folder's name its contents, or its damage."""
    details = [_details(entry) for entry in entries]
    widths = [max(map(len, column)) for column in zip(*filter(None, details), strict=True)]
    lines: list[RenderableType] = []
    for entry, cells in zip(entries, details, strict=True):
        state = "" if entry.complete or entry.trouble else " (incomplete)"
        lines.append(Text.assemble((entry.folder.name, "bold"), state))
        if cells:
            lines.append(_Line(cells, widths))
            if entry.changes:
                lines.append(Text(f"  with {', '.join(entry.changes)}"))
        else:
            lines.append(Text(f"  damaged: {entry.trouble}"))
    return Group(*lines)


class _Line:
    """What a study holds, its cells below those of the others; broken between cells where there is too little room."""

    def __init__(self, cells: Sequence[str], widths: Sequence[int]) -> None:
        self.cells, self.widths = cells, widths

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the line, or several."""
        (kind, *figures), (first, *others) = self.cells, self.widths
        aligned = [f"{kind:<{first}}", *(f"{cell:>{width}}" for cell, width in zip(figures, others, strict=True))]
        if sum(self.widths) + 2 * len(aligned) <= options.max_width:
            yield Text("  ".join(["", *aligned]))
            return
        line = ""
        for cell in self.cells:
            if line and len(f"{line}  {cell}") > options.max_width:
                yield Text(line)
                line = ""
            line += f"  {cell}"
        yield Text(line)


def _details(entry: Entry) -> tuple[str, ...]:
    """Return what a study holds, cell by cell; nothing for a damaged one."""
    if entry.trouble:
        return ()
    return (
        entry.kind,
        f"{entry.points:,} {'row' if entry.kind == 'sensitivity' else 'point'}{'' if entry.points == 1 else 's'}",
        f"{entry.runs:,} run{'' if entry.runs == 1 else 's'}",
        f"{_shares(entry.settlement)} settle",
        f"{datetime.fromisoformat(entry.written).astimezone():%Y-%m-%d %H:%M}",
    )


def _shares(ends: tuple[float, float] | None) -> str:
    """Return the least and the greatest share of settlements, as one figure where they look the same."""
    if ends is None:
        return "–"
    low, high = ends
    return percent(low) if percent(low) == percent(high) else f"{between(low, high)} %"
