"""What has no effect is said by every command, on the screen and in JSON alike."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT

IDLE = "mediator.leverage: has no effect unless the style is manipulation"


@pytest.fixture
def dead(tmp_path: Path) -> Path:
    """The textbook case with leverage that its style leaves idle, and something uncertain."""
    path = tmp_path / "dead.yaml"
    path.write_text(
        f"extends: {ROOT / 'scenarios' / 'textbook.yaml'}\n"
        "title: Idle leverage\n"
        "mediator: {leverage: {range: [0.1, 0.2], assumption: a test}}\n"
        "distrust: {a: {b: {range: [0.2, 0.6], assumption: a test}}}\n"
        "runs: 40\n"
    )
    return path


COMMANDS = {
    "run": (),
    "sweep": ("--vary", "mediator.leverage.a=0:0.4:3"),
    "sensitivity": ("--rows", 16, "--plays", 2),
    "compare": ("other.yaml",),
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("form", ["table", "json"])
def test_every_command_tells_what_is_idle(command: str, form: str, dead: Path, tmp_path: Path, parley) -> None:
    (tmp_path / "other.yaml").write_text(f"extends: {dead}\nmediator: {{leverage: 0.3}}\n")
    quick = () if command == "sensitivity" else ("--no-spread",)
    ending = parley(command, dead, *COMMANDS[command], *quick, "--no-plot", *(["--json"] if form == "json" else []))
    assert ending.code == 0
    if form == "json":
        assert any(IDLE in warning for warning in json.loads(ending.out)["warnings"])
        assert IDLE not in ending.err
        return
    text = " ".join(ending.out.split())
    assert text.count("unless the style is manipulation") == 1
    assert max(map(len, ending.out.splitlines())) <= 80


def test_a_comparison_of_the_same_runs_says_so_with_both_names(dead: Path, tmp_path: Path, parley) -> None:
    (tmp_path / "other.yaml").write_text(f"extends: {dead}\nmediator: {{leverage: 0.3}}\n")
    ending = parley("compare", dead, "other.yaml", "--no-spread", "--no-plot")
    text = " ".join(ending.out.split())
    assert "Note: other: its runs are the same as those of dead, bit for bit." in text
    assert f"dead, other: {IDLE}" in text


def test_a_comparison_says_so_of_scenarios_that_are_not_the_first_too(dead: Path, tmp_path: Path, parley) -> None:
    (tmp_path / "first.yaml").write_text(f"extends: {dead}\nparties: {{a: {{reservation: 0.45}}}}\n")
    (tmp_path / "other.yaml").write_text(f"extends: {dead}\nmediator: {{leverage: 0.3}}\n")
    command = ("compare", "first.yaml", dead, "other.yaml", "--no-spread", "--no-plot")
    assert "Note: dead and other: their runs are the same, bit for bit." in " ".join(parley(*command).out.split())
    assert json.loads(parley(*command, "--json").out)["same"]["runs"] == [["dead", "other"]]


def test_ranges_without_any_effect_are_named(dead: Path, parley) -> None:
    ending = parley("sensitivity", dead, "--rows", 128, "--plays", 64, "--no-plot")
    assert "Without any effect, in every row: leverage on A (2 together)." in " ".join(ending.out.split())


def test_warnings_of_the_first_scenario_are_not_repeated_for_the_next(dead: Path, tmp_path: Path, parley) -> None:
    (tmp_path / "other.yaml").write_text(f"extends: {dead}\nmediator: {{leverage: 0.3}}\n")
    ending = parley("run", dead, "other.yaml", "--no-spread", "--no-plot")
    assert " ".join(ending.out.split()).count("unless the style is manipulation") == 1
    assert "The same as above." in ending.out


def test_check_takes_what_the_other_commands_take(dead: Path, parley) -> None:
    assert IDLE in parley("check", dead).out
    assert IDLE not in parley("check", dead, "--set", "mediator.style=manipulation").out
    ending = parley("check", dead, "--set", "mediator.stile=manipulation")
    assert (ending.code, ending.out) == (2, "")
    assert "mediator.style" in ending.err


@pytest.mark.parametrize("runs", [20_000])
def test_ends_of_intervals_that_are_not_quite_none_are_said_to_be_below(runs: int, tmp_path: Path, parley) -> None:
    ending = parley(
        "run", ROOT / "scenarios" / "textbook.yaml", "--set", "distrust=0.1", "--runs", runs, "--no-spread", "--no-plot"
    )
    assert "0.0–< 0.1" in ending.out
    assert "> 99.9–100.0" in ending.out
    assert "0.0–0.0" not in ending.out
    assert "100.0–100.0" not in ending.out
