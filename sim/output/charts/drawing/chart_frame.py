"""Frame of a chart that stands alone: title, small print and room for the axes; and how it becomes a file."""

from __future__ import annotations

import json
import math
import textwrap
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from sim.output.chart_errors import ChartError
from sim.output.charts.drawing import style
from sim.output.charts.drawing.fonts import fonts_for
from sim.output.charts.drawing.matplotlib_settings import confine_settings
from sim.scenario.errors import ScenarioError
from sim.study.comparison import kept_comparisons
from sim.study.results.stored_study import StoredStudy
from sim.study.storage.atomic_files import StorageError, write_atomically

WIDTH, HEIGHT = 9.0, 6.2
"""Inches: with DOTS, wide enough for a slide."""

RIGHT = 0.35
"""Inches at the right of axes that have no names there."""

DOTS = 160
"""Dots per inch of pixel formats."""

MOST_TITLE, TITLE_LINE = 72, 0.29
"""Letters in a line of a title, and inches between its two lines, if there are two."""

LINE = 0.185
"""Inches between lines of small print."""

CAVEAT = "Share of simulated runs under stated assumptions, not a forecast."

MOST_PRINT = 125
"""Letters that a line of small print holds."""


class Chart(Figure):
    """Figure for a framed chart, which looks the same whatever the user's settings of matplotlib are."""

    def draw(self, renderer: RendererBase) -> None:
        """Draw it under the settings of charts: ticks, for one, are made only now."""
        with confine_settings(style.SETTINGS):
            super().draw(renderer)


@dataclass(frozen=True)
class Frame:
    """Frame of a chart: what stands around its axes.

    `height` and the margins (`left`, `right`, `above`, `below`) are in inches.
    """

    title: str
    subtitle: str
    small_print: tuple[str, ...]
    height: float = HEIGHT
    left: float = 0.95
    right: float = RIGHT
    above: float = 0.49
    below: float = 0.62

    def axes(self) -> Axes:
        """Return empty axes in a new figure with everything around them, made without a display."""
        chart = Chart(figsize=(WIDTH, self.height), layout=None)
        FigureCanvasAgg(chart)  # which keeps what measures text: any other canvas makes it anew for every text
        title = textwrap.wrap(self.title, MOST_TITLE, max_lines=2, placeholder=style.CUT)
        below = 0.22 + TITLE_LINE * len(title)
        for place, line in enumerate(title):
            words = chart.text(0.02, self._up(0.22 + TITLE_LINE * place), line, fontsize=14.5, weight="bold", va="top")
            style.fit(words, 11)
        style.fit(chart.text(0.02, self._up(below), self.subtitle, fontsize=11, color=style.QUIET, va="top"))
        bottom = 0.1 + LINE * self._print(chart) + self.below
        top = self.height - below - self.above
        area = (self.left / WIDTH, bottom / self.height, 1 - (self.left + self.right) / WIDTH)
        return chart.add_axes((*area, max(top - bottom, 0.5) / self.height))

    def _print(self, chart: Figure) -> int:
        """Write the small print at the lower edge, in lines as wide as there is room for; return how many they are."""
        words = chart.text(
            0.02, 0.1 / self.height, "", fontsize=style.SMALLEST, color=style.QUIET, va="bottom", linespacing=1.35
        )
        lines: list[str] = []
        for width in range(MOST_PRINT, 0, -5):
            lines = [part for line in (CAVEAT, *self.small_print) for part in textwrap.wrap(line, width)]
            words.set_text("\n".join(lines))
            if not style.sticks_out(words):
                break
        return len(lines)

    def _up(self, inches: float) -> float:
        """A height above the lower edge, given from the upper edge, as matplotlib counts it."""
        return 1.0 - inches / self.height


@contextmanager
def hold_settings(*studies: StoredStudy, **settings: Any) -> Iterator[None]:
    """Hold the settings in which framed charts of studies are drawn, in fonts that have their letters.

    Raises ChartError for whatever keeps matplotlib from drawing one.
    """
    try:
        families = fonts_for(chain.from_iterable(map(_words, studies))).families
        with confine_settings({**style.SETTINGS, "font.family": [*families], **settings}):
            yield
    except (ChartError, StorageError, ScenarioError):
        raise
    except Exception as error:  # matplotlib's errors are of any kind, and what was simulated does not depend on them
        raise ChartError.because("cannot be drawn", error) from error


