"""Chart of scenario differences: scenarios compared with the first, run by run on common random numbers."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from sim.output.charts.drawing import chart_frame, style
from sim.output.charts.drawing.chart_frame import Frame, hold_settings
from sim.output.charts.drawing.direct_labels import name_rows
from sim.output.tables.comparison_table import name_of
from sim.output.words.numbers_and_names import percent, points, weeks
from sim.study.comparison import Compared, Comparison, kept_comparisons
from sim.study.results.stored_study import StoredStudy
from sim.study.summaries.paired_outcomes import ShareChange


def differences(study: StoredStudy, comparison: Comparison | None = None, axes: Axes | None = None) -> Axes:
    """Draw scenario differences: by how much each scenario of a comparison differs from the first.

    Returns the axes. Of several comparisons the last is drawn, unless one is given. Filled dots: settlement; open ones:
    settlement that lasts for as long as is reported. Raises ValueError if the study was never compared.
    """
    found = comparison or next(iter(kept_comparisons(study.path)), None)
    if found is None:
        raise ValueError("this study was not yet compared with another")
    horizon = _horizon(found)
    others = sorted(found["scenarios"][1:], key=lambda each: -_difference(each))
    with hold_settings(study):
        axes = axes or _frame(study, found, horizon).axes()
        axes.axvline(0, color=style.QUIET, linewidth=1)
        reach = 0.0
        for place, each in enumerate(others):
            change = each["change"]
            assert change is not None  # all but the first have one
            lasting = change["lasting"][horizon] if horizon else None
            reach = max(reach, _dot(axes, place - (0.13 if lasting else 0), change["settlement"], True))
            if lasting is not None:
                reach = max(reach, _dot(axes, place + 0.2, lasting, False))
        name_rows(
            axes,
            [name_of(each) for each in others],
            size=9.5 if any(each["means"] for each in others) else 11.0,
            most=3,
        )
        axes.set_ylim(len(others) - 0.45, -0.55)
        axes.set_xlim(-1.35 * max(reach, 0.01), 1.35 * max(reach, 0.01))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: "0" if x == 0 else f"{100 * x:+g}".replace("-", "−")))
        axes.set_xlabel(f"difference to {style.shorten(found['reference'], 40)}, in points of a hundred runs")
        axes.grid(axis="both", color=style.FAINT, linewidth=0.8)
        axes.set_axisbelow(True)
    return axes


def _difference(each: Compared) -> float:
    """By how much more runs settle than in the first scenario."""
    change = each["change"]
    assert change is not None  # all but the first have one
    return change["settlement"]["difference"]


def _horizon(found: Comparison) -> str | None:
    """The longest span of holding that is known of all."""
    known = [{n for n, share in each["lasting"].items() if share} for each in found["scenarios"]]
    return max(set.intersection(*known), key=int, default=None)


def _frame(study: StoredStudy, found: Comparison, horizon: str | None) -> Frame:
    """What stands around the dots."""
    share = percent(found["scenarios"][0]["settlement"]["p"])
    holding = f" Open dots: that settle, and it holds for {weeks(int(horizon))}." if horizon else ""
    return Frame(
        "What makes the difference?",
        f"{chart_frame.subtitle(study)}: {share} of runs settle",
        (
            f"Dots: how many more runs settle than in {style.shorten(found['reference'], 40)}, run for run on common "
            f"random numbers.{holding} "
            "Lines, where wider than the dots: 95 % intervals of simulation error (Tango's, for pairs).",
            f"{found['runs']:,} runs of each, seed {found['seed']}.",
        ),
        height=2.4 + 0.62 * (len(found["scenarios"]) - 1),
        left=2.6,
    )


def _dot(axes: Axes, place: float, change: ShareChange, filled: bool) -> float:
    """Draw a difference with its interval and write it beside; returns how far from 0 it reaches."""
    ends = change["low"], change["high"]
    axes.plot(ends, [place, place], color=style.CURVE, linewidth=1.8)
    axes.plot(
        change["difference"], place, "o", markersize=8 if filled else 7, color=style.CURVE,
        markerfacecolor=style.CURVE if filled else style.PAPER, markeredgewidth=1.6,
    )  # fmt: skip
    if filled:
        words = points(change["difference"], *ends).partition(" (")[0]
        right = change["difference"] >= 0
        at, offset, side = (ends[1], 8, "left") if right else (ends[0], -8, "right")
        look = {"va": "center", "fontsize": 10.5, "color": style.CURVE, "path_effects": style.HALO}
        style.note(axes, words, (at, place), (offset, 0), ha=side, **look)
    return max(abs(change["difference"]), *map(abs, ends))
