"""Where names of lines stand: beside their own line, where lines lie apart; a range named in the picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.output.charts import durability, settlement, terms
from sim.output.charts.drawing.label_placement import distance, thicken
from sim.scenario.model.schema import Scenario
from sim.study.results.stored_study import StoredStudy
from tests.output.charts.conftest import Ensemble
from tests.output.charts.kept_studies import amiss, chart_of, crossings, joined, kept_sweep, lines_of, named

FINE = [n / 20 for n in range(21)]


def drop(at: float, steepness: float = 12.0) -> list[float]:
    """Shares that fall from nearly all to nearly none around a place."""
    return [1 / (1 + np.exp(steepness * (x - at))) for x in FINE]


def test_names_stand_where_the_lines_lie_apart(small: Scenario, tmp_path: Path) -> None:
    """The lines meet at both ends: each name is nearer to its own line than to any other, and at no end."""
    styles = {None: 0.2, "facilitation": 0.5, "formulation": 0.8}
    curves = {word: dict(zip(FINE, drop(at), strict=True)) for word, at in styles.items()}
    study = kept_sweep(
        tmp_path, small, {"distrust": FINE, "mediator.style": [*styles]}, lambda at: curves[at[1]][at[0]]
    )
    axes = settlement(study)
    chart_of(axes).draw_without_rendering()
    names = named(axes, "no mediator", "facilitation", "formulation")
    lines = {line.get_color(): line for line in lines_of(axes) if len(line.get_xdata()) == len(FINE)}
    pixels = {colour: thicken(axes.transData.transform(line.get_xydata())) for colour, line in lines.items()}
    for name in names:
        box = name.get_window_extent()
        own = distance(box, pixels[str(name.get_color())])
        others = [distance(box, points) for colour, points in pixels.items() if colour != name.get_color()]
        assert own < min(others)
        assert 0.05 < name.xy[0] < 0.95
    assert (amiss(axes), crossings(axes)) == ({}, [])


def test_names_stand_at_the_ends_where_these_lie_apart(small: Scenario, tmp_path: Path) -> None:
    levels = {None: 0.9, "facilitation": 0.5, "formulation": 0.2}
    study = kept_sweep(tmp_path, small, {"distrust": FINE, "mediator.style": [*levels]}, lambda at: levels[at[1]])
    for name, level in zip(
        named(settlement(study), "no mediator", "facilitation", "formulation"), levels.values(), strict=True
    ):
        assert name.xy == (1.0, level)


def test_lines_on_one_another_have_their_names_at_the_right(small: Scenario, tmp_path: Path) -> None:
    words = [None, "facilitation", "formulation"]
    study = kept_sweep(tmp_path, small, {"distrust": FINE, "mediator.style": words}, lambda at: 0.5)
    axes = settlement(study)
    names = named(axes, "no mediator", "facilitation", "formulation")
    assert all(name.xyann[0] > 1 for name in names)
    assert len({name.xyann[1] for name in names}) == 3
    assert amiss(axes) == {}


@pytest.mark.parametrize("spread", [True, False])
def test_terms_and_durability_say_the_range_in_the_picture(small: Scenario, ensemble: Ensemble, spread: bool) -> None:
    """In letters of the picture's size, outside the small print, or not at all where it was not asked for."""
    study = ensemble(small, 200, "ranged", spread=spread)
    share = study.summary["outcomes"]["settlement"]
    over = share["spread"] if spread else {"low": 0, "high": 0}
    words = f"(across the assumed ranges {100 * over['low']:.1f}–{100 * over['high']:.1f} %)"
    assert (words in joined(terms(study))) == spread
    axes = durability(study)
    notes = [text for text in axes.texts if text.get_text().startswith("Of all runs")]
    assert len(notes) == spread
    for note in notes:
        assert float(note.get_fontsize()) > 10
        for n, held in study.summary["lasting"].items():
            if held is not None:
                assert f"{100 * held['spread']['low']:.1f}–{100 * held['spread']['high']:.1f} %" in note.get_text(), n
    assert (amiss(axes), crossings(axes)) == ({}, [])


def test_charts_speak_the_language_of_the_field(plain: StoredStudy) -> None:
    for words in (joined(terms(plain)), joined(durability(plain))):
        assert "luck" not in words
        assert "thinks possible" not in words
