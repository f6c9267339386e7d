from __future__ import annotations

from collections.abc import Callable

import pytest
from rich.console import Console, RenderableType

Render = Callable[..., str]


@pytest.fixture
def render() -> Render:
    """A renderable as plain text of a given width."""

    def to_text(renderable: RenderableType, width: int = 80) -> str:
        console = Console(width=width, highlight=False, no_color=True)
        with console.capture() as capture:
            console.print(renderable)
        return "\n".join(line.rstrip() for line in capture.get().splitlines())

    return to_text
