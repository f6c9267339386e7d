"""What the page says in words that no table or chart has: a difference to what was pinned."""

from __future__ import annotations

from collections.abc import Iterator

from sim.output.comparisons import signed
from sim.output.words import weeks
from sim.study.comparison import Change

PAIRED = (
    "Present minus pinned, run for run on the same luck, with the 95 % interval of simulation error. The range over the "
    "assumptions is not in it."
)


def differences(change: Change, runs: int) -> Iterator[tuple[str, str]]:
    """Yield what is compared and by how much it differs, in points, or in weeks."""
    points = {"settlement": change["settlement"]}
    points |= {
        f"settled, and it holds for {weeks(int(n))}": each for n, each in change["lasting"].items() if each is not None
    }
    for name, each in points.items():
        yield f"{name} (points, {runs:,} runs)", signed(*(100 * each[end] for end in ("difference", "low", "high")))  # type: ignore[literal-required]
    later = change["rounds"]
    if later["difference"] is not None and later["low"] is not None and later["high"] is not None:
        told = signed(later["difference"], later["low"], later["high"])
        yield f"weeks until settlement ({later['pairs']:,} runs that settle in both)", told
