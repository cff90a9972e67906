"""The SPARQL 1.1 Protocol's query operation, as a plain route outside FastAPI's."""

import asyncio
import hashlib
import re
from collections.abc import Coroutine
from typing import Any, TypeVar
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response

from service.engine import Answer, Engine
from service.errors import ClientGoneError, MediaTypeError, QueryRefusedError, TooLargeError
from service.evaluation import Job
from service.negotiation import content_type, media_type_for
from service.query_form import MAX_QUERY_BYTES, form_of

T = TypeVar("T")

RELEASE_HEADER = "DistrictGraph-Release"
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]*")


async def sparql(request: Request) -> Response:
    """Answer GET with `?query=`, POST of a form, and POST of `application/sparql-query`."""
    engine: Engine = request.app.state.engine
    query, parameters = await _query(request)
    form = form_of(query)
    media_type = media_type_for(form, ",".join(request.headers.getlist("accept")))
    default_graphs, named_graphs = _graphs(parameters, "default-graph-uri"), _graphs(parameters, "named-graph-uri")
    job = Job(query, media_type, default_graphs, named_graphs)
    key = f"{default_graphs}\n{named_graphs}\n{query}"
    tag = entity_tag(engine.release().id, media_type, key)
    if request.method in ("GET", "HEAD") and is_known(request, tag):
        return Response(status_code=304, headers={"ETag": tag, "Vary": "Accept"})
    return answered(await unless_gone(request, engine.answer(job)), media_type, key)


def answered(answer: Answer, media_type: str, key: str) -> Response:
    """Return an answer with its type, its release and its entity tag; `key` is what was asked."""
    headers = {
        "Content-Type": content_type(media_type),
        "ETag": entity_tag(answer.release, media_type, key),
        "Vary": "Accept",
        RELEASE_HEADER: answer.release,
    }
    return Response(answer.content, headers=headers)


async def unless_gone(request: Request, answering: Coroutine[Any, Any, T]) -> T:
    """Return what `answering` returns, and end it when the client goes away first. Raises ClientGoneError."""
    answer, gone = asyncio.ensure_future(answering), asyncio.ensure_future(_disconnected(request))
    try:
        await asyncio.wait({answer, gone}, return_when=asyncio.FIRST_COMPLETED)
        if answer.done():
            return answer.result()
        raise ClientGoneError("the client went away")
    finally:
        for task in (answer, gone):
            task.cancel()
        await asyncio.wait({answer, gone})


def entity_tag(release: str, media_type: str, key: str) -> str:
    """Return the ETag of the answer as `media_type` from `release` to what `key` asks: it cannot change."""
    digest = hashlib.sha256(f"{media_type}\n{key}".encode()).hexdigest()[:16]
    return f'"{release}-{digest}"'


def is_known(request: Request, tag: str) -> bool:
    """Tell whether the client has the answer with this entity tag already (RFC 9110, section 13.1.2)."""
    given = request.headers.get("if-none-match", "")
    return tag in (candidate.strip().removeprefix("W/") for candidate in given.split(","))


Parameters = dict[str, list[str]]


async def _query(request: Request) -> tuple[str, Parameters]:
    """Return the query and the other parameters of the request (SPARQL 1.1 Protocol, section 2.1)."""
    if request.method in ("GET", "HEAD"):
        parameters = _form(request.scope["query_string"])
        return _only(parameters), parameters
    type_ = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if type_ == "application/x-www-form-urlencoded":
        parameters = _form(await _body(request))
        return _only(parameters), parameters
    if type_ == "application/sparql-query":
        return _decode(await _body(request)), _form(request.scope["query_string"])
    raise MediaTypeError("POST a query as application/sparql-query or application/x-www-form-urlencoded")


def _graphs(parameters: Parameters, name: str) -> tuple[str, ...] | None:
    graphs = parameters.get(name)
    for graph in graphs or ():
        if not _IRI.fullmatch(graph):
            raise QueryRefusedError(f"{name} wants an absolute IRI, not {graph[:200]!r}")
    return None if graphs is None else tuple(graphs)


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_QUERY_BYTES:
            raise TooLargeError(f"a query may have {MAX_QUERY_BYTES} bytes")
    return body


def _form(encoded: bytes) -> Parameters:
    try:
        return parse_qs(encoded.decode("ascii"), keep_blank_values=True, errors="strict")
    except ValueError as error:
        raise QueryRefusedError("the parameters are not percent-encoded UTF-8") from error


def _only(parameters: Parameters) -> str:
    queries = parameters.get("query", [])
    if len(queries) != 1:
        raise QueryRefusedError(f"give exactly one 'query' parameter, not {len(queries)}")
    return queries[0]


def _decode(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise QueryRefusedError("the query is not UTF-8") from error
