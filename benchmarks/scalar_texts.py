"""The mediator's text for two parties, one negotiation at a time: the best point of the contract curve.

Both searches maximise the product of the two gains, each raised to its party's weight, over efficient texts. A text is
a list of numbers from 0 to 1, one for each issue.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scipy.optimize import brentq


@dataclass(frozen=True, slots=True)
class Claimant:
    """What a party brings to the mediator's search: its utility of the text, less `floor`, is its gain.

    `weight` is the power to which the gain is raised; `aims` and `salience` have one number for each issue.
    """

    aims: list[float]
    salience: list[float]
    floor: float
    weight: float

    def gain(self, text: list[float], power: int) -> float:
        """Return by how much a text is worth more to the party than it needs."""
        loss = sum(
            weight * abs(position - aim) ** power
            for position, aim, weight in zip(text, self.aims, self.salience, strict=True)
        )
        return 1.0 - loss - self.floor


def mediators_text(first: Claimant, second: Claimant, power: int) -> list[float] | None:
    """Return the best efficient text of all that give both parties what they need, or None if there is none."""
    if power not in (1, 2):
        raise ValueError(f"no contract curve for a loss of power {power}")
    text = _quadratic(first, second) if power == 2 else _linear(first, second)
    return text if min(first.gain(text, power), second.gain(text, power)) >= -1e-9 else None


def _quadratic(first: Claimant, second: Claimant) -> list[float]:
    """Search the curve by `share`, the first party's part in the weighted mean of the aims.

    At the best text the shares are as the parties' weights divided by their gains in utility. Where only one party
    gains, the difference below has the sign that leads back to where both do.
    """

    def text(share: float) -> list[float]:
        return [
            (share * w1 * aim1 + (1.0 - share) * w2 * aim2) / (share * w1 + (1.0 - share) * w2)
            if share * w1 + (1.0 - share) * w2 > 0.0
            else 0.5 * (aim1 + aim2)
            for aim1, w1, aim2, w2 in zip(first.aims, first.salience, second.aims, second.salience, strict=True)
        ]

    def imbalance(share: float) -> float:
        tabled = text(share)
        return share * first.gain(tabled, 2) * second.weight - (1.0 - share) * second.gain(tabled, 2) * first.weight

    return text(_crossing(imbalance))


def _crossing(imbalance: Callable[[float], float]) -> float:
    """Return where from 0 to 1 a function turns from negative to positive, or the end nearest to that."""
    if imbalance(0.0) >= 0.0:
        return 0.0
    if imbalance(1.0) <= 0.0:
        return 1.0
    return float(brentq(imbalance, 0.0, 1.0, xtol=1e-10))


def _linear(first: Claimant, second: Claimant) -> list[float]:
    """Walk the frontier from the second party's aims to the first's, dearest issues of the first party first.

    Along one issue both gains are straight lines, so that its best point has a closed form; the frontier bends only one
    way, so that the first issue whose best point is short of its end is the last to move.
    """
    text = [
        0.5 * (a1 + a2) if w1 == w2 == 0.0 else a2
        for a1, w1, a2, w2 in zip(first.aims, first.salience, second.aims, second.salience, strict=True)
    ]
    for issue in sorted(
        range(len(text)),
        key=lambda k: first.salience[k] / (first.salience[k] + second.salience[k] or 1.0),
        reverse=True,
    ):
        distance = abs(first.aims[issue] - second.aims[issue])
        rise = first.salience[issue] * distance
        fall = second.salience[issue] * distance
        share = _best_share(first.gain(text, 1), rise, first.weight, second.gain(text, 1), fall, second.weight)
        text[issue] += share * (first.aims[issue] - text[issue])
        if share < 1.0:
            break
    return text


def _best_share(mine: float, rise: float, my_weight: float, yours: float, fall: float, your_weight: float) -> float:
    """Return where from 0 to 1 the product of the powers of mine + rise·share and yours − fall·share is greatest."""
    if fall == 0.0:
        return 1.0
    if rise == 0.0:
        return 0.0
    peak = (my_weight * rise * yours - your_weight * fall * mine) / (rise * fall * (my_weight + your_weight))
    return min(max(peak, 0.0), 1.0)
