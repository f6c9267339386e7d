"""War beside the talks, and the implementation of a settlement (V8, V13, V18 durability)."""

from __future__ import annotations

from collections.abc import Iterator
from math import exp, floor, log, sqrt

import numpy as np
from scipy.special import betaln

from sim.negotiation.model import Negotiation
from sim.verification.known_answer import Check, Row, chance, exact, frequency
from sim.verification.reduced_scenarios import TABLED, each, pie, play, pressed

RUNS = 4096

SIEGMUND = 0.5826
"""−ζ(½)/√(2π): how far a walk of Gaussian steps overshoots a barrier, in standard deviations (Siegmund 1979)."""


def ruin(start: float, drift: float, volatility: float, rounds: int = 3000) -> Iterator[Check]:
    """War as gambler's ruin, stopped at −x and 1 − x: P(up) = (1 − e^(−2μx/σ²))/(1 − e^(−2μ/σ²)).

    The battlefield stops there, with barriers widened.
    """
    war = {"battlefield.drift": drift, "battlefield.volatility": volatility}
    case = pie({"rounds": rounds, "parties.*.precondition": 2.0, **war})
    negotiation = Negotiation(case, RUNS)
    ended, up = np.zeros(RUNS, dtype=np.int64), np.zeros(RUNS, dtype=bool)
    while negotiation.running and not ended.all():
        negotiation.step()
        moved = np.asarray(negotiation.battlefield)
        for reached, above in ((moved >= 1 - start, True), (moved <= -start, False)):
            new = reached & (ended == 0)
            ended[new], up[new] = negotiation.steps, above
    wide = SIEGMUND * volatility
    below, whole = start + wide, 1 + 2 * wide
    rate = 2 * drift / volatility**2
    expected = below / whole if drift == 0 else (1 - exp(-rate * below)) / (1 - exp(-rate * whole))
    setting = f"start {start:g}, drift {drift:g}, volatility {volatility:g}"
    yield frequency(setting, "absorbed at the top", expected, up.mean(), RUNS)
    mean = below * (whole - below) / volatility**2 if drift == 0 else (whole * expected - below) / drift
    yield chance(setting, "mean rounds to absorption", mean, ended.mean(), ended.std() / sqrt(RUNS))


def fading(shortfall: float, leverage: float, decay: float) -> Iterator[Check]:
    """Implementation under fading leverage: signed if and only if g ≤ 2L, and broken after ln(2L/g)/η.

    It is broken in the first period n with L·e^(−η·n) < g/2. A party's own text leaves all of the shortfall to the
    other: signed only if g ≤ L, it breaks after ln(L/g)/η.
    """
    case = pie(pressed(leverage, decay) | {"parties.*.reservation": (1 + shortfall) / 2})
    columns = play(case, 64)
    signed = columns["outcome"] == "settlement"
    setting = f"shortfall {shortfall:g}, leverage {leverage:g}, fading at {decay:g}"
    yield exact(setting, "share that signs", float(shortfall <= 2 * leverage), signed.mean(), 0.0, "sharp")
    for author, bears, name in (("m", shortfall / 2, "the mediator's text"), ("a", shortfall, "a party's text")):
        ours = signed & (columns["by"] == author)
        yield exact(setting, f"{name} is signed (1: yes)", float(bears <= leverage), float(ours.any()), 0.0, "sharp")
        if bears <= leverage:
            collapse = floor(log(leverage / bears) / decay) + 1
            observed = columns["held"][ours].mean() + 1
            yield exact(setting, f"{name} breaks in period", collapse, observed, 0.0, "exact")


