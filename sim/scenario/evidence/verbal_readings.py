"""Verbal readings of a scenario, such as "likely", checked against its evidence and turned into ranges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, partial
from typing import Any

from sim.scenario.editing.data_paths import settable
from sim.scenario.errors import MANY, clip, one_of, suggest
from sim.scenario.evidence.claims import Evidence, kinds
from sim.scenario.model.key_tree import Loc, Names, covered, leaves
from sim.scenario.model.parameter_kinds import Kind, Number
from sim.scenario.model.quantities import Quantity
from sim.scenario.reading.source_positions import Finding, Places

_FORM = ("value", "range", "mode", "mean", "sd", "beta")
_NO_EVIDENCE = "needs the file of claims and readings: name it under evidence"


def read_against(data: dict[str, Any], evidence: Evidence | None, places: Places) -> list[Finding]:
    """Fill in the ranges that verbal readings in a scenario's data stand for; return problems of readings and claims.

    A reading that means nothing is given a number that raises no further complaints.
    """
    names = Names.of(data)
    found: list[Finding] = []

    @cache
    def borne(claim: str) -> frozenset[str]:
        """Return the paths on which a claim bears."""
        patterns = dict.fromkeys(_bearing(claim, evidence))
        return frozenset(path for pattern in patterns for path in settable(data, pattern))

    for loc, kind, value in leaves(data):
        paths, kind = _targets(loc, kind, names)
        if not isinstance(value, dict) or not paths:
            continue
        if isinstance(value.get("reading"), str) and isinstance(kind, Number):
            found += _fill_in(value, loc, kinds(paths[0]), kind, evidence, places)
        if isinstance(value.get("claim"), str):
            beyond = [path for path in paths if path not in borne(value["claim"])]
            found += _unsupported(value["claim"], (*loc, "claim"), beyond, evidence)
    return found


def _targets(loc: Loc, kind: Kind, names: Names) -> tuple[list[str], Kind]:
    """Return the parameters that a value is for (several for patterns and one leverage), and their kind."""
    path = ".".join(map(str, loc))
    if "set" not in loc[2:3] and path != "mediator.leverage":
        return [path], kind
    leaves_of = covered(str(loc[-1]) if "set" in loc[2:3] else path, names)
    paths = list(leaves_of)
    return paths, leaves_of[paths[0]].kind or kind if paths else kind


def _fill_in(
    value: dict[str, Any],
    loc: Loc,
    called: tuple[str, ...],
    kind: Number,
    evidence: Evidence | None,
    places: Places,
) -> Iterator[Finding]:
    """Put beside a reading the form of number that it stands for."""
    word = value["reading"]
    at = (*loc, "reading")
    words = next((evidence.scale[name] for name in reversed(called) if name in evidence.scale), {}) if evidence else {}
    given = {key: value[key] for key in _FORM if key in value}
    if word not in words:
        yield Finding(at, partial(_unknown_reading, word, called[0], words) if evidence else _NO_EVIDENCE)
        value.update({} if given else {"value": kind.high})
        return
    meant = words[word].model_dump()
    form = {key: meant[key] for key in _FORM if key in meant} if isinstance(meant, dict) else {"value": meant}
    if given and given != form:
        yield Finding(at, f"{word!r} stands for {words[word].describe()}: give the reading or the number, not both")
    for key in form:
        places.derive((*loc, key), at)
    value.update(form)


def _bearing(claim: str, evidence: Evidence | None) -> tuple[str, ...]:
    """Return the patterns that a claim bears on."""
    return evidence.claims[claim].bears_on if evidence and claim in evidence.claims else ()


def _unsupported(claim: str, loc: Loc, beyond: list[str], evidence: Evidence | None) -> Iterator[Finding]:
    """Find a claim that does not exist, or that does not bear on what it is cited for (`beyond`)."""
    if evidence is None:
        yield Finding(loc, _NO_EVIDENCE)
    elif claim not in evidence.claims:
        yield Finding(loc, partial(_unknown_claim, claim, evidence))
    elif beyond:
        yield Finding(loc, partial(_not_borne, claim, beyond[0], evidence))


def _unknown_reading(word: str, quantity: str, words: Mapping[str, Quantity]) -> str:
    return f"unknown reading {clip(word)!r} for {quantity}: {suggest(word, words)}"


def _unknown_claim(claim: str, evidence: Evidence) -> str:
    return f"unknown claim {clip(claim)!r}: {suggest(claim, evidence.claims)}"


def _not_borne(claim: str, path: str, evidence: Evidence) -> str:
    patterns = evidence.claims[claim].bears_on
    listed = one_of(map(clip, patterns[:MANY])) + (", …" if len(patterns) > MANY else "")
    return f"claim {clip(claim)!r} does not bear on {path}; it bears on {listed}"
