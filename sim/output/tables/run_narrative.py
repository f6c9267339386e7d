"""Narrative of one run, week by week: the same run that an ensemble of the same scenario and seed contains."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from sim.negotiation.agents import Judgement, Party
from sim.negotiation.inspection.single_run import Beliefs, Witness, unwrap_single_value
from sim.negotiation.model import DIRECT, MEDIATED, SILENT
from sim.negotiation.run_outcomes import IMPASSE, OPEN, OVERTAKEN
from sim.output.words.numbers_and_names import caption, join_items, mention, number, percent, possessive, subject, weeks
from sim.output.words.parameter_labels import label_varied
from sim.scenario.advice.optimistic_omissions import why_unbreakable
from sim.scenario.model.quantities import Quantity
from sim.scenario.model.schema import Event, Scenario


def narrate_run(case: Scenario, run: int) -> Iterator[str]:
    """Return the narrative of run number `run`, a paragraph for each week in which something happened."""
    witness = Witness(case, run)
    yield f"Run {run} of {case.title or 'this scenario'}, seed {int(case.seed)}."
    yield from _opening(witness)
    idle: list[_Idle] = []
    while witness.running:
        witness.step()
        told = list(_week(witness))
        if not told and witness.running:
            declared = bool(witness.text.declared.any())
            week = _Idle(witness.steps, int(witness.session[0]), _no_text(witness), declared)
            if idle and idle[-1].reason != week.reason and not (idle[-1].declared and declared):
                yield _nothing_new(witness, idle)
                idle = []
            idle.append(week)
            continue
        if idle:
            yield _nothing_new(witness, idle)
            idle = []
        yield f"Week {witness.steps}. {' '.join(told)}"
    yield from _ending(witness)


class _Idle(NamedTuple):
    """A week in which distrust did not move and nobody tabled anything, or only aims, and why nobody could."""

    week: int
    session: int
    reason: str
    declared: bool


def _opening(witness: Witness) -> Iterator[str]:
    """Who is there, what is at issue, and what this run drew from the ranges."""
    yield (
        "Values of texts allow for the risk of betrayal; what a settlement is worth if it is kept is said at the end. "
        "From week to week each party forgoes more of what it could get; where trust grows there is more to get, and "
        "it may ask for more. 'Anyway' marks an answer against the party's own figures."
    )
    yield "The issues, from 0 to 1:"
    for name, poles in witness.case.issues.items():
        yield f"  {caption(name, witness.case)}: 0 = {poles.low or 'low end'}; 1 = {poles.high or 'high end'}"
    for name, party in witness.parties.items():
        reservation = number(unwrap_single_value(party.reservation))
        yield f"No settlement is worth {reservation} to {mention(name, witness.case)}. {_distrust(witness, name)}"
    if witness.mediator is not None:
        yield _distrust(witness, witness.mediator.name)


def _distrust(witness: Witness, holder: str) -> str:
    """How far somebody distrusts each of the others at the outset."""
    levels = [(mention(b, witness.case), number(d)) for (a, b), d in witness.beliefs.items() if a == holder]
    (first, level), *others = levels
    of = join_items([f"{first} is {level}", *(f"of {other} {level}" for other, level in others)])
    return f"{possessive(subject(holder, witness.case))} distrust of {of}."


def _nothing_new(witness: Witness, idle: list[_Idle]) -> str:
    """Idle weeks in a row, all for the same reason, or all with declarations."""
    first, last = idle[0].week, idle[-1].week
    when = f"Week {first}." if first == last else f"Weeks {first} to {last}."
    sessions = [each.session for each in idle if each.session != SILENT]
    if not sessions:
        return f"{when} No talks."
    how = "They talked"
    if witness.mediator is not None and DIRECT not in sessions:
        how += f" through {mention(witness.mediator.name, witness.case)}"
    if len(sessions) < len(idle):
        how += f" in {len(sessions)} of them"
    return f"{when} {how}. {' '.join(dict.fromkeys(each.reason for each in idle))}"


def _no_text(witness: Witness) -> str:
    """Why there was no text, or one that its author would not sign, and what distrust had to do with it."""
    if witness.text.declared.any():
        return _declaration(witness, witness.text.authors[int(witness.text.author[0])])
    parties = witness.parties.items()
    risks = [f"{number(unwrap_single_value(party.risk))} for {mention(name, witness.case)}" for name, party in parties]
    return (
        f"Nobody had a text to table: with the risk of betrayal at {join_items(risks)}, even a settlement on its own "
        f"terms would be worth less to a party than {_least(witness.parties.values())}."
    )


def _declaration(witness: Witness, author: str) -> str:
    """Why a party declared its aims, which it would not sign either."""
    party = witness.parties[author]
    return (
        f"{subject(author, witness.case)} could sign nothing and declared its aims: with the risk of betrayal at "
        f"{number(unwrap_single_value(party.risk))}, even a settlement on its own terms would be worth less to it than "
        f"{_least([party])}."
    )


def _least(parties: Iterable[Party]) -> str:
    """What a text of one of the parties must be worth more than to it."""
    demands = any(unwrap_single_value(party.precondition) > 0 for party in parties)
    return "no settlement together with the precondition that it sets" if demands else "no settlement"


def _week(witness: Witness) -> Iterator[str]:
    """What happened in the round just played; nothing if nothing was done or tabled and nobody's distrust moved."""
    acts = list(_acts(witness))
    yield from acts
    outside = _moved(witness.before, witness.by_world, witness.case)
    inside = _moved(witness.by_world, witness.by_talks, witness.case)
    if outside:
        yield f"Outside the talks, {outside}."
    session, author = int(witness.session[0]), int(witness.text.author[0])
    if session == SILENT:
        if outside or acts:
            yield "No talks."
    elif (author >= 0 and not witness.text.declared[0]) or outside or inside:
        yield from _talks(witness, session, author)
        if inside:
            yield f"In the talks, {inside}."
    yield from _departures(witness)


