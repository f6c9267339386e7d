"""The report: one page that holds the question, the answer, its charts, its assumptions, and how to get it again.

- ``answer``: the question and the answer in sentences made from the numbers
- ``brief``: several results side by side
- ``assumptions``: every parameter and its source, once, with what differs between results
- ``descriptions``: what each chart shows, for those who cannot see it
- ``sections``: a result as data for the page
- ``drawings``: charts as inline SVG, with the letters that they need
- ``page``: the data poured into `page.html`
"""

from __future__ import annotations

from sim.output.report.page import report

__all__ = ["report"]
