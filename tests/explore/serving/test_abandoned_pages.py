"""Pages that nobody has open are dropped: soon, and the oldest first when there are many."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("nicegui")

from sim.explore.serving import abandoned_pages as guests_module
from sim.explore.serving.abandoned_pages import MOST_ASKED, MOST_LEFT, Guests


class Browser:
    """A page as NiceGUI keeps it, with a browser that comes and goes as the test says."""

    def __init__(self, number: int) -> None:
        self.id = str(number)
        self.has_socket_connection = False
        self.is_deleted = False
        self._told: dict[str, Callable[[Any], None]] = {}

    def on_connect(self, handler: Callable[[Any], None]) -> None:
        self._told["connect"] = handler

    def on_disconnect(self, handler: Callable[[Any], None]) -> None:
        self._told["disconnect"] = handler

    def on_delete(self, handler: Callable[[Any], None]) -> None:
        self._told["delete"] = handler

    def come(self) -> None:
        """Open the page."""
        self.has_socket_connection = True
        self._told["connect"](self)

    def go(self) -> None:
        """Leave it."""
        self.has_socket_connection = False
        self._told["disconnect"](self)

    def delete(self) -> None:
        """Drop the page."""
        assert not self.is_deleted
        self.is_deleted = True
        self._told["delete"](self)


def kept(browsers: list[Browser]) -> list[int]:
    """Return which pages are still kept."""
    return [int(each.id) for each in browsers if not each.is_deleted]


def asked(number: int, guests: Guests) -> list[Browser]:
    """Ask for so many pages."""
    browsers = [Browser(n) for n in range(number)]
    for each in browsers:
        guests.admit(each)  # type: ignore[arg-type]
    return browsers


def test_of_pages_that_nobody_opens_the_newest_are_kept():
    async def story() -> None:
        browsers = asked(300, Guests())
        assert kept(browsers) == list(range(300 - MOST_ASKED, 300))

    asyncio.run(story())


def test_pages_that_are_open_are_never_dropped():
    async def story() -> None:
        guests = Guests()
        browsers = asked(MOST_ASKED, guests)
        for each in browsers:
            each.come()
        asked(300, guests)
        assert kept(browsers) == list(range(MOST_ASKED))

    asyncio.run(story())


def test_a_page_that_is_not_opened_in_time_is_dropped(monkeypatch):
    monkeypatch.setattr(guests_module, "ASKED", 0.0)

    async def story() -> None:
        one, other = asked(2, Guests())
        other.come()
        while not one.is_deleted:
            await asyncio.sleep(0)
        assert not other.is_deleted

    asyncio.run(asyncio.wait_for(story(), 30))


def test_of_pages_that_were_left_the_newest_are_kept_and_come_back():
    async def story() -> None:
        browsers = []
        guests = Guests()
        for number in range(MOST_LEFT + 2):
            browsers.append(Browser(number))
            guests.admit(browsers[-1])  # type: ignore[arg-type]
            browsers[-1].come()
        for each in browsers[:2]:
            each.go()
        browsers[0].come()  # it was away for a moment
        for each in browsers[2:]:
            each.go()
        assert kept(browsers) == [0, *range(2, MOST_LEFT + 2)]
        browsers[1].delete()  # as NiceGUI does when it has waited long enough: once is enough

    asyncio.run(story())


def test_a_second_connection_that_ends_does_not_count():
    async def story() -> None:
        guests = Guests()
        browsers = asked(1, guests)
        browsers[0].come()
        browsers[0]._told["disconnect"](browsers[0])  # another one has come before
        for each in asked(MOST_LEFT, guests):
            each.come()
            each.go()
        assert not browsers[0].is_deleted

    asyncio.run(story())
