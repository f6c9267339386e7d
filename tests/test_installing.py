"""What installers are told: the floors that are declared are those that are tried, and type checkers find the types."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import yaml
from packaging.requirements import Requirement

from sim.scenario.packaged.packaged_scenarios import SCENARIOS, SEEDS, WITHIN

ROOT = Path(__file__).parents[1]
TOML = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = TOML["project"]


def _floors(requirements: list[str]) -> dict[str, str]:
    """Return the least version of every distribution that is required."""
    read = [Requirement(text) for text in requirements]
    return {each.name: part.version for each in read for part in each.specifier if part.operator == ">="}


def test_the_floors_that_are_tried_are_those_that_are_declared() -> None:
    lines = (ROOT / ".ci" / "floors.txt").read_text(encoding="utf-8").splitlines()
    tried = dict(line.split("==") for line in lines if not line.startswith("#"))
    extras = PROJECT["optional-dependencies"]
    declared = _floors(
        [*PROJECT["dependencies"], *(text for extra in ("cluster", "explore", "xlsx") for text in extras[extra])]
    )
    assert tried == declared


def test_every_requirement_has_a_floor() -> None:
    extras = PROJECT["optional-dependencies"]
    for text in [
        *PROJECT["dependencies"],
        *extras["cluster"],
        *extras["explore"],
        *extras["xlsx"],
        *extras["benchmarks"],
        *extras["docs"],
    ]:
        assert any(part.operator == ">=" for part in Requirement(text).specifier), text


def test_dev_asks_for_no_less_than_the_extras() -> None:
    extras = PROJECT["optional-dependencies"]
    dev = _floors(extras["dev"])
    for extra in ("cluster", "explore", "xlsx"):
        for name, floor in _floors(extras[extra]).items():
            assert dev[name] == floor


def test_type_checkers_find_the_types() -> None:
    assert (ROOT / "sim" / "py.typed").read_text(encoding="utf-8") == ""


def test_the_readme_of_the_package_links_to_no_file() -> None:
    """A package index shows it alone: a relative link or picture would be broken there."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    links = re.compile(r"\]\((?!https://)[^)]*\)")
    assert links.search(text), "nothing would be tested"
    words = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text).split()
    for each in TOML["tool"]["hatch"]["metadata"]["hooks"]["fancy-pypi-readme"]["substitutions"]:
        text = re.sub(each["pattern"], each["replacement"], text)
    assert "![" not in text
    assert not links.search(text)
    assert "(https://mesa.readthedocs.io)" in text
    assert len(text.split()) > 0.95 * len(words)


def test_the_wheel_takes_what_is_packaged_from_where_it_lies() -> None:
    wheel = TOML["tool"]["hatch"]["build"]["targets"]["wheel"]
    for name in (SCENARIOS, SEEDS):
        assert name in wheel["only-include"]
        assert wheel["sources"][name] == f"sim/{WITHIN}/{name}"


def test_nothing_else_in_the_package_reads_what_is_packaged_by_its_own_path() -> None:
    """Only docstrings and examples, which run in a checkout, name these folders."""
    named = re.compile(rf'(Path\(|/ )"({SCENARIOS}|{SEEDS})')
    files = [path for path in (ROOT / "sim").rglob("*.py") if path.name != "packaged_scenarios.py"]
    assert [path.name for path in files if named.search(path.read_text(encoding="utf-8"))] == []


def test_the_workflow_calls_the_gate_on_every_python_that_is_declared() -> None:
    (job,) = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))["jobs"].values()
    declared = [text.rpartition(" ")[2] for text in PROJECT["classifiers"] if ":: Python :: 3." in text]
    assert job["strategy"]["matrix"]["python"] == declared
    assert [step["run"] for step in job["steps"] if "run" in step] == [".ci/run"]
