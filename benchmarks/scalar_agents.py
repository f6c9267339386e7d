"""Who negotiates in the scalar model: parties and a mediator, each with plain numbers for one run."""

from __future__ import annotations

import math
from typing import Protocol

import mesa
from scalar_inputs import Inputs
from scalar_texts import Claimant, mediators_text

NO_NEW_TEXT = 1e-6
"""Terms so near to each other are the same text."""

Text = list[float]
"""Terms: a number from 0 to 1 for each issue, in the order of `Inputs.issues`."""


class Surroundings(Protocol):
    """What agents see of the negotiation they are in."""

    inputs: Inputs
    numbers: dict[str, float]
    steps: int
    style: str
    battlefield: float
    guarantees: dict[str, float]
    parties: list[Party]
    mediator: Mediator | None

    deadline: float

    def draw(self, decision: str, actor: Actor | None = None) -> float:
        """Return the luck, from 0 to 1, of an actor's decision."""

    def deviate(self, decision: str) -> float:
        """Return the luck, a standard normal number, of something that is decided once."""


class Actor(mesa.Agent):  # type: ignore[misc]
    """Somebody who distrusts: a name, a distrust of everybody else, and how fast it falls and rises."""

    model: Surroundings

    def __init__(self, model: Surroundings, name: str) -> None:
        super().__init__(model)
        self.name = name
        prefix = f"distrust.{name}."
        self.distrust = {
            path.removeprefix(prefix): number for path, number in model.numbers.items() if path.startswith(prefix)
        }
        self.read()

    def read(self) -> None:
        """Take the parameters from the model's numbers: at the outset, and again when an event has changed one."""

    def _number(self, key: str) -> float:
        return self.model.numbers[f"{self.path}.{key}"]

    @property
    def path(self) -> str:
        """Where the actor's parameters stand."""
        return f"parties.{self.name}"

    def trust(self, other: str, size: float) -> None:
        """Learn from a cooperative act."""
        self.distrust[other] *= 1.0 - self.trust_gain * min(max(size, 0.0), 1.0)

    def resent(self, other: str, size: float) -> None:
        """Learn from a hostile act."""
        self.distrust[other] += self.trust_loss * min(max(size, 0.0), 1.0) * (1.0 - self.distrust[other])

    def reassured(self, other: str, likelihood: float) -> None:
        """Learn from a costly signal, by Bayes' rule."""
        doubt = self.distrust[other] * likelihood
        if doubt > 0.0:
            self.distrust[other] = doubt / (doubt + 1.0 - self.distrust[other])
        elif self.distrust[other] < 1.0:
            self.distrust[other] = 0.0

    trust_gain: float
    trust_loss: float


class Mediator(Actor):
    """The third party that helps; it may give up. `refused` is its text that was refused when it last had the floor."""

    def __init__(self, model: Surroundings, name: str) -> None:
        super().__init__(model, name)
        self.refused: Text | None = None
        self.deviates = {party: model.deviate(f"misjudgement:{party}") for party in model.inputs.parties}

    @property
    def path(self) -> str:
        """Where the mediator's parameters stand."""
        return "mediator"

    def read(self) -> None:
        """Take the parameters from the model's numbers."""
        self.trust_gain, self.trust_loss = self._number("trust_gain"), self._number("trust_loss")
        self.impatience, self.shuttle = self._number("impatience"), self._number("shuttle")
        self.convening, self.leverage_decay = self._number("convening"), self._number("leverage_decay")
        self.caucus, self.misjudgement = self._number("caucus"), self._number("misjudgement")
        self.bias = {party: self._number(f"bias.{party}") for party in self.model.inputs.parties}
        if self._number("stake") > 0.0:
            raise ValueError("this model has no mediator with a stake in the terms")

    @property
    def style(self) -> str:
        """Which tools the mediator uses."""
        return self.model.style

    def propose(self) -> Text | None:
        """Return the best efficient text that clears every party's floor as the mediator sees it, or None.

        A mediator that may be wrong does not say again what was refused when it last had the floor.
        """
        if len(self.model.parties) != 2:
            raise ValueError(f"this model mediates between 2 parties, not {len(self.model.parties)}")
        refused, self.refused = self.refused, None
        first, second = (party.claim(1.0 + self.bias[party.name], self._error(party)) for party in self.model.parties)
        if first is None or second is None:
            return None
        text = mediators_text(first, second, self.model.inputs.power)
        if text is None or refused is None or self.misjudgement <= 0.0:
            return text
        same = max(abs(new - old) for new, old in zip(text, refused, strict=True)) <= NO_NEW_TEXT
        return None if same else text

    def _error(self, party: Party) -> float:
        """Return by how much the mediator takes a party's floor too high; who confides is not misjudged."""
        return self.misjudgement * self.deviates[party.name] * (1.0 - party.confides(self))

    def gives_up(self) -> bool:
        """Draw whether distrust of the parties makes the mediator go."""
        distrust = sum(self.distrust[party.name] for party in self.model.parties) / len(self.model.parties)
        return self.model.draw("leave", self) < -math.expm1(-self.impatience * distrust)


