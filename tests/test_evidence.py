"""The article, its claims and the shipped scenarios keep to what they say of each other."""

import hashlib
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from sim.scenario.errors import ScenarioError
from sim.scenario.loading.scenario_loader import load_scenario
from sim.scenario.model.parameters import expand, parameters

ROOT = Path(__file__).parents[1]
SCENARIOS = sorted((ROOT / "scenarios").glob("*.yaml"))
BASELINE = ROOT / "scenarios" / "baseline.yaml"
CLAIMS_FILE = ROOT / "seeds" / "claims.yaml"
EVIDENCE = yaml.safe_load(CLAIMS_FILE.read_text(encoding="utf-8"))
CLAIMS: dict[str, dict[str, Any]] = EVIDENCE["claims"]
ARTICLE_HASHES = (ROOT / "tests" / "data" / "article-six-word-hashes.txt").read_text().split()
ARTICLE_SHA256 = "8a7bfcda07a1ed1dc9b74d827362b1f3acbc2bada20d066ab580ead979735353"

# Patterns with nothing to match in the baseline, and the scenario that has what they speak of.
ONLY_ELSEWHERE = {
    "guarantors.*": "security-guarantees",
    "distrust.*.guarantor-states": "security-guarantees",
    "implementation.penalty": "security-guarantees",
}

# What each scenario's question needs to change in the baseline: path patterns, events included.
CHANGES = {
    "no-mediator": ["mediator.*", "distrust.us.*", "distrust.*.us"],
    "facilitation-only": ["mediator.style"],
    "brokered-summit": ["mediator.convening", "events.*"],
    "leaning-the-other-way": ["mediator.bias.*", "distrust.*.us"],
    "imposed-conditions": ["mediator.style", "mediator.leverage.*", "mediator.leverage_decay"],
    "preconditions": ["parties.*.precondition"],
    "security-guarantees": [
        "guarantors.*",
        "distrust.*.guarantor-states",
        "implementation.penalty",
        "implementation.monitoring",
    ],
    "known-deadline": ["deadline"],
    "monitored-settlement": [
        "mediator.style",
        "mediator.leverage.*",
        "mediator.leverage_decay",
        "implementation.monitoring",
    ],
    "violations-in-peace": ["parties.*.reliability", "implementation.violations", "implementation.monitoring"],
    "trust-signals": ["events.*"],
    "hurting-stalemate": ["parties.*.war_cost", "battlefield.volatility", "overtaken"],
    "linear-loss": ["loss"],
    "words-alone": ["parties.*.trust_gain", "mediator.trust_gain"],
    "open-doors": ["parties.*.contact_aversion"],
}

# The only parameters in which the baseline may treat the two sides differently.
TOLD_APART = {
    "parties.SIDE.aims": "the poles of an issue are the two sides' aims",
    "parties.SIDE.precondition": "claim no-preconditions: one side refuses any, the other may set one",
    "parties.SIDE.front": "one battlefield, seen from two sides; there is no drift",
    "mediator.bias.SIDE": "claims conciliatory-line and neutrality",
    "distrust.SIDE.us": "claim common-sense; nothing is said of the other side",
}


def load(name: str) -> Any:
    """Load the shipped scenario `name`, every number with its claim or assumption."""
    return load_scenario(ROOT / "scenarios" / f"{name}.yaml", strict=True)


def matches(path: str, pattern: str) -> bool:
    """Say whether a `*` for one key (at the end: for one or more) makes `pattern` cover `path`."""
    regex = re.escape(pattern).replace(r"\*", "[^.]+")
    return re.fullmatch(regex + ("(\\..+)?" if pattern.endswith("*") else ""), path) is not None


def content(parameter: Any) -> tuple[Any, ...]:
    """Return what a parameter says in numbers, without where it was taken from."""
    quantity = parameter.quantity
    return (parameter.value,) if quantity is None else (quantity.low, quantity.central, quantity.high)


