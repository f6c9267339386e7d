"""The model beside conflict data: the arithmetic of the comparison, and that its page is current."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, sqrt
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import minimize

from sim.output.tables.conflict_data_table import rates_page, verdicts
from sim.scenario.errors import ScenarioError
from sim.scenario.loading.scenario_loader import load_scenario
from sim.verification.conflict_data import (
    FITTED,
    RATES,
    REFERENCE,
    RUNS,
    SHAPE,
    Comparison,
    Rate,
    bounded,
    compare,
    read_rates,
    read_reference_scenarios,
)
from sim.verification.reference_estimates import (
    CASES,
    READ_AT,
    agreement,
    hazard_shape,
    holding,
    play_watched,
    reached,
)
from sim.verification.track_record import (
    AGREEMENT,
    CELLS,
    Cell,
    agreement_forecast,
    base_rate,
    mediated_or_not,
    read_cells,
    regression,
    score,
    skill,
    track_record,
)

ROOT = Path(__file__).parents[2]


def columns(
    outcome: list[str], held: list[int], cause: list[str], weeks: list[int] | None = None
) -> dict[str, np.ndarray]:
    return {
        "outcome": np.array(outcome, dtype=object),
        "round": np.array([1] * len(outcome) if weeks is None else weeks),
        "held": np.array(held),
        "cause": np.array(cause, dtype=object),
    }


@pytest.fixture(scope="module")
def rates() -> dict[str, Rate]:
    return read_rates(ROOT / RATES)


class TestArithmetic:
    def test_cases_are_weighed_as_in_the_data(self) -> None:
        played = {
            "one": columns(["settlement", "impasse"], [520, -1], ["", ""]),
            "other": columns(["settlement"] * 4, [520, 0, 100, 52], ["", "type", "type", "type"]),
        }
        weights = {"one": 3.0, "other": 1.0}
        assert agreement("one", "other")(played, weights).value == pytest.approx((3 * 0.5 + 1) / 4)
        assert agreement("one")(played, weights) == pytest.approx((0.5, 0.5 / sqrt(2)))
        assert holding(1, "one", "other")(played, weights).value == pytest.approx((3 * 0.5 * 1 + 1 * 0.75) / 2.5)
        assert holding(10, "other")(played, weights) == pytest.approx((0.25, sqrt(0.25 * 0.75 / 4)))

    def test_agreements_are_read_at_a_week(self) -> None:
        weeks = [10, READ_AT, READ_AT + 1, 260]
        played = {"one": columns(["settlement"] * 3 + ["open"], [520] * 4, [""] * 4, weeks)}
        weights = {"one": 1.0}
        assert agreement("one")(played, weights).value == 0.5
        assert agreement("one", week=26)(played, weights).value == 0.25
        assert agreement("one", week=104)(played, weights).value == 0.75

    def test_the_share_reached_by_a_week_is_of_all_that_are_reached(self) -> None:
        table = columns(["settlement"] * 4 + ["open"] * 4, [520] * 8, [""] * 8, [4, 5, 48, 200, 9, 9, 9, 9])
        played = dict.fromkeys(CASES, table)
        for week, share in ((4.5, 0.25), (10.0, 0.5), (47.8, 0.5), (260.0, 1.0)):
            assert reached(week)(played, dict.fromkeys(CASES, 0.25)).value == pytest.approx(share)

    def test_errors_of_mixed_shares_add_up_by_weight(self) -> None:
        rng = np.random.default_rng(5)
        weights = {"one": 3.0, "other": 1.0}
        found = []
        for _ in range(400):
            played = {
                name: columns(list(np.where(rng.random(100) < p, "settlement", "impasse")), [0] * 100, [""] * 100)
                for name, p in (("one", 0.3), ("other", 0.8))
            }
            found.append(agreement("one", "other")(played, weights))
        values, errors = np.array(found).T
        assert errors.mean() == pytest.approx(values.std(), rel=0.15)

    @pytest.mark.parametrize("shape", [0.4, 1.0, 1.7])
    def test_the_shape_of_the_hazard_is_that_of_maximum_likelihood(self, shape: float) -> None:
        rng = np.random.default_rng(3)
        times = 200 * rng.weibull(shape, 2000)
        held = np.minimum(np.floor(times), 520).astype(int)
        broke = times < 520
        table = columns(["settlement"] * 2000, list(held), ["type" if b else "" for b in broke])
        found, error = hazard_shape(dict.fromkeys(CASES, table), dict.fromkeys(CASES, 0.3))
        t = held + np.where(broke, 0.5, 0.0)

        def loss(parameters: np.ndarray) -> float:
            k, scale = np.exp(parameters)
            z = t / scale
            return float(-(broke * (np.log(k / scale) + (k - 1) * np.log(z)) - z**k).sum())

        best = np.exp(minimize(loss, [0.0, 5.0], method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-8}).x[0])
        assert found == pytest.approx(best, abs=1e-3)
        assert found == pytest.approx(shape, rel=0.1)
        assert error == pytest.approx(found / sqrt(4 * broke.sum()))

    def test_the_shape_weighs_cases_as_in_the_data(self) -> None:
        rng = np.random.default_rng(4)

        def broken_after(shape: float) -> dict[str, np.ndarray]:
            times = 100 * rng.weibull(shape, 4000)
            return columns(["settlement"] * 4000, list(np.floor(times).astype(int)), ["type"] * 4000)

        played = {name: broken_after(0.5 if name == "unmediated" else 2.0) for name in CASES}
        alone = hazard_shape(played, {name: float(name == "unmediated") for name in CASES}).value
        assert alone == pytest.approx(0.5, rel=0.1)
        assert alone < hazard_shape(played, dict.fromkeys(CASES, 1.0)).value

    def test_inside_is_inside_the_interval(self) -> None:
        def verdict(model: float, low: float | None = 0.2) -> bool | None:
            return Comparison("", Rate("x", 0.3, low, 0.4, 10, ""), model, 0.01).inside

        assert [verdict(0.2), verdict(0.41), verdict(0.1), verdict(0.3, None)] == [True, False, False, None]


class TestIntervals:
    def test_a_rate_keeps_its_own(self, rates: dict[str, Rate]) -> None:
        own = rates["icb_agreement_mediated_war"]
        assert bounded(own, rates) is own

    def test_others_get_one_from_the_number_of_cases(self, rates: dict[str, Rate]) -> None:
        """Wilson's interval for 6 of 10, by hand; the shape's from 128 breaches: 134 ended, 6 without a date."""
        found = bounded(Rate("x", 0.6, None, None, 10, ""), rates)
        assert (found.low, found.high, found.approximate) == (
            pytest.approx(0.3127, abs=1e-3),
            pytest.approx(0.8318, abs=1e-3),
            True,
        )
        shape = bounded(rates[SHAPE], rates)
        assert shape.low == pytest.approx(0.33 * exp(-1.96 / sqrt(128)), abs=1e-4)
        assert shape.high == pytest.approx(0.33 * exp(1.96 / sqrt(128)), abs=1e-4)

    def test_nothing_is_known_without_cases(self, rates: dict[str, Rate]) -> None:
        assert bounded(Rate("x", 0.6, None, None, None, ""), rates).low is None


class TestFiles:
    def test_the_reference_is_no_war_of_the_article(self) -> None:
        for name in CASES:
            case = load_scenario(ROOT / REFERENCE / f"{name}.yaml", strict=True)
            assert case.evidence is None
            assert set(case.parties) == {"first", "second"}
            first, second = case.parties.values()
            assert first.model_copy(update={"aims": {}, "front": 0}) == second.model_copy(
                update={"aims": {}, "front": 0}
            )

    def test_what_was_chosen_with_a_look_at_the_data_is_counted(self) -> None:
        """The two numbers of the reliability's distribution and of monitoring, and the week of reading."""
        reliabilities = {
            tuple(party.model_dump()["reliability"]["beta"])
            for name in CASES
            for party in load_scenario(ROOT / REFERENCE / f"{name}.yaml").parties.values()
        }
        monitoring = {
            tuple(
                load_scenario(ROOT / REFERENCE / f"{name}.yaml").model_dump()["implementation"]["monitoring"]["range"]
            )
            for name in CASES
        }
        assert len(reliabilities) == len(monitoring) == 1
        assert len(reliabilities.pop()) + len(monitoring.pop()) + len({READ_AT}) == FITTED

    def test_every_rate_has_a_source(self, rates: dict[str, Rate]) -> None:
        assert len(rates) >= 35
        assert [rate.name for rate in rates.values() if not rate.source] == []
        for rate in rates.values():
            if rate.low is not None and rate.high is not None:
                assert rate.low <= rate.value <= rate.high

    @pytest.mark.parametrize("content", ["", "a,b\n1,2\n", "quantity,estimate,ci95_lo,ci95_hi,n,source\nx,many,,,,y\n"])
    def test_what_is_no_table_of_rates(self, tmp_path: Path, content: str, rates: dict[str, Rate]) -> None:
        (tmp_path / "rates.csv").write_text(content)
        with pytest.raises(ScenarioError, match=r"not a table of rates|lacks"):
            compare({}, read_rates(tmp_path / "rates.csv"))
        with pytest.raises(ScenarioError, match="cannot be read"):
            read_rates(tmp_path / "none.csv")


