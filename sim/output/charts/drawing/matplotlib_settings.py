"""Matplotlib settings for our charts alone: its own defaults and what a chart adds, whatever the user has set.

Matplotlib looks all settings up in one dictionary, `matplotlib.rcParams`. `matplotlib.rc_context` overwrites it for a
while, and other threads read (and, where two of them overlap, keep) what was meant for one figure. Here the dictionary
is left as it is: its class looks first at what holds in the present context (`contextvars`), which is empty in all
threads but the one that draws.

Matplotlib is imported by the charts alone, so that commands that draw nothing do not wait for it; it is first imported
here, since a name in `MPLBACKEND` that it does not know, as of a notebook's, keeps it from loading.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from types import MappingProxyType
from typing import Any

from sim.output.chart_errors import ChartError


def _load_matplotlib() -> None:
    """Import matplotlib, and set the backend that `MPLBACKEND` asks for if there is one of that name: others' figures
    may need it. Ours are drawn without. Raises ChartError.
    """  # noqa: D205
    fresh = "matplotlib" not in sys.modules
    backend = os.environ.pop("MPLBACKEND", None) if fresh else None
    try:
        import matplotlib
        import matplotlib.figure
    except Exception as error:  # whatever a damaged matplotlibrc or installation raises
        raise ChartError.because("matplotlib cannot be loaded (is a matplotlibrc damaged?)", error) from error
    finally:
        if backend is not None:
            os.environ["MPLBACKEND"] = backend
    if backend is not None:
        with suppress(ValueError):
            matplotlib.rcParams["backend"] = backend


_load_matplotlib()

import matplotlib as mpl  # noqa: E402

DEFAULTS: Mapping[str, Any] = MappingProxyType({**dict(mpl.rcParamsDefault.items()), "backend": "agg"})
"""What matplotlib sets itself, before any matplotlibrc."""

_HERE: ContextVar[Mapping[str, Any] | None] = ContextVar("settings of the chart that is drawn", default=None)


class RcParams(mpl.RcParams):
    """Matplotlib's settings, but those of a context that has its own; copies hold what they copied."""

    def __getitem__(self, key: Any) -> Any:
        own = _HERE.get() if self is mpl.rcParams else None
        return super().__getitem__(key) if own is None or key not in own else own[key]


@contextmanager
def confine_settings(settings: Mapping[str, Any]) -> Iterator[None]:
    """Confine matplotlib's settings, its defaults with `settings` added, to the block and its thread.

    Within such a block nothing new holds in another.
    """
    if _HERE.get() is not None:
        yield
        return
    if not isinstance(mpl.rcParams, RcParams):
        mpl.rcParams.__class__ = RcParams
    token = _HERE.set({**DEFAULTS, **settings})
    try:
        yield
    finally:
        _HERE.reset(token)
