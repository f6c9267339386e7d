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
    "trust_loss", "impatience", "war_cost", "front", "reliability", "pace",
)  # fmt: skip
(R, LOSS, BETA, F, RHO, ETA, GAIN, RESENT, NU, COST, FRONT, TYPE, PACE) = range(13)

OUTCOMES = ("settlement", "walkout", "impasse", "overtaken", "open")
SETTLEMENT, WALKOUT, IMPASSE, OVERTAKEN, OPEN = range(5)

TIE = 1e-9
"""Breaking must gain more than this."""

NO_NEW_TEXT = 1e-6
"""Terms so near to each other are the same text."""


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
        keys = ("shuttle", "convening", "trust_gain", "trust_loss", "impatience", "caucus", "misjudgement")
        self.mediator = table([f"mediator.{key}" for key in keys] + [f"mediator.bias.{name}" for name in names])
        world = ("rapport", "sharpness", "battlefield.drift", "battlefield.volatility", "incidents.severity")
        rates = [f"incidents.rate.{name}" for name in names]
        self.world = table([*world, *rates, "overtaken"])
        self.deadline = np.full(runs, np.inf) if case.deadline is None else column("deadline")
        self.party[:, :, PACE] = np.minimum(self.party[:, :, PACE], self.deadline[:, np.newaxis])
        self.peace = table([f"implementation.{key}" for key in ("front", "violations", "monitoring")])
        self.rounds, self.periods = int(case.rounds), int(case.implementation.periods)
        self.names = names

    def play(self, seed: int) -> Columns:
        """Play all runs; the columns that `agreement.measures` reads, but for the terms."""
        luck = np.random.Generator(np.random.SFC64(seed))
        tables = (self.party, self.aims, self.salience, self.distrust, self.mediator, self.world)
        outcome, round_, held, worth = _play(luck, *tables, self.peace, self.deadline, self.rounds, self.periods)
        words = np.array(OUTCOMES, dtype=object)
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
    luck: Any, party: Any, aims: Any, salience: Any, distrust: Any, mediator: Any, world: Any, peace: Any,
    deadline: Any, rounds: int, periods: int,
) -> Any:  # fmt: skip
    runs = len(party)
    outcome, ended = np.zeros(runs, np.int64), np.zeros(runs, np.int64)
    held, worth = np.full(runs, -1, np.int64), np.zeros((runs, 2))
    for run in range(runs):
        here = (party[run], aims[run], salience[run], distrust[run], mediator[run], world[run], peace[run])
        outcome[run], ended[run], held[run], worth[run, 0], worth[run, 1] = _one(
            luck, *here, deadline[run], rounds, periods
        )
    return outcome, ended, held, worth


