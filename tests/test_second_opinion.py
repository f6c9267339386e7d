"""The engine against the same rules written a second time, as an ordinary scalar model, on the same luck."""

from __future__ import annotations

from pathlib import Path

import pytest
from second_opinion import compare

from sim.scenario.loading import load_scenario

SCENARIOS = sorted((Path(__file__).parents[1] / "scenarios").glob("*.yaml"))


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_two_implementations_of_the_rules_agree_run_by_run(path):
    opinions = compare(load_scenario(path), runs=40)
    assert opinions.runs == 40
    assert not opinions.differing
