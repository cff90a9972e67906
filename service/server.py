"""Serves the application with uvicorn, on a socket that is bound before anything else is promised."""

import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress

import uvicorn

from loaders.release import Releases
from service.app import create_app
from service.errors import ServiceError
from service.settings import Settings


def serve(settings: Settings, ready: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM; `ready` is told the address.

    Raises ReleaseError where there is no release, QueryFileError, or ServiceError where the port is taken.
    """
    Releases(settings.state).require_current()
    app = create_app(settings)
    with _bound(settings.host, settings.port) as listening:
        host, port = listening.getsockname()[:2]
        ready(f"http://{f'[{host}]' if ':' in host else host}:{port}/")
        config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=5)
        # uvicorn raises the signal again once it has shut down; that is a clean end too
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listening])


def _bound(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family)
    except (OSError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or "no such host"
        way_out = "choose another, by --host and --port, or DISTRICTGRAPH_HOST and DISTRICTGRAPH_PORT"
        message = f"cannot serve on {host} port {port} ({why}); {way_out}"
        raise ServiceError(message) from error
