"""Ways to play one scenario against each other, in turn: how fast each is, and how many times as fast as another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from contenders import Columns, Contender
from timing import Row, interleaved

from sim.scenario.model.schema import Scenario


@dataclass(frozen=True, slots=True)
class Result:
    """What one contender did: seconds of the clock and rounds played, by repetition, and the outcomes of all runs."""

    contender: Contender
    seconds: list[float]
    rounds: list[int]
    outcomes: Columns

    @property
    def rows(self) -> list[Row]:
        """Its lines of the table."""
        speeds = [self.contender.runs / seconds for seconds in self.seconds]
        rounds = [1e9 * seconds / rounds for seconds, rounds in zip(self.seconds, self.rounds, strict=True)]
        name = self.contender.name
        return [
            Row.of(f"{name}, {self.contender.runs:,} runs", "runs/s", speeds),
            Row.of(f"{name}, a round", "ns", rounds),
        ]

    def times_as_fast_as(self, other: Result) -> Row:
        """How many times as fast as another contender, a round for a round, repetition by repetition."""
        mine, others = ([s / r for s, r in zip(one.seconds, one.rounds, strict=True)] for one in (self, other))
        ratios = [theirs / own for own, theirs in zip(mine, others, strict=True)]
        return Row.of(f"{self.contender.name} to {other.contender.name}", "times", ratios)


def race(case: Scenario, contenders: Sequence[Contender], repetitions: int) -> dict[str, Result]:
    """Let contenders play in turn, each repetition other runs; return the result of each by name."""
    timed = interleaved(
        [
            lambda repetition, one=one: one.play(case, one.runs, repetition * one.runs)  # type: ignore[misc]
            for one in contenders
        ],
        repetitions,
    )
    return {
        one.name: Result(
            one,
            [seconds for seconds, _ in results],
            [int(columns["round"].sum()) for _, columns in results],
            joined(columns for _, columns in results),
        )
        for one, results in zip(contenders, timed, strict=True)
    }


def joined(parts: Iterable[Columns]) -> Columns:
    """Return the runs of several repetitions as one."""
    parts = list(parts)
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
