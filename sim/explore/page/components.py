"""Components of the page, put together from NiceGUI's elements and our own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from nicegui import ui
from nicegui.events import GenericEventArguments

from sim.explore.page.browser_messages import Greeting, Lag, put
from sim.explore.state.page_settings import Setting
from sim.explore.state.parameter_controls import Control, Group, changed, standing
from sim.output.report.result_sections import Figure
from sim.scenario.model.parameters import Parameter

FIELD_PAUSE = 0.2
"""Seconds between two messages from the slider of a field: what it asks for takes longer to read than to find."""

QUICK = 0.05
"""Seconds between two messages from a slider that is being dragged."""


MOST_TYPED = 2**53 - 1
"""The greatest whole number that a browser has exactly: seeds may be greater, but are not typed."""


EARLIER = "for the settings before the last move"
"""What stands beside whatever is not yet that of the present settings."""


class Hands(Protocol):
    """Actions that the components offer a visitor, each called by a control or button."""

    def greet(self, greeting: Greeting) -> None:
        """Take in what the browser's tab remembers."""

    def set(self, control: Control, value: Any, gesture: str) -> None:
        """Set a control."""

    def back(self, control: Control) -> None:
        """Set a control back to the file."""

    def undo(self) -> None:
        """Take the last step back."""

    def redo(self) -> None:
        """Do the last step undone again."""

    def restart(self) -> None:
        """Set everything back to the file."""

    def pin(self) -> None:
        """Pin the present scenario, or unpin the pinned one."""

    def draw_along(self, path: str) -> None:
        """Draw the curve along another parameter."""

    def reseed(self, seed: Any) -> None:
        """Take another random seed."""

    def rerun(self, runs: Any) -> None:
        """Go on to another number of runs."""

    def tell(self, run: Any) -> None:
        """Tell a run."""

    def choose_mediator(self, there: bool) -> None:
        """Take the mediator out, or let it back in."""

    def save_scenario(self) -> None:
        """Download the scenario file."""

    def save_charts(self, form: str) -> None:
        """Download the charts."""

    def save_report(self) -> None:
        """Download the report."""

    def light(self, scheme: str) -> None:
        """Choose a light page, a dark one, or what the system has."""


class Text(ui.label):
    """Component for a text in an element of its own: always text, never markup."""

    def __init__(self, tag: str, text: str = "", classes: str = "") -> None:
        super().__init__(text)
        self.tag = tag
        self.classes(classes)


def fill(made: ui.element, lines: Iterable[str]) -> None:
    """Fill a list component with lines."""
    made.clear()
    with made:
        for line in lines:
            Text("li", line)


class Key(ui.element, component="../web/key.js"):
    """Component for the key to a chart: what its colours stand for."""

    def show(self, entries: Iterable[tuple[str, str, str]]) -> None:
        """Show entries: words, colour (as a CSS value) and kind (area, line, dashed, dotted, shade, bar or dot)."""
        self.props["entries"] = [{"words": words, "colour": colour, "kind": kind} for words, colour, kind in entries]


class Headline(ui.element, component="../web/headline.js"):
    """Component for the main shares, each large, on a scale with range over the assumptions and simulation error."""

    def __init__(self) -> None:
        super().__init__()
        self.props["shares"] = []

    def show(self, shares: list[dict[str, Any]]) -> None:
        """Show shares, as headline.js takes them."""
        self.props["shares"] = shares


class Terms(ui.element, component="../web/terms.js"):
    """Component for the terms of settlements."""

    def show(self, issues: list[dict[str, Any]]) -> None:
        """Show issues, as terms.js takes them."""
        self.props["issues"] = issues


class Distrust(ui.element, component="../web/distrust.js"):
    """Component for how distrust moves."""

    def show(self, pairs: list[dict[str, Any]], weeks: int) -> None:
        """Show pairs, as distrust.js takes them."""
        self.props.update({"pairs": pairs, "weeks": weeks})


