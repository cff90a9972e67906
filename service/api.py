"""The REST routes beside all others: where things are, what the release holds, and health."""

import json
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from loaders.errors import ReleaseError
from service.errors import EngineError
from service.http.answers import Validator, reader_of, resources_of
from service.http.metrics import MEDIA_TYPE
from service.http.parameters import takes
from service.http.validators import RELEASE_HEADER
from service.problem_types import NOT_READY
from service.problems import problem
from service.sparql.negotiation import choose
from service.sparql.openapi import problems
from service.statistics import statistics

_JSON = "application/json"

router = APIRouter(responses=problems(400, 401, 404, 405, 406, 414, 429, 503))


@router.get("/", summary="Where things are", tags=["service"], operation_id="get_index")
async def index(request: Request) -> dict[str, Any]:
    """Return the release that is served and the paths to go on with."""
    release = await reader_of(request).release()
    return {
        "name": "districtgraph",
        "release": release.id,
        "sparql": "/sparql",
        "queries": "/api/queries",
        "ontology": "/ontology",
        "search": "/api/search",
        "releases": "/api/releases",
        "prefixes": "/api/prefixes",
        "void": "/.well-known/void",
        "statistics": "/api/stats",
        "openapi": "/api/openapi.json",
        "documentation": "/api/docs",
        "health": "/health/ready",
    }


@router.get(
    "/api/stats",
    summary="What the release holds",
    tags=["service"],
    operation_id="get_statistics",
    dependencies=[takes()],
)
async def count(request: Request) -> Response:
    """Return the facts by source, the things by class, the claims by modality, and how much evidence was verified."""
    validator = Validator(request, choose(",".join(request.headers.getlist("accept")), (_JSON,)))
    if known := await validator.known():
        return known
    counted = await statistics(reader_of(request), await resources_of(request).queries.current())
    return validator.answer(json.dumps(counted.document()).encode(), counted.version, counted.release, {})


@router.get("/health/live", summary="Is the process up?", tags=["health"], operation_id="get_liveness")
async def live() -> dict[str, str]:
    """Answer as long as the process runs."""
    return {"status": "live"}


@router.get("/health/ready", summary="Can it answer queries?", tags=["health"], operation_id="get_readiness")
async def ready(request: Request) -> Response:
    """Answer 200 when the current release is loaded and workers can be had, and 503 otherwise."""
    try:
        if request.state.resources.is_ending:
            raise EngineError("the service is ending")
        release = reader_of(request).engine.ready()
    except (ReleaseError, EngineError):
        return problem(NOT_READY)
    return JSONResponse({"status": "ready", "release": release}, headers={RELEASE_HEADER: release})


@router.get(
    "/metrics",
    summary="Counts for Prometheus",
    tags=["health"],
    operation_id="get_metrics",
    response_class=PlainTextResponse,
    responses={200: {"content": {"text/plain": {}}}},
)
async def metrics(request: Request) -> Response:
    """Return what was asked, how it came out and how long it took, and what is going on now."""
    return Response(request.state.resources.metrics.text(), headers={"Content-Type": MEDIA_TYPE})
