"""Page address: settings as a link that restores them, short, and readable where it can be.

`?distrust=0.5..0.7&mediator.style=facilitation&seed=7` : parameter paths with a number, a range or a word;
`mediator=none`; beside them `seed`, `runs`, `along` (the path of the curve) and `of`, which tells the scenario.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qsl, quote

from sim.explore.state.page_settings import MEDIATOR, MOST_RUNS, Setting, Settings, case, unchanged
from sim.scenario.errors import ParleyError, ScenarioError, describe_value, suggest
from sim.scenario.model.key_tree import MUTUAL
from sim.scenario.model.parameter_kinds import Choice, Number, Whole
from sim.scenario.model.parameters import Parameter, expand, parameters
from sim.scenario.model.schema import Scenario
from sim.study.storage.study_folder import Study

LONGEST = 6_000
"""Letters that a link's settings may take: more than all parameters of a large scenario."""

MOST_SEED = 2**63 - 1

NONE = "none"
"""What stands for no mediator."""

OF_DIGITS = 6
"""Digits of the digest that tells scenarios apart."""

_NUMBER = r"[-+]?(?:\d{1,15}(?:\.\d{0,20})?|\.\d{1,20})(?:e[-+]?\d{1,3})?"
_VALUE = re.compile(rf"({_NUMBER})(?:\.\.({_NUMBER}))?", re.ASCII)
_WHOLE = re.compile(r"\d{1,19}", re.ASCII)
_SIGNED = re.compile(r"[-+]?\d{1,9}", re.ASCII)


class LinkError(ParleyError, ValueError):
    """Error for a page address (link) that cannot be read; the message says why, in one line."""


def query(base: Scenario, settings: Settings) -> str:
    """Return settings as the query of the page's address; empty for a scenario as its file has it."""
    default = unchanged(base)
    parts = list(_changes(base, settings))
    if settings.seed != default.seed:
        parts.append(("seed", str(settings.seed)))
    if settings.runs != default.runs:
        parts.append(("runs", str(settings.runs)))
    if settings.along != default.along:
        parts.append(("along", settings.along))
    if parts:
        parts.append(("of", mark(base)))
    return "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in parts)


def mark(base: Scenario) -> str:
    """Return the digits in a page's address that tell a scenario from others."""
    return Study("", base).digest[:OF_DIGITS]


def _changes(base: Scenario, settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield what was set, in the order of the scenario; one word for all of mutual distrust."""
    between = expand(base, MUTUAL)
    common = {settings.changes.get(path, ...) for path in between}
    together = len(common) == 1 and ... not in common
    if together:
        yield MUTUAL, _shown(settings.changes[between[0]])
    for path in (MEDIATOR, *parameters(base)):
        if path in settings.changes and not (together and path in between):
            yield path, _shown(settings.changes[path])


def _shown(setting: Setting) -> str:
    match setting:
        case None:
            return NONE
        case str():
            return setting
        case (low, high):
            return f"{_plain(low)}..{_plain(high)}"
        case _:
            return _plain(setting)


def _plain(value: float) -> str:
    """A number with all its digits and no more."""
    return repr(value).removesuffix(".0") if abs(value) < 1e15 else repr(value)


def parsed(base: Scenario, text: str) -> Settings:
    """Return the settings in the page's address (the text after the question mark).

    Raises LinkError.
    """
    if len(text) > LONGEST:
        raise LinkError(f"it is {len(text):,} letters long; at most {LONGEST:,} are read")
    try:
        given = parse_qsl(text, keep_blank_values=True, strict_parsing=True, errors="strict") if text else []
    except ValueError:
        raise LinkError("it is not of the form path=value&path=value") from None
    found = _Reader(base)
    for name, value in given:
        found.read(name, value)
    if found.of is not None and found.of != mark(base):
        raise LinkError("it was made with another scenario, or with another version of this one")
    try:
        case(base, found.settings)
    except ScenarioError as error:
        raise LinkError(str(error.problems[0])) from None
    return found.settings


class _Reader:
    """Reads the settings of a link one by one."""

    def __init__(self, base: Scenario) -> None:
        self.settings = unchanged(base)
        self.of: str | None = None
        self._base = base
        self._known = parameters(base)
        self._seen: set[str] = set()

    def read(self, name: str, value: str) -> None:
        """Take in one setting. Raises LinkError."""
        paths = self._paths(name)
        twice = next((path for path in (name, *paths) if path in self._seen), None)
        if twice is not None:
            raise LinkError(f"{twice} is given twice")
        self._seen |= {name, *paths}
        match name:
            case "of":
                self.of = value
            case "seed":
                self.settings = replace(self.settings, seed=_whole(name, value, 0, MOST_SEED))
            case "runs":
                self.settings = replace(self.settings, runs=_whole(name, value, 1, MOST_RUNS))
            case "along":
                self._along(value)
            case "mediator":
                if value != NONE or self._base.mediator is None:
                    raise LinkError("mediator can only be 'none', where there is one")
                self.settings = self.settings.put([MEDIATOR], None)
            case _:
                self._set(paths, name, value)

    def _paths(self, name: str) -> list[str]:
        """Return the parameters that a name is for."""
        if name in ("of", "seed", "runs", "along", MEDIATOR):
            return []
        return self._expanded(name)

    def _expanded(self, name: str) -> list[str]:
        if name != MUTUAL and "*" in name:
            raise LinkError("no * is read here: name each parameter")
        try:
            return expand(self._base, name)
        except ScenarioError:
            known = suggest(name, (MUTUAL, *self._known))
            raise LinkError(f"no parameter {describe_value(name).removeprefix('the text ')}: {known}") from None

    def _along(self, value: str) -> None:
        paths = self._expanded(value)
        if not all(isinstance(self._known[path].kind, Number) for path in paths):
            raise LinkError(
                f"there is no curve along {value}: only along a number that may lie anywhere between two ends"
            )
        self.settings = replace(self.settings, along=value)

    def _set(self, paths: list[str], name: str, value: str) -> None:
        self.settings = self.settings.put(paths, _setting(self._known[paths[0]], name, value))


def _whole(name: str, value: str, low: int, high: int) -> int:
    if not _WHOLE.fullmatch(value) or not low <= int(value) <= high:
        raise LinkError(f"{name} must be a whole number from {low} to {high:,}")
    return int(value)


def _setting(parameter: Parameter, name: str, value: str) -> Setting:
    """Return a parameter's value as a link writes it; whether it is allowed is found out later. Raises LinkError."""
    if isinstance(parameter.kind, Choice) or isinstance(parameter.value, str):
        return value
    if isinstance(parameter.kind, Whole):
        if not _SIGNED.fullmatch(value):
            raise LinkError(f"{name} must be {parameter.bounds}, not {describe_value(value)}")
        return int(value)
    read = _VALUE.fullmatch(value)
    if read is None:
        raise LinkError(f"{name} must be {parameter.bounds} or a range such as 0.2..0.4, not {describe_value(value)}")
    low, high = float(read[1]), None if read[2] is None else float(read[2])
    return low if high is None else (low, high)