class Field(ui.element, component="../web/field.js"):
    """Component to enter a whole number from `least` to `most`, with a slider up to `near` if that is given.

    With `lag`, what is shown is marked as that of earlier settings once a number was put in.
    """

    def __init__(
        self,
        words: str,
        value: int,
        least: int,
        most: int,
        on_put: Callable[[Any], None],
        *,
        near: int = 0,
        lag: Lag | None = None,
    ) -> None:
        super().__init__()
        self.props.update({"words": words, "value": _exact(value), "least": least, "most": most, "near": near})
        self.props["moves"] = lag is not None

        def take(event: GenericEventArguments) -> None:
            said = event.args if isinstance(event.args, Mapping) else {}
            on_put(said.get("number"))
            if lag is not None:
                lag.take(said.get("serial"))

        self.on("put", take, throttle=FIELD_PAUSE)

    @property
    def value(self) -> int:
        """The number that it shows."""
        return int(self.props["value"])

    def show(self, value: int) -> None:
        """Show a number."""
        put(self, value=_exact(value))


def _exact(value: int) -> int | str:
    """Return a whole number as a browser has it exactly."""
    return value if value <= MOST_TYPED else str(value)


class Row(ui.element, component="../web/row.js"):
    """Component for one control in a row, which hands set and set back."""

    def __init__(self, control: Control, hands: Hands, lag: Lag) -> None:
        super().__init__()
        self.control = control
        fixed = ("name", "full", "file", "unit", "bounds", "meaning", "whole", "low", "high", "step")
        lists = {"words": list(control.words), "sources": list(control.sources)}
        now = {"value": control.file, "changed": False, "off": False, "serial": 0, "refused": ""}
        self.props.update({name: getattr(control, name) for name in fixed} | lists | now)
        self.props["fileText"] = control.file_text
        self._untold = False

        def take(event: GenericEventArguments) -> None:
            said = event.args if isinstance(event.args, Mapping) else {}
            self.props.update({"serial": lag.take(said.get("serial")), "refused": ""})
            self._untold = True
            hands.set(control, said.get("value"), str(said.get("gesture") or ""))
            if self._untold:
                self._tell()

        self.on("set", take, throttle=QUICK)
        self.on("back", lambda: hands.back(control))

    def show(self, value: Setting, is_changed: bool, off: bool) -> None:
        """Show where the control stands, whether that is where the file does not, and whether it does anything."""
        shown = list(value) if isinstance(value, tuple) else value
        now = {"value": shown, "changed": is_changed, "off": off, "refused": ""}
        if self._untold or any(self.props[name] != each for name, each in now.items()):
            self.props.update(now)
            self._tell()

    def refuse(self, why: str) -> None:
        """Say why what was set cannot be, and show where the control stands: the browser is ahead."""
        self.props.update({"refused": why, "told": self.props.get("told", 0) + 1})
        self._tell()

    def _tell(self) -> None:
        """Send to the browser what is shown, and with it which of its messages has been taken in."""
        self._untold = False
        self.update()


