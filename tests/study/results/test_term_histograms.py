"""How often terms lie where, counted in the database and by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.scenario.loading.assignment import assign
from sim.scenario.model.schema import Scenario
from sim.study.ensemble import run
from sim.study.results.result_tables import read_table
from sim.study.results.stored_study import StoredStudy, read
from sim.study.results.term_histograms import BINS, term_counts
from sim.study.storage.atomic_files import StorageError


@pytest.fixture(scope="module")
def settled(small: Scenario, tmp_path_factory: pytest.TempPathFactory) -> StoredStudy:
    return read(run(small, 400, out=tmp_path_factory.mktemp("results"), spread=False).folder)


def test_counts_are_those_of_the_runs(settled: StoredStudy) -> None:
    runs = read_table(settled)
    found = term_counts(settled, settled.scenario.issues)
    assert list(found) == ["land", "money"]
    for issue, counts in found.items():
        terms = runs[f"terms.{issue}"].dropna()
        assert counts.shape == (BINS,)
        assert counts.sum() == len(terms) == (runs["outcome"] == "settlement").sum() > 0
        assert counts.tolist() == [
            int(((terms * BINS).astype(int).clip(upper=BINS - 1) == n).sum()) for n in range(BINS)
        ]


def test_both_poles_belong_to_a_stretch(small: Scenario, tmp_path: Path) -> None:
    """Where one party wants nothing but what the other wants, terms lie at a pole: the last stretch has its end."""
    for pole, place in ((0.0, 0), (1.0, BINS - 1)):
        agreed = assign(small, {"parties.*.aims.land": pole, "distrust": 0.0, "parties.*.reservation": 0.1})
        study = read(run(agreed, 50, out=tmp_path / str(place), spread=False).folder)
        counts = term_counts(study, ["land"])["land"]
        assert np.flatnonzero(counts).tolist() == [place]


def test_without_settlements_nothing_is_counted(small: Scenario, tmp_path: Path) -> None:
    never = assign(small, {"parties.*.reservation": 0.99})
    study = read(run(never, 30, out=tmp_path, spread=False).folder)
    assert all(counts.tolist() == [0] * BINS for counts in term_counts(study, ["land", "money"]).values())


def test_only_runs_that_the_figures_speak_of_are_counted(small: Scenario, tmp_path: Path) -> None:
    few = read(run(small, 50, out=tmp_path, spread=False).folder)
    before = term_counts(few, ["land"])["land"].sum()
    (few.path / "summary.json").write_bytes(summary := (few.path / "summary.json").read_bytes())
    run(small, 150, out=tmp_path, spread=False)
    assert term_counts(read(few.path), ["land"])["land"].sum() > before
    (few.path / "summary.json").write_bytes(summary)
    assert term_counts(read(few.path), ["land"])["land"].sum() == before


def test_runs_that_are_gone_are_missed(small: Scenario, tmp_path: Path) -> None:
    study = read(run(small, 20, out=tmp_path, spread=False).folder)
    for part in (study.path / "parts").iterdir():
        part.unlink()
    with pytest.raises(StorageError):
        term_counts(study, ["land"])
