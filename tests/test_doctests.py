"""The examples in the docstrings of public functions are there and do what they say."""

from __future__ import annotations

import doctest
import inspect
from pathlib import Path

import pytest

import sim

ALONE = ("Negotiation", "Range", "Scenario")
"""Classes that are made by hand; the others come out of calls."""

NAMES = [name for name in sim.__all__ if name in ALONE or not isinstance(getattr(sim, name), type)]


@pytest.mark.parametrize("name", NAMES)
def test_the_example_of_a_public_function_is_there_and_works(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    thing = getattr(sim, name)
    names = {**vars(inspect.getmodule(thing)), name: thing}
    examples = doctest.DocTestFinder().find(thing, name, globs=names)
    assert any(one.examples for one in examples), f"sim.{name}: give an example in its docstring"
    said: list[str] = []
    for one in examples:
        doctest.DocTestRunner().run(one, out=said.append)
    assert "".join(said) == ""