class Party(Actor):
    """A side of the conflict."""

    def __init__(self, model: Surroundings, name: str) -> None:
        super().__init__(model, name)
        self.others: list[Party] = []
        self.best_offer: dict[str, float] = {}
        self.last_text: Text | None = None
        self.perceived: float | None = None
        self.offers = False

    def read(self) -> None:
        """Take the parameters from the model's numbers; saliences are made to sum to 1."""
        issues = self.model.inputs.issues
        self.aims = [self._number(f"aims.{issue}") for issue in issues]
        salience = [self._number(f"salience.{issue}") for issue in issues]
        self.salience = [weight / sum(salience) for weight in salience]
        self.reservation, self.betrayal_loss = self._number("reservation"), self._number("betrayal_loss")
        self.pace = min(self._number("pace"), self.model.deadline)
        self.concession, self.precondition = self._number("concession"), self._number("precondition")
        self.devaluation, self.contact_aversion = self._number("devaluation"), self._number("contact_aversion")
        self.trust_gain, self.trust_loss = self._number("trust_gain"), self._number("trust_loss")
        self.impatience, self.war_cost = self._number("impatience"), self._number("war_cost")
        self.front, self.reliability = self._number("front"), self._number("reliability")
        self.leverage = self.model.numbers.get(f"mediator.leverage.{self.name}", 0.0)

    def meet(self, others: list[Party]) -> None:
        """Get to know the other parties, and what their declared aims would give."""
        self.others = others
        self.best_offer = {other.name: other.utility(self.aims) for other in others}

    def utility(self, text: Text) -> float:
        """Return how good the terms are by themselves, from 0 to 1."""
        power = self.model.inputs.power
        return 1.0 - sum(
            weight * abs(position - aim) ** power
            for position, aim, weight in zip(text, self.aims, self.salience, strict=True)
        )

    def war(self) -> float:
        """Return the value of no settlement now."""
        model = self.model
        return self.reservation + self.front * model.battlefield - self.war_cost * model.steps

    def ready(self) -> bool:
        """Draw whether the party would sit down with the others, of itself or because the mediator brings it."""
        reluctance: float = 1.0 - math.prod((1.0 - self.distrust[j.name]) ** self.contact_aversion for j in self.others)
        mediator = self.model.mediator
        if mediator is not None:
            reluctance *= 1.0 - mediator.convening * (1.0 - self.distrust[mediator.name])
        return self.model.draw("ready", self) < 1.0 - reluctance

    def takes_channel(self, mediator: Mediator) -> bool:
        """Draw whether the party would talk through the mediator."""
        willingness: float = (1.0 - self.distrust[mediator.name]) ** self.contact_aversion
        return self.model.draw("channel", self) < mediator.shuttle * willingness

    def appraise(self) -> None:
        """Work out what this round's texts are measured by: risk of betrayal, fallback, need and requirement."""
        self.unassured = math.prod(
            1.0 - strength * (1.0 - self.distrust[guarantor]) for guarantor, strength in self.model.guarantees.items()
        )
        self.safety = math.prod(1.0 - self.distrust[other.name] * self.unassured for other in self.others)
        self.war_value = self.war()
        self.betrayed = self.war_value - self.betrayal_loss
        self.need = self.war_value + self.precondition
        self.room = self.value(1.0) - self.need
        conceded: float = self.elapsed ** (1.0 / self.concession)
        self.requirement = self.need + max(self.room, 0.0) * (1.0 - conceded)
        self.reward = 0.0
        mediator = self.model.mediator
        if mediator is not None and mediator.style == "manipulation":
            self.reward = self.leverage * (1.0 - self.distrust[mediator.name])

    @property
    def elapsed(self) -> float:
        """The part of the party's own time that is over with this round."""
        return min(1.0, self.model.steps / self.pace)

    @property
    def declares(self) -> bool:
        """Whether the party can sign nothing, not even its ideal, whatever it is pressed with."""
        return self.value(1.0) + self.reward < self.need

    def value(self, utility: float) -> float:
        """Return what signing is worth: being betrayed is no better than having the terms kept."""
        return self.safety * utility + (1.0 - self.safety) * min(self.betrayed, utility)

    def least_utility(self, worth: float) -> float:
        """Return the least utility at which signing is worth so much, infinite if none is."""
        if worth <= self.betrayed:
            return worth
        if self.safety <= 0.0:
            return math.inf
        return (worth - (1.0 - self.safety) * self.betrayed) / self.safety

    def confides(self, mediator: Mediator) -> float:
        """Return the share of its bluff that the party drops before the mediator."""
        return mediator.caucus * (1.0 - self.distrust[mediator.name])

    def middle(self) -> Text:
        """Return the terms that concede everything to the others."""
        return [sum(aims) / len(self.others) for aims in zip(*(other.aims for other in self.others), strict=True)]

    def propose(self) -> Text | None:
        """Return the text that concedes the same share of every issue, as far as the requirement allows.

        It is the ideal where nothing can be conceded; None where betrayal is certain and nobody presses.
        """
        if self.safety <= 0.0 and self.reward <= 0.0:
            return None
        if self.room <= 0.0 or self.safety <= 0.0:
            return list(self.aims)
        middle = self.middle()
        price, spare = 1.0 - self.utility(middle), 1.0 - self.least_utility(self.requirement)
        share = min(spare / price, 1.0) ** (1.0 / self.model.inputs.power) if price > 0.0 else 1.0
        return [aim + share * (target - aim) for aim, target in zip(self.aims, middle, strict=True)]

    def claim(self, weight: float, error: float) -> Claimant | None:
        """Return what the mediator, with its error, thinks that its text must give the party; None: more than any."""
        mediator = self.model.mediator
        assert mediator is not None
        need = self.need + self.devaluation * self.distrust[mediator.name] - self.reward
        floor = self.least_utility(need) + error
        return None if math.isinf(floor) else Claimant(self.aims, self.salience, floor, max(weight, 1e-8))

    def accepts(self, text: Text, author: Actor) -> bool:
        """Weigh somebody's text, remember what it seemed worth, and draw the answer.

        A mediator hears what the party could live with, as far as it is trusted. `offers` tells whether the party
        would have said as much in public.
        """
        self.perceived = self.value(self.utility(text)) - self.devaluation * self.distrust[author.name] + self.reward
        luck, margin = self.model.draw("response", self), self.perceived - self.requirement
        self.offers = self._says_yes(luck, margin)
        if not isinstance(author, Mediator):
            return self.offers
        return self._says_yes(luck, margin + self.confides(author) * (self.requirement - self.need))

    def _says_yes(self, luck: float, margin: float) -> bool:
        if self.safety <= 0.0:
            return margin > 0.0
        return luck < logistic(self.model.numbers["sharpness"] * margin / self.safety)

    def progress(self, receiver: Party, text: Text) -> float:
        """Return how much of what was left to gain this offer adds to the best one so far, and remember it."""
        best, offered = self.best_offer[receiver.name], receiver.utility(text)
        if offered <= best:
            return 0.0
        self.best_offer[receiver.name] = offered
        return (offered - best) / (1.0 - best)

    def retreat(self, receiver: Party, text: Text) -> float:
        """Return how far a text of the party's own falls behind its previous one, in the measure of `progress`."""
        if self.last_text is None:
            return 0.0
        loss = receiver.utility(self.last_text) - receiver.utility(text)
        left = 1.0 - self.best_offer[receiver.name]
        return max(loss, 0.0) / left if left > 0.0 else 0.0

    def judge(self, mediator: Mediator, text: Text) -> None:
        """Learn about the mediator from its text: by how much it clears, or misses, what makes signing worth while."""
        floor, offered = self.least_utility(self.need), self.utility(text)
        if offered < floor:  # an infinite floor is missed altogether
            span = floor - self.utility(self.middle())
            self.resent(mediator.name, (floor - offered) / span if 0.0 < span < math.inf else 1.0)
        elif floor < 1.0:
            self.trust(mediator.name, (offered - floor) / (1.0 - floor))

    def walks_out(self) -> bool:
        """Draw whether a party that was offered less than war has had enough."""
        if self.perceived is None or self.perceived >= self.war_value:
            return False
        shortfall = self.war_value - self.perceived
        return self.model.draw("leave", self) < -math.expm1(-self.impatience * self.elapsed * shortfall)


def logistic(margin: float) -> float:
    """Return 1/(1 + e^−margin) without overflow."""
    if margin >= 0.0:
        return 1.0 / (1.0 + math.exp(-margin))
    odds = math.exp(margin)
    return odds / (1.0 + odds)
