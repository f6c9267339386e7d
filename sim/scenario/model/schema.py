"""Schema of a scenario as frozen models; parameter_glossary.py has the meaning, unit and bounds of each number."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, PrivateAttr

from sim.scenario.model import parameter_glossary as g
from sim.scenario.model.parameter_kinds import Keys, Name
from sim.scenario.model.quantities import Quantity
from sim.scenario.model.words_and_counts import Count, Word

ZERO, ONE = Quantity.fixed(0.0), Quantity.fixed(1.0)


class Part(BaseModel):
    """Base of the schema's models: frozen, and strict about its keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Issue(Part):
    """Schema of one issue on the agenda; terms say where between its poles a settlement lies."""

    low: g.Pole = ""
    high: g.Pole = ""


class PartyProfile(Part):
    """Schema of a party: what it wants, what it has without a settlement, and how it negotiates.

    Without a `pace` it has the deadline's, or a year where there is none.
    """

    aims: g.Aims
    salience: g.Salience
    reservation: g.Reservation
    betrayal_loss: g.BetrayalLoss
    concession: g.Concession = ONE
    pace: g.Pace | None = None
    precondition: g.Precondition = ZERO
    devaluation: g.Devaluation = ZERO
    contact_aversion: g.ContactAversion = ZERO
    trust_gain: g.TrustGain = ZERO
    trust_loss: g.TrustLoss = ZERO
    impatience: g.Impatience = ZERO
    war_cost: g.WarCost = ZERO
    front: g.Front = Count(0)
    reliability: g.Reliability = ONE


class MediatorProfile(Part):
    """Schema of the mediator, the third party that helps: its tools, its leaning and its patience.

    `leverage` may be written as one number for all parties; after loading it names each of them. `aims` and
    `salience` are needed only with a `stake`.
    """

    name: Name
    style: g.Style = Word("facilitation")
    shuttle: g.Shuttle = ONE
    convening: g.Convening = ZERO
    bias: g.Biases = {}
    leverage: g.Leverages = {}
    leverage_decay: g.LeverageDecay = ZERO
    aims: g.Aims = {}
    salience: g.Salience = {}
    stake: g.Stake = ZERO
    trust_gain: g.TrustGain = ZERO
    trust_loss: g.TrustLoss = ZERO
    impatience: g.GivingUp = ZERO
    caucus: g.Caucus = ZERO
    misjudgement: g.Misjudgement = ZERO


class Battlefield(Part):
    """Schema of the battlefield, the war beside the talks: a random walk that moves reservations."""

    drift: g.Drift = ZERO
    volatility: g.Volatility = ZERO


class Incidents(Part):
    """Schema of incidents: hostile acts that everybody sees, by chance."""

    rate: g.IncidentRates = {}
    severity: g.Severity = ONE


class Signal(Part):
    """Schema of a signal: a costly reassurance by a party."""

    by: g.Actor
    likelihood: g.Likelihood


class Incident(Part):
    """Schema of an incident in a known round: a hostile act by a party."""

    by: g.Actor
    severity: g.Severity = ONE


class Event(Part):
    """Schema of an event in a known round: exactly one of `signal`, `incident` and `set`.

    `set` maps parameter paths to values; after loading every path is one parameter's. `claim` and
    `assumption` speak for every number of the event that has none of its own.
    """

    round: g.EventRound
    signal: Signal | None = None
    incident: Incident | None = None
    set: dict[str, g.EventValue] = {}
    about: g.About = ""
    claim: g.Claim | None = None
    assumption: g.Assumption | None = None


class Implementation(Part):
    """Schema of the implementation: what becomes of a settlement after the signature."""

    periods: g.Periods = Count(260)
    front: g.FrontInPeace = ZERO
    violations: g.Violations = ZERO
    monitoring: g.Monitoring = ZERO
    penalty: g.Penalty = ZERO


class Scenario(Part):
    """Schema of a scenario: one question, who negotiates about what, under which assumptions."""

    title: g.Title = ""
    about: g.About = ""
    evidence: g.Evidence | None = None
    rounds: g.Rounds = Count(52)
    loss: g.Loss = Word("quadratic")
    sharpness: g.Sharpness = Quantity.fixed(40.0)
    deadline: g.Deadline | None = None
    labels: g.Labels = {}
    issues: Annotated[dict[Name, Issue], Keys("new")]
    parties: Annotated[dict[Name, PartyProfile], Keys("new")]
    distrust: g.DistrustTable
    mediator: MediatorProfile | None = None
    rapport: g.Rapport = ZERO
    guarantors: g.Guarantees = {}
    battlefield: Battlefield = Battlefield()
    incidents: Incidents = Incidents()
    overtaken: g.Overtaken = ZERO
    events: tuple[Event, ...] = ()
    implementation: Implementation = Implementation()
    runs: g.Runs = Count(20_000)
    seed: g.Seed = Count(1)
    _changes: tuple[str, ...] = PrivateAttr(default=())

    @property
    def changes(self) -> tuple[str, ...]:
        """What was changed of the file after it was read, as `PATH=VALUE` or in words; part of no digest."""
        return self._changes

    def note_changes(self, *changes: str) -> Scenario:
        """Return a copy that says what was changed of the file, beside what it says already."""
        copy = self.model_copy()
        copy._changes = (*self._changes, *changes)
        return copy
