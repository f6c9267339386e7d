"""The chart of a sweep of one parameter: what is drawn and written, not how it looks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import FillBetweenPolyCollection
from matplotlib.figure import Figure
from matplotlib.text import Text

from sim.output.charts import saved
from sim.output.charts.settlement import settlement_chart
from sim.output.charts.style import CAVEAT
from sim.scenario.loading import load_scenario
from sim.scenario.schema import Scenario
from tests.output.swept import line, swept
from tests.output.test_sweep_table import renamed

ROOT = Path(__file__).parents[2]

LEVELS = [0.0, 0.25, 0.5, 0.75, 1.0]


@pytest.fixture(scope="module")
def small() -> Scenario:
    return load_scenario(ROOT / "tests" / "study" / "data" / "small.yaml")


def falling(at: tuple[object, ...]) -> float:
    return 0.9 - 0.8 * float(at[0])  # type: ignore[arg-type]


def texts(chart: Figure) -> list[str]:
    return [text.get_text() for text in chart.findobj(Text) if text.get_text()]


def bands(chart: Figure) -> list[FillBetweenPolyCollection]:
    return [each for each in chart.axes[0].collections if isinstance(each, FillBetweenPolyCollection)]


def outside(chart: Figure) -> list[str]:
    """The texts that leave the picture."""
    canvas = FigureCanvasAgg(chart)
    canvas.draw()
    whole = chart.bbox
    extents = {text.get_text(): text.get_window_extent(canvas.get_renderer()) for text in chart.findobj(Text)}
    return [
        text
        for text, box in extents.items()
        if text.strip() and (box.x0 < whole.x0 or box.x1 > whole.x1 or box.y0 < whole.y0 or box.y1 > whole.y1)
    ]


class TestCurve:
    def test_it_is_the_share_at_every_level(self, small: Scenario) -> None:
        chart = settlement_chart(swept({"distrust": LEVELS}, falling), small)
        curve = max(chart.axes[0].lines, key=lambda drawn: len(drawn.get_xdata()))
        np.testing.assert_allclose(curve.get_xdata(), LEVELS)
        np.testing.assert_allclose(curve.get_ydata(), [0.9, 0.7, 0.5, 0.3, 0.1])
        assert chart.axes[0].get_ylim() == (0, 1)
        assert chart.axes[0].get_xlabel() == "mutual distrust"
        assert {"90 %", "10 %"} <= set(texts(chart))

    def test_values_in_any_order_are_drawn_from_left_to_right(self, small: Scenario) -> None:
        chart = settlement_chart(swept({"distrust": [1.0, 0.0, 0.5]}, falling), small)
        curve = max(chart.axes[0].lines, key=lambda drawn: len(drawn.get_xdata()))
        assert list(curve.get_xdata()) == [0.0, 0.5, 1.0]
        np.testing.assert_allclose(curve.get_ydata(), [0.9, 0.5, 0.1])

    @pytest.mark.parametrize(("spread", "widths"), [(False, [0.02]), (True, [0.2, 0.02])])
    def test_bands(self, small: Scenario, spread: bool, widths: list[float]) -> None:
        chart = settlement_chart(swept({"distrust": LEVELS}, lambda at: 0.5, spread=spread), small)
        heights = [np.ptp(band.get_paths()[0].vertices[:, 1]) for band in bands(chart)]
        assert heights == pytest.approx(widths)
        assert any("lighter band" in text for text in texts(chart)) == spread

    def test_what_is_written(self, small: Scenario) -> None:
        found = line("distrust", None, 0.4, direct=(0.3, 0.2, 0.4, 1.0), mediator=(None, None, None, 0.0))
        chart = settlement_chart(swept({"distrust": LEVELS}, falling, lines=[found]), small)
        written = texts(chart)
        assert "How the chance of a settlement changes with mutual distrust" in written
        assert "A small negotiation" in written
        assert "one half at 0.40" in written
        assert "direct talks can settle up to 0.30" in written
        assert "the mediator's text can be signed: never" in written
        assert "assumed: 0.4–0.9" in written
        (small_print,) = (text for text in written if CAVEAT in text)
        assert small_print.splitlines() == [
            CAVEAT,
            "Dark band: simulation error (95 %).",
            "Scenario case, 2,000 runs at each of 5 points, seed 11.",
        ]
        assert outside(chart) == []

    def test_the_words_of_the_source_stand_over_their_range(self) -> None:
        baseline = load_scenario(ROOT / "scenarios" / "baseline.yaml")
        chart = settlement_chart(swept({"distrust": LEVELS}, falling), baseline)
        (said,) = (text for text in texts(chart) if text.startswith("the article: “"))
        low, high = (baseline.distrust["russia"]["ukraine"].low, baseline.distrust["russia"]["ukraine"].high)
        assert said.endswith(f"read as {low:.2f}–{high:.2f}")
        assert outside(chart) == []

    @pytest.mark.parametrize(("high", "seen"), [(0.3, 0), (0.45, 1), (0.8, 1)])
    def test_what_is_said_of_other_levels_is_left_out(self, small: Scenario, high: float, seen: int) -> None:
        """The small scenario sees distrust from .4 to .9."""
        chart = settlement_chart(swept({"distrust": [0.0, high]}, falling), small)
        assert texts(chart).count("assumed: 0.4–0.9") == seen
        assert chart.axes[0].get_xlim()[1] < high + 0.1
        assert outside(chart) == []

    def test_theory_is_for_mutual_distrust_only(self, small: Scenario) -> None:
        critical = {"direct": (0.3, 0.2, 0.4, 1.0), "mediator": (0.5, None, None, 1.0)}
        mutual = swept({"distrust": LEVELS}, falling, lines=[line("distrust", None, 0.4, **critical)])
        directed = swept({"distrust.*.us": LEVELS}, falling, lines=[line("distrust.*.us", None, 0.4, **critical)])
        strip = settlement_chart(mutual, small).axes
        assert len(strip) == 2
        assert len(strip[1].lines) == 3  # two ways, one of them with a range
        assert list(strip[1].lines[0].get_xdata()) == [0.0, 0.3]
        assert len(settlement_chart(directed, small).axes) == 1


class TestEdges:
    @pytest.mark.parametrize(("p", "label"), [(1.0, "100 %"), (0.0, "0 %")])
    def test_all_or_none_settle(self, small: Scenario, p: float, label: str) -> None:
        never = line("distrust", None, direct=(None, None, None, 0.0))
        chart = settlement_chart(swept({"distrust": LEVELS}, lambda at: p, spread=True, lines=[never]), small)
        assert texts(chart).count(label) >= 2
        assert not any("one half" in text for text in texts(chart))
        assert outside(chart) == []

    def test_one_point(self, small: Scenario) -> None:
        chart = settlement_chart(swept({"distrust": [0.2, 0.8]}, lambda at: 0.3, lines=[line()], lost=[0]), small)
        low, high = chart.axes[0].get_xlim()
        assert low < 0.8 < high
        assert "30 %" in texts(chart)
        assert "2,000 runs at one point, seed 11" in "\n".join(texts(chart))
        assert outside(chart) == []

    def test_words_are_dots_with_their_intervals(self, small: Scenario) -> None:
        styles = [None, "facilitation", "formulation"]
        chart = settlement_chart(swept({"mediator.style": styles}, lambda at: 0.3, spread=True), small)
        axes = chart.axes[0]
        assert [tick.get_text() for tick in axes.get_xticklabels()] == ["no mediator", "facilitation", "formulation"]
        heights = [round(float(np.ptp(drawn.get_ydata())), 6) for drawn in axes.lines]
        assert heights == [0.2, 0.02, 0.0] * 3
        assert texts(chart).count("30 %") == 3
        assert bands(chart) == []
        assert outside(chart) == []

    @pytest.mark.parametrize("name", ["a_very_long_name_" * 5, "Переговорщики_" * 6])
    def test_long_and_cyrillic_names_stay_in_the_picture(self, small: Scenario, name: str) -> None:
        scenario = renamed(small, first=name, **{"A small negotiation": "Долгие переговоры " * 20})
        summary = swept({f"distrust.{name}.second": LEVELS}, falling, name=name * 3)
        assert outside(settlement_chart(summary, scenario)) == []

    def test_dollars_are_no_formulas(self, small: Scenario, tmp_path: Path) -> None:
        summary = swept({"distrust": LEVELS}, falling, name="$x_{$")
        assert saved(settlement_chart(summary, small), tmp_path / "chart.png").exists()


class TestSaving:
    @pytest.mark.parametrize(("name", "start"), [("c.png", b"\x89PNG"), ("c.svg", b"<?xml"), ("c.pdf", b"%PDF")])
    def test_the_same_chart_is_the_same_file(self, small: Scenario, tmp_path: Path, name: str, start: bytes) -> None:
        contents = []
        for folder in ("one", "two"):
            (tmp_path / folder).mkdir()
            chart = settlement_chart(swept({"distrust": LEVELS}, falling), small)
            contents.append(saved(chart, tmp_path / folder / name).read_bytes())
        assert contents[0] == contents[1]
        assert contents[0].startswith(start)
        assert [path.name for path in (tmp_path / "one").iterdir()] == [name]
