"""Tasks on a Dask cluster: other machines behind the same interface as this machine's processes.

`distributed` is an extra; it is imported when a cluster is asked for. What a task returns does not depend on where it
ran, so a study begun here can go on there, and the other way round.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import BrokenExecutor, Executor, Future
from functools import cache
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from sim.study.execution.executors import ClusterError, Workers, WorkersLostError
from sim.study.storage import versions

if TYPE_CHECKING:
    from distributed import Client

P = ParamSpec("P")
R = TypeVar("R")

PATIENCE = 10.0
"""Seconds that a scheduler has to answer, and then that the first worker has to join it."""

MUST_MATCH = (*versions.DECIDING, "parley-sim")
"""The versions that workers must share with this process for the same numbers, bit for bit."""


class ClusterWorkers(Workers):
    """Workers of a Dask cluster, given by its scheduler's address, such as `tcp://10.0.0.5:8786`.

    Connects at once. `jobs` is the number of tasks that the workers can do side by side. Raises ClusterError if there
    is no answer, no worker, or a worker on which the numbers might differ.
    """

    def __init__(self, address: str) -> None:
        first = ClusterExecutor(address)
        super().__init__(first.threads, make=lambda _: ClusterExecutor(address))
        self._parallel = first
        self.alone = False


class ClusterExecutor(Executor):
    """Executor on a Dask cluster: hands tasks to its scheduler and reports a lost scheduler as a broken pool."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._client = _connect(address)
        try:
            self.threads = _threads(self._client, address)
            _check_workers(self._client, address)
        except BaseException:
            self._client.close()
            raise
        self._inner = self._client.get_executor(pure=False)  # pure: two equal tasks would be done as one
        self._versions = _versions()

    def submit(self, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """Hand out a task. Its future raises BrokenExecutor if the scheduler was lost, so that it is done again."""
        outer: Future[R] = Future()
        if self._client.status != "running":
            raise BrokenExecutor(f"{self.address}: the scheduler was lost")
        try:
            inner = self._inner.submit(_checked, self._versions, fn, *args, **kwargs)
        except (OSError, RuntimeError) as error:
            raise BrokenExecutor(f"{self.address}: {error}") from error
        inner.add_done_callback(lambda done: _pass_on(done, outer, self.address))
        return outer

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let go of the cluster; without `wait`, tasks that have not begun are cancelled there."""
        try:
            self._inner.shutdown(wait)
        finally:
            self._client.close()


def _connect(address: str) -> Client:
    """Return a client of the scheduler at `address`."""
    try:
        from distributed import Client
    except ImportError as error:
        raise ClusterError("--cluster needs the extra 'cluster': pip install 'parley-sim[cluster]'") from error
    try:
        return Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, ImportError) as error:
        reason = str(error).splitlines()[0]
        raise ClusterError(f"{address}: no Dask scheduler answers there ({reason})") from error


def _threads(client: Client, address: str) -> int:
    """Return how many tasks the workers do side by side, once there is at least one worker."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError as error:
        waited = f"within {PATIENCE:g} seconds"
        raise ClusterError(f"{address}: the scheduler answers, but no worker joined it {waited}") from error
    return sum(client.nthreads().values())


def _check_workers(client: Client, address: str) -> None:
    """Raise ClusterError if a worker lacks Parley, or has versions with which its numbers might differ."""
    try:
        client.run(_require, _versions())
    except ModuleNotFoundError as error:
        raise ClusterError(f"{address}: a worker cannot import {error.name}: install parley-sim there") from error


@cache
def _versions() -> Mapping[str, Any]:
    """Return the versions here that workers must share."""
    return {name: version for name, version in versions.read_versions().items() if name in MUST_MATCH}


def _require(expected: Mapping[str, Any]) -> None:
    """Raise ClusterError if this process, a worker, has other versions than `expected`."""
    here = _versions()
    different = [f"{name} {here.get(name)} for {wanted}" for name, wanted in expected.items() if here[name] != wanted]
    if different:
        raise ClusterError(f"a worker would give other numbers, as it has {', '.join(different)}")


def _checked(expected: Mapping[str, Any], fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Do a task on a worker; one that joined late is checked here."""
    _require(expected)
    return fn(*args, **kwargs)


def _pass_on(inner: Future[R], outer: Future[R], address: str) -> None:
    """Give an outcome from Dask's future to ours, in the terms of `concurrent.futures`."""
    from distributed import KilledWorker
    from distributed.comm import CommClosedError

    if not outer.set_running_or_notify_cancel():
        return
    if inner.cancelled():
        outer.set_exception(BrokenExecutor(f"{address}: the scheduler was lost"))
        return
    error = inner.exception()
    if error is None:
        outer.set_result(inner.result())
    elif isinstance(error, KilledWorker):
        several = "several workers in turn were lost on the same task, perhaps for want of memory"
        outer.set_exception(WorkersLostError(f"{address}: {several}. Finished parts are kept"))
    elif isinstance(error, CommClosedError):
        outer.set_exception(BrokenExecutor(f"{address}: {error}"))
    else:
        outer.set_exception(error)
