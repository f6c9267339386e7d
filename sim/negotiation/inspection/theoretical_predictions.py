"""Theoretical predictions for a scenario without simulation: floors, zone of agreement, critical distrust, guarantee.

The guarantee is the least that a settlement needs. Beliefs stay as they are and decisions are sharp, so this is the
frame in which the runs move, not a shortcut to their result. The rules are those of the model: the same agents reckon,
at many levels of distrust at once.
Sources: commitment (Fearon 1995; Powell 2006), guarantees (Walter 1997), authorship (Ross & Stillinger 1991).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.negotiation.bargaining.nash_text import margin_of_zone, nash_text
from sim.negotiation.bargaining.quadratic_loss import THINNEST
from sim.negotiation.bargaining.zone_of_agreement import bound_floors
from sim.negotiation.equations import rules
from sim.negotiation.equations.linear_systems import total
from sim.negotiation.equations.rules import Real
from sim.negotiation.model import Negotiation
from sim.negotiation.randomness.assumption_draws import draw_assumptions, list_range_streams
from sim.scenario.loading.assignment import central
from sim.scenario.model.schema import Scenario

Array = NDArray[np.float64]
Bools = NDArray[np.bool_]

_HALVINGS = 40
_DRAWS = 1000
_GUARANTEE = "a further guarantor"
_MANY = 6  # players from which a zone is looked for without the Nash text, whose cost goes with their cube
_MOST_PRICES, _CLOSE = 30, 1e-9
_BEYOND = 1e6  # stands for a floor that any utility, or none, can clear


@dataclass(frozen=True)
class Interval:
    """Range of a theoretical prediction over the scenario's assumptions: its middle 90 %.

    Also the share of draws in which the predicted quantity exists at all.
    """

    low: float | None
    high: float | None
    exists: float


@dataclass(frozen=True)
class Theory:
    """Theoretical predictions for a scenario at the middle of every range, in the first round.

    `floors`: least utility each party could sign for; `zone`: whether some terms clear all of them, and `nash` those in
    the middle (by issue), if any; `critical`: mutual distrust up to which a settlement is possible at all in `direct`
    talks, by a `mediator`'s text, and with the scenario's guarantees (`guaranteed`: by a mediator's text if it tables
    any), None where nothing is possible even without distrust; ways for which the scenario has no tool are left out;
    `floors` is None for a party that nothing could make sign; `least_guarantee`: strength of one further, fully
    believed guarantor that a zone needs at the scenario's own distrust (0 if it has one, None if none is enough);
    `spread`: the same over the scenario's ranges, by the keys of `critical`, "least_guarantee" and "zone".
    """

    floors: dict[str, float | None]
    zone: bool
    nash: dict[str, float] | None
    critical: dict[str, float | None]
    least_guarantee: float | None
    spread: dict[str, Interval]


class CriticalDistrust(NamedTuple):
    """Theoretical predictions of critical distrust by way, and their spread, as in `Theory`."""

    critical: dict[str, float | None]
    spread: dict[str, Interval]


def analyse(case: Scenario) -> Theory:
    """Return the theoretical predictions for a scenario: floors, zone of agreement, critical distrust and so on."""
    point, many = _frames(case)
    critical, spread = _critical(point, many)
    spread["least_guarantee"] = _interval(many.least_guarantee())
    share = float(np.mean(many.has_zone()))
    spread["zone"] = Interval(None, None, share)
    exists, terms = point.zone()
    return Theory(
        floors=point.floors(),
        zone=bool(exists[0]),
        nash=dict(zip(point.model.issues, (float(x[0]) for x in terms), strict=True)) if exists[0] else None,
        critical=critical,
        least_guarantee=_number(point.least_guarantee()[0]),
        spread=spread,
    )


def critical_distrust(case: Scenario) -> CriticalDistrust:
    """Return those theoretical predictions for a scenario that are of critical distrust, and take half of the time."""
    return _critical(*_frames(case))


def _frames(case: Scenario) -> tuple[_Frame, _Frame]:
    """Return a scenario with every range at its middle, and in draws from its ranges."""
    middle = central(case)
    draws = _DRAWS if list_range_streams(case) else 1
    return (
        _Frame(middle, draw_assumptions(middle, np.arange(1)), 1),
        _Frame(case, draw_assumptions(case, np.arange(draws)), draws),
    )


def _critical(point: _Frame, many: _Frame) -> CriticalDistrust:
    """Return the critical distrust of each way, and the same over the scenario's ranges."""
    return CriticalDistrust(
        {name: _number(values[0]) for name, values in point.critical().items()},
        {name: _interval(values) for name, values in many.critical().items()},
    )


