"""The page of the Python API: functions, what they return and raise, and the charts, read off their docstrings."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any

import sim
from sim.api.figures import Mean, Share, Weeks
from sim.api.result_objects import Comparison, Ensemble, Result, Sensitivity, Sweep
from sim.api.results_folder import Results
from sim.output import charts
from sim.study import comparison
from sim.study.design.design_points import Design
from sim.study.execution.dask_cluster import ClusterWorkers
from sim.study.execution.executors import Workers
from sim.study.execution.study_options import Options
from sim.study.summaries import sensitivity_summary
from sim.study.summaries.ensemble_summary import Interval, Rounds, Spread, Summary
from sim.study.summaries.paired_outcomes import Change, ShareChange
from sim.study.summaries.paired_settlement_means import MeanChange, PairedMean
from sim.study.summaries.sweep_summary import SweepSummary
from writers.markdown import MADE, cell, first

WIDTH = 100
"""Columns of a line of code."""

ABOUT_PYTHON = """\
What programs may rely on. Everything is imported when it is first used, so that `import sim` is cheap; `dir(sim)` lists
the public names. Results go to `results/` unless `out` says otherwise. Figures are shares of simulated runs under a
scenario's assumptions, not a forecast. [Results](results.md) has every column of the tables, and
[a notebook](../tutorial/notebook.ipynb) shows the main job."""

ABOUT_SUMMARIES = """\
`result.summary` is plain data in these forms: what `--json` prints, and what lies in the results folder."""

ABOUT_CHARTS = """\
`result.plot(kind)` draws any of them. Each is a function as well (`from sim.output import charts`), from stored studies
(`result.study`) to matplotlib's `Axes`: with `axes` it draws there; without, it makes a figure with a title and small
print. The [gallery](../gallery.md) shows each."""

RESULTS: tuple[type, ...] = (Result, Ensemble, Sweep, Comparison, Sensitivity, Results, Share, Mean, Weeks)
SUMMARIES: tuple[type, ...] = (
    *(Summary, Interval, Rounds, Spread, SweepSummary),
    *(comparison.Comparison, comparison.Compared, comparison.FullChange, Change, ShareChange, MeanChange, PairedMean),
    sensitivity_summary.Sensitivity,
)
GIVEN: tuple[type, ...] = (sim.Scenario, sim.Range, Options, Design, Workers, ClusterWorkers)


def page() -> str:
    """The page of what Python programs may use: functions, what they take, return and raise, and the charts."""
    public = {name: getattr(sim, name) for name in sim.__all__}
    errors = {name: thing for name, thing in public.items() if isinstance(thing, type) and issubclass(thing, Exception)}
    calls = {name: thing for name, thing in public.items() if name not in errors and thing not in GIVEN}
    drawn = {name: getattr(charts, name) for name in charts.__all__ if inspect.isfunction(getattr(charts, name))}
    lines = ["# The Python API", "", MADE, "", ABOUT_PYTHON]
    lines += _section("Functions", {f"sim.{name}": thing for name, thing in calls.items()})
    lines += _section("What they take", {kind.__name__: kind for kind in GIVEN})
    lines += _section("What they return", {kind.__name__: kind for kind in RESULTS})
    lines += _section("Summaries", {kind.__name__: kind for kind in SUMMARIES}, ABOUT_SUMMARIES)
    lines += _section("What they raise", {f"sim.{name}": thing for name, thing in errors.items()})
    lines += _section("Charts", {f"charts.{name}": thing for name, thing in drawn.items()}, ABOUT_CHARTS)
    return "\n".join(lines) + "\n"


def _section(heading: str, things: Mapping[str, Any], about: str = "") -> list[str]:
    """A section of entries under a heading."""
    entries = [line for title, thing in things.items() for line in _entry(title, thing)]
    return ["", f"## {heading}", *(["", about] if about else []), *entries]


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
