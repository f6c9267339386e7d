"""A scenario explained: every parameter and its source, then every asymmetry between the parties."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from sim.output.labels import heading, holder, label, pattern
from sim.output.words import actor, listed
from sim.scenario.evidence import Claim, load_evidence
from sim.scenario.paths import Parameter, parameters
from sim.scenario.schema import Scenario

Claims = Mapping[str, Claim]
"""What the source says, by the claim's id."""


def explanation(scenario: Scenario) -> RenderableType:
    """What a scenario assumes, in the words of its assumptions and of the claims that it cites."""
    known = parameters(scenario)
    claims = load_evidence(scenario.evidence).claims if scenario.evidence else {}
    return Group(
        Text(scenario.title, style="bold"),
        Text(scenario.about.strip()),
        *_all_parameters(scenario, known, claims),
        *_asymmetries(scenario, known, claims),
    )


def _all_parameters(scenario: Scenario, known: Mapping[str, Parameter], claims: Claims) -> Iterable[RenderableType]:
    """Every parameter under its heading: those that the file gives with their sources, then the defaults."""
    groups: dict[str, list[Parameter]] = defaultdict(list)
    for path, parameter in known.items():
        groups[heading(path, scenario)].append(parameter)
    for title, group in groups.items():
        yield _title(title)
        for name, parameter in _entries((each for each in group if each.given), scenario):
            yield _indented(Text.assemble((name, "bold"), f"  {shown(parameter)}"))
            yield _indented(Text(" ".join([parameter.meaning, *_reasons(parameter, claims)])), 4)
        defaults = [parameter for parameter in group if not parameter.given]
        if defaults:
            yield _indented(Text("Not named in the scenario, so at their neutral defaults:"))
        for name, parameter in _entries(defaults, scenario):
            yield _indented(Text(f"{name}  {shown(parameter)}: {parameter.meaning}"), 4)


def _entries(group: Iterable[Parameter], scenario: Scenario) -> list[tuple[str, Parameter]]:
    """Parameters that have value and source in common, told in one entry: its name, and one of them.

    They are gathered over parties first (one label, several parties), then over labels.
    """
    parties: dict[Hashable, list[Parameter]] = defaultdict(list)
    for parameter in group:
        parties[label(parameter.path, scenario), _gist(parameter)].append(parameter)
    labels: dict[Hashable, list[Parameter]] = defaultdict(list)
    for alike in sorted(parties.values(), key=_place_of(parties, scenario)):
        labels[tuple(holder(parameter.path) for parameter in alike), _gist(alike[0])] += alike
    return [(_named(alike, scenario), alike[0]) for alike in labels.values()]


def _place_of(entries: Iterable[Hashable], scenario: Scenario) -> Callable[[list[Parameter]], int]:
    """A sorting key that puts entries of one label side by side, where the first of them stands."""
    order = list(dict.fromkeys(str(entry[0]) for entry in entries if isinstance(entry, tuple)))
    return lambda alike: order.index(label(alike[0].path, scenario))


def _named(alike: list[Parameter], scenario: Scenario) -> str:
    """The name of an entry: its labels, and the parties that it is about."""
    labels = _joined(list(dict.fromkeys(label(parameter.path, scenario) for parameter in alike)))
    parties = [actor(name) for name in dict.fromkeys(holder(parameter.path) for parameter in alike) if name]
    return f"{labels} ({listed(parties)})" if parties else labels


def _gist(parameter: Parameter) -> Hashable:
    """What two parameters must have in common to be told as one."""
    return shown(parameter), parameter.meaning, parameter.claim, parameter.assumption, parameter.shared


