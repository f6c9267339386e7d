"""One file that carries everything a scenario stands on, and says the same anywhere."""

from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.scenario.control_characters import strip_controls
from sim.scenario.errors import ScenarioError
from sim.scenario.loading.scenario_loader import load_scenario
from sim.scenario.loading.self_contained_file import write_scenario
from sim.scenario.model.parameters import parameters, resolved
from sim.study.results.stored_study import read
from sim.study.storage.study_folder import Folder, Study
from tests.examples import examples
from tests.scenario.samples import CLAIMS, ENVOY, MINIMAL, edited, write

ROOT = Path(__file__).parents[3]
SCENARIOS = sorted((ROOT / "scenarios").glob("*.yaml"))


def digest(path: Path, changes: tuple[str, ...] = ()) -> str:
    """Return the digest of a scenario's study."""
    return Study("x", load_scenario(path, changes)).digest


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_every_shipped_scenario_in_one_file_elsewhere(path: Path, folder: Path) -> None:
    scenario = load_scenario(path)
    (folder / "case.yaml").write_text(write_scenario(scenario, "for a test"), encoding="utf-8")
    strict = path.stem != "textbook"
    alone = load_scenario("case.yaml", strict=strict)
    assert Study("x", alone).digest == Study("x", scenario).digest
    assert parameters(alone) == parameters(scenario)
    assert (alone.title, alone.about, alone.issues, alone.runs, alone.seed) == (
        *(scenario.title, scenario.about, scenario.issues),
        *(scenario.runs, scenario.seed),
    )
    assert write_scenario(alone, "for a test") == (folder / "case.yaml").read_text(encoding="utf-8")


def test_the_command_writes_it(tmp_path: Path) -> None:
    source, changes = ROOT / "scenarios" / "security-guarantees.yaml", ("rounds=20", "guarantors.un=0.1")
    set_options = [part for change in changes for part in ("--set", change)]
    command = [sys.executable, "-m", "sim", "show", str(source), *set_options]
    shown = subprocess.run(command, capture_output=True, check=True, cwd=tmp_path)
    assert shown.stderr == b""
    (tmp_path / "case.yaml").write_bytes(shown.stdout)
    assert digest(tmp_path / "case.yaml") == digest(source, changes)
    checked = [sys.executable, "-m", "sim", "check", "case.yaml"]
    assert b"no errors" in subprocess.run(checked, capture_output=True, check=True, cwd=tmp_path).stdout


def test_a_scenario_that_is_wrong_is_not_written(folder: Path) -> None:
    write(folder, case=MINIMAL + "rounds: 0\n")
    command = [sys.executable, "-m", "sim", "show", "case.yaml"]
    shown = subprocess.run(command, capture_output=True, check=False, cwd=folder)
    assert (shown.returncode, shown.stdout) == (2, b"")
    assert shown.stderr.decode().startswith("case.yaml:18:9: rounds: must be a whole number")


WARY = edited("south: 0.5", "south: {reading: intense, claim: wary}")


def test_evidence_within_the_file(folder: Path) -> None:
    inside = "evidence:\n" + "".join(f"  {line}\n" for line in CLAIMS.splitlines())
    write(folder, case=WARY + inside, apart=WARY + "evidence: claims.yaml\n", claims=CLAIMS)
    assert parameters(load_scenario("case.yaml")) == parameters(load_scenario("apart.yaml"))
    write(
        folder,
        case=WARY + inside.replace("paragraph: 1", "paragraph: one").replace("low: [0.1, 0.3]", "low: [0.1, 0.0]"),
    )
    with pytest.raises(ScenarioError) as raised:
        load_scenario("case.yaml")
    assert str(raised.value).split("\n") == [
        "case.yaml:22:18: evidence.claims.wary.paragraph: must be a whole number from 1 to 10000, not the text 'one'",
        "case.yaml:32:21: evidence.scale.distrust.low.range: has its low end 0.1 above its high end 0",
    ]
    write(folder, case=WARY.replace("wary", "weary") + inside)
    with pytest.raises(ScenarioError, match=r"^case\.yaml:16:44: distrust\.north\.south\.claim: unknown claim 'weary'"):
        load_scenario("case.yaml")


def test_only_claims_that_are_cited_go_along(folder: Path) -> None:
    write(folder, case=WARY + ENVOY + "evidence: claims.yaml\n", claims=CLAIMS)
    text = write_scenario(load_scenario("case.yaml"), "for a test")
    assert "wary:" in text
    assert "neutral:" not in text


def test_a_variant_of_a_file_that_was_handed_over(folder: Path) -> None:
    write(folder, case=WARY + "evidence: claims.yaml\n", claims=CLAIMS)
    (folder / "away").mkdir()
    (folder / "away" / "case.yaml").write_text(write_scenario(load_scenario("case.yaml"), "for a test"))
    write(folder / "away", variant="extends: case.yaml\ndistrust: {south: {north: {reading: low, claim: wary}}}\n")
    assert load_scenario("away/variant.yaml").distrust["south"]["north"].high == 0.3


def test_what_a_manifest_resolved_is_a_file_of_its_own(tmp_path: Path, folder: Path) -> None:
    scenario = load_scenario(ROOT / "scenarios" / "trust-signals.yaml")
    kept = Folder(tmp_path / "kept", Study("kept", scenario))
    kept.path.mkdir(parents=True)
    kept.describe("parley run")
    manifest = json.loads((kept.path / "manifest.json").read_text())
    (folder / "case.yaml").write_text(json.dumps(manifest["resolved"]))
    assert digest(folder / "case.yaml") == manifest["digest"] == read(kept.path).manifest["digest"]
    assert set(read(kept.path).claims) == {p.claim for p in parameters(scenario).values() if p.claim}


AWKWARD = [
    "NO",
    "~",
    "0o7",
    "1_000",
    "1:30",
    "2024-01-01",
    'it\'s "so": #1\n- x',
    " ",
    "\x1b[2J\u202e",
    "!tag",
    "é\u0301",
]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=examples(15))
@given(texts=st.lists(st.sampled_from(AWKWARD) | st.text(max_size=12), min_size=3, max_size=3))
def test_any_text_comes_back(texts: list[str], folder: Path) -> None:
    title, about, why = (strip_controls(text.encode("utf-8", "ignore").decode()) for text in texts)
    write(folder, case=MINIMAL)
    scenario = load_scenario("case.yaml", {"distrust": {"value": 0.3, "assumption": why}})
    scenario = scenario.model_copy(update={"title": title, "about": about})
    (folder / "copy.yaml").write_text(write_scenario(scenario, "for a test"), encoding="utf-8", newline="")
    copy = load_scenario("copy.yaml")
    normal = resolved(scenario)
    assert resolved(copy) == json.loads(_composed(json.dumps(normal, ensure_ascii=False)))


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)
