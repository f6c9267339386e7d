"""What the scenario takes a parameter to be: whatever the path of the parameter."""

from __future__ import annotations

import pytest

from sim.output.charts.drawing.evidence_shading import said_of
from sim.scenario.loading.scenario_loader import load_scenario
from sim.scenario.model.parameters import parameters
from tests.output.charts.kept_studies import ROOT

BASELINE = load_scenario(ROOT / "scenarios" / "baseline.yaml")
RANGES = [path for path, each in parameters(BASELINE).items() if each.quantity is not None and each.quantity.is_range]


@pytest.mark.parametrize("path", RANGES)
def test_every_range_is_said(path):
    quantity = parameters(BASELINE)[path].quantity
    assert [(said.low, said.high) for said in said_of(path, BASELINE)] == [(quantity.low, quantity.high)]


def test_a_parameter_of_the_scenario_as_a_whole_is_nobodys():
    assert said_of("rapport", BASELINE)[0].words == "assumed: 0.0–0.1"
