"""Scenarios as Python objects: read by name or path, looked at as a table, and others made from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.scenario.loading.assignment import assign
from sim.scenario.loading.scenario_loader import load_scenario as load_file
from sim.scenario.loading.self_contained_file import write_scenario
from sim.scenario.model import schema
from sim.scenario.model.parameters import Parameter, parameters

if TYPE_CHECKING:
    import pandas


class Scenario(schema.Scenario):
    """Scenario as a Python object that never changes: who negotiates about what, under which assumptions.

    `load_scenario` reads one; `assign` makes another of it.
    """

    @classmethod
    def of(cls, scenario: schema.Scenario) -> Scenario:
        """Return a scenario of the inner rooms as one for Python, equal in every part."""
        copy = cls.model_construct(scenario.model_fields_set, **dict(scenario))
        copy._changes = scenario.changes
        return copy

    def assign(self, values: Mapping[str, Any]) -> Scenario:
        """Return another scenario, in which the parameters that each pattern names have the value given.

        A pattern is a path such as `parties.ukraine.reservation`, `*` in it matches any one key, and `distrust` alone
        means every pair of parties. A value is a number, a word, a `Range`, a mapping as in a scenario file, or None,
        which takes away what is named. Raises ScenarioError, with the nearest path that exists, for what cannot be.

        >>> from sim import load_scenario
        >>> load_scenario("baseline").assign({"distrust": 0.6, "mediator": None}).mediator is None
        True
        """
        changes = (f"{path}={_in_short(value)}" for path, value in values.items())
        return Scenario.of(assign(self, values).note_changes(*self.changes, *changes))

    def to_frame(self) -> pandas.DataFrame:
        """Return every parameter by its path: value, the range if it is one, unit, meaning and source."""
        import pandas

        rows = {path: _row(parameter) for path, parameter in parameters(self).items()}
        return pandas.DataFrame.from_dict(rows, orient="index").rename_axis("path")

    def to_yaml(self) -> str:
        """Return a scenario file that says the same anywhere, claims included."""
        return write_scenario(self, self.title)

    def __repr__(self) -> str:
        """Return the title, who negotiates, and how many parameters are ranges."""
        listed = parameters(self).values()
        ranges = sum(_is_range(parameter) for parameter in listed)
        names = [*self.parties, *([self.mediator.name] if self.mediator else [])]
        return f"<Scenario {self.title!r}: {', '.join(names)}; {ranges} of {len(listed)} parameters are ranges>"

    __str__ = __repr__

    def _repr_html_(self) -> str:
        """Return title and parameters as HTML, for notebooks."""
        return f"<p><b>{escape(self.title)}</b></p>{self.to_frame().to_html(max_rows=20, border=0)}"


def load_scenario(
    scenario: str | Path, changes: Mapping[str, Any] | Sequence[str] | None = None, *, strict: bool = False
) -> Scenario:
    """Load the scenario that a path, or the name of a packaged scenario, stands for.

    A file of that path wins over a packaged name. `changes` are made as by `Scenario.assign`, or as
    texts `PATH=VALUE`, whose values are YAML. `strict` asks a claim or
    an assumption of every parameter that is given. Raises ScenarioError with all problems, each with its place.

    >>> from sim import load_scenario
    >>> scenario = load_scenario("baseline", {"distrust": 0.6, "mediator.style": "facilitation"})
    >>> print(scenario.title, list(scenario.parties), scenario.mediator.style, sep=", ")
    Mediation without conditions, ['russia', 'ukraine'], facilitation
    >>> scenario.distrust["russia"]["ukraine"].central
    0.6
    """
    return Scenario.of(load_file(scenario, () if changes is None else changes, strict))


def _row(parameter: Parameter) -> dict[str, Any]:
    """Return a parameter as a row of a table."""
    quantity = parameter.quantity
    low, high = (quantity.low, quantity.high) if quantity is not None and quantity.is_range else (None, None)
    return {
        "value": parameter.value,
        "low": low,
        "high": high,
        "unit": parameter.unit,
        "given": parameter.given,
        "meaning": parameter.meaning,
        "claim": parameter.claim,
        "assumption": parameter.assumption,
    }


def _is_range(parameter: Parameter) -> bool:
    """Whether runs draw a parameter anew."""
    return parameter.quantity is not None and parameter.quantity.is_range


def _in_short(value: object) -> str:
    """Return a value for the list of changes."""
    written = getattr(value, "written", None)
    return str(written() if callable(written) else value)
