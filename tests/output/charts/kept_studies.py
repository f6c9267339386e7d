"""Studies on disk to draw from: sweeps that were never simulated, and scenarios that strain a chart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations, pairwise, product
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import FillBetweenPolyCollection
from matplotlib.colors import to_hex
from matplotlib.contour import ContourSet
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

from sim.scenario.loading.scenario_loader import scenario_from_data
from sim.scenario.model.parameters import resolved
from sim.scenario.model.schema import Scenario
from sim.study.design.design_points import Value
from sim.study.results import stored_study
from sim.study.results.stored_study import StoredStudy
from sim.study.storage.study_folder import Folder, Study
from sim.study.summaries.sweep_summary import SweepSummary
from tests.output.swept import Share, completed, swept

ROOT = Path(__file__).parents[3]

LEVELS = [0.0, 0.25, 0.5, 0.75, 1.0]

TWELVE = [
    f"delegation_{name}"
    for name in ["azure", "beige", "coral", "drab", "ecru", "fawn", "gold", "henna", "ivory", "jade", "khaki", "lilac"]
]

LONG = "the_united_negotiating_front_of_the_assemblies_of_northern_lakes"
"""A name as long as any may be."""

COMMAND = "parley sweep small.yaml --vary distrust=0:1:5"


def kept_sweep(
    out: Path,
    scenario: Scenario,
    vary: Mapping[str, Sequence[Value]],
    share: Share,
    *,
    command: str = COMMAND,
    **options: Any,
) -> StoredStudy:
    """A sweep with figures of `swept`, written as the program writes one, and opened."""
    summary = completed(swept(vary, share, **options), scenario)
    points = tuple(dict(zip(vary, values, strict=True)) for values in product(*vary.values()))
    return written(out, scenario, summary, points, command)


def written(
    out: Path, scenario: Scenario, summary: SweepSummary, points: tuple[Mapping[str, Value], ...], command: str
) -> StoredStudy:
    """A study with these points and figures in a folder of its own."""
    seeded = scenario.model_copy(update={"seed": summary["seed"]})
    folder = Folder(out, Study(summary["scenario"], seeded, points))
    folder.path.mkdir(parents=True)
    folder.describe(command)
    folder.publish(summary)
    return stored_study.read(folder.path)


def falling(at: tuple[Value, ...]) -> float:
    """From .9 to .1 along the first parameter."""
    return 0.9 - 0.8 * float(at[0])  # type: ignore[arg-type]


def always(share: float) -> Callable[[tuple[Value, ...]], float]:
    """The same share everywhere."""
    return lambda at: share


def crowd(*names: str, issues: int = 2, title: str = "A crowd") -> Scenario:
    """A negotiation of many parties that settles now and then, with a mediator."""
    agenda = [f"issue_{number}" for number in range(issues)]
    parties = {
        name: {
            "aims": {issue: (place + number) % len(names) / (len(names) - 1) for number, issue in enumerate(agenda)},
            "salience": dict.fromkeys(agenda, 1.0),
            "reservation": {"range": [0.6, 0.87]},
            "betrayal_loss": 0.02,
            "trust_gain": {"range": [0.2, 0.6]},
            "impatience": 3,
            "reliability": 0.999,
        }
        for place, name in enumerate(names)
    }  # fmt: skip
    return scenario_from_data(
        {
            "title": title,
            "rounds": 16,
            "deadline": 16,
            "issues": {
                issue: {"low": "all of it goes to the first", "high": "all of it to the last"} for issue in agenda
            },
            "parties": parties,
            "distrust": {one: {other: 0.03 for other in (*names, "us") if other != one} for one in names},
            "mediator": {"name": "us", "style": "formulation"},
            "implementation": {"periods": 60},
            "runs": 200,
            "seed": 3,
        }
    )


def renamed(scenario: Scenario, **names: str) -> Scenario:
    """The scenario with other names for its parties, mediator, issues or title."""

    def walk(data: object) -> object:
        if isinstance(data, dict):
            return {names.get(key, key): walk(value) for key, value in data.items()}
        return names.get(data, data) if isinstance(data, str) else data

    return scenario_from_data(walk(resolved(scenario)))  # type: ignore[arg-type]


def chart_of(axes: Axes) -> Figure:
    """The whole chart that axes are in."""
    chart = axes.get_figure(root=True)
    assert isinstance(chart, Figure)
    return chart


def texts(part: Axes | Figure) -> list[str]:
    """All that is written in a part of a chart."""
    return [text.get_text() for text in part.findobj(Text) if text.get_text().strip() and text.get_visible()]


def joined(axes: Axes) -> str:
    """All that is written in a chart, as if on one line."""
    return " ".join(" ".join(texts(chart_of(axes))).split())


def drawn(chart: Figure) -> list[tuple[Text, Bbox]]:
    """The texts that can be seen in a chart, with where they stand: ticks and notes out of view are left out."""
    FigureCanvasAgg(chart)
    found: dict[int, tuple[Text, Bbox]] = {}
    draw = Text.draw

    def noted(text: Text, renderer: RendererBase, *more: Any, **options: Any) -> None:
        if text.get_visible() and text.get_text().strip():
            found[id(text)] = text, Text.get_window_extent(text, renderer)
        draw(text, renderer, *more, **options)

    with patch.object(Text, "draw", noted):
        chart.draw_without_rendering()
    return list(found.values())


def amiss(axes: Axes) -> dict[str, Any]:
    """What is wrong with the words of a chart: those that leave the picture, run into others or are too small."""
    chart = chart_of(axes)
    seen = drawn(chart)
    whole, air = chart.bbox, 2.0
    left = [t.get_text() for t, b in seen if b.x0 < whole.x0 or b.x1 > whole.x1 or b.y0 < whole.y0 or b.y1 > whole.y1]
    over = [
        (one.get_text(), other.get_text())
        for (one, box), (other, beside) in combinations(seen, 2)
        if min(box.x1, beside.x1) - max(box.x0, beside.x0) > air
        and min(box.y1, beside.y1) - max(box.y0, beside.y0) > air
    ]
    small = [text.get_text() for text, _ in seen if float(text.get_fontsize()) < 9]
    found = {"outside": left, "overlapping": over, "small": small}
    return {problem: cases for problem, cases in found.items() if cases}


def crossings(axes: Axes) -> list[tuple[str, str]]:
    """Words that a line runs through to which they do not belong, with the line's colour; the words of panels too.

    A line and what is said of it have one colour. Words on a plate of their own cover what runs behind them, and labels
    of contours interrupt these; both are left out, as are grids.
    """
    chart_of(axes).draw_without_rendering()
    found = []
    for part in (axes, *axes.child_axes):
        paths = [
            *((line.get_color(), line.get_transform().transform_path(line.get_path())) for line in lines_of(part)),
            *(
                (to_hex(collection.get_edgecolor()[0]), collection.get_transform().transform_path(path))
                for collection in part.collections
                if isinstance(collection, ContourSet)
                for path in collection.get_paths()
            ),
        ]
        notes = [text for text in part.texts if text.get_text() and not _is_covered(text)]
        for text in notes:
            box = Text.get_window_extent(text).padded(-1.5)
            ink = to_hex(text.get_color())
            found += [
                (text.get_text(), colour)
                for colour, path in paths
                if to_hex(colour) != ink and path.intersects_bbox(box, filled=False)
            ]
    return found


def _is_covered(text: Text) -> bool:
    return text.get_bbox_patch() is not None or text.get_text() in ("10 %", "50 %", "90 %")


def lines_of(axes: Axes) -> list[Line2D]:
    """The lines of axes that join more than one place."""
    return [line for line in axes.lines if line.get_linestyle() != "None" and len(line.get_xdata()) > 1]


def bands(axes: Axes) -> list[FillBetweenPolyCollection]:
    """The bands of axes, in the order in which they were drawn."""
    return [each for each in axes.collections if isinstance(each, FillBetweenPolyCollection)]


def curve(axes: Axes) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The line of axes with the most points."""
    drawn = max(axes.lines, key=lambda line: len(line.get_xdata()))
    return np.asarray(drawn.get_xdata(), dtype=float), np.asarray(drawn.get_ydata(), dtype=float)


def edges(band: FillBetweenPolyCollection, x: float) -> tuple[float, float]:
    """Where a band begins and ends above a place at which it has no corner."""
    corners = band.get_paths()[0].vertices
    heights = [
        a[1] + (b[1] - a[1]) * (x - a[0]) / (b[0] - a[0])
        for a, b in pairwise(corners)
        if min(a[0], b[0]) < x < max(a[0], b[0])
    ]
    return min(heights), max(heights)


def named(axes: Axes, *names: str) -> list[Annotation]:
    """The notes of axes that begin so, in this order."""
    notes = [text for text in axes.texts if isinstance(text, Annotation)]
    return [next(note for note in notes if " ".join(note.get_text().split()).startswith(name)) for name in names]
