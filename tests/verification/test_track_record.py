"""The track record: scores and leads by hand, baselines against what they solve, and that chance gives no skill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import log, sqrt
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import minimize

from sim.output.tables.conflict_data.track_record_table import track_record_page
from sim.scenario.errors import ScenarioError
from sim.verification.conflict_data.crisis_cells import AGREEMENT, CELLS, QUIET, VIOLENCE, Cell, read_cells
from sim.verification.conflict_data.crisis_forecasts import (
    agreement_forecast,
    base_rate,
    holding_forecast,
    mediated_or_not,
    regression,
)
from sim.verification.conflict_data.forecast_scores import Lead, Mean, lead, score
from sim.verification.conflict_data.track_record import MODEL, Contest, contest, track_record

ROOT = Path(__file__).parents[2]
KINDS = ("facilitation", "formulation", "manipulation", "style not stated")


def cell(mediation: str, crises: int, agreements: int, protracted: bool = False) -> Cell:
    return Cell("war", mediation, protracted, "1918-1974", crises, agreements, crises, agreements)


@pytest.fixture(scope="module")
def cells() -> list[Cell]:
    return read_cells(ROOT / CELLS)


@pytest.fixture(scope="module")
def wars(cells: list[Cell]) -> list[Cell]:
    return [each for each in cells if each.violence == "war"]


def runs(settled: int, whole: int, late: int = 0, held: int = 260) -> dict[str, np.ndarray]:
    """Columns of runs of which the first settle, the first of these too late to be read, and hold for so long."""
    return {
        "outcome": np.array(["settlement"] * settled + ["open"] * (whole - settled), dtype=object),
        "round": np.array([53] * late + [52] * (whole - late)),
        "held": np.full(whole, held),
    }


PLAYED = {
    "unmediated": runs(2, 9),
    "facilitation": runs(4, 9),
    "formulation": runs(5, 9),
    "manipulation": runs(9, 9, late=2, held=259),
}


class TestCells:
    def test_they_are_all_crises(self, cells: list[Cell], wars: list[Cell]) -> None:
        assert sum(each.crises for each in cells) == 477
        assert sum(each.crises for each in wars) == 101
        assert sum(each.followed for each in wars if each.mediated) == 44
        assert all(0 <= each.agreements <= each.crises >= each.followed >= each.quiet >= 0 for each in cells)

    @pytest.mark.parametrize("content", ["violence\nx\n", "a,b\n1,2\n"])
    def test_what_is_no_table_of_crises(self, tmp_path: Path, content: str) -> None:
        (tmp_path / "cells.csv").write_text(content)
        with pytest.raises(ScenarioError, match="not a table of crises"):
            read_cells(tmp_path / "cells.csv")
        with pytest.raises(ScenarioError, match="cannot be read"):
            read_cells(tmp_path / "none.csv")


class TestForecasts:
    def test_agreement_is_what_settles_by_the_week_read(self) -> None:
        """Half a run is added on either side: (2 + ½)/(9 + 1) and so on; two runs under manipulation settle late."""
        forecast = agreement_forecast(PLAYED, [cell("facilitation", 1, 0), cell("manipulation", 3, 0)])
        given = [forecast(cell(name, 1, 0)) for name in ("none", *KINDS)]
        assert given == pytest.approx([0.25, 0.45, 0.55, 0.75, (0.45 + 3 * 0.75) / 4])

    def test_quiet_is_what_holds_for_five_years(self) -> None:
        forecast = holding_forecast(PLAYED, [cell("facilitation", 1, 0)])
        given = [forecast(cell(name, 1, 0)) for name in KINDS[:3]]
        assert given == pytest.approx([4.5 / 5, 5.5 / 6, 0.5 / 8])

    def test_baselines_are_shares(self) -> None:
        known = [cell("none", 8, 2), cell("formulation", 2, 2), cell("manipulation", 2, 1)]
        assert base_rate(known, AGREEMENT)(known[0]) == pytest.approx(5 / 12)
        assert mediated_or_not(known, AGREEMENT)(known[0]) == pytest.approx(1 / 4)
        assert mediated_or_not(known, AGREEMENT)(known[2]) == pytest.approx(3 / 4)

    def test_a_regression_with_a_chance_for_every_kind(self) -> None:
        """Firth's penalty is Jeffreys' prior: with a parameter for each kind its chance is (k + ½)/(n + 1)."""
        known = [cell("none", 8, 2), cell("formulation", 4, 4), cell("manipulation", 3, 0)]
        forecast = regression(known, AGREEMENT)
        assert [forecast(each) for each in known] == pytest.approx([2.5 / 9, 4.5 / 5, 0.5 / 4])

    def test_a_regression_on_all_crises_is_the_likeliest(self, cells: list[Cell]) -> None:
        x = np.array(
            [
                [1, each.protracted, *(each.violence == w for w in VIOLENCE[1:]), *(each.mediation == w for w in KINDS)]
                for each in cells
            ],
            dtype=float,
        )
        n, k = (np.array([getattr(each, name) for each in cells]) for name in ("crises", "agreements"))

        def loss(beta: np.ndarray) -> float:
            z = x @ beta
            p = 1 / (1 + np.exp(-z))
            information = (x * (n * p * (1 - p))[:, None]).T @ x
            return float((n * np.logaddexp(0, z) - k * z).sum() - 0.5 * np.linalg.slogdet(information)[1])

        best = minimize(loss, np.zeros(x.shape[1]), options={"gtol": 1e-7}).x
        forecast = regression(cells, AGREEMENT)
        assert [forecast(each) for each in cells] == pytest.approx(list(1 / (1 + np.exp(-x @ best))), abs=1e-5)


class TestScores:
    known = (cell("none", 4, 1), cell("formulation", 2, 2))
    costs = (0.75**2, *[0.25**2] * 3, *[0.1**2] * 2)
    logs = (-log(0.25), *[-log(0.75)] * 3, *[-log(0.9)] * 2)

    @staticmethod
    def forecast(each: Cell) -> float:
        return 0.9 if each.mediated else 0.25

    def mean(self, losses: Sequence[float]) -> tuple[float, float, float]:
        reach = 1.96 * float(np.std(losses, ddof=1)) / sqrt(len(losses))
        return float(np.mean(losses)), float(np.mean(losses)) - reach, float(np.mean(losses)) + reach

    def test_they_are_those_of_each_crisis(self) -> None:
        found = score("x", self.forecast, self.known, AGREEMENT)
        assert found.brier == pytest.approx(self.mean(self.costs), abs=1e-5)
        assert found.log == pytest.approx(self.mean(self.logs), abs=1e-5)
        assert {p: share.p for p, share in found.calibration.items()} == {0.25: 0.25, 0.9: 1.0}

    def test_a_lead_is_that_of_each_crisis(self) -> None:
        """Over one who always says ½ and so loses ¼, or ln 2, on each."""
        found = lead(self.forecast, "even", lambda _: 0.5, self.known, AGREEMENT)
        assert found.brier == pytest.approx(self.mean([0.25 - cost for cost in self.costs]), abs=1e-5)
        assert found.log == pytest.approx(self.mean([log(2) - cost for cost in self.logs]), abs=1e-5)
        assert found.skill == pytest.approx(1 - np.mean(self.costs) / 0.25)

    @pytest.mark.parametrize(
        ("low", "high", "verdict"), [(0.01, 0.1, "wins over"), (-0.1, 0.1, "ties with"), (-0.1, -0.01, "loses to")]
    )
    def test_the_interval_decides(self, low: float, high: float, verdict: str) -> None:
        assert Lead("x", Mean((low + high) / 2, low, high), Mean(0, 0, 0), 0).verdict == verdict


class TestRecord:
    def test_baselines_score_as_counted_apart(self, cells: list[Cell]) -> None:
        """Counted from the same cells by hand: in sample for wars; fitted on earlier crises for all later ones."""
        wars, *_, everything = track_record(PLAYED, cells)
        briers = {each.forecast: each.brier.value for each in wars.scores}
        assert (briers["the base rate"], briers["mediation alone"]) == pytest.approx((0.2264, 0.1835), abs=5e-5)
        briers = {each.forecast: each.brier.value for each in everything.scores}
        assert (briers["the base rate"], briers["mediation alone"]) == pytest.approx((0.2385, 0.2053), abs=5e-5)

    def test_the_model_speaks_of_wars_alone(self, cells: list[Cell]) -> None:
        record = track_record(PLAYED, cells)
        assert [each.scores[0].forecast == MODEL for each in record] == [True] * 4 + [False]
        assert [each.crises for each in record] == [101, 31, 44, 21, 221]
        assert all(len(each.leads) == len(each.scores) - 1 for each in record)

    def test_what_knows_nothing_of_mediation_is_left_out_where_all_are_mediated(self, cells: list[Cell]) -> None:
        names = {each.forecast for each in track_record(PLAYED, cells)[2].scores}
        assert names == {MODEL, "the base rate", "a logistic regression"}

    def test_shuffled_outcomes_give_no_skill(self, wars: list[Cell]) -> None:
        """Then a forecast f expects a Brier score of r(1 − r) + mean (f − r)²: none is below the base rate's."""
        forecast, rng = agreement_forecast(PLAYED, wars), np.random.default_rng(7)
        ends = np.repeat([1, 0], [sum(c.agreements for c in wars), sum(c.crises - c.agreements for c in wars)])
        ends_of = np.cumsum([each.crises for each in wars])[:-1]
        scores, won = [], 0
        for _ in range(400):
            shuffled = [
                replace(each, agreements=int(part.sum()))
                for each, part in zip(wars, np.split(rng.permutation(ends), ends_of), strict=True)
            ]
            scores.append(score("", forecast, shuffled, AGREEMENT).brier.value)
            won += lead(forecast, "", base_rate(wars, AGREEMENT), shuffled, AGREEMENT).verdict == "wins over"
        rate, given = ends.mean(), np.repeat([forecast(each) for each in wars], [each.crises for each in wars])
        expected = rate * (1 - rate) + ((given - rate) ** 2).mean()
        assert np.mean(scores) == pytest.approx(expected, abs=4 * np.std(scores) / sqrt(400))
        assert np.mean(scores) > rate * (1 - rate)
        assert won <= 0.025 * 400

    def test_a_forecast_that_knows_wins(self, wars: list[Cell]) -> None:
        found = contest(
            "x", QUIET, wars, wars, "these", {MODEL: lambda each: (each.quiet + 0.1) / (each.followed + 0.2)}
        )
        assert {each.verdict for each in found.leads} == {"wins over"}


def test_the_page_says_where_it_wins_ties_and_loses() -> None:
    known = [cell("none", 40, 4), cell("formulation", 40, 36), cell("manipulation", 20, 10)]
    found: Contest = contest(
        "rain", AGREEMENT, known, known, "these", {MODEL: lambda each: 0.1 if each.mediated else 0.9}
    )
    page = track_record_page([found])
    assert "**Forecast: rain (100 crises; baselines fitted to these)**" in page
    assert "- The model loses to the base rate: Brier score higher by 0." in page
    assert "0.10, 0.77 [0.65, 0.86], outside" in page
    better = contest("rain", AGREEMENT, known, known, "these", {MODEL: lambda each: 0.8 if each.mediated else 0.1})
    assert "- The model wins over the base rate: Brier score lower by 0." in track_record_page([better])
    assert "- The model ties with mediation alone: Brier score" in track_record_page([better])
