"""Conflict data beside the model: how often wars are settled, with which mediation, and how long settlements hold.

Nothing is fitted: the reference scenarios were reasoned from the literature and played once (scenarios/reference/); the
reliability of the sides and the monitoring of the peace alone were looked up in one of the series that are compared.
What matches is said to match, and what does not, not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import exp, sqrt
from pathlib import Path

from sim.scenario.errors import Problem, ScenarioError
from sim.scenario.loading.scenario_loader import load_scenario
from sim.scenario.model.schema import Scenario
from sim.scenario.packaged.packaged_scenarios import SCENARIOS, SEEDS
from sim.study.statistics.shares import wilson
from sim.verification.conflict_data.data_files import read_rows
from sim.verification.conflict_data.reference_estimates import (
    BESIDE,
    CASES,
    STYLES,
    WATCHED,
    YEARS,
    Answer,
    Played,
    Weights,
    agreement,
    hazard_shape,
    holding,
    reached,
)

RATES = Path(SEEDS) / "empirical_rates.csv"
REFERENCE = Path(SCENARIOS) / "reference"
"""Where these lie among what comes with Parley."""

RUNS = 20_480
"""Runs that each case is played for, unless somebody asks for others."""

FITTED = 6
"""Numbers chosen in view of rates compared: reliability's Beta, monitoring's ends, pace's low end, the week."""

SHAPE = "ucdp_pa_weibull_shape"
INFORMED = (*(f"ucdp_pa_km_survival_{n}y" for n in YEARS), SHAPE)
"""The rates of the series that those numbers were chosen with a look at: no independent test."""

CONTEXT = tuple(f"icb_no_recurrence5_{mediator}_mediator" for mediator in ("single_state", "organisation_or_group"))
"""Rates to which no reference scenario answers: shown, and not scored."""

_Z = 1.959964  # 95 % of a normal distribution lie within so many standard deviations


@dataclass(frozen=True)
class Rate:
    """Rate counted in conflict data, with its 95 % interval where there is one, number of cases, and source.

    `approximate` says that the interval was not computed from the data but here, from the number of cases.
    """

    name: str
    value: float
    low: float | None
    high: float | None
    cases: int | None
    source: str
    approximate: bool = False


@dataclass(frozen=True)
class Comparison:
    """Comparison of a rate in conflict data with the model's rate and its standard error by the number of runs.

    `unlike` says in what the two count different things; empty if in nothing. `beside` has the model's rates of
    agreement at other weeks, by week.
    """

    question: str
    rate: Rate
    model: float
    error: float
    unlike: str = ""
    beside: Mapping[int, float] = field(default_factory=dict)

    @property
    def inside(self) -> bool | None:
        """Whether the model's number lies in the interval of the data; None where the data have none."""
        if self.rate.low is None or self.rate.high is None:
            return None
        return self.rate.low <= self.model <= self.rate.high


def read_rates(path: Path) -> dict[str, Rate]:
    """Read the rates of conflict data from a file, by name.

    Raises ScenarioError if it cannot be read, or is something else.
    """
    return {rate.name: rate for rate in read_rows(path, _rate, "rates")}


def _rate(row: Mapping[str, str]) -> Rate:
    return Rate(
        row["quantity"],
        float(row["estimate"]),
        float(row["ci95_lo"]) if row["ci95_lo"] else None,
        float(row["ci95_hi"]) if row["ci95_hi"] else None,
        int(row["n"]) if row["n"] else None,
        row["source"],
    )


def bounded(rate: Rate, rates: Mapping[str, Rate]) -> Rate:
    """Return a rate of conflict data with an interval: its own, or an approximate one from its number of cases.

    The latter if that number is given. A share gets Wilson's, as if no case had been lost from view; with those that
    were, it is somewhat too narrow. The shape of a hazard has a relative standard error of about 1/√breaches where most
    cases have none.
    """
    if rate.low is not None or rate.cases is None:
        return rate
    if rate.name == SHAPE:
        width = exp(_Z / sqrt(_dated_breaches(rates)))
        return replace(rate, low=rate.value / width, high=rate.value * width, approximate=True)
    share = wilson(round(rate.value * rate.cases), rate.cases)
    return rate if share is None else replace(rate, low=share.low, high=share.high, approximate=True)


def _dated_breaches(rates: Mapping[str, Rate]) -> int:
    """How many peace agreements ended on a date that is known: those without one are missing from the curves."""
    ended = rates["ucdp_pa_ended_share"]
    whole = ended.cases or 0
    return round(ended.value * whole) - (whole - (rates[SHAPE].cases or 0))


def read_reference_scenarios(folder: Path) -> dict[str, Scenario]:
    """Return the reference scenarios for the comparison with conflict data, by name.

    Their talks are watched for longer than the files say, which changes nothing that happens before. Raises
    ScenarioError.
    """
    return {name: load_scenario(folder / f"{name}.yaml", {"rounds": WATCHED}) for name in CASES}


