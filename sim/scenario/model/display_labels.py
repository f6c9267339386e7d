"""Display labels: the name of an actor or issue where people read, beside the name in paths and data."""

from __future__ import annotations

from collections.abc import Mapping

from sim.scenario.errors import fault
from sim.scenario.model.quantities import text

ARTICLE = "the "
"""What a label may begin with that is written within sentences only: "the US" stands in a table as "US"."""

LONGEST = 40
"""Characters of a label."""

BOUNDS = f"text of at most {LONGEST} characters, or null for none"


def label(value: object) -> str | None:
    """Return a display label as a scenario may write it, or None, which takes an inherited label back."""
    if value is None:
        return None
    words = text(value)
    if len(words) > LONGEST:
        raise fault(f"must have at most {LONGEST} characters, not {len(words)}")
    if not words.isprintable():
        raise fault("must be plain text in one line: no control characters, no blanks but the ordinary one")
    if words != words.strip() or not any(map(str.isalnum, without_article(words))):
        raise fault("must have a letter or digit beside its article, if it has one, and no blanks at its ends")
    return words


def without_article(words: str) -> str:
    """Return a display label without its article, as it stands alone in tables, legends and headings."""
    return words.removeprefix(ARTICLE)


def derive_label(name: str) -> str:
    """Return the display label of a name that has no label of its own: the name with blanks for underscores."""
    return name.replace("_", " ")


def choose_label(name: str, labels: Mapping[str, str]) -> str:
    """Return the display label of an actor or issue within a sentence, or its name where it has no label."""
    return labels.get(name) or derive_label(name)


def drop_withdrawn_labels(labels: Mapping[str, str | None]) -> dict[str, str]:
    """Return the display labels that are left once labels that were taken back are gone."""
    return {name: words for name, words in labels.items() if words is not None}
