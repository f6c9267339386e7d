"""Commands that draw, beside whatever the user has set up for matplotlib: a chart never costs a result."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest

from tests.cli.conftest import ROOT, SMALL, Ending
from tests.output.report.studies import give as told

Start = Callable[..., "Popen[str]"]

RUN = ("run", SMALL, "--runs", "40", "--no-spread")

HOSTILE = """\
text.usetex: True
font.family: No Such Font
figure.facecolor: black
savefig.bbox: tight
lines.linewidth: thick
no such setting: 3
not even a setting
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which matplotlib remembers the fonts of the system: looking for them takes longer than the rest."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def give(start: Start, monkeypatch: pytest.MonkeyPatch, home: Path) -> Callable[..., Ending]:
    """Give a command as a process of its own, with additions to the environment."""

    def ended(*arguments: str, **environment: str) -> Ending:
        for name, value in {"HOME": str(home), **environment}.items():
            monkeypatch.setenv(name, value)
        process = start(*arguments)
        out, err = process.communicate(timeout=120)
        return Ending(process.returncode, out, err)

    return ended


def charts(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("results/*/charts/*")}


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the run was made, and drawn, where nothing is set up."""
    folder = tmp_path_factory.mktemp("usual")
    told(folder, *RUN)
    return folder


@pytest.fixture
def usual(study: Path) -> dict[str, bytes]:
    """The charts of the run where nothing is set up."""
    return charts(study)


@pytest.fixture
def undrawn(study: Path, tmp_path: Path) -> None:
    """Have the run here, without charts."""
    shutil.copytree(study / "results", tmp_path / "results", ignore=shutil.ignore_patterns("charts"))


def test_settings_and_backends_of_others_change_no_chart(
    give: Callable[..., Ending], usual: dict[str, bytes], tmp_path: Path
) -> None:
    (tmp_path / "matplotlibrc").write_text(HOSTILE)
    ending = give(*RUN, MPLBACKEND="module://matplotlib_inline.backend_inline")
    assert (ending.code, ending.err) == (0, "")
    assert charts(tmp_path) == usual
    assert len(usual) == 2


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize("backend", ["no_such_backend", "TkAgg"])
def test_no_backend_changes_what_is_drawn_anew(
    give: Callable[..., Ending], usual: dict[str, bytes], tmp_path: Path, backend: str
) -> None:
    (tmp_path / "matplotlibrc").write_text(HOSTILE)
    ending = give("plot", "small", "--kind", "outcomes", "--kind", "terms", MPLBACKEND=backend)
    assert (ending.code, ending.err) == (0, "")
    assert charts(tmp_path) == usual


def test_no_command_loads_matplotlib_before_charts_do() -> None:
    """Charts load it in a way that no backend of others hinders: so it is with every command that draws."""
    code = (
        "import importlib, pkgutil, sys, sim.cli as cli\n"
        "for module in pkgutil.walk_packages(cli.__path__, 'sim.cli.'):\n"
        "    importlib.import_module(module.name)\n"
        "print([name for name in ('matplotlib', 'sim.output.charts') if name in sys.modules])\n"
        "import sim.output.charts\n"
        "print([name for name in ('matplotlib', 'sim.output.charts') if name in sys.modules])\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path]), "MPLBACKEND": "no_such_backend"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, check=True, capture_output=True, text=True)
    assert done.stdout.splitlines() == ["[]", "['matplotlib', 'sim.output.charts']"]


@pytest.mark.parametrize("command", ["sweep", "report"])
def test_every_command_that_draws_minds_no_backend(
    give: Callable[..., Ending], undrawn: None, tmp_path: Path, command: str
) -> None:
    (tmp_path / "matplotlibrc").write_text(HOSTILE)
    arguments = {
        "sweep": (SMALL, "--vary", "distrust=0,1", "--runs", "5", "--no-spread"),
        "report": ("small",),
    }
    ending = give(command, *arguments[command], MPLBACKEND="no_such_backend")
    assert ending.code == 0, ending.err
    assert "Traceback" not in ending.err
    assert ("Chart: " in ending.out) or (tmp_path / "report.html").exists()


def test_neither_a_home_that_can_be_written_nor_a_backend_is_needed(
    give: Callable[..., Ending], undrawn: None, usual: dict[str, bytes], tmp_path: Path
) -> None:
    asked = ("plot", "small", "--kind", "outcomes", "--kind", "terms")
    ending = give(*asked, HOME="/proc/nowhere", MPLCONFIGDIR="/proc/nowhere", MPLBACKEND="")
    assert (ending.code, ending.err) == (0, "")
    assert charts(tmp_path) == usual


@pytest.mark.parametrize("json", [False, True])
def test_where_matplotlib_does_not_load_the_result_is_there_and_the_exit_code_says_so(
    give: Callable[..., Ending], tmp_path: Path, json: bool
) -> None:
    """A matplotlibrc that is no text: matplotlib itself fails on it."""
    (tmp_path / "matplotlibrc").write_bytes(b"font.family: \xff\xfe\n")
    second = (str(Path(SMALL).with_name("small.yaml")),)
    ending = give("run", SMALL, *second, *RUN[2:], *(["--json"] if json else []))
    assert ending.code == 1
    assert ending.out.count('"settlement"' if json else "How often do they settle?") >= 2, "both scenarios are told"
    assert len(list(tmp_path.glob("results/*/summary.json"))) == 1
    told = [line for line in ending.err.splitlines() if not line.startswith("Results: ")]
    assert len(told) == 2
    assert all(line.startswith("Charts not drawn: matplotlib cannot be loaded") for line in told)


@pytest.mark.parametrize("command", ["plot", "report"])
def test_where_matplotlib_does_not_load_commands_that_only_draw_say_so_in_one_line(
    give: Callable[..., Ending], undrawn: None, tmp_path: Path, command: str
) -> None:
    (tmp_path / "matplotlibrc").write_bytes(b"font.family: \xff\xfe\n")
    ending = give(command, "small")
    assert (ending.code, ending.out, ending.err.count("\n")) == (1, "", 1)
    assert ending.err.startswith("matplotlib cannot be loaded")


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("run", RUN[1:]),
        ("sweep", (SMALL, "--vary", "distrust=0,1", "--runs", "5", "--no-spread")),
        ("compare", (SMALL, "--ablate", "--runs", "20", "--no-spread")),
        ("sensitivity", (SMALL, "--rows", "512", "--plays", "32")),
    ],
)
def test_a_chart_that_fails_costs_no_result(
    parley: Callable[..., Ending],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    arguments: tuple[str, ...],
) -> None:
    """Whatever matplotlib raises: the table, the folder, the other charts, one line, and exit code 1."""
    from matplotlib.figure import Figure

    def failing(*_: Any, **__: Any) -> None:
        raise RuntimeError("no pencil\nat all")

    monkeypatch.setattr(Figure, "savefig", failing)
    ending = parley(command, *arguments)
    assert ending.code == 1
    assert "Results: results/small-" in ending.out
    assert "not a forecast" in ending.out
    told = [line for line in ending.err.splitlines() if line.startswith("Chart not drawn: ")]
    assert [line.partition(": ")[2].partition(": ")[2] for line in told] == [
        "cannot be drawn: RuntimeError: no pencil"
    ] * (2 if command == "run" else 1)
    assert "Traceback" not in ending.err


def test_of_several_charts_the_others_are_drawn(parley: Callable[..., Ending], monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.output.chart_errors import ChartError
    from sim.output.charts import terms

    parley(*RUN, "--no-plot")

    def failing(*_: Any, **__: Any) -> None:
        raise ChartError("cannot be drawn: no pencil")

    monkeypatch.setattr("sim.output.charts.catalogue.terms", failing)
    assert terms is not failing
    ending = parley("plot", "small", "--kind", "outcomes", "--kind", "terms", "--kind", "durability")
    assert ending.code == 1
    assert [Path(line).stem for line in ending.out.splitlines()] == ["outcomes", "durability"]
    assert ending.err == "Chart not drawn: terms: cannot be drawn: no pencil\n"
