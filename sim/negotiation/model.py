"""The negotiation model: a Mesa model that runs the rounds in order for a whole ensemble of runs.

One step is one round of every run at once: six calls, in the order of docs/explanation/model.md. With `runs=1` it is an
ordinary Mesa model; with thousands it is the same code on longer arrays. Run n is the same run, bit for bit, in
whatever ensemble or process it is simulated.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.negotiation.agents import Guarantor, Judgement, Learner, Party, is_nothing
from sim.negotiation.attendance import all_ready, all_through, walkouts
from sim.negotiation.bargaining.settlement_space import SettlementSpace
from sim.negotiation.distrust_learning import learn_from_meeting, learn_from_offers, learn_of_mediator
from sim.negotiation.equations import rules
from sim.negotiation.equations.rules import Real
from sim.negotiation.equations.run_axis import EVERYWHERE, Places, select_runs
from sim.negotiation.implementation import Aftermath, implement
from sim.negotiation.mediator import Mediator
from sim.negotiation.mesa_core import Agent, Model
from sim.negotiation.proposals import table
from sim.negotiation.randomness.assumption_draws import draw_assumptions
from sim.negotiation.randomness.random_streams import Streams
from sim.negotiation.responses import respond_to
from sim.negotiation.run_outcomes import IMPASSE, OPEN, OVERTAKEN, SETTLEMENT, WALKOUT, Columns, Record
from sim.negotiation.scheduled_events import Act, Schedule
from sim.negotiation.signed_texts import Signatures, bind, is_below_war
from sim.scenario.model.schema import Scenario

RULES = 3
"""Version of the rules: raised whenever the same scenario and seed give other numbers."""

SILENT, MEDIATED, DIRECT = 0, 1, 2

_EXPONENT = {"linear": 1, "quadratic": 2}
_WORTH_DROPPING = 0.125  # share of finished runs from which it pays to drop them from every array

Bools = NDArray[np.bool_]


class Negotiation(Model):  # type: ignore[misc]
    """Mesa model of a negotiation that simulates runs `first` to `first + runs` of a scenario, round by round.

    All runs are within one block of `random_streams.BLOCK` runs. `case` is the scenario. `values` (every parameter path
    with a number, a word or an array of shape (runs,)) may replace what would be drawn from the scenario's ranges, and
    `stream_runs` (runs,) the numbers of the runs whose random streams these runs use, all of one block: the same random
    numbers with other assumptions, or the other way round. `rng` is only for Mesa's own tools, which insist on it:
    nothing here draws from it.

    Arrays of the model and its agents hold the runs under way: `lane` (runs under way,) gives the row of each among all
    runs, `open` whether it still goes on. `pairs` is every (holder, other) of distrust, by name. After a step,
    `session` (0 silent, 1 mediated, 2 direct), `text` and `answers` tell what happened in it. `outcomes` answers once
    `running` is False. Raises ValueError if the runs are not within one block.

    >>> from sim import Negotiation, load_scenario
    >>> model = Negotiation(load_scenario("textbook"), runs=3)
    >>> model.run_model()
    >>> list(model.outcomes()["outcome"])
    ['settlement', 'settlement', 'settlement']
    """

    running: bool
    pairs: list[tuple[str, str]]
    answers: dict[str, Judgement]

    def __init__(
        self,
        case: Scenario,
        runs: int = 1,
        first: int = 0,
        values: Mapping[str, Any] | None = None,
        stream_runs: NDArray[np.int64] | None = None,
        rng: int | None = None,
    ) -> None:
        super().__init__(rng=0 if rng is None else rng)
        self.case = case
        numbers = np.arange(first, first + runs)
        self.streams = Streams(case.seed, numbers if stream_runs is None else stream_runs)
        self.values = dict(draw_assumptions(case, numbers) if values is None else values)
        self.schedule = Schedule(case)
        self.lane = np.arange(runs)
        self.open = np.ones(runs, dtype=bool)
        self.first_floor = self.streams.uniform("floor", 1)
        self.battlefield: Real = 0.0
        names = sorted(case.parties)
        self.parties = {name: Party(self, name, [n for n in names if n != name]) for name in names}
        self.mediator = None
        if case.mediator is not None:
            self.mediator = Mediator(self, case.mediator.name, names, runs, len(case.issues))
            self.mediator.deviates = {name: self.streams.normal(f"misjudgement:{name}", 1) for name in names}
        self.guarantors = [Guarantor(self, name) for name in sorted(case.guarantors)]
        getattr(Agent, "_ids", {}).pop(self, None)  # Mesa 3.3 would keep every model alive in there
        self._adopt()
        beliefs = [path for path in sorted(self.values) if path.startswith("distrust.")]
        self.pairs = [(holder, other) for _, holder, other in (path.split(".") for path in beliefs)]
        for holder, other in self.pairs:
            believed = self.values[f"distrust.{holder}.{other}"]
            self.learners[holder].distrust[other] = np.array(np.broadcast_to(believed, runs))
        order = {name: self.streams.uniform(f"place:{name}", 1) for name in names}
        for author, party in self.parties.items():
            earlier = [order[other] < order[author] for other in party.others]
            party.place = np.count_nonzero(earlier, axis=0).astype(np.int8)
            party.declare({other: self.space.concession_utility(author, other, 0.0) for other in party.others}, runs)
        self.record = Record(first, runs, self.issues, names, self.pairs)
        self.signatures = Signatures(self.space, runs)
        self.aftermath = Aftermath(names, runs)

    # --- who is there, and what is at issue ---

    @property
    def issues(self) -> list[str]:
        """The issues, by name: the order of every list of terms."""
        return sorted(self.case.issues)

    @property
    def learners(self) -> dict[str, Learner]:
        """Everybody who distrusts, by name: the parties, and the mediator if there is one."""
        mediator = {} if self.mediator is None else {self.mediator.name: self.mediator}
        return {**self.parties, **mediator}

    @property
    def drafter(self) -> Mediator | None:
        """The mediator, if there is one that tables texts of its own."""
        return self.mediator if self.mediator is not None and self.mediator.formulates else None

    def release(self) -> None:
        """Let go of everything; the model is of no use any more.

        Mesa's models hold themselves in circles: left to the garbage collector they pile up over a long study, and
        calling it after every task costs a twentieth of the study's time.
        """
        self.__dict__.clear()

    # --- one round ---

    def step(self) -> None:
        """Play one round in every run under way; after the last one, play out what became of the settlements.

        Once `running` is False a step does nothing.
        """
        if not self.running:
            return
        self._drop_finished()
        self.move_world()
        self.convene()
        self.table()
        self.respond()
        self.learn()
        self.leave()
        self.running = bool(self.open.any())
        if not self.running:
            self._conclude()

    def move_world(self) -> None:
        """Round, part 1: the battlefield moves, hostile acts happen and are seen, scheduled events take place.

        Source: fortunes of war as a random walk (Smith & Stam 2003, 2004).
        """
        drift, volatility = self.values["battlefield.drift"], self.values["battlefield.volatility"]
        if not (is_nothing(drift) and is_nothing(volatility)):
            shock = self.streams.normal("battlefield", self.steps, self._going)
            self.battlefield = self.battlefield + drift + volatility * shock
        for name in self.parties:
            rate = self.values[f"incidents.rate.{name}"]
            if not is_nothing(rate):
                happened = np.flatnonzero(self._uniform(f"incident:{name}") < rate)
                self._see_hostility(name, select_runs(self.values["incidents.severity"], happened), happened)
        for act in self.schedule.acts(self.steps):
            self._perform(act)

    def convene(self) -> None:
        """Round, part 2: the parties meet face to face, talk through the mediator, or do not talk."""
        self.session = np.full(len(self.lane), SILENT, dtype=np.int8)
        met = all_ready(self.parties, self.mediator, self._uniform, self.open)
        self.session[met] = DIRECT
        self.record.columns["direct"][self.lane[met]] += 1
        if self.mediator is not None and not is_nothing(self.mediator.shuttle):
            silent = self.open & self.mediator.present & (self.session == SILENT)
            through = all_through(self.parties, self.mediator, self._uniform, silent)
            self.session[through] = MEDIATED
            self.record.columns["mediated"][self.lane[through]] += 1

    def table(self) -> None:
        """Round, part 3: whoever holds the floor tables one text; who has nothing to table hands the floor on."""
        for party in self.parties.values():
            support = 0.0 if self.mediator is None else self.mediator.support(party, EVERYWHERE)
            party.reckon(self.steps, self.battlefield, self.guarantees(), support)
        talking = self.session != SILENT
        self.text = table(self.space, self.parties, self.drafter, self.first_floor, self.steps, talking)

    def respond(self) -> None:
        """Round, part 4: everyone but the author accepts or refuses; what all accept is settled."""
        sharpness = select_runs(self.values["sharpness"], self.text.rows)
        self.answers = respond_to(self.text, self.parties, self.mediator, sharpness, self._uniform)
        unanimous = np.logical_and.reduce([answer.accepts for answer in self.answers.values()])
        self.offered = ~unanimous & ~self.text.declared
        if unanimous.any():
            self._sign(np.flatnonzero(unanimous))

    def learn(self) -> None:
        """Round, part 5: distrust moves by what was offered, taken back, brought by the mediator, and by meeting."""
        learn_from_offers(self.parties, self.mediator, self.text, self.answers, self.offered)
        if self.drafter is not None:
            learn_of_mediator(self.parties, self.drafter, self.space, self.text, self.offered)
            self._note_refusals(self.drafter)
        if not is_nothing(self.values["rapport"]):
            met = np.flatnonzero(self.open & (self.session == DIRECT))
            learn_from_meeting(self.learners, self.parties, select_runs(self.values["rapport"], met), met)

    def leave(self) -> None:
        """Round, part 6: parties walk out, events overtake the talks, the mediator gives up, time or the watch ends."""
        gone, who = walkouts(self.parties, self.text, self.answers, self.offered, self._uniform)
        self._end(gone, WALKOUT, who)
        if not is_nothing(self.values["overtaken"]):
            overtaken = np.flatnonzero(self._uniform("overtaken") < self.values["overtaken"])
            self._end(overtaken[self.open[overtaken]], OVERTAKEN, "")
        if self.mediator is not None and not is_nothing(self.mediator.impatience):
            hazard = rules.giving_up_hazard(self.mediator.impatience, self.mediator.mean_distrust())
            luck = self._uniform(f"leave:{self.mediator.name}")
            near = np.flatnonzero(self.open & self.mediator.present & (luck < hazard))  # the chance is less than that
            left = near[luck[near] < -np.expm1(-select_runs(hazard, near))]
            self.record.columns["mediator_left"][self.lane[left]] = self.steps
            self.mediator.present[left] = False
        if "deadline" in self.values:
            self._end(np.flatnonzero(self.open & (self.steps >= self.values["deadline"])), IMPASSE, "")
        if self.steps >= self.case.rounds:
            self._end(np.flatnonzero(self.open), OPEN, "")

    def outcomes(self) -> Columns:
        """Return one row a run: columns by name, each of shape (runs,); docs/reference/results.md says what they mean.

        Raises RuntimeError while runs are under way.
        """
        if self.running:
            raise RuntimeError("runs are still under way: call run_model() first")
        return self.record.columns

    def guarantees(self) -> dict[str, Real]:
        """Strength of each guarantor as things stand; the mediator's own is nothing once it has given up."""
        strengths = {guarantor.name: guarantor.strength for guarantor in self.guarantors}
        if self.mediator is not None and self.mediator.name in strengths:
            strengths[self.mediator.name] = strengths[self.mediator.name] * self.mediator.present
        return strengths

    # --- parts of a round ---

    def _adopt(self) -> None:
        """Let everybody take over the present values of the parameters."""
        for actor in (*self.learners.values(), *self.guarantors):
            actor.adopt(self.values)
        players = {name: f"parties.{name}" for name in self.parties}
        if self.mediator is not None and not is_nothing(self.mediator.stake):
            players[self.mediator.name] = "mediator"
        aims, salience = (
            {name: [self.values[f"{path}.{taste}.{issue}"] for issue in self.issues] for name, path in players.items()}
            for taste in ("aims", "salience")
        )
        self.space = SettlementSpace(aims, salience, _EXPONENT[self.case.loss], list(self.parties))

    def _perform(self, act: Act) -> None:
        """Let a scheduled act happen in every run."""
        value = self.values[act.source]
        if act.kind == "incident":
            self._see_hostility(act.target, value, EVERYWHERE)
        elif act.kind == "signal":
            for learner in self.learners.values():
                if act.target != learner.name:
                    learner.distrust[act.target] = np.asarray(rules.after_signal(learner.distrust[act.target], value))
        elif act.target.startswith("distrust."):
            _, holder, other = act.target.split(".")
            self.learners[holder].distrust[other] = np.array(np.broadcast_to(value, len(self.lane)))
        else:
            self.values[act.target] = value
            self._adopt()

    def _see_hostility(self, name: str, size: Real, rows: Places | slice) -> None:
        """Let everybody else see a hostile act by `name` in the runs at `rows`; `size` is a number or (rows,)."""
        for learner in self.learners.values():
            if learner.name != name:
                learner.resent(name, size, rows)

    def _note_refusals(self, drafter: Mediator) -> None:
        """Let the mediator note which of its texts were refused, if it may be wrong about what can be signed."""
        if not is_nothing(drafter.misjudgement):
            refused = self.text.of(drafter.name, self.offered)
            terms = select_runs(self.text.mediated, refused - self.text.stretches[drafter.name].start)
            drafter.note_refusals(terms, self.text.rows[refused])

    def _sign(self, which: Places) -> None:
        """Record the settlements on some of the texts (places on the table), and what binds the parties to them."""
        kept = self.text.rows[which]
        rows = self.lane[kept]
        worth = {name: self.text.worth[name][which] for name in self.parties}
        terms = self.text.terms(self.space, which)
        self.record.write(rows, {f"terms.{issue}": x for issue, x in zip(self.issues, terms, strict=True)})
        self.record.write(rows, {f"utility.{name}": worth[name] for name in self.parties})
        self.signatures.sign(rows, self.space, self.parties, worth, kept)
        below = is_below_war(self.parties, self.mediator, self.answers, which, kept)
        self.record.write(rows, {"below_war": below})
        bind(self.aftermath, rows, self.parties, self.mediator, self.guarantees(), self.values, worth, kept)
        authors = np.array(self.text.authors, dtype=object)
        self._end(kept, SETTLEMENT, authors[self.text.author[kept]])

    def _end(self, kept: NDArray[np.intp], outcome: str, by: NDArray[np.object_] | str) -> None:
        """Close the runs at the places `kept`."""
        if not kept.size:
            return
        rows = self.lane[kept]
        self.record.end(rows, outcome, by, self.steps)
        beliefs = {f"distrust.{h}.{o}": self.learners[h].distrust[o][kept] for h, o in self.pairs}
        self.record.write(rows, beliefs)
        self.open[kept] = False

    def _conclude(self) -> None:
        """Work out how good the settlements were, and play out what became of them."""
        rows = np.flatnonzero(self.record.columns["outcome"] == SETTLEMENT)
        if not rows.size:
            return
        fate = implement(self.aftermath.of(rows), self.case.implementation.periods, self.streams, rows)
        self.record.write(rows, {"efficiency": self.signatures.efficiency(rows)})
        self.record.write(rows, {"held": fate.held, "cause": fate.cause, "broken_by": fate.broken_by})

    # --- random numbers, and the runs under way ---

    def _uniform(self, name: str, rows: Places | slice = EVERYWHERE) -> NDArray[np.float64]:
        """Return the numbers in [0, 1) of a stream this round, for some of the runs under way."""
        return self.streams.uniform(name, self.steps, self._going if rows is EVERYWHERE else self.lane[rows])

    @property
    def _going(self) -> Places | slice:
        """The runs under way among all runs."""
        return EVERYWHERE if len(self.lane) == len(self.record.columns["run"]) else self.lane

    def _drop_finished(self) -> None:
        """Drop finished runs from every array once there are enough of them for it to pay."""
        finished = len(self.open) - np.count_nonzero(self.open)
        if finished <= _WORTH_DROPPING * len(self.open):
            return
        kept = np.flatnonzero(self.open)
        for holder in (*self.learners.values(), *self.guarantors, self.space):
            holder.narrow(kept)
        self.values = select_runs(self.values, kept)
        self.battlefield = select_runs(self.battlefield, kept)
        self.first_floor = self.first_floor[kept]
        self.lane, self.open = self.lane[kept], self.open[kept]
