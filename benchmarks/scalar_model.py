"""The rules of `docs/explanation/model.md` as an ordinary Mesa model: one negotiation, plain numbers, agent by agent.

It is written from that description alone and shares no rule with `sim.negotiation`, so that the two can be held
against each other: for speed (`run.py`) and as a second opinion on the rules (`second_opinion.py`). A mediator
that tables texts of its own must have two parties before it and no stake in the terms.
"""

from __future__ import annotations

import math
from random import Random
from typing import Any

import mesa
from scalar_agents import Actor, Mediator, Party, Text
from scalar_inputs import Inputs

TIE = 1e-9
"""Breaking must gain more than this: an author's own text may be worth just what war is."""


class ScalarNegotiation(mesa.Model):  # type: ignore[misc]
    """One negotiation; a step is a round.

    `run` numbers it within the ensemble and, with the scenario's seed, decides its luck; `rng` is there because newer
    versions of Mesa's `batch_run` pass it. `record` is None until the negotiation has ended.
    """

    random: Random
    steps: int

    def __init__(self, inputs: Inputs, run: int = 0, rng: object = None) -> None:
        super().__init__(rng=(inputs.seed << 32) + run)
        self.inputs = inputs
        self.numbers = inputs.draw(self.random)
        self.style = inputs.style
        self.deadline = self.numbers.get("deadline", math.inf)
        self.battlefield = 0.0
        self.guarantees = {name: self.numbers[f"guarantors.{name}"] for name in inputs.guarantors}
        self.parties = [Party(self, name) for name in inputs.parties]
        for party in self.parties:
            party.meet([other for other in self.parties if other is not party])
        self.mediator = Mediator(self, inputs.mediator) if inputs.mediator is not None else None
        self.mediator_left = 0
        self.sessions = {"direct": 0, "mediated": 0, "silent": 0}
        self.start = self.draw("floor")
        places = {party.name: self.draw("place", party) for party in self.parties}
        self.order = sorted(self.parties, key=lambda party: places[party.name])
        self.record: dict[str, Any] | None = None
        self.datacollector = mesa.DataCollector(model_reporters={"record": "record"})

    @property
    def observers(self) -> list[Actor]:
        """Everybody who distrusts the parties."""
        return [*self.parties] if self.mediator is None else [*self.parties, self.mediator]

    def draw(self, decision: str, actor: Actor | None = None) -> float:
        """Return the luck, from 0 to 1, of an actor's decision: plain random numbers, whatever is decided."""
        return self.random.random()

    def deviate(self, decision: str) -> float:
        """Return the luck, a standard normal number, of something that is decided once."""
        return self.random.gauss(0.0, 1.0)

    def violated(self, party: Party, period: int) -> float:
        """Return the luck, from 0 to 1, of whether a party violates the peace in a period after signing."""
        return self.random.random()

    def shock(self, period: int = 0) -> float:
        """Return the battlefield's luck, a standard normal number; periods after signing count from 1."""
        return self.random.gauss(0.0, 1.0)

    def seats(self) -> list[Party | Mediator]:
        """Who has the floor in turn."""
        if self.mediator is None or self.style == "facilitation":
            return [*self.order]
        return [*self.order, self.mediator]

    def step(self) -> None:
        """Play one round."""
        self.world()
        session = self.convene()
        self.sessions[session] += 1
        for party in self.parties:
            party.perceived = None
        if session == "silent" or not self.talk(meeting=session == "direct"):
            self.leave()
        self.datacollector.collect(self)

    def world(self) -> None:
        """Let the war go on, and happen what is to happen this round."""
        numbers = self.numbers
        self.battlefield += numbers["battlefield.drift"] + numbers["battlefield.volatility"] * self.shock()
        for party in self.parties:
            if self.draw("incident", party) < numbers[f"incidents.rate.{party.name}"]:
                self.hostile_act(party.name, numbers["incidents.severity"])
        for event in self.inputs.events.get(self.steps, ()):
            if event.kind == "incident":
                self.hostile_act(event.by, numbers[event.number])
            elif event.kind == "signal":
                for observer in self.observers:
                    if observer.name != event.by:
                        observer.reassured(event.by, numbers[event.number])
            elif event.word is not None:
                self.style = event.word
            else:
                self.change(event.target, numbers[event.number])

    def hostile_act(self, by: str, severity: float) -> None:
        """Let everybody else see a hostile act."""
        for observer in self.observers:
            if observer.name != by:
                observer.resent(by, severity)

    def change(self, path: str, number: float) -> None:
        """Set a parameter to a new number."""
        self.numbers[path] = number
        key, *names = path.split(".")
        if key == "distrust":
            for observer in self.observers:
                if observer.name == names[0]:
                    observer.distrust[names[1]] = number
        elif key == "guarantors" and names[0] in self.guarantees:
            self.guarantees[names[0]] = number
        for observer in self.observers:
            observer.read()

    def convene(self) -> str:
        """Return who meets whom: `direct`, `mediated` or `silent`."""
        if all(party.ready() for party in self.parties):
            return "direct"
        mediator = self.mediator
        if mediator is not None and all(party.takes_channel(mediator) for party in self.parties):
            return "mediated"
        return "silent"

    def talk(self, meeting: bool) -> bool:
        """Table a text, hear the answers, learn; return whether it is signed."""
        for party in self.parties:
            party.appraise()
        author, text = self.table()
        accepting: list[Party] = []
        if author is not None and text is not None:
            responding = [party for party in self.parties if party is not author]
            accepting = [party for party in responding if party.accepts(text, author)]
            if isinstance(author, Party) and author.declares:
                for party in responding:  # a declaration: nobody takes it as an offer, or leaves over it
                    party.perceived = None
            elif len(accepting) == len(responding):
                self.settle(author, text)
                return True
            else:
                self.learn(author, text, [party for party in accepting if party.offers])
        if meeting:
            for observer in self.observers:
                for party in self.parties:
                    if party is not observer:
                        observer.trust(party.name, self.numbers["rapport"])
        return False

    def table(self) -> tuple[Party | Mediator | None, Text | None]:
        """Return the author and the text of this round: whoever first has something to table, from the holder on."""
        seats = self.seats()
        holder = (int(self.start * len(seats)) + self.steps - 1) % len(seats)
        for author in (*seats[holder:], *seats[:holder]):
            text = author.propose()
            if text is not None:
                return author, text
        return None, None

    def learn(self, author: Party | Mediator, text: Text, accepting: list[Party]) -> None:
        """Let everybody draw conclusions from what was offered; accepting a text is offering it."""
        offering = [*accepting, author] if isinstance(author, Party) else accepting
        for party in offering:
            sizes = [party.progress(receiver, text) for receiver in party.others]
            for receiver, size in zip(party.others, sizes, strict=True):
                receiver.trust(party.name, size)
            if self.mediator is not None:
                self.mediator.trust(party.name, sum(sizes) / len(sizes))
        if isinstance(author, Party):
            sizes = [author.retreat(receiver, text) for receiver in author.others]
            for receiver, size in zip(author.others, sizes, strict=True):
                receiver.resent(author.name, size)
            if self.mediator is not None:
                self.mediator.resent(author.name, sum(sizes) / len(sizes))
            author.last_text = text
        else:
            author.refused = text
            for party in self.parties:
                party.judge(author, text)

    def leave(self) -> None:
        """Let those go who have had enough, and end the talks when they are pointless or time is up."""
        leaving = [party for party in self.parties if party.walks_out()]
        if leaving:
            self.finish("walkout", by=self.random.choice(leaving).name)
            return
        if self.draw("overtaken") < self.numbers["overtaken"]:
            self.finish("overtaken")
            return
        if self.mediator is not None and self.mediator.gives_up():
            self.guarantees.pop(self.mediator.name, None)
            self.mediator, self.mediator_left = None, self.steps
        if self.steps >= self.deadline:
            self.finish("impasse")
        elif self.steps == self.inputs.rounds:
            self.finish("open")

    def settle(self, author: Party | Mediator, text: Text) -> None:
        """Sign, and see what becomes of it."""
        signed: dict[str, Any] = {
            f"terms.{issue}": position for issue, position in zip(self.inputs.issues, text, strict=True)
        }
        signed |= {f"utility.{party.name}": party.utility(text) for party in self.parties}
        pledges = [Pledge(self, party, text) for party in self.parties]
        signed["below_war"] = int(any(pledge.below_war for pledge in pledges))
        believed = {party.name: dict(party.distrust) for party in self.parties}
        held, cause, broken_by = self.implement(pledges)
        for party in self.parties:
            party.distrust = believed[party.name]
        self.finish("settlement", author.name, held=held, cause=cause, broken_by=broken_by, **signed)

    def implement(self, pledges: list[Pledge]) -> tuple[int, str, str]:
        """Return how many periods the settlement holds, why it breaks (nothing if it does not) and by whom."""
        uncovered = math.prod(1.0 - strength for strength in self.guarantees.values())
        failures = {
            party.name: first_success((1.0 - party.reliability) * uncovered, self.draw("breach", party))
            for party in self.parties
        }
        signed_at = self.battlefield
        for period in range(1, self.inputs.periods + 1):
            self.peace(period)
            moved = self.battlefield - signed_at
            tempted = max(pledges, key=lambda pledge: pledge.gain_by_breaking(moved, period))
            if tempted.gain_by_breaking(moved, period) > TIE:
                fear = tempted.gain_by_breaking(moved, period, fear=False) <= TIE
                return period - 1, "fear" if fear else "interest", tempted.party.name
            failing = [name for name, when in failures.items() if when == period]
            if failing:
                return period - 1, "type", self.random.choice(failing)
        return self.inputs.periods, "", ""

    def peace(self, period: int) -> None:
        """Let one period after signing pass: the front moves, the peace is violated, quiet reassures."""
        numbers = self.numbers
        step = numbers["battlefield.drift"] + numbers["battlefield.volatility"] * self.shock(period)
        self.battlefield += numbers["implementation.front"] * step
        quiet = 1.0 - numbers["implementation.monitoring"]
        for party in self.parties:
            rate = numbers["implementation.violations"] * numbers[f"incidents.rate.{party.name}"]
            if self.violated(party, period) < rate:
                self.hostile_act(party.name, numbers["incidents.severity"])
            elif quiet < 1.0:
                for other in party.others:
                    other.reassured(party.name, quiet)

    def finish(self, outcome: str, by: str = "", held: int = -1, **more: Any) -> None:
        """End the negotiation and write down how it went."""
        self.running = False
        believed = {
            f"distrust.{party.name}.{other}": distrust
            for party in self.parties
            for other, distrust in party.distrust.items()
        }
        ended = {"outcome": outcome, "by": by, "round": self.steps, "mediator_left": self.mediator_left, "held": held}
        self.record = {**ended, **self.sessions, **more, **believed}


