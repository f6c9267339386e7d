"""Page layout: head, controls, answer and charts, in the order in which they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import resources

from nicegui import ui
from nicegui.events import GenericEventArguments

from sim.explore.page.browser_messages import Lag, Memory
from sim.explore.page.components import (
    EARLIER,
    MOST_TYPED,
    Chart,
    Controls,
    Distrust,
    Field,
    Figures,
    Hands,
    Headline,
    Key,
    Terms,
    Text,
    button,
    panel,
)
from sim.explore.page.page_sentences import paired
from sim.explore.state.page_settings import FIRST, MOST_RUNS
from sim.explore.state.parameter_controls import Group, curves
from sim.output.charts.drawing.chart_frame import CAVEAT
from sim.output.report.inline_svg import palette
from sim.scenario.model.parameters import Parameter
from sim.scenario.model.schema import Scenario

LIMITS = (
    "Simulation error shrinks with more runs; the range over the assumptions does not: it shows how little is known. "
    "States are modelled as bargainers with stable aims, and that distrust lowers settlement is built in. Never make "
    "it the sole basis of a decision."
)
"""What stands below everything, after the small print of all charts."""

MOST_TOLD = 99_999
"""The greatest number of a run that can be told; runs beyond those that were counted can be told too."""


def head() -> None:
    """Put style and the page's own script into the head of the page layout."""
    files = resources.files("sim.explore") / "web"
    style = (files / "page.css").read_text(encoding="utf-8")
    ui.add_head_html(
        f"<style>:root {{ {palette(dark=False)} }} body.body--dark {{ {palette(dark=True)} }}\n{style}</style>"
        '<meta name="color-scheme" content="light dark">'
    )
    ui.add_body_html(f"<script>{(files / 'page.js').read_text(encoding='utf-8')}</script>")


