"""Mesa's model and agent, without the rest of Mesa until somebody asks for it.

All that Mesa's own `__init__` imports (pandas, networkx, scipy.spatial: for collectors and spaces that Parley does not
use) takes about as long as all other imports of a command. So the package is entered in `sys.modules` with its model
and agent alone, and its `__init__` is run in the same module when something else in it is first asked for: whoever
imports Mesa finds all of it, and the same classes.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from threading import RLock
from types import ModuleType
from typing import Any


class _Rest:
    """What a package is asked for that is not in it yet: runs its `__init__` first, once."""

    def __init__(self, package: ModuleType) -> None:
        self._package = package
        self._lock = RLock()
        self._begun = False

    def __call__(self, name: str) -> Any:
        with self._lock:
            if not self._begun:
                self._run()
        if name in vars(self._package):
            return vars(self._package)[name]
        raise AttributeError(f"module {self._package.__name__!r} has no attribute {name!r}")

    def _run(self) -> None:
        """Run the `__init__`; one that fails is run again by whoever asks next."""
        self._begun = True
        try:
            self._package.__spec__.loader.exec_module(self._package)  # type: ignore[union-attr]
        except BaseException:
            self._begun = False
            raise


def _enter_model_alone() -> None:
    """Import `mesa.model`, and `mesa.agent` with it, before the rest; in vain if this Mesa has another order."""
    if "mesa" in sys.modules or (spec := find_spec("mesa")) is None:
        return
    package = module_from_spec(spec)
    package.__getattr__ = _Rest(package)  # type: ignore[method-assign]
    sys.modules["mesa"] = package
    try:
        import_module("mesa.model")
    except ImportError:
        for name in [name for name in sys.modules if name.partition(".")[0] == "mesa"]:
            del sys.modules[name]


_enter_model_alone()

from mesa.agent import Agent  # noqa: E402
from mesa.model import Model  # noqa: E402

__all__ = ["Agent", "Model"]
