"""Control characters in text: removed or escaped, so that none steers a terminal or turns the direction of writing."""

from __future__ import annotations

import re

_CONTROLS = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 but for tab and line feed, DEL, C1
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # marks, embeddings, overrides and isolates of direction
    "\u2028\u2029\u200b\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb"  # separators and signs that nobody sees
    "\U000e0000-\U000e007f"  # tags, which spell out text that nobody sees
    "\ud800-\udfff"  # halves of characters, which no encoding can write
    "]"
)


def strip_controls(text: str) -> str:
    """Return a text without control characters, fit to be shown on a terminal or a page.

    Tabs and line feeds stay, and so do the joiners (U+200C, U+200D) that scripts such as Persian and Hindi need.
    """
    return _CONTROLS.sub("", text)


def escape_controls(json: str) -> str:
    """Return a JSON text with its control characters escaped: identical data, fit for a terminal."""
    return _CONTROLS.sub(lambda found: json_escape(found[0]), json)


def escape_controls_in_yaml(text: str) -> str:
    """Return a YAML text with its control characters escaped; data that hold some stand in double quotes."""
    return _CONTROLS.sub(lambda found: f"\\U{ord(found[0]):08x}", text)


def json_escape(character: str) -> str:
    """Return the JSON escape of a control character or any other, as two halves beyond the first 65,536."""
    halves = character.encode("utf-16-be", errors="surrogatepass")
    return "".join(f"\\u{halves[at]:02x}{halves[at + 1]:02x}" for at in range(0, len(halves), 2))
