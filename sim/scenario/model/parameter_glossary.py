"""Glossary of the parameters: meaning, unit and bounds, one by one. Symbols in brackets are the model's."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator

from sim.scenario.errors import fault
from sim.scenario.model.display_labels import drop_withdrawn_labels
from sim.scenario.model.parameter_kinds import Choice, Enclosed, Keys, Label, Name, Note, Number, Target, Whole
from sim.scenario.model.quantities import Quantity
from sim.scenario.model.words_and_counts import Count, Word

UTILITY = "utility (1 is the best conceivable settlement)"
VALUE = "value (weighs 1/(1 − D) in utility)"
PER_ROUND = "per round (one week)"
ROUNDS = "rounds (weeks)"
STYLES = ("facilitation", "formulation", "manipulation")
LOSSES = ("linear", "quadratic")

# The negotiation as a whole
Rounds = Annotated[
    Count, Whole("How long the talks are watched; changes nothing that happens before [T].", ROUNDS, low=1, high=10_000)
]
Deadline = Annotated[
    Quantity,
    Number("Deadline that all know: the talks fail in its week, and nobody plans beyond [T_d].", ROUNDS, low=1),
]
Overtaken = Annotated[
    Quantity,
    Number("Chance that events make the talks pointless: all that is not modelled.", f"chance {PER_ROUND}", high=1),
]
Loss = Annotated[Word, Choice("How a party's utility falls with the distance from its aims [p].", words=LOSSES)]
Sharpness = Annotated[
    Quantity,
    Number("Sharpness of decisions; large means without error [k].", "per unit of utility", positive=True),
]
Rapport = Annotated[
    Quantity, Number("Size of the cooperative act that a face-to-face meeting amounts to.", "share", high=1)
]
Runs = Annotated[Count, Whole("How many negotiations are simulated.", low=1, high=10**9, parameter=False)]
Seed = Annotated[Count, Whole("Seed of all random numbers.", low=0, high=2**63 - 1, parameter=False)]

# What a party or the mediator wants
Aim = Annotated[Quantity, Number("Declared aim, between the issue's low pole 0 and high pole 1 [θ].", "terms", high=1)]
Weight = Annotated[Quantity, Number("How much the issue matters; weights are normalised in every run [w].", "weight")]
Reservation = Annotated[Quantity, Number("Value of no settlement at the outset [r].", UTILITY, high=1)]
BetrayalLoss = Annotated[
    Quantity, Number("What it loses, below its reservation, if it complies and another reneges [ℓ].", VALUE)
]
Precondition = Annotated[Quantity, Number("What it demands beyond its reservation before it will sign [f].", VALUE)]
WarCost = Annotated[
    Quantity, Number("Exhaustion: by how much each round lowers its reservation [c].", f"utility {PER_ROUND}")
]
Front = Annotated[
    Count,
    Whole("Whether the battlefield moves its reservation up (1), down (−1) or not [e].", low=-1, high=1),
]
Stake = Annotated[Quantity, Number("Weight of the mediator's own preferences in its text [κ].", "weight")]

# How a party negotiates
Concession = Annotated[
    Quantity,
    Number(
        "Tactic: by week t it has conceded (t/τ)^(1/β); below 1 it holds out, above 1 it concedes early [β].",
        "exponent",
        positive=True,
    ),
]
Pace = Annotated[
    Quantity,
    Number("Weeks from its first demand to its least; the deadline if it comes first [τ].", ROUNDS, positive=True),
]
Devaluation = Annotated[
    Quantity, Number("How much it marks a text down per unit of distrust of its author [ρ].", VALUE)
]
ContactAversion = Annotated[
    Quantity, Number("How far distrust keeps it away: it sits down with j with chance (1 − d)^η [η].", "exponent")
]
Impatience = Annotated[Quantity, Number("Rate of walking out per unit of shortfall against war [ν].", PER_ROUND)]
Reliability = Annotated[
    Quantity,
    Number("True chance that it complies in a period after signing: a fact, not a belief [h].", "chance", high=1),
]

# Trust
Distrust = Annotated[
    Quantity,
    Number("How likely the first thinks it is that the second will break its word [d].", "probability", high=1),
]
TrustGain = Annotated[Quantity, Number("Share of distrust that a full cooperative act removes [λ⁺].", "share", high=1)]
TrustLoss = Annotated[Quantity, Number("Share of trust that a full hostile act destroys [λ⁻].", "share", high=1)]

# The mediator's tools
Style = Annotated[
    Word,
    Choice("Tools: facilitation opens contact, formulation adds texts, manipulation leverage.", words=STYLES),
]
Shuttle = Annotated[Quantity, Number("How far it offers a channel to parties that will not meet.", "share", high=1)]
Convening = Annotated[Quantity, Number("Power to bring a reluctant party to the table [ε].", "share", high=1)]
Bias = Annotated[
    Quantity, Number("Extra weight on the party's gain in the mediator's text [b].", "weight", low=-1, high=1)
]
Leverage = Annotated[Quantity, Number("Pressure or side payment while signing; under manipulation only [L].", VALUE)]
LeverageDecay = Annotated[Quantity, Number("Rate at which leverage fades after the signature [η_L].", PER_ROUND)]
Caucus = Annotated[
    Quantity,
    Number("How far a party that trusts it says in private what it could live with [χ].", "share", high=1),
]
Misjudgement = Annotated[
    Quantity, Number("Standard deviation of its error about what a party could sign for [σ_M].", UTILITY)
]
GivingUp = Annotated[
    Quantity, Number("Rate of giving up per unit of the mediator's distrust of the parties [ν_M].", PER_ROUND)
]

# The world
Drift = Annotated[Quantity, Number("Drift of the battlefield [μ].", f"utility {PER_ROUND}", low=-1, high=1)]
Volatility = Annotated[
    Quantity, Number("Standard deviation of the battlefield's steps [σ].", f"utility {PER_ROUND}", high=1)
]
IncidentRate = Annotated[Quantity, Number("Chance of a hostile act by the party [π].", f"chance {PER_ROUND}", high=1)]
Severity = Annotated[Quantity, Number("Size of a hostile act [m].", "share", high=1)]
Likelihood = Annotated[
    Quantity,
    Number(
        "How often an untrustworthy side would send the signal, relative to a trustworthy one [l].", "ratio", high=1
    ),
]
Guarantee = Annotated[
    Quantity, Number("Share of the risk of betrayal that it removes if fully believed [γ].", "share", high=1)
]
EventRound = Annotated[Count, Whole("When it happens.", "round", low=1, high=10_000, parameter=False)]
EventValue = Annotated[Quantity | Word, Target("The new value, from this round on.")]

# After the signature
FrontInPeace = Annotated[
    Quantity, Number("Share of the battlefield's movement that goes on after the signature.", "share", high=1)
]
Violations = Annotated[
    Quantity, Number("Rate of hostile acts after the signature, as a share of their rate in wartime.", "share", high=1)
]
Monitoring = Annotated[
    Quantity,
    Number(
        "Chance that somebody untrustworthy would have shown it, so that quiet builds trust [q].",
        f"chance {PER_ROUND}",
        high=1,
    ),
]
Periods = Annotated[Count, Whole("How long a settlement is watched.", ROUNDS, low=1, high=10_000)]
Penalty = Annotated[Quantity, Number("What breaking a fully guaranteed settlement costs whoever breaks it.", "utility")]


def _some_weight(weights: dict[str, Quantity]) -> dict[str, Quantity]:
    """Refuse weights that leave nothing to normalise."""
    if weights and all(weight.high == 0 for weight in weights.values()):
        raise fault("the weights sum to 0: at least one issue must matter")
    return weights


# Mappings from names to numbers
Aims = Annotated[dict[Name, Aim], Keys("issues", every=True)]
Salience = Annotated[dict[Name, Weight], Keys("issues", every=True), AfterValidator(_some_weight)]
DistrustRow = Annotated[dict[Name, Distrust], Keys("others")]
DistrustTable = Annotated[dict[Name, DistrustRow], Keys("holders")]
Biases = Annotated[dict[Name, Bias], Keys("parties")]
Leverages = Annotated[dict[Name, Leverage], Keys("parties", one=True)]
IncidentRates = Annotated[dict[Name, IncidentRate], Keys("parties")]
Guarantees = Annotated[dict[Name, Guarantee], Keys("new")]

# Text
Labels = Annotated[
    dict[
        Name,
        Annotated[
            str,
            Label('What people read in place of the name; "the" at its beginning is for sentences only, not tables.'),
        ],
    ],
    Keys("every"),
    AfterValidator(drop_withdrawn_labels),
]
Title = Annotated[str, Note("One line for tables and charts.")]
About = Annotated[str, Note("What this is, in words.")]
Evidence = Annotated[
    str | dict[str, Any],
    Enclosed("File of the claims and the verbal scale, relative to the file that names it, or what such a file says."),
]
Pole = Annotated[str, Note("What this end of the issue means, in words that those who want it would use.")]
Actor = Annotated[str, Note("Name of the party.")]
Claim = Annotated[str, Note("Id of the claim of the source that the numbers are drawn from.")]
Assumption = Annotated[str, Note("Why these numbers, where the source is silent.")]
