"""A small sound scenario to break in one place, and a file of claims to go with it."""

from __future__ import annotations

from pathlib import Path

MINIMAL = """\
title: Two sides
issues:
  land: {low: theirs, high: ours}
parties:
  north:
    aims: {land: 1}
    salience: {land: 1}
    reservation: 0.3
    betrayal_loss: 0.1
  south:
    aims: {land: 0}
    salience: {land: 1}
    reservation: 0.3
    betrayal_loss: 0.1
distrust:
  north: {south: 0.5}
  south: {north: 0.5}
"""

NORTH = "    salience: {land: 1}\n    reservation: 0.3\n    betrayal_loss: 0.1\n  south"
"""The end of north's entry: lines 7 to 9."""

CLAIMS = """\
source: {supplied_by: the user, title: null}
claims:
  wary:
    paragraph: 1
    holder: an observer
    says: The two distrust each other.
    bears_on: [distrust.north.south, distrust.south.north, "parties.*.salience.*"]
  neutral:
    paragraph: 2
    holder: the envoy
    says: The envoy sides with nobody and asks nothing.
    bears_on: ["mediator.bias.*", mediator.leverage, mediator.style, distrust]
scale:
  distrust: {low: [0.1, 0.3], intense: [0.75, 0.95]}
  bias: {slight: {range: [0, 0.3], mode: 0.1}}
  leverage: {none: 0, some: [0.0, 0.1]}
  incidents.rate: {rare: {beta: [1, 50]}}
"""

ENVOY = "mediator: {name: envoy, style: manipulation, leverage: 0.1, bias: {north: 0.2}}\n"


def edited(old: str, new: str, text: str = MINIMAL) -> str:
    """Return a text with a piece of it replaced, or with `new` appended where `old` is empty."""
    assert old in text, old
    return text.replace(old, new, 1) if old else text + new


def write(folder: Path, **files: str) -> None:
    """Write YAML files under the names given."""
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