def _acts(witness: Witness) -> Iterator[str]:
    """The hostile acts that came by chance in this round, and the scenario's events."""
    if witness.hostile:
        by = join_items([mention(name, witness.case) for name in witness.hostile])
        acts = "a hostile act" if len(witness.hostile) == 1 else "hostile acts"
        yield f"By chance: {acts} by {by}."
    for number_, event in enumerate(witness.case.events):
        if event.round == witness.steps:
            about = f" ({event.about.strip().removesuffix('.')})" if event.about.strip() else ""
            yield f"As scheduled: {_event(witness, number_, event)}{about}."


def _event(witness: Witness, place: int, event: Event) -> str:
    """What a scheduled event brings about; `place` is where it stands in the file."""
    if event.signal is not None:
        return f"a reassuring signal by {mention(event.signal.by, witness.case)}"
    if event.incident is not None:
        return f"a hostile act by {mention(event.incident.by, witness.case)}"
    changes = []
    for path, value in event.set.items():
        stands = str(value)
        if isinstance(value, Quantity):
            stands = f"{unwrap_single_value(witness.values[f'events.{place}.set.{path}']):.3g}"
            stands += f" (drawn from {value.describe()})" if value.is_range else ""
        changes.append(f"{label_varied(path, witness.case)} is {stands}")
    return f"from now on {join_items(changes)}"


def _talks(witness: Witness, session: int, seat: int) -> Iterator[str]:
    """Who met, who tabled what, how it was received; `seat` is the author's place, negative if there is no text."""
    channel = "" if witness.mediator is None else mention(witness.mediator.name, witness.case)
    yield {DIRECT: "They met face to face.", MEDIATED: f"They talked through {channel}."}[session]
    if seat < 0:
        yield _no_text(witness)
        return
    author = witness.text.authors[seat]
    if witness.text.declared[0]:
        yield _no_text(witness)
        return
    yield f"{subject(author, witness.case)} tabled {_terms(witness)}."
    for name, party in witness.parties.items():
        if name != author:
            asks = _asks(witness, name, author)
            private = asks < unwrap_single_value(party.asks())
            yield f"{subject(name, witness.case)} {_reception(witness.answers[name], asks, private)}."


def _asks(witness: Witness, name: str, author: str) -> float:
    """What a party asks of a text by an author: less in private of the mediator's than of anybody else's."""
    party, mediator = witness.parties[name], witness.mediator
    confides = mediator is not None and author == mediator.name
    asks = party.asks()
    if mediator is not None and confides:
        asks = mediator.asked_in_private(party, asks, np.array([0]))
    return unwrap_single_value(asks)


