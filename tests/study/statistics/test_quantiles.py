from __future__ import annotations

from collections.abc import Iterator

import duckdb
import numpy as np
import pytest

from sim.study.statistics import quantiles as module
from sim.study.statistics.quantiles import quantiles
from sim.study.storage.database import connect

LEVELS = [0.0, 0.05, 0.5, 0.95, 1.0]

SAMPLES = {
    "smooth": lambda luck, size: luck.random(size),
    "in a corner": lambda luck, size: 0.5 + 1e-9 * luck.random(size),
    "few values": lambda luck, size: luck.integers(0, 4, size) / 3,
    "all the same": lambda luck, size: np.full(size, 1.0),
    "weeks": lambda luck, size: luck.integers(1, 53, size).astype(float),
}


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with connect() as connection:
        yield connection


@pytest.fixture(params=["few", "many"])
def _either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "many":
        monkeypatch.setattr(module, "FEW", 0)


@pytest.mark.usefixtures("_either_way")
class TestQuantiles:
    @pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
    @pytest.mark.parametrize("size", [1, 2, 21, 4000])
    def test_they_are_numpys(self, connection: duckdb.DuckDBPyConnection, sample, size: int) -> None:
        columns = {
            "point": np.repeat(np.arange(3), size),
            "outcome": np.full(3 * size, "settlement", dtype=object),
            "value": sample(np.random.default_rng(5), 3 * size),
        }
        connection.register("runs", columns)
        found = quantiles(connection, {"value": LEVELS, "point": [0.5]})
        assert sorted(found) == [(point, column) for point in range(3) for column in ("point", "value")]
        for point in range(3):
            assert found[point, "point"] == (point,)
            values, expected = found[point, "value"], np.quantile(columns["value"][columns["point"] == point], LEVELS)
            np.testing.assert_allclose(values, expected, rtol=1e-15)

    def test_only_defined_values_of_settlements_count(self, connection: duckdb.DuckDBPyConnection) -> None:
        columns = {
            "point": np.array([0, 0, 0, 0, 2]),
            "outcome": np.array(["settlement", "settlement", "walkout", "settlement", "impasse"], dtype=object),
            "value": np.array([1.0, np.nan, 9.0, 3.0, 9.0]),
        }
        connection.register("runs", columns)
        assert quantiles(connection, {"value": [0.5]}) == {(0, "value"): (2.0,)}

    def test_without_runs_there_are_none(self, connection: duckdb.DuckDBPyConnection) -> None:
        connection.register("runs", {"point": np.array([], int), "outcome": np.array([], "U9"), "value": np.array([])})
        assert quantiles(connection, {"value": [0.5]}) == {}
