"""Views of the answer: figures, charts and sentences, handed to the components of the page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from nicegui import ui

from sim.explore.engine.curve_refinement import Curve
from sim.explore.engine.ensemble_figures import Found, difference
from sim.explore.engine.stepwise_answer import INSIDE, Known, Line
from sim.explore.engine.theory_marks import FRAME
from sim.explore.page import echarts_options
from sim.explore.page.components import Text, fill
from sim.explore.page.page_layout import Page
from sim.explore.page.page_sentences import describe_setting, differences, paired
from sim.explore.state.page_settings import Setting
from sim.explore.state.parameter_controls import Control
from sim.negotiation.inspection.theoretical_predictions import nash_solution
from sim.output.charts.drawing import style
from sim.output.charts.drawing.evidence_shading import said_of
from sim.output.charts.kinds.distrust_over_time import shown_pairs
from sim.output.charts.kinds.outcomes import weekly
from sim.output.report.alternative_text import OF_DISTRUST, of_outcomes, of_terms
from sim.output.report.answer_sentences import of_run
from sim.output.report.inline_svg import variable
from sim.output.report.result_sections import shares
from sim.output.words.numbers_and_names import between, caption, number, percent, weeks
from sim.output.words.parameter_labels import label_varied
from sim.scenario.loading.assignment import central
from sim.scenario.model.schema import Scenario
from sim.study.statistics.assumption_range import Extent
from sim.study.summaries.ensemble_summary import HORIZONS

NO_CHANGE = "No changes yet: whatever you change from now on is compared with it."

PENDING = "The range over the assumptions is being worked out."

OVER = "range over the assumptions (middle 90 %)"


def show_answer(page: Page, known: Known, runs: int) -> str:
    """Show the answer on the page in sentences and figures; return the sentences."""
    found = known.ensemble
    assert found is not None
    sentences = of_run(found.summary, found.scenario)
    if known.spread_pending:
        sentences[1] = PENDING
    for element, sentence in zip(page.sentences, sentences, strict=True):
        element.set_text(_unbroken(sentence))
    page.brief.set_text(_brief(found))
    page.headline.show(list(_headline(found, known.spread_pending)))
    page.figures.show(list(shares(found.summary, found.scenario)), known.spread_pending)
    more = f" Continuing to {runs:,} while nothing is changed." if found.runs < runs else ""
    page.progress.set_text(f"{found.runs:,} runs, random seed {found.summary['seed']}.{more}")
    page.durability.set_text(_durability_left_out(found))
    return " ".join(sentences)


def show_notes(page: Page, notes: Iterable[str]) -> None:
    """Show the notes to the answer: warnings about idle tools and about numbers that weigh more than they seem to."""
    fill(page.notes, (f"Note: {note}" for note in notes))


def _main_shares(found: Found) -> list[tuple[str, Any]]:
    """Return the two main shares with their names: settled, and settled for the longest time that is watched.

    The second is left out where there is none, as where nobody could break a settlement.
    """
    lasting = _known(found.summary, "lasting")
    longest = [(f"settle and hold for {weeks(lasting[-1][0])}", lasting[-1][1])] if lasting else []
    return [("settle", found.summary["outcomes"]["settlement"]), *longest]


def _known(summary: Mapping[str, Any], name: str) -> list[tuple[int, Any]]:
    """Return the shares by periods that a summary has under a name, which may be none at all."""
    return [(int(n), share) for n, share in (summary.get(name) or {}).items() if share is not None]


def _durability_left_out(found: Found) -> str:
    """Return why nothing is said of how long settlements hold; nothing where something is."""
    if _known(found.summary, "lasting"):
        return ""
    periods = int(found.scenario.implementation.periods)
    if periods < min(HORIZONS):
        return f"How long settlements hold is left out: they are watched for {weeks(periods)} only."
    return "How long settlements hold is left out: nothing in the scenario lets anybody break one."


def _brief(found: Found) -> str:
    """Return the main shares, each in a line, for where there is little room."""
    told = []
    for name, share in _main_shares(found):
        over = share.get("spread")
        extent = f" (range {between(over['low'], over['high'])})" if over else ""
        told.append(f"{percent(share['p'])} {name}{extent}")
    return _unbroken("\n".join(told))


def _headline(found: Found, pending: bool) -> Iterator[dict[str, Any]]:
    """Yield the main shares as headline.js takes them."""
    for name, share in _main_shares(found):
        over = share.get("spread")
        words = f"{OVER}: {_ends(over)}" if over else PENDING if pending else "no range in the assumptions"
        yield {
            "name": name,
            "text": _unbroken(percent(share["p"])),
            "p": share["p"],
            "error": [share["low"], share["high"]],
            "over": [over["low"], over["high"]] if over else None,
            "range": _unbroken(words[:1].upper() + words[1:]),
        }


def _ends(over: Extent) -> str:
    return f"{between(over['low'], over['high'])} %"


def _unbroken(text: str) -> str:
    """Return a text in which no line begins with the sign of per cent."""
    return text.replace(" %", "\N{NO-BREAK SPACE}%")


def show_outcomes(page: Page, found: Found, pinned: Found | None, dark: bool) -> None:
    """Show the answer's view of outcomes: how the talks go week by week."""
    bands = weekly(found.summary["curves"], found.scenario)
    page.outcomes.show(echarts_options.outcomes(bands, dark, found, pinned), of_outcomes(found.summary))
    entries = [(f"{band.name} {percent(float(band.shares[-1]))}", css(band.colour), "area") for band in bands]
    if pinned is not None:
        entries.append(("pinned: settled", css(style.INK), "dashed"))
    if found.extent is not None:
        entries.append((f"settled: {OVER}", css(style.INK), "bar"))
    page.outcomes_key.show(entries)


