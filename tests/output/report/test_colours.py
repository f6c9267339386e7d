"""Every colour that letters have can be read on the page, light or dark."""

from __future__ import annotations

import pytest

from sim.output.charts.drawing import style

LETTERS = sorted(
    {
        style.INK,
        style.QUIET,
        style.CURVE,
        style.EVIDENCE_INK,
        style.THEORY,
        style.MEDIATOR,
        *style.PARTIES,
        *style.LINES,
    }
)


def luminance(colour: str) -> float:
    shares = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """As WCAG 2 defines it: from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_of_black_and_white() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("colour", LETTERS)
def test_letters_can_be_read_on_the_page(colour: str) -> None:
    assert contrast(colour, style.PAPER) >= 4.5
    assert contrast(style.IN_THE_DARK[colour], style.IN_THE_DARK[style.PAPER]) >= 4.5


def test_what_the_source_says_can_be_read_on_its_own_ground() -> None:
    ink, ground = style.EVIDENCE_INK, style.EVIDENCE
    assert contrast(ink, ground) >= 4.5
    assert contrast(style.IN_THE_DARK[ink], style.IN_THE_DARK[ground]) >= 4.5
