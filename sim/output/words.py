"""How figures and names are written for people, the same everywhere."""

from __future__ import annotations

ACRONYM = 3
"""The longest name that is taken for an acronym, as in `us` or `eu`."""


def actor(name: str) -> str:
    """An actor's name as prose has it: `us` becomes US, `russia` Russia, `great_britain` Great Britain."""
    if len(name) <= ACRONYM:
        return name.upper()
    return " ".join(word[:1].upper() + word[1:] for word in name.replace("_", " ").split())


def mention(name: str) -> str:
    """An actor's name within a sentence, where acronyms take an article: the US, Russia."""
    return f"the {actor(name)}" if 1 < len(name) <= ACRONYM else actor(name)


def subject(name: str) -> str:
    """An actor's name at the beginning of a sentence: The US, Russia."""
    words = mention(name)
    return words[0].upper() + words[1:]


def issue(name: str) -> str:
    """An issue's name as prose has it."""
    return name.replace("_", " ")


def percent(share: float | None) -> str:
    """A share in per cent with one decimal; what only rounds to none or all is said to be below or above."""
    if share is None:
        return "–"
    if 0 < share < 0.0005:
        return "< 0.1 %"
    if 0.9995 <= share < 1:
        return "> 99.9 %"
    return f"{100 * share:.1f} %"


def between(low: float, high: float) -> str:
    """An interval of shares in per cent, without the sign."""
    return f"{100 * low:.1f}–{100 * high:.1f}"


def number(value: float | None, digits: int = 2) -> str:
    """A number with a fixed number of decimals, a dash where it is undefined."""
    return "–" if value is None else f"{value:.{digits}f}"


def weeks(periods: int) -> str:
    """A number of weeks; whole years are called so."""
    years, rest = divmod(periods, 52)
    if years and not rest:
        return "1 year" if years == 1 else f"{years} years"
    return "1 week" if periods == 1 else f"{periods} weeks"


def listed(items: list[str]) -> str:
    """Items as prose lists them: a, b and c."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