@njit(error_model="numpy")
def _one(
    luck: Any, party: Any, aims: Any, care: Any, distrust: Any, mediator: Any, world: Any, peace: Any,
    deadline: float, rounds: int, periods: int,
) -> Any:  # fmt: skip
    """Play one run; return outcome, round, periods held and both utilities."""
    d = distrust[:2].copy()  # of each party in the other
    us = distrust[2:4].copy()  # of each party in the mediator
    ours = distrust[4:6].copy()  # of the mediator in each party
    shuttle, convening, our_gain, our_loss, our_impatience = mediator[:5]
    caucus, misjudgement = mediator[5], mediator[6]
    rapport, sharpness, drift, volatility, severity = world[0], world[1], world[2], world[3], world[4]
    path = np.zeros(2)  # loss of each party at the other's aims
    for k in range(aims.shape[1]):
        gap = aims[0, k] - aims[1, k]
        path[0] += care[0, k] * gap * gap
        path[1] += care[1, k] * gap * gap
    best = np.array([1.0 - path[1], 1.0 - path[0]])  # the most each has offered the other, in the other's utility
    last = np.full(2, -np.inf)
    present, field, turn, refused = True, 0.0, luck.random(), -1.0
    error = np.array([misjudgement * luck.standard_normal(), misjudgement * luck.standard_normal()])
    order = 0 if luck.random() < 0.5 else 1
    war, betrayed, least, spare, share = np.zeros(2), np.zeros(2), np.zeros(2), np.zeros(2), np.zeros(2)
    asks, risk, worth, seen, floors = np.zeros(2), np.zeros(2), np.zeros(2), np.zeros(2), np.zeros(2)
    for t in range(1, rounds + 1):
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
                spare[i] = 1.0 + risk[i] * (min(betrayed[i], 1.0) - 1.0) - least[i]
                share[i] = math.exp(math.log(min(t / party[i, PACE], 1.0)) / party[i, BETA])
                asks[i] = least[i] + max(spare[i], 0.0) * (1.0 - share[i])
            seats = 3 if present else 2
            holder = (int(turn * seats) + t - 1) % seats
            author, declared = -1, False
            for step in range(seats):
                seat = (holder + step) % seats
                if seat < 2:
                    i = seat if order == 0 else 1 - seat
                    if risk[i] < 1.0:
                        declared = spare[i] < 0.0
                        allowed = max(spare[i], 0.0) * share[i] / (1.0 - risk[i])
                        conceded = math.sqrt(min(allowed / path[i], 1.0)) if path[i] > 0.0 else 1.0
                        worth[i] = 1.0 - conceded * conceded * path[i]
                        worth[1 - i] = 1.0 - (1.0 - conceded) ** 2 * path[1 - i]
                        author = i
                        break
                else:
                    for i in range(2):
                        need = least[i] + party[i, RHO] * us[i]
                        floors[i] = _least(need, risk[i], betrayed[i]) + error[i] * (1.0 - caucus * (1.0 - us[i]))
                    before, refused = refused, -1.0
                    text = _formulated(aims, care, floors, mediator[7:9], worth)
                    if text >= 0.0 and not (misjudgement > 0.0 and before >= 0.0 and _same(aims, care, text, before)):
                        author, refused = 2, text
                        break
            if author >= 0:
                agreed = True
                offers = np.ones(2, np.bool_)
                for i in range(2):
                    author_distrust = us[i] if author == 2 else (d[i] if author != i else 0.0)
                    value = worth[i] + risk[i] * min(betrayed[i] - worth[i], 0.0)
                    seen[i] = value - party[i, RHO] * author_distrust
                    if author != i:
                        number = luck.random()
                        candour = caucus * (1.0 - us[i]) * (asks[i] - least[i]) if author == 2 else 0.0
                        short = sharpness * (asks[i] - seen[i]) / (1.0 - risk[i])
                        eased = sharpness * (asks[i] - candour - seen[i]) / (1.0 - risk[i])
                        offers[i] = number < 1.0 / (1.0 + math.exp(short))
                        agreed = agreed and number < 1.0 / (1.0 + math.exp(eased))
                if agreed and not declared:
                    kept = _kept(luck, party, worth, war, d, world, peace, periods)
                    return SETTLEMENT, t, kept, worth[0], worth[1]
            if author >= 0 and not declared:
                for i in range(2):
                    j = 1 - i
                    if author == i:
                        room = 1.0 - best[i]
                        size = min(max((last[i] - worth[j]) / room, 0.0), 1.0) if room > 0.0 else 0.0
                        last[i] = worth[j]
                        d[j] += party[j, RESENT] * size * (1.0 - d[j])
                        ours[i] += our_loss * size * (1.0 - ours[i])
                    if offers[i] and worth[j] > best[i]:
                        size = min((worth[j] - best[i]) / (1.0 - best[i]), 1.0)
                        best[i] = worth[j]
                        d[j] *= 1.0 - party[j, GAIN] * size
                        ours[i] *= 1.0 - our_gain * size
                if author == 2:
                    for i in range(2):
                        floor = _least(least[i], risk[i], betrayed[i])
                        if worth[i] < floor:
                            span = floor - (1.0 - path[i])
                            short = min((floor - worth[i]) / span, 1.0) if 0.0 < span < np.inf else 1.0
                            us[i] += party[i, RESENT] * short * (1.0 - us[i])
                        elif floor < 1.0:
                            us[i] *= 1.0 - party[i, GAIN] * (worth[i] - floor) / (1.0 - floor)
            if direct:
                for i in range(2):
                    d[i] *= 1.0 - party[i, GAIN] * rapport
                    ours[i] *= 1.0 - our_gain * rapport
            if author >= 0 and not declared:
                for i in range(2):
                    if author != i and seen[i] < war[i]:
                        hazard = party[i, NU] * min(t / party[i, PACE], 1.0) * (war[i] - seen[i])
                        if luck.random() < -math.expm1(-hazard):
                            return WALKOUT, t, -1, 0.0, 0.0
        if luck.random() < world[7]:
            return OVERTAKEN, t, -1, 0.0, 0.0
        if present and luck.random() < -math.expm1(-our_impatience * 0.5 * (ours[0] + ours[1])):
            present = False
        if t >= deadline:
            return IMPASSE, t, -1, 0.0, 0.0
    return OPEN, rounds, -1, 0.0, 0.0


