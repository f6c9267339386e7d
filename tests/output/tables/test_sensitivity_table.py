from __future__ import annotations

import re
from typing import Any

import pytest

from sim.output.tables.sensitivity_table import sensitivity_table
from sim.scenario.loading.scenario_loader import scenario_from_data
from sim.scenario.model.schema import Scenario
from sim.study.summaries.sensitivity_summary import Sensitivity

PARTY = {"salience": {"land": 1}, "reservation": 0.5, "betrayal_loss": 0.1}
SCENARIO: Scenario = scenario_from_data(
    {
        "title": "A question",
        "issues": {"land": {}},
        "parties": {"north": {**PARTY, "aims": {"land": 0}}, "south": {**PARTY, "aims": {"land": 1}}},
        "distrust": {"north": {"south": 0.5}, "south": {"north": 0.5}},
    }
)


def index(value: float) -> Any:
    return {"value": value, "low": value - 0.04, "high": value + 0.04}


def factor(first: float, total: float, *paths: str) -> Any:
    return {"name": paths[0], "paths": list(paths), "first": index(first), "total": index(total)}


def sensitivity(*factors: Any, outcome: str = "settlement", noise: float | None = 0.02) -> Sensitivity:
    return {
        "scenario": "question",
        "seed": 4,
        "outcome": outcome,
        "rows": 64,
        "plays": 16,
        "runs": 64 * 16 * (len(factors) + 2),
        "mean": 0.25,
        "variance": 0.1,
        "noise": noise,
        "factors": list(factors) or None,
        "withheld": None,
        "needed": None,
    }


GAIN = factor(0.3, 0.5, "parties.north.trust_gain", "parties.south.trust_gain")
DISTRUST = factor(-0.01, 0.7, "distrust.north.south")
RAPPORT = factor(0.0, 0.001, "rapport")
DRIFT = factor(0.0, 0.002, "battlefield.drift")


def test_what_moves_most_comes_first(render) -> None:
    text = render(sensitivity_table(sensitivity(RAPPORT, GAIN, DISTRUST, DRIFT), SCENARIO))
    assert "question: 64 base rows, 6,144 runs, 16 a row, seed 4" in text
    lines = re.findall(r"^  (\S.*\S) +(\d+ % \(\d+–\d+\)) +(\d+ % \(\d+–\d+\)) +(█+)$", text, re.MULTILINE)
    assert [line[:3] for line in lines] == [
        ("north's distrust of south", "0 % (0–3)", "70 % (66–74)"),
        ("trust gained by cooperation (2 together)", "30 % (26–34)", "50 % (46–54)"),
    ]
    assert [len(line[3]) for line in lines] == [8, 6]  # of twelve characters for all of the variance
    assert "2 other ranges: below 1.0 % in total, each." in text
    assert re.search(r"2\.0 % of the variance between rows of 16 runs is simulation\s+error", text)
    assert "--plays" not in text
    assert "not a forecast" in text
    assert max(map(len, text.splitlines())) <= 80


def test_one_other_range_is_no_plural(render) -> None:
    assert "1 other range: below" in render(sensitivity_table(sensitivity(GAIN, DRIFT), SCENARIO))
    assert "other range" not in render(sensitivity_table(sensitivity(GAIN), SCENARIO))


def test_without_indices_the_reason_and_what_it_would_take_are_said(render) -> None:
    found = sensitivity(noise=0.8)
    found["withheld"] = "80 % of the variance between rows is simulation error."
    found["needed"] = {"rows": 256, "plays": 64, "runs": 81_920}
    text = " ".join(render(sensitivity_table(found, SCENARIO)).split())
    assert "No indices. 80 % of the variance between rows is simulation error." in text
    assert "it would take about --rows 256 --plays 64 (81,920 runs)." in text
    assert "alone" not in text
    found["needed"] = None
    text = " ".join(render(sensitivity_table(found, SCENARIO)).split())
    assert "More runs than a study may take would be needed" in text


def test_the_outcome_is_named(render) -> None:
    text = render(sensitivity_table(sensitivity(GAIN, outcome="lasting.260"), SCENARIO))
    assert "how often they reach a settlement that holds for 5 years?" in text


def test_where_nothing_varies_that_is_said(render) -> None:
    text = render(sensitivity_table(sensitivity(noise=None), SCENARIO))
    assert re.search(r"in all rows alike,\s+25\.0 %\s+of the\s+runs\s+settle", text)
    assert "simulation error" not in text
    assert "nan" not in text.lower().split()


def test_a_range_of_one_per_cent_has_a_line_and_one_below_has_none(render) -> None:
    least = factor(0.0, 0.01, "rapport")
    below = factor(0.0, 0.0099, "battlefield.drift")
    text = render(sensitivity_table(sensitivity(DISTRUST, least, below), SCENARIO))
    assert "rapport from meeting" in text
    assert "drift" not in text
    assert "1 other range: below 1.0 % in total." in text


def test_indices_beyond_none_and_all_are_cut(render) -> None:
    wild = {
        **DISTRUST,
        "first": {"value": -0.2, "low": -0.5, "high": 0.1},
        "total": {"value": 1.2, "low": 0.9, "high": 1.5},
    }
    text = render(sensitivity_table(sensitivity(wild), SCENARIO))
    assert re.search(r"0 % \(0–10\) +100 % \(90–100\)", text)


def test_half_per_cents_are_not_nothing(render) -> None:
    text = render(sensitivity_table(sensitivity(factor(0.003, 0.02, "rapport")), SCENARIO))
    assert re.search(r"< 1 % \(0–4\) +2 % \(0–6\)", text)


@pytest.mark.parametrize("noise", [0.0, 0.02, 0.4])
def test_however_much_is_simulation_error_it_is_said_to_be_taken_out(render, noise: float) -> None:
    text = " ".join(render(sensitivity_table(sensitivity(DISTRUST, noise=noise), SCENARIO)).split())
    said = f"{100 * noise:.1f} % of the variance between rows of 16 runs is simulation error; it has been taken out."
    assert f"{said} The intervals cover it." in text
    assert "--plays" not in text


def test_ranges_without_any_effect_are_named(render) -> None:
    found = sensitivity(DISTRUST, RAPPORT, DRIFT)
    found["unmoved"] = ["rapport", "battlefield.drift"]
    text = " ".join(render(sensitivity_table(found, SCENARIO)).split())
    assert "Without any effect, in every row: rapport from meeting and drift of the battlefield." in text
    assert "Without any effect" not in render(sensitivity_table(sensitivity(DISTRUST), SCENARIO))
