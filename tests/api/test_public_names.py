"""The names of the package: all of them, nothing else, and one base for what is raised."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version

import pytest

import sim

ERRORS = [name for name in sim.__all__ if name.endswith("Error")]


def test_dir_shows_the_public_names_and_nothing_else() -> None:
    assert dir(sim) == sorted([*sim.__all__, "__version__"])
    assert all(hasattr(sim, name) for name in dir(sim))
    assert sim.__version__ == version("parley-sim")
    with pytest.raises(AttributeError):
        sim.nothing  # noqa: B018


def test_one_base_catches_every_error() -> None:
    assert len(ERRORS) >= 8
    assert all(issubclass(getattr(sim, name), sim.ParleyError) for name in ERRORS)


def test_importing_the_package_is_cheap() -> None:
    heavy = "{'mesa', 'pandas', 'matplotlib', 'numpy', 'duckdb', 'pydantic'}"
    code = f"import sys, sim; assert not {heavy} & set(sys.modules), {heavy} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


class TestScenario:
    def test_assigning_makes_another(self, case: sim.Scenario) -> None:
        other = case.assign({"distrust": sim.Range(0.5, 0.7, assumption="why")})
        assert type(other) is sim.Scenario
        assert other is not case
        first, second = list(case.parties)[:2]
        assert other.distrust[first][second].range == (0.5, 0.7)
        assert case.distrust[first][second] != other.distrust[first][second]
        assert other.changes[-1].startswith("distrust=")

    def test_a_range_is_checked_like_any_other(self, case: sim.Scenario) -> None:
        with pytest.raises(sim.ScenarioError, match="low end"):
            case.assign({"distrust": sim.Range(0.7, 0.5)})
        with pytest.raises(sim.ScenarioError, match="did you mean"):
            case.assign({"distrst": 0.5})

    def test_it_is_not_changed_in_place(self, case: sim.Scenario) -> None:
        with pytest.raises(sim.ScenarioError, match="assign"):
            case.rounds = 5  # type: ignore[assignment]

    def test_equal_is_what_has_equal_parts(self, case: sim.Scenario) -> None:
        one, two = case.assign({"distrust": 0.5}), case.assign({"distrust": {"value": 0.5}})
        assert one.distrust == two.distrust
        assert case == case.assign({})
        assert case != one
        assert len({case, case.assign({}), one}) == 2

    @pytest.mark.parametrize("values", [["distrust=0.5"], "distrust=0.5", None, 5, {3: 4}])
    def test_what_is_no_mapping_from_paths_is_refused(self, case: sim.Scenario, values: object) -> None:
        with pytest.raises(sim.ScenarioError, match="mapping from paths"):
            case.assign(values)  # type: ignore[arg-type]

    def test_a_study_is_no_scenario(self) -> None:
        with pytest.raises(sim.ScenarioError, match="is a study"):
            sim.load_scenario("studies/mutual-distrust")

    def test_its_table_has_every_parameter(self, case: sim.Scenario) -> None:
        frame = case.to_frame()
        ranges = frame[frame["low"].notna()]
        assert len(ranges) > 0
        assert (ranges["low"] <= ranges["high"]).all()
        assert {"value", "unit", "meaning", "assumption"} <= set(frame)

    def test_its_file_asks_the_same(self, case: sim.Scenario, tmp_path) -> None:
        (tmp_path / "same.yaml").write_text(case.to_yaml(), encoding="utf-8")
        assert sim.load_scenario(tmp_path / "same.yaml").to_frame()["value"].equals(case.to_frame()["value"])

    def test_its_repr_is_one_line(self, case: sim.Scenario) -> None:
        assert len(repr(case).splitlines()) == 1
        assert str(case) == repr(case)

    def test_a_title_of_its_own_is_kept_whatever_is_assigned(self, case: sim.Scenario) -> None:
        talks = sim.Scenario.of(case.model_copy(update={"title": "Talks; with pauses"}))
        twice = talks.assign({"distrust": 0.3}).assign({"rapport": 0.1})
        assert twice.title == "Talks; with pauses; with distrust=0.3, rapport=0.1"
