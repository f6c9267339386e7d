"""Advice on a design: the warnings on a scenario that hold at every one of its design points.

Without a design, the warnings on the scenario as it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress

from sim.scenario.advice.warnings import warnings
from sim.scenario.errors import ScenarioError
from sim.scenario.model.schema import Scenario
from sim.study.design.design_points import Design, Point
from sim.study.storage.study_folder import Study


def advice_on(study: Study, design: Design | None = None) -> list[str]:
    """Return the advice on a study or its design: warnings on its scenario that hold at every design point.

    Without a design, the warnings on the scenario as it stands (warnings.py).
    """
    cases = [study.scenario] if design is None else list(_possible(study, _extremes(design)))
    return warnings(*cases) if cases else []


def _possible(study: Study, points: Iterable[Point]) -> Iterator[Scenario]:
    """Yield the scenarios at design points, but for those whose values cannot stand together."""
    for point in points:
        with suppress(ScenarioError):
            yield study.assigned(point)


def warnings_by_name(cases: dict[str, Scenario]) -> list[str]:
    """Return the advice on several scenarios: each warning once, with the names of the scenarios it is true of."""
    named: dict[str, list[str]] = {}
    for name, case in cases.items():
        for warning in warnings(case):
            named.setdefault(warning, []).append(name)
    return [f"{', '.join(names)}: {warning}" for warning, names in named.items()]


def _extremes(design: Design) -> list[Point]:
    """Return a design point, and others that differ from it in one axis: at its ends, or at each of its words.

    A point without a mediator says nothing of the mediator's tools, so these are left out where there are others.
    """
    first = next((point for point in design.points if None not in point.values()), design.points[0])
    found: list[Point] = [first]
    for axis in design.axes:
        numbers = [value for value in axis.values if isinstance(value, int | float)]
        words = [value for value in axis.values if isinstance(value, str)]
        ends = (min(numbers), max(numbers)) if numbers else ()
        found += [{**first, axis.path: value} for value in (*ends, *words) if value != first[axis.path]]
    return found