def nash_solution(case: Scenario) -> dict[str, float] | None:
    """Return the theoretical Nash bargaining solution of a scenario: the terms with the greatest product of gains.

    Gains are over no settlement, terms by issue; None if not all can gain. Every range at its middle, in the first
    round, without any regard to distrust. Source: Nash (1950).
    """
    middle = central(case)
    frame = _Frame(middle, draw_assumptions(middle, np.arange(1)), 1)
    frame._reckon(None, {})
    alone = {name: party.worth_of_none for name, party in frame.parties.items()}
    text = nash_text(frame.model.space, dict.fromkeys(frame.parties, 1.0), alone, frame.everywhere)
    if not text.exists[0]:
        return None
    return dict(zip(frame.model.issues, (float(np.ravel(x)[0]) for x in text.terms), strict=True))


def ways_open(case: Scenario, values: Mapping[str, Any], runs: int) -> dict[str, Bools]:
    """Return, as a theoretical prediction, where each way to a settlement is open at the distrust in `values`.

    By way: (runs,) each. `values` has every parameter path with a number or an array of shape (runs,), at most a block.
    The ways are those of `Theory.critical`; those for which the scenario has no tool are left out.
    """
    frame = _Frame(case, values, runs)
    found = {
        way: frame._cleared(frame._drafted(None, guarantees)) if drafted else frame._direct(None, guarantees)
        for way, (drafted, guarantees) in frame.ways().items()
    }
    return {way: np.broadcast_to(possible, runs) for way, possible in found.items()}


