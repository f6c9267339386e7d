"""The notebook of the tutorial runs, and says what it shows."""

from __future__ import annotations

import nbformat
from make_notebook import NOTEBOOK, execute, printed


def test_the_notebook_runs_and_says_what_it_shows() -> None:
    stored = nbformat.read(NOTEBOOK, as_version=4)
    assert len(printed(stored)) >= 8
    assert printed(execute()) == printed(stored)
