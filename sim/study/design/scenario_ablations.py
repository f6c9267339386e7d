"""Ablations: a scenario with one channel of distrust closed, or one tool of the mediator removed, at a time.

On common random numbers the difference to the scenario as it is says what that channel or tool contributes to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sim.scenario.loading.assignment import assign
from sim.scenario.model.key_tree import matches
from sim.scenario.model.parameters import parameters
from sim.scenario.model.schema import Scenario


@dataclass(frozen=True)
class Ablation:
    """Ablation of a scenario: a channel of distrust that is closed or a tool of the mediator that is removed.

    It has a `name` for files, says what it `means` ("if …"), and what it sets, by pattern.
    """

    name: str
    means: str
    values: Mapping[str, Any]


CHANNELS = (
    Ablation("nobody-kept-apart", "if distrust kept nobody apart", {"parties.*.contact_aversion": 0}),
    Ablation("authors-alike", "if a text were worth the same whoever wrote it", {"parties.*.devaluation": 0}),
    # A party that is betrayed gets what no settlement is worth, and so is no worse off for having signed: its floor is
    # the same whatever it thinks of the other. Distrust has no price any more.
    Ablation(
        "betrayal-costless",
        "if betrayal cost nothing beyond the return of the war",
        {"parties.*.betrayal_loss": 0},
    ),
    Ablation(
        "trust-unmoved",
        "if nothing moved anybody's trust",
        {
            "parties.*.trust_gain": 0,
            "parties.*.trust_loss": 0,
            "mediator.trust_gain": 0,
            "mediator.trust_loss": 0,
            "rapport": 0,
            "events.*.signal.likelihood": 1,
            "implementation.monitoring": 0,
        },
    ),
)
"""The channels through which distrust works."""

TOOLS = (
    Ablation("no-messages", "if the mediator carried no messages", {"mediator.shuttle": 0}),
    Ablation("no-convening", "if the mediator could not convene the parties", {"mediator.convening": 0}),
    Ablation("no-texts", "if the mediator tabled no texts and so had no leverage", {"mediator.style": "facilitation"}),
    Ablation("no-caucus", "if nobody confided in the mediator", {"mediator.caucus": 0}),
    Ablation("no-leverage", "if the mediator neither pressed nor rewarded", {"mediator.leverage.*": 0}),
    Ablation("no-bias", "if the mediator's texts favoured nobody", {"mediator.bias.*": 0}),
)
"""The tools of the mediator; its guarantee is named by its own name."""


def ablations(case: Scenario) -> list[Ablation]:
    """Return the ablations that a scenario allows, in a fixed order: only of channels open or tools in use there."""
    return [
        Ablation(each.name, each.means, values)
        for each in (*CHANNELS, *_tools(case))
        if (values := _changes(case, each.values))
    ]


def without(case: Scenario, ablation: Ablation) -> Scenario:
    """Return a scenario with an ablation made."""
    return assign(case, ablation.values)


def _tools(case: Scenario) -> Iterable[Ablation]:
    """Return the tools that the mediator's style lets it use."""
    if case.mediator is None:
        return ()
    idle = {"facilitation": {"no-texts", "no-caucus", "no-leverage", "no-bias"}, "formulation": {"no-leverage"}}
    styles = {str(p.value) for path, p in parameters(case).items() if _target(path) == "mediator.style"}
    unused = set.intersection(*(idle.get(style, set()) for style in styles))
    own = case.mediator.name
    guarantee = Ablation("no-guarantee", "if the mediator guaranteed nothing itself", {f"guarantors.{own}": 0})
    return (*(tool for tool in TOOLS if tool.name not in unused), guarantee)


def _changes(case: Scenario, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters that some values would change, events that set them included."""
    changed = {}
    for path, parameter in parameters(case).items():
        for pattern, value in values.items():
            if not matches(_target(path), pattern):
                continue
            ranged = parameter.quantity is not None and parameter.quantity.is_range
            if ranged or parameter.value != value:
                changed[path] = value
    return changed


def _target(path: str) -> str:
    """Return the parameter that a path leads to: for a value that an event sets, the one that it is set to."""
    keys = path.split(".")
    return ".".join(keys[3:]) if keys[0] == "events" and keys[2] == "set" else path
