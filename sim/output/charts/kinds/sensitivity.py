"""Chart of sensitivity: which of the assumptions move the answer most."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from sim.output.charts.drawing import chart_frame, style
from sim.output.charts.drawing.chart_frame import Frame, hold_settings
from sim.output.charts.drawing.direct_labels import name_rows
from sim.output.words.numbers_and_names import percent, weeks
from sim.output.words.parameter_labels import factor_name
from sim.output.words.sensitivity_sentences import describe_noise, explain_absence
from sim.study.results.stored_study import StoredStudy
from sim.study.sensitivity import kept_sensitivities
from sim.study.summaries.sensitivity_summary import Estimate, Sensitivity

MOST_BARS = 12
"""Ranges that are shown, those that matter most."""


def sensitivity(study: StoredStudy, analysis: Sensitivity | None = None, axes: Axes | None = None) -> Axes:
    """Draw the chart of sensitivity: how much of an outcome's variance each range explains, alone and in all.

    Returns the axes. The outcome is by default settlement.

    Raises ValueError if no sensitivity study was made, or it has no indices.
    """
    found = analysis or next(iter(kept_sensitivities(study.path)), None)
    if found is None:
        raise ValueError("nobody has yet asked which ranges move the answer")
    if not found["factors"]:
        raise ValueError(f"the sensitivity study has none to show: {explain_absence(found)}")
    ordered = sorted(found["factors"], key=lambda factor: -factor["total"]["value"])
    shown = ordered[:MOST_BARS]
    with hold_settings(study):
        axes = axes or _frame(study, found, len(shown), len(ordered) - len(shown)).axes()
        for place, factor in enumerate(shown):
            alone, total = factor["first"], factor["total"]
            _bar(axes, place, total, 0.62, 0.3, 0.24)
            _bar(axes, place, alone, 0.34, 0.95, 0.0)
            words, end = f"{_percent(alone)} alone, {_percent(total)} in all", max(alone["high"], total["high"])
            style.note(axes, words, (_share(end), place), (6, 0), va="center", fontsize=9.5, color=style.CURVE)
        name_rows(axes, [factor_name(factor["paths"], study.scenario) for factor in shown])
        axes.set_ylim(len(shown) - 0.4, -0.6)
        most = max(_share(factor[index]["high"]) for factor in shown for index in ("first", "total"))
        axes.set_xlim(0, max(most, 0.02) * 1.42)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:.0f} %"))
        axes.set_xticks([tick for tick in axes.get_xticks() if 0 <= tick <= max(most, 0.02) * 1.1])
        axes.set_xlabel("share of the variance across the assumed ranges")
        axes.grid(axis="x", color=style.FAINT, linewidth=0.8)
        axes.set_axisbelow(True)
    return axes


def _frame(study: StoredStudy, found: Sensitivity, bars: int, rest: int) -> Frame:
    """What stands around the bars."""
    periods = found["outcome"].partition(".")[2]
    lasting = f", and that it holds for {weeks(int(periods))}" if periods else ""
    others = f" {rest} ranges that matter less are left out." if rest else ""
    return Frame(
        f"Which assumptions move how often they settle{lasting}?",
        chart_frame.subtitle(study),
        (
            "Dark: what a range explains by itself (first-order Sobol' index). Light: with all that it does together "
            "with others (total index). Lines: 95 % intervals, the first index's in the middle, the total's below it."
            f"{others}",
            f"{describe_noise(found)} Scenario {style.shorten(study.name, 60)}, {found['runs']:,} runs in rows of "
            f"{found['plays']}, seed {found['seed']}.",
        ),
        height=2.3 + 0.42 * bars,
        left=2.95,
    )


def _bar(axes: Axes, place: int, index: Estimate, height: float, opacity: float, lower: float) -> None:
    """Draw an index as a bar with its interval so much lower; nothing below 0 or above 1 is drawn."""
    axes.barh(place, _share(index["value"]), height, color=style.CURVE, alpha=opacity, linewidth=0)
    axes.plot([_share(index["low"]), _share(index["high"])], [place + lower] * 2, color=style.INK, linewidth=1)


def _share(value: float) -> float:
    """An index as the share that it stands for: estimates from few rows can miss that range."""
    return min(1.0, max(0.0, value))


def _percent(index: Estimate) -> str:
    return percent(_share(index["value"]), 0)
