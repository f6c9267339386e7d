"""The table of a sweep: what it says, at 80 columns."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

from sim.output.tables.sweep_table import MOST_COLUMNS, MOST_ROWS, sweep_table, thinned
from sim.scenario.loading.scenario_loader import load_scenario, scenario_from_data
from sim.scenario.model.parameters import resolved
from sim.scenario.model.schema import Scenario
from tests.output.swept import line, swept

SMALL = Path(__file__).parents[2] / "study" / "data" / "small.yaml"


@pytest.fixture(scope="module")
def small() -> Scenario:
    return load_scenario(SMALL)


def renamed(scenario: Scenario, **names: str) -> Scenario:
    """The small scenario with other names for its parties, mediator and title."""

    def walk(data: object) -> object:
        if isinstance(data, dict):
            return {names.get(key, key): walk(value) for key, value in data.items()}
        return names.get(data, data) if isinstance(data, str) else data

    return scenario_from_data(walk(resolved(scenario)))  # type: ignore[arg-type]


def levels(points: int) -> list[float]:
    return [place / (points - 1) for place in range(points)]


FALLING = line("distrust", None, 0.4, direct=(0.3, None, None, 1.0), mediator=(0.35, 0.31, 0.42, 0.8))


class TestOneParameter:
    def test_a_row_a_point(self, small: Scenario, render) -> None:
        summary = swept({"distrust": [0.0, 0.25, 0.5, 1.0]}, lambda at: 0.8 - 0.6 * at[0], lines=[FALLING])
        text = render(sweep_table(summary, small))
        assert text.startswith("A small negotiation\ncase: 4 design points of 2,000 runs, seed 11\n")
        assert "How often do they settle, by mutual distrust?" in text
        assert re.search(r"\n +at +settle +simulation error +walkout +impasse +5 years\n", text)
        assert re.search(r"0\.00 +80\.0 % +79\.0–81\.0 +5\.0 % +15\.0 % +26\.7 % +█{8}\n", text)
        assert re.search(r"1\.00 +20\.0 % +19\.0–21\.0 +20\.0 % +60\.0 % +6\.7 % +█{2}\n", text)
        assert text.count("█") > 16
        assert max(map(len, text.splitlines())) <= 80

    def test_the_crossing_stands_beside_theory(self, small: Scenario, render) -> None:
        summary = swept({"distrust": [0.0, 0.25, 0.5, 1.0]}, lambda at: 0.8 - 0.6 * at[0], lines=[FALLING])
        text = render(sweep_table(summary, small))
        assert "Where along mutual distrust does the share that settles cross 50 %?" in text
        assert "At 0.400 (0.380–0.420), falling between 0.25 and 0.50." in text
        assert re.search(r"theory, direct talks +0\.300\n", text)
        assert re.search(r"theory, mediator's text +0\.35 \[0\.31–0\.42, in 80\.0 % of draws\]\n", text)

    def test_small_print(self, small: Scenario, render) -> None:
        alone = render(sweep_table(swept({"distrust": [0.0, 1.0]}, lambda at: 0.5), small))
        assert alone.endswith(
            "Intervals: simulation error only (95 %), not the range over the assumptions.\n"
            "Shares of simulated runs under the stated assumptions, not a forecast."
        )
        spread = render(sweep_table(swept({"distrust": [0.0, 1.0]}, lambda at: 0.5, spread=True), small))
        assert re.search(r"\n +range over\n +at +settle +simulation error +assumptions +walkout", spread)
        assert re.search(r"0 +50\.0 % +49\.0–51\.0 +40\.0–60\.0", spread)
        assert spread.endswith("not a forecast.")
        assert "90 %" in spread
        assert "90 %" not in alone
        assert max(map(len, spread.splitlines())) <= 80

    @pytest.mark.parametrize(("p", "side"), [(1.0, "50 % or above"), (0.0, "below 50 %")])
    def test_all_or_none_settle(self, small: Scenario, render, p: float, side: str) -> None:
        never = line("distrust", None, direct=(None, None, None, 0.0))
        text = render(sweep_table(swept({"distrust": [0.0, 1.0]}, lambda at: p, lines=[never]), small))
        assert len(re.findall(rf" {100 * p:.1f} % ", text)) >= 2
        assert text.count("█") == (20 if p else 0)
        assert f"Never: {side} at every value." in text
        assert re.search("theory, direct talks +never", text)

    def test_one_point_left(self, small: Scenario, render) -> None:
        text = render(sweep_table(swept({"distrust": [0.0, 1.0]}, lambda at: 0.3, lines=[line()], lost=[0]), small))
        assert "case: 2 design points of 2,000 runs" in text
        assert re.search(r"^ +1 +30\.0 %", text, re.MULTILINE)
        assert "Never: below 50 % at every value." in text

    def test_no_point_left(self, small: Scenario, render) -> None:
        text = render(sweep_table(swept({"distrust": [0.0, 1.0]}, lambda at: 0.3, lost=[0, 1]), small))
        assert "case: 2 design points of 0 runs" in text
        assert "Every design point failed." in text
        assert "%" not in text.splitlines()[3]

    def test_words_and_no_mediator(self, small: Scenario, render) -> None:
        text = render(sweep_table(swept({"mediator.style": [None, "formulation"]}, lambda at: 0.6), small))
        assert "by the mediator's style?" in text
        assert re.search(r"no mediator +60\.0 %", text)
        assert re.search(r"formulation +60\.0 %", text)
        assert "cross 50 %" not in text

    def test_many_points_are_thinned(self, small: Scenario, render) -> None:
        text = render(sweep_table(swept({"distrust": levels(101)}, lambda at: 0.5), small))
        rows = re.findall(r"^ +[01]\.\d\d +50\.0 %", text, re.MULTILINE)
        assert len(rows) == 34  # every third
        assert rows[-1].split()[0] == "0.99"


class TestTwoParameters:
    def test_one_goes_down_and_one_across(self, small: Scenario, render) -> None:
        vary = {"mediator.style": [None, "formulation"], "distrust": [0.0, 0.5, 1.0]}
        lines = [
            line("distrust", {"mediator.style": None}, 0.4, direct=(0.3, None, None, 1.0)),
            line("distrust", {"mediator.style": "formulation"}, mediator=(0.35, None, None, 1.0)),
        ]
        text = render(
            sweep_table(swept(vary, lambda at: 0.9 - 0.2 * at[1] - 0.1 * (at[0] is None), lines=lines), small)
        )
        assert "in % of runs, by mutual distrust (down) and the\nmediator's style?" in text
        assert re.search(r"no mediator +formulation\n +0\.0 +80\.0 +90\.0\n +0\.5 +70\.0 +80\.0\n", text)
        assert re.search(r"no mediator +0\.400 \(0\.380–0\.420\) +0\.300\n", text)
        assert re.search(r"formulation +never: 50 % or above at every value +0\.350\n", text)

    def test_a_point_that_failed_is_a_dash(self, small: Scenario, render) -> None:
        vary = {"distrust": [0.0, 1.0], "distrust.*.us": [0.0, 1.0]}
        text = render(sweep_table(swept(vary, lambda at: 0.5, lost=[3]), small))
        assert re.search(r"^ +0 +50\.0 +50\.0\n +1 +50\.0 +–$", text, re.MULTILINE)
        assert "left out" not in text

    def test_what_has_no_room_is_left_out_and_said_so(self, small: Scenario, render) -> None:
        vary = {"distrust": levels(21), "distrust.*.us": levels(21)}
        text = render(sweep_table(swept(vary, lambda at: 0.5), small))
        assert "Some design points are left out here; the points table has all of them." in text
        assert max(map(len, text.splitlines())) <= 80


class TestSample:
    def test_from_the_least_to_the_most(self, small: Scenario, render) -> None:
        vary = {"distrust": [0.1, 0.9, 0.5], "parties.*.trust_gain": [0.123456]}
        text = render(sweep_table(swept(vary, lambda at: 1 - float(at[0] or 0), method="sobol"), small))
        assert "3 design points (Sobol' points) of 2,000 runs" in text
        assert "From the lowest share to the highest; the points table has all 3 points." in text
        assert re.findall(r"(\d\d\.\d) % .*mutual distrust (0\.\d)", text) == [
            ("10.0", "0.9"),
            ("50.0", "0.5"),
            ("90.0", "0.1"),
        ]
        assert "0.123 " in f"{text} " or "0.123\n" in text


@pytest.mark.parametrize("name", [("a_very_long_name_" * 4)[:64], ("Переговорщики_" * 5)[:64]])
def test_any_names_fit(small: Scenario, render, name: str) -> None:
    scenario = renamed(small, first=name, us=name[::-1].strip("_"))
    path = f"distrust.{name}.second"
    numbers = {path: [0.0, 1.0], f"mediator.bias.{name}": [0.0, 0.5]}
    for vary in ({path: [0.0, 1.0]}, numbers):
        at = dict.fromkeys(list(vary)[1:], 0.5)
        found = line(path, at, 0.4, direct=(0.3, 0.2, 0.4, 0.8))
        text = render(sweep_table(swept(vary, lambda at: 0.5, lines=[found], name="имя" * 40), scenario))
        assert max(map(len, text.splitlines())) <= 80
        assert re.search(r"0 +50\.0", text)
        assert "0.400" in text


def test_thinning_keeps_an_even_step() -> None:
    assert thinned(5, 10) == [0, 1, 2, 3, 4]
    assert thinned(MOST_ROWS, MOST_ROWS) == list(range(MOST_ROWS))
    assert thinned(21, MOST_COLUMNS) == [0, 3, 6, 9, 12, 15, 18]
    assert thinned(1, MOST_COLUMNS) == [0]
    for count in range(1, 200):
        assert len(thinned(count, MOST_COLUMNS)) <= MOST_COLUMNS


def test_a_grid_quotes_its_greatest_error_and_its_widest_range(small: Scenario, render) -> None:
    vary = {"distrust": [0.0, 1.0], "rapport": [0.0, 1.0]}
    found = swept(vary, lambda at: 0.5, spread=True)
    widths = (0.01, 0.03, 0.02, 0.04)
    for point, width in zip(found["points"], widths, strict=True):
        share = point["outcomes"]["settlement"]
        share |= {"low": 0.5 - width, "high": 0.5 + width}  # type: ignore[operator]
        share["spread"] = {"low": 0.4 - width, "high": 0.6 + width}  # type: ignore[index]
    text = " ".join(render(sweep_table(found, small)).split())
    assert "Simulation error of each share: ±4.0 points or less (95 %)." in text
    assert "Widest range over the assumptions: 36.0–64.0 % (90 %)." in text


def test_a_grid_without_ranges_says_how_to_find_them(small: Scenario, render) -> None:
    vary = {"distrust": [0.0, 1.0], "rapport": [0.0, 1.0]}
    text = " ".join(render(sweep_table(swept(vary, lambda at: 0.5), small)).split())
    error = "Simulation error of each share: ±1.0 points or less (95 %)."
    assert f"{error} The range over the assumptions was not computed (--spread does)." in text


def test_runs_that_differ_between_points_are_given_from_least_to_most(small: Scenario, render) -> None:
    found = swept({"distrust": [0.0, 0.5, 1.0]}, lambda at: 0.5)
    for point, runs in zip(found["points"], (500, 100, 4000), strict=True):
        point["runs"] = runs
    assert "of 100 to 4,000 runs, seed 11" in render(sweep_table(found, small))


def test_a_crossing_that_rises_and_several_crossings(small: Scenario, render) -> None:
    rising = line("distrust", None, 0.4, 0.8)
    rising["crossings"][1]["falling"] = False
    text = render(sweep_table(swept({"distrust": [0.0, 0.25, 0.5]}, lambda at: 0.5, lines=[rising]), small))
    assert "At 0.400 (0.380–0.420), falling between 0.25 and 0.50." in text
    assert "At 0.800 (0.780–0.820), rising between 0.25 and 0.50." in text


@pytest.mark.parametrize(("p", "side"), [(0.5, "50 % or above"), (0.4999, "below 50 %")])
def test_one_half_itself_counts_as_above(small: Scenario, render, p: float, side: str) -> None:
    text = render(sweep_table(swept({"distrust": [0.0, 1.0]}, lambda at: p, lines=[line()]), small))
    assert f"Never: {side} at every value." in text


def test_a_line_of_which_no_point_is_left_says_so(small: Scenario, render) -> None:
    vary = {"mediator.style": ["facilitation", "formulation"], "distrust": [0.0, 1.0]}
    lines = [line("distrust", {"mediator.style": style}) for style in vary["mediator.style"]]
    text = render(sweep_table(swept(vary, lambda at: 0.3, lines=lines, lost=[2, 3]), small))
    assert re.search(r"facilitation +never: below 50 % at every value\n", text)
    assert re.search(r"formulation +never: every design point failed\n", text)


def test_theory_is_told_only_along_mutual_distrust(small: Scenario, render) -> None:
    path = "parties.first.reservation"
    found = line(path, None, 0.4, direct=(0.3, None, None, 1.0))
    text = render(sweep_table(swept({path: [0.0, 1.0]}, lambda at: 0.5, lines=[found]), small))
    assert "theory" not in text.lower()
    assert "interpolated linearly between neighbouring design points" in text


@pytest.mark.parametrize(
    ("critical", "words"),
    [
        ((None, None, None, 0.0), "never"),
        ((0.35, None, None, 1.0), "0.350"),
        ((0.35, 0.35, 0.35, 1.0), "0.350"),
        ((0.35, 0.3, 0.4, 1.0), r"0\.35 \[0\.30–0\.40\]"),
        ((0.35, 0.3, 0.4, 0.25), r"0\.35 \[0\.30–0\.40, in 25\.0 % of draws\]"),
    ],
)
def test_critical_values(small: Scenario, render, critical: tuple[float | None, ...], words: str) -> None:
    found = line("distrust", None, 0.4, guaranteed=critical)
    text = render(sweep_table(swept({"distrust": [0.0, 1.0]}, lambda at: 0.5, lines=[found]), small))
    assert re.search(rf"theory, with guarantee +{words}\n", text)


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.2, 1.0, "0.200 to beyond 1.00"),
        (0.0, 0.6, "below 0.00 to 0.600"),
        (0.0, 1.0, "below 0.00 to beyond 1.00"),
        (0.2, 0.9999, "0.200–1.000"),
    ],
)
def test_an_interval_that_reaches_the_end_of_what_was_varied_is_open(
    small: Scenario, render, low: float, high: float, words: str
) -> None:
    vary = {"mediator.style": ["facilitation", "formulation"], "distrust": [0.0, 0.25, 1.0]}
    along = line("distrust", None, 0.4)
    along["crossings"][0] |= {"low": low, "high": high}
    alone = render(sweep_table(swept({"distrust": vary["distrust"]}, lambda at: 0.5, lines=[along]), small))
    assert f"At 0.400 ({words}), falling between" in alone
    lines = [{**along, "at": {"mediator.style": style}} for style in vary["mediator.style"]]
    assert render(sweep_table(swept(vary, lambda at: 0.5, lines=lines), small)).count(f"0.400 ({words})\n") == 2


DECADES = [0.01, 0.1, 1.0, 10.0]


def test_decades_keep_their_digits_and_say_on_which_scale_they_cross(render, small: Scenario) -> None:
    along = line("sharpness", None, 0.0316)
    along["crossings"][0] |= {"low": 0.02, "high": 0.0512, "before": 0.01, "after": 0.1}
    summary = swept({"sharpness": DECADES}, lambda at: 0.8 if at[0] < 0.05 else 0.2, lines=[along], log=["sharpness"])
    text = render(sweep_table(summary, small))
    assert re.findall(r"^ +(0\.01|0\.1|1|10)  ", text, re.MULTILINE) == ["0.01", "0.1", "1", "10"]
    assert "At 0.0316 (0.02–0.0512), falling between 0.01 and 0.1." in text
    assert "design points, on a log scale;" in " ".join(text.split())
    along["crossings"][0]["high"] = math.exp(math.log(10.0))  # not quite 10
    assert "At 0.0316 (0.02 to beyond 10), falling" in render(sweep_table(summary, small))
    del summary["log"]
    assert "log scale" not in render(sweep_table(summary, small))
