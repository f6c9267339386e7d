"""Studies that are interrupted, killed or run out of disk go on where they stopped, and lose nothing."""

from __future__ import annotations

import errno
import json
import os
import re
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.study.storage import atomic_files
from sim.study.storage.parquet_parts import Ledger, scan

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "tests" / "study" / "data" / "small.yaml"
RUNS = 5 * 16384 + 100
LONGEST = 120
"""Seconds after which a process is taken to hang, on the slowest machine."""

SHORT = ("--set", "rounds=4", "--set", "implementation.periods=10")
"""Runs that are soon over: what counts here is in how many parts they lie."""

COMMAND = ("run", SMALL, *SHORT, "--runs", RUNS, "--json", "--no-plot")


class Gated:
    """A command that waits as it saves a certain part, until it is released or killed (see gated.py)."""

    def __init__(self, folder: Path, part: int, what: str | int = "wait", blocks: int = 1, jobs: int = 2) -> None:
        self._reports, report = os.pipe()
        release, self._release = os.pipe()
        script = ROOT / "tests" / "cli" / "gated.py"
        arguments = (sys.executable, script, what, part, blocks, report, release, *COMMAND, "--jobs", jobs)
        self.process = subprocess.Popen(
            [str(argument) for argument in arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path]), "COLUMNS": "80"},
            pass_fds=(report, release),
            start_new_session=True,
        )
        os.close(report)
        os.close(release)

    def reach(self) -> list[int]:
        """Wait until it waits; return the process numbers of its workers."""
        with os.fdopen(self._reports) as reports:
            assert select.select([reports], [], [], LONGEST)[0], "it never came to the gate"
            line = reports.readline()
        assert line, self.process.communicate()[1]
        return json.loads(line)

    def release(self) -> None:
        os.write(self._release, b".")

    def end(self) -> tuple[int, str, str]:
        """Wait for its end: exit code, what it printed, and its messages."""
        out, err = self.process.communicate(timeout=LONGEST)
        os.close(self._release)
        return self.process.returncode, out, err


@pytest.fixture
def gated(tmp_path: Path) -> Iterator[object]:
    started: list[Gated] = []

    def start(part: int, what: str | int = "wait", blocks: int = 1, jobs: int = 2) -> Gated:
        started.append(Gated(tmp_path, part, what, blocks, jobs))
        return started[-1]

    yield start
    for gate in started:
        if gate.process.poll() is None:
            os.killpg(gate.process.pid, signal.SIGKILL)
            gate.process.communicate()


def parts(folder: Path) -> dict[str, int]:
    """The parts of the only study there, and which file each is."""
    return {path.name: path.stat().st_ino for path in folder.glob("results/*/parts/*.parquet")}


def leftovers(folder: Path) -> list[Path]:
    return list(folder.rglob("*.tmp"))


@pytest.fixture
def undisturbed(parley) -> str:
    """What the command prints where nothing happens: found once for all tests here."""
    if not _undisturbed:
        _undisturbed.append(parley(*COMMAND, "--out", "undisturbed").out)
    return _undisturbed[0]


_undisturbed: list[str] = []


@pytest.fixture
def finish(parley, undisturbed: str, tmp_path: Path):
    """Give the same command again; it has to go on from `kept`, and to end as if nothing had happened."""

    def call(kept: dict[str, int]) -> None:
        again = parley(*COMMAND)
        assert again.code == 0, again.err
        assert again.out == undisturbed
        assert kept.items() <= parts(tmp_path).items()
        assert sum(part.size for part in scan(next(tmp_path.glob("results/*/parts")))) == RUNS
        assert leftovers(tmp_path) == []

    return call


def test_after_ctrl_c(gated, finish, tmp_path: Path) -> None:
    gate = gated(part=4)
    gate.reach()
    os.killpg(gate.process.pid, signal.SIGINT)
    code, out, err = gate.end()
    assert (code, out) == (130, "")
    assert err.startswith("Interrupted. Finished parts are in results/")
    assert err.count("\n") == 1
    kept = parts(tmp_path)
    assert len(kept) == 3
    assert leftovers(tmp_path) == []
    finish(kept)


def test_after_the_death_of_the_parent(gated, finish, tmp_path: Path) -> None:
    gate = gated(part=4)
    gate.reach()
    gate.process.kill()
    assert gate.end()[0] == -signal.SIGKILL
    kept = parts(tmp_path)
    assert len(kept) == 3
    assert len(leftovers(tmp_path)) == 1
    finish(kept)


def test_after_the_death_of_a_worker(gated, finish, tmp_path: Path) -> None:
    gate = gated(part=4)
    workers = gate.reach()
    assert len(workers) == 2
    kept = parts(tmp_path)
    os.kill(workers[0], signal.SIGKILL)
    gate.release()
    code, out, _ = gate.end()
    assert code == 0
    assert json.loads(out)["runs"] == RUNS
    assert len(parts(tmp_path)) == 6
    finish(kept)


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EROFS], ids=["full disk", "read-only"])
def test_after_the_disk_took_no_more(gated, finish, tmp_path: Path, error: int) -> None:
    code, out, err = gated(part=4, what=error, jobs=1).end()
    assert (code, out) == (1, "")
    assert re.fullmatch(rf"results/.*\.parquet: cannot write results: {os.strerror(error)}\n", err)
    kept = parts(tmp_path)
    assert len(kept) == 3
    assert leftovers(tmp_path) == []
    finish(kept)