def compare(played: Played, rates: Mapping[str, Rate]) -> list[Comparison]:
    """Compare conflict data with runs of the reference scenarios. Raises ScenarioError for rates that are missing."""
    _refuse_missing((each.rate for each in _QUESTIONS), rates)
    weights = _weights(rates)
    return [each.compare(played, rates, weights) for each in _QUESTIONS]


def context(rates: Mapping[str, Rate]) -> list[Rate]:
    """Return the rates of conflict data that are shown for context, without a number of the model beside them.

    Raises ScenarioError for rates that are missing.
    """
    _refuse_missing(CONTEXT, rates)
    return [rates[name] for name in CONTEXT]


def _refuse_missing(names: Iterable[str], rates: Mapping[str, Rate]) -> None:
    missing = [name for name in names if name not in rates]
    if missing:
        raise ScenarioError([Problem(f"lacks {', '.join(missing)}", file=str(RATES))])


def _weights(rates: Mapping[str, Rate]) -> dict[str, float]:
    """How common each case is in the data: wars with a mediator, by the highest style that it used."""
    mediated = rates["icb_share_mediated_fullscale_war"].value
    counted = {style: float(rates[f"icb_agreement_highest_{style}"].cases or 0) for style in STYLES}
    whole = sum(counted.values())
    return {"unmediated": 1 - mediated, **{style: mediated * count / whole for style, count in counted.items()}}


@dataclass(frozen=True)
class Question:
    """Question put to conflict data and model alike: the rate, the wording, the model's answer, and differences.

    `rate` names it; `unlike` says in what the two count different things.
    """

    rate: str
    words: str
    answer: Answer
    unlike: str = ""
    beside: Mapping[int, Answer] = field(default_factory=dict)
    share: float | None = None

    def compare(self, played: Played, rates: Mapping[str, Rate], weights: Weights) -> Comparison:
        """Return the rate of the data beside that of the runs.

        Where the data give a quantile of time (`share`), it is that share which is compared, with Wilson's interval.
        """
        rate = rates[self.rate]
        if self.share is None:
            rate = bounded(rate, rates)
        elif rate.cases is not None:
            within = wilson(self.share * rate.cases, rate.cases)
            low, high = (None, None) if within is None else (within.low, within.high)
            rate = replace(rate, value=self.share, low=low, high=high, approximate=True)
        others = {week: answer(played, weights).value for week, answer in self.beside.items()}
        return Comparison(self.words, rate, *self.answer(played, weights), self.unlike, others)


_MOSTLY_CIVIL = (
    "the data have peace agreements since 1975, mostly of wars within a state; the model has wars between two"
)
_ALL_CRISES = "the data have all crises mediated in this style, wars or not; the model has full-scale wars alone"
_DYADS = (
    "the data count pairs of states without a new crisis after any crisis mediated in this style, with an agreement or "
    "without; the model counts settlements of full-scale wars that nobody broke"
)
_FROM_THE_START = "in the data a mediator may come late; in the model it is there from the first round"
_NO_TALKS = "the data include wars in which nobody talked; the model always has the two in a position to"

_WEEKS = (
    "the data have 22 wars, from the start of mediation; the model counts from the first week that is watched, weeks "
    "without talks included, and all agreements by week 260"
)


def _agreements(rate: str, words: str, names: tuple[str, ...], unlike: str) -> Question:
    """A question about agreements, read at a week fixed beforehand and, beside it, at others."""
    beside = {week: agreement(*names, week=week) for week in BESIDE}
    return Question(rate, words, agreement(*names), unlike, beside)


_QUESTIONS: tuple[Question, ...] = (
    _agreements("icb_agreement_unmediated_war", "agreement in a war without a mediator", ("unmediated",), _NO_TALKS),
    _agreements("icb_agreement_mediated_war", "agreement in a war with one", STYLES, _FROM_THE_START),
    *(
        _agreements(f"icb_agreement_highest_{style}", f"agreement, {style} at most", (style,), _ALL_CRISES)
        for style in STYLES
    ),
    *(
        Question(
            f"icb_weeks_to_agreement_mediated_war_{quantile}",
            f"of mediated agreements, reached by week {week:g}",
            reached(week),
            _WEEKS,
            share=share,
        )
        for quantile, week, share in (("q25", 4.5, 0.25), ("median", 10.0, 0.5), ("q75", 47.8, 0.75))
    ),
    *(
        Question(
            f"ucdp_pa_km_survival_{n}y",
            f"agreements that hold for {n} year{'s'[: n - 1]}",
            holding(n, *CASES),
            _MOSTLY_CIVIL,
        )
        for n in YEARS
    ),
    *(
        Question(f"icb_dyad_no_crisis5_{style}", f"no breach within 5 years, {style}", holding(5, style), _DYADS)
        for style in STYLES
    ),
    Question(SHAPE, "shape of the hazard of breach (below 1: it falls)", hazard_shape, _MOSTLY_CIVIL),
)