def words(text: str) -> list[str]:
    """Split into lower-cased words, as they were split when the article's hashes were computed."""
    return re.findall(r"[a-z0-9]+(?:'[a-z0-9]+)*", text.lower().replace("\u2019", "'"))


def six_word_hashes(text: str) -> dict[str, str]:
    """Map the first 12 digits of the SHA-256 of every run of six words (joined by blanks) to the run."""
    found = words(text)
    runs = (" ".join(found[i : i + 6]) for i in range(len(found) - 5))
    return {hashlib.sha256(run.encode()).hexdigest()[:12]: run for run in runs}


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_every_shipped_scenario_gives_a_source_for_every_number(path):
    scenario = load_scenario(path, strict=True)
    assert scenario.title
    assert scenario.about


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_claim_bears_on_parameters_that_exist(claim):
    baseline = load("baseline")
    assert CLAIMS[claim]["bears_on"]
    for pattern in CLAIMS[claim]["bears_on"]:
        if pattern in ONLY_ELSEWHERE:
            assert expand(load(ONLY_ELSEWHERE[pattern]), pattern)
            assert "baseline therefore has no guarantor" in CLAIMS[claim]["says"]
        else:
            assert expand(baseline, pattern)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_cited_claims_exist_and_bear_on_the_number(path):
    scenario = load_scenario(path, strict=True)
    for name, parameter in parameters(scenario).items():
        if parameter.claim is not None:
            patterns = CLAIMS[parameter.claim]["bears_on"]
            name = re.sub(r"^events\.\d+\.set\.", "", name)
            assert any(name in expand(scenario, pattern) for pattern in patterns), (name, parameter.claim)


