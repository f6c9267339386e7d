from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from sim.study.storage import atomic_files, parquet_parts
from sim.study.storage.atomic_files import (
    StorageError,
    read_json,
    remove_leftovers,
    temporary_beside,
    write_atomically,
    write_json,
)
from sim.study.storage.database import encode
from sim.study.storage.parquet_parts import Ledger, Part, resolve_overlaps, save, scan
from sim.study.storage.queries import open_runs


def table(points: range, runs: range) -> bytes:
    """A part whose `value` is known from point and run."""
    point, run = (axis.ravel() for axis in np.meshgrid(points, runs, indexing="ij"))
    return encode({"point": point.astype(np.int32), "run": run, "value": 1000.0 * point + run})


def total(folder: Path, runs: int) -> tuple[int, float]:
    with open_runs(folder, runs) as connection:
        return connection.execute("SELECT count(*), sum(value) FROM runs").fetchone()


REVERSED = [
    "points-000002-000001.runs-0000000000-0000000009.0012beef.parquet",
    "points-000000-000000.runs-0000000009-0000000008.0012beef.parquet",
]


class TestNames:
    @pytest.mark.parametrize("part", [Part(0, 0, 0, 4095, "0012beef"), Part(7, 440, 400, 10**9 - 1, "ffffffff")])
    def test_a_name_says_what_the_part_holds(self, part: Part) -> None:
        assert Part.parse(part.name) == part

    @pytest.mark.parametrize(
        "name", ["manifest.json", ".points-000000-000000.runs-0.parquet.tmp", "points-1-2.parquet", "", *REVERSED]
    )
    def test_other_files_are_no_parts(self, name: str) -> None:
        assert Part.parse(name) is None

    def test_names_sort_by_what_they_hold(self, tmp_path: Path) -> None:
        for runs in (range(400, 500), range(400), range(500, 5000)):
            save(tmp_path, range(1), runs, b"")
        assert [part.first for part in scan(tmp_path)] == [0, 400, 500]


class TestLedger:
    def test_an_empty_folder_lacks_everything(self, tmp_path: Path) -> None:
        assert scan(tmp_path / "nowhere") == []
        assert list(Ledger([]).gaps(3, 100)) == [range(100)]

    def test_gaps_are_what_no_part_holds(self) -> None:
        ledger = Ledger([Part(0, 1, 10, 19, ""), Part(0, 0, 30, 39, ""), Part(1, 1, 0, 9, "")])
        assert list(ledger.gaps(0, 50)) == [range(10), range(20, 30), range(40, 50)]
        assert list(ledger.gaps(1, 25)) == [range(20, 25)]
        assert list(ledger.gaps(1, 20)) == []
        assert list(ledger.gaps(0, 15)) == [range(10)]

    def test_overlaps_leave_no_gap(self) -> None:
        ledger = Ledger([Part(0, 0, 0, 99, ""), Part(0, 0, 10, 19, ""), Part(0, 0, 50, 149, "")])
        assert ledger.overlapping
        assert list(ledger.gaps(0, 150)) == []

    def test_neighbours_do_not_overlap(self) -> None:
        assert not Ledger([Part(0, 3, 0, 9, ""), Part(0, 3, 10, 19, ""), Part(4, 4, 0, 19, "")]).overlapping


class TestReading:
    def test_only_the_first_runs_are_read(self, tmp_path: Path) -> None:
        save(tmp_path, range(1), range(10), table(range(1), range(10)))
        save(tmp_path, range(1), range(10, 20), table(range(1), range(10, 20)))
        assert total(tmp_path, 20) == (20, 190.0)
        assert total(tmp_path, 15) == (15, 105.0)
        assert total(tmp_path, 10) == (10, 45.0)

    def test_runs_held_twice_count_once(self, tmp_path: Path) -> None:
        save(tmp_path, range(2), range(10), table(range(2), range(10)))
        save(tmp_path, range(2), range(5, 12), table(range(2), range(5, 12)))
        assert total(tmp_path, 12) == (24, 12 * 1000.0 + 2 * 66)

    @pytest.mark.parametrize("seed", range(6))
    def test_overlaps_of_any_kind_count_once(self, tmp_path: Path, seed: int) -> None:
        luck = np.random.default_rng(seed)
        held = set()
        for _ in range(8):
            (point, run), (points, runs) = luck.integers(0, (4, 30)), luck.integers(1, (4, 30))
            rectangle = range(point, point + points), range(run, run + runs)
            save(tmp_path, *rectangle, table(*rectangle))
            held |= {(point, run) for point in rectangle[0] for run in rectangle[1]}
        with open_runs(tmp_path, 1000) as connection:
            rows = connection.execute("SELECT point, run, value FROM runs").fetchall()
        assert sorted(rows) == [(point, run, 1000.0 * point + run) for point, run in sorted(held)]

    def test_parts_that_hold_nothing_of_their_own_are_left_out(self) -> None:
        whole, first, second = (Part(0, 3, 0, 99, ""), Part(0, 1, 0, 99, ""), Part(2, 3, 50, 149, ""))
        assert resolve_overlaps([first, whole]) == ([whole], [])
        assert resolve_overlaps([second, first, whole]) == ([whole, second], [(second, whole)])

    def test_folder_names_are_taken_as_they_are(self, tmp_path: Path) -> None:
        folder = tmp_path / "it's [1] *?"
        save(folder, range(1), range(4), table(range(1), range(4)))
        assert total(folder, 4) == (4, 6.0)

    @pytest.mark.parametrize("damage", ["cut", "changed", "emptied"])
    def test_a_damaged_part_is_named(self, tmp_path: Path, damage: str) -> None:
        part = save(tmp_path, range(1), range(1000), table(range(1), range(1000)))
        path = tmp_path / part.name
        content = bytearray(path.read_bytes())
        content[100] ^= 1
        path.write_bytes({"cut": content[:-20], "changed": content, "emptied": b""}[damage])
        with pytest.raises(StorageError, match=r"points-0.*parquet: damaged.*Delete this file.*same command"):
            total(tmp_path, 1000)

    def test_a_part_that_is_no_table_is_reported(self, tmp_path: Path) -> None:
        save(tmp_path, range(1), range(10), b"not parquet at all")
        with pytest.raises(StorageError, match="cannot read results"):
            total(tmp_path, 10)