class Page:
    """Page layout as its elements, by what they show."""

    def __init__(
        self, base: Scenario, groups: Sequence[Group], known: Mapping[str, Parameter], hands: Hands, problem: str
    ) -> None:
        head()
        link = Text("a", "Skip to the answer", "skip")
        link.props["href"] = "#answer"
        self.memory = Memory(hands.greet)
        self.status = Text("p", "", "unseen").props('role="status" aria-live="polite" aria-atomic="true"')
        with ui.element("header").classes("head"):
            self._head(base, hands, problem)
        with ui.element("p").classes("brief").props('aria-hidden="true"'):
            self.brief = Text("span")
            Text("span", EARLIER, "earlier")
        with ui.element("div").classes("page"):
            with (
                ui.element("section")
                .classes("panel answer")
                .props('id="answer" tabindex="-1" aria-labelledby="answer-title"')
            ):
                self._answer()
            with ui.element("aside").classes("controls").props('aria-labelledby="controls-title"'):
                self._controls(base, groups, known, hands)
            with ui.element("div").classes("results"):
                self._results(base, groups, hands)
        with ui.element("footer").classes("foot"):
            Text("p", f"{CAVEAT} {LIMITS}")

    def _head(self, base: Scenario, hands: Hands, problem: str) -> None:
        with ui.element("div").classes("titles"):
            Text("p", "Parley explore: simulated negotiations", "brand")
            self.title = Text("h1", base.title or "Scenario")
        self.problem = Text("p", problem, "problem").props('role="alert"')
        self.problem.set_visibility(bool(problem))
        with ui.element("div").classes("tools").props('role="toolbar" aria-label="Tools"'):
            self.undo = button("Undo", hands.undo, "Ctrl+Z")
            self.redo = button("Redo", hands.redo, "Ctrl+Shift+Z")
            self.restart = button("Back to the file", hands.restart, "Undo all changes at once")
            self.pin = button("Pin", hands.pin, "Keep the present scenario, to compare others with it run by run")
            with ui.element("details").classes("menu"):
                with ui.element("summary"):
                    Text("span", "Download")
                with ui.element("div").classes("menu-items"):
                    button("Scenario file (YAML)", hands.save_scenario)
                    button("Charts as SVG (ZIP)", lambda: hands.save_charts("svg"))
                    button("Charts as PNG (ZIP)", lambda: hands.save_charts("png"))
                    button("Report (HTML)", hands.save_report)
            self.busy = Text("span", "", "busy").props('role="status"')
            with ui.element("label").classes("scheme"):
                Text("span", "Colours ")
                schemes = {"auto": "as the system", "light": "light", "dark": "dark"}
                self.scheme = _choice(schemes, hands.light, "Colours of the page")

    def _answer(self) -> None:
        with ui.element("div").classes("panel-head"):
            Text("h2", "The answer").props('id="answer-title"')
            self.lag = Lag()
        self.headline = Headline()
        self.sentences = [Text("p", "The first runs are under way.", "lead"), Text("p"), Text("p")]
        self.figures = Figures()
        self.notes = ui.element("ul").classes("small notes").props('aria-label="Notes on what you have set"')
        self.durability = Text("p", "", "small")
        self.progress = Text("p", "", "small progress")

    def _controls(self, base: Scenario, groups: Sequence[Group], known: Mapping[str, Parameter], hands: Hands) -> None:
        Text("h2", "The assumptions").props('id="controls-title"')
        Text(
            "p",
            "Drag either end to widen or narrow a range, or the bar between to move it. The light box is the range in "
            "the file. Open the line below a slider for its meaning, its source and exact values.",
            "small",
        )
        self.mediator: ui.element | None = None
        if base.mediator is not None:
            with ui.element("label").classes("switch"):
                self.mediator = ui.element("input").props('type="checkbox" checked')
                Text("span", "with a mediator")
            self.mediator.on("change", lambda event: self._choose_mediator(event, hands), js_handler=_CHECKED)
        self.controls = Controls(groups, known, hands, self.lag)
        with ui.element("div").classes("runs"):
            self.seed = Field("Random seed", int(base.seed), 0, MOST_TYPED, hands.reseed, lag=self.lag)
            self.runs = Field("Number of runs", int(base.runs), 1, MOST_RUNS, hands.rerun, lag=self.lag)

    def _choose_mediator(self, event: GenericEventArguments, hands: Hands) -> None:
        """Take the mediator out, or let it back in, as the box was ticked."""
        ticked, serial = event.args if isinstance(event.args, list) and len(event.args) == 2 else (True, 0)
        hands.choose_mediator(ticked is True)
        self.lag.take(serial)

    def _results(self, base: Scenario, groups: Sequence[Group], hands: Hands) -> None:
        with panel("compared", "Compared with the pinned scenario") as self.compared:
            self.pinned_title = Text("p")
            self.apart = ui.element("ul").classes("small apart")
            with ui.element("div").classes("scroll"), ui.element("table").classes("figures"):
                self.differences = ui.element("tbody")
            self.paired = Text("p", paired(True), "small")
        self.compared.set_visibility(False)
        with panel("curve", "Settlement by parameter") as self.curve_panel:
            with ui.element("label").classes("along"):
                Text("span", "Parameter ")
                self.along = _grouped_choice(groups, hands.draw_along)
            self.curve, self.curve_key = Chart(), Key()
            self.theory = ui.element("ul").classes("small theory")
        with panel("outcomes", "How the talks go, week by week"):
            self.outcomes, self.outcomes_key = Chart(), Key()
        with panel("terms", "Terms of settlement"):
            self.terms, self.terms_key = Terms(), Key()
            self.terms_note = Text("p", "", "small")
        with panel("distrust", "Distrust during the talks") as self.distrust_panel:
            self.distrust = Distrust()
            self.distrust_note = Text("p", "", "small")
        with panel("story", "One run, week by week") as self.story_panel:
            self._story(hands)

    def _story(self, hands: Hands) -> None:
        self.run = Field("Run number", 0, 0, MOST_TOLD, hands.tell, near=FIRST - 1)
        self.story = ui.element("div").classes("told").props('tabindex="0" role="region"')
        self.story.props["aria-label"] = "The run, week by week"


_VALUE = "(event) => emit(event.target.value)"
_CHECKED = "(event) => emit([event.target.checked, nextMove()])"


def _choice(options: Mapping[str, str], on_choice: Callable[[str], None], words: str) -> ui.element:
    """Return a drop-down list of values with their words."""
    made = ui.element("select")
    made.props["aria-label"] = words
    with made:
        _options(options.items())
    made.on("change", lambda event: on_choice(str(event.args)), js_handler=_VALUE)
    return made


def _grouped_choice(groups: Sequence[Group], on_choice: Callable[[str], None]) -> ui.element:
    """Return a drop-down list of the parameters along which there can be a curve."""
    made = ui.element("select")
    made.props["aria-label"] = "Along which parameter"
    with made:
        for group in groups:
            fit = curves([group])
            if fit:
                with ui.element("optgroup") as part:
                    part.props["label"] = group.title
                    _options((path, control.title) for path, control in fit.items())
    made.on("change", lambda event: on_choice(str(event.args)), js_handler=_VALUE)
    return made


def _options(pairs: Iterable[tuple[str, str]]) -> None:
    for value, words in pairs:
        Text("option", words).props["value"] = value
