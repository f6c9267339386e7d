"""The newest question of a tab: its first answer at once, then whatever makes that fuller and sharper."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeAlias

Step: TypeAlias = Callable[[], Awaitable[None]]


class Course:
    """Follows one question at a time, in two steps: `first`, which is short, and `rest`.

    A newer question ends the rest of an older one at once. Its first step is left to end before the newer one begins,
    of which only the newest waits: so that numbers follow while a slider is dragged, faster than they can be found.
    `failed` is told of errors.
    """

    def __init__(self, failed: Callable[[Exception], None]) -> None:
        self._failed = failed
        self._next: tuple[Step, Step] | None = None
        self._task: asyncio.Task[None] | None = None
        self._answering = False

    def ask(self, first: Step, rest: Step) -> None:
        """Follow a new question."""
        self._next = first, rest
        if self._answering:
            return
        if self._task is not None:
            self._task.cancel()
        self._task = asyncio.get_running_loop().create_task(self._follow())

    def stop(self) -> None:
        """Follow nothing any more."""
        self._next = None
        if self._task is not None:
            self._task.cancel()

    async def _follow(self) -> None:
        """Answer the newest question until there is no newer one, then go on with it."""
        while self._next is not None:
            first, rest = self._next
            self._next = None
            self._answering = True
            try:
                await first()
            except Exception as error:
                rest = _nothing
                self._failed(error)
            finally:
                self._answering = False
        try:
            await rest()
        except Exception as error:
            self._failed(error)


async def _nothing() -> None:
    """What is left to do after an answer that could not be found."""
