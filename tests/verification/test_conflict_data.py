"""The model beside conflict data: the arithmetic of the comparison, and that its page is current."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, sqrt
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import minimize

from sim.output.tables.conflict_data.rates_table import rates_page, verdicts
from sim.scenario.errors import ScenarioError
from sim.scenario.loading.scenario_loader import load_scenario
from sim.verification.conflict_data.rate_comparison import (
    FITTED,
    RATES,
    REFERENCE,
    SHAPE,
    Comparison,
    Rate,
    bounded,
    compare,
    context,
    read_rates,
)
from sim.verification.conflict_data.reference_estimates import (
    CASES,
    READ_AT,
    agreement,
    hazard_shape,
    holding,
    reached,
)
from sim.verification.conflict_data.scorecard import Scorecard, score_model

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
        """Reliability's two numbers, monitoring's two ends, the lower end of the pace, and the week of reading."""
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
        fastest = {
            party.model_dump()["pace"]["range"][0]
            for name in CASES
            for party in load_scenario(ROOT / REFERENCE / f"{name}.yaml").parties.values()
        }
        assert len(reliabilities) == len(monitoring) == len(fastest) == 1
        assert len(reliabilities.pop()) + len(monitoring.pop()) + len(fastest) + len({READ_AT}) == FITTED

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
def card() -> Scorecard:
    return score_model(ROOT, 400)


def test_every_row_has_a_verdict_and_its_caveat(card: Scorecard) -> None:
    assert [each.question for each in card.comparisons if each.inside is None or not each.unlike] == []
    page = rates_page(card)
    assert page.count("≈ 0.") == 10
    assert all(page.count(each.question) >= 2 for each in card.comparisons)


def test_a_single_state_is_shown_and_not_scored(card: Scorecard) -> None:
    assert "a single state 0.52 [0.39–0.65] of 50 had no new crisis" in rates_page(card)
    scored = {each.rate.name for each in card.comparisons}
    assert [rate.name for rate in card.context if rate.name in scored] == []


def test_context_that_is_missing_is_missed(rates: dict[str, Rate]) -> None:
    without = {name: rate for name, rate in rates.items() if "single_state" not in name}
    with pytest.raises(ScenarioError, match="lacks icb_no_recurrence5_single_state_mediator"):
        context(without)


def test_the_page_is_current() -> None:
    page = rates_page(score_model(ROOT))
    assert page == (ROOT / "docs" / "explanation" / "data.md").read_text(encoding="utf-8")