def _terms(witness: Witness) -> str:
    """The text on the table, issue by issue in the order of the file."""
    columns = witness.text.terms(witness.space, np.array([0]))
    terms = {name: number(unwrap_single_value(column)) for name, column in zip(witness.issues, columns, strict=True)}
    if len(terms) > 1 and len(set(terms.values())) == 1:
        return f"{terms.popitem()[1]} on every issue"
    return join_items([f"{caption(name, witness.case)} {terms[name]}" for name in witness.case.issues])


def _reception(answer: Judgement, asks: float, private: bool) -> str:
    """What a text was worth to a party, what it asked for, in private or not, and what it answered."""
    value, seen = number(unwrap_single_value(answer.value)), number(unwrap_single_value(answer.seen))
    worth = f"valued it at {value}"
    if unwrap_single_value(answer.seen) < unwrap_single_value(answer.value) and seen != value:
        worth += f" ({seen} after discounting the author)"
    elif seen != value:
        worth += f" ({seen} with the mediator's pressure to sign)"
    accepted = bool(answer.accepts[0])
    likely = unwrap_single_value(answer.seen) >= asks
    said = ("accepted" if accepted else "refused") + ("" if accepted == likely else " anyway")
    asked = f"asked in private for {number(asks)}" if private else f"asked for {number(asks)}"
    return f"{worth}, {asked} and {said}"


def _moved(before: Beliefs, after: Beliefs, case: Scenario) -> str:
    """Changes of distrust, as a clause; empty if there were none to speak of."""
    changes = []
    for (holder, other), was in before.items():
        then, now = number(was), number(after[holder, other])
        if then != now:
            way = "rose" if after[holder, other] > was else "fell"
            whose = possessive(mention(holder, case))
            changes.append(f"{whose} distrust of {mention(other, case)} {way} from {then} to {now}")
    return join_items(changes) if changes else ""


_ENDS = {
    IMPASSE: "The deadline passed without an agreement.",
    OVERTAKEN: "Events overtook the talks: they had become pointless.",
    OPEN: "The watch ended; they still talked.",
}


def _departures(witness: Witness) -> Iterator[str]:
    """Whether the mediator gave up in this round, and how the run ended if it did."""
    row = {name: column[0] for name, column in witness.record.columns.items()}
    if witness.mediator is not None and row["mediator_left"] == witness.steps:
        yield f"{subject(witness.mediator.name, witness.case)} gave up mediating."
    if witness.running:
        return
    if row["outcome"] == "settlement":
        yield "All have accepted: a settlement."
    elif row["outcome"] in _ENDS:
        yield _ENDS[row["outcome"]]
    else:
        leaver = witness.parties[row["by"]]
        short = number(unwrap_single_value(leaver.worth_of_none) - unwrap_single_value(witness.answers[row["by"]].seen))
        who = mention(row["by"], witness.case)
        yield f"Offered {short} less than no settlement is worth to it, {who} walked out."


def _ending(witness: Witness) -> Iterator[str]:
    """What the settlement brought and what became of it."""
    row = {name: column[0] for name, column in witness.outcomes().items()}
    if row["outcome"] != "settlement":
        return
    case = witness.case
    worth = [f"{number(row[f'utility.{party}'])} to {mention(party, case)}" for party in case.parties]
    joint = (
        "" if np.isnan(row["efficiency"]) else f"; it brings {percent(float(row['efficiency']))} of the best joint gain"
    )
    yield (
        f"The settlement is on {possessive(mention(row['by'], case))} text and, if it is kept, "
        f"worth {join_items(worth)}, where 1 is everything{joint}."
    )
    if not row["broken_by"] and (reason := why_unbreakable(case)):
        yield f"It holds for good: {reason}."
        return
    if not row["broken_by"]:
        yield f"It held to the end of the {weeks(int(row['held']))} for which it was followed."
        return
    reason = {
        "interest": "no settlement had become worth more to it than keeping this one",
        "fear": "for fear of betrayal alone, keeping this one had become worth less to it than none",
        "type": "it did not keep its word",
    }[row["cause"]]
    when = "at once" if row["held"] == 0 else f"after {weeks(int(row['held']))}"
    yield f"{subject(row['broken_by'], case)} broke it {when}: {reason}."
