"""The option `--vary`: PATH=FROM:TO:POINTS, PATH=VALUE,VALUE,… or, with `--sample`, PATH=FROM:TO.

A range that ends in `:log` is spaced evenly on a logarithmic scale.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.study.design.vary_requests import Wanted


LOG = "log"
"""The word that asks for a logarithmic scale."""


def parse_vary(texts: Sequence[str]) -> list[Wanted]:
    """Parse the texts of the option `--vary` into requests.

    Raises one ScenarioError for all that are not written as they should be.
    """
    from sim.scenario.errors import Problem, ScenarioError

    found: list[Wanted] = []
    problems: list[Problem] = []
    for text in texts:
        try:
            found.append(_one(text))
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(problems)
    return found


def _one(text: str) -> Wanted:
    """Return what one text asks for. Raises ScenarioError."""
    from sim.scenario.errors import Problem, ScenarioError
    from sim.scenario.reading.source_positions import Spot
    from sim.scenario.reading.yaml_documents import read_value
    from sim.study.design.vary_requests import FORMS, Wanted

    label = f"--vary {text}"
    path, equals, rest = text.partition("=")
    path = path.strip()
    if not equals or not path or not rest.strip():
        raise ScenarioError([Problem(f"must have the form {FORMS}", file=label)])
    if ":" not in rest:
        values = tuple(read_value(value, label) for value in rest.split(","))
        return Wanted(path, values, spot=Spot(label))
    parts = rest.split(":")
    log = len(parts) > 2 and parts[-1].strip() == LOG
    low, high, *points = (_number(part, label) for part in (parts[:-1] if log else parts))
    if len(points) > 1:
        raise ScenarioError([Problem(f"has too many colons: the form is {FORMS}", file=label)])
    if points and not points[0].is_integer():
        raise ScenarioError([Problem(f"the number of points must be a whole number, not {points[0]:g}", file=label)])
    return Wanted(path, (), low, high, int(points[0]) if points else None, Spot(label), log)


def _number(text: str, label: str) -> float:
    """Return a number as written. Raises ScenarioError."""
    from sim.scenario.errors import Problem, ScenarioError, describe_value

    try:
        return float(text)
    except ValueError:
        message = (
            f"FROM, TO and POINTS must be numbers, not {describe_value(text.strip())}; only {LOG!r} may follow them"
        )
        raise ScenarioError([Problem(message, file=label)]) from None
