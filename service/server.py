"""Serves the application with granian, on a socket that is bound before anything else is promised."""

import asyncio
import gc
import os
import signal
import socket
from collections.abc import Callable
from contextlib import suppress

import uvloop
from fastapi import FastAPI
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings, HTTP2Settings
from granian.net import SocketHolder  # type: ignore[attr-defined]
from granian.server.embed import Server

from loaders.releases import Releases
from service.app import OPERATIONS, create_app
from service.errors import ServiceError
from service.front import Front
from service.log import log_to_stderr
from service.resources import Resources
from service.settings import Settings

_BACKLOG = 1024
# Whoever is slow must not keep others out; the engine bounds what is evaluated.
_MOST_CONNECTIONS = 10_000
_ENDING_SECONDS = 10.0
_HEADER_MILLISECONDS = 10_000
_LONGEST_HEAD = 256_000


def serve(settings: Settings, ready: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM; `ready` is told the address.

    Raises ReleaseError where there is no release, or ServiceError where the port is taken.
    """
    if not settings.empty:
        Releases(settings.state).require_current()
    log_to_stderr(settings.log_level)
    app = create_app()
    with _bound(settings.host, settings.port) as listening:
        host, port = listening.getsockname()[:2]
        ready(f"http://{f'[{host}]' if ':' in host else host}:{port}/")
        with suppress(KeyboardInterrupt):
            uvloop.run(_serve(settings, app, listening))


class _Server(Server):
    """Granian in this process, on a socket that is bound already: it would bind one that others may bind too."""

    listening: socket.socket

    def _init_shared_socket(self) -> None:
        self._ssp = None
        self._shd = SocketHolder(os.dup(self.listening.fileno()), False, _BACKLOG)  # type: ignore[call-arg, assignment]


async def _serve(settings: Settings, app: FastAPI, listening: socket.socket) -> None:
    """Serve until a signal comes; then no new request is taken, and those at work have some seconds to end."""
    gc.collect()
    gc.freeze()  # what is there now stays, and is not walked through again and again
    resources = Resources(settings)
    application = Front(app, resources, OPERATIONS)
    server = _Server(
        application,
        interface=Interfaces.RSGI,
        http=HTTPModes.auto,
        websockets=False,
        backlog=_BACKLOG,
        backpressure=_MOST_CONNECTIONS,
        log_enabled=False,
        http1_settings=HTTP1Settings(header_read_timeout=_HEADER_MILLISECONDS, max_buffer_size=_LONGEST_HEAD),
        http2_settings=HTTP2Settings(max_headers_size=_LONGEST_HEAD),
    )
    server.listening = listening
    serving = asyncio.create_task(server.serve())
    ending = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ending.set)
    try:
        await asyncio.wait((serving, asyncio.create_task(ending.wait())), return_when=asyncio.FIRST_COMPLETED)
        resources.is_ending = True
        server.stop()  # type: ignore[no-untyped-call]
        await asyncio.wait((serving,), timeout=_ENDING_SECONDS)
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().remove_signal_handler(number)
            signal.signal(number, signal.SIG_IGN)  # it ends already
        await resources.close()


def _bound(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except (OSError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or "no such host"
        way_out = "choose another, by --host and --port, or DISTRICTGRAPH_HOST and DISTRICTGRAPH_PORT"
        message = f"cannot serve on {host} port {port} ({why}); {way_out}"
        raise ServiceError(message) from error