def show_curve(
    page: Page, known: Known, base: Scenario, control: Control, now: Setting, pinned: Line | None, dark: bool
) -> None:
    """Show the answer's view of the curve: the share of settlements along a parameter."""
    line = known.line
    if line is None or line.curve.path != control.path:
        return
    said = said_of(control.path, base)
    present = None if known.ensemble is None else (now, known.ensemble)
    closings = line.closings or []
    differs = pinned is not None and pinned is not line and pinned.curve.path == control.path
    along = pinned.curve if pinned is not None and differs else None
    options = echarts_options.settlement(
        line.curve, control, dark, present=present, said=said, closings=closings, pinned=along
    )
    runs = sum(runs for _, runs in line.curve.counts.values())
    page.curve.show(options, _curve_in_words(line.curve, control), 0 if known.line_pending else runs)
    entries = [("share that settles, with simulation error (95 %)", css(style.CURVE), "line")]
    entries.append((f"now: {control.full} at {describe_setting(now)}", css(style.INK), "dot"))
    extent = None if known.ensemble is None else known.ensemble.extent
    entries += [(f"now: {OVER}, {_ends(extent)}", css(style.INK), "bar")] if extent is not None else []
    entries += [(each.words, css(style.EVIDENCE), "shade") for each in said]
    entries += [("pinned", css(style.INK), "dashed")] if along is not None else []
    page.curve_key.show(entries)
    fill(page.theory, [f"{FRAME} (dotted lines):", *(each.words for each in closings)] if closings else [])


def _curve_in_words(curve: Curve, control: Control) -> str:
    (first, low), *_, (last, high) = curve.shares
    ends = f"from {percent(low.p)} at {first:g} to {percent(high.p)} at {last:g}"
    return f"The share of simulated runs that settle goes {ends} of {control.full}."


def show_terms(page: Page, found: Found) -> None:
    """Show the answer's view of the terms of settlements."""
    scenario = found.scenario
    page.terms.show(list(_issues(found, nash_solution(scenario))))
    page.terms.props.update({"role": "img", "aria-label": of_terms(found.summary, scenario)})
    colours = style.colours(scenario)
    kinds = {mark: f"aim aim-{n}" for n, mark in enumerate(style.MARKS)}
    entries = [
        (f"{caption(party, scenario)} wants", css(colours[party]), kinds[mark])
        for party, mark in style.marks(scenario).items()
        if party in scenario.parties
    ]
    page.terms_key.show([*entries, ("Nash solution", css(style.THEORY), "nash")])
    page.terms_note.set_text(
        "Bars show where settlements fall; each issue has its own scale. Nash solution: with every range at its "
        "middle; a reference point, not a recommendation. In brackets: the middle 90 % of settlements."
    )