class TestWords:
    """What is said follows from the numbers."""

    @pytest.fixture
    def said(self, rates: dict[str, Rate]) -> Callable[..., str]:
        def sentences(error: float = 0.001, **models: float) -> str:
            names = [name for name in rates if name.startswith(("icb_agreement_highest", "icb_dyad", SHAPE))]
            return " ".join(
                verdicts([Comparison(n, bounded(rates[n], rates), models.get(n, rates[n].value), error) for n in names])
            )

        return sentences

    def test_a_model_that_is_as_the_data(self, said: Callable[..., str]) -> None:
        assert "the model ranks them likewise" in said()
        assert "Outside: nothing." in said()
        assert (
            "in the model facilitation is 25.0 points (95 %: 24.7 to 25.3, beyond simulation error) ahead of" in said()
        )
        assert "falls with time in the data (shape 0.33) and falls in the model (0.33)" in said()

    def test_another_ranking(self, said: Callable[..., str]) -> None:
        other = said(icb_agreement_highest_facilitation=0.9)
        assert "the model ranks them formulation, manipulation and facilitation" in other
        assert "icb_agreement_highest_facilitation (too high)" in other

    def test_a_lead_the_other_way(self, said: Callable[..., str]) -> None:
        assert "facilitation is 5.0 points (95 %: −5.3 to −4.7, beyond simulation error) behind manipulation" in said(
            icb_dyad_no_crisis5_manipulation=0.9
        )

    def test_a_lead_within_luck(self, said: Callable[..., str]) -> None:
        close = said(0.006, icb_dyad_no_crisis5_facilitation=0.603)
        assert "facilitation is 0.3 points (95 %: −1.4 to 2.0, within simulation error) ahead of manipulation" in close

    def test_a_hazard_that_rises(self, said: Callable[..., str]) -> None:
        assert "and does not fall in the model (1.20)" in said(ucdp_pa_weibull_shape=1.2)


