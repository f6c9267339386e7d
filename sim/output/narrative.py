"""One run told round by round: the same run that an ensemble of the same scenario and seed contains."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from sim.negotiation.agents import Judgement
from sim.negotiation.model import DIRECT, MEDIATED, SILENT
from sim.output.words import issue, listed, mention, number, percent, subject, weeks
from sim.scenario.rosiness import why_unbreakable
from sim.scenario.schema import Scenario
from sim.study.witness import Beliefs, Witness, one


def tell(case: Scenario, run: int) -> Iterator[str]:
    """The story of run number `run`, a paragraph for each week in which something happened."""
    witness = Witness(case, run)
    yield f"Run {run} of {case.title or 'this scenario'}, seed {int(case.seed)}."
    yield from _opening(witness)
    idle: list[_Idle] = []
    while witness.running:
        witness.step()
        told = list(_week(witness))
        if not told and witness.running:
            week = _Idle(witness.steps, int(witness.session[0]), _no_text(witness))
            if idle and idle[-1].reason != week.reason:
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
    """A week in which nobody tabled anything and distrust did not move, and why nobody could."""

    week: int
    session: int
    reason: str


def _opening(witness: Witness) -> Iterator[str]:
    """Who is there, what is at issue, and what this run drew from the ranges."""
    yield (
        "A party values a text by what it expects of it, risk of betrayal counted; what a settlement is worth if it is "
        "kept is said at the end. It asks for less from week to week, and sometimes errs: 'all the same'."
    )
    yield "The issues, from 0 to 1:"
    for name, poles in witness.case.issues.items():
        yield f"  {issue(name)}: 0 = {poles.low or 'low end'}; 1 = {poles.high or 'high end'}"
    for name, party in witness.parties.items():
        trust = [f"{number(d)} of {mention(other)}" for (holder, other), d in witness.beliefs.items() if holder == name]
        alone = number(one(party.reservation))
        yield f"To {mention(name)}, no settlement is worth {alone}; its distrust is {listed(trust)}."


def _nothing_new(witness: Witness, idle: list[_Idle]) -> str:
    """Idle weeks in a row, all for the same reason."""
    first, last = idle[0].week, idle[-1].week
    when = f"Week {first}." if first == last else f"Weeks {first} to {last}."
    sessions = [each.session for each in idle if each.session != SILENT]
    if not sessions:
        return f"{when} No talks."
    how = "They talked"
    if witness.mediator is not None and DIRECT not in sessions:
        how += f" through {mention(witness.mediator.name)}"
    if len(sessions) < len(idle):
        how += f" in {len(sessions)} of them"
    return f"{when} {how}. {idle[0].reason}"


def _no_text(witness: Witness) -> str:
    """Why nobody could table a text, and what distrust had to do with it."""
    risks = [f"{number(one(party.risk))} to {mention(name)}" for name, party in witness.parties.items()]
    return (
        f"Nobody had a text to table: with the risk of betrayal at {listed(risks)}, not even a party's own aims are "
        f"worth more to it than {_least(witness)}."
    )


def _least(witness: Witness) -> str:
    """What a text must be worth more than."""
    demands = any(one(party.precondition) > 0 for party in witness.parties.values())
    return "no settlement and the precondition that it sets" if demands else "no settlement"


def _week(witness: Witness) -> Iterator[str]:
    """What happened in the round just played; nothing if no text was tabled and nobody's distrust moved."""
    yield from _scheduled(witness)
    outside, inside = _moved(witness.before, witness.by_world), _moved(witness.by_world, witness.by_talks)
    if outside:
        yield f"Outside the talks, {outside}."
    session, author = int(witness.session[0]), int(witness.text.author[0])
    if session == SILENT:
        if outside:
            yield "No talks."
    elif author >= 0 or outside or inside:
        yield from _talks(witness, session, author)
        if inside:
            yield f"In the talks, {inside}."
    yield from _departures(witness)


def _scheduled(witness: Witness) -> Iterator[str]:
    """The scenario's events of this round."""
    for event in witness.case.events:
        if event.round == witness.steps:
            what = (
                f"a reassuring signal by {mention(event.signal.by)}"
                if event.signal is not None
                else f"a hostile act by {mention(event.incident.by)}"
                if event.incident is not None
                else f"from now on {listed([f'{path} is {value}' for path, value in event.set.items()])}"
            )
            yield f"As scheduled: {what}{f' ({event.about.strip()})' if event.about else ''}."


