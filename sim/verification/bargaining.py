"""Cooperative bargaining: the mediator's text at the Nash point (V1, V2)."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

import numpy as np
from scipy.optimize import brentq

from sim.scenario.schema import Scenario
from sim.verification.check import Check, Row, exact
from sim.verification.settings import pie, play

RUNS = 48
SOLVER = "accuracy of the efficient text"
CLOSE = 1e-6


def text(case: Scenario) -> dict[str, float]:
    """Return terms and utilities of a text that the mediator tables and all sign, by the names of the columns."""
    columns = play(case, RUNS)
    drafted = np.flatnonzero(columns["by"] == "m")
    wanted = [name for name in columns if name.startswith(("terms.", "utility."))]
    return {name: float(columns[name][drafted[0]]) for name in wanted}


def linear(r_a: float, r_b: float, b_a: float, b_b: float) -> Check:
    """X = r_A + α·(1 − r_A − r_B), α = (1 + b_A)/(2 + b_A + b_B)."""
    case = pie(
        {
            "mediator.style": "formulation",
            "parties.a.reservation": r_a,
            "parties.b.reservation": r_b,
            "mediator.bias.a": b_a,
            "mediator.bias.b": b_b,
        }
    )
    alpha = (1 + b_a) / (2 + b_a + b_b)
    expected = r_a + alpha * (1 - r_a - r_b)
    setting = f"r = ({r_a:g}, {r_b:g}), bias ({b_a:g}, {b_b:g})"
    return exact(setting, "share of a", expected, text(case)["terms.pie_0"], CLOSE, SOLVER)


def quadratic(r_a: float, r_b: float) -> Check:
    """Root of 2x³ − 3x² + (1 − s_A − s_B)·x + s_B in [1 − √s_A, √s_B], s = 1 − r."""
    case = pie(
        {
            "loss": "quadratic",
            "mediator.style": "formulation",
            "parties.a.reservation": r_a,
            "parties.b.reservation": r_b,
        }
    )
    s_a, s_b = 1 - r_a, 1 - r_b
    expected = brentq(lambda x: 2 * x**3 - 3 * x**2 + (1 - s_a - s_b) * x + s_b, 1 - sqrt(s_a), sqrt(s_b), xtol=1e-14)
    setting = f"quadratic loss, r = ({r_a:g}, {r_b:g})"
    return exact(setting, "share of a", expected, text(case)["terms.pie_0"], CLOSE, SOLVER)


def zone(r_a: float, r_b: float) -> Check:
    """With quadratic loss a settlement is possible if and only if √(1 − r_A) + √(1 − r_B) ≥ 1."""
    case = pie({"loss": "quadratic", "parties.a.reservation": r_a, "parties.b.reservation": r_b})
    settled = float((play(case, RUNS)["outcome"] == "settlement").mean())
    expected = float(sqrt(1 - r_a) + sqrt(1 - r_b) >= 1)
    return exact(f"quadratic loss, r = ({r_a:g}, {r_b:g})", "share that settles", expected, settled, 0.0, "sharp")


def log_rolling(weight: float) -> Iterator[Check]:
    """Two issues of mirror weights (w, 1 − w): both get w."""
    case = pie({"mediator.style": "formulation"}, weights=((weight, 1 - weight), (1 - weight, weight)))
    found = text(case)
    for name in ("a", "b"):
        setting = f"two linear issues, weights ({weight:g}, {1 - weight:.2g}) and mirrored"
        yield exact(setting, f"utility of {name}", weight, found[f"utility.{name}"], CLOSE, SOLVER)


def contract_curve(first: tuple[float, float, float], second: tuple[float, float, float]) -> Iterator[Check]:
    """On every issue x_k = λ·w_Ak/(λ·w_Ak + (1 − λ)·w_Bk) with one λ: that of the first issue gives the others."""
    case = pie({"loss": "quadratic", "mediator.style": "formulation"}, weights=(first, second))
    found = [text(case)[f"terms.pie_{n}"] for n in range(3)]
    odds = found[0] / (1 - found[0]) * second[0] / first[0]
    for n in (1, 2):
        expected = odds * first[n] / (odds * first[n] + second[n])
        setting = f"quadratic loss, weights {first} and {second}"
        yield exact(setting, f"terms of issue {n + 1}", expected, found[n], 1e-5, SOLVER)


def _nash() -> Iterator[Check]:
    yield linear(0.3, 0.3, 0.0, 0.0)
    yield linear(0.5, 0.2, 0.0, 0.0)
    yield linear(0.2, 0.4, 0.5, -0.5)
    yield linear(0.1, 0.3, 0.6, 0.0)


def _linked() -> Iterator[Check]:
    yield quadratic(0.5, 0.2)
    yield quadratic(0.3, 0.3)
    yield quadratic(0.7, 0.6)
    yield zone(0.74, 0.74)
    yield zone(0.76, 0.76)
    yield from log_rolling(0.7)
    yield from contract_curve((0.5, 0.3, 0.2), (0.2, 0.2, 0.6))


ROWS = (
    Row(
        "V1",
        "An efficient text divides the zone of agreement by the parties' weights",
        "Nash (1950) Econometrica 18:155; Kalai (1977) for unequal weights",
        "x = r_A + α(1 − r_A − r_B), α = (1 + b_A)/(2 + b_A + b_B)",
        "one linear issue, no distrust, the mediator's text",
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
