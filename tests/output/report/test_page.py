"""What the report holds: sentences, figures, sources, limits and how to get it again. How it looks is tested apart."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from sim.cli import main
from sim.output.report import report
from sim.output.report.answer_sentences import answer
from sim.output.report.several_results import brief_of
from sim.study.results.stored_study import read
from tests.output.report.pages import Element, page_of
from tests.output.report.studies import HOSTILE_FILE, HOSTILE_TITLE, ROOT, SMALL, Shelf, folder_in, give, words_of
from tests.output.report.test_answer_sentences import percent, settling, summary_of

Pages = Callable[..., str]


@pytest.fixture(scope="session")
def written(shelf: Shelf) -> Pages:
    """The report on studies, as HTML: each is written once, in whichever process."""

    def html(*names: str) -> str:
        studies = [shelf[name] for name in names]
        return shelf.once(f"{'+'.join(names)}.html", lambda: report(list(map(read, studies)), "parley report"))

    return cache(html)


@pytest.fixture(scope="session")
def page(written: Pages) -> Callable[..., Element]:
    """The report on studies, as elements."""
    return cache(lambda *names: page_of(written(*names)))


def below(page: Element, heading: str, tag: str) -> list[Element]:
    """The elements of a tag between a heading and the next."""
    found: list[Element] = []
    under = False
    for element in page.each():
        if element.tag in ("h2", "h3"):
            under = element.text == heading
        elif under and element.tag == tag:
            found.append(element)
    return found


def rows(table: Element) -> list[list[str]]:
    return [[cell.text for cell in row.each() if cell.tag in ("th", "td")] for row in table.all("tr")]


@pytest.mark.parametrize("name", ["run", "asked", "never", "one", "sweep", "grid", "sample", "words", "words twice"])
def test_every_result_has_all_parts(page: Callable[..., Element], shelf: Shelf, name: str) -> None:
    root = page(name)
    titles = [element.text for element in root.each() if element.tag in ("h1", "h2", "h3")]
    figures = [] if name in ("sweep", "grid", "sample", "words", "words twice") else ["The figures"]
    assert titles[0].startswith("A small negotiation")
    assert titles[1:] == [
        "The question",
        "The answer",
        *figures,
        "The charts",
        "What would change the answer",
        "Assumptions and their sources",
        "How to reproduce this",
        "Limits",
    ]
    (box,) = root.all("div", "answer")
    assert [sentence.text for sentence in box.all("p")] == answer(read(shelf[name]))
    assert root.text.count("not a forecast") >= 2


class TestSelfContained:
    @pytest.mark.parametrize("name", ["asked", "grid"])
    def test_nothing_is_fetched(self, written: Pages, name: str) -> None:
        html = written(name)
        links = re.findall(r"""(?:href|src)=["']([^"']*)|url\(([^)]*)\)|@import""", html)
        assert links
        assert all(re.match(r"data:|#", first or second) for first, second in links)
        assert "<script" not in html
        assert set(re.findall(r"https?://[^\s\"'<)]+", html)) <= {
            "http://www.w3.org/1999/xlink",
            "http://www.w3.org/2000/svg",
        }

    def test_ids_are_unique_and_what_refers_to_them_finds_them(self, page: Callable[..., Element]) -> None:
        root = page("asked", "grid", "words", "asked")
        ids = Counter(element.attributes["id"] for element in root.each() if "id" in element.attributes)
        assert {name for name, count in ids.items() if count > 1} == set()
        for element in root.each():
            for name in ("href", "aria-labelledby", "clip-path", "xlink:href"):
                target = re.fullmatch(r"(?:url\()?#([^)]*)\)?|(\w[\w-]*)", element.attributes.get(name, ""))
                assert target is None or (target[1] or target[2]) in ids


class TestFigures:
    @pytest.mark.parametrize("name", ["run", "bare", "never"])
    def test_simulation_error_and_range_stand_apart(
        self, page: Callable[..., Element], shelf: Shelf, name: str
    ) -> None:
        summary = summary_of(shelf[name])
        (table,) = page(name).all("table", "figures")
        head, *body = rows(table)
        assert ["simulation error" in words for words in head] == [False, False, True, False]
        assert ["range over the assumptions" in words for words in head] == [False, False, False, True]
        shares = {
            "settlement (all sign)": summary["outcomes"]["settlement"],
            "walkout (a party leaves)": summary["outcomes"]["walkout"],
            "impasse (the deadline passes)": summary["outcomes"]["impasse"],
            "settled and held for 1 year": summary["lasting"]["52"],
            "of settlements, held for 1 year": summary["holds"]["52"],
        }
        assert body == [self.row(*item) for item in shares.items() if item[1] is not None]
        assert sum(bool(row[3]) for row in body) == (2 if name == "run" else 0)

    def row(self, title: str, share: dict[str, Any]) -> list[str]:
        over = share.get("spread")
        low, high = percent(share["low"], share["high"])
        return [
            title,
            f"{percent(share['p'])[0]} %",
            f"{low}–{high} %",
            "{}–{} %".format(*percent(over["low"], over["high"])) if over else "",
        ]


class TestCharts:
    @pytest.mark.parametrize(
        ("name", "kinds"),
        [
            ("asked", ["outcomes", "terms", "durability", "distrust", "differences", "sensitivity"]),
            ("never", ["outcomes", "distrust"]),
            ("sweep", ["settlement", "composition"]),
            ("grid", ["settlement", "map"]),
            ("sample", ["scatter"]),
            ("words twice", []),
        ],
    )
    def test_what_suits_is_there_and_told_in_words(
        self, page: Callable[..., Element], name: str, kinds: list[str]
    ) -> None:
        root = page(name)
        captions = root.all("figcaption")
        assert [caption.attributes["id"] for caption in captions] == [f"result-1-{kind}" for kind in kinds]
        assert all(len(caption.text.split()) >= 5 for caption in captions)
        assert len(root.all("svg")) == len(kinds)
        assert ("No kind of chart suits this result." in root.text) == (not kinds)

    def test_words_give_the_figures(self, page: Callable[..., Element], shelf: Shelf) -> None:
        told = {caption.attributes["id"]: caption.text for caption in page("asked").all("figcaption")}
        summary = summary_of(shelf["asked"])
        for name, share in summary["outcomes"].items():
            said = f"{percent(share['p'])[0]} % {name}" in told["result-1-outcomes"]
            assert said == (share["p"] > 0)
        for name, spread in summary["terms"].items():
            assert f"{name} {spread['mean']:.2f}" in told["result-1-terms"]
        assert f"{percent(summary['holds']['52']['p'])[0]} % after 1 year" in told["result-1-durability"]
        (kept,) = (shelf["asked"] / "comparisons").iterdir()
        _, *others = json.loads(kept.read_text())["scenarios"]
        for other in others:
            difference = 100 * other["change"]["settlement"]["difference"]
            points = f"{difference:+.1f}".replace("-", "−") if difference else "0.0"  # none has no sign
            assert f" {points}" in told["result-1-differences"]

    def test_letters_stay_letters_with_halos_too(self, written: Pages) -> None:
        """Matplotlib makes outlines of letters that have a halo: nobody could search for them, or read them out."""
        assert re.search(r">one half at 0\.\d\d</text>", written("sweep"))
        assert re.search(r">90 %</text>", written("grid"))


class TestChanges:
    def test_a_sensitivity_study_names_the_ranges_that_matter(self, page: Callable[..., Element], shelf: Shelf) -> None:
        found = json.loads((shelf["asked"] / "sensitivity" / "settlement.json").read_text())
        totals = sorted((factor["total"]["value"] for factor in found["factors"]), reverse=True)
        matter = [total for total in totals if total >= 0.05]
        assert 0 < len(matter) < len(totals)
        (told,) = [p.text for p in below(page("asked"), "What would change the answer", "p")]
        assert re.findall(r"\((\d+\.\d) %\)", told) == percent(*matter)
        assert f"{len(totals) - len(matter)} other ranges explain less than 5 % each" in told
        first = max(found["factors"], key=lambda factor: factor["total"]["value"])["paths"][0]
        assert told.partition(": ")[2].startswith(
            {
                "distrust.first.second": "First's distrust of Second",
                "distrust.second.first": "Second's distrust of First",
            }[first]
        )

    def test_without_one_it_gives_the_command_that_makes_it(
        self, page: Callable[..., Element], shelf: Shelf, tmp_path: Path
    ) -> None:
        (told,) = [p.text for p in below(page("bare"), "What would change the answer", "p")]
        command = told.partition("at once: ")[2]
        assert command == f"parley sensitivity {SMALL} --seed 8"
        _, *words = shlex.split(command)
        printed = give(tmp_path, *words, "--rows", 64, "--plays", 8, "--no-plot")
        assert Path(folder_in(printed)).name == shelf["bare"].name

    def test_a_sweep_says_what_it_varied(self, page: Callable[..., Element]) -> None:
        varied, further = [p.text for p in below(page("sweep"), "What would change the answer", "p")]
        assert varied.startswith("Varied here, in place of the value among the assumptions: mutual distrust, from ")
        assert further.startswith("To rank all assumptions at once: parley sensitivity ")


def assumptions(data: object) -> Iterator[str]:
    """Yield every assumption that is written in a scenario."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from [value] if key == "assumption" else assumptions(value)


def cited(data: object) -> Iterator[str]:
    """Yield every claim that a scenario cites."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from [value] if key == "claim" else cited(value)


def baseline() -> Any:
    return yaml.safe_load((ROOT / "scenarios" / "baseline.yaml").read_text(encoding="utf-8"))


class TestSources:
    def test_every_assumption_is_told(self, page: Callable[..., Element]) -> None:
        told = " ".join(table.text for table in page("baseline").all("table", "sources"))
        wanted = {words_of(text) for text in assumptions(baseline())}
        assert len(wanted) > 15
        assert {text for text in wanted if f"Assumption: {text}" not in told} == set()

    def test_every_claim_is_told_in_our_words_with_place_and_holder(self, page: Callable[..., Element]) -> None:
        told = " ".join(table.text for table in page("baseline").all("table", "sources"))
        claims = yaml.safe_load((ROOT / "seeds" / "claims.yaml").read_text(encoding="utf-8"))["claims"]
        names = set(cited(baseline()))
        assert len(names) > 8
        for name in names:
            claim = claims[name]
            source = f"{name}, paragraph {claim['paragraph']}, {claim['holder']}"
            assert f"Claim ({words_of(source)}): {words_of(claim['says'])}" in told

    def test_every_number_has_a_row(self, page: Callable[..., Element]) -> None:
        found = [row for table in page("baseline").all("table", "sources") for row in rows(table)[1:]]
        told = {row[0]: row[1] for row in found}
        assert told["weeks of talks watched"] == "52"
        assert told["sharpness of decisions"] == "20–80"
        assert told["value of no settlement (Russia and Ukraine)"] == "0.4–0.6"
        assert all(len(row) == 3 and all(row) for row in found)

    def test_defaults_say_that_they_have_no_source(self, page: Callable[..., Element]) -> None:
        tables = page("bare").all("table", "sources")
        silent = [row.text for table in tables for row in table.all("tr", "silent")]
        assert silent
        assert all("No source is given" in row for row in silent)


def test_limits(page: Callable[..., Element]) -> None:
    told = " ".join(item.text for item in below(page("run"), "Limits", "li"))
    for said in (
        "shares of simulated runs",
        "nothing here is a forecast",
        "The range over the assumptions does not",
        "built into the model",
        "Ceasefires, partial deals, ratification, domestic politics and military victory are not modelled",
        "not a recommendation",
        "sole basis of a decision",
    ):
        assert said in told


class TestAgain:
    @pytest.mark.parametrize("name", ["bare", "grid"])
    def test_the_command_gives_the_same_numbers(
        self, page: Callable[..., Element], shelf: Shelf, tmp_path: Path, name: str
    ) -> None:
        command, scenario = below(page(name), "How to reproduce this", "pre")
        _, *words = shlex.split(command.text)
        again = tmp_path / folder_in(give(tmp_path, *words))
        assert again.name == shelf[name].name
        assert summary_of(again) == summary_of(shelf[name])
        assert yaml.safe_load("".join(map(str, scenario.content)))["rounds"] == 12

    def test_what_identifies_the_result(self, page: Callable[..., Element], shelf: Shelf) -> None:
        manifest = json.loads((shelf["bare"] / "manifest.json").read_text())
        names, values = (below(page("bare"), "How to reproduce this", tag) for tag in ("dt", "dd"))
        facts = {name.text: value.text for name, value in zip(names, values, strict=True)}
        assert (facts["Scenario"], facts["Seed"], facts["Runs"]) == ("small", "8", "40")
        assert facts["Digest"] == manifest["digest"]
        assert facts["Made"] == manifest["written"]
        assert manifest["versions"]
        assert facts["Versions"] == ", ".join(f"{name} {version}" for name, version in manifest["versions"].items())

    def test_runs_of_a_sweep(self, page: Callable[..., Element]) -> None:
        assert "180 over 9 design points" in [fact.text for fact in below(page("grid"), "How to reproduce this", "dd")]


class TestSeveral:
    """One brief first, one table of assumptions, and then what each result has of its own."""

    def test_each_has_its_section_and_the_contents_lead_there(self, page: Callable[..., Element], shelf: Shelf) -> None:
        names = ("bare", "sweep", "never")
        root = page(*names)
        assert [h1.text for h1 in root.all("h1")] == ["3 results side by side"]
        (contents,) = root.all("nav")
        links = {link.attributes["href"]: link.text for link in contents.all("a")}
        assert list(links) == ["#brief", "#assumptions", "#result-1", "#result-2", "#result-3", "#limits"]
        titles = {f"#{h2.attributes['id'].removesuffix('-title')}": h2.text for h2 in root.all("h2")}
        assert titles == links
        assert links["#result-2"] == "A small negotiation, by mutual distrust"
        boxes = [[sentence.text for sentence in box.all("p")] for box in root.all("div", "again")]
        assert boxes == [answer(read(shelf[name])) for name in names]
        assert len(root.all("ul")) == 2, "limits are said once"

    def test_parts_in_their_order(self, page: Callable[..., Element]) -> None:
        root = page("run", "never", "sweep")
        assert [each.text for each in root.each() if each.tag in ("h1", "h2")] == [
            "3 results side by side",
            "In brief",
            "Assumptions and their sources",
            *[each.text for each in root.each() if each.tag == "h2"][2:5],
            "Limits",
        ]
        assert len([each for each in root.all("h2") if each.text == "Assumptions and their sources"]) == 1
        assert "Simulation error shrinks" in root.text

    def test_each_result_has_one_sentence_with_both_kinds_of_uncertainty(
        self, page: Callable[..., Element], shelf: Shelf
    ) -> None:
        said = [each.text for each in page("run", "never", "sweep").all("p", "said")]
        assert len(said) == 3
        share = summary_of(shelf["run"])["outcomes"]["settlement"]
        low, high, least, most = percent(share["low"], share["high"], *share["spread"].values())
        assert said[0] == (
            f"Under these assumptions, {percent(share['p'])[0]} % of 60 simulated runs end in a settlement "
            f"(simulation error {low}–{high} %; range over the assumptions {least}–{most} %)."
        )
        assert said[1].endswith(" %).")
        assert "range over" not in said[1]
        assert said[2] == answer(read(shelf["sweep"]))[0]

    def test_figures_stand_side_by_side(self, page: Callable[..., Element], shelf: Shelf) -> None:
        (table,) = page("run", "never", "sweep").all("table", "beside")
        head, *body = rows(table)
        told = {row[0]: row[1:] for row in body}
        assert len(head) == 4
        summary = summary_of(shelf["run"])
        share = summary["outcomes"]["settlement"]
        p, low, high, least, most = percent(share["p"], share["low"], share["high"], *share["spread"].values())
        assert told["settlement (all sign)"][0] == f"{p} % {low}–{high} % {least}–{most} %"
        assert told["settlement (all sign)"][1].startswith("0.0 % ")
        assert told["settlement (all sign)"][2] == "–"
        land = summary["terms"]["land"]
        assert told["terms: land, 0 to 1"][0] == f"{land['mean']:.2f} middle 90 % {land['q05']:.2f}–{land['q95']:.2f}"
        assert told["terms: land, 0 to 1"][1] == "–"
        assert told["worth to First, 0 to 1"][0] == f"{summary['utility']['first']['mean']:.2f}"
        points = [settling(point) for point in summary_of(shelf["sweep"])["points"]]
        ends = percent(min(points), max(points))
        assert told["settlement (all sign), lowest to highest"] == ["–", "–", f"{ends[0]} % to {ends[1]} %"]

    def test_every_parameter_stands_once_and_differences_are_marked(self, page: Callable[..., Element]) -> None:
        root = page("run", "never")
        tables = root.all("table", "sources")
        names = [row[0] for table in tables for row in rows(table)[1:]]
        assert len(names) == len(set(names))
        (marked,) = [row for table in tables for row in table.all("tr", "differs")]
        name, value, reasons = (cell.text for cell in marked.each() if cell.tag in ("th", "td"))
        assert name == "precondition (First and Second) ≠ differs"
        assert "5" in value.split()
        assert len(re.findall(":", value)) == 2
        assert reasons

    def test_results_that_do_not_differ_have_no_mark(self, page: Callable[..., Element]) -> None:
        assert page("bare", "sweep").all("tr", "differs") == []

    def test_a_parameter_that_one_does_not_have_says_so(self, page: Callable[..., Element]) -> None:
        told = [row.text for row in page("baseline", "bare").all("tr", "differs")]
        assert any("none" in text and "weight of territory" in text for text in told)

    def test_charts_of_all_come_once_and_others_with_their_result(self, page: Callable[..., Element]) -> None:
        captions = [each.attributes["id"] for each in page("run", "asked").all("figcaption")]
        assert captions == [
            *("brief-terms", "brief-durability"),
            *("result-1-outcomes", "result-2-outcomes", "result-2-differences"),
        ]


class TestNames:
    def test_they_are_told_as_they_are(self, page: Callable[..., Element]) -> None:
        root = page("hostile")
        assert [h1.text for h1 in root.all("h1")] == [words_of(HOSTILE_TITLE)]
        assert root.all("title")[0].text == f"{words_of(HOSTILE_TITLE)} – Parley"
        assert root.all("p", "about")[0].text == '<img src=x onerror="window.taken = 2"> Кто & почему <подпишет>?'
        assert "Assumption: <script>window.taken = 4</script> & so on" in root.text
        assert Path(HOSTILE_FILE).stem in [fact.text for fact in root.all("dd")]

    def test_they_bring_no_elements(self, page: Callable[..., Element], written: Pages) -> None:
        tags = {element.tag for element in page("hostile").each()}
        assert not tags & {"script", "img", "b", "i"}
        assert tags == {element.tag for element in page("baseline").each()}
        assert "<script" not in written("hostile")

    def test_charts_hold_them_too(self, page: Callable[..., Element]) -> None:
        drawn = [text.text for text in page("hostile").all("text")]
        assert any(text.startswith("<script>window.taken = 1</script> & \"both\" 'sides'") for text in drawn)
        assert any("</text><script>window.taken = 3</script>" in text for text in drawn)


def test_the_same_results_give_the_same_page(shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In another process and at another time; but for the day on which the page was made, which it tells."""
    asked = ["report", str(shelf["bare sweep"]), "--out", "page.html"]
    pages = []
    for folder in ("here", "there"):
        (tmp_path / folder).mkdir()
        monkeypatch.chdir(tmp_path / folder)
        if folder == "here":
            monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
            monkeypatch.setattr(sys, "argv", ["parley", *asked])
            with pytest.raises(SystemExit):
                main(asked)
        else:
            environment = {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "1", "SOURCE_DATE_EPOCH": "1500000000"}
            subprocess.run(
                [sys.executable, "-m", "sim", *asked],
                check=True,
                env={**os.environ, **environment},
                stdout=subprocess.DEVNULL,
            )
        text = Path("page.html").read_text(encoding="utf-8")
        undated, found = re.subn(r"Made on \d{4}-\d\d-\d\d by", "Made on some day by", text)
        assert found == 1
        pages.append(undated)
    assert pages[0] == pages[1]


def test_of_several_results_terms_are_told_with_what_they_are_worth(shelf: Shelf) -> None:
    told = brief_of([read(shelf["baseline"]), read(shelf["another"])])
    worths = {chart.kind: chart.description.count("worth to Russia") for chart in told.charts}
    assert len(worths) > 1
    assert worths == dict.fromkeys(worths, 0) | {"terms": 2}
