"""Cooperative bargaining: the mediator's text at the Nash point (V1, V2)."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

import numpy as np
from scipy.optimize import brentq

from sim.scenario.model.schema import Scenario
from sim.verification.known_answer import Check, Row, exact
from sim.verification.reduced_scenarios import TABLED, crowd, each, pie, play

RUNS = 48
SOLVER = "accuracy that the model promises of its texts"
CLOSE = 1e-6
SLOPE = "that accuracy, twice, over the step"


def text(case: Scenario) -> dict[str, float]:
    """Return the cooperative bargaining solution of the model: terms and utilities of the mediator's text.

    A text that the mediator tables and all sign, by the names of the columns.
    """
    columns = play(case, RUNS)
    drafted = np.flatnonzero(columns["by"] == "m")
    wanted = [name for name in columns if name.startswith(("terms.", "utility."))]
    return {name: float(columns[name][drafted[0]]) for name in wanted}


def linear(r_a: float, r_b: float, b_a: float, b_b: float) -> Check:
    """Cooperative bargaining, linear loss: X = r_A + α·(1 − r_A − r_B), α = (1 + b_A)/(2 + b_A + b_B)."""
    case = pie(TABLED | each("parties.*.reservation", r_a, r_b) | each("mediator.bias.*", b_a, b_b))
    alpha = _weight(b_a, b_b)
    expected = r_a + alpha * (1 - r_a - r_b)
    setting = f"r = ({r_a:g}, {r_b:g}), bias ({b_a:g}, {b_b:g})"
    return exact(setting, "share of a", expected, text(case)["terms.pie_0"], CLOSE, SOLVER)


def _weight(own: float, other: float) -> float:
    """α = (1 + b)/(2 + b + b')."""
    return (1 + own) / (2 + own + other)


def statics(r_a: float, r_b: float, b_a: float, b_b: float, step: float = 0.05) -> Iterator[Check]:
    """Cooperative bargaining, comparative statics: ∂x/∂r_A = 1 − α, ½ without bias; ∂x/∂r_B = −α.

    The better a's alternative, the more it gets.
    """
    floors = each("parties.*.reservation", r_a, r_b)
    base = TABLED | floors | each("mediator.bias.*", b_a, b_b)
    alpha = _weight(b_a, b_b)
    before = text(pie(base))["terms.pie_0"]
    for name, expected in (("a", 1 - alpha), ("b", -alpha)):
        path = f"parties.{name}.reservation"
        slope = (text(pie({**base, path: floors[path] + step}))["terms.pie_0"] - before) / step
        setting = f"r = ({r_a:g}, {r_b:g}), bias ({b_a:g}, {b_b:g}), r of {name} up by {step:g}"
        yield exact(setting, "share of a gained, per unit of r", expected, slope, 2 * CLOSE / step, SLOPE)


def shared_out(floors: tuple[float, ...], biases: tuple[float, ...]) -> Iterator[Check]:
    """Cooperative bargaining among N parties: u_i = r_i + (1 + b_i)/Σ(1 + b)·(N/2 − Σr).

    There is a pie for each two, so that utilities add up to N/2.
    """
    changes = {f"parties.p{n}.reservation": floor for n, floor in enumerate(floors)}
    found = text(crowd(len(floors), {**changes, **{f"mediator.bias.p{n}": b for n, b in enumerate(biases)}}))
    spare = len(floors) / 2 - sum(floors)
    for n, (floor, bias) in enumerate(zip(floors, biases, strict=True)):
        expected = floor + (1 + bias) / (len(floors) + sum(biases)) * spare
        setting = f"{len(floors)} parties, a pie for each two, r = {floors}, bias {biases}"
        yield exact(setting, f"utility of party {n + 1}", expected, found[f"utility.p{n}"], CLOSE, SOLVER)


def quadratic(r_a: float, r_b: float) -> Check:
    """Cooperative bargaining, quadratic loss: the root of 2x³ − 3x² + (1 − s_A − s_B)·x + s_B in [1 − √s_A, √s_B].

    s = 1 − r.
    """
    case = pie({"loss": "quadratic"} | TABLED | each("parties.*.reservation", r_a, r_b))
    s_a, s_b = 1 - r_a, 1 - r_b
    expected = brentq(lambda x: 2 * x**3 - 3 * x**2 + (1 - s_a - s_b) * x + s_b, 1 - sqrt(s_a), sqrt(s_b), xtol=1e-14)
    setting = f"quadratic loss, r = ({r_a:g}, {r_b:g})"
    return exact(setting, "share of a", expected, text(case)["terms.pie_0"], CLOSE, SOLVER)


def zone(r_a: float, r_b: float) -> Check:
    """Cooperative bargaining, quadratic loss: settlement is possible if and only if √(1 − r_A) + √(1 − r_B) ≥ 1."""
    case = pie({"loss": "quadratic"} | each("parties.*.reservation", r_a, r_b))
    settled = float((play(case, RUNS)["outcome"] == "settlement").mean())
    expected = float(sqrt(1 - r_a) + sqrt(1 - r_b) >= 1)
    return exact(f"quadratic loss, r = ({r_a:g}, {r_b:g})", "share that settles", expected, settled, 0.0, "sharp")


def log_rolling(weight: float) -> Iterator[Check]:
    """Cooperative bargaining over two issues of mirror weights (w, 1 − w): both get w."""
    case = pie(TABLED, weights=((weight, 1 - weight), (1 - weight, weight)))
    found = text(case)
    for name in ("a", "b"):
        setting = f"two linear issues, weights ({weight:g}, {1 - weight:.2g}) and mirrored"
        yield exact(setting, f"utility of {name}", weight, found[f"utility.{name}"], CLOSE, SOLVER)


def contract_curve(first: tuple[float, float, float], second: tuple[float, float, float]) -> Iterator[Check]:
    """Cooperative bargaining, contract curve: x_k = λ·w_Ak/(λ·w_Ak + (1 − λ)·w_Bk) on every issue, with one λ.

    The λ of the first issue gives the others.
    """
    case = pie({"loss": "quadratic"} | TABLED, weights=(first, second))
    found = [text(case)[f"terms.pie_{n}"] for n in range(3)]
    odds = found[0] / (1 - found[0]) * second[0] / first[0]
    for n in (1, 2):
        expected = odds * first[n] / (odds * first[n] + second[n])
        setting = f"quadratic loss, weights {first} and {second}"
        yield exact(setting, f"terms of issue {n + 1}", expected, found[n], CLOSE, SOLVER)


def _nash() -> Iterator[Check]:
    yield linear(0.3, 0.3, 0.0, 0.0)
    yield linear(0.5, 0.2, 0.0, 0.0)
    yield linear(0.2, 0.4, 0.5, -0.5)
    yield linear(0.1, 0.3, 0.6, 0.0)
    yield from statics(0.3, 0.3, 0.0, 0.0)
    yield from statics(0.1, 0.3, 0.6, 0.0)
    yield from shared_out((0.5, 0.3, 0.2), (0.0, 0.0, 0.0))
    yield from shared_out((0.4, 0.3, 0.3, 0.2), (0.5, 0.0, 0.0, -0.5))


def _linked() -> Iterator[Check]:
    yield quadratic(0.5, 0.2)
    yield quadratic(0.3, 0.3)
    yield quadratic(0.7, 0.6)
    yield zone(0.74, 0.74)
    yield zone(0.76, 0.76)
    yield from log_rolling(0.7)
    yield from contract_curve((0.5, 0.3, 0.2), (0.2, 0.2, 0.6))
    yield from contract_curve((0.1, 0.1, 0.8), (0.3, 0.5, 0.2))
    yield from contract_curve((0.4, 0.4, 0.2), (0.1, 0.6, 0.3))


ROWS = (
    Row(
        "V1",
        "An efficient text divides the zone of agreement by the parties' weights",
        "Nash (1950) Econometrica 18:155; Kalai (1977) for unequal weights",
        "x = r_A + α(1 − r_A − r_B), α = (1 + b_A)/(2 + b_A + b_B), so ∂x/∂r_A = 1 − α and ∂x/∂r_B = −α; of N parties "
        "u_i = r_i + α_i(N/2 − Σr), α_i = (1 + b_i)/Σ(1 + b)",
        "linear, no distrust, the mediator's text; one pie for two parties. A single pie among three or more cannot be "
        "expressed, since an issue is one number from 0 to 1: instead any two parties divide a pie of their own, and "
        "the mean over its pies is a party's utility, so that N/2 is shared out",
        _nash,
    ),
    Row(
        "V2",
        "Quadratic preferences move the Nash point, and linked issues are traded",
        "Nash (1950); linkage: Tollison & Willett (1979)",
        "2x³ − 3x² + (1 − s_A − s_B)x + s_B = 0; utilities (w, w) with mirror weights; one λ on all issues",
        "no distrust, the mediator's text",
        _linked,
    ),
)
