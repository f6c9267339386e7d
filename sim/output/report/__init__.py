"""The report: one page that holds the question, the answer, charts, assumptions, and how to reproduce it.

- ``answer_sentences``: the question and the answer in sentences made from the numbers
- ``several_results``: several results side by side
- ``assumptions_table``: every parameter and its source, once, with what differs between results
- ``alternative_text``: what each chart shows, for those who cannot see it
- ``result_sections``: a result as data for the page
- ``inline_svg``: charts as inline SVG, with the letters that they need
- ``page``: the data poured into `page.html`
"""

from __future__ import annotations

from sim.output.report.page import report

__all__ = ["report"]
