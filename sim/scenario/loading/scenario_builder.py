"""Builder of a Scenario from plain data, which collects every problem in one go."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from sim.scenario.editing.data_paths import spread_leverage
from sim.scenario.errors import ScenarioError
from sim.scenario.evidence.claims import check_enclosed_evidence
from sim.scenario.loading.confusable_names import confusable
from sim.scenario.loading.consistency_checks import check, too_many
from sim.scenario.loading.event_checks import read_events
from sim.scenario.model.key_tree import Names
from sim.scenario.model.schema import Scenario
from sim.scenario.reading.source_positions import Finding, Places
from sim.scenario.reading.validation_messages import findings


def build(data: dict[str, Any], places: Places | None = None, found: Iterable[Finding] = ()) -> Scenario:
    """Build a Scenario from plain data.

    `found` holds problems that were noticed before. Raises ScenarioError with every problem.
    """
    places = places or Places()
    names = Names.of(data)
    found = [*found, *too_many(names)]
    if any(too_many(names)):
        raise ScenarioError(places.problems(found))
    data = spread_leverage(data, places)
    events, amiss = read_events(data, names, places)
    trouble = [*found, *amiss, *check_enclosed_evidence(data), *check(data, names), *confusable(names, places)]
    try:
        scenario = Scenario.model_validate(data if events is None else {**data, "events": events})
    except ValidationError as error:
        trouble += findings(error)
    if trouble:
        raise ScenarioError(places.problems(trouble))
    return scenario
