"""Readings and claims of a scenario held against its evidence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.scenario.editing import settable
from sim.scenario.errors import one_of, suggest
from sim.scenario.evidence import Evidence, kinds
from sim.scenario.fields import Kind, Number
from sim.scenario.places import Finding, Places
from sim.scenario.shape import Loc, Names, layout, leaves, select

_FORM = ("value", "range", "mode", "mean", "sd", "beta")
_NO_EVIDENCE = "needs the file of claims and readings: name it under evidence"


def read_against(data: dict[str, Any], evidence: Evidence | None, places: Places) -> list[Finding]:
    """Fill in, in `data`, what every reading stands for; return what is wrong with readings and claims.

    A reading that means nothing is given a number that raises no further complaints.
    """
    known, names = settable(data), Names.of(data)
    found: list[Finding] = []
    for loc, kind, value in leaves(data):
        paths, kind = _targets(loc, kind, names)
        if not isinstance(value, dict) or not paths:
            continue
        if isinstance(value.get("reading"), str) and isinstance(kind, Number):
            found += _fill_in(value, loc, kinds(paths[0]), kind, evidence, places)
        if isinstance(value.get("claim"), str):
            borne = {path for pattern in _bearing(value["claim"], evidence) for path in select(pattern, known, names)}
            found += _unsupported(
                value["claim"], (*loc, "claim"), [path for path in paths if path not in borne], evidence
            )
    return found


def _targets(loc: Loc, kind: Kind, names: Names) -> tuple[list[str], Kind]:
    """Return the parameters that a value is for (several for patterns and one leverage), and their kind."""
    path = ".".join(map(str, loc))
    if "set" not in loc[2:3] and path != "mediator.leverage":
        return [path], kind
    known = layout(names)
    paths = select(str(loc[-1]) if "set" in loc[2:3] else path, known, names)
    return paths, known[paths[0]].kind or kind if paths else kind


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
        what = f"unknown reading {word!r} for {called[0]}: {suggest(word, words)}" if evidence else _NO_EVIDENCE
        yield Finding(at, what)
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
        yield Finding(loc, f"unknown claim {claim!r}: {suggest(claim, evidence.claims)}")
    elif beyond:
        patterns = one_of(evidence.claims[claim].bears_on)
        yield Finding(loc, f"claim {claim!r} does not bear on {beyond[0]}; it bears on {patterns}")
