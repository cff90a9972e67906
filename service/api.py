"""The REST routes: the named queries, the release that they are answered from, and health."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from loaders.errors import ReleaseError
from ontology.iris import RELEASE
from queries.errors import ParameterError
from queries.named_query import NamedQuery, query_named
from service.engine import Engine
from service.errors import EngineError
from service.negotiation import SOLUTIONS, choose
from service.problems import problem
from service.questions import SOLUTIONS_JSON, ask
from service.sparql import RELEASE_HEADER, answered, entity_tag, is_known
from service.tables import Table

router = APIRouter()

_OFFERED = (
    "application/json",
    *(type_ for type_ in SOLUTIONS if type_ != "application/json"),
    "text/markdown",
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
    offered = choose(request.headers.get("accept"), _OFFERED)
    key = f"{name}?{sorted(values.items())}\n{query.text}"
    tag = entity_tag(engine.release().id, offered, key)
    if is_known(request, tag):
        return Response(status_code=304, headers={"ETag": tag, "Vary": "Accept"})
    media_type = SOLUTIONS.get(offered, SOLUTIONS_JSON)
    answer = await ask(engine, query, values, media_type)
    if offered not in ("application/json", "text/markdown"):
        return answered(answer, media_type, key)
    table = Table.parse(answer.content)
    headers = {"ETag": tag, "Vary": "Accept", RELEASE_HEADER: answer.release}
    if offered == "text/markdown":
        return Response(table.markdown(), headers=headers, media_type="text/markdown; charset=utf-8")
    return JSONResponse(answer_document(query, values, answer.release, table), headers=headers)


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
        answer = await _engine(request).answer("ASK {}", SOLUTIONS_JSON)
    except (ReleaseError, EngineError):
        return problem(503, "not-ready", "The service cannot answer queries", None)
    return JSONResponse({"status": "ready", "release": answer.release}, headers={RELEASE_HEADER: answer.release})


def answer_document(query: NamedQuery, values: dict[str, str], release: str, table: Table) -> dict[str, Any]:
    """Return the answer to a named query as REST and the command line show it in JSON."""
    return {
        "query": query.name,
        "summary": query.summary,
        "parameters": values,
        "release": RELEASE + release,
        "columns": list(table.shown),
        "rows": table.documents(),
    }


def _described(query: NamedQuery) -> dict[str, Any]:
    parameters = [
        {"name": p.name, "type": p.type, "summary": p.summary, "example": p.example} for p in query.parameters.values()
    ]
    return {
        "name": query.name,
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
