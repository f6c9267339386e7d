"""Cumulative incidence of each way to end by round, durability by period, and the median with its interval."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

import duckdb
from typing_extensions import TypedDict

from sim.negotiation.run_outcomes import IMPASSE, OVERTAKEN, SETTLEMENT, WALKOUT
from sim.scenario.model.schema import Scenario
from sim.study.statistics.shares import LEVEL, wilson
from sim.study.storage.json_forms import Share


class Curve(TypedDict):
    """Curve of cumulative incidence or durability: shares over time with their 95 % intervals.

    The intervals cover simulation error only; entry n − 1 is at the end of time n.
    """

    p: list[Share]
    low: list[Share]
    high: list[Share]


class Curves(TypedDict):
    """Curves of cumulative incidence, for how runs end, and of durability, for how settlements hold.

    `settlement`, `walkout` (by who leaves), `impasse` and `overtaken`: shares of all runs that have so ended, by round;
    the others still talk. `holds`: shares of settlements that still hold, by period; None if there are no settlements.
    """

    settlement: Curve
    walkout: dict[str, Curve]
    impasse: Curve
    overtaken: Curve
    holds: Curve | None


class Median(NamedTuple):
    """Median of the times behind a cumulative incidence, with its 95 % interval; None where there are too few.

    The interval covers simulation error only.
    """

    median: float
    low: float | None
    high: float | None


def incidence(counts: Sequence[int], runs: int) -> Curve:
    """Return the cumulative incidence of one way to end, from how many of all `runs` ended in it at time 1, 2, ….

    The ways to end compete, and runs that end in none of them are cut off by the horizon, all at once. So nobody is
    lost from view before, and the estimator of Aalen & Johansen (1978, Scand J Stat 5:141) is a share of all runs.
    Raises ValueError if there are no runs.
    """
    return _curve(list(accumulate(counts)), runs)


def durability(counts: Sequence[int], settlements: int) -> Curve:
    """Return durability, one minus a cumulative incidence: the share of settlements that hold after 1, 2, … periods.

    It follows from how many settlements broke in each period. Those that never broke are cut off by the horizon, all at
    once, so this is the estimator of Kaplan & Meier (1958, JASA 53:457). Raises ValueError if there are no settlements.
    """
    return _curve([settlements - broken for broken in accumulate(counts)], settlements)


def _curve(counts: Sequence[int], whole: int) -> Curve:
    """Return counts out of `whole` as shares with Wilson bands."""
    shares = [wilson(count, whole) for count in counts]
    known = [share for share in shares if share is not None]
    if len(known) < len(shares):
        raise ValueError("no share of nothing")
    return {
        "p": [share.p for share in known],
        "low": [share.low for share in known],
        "high": [share.high for share in known],
    }


def median(counts: Sequence[int], level: float = LEVEL) -> Median | None:
    """Return the median time of an incidence with its interval, from how many ended at time 1, 2, ….

    None if none did. The interval lies between two order statistics, whatever the distribution: how many times lie
    below the median is binomial, with a chance of one half each, and leaves out (1 − level)/2 at most on either side.
    Source: Thompson (1936, Ann Math Stat 7:122). Fewer than about six times allow no interval.
    """
    total = sum(counts)
    if not total:
        return None
    from scipy.special import bdtr, bdtrik  # takes .2 s to import

    reached = list(accumulate(counts))

    def ranked(rank: int) -> int:
        """The time at a rank, from 1, in order of time."""
        return bisect_left(reached, rank) + 1

    middle = (ranked((total + 1) // 2) + ranked(total // 2 + 1)) / 2
    tail = (1 - level) / 2
    if bdtr(0, total, 0.5) > tail:
        return Median(middle, None, None)
    rank = int(bdtrik(tail, total, 0.5)) + 1
    return Median(middle, ranked(rank), ranked(total + 1 - rank))


def curves(connection: duckdb.DuckDBPyConnection, scenario: Scenario) -> tuple[Curves, Median | None]:
    """Return the curves of cumulative incidence of the first design point, and the median week of settlement.

    From a connection with a view `runs` (queries.py).
    """
    ended, total = _endings(connection, int(scenario.rounds))
    nobody = [0] * int(scenario.rounds)
    settled = ended.get((SETTLEMENT, ""), nobody)
    walked = {name: ended.get((WALKOUT, name), nobody) for name in scenario.parties}
    found: Curves = {
        "settlement": incidence(settled, total),
        "walkout": {name: incidence(counts, total) for name, counts in walked.items()},
        "impasse": incidence(ended.get((IMPASSE, ""), nobody), total),
        "overtaken": incidence(ended.get((OVERTAKEN, ""), nobody), total),
        "holds": _holds(connection, int(scenario.implementation.periods), sum(settled)),
    }
    return found, median(settled)


def _endings(connection: duckdb.DuckDBPyConnection, rounds: int) -> tuple[dict[tuple[str, str], list[int]], int]:
    """Return how many runs ended in each round, by outcome and who left, and how many runs there are."""
    query = """
        SELECT outcome, CASE outcome WHEN 'walkout' THEN "by" ELSE '' END, round, count(*)
        FROM runs WHERE point = 0 GROUP BY ALL
    """
    ended: dict[tuple[str, str], list[int]] = {}
    total = 0
    for outcome, who, round_, count in connection.execute(query).fetchall():
        ended.setdefault((outcome, who), [0] * rounds)[round_ - 1] = count
        total += count
    return ended, total


def _holds(connection: duckdb.DuckDBPyConnection, periods: int, settlements: int) -> Curve | None:
    """Return the durability of settlements, from the period in which each broke."""
    if not settlements:
        return None
    query = f"""
        SELECT held, count(*) FROM runs
        WHERE point = 0 AND outcome = 'settlement' AND held < {periods:d} GROUP BY held
    """
    broken = dict(connection.execute(query).fetchall())
    return durability([broken.get(held, 0) for held in range(periods)], settlements)
