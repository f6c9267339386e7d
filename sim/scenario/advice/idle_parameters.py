"""Idle parameters of a scenario: numbers without effect, on which no run depends, all else being as it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sim.scenario.advice.possible_values import Possible

NO_TEXT = "has no effect under facilitation: the mediator tables no text"
ONE_ISSUE = "has no effect with one issue: weights count only beside each other"
STILL = "has no effect: the front helps and harms nobody"
UNHEEDED = "has no effect: nobody's trust_loss is above 0"
OWN_DISTRUST = "changes nothing but the mediator's own distrust: its impatience is 0, so nothing hangs on that"


@dataclass(frozen=True)
class Idle:
    """Idle parameter, which has no effect on the runs: its path and the reason.

    `recorded`: it changes no outcome, but what is written down of beliefs, of kinds of sessions or of the mediator's
    giving up; all others change no run, bit for bit.
    """

    path: str
    why: str
    recorded: bool = False


def idle_parameters(world: Possible) -> list[Idle]:
    """Return the idle parameters, which have no effect whatever their values, apart from those of events.

    Those of events are in `idle_events`.
    """
    return [
        *_of_parties(world),
        *_of_distrust(world),
        *_of_mediator(world),
        *_of_guarantors(world),
        *_of_the_war(world),
        *_of_peace(world),
        *_of_meeting(world),
    ]


def idle_events(world: Possible) -> list[Idle]:
    """Return the idle parameters of events: signals and incidents from which nobody learns anything that matters."""
    found: list[Idle] = []
    for number, event in enumerate(world.events):
        path = f"events.{number}"
        if event.signal is not None:
            found += _idle_signal(world, path, event.signal.by)
        if event.incident is not None:
            if not world.used(f"{path}.incident"):
                found.append(Idle(path, "an incident of severity 0 does nothing"))
            else:
                found += _unheeded(world, path, event.incident.by)
        if event.round > world.last_round:
            found.append(Idle(path, f"is not reached: the talks are watched, or go on, for {world.last_round:g} weeks"))
        found += [
            Idle(path, f"sets {target} when its pace is over, and all is conceded that can be")
            for target in event.set
            if target.endswith(".concession") and event.round >= world.slowest(target.split(".")[1])
        ]
    return found


def _idle_signal(world: Possible, path: str, sender: str) -> Iterator[Idle]:
    """Find a signal that tells nothing, or that nobody needs."""
    hearers = [name for name in world.learners if name != sender and world.distrusts(name, sender)]
    if world.low(f"{path}.signal.likelihood") == 1:
        yield Idle(path, "a signal that either kind of side sends as readily tells nothing")
    elif not hearers:
        yield Idle(path, f"a signal that nobody needs: nobody distrusts {sender}")
    elif all(world.certain(name, sender) for name in hearers):
        yield Idle(path, f"a signal that convinces nobody: distrust of {sender} is 1, and stays so")
    elif hearers == [world.mediator] and world.patient:
        yield Idle(path, OWN_DISTRUST, recorded=True)


def _unheeded(world: Possible, path: str, by: str) -> Iterator[Idle]:
    """Find hostile acts by a party that raise nobody's distrust."""
    heeding = [name for name in world.learners if name != by and world.resents(name)]
    if not heeding:
        yield Idle(path, UNHEEDED)
    elif heeding == [world.mediator] and world.patient:
        yield Idle(path, OWN_DISTRUST, recorded=True)


def _of_parties(world: Possible) -> Iterator[Idle]:
    """Find what of the parties' own numbers has nothing to act on."""
    for party in world.parties:
        own = f"parties.{party}"
        if len(world.issues) == 1:
            yield Idle(f"{own}.salience.{world.issues[0]}", ONE_ISSUE)
        if not world.risks(party):
            yield Idle(f"{own}.betrayal_loss", "has no effect: nobody is distrusted")
        if world.slowest(party) <= 1:
            yield Idle(f"{own}.concession", "has no effect: its pace is over in the first week, and all conceded")
        if not _distrusts_author(world, party):
            yield Idle(f"{own}.devaluation", "has no effect: no author is distrusted")
        if not _may_stay_away(world, party):
            yield Idle(f"{own}.contact_aversion", "has no effect: nobody is distrusted whom it would have to meet")
        if not _distrusts_author(world, party):
            yield Idle(f"{own}.trust_gain", "has no effect: there is no distrust that could fall")
        if not any(world.offends(other) for other in world.learners if other != party):
            yield Idle(f"{own}.trust_loss", "has no effect: nothing hostile ever happens")
        if _never_offered_less(world, party):
            yield Idle(f"{own}.impatience", "has no effect: no text is worth less than no settlement, which is worth 0")
        if not world.used("battlefield"):
            yield Idle(f"{own}.front", "has no effect: nothing moves the battlefield")
        if world.guaranteed:
            yield Idle(f"{own}.reliability", "has no effect: a guarantee of 1 takes away all risk of betrayal")


