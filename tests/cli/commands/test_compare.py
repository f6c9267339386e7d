from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import Popen

import pytest

from sim.cli.commands.sensitivity import _duration
from sim.study import comparison

SMALL = Path(__file__).parents[2] / "study" / "data" / "small.yaml"


@pytest.fixture
def alone(tmp_path: Path) -> Path:
    """The small scenario without its mediator."""
    path = tmp_path / "alone.yaml"
    path.write_text(f"extends: {SMALL}\nmediator: null\n")
    return path


class TestCompare:
    def test_the_table_reads_at_80_columns(self, parley, alone: Path) -> None:
        ending = parley("compare", SMALL, alone)
        assert (ending.code, ending.err) == (0, "")
        assert "300 runs of each, on common random numbers (seed 7)" in ending.out
        assert "assumptions" in ending.out
        assert "Runs needed without common random numbers" in " ".join(ending.out.split())
        assert max(map(len, ending.out.splitlines())) <= 80
        results, chart = ending.out.splitlines()[-2:]
        assert results.startswith("Results: results/small-")
        assert chart == f"{results.replace('Results', 'Chart')}charts/differences.png"

    def test_json_is_one_object_and_is_kept(self, parley, alone: Path, tmp_path: Path) -> None:
        ending = parley("compare", SMALL, alone, "--runs", 50, "--seed", 3, "--json")
        found = json.loads(ending.out)
        assert ending.out.count("\n") == 1
        assert (found["reference"], found["runs"], found["seed"]) == ("small", 50, 3)
        assert [each["scenario"] for each in found["scenarios"]] == ["small", "alone"]
        (kept,) = (tmp_path / "results").glob("small-*/comparisons/*.json")
        assert json.loads(kept.read_text()) == found
        folder = kept.parents[1].relative_to(tmp_path)
        assert ending.err == f"Results: {folder}/\nChart: {folder}/charts/differences.png\n"

    def test_what_takes_time_can_be_left_out(self, parley, alone: Path, tmp_path: Path) -> None:
        ending = parley("compare", SMALL, alone, "--runs", 50, "--no-spread", "--no-plot")
        assert "assumptions" not in ending.out.partition("Intervals:")[0]
        assert "Chart:" not in ending.out
        assert not list(tmp_path.rglob("*.png"))
        assert not list(tmp_path.rglob("spread"))

    def test_ablations(self, parley) -> None:
        found = json.loads(parley("compare", SMALL, "--ablate", "--runs", 200, "--json").out)
        changes = {each["scenario"]: each["change"] for each in found["scenarios"]}
        assert list(changes) == [
            "small",
            *(f"small-{n}" for n in ("betrayal-costless", "trust-unmoved", "no-messages", "no-texts")),
        ]
        assert changes["small-betrayal-costless"]["settlement"]["low"] > 0
        assert changes["small-trust-unmoved"]["settlement"]["high"] < 0
        assert changes["small-no-messages"]["settlement"]["only_here"] == 0  # everybody meets anyway

    def test_set_changes_all(self, parley, alone: Path) -> None:
        found = json.loads(
            parley("compare", SMALL, alone, "--runs", 50, "--set", "parties.*.precondition=5", "--json").out
        )
        assert [each["settlement"]["p"] for each in found["scenarios"]] == [0, 0]

    def test_warnings_are_part_of_the_json(self, parley, tmp_path: Path) -> None:
        other = tmp_path / "other.yaml"
        other.write_text(f"extends: {SMALL}\nseed: 8\n")
        ending = parley("compare", SMALL, other, "--runs", 20, "--json")
        assert any(each.startswith("other: its own seed 8 is not used") for each in json.loads(ending.out)["warnings"])
        assert "its own seed" not in ending.err

    def test_scenarios_of_one_name_are_told_apart(self, parley, tmp_path: Path) -> None:
        for name in ("one", "two"):
            (tmp_path / name).mkdir()
            (tmp_path / name / "case.yaml").write_text(f"extends: {SMALL}\nrounds: {len(name) + (name == 'two')}\n")
        found = json.loads(parley("compare", "one/case.yaml", "two/case.yaml", "--runs", 5, "--json").out)
        assert [each["scenario"] for each in found["scenarios"]] == ["one-case", "two-case"]

    def test_an_interrupt_says_what_is_kept(self, parley, alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def interrupt(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(comparison, "compare", interrupt)
        ending = parley("compare", SMALL, alone)
        assert (ending.code, ending.out) == (130, "")
        assert "Finished parts are in results/" in ending.err


class TestSensitivity:
    def test_it_says_what_it_takes_and_then_what_it_found(self, start: Callable[..., Popen[str]]) -> None:
        process = start("sensitivity", SMALL, "--rows", 16, "--plays", 4, "--jobs", 1)
        out, err = process.communicate()
        assert process.returncode == 0
        announced, *_ = err.splitlines()
        assert announced == "6 ranges give 16 × 8 rows of 4 runs: 512 runs"
        assert "Which ranges move how often they settle?" in out
        assert max(map(len, out.splitlines())) <= 80

    def test_json_is_one_object_and_is_found_again(self, parley, tmp_path: Path) -> None:
        asked = ("sensitivity", SMALL, "--rows", 32, "--plays", 4, "--seed", 2, "--of", "lasting.52", "--json")
        first, again = parley(*asked), parley(*asked)
        found = json.loads(first.out)
        assert first.out == again.out
        assert (found["scenario"], found["seed"], found["outcome"], found["runs"]) == ("small", 2, "lasting.52", 1024)
        assert "takes about" in first.err
        assert "takes about" not in again.err
        assert "nothing had to be simulated" in again.err
        (kept,) = (tmp_path / "results").glob("small-*/sensitivity/lasting.52.json")
        assert json.loads(kept.read_text()) == found


NOTHING = [
    option
    for path in ("mediator=null", "distrust=0", "*.*.reservation=0.5", "parties.*.betrayal_loss=0", "*.*.trust_gain=0")
    for option in ("--set", path)
]

BAD = {
    "nothing to compare with": (["compare", SMALL], "at least two scenarios to compare, or one with --ablate"),
    "the same twice": (["compare", SMALL, SMALL], "given twice"),
    "two to ablate": (["compare", SMALL, SMALL, "--ablate"], "one file"),
    "nothing to ablate": (["compare", SMALL, "--ablate", *NOTHING], "nothing to leave out"),
    "no such scenario": (["compare", SMALL, "nowhere.yaml"], "nowhere.yaml"),
    "no runs": (["compare", SMALL, "--ablate", "--runs", "0"], "--runs"),
    "no ranges": (["sensitivity", SMALL, *NOTHING], "nothing in this scenario is a range"),
    "rows that are no power of two": (["sensitivity", SMALL, "--rows", "100"], "power of two"),
    "one play": (["sensitivity", SMALL, "--plays", "1"], "plays"),
    "no such outcome": (["sensitivity", SMALL, "--of", "peace"], "settlement"),
    "beyond what is watched": (["sensitivity", SMALL, "--of", "lasting.260"], "100 periods"),
    "too many runs": (["sensitivity", SMALL, "--rows", "1048576", "--plays", "4096"], "1,000,000,000"),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "named"), BAD.values(), ids=BAD)
def test_bad_input_is_refused_before_anything_runs(parley, tmp_path: Path, arguments: list[object], named: str) -> None:
    ending = parley(*arguments)
    assert (ending.code, ending.out) == (2, "")
    assert named in ending.err
    assert "Traceback" not in ending.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.01, "a second"),
        (1.0, "a second"),
        (1.2, "2 seconds"),
        (99.5, "100 seconds"),
        (100, "2 minutes"),
        (3600, "60 minutes"),
        (3601, "61 minutes"),
    ],
)
def test_spans_of_time_are_rounded_up(seconds: float, words: str) -> None:
    assert _duration(seconds) == words
