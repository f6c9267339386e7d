"""Terms of several results side by side, and what they are worth."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from matplotlib.axes import Axes

from sim.output.charts import KINDS
from sim.output.charts.kinds.terms_compared import compared_terms
from sim.scenario.loading.assignment import assign
from sim.scenario.model.schema import Scenario
from sim.study.results.result_tables import read_table
from sim.study.results.stored_study import StoredStudy
from tests.output.charts.conftest import Ensemble
from tests.output.charts.kept_studies import LEVELS, LONG, amiss, crowd, falling, kept_sweep, renamed, texts

LONG_POLES = "what would become of it if all of it went to one of them " * 6


@pytest.fixture(scope="module")
def leaning(small: Scenario, ensemble: Ensemble) -> StoredStudy:
    """The small negotiation with a mediator that leans to one side."""
    return ensemble(assign(small, {"mediator.bias.first": 1.0}), 200, "leaning")


def dots(axes: Axes) -> list[tuple[float, float]]:
    """Means from the top down, with their heights."""
    found = [drawn for drawn in axes.lines if drawn.get_marker() == "o"]
    return [(float(np.asarray(dot.get_ydata())[0]), float(np.asarray(dot.get_xdata())[0])) for dot in found]


def ranges(axes: Axes) -> list[tuple[float, float]]:
    """The thick lines, from the top down."""
    return [tuple(map(float, np.asarray(line.get_xdata()))) for line in axes.lines if line.get_linewidth() > 2]  # type: ignore[misc]


def names(axes: Axes) -> list[str]:
    return [label.get_text() for label in axes.get_yticklabels()]


def test_every_result_has_a_row_for_every_issue_and_every_party(plain: StoredStudy, leaning: StoredStudy) -> None:
    axes = compared_terms(plain, leaning)
    both = [plain.name, leaning.name]
    assert names(axes) == ["land", *both, "money", *both, "worth to First", *both, "worth to Second", *both]
    runs = [read_table(study) for study in (plain, leaning)]
    columns = ["terms.land", "terms.money", "utility.first", "utility.second"]
    means = [float(table[column].mean()) for column in columns for table in runs]
    assert [mean for _, mean in dots(axes)] == pytest.approx(means)
    heights = [height for height, _ in dots(axes)]
    assert heights == sorted(heights)
    ends = [tuple(table[column].dropna().quantile([0.05, 0.95])) for column in columns[:2] for table in runs]
    np.testing.assert_allclose(ranges(axes), ends, atol=0.02)  # quantiles between values are read otherwise
    assert f"{means[4]:.2f}" in texts(axes)
    assert amiss(axes) == {}


def test_a_result_without_settlements_says_so(plain: StoredStudy, nobody: StoredStudy) -> None:
    axes = compared_terms(plain, nobody)
    assert texts(axes).count("no settlement") == 4
    assert len(dots(axes)) == 4
    assert amiss(axes) == {}


def test_what_is_not_at_issue_in_one_of_them_says_so(plain: StoredStudy, ensemble: Ensemble) -> None:
    other = ensemble(crowd("first", "third", issues=1), 60, "other")
    axes = compared_terms(plain, other)
    assert [name for name in names(axes) if name not in ("small", "other")] == [
        *("land", "money", "issue 0", "worth to First", "worth to Second", "worth to third")
    ]
    assert texts(axes).count("not at issue") == 3
    assert texts(axes).count("no party") == 2


def test_words_as_long_as_anybody_writes_them_can_be_read(small: Scenario, ensemble: Ensemble) -> None:
    poles = {"all of it is the first's": LONG_POLES, "all of it is the second's": LONG_POLES}
    studies = [ensemble(renamed(small, **poles, first=LONG), 60, f"{LONG}_{n}") for n in range(3)]
    axes = compared_terms(*studies)
    assert amiss(axes) == {}
    assert len(set(names(axes))) == 3 + 2 + 2  # names that begin alike stay apart


def test_the_kind_takes_one_result_or_several(
    plain: StoredStudy, leaning: StoredStudy, nobody: StoredStudy, small: Scenario, tmp_path: Path
) -> None:
    kind = KINDS["terms"]
    assert kind.lacks([plain]) is None
    assert kind.lacks([plain, leaning]) is None
    assert kind.lacks([plain, nobody]) is None
    assert kind.lacks([nobody, nobody]) == "has nothing to show: no run of these results ended in a settlement"
    sweep = kept_sweep(tmp_path, small, {"distrust": LEVELS}, falling)
    assert "is a sweep" in str(kind.lacks([plain, sweep]))
    assert kind.lacks([plain] * 9) == "has room for 8 results"
    assert names(kind.draw([plain, leaning], 0))[0] == "land"


def test_sweeps_and_what_never_settles_have_none(nobody: StoredStudy, small: Scenario, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no settlements"):
        compared_terms(nobody, nobody)
    with pytest.raises(ValueError, match="not of a sweep"):
        compared_terms(nobody, kept_sweep(tmp_path, small, {"distrust": LEVELS}, falling))