class _Frame:
    """The agents of a scenario before its first round, in `runs` draws of its assumptions."""

    def __init__(self, case: Scenario, values: Mapping[str, Any], runs: int) -> None:
        self.model = Negotiation(case, runs, values=values)
        self.parties, self.mediator = self.model.parties, self.model.mediator
        self.runs = runs
        self.everywhere = np.arange(runs)
        self.own = {name: dict(party.distrust) for name, party in self.parties.items()}
        for party in self.parties.values():
            party.distrust[_GUARANTEE] = np.zeros(runs)

    def floors(self) -> dict[str, float | None]:
        """Return each party's floor in the first run, the scenario's guarantees counted; None if out of all reach."""
        self._reckon(None, self.model.guarantees())
        floors = {name: float(np.ravel(floor)[0]) for name, floor in self._floors().items()}
        return {name: floor if abs(floor) < _BEYOND else None for name, floor in floors.items()}

    def zone(self) -> tuple[Bools, list[Array]]:
        """Return where some terms clear every floor at the scenario's own distrust, and the Nash terms there."""
        self._reckon(None, self.model.guarantees())
        text = nash_text(self.model.space, dict.fromkeys(self.parties, 1.0), self._floors(), self.everywhere)
        return text.exists, [np.asarray(x) for x in text.terms]

    def has_zone(self) -> Bools:
        """Return where some terms clear every floor at the scenario's own distrust, (runs,)."""
        self._reckon(None, self.model.guarantees())
        return self._cleared(self._floors())

    def ways(self) -> dict[str, tuple[bool, Mapping[str, Real]]]:
        """Return the ways to a settlement that there are: whether by a mediator's text, and under which guarantees."""
        guarantees, drafts = self.model.guarantees(), self.model.drafter is not None
        found: dict[str, tuple[bool, Mapping[str, Real]]] = {"direct": (False, {})}
        if drafts:
            found["mediator"] = True, {}
        if any(np.any(strength) for strength in guarantees.values()):
            found["guaranteed"] = drafts, guarantees
        return found

    def critical(self) -> dict[str, Array]:
        """Return the greatest mutual distrust at which each way is open, (runs,); NaN if at none."""
        return {
            way: self._greatest_drafted(partial(self._drafted, guarantees=guarantees))
            if drafted
            else self._greatest(partial(self._direct, guarantees=guarantees))
            for way, (drafted, guarantees) in self.ways().items()
        }

    def least_guarantee(self) -> Array:
        """Return the least strength of a further, fully believed guarantor that opens a zone, (runs,); NaN if none."""
        guarantees = self.model.guarantees()

        def floors(gap: Array) -> Mapping[str, Real]:
            return self._drafted(None, {**guarantees, _GUARANTEE: 1.0 - gap})

        return 1.0 - self._greatest_drafted(floors)

    def _greatest(self, possible: Callable[[Array], Bools]) -> Array:
        """Return the greatest number in [0, 1] up to which something is possible, (runs,); NaN where it never is."""
        low, high = np.zeros(self.runs), np.ones(self.runs)
        never, always = ~possible(low), possible(high)
        for _ in range(_HALVINGS):
            middle = 0.5 * (low + high)
            yes = possible(middle)
            low, high = np.where(yes, middle, low), np.where(yes, high, middle)
        return np.where(never, np.nan, np.where(always, 1.0, 0.5 * (low + high)))

    def _greatest_drafted(self, floors: Callable[[Array], Mapping[str, Real]]) -> Array:
        """Return the greatest number in [0, 1] up to which some terms clear the floors that go with it; as `_greatest`.

        Of many players by prices: those of the terms that come closest rule out all numbers beyond the one at which
        they do not any more, where the next prices are found; a handful of them lead to the same answer. Source: the
        method of Dinkelbach (1967).
        """
        if len(self.parties) < _MANY:
            return self._greatest(lambda number: self._cleared(floors(number)))
        space, greatest = self.model.space, np.ones(self.runs)
        never = margin_of_zone(space, floors(0.0 * greatest), self.everywhere).surplus <= THINNEST
        closest = margin_of_zone(space, floors(greatest), self.everywhere)
        prices, reach = closest.prices, closest.reach

        def within_reach(number: Array) -> Bools:
            asked = total(prices * np.array([np.broadcast_to(f, self.runs) for f in bound_floors(floors(number))]))
            return np.asarray(reach - asked > THINNEST)

        going = np.flatnonzero(~never & (closest.surplus <= THINNEST))
        for _ in range(_MOST_PRICES):
            nearer = np.minimum(greatest, np.nan_to_num(self._greatest(within_reach)))
            going = going[greatest[going] - nearer[going] > _CLOSE]
            if not going.size:
                break
            greatest[going] = nearer[going]
            closest = margin_of_zone(space, floors(greatest), going)
            prices[:, going], reach[going] = closest.prices, closest.reach
        return np.where(never, np.nan, greatest)

    def _direct(self, distrust: Array | None, guarantees: Mapping[str, Real]) -> Bools:
        """Where some party's own text, conceding all it can, is worth signing to every other party."""
        self._reckon(distrust, guarantees)
        somebody = np.zeros(self.runs, dtype=bool)
        for author, party in self.parties.items():
            share = self.model.space.concession_share(author, rules.loss_allowed(party.spare, 1.0, party.risk))
            everybody = np.broadcast_to(party.able & ~np.asarray(party.mute), self.runs).copy()
            for name in party.others:
                other = self.parties[name]
                worth = self.model.space.concession_utility(author, name, share)
                seen = rules.perceived(
                    rules.value(worth, other.betrayed, other.risk), other.devaluation, other.distrust[author], 0.0
                )
                everybody &= np.asarray(seen >= other.least)
                if not everybody.any():
                    break
            somebody |= everybody
        return somebody

    def _cleared(self, floors: Mapping[str, Real]) -> Bools:
        """Where some terms clear every floor, (runs,)."""
        if len(self.parties) < _MANY:
            return nash_text(self.model.space, dict.fromkeys(self.parties, 1.0), floors, self.everywhere).exists
        return margin_of_zone(self.model.space, floors, self.everywhere).surplus > THINNEST

    def _drafted(self, distrust: Array | None, guarantees: Mapping[str, Real]) -> Mapping[str, Real]:
        """Return the floors of a mediator's text (plain floors without a mediator)."""
        self._reckon(distrust, guarantees)
        if self.model.drafter is None:
            return self._floors()
        return {name: self.model.drafter.floor(party, self.everywhere) for name, party in self.parties.items()}

    def _floors(self) -> dict[str, Real]:
        """Return each party's floor as it reckons now; within bounds that stand for "any" and "no" utility."""
        return {
            name: np.clip(rules.floor(party.least, party.betrayed, party.risk), -_BEYOND, _BEYOND)
            for name, party in self.parties.items()
        }

    def _reckon(self, distrust: Array | None, guarantees: Mapping[str, Real]) -> None:
        """Let the parties reckon in the first round, at a mutual distrust or (None) at the scenario's own."""
        for name, party in self.parties.items():
            for other in party.others:
                party.distrust[other] = self.own[name][other] if distrust is None else distrust
            party.reckon(1, 0.0, guarantees, 0.0)


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _interval(values: Array) -> Interval:
    there = values[~np.isnan(values)]
    if not there.size:
        return Interval(None, None, 0.0)
    low, high = np.quantile(there, (0.05, 0.95))
    return Interval(float(low), float(high), there.size / values.size)
