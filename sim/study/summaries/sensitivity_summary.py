"""The figures of a sensitivity study: Sobol' indices of each range with their intervals, or why there are none."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict

from sim.study.design.study_names import Name
from sim.study.storage.json_forms import Real, Several, Share, Whole


class Estimate(TypedDict):
    """Index of a sensitivity study with its 95 % interval.

    The interval covers simulation error and the sampling of the ranges.
    """

    value: Real
    low: Real
    high: Real


class FactorIndices(TypedDict):
    """First-order and total index of one factor in a sensitivity study.

    Shares of the variance: `first` of the factor by itself, `total` together with all it acts upon.
    """

    name: str
    paths: list[str]
    first: Estimate
    total: Estimate


class Required(TypedDict):
    """Summary entry of a sensitivity study: about how large a study would have to be to yield indices."""

    rows: Several
    plays: Several
    runs: Several


class Sensitivity(TypedDict):
    """Summary of a sensitivity study: outcome, size, mean, variance, simulation error and indices.

    `mean` and `variance` are those of the rows' true shares, `noise` the share of simulation error in the variance of
    the shares that were observed (None where these are all the same). `factors` holds the indices; None where there
    are none to give, for the reason `withheld`, and `needed` then says what it would take (None if no study that can
    be made would do). `unmoved` names the factors that no row depends on, `warnings` say what is odd about the
    scenario.
    """

    scenario: Name
    seed: Whole
    outcome: str
    rows: Several
    plays: Several
    runs: Several
    mean: Share
    variance: Real
    noise: Real | None
    factors: list[FactorIndices] | None
    withheld: str | None
    needed: Required | None
    unmoved: NotRequired[list[str]]
    warnings: NotRequired[list[str]]
