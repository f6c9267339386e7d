"""The page's figures are those of `run`, `sweep` and `compare`: the same runs, the same words."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from sim.explore.engine.curve_refinement import COARSE, STAGES, Curve, settlements
from sim.explore.engine.ensemble_figures import difference, spread_over, stretch, summarise_runs
from sim.explore.engine.shared_workers import Turns
from sim.explore.engine.stepwise_answer import Inquiry, Known
from sim.explore.engine.theory_marks import closings
from sim.explore.state.page_settings import case, unchanged
from sim.explore.state.parameter_controls import Control, curves, groups, standing
from sim.output.charts.drawing.theory_strip import WAYS
from sim.scenario.loading.scenario_loader import load_scenario
from sim.scenario.model.parameters import parameters
from sim.study.comparison import compare
from sim.study.ensemble import run
from sim.study.execution.executors import InProcess
from sim.study.execution.task_simulation import simulate_table
from sim.study.statistics.assumption_range import blocks, play_draws
from sim.study.summaries.ensemble_summary import HORIZONS
from sim.study.sweep import sweep
from tests.explore.conftest import SCENARIOS

BETWEEN = ["distrust.north.south", "distrust.south.north"]


def tables(scenario, runs):
    return [simulate_table(task) for task in stretch(scenario, range(runs))]


class TestEnsemble:
    def test_the_figures_are_those_of_run(self, small, tmp_path):
        runs = 5000  # more than a block
        kept = run(small, runs, out=tmp_path)
        counts = np.sum([play_draws(small, block, HORIZONS) for block in blocks()], axis=0)
        page = spread_over(summarise_runs(small, tables(small, runs)), counts)
        expected = {key: value for key, value in kept.summary.items() if key != "warnings"}  # check's, not the runs'
        assert page.summary == {**expected, "scenario": page.summary["scenario"]}

    def test_differences_are_those_of_compare(self, small, tmp_path):
        paths = [path for path in parameters(small) if path.startswith("distrust.")]
        changed = case(small, unchanged(small).put(paths, 0.2))
        page, runs = difference(*(summarise_runs(each, tables(each, n)) for each, n in ((small, 900), (changed, 700))))
        kept = compare({"one": small, "other": changed}, 700, out=tmp_path, spread=False)
        assert runs == 700
        change = kept["scenarios"][1]["change"]
        assert page == {key: change[key] for key in change if key not in ("same", "terms", "utility")}


class TestCurve:
    def test_it_is_that_of_sweep(self, small, tmp_path):
        curve = Curve("distrust", 0.0, 1.0)
        for stage in STAGES[:3]:
            for task in list(curve.lacks(stage)):
                curve = curve.with_counts(task, settlements(small, task))
        runs, places = STAGES[2][2], [place for place, _ in curve.shares]
        made = sweep(small, {"distrust": places}, runs, out=tmp_path, spread=False)
        kept = [(row["outcomes.settlement.p"], row["outcomes.settlement.low"]) for row in made.points]
        assert [(share.p, share.low) for _, share in curve.shares] == kept
        assert {total for _, total in curve.counts.values()} == {runs}

    def test_every_stage_holds_the_one_before(self):
        curve, before = Curve("rapport", 0.0, 0.5), set()
        for stage in STAGES:
            for task in list(curve.lacks(stage)):
                assert len(task.places) * len(task.runs) <= 4096
                curve = curve.with_counts(task, [0] * len(task.places))
            assert before <= curve.counts.keys()
            assert len(curve.counts) >= COARSE
            assert list(curve.lacks(stage)) == []
            before = set(curve.counts)


class TestTheory:
    def test_the_textbook_case_is_known_exactly(self):
        """Direct talks settle up to .2667, a mediator's text up to .4: worked out by hand (scenarios/textbook.yaml)."""
        textbook = load_scenario(SCENARIOS / "textbook.yaml")
        found = {closing.words.partition(" up to")[0]: closing.at for closing in closings(textbook, "distrust", 0, 1)}
        assert found == {
            WAYS["direct"]: pytest.approx(4 / 15, abs=1e-5),
            WAYS["mediator"]: pytest.approx(0.4, abs=1e-5),
        }

    def test_along_any_other_parameter_it_flips_where_it_should(self):
        """Worked out by hand: a text splits 1 and must bring each side its value of no settlement plus .3·d/(1 − d).

        At d = 1/3 that is .45 for b, which leaves .55 for a, so a's value of no settlement may be .55 − .15 = .4.
        """
        textbook = load_scenario(SCENARIOS / "textbook.yaml")
        found = closings(textbook, "parties.a.reservation", 0.0, 1.0)
        mediated = [closing for closing in found if closing.words.startswith(WAYS["mediator"])]
        assert [closing.at for closing in mediated] == [pytest.approx(0.4, abs=0.01)]
        assert mediated[0].words.endswith("up to 0.40")