def test_two_processes_on_one_study_share_a_folder(gated, parley, undisturbed: str, tmp_path: Path) -> None:
    """Both have planned all their work, in tasks of different sizes, before either does the most of it."""
    pair = [gated(part=2, blocks=2), gated(part=2, blocks=3)]
    for gate in pair:
        gate.reach()
    endings = []
    for gate in pair:
        gate.release()
        endings.append(gate.end())
    assert [code for code, _, _ in endings] == [0, 0]
    found = scan(next(tmp_path.glob("results/*/parts")))
    assert Ledger(found).overlapping
    assert [out for _, out, _ in endings] == [undisturbed] * 2
    assert parley(*COMMAND).out == undisturbed
    summary = next(tmp_path.glob("results/*/summary.json"))
    assert json.loads(summary.read_text()) == json.loads(undisturbed)


def test_a_damaged_manifest_loses_nothing(parley, tmp_path: Path) -> None:
    """One that is empty, of something else, or zeros."""
    whole = parley("run", SMALL, "--no-plot")
    kept = parts(tmp_path)
    manifest = next(tmp_path.glob("results/*/manifest.json"))
    for content in ("", "{}", "\0\0\0\0"):
        manifest.write_text(content)
        ending = parley("run", SMALL)
        assert (ending.code, ending.out, ending.err.count("\n")) == (1, "", 1)
        assert ending.err.startswith(str(manifest.relative_to(tmp_path)))
    manifest.unlink()
    assert parley("run", SMALL, "--no-plot").out.startswith(whole.out.rstrip())
    assert parts(tmp_path) == kept


def test_a_damaged_summary_is_written_anew(parley, tmp_path: Path) -> None:
    whole = parley("run", SMALL, "--json", "--no-plot")
    kept = parts(tmp_path)
    summary = next(tmp_path.glob("results/*/summary.json"))
    for content in ("", "[]", '{"runs": 10}'):
        summary.write_text(content)
        assert parley("run", SMALL, "--json", "--no-plot").out == whole.out
        assert json.loads(summary.read_text()) == json.loads(whole.out)
        assert parts(tmp_path) == kept


def test_what_is_there_can_be_read_from_a_read_only_disk(
    parley, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = parley("run", SMALL, "--json", "--no-plot")

    def refuse(path: Path, content: bytes) -> None:
        raise atomic_files.StorageError(f"{path}: {os.strerror(errno.EROFS)}")

    monkeypatch.setattr(atomic_files, "write_atomically", refuse)
    assert parley("run", SMALL, "--json", "--no-plot").out == whole.out
    refused = parley("run", SMALL, "--runs", 1000)
    assert (refused.code, refused.out) == (1, "")
    assert os.strerror(errno.EROFS) in refused.err


@pytest.fixture
def short() -> Iterator[Path]:
    """A folder for temporary files whose path leaves room for that of a socket, of at most some hundred bytes."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def scratch(folder: Path) -> list[Path]:
    """The temporary folders that `parley` has left in a folder for temporary files."""
    return sorted(folder.glob("parley-*"))


@pytest.mark.parametrize(
    ("stop", "everybody"),
    [(signal.SIGTERM, False), (signal.SIGTERM, True), (signal.SIGHUP, False), (signal.SIGHUP, True)],
    ids=lambda value: value.name if isinstance(value, signal.Signals) else "to all" if value else "to the parent alone",
)
def test_after_a_request_to_end(
    gated, finish, tmp_path: Path, short: Path, monkeypatch: pytest.MonkeyPatch, stop: signal.Signals, everybody: bool
) -> None:
    monkeypatch.setenv("TMPDIR", str(short))
    gate = gated(part=4)
    gate.reach()
    assert scratch(short)
    if everybody:
        os.killpg(gate.process.pid, stop)
    else:
        gate.process.send_signal(stop)
    code, out, err = gate.end()
    assert (code, out) == (128 + stop, "")
    assert re.fullmatch(r"Terminated\. Finished parts are in results/: the same command resumes from there\.\n", err)
    assert scratch(short) == []
    kept = parts(tmp_path)
    assert len(kept) == 3
    assert leftovers(tmp_path) == []
    finish(kept)


def test_what_killed_processes_left_is_gone_at_the_next_start(gated, parley, tmp_path: Path, short: Path) -> None:
    """Theirs alone: those of a process that runs, of another machine, and what only has such a name stay."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(short))
        gate = gated(part=4)
        gate.reach()
        os.killpg(gate.process.pid, signal.SIGKILL)
        gate.end()
        left = scratch(short)
        assert left
        (study,) = tmp_path.glob("results/*")
        for folder in ("charts", "comparisons", "spread/512x32"):
            (study / folder).mkdir(parents=True, exist_ok=True)
        dead = next(study.rglob("*.tmp")).name
        for folder in ("charts", "comparisons", "spread/512x32", "."):
            (study / folder / dead).touch()
        mine = short / left[0].name.replace(f"-{gate.process.pid}-", f"-{os.getpid()}-")
        elsewhere = short / f"parley-00000000-{gate.process.pid}-x"
        user = short / "parley-notes"
        linked = short / f"{left[0].name}x"
        precious = tmp_path / "precious"
        for folder in (mine, elsewhere, user, precious):
            folder.mkdir()
        (precious / "file").touch()
        linked.symlink_to(precious)
        patch.setattr(tempfile, "tempdir", None)
        assert parley("run", SMALL, *SHORT, "--runs", 20, "--no-spread", "--no-plot").code == 0
        assert {*scratch(short)} == {mine, elsewhere, user, linked}
        assert (precious / "file").exists()
        assert leftovers(tmp_path) == []
    tempfile.tempdir = None
