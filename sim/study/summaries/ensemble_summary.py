"""The summary of an ensemble: the figures that ``--json`` prints, ``summary.json`` stores and the table words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NotRequired, TypeAlias

import duckdb
from typing_extensions import TypedDict

from sim.negotiation.run_outcomes import OUTCOMES
from sim.scenario.advice.optimistic_omissions import DECISIVE, why_unbreakable
from sim.scenario.model.schema import Scenario
from sim.study.design.study_names import Name
from sim.study.statistics.assumption_range import Extent
from sim.study.statistics.cumulative_incidence import Curves, curves
from sim.study.statistics.dominant_assumption import Carrier
from sim.study.statistics.quantiles import quantiles
from sim.study.statistics.shares import wilson
from sim.study.storage.database import identifier
from sim.study.storage.json_forms import Real, Several, Share, Whole
from sim.study.storage.study_folder import Study

SESSIONS = ("direct", "mediated", "silent")

HORIZONS = (52, 260)
"""Periods (weeks) after signing at which durability is reported: one year and five."""

FIXED_POINT = 1e15
"""Values in [0, 1] are summed as whole multiples of 1e-15: exact, whatever the order of the parts."""

ENDS = (0.05, 0.95)
"""Quantiles between which nine in ten lie."""

Figures: TypeAlias = dict[str, Any]
"""Counts, sums, means and spreads of one design point's runs, by name."""

Actors: TypeAlias = dict[tuple[int, str, str], int]
"""How often, by design point, outcome and who brought it about."""


class Interval(TypedDict):
    """Share of an ensemble's summary with its 95 % interval, which covers simulation error only.

    Beside shares of settlement, once it is known: `spread`, the range over the assumptions, None where nothing is a
    range.
    """

    p: Share
    low: Share
    high: Share
    spread: NotRequired[Extent | None]


class Rounds(TypedDict):
    """Rounds (weeks) until settlement in an ensemble's summary, with the 95 % interval of the median.

    Only an ensemble's summary has the interval.
    """

    median: Real | None
    mean: Real | None
    median_low: NotRequired[Real | None]
    median_high: NotRequired[Real | None]


class Played(TypedDict):
    """Numbers of draws and plays behind the ranges over the assumptions in an ensemble's summary.

    These are the draws of the assumptions, and how often each was played out. `carrier`: the one assumption that
    explains at least half of the variance of settlement over them, if one does.
    """

    draws: Several
    plays: Several
    carrier: NotRequired[Carrier | None]


class Spread(TypedDict):
    """Mean of a quantity in an ensemble's summary, with the range that holds nine in ten of its runs."""

    mean: Share | None
    q05: Share | None
    q95: Share | None


class Summary(TypedDict):
    """Summary of an ensemble in figures; undefined ones are None, never NaN.

    ``outcomes``, ``walkout_by`` and ``lasting`` (settled and held) are shares of all runs; ``authors``, ``holds`` and
    ``below_war`` (somebody signed for less than war is worth, by error) are shares of settlements; ``sessions`` are
    shares of rounds. ``rounds`` (weeks), ``terms`` (0 to 1 between an issue's poles), ``utility`` (0 to 1) and
    ``efficiency`` (Nash product over its greatest value) speak of settled runs. Of an ensemble also: ``spread``, how
    the ranges over the assumptions were estimated (None where nothing is a range, or they were not asked for),
    ``curves``, what happens when, and ``warnings``, what is odd about the scenario (warnings.py). ``unbreakable`` says
    why nobody can break a settlement, where that is so and nobody did: then ``holds`` and ``lasting`` are no answers,
    and None.
    """

    scenario: Name
    runs: Several
    seed: Whole
    outcomes: dict[str, Interval | None]
    walkout_by: dict[str, Share | None]
    authors: dict[str, Share | None]
    rounds: Rounds
    sessions: dict[str, Share | None]
    terms: dict[str, Spread]
    utility: dict[str, dict[str, Share | None]]
    efficiency: Share | None
    holds: dict[str, Interval | None]
    lasting: dict[str, Interval | None]
    below_war: Interval | None
    unbreakable: NotRequired[str]
    spread: NotRequired[Played | None]
    curves: NotRequired[Curves]
    warnings: NotRequired[list[str]]


def summarise(connection: duckdb.DuckDBPyConnection, study: Study, runs: int) -> Summary:
    """Return the summary of an ensemble: the figures of the first design point, from a view `runs`.

    The view is that of a connection (queries.py).
    """
    summary = summarise_points(connection, study, {0: runs})[0]
    summary["curves"], middle = curves(connection, study.scenario)
    if "unbreakable" in summary:
        summary["curves"]["holds"] = None
    summary["rounds"]["median_low"] = None if middle is None else middle.low
    summary["rounds"]["median_high"] = None if middle is None else middle.high
    return summary


def summarise_points(
    connection: duckdb.DuckDBPyConnection, study: Study, counts: Mapping[int, int]
) -> dict[int, Summary]:
    """Return the summaries of the ensembles at the design points in `counts`, by point.

    `counts` maps each point to its number of runs. The view `runs` holds these runs and no others. The same few
    queries, whatever the number of points.
    """
    figures, actors = _figures(connection, study.scenario), _actors(connection)
    reasons = _unbreakable(study, figures, counts)
    found = {point: _summary(study, point, runs, figures[point], actors) for point, runs in counts.items()}
    for point, reason in reasons.items():
        nothing: dict[str, Interval | None] = dict.fromkeys(map(str, HORIZONS))
        found[point] |= {"unbreakable": reason, "holds": nothing, "lasting": dict(nothing)}
    return found


