"""The page of the Python API: functions, what they return and raise, and the charts, read off their docstrings."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

import sim
from sim.output import charts
from sim.scenario.errors import ScenarioError
from sim.study.attribution import Attribution, Sensitivity
from sim.study.cluster import ClusterWorkers
from sim.study.comparison import Compared, Comparison, FullChange
from sim.study.design import Design
from sim.study.ensemble import Result
from sim.study.execution import Workers
from sim.study.files import StorageError
from sim.study.kept import KeptStudy, NoResultError
from sim.study.paired_outcomes import Change, ShareChange
from sim.study.settled_means import MeanChange, PairedMean
from sim.study.storage import Study
from sim.study.summary import Interval, Rounds, Spread, Summary
from sim.study.sweep import Sweep, SweepSummary
from writers.markdown import MADE, cell, first

WIDTH = 100
"""Columns of a line of code."""

ABOUT_PYTHON = """\
What programs may rely on. Everything here is imported when it is first used, so that `import sim` is cheap. The
examples name files as in a checkout of the repository; anywhere else write `load_scenario("baseline")`, the name of
a packaged scenario. Results go to `results/` unless `out` says otherwise. Figures are
shares of simulated runs under a scenario's assumptions, not a forecast. [Results](results.md) has every column of
the tables."""

ABOUT_CHARTS = """\
`from sim.output import charts`. Every chart is a function from a kept study to matplotlib's `Axes`: with `axes` it
draws there; without, it makes a figure with a title and small print. The [gallery](../gallery.md) shows each."""

TAKEN: tuple[type, ...] = (Design, Workers, ClusterWorkers)
RETURNED: tuple[type, ...] = (
    Result,
    Sweep,
    Attribution,
    KeptStudy,
    Summary,
    SweepSummary,
    Comparison,
    Compared,
    FullChange,
    Change,
    Sensitivity,
    ShareChange,
    MeanChange,
    PairedMean,
    Interval,
    Rounds,
    Spread,
    Study,
)
RAISED: tuple[type, ...] = (ScenarioError, NoResultError, StorageError)


def page() -> str:
    """The page of what Python programs may use: functions, what they return and raise, and the charts."""
    lines = ["# The Python API", "", MADE, "", ABOUT_PYTHON, "", "## Functions"]
    for name in sim.__all__:
        lines += _entry(f"sim.{name}", getattr(sim, name))
    lines += ["", "## What they return"]
    for kind in RETURNED:
        lines += _entry(kind.__name__, kind)
    lines += ["", "## What they may be given"]
    for kind in TAKEN:
        lines += _entry(kind.__name__, kind)
    lines += ["", "## What they raise"]
    for kind in RAISED:
        lines += _entry(kind.__name__, kind)
    lines += ["", "## Charts", "", ABOUT_CHARTS]
    for name in charts.__all__:
        if inspect.isfunction(getattr(charts, name)):
            lines += _entry(f"charts.{name}", getattr(charts, name))
    return "\n".join(lines) + "\n"


def _entry(title: str, thing: Any) -> list[str]:
    """A function or class: its module, signature, docstring and public members."""
    lines = ["", f"### `{title}`", "", f"In `{thing.__module__}`.", ""]
    if inspect.isfunction(thing) or title == "sim.Negotiation":
        lines += ["```text", _signature(title, thing), "```", ""]
    lines += [_docstring(inspect.getdoc(thing) or "")]
    if inspect.isclass(thing):
        members = list(_members(thing))
        lines += ["", "| member | meaning |", "| --- | --- |", *members] if members else []
    return lines


def _signature(title: str, thing: Callable[..., Any]) -> str:
    """A signature, one parameter a line where it does not fit one."""
    signature = inspect.signature(thing)
    parameters = [one for name, one in signature.parameters.items() if name != "self"]
    given = [str(one) for one in parameters]
    kinds = [one.kind for one in parameters]
    if inspect.Parameter.KEYWORD_ONLY in kinds and inspect.Parameter.VAR_POSITIONAL not in kinds:
        given.insert(kinds.index(inspect.Parameter.KEYWORD_ONLY), "*")
    given = [re.sub(r"(?<=: )'([^']*)'", r"\1", one) for one in given]  # annotations are kept as text
    answer = "" if inspect.isclass(thing) else f" -> {signature.return_annotation}"
    line = f"{title}({', '.join(given)}){answer}"
    return line if len(line) <= WIDTH else f"{title}(\n" + "".join(f"    {one},\n" for one in given) + f"){answer}"


def _members(kind: type) -> Iterator[str]:
    """Yield a row for every public attribute and method of a class."""
    for name, annotation in getattr(kind, "__annotations__", {}).items():
        yield f"| `{name}` | `{cell(str(getattr(annotation, '__forward_arg__', annotation)))}` |"
    for name, member in vars(kind).items():
        told = inspect.getdoc(member) if callable(member) or isinstance(member, property | cached_property) else None
        if not name.startswith("_") and told and name not in getattr(kind, "__annotations__", {}):
            yield f"| `{name}{'()' if callable(member) else ''}` | {cell(first(told))} |"


def _docstring(text: str) -> str:
    """A docstring as Markdown: its examples become blocks of Python."""
    return re.sub(r"(?m)^(>>> (?:.+\n?)+)", lambda found: f"```python\n{found[1].rstrip()}\n```\n", text).strip()
