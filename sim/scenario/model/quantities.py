"""Quantities of a scenario: numbers known exactly, or only to lie in a range, and where they come from."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from numbers import Real
from typing import Annotated, Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, model_serializer, model_validator
from pydantic_core import CoreSchema, core_schema

from sim.scenario.control_characters import strip_controls
from sim.scenario.errors import describe_value, fault
from sim.scenario.model.beta_quantiles import LARGEST, SMALLEST, beta_quantile

FORMS = {
    "value": "a number",
    "range": "[low, high], perhaps with mode",
    "mean": "with sd and range",
    "beta": "[a, b]",
    "reading": "a word of the verbal scale",
}
"""The keys by one of which a number given as a mapping is recognised, and what each takes."""

BESIDE = ("claim", "assumption", "shared")
"""The keys that may stand beside any form of a number."""

_PARTNERS = {"value": set(), "range": {"mode"}, "mean": {"sd", "range"}, "beta": set()}


@dataclass(frozen=True, slots=True)
class Reads:
    """Annotation of a quantity's field that `read` checks and converts; `schema` is its JSON Schema."""

    read: Callable[[Any], Any]
    schema: dict[str, Any]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Let `read` do the whole validation: pydantic itself would take text and booleans for numbers."""
        return core_schema.no_info_plain_validator_function(self.read)


def finite(value: object, expected: str = "a number") -> float:
    """Return a finite number of a quantity as a float; booleans, text, NaN and infinities are refused.

    The message says that it must be `expected`.
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        raise fault(f"must be {expected}, not {describe_value(value)}{_remedy(value)}")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise fault(f"must be {expected}, not {number}")
    return number


def _remedy(value: object) -> str:
    """Return what to do about a number in quotes or a bare list."""
    if isinstance(value, list | tuple):
        return " (a range is written {range: [low, high]})"
    in_quotes = isinstance(value, str) and value.strip().lstrip("+-").replace(".", "", 1).isdecimal()
    return " (write it without quotes)" if in_quotes else ""


def pair(value: object) -> tuple[float, float]:
    """Return the two ends of a quantity's range, given as a list of two finite numbers, as a tuple."""
    if not isinstance(value, list | tuple) or len(value) != 2:
        given = f"a list of {len(value)}" if isinstance(value, list | tuple) else describe_value(value)
        raise fault(f"must be a list of two numbers, not {given}")
    return finite(value[0], "two numbers"), finite(value[1], "two numbers")


def text(value: object) -> str:
    """Return a text, such as a claim's id beside a quantity; anything else is refused, with the remedy."""
    if not isinstance(value, str):
        hint = " (put it in quotes)" if isinstance(value, int | float) else ""
        raise fault(f"must be text, not {describe_value(value)}{hint}")
    return value


def prose(value: object) -> str:
    """Return a text for people beside a quantity, such as an assumption, fit to be shown; anything else is refused."""
    return strip_controls(text(value))


Finite = Annotated[float | None, Reads(finite, {"type": "number"})]
Pair = Annotated[
    tuple[float, float] | None,
    Reads(pair, {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}),
]
_SHAPE = {"type": "number", "minimum": SMALLEST, "maximum": LARGEST}
BetaPair = Annotated[
    tuple[float, float] | None, Reads(pair, {"type": "array", "items": _SHAPE, "minItems": 2, "maxItems": 2})
]
Text = Annotated[str | None, Reads(text, {"type": "string"})]
Prose = Annotated[str | None, Reads(prose, {"type": "string"})]


@dataclass(frozen=True)
class Range:
    """Quantity that is known only to lie between two ends, for use in Python: uniform, or triangular with a `mode`.

    `claim` is the id of a claim of the source, `assumption` the reason for the range where the source is silent;
    numbers with the same `shared` label are drawn together.

    >>> from sim import Range, load_scenario
    >>> load_scenario("baseline").assign({"distrust": Range(0.5, 0.7)}).distrust["russia"]["ukraine"].range
    (0.5, 0.7)
    """

    low: float
    high: float
    mode: float | None = None
    claim: str | None = None
    assumption: str | None = None
    shared: str | None = None

    def written(self) -> dict[str, Any]:
        """Return it as a scenario file has it."""
        beside = {key: getattr(self, key) for key in ("mode", *BESIDE)}
        return {"range": [self.low, self.high], **{key: value for key, value in beside.items() if value is not None}}


