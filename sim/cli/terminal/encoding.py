"""Encoding of output: a plain equivalent where it lacks a character, never a question mark."""

from __future__ import annotations

import codecs
import sys
import unicodedata
from io import TextIOWrapper

PLAIN = "parley-plain"
"""Name of the error handler that writes equivalents, for `encode` and for streams."""

_EQUIVALENTS = {
    **dict.fromkeys("−–—‐‑‒―─", "-"),
    **dict.fromkeys("━═", "="),
    **dict.fromkeys("█▇▆▅▓", "#"),
    **dict.fromkeys("▄▃▂▁░▒▏▎▍▌▋▊▉", ":"),
    **dict.fromkeys("●◆■▲▼○◇□△▽•", "*"),
    **dict.fromkeys("│┃║", "|"),
    **dict.fromkeys("┌┐└┘├┤┬┴┼╭╮╯╰╞╡╪", "+"),
    **dict.fromkeys("‘’‚′", "'"),
    **dict.fromkeys("“”„″«»", '"'),
    **{"…": "...", "×": "x", "·": ".", "÷": "/", "±": "+/-", "√": "sqrt", "∞": "inf", "∈": "in", "∏": "prod"},
    **{"→": "->", "←": "<-", "↑": "^", "↓": "v", "≥": ">=", "≤": "<=", "≠": "!=", "≈": "~", "∑": "sum"},
    **{"Σ": "sum", "Π": "prod", "Δ": "Delta", "²": "^2", "³": "^3", "§": "section ", "°": " degrees", "€": "EUR"},
    **{"ß": "ss", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ł": "l", "Ł": "L", "đ": "d"},
}


def plain_equivalent(character: str) -> str:
    """Return an ASCII equivalent for a character that the output's encoding lacks.

    A sign like it, its letter without accents, or its name or number.
    """
    if character in _EQUIVALENTS:
        return _EQUIVALENTS[character]
    name = unicodedata.name(character, "")
    if name.startswith("GREEK "):
        letter = name.split(" LETTER ")[-1].split()[0].lower()
        return letter.capitalize() if "CAPITAL" in name else letter
    if unicodedata.category(character) == "Zs":
        return " "
    letters = unicodedata.normalize("NFKD", character).encode("ascii", errors="ignore").decode()
    return letters or character.encode("ascii", errors="backslashreplace").decode()


def _replace(error: UnicodeError) -> tuple[str, int]:
    """Answer Python's encoder with equivalents for what it cannot write."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(plain_equivalent, error.object[error.start : error.end])), error.end


codecs.register_error(PLAIN, _replace)


def use_equivalents() -> None:
    """Let stdout and stderr write plain equivalents for characters that their encodings lack."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors=PLAIN)
