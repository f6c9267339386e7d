"""Rows of a sensitivity design: how they are drawn from a scenario's ranges, and how their runs are simulated.

Every range is one factor (ranges drawn together are one), read at a point of the unit cube. Each row of the design
gives every factor a point. A base row and the rows that differ from it in one factor meet the same random streams, so
that they differ by that factor alone; the next base row meets others. What the rows say is in `sobol_indices.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.negotiation.model import Negotiation
from sim.negotiation.randomness.assumption_draws import draw_at_points, list_range_streams
from sim.negotiation.randomness.random_streams import BLOCK
from sim.scenario.model.schema import Scenario
from sim.study.statistics.assumption_range import play_events
from sim.study.statistics.sobol_indices import REPLICATES, Counts, GroupCounts
from sim.study.summaries.ensemble_summary import HORIZONS

OUTCOMES = ("settlement", *(f"lasting.{n}" for n in HORIZONS))
"""What the indices can be about; the order is that of the counts of a row."""

Units = NDArray[np.float64]


@dataclass(frozen=True)
class Factor:
    """Factor of the sensitivity rows: a range, or several drawn together, with its name and paths.

    `name` is the label or path that names it, `paths` are those it leads to.
    """

    name: str
    paths: tuple[str, ...]


def factors(case: Scenario) -> list[Factor]:
    """Return a scenario's factors, the columns of the sensitivity rows, in the order of its parameters."""
    streams: dict[str, list[str]] = {}
    for path, stream in list_range_streams(case).items():
        streams.setdefault(stream, []).append(path)
    return [Factor(stream.removeprefix("shared:"), tuple(paths)) for stream, paths in streams.items()]


def design(count: int, rows: int, seed: int) -> Units:
    """Return the rows of a sensitivity design for `count` factors: shape (rows·(count + 2), count), in [0, 1].

    Of `rows` base rows (a power of two, at least REPLICATES), each is followed by itself with one factor after the
    other exchanged for that of a second base row, which ends the group. Base row g is point g // REPLICATES of
    replicate g mod REPLICATES, a Sobol' sequence with a scrambling of its own (Owen 1998, J Complexity 14:466): what
    differs between replicates shows how far the whole design can be trusted. A larger design begins with a smaller one
    of the same seed.
    """
    from SALib.sample import sobol  # takes .5 s to import

    problem = {"num_vars": count, "names": [str(n) for n in range(count)], "bounds": [[0.0, 1.0]] * count}
    seeds = (np.random.default_rng([seed, replicate]) for replicate in range(REPLICATES))
    each = [sobol.sample(problem, rows // REPLICATES, calc_second_order=False, seed=one) for one in seeds]
    groups = np.stack([replicate.reshape(-1, count + 2, count) for replicate in each], axis=1)
    return np.asarray(groups.reshape(-1, count))


def play_groups(case: Scenario, units: Units, plays: int, task: int = 0) -> Counts:
    """Simulate groups of sensitivity rows and count how often each row settled, and held for each horizon.

    Returns shape (outcomes, groups, columns). `units` holds the rows of at most REPLICATES groups. Every row is played
    `plays` times (at most BLOCK), the rows of a group on the same random streams, and no two groups of any two tasks on
    the same. The columns are those that `group_counts` reads.
    """
    streams = [factor.paths for factor in factors(case)]
    width = len(streams) + 2
    together = min(REPLICATES, BLOCK // plays)
    first = task * -(-REPLICATES // together)
    sections = [
        _events(case, streams, units[start : start + together * width], plays, first + section)
        for section, start in enumerate(range(0, len(units), together * width))
    ]
    return _counts(np.concatenate(sections, axis=1).reshape(len(OUTCOMES), -1, width, plays))


def columns_of(factors: int) -> int:
    """Return the number of counts for a group of sensitivity rows: one per row and per compared pair of rows."""
    return 3 * (factors + 1)


def group_counts(counts: Counts) -> GroupCounts:
    """Return the counts of one outcome over groups of sensitivity rows, by the rows they count.

    `counts` has shape (groups, columns).
    """
    factors = counts.shape[1] // 3 - 1
    rows, with_base, with_second, both = np.split(counts, np.cumsum([factors + 2, factors, factors]), axis=1)
    return GroupCounts(rows, with_base, with_second, both[:, 0])


def _events(
    case: Scenario, streams: Sequence[Sequence[str]], units: Units, plays: int, block: int
) -> NDArray[np.bool_]:
    """Return what happens in rows played on one block's streams: shape (outcomes, rows, plays)."""
    groups = np.arange(len(units)) // (len(streams) + 2)
    runs = block * BLOCK + groups[:, None] * plays + np.arange(plays)
    size = BLOCK // plays
    starts = range(0, len(units), size)
    return np.concatenate([_play(case, streams, units[n : n + size], runs[n : n + size]) for n in starts], axis=1)


def _play(case: Scenario, streams: Sequence[Sequence[str]], units: Units, runs: Counts) -> NDArray[np.bool_]:
    """Play rows side by side, each as its runs, (rows, plays): shape (outcomes, rows, plays)."""
    plays = runs.shape[1]
    points = {path: np.repeat(column, plays) for paths, column in zip(streams, units.T, strict=True) for path in paths}
    numbers = runs.ravel()
    events = play_events(
        Negotiation(case, len(numbers), values=draw_at_points(case, points), stream_runs=numbers), HORIZONS
    )
    return np.array([event.reshape(len(units), plays) for event in events])


def unmoved_factors(named: Sequence[Factor], counts: GroupCounts) -> list[str]:
    """Return the names of the factors on which no sensitivity row depends.

    Exchanging one changed the outcome of no run.
    """
    base, exchanged = counts.rows[:, :1], counts.rows[:, 1:-1]
    same = (exchanged == base) & (counts.with_base == base)
    return [factor.name for factor, alike in zip(named, same.all(axis=0), strict=True) if alike]


def _counts(events: NDArray[np.bool_]) -> Counts:
    """Return counts, shape (outcomes, groups, columns), of events, (outcomes, groups, rows, plays)."""
    base, exchanged, second = events[:, :, :1], events[:, :, 1:-1], events[:, :, -1:]
    columns = [events, exchanged & base, exchanged & second, base & second]
    return np.concatenate([column.sum(axis=-1, dtype=np.int64) for column in columns], axis=2)