def _talks(witness: Witness, session: int, seat: int) -> Iterator[str]:
    """Who met, who tabled what, how it was received; `seat` is the author's place, negative if there is no text."""
    channel = "" if witness.mediator is None else mention(witness.mediator.name)
    yield {DIRECT: "They met face to face.", MEDIATED: f"They talked through {channel}."}[session]
    if seat < 0:
        yield _no_text(witness)
        return
    author = witness.text.authors[seat]
    yield f"{subject(author)} tabled {_terms(witness)}."
    for name, party in witness.parties.items():
        if name != author:
            yield _reception(name, witness.answers[name], one(party.asks), author)


def _terms(witness: Witness) -> str:
    """The text on the table, issue by issue in the order of the file."""
    columns = witness.text.terms(witness.space, np.array([0]))
    terms = {name: number(one(column)) for name, column in zip(witness.issues, columns, strict=True)}
    if len(terms) > 1 and len(set(terms.values())) == 1:
        return f"{terms.popitem()[1]} on every issue"
    return listed([f"{issue(name)} {terms[name]}" for name in witness.case.issues])


def _reception(name: str, answer: Judgement, asks: float, author: str) -> str:
    """What a text was worth to a party, what it asked for, and what it answered."""
    value, seen, asked = number(one(answer.value)), number(one(answer.seen)), number(asks)
    worth = f"{subject(name)} put its value at {value}"
    if seen < value:
        worth += f", only {seen} as it came from {mention(author)}"
    elif seen > value:
        worth += f", {seen} with the pressure to sign"
    accepted = bool(answer.accepts[0])
    likely = one(answer.seen) >= asks
    said = ("accepted" if accepted else "refused") + ("" if accepted == likely else " all the same")
    return f"{worth}, asked for {asked} and {said}."


def _moved(before: Beliefs, after: Beliefs) -> str:
    """Changes of distrust, as a clause; empty if there were none to speak of."""
    changes = []
    for (holder, other), was in before.items():
        then, now = number(was), number(after[holder, other])
        if then != now:
            way = "rose" if now > then else "fell"
            changes.append(f"{mention(holder)}'s distrust of {mention(other)} {way} from {then} to {now}")
    return listed(changes) if changes else ""


def _departures(witness: Witness) -> Iterator[str]:
    """Whether the mediator gave up in this round, and how the run ended if it did."""
    row = {name: column[0] for name, column in witness.record.columns.items()}
    if witness.mediator is not None and row["mediator_left"] == witness.steps:
        yield f"{subject(witness.mediator.name)} gave up mediating."
    if witness.running:
        return
    if row["outcome"] == "settlement":
        yield "So all have accepted: a settlement."
    elif row["outcome"] == "walkout":
        leaver = witness.parties[row["by"]]
        short = number(one(leaver.worth_of_none) - one(witness.answers[row["by"]].seen))
        yield f"Offered {short} less than no settlement is worth to it, {mention(row['by'])} walked out."
    else:
        yield "Time was up, without agreement."


def _ending(witness: Witness) -> Iterator[str]:
    """What the settlement brought and what became of it."""
    row = {name: column[0] for name, column in witness.outcomes().items()}
    if row["outcome"] != "settlement":
        return
    worth = [f"{number(row[f'utility.{party}'])} to {mention(party)}" for party in witness.case.parties]
    joint = "" if np.isnan(row["efficiency"]) else f", {percent(float(row['efficiency']))} of the best joint gain"
    yield f"By {mention(row['by'])}'s text, worth {listed(worth)} of 1{joint}."
    if not row["broken_by"] and (reason := why_unbreakable(witness.case)):
        yield f"It holds for good: {reason}."
        return
    if not row["broken_by"]:
        yield f"The settlement held to the end of the {weeks(int(row['held']))} that were watched."
        return
    reason = {
        "interest": "no settlement had become worth more to it than keeping this one",
        "type": "it did not keep its word",
    }[row["cause"]]
    when = "at once" if row["held"] == 0 else f"after {weeks(int(row['held']))}"
    yield f"{subject(row['broken_by'])} broke it {when}: {reason}."
