"""What reaches a terminal: no control character out of a file, and no question mark in the place of a sign."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.cli import main
from sim.cli.terminal.encoding import PLAIN, plain_equivalent
from sim.scenario.control_characters import escape_controls, strip_controls
from sim.scenario.loading.scenario_loader import load_scenario
from tests.cli.conftest import ROOT, SMALL

SHORT = ("--runs", "200", "--jobs", "1", "--no-spread", "--no-plot")
TITLE = "A\x1b]0;pwned\x07\x1b[2J\u202egpj.exe\x08\x00\x9b31m ρ − Ж"
SHOWN = "A]0;pwned[2Jgpj.exe31m ρ − Ж"


def _started(folder: Path, encoding: str, *arguments: str) -> bytes:
    """What a command prints in a process whose output has an encoding."""
    done = subprocess.run(
        [sys.executable, "-m", "sim", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONIOENCODING": encoding, "COLUMNS": "80", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _parley(folder: Path, encoding: str, *arguments: str) -> bytes:
    """What a command prints on a stream of an encoding, in this process."""
    printed, told = io.BytesIO(), io.BytesIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("COLUMNS", "80")
        for name, stream in (("stdout", printed), ("stderr", told)):
            patch.setattr(sys, name, io.TextIOWrapper(stream, encoding, errors="strict"))
        patch.setattr(sys, "argv", ["parley", *arguments])
        try:
            main(arguments)
        except SystemExit as ending:
            assert not ending.code, told.getvalue()
        finally:
            for wrapper in (sys.stdout, sys.stderr):
                wrapper.detach()
    return printed.getvalue()


COMPARED = ("compare", str(ROOT / "scenarios/baseline.yaml"), str(ROOT / "scenarios/no-mediator.yaml"), *SHORT)


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the scenarios are compared: the command finds their runs there."""
    return tmp_path_factory.mktemp("compared")


@pytest.fixture(scope="module")
def expected(compared: Path) -> str:
    """What is printed where every sign can be."""
    return _parley(compared, "utf-8", *COMPARED).decode()


class TestEncodings:
    @pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437", "iso8859-5"])
    def test_figures_keep_their_signs(self, expected: str, compared: Path, encoding: str) -> None:
        """One of them as the terminal of a process of its own."""
        given = _started if encoding == "cp1252" else _parley
        found = given(compared, encoding, *COMPARED).decode(encoding)
        assert found.count("?") == expected.count("?")
        (line,) = [line for line in expected.splitlines() if line.startswith("  no-mediator") and "−" in line][:1]
        plain = {"−", "–"} - {sign for sign in "−–" if _encodes(sign, encoding)}
        for sign in plain:
            line = line.replace(sign, "-")
        assert line in found.splitlines()

    def test_bars_and_scales_are_drawn_in_ascii(self, tmp_path: Path) -> None:
        found = _started(tmp_path, "ascii", "run", SMALL, *SHORT).decode("ascii")
        assert "*" in found
        assert "##" in found
        assert "* mean, = middle 90 % of settlements" in found
        assert "*===" in found

    def test_json_is_the_same_data(self, tmp_path: Path) -> None:
        file = tmp_path / "case.yaml"
        file.write_text(Path(SMALL).read_text(encoding="utf-8"), encoding="utf-8")
        command = ("run", str(file), *SHORT, "--name", "Ж−ρ", "--json")
        found = [_parley(tmp_path, encoding, *command) for encoding in ("utf-8", "ascii", "cp1251")]
        found.append(_started(tmp_path, "utf-16", *command))
        assert [json.loads(each.decode("utf-8")) for each in found[1:]] == 3 * [json.loads(found[0])]
        assert json.loads(found[1])["scenario"] == "Ж−ρ"

    @pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp1251", "utf-16"])
    def test_a_scenario_that_is_handed_over_is_the_same(self, tmp_path: Path, encoding: str) -> None:
        """It goes into a file, and files are UTF-8: a letter without its accent would be another scenario."""
        text = Path(SMALL).read_text(encoding="utf-8").replace("first", "Зоя").replace("second", "Zoé")
        text = text.replace("First", "A – “B”").replace("A small negotiation", '"A ‘\\u202eB\\U000e0041’"')
        file, copy = tmp_path / "case.yaml", tmp_path / "copy.yaml"
        file.write_text(text, encoding="utf-8")
        copy.write_bytes(_started(tmp_path, encoding, "show", str(file)))
        assert strip_controls(copy.read_text(encoding="utf-8")) == copy.read_text(encoding="utf-8")
        assert load_scenario(copy) == load_scenario(file)

    @given(st.text())
    def test_no_content_becomes_a_question_mark(self, text: str) -> None:
        written = text.encode("ascii", errors=PLAIN).decode("ascii")
        assert written.count("?") <= sum("?" in unicodedata.normalize("NFKD", letter) for letter in text)

    @pytest.mark.parametrize(
        ("sign", "plain"), [("−", "-"), ("–", "-"), ("█", "#"), ("●", "*"), ("━", "="), ("ρ", "rho"), ("é", "e")]
    )
    def test_equivalents(self, sign: str, plain: str) -> None:
        assert plain_equivalent(sign) == plain


def _encodes(sign: str, encoding: str) -> bool:
    try:
        sign.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


class TestControls:
    def test_titles_are_shown_without_them(self, parley, tmp_path: Path) -> None:
        file = tmp_path / "case.yaml"
        text = Path(SMALL).read_text(encoding="utf-8")
        lines = [line for line in text.splitlines() if not line.startswith(("title:", "about:"))]
        file.write_text("\n".join([f"title: {json.dumps(TITLE)}", *lines]), encoding="utf-8")
        for command in (("run", file, *SHORT), ("explain", file), ("trace", file, "--run", "1")):
            shown = parley(*command)
            assert shown.code == 0
            assert SHOWN in shown.out
            assert strip_controls(shown.out) == shown.out

    @pytest.mark.parametrize("name", ["x\x1b[2Jy.yaml", "x\u202ey.yaml"])
    def test_names_of_files_are_shown_without_them(self, parley, name: str) -> None:
        for command in ("run", "check", "sweep", "plot"):
            shown = parley(command, name)
            assert shown.code == 2
            assert strip_controls(shown.err).replace("│", "") != ""
            assert "\x1b[2J" not in shown.err
            assert "\u202e" not in shown.err

    @given(st.text(st.characters(categories=["Cc", "Cf", "Cs", "Zl", "Zp"])))
    def test_nothing_that_steers_is_left(self, text: str) -> None:
        left = set(strip_controls(text)) - set("\t\n\u200c\u200d")
        assert all(
            unicodedata.category(letter) == "Cf" and unicodedata.bidirectional(letter) != "RLO" for letter in left
        )
        assert not left & set("\x1b\x9b\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")

    @given(st.text())
    def test_escapes_leave_data_as_they_are(self, text: str) -> None:
        assert json.loads(escape_controls(json.dumps(text, ensure_ascii=False))) == text
