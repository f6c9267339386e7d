"""Several results in brief: their questions, their answers in one sentence each, one table and the charts of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.output.charts.drawing.chart_frame import name_results
from sim.output.report.alternative_text import description, of_terms
from sim.output.report.answer_sentences import brief
from sim.output.report.result_sections import Chart, Figure, charts_of, shares, title_of
from sim.output.words.numbers_and_names import caption, mention, number, percent
from sim.scenario.model.schema import Scenario
from sim.study.results.stored_study import StoredStudy

ALONE = ("distrust", "sensitivity")
"""Kinds of charts that only the report on a single result has room for."""


@dataclass(frozen=True)
class Case:
    """One of several results: its title, its question, and its answer in a sentence."""

    title: str
    about: str
    answer: str


@dataclass(frozen=True)
class Line:
    """Row of the table of several results: its label, and a cell for each result."""

    name: str
    cells: list[Figure]


@dataclass(frozen=True)
class Brief:
    """Brief on several results: what the report says of all together.

    `columns` are the names of the results in the table.
    """

    cases: list[Case]
    columns: list[str]
    lines: list[Line]
    charts: list[Chart]


def brief_of(studies: Sequence[StoredStudy]) -> Brief:
    """Return the brief on several results; its charts are numbered from 0."""
    cases = [Case(title_of(study), " ".join(study.scenario.about.split()), brief(study)) for study in studies]
    return Brief(cases, name_results(studies), _lines(studies), charts_of(studies, ALONE, 0, _description))


def _description(kind: str, studies: Sequence[StoredStudy], shows: str) -> str:
    """Return what a chart of several results shows, result by result."""
    told = []
    for name, study in zip(name_results(studies), studies, strict=True):
        if kind == "terms":
            settles = study.summary["rounds"]["median"] is not None
            told.append(f"{name}: {_worth(study.summary, study.scenario) if settles else 'no settlement.'}")
        else:
            told.append(f"{name}: {description(kind, [study], shows)}")
    return " ".join(told)


def _worth(summary: Mapping[str, Any], scenario: Scenario) -> str:
    """Return mean terms and mean worth, in words."""
    worth = [f"{caption(party, scenario)} {number(figures['mean'])}" for party, figures in summary["utility"].items()]
    return f"{of_terms(summary, scenario).partition('Means: ')[2].rstrip('.')}; worth to {', '.join(worth)}."


def _lines(studies: Sequence[StoredStudy]) -> list[Line]:
    """Return the rows of the table: all figures that any of the results has, in their order."""
    columns = [_figures(study) for study in studies]
    return [
        Line(name, [column.get(name, Figure(name, "–", "", "")) for column in columns])
        for name in dict.fromkeys(name for column in columns for name in column)
    ]


def _figures(study: StoredStudy) -> dict[str, Figure]:
    """Return the figures of one result by name."""
    summary = study.summary
    runs = Figure("simulated runs", f"{int(summary['runs']):,}", "", "")
    if study.is_sweep:
        settled = [float(row["outcomes.settlement.p"] or 0) for row in study.rows]
        ends = f"{percent(min(settled))} to {percent(max(settled))}"
        points = Figure("design points", f"{len(study.rows):,}", "", "")
        lowest = Figure("settlement (all sign), lowest to highest", ends, "", "")
        return {each.name: each for each in (runs, points, lowest)}
    found = [runs, *shares(summary, study.scenario)]
    for name, spread in summary["terms"].items():
        found.append(_mean(f"terms: {caption(name, study.scenario)}, 0 to 1", spread))
    for party, figures in summary["utility"].items():
        found.append(_mean(f"worth to {mention(party, study.scenario)}, 0 to 1", figures))
    return {each.name: each for each in found}


def _mean(name: str, figures: Mapping[str, Any]) -> Figure:
    """A mean over settlements, with the middle 90 % of them where it is known."""
    low, high = figures.get("q05"), figures.get("q95")
    middle = "" if low is None or high is None else f"middle 90 % {number(low)}–{number(high)}"
    return Figure(name, number(figures["mean"]), middle, "")
