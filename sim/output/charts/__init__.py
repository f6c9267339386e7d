"""Charts of results, one module for each kind; `style` and `chart_frame` are common to all.

Every chart is a function from a stored study (`result.study`) to matplotlib Axes: given `axes`, it draws there;
without, it makes a figure with title and small print. `KINDS` says what there is, `saved` keeps a chart as a file::

    import sim
    from sim.output import charts

    axes = charts.settlement(sim.results("results")["mutual-distrust"].study)
    axes.set_title("In our own words")
    axes.figure.savefig("mine.png")
"""

from __future__ import annotations

import sim.output.charts.drawing.matplotlib_settings  # noqa: F401  # loads matplotlib, before any other module does
from sim.output.charts.catalogue import KINDS, Kind, choose, suited
from sim.output.charts.drawing.chart_frame import rendered, saved
from sim.output.charts.kinds.distrust_over_time import distrust
from sim.output.charts.kinds.durability import durability
from sim.output.charts.kinds.negotiation_dance import dance
from sim.output.charts.kinds.outcomes import composition, outcomes
from sim.output.charts.kinds.sampled_design import scatter
from sim.output.charts.kinds.scenario_differences import differences
from sim.output.charts.kinds.sensitivity import sensitivity
from sim.output.charts.kinds.settlement_curve import settlement
from sim.output.charts.kinds.settlement_map import surface
from sim.output.charts.kinds.settlement_terms import terms
from sim.output.charts.kinds.terms_compared import compared_terms

__all__ = [
    "KINDS",
    "Kind",
    "choose",
    "compared_terms",
    "composition",
    "dance",
    "differences",
    "distrust",
    "durability",
    "outcomes",
    "rendered",
    "saved",
    "scatter",
    "sensitivity",
    "settlement",
    "suited",
    "surface",
    "terms",
]
