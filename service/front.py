"""The application that the server runs: SPARQL is answered at once, everything else by the web framework."""

import logging
import re
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from itertools import count

from starlette.types import ASGIApp

from loaders.errors import ReleaseError
from service.errors import ServiceError
from service.http import asgi
from service.http.access import Client
from service.http.cross_origin import ALLOWED, is_preflight, preflight
from service.http.exchange import HTTPProtocol, ProtocolClosed, Reply, Request, Scope
from service.http.recent import Recent
from service.http.sending import send
from service.log import is_logged, log, log_failure
from service.problems import as_wanted, nothing_at, problem_reply, refusal
from service.resources import Resources

_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_LONGEST_QUERY_STRING = 60_000
_PROBLEM = "application/problem+json"
_AREAS = frozenset({"", "api", "health", "id", "metrics", "ontology", "page", "problem", "static"})


@dataclass(frozen=True)
class Operation:
    """What is done outside the framework at a path, for which methods, and whether at the paths below it too."""

    name: str
    methods: tuple[str, ...]
    run: Callable[[Request, Client, Resources], Awaitable[Reply]]
    is_below: bool = False

    def is_at(self, path: str) -> bool:
        """Tell whether `path`, which begins with its own, leads to it."""
        return self.is_below or path.rstrip("/").count("/") == 1


class Front:
    """Answers requests: at the paths of `operations` by these, at all others by `app`."""

    def __init__(self, app: ASGIApp, resources: Resources, operations: Mapping[str, Operation]) -> None:
        self._app = app
        self._resources = resources
        self._operations = operations
        self._started = secrets.token_hex(4)
        self._numbers = count()
        self._recent = Recent()
        # Where every request is logged, every request is read.
        self._is_quiet = not is_logged(logging.INFO)

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        """Answer a request."""
        if self._is_quiet and (known := self._recent.find(scope, self._resources.engine.version)):
            headers, body, form = known
            protocol.response_bytes(200, headers, body)
            self._resources.metrics.request("query", 200)
            self._resources.metrics.query(form, "cached")
            return
        began = time.monotonic()
        request = Request(scope, protocol)
        given = request.header("x-request-id")
        request.id = given if _REQUEST_ID.fullmatch(given) else f"{self._started}-{next(self._numbers)}"
        operation = self._operations.get(f"/{_first_part(request.path)}")
        if operation and not operation.is_at(request.path):
            operation = None
        try:
            reply = await self._reply(request, operation)
            headers = [*reply.headers, *ALLOWED]
            sent = replace(reply, headers=[*headers, ("x-request-id", request.id)])
            await send(protocol, sent, with_body=request.method != "HEAD")
            if reply.is_known:
                self._recent.remember(scope, reply, headers)
        except ProtocolClosed:
            reply = Reply(499)
        self._resources.metrics.request(operation.name if operation else _area(request.path), reply.status)
        if reply.status >= 500 or is_logged(logging.INFO):
            _log(request, reply, time.monotonic() - began)

    async def _reply(self, request: Request, operation: Operation | None) -> Reply:
        """Return the reply to a request, whatever goes wrong."""
        try:
            if is_preflight(request):
                return preflight(request)
            if len(request.query_string) > _LONGEST_QUERY_STRING:
                long = f"an address may have {_LONGEST_QUERY_STRING} characters; POST what is longer"
                return as_wanted(request.header("accept"), refusal(414, long))
            access = self._resources.access
            request.address = access.address_of(request.address, request.header("x-forwarded-for"))
            client = access.client_of(request.header("authorization"), request.address)
            if operation is None:
                return await self._framework(request, client)
            if request.method not in operation.methods:
                return _not_allowed(request, ", ".join((*operation.methods, "OPTIONS")))
            return await operation.run(request, client, self._resources)
        except (ServiceError, ReleaseError) as error:
            return problem_reply(error, request.header("accept"))
        except Exception as error:  # noqa: BLE001 - the last place where a request can still be answered
            log_failure("unexpected", error, request=request.id, path=request.path[:500])
            return problem_reply(error, request.header("accept"))

    async def _framework(self, request: Request, client: Client) -> Reply:
        if _is_data(request.path):
            self._resources.access.require_reader(client)
        if request.path.endswith("\n"):  # the framework takes what is before it for the whole path
            return as_wanted(request.header("accept"), refusal(404, nothing_at(request.path)))
        state = {"reader": self._resources.reader(request, client), "resources": self._resources}
        reply = await asgi.reply_of(self._app, request, state)
        if reply.status == 405:
            allowed = (reply.header("allow") or "GET").split(", ")
            return _not_allowed(request, ", ".join(dict.fromkeys((*allowed, "HEAD", "OPTIONS"))))
        if reply.status >= 400 and reply.header("content-type") == _PROBLEM:
            return as_wanted(request.header("accept"), reply)
        return reply


def _not_allowed(request: Request, allow: str) -> Reply:
    """Tell the methods of a path: who asks by OPTIONS gets just that."""
    if request.method == "OPTIONS":
        return Reply(204, [("allow", allow)])
    reply = as_wanted(
        request.header("accept"), refusal(405, f"{request.method[:20]} is not for this path, which takes {allow}")
    )
    return Reply(405, [*reply.headers, ("allow", allow)], reply.body)


def _is_data(path: str) -> bool:
    """Tell whether a path leads to what is in the graphs, rather than to the service itself."""
    return not path.startswith(("/health/", "/metrics", "/static/"))


def _first_part(path: str) -> str:
    """Return the first part of a path; `*` (RFC 9110, section 7.1) has none."""
    return path.removeprefix("/").partition("/")[0]


def _area(path: str) -> str:
    """Return the first part of a path, where it is one of ours: metrics must not have a series for each guess."""
    first = _first_part(path)
    return first if first in _AREAS else "other"


def _log(request: Request, reply: Reply, seconds: float) -> None:
    log(
        logging.WARNING if reply.status >= 500 else logging.INFO,
        "request",
        request=request.id,
        client=request.address,
        method=request.method,
        path=request.path[:500],
        status=reply.status,
        bytes=reply.length,
        seconds=round(seconds, 4),
    )
