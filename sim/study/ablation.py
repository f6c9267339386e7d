"""Ablations: a scenario with one channel of distrust closed, or one tool of the mediator put away, at a time.

On the same luck the difference to the scenario as it is says what that channel or tool contributes to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sim.scenario.paths import assign, parameters
from sim.scenario.schema import Scenario
from sim.scenario.shape import matches


@dataclass(frozen=True)
class Ablation:
    """What is closed or put away: its `name`, what that `means`, and the parameters that it sets, by pattern."""

    name: str
    means: str
    values: Mapping[str, Any]


CHANNELS = (
    Ablation("meeting", "distrust keeps nobody from a meeting", {"parties.*.contact_aversion": 0}),
    Ablation("authorship", "a text is worth the same whoever wrote it", {"parties.*.devaluation": 0}),
    # A party that is betrayed gets what no settlement is worth, and so is no worse off for having signed: its floor is
    # the same whatever it thinks of the other. Distrust has no price any more.
    Ablation("commitment", "being betrayed costs nothing beyond the return of the war", {"parties.*.betrayal_loss": 0}),
    Ablation(
        "learning",
        "nobody's trust moves, by offers, hostile acts, signals or meeting",
        {
            "parties.*.trust_gain": 0,
            "parties.*.trust_loss": 0,
            "mediator.trust_gain": 0,
            "mediator.trust_loss": 0,
            "rapport": 0,
            "events.*.signal.likelihood": 1,
        },
    ),
)
"""The channels through which distrust works."""

TOOLS = (
    Ablation("shuttle", "the mediator carries no messages between parties that do not meet", {"mediator.shuttle": 0}),
    Ablation("convening", "the mediator has no power to bring the parties together", {"mediator.convening": 0}),
    Ablation(
        "texts",
        "the mediator tables no texts of its own, and so has no leverage either",
        {"mediator.style": "facilitation"},
    ),
    Ablation("leverage", "the mediator neither presses nor rewards", {"mediator.leverage.*": 0}),
    Ablation("bias", "the mediator's texts favour nobody", {"mediator.bias.*": 0}),
)
"""The tools of the mediator; its guarantee is named by its own name."""


def ablations(case: Scenario) -> list[Ablation]:
    """Return what can be closed or put away in a scenario: only what is open or in use there, in a fixed order."""
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
    idle = {"facilitation": {"texts", "leverage", "bias"}, "formulation": {"leverage"}}
    styles = {str(p.value) for path, p in parameters(case).items() if _target(path) == "mediator.style"}
    unused = set.intersection(*(idle.get(style, set()) for style in styles))
    own = case.mediator.name
    guarantee = Ablation("guarantee", "the mediator guarantees nothing itself", {f"guarantors.{own}": 0})
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
