"""Line to the browser's tab: what it remembers, and the mark on views of earlier settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from nicegui import ui
from nicegui.events import GenericEventArguments


@dataclass(frozen=True)
class Greeting:
    """Greeting of a browser's tab when its page is there: its memory, the link it showed last, and how it looks.

    `unsent`: moves were on their way to a server that had gone when the page was loaded anew.
    """

    memory: str = ""
    shown: str | None = None
    scheme: str = ""
    dark: bool = False
    unsent: bool = False


def put(element: ui.element, **properties: Any) -> None:
    """Put properties on an element in the browser's tab, as far as it has not got them already."""
    new = {name: value for name, value in properties.items() if element.props.get(name, ...) != value}
    if new:
        element.props.update(new)


class Memory(ui.element, component="../web/memory.js"):
    """Memory of a browser's tab: the address of the page, and what the tab remembers.

    `on_greet` is told what that is, once.
    """

    def __init__(self, on_greet: Callable[[Greeting], None]) -> None:
        super().__init__()
        self.props.update({"address": "", "steps": ""})
        self.on("greet", lambda event: on_greet(_greeting(event)))

    def show(self, address: str) -> None:
        """Have an address shown; empty for the scenario as its file has it."""
        put(self, address=address)

    def keep(self, steps: str) -> None:
        """Have the tab remember something."""
        put(self, steps=steps)


def _greeting(event: GenericEventArguments) -> Greeting:
    """Return what a tab said, taken for what it ought to be or for nothing."""
    said = event.args if isinstance(event.args, Mapping) else {}

    def text(name: str) -> str | None:
        value = said.get(name)
        return value if isinstance(value, str) else None

    return Greeting(
        text("memory") or "", text("shown"), text("scheme") or "", said.get("dark") is True, said.get("unsent") is True
    )


class Lag(ui.element, component="../web/lag.js"):
    """Mark in the browser's tab on whatever is of earlier settings, until the answer has caught up.

    It is set in the browser at once. Whatever moves ahead of the server numbers its moves (`serial`).
    """

    def __init__(self) -> None:
        super().__init__()
        self.props.update({"taken": 0, "behind": False})

    def take(self, serial: Any) -> int:
        """Take note that a move has arrived; return its number."""
        number = serial if isinstance(serial, int) and 0 <= serial < 2**53 else 0
        put(self, taken=max(number, self.props["taken"]))
        return number

    def show(self, behind: bool) -> None:
        """Show whether the answer is that of earlier settings."""
        put(self, behind=behind)
