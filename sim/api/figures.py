"""Figures with attributes: a share with its interval and its range over the assumptions, a mean, a number of weeks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sim.output.words.numbers_and_names import between, figure


class Bounds(NamedTuple):
    """Lower and upper end of a figure's range."""

    low: float
    high: float


@dataclass(frozen=True, repr=False)
class Share:
    """Figure for a share of simulated runs, with interval and range, all in [0, 1].

    `low` to `high` is its 95 % interval, which covers simulation error only. `assumptions` holds the middle 90 % of the
    share over the scenario's ranges; None where nothing is a range, or it was not computed.
    """

    p: float
    low: float
    high: float
    assumptions: Bounds | None = None

    @classmethod
    def of(cls, interval: Mapping[str, Any] | None) -> Share | None:
        """Return a share of a summary; None where it is undefined."""
        if interval is None:
            return None
        spread = interval.get("spread")
        over = None if spread is None else Bounds(spread["low"], spread["high"])
        return cls(interval["p"], interval["low"], interval["high"], over)

    def __float__(self) -> float:
        """Return the share itself."""
        return self.p

    def __format__(self, form: str) -> str:
        """Return the share formatted as a number (`f"{share:.2f}"`), in words without a form."""
        return format(self.p, form) if form else str(self)

    def __repr__(self) -> str:
        """Return the share in words."""
        return f"<Share {self}>"

    def __str__(self) -> str:
        """Return the share in per cent, its interval, and the range over the assumptions."""
        over = "" if self.assumptions is None else f"; {between(*self.assumptions)} over the assumptions"
        return f"{figure(self.p)} % ({between(self.low, self.high)}{over})"


@dataclass(frozen=True)
class Mean:
    """Figure for the mean of a quantity over settled runs, and for the range that holds nine in ten of them.

    The range is None where it was not computed.
    """

    mean: float | None
    q05: float | None = None
    q95: float | None = None


@dataclass(frozen=True)
class Weeks:
    """Figure for the weeks until settlement, over settled runs; None where there is none.

    `low` to `high`: 95 % for the median.
    """

    median: float | None
    mean: float | None
    low: float | None = None
    high: float | None = None
