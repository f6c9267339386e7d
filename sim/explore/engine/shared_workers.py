"""Shared workers: processes for all tabs, which do one piece of work at a time and in turn.

A piece takes some tenths of a second, so that nobody waits long for another's. What can wait leaves one worker free (if
there are several), so that a first answer is begun at once. What nobody wants any more is taken out of the queue; what
is under way already runs to its end unheard, unless that takes long: then its worker is ended, and those beside it
begin their pieces anew.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ParamSpec, TypeVar

from sim.study.execution.executors import REBUILDS, WorkersLostError
from sim.study.execution.worker_processes import Letter

PATIENCE = 5.0
"""Seconds that a piece of work may go on that nobody wants any more."""

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(eq=False)
class Piece:
    """Piece of work for shared workers and the future of its result.

    It holds how often it was lost, and in which pool it is under way.
    """

    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    result: asyncio.Future[Any]
    urgent: bool
    lost: int = 0
    pool: Executor | None = None


@dataclass(eq=False)
class Seat:
    """Seat of a tab among the users of shared workers: the pieces of work that it waits for."""

    waiting: deque[Piece] = field(default_factory=deque)


class Turns:
    """Queue of work for shared workers, which gets a piece from each seat in turn.

    There are `places` workers. `make` builds their pool. `make_yielding` may build one for what can wait, whose workers
    let everything else go before them. Used from one event loop.
    """

    def __init__(
        self,
        places: int,
        make: Callable[[int], Executor],
        make_yielding: Callable[[int], Executor] | None = None,
    ) -> None:
        self._places = places
        self._makers = {True: make, False: make_yielding or make}
        self._pools = {True: make(places)}
        self._pools[False] = self._pools[True] if make_yielding is None else make_yielding(places)
        self._seats: deque[Seat] = deque()
        self._busy = self._patient = 0
        self._exercise: Callable[[], object] | None = None

    def warm_up(self, function: Callable[P, object], /, *args: P.args, **kwargs: P.kwargs) -> None:
        """Start every worker now with something to do, so that questions find them ready; later ones too."""
        self._exercise = partial(function, *args, **kwargs)
        for pool in dict.fromkeys(self._pools.values()):
            self._warm(pool)

    def seat(self) -> Seat:
        """Give a tab a place."""
        seat = Seat()
        self._seats.append(seat)
        return seat

    def leave(self, seat: Seat) -> None:
        """Take a tab's place away, with all that it waits for."""
        for piece in seat.waiting:
            piece.result.cancel()
        seat.waiting.clear()
        if seat in self._seats:
            self._seats.remove(seat)

    def do(self, seat: Seat, function: Callable[..., R], *arguments: Any, urgent: bool = False) -> asyncio.Future[R]:
        """Have a function called in a worker, as soon as it is its turn; cancelled, it is taken out of the queue.

        Returns the future of what the function returns; for a seat that was given up it is cancelled.
        """
        loop = asyncio.get_running_loop()
        piece = Piece(function, arguments, loop.create_future(), urgent)

        def over(result: asyncio.Future[R]) -> None:
            if piece in seat.waiting:
                seat.waiting.remove(piece)
            elif result.cancelled():
                loop.call_later(PATIENCE, self._end, piece)

        piece.result.add_done_callback(over)
        if seat not in self._seats:
            piece.result.cancel()
            return piece.result
        seat.waiting.append(piece)
        self._serve()
        return piece.result

    def close(self) -> None:
        """Stop the workers at once, whatever they are doing."""
        for pool in dict.fromkeys(self._pools.values()):
            pool.shutdown(wait=False, cancel_futures=True)

    def _serve(self) -> None:
        """Hand out work while there is a free worker and somebody waits."""
        while (piece := self._next()) is not None:
            self._hand_out(piece)

    def _next(self) -> Piece | None:
        """Take the next piece of work out of its queue, if a worker may have it: what is urgent first, seat by seat."""
        if self._busy >= self._places:
            return None
        patient = self._patient < max(1, self._places - 1)
        for urgent in (True, False) if patient else (True,):
            for seat in self._seats:
                piece = next((piece for piece in seat.waiting if _wanted(piece, urgent)), None)
                if piece is not None:
                    seat.waiting.remove(piece)
                    self._seats.remove(seat)
                    self._seats.append(seat)
                    return piece
        return None

    def _hand_out(self, piece: Piece) -> None:
        """Give a piece of work to the pool; a broken pool is built anew."""
        loop = piece.result.get_loop()
        try:
            future = self._pools[piece.urgent].submit(piece.function, *piece.arguments)
        except BrokenExecutor:
            self._rebuild()
            future = self._pools[piece.urgent].submit(piece.function, *piece.arguments)
        piece.pool = self._pools[piece.urgent]
        self._busy += 1
        self._patient += not piece.urgent
        future.add_done_callback(lambda done: _tell(loop, self._take_in, piece, done))

    def _take_in(self, piece: Piece, done: Future[Any]) -> None:
        """Pass a result on, or have a piece done again whose worker was lost, and hand out more work."""
        self._busy -= 1
        self._patient -= not piece.urgent
        ended = piece.pool not in self._pools.values()  # for another piece's sake, or mended already
        piece.pool = None
        found, error = _opened(done)
        if isinstance(error, BrokenExecutor) and piece.lost < REBUILDS and not piece.result.done():
            piece.lost += not ended
            self._rebuild()
            self._hand_out(piece)
            return
        if not piece.result.done() and not done.cancelled():
            if isinstance(error, BrokenExecutor):
                error = WorkersLostError("worker processes were killed, perhaps for want of memory")
            if error is not None:
                piece.result.set_exception(error)
            else:
                piece.result.set_result(found)
        self._serve()

    def _end(self, piece: Piece) -> None:
        """End a piece that is still under way, with the workers of its pool."""
        if piece.pool is not None and piece.pool in self._pools.values():
            self._replace(piece.pool)

    def _rebuild(self) -> None:
        """Replace pools that are broken; a second piece that was lost with one finds it mended."""
        for pool in {pool for pool in self._pools.values() if getattr(pool, "_broken", False)}:
            self._replace(pool)

    def _replace(self, pool: Executor) -> None:
        """Put a new pool where one was, whose workers are ended; what they were doing counts as lost."""
        kinds = [urgent for urgent, each in self._pools.items() if each is pool]
        pool.shutdown(wait=False, cancel_futures=True)
        made = self._makers[kinds[0]](self._places)
        self._warm(made)
        self._pools |= dict.fromkeys(kinds, made)

    def _warm(self, pool: Executor) -> None:
        """Start every worker of a pool, if it is known with what."""
        if self._exercise is not None:
            for _ in range(self._places):
                pool.submit(self._exercise)


def _wanted(piece: Piece, urgent: bool) -> bool:
    """Whether a piece of work is still waited for, and urgent if only such work is asked for."""
    return not piece.result.done() and (piece.urgent or not urgent)


def _tell(loop: asyncio.AbstractEventLoop, function: Callable[..., None], *args: Any) -> None:
    """Call a function in the thread of an event loop, if that still goes on."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(function, *args)


def _opened(done: Future[Any]) -> tuple[Any, BaseException | None]:
    """Return a result, out of its letter if it is in one, or what there is instead: letters go with their pool."""
    if done.cancelled():
        return None, None
    if (error := done.exception()) is not None:
        return None, error
    result = done.result()
    if not isinstance(result, Letter):
        return result, None
    try:
        return result.open(), None
    except FileNotFoundError as gone:
        return None, BrokenExecutor(f"the result went with its pool: {gone}")
