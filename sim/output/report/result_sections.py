"""Result sections of the report: question, answer, charts, sensitivity, and how to reproduce the result."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import yaml

from sim.output.charts import suited
from sim.output.report.alternative_text import description
from sim.output.report.answer_sentences import answer
from sim.output.report.inline_svg import render_svg
from sim.output.tables.ensemble_table import held_shares, outcome_shares
from sim.output.words.numbers_and_names import between, join_items, percent, weeks
from sim.output.words.parameter_labels import factor_name, label_varied, value_label
from sim.output.words.sensitivity_sentences import describe_noise, explain_absence
from sim.scenario.model.schema import Scenario
from sim.study.execution.sensitivity_rows import OUTCOMES
from sim.study.results.stored_study import StoredStudy
from sim.study.sensitivity import kept_sensitivities
from sim.study.summaries.ensemble_summary import Summary
from sim.study.summaries.sensitivity_summary import Sensitivity

MATTERS = 0.05
"""Total index from which a range is said to matter."""


@dataclass(frozen=True)
class Chart:
    """Chart of a result section: its kind, its description in words, and its SVG."""

    kind: str
    description: str
    svg: str


@dataclass(frozen=True)
class Figure:
    """Row in the table of figures of a result section; intervals are empty where there are none."""

    name: str
    share: str
    error: str
    spread: str


@dataclass(frozen=True)
class Section:
    """Result section: all that the report says of one result."""

    anchor: str
    title: str
    about: str
    answer: list[str]
    figures: list[Figure]
    charts: list[Chart]
    changes: list[str]
    facts: dict[str, str]
    command: str
    scenario: str


def section(study: StoredStudy, place: int, first_chart: int, elsewhere: Container[str] = ()) -> Section:
    """Return the result section of the report on one study.

    It is the `place`-th; its charts are numbered from `first_chart`. Kinds of charts in `elsewhere` are left out.
    """
    charts = charts_of([study], elsewhere, first_chart, description)
    return Section(
        anchor=f"result-{place}",
        title=title_of(study),
        about=" ".join(study.scenario.about.split()),
        answer=answer(study),
        figures=[] if study.is_sweep else list(shares(study.summary, study.scenario)),
        charts=charts,
        changes=list(_changes(study)),
        facts=_facts(study),
        command=study.command,
        scenario=yaml.safe_dump(study.manifest["resolved"], sort_keys=False, allow_unicode=True, width=100),
    )


def charts_of(
    studies: Sequence[StoredStudy],
    without: Container[str],
    first: int,
    describe: Callable[[str, Sequence[StoredStudy], str], str],
) -> list[Chart]:
    """Return the charts of a result section: all that suit the results, numbered from `first`.

    Kinds in `without` are left out.
    """
    kinds = [kind for kind in suited(studies) if kind.name not in without]
    return [
        Chart(kind.name, describe(kind.name, studies, kind.shows), render_svg(kind.draw(studies), number))
        for number, kind in enumerate(kinds, start=first)
    ]


def title_of(study: StoredStudy) -> str:
    """Return the title of a result section: the scenario, and the parameters that were varied."""
    title = study.scenario.title or study.name
    if not study.is_sweep:
        return title
    return f"{title}, by {join_items([label_varied(path, study.scenario) for path in study.summary['vary']])}"


def shares(summary: Mapping[str, Any], scenario: Scenario) -> Iterator[Figure]:
    """Yield the shares of an ensemble for the table of a result section, with both kinds of uncertainty.

    The ensemble's figures are those of ensemble_summary.py.
    """
    found = cast("Summary", summary)
    for name, share in (outcome_shares(found, scenario) | held_shares(found)).items():
        if share is not None:
            yield _figure(name, share)


def _figure(name: str, share: Any) -> Figure:
    over = share.get("spread")
    error = f"{between(share['low'], share['high'])} %"
    return Figure(name, percent(share["p"]), error, f"{between(over['low'], over['high'])} %" if over else "")


def _changes(study: StoredStudy) -> Iterator[str]:
    """Yield what would change the answer, or how to find out."""
    if study.is_sweep:
        for path, values in study.summary["vary"].items():
            words = ", ".join(value_label(value) for value in values)
            if all(isinstance(value, int | float) for value in values):
                words = f"from {value_label(values[0])} to {value_label(values[-1])}"
            label = label_varied(path, study.scenario)
            yield f"Varied here, in place of the value among the assumptions: {label}, {words}."
        yield f"To rank all assumptions at once: {study.command_for('sensitivity')}"
        return
    found = kept_sensitivities(study.path)
    if not found:
        yield f"Not computed yet. To rank all assumptions at once: {study.command_for('sensitivity')}"
        return
    yield from (_attributed(each, study) for each in found)


def _attributed(found: Sensitivity, study: StoredStudy) -> str:
    """Return which ranges move an outcome most by a sensitivity study, or why it cannot tell."""
    over = f"the variance of {_outcome(found['outcome'])} across the scenario's ranges"
    if found["factors"] is None:
        return f"Which ranges explain {over}? {explain_absence(found)}"
    factors = sorted(found["factors"], key=lambda factor: -factor["total"]["value"])
    mattering = [factor for factor in factors if factor["total"]["value"] >= MATTERS]
    told = (f"{factor_name(f['paths'], study.scenario)} ({percent(f['total']['value'])})" for f in mattering)
    return (
        f"Share of {over} that each explains, in total: {', '.join(told) or 'none as much as 5 %'}. "
        f"{len(factors) - len(mattering)} other ranges explain less than 5 % each. {describe_noise(found)}"
    )


def _outcome(name: str) -> str:
    assert name in OUTCOMES
    periods = name.partition(".")[2]
    return f"settlement that holds for {weeks(int(periods))}" if periods else "settlement"


def _facts(study: StoredStudy) -> dict[str, str]:
    """What identifies the result."""
    manifest = study.manifest
    versions = manifest.get("versions", {})
    runs = int(study.summary["runs"])
    return {
        "Scenario": study.name,
        "Runs": f"{runs:,}" if not study.is_sweep else f"{runs:,} over {len(study.rows):,} design points",
        "Seed": str(study.seed),
        "Digest": str(manifest["digest"]),
        "Made": str(manifest["written"]),
        "Versions": ", ".join(f"{name} {version}" for name, version in versions.items()),
    }
