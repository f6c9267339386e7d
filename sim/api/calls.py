"""Calls that simulate: run, sweep, compare and sensitivity, each returning a result with figures, frames and charts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from typing_extensions import Unpack

from sim.api.result_objects import Comparison, Ensemble, Sensitivity, Sweep
from sim.api.scenarios import Scenario
from sim.scenario.errors import describe_argument
from sim.scenario.model import schema
from sim.scenario.model.quantities import Range
from sim.study import comparison, ensemble
from sim.study import sensitivity as attribution
from sim.study import sweep as sweeping
from sim.study.design.argument_checks import refused
from sim.study.design.design_points import DIGITS, Design
from sim.study.execution.study_options import Options
from sim.study.results.stored_study import read


def run(
    scenario: schema.Scenario,
    runs: int | None = None,
    precision: float | None = None,
    seed: int | None = None,
    **options: Unpack[Options],
) -> Ensemble:
    """Simulate an ensemble of a scenario, or return the stored one: the Python call for `parley run`.

    Runs that are stored are not simulated twice. `runs` and `seed` default to the scenario's. With `precision`, blocks
    are added until the 95 % half-width of the share that settles is below it; `runs` is then the least number. The
    other keywords are those of `Options`: `out`, `name`, `jobs`, `spread` and more. Raises ScenarioError for what is
    not allowed, StorageError if results cannot be written or read.

    >>> from sim import load_scenario, run
    >>> found = run(load_scenario("textbook").assign({"distrust": 0.2}), runs=200, name="trustful")
    >>> found.settlement.p, round(found.terms["share"].mean, 1)
    (1.0, 0.5)
    >>> found.simulated, run(found.scenario, runs=200, name="trustful").simulated
    (200, 0)
    """
    found = ensemble.run(scenario, runs, precision, seed, **_named(scenario, options))
    return Ensemble(read(found.folder.absolute()).with_figures(found.summary), found.simulated)


def sweep(
    scenario: schema.Scenario,
    vary: Mapping[str, Sequence[Any]] | Design,
    runs: int | None = None,
    precision: float | None = None,
    seed: int | None = None,
    *,
    sample: str | None = None,
    log: Collection[str] = (),
    **options: Unpack[Options],
) -> Sweep:
    """Simulate a scenario at every point of a design, or return the stored sweep: the Python call for `parley sweep`.

    `vary` maps paths to values, all combinations of which are the design; with `sample` ("lhs:200" or "sobol:256") it
    maps paths to the two ends of a range, or to a `Range`. Paths in `log` are read on a logarithmic scale. All design
    points have common random numbers. `runs` and `precision` are meant for each design point. A point that fails is
    listed in `failed` and loses no other. The other keywords are those of `Options`. Raises ScenarioError for a design
    that cannot be, and StorageError if results cannot be written or read.

    >>> from sim import load_scenario, sweep
    >>> textbook = load_scenario("textbook")  # in which a mediator's text is enough up to .4
    >>> found = sweep(textbook, {"distrust": [0.2, 0.39, 0.41]}, runs=100, name="three")
    >>> list(found.to_frame()["outcomes.settlement.p"])
    [1.0, 1.0, 0.0]
    """
    if isinstance(vary, Mapping):
        vary = {path: _listed(values) for path, values in vary.items()}
    if isinstance(log, str) or not isinstance(log, Collection) or not all(isinstance(path, str) for path in log):
        raise refused(f"log must be a list of paths, not {describe_argument(log)}")
    options = _named(scenario, options)
    found = sweeping.sweep(scenario, vary, runs, precision, seed, sample=sample, log=log, **options)
    return Sweep(read(found.folder.absolute()).with_figures(found.summary), found.simulated)


def compare(
    scenarios: Mapping[str, schema.Scenario],
    runs: int | None = None,
    seed: int | None = None,
    **options: Unpack[Options],
) -> Comparison:
    """Compare scenarios with the first on common random numbers: the Python call for `parley compare`.

    Scenarios are given by name and simulated where runs are missing. `runs` and `seed` are those of all and default to
    the first's. Each scenario has a results folder as if it had been run alone; the comparison is kept with the first.
    The other keywords are those of `Options`. Raises ScenarioError for fewer than two scenarios, StorageError if
    results cannot be written or read, or are of different versions.

    >>> from sim import compare, load_scenario
    >>> textbook = load_scenario("textbook")
    >>> found = compare({"mediated": textbook, "alone": textbook.assign({"mediator": None})}, runs=100)
    >>> float(found.to_frame().loc["alone", "change.settlement.difference"])
    -1.0
    """
    found, ensembles = comparison.simulate_comparison(scenarios, runs, seed, **options)
    simulated = sum(each.simulated for each in ensembles)
    return Comparison(read(ensembles[0].folder.absolute()), found, simulated)


def sensitivity(
    scenario: schema.Scenario,
    rows: int = 512,
    plays: int = 32,
    outcome: str = "settlement",
    seed: int | None = None,
    **options: Unpack[Options],
) -> Sensitivity:
    """Attribute an outcome's variance to a scenario's ranges: the Python call for `parley sensitivity`.

    A stored study is not simulated twice. `rows` base rows (a power of two) make a design of rows·(ranges + 2) rows;
    each is simulated `plays` times. The other keywords are those of `Options`. Raises ScenarioError for a study that
    cannot be made, StorageError if results cannot be written or read.

    >>> from sim import Range, load_scenario, sensitivity
    >>> ranges = {"distrust.a.b": Range(0.1, 0.6), "distrust.b.a": Range(0.3, 0.39)}
    >>> found = sensitivity(load_scenario("textbook").assign(ranges), rows=64, plays=64, name="which of them")
    >>> found.to_frame().index[0]
    'distrust.a.b'
    """
    found = attribution.sensitivity(scenario, rows, plays, outcome, seed, **_named(scenario, options))
    return Sensitivity(read(found.folder.absolute()), found.summary, found.simulated)


def _named(scenario: schema.Scenario, options: Options) -> Options:
    """Return options with the name of the scenario, as on the command line, unless they have another."""
    if options.get("name") is None and isinstance(scenario, Scenario) and scenario.name is not None:
        return {**options, "name": scenario.name}
    return options


def _listed(values: Any) -> Any:
    """Return values as a list: a `Range` as its ends, arrays and Series with as many digits as people mean."""
    if isinstance(values, Range):
        return [values.low, values.high]
    if not hasattr(values, "tolist"):
        return values
    return [float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value for value in values.tolist()]