class Quantity(BaseModel):
    """Quantity of a scenario: one value, or a distribution of which every run draws its own.

    Forms: `value`; `range` (uniform); `range` and `mode` (triangular); `mean`, `sd` and `range` (normal,
    cut to the range); `beta` (between 0 and 1).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: Finite = Field(None, description="A number known exactly.")
    range: Pair = Field(None, description="Lowest and highest possible number; uniform unless mode or mean is given.")
    mode: Finite = Field(None, description="With range: the likeliest number (triangular distribution).")
    mean: Finite = Field(None, description="With sd and range: centre of a normal distribution cut to the range.")
    sd: Finite = Field(None, description="Standard deviation of the normal distribution before it is cut.")
    beta: BetaPair = Field(
        None,
        description="Parameters a, b of a beta distribution between 0 and 1, each from "
        f"{SMALLEST:g} to {LARGEST / 1e6:.0f}e6: beyond, its quantiles are not known to six digits.",
    )
    reading: Text = Field(None, description="A word of the verbal scale, which gives the range.")
    claim: Prose = Field(None, description="Id of the claim of the source that the number is drawn from.")
    assumption: Prose = Field(None, description="Why this number, where the source is silent.")
    shared: Text = Field(None, description="Label: numbers with the same label are drawn together.")

    @classmethod
    def fixed(cls, value: float, claim: str | None = None, assumption: str | None = None) -> Quantity:
        """Return a number known exactly."""
        given = {
            key for key, item in (("value", value), ("claim", claim), ("assumption", assumption)) if item is not None
        }
        return cls.model_construct(given, value=float(value), claim=claim, assumption=assumption)

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        """Refuse a mixture of forms and distributions that do not exist."""
        given = {key for key in ("value", "range", "mode", "mean", "sd", "beta") if getattr(self, key) is not None}
        form = next((key for key in ("value", "beta", "mean", "range") if key in given), None)
        if form is None:
            forms = ", ".join(f"{key} ({what})" for key, what in FORMS.items())
            raise fault(f"must have one of {forms}")
        stray = sorted(given - {form} - _PARTNERS[form])
        if stray:
            raise fault(f"cannot stand beside {form}", stray[0])
        if form == "mean" and not {"sd", "range"} <= given:
            raise fault("needs both sd and range beside it", "mean")
        self._check_distribution()
        return self

    def _check_distribution(self) -> None:
        """Refuse ranges upside down, modes and means outside them, sd and beta that are not positive."""
        if self.range is not None:
            low, high = self.range
            if low > high:
                raise fault(f"has its low end {low:g} above its high end {high:g}", "range")
            for key, centre in (("mode", self.mode), ("mean", self.mean)):
                if centre is not None and not low <= centre <= high:
                    raise fault(f"must lie in the range {low:g} to {high:g}, not {centre:g}", key)
        if self.sd is not None and self.sd <= 0:
            raise fault(f"must be greater than 0, not {self.sd:g}", "sd")
        if self.beta is not None and min(self.beta) <= 0:
            raise fault(f"must be two numbers above 0, not {self.beta[0]:g} and {self.beta[1]:g}", "beta")
        if self.beta is not None and not SMALLEST <= min(self.beta) <= max(self.beta) <= LARGEST:
            allowed = f"must be two numbers from {SMALLEST:g} to {LARGEST / 1e6:.0f}e6"
            given = f"not {self.beta[0]:g} and {self.beta[1]:g}"
            raise fault(f"{allowed}, {given}: beyond, its quantiles are not known to six digits", "beta")

    @model_serializer
    def written(self) -> float | dict[str, Any]:
        """Return the form in which people write it: a bare number where nothing is said beside it."""
        given = {
            key: list(item) if isinstance(item, tuple) else item
            for key, item in self.__dict__.items()
            if item is not None and key in Quantity.model_fields
        }
        return self.value if self.value is not None and len(given) == 1 else given

    def __repr_args__(self) -> Iterator[tuple[str, Any]]:
        """Leave out of the representation what does not apply."""
        return ((key, item) for key, item in self.__dict__.items() if item is not None)

    @property
    def low(self) -> float:
        """Low end of the support."""
        return self._support[0]

    @property
    def high(self) -> float:
        """High end of the support."""
        return self._support[1]

    @property
    def _support(self) -> tuple[float, float]:
        if self.value is not None:
            return self.value, self.value
        return self.range or (0.0, 1.0)

    @property
    def is_range(self) -> bool:
        """Whether runs may differ; a range without width is a fixed number."""
        return self.low < self.high

    @property
    def source(self) -> str | None:
        """Claim id or assumption text, or None where the number has neither."""
        return self.claim or self.assumption

    @property
    def central(self) -> float:
        """The fixed value, or the median of the distribution."""
        low, high = self._support
        if low >= high:
            return low
        if self.beta is None and self.mean is None and self.mode is None:  # as below, without an array for one number
            return float(min(max(low + (high - low) * 0.5, low), high))
        return _median_of_beta(*self.beta) if self.beta is not None else float(self.quantile(np.array([0.5]))[0])

    def quantile(self, unit: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the inverse distribution function at `unit`, numbers from 0 to 1 of any shape."""
        low, high = self.low, self.high
        if low == high:
            return np.full(np.shape(unit), low)
        if self.beta is not None:
            return beta_quantile(np.asarray(unit, dtype=np.float64), *self.beta)
        if self.mean is not None and self.sd is not None:
            return _cut_normal(unit, self.mean, self.sd, low, high)
        if self.mode is not None:
            return _triangular(unit, low, self.mode, high)
        return np.clip(low + (high - low) * np.asarray(unit), low, high)

    def canonical(self) -> float | list[Any]:
        """Return what changes results and nothing else: equal for equal distributions however written."""
        if not self.is_range:
            return self.low
        shared = [] if self.shared is None else [self.shared]
        if self.beta is not None:
            return ["beta", *self.beta, *shared]
        if self.mean is not None and self.sd is not None:
            return ["normal", self.mean, self.sd, self.low, self.high, *shared]
        if self.mode is not None:
            return ["triangular", self.low, self.mode, self.high, *shared]
        return ["uniform", self.low, self.high, *shared]

    def describe(self) -> str:
        """Return a short text such as `0.75–0.95 (reading: intense)`."""
        shape = f"{self.low:g}" if not self.is_range else f"{self.low:g}–{self.high:g}"
        if self.beta is not None:
            shape = f"beta({self.beta[0]:g}, {self.beta[1]:g})"
        elif self.mode is not None and self.is_range:
            shape += f", most likely {self.mode:g}"
        elif self.mean is not None and self.sd is not None and self.is_range:
            shape += f", normal around {self.mean:g} with sd {self.sd:g}"
        return f"{shape} (reading: {self.reading})" if self.reading else shape


