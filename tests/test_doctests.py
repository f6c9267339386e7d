"""The examples in the docstrings of public functions are there and do what they say."""

from __future__ import annotations

import doctest
import inspect
import shutil

import pytest
from shown import ROOT

import sim


@pytest.mark.parametrize("name", sim.__all__)
def test_the_example_of_a_public_function_is_there_and_works(name, tmp_path, monkeypatch):
    for folder in ("scenarios", "seeds"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    monkeypatch.chdir(tmp_path)
    thing = getattr(sim, name)
    names = {**vars(inspect.getmodule(thing)), name: thing}
    examples = doctest.DocTestFinder(recurse=False).find(thing, name, globs=names)
    assert any(one.examples for one in examples), f"sim.{name}: give an example in its docstring"
    said: list[str] = []
    for one in examples:
        doctest.DocTestRunner().run(one, out=said.append)
    assert "".join(said) == ""