def _issues(found: Found, nash: Mapping[str, float] | None) -> Iterator[dict[str, Any]]:
    colours, middle = style.colours(found.scenario), central(found.scenario)
    signs = style.marks(found.scenario)
    for name, poles in found.scenario.issues.items():
        marks = [
            {
                "at": float(profile.aims[name].central),
                "words": f"{caption(party, found.scenario)} wants",
                "kind": "aim",
                "sign": signs[party][1],
                "colour": css(colours[party]),
            }
            for party, profile in middle.parties.items()
        ]
        if nash is not None:
            marks.append(
                {"at": nash[name], "words": "Nash solution", "kind": "nash", "sign": "◇", "colour": css(style.THEORY)}
            )
        spread = found.summary["terms"][name]
        known = spread["mean"] is not None
        mean = (
            f"mean {number(spread['mean'])} ({number(spread['q05'])}–{number(spread['q95'])})"
            if known
            else "nobody settles"
        )
        yield {
            "name": caption(name, found.scenario),
            "mean": mean,
            "counts": found.terms[name].tolist(),
            "low": poles.low or "low end",
            "high": poles.high or "high end",
            "marks": marks,
        }


def show_distrust(page: Page, known: Known) -> None:
    """Show the answer's view of how distrust moves."""
    found, ensemble = known.beliefs, known.ensemble
    if found is None or ensemble is None:
        return
    scenario = ensemble.scenario
    colours = style.colours(scenario)
    known.pairs = known.pairs or tuple(shown_pairs(scenario, found))  # for good: panels do not change places
    pairs = [
        {
            "name": label_varied(f"distrust.{pair[0]}.{pair[1]}", scenario),
            "colour": css(colours[pair[0]]),
            "low": found[pair][:, 0].round(4).tolist(),
            "middle": found[pair][:, 1].round(4).tolist(),
            "high": found[pair][:, 2].round(4).tolist(),
        }
        for pair in known.pairs
        if pair in found
    ]
    page.distrust.show(pairs, int(scenario.rounds))
    page.distrust.props.update({"role": "img", "aria-label": OF_DISTRUST})
    few = len(found) > len(pairs)
    left_out = f" Of {len(found)} pairs, the {len(pairs)} whose distrust moved most in the first answer." if few else ""
    page.distrust_note.set_text(
        f"Line: median; band: middle 90 % of up to {INSIDE:,} runs, so both chance and the assumptions widen it. Runs "
        f"that have ended count with the distrust they ended with.{left_out}"
    )


def show_difference(page: Page, pinned: Found | None, found: Found, apart: Iterable[str]) -> None:
    """Show the answer's view of differences to the pinned scenario, in settings (`apart`) and in results."""
    page.compared.set_visibility(pinned is not None)
    if pinned is None:
        return
    page.paired.set_text(paired(pinned.scenario.seed == found.scenario.seed))
    page.pinned_title.set_text(f"Pinned: {pinned.scenario.title}. Changes since:")
    changes = list(apart)
    fill(page.apart, changes or [NO_CHANGE])
    page.differences.clear()
    if not changes:
        return
    change, runs = difference(pinned, found)
    with page.differences:
        for name, words in differences(change, runs):
            with ui.element("tr"):
                Text("th", name).props["scope"] = "row"
                Text("td", words)


def show_story(page: Page, paragraphs: list[str]) -> None:
    """Show the answer's view of one run, told week by week."""
    page.story.clear()
    with page.story:
        for paragraph in paragraphs:
            Text("p", paragraph, "week" if paragraph.startswith("Week") else "")


def css(colour: str) -> str:
    """Return a chart colour for views of the answer as the style sheet names it, light or dark as the page is."""
    return f"var({variable(colour)})"
