"""Advice section of a table: warnings on a scenario, in the lines that `parley check` prints."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

MOST = 6
"""Warnings that a table has room for."""


def advice_section(warnings: Sequence[str], known: Sequence[str] = ()) -> list[RenderableType]:
    """Return the advice section of a table: the warnings as a block, nothing where there are none.

    Those that are `known` are only counted.
    """
    new = [warning for warning in warnings if warning not in known]
    rows = Table.grid(padding=(0, 1, 0, 0))
    for warning in new[:MOST]:
        rows.add_row(Text("•"), Text(warning, overflow="fold"))
    rest = len(new) - MOST
    remarks = [Text(f"{rest} more: parley check prints them all.")] if rest > 0 else []
    if len(new) < len(warnings):
        remarks.append(Text("The same as above." if not new else "The rest is the same as above."))
    if not new and not remarks:
        return []
    body = Group(*([rows] if new else []), *remarks)
    return [Group("", Text("What to bear in mind", style="bold"), Padding(body, (0, 0, 0, 2)))]
