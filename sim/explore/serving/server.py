"""Server of the page: address and port, and how it ends."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
import sys
import webbrowser
from collections.abc import Callable
from functools import partial
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from nicegui import Client, ui
from nicegui import app as pages
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp

from sim.explore.engine.shared_state import Ground
from sim.explore.engine.shared_workers import Turns
from sim.explore.page.visitor_session import Visit
from sim.explore.serving.abandoned_pages import LEFT, Guests
from sim.explore.serving.request_guard import LOOPBACK, Gate
from sim.explore.state.page_address import LinkError, parsed
from sim.explore.state.page_settings import FIRST, unchanged
from sim.explore.state.parameter_controls import groups
from sim.scenario.errors import ParleyError, ScenarioError
from sim.scenario.evidence.claims import Claim, evidence_of
from sim.scenario.model.schema import Scenario
from sim.scenario.packaged.packaged_scenarios import packaged_name
from sim.study.execution.task_simulation import simulate_table
from sim.study.execution.tasks import Task
from sim.study.execution.worker_processes import ProcessPool

PORTS = 50
"""Ports that are tried, one after the other."""

BACKLOG = 128

MOST_CONNECTIONS = 1_000
"""Connections at a time; more are told to come back."""

LONGEST_MESSAGE = 1_000_000
"""Bytes of a message from a browser, as many as NiceGUI sends."""

PULSE = 15.0
"""Seconds from which NiceGUI derives how often a browser is asked whether it is there (.8), and for how long (.4).

A browser that is busy for some seconds keeps its connection.
"""

PATIENCE = 2
"""Seconds that open connections are given when the page is ended."""

SWITCH = 0.0005
"""Seconds after which a thread that is at work lets another go on: threads hand work to the workers meanwhile."""


class AddressError(ParleyError):
    """Server error: the page cannot be served at its address; the message says why, in one line."""


def serve(
    scenario: Scenario, file: Path, host: str, port: int, jobs: int, *, opens: bool, say: Callable[[str], None]
) -> None:
    """Run the server of the page until the process is interrupted.

    Raises AddressError. `file` is where the scenario comes from; `say` is told the address; with `opens` a browser is
    opened there.
    """
    sys.setswitchinterval(SWITCH)
    door = listening(host, port)
    taken = door.getsockname()[1]
    turns = Turns(jobs, ProcessPool, partial(ProcessPool, yielding=True))
    turns.warm_up(simulate_table, Task(scenario, 0, ({},), range(FIRST)))
    try:
        local = host in LOOPBACK
        extends = packaged_name(file) or (str(file.resolve()) if local else file.name)
        app = application(scenario, extends, host, turns)
        address = f"http://{f'[{host}]' if ':' in host else host}:{taken}/"
        if taken != port:
            say(f"Port {port} is in use.")
        say(f"Parley explore: {address} (Ctrl-C ends it)")
        if not local:
            say("Anybody who can reach this address can use the page.")
        logging.getLogger("nicegui").setLevel(logging.ERROR)  # it tells of every address that is not there
        config = uvicorn.Config(
            app,
            log_level="error",
            timeout_graceful_shutdown=PATIENCE,
            server_header=False,
            limit_concurrency=MOST_CONNECTIONS,
            ws_max_size=LONGEST_MESSAGE,
        )
        server = uvicorn.Server(config)
        if opens:
            webbrowser.open(address)
        asyncio.run(server.serve(sockets=[door]))
    finally:
        turns.close()
        door.close()


def listening(host: str, port: int) -> socket.socket:
    """Return the server's socket, which listens at a host, at the port or the next one that is free.

    Raises AddressError.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in range(port, min(port + PORTS, 65536)):
        door = socket.socket(family, socket.SOCK_STREAM)
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, candidate))
            door.listen(BACKLOG)
        except OSError as error:
            door.close()
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise AddressError(f"{host}: cannot serve there: {error.strerror or error}") from None
            continue
        return door
    raise AddressError(f"no free port from {port} on: give another one with --port")


def application(scenario: Scenario, extends: str, host: str, turns: Turns) -> ASGIApp:
    """Return the server's application: the page, and nothing but the page, for those who ask for this host."""
    ground = Ground(scenario, extends, tuple(groups(scenario, _claims(scenario))), turns)
    guests = Guests()
    title = f"{scenario.title or 'Scenario'} – Parley explore"

    @ui.page("/", title=title, dark=None, language="en-GB", reconnect_timeout=LEFT)
    def page(request: Request, client: Client) -> None:
        """Build a visitor's page: in one go, so that those that nobody opens can be counted."""
        guests.admit(client)
        try:
            settings, problem = parsed(scenario, request.url.query), ""
        except LinkError as error:
            settings = unchanged(scenario)
            why = str(error)
            stop = "" if why.endswith(("?", ".")) else "."
            problem = f"The link could not be read: {why}{stop} Here is the scenario as its file has it."
        Visit(ground, settings, problem, client)

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    pages.add_exception_handler(404, _nothing_there)
    ui.run_with(
        app,
        title="Parley explore",
        favicon=ICON,
        tailwind=False,
        show_welcome_message=False,
        dark=None,
        reconnect_timeout=PULSE,
    )
    return Gate(app, host)


def _nothing_there(request: Request, error: Exception) -> PlainTextResponse:
    """Answer in a line: NiceGUI would build a page for every address that leads nowhere, and keep it."""
    return PlainTextResponse("There is nothing at this address.\n", 404)


ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#00566b"/>'
    '<path d="M3 12L8 5L13 9" stroke="#fff" stroke-width="2" fill="none"/></svg>'
)


def _claims(scenario: Scenario) -> dict[str, Claim]:
    """Return the claims of the scenario's source, if it names one that can be read."""
    if scenario.evidence is None:
        return {}
    try:
        return evidence_of(scenario).claims
    except ScenarioError:
        return {}
