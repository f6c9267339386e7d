"""The negotiation dance of one run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pandas
import pytest
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from sim import sweep
from sim.negotiation.inspection.feasible_set import frontier
from sim.negotiation.inspection.single_run import watch
from sim.negotiation.model import RULES
from sim.output.charts import KINDS, dance, suited
from sim.output.charts.drawing import style
from sim.output.tables.run_narrative import narrate_run
from sim.output.words.parameter_labels import point_label
from sim.scenario.loading.assignment import assign
from sim.scenario.model.schema import Scenario
from sim.study.design.design_points import Value
from sim.study.results import stored_study
from sim.study.results.result_tables import read_table
from sim.study.results.stored_study import StoredStudy
from sim.study.storage.study_folder import Folder, Study
from tests.output.charts.kept_studies import (
    COMMAND,
    TWELVE,
    amiss,
    crowd,
    joined,
    texts,
)

PAIR = ("first", "second")


def dots(axes: Axes) -> list[Line2D]:
    """The texts of every author, as they are joined."""
    return [drawn for drawn in axes.lines if drawn.get_marker() == "o"]


def unplayed(out: Path, scenario: Scenario) -> StoredStudy:
    """A plain run of which nothing but the scenario is stored, which is all that a dance needs."""
    folder = Folder(out, Study("unplayed", scenario))
    folder.path.mkdir(parents=True)
    folder.describe(COMMAND)
    return stored_study.read(folder.path)


def run_that(study: StoredStudy, outcome: str, place: int = 0) -> int:
    """The first run that ended so, or another, counted from 0."""
    runs = read_table(study)
    return int(runs.loc[runs["outcome"] == outcome, "run"].iloc[place])


class TestTexts:
    @pytest.mark.parametrize("run", [0, 1, 2, 3, 17])
    def test_every_text_is_a_dot(self, plain: StoredStudy, run: int) -> None:
        axes = dance(plain, run)
        story = watch(plain.scenario, run)
        drawn = {tuple(place) for line in dots(axes) for place in np.transpose(line.get_data()).tolist()}
        assert sum(len(line.get_xdata()) for line in dots(axes)) == len(story.tabled)
        assert drawn == {(text.worth["first"], text.worth["second"]) for text in story.tabled}
        colours = style.colours(plain.scenario)
        authors = list(dict.fromkeys(text.author for text in story.tabled))
        assert [line.get_color() for line in dots(axes)] == [colours[author] for author in authors]

    def test_authors_are_listed_with_their_weeks(self, plain: StoredStudy) -> None:
        run = run_that(plain, "settlement")
        axes = dance(plain, run)
        story = watch(plain.scenario, run)
        for author, name in (("first", "First"), ("second", "Second"), ("us", "US")):
            weeks = [text.week for text in story.tabled if text.author == author]
            if not weeks:
                continue
            count = "1 text, week" if len(weeks) == 1 else f"{len(weeks)} texts, weeks"
            span = f"{weeks[0]}" if len(weeks) == 1 else f"{weeks[0]}–{weeks[-1]}"
            (note,) = [text for text in axes.texts if text.get_text() == f"{name}\n{count} {span}"]
            assert note.get_color() == style.colours(plain.scenario)[author]

    def test_weeks_stand_beside_texts(self, plain: StoredStudy) -> None:
        run = run_that(plain, "settlement")
        story = watch(plain.scenario, run)
        weeks = {text.get_text(): text.xy for text in dance(plain, run).texts if text.get_text().isdecimal()}
        places = {str(text.week): (text.worth["first"], text.worth["second"]) for text in story.tabled}
        assert weeks
        assert all(tuple(place) == pytest.approx(places[week]) for week, place in weeks.items())

    def test_where_nobody_tabled_anything_that_is_said(self, nobody: StoredStudy) -> None:
        axes = dance(nobody, 0)
        assert dots(axes) == []
        assert "nobody tabled a text" in texts(axes)
        assert amiss(axes) == {}


class TestEnding:
    def test_a_settlement_has_a_star(self, plain: StoredStudy) -> None:
        run = run_that(plain, "settlement")
        row = read_table(plain).iloc[run]
        axes = dance(plain, run)
        (star,) = [drawn for drawn in axes.lines if drawn.get_marker() == "*"]
        place = float(star.get_xdata()[0]), float(star.get_ydata()[0])
        assert place == pytest.approx((row["utility.first"], row["utility.second"]))
        week = int(row["round"])
        assert f"settled, week {week}" in texts(axes)
        assert f"One run as a dance: a settlement in week {week}" in joined(axes)
        assert any(
            line.startswith(f"Week {week}.") and "a settlement" in line for line in narrate_run(plain.scenario, run)
        )

    def test_a_walkout_is_told(self, plain: StoredStudy) -> None:
        run = run_that(plain, "walkout")
        row = read_table(plain).iloc[run]
        axes = dance(plain, run)
        assert [drawn for drawn in axes.lines if drawn.get_marker() == "*"] == []
        who = str(row["by"]).title()
        assert f"One run as a dance: {who} walks out in week {int(row['round'])}" in joined(axes)
        assert any(f"{who} walked out" in line for line in narrate_run(plain.scenario, run))

    def test_time_up_is_told(self, plain: StoredStudy) -> None:
        axes = dance(plain, run_that(plain, "impasse"))
        assert "One run as a dance: no agreement by the deadline in week 12" in joined(axes)
        assert not any(text.startswith("settled") for text in texts(axes))


class TestPlane:
    @pytest.mark.parametrize("loss", ["linear", "quadratic"])
    def test_the_frontier_is_drawn(self, small: Scenario, tmp_path: Path, loss: str) -> None:
        scenario = assign(small, {"loss": loss})
        axes = dance(unplayed(tmp_path, scenario), 3)
        seeded = scenario.model_copy(update={"seed": 11})
        story = watch(seeded, 3)
        edge = frontier(
            [story.aims[name] for name in PAIR], [story.salience[name] for name in PAIR], 1 if loss == "linear" else 2
        )
        (drawn,) = [line for line in axes.lines if line.get_color() == style.QUIET]
        np.testing.assert_array_equal(np.transpose(drawn.get_data()), edge)
        for line in dots(axes):
            for x, y in np.transpose(line.get_data()):
                assert y <= np.interp(x, edge[:, 0], edge[:, 1]) + 1e-4

    def test_floors_are_drawn_and_named(self, plain: StoredStudy) -> None:
        run = run_that(plain, "settlement")
        story = watch(plain.scenario, run)
        axes = dance(plain, run)
        floors = [drawn for drawn in axes.lines if drawn.get_color() == style.THEORY]
        upright = {float(drawn.get_xdata()[0]) for drawn in floors if list(drawn.get_ydata()) == [0, 1]}
        level = {float(drawn.get_ydata()[0]) for drawn in floors if list(drawn.get_xdata()) == [0, 1]}
        for found, name in ((upright, "first"), (level, "second")):
            assert found == {floor[name] for floor in (story.opening, story.closing) if floor[name] <= 1}
        written = joined(axes)
        assert "First signs nothing worth less" in written
        assert "Second signs nothing worth less" in written

    def test_a_floor_out_of_reach_is_said_to_be_so(self, nobody: StoredStudy) -> None:
        axes = dance(nobody, 0)
        assert [drawn for drawn in axes.lines if drawn.get_color() == style.THEORY] == []
        for name in PAIR:
            assert f"{name.title()} could sign nothing: its floor is out of reach" in joined(axes)

    def test_pressure_is_owned_up_to(self, small: Scenario, plain: StoredStudy, tmp_path: Path) -> None:
        pressed = assign(small, {"mediator.style": "manipulation", "mediator.leverage": 0.3})
        words = "pressure can make them sign for less"
        assert words in joined(dance(unplayed(tmp_path, pressed)))
        assert words not in joined(dance(plain))

    def test_the_small_print_says_which_run_it_is(self, plain: StoredStudy) -> None:
        assert "Scenario small, run 4, seed 7. One run is one story among many." in joined(dance(plain, 4))


class TestEdges:
    def test_others_are_counted(self, crowded: StoredStudy) -> None:
        run = run_that(crowded, "settlement", 1)
        axes = dance(crowded, run)
        assert "10 other parties are not in the picture." in joined(axes)
        assert amiss(axes) == {}
        authors = {text.author for text in watch(crowded.scenario, run).tabled}
        listed = [text for text in texts(axes) if " text" in text and text.startswith(("delegation", "us"))]
        assert len(listed) == len(authors) > 7

    def test_parties_that_want_nearly_the_same_have_half_the_plane(self, tmp_path: Path) -> None:
        axes = dance(unplayed(tmp_path, crowd(*TWELVE)), 0)
        assert max(axes.get_xlim()[0], axes.get_ylim()[0]) <= 0.5


DESIGNS: dict[str, tuple[dict[str, Sequence[Value]], str | None]] = {
    "numbers": ({"distrust": [0.0, 0.35, 0.9], "parties.*.reservation": [0.4, 0.55]}, None),
    "words and whole numbers": ({"mediator.style": [None, "formulation"], "rounds": [6, 12]}, None),
    "weights": ({"parties.first.salience.land": [0.2, 0.8], "loss": ["linear", "quadratic"]}, None),
    "sampled": ({"distrust": (0.0, 1.0), "rapport": (0.0, 0.1)}, "lhs:5"),
}


@pytest.fixture(scope="module", params=DESIGNS)
def study(request: pytest.FixtureRequest, small: Scenario, tmp_path_factory: pytest.TempPathFactory) -> StoredStudy:
    """A sweep with 12 runs at every design point."""
    vary, sample = DESIGNS[request.param]
    out = tmp_path_factory.mktemp("swept")
    return stored_study.read(sweep(small, vary, 12, sample=sample, spread=False, out=out, name="swept").folder)


class TestSweeps:
    """A run of a sweep is one at a design point, and the one that is drawn is the one that was simulated there."""

    def test_it_is_the_run_in_the_parts_bit_for_bit(self, study: StoredStudy) -> None:
        """Every column of every run at every point, and the texts that are drawn lead to the terms that are stored."""
        files = [pq for pq in sorted((study.path / "parts").iterdir()) if pq.suffix == ".parquet"]
        with duckdb.connect() as connection:
            rows = connection.execute(f"SELECT * FROM read_parquet({[*map(str, files)]}, union_by_name=true)").df()
        assert len(rows) == 12 * len(study.points)
        for row in rows.to_dict("records"):
            ending = watch(study.case(row["point"]), row["run"]).ending
            for column, value in ending.items():
                stored = row[column]
                same = stored == value or (pandas.isna(stored) and (pandas.isna(value) or value == ""))
                assert same, (row["point"], row["run"], column, stored, value)

    def test_the_chart_shows_that_run(self, study: StoredStudy) -> None:
        runs = read_table(study)
        settled = runs[runs["outcome"] == "settlement"].drop_duplicates("point")
        assert len(settled) > 1
        for row in settled.to_dict("records"):
            axes = dance(study, row["run"], row["point"])
            (star,) = (line for line in axes.lines if line.get_marker() == "*")
            last = watch(study.case(row["point"]), row["run"]).tabled[-1]
            assert [*map(float, star.get_xydata()[0])] == [last.worth["first"], last.worth["second"]]
            assert last.week == row["round"]
            assert f"a settlement in week {row['round']}" in joined(axes)
            assert f"design point {row['point']} (" in joined(axes)

    def test_a_run_of_no_design_point_is_refused(self, study: StoredStudy, plain: StoredStudy) -> None:
        last = len(study.points) - 1
        for point in (None, -1, last + 1):
            lacking = KINDS["dance"].lacks([study], 0, point)
            assert lacking is not None
            assert f"--point 0 ({point_label(study.points[0], study.scenario)}) to --point {last} (" in lacking
            with pytest.raises(ValueError, match=f"0 to {last}"):
                dance(study, 0, point)
        assert KINDS["dance"].lacks([study], 0, last) is None
        assert KINDS["dance"].lacks([plain], 0, 0) == (
            f"of {plain.path} has no design points to choose from: it is a plain run"
        )
        with pytest.raises(ValueError, match="no design points"):
            dance(plain, 0, 0)


def test_a_run_beyond_those_of_the_results_is_refused(plain: StoredStudy) -> None:
    assert "run 299, seed 7" in joined(dance(plain, 299))
    assert KINDS["dance"].lacks([plain], 300) == f"of {plain.path} has no run 300: give one from 0 to 299"
    with pytest.raises(ValueError, match="no run 300: give one from 0 to 299"):
        dance(plain, 300)


@pytest.mark.parametrize("kind", ["dance", "distrust"])
def test_runs_of_other_rules_are_not_played_again(plain: StoredStudy, kind: str) -> None:
    """They would not be the runs in the results, which present rules never made."""
    versions = {**plain.manifest["versions"], "rules": 1}
    other = replace(plain, manifest={**plain.manifest, "versions": versions})
    lacking = KINDS[kind].lacks([other])
    assert lacking is not None
    assert lacking.startswith(f"plays runs again, and {plain.path} was simulated under rules 1, not {RULES}")
    assert kind not in {each.name for each in suited([other])}


@pytest.mark.parametrize("kind", KINDS)
def test_no_kind_draws_one_of_several_results_in_silence(kind: str, plain: StoredStudy, examined: StoredStudy) -> None:
    """Only lines and rows of several results stand in one chart, and there each has its name."""
    lacking = KINDS[kind].lacks([plain, examined])
    assert (lacking is None) == (kind in ("durability", "terms"))
