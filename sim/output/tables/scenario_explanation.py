"""Scenario explanation: every parameter and its source, then every asymmetry between the parties."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from sim.output.words.numbers_and_names import caption, join_items, mention
from sim.output.words.parameter_labels import heading, holder, join_labels, label, parts, pattern, varied_alike
from sim.output.words.parameter_sources import Claims, entries, reasons, shown
from sim.scenario.evidence.claims import evidence_of
from sim.scenario.model.parameters import Parameter, parameters
from sim.scenario.model.schema import Scenario


def explanation(scenario: Scenario) -> RenderableType:
    """Return the explanation of a scenario, in the words of its assumptions and of the claims that it cites."""
    known = parameters(scenario)
    claims = evidence_of(scenario).claims
    return Group(
        Text(scenario.title, style="bold"),
        Text(scenario.about.strip()),
        *_all_parameters(scenario, claims),
        *_asymmetries(scenario, known, claims),
    )


def _all_parameters(scenario: Scenario, claims: Claims) -> Iterable[RenderableType]:
    """Every parameter under its heading: those that the file gives with their sources, then the defaults."""
    for title, group in entries(scenario, claims).items():
        yield _title(title)
        for entry in group:
            if entry.given:
                yield _indented(Text.assemble((entry.name, "bold"), f"  {entry.value}"))
                yield _indented(Text(" ".join([entry.meaning, *entry.reasons])), 4)
        defaults = [entry for entry in group if not entry.given]
        if defaults:
            yield _indented(Text("Not named in the scenario, so at their neutral defaults:"))
        for entry in defaults:
            yield _indented(Text(f"{entry.name}  {entry.value}: {entry.meaning}"), 4)


def _asymmetries(scenario: Scenario, known: Mapping[str, Parameter], claims: Claims) -> Iterable[RenderableType]:
    """Every parameter in which the parties differ, and why."""
    groups: dict[str, list[Parameter]] = defaultdict(list)
    for path, parameter in known.items():
        alike = pattern(path, scenario)
        if alike != path and not path.startswith("events."):
            groups[alike].append(parameter)
    differing: dict[tuple[str, ...], list[tuple[str, str]]] = defaultdict(list)
    for group in groups.values():
        if len({_canonical(parameter) for parameter in group}) > 1:
            path = group[0].path
            topic = parts(path, scenario) if holder(path) else ("", heading(path, scenario))
            differing[tuple(_standing(parameter, scenario, claims) for parameter in group)].append(topic)
    events = list(_one_sided(scenario))
    yield _title("Where the parties differ")
    if not differing and not events:
        yield _indented(Text("Nowhere: every number is the same for all of them."))
    for standings, topics in differing.items():
        yield _indented(Text(join_labels(topics), style="bold"))
        for standing in standings:
            yield _indented(Text(standing), 4)
    for event in events:
        yield _indented(Text(event))


def _one_sided(scenario: Scenario) -> Iterable[str]:
    """Every event of some parties that has no counterpart of the others in the same round, and why it is there."""
    concerned: dict[tuple[int, str], dict[str, str]] = defaultdict(dict)
    for event in scenario.events:
        reason = event.assumption or event.claim or event.about.strip() or "Without a source."
        acts = {"a reassuring signal": event.signal, "a hostile act": event.incident}
        done = [(words, act.by) for words, act in acts.items() if act]
        sets = [
            (varied_alike(pattern(path, scenario), scenario), party)
            for path in event.set
            for party in path.split(".")[1:]
            if party in scenario.parties
        ]
        for what, party in (*done, *sets):
            concerned[int(event.round), what][party] = reason
    for (round_, what), parties in concerned.items():
        if set(parties) != set(scenario.parties):
            who = join_items([mention(party, scenario) for party in parties])
            yield f"Week {round_}, {what}: {who} only. {' '.join(dict.fromkeys(parties.values()))}"


def _standing(parameter: Parameter, scenario: Scenario, claims: Claims) -> str:
    """Where one party stands in what sets it apart, and why."""
    party = holder(parameter.path)
    who = caption(party, scenario) if party else label(parameter.path, scenario)
    unexplained = "Without a source." if parameter.given else "Not named in the scenario: the neutral default."
    return f"{who}: {shown(parameter)}. {' '.join(reasons(parameter, claims)) or unexplained}"


def _canonical(parameter: Parameter) -> object:
    """What of a parameter changes results, so that equal numbers are equal however they are written."""
    if parameter.quantity is None:
        return parameter.value
    form = parameter.quantity.canonical()
    return tuple(form) if isinstance(form, list) else form


def _title(text: str) -> Text:
    """A heading, with a blank line before it."""
    return Text.assemble("\n", (text, "bold"))


def _indented(renderable: RenderableType, columns: int = 2) -> Padding:
    """Something indented by so many columns."""
    return Padding(renderable, (0, 0, 0, columns))
