"""Latest question of a tab: its first answer at once, then whatever makes that fuller and sharper."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeAlias

PATIENCE = 1.0
"""Seconds that a newer question waits for the answer of an older one."""

Step: TypeAlias = Callable[[], Awaitable[None]]
"""Called, a step begins; awaited, it ends."""


class Course:
    """Course of a tab's latest question, one at a time, in two steps: `first`, which is short, and `rest`.

    A newer question ends the rest of an older one at once. Its first step is left to end before the newer one begins,
    of which only the newest waits: so that numbers follow while a slider is dragged, faster than they can be found. A
    first step that lasts too long is given up. One that need not wait has begun when `ask` returns. `failed` is told
    of errors.
    """

    def __init__(self, failed: Callable[[BaseException], None]) -> None:
        self._failed = failed
        self._next: tuple[Step, Step] | None = None
        self._answer: asyncio.Future[None] | None = None
        self._task: asyncio.Task[None] | None = None

    def ask(self, first: Step, rest: Step) -> None:
        """Follow a new question."""
        loop = asyncio.get_running_loop()
        if self._answer is not None:
            loop.call_later(PATIENCE, self._answer.cancel)  # if that has ended by then, nothing happens
            self._next = first, rest
            return
        if self._task is not None:
            self._task.cancel()
        self._answer = _begun(first)
        self._task = loop.create_task(self._follow(self._answer, rest))

    def stop(self) -> None:
        """Follow nothing any more, until there is a new question."""
        for under_way in (self._answer, self._task):
            if under_way is not None:
                under_way.cancel()
        self._next = self._answer = self._task = None

    async def _follow(self, answer: asyncio.Future[None], rest: Step) -> None:
        """Answer the newest question until there is no newer one, then go on with it."""
        while True:
            await asyncio.wait([answer])
            if not answer.cancelled() and (error := answer.exception()) is not None:
                rest = _nothing
                self._failed(error)
            if self._next is None:
                break
            (first, rest), self._next = self._next, None
            answer = self._answer = _begun(first)
        self._answer = None
        try:
            await rest()
        except Exception as error:
            self._failed(error)


def _begun(first: Step) -> asyncio.Future[None]:
    """Begin a first step; one that cannot even begin fails like one that cannot end."""
    try:
        return asyncio.ensure_future(first())
    except Exception as error:
        failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        failed.set_exception(error)
        return failed


async def _nothing() -> None:
    """What is left to do after an answer that could not be found."""
