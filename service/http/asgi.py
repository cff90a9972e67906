"""Has an ASGI application reply: the REST routes and the pages, which the web framework serves."""

import string
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import quote

from starlette.types import ASGIApp

from service.http.exchange import Reply, Request

_MAX_BODY_BYTES = 1_000_000


async def reply_of(app: ASGIApp, request: Request, state: dict[str, Any]) -> Reply:
    """Return what `app` replies; `state` is what it finds in the state of the request. Raises RequestError."""
    body = b"" if request.method in ("GET", "HEAD") else await request.body(_MAX_BODY_BYTES)
    reply, content = Reply(500), bytearray()
    events = iter(({"type": "http.request", "body": body, "more_body": False},))

    async def receive() -> MutableMapping[str, Any]:
        if (event := next(events, None)) is not None:
            return event
        await request.gone()
        return {"type": "http.disconnect"}

    async def send(event: MutableMapping[str, Any]) -> None:
        if event["type"] == "http.response.start":
            reply.status = event["status"]
            reply.headers = [(k.decode("latin-1").lower(), v.decode("latin-1")) for k, v in event["headers"]]
        else:
            content.extend(event.get("body", b""))

    await app(_scope(request, state), receive, send)
    reply.body = bytes(content)
    return reply


def _scope(request: Request, state: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET" if request.method == "HEAD" else request.method,
        "scheme": request.scheme,
        "path": request.path,
        "raw_path": quote(request.path).encode(),
        "query_string": quote(request.query_string, safe=string.printable).encode(),  # as some clients do not
        "root_path": "",
        "headers": [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in request.headers()],
        "client": (request.address, 0),
        "server": None,
        "state": state,
    }
