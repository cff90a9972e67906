"""Answers every error of every floor with a problem document (RFC 9457)."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from queries.errors import ParameterError
from service import errors
from service.http.exchange import Reply
from service.problem_types import ROUTING, ProblemType, type_of
from service.store.html import HTML
from service.templating import PAGE_POLICY, template

_PROBLEM = "application/problem+json"
_FORMATS = (_PROBLEM, "application/json", "text/plain", HTML)
_LONGEST_ACCEPT = 8_000
_RETRY = {"busy": "5", "no-release": "30"}
# Messages of these may name folders of the server.
_UNTOLD = {"journal", "tokens", "no-release", "loader", "ontology", "query", "internal"}


def problem(
    type_: ProblemType,
    detail: str | None = None,
    status: int | None = None,
    members: Mapping[str, object] | None = None,
) -> Response:
    """Return a problem document as the answer to a request; `members` are those that only this type has.

    A type without a status is that of HTTP, whose titles are the phrases of the statuses.
    """
    own = status or type_.status or 500
    title = type_.title if type_.status else HTTPStatus(own).phrase
    document = {"type": type_.iri, "title": title, "status": own, "detail": detail or type_.advice}
    headers = {"Retry-After": _RETRY[type_.name]} if type_.name in _RETRY else {}
    if own == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(document | dict(members or {}), own, headers, media_type=_PROBLEM)


def problem_of(error: Exception) -> Response:
    """Return the problem document for an error of any floor."""
    type_, members = type_of(error), {}
    if isinstance(error, errors.QuerySyntaxError) and error.line is not None:
        members = {"line": error.line, "column": error.column}
    response = problem(type_, None if type_.name in _UNTOLD else str(error), members=members)
    if isinstance(error, errors.RateError):
        response.headers["Retry-After"] = str(error.seconds)
    if isinstance(error, errors.RangeError):
        response.headers["Content-Range"] = f"bytes */{error.size}"
    return response


def problem_reply(error: Exception, accept: str) -> Reply:
    """Return the same as a reply outside the web framework: JSON, or text for who wants that."""
    response = problem_of(error)
    return as_wanted(accept, Reply(response.status_code, list(response.headers.items()), bytes(response.body)))


def as_wanted(accept: str, reply: Reply) -> Reply:
    """Return a problem document as text or as a page where the client prefers that."""
    wanted = _best_format(accept)
    if wanted not in ("text/plain", HTML):
        return reply
    document = json.loads(reply.body)
    headers = [(name, value) for name, value in reply.headers if name not in ("content-type", "content-length")]
    headers += [("content-type", f"{wanted}; charset=utf-8"), ("vary", "Accept")]
    if wanted == HTML:
        headers.append(("content-security-policy", PAGE_POLICY))
        return Reply(reply.status, headers, template("problem.html").render(problem=document).encode())
    body = f"{document['title']}\n{document.get('detail', '')}".strip().encode() + b"\n"
    return Reply(reply.status, headers, body)


def wants_page(accept: str) -> bool:
    """Tell whether a client would rather have a problem on a page, as a browser would."""
    return _best_format(accept) == HTML


def _best_format(accept: str) -> str | None:
    return parse_accept_header(accept[:_LONGEST_ACCEPT], MIMEAccept).best_match(_FORMATS)


def refusal(status: int, detail: str) -> Reply:
    """Return the problem document for what the routing refuses; `detail` says what to do."""
    response = problem(ROUTING, detail, status)
    return Reply(status, list(response.headers.items()), bytes(response.body))


def nothing_at(path: str) -> str:
    """Tell that there is nothing at a path, and where to look."""
    return f"nothing answers at {path[:200]}; /api/docs lists what does, and / leads on"


async def on_error(request: Request, error: Exception) -> Response:
    """Answer an error of any floor."""
    return problem_of(error)


async def on_invalid(request: Request, error: Exception) -> Response:
    """Answer parameters that are not of the type, or not within the bounds, that OpenAPI tells of."""
    assert isinstance(error, RequestValidationError)
    return problem_of(ParameterError("; ".join(map(_told, error.errors()))))


def _told(found: Mapping[str, Any]) -> str:
    name = found["loc"][-1]
    if found["type"] == "missing":
        return f"the parameter {name!r} is missing"
    return f"{name!r}: {found['msg']}, not {str(found['input'])[:100]!r}"


async def on_http_error(request: Request, error: Exception) -> Response:
    """Answer what the routing refuses: an unknown path, or a method that a path does not have."""
    assert isinstance(error, HTTPException)
    is_plain = error.detail == HTTPStatus(error.status_code).phrase
    told = nothing_at(request.url.path) if is_plain else error.detail
    response = problem(ROUTING, told, error.status_code)
    response.headers.update(error.headers or {})
    return response
