"""Lines of several results: told apart by those who see few colours, on light and on dark pages."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.output.charts.drawing import style
from sim.output.charts.kinds.settlement_curve import MOST_LINES

SEEN = {
    "all": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
"""What of linear sRGB is seen: Machado, Oliveira & Fernandes (2009), IEEE TVCG 15:1291, severity 1."""

LAB_FROM_RGB = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
WHITE = np.array([0.95047, 1.0, 1.08883])

LEAST = 35.0
"""Distance in CIELAB (1976): about 2 can just be seen side by side; the shades of one hue had 14."""


def linear(colour: str) -> NDArray[np.float64]:
    rgb = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    xyz = LAB_FROM_RGB @ np.clip(rgb, 0, 1) / WHITE
    x, y, z = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def contrast(one: str, other: str) -> float:
    """As WCAG 2 has it."""
    weights = np.array([0.2126, 0.7152, 0.0722])
    dark, light = sorted(float(weights @ linear(colour)) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def on_page(dark: bool) -> list[str]:
    return [style.IN_THE_DARK[colour] if dark else colour for colour in style.LINES]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("eyes", SEEN)
def test_any_two_are_far_apart(eyes: str, dark: bool) -> None:
    places = [lab(SEEN[eyes] @ linear(colour)) for colour in on_page(dark)]
    assert min(float(np.linalg.norm(one - other)) for one, other in combinations(places, 2)) >= LEAST


@pytest.mark.parametrize("dark", [False, True])
def test_their_names_can_be_read(dark: bool) -> None:
    paper = style.IN_THE_DARK[style.PAPER] if dark else style.PAPER
    assert min(contrast(colour, paper) for colour in on_page(dark)) >= 4.5


def test_as_many_as_a_chart_takes_differ_in_colour_or_dashes_and_four_in_both() -> None:
    looks = [style.line_look(place) for place in range(MOST_LINES)]
    assert len({(colour, str(dash)) for colour, dash in looks}) == MOST_LINES
    for few in (looks[:4], looks[4:]):
        assert len({colour for colour, _ in few}) == len({str(dash) for _, dash in few}) == 4


def test_the_first_is_in_the_colour_of_results() -> None:
    assert style.LINES[0] == style.CURVE
