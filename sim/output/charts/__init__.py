"""Charts: what results look like. `style` is common to all; each other module is one family.

A chart is drawn from a summary and its scenario, without a display; `saved` keeps it as a file.
"""

from __future__ import annotations

from sim.output.charts.style import saved

__all__ = ["saved"]
