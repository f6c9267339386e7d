"""Charts of new results: drawn into their folders, without losing the result where one cannot be drawn."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.terminal import console

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FOLDER = "charts"
"""Where a study's own charts lie, in its results folder."""


def draw_charts(folder: Path, tell: Callable[[str], None], kind: str | None = None) -> bool:
    """Draw a new result's charts into its folder, the main ones or the kind that is named, and tell where they lie.

    What cannot be drawn is said in one line on stderr, since the result itself is safe by then; returns whether all
    could be.
    """
    from sim.output.chart_errors import ChartError
    from sim.study.results.stored_study import read
    from sim.study.storage.atomic_files import StorageError

    try:
        from sim.output.charts import KINDS, suited

        study = read(folder)
        kinds = suited([study], only_main=True) if kind is None else [KINDS[kind]]
    except (ChartError, StorageError) as error:
        return _report("Charts not drawn", error)
    drawn = True
    for each in kinds:
        try:
            with warnings_in_words():
                tell(f"Chart: {save_chart(each.draw([study], 0), own_charts(folder) / f'{each.name}.png')}")
        except (ChartError, StorageError) as error:
            drawn = _report(f"Chart not drawn: {each.name}", error)
    return drawn


def own_charts(folder: Path) -> Path:
    """Return the folder in which the charts of a new result are drawn.

    Raises StorageError if that is a link to elsewhere.
    """
    from sim.study.storage.atomic_files import within

    return within(folder, FOLDER)


def _report(what: str, error: Exception) -> bool:
    """Say what could not be drawn and why; returns False."""
    console.say(f"{what}: {error}")
    return False


def save_chart(axes: Axes, path: Path) -> Path:
    """Save a chart of a result, the one that holds `axes`; return its path."""
    from sim.output.charts import saved

    return saved(axes, path)


@contextmanager
def warnings_in_words() -> Iterator[None]:
    """Print the warnings of a result's charts on stderr, once, without file and line."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", UserWarning)
        yield
    for message in dict.fromkeys(str(each.message) for each in told):
        console.say(f"Note: {message}.")
