"""Comparing scenarios on the same luck: each against the first, run for run."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, TypeAlias

import duckdb
import numpy as np
from numpy.typing import NDArray
from typing_extensions import TypedDict

from sim.scenario.schema import Scenario
from sim.study.database import identifier
from sim.study.ensemble import Result, run
from sim.study.execution import Workers
from sim.study.files import StorageError, within, write_json
from sim.study.filling import Progress
from sim.study.forms import Real, Several, Shift, Whole, read_form, refuse
from sim.study.pairs import paired_means, paired_shares, unpaired_runs
from sim.study.reading import open_runs
from sim.study.storage import DIGITS
from sim.study.summary import HORIZONS, Interval

MEND = "Delete it and give the command that made it again"
"""What to do about a damaged comparison."""

CHUNK = 1 << 20
"""Runs that are read at a time, so that memory does not grow with their number."""


class ShareChange(TypedDict):
    """A share minus that of the reference, with the 95 % interval of Tango for pairs (simulation error only).

    `only_reference` and `only_here` count the runs that changed sides; `unpaired_runs` of each scenario would have
    been needed to know the difference as closely without common luck (None where both shares are 0 or 1).
    """

    difference: Shift
    low: Shift
    high: Shift
    only_reference: Whole
    only_here: Whole
    unpaired_runs: Whole | None


class RoundsChange(TypedDict):
    """Mean rounds until settlement minus those of the reference, in the `pairs` of runs that settle in both."""

    pairs: Whole
    difference: Real | None
    low: Real | None
    high: Real | None


class Change(TypedDict):
    """Differences to the reference: in settlement, in settlements that last (by periods), in rounds to settlement."""

    settlement: ShareChange
    lasting: dict[str, ShareChange | None]
    rounds: RoundsChange


class Compared(TypedDict):
    """A scenario, what sets it apart, and how it differs from the reference; of the reference itself `change` is None.

    `folder` is the name of its results folder, beside the reference's.
    """

    scenario: str
    means: str
    folder: str
    settlement: Interval
    lasting: dict[str, Interval | None]
    change: Change | None


class Comparison(TypedDict):
    """Scenarios compared: `scenarios` begins with the reference. `warnings` say what makes pairing weaker."""

    reference: str
    runs: Several
    seed: Whole
    scenarios: list[Compared]
    warnings: list[str]


def compare(
    cases: Mapping[str, Scenario],
    runs: int | None = None,
    seed: int | None = None,
    jobs: int = 1,
    out: str | Path = "results",
    *,
    spread: bool = True,
    means: Mapping[str, str] | None = None,
    command: str | None = None,
    progress: Progress | None = None,
    workers: Workers | None = None,
) -> Comparison:
    """Simulate scenarios, given by name, on the same luck and compare each with the first.

    `runs` and `seed` are those of all and default to the first's; `spread` finds how far each scenario's shares move
    over its ranges. Each scenario has its results folder in `out` as if it had been run alone, so what is there is not
    simulated twice; the comparison is kept in the first's, under `comparisons/`. `means` may say of a scenario, by
    name, what sets it apart. Raises ValueError for fewer than two scenarios, StorageError if results cannot be written
    or read.

    >>> from sim import compare, load_scenario
    >>> changes = {"mediated": {}, "alone": {"mediator": None}}
    >>> cases = {name: load_scenario("scenarios/textbook.yaml", change) for name, change in changes.items()}
    >>> found = compare(cases, runs=100)
    >>> found["scenarios"][1]["change"]["settlement"]["difference"]
    -1.0
    """
    if len(cases) < 2:
        raise ValueError("a comparison takes at least two scenarios")
    first = next(iter(cases.values()))
    runs = runs or int(first.runs)
    seed = int(first.seed) if seed is None else seed
    with nullcontext(workers) if workers else Workers(jobs) as team:
        results = [
            run(
                case,
                runs,
                seed=seed,
                out=out,
                spread=spread,
                name=name,
                command=command,
                progress=progress,
                workers=team,
            )
            for name, case in cases.items()
        ]
    told = means or {}
    found: Comparison = {
        "reference": results[0].study.name,
        "runs": runs,
        "seed": seed,
        "scenarios": [_compared(results[0], result, told.get(result.study.name, "")) for result in results],
        "warnings": list(pairing_problems(cases, seed)),
    }
    write_json(within(results[0].folder, "comparisons", f"{_digest(found)}.json"), found)
    return found


def kept_comparisons(folder: Path) -> list[Comparison]:
    """Return the comparisons of which the study in a results folder was the first, the last made before the others.

    Raises StorageError if one is damaged.
    """
    place = within(folder, "comparisons")
    try:
        paths = sorted(place.glob("*.json"), key=lambda path: (-path.lstat().st_mtime_ns, path.name))
    except OSError as error:
        raise StorageError(f"{place}: cannot read: {error.strerror}") from error
    kept = []
    for path in paths:
        found = read_form(path, Comparison, MEND)
        if found is not None:
            for what in _amiss(found):
                refuse(path, f"not what it ought to be: {what}", MEND)
            kept.append(found)
    return kept


def _amiss(found: Comparison) -> Iterator[str]:
    """Yield what in a comparison does not go together."""
    if len(found["scenarios"]) < 2:
        yield "it has no reference and scenarios beside it"
        return
    first, *others = found["scenarios"]
    if first["change"] is not None or first["scenario"] != found["reference"]:
        yield "its first scenario is not the reference"
    horizons = {*map(str, HORIZONS)}
    for each in others:
        change = each["change"]
        if change is None:
            yield f"{each['scenario']!r} is not compared"
            continue
        if not horizons == first["lasting"].keys() == each["lasting"].keys() == change["lasting"].keys():
            yield f"settlements of {each['scenario']!r} are watched for other spans"
        both = {n for n in horizons if first["lasting"].get(n) and each["lasting"].get(n)}
        if both != {n for n, found in change["lasting"].items() if found}:
            yield f"changes of {each['scenario']!r} do not go with its shares"
        if len({change["rounds"][end] is None for end in ("difference", "low", "high")}) > 1:
            yield f"the change of rounds of {each['scenario']!r} is half known"


def pairing_problems(cases: Mapping[str, Scenario], seed: int) -> Iterator[str]:
    """Yield what keeps runs of scenarios from meeting the same luck as the first's, or from being measured alike."""
    (reference, first), *others = cases.items()
    for name, case in cases.items():
        if case.seed != seed and len({int(each.seed) for each in cases.values()}) > 1:
            yield f"{name}: its own seed {int(case.seed)} is not used; all meet the luck of seed {seed}"
    for name, case in others:
        if {*case.parties} != {*first.parties}:
            yield f"{name}: other parties than in {reference} meet other luck, so pairing helps less"
        elif case.mediator and first.mediator and case.mediator.name != first.mediator.name:
            yield f"{name}: another mediator than in {reference} meets other luck, so pairing helps less"
        if int(case.rounds) != int(first.rounds):
            yield f"{name}: another horizon than in {reference}, so rounds are counted within different limits"


