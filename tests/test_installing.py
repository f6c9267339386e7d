"""What installers are told: the floors that are declared are those that are tried, and type checkers find the types."""

from __future__ import annotations

import tomllib
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


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