class TestInquiry:
    def ask(self, base, settings, along, seen):
        """Follow a question to its end, with this process as the worker; return what is known."""

        async def story():
            turns, known = Turns(1, lambda _: InProcess()), Known()
            inquiry = Inquiry(turns, turns.seat(), base, known, lambda what: seen.append((what, known.ensemble.runs)))
            await inquiry.first(settings, along)
            await inquiry.rest(settings, along)
            return inquiry

        return asyncio.run(story())

    def test_it_goes_from_a_first_answer_to_the_whole(self, small):
        along = curves(groups(small, {}))["distrust"]
        seen: list[tuple[str, int]] = []
        inquiry = self.ask(small, unchanged(small), along, seen)
        known = inquiry.known
        assert seen[0] == ("ensemble", 300)
        assert [what for what, _ in seen].index("line") == 1
        assert known.ensemble.runs == int(small.runs) == 300
        assert known.ensemble.summary["outcomes"]["settlement"]["spread"] is not None
        assert not known.spread_pending
        assert {runs for _, runs in known.line.curve.counts.values()} == {STAGES[-1][2]}
        assert known.line.closings

    def test_a_curve_is_found_once_wherever_on_it_one_stands(self, small):
        along = curves(groups(small, {}))["distrust"]

        async def story():
            turns = Turns(1, lambda _: InProcess())
            inquiry = Inquiry(turns, turns.seat(), small, Known(), lambda what: None)
            settings = unchanged(small)
            lines = []
            for moved in (settings, settings.put(along.paths, 0.3), settings.put(["rapport"], 0.2)):
                await inquiry.first(moved, along)
                await inquiry._bend(along, STAGES[:1])
                lines.append(inquiry.known.line)
            return lines

        first, second, third = asyncio.run(story())
        assert first is second
        assert third is not first


class TestControls:
    @pytest.mark.parametrize("name", [path.name for path in sorted(SCENARIOS.glob("*.yaml"))])
    def test_every_parameter_has_a_control_and_every_slider_holds_what_the_file_says(self, name):
        base = load_scenario(SCENARIOS / name)
        found = groups(base, {})
        controls = [control for group in found for control in group.controls]
        known = parameters(base)
        assert {path for control in controls for path in control.paths} >= set(known) - {"mediator.stake"}
        for control in controls:
            assert standing(control, {}, known) == control.file
            if not control.words:
                ends = control.file if isinstance(control.file, tuple) else (control.file,) * 2
                assert control.low <= ends[0] <= ends[1] <= control.high
                assert (control.high - control.low) / control.step >= (2 if control.whole else 95)
                for end in (control.low, control.high):
                    _try(base, control, end)

    def test_groups_are_those_that_people_think_of(self, baseline):
        titles = [group.title for group in groups(baseline, {})]
        assert titles[:4] == ["Distrust", "Russia", "Ukraine", "The mediator: US"]
        assert titles[4:] == ["Guarantees, and after the signature", "The war during the talks", "The talks"]


def _try(base, control: Control, end: float) -> None:
    """Set a control to an end of its slider: the program's own limits must allow it (weights may not all be 0)."""
    if "salience" in control.path and end == 0:
        return
    if control.path == "rounds" and base.events:
        return
    value = int(end) if control.whole else float(end)
    case(base, unchanged(base).put(control.paths, value))
