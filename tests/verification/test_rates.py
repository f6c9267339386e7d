"""The model beside conflict data: the arithmetic of the comparison, and that its page is current."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import minimize

from sim.output.rates import rates_page, verdicts
from sim.scenario.errors import ScenarioError
from sim.scenario.loading import load_scenario
from sim.verification.rates import (
    CASES,
    RATES,
    REFERENCE,
    Comparison,
    Rate,
    agreement,
    compare,
    hazard_shape,
    holding,
    read_rates,
)

ROOT = Path(__file__).parents[2]


def columns(outcome: list[str], held: list[int], cause: list[str]) -> dict[str, np.ndarray]:
    return {"outcome": np.array(outcome, dtype=object), "held": np.array(held), "cause": np.array(cause, dtype=object)}


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
        assert agreement("one", "other")(played, weights) == pytest.approx((3 * 0.5 + 1) / 4)
        assert agreement("one")(played, weights) == 0.5
        assert holding(1, "one", "other")(played, weights) == pytest.approx((3 * 0.5 * 1 + 1 * 0.75) / 2.5)
        assert holding(10, "other")(played, weights) == 0.25

    @pytest.mark.parametrize("shape", [0.4, 1.0, 1.7])
    def test_the_shape_of_the_hazard_is_that_of_maximum_likelihood(self, shape: float) -> None:
        rng = np.random.default_rng(3)
        times = 200 * rng.weibull(shape, 2000)
        held = np.minimum(np.floor(times), 520).astype(int)
        broke = times < 520
        table = columns(["settlement"] * 2000, list(held), ["type" if b else "" for b in broke])
        found = hazard_shape(dict.fromkeys(CASES, table), {})
        t = held + np.where(broke, 0.5, 0.0)

        def loss(parameters: np.ndarray) -> float:
            k, scale = np.exp(parameters)
            z = t / scale
            return float(-(broke * (np.log(k / scale) + (k - 1) * np.log(z)) - z**k).sum())

        best = np.exp(minimize(loss, [0.0, 5.0], method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-8}).x[0])
        assert found == pytest.approx(best, abs=1e-3)
        assert found == pytest.approx(shape, rel=0.1)

    def test_inside_is_inside_the_interval(self) -> None:
        def verdict(model: float, low: float | None = 0.2) -> bool | None:
            return Comparison("", Rate("x", 0.3, low, 0.4, 10, ""), model).inside

        assert [verdict(0.2), verdict(0.41), verdict(0.1), verdict(0.3, None)] == [True, False, False, None]


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


def test_words_follow_the_numbers(rates: dict[str, Rate]) -> None:
    def found(**models: float) -> list[Comparison]:
        names = [name for name in rates if name.startswith(("icb_agreement_highest", "icb_dyad", "ucdp_pa_weibull"))]
        return [Comparison(name, rates[name], models.get(name, rates[name].value)) for name in names]

    as_data = " ".join(verdicts(found()))
    assert "the model does so too" in as_data
    assert "which is a reversal" in as_data
    other = " ".join(verdicts(found(icb_agreement_highest_facilitation=0.9, icb_dyad_no_crisis5_manipulation=0.9)))
    assert "the model does not" in other
    assert "is hardly a reversal" in other
    assert "(too high)" in other


def test_the_page_is_current(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    found = compare({name: load_scenario(REFERENCE / f"{name}.yaml") for name in CASES}, read_rates(RATES))
    assert rates_page(found) == (ROOT / "docs" / "explanation" / "data.md").read_text(encoding="utf-8")
