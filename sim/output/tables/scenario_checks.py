"""Scenario checks: what ``parley check`` says of a scenario without errors, on its sources and its oddities."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.advice.warnings import warnings
from sim.scenario.model.parameters import parameters
from sim.scenario.model.schema import Scenario


def findings(scenario: Scenario) -> Iterator[str]:
    """Return the lines of the scenario checks: one on the sources of numbers, then one for each warning."""
    known = parameters(scenario).values()
    given = [parameter for parameter in known if parameter.given]
    claimed = sum(parameter.claim is not None for parameter in given)
    assumed = sum(parameter.claim is None and parameter.assumption is not None for parameter in given)
    yield (
        f"no errors; {len(given)} parameters given ({claimed} by a claim, {assumed} by an assumption, "
        f"{len(given) - claimed - assumed} without a source), {len(known) - len(given)} at neutral defaults"
    )
    for warning in warnings(scenario):
        yield f"warning: {warning}"
