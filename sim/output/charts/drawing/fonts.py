"""Fonts of charts: system fonts for letters that the font of charts lacks, and boxes for what none has.

Matplotlib takes each letter from the first of a list of families that has it, and warns, time and again, of every one
that none has. So the list ends with a font of boxes, made for just the letters that are lacking.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import matplotlib as mpl
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from matplotlib import font_manager
from matplotlib.font_manager import fontManager

FAMILY = "DejaVu Sans"
"""The font of charts, which comes with matplotlib: Latin, Greek, Cyrillic, Hebrew, Arabic and more."""

BOXES = "Parley boxes"
"""How the families of fonts of boxes begin."""

EM = 1000
"""Units of the font of boxes in the size of a letter."""


class Fonts(NamedTuple):
    """Font families in the order in which letters are looked for, and the letters for which there are but boxes."""

    families: tuple[str, ...]
    boxed: frozenset[str]


def fonts_for(words: Iterable[str]) -> Fonts:
    """Return the font families that it takes to write `words`."""
    letters = frozenset(letter for text in words for letter in text if not letter.isspace() and letter.isprintable())
    lacking = frozenset(letter for letter in letters if ord(letter) not in _letters_of(FAMILY))
    return _fonts_with(lacking) if lacking else Fonts((FAMILY,), frozenset())


@lru_cache(maxsize=64)
def _fonts_with(lacking: frozenset[str]) -> Fonts:
    """Return families that have what the font of charts lacks, those that have most of it first."""
    found, rest = _system_fonts(lacking)
    if rest and _add_new_fonts():
        found, rest = _system_fonts(lacking)
    if rest:
        with suppress(OSError):  # where nothing can be written, matplotlib draws its own sign, and warns
            found.append(_boxes(rest))
    return Fonts((FAMILY, *found), rest)


def _system_fonts(lacking: frozenset[str]) -> tuple[list[str], frozenset[str]]:
    """Return families of the system with letters that are lacking, and what none of them has."""
    own = Path(mpl.get_data_path())
    outside = {font.name for font in fontManager.ttflist if own not in Path(font.fname).parents}
    families = sorted(name for name in outside if not name.startswith(BOXES))
    has = {family: {letter for letter in lacking if ord(letter) in _letters_of(family)} for family in families}
    found: list[str] = []
    rest = set(lacking)
    while rest and (
        best := max(families, key=lambda name: (len(has[name] & rest), "sans" in name.lower()), default="")
    ):
        if not has[best] & rest:
            break
        found.append(best)
        rest -= has[best]
    return found, frozenset(rest)


@lru_cache(maxsize=1024)
def _letters_of(family: str) -> frozenset[int]:
    """Return the codes of the letters that each face of a family has which charts can use: upright, plain to bold."""
    upright = [font for font in fontManager.ttflist if font.name == family and font.style == "normal"]
    used = [font for font in upright if 400 <= int(font.weight) <= 700] or upright
    try:
        faces = [frozenset(font_manager.get_font(font.fname).get_charmap()) for font in used]
    except (OSError, RuntimeError):  # not there any more, or damaged
        return frozenset()
    return frozenset.intersection(*faces) if faces else frozenset()


def _add_new_fonts() -> bool:
    """Let matplotlib know fonts that were installed after it last looked; returns whether there are any."""
    known = {str(font.fname) for font in fontManager.ttflist}
    before = len(fontManager.ttflist)
    for path in sorted(set(font_manager.findSystemFonts()) - known):
        with suppress(Exception):  # one damaged font is no reason to do without the others
            fontManager.addfont(path)
    _letters_of.cache_clear()
    return len(fontManager.ttflist) > before


def _boxes(letters: frozenset[str]) -> str:
    """Make a font that has a box for each of some letters, and let matplotlib know it; return its family."""
    folder = Path(tempfile.mkdtemp(prefix="parley-boxes-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    family = f"{BOXES} {folder.name}"
    for weight, name in ((400, "Regular"), (700, "Bold")):
        font = FontBuilder(EM, isTTF=True)
        font.setupGlyphOrder([".notdef", "box"])
        font.setupCharacterMap({ord(letter): "box" for letter in letters})
        font.setupGlyf({glyph: _box() for glyph in (".notdef", "box")})
        font.setupHorizontalMetrics(dict.fromkeys((".notdef", "box"), (700, 70)))
        font.setupHorizontalHeader(ascent=800, descent=-200)
        font.setupNameTable({"familyName": family, "styleName": name})
        font.setupOS2(usWeightClass=weight, sTypoAscender=800, sTypoDescender=-200, usWinAscent=800, usWinDescent=200)
        font.setupPost()
        font.save(folder / f"{name}.ttf")
        fontManager.addfont(folder / f"{name}.ttf")
    return family


def _box() -> object:
    """An outline of a box."""
    pen = TTGlyphPen(None)
    for corners in (
        ((70, 0), (70, 700), (630, 700), (630, 0)),
        ((130, 60), (570, 60), (570, 640), (130, 640)),
    ):
        pen.moveTo(corners[0])
        for corner in corners[1:]:
            pen.lineTo(corner)
        pen.closePath()
    return pen.glyph()