_NARROW = 1e-150
"""Width of a range whose square is too small for a float."""

_FLAT = 1e5
"""A normal distribution with a standard deviation of so many widths of its range is flat to within 1e-11 of it."""


def _triangular(unit: NDArray[np.float64], low: float, mode: float, high: float) -> NDArray[np.float64]:
    """Return quantiles of the triangular distribution: square roots from either end, meeting at the mode."""
    if high - low < _NARROW:
        return np.asarray(low + (high - low) * _triangular(unit, 0.0, (mode - low) / (high - low), 1.0))
    rising = low + np.sqrt(unit * (high - low) * (mode - low))
    falling = high - np.sqrt((1.0 - unit) * (high - low) * (high - mode))
    return np.asarray(np.where(unit * (high - low) < mode - low, rising, falling))


@lru_cache(maxsize=256)
def _median_of_beta(a: float, b: float) -> float:
    """Return the median of a beta distribution, which takes longer to find than to look at all else of a scenario."""
    return float(beta_quantile(np.array([0.5]), a, b)[0])


def _cut_normal(unit: NDArray[np.float64], mean: float, sd: float, low: float, high: float) -> NDArray[np.float64]:
    """Return quantiles of the normal distribution cut to [low, high]; the mean lies within.

    Each half is counted from its own tail, where probabilities are small and keep their digits.
    """
    if sd > _FLAT * (high - low):  # the two tails would leave nothing between them
        return np.asarray(np.clip(low + (high - low) * np.asarray(unit), low, high))

    from scipy.special import ndtri  # takes .2 s to import

    below, above = _tail((mean - low) / sd), _tail((high - mean) / sd)
    inside = 1.0 - below - above
    from_left, from_right = below + unit * inside, above + (1.0 - unit) * inside
    left = from_left < from_right
    deviation = np.where(left, ndtri(np.where(left, from_left, 0.5)), -ndtri(np.where(left, 0.5, from_right)))
    return np.asarray(np.clip(mean + sd * deviation, low, high))


def _tail(deviations: float) -> float:
    """Return the probability that a normal number lies so many standard deviations above its mean."""
    return 0.5 * math.erfc(deviations / math.sqrt(2.0))
