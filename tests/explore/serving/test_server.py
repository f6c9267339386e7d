"""Who may ask for the page, and at which port it is found."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

from sim.explore.serving.request_guard import Gate
from sim.explore.serving.server import AddressError, listening


def answer(host: str, *headers: tuple[str, str], kind: str = "http", **asked: Any) -> int | str:
    """Return how a request with these headers is answered by a page served at `host`."""
    said = messages(host, *headers, kind=kind, **asked)[0]
    return said["status"] if kind == "http" else said["code"]


def messages(host: str, *headers: tuple[str, str], kind: str = "http", **asked: Any) -> list[Any]:
    """Return what is sent in answer to a request for the page (or for what `asked` says)."""
    sent: list[Any] = []

    async def app(scope, receive, send):
        own = [(b"X-Frame-Options", b"SAMEORIGIN"), (b"cache-control", b"no-store")]
        await send({"type": f"{kind}.response.start", "status": 200, "code": "passed on", "headers": own})

    async def take(message):
        sent.append(message)

    encoded = [(name.encode(), value.encode()) for name, value in headers]
    scope = {"type": kind, "method": "GET", "path": "/", "raw_path": b"/", "query_string": b"", "headers": encoded}
    asyncio.run(Gate(app, host)(scope | asked, None, take))  # type: ignore[arg-type]
    return sent


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
        ("::", "[fe80::1%a; script-src *]:8090", False),
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


def fetched(site: str, mode: str, dest: str) -> list[tuple[str, str]]:
    """What a browser says of a request (Fetch Metadata), with our host."""
    said = (("site", site), ("mode", mode), ("dest", dest))
    return [("host", "localhost:8090"), *((f"Sec-Fetch-{name}", value) for name, value in said)]


@pytest.mark.parametrize(
    ("said", "asked", "welcome"),
    [
        (("none", "navigate", "document"), {}, True),  # the address bar, a bookmark
        (("same-origin", "navigate", "document"), {}, True),  # a reload
        (("same-origin", "no-cors", "script"), {"path": "/_nicegui/static/nicegui.js"}, True),
        (("same-origin", "cors", "empty"), {"path": "/_nicegui_ws/socket.io/", "method": "POST"}, True),
        (("cross-site", "navigate", "document"), {}, True),  # a link on another page is followed
        (("same-site", "navigate", "document"), {}, True),
        (("cross-site", "navigate", "document"), {"method": "POST"}, False),  # another page's form
        (("cross-site", "navigate", "document"), {"path": "/_nicegui/static/nicegui.js"}, False),
        (("cross-site", "navigate", "iframe"), {}, False),
        (("same-origin", "navigate", "iframe"), {}, False),
        (("none", "navigate", "embed"), {}, False),
        (("cross-site", "no-cors", "image"), {}, False),
        (("cross-site", "no-cors", "empty"), {}, False),  # fetch(…, {mode: "no-cors"}) and prefetching
        (("same-site", "no-cors", "script"), {"path": "/_nicegui/static/nicegui.js"}, False),  # from another port
        (("cross-site", "no-cors", "empty"), {"path": "/_nicegui_ws/socket.io/"}, False),
        (("cross-site", "websocket", "websocket"), {"path": "/_nicegui_ws/socket.io/"}, False),
    ],
)
def test_other_sites_can_link_to_the_page_and_nothing_else(said, asked, welcome):
    assert (answer(LOCAL, *fetched(*said), **asked) == 421) is not welcome


def test_pages_are_not_built_ahead_for_other_sites():
    ahead = ("sec-purpose", "prefetch")
    assert answer(LOCAL, *fetched("cross-site", "navigate", "document"), ahead) == 421


def test_an_address_too_long_to_be_ours_builds_nothing():
    assert answer(LOCAL, ("host", "localhost"), query_string=b"a" * 16_383) == 200
    assert answer(LOCAL, ("host", "localhost"), query_string=b"a" * 16_384) == 414


@pytest.mark.parametrize("host", ["localhost:8090", "evil.test", "[::1]:8090"])
def test_every_response_forbids_frames_and_hands_nothing_to_other_sites(host):
    headers = messages(LOCAL, ("host", host))[0]["headers"]
    said = {name.decode().lower(): value.decode() for name, value in headers}
    assert len(said) == len(headers)  # nothing is said twice, in two ways
    policy = dict(part.strip().partition(" ")[::2] for part in said["content-security-policy"].split(";"))
    assert policy["frame-ancestors"] == policy["default-src"] == policy["form-action"] == "'none'"
    assert "evil" not in said["content-security-policy"]
    assert said["x-frame-options"] == "DENY"
    assert said["cross-origin-resource-policy"] == said["cross-origin-opener-policy"] == "same-origin"
    assert said["x-content-type-options"] == "nosniff"


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
