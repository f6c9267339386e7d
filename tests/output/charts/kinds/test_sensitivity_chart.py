"""Which assumptions move the answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from sim.output.charts import sensitivity
from sim.output.charts.kinds.sensitivity import MOST_BARS
from sim.output.words.parameter_labels import factor_name
from sim.scenario.model.schema import Scenario
from sim.study.results.stored_study import StoredStudy, read
from sim.study.sensitivity import kept_sensitivities
from sim.study.storage.study_folder import Folder, Study
from sim.study.summaries.sensitivity_summary import Sensitivity
from tests.output.charts.kept_studies import amiss, joined, texts


def index(value: float, reach: float = 0.04) -> Any:
    return {"value": value, "low": value - reach, "high": value + reach}


def factor(first: float, total: float, *paths: str) -> Any:
    return {"name": paths[0], "paths": list(paths), "first": index(first), "total": index(total)}


def study_of(out: Path, scenario: Scenario, *factors: Any, outcome: str = "settlement", **more: Any) -> StoredStudy:
    """A results folder with a sensitivity study that was never made."""
    folder = Folder(out, Study("question", scenario))
    found: Sensitivity = {
        "scenario": "question",
        "seed": 4,
        "outcome": outcome,
        "rows": 64,
        "plays": 16,
        "runs": 4096,
        "mean": 0.25,
        "variance": 0.1,
        "noise": 0.02,
        "factors": list(factors) or None,
        "withheld": None if factors else "80 % of the variance between rows is simulation error.",
        "needed": None if factors else {"rows": 256, "plays": 64, "runs": 81_920},
        **more,
    }
    (folder.path / "sensitivity").mkdir(parents=True)
    folder.describe("parley sensitivity question.yaml")
    (folder.path / "sensitivity" / f"{outcome}.json").write_text(json.dumps(found))
    return read(folder.path)


def bars(axes: Axes, height: float) -> list[float]:
    """Widths of the bars of a height, from the top to the bottom: .62 all that a range does, .34 it alone."""
    found = [bar for bar in axes.patches if isinstance(bar, Rectangle) and bar.get_height() == pytest.approx(height)]
    return [bar.get_width() for bar in sorted(found, key=lambda bar: bar.get_y())]


def rows(axes: Axes) -> list[str]:
    return [" ".join(tick.get_text().split()) for tick in axes.get_yticklabels()]


GAIN = factor(0.3, 0.5, "parties.first.trust_gain", "parties.second.trust_gain")
WARY = factor(-0.01, 0.7, "distrust.first.second")
RAPPORT = factor(0.0, 0.001, "rapport")


def test_a_real_study(examined: StoredStudy) -> None:
    axes = sensitivity(examined)
    (found,) = kept_sensitivities(examined.path)
    assert found["factors"] is not None
    ordered = sorted(found["factors"], key=lambda each: -each["total"]["value"])
    assert rows(axes) == [factor_name(each["paths"], examined.scenario) for each in ordered]
    assert bars(axes, 0.62) == pytest.approx([min(1, max(0, each["total"]["value"])) for each in ordered])
    assert bars(axes, 0.34) == pytest.approx([min(1, max(0, each["first"]["value"])) for each in ordered])
    assert axes.get_ylim()[0] > axes.get_ylim()[1]  # what matters most on top
    assert f"{found['runs']:,} runs in rows of 8, seed 7." in joined(axes)
    assert amiss(axes) == {}


def test_what_moves_most_comes_first(small: Scenario, tmp_path: Path) -> None:
    axes = sensitivity(study_of(tmp_path, small, RAPPORT, GAIN, WARY))
    assert rows(axes) == [
        "First's distrust of Second",
        "trust gained by cooperation (2 together)",
        "rapport from meeting",
    ]
    assert bars(axes, 0.62) == pytest.approx([0.7, 0.5, 0.001])
    assert bars(axes, 0.34) == pytest.approx([0, 0.3, 0])  # what is estimated below nothing is nothing
    words = ["0 % alone, 70 % in all", "30 % alone, 50 % in all", "0 % alone, < 1 % in all"]
    assert [text.get_text() for text in axes.texts] == words
    intervals = [list(line.get_xdata()) for line in axes.lines]
    assert intervals == [
        pytest.approx(ends) for ends in ([0.66, 0.74], [0, 0.03], [0.46, 0.54], [0.26, 0.34], [0, 0.041], [0, 0.04])
    ]
    assert axes.get_xlabel() == "share of the variance across the assumed ranges"
    written = joined(axes)
    assert "Which assumptions move how often they settle?" in written
    assert "2.0 % of the variance between rows of 16 runs is simulation error; it has been taken out." in written
    assert "Scenario question, 4,096 runs in rows of 16, seed 4." in written
    assert "left out" not in written


def test_nothing_is_more_than_all(small: Scenario, tmp_path: Path) -> None:
    """From few rows indices are estimated beyond 1: what is drawn agrees with what is written."""
    axes = sensitivity(study_of(tmp_path, small, {**WARY, "total": index(2.9, 5.0), "first": index(1.4, 7.0)}))
    assert bars(axes, 0.62) == bars(axes, 0.34) == [1]
    assert [text.get_text() for text in axes.texts] == ["100 % alone, 100 % in all"]
    assert [list(line.get_xdata()) for line in axes.lines] == [[0, 1]] * 2
    assert all(tick <= 1.1 for tick in axes.get_xticks())


def test_words_stand_beyond_both_intervals(small: Scenario, tmp_path: Path) -> None:
    far = {**GAIN, "first": index(0.3, 0.4), "total": index(0.5, 0.1)}
    assert sensitivity(study_of(tmp_path, small, far)).texts[0].xy[0] == pytest.approx(0.7)


def test_of_many_ranges_those_are_shown_that_matter(small: Scenario, tmp_path: Path) -> None:
    many = [factor(0.0, n / 100, f"distrust.first.{n}") for n in range(MOST_BARS + 3)]
    axes = sensitivity(study_of(tmp_path, small, *many))
    assert bars(axes, 0.62) == pytest.approx([(MOST_BARS + 2 - n) / 100 for n in range(MOST_BARS)])
    assert "3 ranges that matter less are left out." in joined(axes)
    assert amiss(axes) == {}


def test_the_outcome_is_named(small: Scenario, tmp_path: Path) -> None:
    axes = sensitivity(study_of(tmp_path, small, GAIN, outcome="lasting.260"))
    assert "move how often they settle, and that it holds for 5 years?" in joined(axes)


@pytest.mark.parametrize("factors", [(), (factor(0.0, 0.0, "rapport"),)])
def test_where_nothing_matters(small: Scenario, tmp_path: Path, factors: tuple[Any, ...]) -> None:
    study = study_of(tmp_path, small, *factors)
    if not factors:
        with pytest.raises(ValueError, match=r"80 % of the variance .* about --rows 256 --plays 64"):
            sensitivity(study)
    else:
        assert "0 % alone, 0 % in all" in texts(sensitivity(study))


def test_where_nobody_asked(plain: StoredStudy) -> None:
    with pytest.raises(ValueError, match="nobody has yet asked"):
        sensitivity(plain)
