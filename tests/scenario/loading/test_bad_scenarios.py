"""Every wrong scenario gets its exact complaints, all at once, and nothing but a ScenarioError."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.scenario.errors import ScenarioError
from sim.scenario.loading.scenario_loader import load_scenario
from tests.scenario.samples import ENVOY, MINIMAL, edited

pytestmark = pytest.mark.quick


def blocks(file: str) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """Yield the blocks of a corpus: a name, and the lines by the mark with which they begin."""
    for block in Path(__file__).with_name(file).read_text(encoding="utf-8").split("\n== ")[1:]:
        name, *lines = block.split("\n")
        yield name.replace(" ", "-"), {mark: [line[2:] for line in lines if line[:1] == mark] for mark in "-+>*"}


def scenarios() -> Iterator[tuple[str, str, str, list[str]]]:
    """Yield what to replace in the minimal scenario, what to put there, and the complaints."""
    for name, said in blocks("bad_scenarios.txt"):
        old = MINIMAL if said["*"] else "".join(f"{line}\n" for line in said["-"])
        yield name, old, "".join(f"{line}\n" for line in said["+"]), said[">"]


def changes() -> Iterator[tuple[str, list[str], list[str]]]:
    """Yield changes asked for on the command line, and the complaints."""
    for name, said in blocks("bad_changes.txt"):
        yield name, said["+"], said[">"]


def complaints(path: str = "case.yaml", **options: object) -> list[str]:
    """Return what is said of a file that is wrong."""
    with pytest.raises(ScenarioError) as raised:
        load_scenario(path, option="--set", **options)  # type: ignore[arg-type]
    assert str(raised.value) == "\n".join(str(problem) for problem in raised.value.problems)
    return str(raised.value).split("\n")


@pytest.mark.parametrize(("old", "new", "expected"), [pytest.param(*case[1:], id=case[0]) for case in scenarios()])
def test_complaint(old: str, new: str, expected: list[str], folder: Path) -> None:
    (folder / "case.yaml").write_text(edited(old, new), encoding="utf-8")
    assert complaints() == [f"case.yaml:{line}" for line in expected]


def test_all_at_once(folder: Path) -> None:
    text = MINIMAL.replace("aims: {land: 1}", "aims: {land: 7, lnd: 0}").replace("0.1\n", "cheap\n")
    (folder / "case.yaml").write_text(text + "rounds: 10\nmediator: {nam: us}\nevents: [{round: 11}]\n")
    assert complaints() == [
        "case.yaml:6:18: parties.north.aims.land: must be a number from 0 to 1, not 7",
        "case.yaml:6:21: parties.north.aims.lnd: unknown issue 'lnd': did you mean 'land'?",
        "case.yaml:9:20: parties.north.betrayal_loss: must be a number from 0 to 1e9, not the text 'cheap'",
        "case.yaml:14:20: parties.south.betrayal_loss: must be a number from 0 to 1e9, not the text 'cheap'",
        "case.yaml:19:1: mediator.name: must be given: a name",
        "case.yaml:19:12: mediator.nam: unknown key 'nam': did you mean 'name'?",
        "case.yaml:20:10: events.0: must have exactly one of signal, incident, set, not none",
    ]


BOMB = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{here}: &{here} [{','.join([f'*{before}'] * 10)}]\n" for before, here in zip("abcdefg", "bcdefgh", strict=True)
)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(b"", "case.yaml: is empty", id="empty"),
        pytest.param(b"# nothing yet\n", "case.yaml: is empty", id="comments-only"),
        pytest.param(b"---\n...\n", "case.yaml: is empty", id="empty-document"),
        pytest.param(b"null\n", "case.yaml: is empty", id="null"),
        pytest.param(
            "title: caf\u00e9\n".encode("latin-1"),
            "case.yaml: is not UTF-8 (first in line 1): save it with that encoding",
            id="latin-1",
        ),
        pytest.param(
            b"title: x\nabout: \xff\n",
            "case.yaml: is not UTF-8 (first in line 2): save it with that encoding",
            id="stray-byte",
        ),
        pytest.param(
            MINIMAL.encode("utf-16"),
            "case.yaml: is not UTF-8 (first in line 1): save it with that encoding",
            id="utf-16",
        ),
        pytest.param(
            b"title: x\nabout: \x07\n",
            "case.yaml:2: is not YAML: unacceptable character #x0007: control characters are not allowed",
            id="control-character",
        ),
        pytest.param(
            b"title: x\x00\n",
            "case.yaml:1: is not YAML: unacceptable character #x0000: control characters are not allowed",
            id="null-byte",
        ),
        pytest.param(
            BOMB.encode(), "case.yaml: unfolds into more than 20000 parts: too many aliases (*name)", id="alias-bomb"
        ),
        pytest.param(b"a: &a [*a]\n", "case.yaml:1:4: nests deeper than 20 levels", id="alias-of-itself"),
        pytest.param(b"a: " + b"[" * 30 + b"]" * 30, "case.yaml:1:23: nests deeper than 20 levels", id="deep-nesting"),
        pytest.param(b"{a: " * 200_000, "case.yaml:1:81: nests deeper than 20 levels", id="deep-mappings"),
        pytest.param(b"x" * 50_000_000, "case.yaml: takes 50.0 MB; at most 1 MB is read", id="50-MB"),
    ],
)
def test_unusable_file(content: bytes, expected: str, folder: Path) -> None:
    (folder / "case.yaml").write_bytes(content)
    assert complaints() == [expected]


def test_very_deep_nesting(folder: Path) -> None:
    (folder / "case.yaml").write_bytes(b"[" * 900_000)
    (complaint,) = complaints()
    assert complaint.startswith("case.yaml:1:")  # where, depends on the version of the YAML library
    assert complaint.endswith(": nests deeper than 20 levels")


def test_size_is_checked_before_reading(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "case.yaml").write_bytes(b"x" * 1_000_001)
    monkeypatch.setattr(Path, "read_bytes", lambda _: pytest.fail("was read"))
    assert complaints() == ["case.yaml: takes 1.0 MB; at most 1 MB is read"]


def test_no_such_file(folder: Path) -> None:
    (folder / "baseline.yaml").write_text(MINIMAL)
    assert complaints("basline.yaml") == ["basline.yaml: no such file: did you mean 'baseline.yaml'?"]
    listed = "(`parley examples` lists what comes with Parley)"
    assert complaints("elsewhere/x.yaml") == [f"elsewhere/x.yaml: no such file {listed}"]
    assert complaints("x.**") == [f"x.**: no such file {listed}"]


def test_not_a_file(folder: Path) -> None:
    assert complaints(".") == [".: is a folder, not a file"]
    assert complaints("/dev/null") == ["/dev/null: is a device, not a file"]
    os.mkfifo("pipe.yaml")
    assert complaints("pipe.yaml") == ["pipe.yaml: is a pipe, not a file"]
    assert complaints("nul\0byte") == ["nul\0byte: cannot be read: embedded null byte"]
    assert complaints("x" * 5000) == [f"{'x' * 5000}: cannot be read: File name too long"]


def test_byte_order_mark_and_line_ends_are_no_matter(folder: Path) -> None:
    (folder / "case.yaml").write_bytes(b"\xef\xbb\xbf" + MINIMAL.replace("\n", "\r\n").encode())
    assert load_scenario("case.yaml").title == "Two sides"


def test_a_byte_order_mark_takes_no_column(folder: Path) -> None:
    (folder / "case.yaml").write_bytes(b"\xef\xbb\xbftitle: [x]\n" + edited("title: Two sides\n", "").encode())
    assert complaints() == ["case.yaml:1:8: title: must be text, not a list"]


def test_columns_count_characters(folder: Path) -> None:
    (folder / "case.yaml").write_text(MINIMAL.replace("theirs", "чужое").replace("ours", "3"), encoding="utf-8")
    assert complaints() == ["case.yaml:3:28: issues.land.high: must be text, not 3 (put it in quotes)"]


def test_names_of_any_script(folder: Path) -> None:
    text = MINIMAL.replace("north", "Север").replace("south", "Νότος").replace("land", "земля")
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    assert list(load_scenario("case.yaml").parties) == ["Север", "Νότος"]


def test_a_composed_and_a_decomposed_name_are_one(folder: Path) -> None:
    (folder / "case.yaml").write_text(
        MINIMAL.replace("land", "\u0438\u0306", 1).replace("land", "\u0439"), encoding="utf-8"
    )
    assert list(load_scenario("case.yaml").issues) == ["\u0439"]


def test_a_dotted_name_is_refused_where_it_is_given(folder: Path) -> None:
    (folder / "case.yaml").write_text(MINIMAL.replace("land", "la.nd"))
    allowed = "use letters, digits, _ and -, beginning with a letter or _ (no dots, spaces or *)"
    assert complaints()[0] == f"case.yaml:3:3: issues.la.nd: 'la.nd' cannot be a name: {allowed}"


def test_an_issue_nobody_can_reach_by_a_later_event(folder: Path) -> None:
    text = MINIMAL.replace("{land: 1}", "{land: 1, sea: 0}").replace("{land: 0}", "{land: 0, sea: 0}")
    text = text.replace("  land: {", "  sea: {}\n  land: {").replace(
        "salience: {land: 1, sea: 0}", "salience: {land: 1, sea: 0}"
    )
    events = (
        "events:\n- {round: 9, set: {parties.*.salience.land: 0}}\n- {round: 3, set: {parties.north.salience.sea: 1}}\n"
    )
    (folder / "case.yaml").write_text(text + events)
    assert complaints() == [
        "case.yaml:20:45: events.0.set.parties.*.salience.land: leaves weights that sum to 0: "
        "at least one issue must matter"
    ]


@pytest.mark.parametrize(("changes", "expected"), [pytest.param(*case[1:], id=case[0]) for case in changes()])
def test_wrong_change(changes: list[str], expected: list[str], folder: Path) -> None:
    (folder / "case.yaml").write_text(MINIMAL + ENVOY)
    assert complaints(set=changes) == expected


def test_the_mediator_goes_last(folder: Path) -> None:
    (folder / "case.yaml").write_text(MINIMAL + ENVOY)
    assert load_scenario("case.yaml", ["mediator=null", "mediator.style=formulation"]).mediator is None
