"""Verification table: checks against known answers, in the terminal and as a page of the documentation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import isclose

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from sim.output.tables.table_layout import FigureTable
from sim.verification import Check, Row

Found = Mapping[Row, Sequence[Check]]
"""What was observed, row by row."""

HEAD = """# The model against known answers

Each row reduces the model, by its settings, to a case whose answer is known: published, or derived from what is
published. The formula is written in `sim/verification/`, apart from the model's own rules, and compared with runs of
the real model. `parley verify` runs all of them anew and prints this table;
`parley verify --page docs/explanation/verification.md` writes this page.

Where the answer is a probability, observed shares of runs may lie {errors} standard errors from it; elsewhere the
tolerance is what the table says: 0 where not one run may differ. No tolerance was chosen by looking at the outcome.
Where no formula says how large an effect is, the table asks only whether there is one (1: yes). That the model gives
known answers where there are any says that it does what it claims to do, and nothing about whether its assumptions
hold for any war.
"""


def verification_table(found: Found) -> RenderableType:
    """Return the verification table: every check under its known answer, and how many hold."""
    return Group(*(_row(row, checks) for row, checks in found.items()), Text(), Text(summary(found), style="bold"))


def summary(found: Found) -> str:
    """Return the line of the verification table on how many checks hold, in words."""
    checks = [check for each in found.values() for check in each]
    failed = sum(not check.holds for check in checks)
    if not failed:
        return f"All {len(checks)} checks in {len(found)} rows hold."
    return f"{failed} of {len(checks)} checks in {len(found)} rows do not hold."


def _row(row: Row, checks: Iterable[Check]) -> Group:
    """Return a row with its checks."""
    rows = [
        (
            f"{check.setting}: {check.quantity}",
            figure(check.expected),
            figure(check.observed),
            allowance(check.tolerance),
            "holds" if check.holds else "FAILS",
        )
        for check in checks
    ]
    table = FigureTable(rows, ("setting: quantity", "expected", "observed", "tolerance", ""), essential=True)
    title = Text(f"{row.number}  {row.claim}", style="bold")
    lines = (Text(row.formula), Text(f"{row.reduction}. {row.source}."), table)
    return Group(Text(), title, *(Padding(each, (0, 0, 0, 2)) for each in lines))


def figure(value: float) -> str:
    """Return a number as the verification table writes it: with five figures, whole ones as such."""
    if isclose(value, round(value), abs_tol=1e-12) and abs(value) < 1e6:
        return str(round(value))
    return f"{value:.5g}"


def allowance(tolerance: float) -> str:
    """Return a tolerance as the verification table writes it, however small; 0 is exactly 0."""
    return f"{tolerance:.5g}"


def verification_page(found: Found, errors: float) -> str:
    """Return the documentation page with the verification table.

    `errors` is how many standard errors a share of runs may be off.
    """
    parts = [HEAD.format(errors=figure(errors)), f"{summary(found)}\n"]
    for row, checks in found.items():
        parts.append(f"## {row.number}: {row.claim}\n")
        parts.append(f"{row.formula}\n\n*Settings:* {row.reduction}. *Source:* {row.source}.\n")
        lines = ["| setting | quantity | expected | observed | tolerance | |", "|---|---|---:|---:|---:|---|"]
        for check in checks:
            numbers = f"{figure(check.expected)} | {figure(check.observed)} | {allowance(check.tolerance)}"
            verdict = "" if check.holds else " **fails**"
            lines.append(f"| {check.setting} | {check.quantity} | {numbers} | {check.why}{verdict} |")
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)