@njit(error_model="numpy")
def _least(worth: float, risk: float, betrayed: float) -> float:
    """Return the least utility at which signing is worth so much: betrayal counts for no more than the terms."""
    if worth <= betrayed:
        return worth
    return (worth - risk * betrayed) / (1.0 - risk) if risk < 1.0 else math.inf


@njit(error_model="numpy")
def _same(aims: Any, care: Any, one: float, other: float) -> bool:
    """Whether two texts of the contract curve, named by the first party's share, are the same terms."""
    for k in range(aims.shape[1]):
        first = one * care[0, k] / (one * care[0, k] + (1.0 - one) * care[1, k])
        second = other * care[0, k] / (other * care[0, k] + (1.0 - other) * care[1, k])
        if abs((first - second) * (aims[0, k] - aims[1, k])) > NO_NEW_TEXT:
            return False
    return True


@njit(error_model="numpy")
def _formulated(aims: Any, care: Any, floors: Any, bias: Any, worth: Any) -> float:
    """Write what the mediator's text is worth into `worth` and return the first party's share of it, −1 without one.

    Newton's method on the contract curve.
    """
    if math.isinf(floors[0]) or math.isinf(floors[1]):
        return -1.0
    room, power = np.empty(2), np.empty(2)
    for i in range(2):
        room[i] = 1.0 - floors[i]
        power[i] = max(1.0 + bias[i], 1e-8)
    low, high = 0.0, 1.0
    s: float = power[0] / (power[0] + power[1])
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
            return -1.0
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
            return s
        s = better
    return -1.0


@njit(error_model="numpy")
def _kept(luck: Any, party: Any, worth: Any, war: Any, d: Any, world: Any, peace: Any, periods: int) -> int:
    """Return how many periods a settlement holds; distrust `d` goes on moving."""
    drift, volatility, severity = world[2], world[3], world[4]
    front, violations, monitoring = peace[0], peace[1], peace[2]
    by_type = math.inf
    for i in range(2):
        breach = 1.0 - party[i, TYPE]
        if breach >= 1.0:
            by_type = min(by_type, 1.0)
        elif breach > 0.0:
            by_type = min(by_type, max(math.ceil(math.log1p(-luck.random()) / math.log1p(-breach)), 1.0))
    moved = 0.0
    for period in range(1, periods + 1):
        moved += front * (drift + volatility * luck.standard_normal())
        for j in range(2):
            i = 1 - j
            if luck.random() < violations * world[5 + j]:
                d[i] += party[i, RESENT] * severity * (1.0 - d[i])
            elif monitoring > 0.0 and d[i] < 1.0:
                d[i] = d[i] * (1.0 - monitoring) / (d[i] * (1.0 - monitoring) + 1.0 - d[i])
        for i in range(2):
            fallback = war[i] + party[i, FRONT] * moved
            fear = d[i] * max(worth[i] - (fallback - party[i, LOSS]), 0.0)
            if fallback - (worth[i] - fear) > TIE:
                return period - 1
        if period >= by_type:
            return period - 1
    return periods
