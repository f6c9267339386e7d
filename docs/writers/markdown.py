"""Words that pages read off the code have in common."""

from __future__ import annotations

import inspect

MADE = "<!-- Made by docs/make_reference.py: change the code, not this page. -->"


def first(text: str | None) -> str:
    """Return the first paragraph of a text, on one line."""
    return inspect.cleandoc(text or "").partition("\n\n")[0].replace("\n", " ")


def cell(text: str) -> str:
    """Return text that may stand in a table."""
    return text.replace("|", "\\|").replace("\n", " ")
