"""Scenarios as Python objects: read by name or path, looked at as a table, and others made from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import PrivateAttr

from sim.scenario.errors import describe_argument
from sim.scenario.loading.assignment import assign
from sim.scenario.loading.scenario_loader import load_scenario as load_file
from sim.scenario.loading.self_contained_file import write_scenario
from sim.scenario.model import schema
from sim.scenario.model.parameters import Parameter, parameters
from sim.scenario.packaged.packaged_scenarios import find_scenario, packaged_name, packaged_scenarios
from sim.scenario.reading.plain_values import flag
from sim.study.design.argument_checks import refused
from sim.study.design.study_files import is_study

if TYPE_CHECKING:
    import pandas


class Scenario(schema.Scenario):
    """One question: who negotiates about what, under which assumptions.

    `load_scenario` reads one; `assign` makes another of it, which is the way to change anything. Two are equal if all
    their parts are.
    """

    _name: str | None = PrivateAttr(default=None)

    @classmethod
    def of(cls, scenario: schema.Scenario, name: str | None = None, changes: Sequence[str] = ()) -> Scenario:
        """Return a scenario of the inner rooms as one for Python, equal in every part."""
        copy = cls.model_construct(scenario.model_fields_set, **dict(scenario))
        copy._changes = tuple(changes) or scenario.changes
        copy._name = name
        return copy

    @property
    def name(self) -> str | None:
        """What its results are called: its packaged name, or that of its file; None if it comes from neither."""
        return self._name

    def assign(self, values: Mapping[str, Any]) -> Scenario:
        """Return another scenario, in which the parameters that each pattern names have the value given.

        A pattern is a path such as `parties.ukraine.reservation`, `*` in it matches any one key, and `distrust` alone
        means every pair of parties. A value is a number, a word, a `Range`, a mapping as in a scenario file, or None,
        which takes away what is named, or sets it back to its default. Raises ScenarioError, with the nearest path that
        exists, for what cannot be.

        >>> from sim import load_scenario
        >>> load_scenario("baseline").assign({"distrust": 0.6, "mediator": None}).mediator is None
        True
        """
        if not isinstance(values, Mapping) or not all(isinstance(path, str) for path in values):
            raise refused(f"what is assigned is a mapping from paths to values, not {describe_argument(values)}")
        changes = (*self.changes, *(f"{path}={_in_short(value)}" for path, value in values.items()))
        plain = self.title.removesuffix(_suffix(self.changes)) or self._name or ""
        changed = assign(self, values).model_copy(update={"title": plain + _suffix(changes)})
        return Scenario.of(changed, self._name, changes)

    def __setattr__(self, name: str, value: Any) -> None:
        """Refuse to change a part. Raises ScenarioError."""
        if not name.startswith("_"):
            raise refused(f"a scenario is not changed in place: scenario.assign({{{name!r}: …}}) makes another")
        super().__setattr__(name, value)

    def __eq__(self, other: object) -> bool:
        """Whether another scenario has the same parts, however they were written."""
        return isinstance(other, schema.Scenario) and dict(self) == dict(other)

    def __hash__(self) -> int:
        """Return a number that equal scenarios share."""
        return hash((self.title, int(self.seed), *self.parties, *self.issues))

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

    A file of that path wins over a packaged name. `changes` are made as by `Scenario.assign`, or as texts `PATH=VALUE`,
    whose values are YAML. `strict` asks a claim or an assumption of every parameter that is given. Raises ScenarioError
    with all problems, each with its place.

    >>> from sim import load_scenario
    >>> scenario = load_scenario("baseline", {"distrust": 0.6, "mediator.style": "facilitation"})
    >>> print(scenario.title)
    Mediation without conditions; with distrust=0.6, mediator.style=facilitation
    >>> scenario.distrust["russia"]["ukraine"].central
    0.6
    """
    strict = flag("strict", strict)
    file = find_scenario(scenario) if isinstance(scenario, str) else scenario
    if isinstance(file, Path) and is_study(file):
        raise refused(f"{scenario}: is a study, which says what a sweep varies: load the scenario that it names")
    found = Scenario.of(load_file(scenario, () if changes is None else changes, strict))
    return Scenario.of(found, packaged_name(Path(file)) or Path(file).stem).assign({})


def list_scenarios() -> list[str]:
    """Return the names of the scenarios that come with Parley.

    >>> from sim import list_scenarios
    >>> "baseline" in list_scenarios()
    True
    """
    return [name for name, file in packaged_scenarios().items() if not is_study(file)]


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


def _suffix(changes: Sequence[str]) -> str:
    """Return what a title says of changes, so that no table or chart passes for the file's own."""
    return f"; with {', '.join(changes)}" if changes else ""


def _in_short(value: object) -> str:
    """Return a value for the list of changes."""
    written = getattr(value, "written", None)
    return str(written() if callable(written) else value)
