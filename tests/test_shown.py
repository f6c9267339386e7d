"""What a page shows can be followed, commands and Python: of some pages here, of all by `docs/build.py --check`."""

from __future__ import annotations

import pytest

from docs.follow import ELSEWHERE, MADE, ShownWrongError, follow, give, run_python
from docs.shown import DOCS, PAGES, ROOT, blocks

SAMPLE = DOCS / "how-to" / "write-a-scenario.md"
"""A page with commands of several kinds, and with scenarios of its own."""


def test_what_a_page_shows_is_run(tmp_path, capsys):
    (tmp_path / "earlier").mkdir()
    (tmp_path / "checkout").mkdir()
    follow(SAMPLE, tmp_path / "earlier", tmp_path / "checkout")
    assert list((tmp_path / "checkout" / "results").iterdir())
    capsys.readouterr()


def test_a_command_that_fails_is_told(capsys):
    with pytest.raises(ShownWrongError, match=r"^parley check no-such-file\.yaml: exit code 2$"):
        give(["check", "no-such-file.yaml"])


@pytest.mark.parametrize("block", [">>> 1 + 1\n3\n", ">>> import sim\n>>> sim.rum\n"])
def test_an_example_that_says_something_else_is_told(block, tmp_path):
    with pytest.raises(ShownWrongError, match=r"Expected|AttributeError"):
        run_python(block, {}, tmp_path / "page.md")


def test_a_program_that_fails_is_told(tmp_path):
    with pytest.raises(ZeroDivisionError):
        run_python("1 / 0", {}, tmp_path / "page.md")


def test_every_program_that_a_page_shows_is_python():
    for page in PAGES:
        for _, block, _ in blocks(page, "python"):
            if ">>>" not in block:
                compile(block, str(page), "exec")


def test_what_is_left_to_other_tests_has_them():
    assert [path for path in [*ELSEWHERE.values(), *MADE.values()] if not (ROOT / path).exists()] == []
