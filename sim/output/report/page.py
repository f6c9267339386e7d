"""The report's page: brief, assumptions and sections in the template, with style, colours and letters in one file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from importlib import resources

from jinja2 import Environment, StrictUndefined, Template, select_autoescape
from markupsafe import Markup

from sim.output.charts.drawing.chart_frame import CAVEAT
from sim.output.report.assumptions_table import assumptions
from sim.output.report.inline_svg import font_faces, palette
from sim.output.report.result_sections import Section, section
from sim.output.report.several_results import ALONE, Brief, brief_of
from sim.scenario.control_characters import strip_controls
from sim.study.results.stored_study import StoredStudy

_FILES = resources.files("sim.output.report")


def _without_controls(value: object) -> object:
    """Return what is put into the page, texts without control characters."""
    return strip_controls(value) if type(value) is str else value


@cache
def _template() -> Template:
    """Return the page's template: to compile it takes a tenth of the time that a report takes."""
    environment = Environment(
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_without_controls,
    )
    return environment.from_string((_FILES / "page.html").read_text(encoding="utf-8"))


def report(studies: Sequence[StoredStudy], command: str = "") -> str:
    """Return the report's page on results, one self-contained HTML file; `command` made it.

    Raises StorageError if one is damaged.
    """
    overview: Brief | None = brief_of(studies) if len(studies) > 1 else None
    in_common = overview.charts if overview else []
    elsewhere = {*ALONE, *(chart.kind for chart in in_common)} if overview else set()
    sections: list[Section] = []
    charts = len(in_common)
    for place, study in enumerate(studies, start=1):
        sections.append(section(study, place, charts, elsewhere))
        charts += len(sections[-1].charts)
    faces = font_faces([chart.svg for chart in (*in_common, *(each for part in sections for each in part.charts))])
    return _template().render(
        sections=sections,
        brief=overview,
        assumptions=assumptions(studies),
        style=Markup((_FILES / "page.css").read_text(encoding="utf-8")),
        faces=Markup(faces),
        light=Markup(palette(dark=False)),
        dark=Markup(palette(dark=True)),
        svg=Markup,
        caveat=CAVEAT,
        command=command,
        today=datetime.now(UTC).date().isoformat(),
    )
