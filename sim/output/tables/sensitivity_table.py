"""Sensitivity table: which ranges move the outcome, the one that moves it most first.

Reads at 80 columns and without colour.
"""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from sim.output.tables.advice_section import advice_section
from sim.output.tables.ensemble_table import bar, grid, section
from sim.output.words.numbers_and_names import NO_FORECAST, between, join_items, percent
from sim.output.words.parameter_labels import factor_name
from sim.output.words.sensitivity_sentences import describe_noise, explain_absence, outcome_phrase
from sim.scenario.model.schema import Scenario
from sim.study.execution.sensitivity_rows import factors
from sim.study.summaries.sensitivity_summary import Estimate, Sensitivity

BAR = 12
"""Characters of a bar that stands for all of the variance."""

LEAST = 0.01
"""Total index from which a range has a line of its own."""

COLUMNS = ("", "alone", "in total", "")


def sensitivity_table(found: Sensitivity, scenario: Scenario) -> RenderableType:
    """Return the whole sensitivity table; `scenario` lends the title and the words for parameters."""
    rows = f"{found['rows']:,} base rows, {found['runs']:,} runs, {found['plays']} a row, seed {found['seed']}"
    return Group(
        Text(scenario.title or found["scenario"], style="bold"),
        Text(f"{found['scenario']}: {rows}"),
        section(f"Which ranges move how often they {outcome_phrase(found)}?", _indices(found, scenario)),
        *advice_section(found.get("warnings", [])),
        "",
        *map(Text, _remarks(found)),
        Text(NO_FORECAST),
    )


def _indices(found: Sensitivity, scenario: Scenario) -> RenderableType:
    """A line for every range that matters, and how many others there are."""
    if found["factors"] is None:
        return Group(Text(explain_absence(found)), *_unmoved(found, scenario))
    ordered = sorted(found["factors"], key=lambda factor: -factor["total"]["value"])
    shown = [factor for factor in ordered if factor["total"]["value"] >= LEAST]
    rest = len(ordered) - len(shown)
    lines = [
        (
            factor_name(factor["paths"], scenario),
            _share(factor["first"]),
            _share(factor["total"]),
            bar(factor["total"]["value"], BAR),
        )
        for factor in shown
    ]
    others = [Text(f"{rest} other ranges: below {percent(LEAST)} in total, each.")] if rest > 1 else []
    others = [Text(f"1 other range: below {percent(LEAST)} in total.")] if rest == 1 else others
    return Group(grid(lines, COLUMNS), *others, *_unmoved(found, scenario))


def _unmoved(found: Sensitivity, scenario: Scenario) -> list[Text]:
    """Which ranges no row depends on at all."""
    paths = {factor.name: factor.paths for factor in factors(scenario)}
    paths |= {factor["name"]: tuple(factor["paths"]) for factor in found["factors"] or []}
    names = [factor_name(paths[name], scenario) for name in found.get("unmoved", []) if name in paths]
    return [Text(f"Without any effect, in every row: {join_items(names)}.")] if names else []


def _share(index: Estimate) -> str:
    """An index in per cent with its interval; nothing below none or above all is shown."""
    value, low, high = (min(1.0, max(0.0, index[end])) for end in ("value", "low", "high"))
    return f"{percent(value, 0)} ({between(low, high, 0)})"


def _remarks(found: Sensitivity) -> list[str]:
    """What the columns mean and how sure they are."""
    if found["factors"] is None:
        return []
    return [
        "Shares of the variance across the ranges. Alone: what a range explains by itself (first-order Sobol' index); "
        "in total: with its interactions (total index). In brackets: 95 % interval.",
        f"{describe_noise(found)} The intervals cover it.",
    ]
