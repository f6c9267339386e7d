"""What is asked: a YAML file becomes a frozen, fully checked Scenario.

The map, from the bottom up:

- ``errors``: problems, each with file, line, column and path, and the error that carries them
- ``quantities``: a number or a range, and where it comes from; ``settings``: words and whole numbers
- ``fields``: the kinds of parameters; ``glossary``: each parameter's meaning, unit and bounds
- ``schema``: the models made of them; ``shape``: the tree of keys read off the models
- ``places``: where each part stands in its files; ``messages``: pydantic's errors in plain words
- ``editing``: changes by path; ``checks``, ``events``: what must hold between the parts
- ``building``: data to Scenario, all problems at once
- ``documents``, ``provenance``, ``layers``: YAML to data, what groups say, files over files
- ``evidence``, ``readings``: claims of the source and the verbal scale, held against a scenario
- ``loading``: all of it in order; ``paths``: the flat view, changes to it, a scenario written down
- ``editors``: the JSON Schema for editors; ``advice``: what is allowed but odd

Public names, each loaded from its module when first used:

>>> from sim.scenario import load_scenario, parameters, ScenarioError
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "loading": ("load_scenario", "scenario_from_data"),
    "schema": ("Scenario",),
    "quantities": ("Quantity",),
    "errors": ("Problem", "ScenarioError"),
    "paths": (
        *("Parameter", "assign", "central", "expand", "names_of"),
        *("numbers", "parameters", "resolved"),
    ),
    "evidence": ("Claim", "Evidence", "load_evidence"),
    "editors": ("json_schema",),
    "advice": ("warnings",),
}
"""The public names of each module."""


def __getattr__(name: str) -> Any:
    """Import a public name from its module when it is first asked for."""
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """The public names, for completion in interactive use."""
    return sorted({*globals(), *(name for names in _HOMES.values() for name in names)})
