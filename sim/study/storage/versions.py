"""Versions on which numbers may depend, and messages on runs that were made under other versions than today's."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import metadata

from sim.negotiation.model import RULES

Versions = Mapping[str, str | int]

DECIDING = ("rules", "platform", "numpy", "scipy", "mesa")
"""The versions that the runs of one study must share for the same numbers, bit for bit."""


def read_versions() -> dict[str, str | int]:
    """Return the versions on which numbers may depend, as they are in this process."""
    return {
        "rules": RULES,
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        **{name: _version(name) for name in ("parley-sim", "numpy", "scipy", "mesa", "duckdb")},
    }


@cache
def _version(distribution: str) -> str:
    """Return the installed version of a distribution; Parley itself may be used from a checkout uninstalled."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "not installed"


def compare_versions(one: Versions, other: Versions) -> list[str]:
    """Return the names of the deciding versions that differ; a version that is not known may be any."""
    return [name for name in DECIDING if name not in one or one[name] != other.get(name)]


def spell_out(versions: Versions, names: Iterable[str]) -> str:
    """Return the versions with the given names as a message lists them."""
    return ", ".join(f"{name} {versions.get(name, '(not recorded)')}" for name in names)


def consequence(names: Iterable[str]) -> str:
    """Return the consequence for identical runs where the versions with the given names differ."""
    return "other rules give other runs" if "rules" in names else "the same runs might differ in their last digits"