def test_a_claim_that_is_not_in_the_evidence_is_refused(tmp_path):
    bad = tmp_path / "bad.yaml"
    bad.write_text(f"extends: {BASELINE}\nmediator: {{stake: {{value: 0, claim: no-such-claim}}}}\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="no-such-claim"):
        load_scenario(bad)


def test_claims_are_complete():
    assert 12 <= len(CLAIMS) <= 24
    assert f"({len(CLAIMS)} claims," in (ROOT / "seeds" / "README.md").read_text(encoding="utf-8")
    for name, claim in CLAIMS.items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
        assert 1 <= claim["paragraph"] <= EVIDENCE["source"]["paragraphs"]
        assert set(claim) == {"paragraph", "holder", "says", "bears_on"}
        assert claim["holder"]
        assert claim["says"]


def test_every_row_of_the_scale_is_reasoned_in_the_readme():
    readme = (ROOT / "seeds" / "README.md").read_text(encoding="utf-8")
    for kind, row in EVIDENCE["scale"].items():
        section = readme.split(f"### `{kind}`")[1].split("\n### ")[0]
        for word, reading in row.items():
            cells = re.search(
                rf"^\| {word} \| (\S+)\u2013([.\d]+)(, most often near (\S+))? \| .+ \|$", section, re.MULTILINE
            )
            assert cells, (kind, word)
            low, high, _, mode = cells.groups()
            assert ends(reading) == (float(low), float(high))
            if mode is not None:
                assert reading["mode"] == float(mode)


def ends(reading):
    """Return the ends of a range of the scale, which may have a mode."""
    return tuple(reading["range"] if isinstance(reading, dict) else reading)


@pytest.mark.parametrize("kind", EVIDENCE["scale"])
def test_words_of_a_kind_are_proper_ranges_and_differ(kind):
    ranges = [ends(reading) for reading in EVIDENCE["scale"][kind].values()]
    assert all(0 <= low < high for low, high in ranges)
    assert len(set(ranges)) == len(ranges)


def test_the_readme_names_the_article_by_its_sha256():
    readme = (ROOT / "seeds" / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"\b[0-9a-f]{64}\b", readme) == [ARTICLE_SHA256]
    assert EVIDENCE["source"]["sha256"] == ARTICLE_SHA256


@pytest.mark.parametrize("folder", ["seeds", "scenarios"])
def test_nothing_is_copied_from_the_article(folder):
    for file in (ROOT / folder).rglob("*"):
        if file.is_file():
            found = six_word_hashes(file.read_text(encoding="utf-8"))
            assert [run for hashed, run in found.items() if hashed in ARTICLE_HASHES] == [], file


def test_the_hashes_of_the_article_can_be_trusted():
    # About 620 words in six paragraphs: five runs fewer than words in each, less a few that occur twice.
    assert 550 < len(ARTICLE_HASHES) < 620 - 5 * 5
    assert sorted(set(ARTICLE_HASHES)) == ARTICLE_HASHES
    assert all(re.fullmatch("[0-9a-f]{12}", line) for line in ARTICLE_HASHES)


def test_copied_words_are_found_whatever_their_case_line_and_punctuation():
    said = six_word_hashes("One two three, four five six.")
    quoted = six_word_hashes("he said: one TWO\n  - three four: 'five' (six)! Then he left")
    assert said.keys() < quoted.keys()


def test_the_two_sides_differ_only_where_the_article_tells_them_apart():
    here = parameters(load("baseline"))
    for name, parameter in here.items():
        other = re.sub("russia|ukraine", lambda side: "ukraine" if side[0] == "russia" else "russia", name)
        sided = re.sub("russia|ukraine", "SIDE", name)
        if not any(matches(sided, allowed) or sided.startswith(allowed + ".") for allowed in TOLD_APART):
            assert content(parameter) == content(here[other]), (name, other)


def test_the_lean_of_the_mediator_spans_neutrality_and_more():
    bias = load("baseline").mediator.bias["russia"]
    assert bias.low == 0 < bias.high


def test_unknown_trust_gain_reaches_down_to_cheap_talk():
    here = parameters(load("baseline"))
    for name in ("parties.russia.trust_gain", "parties.ukraine.trust_gain", "mediator.trust_gain"):
        assert here[name].quantity.low == 0
        assert here[name].quantity.high >= 0.4


def test_leaning_the_other_way_exchanges_the_two_sides():
    one, other = parameters(load("baseline")), parameters(load("leaning-the-other-way"))
    for name in ("mediator.bias.{}", "distrust.{}.us"):
        for here, there in (("russia", "ukraine"), ("ukraine", "russia")):
            assert content(one[name.format(here)]) == content(other[name.format(there)])


@pytest.mark.parametrize("name", CHANGES)
def test_a_scenario_changes_only_what_its_question_needs(name):
    before, after = parameters(load("baseline")), parameters(load(name))
    changed = [
        path
        for path in before.keys() | after.keys()
        if path not in before or path not in after or content(before[path]) != content(after[path])
    ]
    assert changed
    for path in changed:
        assert any(matches(path, pattern) for pattern in CHANGES[name]), path
    for pattern in CHANGES[name]:
        assert any(matches(path, pattern) for path in changed), pattern


def test_every_scenario_is_looked_after_and_listed():
    names = {path.stem for path in SCENARIOS}
    assert names == CHANGES.keys() | {"baseline", "textbook"}
    index = (ROOT / "scenarios" / "README.md").read_text(encoding="utf-8")
    for name in names:
        assert f"[`{name}`]({name}.yaml)" in index


def test_the_textbook_case_stands_alone():
    data = yaml.safe_load((ROOT / "scenarios" / "textbook.yaml").read_text(encoding="utf-8"))
    assert "extends" not in data
    assert "evidence" not in data
    assert not load("textbook").guarantors


def test_where_two_readings_pull_apart_the_range_spans_both():
    """What the second reader would have chosen alone lies within the baseline's ranges."""
    known = {path: parameter.quantity for path, parameter in parameters(load("baseline")).items()}
    for path, low, high in (
        ("mediator.convening", 0.2, 0.6),
        ("parties.russia.concession", 1.0, 2.0),
        ("parties.russia.precondition", 0.0, 0.02),
        ("mediator.shuttle", 0.5, 1.0),
        ("mediator.impatience", 0.0, 0.1),
    ):
        assert known[path].low <= low
        assert known[path].high >= high
