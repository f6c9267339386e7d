"""Page settings: a visitor's changes to the parameters of a scenario, as a value that never changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from sim.scenario.loading.assignment import assign
from sim.scenario.model.key_tree import MUTUAL
from sim.scenario.model.parameters import Parameter, parameters
from sim.scenario.model.schema import Scenario
from sim.scenario.model.words_and_counts import Count

Setting: TypeAlias = float | int | str | tuple[float, float] | None
"""A number, a word, or a range (any number between its two ends alike). None for `mediator`: there is none."""

BY_HAND = "Set by hand in parley explore."
"""The assumption that stands beside every number that was set."""

MEDIATOR = "mediator"
"""The path that None takes out."""

FIRST = 2_000
"""Runs of the first answer."""

MOST_RUNS = 100_000
"""Runs that the page goes on to at most, whatever the scenario asks for."""


@dataclass(frozen=True)
class Settings:
    """Page settings: changes to a scenario by path, seed, number of runs to reach, and the curve's parameter."""

    seed: int
    runs: int
    changes: Mapping[str, Setting] = field(default_factory=dict)
    along: str = MUTUAL

    def __hash__(self) -> int:
        """Equal settings are equal however they came about."""
        return hash((self.seed, self.runs, frozenset(self.changes.items()), self.along))

    def has_same_scenario(self, other: Settings) -> bool:
        """Whether these settings ask about the same scenario as others do, with the same random numbers."""
        return (self.seed, self.changes) == (other.seed, other.changes)

    def put(self, paths: Iterable[str], setting: Setting) -> Settings:
        """Return settings in which these paths are so set."""
        return replace(self, changes={**self.changes, **dict.fromkeys(paths, setting)})

    def back(self, paths: Iterable[str]) -> Settings:
        """Return settings in which these paths are as in the file again."""
        gone = set(paths)
        return replace(self, changes={path: value for path, value in self.changes.items() if path not in gone})


def unchanged(base: Scenario) -> Settings:
    """Return the page settings of a scenario as its file has it."""
    return Settings(int(base.seed), min(int(base.runs), MOST_RUNS))


def case(base: Scenario, settings: Settings) -> Scenario:
    """Return the scenario that page settings describe.

    Raises ScenarioError for what cannot be.
    """
    known = parameters(base)
    values = {path: written(setting, known.get(path)) for path, setting in settings.changes.items()}
    changed = assign(base, values) if values else base
    title = f"{base.title}, changed by hand" if settings.changes else base.title
    return changed.model_copy(update={"title": title, "seed": Count(settings.seed)})


def written(setting: Setting, parameter: Parameter | None) -> Any:
    """Return a page setting as a scenario file has it.

    Ranges that were drawn together with others still are.
    """
    if setting is None:
        return None
    form = {"range": list(setting)} if isinstance(setting, tuple) else {"value": setting}
    shared = parameter.shared if parameter is not None and isinstance(setting, tuple) else None
    return {**form, **({"shared": shared} if shared else {}), "assumption": BY_HAND}


def as_in_file(parameter: Parameter) -> Setting:
    """Return the page setting of a parameter as the file has it, of a distribution the two ends."""
    quantity = parameter.quantity
    if quantity is None or isinstance(parameter.value, str):
        return parameter.value
    if quantity.is_range:
        return quantity.low, quantity.high
    return parameter.value


def is_in_file(parameter: Parameter, setting: Setting) -> bool:
    """Return whether a page setting is the same as in the file.

    No setting is the same as ranges in the file whose numbers are not all alike.
    """
    quantity = parameter.quantity
    shaped = quantity is not None and any(part is not None for part in (quantity.mode, quantity.mean, quantity.beta))
    return not shaped and setting == as_in_file(parameter)
