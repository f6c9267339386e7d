from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from sim.negotiation.model import Negotiation
from sim.scenario.loading.assignment import assign
from sim.scenario.model.schema import Scenario
from sim.study import comparison
from sim.study.comparison import compare
from sim.study.ensemble import run
from sim.study.statistics.paired_differences import paired_means, paired_shares, unpaired_runs
from sim.study.summaries import paired_outcomes
from tests.study.coins import coins


def outcomes(case: Scenario, runs: int) -> dict[str, np.ndarray]:
    negotiation = Negotiation(case, runs)
    negotiation.run_model()
    return negotiation.outcomes()


@pytest.mark.parametrize("chunk", [1 << 20, 64])
def test_it_agrees_with_the_rows(small: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    for module in (comparison, paired_outcomes):
        monkeypatch.setattr(module, "CHUNK", chunk)
    other = assign(small, {"mediator": None, "parties.*.precondition": 0.05})
    found = compare({"as-it-is": small, "alone": other}, 300, out=tmp_path)
    before, after = (outcomes(case, 300) for case in (small, other))
    one, two = (table["outcome"] == "settlement" for table in (before, after))
    assert (one & ~two).sum() > 20

    reference, compared = found["scenarios"]
    assert reference["change"] is None
    assert (found["reference"], found["runs"], found["seed"]) == ("as-it-is", 300, 7)
    change = compared["change"]
    settlement = change["settlement"]
    lost, won = int((one & ~two).sum()), int((two & ~one).sum())
    difference = paired_shares(300, lost, won)
    assert (settlement["difference"], settlement["low"], settlement["high"]) == difference
    assert (settlement["only_reference"], settlement["only_here"]) == (lost, won)
    assert settlement["unpaired_runs"] == unpaired_runs(one.mean(), two.mean(), difference.half_width)

    held, still = (table["held"] >= 52 for table in (before, after))
    lasting = paired_shares(300, int((held & ~still).sum()), int((still & ~held).sum()))
    assert (change["lasting"]["52"]["difference"], change["lasting"]["52"]["low"]) == lasting[:2]
    assert change["lasting"]["260"] is None  # settlements are watched for 100 weeks

    later = (after["round"] - before["round"])[one & two].astype(int)
    rounds = paired_means(len(later), int(later.sum()), int((later**2).sum()))
    assert tuple(change["rounds"].values()) == (len(later), *rounds)


def test_a_scenario_does_not_differ_from_itself(small: Scenario, tmp_path: Path) -> None:
    change = compare({"one": small, "two": small}, 100, out=tmp_path, spread=False)["scenarios"][1]["change"]
    assert (change["settlement"]["only_reference"], change["settlement"]["only_here"]) == (0, 0)
    assert change["settlement"]["low"] == -change["settlement"]["high"] < 0
    assert change["rounds"]["difference"] == 0


def test_runs_are_those_of_a_plain_run_and_found_again(small: Scenario, tmp_path: Path) -> None:
    plain = run(small, 100, out=tmp_path, name="one")
    written = (plain.folder / "summary.json").read_text()
    other = assign(small, {"rounds": 9})
    first = compare({"one": small, "two": other}, 100, out=tmp_path, spread=False)
    assert (plain.folder / "summary.json").read_text() == written
    assert first["scenarios"][0]["folder"] == plain.folder.name
    assert not list(tmp_path.glob("two-*/spread"))
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.parquet")}
    assert compare({"one": small, "two": other}, 100, out=tmp_path, spread=False) == first
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.parquet")} == before
    (kept,) = (plain.folder / "comparisons").iterdir()
    assert json.loads(kept.read_text()) == first


def test_all_meet_the_luck_of_one_seed(small: Scenario, tmp_path: Path) -> None:
    other = small.model_copy(update={"seed": 8})
    found = compare({"one": small, "two": other}, 100, out=tmp_path, spread=False)
    assert found["scenarios"][1]["change"]["settlement"]["only_here"] == 0
    assert found["warnings"][0] == "two: its own seed 8 is not used; all have the random numbers of seed 7"
    assert "seed 7" not in str(found["warnings"][1:])
    assert compare({"one": small, "two": other}, 100, seed=8, out=tmp_path, spread=False)["seed"] == 8


def test_what_weakens_pairing_is_said(small: Scenario, tmp_path: Path) -> None:
    found = compare({"small": small, "coins": coins()}, 20, seed=1, out=tmp_path, spread=False)
    assert [warning.partition(":")[0] for warning in found["warnings"][:4]] == ["small", "coins", "coins", "coins"]
    assert "other parties" in found["warnings"][2]
    assert "watched for" in found["warnings"][3]


@pytest.mark.parametrize("order", [("longer", "shorter"), ("shorter", "longer")])
def test_of_horizons_that_one_of_two_is_not_watched_for_nothing_is_said(
    small: Scenario, tmp_path: Path, order: tuple[str, str]
) -> None:
    """What the shorter was not watched for did not happen in it: a difference would be made of that alone."""
    cases = {name: assign(small, {"implementation.periods": n}) for name, n in (("longer", 100), ("shorter", 30))}
    lasting = compare({name: cases[name] for name in order}, 60, out=tmp_path, spread=False)["scenarios"][1]["change"][
        "lasting"
    ]
    assert lasting == {"52": None, "260": None}
    same = {name: assign(small, {"implementation.periods": n}) for name, n in (("longer", 100), ("shorter", 52))}
    lasting = compare({name: same[name] for name in order}, 60, out=tmp_path, spread=False)["scenarios"][1]["change"][
        "lasting"
    ]
    assert lasting["52"] is not None
    assert lasting["260"] is None


def test_one_scenario_is_no_comparison(small: Scenario, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least two"):
        compare({"one": small}, 20, out=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_where_no_run_settles_there_are_no_weeks_to_compare(small: Scenario, tmp_path: Path) -> None:
    hopeless = assign(small, {"parties.*.precondition": 5.0})
    change = compare({"one": small, "none": hopeless}, 100, out=tmp_path, spread=False)["scenarios"][1]["change"]
    assert change["rounds"] == {"pairs": 0, "difference": None, "low": None, "high": None}
    assert change["settlement"]["difference"] < -0.8
