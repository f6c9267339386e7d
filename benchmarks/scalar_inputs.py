"""What the scalar model needs of a scenario, taken out once and small enough to hand to every run."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import numpy as np

from sim.scenario.model.parameters import quantities
from sim.scenario.model.quantities import Quantity
from sim.scenario.model.schema import Event, Scenario


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happens in a known round.

    `kind` is `signal`, `incident` or `set`; `by` who does it; `number` the path of its number; `target` the parameter
    that is set, to `word` if that is not None.
    """

    kind: str
    by: str = ""
    number: str = ""
    target: str = ""
    word: str | None = None


@dataclass(frozen=True, slots=True)
class Inputs:
    """A scenario as the scalar model reads it: names in alphabetical order, numbers by path, events by round."""

    seed: int
    rounds: int
    periods: int
    power: int
    style: str
    issues: tuple[str, ...]
    parties: tuple[str, ...]
    mediator: str | None
    guarantors: tuple[str, ...]
    events: dict[int, tuple[Happening, ...]]
    fixed: dict[str, float]
    ranged: tuple[tuple[str, str, Quantity], ...]

    @classmethod
    def of(cls, case: Scenario) -> Inputs:
        """Read a scenario."""
        numbers = quantities(case)
        happenings: dict[int, tuple[Happening, ...]] = {}
        for index, event in enumerate(case.events):
            when = int(event.round)
            happenings[when] = happenings.get(when, ()) + _happenings(index, event)
        return cls(
            seed=int(case.seed),
            rounds=int(case.rounds),
            periods=int(case.implementation.periods),
            power={"linear": 1, "quadratic": 2}[str(case.loss)],
            style="" if case.mediator is None else str(case.mediator.style),
            issues=tuple(sorted(case.issues)),
            parties=tuple(sorted(case.parties)),
            mediator=None if case.mediator is None else case.mediator.name,
            guarantors=tuple(sorted(case.guarantors)),
            events=happenings,
            fixed={path: number.low for path, number in numbers.items() if not number.is_range},
            ranged=tuple((path, q.shared or path, q) for path, q in numbers.items() if q.is_range),
        )

    def draw(self, random: Random) -> dict[str, float]:
        """Return one run's numbers by path; those that share a label are drawn together."""
        levels: dict[str, float] = {}
        numbers = dict(self.fixed)
        for path, label, quantity in self.ranged:
            if label not in levels:
                levels[label] = random.random()
            numbers[path] = float(quantity.quantile(np.array(levels[label])))
        return numbers


def _happenings(index: int, event: Event) -> tuple[Happening, ...]:
    """Return what an event does, one item for each parameter that it sets."""
    prefix = f"events.{index}"
    if event.signal is not None:
        return (Happening("signal", by=event.signal.by, number=f"{prefix}.signal.likelihood"),)
    if event.incident is not None:
        return (Happening("incident", by=event.incident.by, number=f"{prefix}.incident.severity"),)
    return tuple(
        Happening(
            "set",
            number=f"{prefix}.set.{path}",
            target=path,
            word=str(value) if path == "mediator.style" else None,
        )
        for path, value in event.set.items()
    )
