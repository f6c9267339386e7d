"""Ensemble figures of the present scenario: those of `parley run`, from tables of runs that are not on disk."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.negotiation.randomness.random_streams import BLOCK
from sim.scenario.model.schema import Scenario
from sim.study.execution.assumption_range_runs import spreads_of, with_spread
from sim.study.execution.task_simulation import join_tables
from sim.study.execution.tasks import Task, cut
from sim.study.results.term_histograms import count_terms
from sim.study.statistics.assumption_range import Counts, Extent
from sim.study.storage.database import Table
from sim.study.storage.queries import open_runs_in_memory
from sim.study.storage.study_folder import Study
from sim.study.summaries.ensemble_summary import Summary, summarise
from sim.study.summaries.paired_outcomes import Change, Fates, change, count_pairs, fates


@dataclass(frozen=True, eq=False)
class Found:
    """Ensemble with its figures for the page: scenario, summary, places of settlements, and the end of each run."""

    scenario: Scenario
    summary: Summary
    terms: dict[str, NDArray[np.int64]]
    fates: Fates

    @property
    def runs(self) -> int:
        """How many runs there are."""
        return int(self.summary["runs"])

    @property
    def extent(self) -> Extent | None:
        """The range over the assumptions of the share that settles, None if it is not known."""
        settled = self.summary["outcomes"]["settlement"]
        return None if settled is None else settled.get("spread")


def summarise_runs(scenario: Scenario, tables: list[Table]) -> Found:
    """Return the figures of an ensemble: a scenario's first runs, given by stretches from run 0 on."""
    table = join_tables(tables)
    study = Study(scenario.title or "scenario", scenario)
    with open_runs_in_memory(table) as connection:
        summary = summarise(connection, study, len(table["run"]))
        return Found(scenario, summary, count_terms(connection, scenario.issues), fates(connection))


def spread_over(ensemble: Found, counts: Counts | None) -> Found:
    """Return ensemble figures with the range over the assumptions added to shares (None: nothing is a range)."""
    periods = int(ensemble.scenario.implementation.periods)
    spreads = None if counts is None else spreads_of(counts, periods, ensemble.scenario)
    return replace(ensemble, summary=with_spread(ensemble.summary, spreads))


def difference(first: Found, second: Found) -> tuple[Change, int]:
    """Return the paired difference between the figures of two ensembles, and how many runs both have."""
    runs = min(first.runs, second.runs)
    pairs = count_pairs(*({name: values[:runs] for name, values in each.fates.items()} for each in (first, second)))
    watched = min(int(each.scenario.implementation.periods) for each in (first, second))
    return change(pairs, watched), runs


def stretch(scenario: Scenario, runs: range) -> list[Task]:
    """Return the tasks for some runs of an ensemble for its figures, each of a block at most."""
    return [Task(scenario, 0, ({},), piece) for piece in cut(runs, BLOCK)]
