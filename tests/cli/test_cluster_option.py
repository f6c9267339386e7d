from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sim.study.execution import dask_cluster
from sim.study.storage.parquet_parts import scan
from tests.cli.conftest import ended_soon

pytestmark = pytest.mark.cluster

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "tests" / "study" / "data" / "small.yaml"


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A scheduler started as the how-to says, with one worker that has joined it, and its address."""
    processes = []
    log = tmp_path / "worker.log"

    def dask(*arguments: object) -> subprocess.Popen[str]:
        code = "import sys; from dask.__main__ import main; sys.exit(main())"
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
        command = [sys.executable, "-c", code, *map(str, arguments)]
        with log.open("w") as told:
            pipes = {"stdout": subprocess.DEVNULL, "stderr": told}
            processes.append(subprocess.Popen(command, env=environment, cwd=tmp_path, text=True, **pipes))
        return processes[-1]

    file = tmp_path / "scheduler.json"
    options = ("--host", "127.0.0.1", "--port", 0, "--dashboard-address", ":0", "--scheduler-file", file)
    first = dask("scheduler", *options)
    while not file.exists() or not file.read_text():
        assert not ended_soon(first)
    address = json.loads(file.read_text())["address"]
    worker = dask("worker", address, "--nthreads", 1, "--no-dashboard")
    while "Registered to" not in log.read_text():
        assert not ended_soon(worker), log.read_text()
    yield first, address
    for process in processes:
        process.send_signal(signal.SIGTERM)
        process.communicate()


@pytest.fixture
def impatient(tmp_path: Path) -> Callable[..., subprocess.Popen[str]]:
    """Start a command that waits only half a second for a scheduler to answer."""

    def popen(*arguments: object) -> subprocess.Popen[str]:
        code = "from sim.cli import main; from sim.study.execution import dask_cluster as d; d.PATIENCE = 0.5; main()"
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
        command = [sys.executable, "-c", code, *map(str, arguments)]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(command, env=environment, cwd=tmp_path, text=True, **pipes)

    return popen


class TestCluster:
    def test_a_scheduler_that_dies_is_one_clear_line_and_loses_nothing(
        self, scheduler: tuple[subprocess.Popen[str], str], impatient, parley, tmp_path: Path
    ) -> None:
        process, address = scheduler
        many = impatient("run", SMALL, "--runs", 10**8, "--json", "--no-spread", "--cluster", address)
        while len([part for folder in tmp_path.glob("results/*/parts") for part in scan(folder)]) < 2:
            assert not ended_soon(many), many.communicate()
        process.kill()
        out, err = many.communicate()
        assert (many.returncode, out, err.count("\n")) == (1, "", 1)
        assert err.startswith(f"{address}: no Dask scheduler answers there")
        again = parley("run", SMALL, "--runs", 5000, "--json", "--no-spread", "--no-plot")
        fresh = parley("run", SMALL, "--runs", 5000, "--json", "--no-spread", "--no-plot", "--out", "fresh")
        assert again.out == fresh.out

    def test_a_scheduler_that_does_not_answer_is_one_clear_line(
        self, parley, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(dask_cluster, "PATIENCE", 0.3)
        ending = parley("run", SMALL, "--cluster", "tcp://127.0.0.1:9")
        assert (ending.code, ending.out, ending.err.count("\n")) == (1, "", 1)
        assert ending.err.startswith("tcp://127.0.0.1:9: no Dask scheduler answers there")
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize(
        ("arguments", "named"),
        [
            (["--cluster", "nowhere"], "nowhere"),
            (["--cluster", "tcp://10.0.0.5"], "tcp://10.0.0.5"),
            (["--cluster", "tcp://10.0.0.5:port"], "--cluster"),
            (["--cluster", "tcp://10.0.0.5:8786", "--jobs", 2], "--jobs"),
        ],
    )
    def test_nonsense_is_refused(self, parley, tmp_path: Path, arguments: list[object], named: str) -> None:
        ending = parley("run", SMALL, *arguments)
        assert (ending.code, ending.out) == (2, "")
        assert named in ending.err
        assert list(tmp_path.iterdir()) == []
