"""Comparison of scenarios on common random numbers: each against the first, run by run."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import NotRequired

import duckdb
from typing_extensions import TypedDict, Unpack

from sim.scenario.control_characters import strip_controls
from sim.scenario.model.schema import Scenario
from sim.study.design.argument_checks import runs_of, scenarios_of, seeded
from sim.study.design.study_names import Name, Shown
from sim.study.design_advice import warnings_by_name
from sim.study.ensemble import Result, run
from sim.study.execution.study_options import Execution, Options
from sim.study.statistics.identical_runs import Alike, figures, fingerprints, groups, what_is_same
from sim.study.storage import versions
from sim.study.storage.atomic_files import StorageError, within, write_json
from sim.study.storage.json_forms import Several, Share, Whole, read_form, refuse
from sim.study.storage.queries import open_runs
from sim.study.storage.study_folder import DIGITS, Folder
from sim.study.summaries.ensemble_summary import HORIZONS, Interval, Spread
from sim.study.summaries.paired_outcomes import CHUNK, Change, change, count_pairs, fates
from sim.study.summaries.paired_settlement_means import MeanChange, compare_means

MEND = "Delete it and give the command that made it again"
"""What to do about a damaged comparison."""


class FullChange(Change):
    """Paired difference between two scenarios of a comparison: outcomes, terms by issue, and utility by party.

    Only issues and parties that both scenarios have are compared.
    """

    terms: dict[str, MeanChange]
    utility: dict[str, MeanChange]


class Compared(TypedDict):
    """One scenario of a comparison: its shares, and its paired difference to the reference scenario.

    `means` says what sets it apart; `change` is None for the reference itself. `folder` is the name of its results
    folder, beside the reference's; `terms` and `utility` are those of its summary. `unbreakable` says why `lasting` is
    no answer, where it is none (ensemble_summary.py).
    """

    scenario: Name
    means: Shown
    folder: str
    settlement: Interval
    lasting: dict[str, Interval | None]
    terms: dict[str, Spread]
    utility: dict[str, dict[str, Share | None]]
    change: FullChange | None
    unbreakable: NotRequired[str]


class Comparison(TypedDict):
    """Comparison of scenarios: number of runs, seed, each scenario's shares and differences, and warnings.

    `scenarios` begins with the reference. `warnings` say what makes pairing weaker, and what is odd about the scenarios
    (warnings.py; of ablations nothing, of which it is known what they leave idle). `same` says which scenarios, the
    reference among them or not, have the same runs (identical_runs.py).
    """

    reference: Name
    runs: Several
    seed: Whole
    scenarios: list[Compared]
    warnings: list[str]
    same: NotRequired[Alike]


def compare(
    cases: Mapping[str, Scenario],
    runs: int | None = None,
    seed: int | None = None,
    *,
    means: Mapping[str, str] | None = None,
    **options: Unpack[Options],
) -> Comparison:
    """Simulate and store a comparison of several scenarios on common random numbers, each against the first.

    Scenarios are given by name. `runs` and `seed` are those of all and default to the first's. Each scenario has its
    results folder as if it had been run alone, so what is there is not simulated twice; the comparison is kept in the
    first's, under `comparisons/`. `means` may say of a scenario, by name, what sets it apart. Raises ScenarioError for
    fewer than two scenarios, StorageError if results cannot be written or read, or are of different versions.
    """
    return simulate_comparison(cases, runs, seed, means=means, **options)[0]


def simulate_comparison(
    cases: Mapping[str, Scenario],
    runs: int | None = None,
    seed: int | None = None,
    *,
    means: Mapping[str, str] | None = None,
    **options: Unpack[Options],
) -> tuple[Comparison, list[Result]]:
    """Compare scenarios as `compare` does; return the figures and the ensembles that they are of."""
    asked = Execution.of(options)
    cases = {name: seeded(case, None) for name, case in scenarios_of(cases).items()}
    first = next(iter(cases.values()))
    runs, seed = runs_of(runs) or int(first.runs), int(seeded(first, seed).seed)
    of_each = {name: replace(asked, name=name) for name in cases}
    _refuse_mixture([of_each[name].open_folder(seeded(case, seed)) for name, case in cases.items()])
    with asked.open_team() as team:
        results = []
        for name, case in cases.items():
            of_this: Options = {**options, "name": name, "workers": team}
            results.append(run(case, runs, seed=seed, **of_this))
    found = _compare(cases, results, means or {})
    write_json(within(results[0].folder, "comparisons", f"{_digest(found)}.json"), found)
    return found, results


def _compare(cases: Mapping[str, Scenario], results: Sequence[Result], means: Mapping[str, str]) -> Comparison:
    """Return how scenarios differ from the first, from their ensembles of equally many runs with one seed."""
    same, seed = _alike(results), int(results[0].study.scenario.seed)
    with _runs_of(results[0]) as runs:
        scenarios = [
            _compared(results[0], runs, result, means.get(name, ""), same)
            for name, result in zip(cases, results, strict=True)
        ]
    return {
        "reference": results[0].study.name,
        "runs": results[0].runs,
        "seed": seed,
        "scenarios": scenarios,
        "warnings": [
            *pairing_problems(cases, seed),
            *warnings_by_name({name: case for name, case in cases.items() if name not in means}),
        ],
        "same": same,
    }


def _refuse_mixture(folders: Sequence[Folder]) -> None:
    """Raise StorageError if the runs of some scenarios are, or would be, of other versions than those of the first.

    Without common versions there is no knowing that the same run had the same luck.
    """
    here = versions.read_versions()
    first, *others = (here if folder.versions is None else folder.versions for folder in folders)
    for folder, found in zip(folders[1:], others, strict=True):
        other = versions.compare_versions(first, found)
        if other:
            raise StorageError(
                f"{folders[0].path}: is simulated under {versions.spell_out(first, other)}, and {folder.path} under "
                f"{versions.spell_out(found, other)}: {versions.consequence(other)}, so they are not compared run for "
                "run. Begin anew elsewhere (--out)"
            )


def kept_comparisons(folder: Path) -> list[Comparison]:
    """Return the comparisons stored in a results folder whose study is the reference, the newest first.

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
    """Yield warnings on a comparison whose scenarios share not all random numbers, or no common measure."""
    (reference, first), *others = cases.items()
    for name, case in cases.items():
        if case.seed != seed and len({int(each.seed) for each in cases.values()}) > 1:
            yield f"{name}: its own seed {int(case.seed)} is not used; all have the random numbers of seed {seed}"
    for name, case in others:
        if {*case.parties} != {*first.parties}:
            yield f"{name}: other parties than in {reference} have other random numbers, so pairing helps less"
        elif case.mediator and first.mediator and case.mediator.name != first.mediator.name:
            yield f"{name}: another mediator than in {reference} has other random numbers, so pairing helps less"
        if int(case.rounds) != int(first.rounds):
            watched = f"watched for {int(case.rounds)} weeks, and {reference} for {int(first.rounds)}"
            yield f"{name}: {watched}: what the longer watch adds is in the difference"
        for issue in (issue for issue, poles in case.issues.items() if first.issues.get(issue, poles) != poles):
            yield f"{name}: other poles of {issue} than in {reference}, so its terms do not mean the same"