def _asymmetries(scenario: Scenario, known: Mapping[str, Parameter], claims: Claims) -> Iterable[RenderableType]:
    """Every parameter in which the parties differ, and why."""
    groups: dict[str, list[Parameter]] = defaultdict(list)
    for path, parameter in known.items():
        alike = pattern(path, scenario)
        if alike != path and not path.startswith("events."):
            groups[alike].append(parameter)
    differing: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for group in groups.values():
        if len({_canonical(parameter) for parameter in group}) > 1:
            of_party = holder(group[0].path) != ""
            topic = label(group[0].path, scenario) if of_party else heading(group[0].path, scenario)
            differing[tuple(_standing(parameter, scenario, claims) for parameter in group)].append(topic)
    events = list(_one_sided(scenario))
    yield _title("Where the parties differ")
    if not differing and not events:
        yield _indented(Text("Nowhere: every number is the same for all of them."))
    for standings, topics in differing.items():
        yield _indented(Text(_joined(topics), style="bold"))
        for standing in standings:
            yield _indented(Text(standing), 4)
    for event in events:
        yield _indented(Text(event))


def _one_sided(scenario: Scenario) -> Iterable[str]:
    """Every event of some parties that has no counterpart of the others in the same round, and why it is there."""
    concerned: dict[tuple[int, str], dict[str, str]] = defaultdict(dict)
    for event in scenario.events:
        reason = event.assumption or event.claim or event.about.strip() or "Without a source."
        acts = [(kind, act.by) for kind, act in (("signal", event.signal), ("incident", event.incident)) if act]
        sets = [(path, party) for path in event.set for party in path.split(".")[1:] if party in scenario.parties]
        for what, party in (*acts, *sets):
            concerned[int(event.round), pattern(what, scenario) if "." in what else what][party] = reason
    for (round_, what), parties in concerned.items():
        if set(parties) != set(scenario.parties):
            who = " and ".join(map(actor, parties))
            yield f"Event in round {round_} ({what}): {who} only. {' '.join(dict.fromkeys(parties.values()))}"


def _standing(parameter: Parameter, scenario: Scenario, claims: Claims) -> str:
    """Where one party stands in what sets it apart, and why."""
    party = holder(parameter.path)
    who = actor(party) if party else label(parameter.path, scenario)
    unexplained = "Without a source." if parameter.given else "Not named in the scenario: the neutral default."
    return f"{who}: {shown(parameter)}. {' '.join(_reasons(parameter, claims)) or unexplained}"


def shown(parameter: Parameter) -> str:
    """A parameter's value or range."""
    return str(parameter.value) if parameter.quantity is None else parameter.quantity.describe()


def _reasons(parameter: Parameter, claims: Claims) -> list[str]:
    """Where a number comes from, in sentences."""
    reasons = []
    if parameter.claim is not None:
        claim = claims[parameter.claim]
        source = f"{parameter.claim}, paragraph {int(claim.paragraph)}, {claim.holder}"
        reasons.append(f"Claim ({source}): {claim.says.strip()}")
    if parameter.assumption is not None:
        reasons.append(f"Assumption: {parameter.assumption.strip()}")
    if parameter.shared is not None:
        reasons.append(f"(Drawn together with all that share {parameter.shared!r}.)")
    return reasons


def _canonical(parameter: Parameter) -> object:
    """What of a parameter changes results, so that equal numbers are equal however they are written."""
    if parameter.quantity is None:
        return parameter.value
    form = parameter.quantity.canonical()
    return tuple(form) if isinstance(form, list) else form


def _joined(names: list[str]) -> str:
    """Names as one: `weight of security`, `weight of economy` become `weight of security and economy`."""
    heads = {name.rpartition(" ")[0] for name in names}
    tails = [name.rpartition(" ")[2] for name in names]
    head = heads.pop()
    return listed(names) if heads or not head else f"{head} {listed(tails)}"


def _title(text: str) -> Text:
    """A heading, with a blank line before it."""
    return Text.assemble("\n", (text.upper(), "bold"))


def _indented(renderable: RenderableType, columns: int = 2) -> Padding:
    """Something indented by so many columns."""
    return Padding(renderable, (0, 0, 0, columns))
