"""Alternative text of charts: what each shows, in words, for those who cannot see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.output.report.answer_sentences import answer
from sim.output.tables.comparison_table import name_of
from sim.output.words.numbers_and_names import caption, number, percent, points, weeks
from sim.output.words.parameter_labels import factor_name, label_varied
from sim.scenario.model.schema import Scenario
from sim.study.comparison import kept_comparisons
from sim.study.results.stored_study import StoredStudy
from sim.study.sensitivity import kept_sensitivities

OF_DISTRUST = "One panel for each directed pair: who distrusts whom, by week of talks; median and middle 90 % of runs."


def description(kind: str, studies: Sequence[StoredStudy], shows: str) -> str:
    """Return the alternative text of a chart: a sentence or two with its main figures.

    `shows` says what a chart of its kind is about.
    """
    study = studies[0]
    match kind:
        case "outcomes":
            return of_outcomes(study.summary)
        case "settlement" | "map" | "scatter":
            return answer(study)[0]
        case "terms":
            return of_terms(study.summary, study.scenario)
        case "durability":
            held = [f"{percent(s['p'])} after {weeks(int(n))}" for n, s in study.summary["holds"].items() if s]
            return f"Share of settlements that still hold: {', '.join(held) or 'not followed for a year'}."
        case "composition":
            along = label_varied(study.axes[0].path, study.scenario)
            return f"Shares of settlements, walkouts and other ends along {along}."
        case "sensitivity":
            factors = kept_sensitivities(study.path)[0]["factors"] or []
            ordered = sorted(factors, key=lambda factor: -factor["total"]["value"])[:5]
            told = [f"{factor_name(f['paths'], study.scenario)} {percent(f['total']['value'])}" for f in ordered]
            return f"Share of the variance that each range explains, in total: {', '.join(told)}."
        case "differences":
            found = kept_comparisons(study.path)[0]
            changes = ((name_of(each), each["change"]) for each in found["scenarios"])
            shares = ((name, change["settlement"]) for name, change in changes if change)
            told = [
                f"{name} {points(share['difference'], share['low'], share['high']).partition(' (')[0]}"
                for name, share in shares
            ]
            return f"Differences in the share of settlement to {found['reference']}, in points: {', '.join(told)}."
        case "distrust":
            return OF_DISTRUST
    return f"{shows[:1].upper()}{shows[1:]}."


def of_outcomes(summary: Mapping[str, Any]) -> str:
    """Return the alternative text of the chart of outcomes week by week, from the figures of an ensemble.

    The figures are those of ensemble_summary.py.
    """
    ends = [f"{percent(share['p'])} {name}" for name, share in summary["outcomes"].items() if share["p"] > 0]
    return f"Shares of runs by week of talks. At the end: {', '.join(ends)}."


def of_terms(summary: Mapping[str, Any], scenario: Scenario) -> str:
    """Return the alternative text of the chart of terms, from the figures of an ensemble.

    The figures are those of ensemble_summary.py.
    """
    means = [f"{caption(name, scenario)} {number(spread['mean'])}" for name, spread in summary["terms"].items()]
    return f"Distribution of terms between the poles 0 and 1 of each issue. Means: {', '.join(means)}."
