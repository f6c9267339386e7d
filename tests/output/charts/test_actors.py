"""Actors look different from each other, however many there are."""

from __future__ import annotations

from sim.output.charts.drawing import style
from sim.scenario.loading.scenario_loader import scenario_from_data
from sim.scenario.model.schema import Scenario


def crowd(size: int) -> Scenario:
    names = [f"p{n}" for n in range(size)]
    party = {"salience": {"pay": 1}, "reservation": 0.3, "betrayal_loss": 0.1}
    return scenario_from_data(
        {
            "issues": {"pay": {}},
            "parties": {name: {**party, "aims": {"pay": n / size}} for n, name in enumerate(names)},
            "distrust": {name: {other: 0.1 for other in names if other != name} for name in names},
            "mediator": {"name": "kim"},
            "guarantors": {"eu": 0.4, "kim": 0.3, "un": 0.2},
            "implementation": {"penalty": 0.1},
        }
    )


def test_no_two_actors_have_the_same_colour_and_dash() -> None:
    case = crowd(50)
    colours, dashes = style.colours(case), style.dashes(case)
    assert set(colours) == set(dashes) == {*case.parties, "kim", "eu", "un"}
    assert len({(colours[name], dashes[name]) for name in colours}) == len(colours)
    assert all(dashes[name] == "-" for name in list(case.parties)[:12])


def test_no_two_parties_have_the_same_colour_and_mark() -> None:
    case = crowd(50)
    colours, marks = style.colours(case), style.marks(case)
    assert len({(colours[name], marks[name]) for name in case.parties}) == 50


def test_every_colour_is_known_in_the_dark() -> None:
    assert set(style.colours(crowd(30)).values()) <= set(style.IN_THE_DARK)
