"""Known answers: a published result, its prediction under given settings, and the model's runs under them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import sqrt

STANDARD_ERRORS = 4.0
"""How many standard errors a frequency over runs may lie from its expected value: one in 16,000 fails by luck."""


@dataclass(frozen=True)
class Check:
    """Check of a known answer: under `setting`, `quantity` is `expected` by formula and `observed` in the runs.

    It holds if they differ by no more than `tolerance`; `why` says where the tolerance comes from.
    """

    setting: str
    quantity: str
    expected: float
    observed: float
    tolerance: float
    why: str

    @property
    def holds(self) -> bool:
        """Whether the model does what the formula says."""
        return abs(self.observed - self.expected) <= self.tolerance


@dataclass(frozen=True)
class Row:
    """Known answer: its number (V1 to V19), claim, source, and how the model reduces to it.

    `checks` plays the model and compares; every call plays it anew.
    """

    number: str
    claim: str
    source: str
    formula: str
    reduction: str
    checks: Callable[[], Iterable[Check]]


def exact(setting: str, quantity: str, expected: float, observed: float, tolerance: float, why: str) -> Check:
    """Return the check of a known answer with a tolerance that does not come from simulation error."""
    return Check(setting, quantity, float(expected), float(observed), tolerance, why)


def frequency(setting: str, quantity: str, expected: float, observed: float, runs: int) -> Check:
    """Return the check of a known answer on a probability: a share of runs within 4 standard errors.

    Standard errors are those of the expected share.
    """
    return chance(setting, quantity, expected, observed, sqrt(expected * (1.0 - expected) / runs))


def chance(setting: str, quantity: str, expected: float, observed: float, standard_error: float) -> Check:
    """Return the check of a known answer on an expectation: an estimate from runs within 4 standard errors."""
    why = "4 standard errors" if standard_error else "certain: nothing random in it"
    return Check(setting, quantity, float(expected), float(observed), STANDARD_ERRORS * float(standard_error), why)