def bought(width: float, leverage: float, decay: float) -> Iterator[Check]:
    """Implementation bought by leverage: P(settle) = (a + 2L)/2a, and P(never breaks | settled) = a/(a + 2L).

    Shortfalls are spread evenly over ±a.
    """
    floors = {"parties.a.reservation": 0.5, "parties.b.reservation": {"range": [0.5 - width, 0.5 + width]}}
    case = pie(pressed(leverage, decay) | floors | {"implementation.periods": 2000})
    columns = play(case, RUNS)
    settled = columns["outcome"] == "settlement"
    lasts = settled & (columns["cause"] == "")
    setting = f"L = {leverage:g}; shortfalls over ±{width:g}, η_L = {decay:g}"
    expected = (width + 2 * leverage) / (2 * width)
    yield frequency(setting, "share that settles", expected, settled.mean(), RUNS)
    share = width / (width + 2 * leverage)
    yield frequency(setting, "of settlements, never broken", share, lasts.sum() / settled.sum(), int(settled.sum()))


def feared(decay: float, monitoring: float, periods: int = 100) -> Iterator[Check]:
    """Implementation in fear: kept while r − [u − D(n)·(u − s)] ≤ L·(1 − d_M)·e^(−η·n), broken in the first n it fails.

    D(n) = d₀(1 − q)^n/(d₀(1 − q)^n + 1 − d₀) after n quiet periods; at q = 0 that is period ⌊ln(L(1 − d_M)/g)/η⌋ + 1
    with g = r − V. One party fears betrayal, and the mediator's leverage made it sign.
    """
    r, loss, doubt, leverage, trusted = 0.5, 0.3, 0.4, 0.3, 0.5
    afraid = {"distrust.b.a": doubt, "distrust.b.m": 1 - trusted, "parties.b.betrayal_loss": loss}
    peace = {"implementation.front": 0.0, "implementation.monitoring": monitoring, "implementation.periods": periods}
    pressure = {"mediator.style": "manipulation", "mediator.leverage.b": leverage, "mediator.leverage_decay": decay}
    columns = play(pie({**pressure, **each("parties.*.reservation", 0.4, r), **afraid, **peace}), 64)
    ours = columns["by"] == "m"
    utility, n = float(columns["utility.b"][ours][0]), np.arange(1, periods + 1)
    left = doubt * (1 - monitoring) ** n
    gap = r - (utility - left / (left + 1 - doubt) * (utility - (r - loss)))
    failing = n[gap > leverage * trusted * np.exp(-decay * n)]
    expected = failing[0] - 1 if failing.size else periods
    setting = f"q = {monitoring:g}; leverage over fear, fading at {decay:g}, {periods} periods"
    yield exact(setting, "periods held", expected, columns["held"][ours].mean(), 0.0, "exact")
    broken = (columns["cause"][ours] == "fear").mean()
    yield exact(setting, "share broken by fear", float(failing.size > 0), broken, 0.0, "exact")


def moving(share: float, drift: float = 0.011, periods: int = 60) -> Check:
    """Implementation beside a battlefield that moves on: it holds for ⌊(u − r)/(ψ·μ)⌋ periods, or all at ψ = 0."""
    front = {"parties.a.front": 1, "battlefield.drift": drift, "implementation.front": share}
    columns = play(pie(TABLED | front | {"implementation.periods": periods}), 64)
    ours = columns["by"] == "m"
    gained = float(columns["utility.a"][ours][0]) - (0.3 + drift * columns["round"][ours][0])
    expected = min(floor(gained / (share * drift)), periods) if share else periods
    setting = f"front = {share:g}; drift {drift:g} towards one side, {periods} periods"
    return exact(setting, "periods held", expected, columns["held"][ours].mean(), 0.0, "exact")


