"""What the page says of differences to the pinned scenario."""

from __future__ import annotations

from sim.explore.page.page_sentences import differences, paired
from sim.study.summaries.paired_outcomes import Change, ShareChange


def change(points: float) -> ShareChange:
    """A difference of so many points, known to a tenth of one."""
    found = {"difference": points / 100, "low": points / 100 - 0.001, "high": points / 100 + 0.001}
    return ShareChange(**found, only_reference=1, only_here=2, unpaired_runs=None)  # type: ignore[typeddict-item]


def of(lasting: object, weeks: float | None) -> Change:
    """A change of 2 points in settlement."""
    ends = {"low": None, "high": None} if weeks is None else {"low": weeks - 1, "high": weeks + 1}
    rounds = {"pairs": 900, "difference": weeks, **ends}
    return Change(settlement=change(2), lasting=lasting, rounds=rounds)  # type: ignore[typeddict-item]


def test_shares_are_in_points_and_delays_in_weeks():
    told = dict(differences(of({"52": change(-1.5), "260": None}, 3.0), 2000))
    assert told == {
        "settlement (points, 2,000 runs)": "+2.0 (+1.9 to +2.1)",
        "settled and held for 1 year (points, 2,000 runs)": "−1.5 (−1.6 to −1.4)",
        "weeks until settlement (900 runs that settle in both)": "+3.0 (+2.0 to +4.0)",
    }


def test_what_is_not_known_is_left_out():
    """Durability is none where nobody could break a settlement; weeks are none where no run settles in both."""
    for lasting in ({"52": None, "260": None}, {}, None):
        assert [name for name, _ in differences(of(lasting, None), 500)] == ["settlement (points, 500 runs)"]


def test_it_says_whether_runs_are_paired():
    assert "on the same random numbers" in paired(True)
    assert "different seeds" in paired(False)
    for words in (paired(True), paired(False)):
        assert words.startswith("Present minus pinned, ")
        assert "leave out the range over the assumptions" in words
