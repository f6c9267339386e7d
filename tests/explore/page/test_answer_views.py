"""What is known, as it is handed to the parts of the page."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

pytest.importorskip("nicegui")

from sim.explore.engine.ensemble_figures import Found, spread_over, stretch, summarise_runs
from sim.explore.engine.stepwise_answer import Known
from sim.explore.page import answer_views, echarts_options
from sim.explore.state.page_settings import case, unchanged
from sim.output.charts.kinds.distrust_over_time import MOST_PANELS, shown_pairs
from sim.output.charts.kinds.outcomes import weekly
from sim.scenario.loading.scenario_loader import load_scenario
from sim.study.execution.task_simulation import simulate_table
from sim.study.statistics.assumption_range import blocks, play_draws
from sim.study.summaries.ensemble_summary import HORIZONS


@pytest.fixture(scope="module")
def ensemble(small) -> Found:
    """300 runs, with the range over the assumptions."""
    counts = np.sum([play_draws(small, block, HORIZONS) for block in blocks()], axis=0)
    return spread_over(summarise_runs(small, [simulate_table(task) for task in stretch(small, range(300))]), counts)


def without_durability(ensemble: Found, kind: str) -> Found:
    """Return the ensemble of a scenario in which nobody could break a settlement, in the forms that this may take."""
    summary: dict[str, Any] = dict(ensemble.summary)
    for name in ("lasting", "holds"):
        if kind == "missing":
            del summary[name]
        else:
            summary[name] = {"none": None, "empty": {}, "each": dict.fromkeys(summary[name])}[kind]
    return Found(ensemble.scenario, summary, ensemble.terms, ensemble.fates)  # type: ignore[arg-type]


class TestHeadline:
    def test_the_range_over_the_assumptions_stands_beside_every_large_share(self, ensemble):
        settled, lasting = answer_views._headline(ensemble, False)
        share = ensemble.summary["outcomes"]["settlement"]
        assert (settled["p"], settled["error"]) == (share["p"], [share["low"], share["high"]])
        assert settled["over"] == [share["spread"]["low"], share["spread"]["high"]]
        assert settled["range"].startswith("Range over the assumptions (middle 90\N{NO-BREAK SPACE}%): ")
        assert lasting["name"] == "settle and hold for 1 year"
        assert lasting["over"] is not None
        assert answer_views._brief(ensemble).count("range") == 2

    def test_until_it_is_known_it_says_so(self, small):
        first = summarise_runs(small, [simulate_table(task) for task in stretch(small, range(50))])
        assert {each["range"] for each in answer_views._headline(first, True)} == {answer_views.PENDING}
        assert all(each["over"] is None for each in answer_views._headline(first, True))

    @pytest.mark.parametrize("kind", ["none", "empty", "each", "missing"])
    def test_durability_that_is_no_answer_is_left_out_with_the_reason(self, ensemble, kind):
        bare = without_durability(ensemble, kind)
        assert [each["name"] for each in answer_views._headline(bare, False)] == ["settle"]
        assert answer_views._brief(bare).count("\n") == 0
        assert answer_views._durability_left_out(bare).endswith("nothing in the scenario lets anybody break one.")
        assert answer_views._durability_left_out(ensemble) == ""

    def test_a_span_too_short_is_another_reason(self, small):
        short = case(small, unchanged(small).put(["implementation.periods"], 20))
        brief = summarise_runs(short, [simulate_table(task) for task in stretch(short, range(20))])
        assert answer_views._durability_left_out(brief).endswith("they are watched for 20 weeks only.")


class TestCharts:
    def test_the_range_over_the_assumptions_is_an_upright_bar(self, ensemble):
        over = ensemble.summary["outcomes"]["settlement"]["spread"]
        bands = weekly(ensemble.summary["curves"], ensemble.scenario)
        bar = echarts_options.outcomes(bands, False, ensemble)["series"][-1]
        assert bar["data"] == [[12, over["low"]], [12, over["high"]]]
        assert echarts_options._over_assumptions(ensemble, 0.4, True)[0]["data"] == [
            [0.4, over["low"]],
            [0.4, over["high"]],
        ]

    def test_where_nothing_is_a_range_there_is_no_bar(self, small):
        point = summarise_runs(small, [simulate_table(task) for task in stretch(small, range(20))])
        assert echarts_options._over_assumptions(spread_over(point, None), 0.4, False) == []


class TestDistrust:
    def shown(self, known: Known) -> list[str]:
        """Return the names of the panels in the order in which they are shown."""
        names: list[str] = []
        panel = SimpleNamespace(show=lambda pairs, weeks: names.extend(pair["name"] for pair in pairs), props={})
        page = SimpleNamespace(distrust=panel, distrust_note=SimpleNamespace(set_text=lambda text: None))
        answer_views.show_distrust(page, known)  # type: ignore[arg-type]
        return names

    def levels(self, pairs, moving) -> dict[tuple[str, str], Any]:
        """Return distrust that moves between some pairs and stays between others."""
        still, moved = np.full((3, 3), 0.5), np.linspace(0.2, 0.8, 9).reshape(3, 3)
        return {pair: moved if pair in moving else still for pair in pairs}

    def test_panels_keep_their_places_whoever_moves_most(self, tmp_path, ensemble):
        parties = [f"p{n}" for n in range(5)]
        many = load_scenario(_with_parties(tmp_path, parties))
        pairs = [(one, other) for one in parties for other in parties if one != other]
        assert len(pairs) > MOST_PANELS
        known = Known(ensemble=Found(many, ensemble.summary, ensemble.terms, ensemble.fates))
        known.beliefs = self.levels(pairs, pairs[:10])
        first = self.shown(known)
        known.beliefs = self.levels(pairs, pairs[-10:])
        assert self.shown(known) == first
        assert len(first) == MOST_PANELS
        known.beliefs = self.levels(pairs[1:], pairs[-10:])  # one pair is no more
        assert self.shown(known) == [name for name in first if name != first[0]]

    def test_pairs_of_one_rank_stand_as_the_model_has_them(self, tmp_path):
        many = load_scenario(_with_parties(tmp_path, ["x", "y", "z"]))
        pairs = [(one, other) for one in "xyz" for other in "xyz" if one != other]
        for moving in pairs:
            assert shown_pairs(many, self.levels(pairs, [moving])) == pairs


def _with_parties(folder, names):
    """Write a scenario with so many parties; return its path."""
    tastes = "salience: {land: 1}, reservation: 0.4, betrayal_loss: 0.1"
    parties = "".join(f"  {name}: {{aims: {{land: {n % 2}}}, {tastes}}}\n" for n, name in enumerate(names))
    levels = "".join(f"  {one}: {{{', '.join(f'{other}: 0.5' for other in names if other != one)}}}\n" for one in names)
    path = folder / "many.yaml"
    path.write_text(f"title: Many\nrounds: 2\nissues: {{land: {{}}}}\nparties:\n{parties}distrust:\n{levels}")
    return path
