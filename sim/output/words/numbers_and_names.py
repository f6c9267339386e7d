"""Numbers and names as they are written for people, the same everywhere."""

from __future__ import annotations

from math import inf

from sim.scenario.model.display_labels import ARTICLE, choose_label, derive_label, without_article
from sim.scenario.model.schema import Scenario

NO_FORECAST = "Shares of simulated runs under the stated assumptions, not a forecast."

ENDING_ALIKE = "differ only in beliefs, in how often they talk or in how long settlements are watched"
"""Of runs that all end the same, and are not the same."""


def caption(name: str, scenario: Scenario) -> str:
    """Return the name of an actor or issue where it stands alone, in tables, legends and headings: US, Russia, land."""
    label = scenario.labels.get(name)
    return derive_label(name) if label is None else without_article(label)


def mention(name: str, scenario: Scenario) -> str:
    """Return the name of an actor or issue within a sentence or phrase: the US, Russia, land."""
    return choose_label(name, scenario.labels)


def subject(name: str, scenario: Scenario) -> str:
    """Return the name of an actor for the beginning of a sentence: The US, Russia.

    No letter of a name is changed.
    """
    words = mention(name, scenario)
    return words.replace(ARTICLE, ARTICLE.capitalize(), 1) if words.startswith(ARTICLE) else words


def possessive(words: str) -> str:
    """Return a name in the genitive: Russia's, the US's, Hamas's, the guarantor states'.

    A plural has an article.
    """
    plural = words[: len(ARTICLE)].lower() == ARTICLE and words.endswith("s")
    return f"{words}'" if plural else f"{words}'s"


def percent(share: float | None, digits: int = 1) -> str:
    """Return the number for a share in per cent; one that only rounds to none or all is marked below or above."""
    return "–" if share is None else f"{figure(share, digits)} %"


def figure(share: float, digits: int = 1) -> str:
    """Return the number for a share in per cent without the sign: `< 0.1` and `> 99.9` where not quite 0 or 100."""
    least = 10**-digits
    text = f"{abs(100 * share):.{digits}f}"
    if share > 0 and float(text) == 0:
        return f"< {least:.{digits}f}"
    if share < 1 and float(text) == 100:
        return f"> {100 - least:.{digits}f}"
    return text


def between(low: float, high: float, digits: int = 1) -> str:
    """Return the numbers of an interval of shares in per cent, without the sign.

    One figure where both ends lie beyond the last decimal.
    """
    first, last = figure(low, digits), figure(high, digits)
    return first if first == last and first[0] in "<>" else f"{first}–{last}"


def points(difference: float, low: float, high: float) -> str:
    """Return the numbers of a difference of shares and its interval, in percentage points, each end with its sign."""
    return signed(100 * difference, 100 * low, 100 * high, most=100.0)


def signed(difference: float, low: float, high: float, most: float = inf) -> str:
    """Return the numbers of a difference and its interval, each with its sign.

    They have as many decimals as tell the interval's ends apart. What only rounds to 0, or to the `most` that there can
    be, is said to be above or below.
    """
    digits = 1 if high - low >= 0.2 else 2
    first, second, third = (_signed(value, digits, most) for value in (difference, low, high))
    return f"{first} ({second} to {third})"


def _signed(value: float, digits: int, most: float) -> str:
    """A number with its sign, none for 0."""
    least = 10**-digits
    rounded = float(f"{abs(value):.{digits}f}")
    sign = "−" if value < 0 else "+" if value > 0 else ""
    if value and rounded == 0:
        return f"{'<' if value > 0 else '>'} {sign}{least:.{digits}f}"
    if rounded >= most > abs(value):
        return f"{'>' if value > 0 else '<'} {sign}{most - least:.{digits}f}"
    return f"{sign}{abs(value):.{digits}f}"


def number(value: float | None, digits: int = 2) -> str:
    """Return a number with a fixed number of decimals, a dash where it is undefined."""
    return "–" if value is None else f"{value:.{digits}f}"


def weeks(periods: int) -> str:
    """Return a number of weeks in words; whole years are called so."""
    years, rest = divmod(periods, 52)
    if years and not rest:
        return "1 year" if years == 1 else f"{years} years"
    return "1 week" if periods == 1 else f"{periods} weeks"


def join_items(items: list[str]) -> str:
    """Return names or other items as prose lists them: a, b and c."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
