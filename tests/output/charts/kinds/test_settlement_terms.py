"""On what terms they settle."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from sim.negotiation.inspection.theoretical_predictions import nash_solution
from sim.output.charts import terms
from sim.output.charts.drawing import style
from sim.output.charts.kinds.settlement_terms import BINS, TALL
from sim.scenario.loading.assignment import assign
from sim.scenario.model.schema import Scenario
from sim.study.results.result_tables import read_table
from sim.study.results.stored_study import StoredStudy
from tests.output.charts.conftest import Ensemble
from tests.output.charts.kept_studies import (
    LEVELS,
    TWELVE,
    amiss,
    bands,
    crowd,
    edges,
    falling,
    joined,
    kept_sweep,
    named,
    renamed,
    texts,
)


def marks(axes: Axes, marker: str) -> list[Line2D]:
    return [drawn for drawn in axes.lines if drawn.get_marker() == marker]


def place(drawn: Line2D) -> tuple[float, float]:
    return float(np.asarray(drawn.get_xdata())[0]), float(np.asarray(drawn.get_ydata())[0])


@pytest.mark.parametrize("name", ["plain", "everybody", "crowded"])
def test_hills_are_the_terms_of_the_runs(name: str, request: pytest.FixtureRequest) -> None:
    study: StoredStudy = request.getfixturevalue(name)
    axes = terms(study)
    runs = read_table(study)
    for row, issue in enumerate(study.scenario.issues):
        found = runs[f"terms.{issue}"].dropna().to_numpy()
        counts = np.bincount(np.minimum((found * BINS).astype(int), BINS - 1), minlength=BINS)
        tops = [row - edges(bands(axes)[row], (n + 0.5) / BINS)[0] for n in range(BINS)]
        np.testing.assert_allclose(tops, TALL * counts / counts.max(), atol=1e-12)
    assert [tick.get_text() for tick in axes.get_yticklabels()] == [
        issue.replace("_", " ") for issue in study.scenario.issues
    ]
    assert f"the {len(found):,} settlements" in joined(axes)
    low, high = axes.get_ylim()
    assert low > len(study.scenario.issues) - 1 > 0 > high  # the first issue on top


def test_aims_are_marked_and_named(plain: StoredStudy) -> None:
    axes = terms(plain)
    colours = style.colours(plain.scenario)
    found = [(round(place(drawn)[0], 9), drawn.get_color()) for drawn in marks(axes, "v")]
    assert found == [(0, colours["first"]), (1, colours["second"])] * 2
    for name in ("first", "second"):
        notes = [text for text in axes.texts if text.get_text() == f"{name.title()} wants"]
        assert [note.get_color() for note in notes] == [colours[name]] * 2
    assert {"all of it is the first's", "all of it is the second's", "low end", "high end"} <= set(texts(axes))


def test_aims_that_are_a_range_are_marked_in_the_middle(small: Scenario, ensemble: Ensemble) -> None:
    wide = assign(small, {"parties.first.aims.land": {"range": [0.1, 0.3]}})
    assert place(marks(terms(ensemble(wide, 60)), "v")[0])[0] == pytest.approx(0.2)


def test_the_nash_solution_is_marked(plain: StoredStudy) -> None:
    axes = terms(plain)
    nash = nash_solution(plain.scenario)
    assert nash is not None
    assert [place(drawn) for drawn in marks(axes, "D")] == [
        (pytest.approx(nash["land"]), 0),
        (pytest.approx(nash["money"]), 1),
    ]
    (name,) = named(axes, "Nash solution")
    assert name.xy == (nash["land"], 0)
    assert "a reference point, not a recommendation" in joined(axes)


def test_where_not_all_can_gain_there_is_no_nash_solution(small: Scenario, ensemble: Ensemble) -> None:
    """No terms are worth more than .6 to both, but a mediator with leverage makes them sign all the same."""
    pressed = assign(
        small,
        {
            "parties.*.reservation": 0.9,
            "distrust": 0,
            "distrust.*.us": 0,
            "mediator.style": "manipulation",
            "mediator.leverage": 0.4,
        },
    )
    study = ensemble(pressed, 60)
    assert nash_solution(pressed) is None
    axes = terms(study)
    assert marks(axes, "D") == []
    assert not any(text == "Nash solution" for text in texts(axes))


@pytest.mark.parametrize("aims", [(0.0, 0.05, 0.1), (0.4, 0.5, 0.6), (0.5, 0.5, 0.5)])
def test_aims_close_together_can_be_read(aims: tuple[float, ...], ensemble: Ensemble) -> None:
    names = ["northern_alliance", "southern_league", "islands"]
    scenario = crowd(*names, issues=1)
    placed = {f"parties.{name}.aims.issue_0": aim for name, aim in zip(names, aims, strict=True)}
    axes = terms(ensemble(assign(scenario, placed | {"parties.*.reservation": 0.3}), 40))
    assert [place(drawn)[0] for drawn in marks(axes, "v")] == list(aims)
    assert amiss(axes) == {}


def test_a_crowd_has_a_key(crowded: StoredStudy) -> None:
    axes = terms(crowded)
    colours = style.colours(crowded.scenario)
    for party in TWELVE:
        (entry,) = [text for text in axes.texts if text.get_text() == f"▼ {party.replace('_', ' ')}"]
        assert entry.get_color() == colours[party]
        assert len([drawn for drawn in marks(axes, "v") if drawn.get_color() == colours[party]]) == 3
    assert amiss(axes) == {}


def test_long_poles_are_cut_and_leave_the_nash_solution_its_name(small: Scenario, ensemble: Ensemble) -> None:
    long = "what would become of it if all of it went to one of them " * 6
    poles = {"all of it is the first's": long, "all of it is the second's": long}
    axes = terms(ensemble(renamed(small, **poles), 60))
    written = [text for text in texts(axes) if text.startswith("what would become")]
    assert len(written) == 2
    assert all(text.endswith("…") and text.count("\n") == 2 for text in written)
    assert amiss(axes) == {}
    assert "Nash solution" in texts(axes)


def test_what_has_no_settlements_has_no_terms(
    nobody: StoredStudy, once: StoredStudy, small: Scenario, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="no settlements"):
        terms(nobody)
    with pytest.raises(ValueError, match="not of a sweep"):
        terms(kept_sweep(tmp_path, small, {"distrust": LEVELS}, falling))