@pytest.fixture(scope="module")
def played() -> dict[str, dict[str, np.ndarray]]:
    return {name: play_watched(case, 400) for name, case in read_reference_scenarios(ROOT / REFERENCE).items()}


@pytest.fixture(scope="module")
def cells() -> list[Cell]:
    return read_cells(ROOT / CELLS)


class TestTrackRecord:
    def test_the_cells_are_all_crises(self, cells: list[Cell]) -> None:
        wars = [cell for cell in cells if cell.violence == "war"]
        assert sum(cell.crises for cell in cells) == 477
        assert sum(cell.crises for cell in wars) == 101
        assert sum(cell.followed for cell in wars if cell.mediated) == 44
        assert all(0 <= cell.agreements <= cell.crises >= cell.followed >= cell.quiet >= 0 for cell in cells)

    def test_scores_are_those_of_each_crisis(self) -> None:
        one = Cell("war", "none", "no", "1918-1974", 4, 1, 0, 0)
        other = Cell("war", "formulation", "no", "1918-1974", 2, 2, 0, 0)
        found = score("x", lambda cell: 0.9 if cell.mediated else 0.25, [one, other], AGREEMENT)
        costs = [0.75**2, *[0.25**2] * 3, *[0.1**2] * 2]
        logs = [-np.log(0.25), *[-np.log(0.75)] * 3, *[-np.log(0.9)] * 2]
        assert found.trials == 6
        assert found.brier == pytest.approx(np.mean(costs))
        assert found.brier_error == pytest.approx(np.std(costs) / sqrt(6))
        assert found.log_score == pytest.approx(np.mean(logs))
        assert {p: share.p for p, share in found.calibration.items()} == {0.25: 0.25, 0.9: 1.0}

    def test_baselines_on_the_later_period(self, cells: list[Cell], played) -> None:
        """As counted outside this project: .2385 for the base rate of the earlier period, .2053 with mediation."""
        briers = {each.forecast: each.brier for each in track_record(played, cells)[2].scores}
        assert briers["base rate"] == pytest.approx(0.2385, abs=5e-5)
        assert briers["mediated or not"] == pytest.approx(0.2053, abs=5e-5)

    def test_the_regression_solves_its_equations(self, cells: list[Cell]) -> None:
        """With a constant and words for each kind of mediation its forecasts sum to the agreements of each kind."""
        forecast = regression(cells, AGREEMENT)
        for mediation in ("none", "formulation", "manipulation"):
            kind = [cell for cell in cells if cell.mediation == mediation]
            expected = sum(cell.crises * forecast(cell) for cell in kind)
            assert expected == pytest.approx(sum(cell.agreements for cell in kind), abs=0.05)

    def test_shuffled_outcomes_give_no_skill(self, cells: list[Cell], played) -> None:
        wars = [cell for cell in cells if cell.violence == "war"]
        forecast, rng = agreement_forecast(played, wars), np.random.default_rng(7)
        ends = np.repeat([1, 0], [sum(c.agreements for c in wars), sum(c.crises - c.agreements for c in wars)])
        places = np.cumsum([0, *(cell.crises for cell in wars)])
        skills = []
        for _ in range(200):
            rng.shuffle(ends)
            shuffled = [
                Cell(c.violence, c.mediation, c.protracted, c.period, c.crises, int(ends[a:b].sum()), 0, 0)
                for c, a, b in zip(wars, places[:-1], places[1:], strict=True)
            ]
            base = score("", base_rate(shuffled, AGREEMENT), shuffled, AGREEMENT)
            skills.append(skill(score("", forecast, shuffled, AGREEMENT), base))
        assert np.mean(skills) < 0
        assert skill(
            score("", mediated_or_not(wars, AGREEMENT), wars, AGREEMENT),
            score("", base_rate(wars, AGREEMENT), wars, AGREEMENT),
        ) > np.quantile(skills, 0.99)

    @pytest.mark.parametrize("content", ["", "a,b\n1,2\n"])
    def test_what_is_no_table_of_crises(self, tmp_path: Path, content: str) -> None:
        (tmp_path / "cells.csv").write_text(content or "violence\nx\n")
        with pytest.raises(ScenarioError, match="not a table of crises"):
            read_cells(tmp_path / "cells.csv")
        with pytest.raises(ScenarioError, match="cannot be read"):
            read_cells(tmp_path / "none.csv")


def test_every_row_has_a_verdict_and_its_caveat(rates: dict[str, Rate], played, cells: list[Cell]) -> None:
    found = compare(played, rates)
    assert [each.question for each in found if each.inside is None or not each.unlike] == []
    page = rates_page(found, track_record(played, cells), 400)
    assert page.count("≈ 0.") == 10
    assert all(page.count(each.question) >= 2 for each in found)


def test_the_page_is_current(monkeypatch: pytest.MonkeyPatch, cells: list[Cell]) -> None:
    monkeypatch.chdir(ROOT)
    runs = {name: play_watched(case, RUNS) for name, case in read_reference_scenarios(REFERENCE).items()}
    page = rates_page(compare(runs, read_rates(RATES)), track_record(runs, cells), RUNS)
    assert page == (ROOT / "docs" / "explanation" / "data.md").read_text(encoding="utf-8")
