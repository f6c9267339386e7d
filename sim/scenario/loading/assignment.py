"""Assignment of other values to a scenario's parameters by path, or of its median to every range."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.scenario.editing.changes import Edit, edit
from sim.scenario.loading.scenario_builder import build
from sim.scenario.model.parameters import quantities
from sim.scenario.model.quantities import Quantity
from sim.scenario.model.schema import Scenario
from sim.scenario.reading.plain_values import plain
from sim.scenario.reading.source_positions import Places

CENTRAL = "every range at its middle"
"""What `central` changes, in words."""


def assign(scenario: Scenario, values: Mapping[str, Any]) -> Scenario:
    """Return a copy of a scenario with values assigned to the parameters that each pattern names.

    A value is a number, a word or a mapping; it replaces range and provenance. `guarantors.NAME` may add a
    guarantor, and None for `mediator` removes it. Raises ScenarioError for unknown paths and for values
    that are not allowed.
    """
    data: dict[str, Any] = scenario.model_dump(exclude_unset=True)
    places = Places()
    found = edit(data, [Edit(pattern, plain(value)) for pattern, value in values.items()], places)
    return build(data, places, found)


def central(scenario: Scenario) -> Scenario:
    """Return a copy of a scenario in which every range is assigned its median; provenance stays."""
    middle = {
        path: {"value": quantity.central, **_provenance(quantity)}
        for path, quantity in quantities(scenario).items()
        if quantity.is_range
    }
    return assign(scenario, middle).note_changes(*scenario.changes, CENTRAL)


def _provenance(quantity: Quantity) -> dict[str, str]:
    """Return the claim and the assumption of a number, as far as it has them."""
    given = {"claim": quantity.claim, "assumption": quantity.assumption}
    return {key: text for key, text in given.items() if text is not None}
