"""Parley simulates mediated negotiations under distrust.

The map, in the order in which data flow through it:

- ``sim.scenario``: what is asked. A YAML file becomes a frozen, fully checked ``Scenario``.
- ``sim.negotiation``: what happens. ``Negotiation`` is a Mesa model that carries an ensemble of runs.
- ``sim.study``: how it is explored. Ensembles in blocks, over processes, kept on disk, summarised.
- ``sim.verification``: known answers, and rates counted in data, against the model.
- ``sim.output``: how it is shown. Tables, narratives, charts, the report.
- ``sim.explore``: the live page, on which assumptions are moved by hand.
- ``sim.cli``: the command line, the only place that reads arguments or prints.

Public names, loaded when first used so that ``parley --help`` imports none of the heavy libraries:

>>> from sim import load_scenario, Negotiation, run, sweep, load_results, open_study
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.negotiation.model import Negotiation
    from sim.scenario.loading.scenario_loader import load_scenario
    from sim.study.comparison import compare
    from sim.study.ensemble import run
    from sim.study.results.result_tables import load_results
    from sim.study.results.stored_study import open_study
    from sim.study.sensitivity import sensitivity
    from sim.study.sweep import sweep

__all__ = ["Negotiation", "compare", "load_results", "load_scenario", "open_study", "run", "sensitivity", "sweep"]

_HOMES = {
    "Negotiation": "sim.negotiation.model",
    "compare": "sim.study.comparison",
    "load_results": "sim.study.results.result_tables",
    "load_scenario": "sim.scenario.loading.scenario_loader",
    "open_study": "sim.study.results.stored_study",
    "run": "sim.study.ensemble",
    "sensitivity": "sim.study.sensitivity",
    "sweep": "sim.study.sweep",
}
"""The module that defines each public name."""


def __getattr__(name: str) -> Any:
    """Import a public name from its room when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """The public names, for completion in interactive use."""
    return sorted([*globals(), *__all__])
