"""Rules for the names of parties, issues, guarantors and the mediator, and how other programs misread names."""

from __future__ import annotations

import re
import unicodedata

from sim.scenario.errors import describe_value, fault, one_of
from sim.scenario.model.quantities import BESIDE, FORMS, text

RESERVED = frozenset({*FORMS, *BESIDE, "mode", "sd"})
"""Words that have a meaning beside numbers, and so cannot be the name of a party, issue or guarantor."""

LONGEST = 64
"""Characters of a name."""

_SPECIAL = {
    **dict.fromkeys(("na", "nan", "null", "none"), "a missing value"),
    **dict.fromkeys(("inf", "infinity"), "a number"),
    **dict.fromkeys(("true", "false", "t", "f", "yes", "no"), "a boolean"),
    "epoch": "a date",
}
"""Words that readers of CSV (pandas, DuckDB, R) take for something else, in whatever case."""

_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december", "sept"),
)


def name(value: object) -> str:
    """Check a name of a party, issue or guarantor against the rules: letters of any script, digits, `_` and `-`.

    Returns the name.
    """
    word = text(value)
    if len(word) > LONGEST:
        raise fault(
            f"{describe_value(word)} cannot be a name: "
            f"it takes {len(word)} characters, and at most {LONGEST} are allowed"
        )
    if not word.replace("-", "_").isidentifier() or word[0] == "-" or unicodedata.normalize("NFC", word) != word:
        allowed = "use letters, digits, _ and -, beginning with a letter or _ (no dots, spaces or *)"
        raise fault(f"{word!r} cannot be a name: {allowed}")
    if word in RESERVED:
        others = one_of(sorted(RESERVED - {word}))
        raise fault(f"{word!r} cannot be a name: it has a meaning beside numbers, as have {others}")
    taken_for = misread(word)
    if taken_for:
        raise fault(f"{word!r} cannot be a name: programs that read the tables take it for {taken_for}")
    return word


def misread(name: str) -> str | None:
    """Return the type that CSV readers would misread a name as, such as a date, which the rules forbid; or None.

    `NA`, `None` and `nan` are missing values, `inf` a number, `no` a boolean; spreadsheets make dates of `may-2`
    and of `may-2-2026`. What else they convert (`2-may`, `2026-05-02`, `1e5`, `007`, `1:30`) begins like no name.
    """
    word = unicodedata.normalize("NFKC", name).casefold()
    if word in _SPECIAL:
        return _SPECIAL[word]
    return "a date" if _DATE.fullmatch(word) else None


_DATE = re.compile(rf"({'|'.join([*_MONTHS, *(month[:3] for month in _MONTHS)])})-*[0-9]+(-+[0-9]+)?")


def fold(name: str) -> str:
    """Return a name folded by the rules for look-alike names: without case, width or form of letters, `-` as `_`."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return "".join(letter for letter in folded if not _is_invisible(letter)).replace("-", "_")


def _is_invisible(letter: str) -> bool:
    """Whether a character only changes how its neighbours look (joiners, marks of direction, variants)."""
    variant = "\ufe00" <= letter <= "\ufe0f" or "\U000e0100" <= letter <= "\U000e01ef"
    return variant or letter == "\u034f" or unicodedata.category(letter) == "Cf"
