from __future__ import annotations

import os
import pickle
import select
import signal
import subprocess
import sys
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from sim.study.execution.executors import REBUILDS, InProcess, Workers, WorkersLostError
from sim.study.execution.worker_processes import LONGEST_MESSAGE, Letter, ProcessPool


def double(number: int) -> int:
    if number < 0:
        raise ValueError(f"no negative numbers: {number}")
    return 2 * number


def die_once(marker: Path) -> str:
    """Kill the worker that gets the task first; the next one finds the marker and lives."""
    try:
        marker.touch(exist_ok=False)
    except FileExistsError:
        return marker.name
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("unreachable")


def die_always(_: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def interrupted(_: int) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("parallel", [False, True])
def test_every_task_is_done_and_a_failure_stays_its_own(parallel: bool) -> None:
    with Workers(2) as workers:
        finished = list(workers.run(double, [1, -2, 3, 4, 5, 6, 7], parallel))
    results = {done.task: done.result for done in finished if done.error is None}
    assert results == {1: 2, 3: 6, 4: 8, 5: 10, 6: 12, 7: 14}
    (failure,) = (done for done in finished if done.error is not None)
    assert failure.task == -2
    with pytest.raises(ValueError, match="no negative numbers: -2"):
        failure.get()


def test_no_tasks_start_no_processes() -> None:
    with Workers(2, make=lambda jobs: pytest.fail("a pool was started")) as workers:
        assert list(workers.run(double, [], parallel=True)) == []


def test_one_job_stays_in_this_process() -> None:
    with Workers(1, make=lambda jobs: pytest.fail("a pool was started")) as workers:
        assert [done.get() for done in workers.run(double, [1, 2], parallel=True)] == [2, 4]


def test_tasks_are_taken_only_as_workers_get_free() -> None:
    taken = []

    def tasks():
        for number in range(100):
            taken.append(number)
            yield number

    with Workers(2) as workers:
        next(workers.run(double, tasks(), parallel=True))
    assert len(taken) < 10


def test_killed_workers_lose_nothing(tmp_path: Path) -> None:
    markers = [tmp_path / name for name in "abc"]
    with Workers(2) as workers:
        finished = list(workers.run(die_once, markers, parallel=True))
    assert sorted(done.get() for done in finished) == ["a", "b", "c"]


@pytest.mark.parametrize("size", [0, 1, LONGEST_MESSAGE, 10**7])
def test_results_of_any_length_arrive(size: int) -> None:
    with Workers(2) as workers:
        (done,) = workers.run(bytes, [size], parallel=True)
    assert done.get() == bytes(size)


def test_no_long_message_goes_through_the_pipe() -> None:
    """A worker killed half-way through one would leave the parent waiting for the rest for ever."""
    with ProcessPool(1) as pool:
        letter = pool.submit(bytes, 10**7).result()
        assert isinstance(letter, Letter)
        assert len(pickle.dumps(letter)) < LONGEST_MESSAGE
        assert letter.open() == bytes(10**7)
        assert not letter.path.exists()
        pool.submit(bytes, 10**7).result()
    assert not letter.path.parent.exists()


class DeathAtABirth(ProcessPool):
    """A pool one of whose workers is killed, and missed, while another is being started."""

    def _spawn_process(self) -> None:
        for worker in self._processes.values():
            worker.kill()
            while not self._call_queue._reader.closed:
                os.sched_yield()
        super()._spawn_process()


def test_a_worker_that_dies_as_another_starts_breaks_the_pool_like_any_other() -> None:
    pool = DeathAtABirth(2)
    try:
        pool.submit(signal.pause)
        with pytest.raises(BrokenProcessPool):
            pool.submit(double, 1)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def test_workers_killed_again_and_again_end_the_study() -> None:
    with (
        Workers(2) as workers,
        pytest.raises(WorkersLostError, match=f"killed {REBUILDS + 1} times in a row"),
    ):
        list(workers.run(die_always, [1], parallel=True))


def test_an_interrupt_in_this_process_goes_through() -> None:
    with Workers(1) as workers, pytest.raises(KeyboardInterrupt):
        list(workers.run(interrupted, [1], parallel=False))


def test_any_executor_will_do() -> None:
    with Workers(2, make=lambda jobs: InProcess()) as workers:
        finished = list(workers.run(double, range(20), parallel=True))
    assert sorted(done.get() for done in finished) == [2 * number for number in range(20)]


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs pidfd_open")
def test_workers_end_with_their_parent(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        "import os, operator, sys\n"
        "from sim.study.execution.executors import Workers\n"
        "if __name__ == '__main__':\n"
        "    workers = Workers(1 + 1)\n"
        "    for done in workers.run(operator.call, [os.getpid], parallel=True):\n"
        "        print(done.get(), flush=True)\n"
        "    sys.stdin.read()\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    ) as parent:
        worker = os.pidfd_open(int(parent.stdout.readline()))
        parent.kill()
    try:
        ended, _, _ = select.select([worker], [], [], 30)
        assert ended, "the worker outlived its parent"
    finally:
        os.close(worker)


UNGUARDED = """
import sys
from sim.study.execution.executors import Workers

with Workers(2) as team:
    print(sorted(done.get() for done in team.run(abs, [-1, -2, -3], parallel=True)))
"""


class TestMainGuard:
    def _run(self, folder: Path, script: str, stdin: bool = False) -> subprocess.CompletedProcess[str]:
        file = folder / "script.py"
        file.write_text(script, encoding="utf-8")
        given = {"args": [sys.executable, "-"], "input": script} if stdin else {"args": [sys.executable, str(file)]}
        path = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
        return subprocess.run(**given, cwd=folder, env=path, capture_output=True, text=True, check=False)

    def test_a_script_without_one_is_told_of_it_once(self, tmp_path: Path) -> None:
        done = self._run(tmp_path, UNGUARDED)
        assert done.returncode == 1
        assert done.stderr.count("\n") == 1  # and no way through our code
        assert 'if __name__ == "__main__":' in done.stderr.splitlines()[-1]
        assert "memory" not in done.stderr
        assert done.stdout == ""

    def test_a_script_from_standard_input_is_told_to_be_a_file(self, tmp_path: Path) -> None:
        done = self._run(tmp_path, UNGUARDED, stdin=True)
        assert done.returncode == 1
        assert done.stderr.count("\n") == 1  # and no way through our code
        assert "standard input" in done.stderr.splitlines()[-1]

    def test_a_script_with_one_runs(self, tmp_path: Path) -> None:
        guarded = UNGUARDED.replace("\nwith", '\nif __name__ == "__main__":\n  with').replace(
            "    print", "      print"
        )
        done = self._run(tmp_path, guarded)
        assert (done.returncode, done.stdout) == (0, "[1, 2, 3]\n"), done.stderr

    def test_one_process_needs_none(self, tmp_path: Path) -> None:
        for stdin in (False, True):
            done = self._run(tmp_path, UNGUARDED.replace("Workers(2)", "Workers(1)"), stdin)
            assert (done.returncode, done.stdout) == (0, "[1, 2, 3]\n"), done.stderr
