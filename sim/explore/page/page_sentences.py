"""Page sentences that no table or chart has: on settings, and on differences to the pinned scenario."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sim.explore.state.page_settings import MEDIATOR, Setting, Settings
from sim.explore.state.parameter_controls import Group, changed, standing
from sim.output.words.numbers_and_names import points, signed, weeks
from sim.scenario.model.parameters import Parameter
from sim.study.summaries.paired_outcomes import Change

_ERROR = "with 95 % intervals of simulation error. They leave out the range over the assumptions."


def paired(same_seed: bool) -> str:
    """Return the page's sentence on pairing: whether differences are those of the same random numbers."""
    how = "run by run on the same random numbers" if same_seed else "with different seeds, so the intervals are wider"
    return f"Present minus pinned, {how}, {_ERROR}"


def differences(change: Change, runs: int) -> Iterator[tuple[str, str]]:
    """Yield the page's sentences on differences to the pinned scenario, in percentage points, or in weeks."""
    lasting = change.get("lasting") or {}  # none where nobody could break a settlement
    shares = {"settlement": change["settlement"]}
    shares |= {f"settled and held for {weeks(int(n))}": each for n, each in lasting.items() if each is not None}
    for name, each in shares.items():
        yield f"{name} (points, {runs:,} runs)", points(each["difference"], each["low"], each["high"])
    later = change["rounds"]
    if later["difference"] is not None and later["low"] is not None and later["high"] is not None:
        told = signed(later["difference"], later["low"], later["high"])
        yield f"weeks until settlement ({later['pairs']:,} runs that settle in both)", told


def describe_setting(setting: Setting) -> str:
    """Return a setting as the page's sentences write it."""
    match setting:
        case (low, high):
            return f"{low:g}–{high:g}"
        case int() | float():
            return f"{setting:g}"
    return "none" if setting is None else str(setting)


def describe_changes(
    groups: Iterable[Group], known: Mapping[str, Parameter], before: Settings, after: Settings
) -> Iterator[str]:
    """Yield the page's sentences on how two settings differ, control by control.

    What one control moves together is told once.
    """
    done: set[str] = set()
    for control in (control for group in groups for control in group.controls):
        first, second = (standing(control, settings.changes, known) for settings in (before, after))
        touched = changed(control, before.changes) or changed(control, after.changes)
        if touched and first != second and not done.issuperset(control.paths):
            done |= {*control.paths}
            yield f"{control.full}: {describe_setting(first)} → {describe_setting(second)}"
    if (MEDIATOR in before.changes) != (MEDIATOR in after.changes):
        yield "with a mediator → without" if MEDIATOR in after.changes else "without a mediator → with one"
    if before.seed != after.seed:
        yield f"random seed: {before.seed} → {after.seed}, so the runs are not paired"