def _unbreakable(study: Study, figures: Mapping[int, Figures], points: Iterable[int]) -> dict[int, str]:
    """Return, by design point, why nobody can break a settlement there; those where somebody did are left out."""
    known: dict[tuple[object, ...], str | None] = {}
    found: dict[int, str] = {}
    for point in points:
        if figures[point]["broken"]:
            continue
        decisive = tuple(value for path, value in study.points[point].items() if path.startswith(DECISIVE))
        if decisive not in known:
            known[decisive] = why_unbreakable(study.case(point))
        if reason := known[decisive]:
            found[point] = reason
    return found


def _summary(study: Study, point: int, runs: int, figures: Figures, actors: Actors) -> Summary:
    """Return one design point's figures, put together from what the queries found."""
    scenario = study.scenario
    parties = list(scenario.parties)
    authors = [*parties, *([scenario.mediator.name] if scenario.mediator else [])]
    settled = figures["settlement"]
    watched = study.periods(point)
    held = {str(n): figures[f"held {n}"] if n <= watched else None for n in HORIZONS}
    met = sum(figures[kind] or 0 for kind in SESSIONS)
    return {
        "scenario": study.name,
        "runs": runs,
        "seed": int(scenario.seed),
        "outcomes": {outcome: _interval(figures[outcome], runs) for outcome in OUTCOMES},
        "walkout_by": {name: _ratio(actors.get((point, "walkout", name), 0), runs) for name in parties},
        "authors": {name: _ratio(actors.get((point, "settlement", name), 0), settled) for name in authors},
        "rounds": {"median": figures["median"], "mean": _ratio(figures["rounds"], settled)},
        "sessions": {kind: _ratio(figures[kind], met) for kind in SESSIONS},
        "terms": {issue: figures[f"spread {issue}"] for issue in scenario.issues},
        "utility": {party: {"mean": figures[f"utility.{party}"]} for party in parties},
        "efficiency": figures["efficiency"],
        "holds": {n: _interval(count, settled) for n, count in held.items()},
        "lasting": {n: _interval(count, runs) for n, count in held.items()},
        "below_war": _interval(figures["below_war"], settled),
    }


def _interval(successes: int | None, trials: int) -> Interval | None:
    """A share with its interval, as JSON has it."""
    share = None if successes is None else wilson(successes, trials)
    return None if share is None else {"p": share.p, "low": share.low, "high": share.high}


def _ratio(part: int | None, whole: int) -> float | None:
    """A quotient of counts, None where it is undefined."""
    return None if part is None or whole == 0 else part / whole


def _mean(column: str) -> str:
    """SQL for the mean of a column of values in [0, 1] over settled runs where it is defined (not NaN)."""
    exact = f"sum(CAST(round({identifier(column)} * {FIXED_POINT:.0f}) AS BIGINT))"
    return f"{exact} {_defined(column)} / {FIXED_POINT:.0f} / count(*) {_defined(column)}"


def _defined(column: str) -> str:
    """SQL that confines an aggregate to settled runs for which a column is defined."""
    return f"FILTER (WHERE outcome = 'settlement' AND NOT isnan({identifier(column)}))"


def _figures(connection: duckdb.DuckDBPyConnection, scenario: Scenario) -> dict[int, Figures]:
    """Return counts, sums, means and spreads by name for every design point."""
    settled = "FILTER (WHERE outcome = 'settlement')"
    terms = {issue: f"terms.{issue}" for issue in scenario.issues}
    columns = {
        **{outcome: f"count_if(outcome = '{outcome}')" for outcome in OUTCOMES},
        **{f"held {n}": f"count_if(outcome = 'settlement' AND held >= {n:d})" for n in HORIZONS},
        "below_war": "CAST(sum(below_war) AS BIGINT)",
        "broken": "count_if(broken_by <> '')",
        **{kind: f"sum({kind})" for kind in SESSIONS},
        "rounds": f"sum(round) {settled}",
        **{name: _mean(name) for name in ("efficiency", *(f"utility.{party}" for party in scenario.parties))},
        **{name: _mean(name) for name in terms.values()},
    }
    rows = connection.execute(f"SELECT point, {', '.join(columns.values())} FROM runs GROUP BY point").fetchall()
    ranked = quantiles(connection, {"round": [0.5], **dict.fromkeys(terms.values(), ENDS)})
    found: dict[int, Figures] = {}
    for point, *values in rows:
        figures = found[point] = dict(zip(columns, values, strict=True))
        (figures["median"],) = ranked.get((point, "round"), (None,))
        for issue, name in terms.items():
            low, high = ranked.get((point, name), (None, None))
            figures[f"spread {issue}"] = Spread(mean=figures[name], q05=low, q95=high)
    return found


def _actors(connection: duckdb.DuckDBPyConnection) -> Actors:
    """Return how often each actor brought an outcome about, by design point, outcome and name."""
    query = 'SELECT point, outcome, "by", count(*) FROM runs GROUP BY ALL'
    return {(point, outcome, name): count for point, outcome, name, count in connection.execute(query).fetchall()}
