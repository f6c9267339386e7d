"""Shared results of all visitors, and what can be read off them for somebody's settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from sim.explore.engine.shared_workers import Turns
from sim.explore.state.page_address import query
from sim.explore.state.page_settings import MEDIATOR, Settings, case
from sim.explore.state.parameter_controls import Control, Group, curves
from sim.scenario.advice.warnings import warnings
from sim.scenario.model.key_tree import MUTUAL
from sim.scenario.model.parameters import Parameter, parameters
from sim.scenario.model.schema import Scenario

ADDRESSES = 1_000
"""Addresses that are remembered."""


@dataclass(frozen=True)
class Ground:
    """Shared results and means of all visitors: the scenario, its controls and the workers.

    It also holds what a file that extends the scenario names.
    """

    base: Scenario
    extends: str
    groups: tuple[Group, ...]
    turns: Turns

    @cached_property
    def along(self) -> dict[str, Control]:
        """The controls along which there can be a curve, by path."""
        return curves(self.groups)

    @cached_property
    def known(self) -> dict[str, Parameter]:
        """The parameters as the file has them."""
        return parameters(self.base)

    @cached_property
    def notes(self) -> frozenset[str]:
        """What is easily misread in the file itself."""
        return frozenset(warnings(self.base))

    @cached_property
    def address(self) -> Callable[[Settings], str]:
        """How settings stand in the address of the page; the newest are remembered, as writing them takes a while."""
        return lru_cache(maxsize=ADDRESSES)(lambda settings: query(self.base, settings))

    def off(self, settings: Settings) -> frozenset[str]:
        """Return the parameters that the scenario, as it is set, does not have."""
        if MEDIATOR not in settings.changes:
            return frozenset()
        return frozenset(self.known) - parameters(case(self.base, settings)).keys()

    def curve(self, settings: Settings) -> Control:
        """Return the control along which the curve goes: mutual distrust where the chosen one does nothing."""
        control = self.along[settings.along]
        return self.along[MUTUAL] if self.off(settings).issuperset(control.paths) else control
