"""Known answers hold, at the values of the table and at others; and they can fail."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from sim.negotiation import rules
from sim.verification import ROWS, Check, aftermath, bargaining, commitment, placebos, timing, trust
from sim.verification.check import chance, exact, frequency
from sim.verification.settings import pie, settles, threshold

ROOT = Path(__file__).parents[2]

few = settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


def failures(checks: Iterable[Check] | Check) -> list[Check]:
    return [check for check in ([checks] if isinstance(checks, Check) else list(checks)) if not check.holds]


class TestTable:
    @pytest.mark.parametrize("row", ROWS, ids=lambda row: row.number)
    def test_every_check_holds(self, row) -> None:
        checks = list(row.checks())
        assert checks
        assert failures(checks) == []

    def test_every_binding_row_is_there(self) -> None:
        binding = ["V1", "V2", "V5", "V5c", "V5d", "V8", "V9", "V10", "V12", "V13", "V14", "V16", "V18", "V19"]
        assert [number for number in binding if not any(row.number.split()[0] == number for row in ROWS)] == []
        assert len({row.number for row in ROWS}) == len(ROWS)

    def test_every_row_has_a_source_and_a_formula(self) -> None:
        assert [row.number for row in ROWS if not (row.source and row.formula and row.reduction)] == []

    def test_formulas_are_written_apart_from_the_models_own(self) -> None:
        """Neither the rules nor the theory module of the model is known here, so no formula can be theirs."""
        imported = set()
        for path in (ROOT / "sim" / "verification").glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ImportFrom):
                    imported |= {f"{node.module}.{name.name}" for name in node.names}
        negotiation = {name for name in imported if name.startswith("sim.negotiation")}
        known = ("assumptions.drawn", "model.Negotiation", "streams.BLOCK")
        assert negotiation == {f"sim.negotiation.{name}" for name in known}


class TestElsewhere:
    """The same formulas at values that nobody chose."""

    @few
    @given(st.floats(0.05, 0.45), st.floats(0.05, 0.45), st.floats(-0.8, 0.8), st.floats(-0.8, 0.8))
    def test_linear_nash(self, r_a: float, r_b: float, b_a: float, b_b: float) -> None:
        assert failures(bargaining.linear(r_a, r_b, b_a, b_b)) == []

    @few
    @given(st.floats(0.05, 0.7), st.floats(0.05, 0.7))
    def test_quadratic_nash(self, r_a: float, r_b: float) -> None:
        assert failures(bargaining.quadratic(r_a, r_b)) == []

    @few
    @given(st.floats(0.55, 0.95))
    def test_log_rolling(self, weight: float) -> None:
        assert failures(bargaining.log_rolling(weight)) == []

    @few
    @given(st.sampled_from(["linear", "quadratic"]), st.floats(0.1, 0.45), st.floats(0.05, 0.5), st.floats(0.0, 0.8))
    def test_critical_distrust(self, loss: str, r: float, betrayal: float, guarantee: float) -> None:
        assert failures(commitment.symmetric(loss, r, betrayal, guarantee)) == []

    @few
    @given(st.floats(0.1, 0.4), st.floats(0.1, 0.4), st.floats(0.05, 0.4))
    def test_one_sided_fear(self, r_a: float, r_b: float, betrayal: float) -> None:
        assert failures(commitment.one_sided(r_a, r_b, betrayal)) == []

    @few
    @given(st.floats(0.1, 0.4), st.floats(0.1, 0.4), st.floats(0.05, 0.3), st.floats(0.05, 0.3))
    def test_asymmetric_fears(self, r_a: float, r_b: float, loss_a: float, loss_b: float) -> None:
        assert failures(commitment.asymmetric("linear", r_a, r_b, loss_a, loss_b)) == []

    @few
    @given(st.floats(0.2, 0.45), st.floats(0.05, 0.4), st.floats(0.05, 0.8))
    def test_authorship(self, r: float, betrayal: float, devaluation: float) -> None:
        assert failures(commitment.authorship(r, betrayal, devaluation)) == []

    @few
    @given(st.floats(0.1, 0.6), st.floats(0.1, 0.3), st.floats(0.05, 0.5))
    def test_distrusted_mediator(self, devaluation: float, d_am: float, d_bm: float) -> None:
        assert failures(commitment.distrusted_mediator(0.25, 0.25, devaluation, d_am, d_bm)) == []

    @few
    @given(st.floats(0.1, 0.44), st.floats(0.1, 0.44), st.floats(0.2, 4.0))
    def test_tactics(self, r_a: float, r_b: float, beta: float) -> None:
        assert failures(timing.tactics(r_a, r_b, beta)) == []

    @few
    @given(st.floats(0.1, 1.0), st.floats(0.05, 0.9), st.floats(0.01, 0.9), st.integers(1, 40))
    def test_reassurance(self, distrust: float, gain: float, rapport: float, rounds: int) -> None:
        assert failures(trust.reassurance(distrust, gain, rapport, rounds)) == []

    @few
    @given(st.floats(0.02, 0.3), st.floats(0.05, 0.15), st.floats(0.01, 0.3))
    def test_fading_leverage(self, shortfall: float, leverage: float, decay: float) -> None:
        for borne in (shortfall, shortfall / 2):  # a tie is decided by rounding
            spans = math.log(leverage / borne) / decay
            assume(abs(leverage - borne) > 1e-6 and abs(spans - round(spans)) > 1e-6)
        assume(math.log(2 * leverage / shortfall) / decay < 99)
        assert failures(aftermath.fading(shortfall, leverage, decay)) == []

    @pytest.mark.parametrize(("r", "cost"), [(0.55, 0.002), (0.7, 0.01), (0.62, 0.005)])
    def test_ripeness(self, r: float, cost: float) -> None:
        assert failures(timing.ripeness("linear", r, cost)) == []

    @pytest.mark.parametrize(("sharpness", "zone"), [(3.0, -0.3), (10.0, 0.02)])
    def test_error(self, sharpness: float, zone: float) -> None:
        assert failures([*timing.logit(sharpness, zone), timing.waiting(sharpness, zone)]) == []

    @pytest.mark.parametrize(("start", "drift", "volatility"), [(0.2, 0.0, 0.04), (0.6, -0.003, 0.06)])
    def test_ruin(self, start: float, drift: float, volatility: float) -> None:
        assert failures(aftermath.ruin(start, drift, volatility)) == []

    @pytest.mark.parametrize(("h_a", "h_b"), [(0.005, 0.001), (0.05, 0.03)])
    def test_durability(self, h_a: float, h_b: float) -> None:
        assert failures([*aftermath.constant(h_a, h_b, (1, 10, 40)), *aftermath.frailty(1.5, 60.0, (5, 50))]) == []

    @pytest.mark.parametrize(("sharpness", "weight", "distrust"), [(5.0, 0.1, 0.6), (30.0, 0.02, 0.7)])
    def test_devaluation(self, sharpness: float, weight: float, distrust: float) -> None:
        assert failures(trust.devaluation(sharpness, weight, distrust)) == []

    @pytest.mark.parametrize("parties", [2, 3])
    def test_veto_players(self, parties: int) -> None:
        assert failures(commitment.veto_players(parties, 0.2, 0.4)) == []


class TestTheyCanFail:
    """A rule that is broken a little is noticed."""

    def test_a_generous_floor(self, monkeypatch: pytest.MonkeyPatch) -> None:
        genuine = rules.value
        monkeypatch.setattr(rules, "value", lambda worth, betrayed, risk: genuine(worth, betrayed + 0.01 * risk, risk))
        assert failures(commitment.symmetric("linear", 0.3, 0.3))

    def test_a_mediator_that_adds_something_of_its_own(self, monkeypatch: pytest.MonkeyPatch) -> None:
        genuine = rules.mediated_least
        monkeypatch.setattr(rules, "mediated_least", lambda *given: genuine(*given) - 0.01)
        monkeypatch.setattr(rules, "perceived", lambda worth, *_: worth + 0.01)
        assert failures(commitment.authorship(0.3, 0.3, 0.5))

    def test_a_trust_that_grows_too_fast(self, monkeypatch: pytest.MonkeyPatch) -> None:
        genuine = rules.after_cooperation
        monkeypatch.setattr(rules, "after_cooperation", lambda d, gain, size: genuine(d, gain * 1.01, size))
        assert failures(trust.reassurance(0.9, 0.5, 0.1, 20))

    def test_careless_acceptance(self, monkeypatch: pytest.MonkeyPatch) -> None:
        genuine = rules.acceptance
        monkeypatch.setattr(rules, "acceptance", lambda seen, asked, risk, k: genuine(seen, asked, risk, 1.5 * k))
        assert failures(timing.logit(5.0, -0.2))
        assert failures(trust.devaluation(10.0, 0.02, 0.8))

    def test_leverage_that_fades_faster(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from sim.negotiation import implementation

        genuine = rules.temptation

        def hasty(margin, front, moved, support, decay, period):
            return genuine(margin, front, moved, support, 1.2 * decay, period)

        monkeypatch.setattr(implementation, "temptation", hasty)
        assert failures(aftermath.fading(0.1, 0.08, 0.05))

    def test_placebos_notice_another_luck(self) -> None:
        case = placebos.busy()
        assert not placebos.nothing_changes("", case, case.model_copy(update={"seed": 1})).holds
        assert not placebos.nothing_changes("", case, placebos.busy({"parties.*.devaluation": 0.05})).holds


class TestTolerances:
    def test_luck_is_four_standard_errors(self) -> None:
        assert frequency("", "", 0.5, 0.5 + 3.9 * 0.005, 10_000).holds
        assert not frequency("", "", 0.5, 0.5 + 4.1 * 0.005, 10_000).holds
        assert frequency("", "", 0.0, 0.0, 100).holds
        assert not frequency("", "", 0.0, 0.01, 100).holds
        assert chance("", "", 1.0, 1.3, 0.1).holds
        assert not chance("", "", 1.0, 1.5, 0.1).holds

    def test_exact_means_exact(self) -> None:
        assert exact("", "", 1, 1, 0.0, "").holds
        assert not exact("", "", 1, 1 + 1e-9, 0.0, "").holds


class TestThreshold:
    def test_it_is_found_by_halving_the_gap(self) -> None:
        case = pie({"parties.*.reservation": 0.3, "parties.*.betrayal_loss": 0.3})
        found = threshold(case, "distrust")
        assert settles(case, "distrust", np.array([found - 1e-7, found + 1e-7])).tolist() == [True, False]

    def test_always_and_never(self) -> None:
        assert threshold(pie(), "distrust") == pytest.approx(1.0, abs=1e-7)
        assert threshold(pie({"parties.*.precondition": 2.0}), "distrust") == 0.0