class TestLeftovers:
    def crash(self, folder: Path) -> Path:
        """Write a part in a process that is killed before the rename; return what it leaves."""
        code = (
            "import os, pathlib, signal, sys\n"
            "from sim.study.storage.parquet_parts import save\n"
            "pathlib.Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
            "save(pathlib.Path(sys.argv[1]), range(1), range(10), b'some runs')\n"
        )
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        child = subprocess.run([sys.executable, "-c", code, folder], env=environment, check=False)
        assert child.returncode == -signal.SIGKILL
        (leftover,) = folder.iterdir()
        return leftover

    def test_a_crash_before_the_rename_leaves_nothing_readable(self, tmp_path: Path) -> None:
        assert self.crash(tmp_path).suffix == ".tmp"
        assert scan(tmp_path) == []

    def test_what_a_killed_process_left_is_removed(self, tmp_path: Path) -> None:
        self.crash(tmp_path)
        remove_leftovers(tmp_path)
        assert list(tmp_path.iterdir()) == []

    def test_what_may_still_be_wanted_stays(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        mine = temporary_beside(tmp_path / "part")
        of_init = mine.with_name(mine.name.replace(f"-{os.getpid()}-", "-1-"))
        monkeypatch.setattr(atomic_files.platform, "node", lambda: "another machine")
        elsewhere = temporary_beside(tmp_path / "part")
        gone = elsewhere.with_name(elsewhere.name.replace(f"-{os.getpid()}-", f"-{2**22 + 1}-"))
        users = [tmp_path / ".notes.tmp", tmp_path / "points.parquet"]
        kept = {mine, of_init, gone, *users}
        for path in kept:
            path.touch()
        monkeypatch.undo()
        remove_leftovers(tmp_path)
        assert set(tmp_path.iterdir()) == kept
        remove_leftovers(tmp_path / "nowhere")


class TestWriting:
    @pytest.mark.parametrize("error", [errno.ENOSPC, errno.EROFS, errno.EACCES])
    def test_a_disk_that_takes_no_more_is_one_clear_error(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: int
    ) -> None:
        def refuse(_: int) -> None:
            raise OSError(error, os.strerror(error))

        monkeypatch.setattr(atomic_files.os, "fsync", refuse)
        with pytest.raises(StorageError, match=f"summary.json: cannot write results: {os.strerror(error)}"):
            write_json(tmp_path / "summary.json", {})
        assert list(tmp_path.iterdir()) == []

    def test_a_failed_write_leaves_the_old_file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = tmp_path / "manifest.json"
        write_json(path, {"runs": 1})
        with pytest.raises(ValueError, match="not JSON compliant"):
            write_json(path, {"runs": float("nan")})
        assert read_json(path, mend="") == {"runs": 1}

    def test_writers_side_by_side_leave_one_whole_file(self, tmp_path: Path) -> None:
        path = tmp_path / "part"
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda _: write_atomically(path, b"x" * 100_000), range(40)))
        assert [file.name for file in tmp_path.iterdir()] == ["part"]
        assert path.read_bytes() == b"x" * 100_000

    def test_the_checksum_is_of_the_content(self, tmp_path: Path) -> None:
        part = save(tmp_path, range(1), range(10), b"some runs")
        parquet_parts.verify(tmp_path, part)
        with pytest.raises(StorageError, match="cannot read"):
            parquet_parts.verify(tmp_path / "elsewhere", part)
