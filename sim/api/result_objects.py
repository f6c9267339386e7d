"""Result objects that calls return and folders hold: a class for each kind, with figures, frames and charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from sim.api.figures import Mean, Share, Weeks
from sim.api.scenarios import Scenario
from sim.negotiation.run_outcomes import possible_outcomes
from sim.output.words.numbers_and_names import NO_FORECAST
from sim.scenario.errors import describe_argument
from sim.study import comparison, sensitivity
from sim.study.design.argument_checks import MOST_RUNS, refused, whole
from sim.study.results.result_tables import What, read_table
from sim.study.results.stored_study import StoredStudy, read
from sim.study.summaries import sensitivity_summary

if TYPE_CHECKING:
    import pandas
    from matplotlib.axes import Axes


class Result:
    """Result object of any kind: its figures, its runs as a table, its charts.

    `simulated` counts the runs that had to be simulated for it, 0 where all were there.
    """

    kind: ClassVar = "result"
    default_chart: ClassVar[str | None] = None

    def __init__(self, study: StoredStudy, simulated: int = 0) -> None:
        self.study = study
        self.simulated = simulated

    @property
    def summary(self) -> Mapping[str, Any]:
        """The figures as plain data: what `--json` prints, and `summary.json` keeps."""
        return dict(self.study.summary)

    @property
    def folder(self) -> Path:
        """The results folder."""
        return self.study.path

    @property
    def scenario(self) -> Scenario:
        """The scenario that was simulated."""
        return Scenario.of(self.study.scenario, self.name, self.study.changes)

    @property
    def name(self) -> str:
        """What the result is called."""
        return self.study.name

    @property
    def seed(self) -> int:
        """The seed of all its random numbers."""
        return self.study.seed

    @property
    def runs(self) -> int:
        """How many runs the figures are of, over all design points."""
        return int(self.summary["runs"])

    def to_frame(self, what: What = "runs") -> pandas.DataFrame:
        """Return the runs, one row each, with what was assumed in each as `assumed.PATH`; or the design points.

        `what` is "runs" or "points". docs/reference/results.md describes the columns; what is undefined is missing.
        """
        return read_table(self.study, what)

    @property
    def charts(self) -> list[str]:
        """The kinds of charts that there are of this result."""
        from sim.output.charts import suited

        return [kind.name for kind in suited([self.study])]

    def plot(self, kind: str | None = None, ax: Axes | None = None, run: int = 0, point: int | None = None) -> Axes:
        """Draw a chart and return matplotlib's Axes: on `ax`, or in a figure with title and small print.

        `kind` is one of `charts` (by default the main one) or "dance", which shows the texts of one `run`, of a sweep
        at design point `point`. Raises ChartError, which says what is lacking, where there is no such chart.
        """
        return self._draw([self.study], kind or self.default_chart, ax, run, point)

    def _draw(
        self, studies: Sequence[StoredStudy], kind: str | None, ax: Axes | None, run: int, point: int | None
    ) -> Axes:
        """Draw a chart of some studies. Raises ChartError where there is none, ScenarioError for odd arguments."""
        from matplotlib.axes import Axes

        from sim.output.charts import choose

        if kind is not None and not isinstance(kind, str):
            raise refused(f"the kind of a chart is a word, not {describe_argument(kind)}")
        if ax is not None and not isinstance(ax, Axes):
            raise refused(f"ax must be matplotlib's Axes, not {describe_argument(ax)}")
        run = whole("run", run, 0, MOST_RUNS)
        point = None if point is None else whole("point", point, 0, MOST_RUNS)
        return choose(kind, studies, run, point).draw(studies, run, point, ax)

    def _lines(self) -> Sequence[tuple[str, str]]:
        """Return the main figures, each with its name, in words."""
        return ()

    def __repr__(self) -> str:
        """Return what it is and its main figures, in a few lines."""
        lines = [f"<{type(self).__name__} {self.name!r}: {self.runs:,} runs, seed {self.seed}>"]
        lines += [f"  {label}: {figure}" for label, figure in self._lines()]
        return "\n".join([*lines, f"  {NO_FORECAST}"])

    def _repr_html_(self) -> str:
        """Return the same as HTML, for notebooks."""
        rows = "".join(f"<tr><th>{escape(label)}</th><td>{escape(words)}</td></tr>" for label, words in self._lines())
        head = f"{escape(self.name)}: {self.runs:,} runs, seed {self.seed}"
        return f"<p><b>{head}</b></p><table>{rows}</table><p><small>{escape(NO_FORECAST)}</small></p>"


class Ensemble(Result):
    """Result object of an ensemble: many runs of one scenario."""

    kind = "run"
    default_chart = "outcomes"

    @property
    def settlement(self) -> Share:
        """The share of runs in which all sign."""
        return self.outcomes["settlement"]

    @property
    def outcomes(self) -> dict[str, Share]:
        """The shares of runs by how they end: settlement, walkout, impasse, overtaken, open."""
        return {name: share for name, each in self.summary["outcomes"].items() if (share := Share.of(each))}

    @property
    def lasting(self) -> dict[int, Share | None]:
        """The shares of runs that settle and hold, by weeks after signing (52, 260); None where that is no answer."""
        return {int(weeks): Share.of(each) for weeks, each in self.summary["lasting"].items()}

    @property
    def terms(self) -> dict[str, Mean]:
        """The terms that settlements set, by issue, between its poles 0 and 1."""
        return {issue: Mean(each["mean"], each["q05"], each["q95"]) for issue, each in self.summary["terms"].items()}

    @property
    def utility(self) -> dict[str, Mean]:
        """What settlements are worth, by party, in [0, 1]."""
        return {party: Mean(each["mean"]) for party, each in self.summary["utility"].items()}

    @property
    def weeks(self) -> Weeks:
        """In which week they settle."""
        rounds = self.summary["rounds"]
        return Weeks(rounds["median"], rounds["mean"], rounds.get("median_low"), rounds.get("median_high"))

    @property
    def warnings(self) -> list[str]:
        """What is odd about the scenario."""
        return list(self.summary.get("warnings", ()))

    @property
    def comparisons(self) -> list[Comparison]:
        """The comparisons of which this scenario was the first, the last one made first."""
        return [Comparison(self.study, found) for found in comparison.kept_comparisons(self.folder)]

    @property
    def sensitivities(self) -> dict[str, Sensitivity]:
        """The sensitivity studies of this scenario, by outcome."""
        return {
            found["outcome"]: Sensitivity(self.study, found) for found in sensitivity.kept_sensitivities(self.folder)
        }

    def _lines(self) -> Sequence[tuple[str, str]]:
        possible = possible_outcomes(self.study.scenario)
        return [(name, str(share)) for name, share in self.outcomes.items() if name in possible]


class Sweep(Result):
    """Result object of a sweep: a scenario at many design points."""

    kind = "sweep"

    @property
    def varied(self) -> dict[str, list[Any]]:
        """What was varied: the values of each path, or the two ends of a range that was sampled."""
        return dict(self.summary["vary"])

    @property
    def crossings(self) -> pandas.DataFrame:
        """Where the share that settles crosses one half: one row a crossing, with what else was varied.

        `low` to `high` is a 95 % interval for simulation error; `before` and `after` are the design points between
        which it lies.
        """
        import pandas

        rows = [
            {"along": line["along"], **line["at"], **crossing}
            for line in self.summary["lines"]
            for crossing in line["crossings"]
        ]
        varied = dict.fromkeys(path for line in self.summary["lines"] for path in line["at"])
        return pandas.DataFrame(rows, columns=["along", *varied, "at", "low", "high", "before", "after", "falling"])

    @property
    def failed(self) -> list[dict[str, Any]]:
        """The design points that could not be simulated, with the reason."""
        return list(self.summary["failed"])

    def to_frame(self, what: What = "points") -> pandas.DataFrame:
        """Return the design points, one row each with its figures, or with `what` "runs" the runs of all of them."""
        return super().to_frame(what)

    def _lines(self) -> Sequence[tuple[str, str]]:
        points = self.summary["points"]
        shares = [point["outcomes"]["settlement"]["p"] for point in points]
        found = [("design points", str(len(points))), ("varied", ", ".join(self.varied))]
        ends = [("settlement", f"{100 * min(shares):.1f} to {100 * max(shares):.1f} %")] if shares else []
        return [*found, *ends, *([("failed", str(len(self.failed)))] if self.failed else [])]


class Comparison(Result):
    """Result object of a comparison: scenarios compared with the first of them on common random numbers."""

    kind = "comparison"
    default_chart = "differences"

    def __init__(self, study: StoredStudy, found: comparison.Comparison, simulated: int = 0) -> None:
        super().__init__(study, simulated)
        self._found = found

    @property
    def summary(self) -> Mapping[str, Any]:
        """The figures as plain data: what `parley compare --json` prints."""
        return self._found

    @property
    def scenarios(self) -> dict[str, Ensemble]:
        """The ensembles that are compared, by name, of all the runs that are stored of each."""
        out = self.folder.parent
        return {each["scenario"]: Ensemble(read(out / each["folder"])) for each in self.summary["scenarios"]}

    def to_frame(self, what: What | None = None) -> pandas.DataFrame:
        """Return one row a scenario: its shares, and how they differ from the first's (`change.…`).

        With `what` "runs", the runs of all scenarios, which the column `scenario` tells apart.
        """
        import pandas

        if what is None:
            return pandas.json_normalize([dict(each) for each in self.summary["scenarios"]]).set_index("scenario")
        frames = {name: ensemble.to_frame(what) for name, ensemble in self.scenarios.items()}
        return pandas.concat(frames, names=["scenario"]).reset_index("scenario").reset_index(drop=True)

    def plot(self, kind: str | None = None, ax: Axes | None = None, run: int = 0, point: int | None = None) -> Axes:
        """Draw by how much scenarios differ, or a chart of another `kind` of all of them; as `Result.plot`."""
        from sim.output.charts import differences

        if kind in (None, self.default_chart):
            return differences(self.study, self._found, axes=ax)
        return self._draw([ensemble.study for ensemble in self.scenarios.values()], kind, ax, run, point)

    @property
    def charts(self) -> list[str]:
        """The kinds of charts that there are of all the scenarios together."""
        from sim.output.charts import suited

        return ["differences", *(kind.name for kind in suited([each.study for each in self.scenarios.values()]))]

    def _lines(self) -> Sequence[tuple[str, str]]:
        return [(each["scenario"], f"settlement {Share.of(each['settlement'])}") for each in self.summary["scenarios"]]


class Sensitivity(Result):
    """Result object of a sensitivity study: which ranges of a scenario move an outcome (Sobol' indices)."""

    kind = "sensitivity"
    default_chart = "sensitivity"

    def __init__(self, study: StoredStudy, found: sensitivity_summary.Sensitivity, simulated: int = 0) -> None:
        super().__init__(study, simulated)
        self._found = found

    @property
    def summary(self) -> Mapping[str, Any]:
        """The figures as plain data: what `parley sensitivity --json` prints."""
        return self._found

    def to_frame(self, what: What | None = None) -> pandas.DataFrame:
        """Return one row a range, the one that matters most first; empty where the study has too much noise.

        `first` is the share of variance that it explains alone, `total` that with all it acts upon, each with its 95 %
        interval. Of the runs of a sensitivity study none are kept, so `what` is of no use.
        """
        import pandas

        rows = pandas.json_normalize([dict(each) for each in self.summary["factors"] or ()])
        return rows.set_index("name").sort_values("total.value", ascending=False) if len(rows) else rows

    def plot(self, kind: str | None = None, ax: Axes | None = None, run: int = 0, point: int | None = None) -> Axes:
        """Draw how much each range explains. Raises ChartError where there are no indices to show."""
        from sim.output import charts

        charts.choose(kind or self.default_chart, [self.study], run, point)
        return charts.sensitivity(self.study, self._found, axes=ax)

    def _lines(self) -> Sequence[tuple[str, str]]:
        found = [("outcome", self.summary["outcome"])]
        if self.summary["withheld"]:
            return [*found, ("indices", f"none: {self.summary['withheld']}")]
        ranked = self.to_frame().head(3)["total.value"]
        return [*found, *((str(name), f"{100 * min(share, 1):.0f} % in all") for name, share in ranked.items())]


def open_result(study: StoredStudy) -> Ensemble | Sweep | Sensitivity:
    """Return a stored study as the result object of its kind."""
    if study.only_attributed:
        return Sensitivity(study, sensitivity.kept_sensitivities(study.path)[0])
    return Sweep(study) if study.is_sweep else Ensemble(study)
