"""The REST routes: the named queries, what the release that they are answered from holds, and health."""

import hashlib
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from loaders.errors import ReleaseError
from queries.errors import ParameterError
from queries.named_query import NamedQuery, query_named
from service.errors import EngineError
from service.http.metrics import MEDIA_TYPE
from service.http.validators import RELEASE_HEADER, entity_tag, is_known
from service.problems import problem
from service.questions import SOLUTIONS_JSON, answer_document, ask
from service.reader import Reader
from service.sparql.negotiation import choose, content_type
from service.sparql.openapi import problems
from service.statistics import statistics
from service.tables import Table

router = APIRouter(responses=problems(400, 401, 404, 405, 406, 414, 429, 503))

# First the default. A browser, which likes any XML better than the rest, gets the default too.
_OFFERED = (
    "application/json",
    "text/csv",
    "text/tab-separated-values",
    "text/markdown",
    "application/sparql-results+json",
    "application/sparql-results+xml",
)


@router.get("/", summary="Where things are", tags=["service"])
async def index(request: Request) -> dict[str, Any]:
    """Return the release that is served and the paths to go on with."""
    release = await _reader(request).release()
    return {
        "name": "districtgraph",
        "release": release.id,
        "sparql": "/sparql",
        "queries": "/api/queries",
        "ontology": "/ontology",
        "releases": "/api/releases",
        "prefixes": "/api/prefixes",
        "void": "/.well-known/void",
        "statistics": "/api/stats",
        "openapi": "/api/openapi.json",
        "health": "/health/ready",
    }


@router.get("/api/queries", summary="The named queries", tags=["queries"])
async def list_queries(request: Request) -> dict[str, Any]:
    """Return every named query with its summary and its parameters."""
    return {"queries": [_described(query) for query in request.app.state.queries.values()]}


@router.get(
    "/api/queries/{name}",
    summary="The answer to a named query",
    tags=["queries"],
    responses={200: {"content": {type_: {} for type_ in _OFFERED}}},
)
async def answer_query(name: str, request: Request) -> Response:
    """Return the answer; the query's own parameters go into the query string."""
    reader, query = _reader(request), query_named(request.app.state.queries, name)
    values = _values(request)
    sent = choose(",".join(request.headers.getlist("accept")), _OFFERED)
    digest = hashlib.sha256(f"{sent}\n{sorted(values.items())}\n{query.text}".encode()).hexdigest()[:16]
    headers = {"ETag": entity_tag(await reader.version(), reader.view, digest), "Vary": "Accept, Authorization"}
    if is_known(request.headers.get("if-none-match", ""), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    is_table = sent in ("application/json", "text/markdown")
    answer = await ask(reader, query, values, SOLUTIONS_JSON if is_table else sent)
    headers |= {"ETag": entity_tag(answer.version, reader.view, digest), RELEASE_HEADER: answer.release}
    if not is_table:
        return Response(answer.content, headers=headers, media_type=content_type(sent))
    table = Table.parse(answer.content)
    if sent == "text/markdown":
        return Response(table.markdown(), headers=headers, media_type=content_type(sent))
    return JSONResponse(answer_document(query, values, answer.release, table), headers=headers)


@router.get("/api/stats", summary="What the release holds", tags=["service"])
async def count(request: Request) -> Response:
    """Return the facts by source, the things by class, the claims by modality, and how much evidence was verified."""
    counted = await statistics(_reader(request), request.app.state.queries)
    return JSONResponse(counted.document(), headers={RELEASE_HEADER: counted.release})


@router.get("/health/live", summary="Is the process up?", tags=["health"])
async def live() -> dict[str, str]:
    """Answer as long as the process runs."""
    return {"status": "live"}


@router.get("/health/ready", summary="Can it answer queries?", tags=["health"])
async def ready(request: Request) -> Response:
    """Answer 200 when the current release is loaded and workers can be had, and 503 otherwise."""
    try:
        if request.state.resources.is_ending:
            raise EngineError("the service is ending")
        release = _reader(request).engine.ready()
    except (ReleaseError, EngineError):
        return problem(503, "not-ready", "The service cannot answer queries", None)
    return JSONResponse({"status": "ready", "release": release}, headers={RELEASE_HEADER: release})


@router.get(
    "/metrics",
    summary="Counts for Prometheus",
    tags=["health"],
    response_class=PlainTextResponse,
    responses={200: {"content": {"text/plain": {}}}},
)
async def metrics(request: Request) -> Response:
    """Return what was asked, how it came out and how long it took, and what is going on now."""
    return Response(request.state.resources.metrics.text(), headers={"Content-Type": MEDIA_TYPE})


def _described(query: NamedQuery) -> dict[str, Any]:
    parameters = [
        {"name": p.name, "type": p.type, "summary": p.summary, "example": p.example} for p in query.parameters.values()
    ]
    return {
        "name": query.name,
        "group": query.group,
        "summary": query.summary,
        "parameters": parameters,
        "sparql": query.sparql({}),
        "href": f"/api/queries/{query.name}",
    }


def _values(request: Request) -> dict[str, str]:
    values: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name in values:
            raise ParameterError(f"the parameter {name!r} is given twice")
        values[name] = value
    return values


def _reader(request: Request) -> Reader:
    reader: Reader = request.state.reader
    return reader
