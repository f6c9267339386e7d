"""Inline SVG of charts: text that can be read and searched, colours that follow the page, letters that come along."""

from __future__ import annotations

import base64
import re
from io import BytesIO
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.text import Text

from sim.output.charts import rendered
from sim.output.charts.drawing import style

_LETTERS = re.compile(r"<text[^>]*?style=\"([^\"]*)\"[^>]*>([^<]*)</text>")
_TAG = re.compile(r"<[^>]*>")
_BOLD = re.compile(r"\b(bold|700)\b")
_RIMMED = re.compile(r'(id="c\d+-rim-\d+">\s*(?:<g [^>]*>\s*)?<text style="[^"]*fill: )var\(--c(\w+)\)')
_ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"'}

FACES = {False: "DejaVuSans.ttf", True: "DejaVuSans-Bold.ttf"}
"""Files of the font of charts, plain and bold, as matplotlib brings them (free to embed: Bitstream Vera licence)."""

_LAYOUT = ("GSUB", "GPOS", "GDEF", "MATH")
"""Tables of the font that charts do without, and that take longer to cut down than all others.

Letters that stand closer together are in its table `kern` as well, the one that matplotlib itself goes by.
"""


def render_svg(axes: Axes, number: int) -> str:
    """Return the chart that holds `axes` as inline SVG for the middle of a page.

    `number` keeps its names from clashing.
    """
    _leave_halos_to_the_page(axes)
    text = rendered(axes, "svg", letters=True).decode()
    svg = text[text.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'(<svg[^>]*?) width="[^"]*" height="[^"]*"', r'\1 aria-hidden="true" focusable="false"', svg, count=1)
    return _following_the_page(_TAG.sub(lambda tag: _numbered(tag[0], number), svg))


def _numbered(tag: str, number: int) -> str:
    """Return a tag with the number of its chart in all names; what a text says stays as it is."""
    tag = re.sub(r'\bid="([^"]+)"', rf'id="c{number}-\1"', tag)
    tag = re.sub(r"url\(#([^)]+)\)", rf"url(#c{number}-\1)", tag)
    return re.sub(r'xlink:href="#([^"]+)"', rf'href="#c{number}-\1"', tag)


def _following_the_page(svg: str) -> str:
    """Return a chart whose colours follow the page, except on a map, which looks the same on every page."""
    svg = _TAG.sub(_coloured, svg)
    if _RIMMED.search(svg):
        svg = svg.replace(f"stroke: var({variable(style.PAPER)})", f"stroke: {style.PAPER}")
    return _RIMMED.sub(r"\1#\2", svg)


def _coloured(tag: re.Match[str]) -> str:
    """Return a tag whose colours are those of the page."""
    text = tag[0]
    for colour in style.IN_THE_DARK:
        text = text.replace(f": {colour}", f": var({variable(colour)})")
    return text


def _leave_halos_to_the_page(axes: Axes) -> None:
    """Take halos and rims from letters, which matplotlib turns into outlines for them; name them for the style sheet.

    Letters with a rim are those on a map.
    """
    chart = style.figure_of(axes)
    for place, text in enumerate(chart.findobj(Text)):
        effects = text.get_path_effects()
        if effects:
            text.set_gid(f"{'rim' if effects == style.RIM else 'halo'}-{place}")
            text.set_path_effects([])


def variable(colour: str) -> str:
    """Return the style-sheet variable for a chart's colour in inline SVG."""
    return f"--c{colour[1:]}"


def palette(dark: bool) -> str:
    """Return the style-sheet declarations of all colours in inline SVG, for a light page or a dark one."""
    return " ".join(
        f"{variable(light)}: {in_the_dark if dark else light};" for light, in_the_dark in style.IN_THE_DARK.items()
    )


def font_faces(drawings: list[str]) -> str:
    """Return style rules that bring the letters which inline SVG drawings use, and no others."""
    used: dict[bool, set[str]] = {False: set(" "), True: set()}
    for svg in drawings:
        for css, words in _LETTERS.findall(svg):
            used[bool(_BOLD.search(css))] |= set(_unescaped(words))
    return "\n".join(_face(bold, letters) for bold, letters in used.items() if letters)


def _unescaped(words: str) -> str:
    for entity, letter in _ENTITIES.items():
        words = words.replace(entity, letter)
    return words


def _face(bold: bool, letters: set[str]) -> str:
    """Return the rule for one face, with its font cut down to some letters."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    font = TTFont(Path(mpl.get_data_path()) / "fonts" / "ttf" / FACES[bold], recalcTimestamp=False)
    for table in _LAYOUT:
        if table in font:
            del font[table]
    cutter = subset.Subsetter(subset.Options(notdef_outline=True, drop_tables=["FFTM"]))
    cutter.populate(unicodes=[ord(letter) for letter in letters])
    cutter.subset(font)
    font.flavor = "woff"
    content = BytesIO()
    font.save(content)
    data = base64.b64encode(content.getvalue()).decode()
    weight = "bold" if bold else "normal"
    return (
        f"@font-face {{ font-family: 'DejaVu Sans'; font-weight: {weight}; "
        f"src: url(data:font/woff;base64,{data}) format('woff'); }}"
    )
