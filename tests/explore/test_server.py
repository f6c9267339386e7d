"""Who may ask for the page, and at which port it is found."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

from sim.explore.server import AddressError, OwnHostOnly, listening


def answer(host: str, *headers: tuple[str, str], kind: str = "http") -> int | str:
    """Return how a request with these headers is answered by a page served at `host`."""
    sent: list[Any] = []

    async def app(scope, receive, send):
        sent.append({"status": 200, "code": "passed on"})

    async def take(message):
        sent.append(message)

    encoded = [(name.encode(), value.encode()) for name, value in headers]
    asyncio.run(OwnHostOnly(app, host)({"type": kind, "headers": encoded}, None, take))  # type: ignore[arg-type]
    return sent[0]["status"] if kind == "http" else sent[0]["code"]


LOCAL = "127.0.0.1"


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize(
    ("host", "asked", "welcome"),
    [
        (LOCAL, "127.0.0.1:8090", True),
        (LOCAL, "localhost:8090", True),
        (LOCAL, "LOCALHOST", True),
        (LOCAL, "[::1]:8090", True),
        (LOCAL, "127.0.0.1:9999", True),  # through a tunnel
        (LOCAL, "localhost.:8090", True),  # the same name in full
        (LOCAL, "evil.test", False),
        (LOCAL, "evil.test:8090", False),
        (LOCAL, "127.0.0.1.evil.test:8090", False),
        (LOCAL, "localhost.evil.test", False),
        (LOCAL, "192.168.0.7:8090", False),
        (LOCAL, "", False),
        ("192.168.0.7", "192.168.0.7:8090", True),
        ("192.168.0.7", "192.168.0.8:8090", False),
        ("0.0.0.0", "192.168.0.7:8090", True),
        ("0.0.0.0", f"{socket.gethostname()}:8090", True),
        ("0.0.0.0", "evil.test:8090", False),
        ("::", "[fe80::1]:8090", True),
    ],
)
def test_only_our_own_name_is_answered(kind, host, asked, welcome):
    refused = {"http": 421, "websocket": 1008}[kind]
    assert (answer(host, ("host", asked), kind=kind) == refused) is not welcome


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_pages_from_elsewhere_are_refused(kind):
    refused = {"http": 421, "websocket": 1008}[kind]
    own = ("host", "localhost:8090")
    assert answer(LOCAL, own, ("origin", "http://localhost:8090"), kind=kind) != refused
    for origin in ("http://evil.test", "http://localhost:8091", "http://127.0.0.1:8090", "null"):
        assert answer(LOCAL, own, ("origin", origin), kind=kind) == refused


def test_two_hosts_or_none_are_refused():
    assert answer(LOCAL, ("host", "localhost"), ("host", "evil.test")) == 421
    assert answer(LOCAL) == 421


def test_a_port_in_use_gets_the_next_one():
    first = listening(LOCAL, 20_000)
    try:
        port = first.getsockname()[1]
        second = listening(LOCAL, port)
        assert second.getsockname()[1] > port
        second.close()
    finally:
        first.close()


def test_an_address_that_is_not_ours_is_said_so():
    with pytest.raises(AddressError, match=r"^203\.0\.113\.1: cannot serve there: "):
        listening("203.0.113.1", 8090)  # reserved for documentation: no machine has it