def _words(study: StoredStudy) -> Iterator[str]:
    """Yield what may be written in a chart of a study: its scenario, and what that was compared with."""
    yield json.dumps(study.manifest, ensure_ascii=False, default=str)
    with suppress(StorageError):  # a damaged comparison is said where it is drawn
        yield json.dumps(kept_comparisons(study.path), ensure_ascii=False, default=str)


def name_results(studies: Sequence[StoredStudy]) -> list[str]:
    """Return the names of results for the frame of a chart: by name, and where two share one by title, or by digest."""
    for found in ([study.name for study in studies], [study.scenario.title for study in studies]):
        if len(set(found)) == len(found):
            return found
    return [f"{study.name} {str(study.manifest['digest'])[:4]}" for study in studies]


def write_small_print(study: StoredStudy, *more: str) -> tuple[str, ...]:
    """Return the small print in a chart's frame: remarks, then which scenario, how many runs and which seed."""
    name = style.shorten(study.name, 60)
    if not study.is_sweep:
        runs = int(study.summary["runs"])
        return (*more, f"Scenario {name}, {'1 run' if runs == 1 else f'{runs:,} runs'}, seed {study.seed}.")
    each = sorted({int(row["runs"] or 0) for row in study.rows})
    runs_each = f"{each[0]:,}" if len(each) == 1 else f"{each[0]:,} to {each[-1]:,}"
    where = "one point" if len(study.rows) == 1 else f"each of {len(study.rows):,} points"
    return (*more, f"Scenario {name}, {runs_each} runs at {where}, seed {study.seed}.")


def subtitle(*studies: StoredStudy) -> str:
    """Return the subtitle in a chart's frame: the scenario's title, or a phrase for several scenarios."""
    if len(studies) > 1:
        paired = len({study.seed for study in studies}) == 1
        return "Several scenarios, on common random numbers" if paired else "Several scenarios"
    return studies[0].scenario.title or studies[0].name


def panels(axes: Axes, count: int, columns: int, gap: tuple[float, float] = (0.09, 0.3)) -> list[Axes]:
    """Divide the area in a chart's frame into `count` panels, row by row: smaller axes in place of hidden ones.

    `gap` is a share of a panel's size.
    """
    axes.set_axis_off()
    rows = math.ceil(count / columns)
    width, height = 1 / (columns + (columns - 1) * gap[0]), 1 / (rows + (rows - 1) * gap[1])
    made = []
    for place in range(count):
        row, column = divmod(place, columns)
        corner = (column * width * (1 + gap[0]), 1 - height - row * height * (1 + gap[1]))
        made.append(axes.inset_axes((*corner, width, height)))
    return made


def saved(axes: Axes, path: Path) -> Path:
    """Save the framed chart that holds `axes`, in the format of the file's name; return the path.

    It is written whole or not at all.
    """
    write_atomically(path, rendered(axes, path.suffix[1:].lower()))
    return path


def rendered(axes: Axes, form: str, letters: bool = False) -> bytes:
    """Render the framed chart that holds `axes` as the bytes of a file of a format (png, svg, pdf).

    In SVG letters are outlines, which look the same everywhere, or with `letters` text, for pages that bring the font.
    Warns (UserWarning) of letters that no font has, once for each chart.
    """
    chart = style.figure_of(axes)
    content = BytesIO()
    undated: dict[str, Any] = {"png": {"Software": None}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}
    with hold_settings(**{"svg.fonttype": "none" if letters else "path"}):
        chart.savefig(content, format=form, dpi=DOTS, facecolor=style.PAPER, metadata=undated.get(form))
    _warn_of_boxes(chart)
    return content.getvalue()


def _warn_of_boxes(chart: Figure) -> None:
    """Warn of letters that no font on this machine has."""
    boxed = sorted(fonts_for(text.get_text() for text in chart.findobj(Text) if isinstance(text, Text)).boxed)
    if boxed:
        shown = " ".join(boxed[:12]) + (" …" if len(boxed) > 12 else "")
        warnings.warn(f"no font on this machine has {shown}: boxes stand for them", UserWarning, stacklevel=3)
