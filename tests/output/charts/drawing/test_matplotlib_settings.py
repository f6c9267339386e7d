"""Settings of matplotlib: charts stand on its defaults whatever the user has set, and change nothing for anybody."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure

from sim.output.chart_errors import ChartError
from sim.output.charts import KINDS, durability, outcomes, rendered, terms
from sim.output.charts.drawing.chart_frame import hold_settings
from sim.output.charts.drawing.matplotlib_settings import confine_settings
from sim.scenario.model.schema import Scenario
from sim.study.results.stored_study import StoredStudy
from tests.output.charts.conftest import Ensemble
from tests.output.charts.kept_studies import renamed

HOSTILE = {
    "text.usetex": True,
    "font.family": ["No Such Font"],
    "font.size": 30,
    "figure.facecolor": "black",
    "figure.autolayout": True,
    "axes.facecolor": "red",
    "axes.grid": True,
    "axes.unicode_minus": False,
    "axes.prop_cycle": mpl.cycler(color=["red"]),
    "axes.spines.right": True,
    "axes.xmargin": 0.4,
    "lines.linewidth": 9.0,
    "lines.dash_capstyle": "round",
    "patch.edgecolor": "lime",
    "patch.force_edgecolor": True,
    "path.sketch": (1, 100, 2),
    "xtick.direction": "in",
    "xtick.labelsize": 3,
    "savefig.bbox": "tight",
    "savefig.transparent": True,
    "savefig.dpi": 20,
    "svg.fonttype": "none",
    "svg.hashsalt": None,
    "pdf.fonttype": 42,
    "image.cmap": "jet",
}


@pytest.fixture
def hostile() -> Iterator[None]:
    """A user with settings of their own, all of them bad for a chart."""
    before = mpl.rcParams.copy()
    mpl.rcParams.update(HOSTILE)
    yield
    mpl.rcParams.update(before)


@pytest.mark.parametrize("form", ["png", "svg", "pdf"])
def test_a_chart_is_the_same_file_whatever_the_user_has_set(
    plain: StoredStudy, request: pytest.FixtureRequest, form: str
) -> None:
    expected = [rendered(draw(plain), form) for draw in (outcomes, terms)]
    request.getfixturevalue("hostile")
    assert [rendered(draw(plain), form) for draw in (outcomes, terms)] == expected


def test_a_chart_that_the_user_saves_keeps_its_looks(
    plain: StoredStudy, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Ticks are made when the figure is drawn: they must not be set by LaTeX, which need not be there."""
    request.getfixturevalue("hostile")
    axes = durability(plain)
    axes.figure.savefig(tmp_path / "mine.png", bbox_inches=None)  # type: ignore[call-arg]
    assert not any(label.get_usetex() for label in [*axes.get_xticklabels(), *axes.get_yticklabels()])
    assert {label.get_fontfamily()[0] for label in axes.get_xticklabels()} == {"DejaVu Sans"}


def test_the_users_settings_are_left_alone(plain: StoredStudy, hostile: None) -> None:
    before = dict(mpl.rcParams)
    rendered(outcomes(plain), "png")
    assert dict(mpl.rcParams) == before
    with confine_settings({"lines.linewidth": 1.25}):
        assert mpl.rcParams["lines.linewidth"] == 1.25
        assert dict(mpl.rcParams.copy()) == before  # as `rc_context` keeps, to put it back
    assert mpl.rcParams["lines.linewidth"] == 9.0


def test_threads_that_draw_are_not_seen_by_others(plain: StoredStudy, hostile: None) -> None:
    """Neither while they draw nor afterwards, and the filters of warnings are not touched either."""
    before, filters = dict(mpl.rcParams), list(warnings.filters)
    over = threading.Event()
    seen: list[str] = []

    def watch() -> None:
        while not over.is_set():
            seen.extend(name for name, value in before.items() if mpl.rcParams[name] != value)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        with ThreadPoolExecutor(3) as pool:
            charts = [*pool.map(lambda draw: rendered(draw(plain), "png"), [outcomes, durability, terms] * 2)]
    finally:
        over.set()
        watcher.join()
    assert seen == []
    assert dict(mpl.rcParams) == before
    assert warnings.filters == filters
    assert charts[:3] == charts[3:] == [rendered(draw(plain), "png") for draw in (outcomes, durability, terms)]


def test_names_are_no_formulas(small: Scenario, ensemble: Ensemble, hostile: None) -> None:
    """Between dollar signs matplotlib expects mathematics, and fails where it finds something else."""
    study = ensemble(renamed(small, **{"A small negotiation": r"US$ \frac{ or $x^{ and _"}), 20)
    for draw in (outcomes, terms):
        rendered(draw(study), "svg")


def test_given_axes_keep_the_users_looks(plain: StoredStudy) -> None:
    chart = Figure()
    given = chart.subplots()
    given.set_facecolor("red")
    outcomes(plain, axes=given)
    assert given.get_facecolor() == (1.0, 0.0, 0.0, 1.0)
    assert type(chart) is Figure


def test_what_cannot_be_drawn_is_one_error_of_ours() -> None:
    with pytest.raises(ChartError, match=r"^cannot be drawn: RuntimeError: latex was not found$"), hold_settings():
        raise RuntimeError("latex was not found\nand so on")
    with pytest.raises(ChartError, match="first"), hold_settings(), hold_settings():
        raise ChartError("first")


def test_every_kind_is_drawn_under_its_own_settings() -> None:
    """Every module of a kind has its own `with hold_settings()`: none can be forgotten."""
    folder = Path(__file__).parents[4] / "sim" / "output" / "charts" / "kinds"
    drawers = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
    assert len(drawers) >= len(KINDS) - 1  # outcomes by week and along a parameter share one
    for path in drawers:
        assert "with hold_settings(" in path.read_text(encoding="utf-8")
