"""A study on a Dask cluster: a scheduler and two worker processes, as on other machines."""

from __future__ import annotations

import json
import os
import signal
import socket
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import LocalCluster
from test_ensemble import rows

from sim.scenario.model.schema import Scenario
from sim.study.ensemble import run
from sim.study.execution import dask_cluster, executors, missing_runs
from sim.study.execution.dask_cluster import ClusterWorkers
from sim.study.execution.executors import ClusterError, WorkersLostError

pytestmark = pytest.mark.cluster

BLOCK = 16384


@pytest.fixture(scope="module")
def two_workers() -> Iterator[LocalCluster]:
    """A real cluster: its scheduler's address is all that Parley is told."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Dask warns of when it starts is not what is tested
        local = LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50, host="127.0.0.1"
        )
    yield local
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        local.close()


@pytest.fixture
def address(two_workers: LocalCluster, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(executors, "POOL_PAYS", 0.0)
    monkeypatch.setattr(missing_runs, "task_size", lambda *_: BLOCK)
    two_workers.scale(2)  # another test may have killed them, and who is long in coming back is given up
    two_workers.wait_for_workers(2, timeout=120)
    return str(two_workers.scheduler_address)


def where(_: int) -> int:
    return os.getpid()


def fail(number: int) -> int:
    if number == 2:
        raise ValueError("no twos")
    return number


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


class TestCluster:
    def test_the_numbers_are_the_same_bit_for_bit(self, small: Scenario, tmp_path: Path, address: str) -> None:
        alone = run(small, 5 * BLOCK + 10, out=tmp_path / "alone")
        with ClusterWorkers(address) as workers:
            assert workers.jobs == 2
            there = run(small, 5 * BLOCK + 10, out=tmp_path / "there", workers=workers)
        assert repr(rows(there)) == repr(rows(alone))
        assert there.summary == alone.summary

    def test_the_work_is_done_there_by_both(self, address: str) -> None:
        with ClusterWorkers(address) as workers:
            processes = {done.get() for done in workers.run(where, range(20), parallel=True)}
        assert len(processes) == 2
        assert os.getpid() not in processes

    def test_equal_tasks_are_each_done(self, address: str) -> None:
        with ClusterWorkers(address) as workers:
            drawn = {done.get() for done in workers.run(os.urandom, [16] * 6, parallel=True)}
        assert len(drawn) == 6

    def test_a_study_goes_on_elsewhere(self, small: Scenario, tmp_path: Path, address: str) -> None:
        run(small, 2 * BLOCK, out=tmp_path)
        with ClusterWorkers(address) as workers:
            more = run(small, 4 * BLOCK, out=tmp_path, workers=workers)
        assert more.simulated == 2 * BLOCK
        assert more.summary == run(small, 4 * BLOCK, out=tmp_path / "fresh").summary

    def test_a_failing_task_stops_no_other(self, address: str) -> None:
        with ClusterWorkers(address) as workers:
            finished = list(workers.run(fail, [1, 2, 3], parallel=True))
        assert {done.task: done.result for done in finished if done.error is None} == {1: 1, 3: 3}
        (failure,) = (done for done in finished if done.error is not None)
        with pytest.raises(ValueError, match="no twos"):
            failure.get()

    def test_a_killed_worker_loses_nothing(self, address: str, tmp_path: Path) -> None:
        """One of three tasks kills its worker."""
        markers = [tmp_path / name for name in "abc"]
        for marker in markers[1:]:
            marker.touch()
        with ClusterWorkers(address) as workers:
            assert sorted(done.get() for done in workers.run(die_once, markers, parallel=True)) == ["a", "b", "c"]

    def test_a_task_that_kills_every_worker_is_given_up(self, address: str) -> None:
        with ClusterWorkers(address) as workers:
            (done,) = workers.run(die_always, [1], parallel=True)
        assert isinstance(done.error, WorkersLostError)
        assert "several workers in turn were lost" in str(done.error)

    def test_workers_that_would_give_other_numbers_are_refused(
        self, address: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        here = dict(dask_cluster._versions())
        monkeypatch.setattr(dask_cluster, "_versions", lambda: {**here, "numpy": "0.1"})
        with pytest.raises(ClusterError, match=rf"it has numpy {here['numpy']} for 0\.1"):
            ClusterWorkers(address)

    def test_workers_without_parley_are_told_apart(self, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
        def missing(_: object) -> None:
            raise ModuleNotFoundError("No module named 'sim'", name="sim")

        monkeypatch.setattr(dask_cluster, "_require", missing)
        with pytest.raises(ClusterError, match="a worker cannot import sim: install parley-sim there"):
            ClusterWorkers(address)


class TestNoCluster:
    @pytest.fixture(autouse=True)
    def _in_a_hurry(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(dask_cluster, "PATIENCE", 0.5)

    def test_a_scheduler_that_does_not_answer(self) -> None:
        with socket.socket() as listening:  # bound, but nobody listens
            listening.bind(("127.0.0.1", 0))
            address = f"tcp://127.0.0.1:{listening.getsockname()[1]}"
            with pytest.raises(ClusterError, match=f"^{address}: no Dask scheduler answers there"):
                ClusterWorkers(address)

    def test_a_scheduler_without_workers(self) -> None:
        with (
            LocalCluster(n_workers=0, processes=False, dashboard_address=":0", silence_logs=50) as empty,
            pytest.raises(ClusterError, match=r"no worker joined it within 0\.5 seconds"),
        ):
            ClusterWorkers(empty.scheduler_address)

    def test_a_scheduler_that_goes_away(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            local = LocalCluster(n_workers=1, processes=False, dashboard_address=":0", silence_logs=50)
        with local, ClusterWorkers(local.scheduler_address) as workers:
            finished = workers.run(fail, [1, 3, 5, 7, 9, 11, 13, 15], parallel=True)
            next(finished)
            local.close()
            with pytest.raises(ClusterError, match="no Dask scheduler answers there"):
                list(finished)

    def test_without_dask_the_extra_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(__import__("sys").modules, "distributed", None)
        with pytest.raises(ClusterError, match=r"parley-sim\[cluster\]"):
            ClusterWorkers("tcp://127.0.0.1:8786")


def test_versions_that_must_match_are_all_known() -> None:
    assert set(dask_cluster._versions()) == set(dask_cluster.MUST_MATCH)
    assert json.dumps(dict(dask_cluster._versions()))