def _compared(reference: Result, result: Result, means: str) -> Compared:
    """Return a scenario's shares and how they differ from the reference's."""
    settlement = result.summary["outcomes"]["settlement"]
    assert settlement is not None  # there is at least one run
    return {
        "scenario": result.study.name,
        "means": means,
        "folder": result.folder.name,
        "settlement": settlement,
        "lasting": result.summary["lasting"],
        "change": None if result is reference else _change(reference, result),
    }


def _change(first: Result, second: Result) -> Change:
    """Return how the second of two ensembles of equally many runs differs from the first."""
    counts: Counter[str] = Counter()
    with _runs_of(first) as one, _runs_of(second) as two:
        for start in range(0, first.runs, CHUNK):
            counts.update(paired(fates(one, start), fates(two, start)))
    return change(counts, min(first.study.periods(0), second.study.periods(0)))


def _runs_of(result: Result) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    """A connection with a view of the runs of an ensemble."""
    return open_runs(result.folder / "parts", {0: result.runs}, result.study.columns)


def change(counts: Counter[str], watched: int) -> Change:
    """Return how the second of two ensembles differs from the first, from the counts of all pairs (`paired`).

    `watched`: for how many periods settlements are watched in both; of longer horizons nothing is said.
    """
    rounds = paired_means(counts["both"], counts["rounds"], counts["squares"])
    lasting = ((str(n), f"held {n}" if n <= watched else None) for n in HORIZONS)
    return {
        "settlement": _share_change(counts, "settled"),
        "lasting": {n: None if event is None else _share_change(counts, event) for n, event in lasting},
        "rounds": {
            "pairs": counts["both"],
            "difference": rounds and rounds.difference,
            "low": rounds and rounds.low,
            "high": rounds and rounds.high,
        },
    }


def _share_change(counts: Counter[str], event: str) -> ShareChange:
    """Return the change of a share, from how many runs changed sides."""
    runs, only_first, only_second = counts["runs"], counts[f"-{event}"], counts[f"+{event}"]
    found = paired_shares(runs, only_first, only_second)
    assert found is not None  # there is at least one run
    always = counts[f"={event}"]
    before, after = (always + only_first) / runs, (always + only_second) / runs
    return {
        "difference": found.difference,
        "low": found.low,
        "high": found.high,
        "only_reference": only_first,
        "only_here": only_second,
        "unpaired_runs": unpaired_runs(before, after, found.half_width),
    }


Fates: TypeAlias = dict[str, NDArray[Any]]
"""What became of runs, in order: whether they `settled`, whether that `held N` periods, and in which `round`."""


def paired(first: Fates, second: Fates) -> Counter[str]:
    """Count how the same runs fared in two ensembles.

    `runs` in all; `-event`, `+event` and `=event`: in the first only, in the second only, in both; `both`: settled in
    both, with the sum of the differences in `rounds` and of their `squares`.
    """
    counts: Counter[str] = Counter(runs=len(first["settled"]))
    for event in ("settled", *(f"held {n}" for n in HORIZONS)):
        counts[f"-{event}"] += int(np.count_nonzero(first[event] & ~second[event]))
        counts[f"+{event}"] += int(np.count_nonzero(second[event] & ~first[event]))
        counts[f"={event}"] += int(np.count_nonzero(second[event] & first[event]))
    both = first["settled"] & second["settled"]
    later = second["round"][both].astype(np.int64) - first["round"][both]
    counts.update(both=int(both.sum()), rounds=int(later.sum()), squares=int((later * later).sum()))
    return counts


def fates(connection: duckdb.DuckDBPyConnection, start: int = 0) -> Fates:
    """Return what became of the runs from number `start` on, at most CHUNK of them, in order."""
    held = ", ".join(f"outcome = 'settlement' AND held >= {n:d} AS {identifier(f'held {n:d}')}" for n in HORIZONS)
    query = f"""
        SELECT outcome = 'settlement' AS settled, {held}, round
        FROM runs WHERE point = 0 AND run >= {start:d} AND run < {start + CHUNK:d} ORDER BY run
    """
    return {name: np.asarray(column) for name, column in connection.execute(query).fetchnumpy().items()}


def _digest(found: Comparison) -> str:
    """Return hexadecimal digits that stand for what was compared with what."""
    content = json.dumps([found["runs"], *(compared["folder"] for compared in found["scenarios"])])
    return hashlib.sha256(content.encode()).hexdigest()[:DIGITS]
