"""Abandoned pages: those asked for and never opened, and those that were left; which of them are kept."""

from __future__ import annotations

import asyncio

from nicegui import Client

MOST_ASKED, ASKED = 16, 60.0
"""Pages that wait for their browser to open them, and for how many seconds each does.

A browser that comes later loads its page anew.
"""

MOST_LEFT, LEFT = 16, 300.0
"""Pages whose browser has gone (closed, asleep, without a network), and for how many seconds each is kept."""


class Guests:
    """Limit on abandoned pages: drops those that nobody has open, the oldest first, when there are too many."""

    def __init__(self) -> None:
        self._asked: dict[str, Client] = {}
        self._left: dict[str, Client] = {}

    def admit(self, client: Client) -> None:
        """Keep a page that was asked for until its browser opens it, or does not in time."""
        client.on_connect(self._come)
        client.on_disconnect(self._go)
        client.on_delete(self._forget)
        self._keep(client, self._asked, MOST_ASKED)
        asyncio.get_running_loop().call_later(ASKED, self._give_up, client)

    def _come(self, client: Client) -> None:
        """Note that a page is open."""
        self._forget(client)

    def _go(self, client: Client) -> None:
        """Keep a page whose browser has gone: it may come back, as NiceGUI waits for it."""
        if not client.has_socket_connection:
            self._keep(client, self._left, MOST_LEFT)

    def _forget(self, client: Client) -> None:
        """Strike a page from the lists."""
        self._asked.pop(client.id, None)
        self._left.pop(client.id, None)

    def _give_up(self, client: Client) -> None:
        """Drop a page that is still not open."""
        if client.id in self._asked:
            _drop(client)

    def _keep(self, client: Client, among: dict[str, Client], most: int) -> None:
        """Put a page on a list, and drop the oldest of too many."""
        among.pop(client.id, None)
        among[client.id] = client
        while len(among) > most:
            _drop(next(iter(among.values())))


def _drop(client: Client) -> None:
    """Drop a page for good: NiceGUI would do so once more after the time that it waits for a browser, and fail."""
    client.delete()
    client.delete = _dropped_already  # type: ignore[method-assign]


def _dropped_already() -> None:
    """Do nothing."""
