"""Play scenarios twice, run by run on the same luck: with the engine and with the scalar model.

The two were written apart from one description of the rules. Given the same assumptions and the same luck, every run
must end the same way in both; one that does not shows that one of them departs from the rules.

    python benchmarks/second_opinion.py [SCENARIO …] [--runs N]
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scalar_agents import Actor, Party
from scalar_inputs import Inputs
from scalar_model import ScalarNegotiation

from sim.negotiation.model import Negotiation
from sim.negotiation.randomness.assumption_draws import draw_assumptions
from sim.negotiation.randomness.random_streams import BLOCK, Streams
from sim.scenario.loading.scenario_loader import load_scenario
from sim.scenario.model.schema import Scenario

ACCURACY = 1e-6
"""How far numbers may differ: the engine's terms are no more accurate."""

ALLOWED = 1 / 500
"""Share of runs that may differ: now and then a decision hangs on digits beyond the accuracy."""

Draw = Callable[[str, int], NDArray[np.float64]]

SCENARIOS = Path(__file__).parent.parent / "scenarios"


class Luck:
    """The engine's luck for the first runs of a scenario, by decision, round and run; drawn when first asked for."""

    def __init__(self, case: Scenario, runs: int) -> None:
        self._streams = Streams(case.seed, np.arange(runs))
        self._periods = int(case.implementation.periods)
        self._most = int(case.rounds)
        self._drawn: dict[str, NDArray[np.float64]] = {}

    def uniform(self, decision: str, round_: int, run: int) -> float:
        """Return a number from 0 to 1."""
        return self._number(decision, round_, run, self._streams.uniform)

    def normal(self, decision: str, round_: int, run: int) -> float:
        """Return a standard normal number."""
        return self._number(decision, round_, run, self._streams.normal)

    def _number(self, decision: str, round_: int, run: int, draw: Draw) -> float:
        if decision not in self._drawn:
            peace = decision.startswith("violation:") or decision == "battlefield after signing"
            rounds = self._periods if peace else self._most
            self._drawn[decision] = np.array([draw(decision, number) for number in range(1, rounds + 1)])
        return float(self._drawn[decision][round_ - 1, run])


class OnTheSameLuck(ScalarNegotiation):
    """The scalar model, but with the luck of the engine's run of the same number."""

    def __init__(self, inputs: Inputs, run: int, luck: Luck) -> None:
        self.run, self.streams = run, luck
        super().__init__(inputs, run)

    def draw(self, decision: str, actor: Actor | None = None) -> float:
        """Return the luck of an actor's decision; what is decided once has the luck of the first round."""
        name = decision if actor is None else f"{decision}:{actor.name}"
        return self.streams.uniform(name, 1 if decision in ("floor", "place", "breach") else self.steps, self.run)

    def deviate(self, decision: str) -> float:
        """Return the luck of something that is decided once."""
        return self.streams.normal(decision, 1, self.run)

    def violated(self, party: Party, period: int) -> float:
        """Return the luck of whether a party violates the peace."""
        return self.streams.uniform(f"violation:{party.name}", period, self.run)

    def shock(self, period: int = 0) -> float:
        """Return the battlefield's luck."""
        if period:
            return self.streams.normal("battlefield after signing", period, self.run)
        return self.streams.normal("battlefield", self.steps, self.run)


@dataclass(frozen=True, slots=True)
class Opinions:
    """How a scenario went twice: `differing` runs with what the engine and the scalar model say, by column.

    `largest` is the largest difference between numbers of runs that are counted as equal.
    """

    runs: int
    differing: dict[int, dict[str, tuple[Any, Any]]]
    largest: float

    @property
    def agree(self) -> bool:
        """Whether no more runs differ than accuracy explains."""
        return len(self.differing) <= ALLOWED * self.runs


def compare(case: Scenario, runs: int) -> Opinions:
    """Play the first runs of a scenario, at most a block, twice."""
    engine = Negotiation(case, runs=runs)
    engine.run_model()
    columns = engine.outcomes()
    differing: dict[int, dict[str, tuple[Any, Any]]] = {}
    largest = 0.0
    for run, model in enumerate(negotiations(case, runs)):
        model.run_model()
        record = model.record or {}
        told = {column: (columns[column][run], value) for column, value in _comparable(record)}
        distances = {column: _distance(engines, scalars) for column, (engines, scalars) in told.items()}
        amiss = {column: told[column] for column, distance in distances.items() if distance > ACCURACY}
        if amiss:
            differing[run] = amiss
        else:
            largest = max(largest, *distances.values())
    return Opinions(runs, differing, largest)


def negotiations(case: Scenario, runs: int) -> Iterator[OnTheSameLuck]:
    """Yield the scalar model of each of the first runs of a scenario, at most a block, before its first round."""
    luck, inputs = Luck(case, runs), Inputs.of(case)
    assumed = draw_assumptions(case, np.arange(runs))
    for run in range(runs):
        numbers = {
            path: float(np.broadcast_to(value, runs)[run])
            for path, value in assumed.items()
            if not isinstance(value, str)
        }
        yield OnTheSameLuck(replace(inputs, fixed=numbers, ranged=()), run, luck)


def _comparable(record: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield what the rules decide: who of several that leave or break at once comes first is drawn otherwise."""
    for column, value in record.items():
        if not (column == "broken_by" and record["cause"] == "type") and not (
            column == "by" and record["outcome"] == "walkout"
        ):
            yield column, value


def _distance(engines: Any, scalars: Any) -> float:
    """Return how far two entries are apart; words are 0 or infinitely far."""
    if isinstance(scalars, str):
        return 0.0 if engines == scalars else math.inf
    return abs(float(engines) - float(scalars))


def main() -> int:
    """Compare scenarios and print what differs; return the exit status."""
    parser = argparse.ArgumentParser(description="Hold the engine against the scalar model, run by run.")
    parser.add_argument("scenarios", nargs="*", type=Path, default=sorted(SCENARIOS.glob("*.yaml")))
    parser.add_argument("--runs", type=int, default=500, help=f"runs of each scenario, at most {BLOCK}")
    options = parser.parse_args()
    status = 0
    for path in options.scenarios:
        opinions = compare(load_scenario(path), options.runs)
        print(
            f"{path.stem}: {len(opinions.differing)} of {opinions.runs} runs differ,"
            f" the others by {opinions.largest:.1g} at most"
        )
        for run, columns in list(opinions.differing.items())[:3]:
            said = ", ".join(f"{column} {engine} / {scalar}" for column, (engine, scalar) in columns.items())
            print(f"  run {run} (engine / scalar model): {said}")
        status |= not opinions.agree
    return status


if __name__ == "__main__":
    raise SystemExit(main())
