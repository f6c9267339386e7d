"""Study names: text in one line without control characters, and the form of a name that is used for folders."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

from sim.scenario.control_characters import strip_controls

LONGEST = 120
"""Bytes that a scenario's name may take in a folder's name; file systems allow 255 for the whole."""

_ELSEWHERE = re.compile(r"[/\\]|[A-Za-z]:[/\\]|(.*[/\\])?\.\.([/\\]|$)")
"""How a path begins that leads out of the folder in which it is looked for."""


def derive_folder_name(name: str) -> str:
    """Return a study name in the form that is used to name the study's folder."""
    words = re.sub(r"[^\w-]+", "-", name).strip("-") or "scenario"
    return words.encode()[:LONGEST].decode(errors="ignore")


def clean_study_name(name: str) -> str:
    """Return a clean study name: one line without control characters, which is no path elsewhere."""
    words = " ".join(strip_controls(name).split())
    return derive_folder_name(words) if not words or _ELSEWHERE.match(words) else words


def _is_fit(text: str) -> str:
    if text != clean_study_name(text):
        raise ValueError("no name that a study can have")
    return text


def _is_shown(text: str) -> str:
    if text != strip_controls(text):
        raise ValueError("no text that can be shown")
    return text


Name = Annotated[str, AfterValidator(_is_fit)]
"""What a study is called, as a file gives it."""

Shown = Annotated[str, AfterValidator(_is_shown)]
"""Text without control characters, as a file gives it."""