def _distrusts_author(world: Possible, party: str) -> bool:
    """Whether a party may ever distrust anybody who tables texts."""
    return world.risks(party) or (world.drafts and world.distrusts(party, world.mediator or ""))


def _may_stay_away(world: Possible, party: str) -> bool:
    """Whether distrust may keep a party, if it is averse, from a meeting or from the mediator's channel."""
    wary = world.used("mediator.shuttle") and world.distrusts(party, world.mediator or "")
    return world.risks(party) or (wary and not world.all_meet)


def _never_offered_less(world: Possible, party: str) -> bool:
    """Whether no text is worth less to a party than no settlement: that is worth nothing to it, and it fears nobody."""
    own = f"parties.{party}"
    moved = world.used("battlefield") and world.used(f"{own}.front")
    return world.high(f"{own}.reservation") <= 0 and not moved and not _distrusts_author(world, party)


def _of_distrust(world: Possible) -> Iterator[Idle]:
    """Find beliefs on which nothing hangs: all of them are written down, so they change runs in that."""
    mediator = world.mediator
    for party in world.parties:
        if mediator and not _matters_to(world, party, mediator):
            why = "changes nothing but itself: nothing that the mediator does depends on it"
            yield Idle(f"distrust.{party}.{mediator}", why, recorded=True)
        if mediator and world.patient:
            yield Idle(f"distrust.{mediator}.{party}", OWN_DISTRUST, recorded=True)
        for guarantor in world.guarantors:
            if guarantor != mediator and not (world.used(f"guarantors.{guarantor}") and world.risks(party)):
                why = f"changes nothing but itself: {guarantor} guarantees nothing that {party} fears"
                yield Idle(f"distrust.{party}.{guarantor}", why, recorded=True)


def _matters_to(world: Possible, party: str, mediator: str) -> bool:
    """Whether a party's distrust of the mediator may matter to anything that it does."""
    own = f"parties.{party}"
    meeting = not world.all_meet and (world.used("mediator.convening") or world.used("mediator.shuttle"))
    return (
        (meeting and world.used(f"{own}.contact_aversion"))
        or (world.drafts and (world.used(f"{own}.devaluation") or world.used("mediator.caucus")))
        or ("manipulation" in world.styles and world.used(f"mediator.leverage.{party}"))
        or (world.used(f"guarantors.{mediator}") and world.risks(party))
    )


def _of_mediator(world: Possible) -> Iterator[Idle]:
    """Find tools of the mediator that its style, or the parties, leave nothing to do."""
    if world.mediator is None:
        return
    if not world.drafts:
        yield from (Idle(f"mediator.bias.{party}", NO_TEXT) for party in world.parties)
        yield from (Idle(f"mediator.{tool}", NO_TEXT) for tool in ("stake", "caucus", "misjudgement"))
    elif all(world.certain(party, world.mediator) for party in world.parties):
        yield Idle("mediator.caucus", "has no effect: no party trusts the mediator at all")
    yield from _of_leverage(world)
    yield from _of_preferences(world)
    if world.all_meet:
        averse = any(world.used(f"parties.{party}.contact_aversion") for party in world.parties)
        why = "has no effect: no party is averse to contact" if not averse else "has no effect: no party stays away"
        yield from (Idle(f"mediator.{tool}", why) for tool in ("convening", "shuttle"))
    elif all(world.certain(party, world.mediator) for party in world.parties if world.stays_away(party)):
        yield Idle("mediator.convening", "has no effect: no party that stays away trusts the mediator at all")
    if any(_never_lets_through(world, party, world.mediator) for party in world.parties):
        yield Idle("mediator.shuttle", "has no effect: a party that does not trust the mediator at all refuses it")
    yield from _of_patience(world, world.mediator)


def _never_lets_through(world: Possible, party: str, mediator: str) -> bool:
    """Whether a party never accepts the mediator's channel."""
    return world.certain(party, mediator) and world.low(f"parties.{party}.contact_aversion") > 0


def _of_leverage(world: Possible) -> Iterator[Idle]:
    """Find leverage that presses nobody."""
    for party in world.parties:
        if "manipulation" not in world.styles:
            yield Idle(f"mediator.leverage.{party}", "has no effect unless the style is manipulation")
        elif world.certain(party, world.mediator or ""):
            yield Idle(f"mediator.leverage.{party}", f"has no effect: {party} does not trust the mediator at all")
    if not world.pressed:
        yield Idle("mediator.leverage_decay", "has no effect without leverage")


