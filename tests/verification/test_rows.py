"""Known answers hold, at the values of the table and at others; and they can fail."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from sim.negotiation import model
from sim.negotiation.agents import Party
from sim.negotiation.equations import rules
from sim.negotiation.mediator import Mediator
from sim.verification import (
    ROWS,
    Check,
    ablations,
    commitment_problem,
    cooperative_bargaining,
    distrust_dynamics,
    invariance,
    settlement_timing,
    war_and_implementation,
)
from sim.verification.full_scenario import differing, full, nothing_changes, something_changes
from sim.verification.known_answer import chance, exact, frequency
from sim.verification.reduced_scenarios import pie, play, settles, threshold
from tests.examples import examples

ROOT = Path(__file__).parents[2]

few = settings(max_examples=examples(4), deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


def failures(checks: Iterable[Check] | Check) -> list[Check]:
    return [check for check in ([checks] if isinstance(checks, Check) else list(checks)) if not check.holds]


class TestTable:
    @pytest.mark.parametrize("row", ROWS, ids=lambda row: row.number)
    def test_every_check_holds(self, row) -> None:
        checks = list(row.checks())
        assert checks
        assert failures(checks) == []

    def test_every_binding_row_is_there(self) -> None:
        binding = ["V1", "V2", "V5", "V5c", "V5d", "V8", "V9", "V10", "V12", "V13", "V14", "V16", "V18 (parties)"]
        parts = [f"V19 ({part})" for part in ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii")]
        expected = [*binding, "V18 (durability)", *parts, "V20", "V21", "Ablations"]
        assert {row.number for row in ROWS} == set(expected)
        assert len(ROWS) == len(expected)

    def test_every_ablation_is_there(self) -> None:
        assert list(ablations.ABLATIONS) == [
            *("ρ", "γ", "b", "η_L", "L", "ε", "χ", "σ_M", "τ", "overtaken", "front", "violations", "q")
        ]

    def test_every_row_has_a_source_and_a_formula(self) -> None:
        assert [row.number for row in ROWS if not (row.source and row.formula and row.reduction)] == []

    def test_formulas_are_written_apart_from_the_models_own(self) -> None:
        """Neither the rules nor the theory module of the model is known here, so no formula can be theirs."""
        imported = set()
        for path in (ROOT / "sim" / "verification").rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ImportFrom):
                    imported |= {f"{node.module}.{name.name}" for name in node.names}
        negotiation = {name for name in imported if name.startswith("sim.negotiation")}
        known = ("randomness.assumption_draws.draw_assumptions", "model.Negotiation", "randomness.random_streams.BLOCK")
        assert negotiation == {f"sim.negotiation.{name}" for name in known}


class TestElsewhere:
    """The same formulas at values that nobody chose."""

    @few
    @given(st.floats(0.05, 0.45), st.floats(0.05, 0.45), st.floats(-0.8, 0.8), st.floats(-0.8, 0.8))
    def test_linear_nash(self, r_a: float, r_b: float, b_a: float, b_b: float) -> None:
        assert failures(cooperative_bargaining.linear(r_a, r_b, b_a, b_b)) == []

    @few
    @given(st.floats(0.05, 0.4), st.floats(0.05, 0.4), st.floats(-0.8, 0.8), st.floats(-0.8, 0.8))
    def test_comparative_statics(self, r_a: float, r_b: float, b_a: float, b_b: float) -> None:
        assert failures(cooperative_bargaining.statics(r_a, r_b, b_a, b_b)) == []

    @few
    @given(*[st.floats(0.2, 0.4)] * 3, *[st.floats(-0.3, 0.3)] * 3)
    def test_a_pie_for_each_two(self, r_1, r_2, r_3, b_1, b_2, b_3) -> None:
        assert failures(cooperative_bargaining.shared_out((r_1, r_2, r_3), (b_1, b_2, b_3))) == []

    @few
    @given(*[st.tuples(*[st.floats(0.1, 1.0)] * 3)] * 2)
    def test_contract_curve(self, first: tuple[float, ...], second: tuple[float, ...]) -> None:
        one, other = (tuple(weight / sum(weights) for weight in weights) for weights in (first, second))
        assert failures(cooperative_bargaining.contract_curve(one, other)) == []

    @few
    @given(st.floats(0.05, 0.7), st.floats(0.05, 0.7))
    def test_quadratic_nash(self, r_a: float, r_b: float) -> None:
        assert failures(cooperative_bargaining.quadratic(r_a, r_b)) == []

    @few
    @given(st.floats(0.55, 0.95))
    def test_log_rolling(self, weight: float) -> None:
        assert failures(cooperative_bargaining.log_rolling(weight)) == []

    @few
    @given(st.sampled_from(["linear", "quadratic"]), st.floats(0.1, 0.45), st.floats(0.05, 0.5), st.floats(0.0, 0.8))
    def test_critical_distrust(self, loss: str, r: float, betrayal: float, guarantee: float) -> None:
        assert failures(commitment_problem.symmetric(loss, r, betrayal, guarantee)) == []

    @few
    @given(st.floats(0.1, 0.4), st.floats(0.1, 0.4), st.floats(0.05, 0.4))
    def test_one_sided_fear(self, r_a: float, r_b: float, betrayal: float) -> None:
        assert failures(commitment_problem.one_sided(r_a, r_b, betrayal)) == []

    @few
    @given(st.floats(0.1, 0.4), st.floats(0.1, 0.4), st.floats(0.05, 0.3), st.floats(0.05, 0.3))
    def test_asymmetric_fears(self, r_a: float, r_b: float, loss_a: float, loss_b: float) -> None:
        assert failures(commitment_problem.asymmetric("linear", r_a, r_b, loss_a, loss_b)) == []

    @few
    @given(st.floats(0.2, 0.45), st.floats(0.05, 0.4), st.floats(0.05, 0.8))
    def test_authorship(self, r: float, betrayal: float, devaluation: float) -> None:
        assert failures(commitment_problem.authorship(r, betrayal, devaluation)) == []

    @few
    @given(st.floats(0.1, 0.6), st.floats(0.1, 0.3), st.floats(0.05, 0.5))
    def test_distrusted_mediator(self, devaluation: float, d_am: float, d_bm: float) -> None:
        assert failures(commitment_problem.distrusted_mediator(0.25, 0.25, devaluation, d_am, d_bm)) == []

    @few
    @given(st.floats(0.1, 0.44), st.floats(0.1, 0.44), st.floats(0.2, 4.0))
    def test_tactics(self, r_a: float, r_b: float, beta: float) -> None:
        assert failures(settlement_timing.tactics(r_a, r_b, beta)) == []

    @few
    @given(st.floats(0.1, 1.0), st.floats(0.05, 0.9), st.floats(0.01, 0.9), st.integers(1, 40))
    def test_reassurance(self, distrust: float, gain: float, rapport: float, rounds: int) -> None:
        assert failures(distrust_dynamics.reassurance(distrust, gain, rapport, rounds)) == []

    @few
    @given(st.floats(0.02, 0.3), st.floats(0.05, 0.15), st.floats(0.01, 0.3))
    def test_fading_leverage(self, shortfall: float, leverage: float, decay: float) -> None:
        for borne in (shortfall, shortfall / 2):  # a tie is decided by rounding
            spans = math.log(leverage / borne) / decay
            assume(abs(leverage - borne) > 1e-6 and abs(spans - round(spans)) > 1e-6)
        assume(math.log(2 * leverage / shortfall) / decay < 99)
        assert failures(war_and_implementation.fading(shortfall, leverage, decay)) == []

    @pytest.mark.parametrize(("r", "cost"), [(0.55, 0.002), (0.7, 0.01), (0.62, 0.005)])
    def test_ripeness(self, r: float, cost: float) -> None:
        assert failures(settlement_timing.ripeness("linear", r, cost)) == []

    @pytest.mark.parametrize(("sharpness", "zone"), [(3.0, -0.3), (10.0, 0.02)])
    def test_error(self, sharpness: float, zone: float) -> None:
        assert failures([*settlement_timing.logit(sharpness, zone), settlement_timing.waiting(sharpness, zone)]) == []

    @pytest.mark.parametrize(
        ("sharpness", "zone", "impatience", "rounds"), [(3.0, -0.6, 3.0, 5), (8.0, -0.25, 10.0, 30), (6.0, 0.1, 4.0, 8)]
    )
    def test_walkout(self, sharpness: float, zone: float, impatience: float, rounds: int) -> None:
        assert failures(settlement_timing.walkout(sharpness, zone, impatience, rounds)) == []

    @pytest.mark.parametrize("scale", [0.9, 0.3])
    def test_scales(self, scale: float) -> None:
        assert failures(invariance.affine(scale, {"mediator.style": "facilitation"}, "")) == []

    @few
    @given(st.floats(0.0, 0.9), st.floats(0.1, 0.4))
    def test_bias(self, leaning: float, r: float) -> None:
        assert failures(ablations.bias(leaning, r)) == []

    @pytest.mark.parametrize(("at", "elsewhere"), [(0.03, 0.5), (0.1, 0.9)])
    def test_sizes_of_effects(self, at: float, elsewhere: float) -> None:
        found = [
            ablations.devaluation(at, 5.0, elsewhere),
            ablations.guarantee(elsewhere),
            ablations.convening(elsewhere),
        ]
        found += [*ablations.decay(at), *war_and_implementation.bought(0.3, at, 0.2)]
        assert failures(found) == []

    @pytest.mark.parametrize(("start", "drift", "volatility"), [(0.2, 0.0, 0.04), (0.6, -0.003, 0.06)])
    def test_ruin(self, start: float, drift: float, volatility: float) -> None:
        assert failures(war_and_implementation.ruin(start, drift, volatility)) == []

    @pytest.mark.parametrize(("h_a", "h_b"), [(0.005, 0.001), (0.05, 0.03)])
    def test_durability(self, h_a: float, h_b: float) -> None:
        assert (
            failures(
                [
                    *war_and_implementation.constant(h_a, h_b, (1, 10, 40)),
                    *war_and_implementation.frailty(1.5, 60.0, (5, 50)),
                ]
            )
            == []
        )

    @pytest.mark.parametrize(("sharpness", "weight", "distrust"), [(5.0, 0.1, 0.6), (30.0, 0.02, 0.7)])
    def test_devaluation(self, sharpness: float, weight: float, distrust: float) -> None:
        assert failures(distrust_dynamics.devaluation(sharpness, weight, distrust)) == []

    @pytest.mark.parametrize("parties", [2, 3])
    def test_veto_players(self, parties: int) -> None:
        assert failures(commitment_problem.veto_players(parties, 0.2, 0.4)) == []


class TestTheyCanFail:
    """A rule that is broken a little is noticed."""

    def test_a_generous_floor(self, monkeypatch: pytest.MonkeyPatch) -> None:
        genuine = rules.value
        monkeypatch.setattr(rules, "value", lambda worth, betrayed, risk: genuine(worth, betrayed + 0.01 * risk, risk))
        assert failures(commitment_problem.symmetric("linear", 0.3, 0.3))

    def test_a_mediator_that_adds_something_of_its_own(self, monkeypatch: pytest.MonkeyPatch) -> None:
        genuine = rules.mediated_least
        monkeypatch.setattr(rules, "mediated_least", lambda *given: genuine(*given) - 0.01)
        monkeypatch.setattr(rules, "perceived", lambda worth, *_: worth + 0.01)
        assert failures(commitment_problem.authorship(0.3, 0.3, 0.5))

    def test_a_trust_that_grows_too_fast(self, monkeypatch: pytest.MonkeyPatch) -> None:
        genuine = rules.after_cooperation
        monkeypatch.setattr(rules, "after_cooperation", lambda d, gain, size: genuine(d, gain * 1.01, size))
        assert failures(distrust_dynamics.reassurance(0.9, 0.5, 0.1, 20))

    def test_careless_acceptance(self, monkeypatch: pytest.MonkeyPatch) -> None:
        genuine = rules.acceptance
        monkeypatch.setattr(rules, "acceptance", lambda seen, asked, risk, k: genuine(seen, asked, risk, 1.5 * k))
        assert failures(settlement_timing.logit(5.0, -0.2))
        assert failures(distrust_dynamics.devaluation(10.0, 0.02, 0.8))

    def test_leverage_that_fades_faster(self, monkeypatch: pytest.MonkeyPatch) -> None:
        genuine = rules.support_left
        monkeypatch.setattr(rules, "support_left", lambda support, decay, n: genuine(support, 1.2 * decay, n))
        assert failures(war_and_implementation.fading(0.1, 0.08, 0.05))

    def test_placebos_notice_another_luck(self) -> None:
        case = full()
        other = case.model_copy(update={"seed": 1})
        assert not nothing_changes("", case, other).holds
        assert something_changes("", case, other).holds
        assert not something_changes("", case, full()).holds
        assert not nothing_changes("", case, full({"parties.*.devaluation": 0.05})).holds

    def test_beliefs_count(self) -> None:
        one, other = play(full(), 8), play(full(), 8)
        other["distrust.a.b"][3] += 1e-12
        assert differing(one, other) == 1
        assert differing(one, other, ("distrust.[ab].*",)) == 0

    def test_a_name_that_has_an_advantage(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def by_name(negotiation, *given, **options):
            genuine(negotiation, *given, **options)
            for place, party in enumerate(negotiation.parties.values()):
                party.place = np.full_like(party.place, place)
            negotiation.first_floor = negotiation.first_floor * 0.3

        genuine = model.Negotiation.__init__
        monkeypatch.setattr(model.Negotiation, "__init__", by_name)
        assert failures(invariance.endings())

    def test_a_rule_that_has_a_scale(self, monkeypatch: pytest.MonkeyPatch) -> None:
        genuine = rules.walkout_hazard
        monkeypatch.setattr(rules, "walkout_hazard", lambda nu, t, short: genuine(nu, t, short) + 0.01 * (short > 0.1))
        assert failures(invariance.affine(0.5, {"mediator.style": "facilitation"}, ""))


def adopting(genuine: Callable[..., None], **stuck: object) -> Callable[..., None]:
    """Taking over the parameters of a scenario, but for some that are stuck."""

    def adopt(actor, values) -> None:
        genuine(actor, values)
        for name, value in stuck.items():
            setattr(actor, name, value)

    return adopt


def drawing(**stuck: float) -> Callable[..., dict[str, object]]:
    """Drawing the assumptions of a scenario, but for some that are stuck."""
    genuine = model.draw_assumptions

    def draw(case, numbers) -> dict[str, object]:
        return {**genuine(case, numbers), **{path.replace("__", "."): value for path, value in stuck.items()}}

    return draw


def fading(decay: float) -> Callable[..., object]:
    """Leverage that fades at a rate of its own."""
    genuine = rules.support_left
    return lambda support, _, period: genuine(support, decay, period)


IGNORED = {
    "ρ": (Party, "adopt", adopting(Party.adopt, devaluation=0.0)),
    "γ": (rules, "discounted_distrust", lambda distrust, _: distrust),
    "b": (Mediator, "adopt", adopting(Mediator.adopt, bias={"a": 0.0, "b": 0.0})),
    "η_L": (rules, "support_left", fading(0.0)),
    "L": (Mediator, "adopt", adopting(Mediator.adopt, leverage={"a": 0.0, "b": 0.0})),
    "ε": (Mediator, "adopt", adopting(Mediator.adopt, convening=0.0)),
    "χ": (Mediator, "adopt", adopting(Mediator.adopt, caucus=0.0)),
    "σ_M": (Mediator, "adopt", adopting(Mediator.adopt, misjudgement=0.0)),
    "τ": (Party, "adopt", adopting(Party.adopt, pace=30.0)),
    "overtaken": (model, "draw_assumptions", drawing(overtaken=0.0)),
    "front": (model, "draw_assumptions", drawing(implementation__front=0.0)),
    "violations": (model, "draw_assumptions", drawing(implementation__violations=0.0)),
    "q": (model, "draw_assumptions", drawing(implementation__monitoring=0.0)),
}
"""What to put in whose place so that the model ignores a parameter."""

ALWAYS = {
    "ρ": (Party, "adopt", adopting(Party.adopt, devaluation=0.03)),
    "γ": (rules, "discounted_distrust", lambda distrust, _: 0.8 * distrust),
    "b": (Mediator, "adopt", adopting(Mediator.adopt, bias={"a": 0.3, "b": 0.0})),
    "η_L": (rules, "support_left", fading(0.3)),
    "L": (Mediator, "adopt", adopting(Mediator.adopt, leverage={"a": 0.05, "b": 0.05})),
    "ε": (Mediator, "adopt", adopting(Mediator.adopt, convening=0.3)),
    "χ": (Mediator, "adopt", adopting(Mediator.adopt, caucus=0.3)),
    "σ_M": (Mediator, "adopt", adopting(Mediator.adopt, misjudgement=0.3)),
    "overtaken": (model, "draw_assumptions", drawing(overtaken=0.1)),
    "front": (model, "draw_assumptions", drawing(implementation__front=0.5)),
    "violations": (model, "draw_assumptions", drawing(implementation__violations=0.25)),
    "q": (model, "draw_assumptions", drawing(implementation__monitoring=0.05)),
}
"""What to put in whose place so that the effect is there whatever the parameter."""


class TestAblations:
    """A model that ignores a parameter, or has its effect without it, is noticed."""

    @pytest.mark.parametrize("symbol", ablations.ABLATIONS)
    def test_a_parameter_that_is_ignored(self, symbol: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(*IGNORED[symbol])
        checks = list(ablations.ABLATIONS[symbol]())
        of_formula = [check for check in checks if "full case" not in check.setting]
        in_full_case = [check for check in checks if check.quantity.startswith("some runs differ")]
        assert failures(of_formula)
        assert failures(in_full_case) == in_full_case

    @pytest.mark.parametrize("symbol", ALWAYS)
    def test_an_effect_that_is_always_there(self, symbol: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(*ALWAYS[symbol])
        assert any(f"{symbol} = 0;" in check.setting for check in failures(ablations.ABLATIONS[symbol]()))


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