class Controls:
    """Component for all controls, in groups that open; rows are made when their group is first opened."""

    def __init__(self, groups: Sequence[Group], known: Mapping[str, Parameter], hands: Hands, lag: Lag) -> None:
        self._known, self._hands, self._lag = known, hands, lag
        self._rows: list[Row] = []
        self._counts: list[tuple[Group, Text]] = []
        self._changes: Mapping[str, Setting] = {}
        self._off: frozenset[str] = frozenset()
        for group in groups:
            details = ui.element("details").classes("group")
            details.props["id"] = f"group-{group.key}"
            with details:
                with ui.element("summary"):
                    Text("span", group.title)
                    self._counts.append((group, Text("span", "", "count")))
                body = ui.element("div").classes("rows")
            if group.key == "distrust":
                details.props("open")
                self._fill(body, group)
            else:
                details.on("toggle", lambda _, b=body, g=group: self._fill(b, g))

    def _fill(self, body: ui.element, group: Group) -> None:
        """Make the rows of a group, once."""
        if body.default_slot.children:
            return
        with body:
            if group.note:
                Text("p", group.note, "note")
            self._rows += [Row(control, self._hands, self._lag) for control in group.controls]
        self.show(self._changes, self._off)

    def show(self, changes: Mapping[str, Setting], off: frozenset[str]) -> None:
        """Show what is set; `off` are the paths that do nothing at present."""
        self._changes, self._off = changes, off
        for row in self._rows:
            control = row.control
            now = standing(control, changes, self._known)
            row.show(now, changed(control, changes), off.issuperset(control.paths))
        for group, count in self._counts:
            paths = {path for control in group.controls for path in control.paths if path in changes}
            count.set_text(f"{len(paths)} changed" if paths else "")

    def refuse(self, control: Control, why: str) -> None:
        """Say beside a control why what was set cannot be."""
        for row in self._rows:
            if row.control is control:
                row.refuse(why)


class Figures:
    """Component for the table of shares with both kinds of uncertainty."""

    HEADS = ("of all runs unless stated", "share", "simulation error (95 %)", "range over the assumptions (90 %)")

    def __init__(self) -> None:
        with ui.element("div").classes("scroll"), ui.element("table").classes("figures"):
            with ui.element("thead"), ui.element("tr"):
                for head in self.HEADS:
                    Text("th", head).props('scope="col"')
            self._body = ui.element("tbody")
        self._cells: list[list[Text]] = []

    def show(self, rows: Sequence[Figure], pending: bool) -> None:
        """Show rows; `pending` tells that ranges over the assumptions are still being found."""
        if len(rows) != len(self._cells):
            self._body.clear()
            self._cells = []
            for _ in rows:
                with self._body, ui.element("tr"):
                    self._cells.append([Text("th").props('scope="row"'), Text("td"), Text("td"), Text("td")])
        for cells, row in zip(self._cells, rows, strict=True):
            waiting = pending and row.name.startswith("sett")
            texts = (row.name, row.share, row.error, "…" if waiting and not row.spread else row.spread)
            for cell, text in zip(cells, texts, strict=True):
                if cell.text != text:
                    cell.set_text(text)


class Chart(ui.echart):
    """Component for a chart that says in words what it shows."""

    def __init__(self) -> None:
        super().__init__({}, renderer="svg")
        self.classes("chart").props('role="img"')

    def show(self, options: dict[str, Any], words: str, runs: int | None = None) -> None:
        """Show a chart: of how many runs, if that is to be known; 0 if it is that of a scenario before, and pale."""
        self.options.clear()
        self.options.update(options)
        self.props.update({"aria-label": words, "data-runs": runs})
        self.update()


@contextmanager
def panel(key: str, title: str) -> Any:
    """Make a panel component with a heading, beside which there is room for the mark that it lags behind."""
    with ui.element("section").classes(f"panel {key}").props(f'aria-labelledby="{key}-title"') as made:
        with ui.element("div").classes("panel-head"):
            Text("h2", title).props(f'id="{key}-title"')
            Text("span", EARLIER, "earlier").props('aria-hidden="true"')
        yield made


def mark_panel(made: ui.element, behind: bool) -> None:
    """Mark a panel component as that of earlier settings, or as up to date."""
    if behind and "data-behind" not in made.props:
        made.props["data-behind"] = ""
    elif not behind and "data-behind" in made.props:
        del made.props["data-behind"]


def button(words: str, on_click: Callable[..., Any], title: str = "") -> Text:
    """Make a plain button component."""
    made = Text("button", words).props('type="button"')
    if title:
        made.props["title"] = title
    made.on("click", on_click)
    return made


def enable(made: ui.element, enabled: bool) -> None:
    """Enable or disable a button component."""
    # not `disabled`, which would take the focus from who has just pressed it
    put(made, **{"aria-disabled": "false" if enabled else "true"})