def _of_preferences(world: Possible) -> Iterator[Idle]:
    """Find preferences of the mediator that do not enter its text."""
    for issue in world.issues:
        for taste in ("aims", "salience"):
            path = f"mediator.{taste}.{issue}"
            if not world.used("mediator.stake"):
                yield Idle(path, "has no effect without a stake")
            elif not world.drafts:
                yield Idle(path, NO_TEXT)
            elif taste == "salience" and len(world.issues) == 1:
                yield Idle(path, ONE_ISSUE)


def _of_patience(world: Possible, mediator: str) -> Iterator[Idle]:
    """Find what moves the mediator's own distrust, and a mediator that might as well give up."""
    distrusts = any(world.distrusts(mediator, party) for party in world.parties)
    if not distrusts:
        yield Idle("mediator.impatience", "has no effect: the mediator distrusts nobody")
        yield Idle("mediator.trust_gain", "has no effect: the mediator has no distrust that could fall")
    elif world.patient:
        yield Idle("mediator.trust_gain", OWN_DISTRUST, recorded=True)
    if not any(world.offends(party) for party in world.parties):
        yield Idle("mediator.trust_loss", "has no effect: nothing hostile ever happens")
    elif world.patient:
        yield Idle("mediator.trust_loss", OWN_DISTRUST, recorded=True)
    if distrusts and world.rounds == 1:
        yield Idle("mediator.impatience", "changes no outcome: after a single round there is nothing to leave", True)
    elif distrusts and not world.mediates:
        yield Idle("mediator.impatience", "changes no outcome: the mediator does nothing that would be missed", True)


def _of_guarantors(world: Possible) -> Iterator[Idle]:
    """Find guarantees that nobody needs or believes, and a penalty that nothing imposes."""
    if not world.used("guarantors"):
        yield Idle("implementation.penalty", "has no effect without a guarantor")
    in_fact = world.used("implementation.penalty") or any(
        world.low(f"parties.{party}.reliability") < 1 for party in world.parties
    )
    for name in world.guarantors:
        needed = [party for party in world.parties if world.risks(party)]
        if not in_fact and all(world.certain(party, name) for party in needed):
            why = "nobody believes in it" if needed else "nobody fears betrayal"
            yield Idle(f"guarantors.{name}", f"has no effect: {why}, reliability is 1 and penalty 0")


def _of_peace(world: Possible) -> Iterator[Idle]:
    """Find what goes on after the signature without anybody to see or fear it."""
    afraid = [party for party in world.parties if world.risks(party)]
    if not world.war_moves:
        yield Idle("implementation.front", "has no effect: nothing moves the battlefield, or it moves nobody")
    if not any(world.attacks_by_chance(party) for party in world.parties):
        yield Idle("implementation.violations", "has no effect: no hostile act happens by chance")
    elif not any(world.frightened(party, 1.0) for party in world.parties):
        yield Idle("implementation.violations", "has no effect: none raises the distrust of a party (trust_loss)")
    if not afraid:
        yield Idle("implementation.monitoring", "has no effect: nobody fears betrayal")


def _of_the_war(world: Possible) -> Iterator[Idle]:
    """Find a battlefield that moves nobody, and hostile acts that nobody heeds."""
    if not any(world.used(f"parties.{party}.front") for party in world.parties):
        yield from (Idle(f"battlefield.{move}", STILL) for move in ("drift", "volatility"))
    if not world.used("incidents.rate"):
        yield Idle("incidents.severity", "has no effect: no hostile act happens by chance")
    acts: list[Idle] = []
    for party in world.parties:
        if not world.used("incidents.severity"):
            yield Idle(f"incidents.rate.{party}", "has no effect: the severity is 0")
        else:
            unheeded = list(_unheeded(world, f"incidents.rate.{party}", party))
            acts += unheeded
            yield from unheeded
    if len(acts) == len(world.parties):
        yield Idle("incidents.severity", acts[0].why, any(act.recorded for act in acts))


def _of_meeting(world: Possible) -> Iterator[Idle]:
    """Find a rapport from which nobody learns."""
    moved = [
        name
        for name in world.learners
        if world.used(f"{world.prefix(name)}.trust_gain")
        and any(world.distrusts(name, other) for other in world.parties if other != name)
    ]
    if not moved:
        yield Idle("rapport", "has no effect: nobody has distrust that could fall (trust_gain)")
    elif moved == [world.mediator] and world.patient:
        yield Idle("rapport", OWN_DISTRUST, recorded=True)
