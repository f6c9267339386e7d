"""Calls take what users of numpy and pandas have at hand, and refuse the rest before anything is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim


@pytest.mark.parametrize(
    "values",
    [np.linspace(0.0, 0.6, 3), pd.Series([0.0, 0.3, 0.6]), pd.Index([0.0, 0.3, 0.6]), (0.0, 0.3, 0.6)],
    ids=["array", "series", "index", "tuple"],
)
def test_a_sweep_takes_values_in_any_form(values: Any, case: sim.Scenario, tmp_path: Path) -> None:
    made = sim.sweep(case, {"distrust": values}, 20, out=tmp_path, spread=False)
    assert made.varied == {"distrust": [0.0, 0.3, 0.6]}


def test_a_range_may_be_sampled(case: sim.Scenario, tmp_path: Path) -> None:
    made = sim.sweep(case, {"distrust": sim.Range(0.1, 0.9)}, 20, sample="lhs:4", out=tmp_path, spread=False)
    assert made.varied == {"distrust": [0.1, 0.9]}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"command": 3}, "command must be text, not 3"),
        ({"progress": 3}, "progress must be a function, not 3"),
        ({"announce": "x"}, "announce must be a function, not the text 'x'"),
        ({"workers": 3}, "workers must be Workers, not 3"),
    ],
)
def test_odd_options_are_refused_and_nothing_is_written(
    options: dict[str, Any], message: str, case: sim.Scenario, tmp_path: Path
) -> None:
    with pytest.raises(sim.ScenarioError, match=f"^{message}$"):
        sim.run(case, 5, out=tmp_path / "none", spread=False, **options)
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("log", [True, 5, "distrust", [1]])
def test_a_logarithmic_scale_is_asked_for_by_paths(log: Any, case: sim.Scenario, tmp_path: Path) -> None:
    with pytest.raises(sim.ScenarioError, match="log must be a list of paths"):
        sim.sweep(case, {"sharpness": [1.0, 10.0]}, 5, log=log, out=tmp_path)
    assert list(tmp_path.iterdir()) == []
