"""The same rules as one compiled loop over plain numbers, run after run: the limit that the engine is measured against.

It plays what the baseline needs and no more: two parties, quadratic loss, a mediator that formulates, no guarantors, no
events. numba compiles it; nothing in `sim` does. Its luck is its own, so that it is held against the engine by its
results (`agreement.py`), not run by run.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from contenders import Columns
from numba import njit
from numpy.typing import NDArray

from sim.negotiation.randomness.assumption_draws import draw_assumptions
from sim.negotiation.randomness.random_streams import BLOCK
from sim.scenario.model.schema import Scenario

PARTY = (
    "reservation", "betrayal_loss", "concession", "precondition", "devaluation", "contact_aversion", "trust_gain",
    "trust_loss", "impatience", "war_cost", "front", "reliability",
)  # fmt: skip
(R, LOSS, BETA, F, RHO, ETA, GAIN, RESENT, NU, COST, FRONT, TYPE) = range(12)

IMPASSE, SETTLEMENT, WALKOUT = 0, 1, 2


class Inputs:
    """The numbers of some runs as the loop reads them: arrays with the runs as first axis."""

    def __init__(self, case: Scenario, runs: int, first: int) -> None:
        names, issues = sorted(case.parties), sorted(case.issues)
        mediator = case.mediator
        plain = len(names) == 2 and str(case.loss) == "quadratic" and not case.guarantors and not case.events
        if not plain or mediator is None or str(mediator.style) != "formulation":
            raise ValueError("the compiled loop plays two parties and a mediator that formulates, and no more")
        stop = first + runs
        blocks = [range(start, min(stop, start - start % BLOCK + BLOCK)) for start in _starts(first, stop)]
        parts = [(draw_assumptions(case, np.arange(block.start, block.stop)), len(block)) for block in blocks]

        def column(path: str) -> NDArray[np.float64]:
            return np.concatenate([np.broadcast_to(values[path], size) for values, size in parts])

        def table(paths: list[str]) -> NDArray[np.float64]:
            return np.stack([column(path) for path in paths], axis=-1)

        self.party = np.stack([table([f"parties.{name}.{key}" for key in PARTY]) for name in names], axis=1)
        self.aims, salience = (
            np.stack([table([f"parties.{name}.{key}.{issue}" for issue in issues]) for name in names], axis=1)
            for key in ("aims", "salience")
        )
        self.salience = salience / salience.sum(axis=-1, keepdims=True)
        us = mediator.name
        pairs = [(names[0], names[1]), (names[1], names[0]), (names[0], us), (names[1], us), (us, names[0])]
        self.distrust = table([f"distrust.{holder}.{other}" for holder, other in [*pairs, (us, names[1])]])
        keys = ("shuttle", "convening", "trust_gain", "trust_loss", "impatience")
        self.mediator = table([f"mediator.{key}" for key in keys] + [f"mediator.bias.{name}" for name in names])
        world = ("rapport", "sharpness", "battlefield.drift", "battlefield.volatility", "incidents.severity")
        self.world = table([*world, *(f"incidents.rate.{name}" for name in names)])
        self.rounds, self.periods = int(case.rounds), int(case.implementation.periods)
        self.names = names

    def play(self, seed: int) -> Columns:
        """Play all runs; the columns that `agreement.measures` reads, but for the terms."""
        luck = np.random.Generator(np.random.SFC64(seed))
        tables = (self.party, self.aims, self.salience, self.distrust, self.mediator, self.world)
        outcome, round_, held, worth = _play(luck, *tables, self.rounds, self.periods)
        words = np.array(["impasse", "settlement", "walkout"], dtype=object)
        utility = {f"utility.{name}": worth[:, place] for place, name in enumerate(self.names)}
        return {"outcome": words[outcome], "round": round_, "held": held, **utility}


class CompiledLoop:
    """The loop as a contender: what is assumed in each run is drawn beforehand, for all repetitions."""

    def __init__(self, case: Scenario, runs: int, repetitions: int) -> None:
        self._inputs = {first: Inputs(case, runs, first) for first in range(0, runs * repetitions, runs)}

    def __call__(self, case: Scenario, runs: int, first: int) -> Columns:
        """Play the runs."""
        return self._inputs[first].play(first)


def _starts(first: int, stop: int) -> list[int]:
    """Return where the blocks of runs begin."""
    return [first, *range(first - first % BLOCK + BLOCK, stop, BLOCK)]


@njit(error_model="numpy")
def _play(
    luck: Any, party: Any, aims: Any, salience: Any, distrust: Any, mediator: Any, world: Any, rounds: int, periods: int
) -> Any:
    runs = len(party)
    outcome, ended = np.zeros(runs, np.int64), np.zeros(runs, np.int64)
    held, worth = np.full(runs, -1, np.int64), np.zeros((runs, 2))
    for run in range(runs):
        outcome[run], ended[run], held[run], worth[run, 0], worth[run, 1] = _one(
            luck, party[run], aims[run], salience[run], distrust[run], mediator[run], world[run], rounds, periods
        )
    return outcome, ended, held, worth


@njit(error_model="numpy")
def _one(
    luck: Any, party: Any, aims: Any, care: Any, distrust: Any, mediator: Any, world: Any, rounds: int, periods: int
) -> Any:
    """Play one run; return outcome, round, periods held and both utilities."""
    d = distrust[:2].copy()  # of each party in the other
    us = distrust[2:4].copy()  # of each party in the mediator
    ours = distrust[4:6].copy()  # of the mediator in each party
    shuttle, convening, our_gain, our_loss, our_impatience = (
        mediator[0],
        mediator[1],
        mediator[2],
        mediator[3],
        mediator[4],
    )
    rapport, sharpness, drift, volatility, severity = world[0], world[1], world[2], world[3], world[4]
    path = np.zeros(2)  # loss of each party at the other's aims
    for k in range(aims.shape[1]):
        gap = aims[0, k] - aims[1, k]
        path[0] += care[0, k] * gap * gap
        path[1] += care[1, k] * gap * gap
    best = np.array([1.0 - path[1], 1.0 - path[0]])  # the most each has offered the other, in the other's utility
    last = np.full(2, -np.inf)
    present, field, turn = True, 0.0, luck.random()
    order = 0 if luck.random() < 0.5 else 1
    war, betrayed, least, spare, share = np.zeros(2), np.zeros(2), np.zeros(2), np.zeros(2), np.zeros(2)
    asks, risk, worth, seen = np.zeros(2), np.zeros(2), np.zeros(2), np.zeros(2)
    for t in range(1, rounds + 1):
        elapsed = t / rounds
        field += drift + volatility * luck.standard_normal()
        for j in range(2):
            if luck.random() < world[5 + j]:
                d[1 - j] += party[1 - j, RESENT] * severity * (1.0 - d[1 - j])
                ours[j] += our_loss * severity * (1.0 - ours[j])
        direct = True
        for i in range(2):
            willing = (1.0 - d[i]) ** party[i, ETA]
            bring = convening * (1.0 - us[i]) if present else 0.0
            if luck.random() >= 1.0 - (1.0 - willing) * (1.0 - bring):
                direct = False
                break
        talks = direct
        if not direct and present:
            talks = True
            for i in range(2):
                if luck.random() >= shuttle * (1.0 - us[i]) ** party[i, ETA]:
                    talks = False
                    break
        if talks:
            for i in range(2):
                war[i] = party[i, R] + party[i, FRONT] * field - party[i, COST] * t
                betrayed[i] = war[i] - party[i, LOSS]
                least[i] = war[i] + party[i, F]
                risk[i] = d[i]
                spare[i] = 1.0 + risk[i] * (betrayed[i] - 1.0) - least[i]
                share[i] = math.exp(math.log(elapsed) / party[i, BETA])
                asks[i] = least[i] + max(spare[i], 0.0) * (1.0 - share[i])
            seats = 3 if present else 2
            holder = (int(turn * seats) + t - 1) % seats
            author = -1
            for step in range(seats):
                seat = (holder + step) % seats
                if seat < 2:
                    i = seat if order == 0 else 1 - seat
                    if spare[i] >= 0.0 and risk[i] < 1.0:
                        allowed = spare[i] * share[i] / (1.0 - risk[i])
                        conceded = math.sqrt(min(allowed / path[i], 1.0)) if path[i] > 0.0 else 1.0
                        worth[i] = 1.0 - conceded * conceded * path[i]
                        worth[1 - i] = 1.0 - (1.0 - conceded) ** 2 * path[1 - i]
                        author = i
                        break
                elif _formulated(party, aims, care, us, risk, least, betrayed, mediator, worth):
                    author = 2
                    break
            if author >= 0:
                agreed = True
                accepts = np.ones(2, np.bool_)
                for i in range(2):
                    author_distrust = us[i] if author == 2 else (d[i] if author != i else 0.0)
                    value = worth[i] + risk[i] * (betrayed[i] - worth[i])
                    seen[i] = value - party[i, RHO] * author_distrust
                    if author != i:
                        chance = 1.0 / (1.0 + math.exp(sharpness * (asks[i] - seen[i]) / (1.0 - risk[i])))
                        accepts[i] = luck.random() < chance
                    agreed = agreed and accepts[i]
                if agreed:
                    kept = _kept(luck, party, worth, war, drift, volatility, periods)
                    return SETTLEMENT, t, kept, worth[0], worth[1]
                for i in range(2):
                    j = 1 - i
                    if author == i:
                        room = 1.0 - best[i]
                        size = min(max((last[i] - worth[j]) / room, 0.0), 1.0) if room > 0.0 else 0.0
                        last[i] = worth[j]
                        d[j] += party[j, RESENT] * size * (1.0 - d[j])
                        ours[i] += our_loss * size * (1.0 - ours[i])
                    if accepts[i] and worth[j] > best[i]:
                        size = min((worth[j] - best[i]) / (1.0 - best[i]), 1.0)
                        best[i] = worth[j]
                        d[j] *= 1.0 - party[j, GAIN] * size
                        ours[i] *= 1.0 - our_gain * size
                if author == 2:
                    for i in range(2):
                        value = worth[i] + risk[i] * (betrayed[i] - worth[i])
                        if value >= least[i]:
                            us[i] *= 1.0 - party[i, GAIN] * min((value - least[i]) / max(spare[i], 1e-300), 1.0)
                        else:
                            short = min((least[i] - value) / (1.0 - risk[i]), 1.0)
                            us[i] += party[i, RESENT] * short * (1.0 - us[i])
            if direct:
                for i in range(2):
                    d[i] *= 1.0 - party[i, GAIN] * rapport
                    ours[i] *= 1.0 - our_gain * rapport
            if author >= 0:
                for i in range(2):
                    if author != i and seen[i] < war[i]:
                        hazard = party[i, NU] * elapsed * (war[i] - seen[i])
                        if luck.random() < -math.expm1(-hazard):
                            return WALKOUT, t, -1, 0.0, 0.0
        if present and luck.random() < -math.expm1(-our_impatience * elapsed * 0.5 * (ours[0] + ours[1])):
            present = False
    return IMPASSE, rounds, -1, 0.0, 0.0


@njit(error_model="numpy")
def _formulated(
    party: Any, aims: Any, care: Any, us: Any, risk: Any, least: Any, betrayed: Any, mediator: Any, worth: Any
) -> bool:
    """Write the mediator's text, if there is one, into `worth`: Newton's method on the contract curve."""
    if risk[0] >= 1.0 or risk[1] >= 1.0:
        return False
    room, power = np.empty(2), np.empty(2)
    for i in range(2):
        need = least[i] + party[i, RHO] * us[i]
        room[i] = 1.0 - (need - risk[i] * betrayed[i]) / (1.0 - risk[i])
        power[i] = max(1.0 + mediator[5 + i], 1e-8)
    low, high = 0.0, 1.0
    s = power[0] / (power[0] + power[1])
    for _ in range(100):
        left, first, second, bend = 1.0 - s, 0.0, 0.0, 0.0
        for k in range(aims.shape[1]):
            pull = s * care[0, k] + left * care[1, k]
            if pull > 0.0:
                gap = aims[0, k] - aims[1, k]
                both = care[0, k] * care[1, k]
                each = both * gap * gap / (pull * pull)
                first += each * care[1, k]
                second += each * care[0, k]
                bend += 2.0 * each * both / pull
        worth[0], worth[1] = 1.0 - left * left * first, 1.0 - s * s * second
        gain, other = room[0] - left * left * first, room[1] - s * s * second
        if s * gain + left * other <= 1e-6:
            return False
        excess = s * power[1] * gain - left * power[0] * other
        slope = power[1] * gain + power[0] * other + s * left * bend * (power[0] + power[1])
        if excess < 0.0:
            low = s
        else:
            high = s
        better = s - excess / slope
        if not low <= better <= high:
            better = 0.5 * (low + high)
        elif abs(better - s) < 1e-6 * s * left:
            return True
        s = better
    return False


@njit(error_model="numpy")
def _kept(luck: Any, party: Any, worth: Any, war: Any, drift: float, volatility: float, periods: int) -> int:
    """Return how many periods a settlement holds."""
    by_type = math.inf
    for i in range(2):
        breach = 1.0 - party[i, TYPE]
        if breach >= 1.0:
            by_type = min(by_type, 1.0)
        elif breach > 0.0:
            by_type = min(by_type, max(math.ceil(math.log1p(-luck.random()) / math.log1p(-breach)), 1.0))
    moved = 0.0
    for period in range(1, periods + 1):
        moved += drift + volatility * luck.standard_normal()
        for i in range(2):
            if party[i, FRONT] * moved > worth[i] - war[i]:
                return period - 1
        if period >= by_type:
            return period - 1
    return periods
