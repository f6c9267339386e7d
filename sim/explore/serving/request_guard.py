"""Request guard: who may ask for the page, and what a browser may not do with it (frame it, hand it to other sites)."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from ipaddress import ip_address

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""Hosts that only this machine reaches."""

LONGEST = 16_384
"""Bytes of an address that are read; longer ones are refused before anything is built for them."""

OWN = ("same-origin", "none")
"""Where a request comes from (Sec-Fetch-Site) that no other site made: the page itself, or the address bar."""

POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'{sockets}; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""What the page may load, and who may frame it. NiceGUI needs inline scripts, and `eval` for its events."""

HEADERS = {
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
"""What else every response says: nobody else's page frames it, reads it, embeds parts of it or holds its window."""


class Gate:
    """Guard that refuses requests for another host or by another site's page, those of web sockets included.

    It also guards responses. A page elsewhere whose name was made to lead here (DNS rebinding) would otherwise see and
    use this one, and any page could have pages built here by the hundred, as images of its own. Following a link to the
    page is allowed.
    """

    def __init__(self, app: ASGIApp, host: str) -> None:
        self._app = app
        anywhere = host in ("0.0.0.0", "::")
        self._names = {*LOOPBACK, socket.gethostname().lower()} if anywhere or host in LOOPBACK else {host.lower()}
        self._numbers = anywhere

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with 421 or 414 (a web socket: close it)."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        given = Headers(raw=_in_small_letters(scope["headers"]))
        welcome = self._is_for_us(given) and _is_by_us(scope, given)
        if scope["type"] == "websocket":
            if welcome:
                await self._app(scope, receive, send)
            else:
                await send({"type": "websocket.close", "code": 1008})
            return
        guarded = _guarded(send, given["host"].lower() if welcome else "localhost")
        if not welcome:
            refusal = PlainTextResponse("This page is served under its own address only, and to no other site.\n", 421)
            await refusal(scope, receive, guarded)
        elif len(scope.get("raw_path") or b"") + len(scope.get("query_string") or b"") > LONGEST:
            refusal = PlainTextResponse(f"This address is too long: at most {LONGEST:,} bytes are read.\n", 414)
            await refusal(scope, receive, guarded)
        else:
            await self._app(scope, receive, guarded)

    def _is_for_us(self, given: Headers) -> bool:
        """Whether a request is for this host, and from a page of it if it comes from a page."""
        hosts, origins = _values(given, "host"), _values(given, "origin")
        if len(hosts) != 1 or not self._own(hosts[0]):
            return False
        return all(origin.partition("://")[2] == hosts[0] for origin in origins)

    def _own(self, host: str) -> bool:
        """Whether a host is ours, whatever the port: a tunnel may lead here from another one.

        Where every address of the machine is served, an address in numbers will do: no foreign name leads to it.
        """
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
        name = name.removeprefix("[").removesuffix("]").removesuffix(".")
        return name in self._names or (self._numbers and _is_address(name))


def _is_by_us(scope: Scope, given: Headers) -> bool:
    """Whether a request was made by the page, the address bar, a program, or by following a link to the page.

    Browsers say so in headers that no page can set (Fetch Metadata); a program that sends none is no page.
    """
    site, mode, kind = (_values(given, f"sec-fetch-{name}") for name in ("site", "mode", "dest"))
    if set(kind) & {"iframe", "frame", "embed", "object", "fencedframe"}:
        return False
    if set(site) <= set(OWN):
        return True
    page = scope["type"] == "http" and scope.get("method") == "GET" and scope.get("path") == "/"
    return page and mode == ["navigate"] and kind == ["document"] and "sec-purpose" not in given


def _in_small_letters(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return headers with names in small letters, as Starlette looks for them."""
    return [(name.lower(), value) for name, value in headers]


def _values(given: Headers, name: str) -> list[str]:
    """Return the values of a request's header, in small letters."""
    return [value.lower() for value in given.getlist(name)]


def _guarded(send: Send, host: str) -> Send:
    """Return a way to send responses that say what no other site may do with them; `host` is one of ours."""
    sockets = "" if host.startswith("[") else f" ws://{host} wss://{host}"  # older browsers do not count them as 'self'
    ours = HEADERS | {"content-security-policy": POLICY.format(sockets=sockets)}

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=_in_small_letters(message.get("headers", ())))
            headers.update(ours)
            message = {**message, "headers": headers.raw}
        await send(message)

    return sent


def _is_address(name: str) -> bool:
    """Whether a name is an address in numbers, without the zone of its network, which may be any text."""
    try:
        ip_address(name)
    except ValueError:
        return False
    return "%" not in name