def _alike(results: Sequence[Result]) -> Alike:
    """Return which scenarios have the same runs; these are looked at only where the figures are the same."""
    close = groups({result.study.name: figures(result.summary) for result in results})
    ends: dict[str, object] = {}
    runs: dict[str, object] = {}
    for result in results:
        name = result.study.name
        if any(name in group for group in close):
            with _runs_of(result) as connection:
                ends[name], runs[name] = (fingerprints(connection, only_outcomes=only)[0] for only in (True, False))
    same = groups(runs)
    return {"runs": same, "outcomes": [group for group in groups(ends) if group not in same]}


def _compared(reference: Result, runs: duckdb.DuckDBPyConnection, result: Result, means: str, same: Alike) -> Compared:
    """Return a scenario's shares and how they differ from the reference's, of which `runs` has a view of the runs."""
    settlement = result.summary["outcomes"]["settlement"]
    assert settlement is not None  # there is at least one run
    reason = result.summary.get("unbreakable")
    found: Compared = {
        "scenario": result.study.name,
        "means": strip_controls(means),
        "folder": result.folder.name,
        "settlement": settlement,
        "lasting": result.summary["lasting"],
        "terms": result.summary["terms"],
        "utility": result.summary["utility"],
        "change": None if result is reference else _change(reference, runs, result, same),
    }
    return found if reason is None else {**found, "unbreakable": reason}


def _change(first: Result, one: duckdb.DuckDBPyConnection, second: Result, same: Alike) -> FullChange:
    """Return how the second of two ensembles of equally many runs differs from the first, whose runs are open."""
    counts: Counter[str] = Counter()
    with _runs_of(second) as two:
        for start in range(0, first.runs, CHUNK):
            counts.update(count_pairs(fates(one, start), fates(two, start)))
        watched = min(first.study.periods(0), second.study.periods(0))
        found = change(counts, 0 if _unbreakable(first, second) else watched)
        terms, utility = compare_means((first.summary, second.summary), (one, two))
    found["same"] = what_is_same(same, first.study.name, second.study.name)
    return {**found, "terms": terms, "utility": utility}


def _unbreakable(*results: Result) -> bool:
    """Whether it is no answer in some ensemble for how long settlements hold."""
    return any("unbreakable" in result.summary for result in results)


def _runs_of(result: Result) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    """A connection with a view of the runs of an ensemble."""
    return open_runs(result.folder / "parts", {0: result.runs}, result.study.columns)


def _digest(found: Comparison) -> str:
    """Return hexadecimal digits that stand for what was compared with what."""
    content = json.dumps([found["runs"], *(compared["folder"] for compared in found["scenarios"])])
    return hashlib.sha256(content.encode()).hexdigest()[:DIGITS]
