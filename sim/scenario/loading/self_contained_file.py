"""A self-contained file of a scenario, with everything that it stands on, to be archived or handed over."""

from __future__ import annotations

from typing import Any

import yaml

from sim.scenario.control_characters import escape_controls_in_yaml
from sim.scenario.errors import ScenarioError
from sim.scenario.evidence.claims import evidence_of
from sim.scenario.model.parameters import parameters
from sim.scenario.model.schema import Scenario
from sim.scenario.reading.yaml_documents import is_plain_text


def enclose(scenario: Scenario) -> Scenario:
    """Return a self-contained scenario, which encloses its evidence: the source, the claims it cites, and the scale.

    Unchanged where the file of the evidence cannot be used any more.
    """
    if scenario.evidence is None:
        return scenario
    try:
        evidence = evidence_of(scenario)
    except ScenarioError:
        return scenario
    events = {event.claim for event in scenario.events}
    cited = {*events, *(parameter.claim for parameter in parameters(scenario).values())}
    claims = {name: claim for name, claim in evidence.claims.items() if name in cited}
    excerpt = evidence.model_copy(update={"claims": claims}).model_dump(mode="json")
    return scenario.model_copy(update={"evidence": excerpt})


def cited_claims(scenario: Scenario) -> dict[str, Any]:
    """Return the cited claims, by id, that a self-contained scenario carries."""
    evidence = scenario.evidence
    claims: dict[str, Any] = evidence.get("claims", {}) if isinstance(evidence, dict) else {}
    return {name: claims[name] for name in sorted(claims)}


def write_scenario(scenario: Scenario, origin: str) -> str:
    """Return a scenario as the text of one self-contained YAML file.

    The file extends nothing and names no other file. What was given is written, with its provenance; what was left out
    is left out. `origin`, where it comes from, stands in a comment at the top. Raises ScenarioError if the evidence
    cannot be used.
    """
    evidence_of(scenario)
    data: dict[str, Any] = enclose(scenario).model_dump(mode="json", exclude_unset=True, exclude_none=True)
    for event in data.get("events", ()):
        if not event.get("set", True):
            del event["set"]
    comment = "".join(f"# {line}\n" for line in origin.splitlines())
    text: str = yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
    return escape_controls_in_yaml(comment + text)


class _Dumper(yaml.SafeDumper):
    """Writes YAML without anchors; text that any reader might take for something else stands in quotes."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write everything out."""
        return True


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if is_plain_text(text) else '"')


_Dumper.add_representer(str, _text)
