"""What holds for charts of every kind: small print, names of axes, legible words, colours, drawing into given axes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from sim.output.charts import KINDS, composition, dance, distrust, outcomes, rendered, saved, settlement, terms
from sim.output.charts.drawing import fonts, style
from sim.output.charts.drawing.chart_frame import CAVEAT
from sim.output.charts.drawing.fonts import Fonts, fonts_for
from sim.scenario.model.schema import Scenario
from sim.study.results.stored_study import StoredStudy
from tests.output.charts.conftest import Ensemble
from tests.output.charts.kept_studies import (
    LEVELS,
    LONG,
    TWELVE,
    amiss,
    chart_of,
    crowd,
    falling,
    joined,
    kept_sweep,
    named,
    renamed,
    texts,
)

Made = Mapping[str, StoredStudy]

LABELS = {
    "settlement": ({"mutual distrust"}, {"simulated runs that settle"}),
    "map": ({"mutual distrust"}, {"rapport from meeting", "simulated runs that settle"}),
    "scatter": ({"mutual distrust", "rapport from meeting"}, {"runs that settle"}),
    "outcomes": ({"weeks of talks"}, {"simulated runs"}),
    "terms": (set(), set()),  # the issues and their poles say all
    "durability": ({"years since the signature"}, {"settlements that still hold"}),
    "distrust": ({"weeks of talks"}, {"distrust"}),
    "composition": ({"mutual distrust"}, {"simulated runs"}),
    "differences": ({"difference to small, in points of a hundred runs"}, set()),
    "sensitivity": ({"share of the variance across the assumed ranges"}, set()),
    "dance": ({"worth to First (1 = all that it declares to want)"}, {"worth to Second"}),
}
"""Names of the axes of each kind, across and up."""


@pytest.fixture(scope="module")
def made(
    small: Scenario,
    plain: StoredStudy,
    examined: StoredStudy,
    sampled: StoredStudy,
    tmp_path_factory: pytest.TempPathFactory,
) -> Made:
    """A result for each kind of chart."""
    out = tmp_path_factory.mktemp("made")
    line = kept_sweep(out / "line", small, {"distrust": LEVELS}, falling, spread=True)
    grid = kept_sweep(out / "grid", small, {"distrust": LEVELS, "rapport": [0.0, 0.1]}, falling)
    special = {
        "settlement": line,
        "composition": line,
        "map": grid,
        "scatter": sampled,
        "differences": examined,
        "sensitivity": examined,
    }
    return {name: special.get(name, plain) for name in KINDS}


def drawn(kind: str, *studies: StoredStudy) -> Axes:
    return KINDS[kind].draw(studies, 0)


def all_axes(axes: Axes) -> list[Axes]:
    return [axes, *axes.child_axes]


@pytest.mark.parametrize("kind", KINDS)
class TestEveryKind:
    def test_it_says_what_it_is_of_and_can_be_read(self, kind: str, made: Made) -> None:
        axes = drawn(kind, made[kind])
        study = made[kind]
        small_print = " ".join(next(text for text in texts(chart_of(axes)) if CAVEAT in text).split())
        assert small_print.startswith("Share of simulated runs under stated assumptions, not a forecast.")
        assert re.search(rf"\b{study.name}\b", small_print)
        assert re.search(r"\d runs|run \d", small_print)
        assert f"seed {study.seed}." in small_print
        assert "A small negotiation" in joined(axes)
        across, up = LABELS[kind]
        assert across <= {" ".join(each.get_xlabel().split()) for each in all_axes(axes)}
        assert up <= {each.get_ylabel() for each in all_axes(axes)}
        assert amiss(axes) == {}

    def test_given_axes_it_draws_there_and_adds_nothing_around(self, kind: str, made: Made) -> None:
        chart = Figure(figsize=(9, 6))
        given, other = chart.subplots(1, 2)
        study = made[kind]
        functions = {"map": "surface"}
        from sim.output import charts

        draw = getattr(charts, functions.get(kind, kind))
        assert draw(study, axes=given) is given
        assert chart.texts == []
        assert chart.axes == [given, other]
        assert given.has_data() or any(panel.has_data() for panel in given.child_axes)
        assert not other.has_data() and not other.child_axes
        assert CAVEAT not in " ".join(texts(chart))
        assert given.get_title() == ""


@pytest.mark.parametrize(
    ("kind", "form", "start"), [("map", "png", b"\x89PNG"), ("terms", "pdf", b"%PDF"), ("settlement", "svg", b"<?xml")]
)
def test_it_is_the_same_file_every_time(made: Made, kind: str, form: str, start: bytes) -> None:
    one, other = (rendered(drawn(kind, made[kind]), form) for _ in range(2))
    assert one == other
    assert one.startswith(start)


@pytest.mark.parametrize("case", ["nobody", "everybody", "once"])
@pytest.mark.parametrize("kind", ["outcomes", "terms", "durability", "distrust", "dance"])
def test_runs_at_the_edge_can_be_read(kind: str, case: str, request: pytest.FixtureRequest) -> None:
    study: StoredStudy = request.getfixturevalue(case)
    if case in ("nobody", "once") and kind in ("terms", "durability"):
        assert KINDS[kind].lacks([study]) == "has nothing to show: in none of these runs did they settle"
        return
    axes = drawn(kind, study)
    runs = "1 run" if case == "once" else f"{study.summary['runs']} runs"
    assert runs in joined(axes) or kind == "dance"
    assert amiss(axes) == {}


@pytest.mark.parametrize("kind", ["outcomes", "terms", "dance"])
@pytest.mark.parametrize(
    "names",
    [
        {"first": LONG, "second": LONG[::-1].strip("_"), "us": "x" * 60, "land": LONG},
        {"first": "Переговорщики_Севера", "second": "Ελληνική_Δημοκρατία", "us": "Организация_Ж", "land": "Территория"},
    ],
    ids=["long", "foreign"],
)
def test_any_name_can_be_read(kind: str, names: dict[str, str], small: Scenario, ensemble: Ensemble) -> None:
    """And without a warning: the font has Latin, Greek and Cyrillic letters."""
    study = ensemble(renamed(small, **names), 40, names["first"])
    axes = drawn(kind, study)
    assert amiss(axes) == {}
    rendered(axes, "svg", letters=True)


@pytest.fixture
def system_font(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str], None]]:
    """Install a font with some letters after matplotlib has looked for fonts; gone after the test."""
    monkeypatch.setattr(font_manager.fontManager, "ttflist", [*font_manager.fontManager.ttflist])

    def install(family: str, letters: str) -> None:
        font = FontBuilder(1000, isTTF=True)
        font.setupGlyphOrder([".notdef", "letter"])
        font.setupCharacterMap({ord(letter): "letter" for letter in letters})
        pen = TTGlyphPen(None)
        pen.moveTo((0, 0))
        for corner in ((500, 900), (1000, 0)):
            pen.lineTo(corner)
        pen.closePath()
        font.setupGlyf(dict.fromkeys((".notdef", "letter"), pen.glyph()))
        font.setupHorizontalMetrics(dict.fromkeys((".notdef", "letter"), (1000, 0)))
        font.setupHorizontalHeader(ascent=900, descent=-100)
        font.setupNameTable({"familyName": family, "styleName": "Regular"})
        font.setupOS2()
        font.setupPost()
        font.save(tmp_path / "new.ttf")
        found = [*font_manager.findSystemFonts(), str(tmp_path / "new.ttf")]
        monkeypatch.setattr(font_manager, "findSystemFonts", lambda *_: found)

    def forget() -> None:
        fonts._fonts_with.cache_clear()
        fonts._letters_of.cache_clear()

    forget()
    yield install
    monkeypatch.undo()
    forget()


class TestColours:
    def test_an_actor_has_the_same_in_every_chart(self, small: Scenario, plain: StoredStudy, tmp_path: Path) -> None:
        sweep = kept_sweep(tmp_path, small, {"distrust": LEVELS}, falling)
        colours = style.colours(small)
        assert len(set(colours.values())) == 3
        for name in ("first", "second"):
            who = name.title()
            other = "Second" if name == "first" else "First"
            title = f"{who}'s distrust of {other}"
            (panel,) = (each for each in distrust(plain).child_axes if each.get_title(loc="left") == title)
            listed = (text for text in dance(plain, 3).texts if text.get_text().startswith(f"{who}\n"))
            found = {
                "outcomes": named(outcomes(plain), f"{who} walked out")[0].get_color(),
                "composition": named(composition(sweep), f"{who} walked out")[0].get_color(),
                "terms": named(terms(plain), f"{who} wants")[0].get_color(),
                "dance": next(text.get_color() for text in listed if " text" in text.get_text()),
                "distrust": panel.lines[0].get_color(),
            }
            assert set(found.values()) == {colours[name]}, found

    def test_no_two_of_twelve_are_alike_and_the_mediator_is_apart(self) -> None:
        found = style.colours(crowd(*TWELVE))
        assert len(set(found.values())) == 13
        assert found["us"] == style.MEDIATOR

    def test_results_have_a_colour_of_their_own(self, crowded: StoredStudy) -> None:
        assert style.CURVE not in style.colours(crowded.scenario).values()
        assert set(style.LINES).isdisjoint(style.colours(crowded.scenario).values())

    def test_every_colour_has_one_for_the_dark(self) -> None:
        used = {style.PAPER, style.INK, style.QUIET, style.FAINT, style.CURVE, style.EVIDENCE, style.EVIDENCE_INK}
        used |= {style.THEORY, style.MEDIATOR, *style.PARTIES, *style.LINES}
        assert used <= style.IN_THE_DARK.keys()
        assert len(set(style.IN_THE_DARK.values())) == len(style.IN_THE_DARK)


class TestLetters:
    def test_letters_that_no_font_has_are_told_once_and_boxes_are_drawn(
        self, small: Scenario, ensemble: Ensemble
    ) -> None:
        """Hieroglyphs: this machine may have fonts for other scripts."""
        study = ensemble(renamed(small, first="𓀀𓀁", second="𓁐𓁑𓁒", First="𓀀𓀁", Second="𓁐𓁑𓁒"), 20)
        for kind in ("outcomes", "dance"):
            axes = drawn(kind, study)  # no warning yet
            for form, start in (("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")):
                with pytest.warns(UserWarning, match="no font on this machine has ") as told:
                    content = rendered(axes, form)
                assert content.startswith(start)
                assert len(told) == 1
                message = str(told[0].message)
                missing = set(message.partition(" has ")[2].partition(":")[0].split())
                assert missing >= {"𓀀", "𓀁"} or missing >= {"𓁐", "𓁑", "𓁒"}  # a dance names who tabled something
            assert amiss(axes) == {}

    def test_a_name_of_many_missing_letters_is_not_told_in_full(self, small: Scenario, tmp_path: Path) -> None:
        scenario = renamed(small, **{"A small negotiation": "".join(chr(0x13000 + n) for n in range(16))})
        axes = settlement(kept_sweep(tmp_path, scenario, {"distrust": LEVELS}, falling))
        with pytest.warns(UserWarning, match=r"has (\S ){12}…: boxes stand for them") as told:
            saved(axes, tmp_path / "chart.svg")
        assert len(told) == 1
        assert (tmp_path / "chart.svg").exists()

    def test_a_font_of_the_system_is_used_where_it_has_them(
        self, small: Scenario, ensemble: Ensemble, system_font: Callable[[str, str], None]
    ) -> None:
        """Without a word, in the font's own outlines; what it too lacks stays a box."""
        system_font("A Font Sans", "北方")
        axes = outcomes(ensemble(renamed(small, **{"A small negotiation": "北方"}), 20))
        names = [text for text in chart_of(axes).findobj(Text) if "北方" in text.get_text()]
        assert [text.get_fontfamily() for text in names] == [["DejaVu Sans", "A Font Sans"]]
        rendered(axes, "png")
        assert b"A Font Sans" in rendered(axes, "svg", letters=True)
        other = outcomes(ensemble(renamed(small, **{"A small negotiation": "北方𓀀"}), 20))
        with pytest.warns(UserWarning, match="has 𓀀: boxes"):
            rendered(other, "png")

    def test_the_font_of_charts_has_the_letters_of_many_scripts(self) -> None:
        for words in ("Ukraine", "Україна", "Ελλάδα", "שלום", "سلام", "▼−≥…–“”"):
            assert fonts_for([words]).boxed == frozenset()
        assert fonts_for(["Ukraine Україна Ελλάδα ▼−≥…–“”"]) == Fonts(("DejaVu Sans",), frozenset())

    def test_other_warnings_are_passed_on(
        self, small: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        axes = settlement(kept_sweep(tmp_path, small, {"distrust": LEVELS}, falling))

        def noisy(*_: object, **__: object) -> None:
            import warnings

            warnings.warn("quite another thing", RuntimeWarning, stacklevel=1)

        monkeypatch.setattr(chart_of(axes), "savefig", noisy)
        with pytest.warns(RuntimeWarning, match="quite another thing"):
            rendered(axes, "png")

    def test_in_svg_letters_are_outlines_or_text(self, plain: StoredStudy) -> None:
        axes = outcomes(plain)
        assert b"weeks of talks</text>" in rendered(axes, "svg", letters=True)
        assert b"<text" not in rendered(axes, "svg")


class TestSaving:
    def test_the_file_is_there_whole_and_alone(self, plain: StoredStudy, tmp_path: Path) -> None:
        path = saved(outcomes(plain), tmp_path / "new" / "chart.pdf")
        assert path.read_bytes().startswith(b"%PDF")
        assert [each.name for each in path.parent.iterdir()] == ["chart.pdf"]
