"""Sensitivity sentences: how reliable a sensitivity study is, in words for table, chart and report."""

from __future__ import annotations

from sim.output.words.numbers_and_names import percent, weeks
from sim.study.summaries.sensitivity_summary import Sensitivity


def outcome_phrase(found: Sensitivity) -> str:
    """Return a sensitivity study's outcome as a phrase for sentences: "reach a settlement that holds for 1 year"."""
    periods = found["outcome"].partition(".")[2]
    return f"reach a settlement that holds for {weeks(int(periods))}" if periods else "settle"


def explain_absence(found: Sensitivity) -> str:
    """Return sentences on why a sensitivity study has no indices, and what it would take to have some."""
    if found["noise"] is None:
        return f"None can be told: in all rows alike, {percent(found['mean'])} of the runs {outcome_phrase(found)}."
    return f"No indices. {found['withheld']} {_requirement(found)}"


def _requirement(found: Sensitivity) -> str:
    needed = found["needed"]
    if needed is None:
        return "More runs than a study may take would be needed: the ranges hardly move the outcome, or it is too rare."
    size = f"--rows {needed['rows']} --plays {needed['plays']} ({needed['runs']:,} runs)"
    return f"By the variances measured here, it would take about {size}."


def describe_noise(found: Sensitivity) -> str:
    """Return a sentence on how much of the variance between rows of a sensitivity study is simulation error."""
    return (
        f"{percent(found['noise'])} of the variance between rows of {found['plays']} runs is simulation error; it has "
        "been taken out."
    )
