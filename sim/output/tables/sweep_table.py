"""Sweep table: settlement at every design point, and where it stops being likelier than not.

Reads at 80 columns and without colour. What has no room is left to the points table on disk, and the table says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from sim.negotiation.run_outcomes import OUTCOMES, WALKOUT
from sim.output.tables.advice_section import advice_section
from sim.output.tables.crossing_table import crossing_section
from sim.output.tables.ensemble_table import CAVEATS, bar, interval_notes, no_durability, section
from sim.output.tables.table_layout import FigureTable
from sim.output.words.numbers_and_names import ENDING_ALIKE, between, figure, join_items, percent
from sim.output.words.parameter_labels import axis_label, label_varied, value_label
from sim.scenario.model.schema import Scenario
from sim.study.design.design_points import Axis, main_axis
from sim.study.statistics.assumption_range import DRAWS, PLAYS
from sim.study.summaries.points_table import Row, table
from sim.study.summaries.sweep_summary import SweepSummary, varied_axes

BAR = 10
"""Characters of a bar that stands for 100 %."""

MOST_ROWS = 41
"""Design points along an axis that a table shows; of more, some are left out evenly."""

MOST_COLUMNS = 8
"""Values of a second axis that stand side by side."""

FEW = 12
"""Design points of a sample that are listed."""

LAST_HORIZON = "260"

SHARE = "outcomes.settlement"
"""Beginning of the names of columns on how often they settle."""


def sweep_table(summary: SweepSummary, scenario: Scenario) -> RenderableType:
    """Return the whole sweep table; `scenario` lends the title and the names of parameters."""
    rows = table(summary["points"])
    axes = varied_axes(summary)
    parts: list[RenderableType] = [_heading(summary, scenario)]
    if not rows:
        parts.append(Text("\nEvery design point failed."))
    elif len(axes) == 1:
        parts.append(
            section(f"How often do they settle, by {label_varied(axes[0].path, scenario)}?", _along(rows, axes[0]))
        )
    elif len(axes) == 2:
        parts += _square(axes, rows, scenario)
    else:
        parts.append(section("How often do they settle?", _listed(list(summary["vary"]), rows, scenario)))
    parts[1:1] = [Text(f"\n{line}") for line in unmoved_lines(summary, scenario)]
    if summary["lines"]:
        parts.append(crossing_section(summary, scenario))
    ranged = any(row.get("outcomes.settlement.spread.low") is not None for row in rows)
    caveats = interval_notes(DRAWS, PLAYS) if ranged and len(axes) == 1 else CAVEATS
    beside = [] if len(axes) == 1 or not rows else [_uncertainty(rows)]
    parts += [Text(f"\n{line}") for line in (_unanswered(summary, axes[0]) if len(axes) == 1 else ())]
    parts += advice_section(summary.get("warnings", []))
    return Group(*parts, "", *(Text(line) for line in (*beside, *caveats)))


def _unanswered(summary: SweepSummary, axis: Axis) -> Iterator[str]:
    """Yield sentences on why it is no answer how long settlements hold, and where, if not at every design point."""
    reasons: dict[str, list[str]] = {}
    for point in summary["points"]:
        if "unbreakable" in point:
            reasons.setdefault(point["unbreakable"], []).append(axis_label(point["values"][axis.path], axis))
    points = len(summary["points"])
    for reason, places in reasons.items():
        where = f", at {join_items(places)}" if len(places) <= FEW else f", at {len(places)} of {points} design points"
        yield f"5 years{'' if len(places) == points else where}: {no_durability(reason)}"


def unmoved_lines(summary: SweepSummary, scenario: Scenario) -> Iterator[str]:
    """Yield sentences for the sweep table on parameters that were varied without any effect on the runs."""
    still = summary.get("unmoved")
    if not still:
        return
    for what, paths in (("The runs are", still["runs"]), ("All runs end", still["outcomes"])):
        rest = "" if what == "The runs are" else f", and {ENDING_ALIKE}"
        if len(paths) == len(summary["vary"]):
            yield f"{what} the same at every point{rest}: nothing that is varied has any effect."
        elif paths:
            labels = join_items([label_varied(path, scenario) for path in paths])
            yield f"{what} the same at every value of {labels}{rest}."


def _uncertainty(rows: Sequence[Row]) -> str:
    """How uncertain the shares of a table are that has no room for intervals, both ways."""
    error = max(_width(row, SHARE) for row in rows) / 2
    simulation = f"Simulation error of each share: ±{figure(error)} points or less (95 %)."
    over = f"{SHARE}.spread"
    known = [row for row in rows if row.get(f"{over}.low") is not None]
    if not known:
        return f"{simulation} The range over the assumptions was not computed (--spread does)."
    widest = max(known, key=lambda row: _width(row, over))
    ends = between(float(widest[f"{over}.low"] or 0), float(widest[f"{over}.high"] or 0))
    return f"{simulation} Widest range over the assumptions: {ends} % (90 %). parley export gives both for every point."


def _width(row: Row, name: str) -> float:
    return float(row[f"{name}.high"] or 0) - float(row[f"{name}.low"] or 0)


def _heading(summary: SweepSummary, scenario: Scenario) -> Text:
    """Which scenario, how many design points and runs, which seed."""
    title = scenario.title or summary["scenario"]
    points = len(summary["points"]) + len(summary["failed"])
    each = {point["runs"] for point in summary["points"]} or {0}
    runs = f"{min(each):,}" if len(each) == 1 else f"{min(each):,} to {max(each):,}"
    how = {"grid": "", "lhs": " (Latin hypercube)", "sobol": " (Sobol' points)"}[summary["method"]]
    detail = f"{summary['scenario']}: {points:,} design points{how} of {runs} runs, seed {summary['seed']}"
    return Text.assemble((title, "bold"), "\n", detail)


def thinned(count: int, most: int) -> list[int]:
    """Return the numbers of at most `most` rows of a sweep table with `count` rows, evenly spaced.

    They lie from 0 to `count` - 1, both ends included if that can be.
    """
    step = -(-max(count - 1, 1) // (most - 1))
    return list(range(0, count, step))


def _along(rows: Sequence[Row], axis: Axis) -> FigureTable:
    """One row a design point: how the runs ended, how many settled and held for five years, and a bar."""
    lasting = f"lasting.{LAST_HORIZON}.p"
    watched = any(row.get(lasting) is not None for row in rows)
    spread = any(row.get("outcomes.settlement.spread.low") is not None for row in rows)
    others = _other_outcomes(rows)
    headers = ["settle", "simulation error", *(["range over assumptions"] if spread else []), *others]
    shown = [
        (
            axis_label(row[axis.path], axis),
            percent(_share(row, "outcomes.settlement.p")),
            _interval(row, "outcomes.settlement"),
            *([_interval(row, "outcomes.settlement.spread")] if spread else []),
            *(percent(_share(row, f"outcomes.{outcome}.p")) for outcome in others),
            *([percent(_share(row, lasting))] if watched else []),
            bar(_share(row, "outcomes.settlement.p"), BAR),
        )
        for row in (rows[place] for place in thinned(len(rows), MOST_ROWS))
    ]
    return FigureTable(shown, ("at", *headers, *(["5 years"] if watched else []), ""), numbered=True)


def _other_outcomes(rows: Sequence[Row]) -> list[str]:
    """The outcomes other than settlement that some run of some design point has; walkouts always."""
    return [
        outcome
        for outcome in OUTCOMES[1:]
        if outcome == WALKOUT or any(_share(row, f"outcomes.{outcome}.p") for row in rows)
    ]


def _share(row: Row, column: str) -> float | None:
    """A share from a row of the points table."""
    value = row.get(column)
    return float(value) if isinstance(value, int | float) else None


def _interval(row: Row, figure: str) -> str:
    """The interval of a share from a row of the points table."""
    low, high = _share(row, f"{figure}.low"), _share(row, f"{figure}.high")
    return "–" if low is None or high is None else between(low, high)


def _square(axes: Sequence[Axis], rows: Sequence[Row], scenario: Scenario) -> Iterator[RenderableType]:
    """Settlement in per cent, one parameter downwards and one across."""
    down = main_axis(axes) or axes[0]
    across = next(axis for axis in axes if axis is not down)
    shares = {(row[down.path], row[across.path]): _share(row, "outcomes.settlement.p") for row in rows}
    columns = [across.values[place] for place in thinned(len(across.values), MOST_COLUMNS)]
    lines = [down.values[place] for place in thinned(len(down.values), MOST_ROWS)]
    heads = [axis_label(value, across) for value in columns]
    body = [
        (
            axis_label(line, down),
            *(percent(shares.get((line, column))).removesuffix(" %") for column in columns),
            "",
        )
        for line in lines
    ]
    grid = FigureTable(body, ("", *heads, ""), numbered=True)
    by = f"{label_varied(down.path, scenario)} (down) and {label_varied(across.path, scenario)}"
    yield section(f"How often do they settle, in % of runs, by {by}?", grid)
    if len(columns) < len(across.values) or len(lines) < len(down.values):
        yield Text("  Some design points are left out here; the points table has all of them.")


def _listed(paths: Sequence[str], rows: Sequence[Row], scenario: Scenario) -> Group:
    """The range of settlement over all design points, and some of them."""
    known = [(share, row) for row in rows if (share := _share(row, "outcomes.settlement.p")) is not None]
    known.sort(key=lambda item: item[0])
    body = []
    for share, row in (known[place] for place in thinned(len(known), FEW)):
        at = ", ".join(f"{label_varied(path, scenario)} {_short(row[path])}" for path in paths)
        body.append((percent(share), _interval(row, "outcomes.settlement"), at))
    table = FigureTable(body, ("settle", "simulation error", ""), essential=True, numbered=True)
    return Group(Text(f"From the lowest share to the highest; the points table has all {len(known):,} points."), table)


def _short(value: float | int | str | None) -> str:
    """A value of a sampled parameter."""
    return f"{value:.3g}" if isinstance(value, float) else value_label(value)
