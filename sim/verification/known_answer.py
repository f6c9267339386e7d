"""What a check is: a published result, what it predicts under given settings, and what the model does under them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import sqrt

STANDARD_ERRORS = 4.0
"""How many standard errors a frequency over runs may lie from its expected value: one in 16,000 fails by luck."""


@dataclass(frozen=True)
class Check:
    """One comparison: under `setting`, `quantity` is `expected` by the formula and `observed` in the model's runs.

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
    """A known answer: its number (V1 to V19), what it says, its source, and how the model becomes it.

    `checks` plays the model and compares; every call plays it anew.
    """

    number: str
    claim: str
    source: str
    formula: str
    reduction: str
    checks: Callable[[], Iterable[Check]]


def exact(setting: str, quantity: str, expected: float, observed: float, tolerance: float, why: str) -> Check:
    """Return a comparison with a tolerance that does not come from luck."""
    return Check(setting, quantity, float(expected), float(observed), tolerance, why)


def frequency(setting: str, quantity: str, expected: float, observed: float, runs: int) -> Check:
    """Return the comparison of a share of runs with a probability: within 4 standard errors of the expected one."""
    return chance(setting, quantity, expected, observed, sqrt(expected * (1.0 - expected) / runs))


def chance(setting: str, quantity: str, expected: float, observed: float, standard_error: float) -> Check:
    """Return the comparison of an estimate from runs with its expectation: within 4 standard errors."""
    why = "4 standard errors" if standard_error else "certain: nothing random in it"
    return Check(setting, quantity, float(expected), float(observed), STANDARD_ERRORS * float(standard_error), why)
