"""Possible values of the parameters in the runs of a scenario, and what can follow from them, such as distrust.

Everything errs on one side: what is said to be impossible happens in no run; what is said to be possible may not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from math import ceil, inf

from sim.scenario.model.parameters import parameters
from sim.scenario.model.quantities import Quantity
from sim.scenario.model.schema import Scenario

QUICKEST = 100.0
"""A pace of concessions up to which each round's offer differs from the last by more than rounding."""

_NOTHING = (0.0, 0.0)


class Possible:
    """Possible values of the parameters at any time in any run of some scenarios, and what follows from them.

    Several scenarios are one at several design points: they have the same parties and issues. Ranges count from end to
    end, and so does whatever events set.
    """

    def __init__(self, cases: Sequence[Scenario]) -> None:
        first = cases[0]
        self.parties = tuple(first.parties)
        self.issues = tuple(first.issues)
        self.events = first.events
        self.mediator = next((case.mediator.name for case in cases if case.mediator), None)
        self.guarantors = tuple(dict.fromkeys(name for case in cases for name in case.guarantors))
        self.rounds = max(int(case.rounds) for case in cases)
        self.latest_deadline = max(inf if case.deadline is None else case.deadline.high for case in cases)
        self._ends: dict[str, tuple[float, float]] = {}
        self._words: dict[str, set[str]] = {}
        for case in cases:
            for path, parameter in parameters(case).items():
                self._add(path, parameter.quantity or parameter.value)
            for event in case.events:
                for path, value in event.set.items():
                    self._add(path, value)

    def _add(self, path: str, value: object) -> None:
        """Take a value among those that a parameter may have."""
        if isinstance(value, str):
            self._words.setdefault(path, set()).add(str(value))
            return
        low, high = (value.low, value.high) if isinstance(value, Quantity) else (float(value), float(value))  # type: ignore[arg-type]
        before = self._ends.get(path, (low, high))
        self._ends[path] = min(low, before[0]), max(high, before[1])

    def low(self, path: str) -> float:
        """Return the least that a number may be, 0 for one that does not exist."""
        return self._ends.get(path, _NOTHING)[0]

    def high(self, path: str) -> float:
        """Return the most that a number may be, 0 for one that does not exist."""
        return self._ends.get(path, _NOTHING)[1]

    def used(self, path: str) -> bool:
        """Whether a number, or any of those below a path, may be other than 0."""
        return path in self._used

    @cached_property
    def _used(self) -> set[str]:
        """The paths of all numbers that may be other than 0, and of all groups that hold one."""
        keys = (path.split(".") for path, ends in self._ends.items() if ends != _NOTHING)
        return {".".join(each[: length + 1]) for each in keys for length in range(len(each))}

    @property
    def last_round(self) -> float:
        """The last round that any run can have: that of the watch, or of the deadline."""
        return min(self.rounds, ceil(min(self.latest_deadline, self.rounds)))

    def slowest(self, party: str) -> float:
        """Return the latest week in which a party may come to concede all that it can."""
        return min(self.high(f"parties.{party}.pace"), self.latest_deadline)

    def used_below(self, group: str) -> list[str]:
        """Return the paths of the numbers in a group that may be other than 0."""
        within = f"{group}."
        return [path for path, ends in self._ends.items() if path.startswith(within) and ends != _NOTHING]

    @cached_property
    def styles(self) -> set[str]:
        """The styles that the mediator may have."""
        return self._words.get("mediator.style", set())

    @property
    def drafts(self) -> bool:
        """Whether the mediator may table texts."""
        return bool(self.styles - {"facilitation"})

    # --- who distrusts whom ---

    @property
    def learners(self) -> tuple[str, ...]:
        """Everybody who distrusts: the parties, and the mediator if there is one."""
        return (*self.parties, *([self.mediator] if self.mediator else []))

    def prefix(self, learner: str) -> str:
        """Return the path below which an actor's own numbers stand."""
        return "mediator" if learner == self.mediator else f"parties.{learner}"

    def others(self, party: str) -> Iterator[str]:
        """Yield the other parties."""
        return (other for other in self.parties if other != party)

    def distrusts(self, holder: str, other: str) -> bool:
        """Whether anybody may ever distrust another at all."""
        raised = self.resents(holder) and self.offends(other)
        return self.high(f"distrust.{holder}.{other}") > 0 or raised

    def certain(self, holder: str, other: str) -> bool:
        """Whether somebody is always certain of another's bad faith, whatever happens: nothing lowers distrust of 1."""
        return self.low(f"distrust.{holder}.{other}") == 1 and not self.used(f"{self.prefix(holder)}.trust_gain")

    def resents(self, holder: str) -> bool:
        """Whether hostile acts may raise somebody's distrust."""
        return self.used(f"{self.prefix(holder)}.trust_loss")

    def offends(self, actor: str) -> bool:
        """Whether somebody may ever do anything hostile: an incident, an offer taken back, a text that falls short."""
        if actor == self.mediator:
            return self.drafts
        return actor in self.parties and (self.attacks(actor) or self._takes_back)

    def attacks(self, party: str) -> bool:
        """Whether there may be an incident by a party, by chance or as an event."""
        return self.attacks_by_chance(party) or any(
            event.incident is not None and event.incident.by == party and self.used(f"events.{number}.incident")
            for number, event in enumerate(self.events)
        )

    def attacks_by_chance(self, party: str) -> bool:
        """Whether a party may do anything hostile by chance: such acts go on, as violations, after a signature."""
        return self.used(f"incidents.rate.{party}") and self.used("incidents.severity")

    @cached_property
    def _takes_back(self) -> bool:
        """Whether a party may ever offer another less than before.

        Between two parties offers rise with the clock, with war costs and with falling distrust, whatever the draws. So
        something else must make a party ask for more.
        """
        return (
            len(self.parties) > 2
            or any(event.set for event in self.events)
            or any(self.attacks(party) for party in self.parties)
            or any(self.high(f"parties.{party}.concession") > QUICKEST for party in self.parties)
            or self.war_moves
            or self.drafts
            or (self.mediator in self.guarantors and self.leaves)
        )

    def risks(self, party: str) -> bool:
        """Whether a party may ever fear betrayal by another party."""
        return any(self.distrusts(party, other) for other in self.others(party))

    # --- what happens ---

    @cached_property
    def leaves(self) -> bool:
        """Whether the mediator may give up."""
        return not self.patient and any(self.distrusts(self.mediator or "", p) for p in self.parties)

    @property
    def patient(self) -> bool:
        """Whether the mediator never gives up, whatever it comes to believe."""
        return not self.used("mediator.impatience")

    @cached_property
    def war_moves(self) -> bool:
        """Whether the battlefield may move what no settlement is worth to some party."""
        return self.used("battlefield") and any(self.used(f"parties.{party}.front") for party in self.parties)

    def stays_away(self, party: str) -> bool:
        """Whether a party may ever be unwilling to meet the others, if nobody convenes it."""
        return self.used(f"parties.{party}.contact_aversion") and self.risks(party)

    @cached_property
    def all_meet(self) -> bool:
        """Whether all parties meet face to face in every round, whatever the mediator does."""
        return not any(self.stays_away(party) for party in self.parties)

    def presses(self, party: str) -> bool:
        """Whether leverage may make signing worth more to a party."""
        mediator = self.mediator or ""
        used = "manipulation" in self.styles and self.used(f"mediator.leverage.{party}")
        return used and not self.certain(party, mediator)

    @property
    def pressed(self) -> bool:
        """Whether leverage may press anybody at all."""
        return any(self.presses(party) for party in self.parties)

    @property
    def opens(self) -> bool:
        """Whether it may matter to a meeting that there is a mediator: its channel, or its power to convene."""
        return not self.all_meet and (self.used("mediator.shuttle") or self.used("mediator.convening"))

    @property
    def mediates(self) -> bool:
        """Whether the mediator may have any influence on how talks end."""
        return self.mediator is not None and (self.drafts or self.opens or self.used(f"guarantors.{self.mediator}"))

    # --- after the signature ---

    @property
    def guaranteed(self) -> bool:
        """Whether some guarantor always takes away the whole risk of betrayal, in fact."""
        return any(
            self.low(f"guarantors.{name}") == 1 and not (name == self.mediator and self.leaves)
            for name in self.guarantors
        )

    def unreliable(self, party: str) -> bool:
        """Whether a party may break a settlement because it is of the kind that does."""
        return self.low(f"parties.{party}.reliability") < 1 and not self.guaranteed

    def tempted(self, party: str) -> bool:
        """Whether a settlement that was worth signing may come to be worth less to a party than breaking it."""
        moved = self.used("implementation.front") and self.used("battlefield") and self.used(f"parties.{party}.front")
        return self.presses(party) or moved or self.frightened(party, self.high("implementation.violations"))

    def frightened(self, party: str, violations: float) -> bool:
        """Whether violations, at a share of the rate of hostile acts in wartime, may raise a party's distrust."""
        learns = violations > 0 and self.resents(party)
        return learns and any(self.attacks_by_chance(other) for other in self.others(party))

    def breaks(self, party: str) -> bool:
        """Whether a party may ever break a settlement that was worth signing: by type, or by interest."""
        return self.unreliable(party) or self.tempted(party)