def violated(share: float, rate: float = 0.4, periods: tuple[int, ...] = (1, 5, 20)) -> Iterator[Check]:
    """Implementation under violations: where one is enough to break it, (1 − v·π)^n of settlements hold for n periods.

    Each convinces the other side of betrayal, which costs it more than the terms are worth above war.
    """
    hostile = {"incidents.rate.b": rate, "incidents.severity": 1.0, "parties.a.trust_loss": 1.0}
    peace = {"implementation.front": 0.0, "implementation.violations": share, "implementation.periods": 40}
    columns = play(pie(TABLED | hostile | peace | {"rounds": 1, "parties.a.betrayal_loss": 0.3}), RUNS)
    held = columns["held"][columns["outcome"] == "settlement"]
    for n in periods:
        setting = f"violations = {share:g}; hostile acts at {rate:g} a round in wartime"
        yield frequency(setting, f"hold for {n} periods", (1 - share * rate) ** n, (held >= n).mean(), len(held))


def constant(h_a: float, h_b: float, periods: tuple[int, ...]) -> Iterator[Check]:
    """Implementation with constant chances of breach: ((1 − h_A)(1 − h_B))^n of settlements hold for n periods."""
    case = pie(each("parties.*.reliability", 1 - h_a, 1 - h_b))
    columns = play(case, RUNS)
    for n in periods:
        expected = ((1 - h_a) * (1 - h_b)) ** n
        setting = f"chances of breach {h_a:g} and {h_b:g} a period"
        yield frequency(setting, f"hold for {n} periods", expected, (columns["held"] >= n).mean(), RUNS)


def frailty(a: float, b: float, periods: tuple[int, ...]) -> Iterator[Check]:
    """Implementation with chances of breach from Beta(a, b): B(a, b + n)/B(a, b) hold for n periods.

    One party's chance of breach is drawn so; the hazard falls.
    """
    case = pie({"parties.a.reliability": {"beta": [b, a]}})
    columns = play(case, RUNS)
    for n in periods:
        expected = exp(betaln(a, b + n) - betaln(a, b))
        setting = f"chance of breach Beta({a:g}, {b:g})"
        yield frequency(setting, f"hold for {n} periods", expected, (columns["held"] >= n).mean(), RUNS)


def _battlefield() -> Iterator[Check]:
    yield from ruin(0.5, 0.0, 0.05)
    yield from ruin(0.3, 0.002, 0.05)


def _leverage() -> Iterator[Check]:
    yield from fading(0.1, 0.08, 0.05)
    yield from fading(0.15, 0.08, 0.02)
    yield from fading(0.17, 0.08, 0.02)
    yield from bought(0.3, 0.05, 0.05)
    for monitoring in (0.0, 0.002, 0.02):
        yield from feared(0.03, monitoring)


def _durability() -> Iterator[Check]:
    yield from constant(0.01, 0.02, (1, 20, 60))
    yield from frailty(0.5, 20.0, (1, 20, 60))


ROWS = (
    Row(
        "V8",
        "The battlefield is a random walk: who breaks through, and when",
        "Smith & Stam (2003) Int Stud Rev 5(4):115; barriers of a walk: Siegmund (1979) Adv Appl Probab 11:701",
        "(1 − e^(−2μx/σ²))/(1 − e^(−2μ/σ²)), barriers widened by .5826σ",
        "nobody settles",
        _battlefield,
    ),
    Row(
        "V13",
        "Leverage buys settlements that break when it fades",
        "Beardsley (2008) Am J Polit Sci 52:723; closed form derived here",
        "signed iff g ≤ 2L; t_c = ln(2L/g)/η; P(settle) = (a + 2L)/2a, P(never breaks | settled) = a/(a + 2L); "
        "in fear, r − [u − D(n)(u − s)] ≤ L(1 − d_M)e^(−ηn), D(n) by Bayes' rule",
        "manipulation, no distrust; the mediator's text splits the shortfall, hence 2L; or one side in fear",
        _leverage,
    ),
    Row(
        "V18 (durability)",
        "Constant chances of breach wear every settlement down; unequal ones leave the reliable",
        "survival of mixtures (beta-geometric)",
        "((1 − h_A)(1 − h_B))^n; B(a, b + n)/B(a, b)",
        "no distrust, interests that nothing moves",
        _durability,
    ),
)