class Pledge:
    """What keeps a party to terms it has signed; all but the front and its belief in the others is as at signing."""

    def __init__(self, model: ScalarNegotiation, party: Party, text: Text) -> None:
        self.party, self.utility, self.reward = party, party.utility(text), party.reward
        self.war, self.front, self.betrayal_loss = party.war_value, party.front, party.betrayal_loss
        self.decay = 0.0 if model.mediator is None else model.mediator.leverage_decay
        self.deterrent = model.numbers["implementation.penalty"] * (
            1.0 - math.prod(1.0 - strength for strength in model.guarantees.values())
        )
        self.unassured = party.unassured
        self.below_war = party.value(self.utility) + party.reward < self.war - TIE

    def gain_by_breaking(self, moved: float, period: int, fear: bool = True) -> float:
        """Return by how much breaking beats keeping, with what is left of leverage and with or without fear."""
        war = self.war + self.front * moved
        risk = 1.0 - math.prod(1.0 - self.party.distrust[other.name] * self.unassured for other in self.party.others)
        betrayed = min(war - self.betrayal_loss, self.utility)
        value = self.utility - (risk * (self.utility - betrayed) if fear else 0.0)
        return war - value - self.reward * math.exp(-self.decay * period) - self.deterrent


def first_success(chance: float, luck: float) -> float:
    """Return the number of the first of many trials that succeeds, infinite if none can; `luck` from 0 to 1 decides."""
    if chance <= 0.0:
        return math.inf
    if chance >= 1.0:
        return 1.0
    return 1.0 + math.floor(math.log1p(-luck) / math.log1p(-chance))
