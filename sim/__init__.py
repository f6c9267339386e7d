"""Parley simulates mediated negotiations under distrust.

The map, in the order in which data flow through it:

- ``sim.scenario``: what is asked. A YAML file becomes a frozen, fully checked ``Scenario``.
- ``sim.negotiation``: what happens. ``Negotiation`` is a Mesa model that carries an ensemble of runs.
- ``sim.study``: how it is explored. Ensembles in blocks, over processes, kept on disk, summarised.
- ``sim.verification``: known answers, and rates counted in data, against the model.
- ``sim.output``: how it is shown. Tables, narratives, charts, the report.
- ``sim.explore``: the live page, on which assumptions are moved by hand.
- ``sim.api``: the Python face, exported here.
- ``sim.cli``: the command line, the only place that reads arguments or prints.

Public names, listed in ``__init__.pyi``, are loaded when first used, so that ``parley --help`` imports none of the
heavy libraries:

>>> import sim
>>> found = sim.run(sim.load_scenario("baseline"), runs=1000)
"""

from __future__ import annotations

import lazy_loader

__version__ = "0.1.0"

__getattr__, _, __all__ = lazy_loader.attach_stub(__name__, __file__)


def __dir__() -> list[str]:
    """Return the public names and nothing else, for completion in interactive use."""
    return sorted([*__all__, "__version__"])
