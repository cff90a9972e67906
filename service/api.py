"""The REST routes: the named queries, the release that they are answered from, and health."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from loaders.errors import ReleaseError
from queries.errors import ParameterError
from queries.named_query import NamedQuery, query_named
from service.engine import Engine
from service.errors import EngineError
from service.evaluation import Job
from service.negotiation import choose, content_type
from service.problems import problem
from service.questions import SOLUTIONS_JSON, answer_document, ask
from service.sparql import RELEASE_HEADER, answered, entity_tag, is_known, unless_gone
from service.statistics import statistics
from service.tables import Table

router = APIRouter()

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
    release = _engine(request).release()
    return {
        "name": "districtgraph",
        "release": release.id,
        "sparql": "/sparql",
        "queries": "/api/queries",
        "ontology": "/ontology",
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
    engine, query = _engine(request), query_named(request.app.state.queries, name)
    values = _values(request)
    sent = choose(",".join(request.headers.getlist("accept")), _OFFERED)
    key = f"{sorted(values.items())}\n{query.text}"
    if is_known(request, tag := entity_tag(engine.release().id, sent, key)):
        return Response(status_code=304, headers={"ETag": tag, "Vary": "Accept"})
    if sent not in ("application/json", "text/markdown"):
        return answered(await unless_gone(request, ask(engine, query, values, sent)), sent, key)
    answer = await unless_gone(request, ask(engine, query, values, SOLUTIONS_JSON))
    table = Table.parse(answer.content)
    headers = {"ETag": entity_tag(answer.release, sent, key), "Vary": "Accept", RELEASE_HEADER: answer.release}
    if sent == "text/markdown":
        return Response(table.markdown(), headers=headers, media_type=content_type(sent))
    return JSONResponse(answer_document(query, values, answer.release, table), headers=headers)


@router.get("/api/stats", summary="What the release holds", tags=["service"])
async def count(request: Request) -> Response:
    """Return the facts by source, the things by class, the claims by modality, and how much evidence was verified."""
    counted = await unless_gone(request, statistics(_engine(request), request.app.state.queries))
    return JSONResponse(counted.document(), headers={RELEASE_HEADER: counted.release})


@router.get("/api/releases/current", summary="The release that is served", tags=["service"])
async def current_release(request: Request) -> Response:
    """Return the manifest of the current release: its sources, counts, checks and versions."""
    release = _engine(request).release()
    return JSONResponse(release.manifest(), headers={RELEASE_HEADER: release.id})


@router.get("/health/live", summary="Is the process up?", tags=["health"])
async def live() -> dict[str, str]:
    """Answer as long as the process runs."""
    return {"status": "live"}


@router.get("/health/ready", summary="Can it answer queries?", tags=["health"])
async def ready(request: Request) -> Response:
    """Answer 200 when a worker answers a query on the current release, and 503 otherwise."""
    try:
        answer = await _engine(request).answer(Job("ASK {}", SOLUTIONS_JSON))
    except (ReleaseError, EngineError):
        return problem(503, "not-ready", "The service cannot answer queries", None)
    return JSONResponse({"status": "ready", "release": answer.release}, headers={RELEASE_HEADER: answer.release})


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


def _engine(request: Request) -> Engine:
    engine: Engine = request.app.state.engine
    return engine
