"""Verification: known answers, from the literature or derived, for cases in which the model reduces to simpler ones.

Each module is a field; each `Row` in it has a formula written here, apart from the model's own rules and theory, and
checks that play the real model through its public interface. `ROWS` holds them all, in the order of their numbers.
"""

from __future__ import annotations

from sim.verification import (
    ablations,
    commitment_problem,
    cooperative_bargaining,
    distrust_dynamics,
    invariance,
    mediator_knowledge,
    placebos,
    settlement_timing,
    war_and_implementation,
)
from sim.verification.known_answer import Check, Row

__all__ = ["ROWS", "Check", "Row"]


def _order(row: Row) -> tuple[int, str]:
    """Rows with a number by number, then the others."""
    digits = "".join(letter for letter in row.number.partition(" ")[0] if letter.isdigit())
    return (int(digits) if digits else 1000), row.number


FIELDS = (
    cooperative_bargaining,
    commitment_problem,
    settlement_timing,
    distrust_dynamics,
    war_and_implementation,
    mediator_knowledge,
    invariance,
    placebos,
    ablations,
)

ROWS: tuple[Row, ...] = tuple(sorted((row for field in FIELDS for row in field.ROWS), key=_order))
"""Every row, by number."""
